"""Hydration: the words of evidence put back from the reader's own copies of the documents.

Releases have the offsets of evidence, never the text itself. A copy is recognised by its SHA-256, whatever its
name, so the offsets hold for exactly these bytes.
"""

from __future__ import annotations

import hashlib
import os
import warnings
from bisect import bisect_left
from contextlib import suppress
from pathlib import Path

import polars as pl

from standoff.findings import StandoffError
from standoff.loaders.frames import load
from standoff.loaders.store import Source
from standoff.model.spans import Span, sentence_at

EVIDENCE = ("evidence_start", "evidence_end")
MARK = ("mark_start", "mark_end")
SPANS = (("span_start", "span_end"), ("start", "end"))
"""The columns of a row's own words: since release 2.0, and before."""


class NotHydrated(StandoffError):
    """The frame has no offsets of its evidence, or the offsets do not fit these documents."""


class DocumentsMissing(UserWarning):
    """Some documents were not found among the reader's copies; the evidence of their rows is null."""


class IdsUnknown(UserWarning):
    """The release has no such event or document; the evidence of these rows is null."""


def hydrate(
    frame: pl.DataFrame | pl.LazyFrame | str,
    documents: str | os.PathLike[str],
    version: str | None = None,
    *,
    source: Source | None = None,
) -> pl.DataFrame:
    """Return the frame, or the table of this name, with columns `evidence` (the words) and `sentence` (those around them).

    Rows are hydrated by the first of these that they have: `span_start` and `span_end` (participants, mentions,
    locations, links, sentences; `start` and `end` in releases 1.x), `evidence_start` and `evidence_end`, `trigger_start` and
    `trigger_end`, or `event_id`, with the evidence of the event. Rows with `mark_start` and `mark_end` (negatives) get a
    column `mark` too. If a document is missing, these columns are null.

    Args:
        frame: A polars frame, or the name of a table.
        documents: The folder with your copies of the documents. Its subfolders are searched too. A copy is known by its
            SHA-256, so its name does not matter.
        version: The release that the offsets belong to. By default the newest that was cut and is here.
        source: Another place, as for `load`.

    Warns:
        DocumentsMissing: Some documents are not in the folder. The warning names them.
        IdsUnknown: The release does not have some of the ids.

    Raises:
        NotHydrated: The frame does not say where its evidence is, or the offsets do not fit the documents.

    Examples:
        >>> import standoff
        >>> words = standoff.hydrate("events", "my-copies", "1.0.0")
        >>> words.columns[-2:]
        ['evidence', 'sentence']
    """
    if isinstance(frame, str):
        frame = load(frame, version, source=source)
    elif isinstance(frame, pl.LazyFrame):
        frame = frame.collect()
    elif not isinstance(frame, pl.DataFrame):
        raise NotHydrated(
            f"hydrate takes the name of a table or a polars frame, not a {type(frame).__name__}; "
            "polars.from_pandas and polars.from_arrow turn other frames into one"
        )
    rows = _with_spans(frame, version, source)
    known = load("documents", version, source=source)
    needed = known.join(rows.select("document_id").unique(), on="document_id", how="semi")
    _name_unknown(frame, rows, known)
    texts = find_texts(needed, Path(documents))
    absent = needed.filter(~pl.col("document_id").is_in(list(texts)))
    if absent.height:
        other = _other_line_ends(absent, Path(documents))
        lines = (
            f"\n  {key}  {title}{other.get(key, '')}"
            for key, title in absent.select("document_id", "title").iter_rows()
        )
        warnings.warn(
            f"{absent.height} of {needed.height} documents are not in {documents}; their evidence is null:{''.join(lines)}",
            DocumentsMissing,
            stacklevel=2,
        )
    cut = [_cut(texts, *row) for row in rows.iter_rows()]
    evidence, sentences = zip(*cut, strict=True) if cut else ((), ())
    hydrated = frame.with_columns(
        pl.Series("evidence", evidence, dtype=pl.String), pl.Series("sentence", sentences, dtype=pl.String)
    )
    if {"document_id", *MARK} <= set(frame.columns):
        marks = [_cut(texts, *row)[0] for row in frame.select("document_id", *MARK).iter_rows()]
        hydrated = hydrated.with_columns(pl.Series("mark", marks, dtype=pl.String))
    return hydrated


def _name_unknown(frame: pl.DataFrame, rows: pl.DataFrame, documents: pl.DataFrame) -> None:
    """Warn of the ids in the frame that the release does not have."""
    unknown = rows.filter(pl.col("document_id").is_not_null()).join(documents, on="document_id", how="anti")
    ids = unknown["document_id"].unique(maintain_order=True).to_list()
    if "event_id" in frame.columns and "document_id" not in frame.columns:
        without = frame["event_id"].filter(rows["document_id"].is_null()).drop_nulls()
        ids += without.unique(maintain_order=True).to_list()
    if ids:
        more = f" and {len(ids) - 10} more" if len(ids) > 10 else ""
        warnings.warn(
            f"the release does not have {', '.join(map(str, ids[:10]))}{more}; the evidence of these rows is null",
            IdsUnknown,
            stacklevel=3,
        )


def _other_line_ends(absent: pl.DataFrame, folder: Path) -> dict[str, str]:
    """Return a remark, by document id, on a file that is the document but for its line endings."""
    wanted = dict(absent.select("sha256", "document_id").iter_rows())
    largest = 5 * max(absent["characters"].to_list())
    remarks = {}
    for path in sorted(folder.rglob("*")):
        with suppress(OSError):
            if path.is_file() and path.stat().st_size <= largest:
                content = path.read_bytes()
                unix = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
                for ends, converted in (("LF", unix), ("CRLF", unix.replace(b"\n", b"\r\n"))):
                    key = wanted.get(hashlib.sha256(converted).hexdigest())
                    if key is not None:
                        name = path.relative_to(folder).as_posix()
                        remarks[key] = f" ({name} differs only in its line endings: convert them to {ends})"
    return remarks


def find_texts(documents: pl.DataFrame, folder: Path) -> dict[str, str]:
    """Return the texts, by document id, of those rows of `documents` of which the folder holds a copy."""
    return {document_id: text for document_id, (_, text) in find_copies(documents, folder).items()}


def _may_have(size: int, sizes: list[int]) -> bool:
    """Return whether a file of so many bytes may hold a text of one of these (sorted) numbers of code points."""
    at = bisect_left(sizes, (size + 3) // 4)
    return at < len(sizes) and sizes[at] <= size


def find_copies(documents: pl.DataFrame, folder: Path) -> dict[str, tuple[Path, str]]:
    """Return path and text, by document id, of those rows of `documents` of which the folder holds a copy."""
    if not folder.is_dir():
        raise NotHydrated(f"{folder} is not a folder")
    wanted: dict[str, list[str]] = {}  # older releases may hold one text under two ids
    for digest, document_id in documents.select("sha256", "document_id").iter_rows():
        wanted.setdefault(digest, []).append(document_id)
    # A code point takes one to four bytes: files of other sizes need not be read.
    sizes = documents["characters"].drop_nulls().sort().to_list()
    found: dict[str, tuple[Path, str]] = {}
    for path in sorted(folder.rglob("*")):
        if len(found) == documents.height:
            break
        with suppress(PermissionError):  # a file that the reader may not read is no copy of the reader's
            if path.is_file() and _may_have(path.stat().st_size, sizes):
                content = path.read_bytes()
                ids = wanted.get(hashlib.sha256(content).hexdigest(), ())
                found.update((document_id, (path, content.decode("utf-8"))) for document_id in ids)
    return found


def _with_spans(frame: pl.DataFrame, version: str | None, source: Source | None) -> pl.DataFrame:
    """Return document_id, start and end of the evidence for each row of the frame, in its order."""
    columns = set(frame.columns)
    spans = next((pair for pair in SPANS if columns >= {*pair}), EVIDENCE)
    missing = [name for name in ("document_id", *spans) if name not in columns]
    if missing:
        if "event_id" not in columns:
            raise NotHydrated(
                f"the frame has neither event_id nor {' and '.join(missing)}, so its evidence cannot be located"
            )
        events = load("events", version, source=source).select("event_id", *missing)
        frame = frame.select("event_id", *({"document_id", *spans} & columns)).join(
            events, on="event_id", how="left", maintain_order="left"
        )
    ends = [pl.col(name) for name in spans]
    if spans == EVIDENCE and {"trigger_start", "trigger_end"} <= columns:
        ends = [pl.coalesce(name, name.replace("evidence", "trigger")) for name in spans]
    return frame.select("document_id", start=ends[0], end=ends[1])


def _cut(
    texts: dict[str, str], document_id: str | None, start: int | None, end: int | None
) -> tuple[str | None, str | None]:
    """Return the words and the sentence around them; nothing where the document or the offsets are missing."""
    text = texts.get(document_id or "")
    if text is None or start is None or end is None:
        return None, None
    if not 0 <= start < end <= len(text):
        raise NotHydrated(
            f"{document_id} has no characters {start} to {end}: the offsets are not those of this document; "
            "was the frame made from another version?"
        )
    return text[start:end], sentence_at(text, Span(start, end)).of(text)
