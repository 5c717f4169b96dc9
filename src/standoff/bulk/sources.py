"""A table file, and what is known of it before its rows are read."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from standoff.bulk.damage import AGAIN, Damage, damage, first_line
from standoff.bulk.records import Dialect, Records
from standoff.bulk.streams import Refused, open_text
from standoff.findings import Finding
from standoff.rules.context import Header
from standoff.rules.rule import Fault, Rule, finding_of
from standoff.tables.profiles import Profile, Quoting

PART = 1 << 32
"""Rows of a file are numbered below this; the number of the file, times this, is added (`plan.ROW`)."""
HEADER_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Given:
    """A file of a request on this machine: its path, and its size and time of the last change, None if it is not there."""

    path: Path
    state: tuple[int, int] | None

    @classmethod
    def now(cls, path: Path) -> Given:
        """Return the file as it is now."""
        try:
            about = path.stat()
        except OSError:
            return cls(path, None)
        return cls(path, (about.st_size, about.st_mtime_ns))

    @property
    def unchanged(self) -> bool:
        """Whether the file is as it was."""
        return self == Given.now(self.path)


@dataclass(frozen=True, slots=True)
class Source:
    """One table file. `file` is what is read, an unpacked copy perhaps; `shown` is how findings name it.

    `types` are the polars types of the columns as they are stored; text formats store text. `rows` is known once the
    file is `named`. `spelled` are the names in the file of columns that the profile calls otherwise. Of a CSV
    file, `skip` lines come before the rows, and `above` of them before the header; `records` accounts for all lines
    once the file is `named`. A `streamed` one is unpacked, decoded and cut into records by us whenever it is read;
    the others are read by polars itself.
    """

    shown: str
    file: Path
    format: str
    names: tuple[str, ...] = ()
    types: dict[str, Any] = field(default_factory=dict)
    separator: str = ","
    quote: Quoting = "cells"
    rows: int | None = None
    problem: str | None = None
    remedy: str | None = None
    line: int = 1
    spelled: dict[str, str] = field(default_factory=dict)
    skip: int = 1
    above: int = 0
    records: Records | None = None
    first: str = ""
    """The header line of a CSV file, without its end."""
    encoding: str = "utf-8"
    comment: bytes | None = None
    streamed: bool = False
    all_quoted: bool = False
    """Whether all cells of a CSV file are in quotes, so that an empty one in quotes is a missing value."""
    constants: dict[str, str | None] = field(default_factory=dict)
    """Columns that the folders above the file state, as in ``year=2020/part.parquet``; None is a missing value."""
    blank: tuple[int, ...] = ()
    """For each blank line of JSON Lines, how many records come before it."""
    extended: tuple[str, ...] = ()
    """Columns of an Arrow extension type, in the file's names."""
    array: bool = False
    """Whether the records are those of a JSON array, which has no record on a line."""
    within: tuple[int, int] | None = None
    """The part of the file that is read: bytes of a text file, from one line's beginning to another's, or rows of Parquet."""
    begins: int | None = None
    """Position (`ROW`) of the first row, where other sources come before it; of a range of rows, that of its file."""
    parts: tuple[Source, ...] = ()
    """The ranges of bytes in which the tasks of an engine read the file."""
    given: Given | None = None
    """The file of the request, as it was before it was opened; None for an address."""

    def header(self, profile: Profile) -> Header:
        """Return what the header rules look at."""
        return Header(
            profile,
            self.names,
            self.types,
            self.problem,
            self.remedy,
            self.line,
            tuple(self.records.unreadable) if self.records else (),
            self.records.unread if self.records else 0,
            self.records.rows + self.records.unread if self.records else 0,
            (self.records.short, *self.records.first_short)
            if self.records and self.records.first_short
            else None,
            self.shown,
            self.separator if self.format == "csv" else None,
        )

    @property
    def repeats(self) -> bool:
        """Whether two columns have the same name."""
        return len(set(self.names)) < len(self.names)

    @property
    def is_text(self) -> bool:
        """Whether the file holds text only, so that every type is read out of it."""
        return self.format in ("csv", "jsonl")

    @property
    def has_lines(self) -> bool:
        """Whether a record has a line of the file."""
        return self.is_text and not self.array

    @property
    def dialect(self) -> Dialect:
        """How a CSV file is written."""
        columns = len(self.names) - len(self.constants)
        return Dialect(columns, self.separator.encode(), self.quote, self.comment, self.first.encode())

    def text(self) -> BinaryIO:
        """Return the bytes of a text file, unpacked and in UTF-8; see `streams.open_text`."""
        return open_text(self.file, self.encoding)

    def line_of(self, row: int) -> int:
        """Return the line of a text file at which a row (from 0) begins; 1 for other formats."""
        if self.records is not None:
            return self.records.line_of(row)
        return row + 1 + bisect_right(self.blank, row) if self.has_lines else 1


def why_unreadable(source: Source, profile: Profile, error: BaseException) -> Source:
    """Return `source` with the line at which a text file stops being a table, as far as that can be told."""
    found = None
    if source.is_text:
        try:
            with source.text() as raw:
                quoting = source.quote != "none"
                found = damage(raw, source.format, len(source.names), source.separator, quote=quoting)
        except Refused as refused:
            return refused_as(source, refused)
    return damaged(source, found or Damage(1, f"reading ended with: {first_line(error)}", AGAIN))


def damaged(source: Source, found: Damage) -> Source:
    """Return `source` with the problem that was found in it."""
    return replace(source, problem=found.problem, line=found.line, remedy=found.remedy)


def refused_as(source: Source, refused: Refused) -> Source:
    """Return `source` with the reason why it is refused."""
    return replace(source, problem=str(refused), remedy=refused.remedy, line=refused.line)


def finding_about(source: Source, rule: Rule, fault: Fault) -> Finding:
    """Return the finding for a fault in a table file."""
    place: Any = fault.at
    return finding_of(rule, fault, source.shown, place, remedy=fault.remedy or " ".join(rule.advice.split()))
