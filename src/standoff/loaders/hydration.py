"""Hydration: the words of evidence put back from the reader's own copies of the documents.

Releases carry where evidence stands, never the text itself. A copy is recognised by its SHA-256, whatever its
name, so the offsets hold for exactly these bytes.
"""

from __future__ import annotations

import hashlib
import os
import warnings
from contextlib import suppress
from pathlib import Path

import polars as pl

from standoff.findings import StandoffError
from standoff.loaders.frames import load

EVIDENCE = ("evidence_start", "evidence_end")
MARK = ("mark_start", "mark_end")
SPANS = (("span_start", "span_end"), ("start", "end"))
"""The columns of a row's own words: since release 2.0, and before."""


class NotHydrated(StandoffError):
    """The frame does not say where its evidence stands, or the offsets are not those of these documents."""


class DocumentsMissing(UserWarning):
    """Some documents were not found among the reader's copies; the evidence of their rows is null."""


def hydrate(
    frame: pl.DataFrame | pl.LazyFrame | str,
    documents: str | os.PathLike[str],
    version: str | None = None,
) -> pl.DataFrame:
    """Return the frame, or the table of this name, with a column `evidence` that holds the words.

    `documents` is a folder with the reader's copies, searched with its subfolders. The words are those from
    `span_start` to `span_end` where the rows have these columns (participants, mentions, locations, links, sentences;
    `start` and `end` in releases 1.x), else those from `evidence_start` to `evidence_end`, else the evidence of the
    event in `event_id`. Rows with `mark_start` and `mark_end` (negatives) get a column `mark` too. Where a document
    is not there, the words are null and a DocumentsMissing warning lists it. Raises NotHydrated, or as `load` does.
    """
    if isinstance(frame, str):
        frame = load(frame, version)
    elif isinstance(frame, pl.LazyFrame):
        frame = frame.collect()
    elif not isinstance(frame, pl.DataFrame):
        raise NotHydrated(
            f"hydrate takes the name of a table or a polars frame, not a {type(frame).__name__}; "
            "polars.from_pandas and polars.from_arrow turn other frames into one"
        )
    rows = _with_spans(frame, version)
    needed = load("documents", version).join(
        rows.select("document_id").unique(), on="document_id", how="semi"
    )
    texts = find_texts(needed, Path(documents))
    absent = needed.filter(~pl.col("document_id").is_in(list(texts)))
    if absent.height:
        lines = (f"\n  {key}  {title}" for key, title in absent.select("document_id", "title").iter_rows())
        warnings.warn(
            f"{absent.height} of {needed.height} documents are not in {documents}; their evidence is null:{''.join(lines)}",
            DocumentsMissing,
            stacklevel=2,
        )
    evidence = [_cut(texts, *row) for row in rows.iter_rows()]
    hydrated = frame.with_columns(pl.Series("evidence", evidence, dtype=pl.String))
    if {"document_id", *MARK} <= set(frame.columns):
        marks = [_cut(texts, *row) for row in frame.select("document_id", *MARK).iter_rows()]
        hydrated = hydrated.with_columns(pl.Series("mark", marks, dtype=pl.String))
    return hydrated


def find_texts(documents: pl.DataFrame, folder: Path) -> dict[str, str]:
    """Return the texts, by document id, of those rows of `documents` of which the folder holds a copy."""
    if not folder.is_dir():
        raise NotHydrated(f"{folder} is no folder")
    wanted: dict[str, list[str]] = {}  # older releases may hold one text under two ids
    for digest, document_id in documents.select("sha256", "document_id").iter_rows():
        wanted.setdefault(digest, []).append(document_id)
    # A code point takes one to four bytes: files of other sizes need not be read.
    sizes = documents["characters"].to_list()
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        if len(found) == documents.height:
            break
        with suppress(PermissionError):  # a file that the reader may not read is no copy of the reader's
            if path.is_file() and any(size <= path.stat().st_size <= 4 * size for size in sizes):
                content = path.read_bytes()
                ids = wanted.get(hashlib.sha256(content).hexdigest(), ())
                found.update((document_id, content.decode("utf-8")) for document_id in ids)
    return found


def _with_spans(frame: pl.DataFrame, version: str | None) -> pl.DataFrame:
    """Return document_id, start and end of the evidence for each row of the frame, in its order."""
    columns = set(frame.columns)
    spans = next((pair for pair in SPANS if columns >= {*pair}), EVIDENCE)
    missing = [name for name in ("document_id", *spans) if name not in columns]
    if missing:
        if "event_id" not in columns:
            raise NotHydrated(
                f"the frame has neither event_id nor {' and '.join(missing)}: where its evidence stands is unknown"
            )
        events = load("events", version).select("event_id", *missing)
        frame = frame.select("event_id", *({"document_id", *spans} & columns)).join(
            events, on="event_id", how="left", maintain_order="left"
        )
    return frame.select("document_id", start=spans[0], end=spans[1])


def _cut(texts: dict[str, str], document_id: str | None, start: int | None, end: int | None) -> str | None:
    text = texts.get(document_id or "")
    if text is None or start is None or end is None:
        return None
    if not 0 <= start < end <= len(text):
        raise NotHydrated(
            f"{document_id} has no characters {start} to {end}: the offsets are not those of this document; "
            "was the frame made from another version?"
        )
    return text[start:end]
