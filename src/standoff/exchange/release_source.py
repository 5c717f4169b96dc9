"""The records of a release as what is exported, whatever its edition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from standoff.exchange import releases
from standoff.exchange.coded import Blocks, Coded, Row, Source, chosen_rows
from standoff.exchange.documents import Document
from standoff.findings import UsageError
from standoff.loaders import sources
from standoff.release.compile import OF_DOCUMENTS
from standoff.release.shares import BLOCK


def of(wanted: str | Path | None, copies: Path | None) -> Source:
    """Return a release, named by its version or folder; None: the newest at hand. UsageError if it has no tables."""
    if wanted is not None and Path(wanted).is_dir():
        folder = Path(wanted)
        name = folder.resolve().name
        frames = releases.frames(folder, sorted(folder.glob("*.parquet")))
    else:
        found = sources.find(None if wanted is None else str(wanted).removeprefix("v"))
        name = f"v{found.version}"
        frames = releases.frames(found.folder, [found.table(each) for each in found.tables])
    missing = {"documents", "events", "participants", "negatives", "actors", "actions"} - frames.keys()
    if missing:
        raise UsageError(f"{wanted} is not a release: it has no table {', '.join(sorted(missing))}")
    from standoff.loaders.hydration import find_texts

    texts = find_texts(frames["documents"], copies) if copies is not None else {}
    names = {table: _names(frames[table], table[:-1]) for table in ("actors", "places") if table in frames}
    documents = {row["document_id"]: row for row in frames["documents"].to_dicts()}
    parts = _Parts(frames)
    return Source(
        name=f"release {name}",
        document_ids=tuple(sorted(documents)),
        read=lambda key: parts.coded(documents[key], texts.get(key)),
        make_blocks=lambda: _blocks(frames, sorted(documents)),
        actions=tuple(frames["actions"].select("action", "label", "parent").to_dicts()),
        actors=names["actors"],
        places=names.get("places", {}),
        texts=str(copies or ""),
        without_text=frozenset(documents.keys() - texts.keys()),
    )


def _blocks(frames: Mapping[str, pl.DataFrame], document_ids: Sequence[str]) -> Blocks:
    """Return the tables of a release in blocks. Those about other things than documents are whole."""
    own = {name: frame for name, frame in frames.items() if name in OF_DOCUMENTS}
    others = {name: frame for name, frame in frames.items() if name not in own}
    starts = range(0, max(len(document_ids), 1), BLOCK)
    parts = [partial(chosen_rows, own, document_ids[start : start + BLOCK]) for start in starts]
    return Blocks(parts, lambda: others)


def _names(frame: pl.DataFrame, what: str) -> dict[str, str]:
    """Return the names of a registry's entries by id; the column is called `name` in releases of 1.x."""
    column = f"{what}_name" if f"{what}_name" in frame.columns else "name"
    return dict(frame.select(f"{what}_id", column).iter_rows())


class _Parts:
    """The tables of a release, cut by document. Records are made when a document is asked for."""

    def __init__(self, frames: Mapping[str, pl.DataFrame]) -> None:
        by_event = ("participants", "mentions", "links", "locations")
        document_of = frames["events"].select("event_id", "document_id")
        self._parts: dict[str, dict[Any, pl.DataFrame]] = {}
        for name in ("events", "negatives", *by_event):
            if name not in frames:
                continue
            frame = frames[name]
            if name in by_event and "document_id" not in frame.columns:
                frame = frame.join(document_of, on="event_id", how="left", maintain_order="left")
            parts = frame.partition_by("document_id", as_dict=True, maintain_order=True)
            self._parts[name] = {key[0]: part for key, part in parts.items()}

    def _rows(self, table: str, document_id: str) -> list[Row]:
        part = self._parts.get(table, {}).get(document_id)
        return [] if part is None else part.to_dicts()

    def coded(self, row: Row, text: str | None) -> Coded:
        """Return the records of the document that this row of `documents` describes."""
        document_id = row["document_id"]
        tables: defaultdict[str, list[Row]] = defaultdict(list)
        for name in ("events", "participants", "mentions", "links", "locations"):
            tables[name] = self._rows(name, document_id)
        document = Document(
            id=document_id,
            sha256=row["sha256"],
            text=text,
            url=row["url"],
            file=f"{document_id}.txt",
            published=releases.date(row["published"]),
            title=row["title"],
        )
        records = releases.events(tables, {} if text is None else {document_id: text})
        negatives = [releases.negative(each, text) for each in self._rows("negatives", document_id)]
        return Coded(document, records, negatives, row["language"])
