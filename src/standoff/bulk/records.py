"""Every record of a text file accounted for, before polars reads it.

A file is gone through once, block by block. What is left of a block of sound lines without its cells in quotes and its
letters is a pattern that repeats, so that most blocks cost one comparison. Other blocks are looked at line by line: lines with more cells than
the header, quotation marks that swallow lines, and header lines in the middle are unreadable records; they are listed
and left out of what is read instead. Lines that polars would misread, such as ``O"Brien`` in a cell
without quotes, are rewritten in a way that it reads.

`account` does this with a file, and leaves a copy where polars is to read something else. `blocks` does it while the
rows are read, without a copy, for files that are packed, in another encoding, or many.
"""

from __future__ import annotations

import io
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

from standoff.findings import shortened
from standoff.rules.column import CONTROLS

BLOCK = 1 << 18
CELL = 1 << 24
"""Bytes of a cell in quotes. In a longer one the quotation mark is taken for one that is never closed."""
LISTED = 1_000
"""Unreadable records that are kept with line and reason; the others are counted."""
SHORT_LISTED = 100_000
"""Short lines of which the row is kept; the others are counted."""
SAMPLE = 1 << 14
"""Bytes of a block that show whether most of its cells are in quotes: then it is faster to match whole lines."""
BLANK_END = 1 << 16
"""Bytes at the end of a file in which blank lines are not rows."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text file is written: cells in a record, separator, and what a quotation mark may do (`Profile.quote`)."""

    columns: int
    separator: bytes
    quote: str = "cells"
    comment: bytes | None = None
    header: bytes = b""
    """The header line; the same line further down is not a record."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record that cannot be read: the line where it begins, why, and whether a quotation mark spans records."""

    line: int
    reason: str
    spans: bool = False


@dataclass(slots=True)
class Records:
    """What a file holds: `rows` that can be read, in `file` from line `skip` on, and what cannot."""

    file: Path
    skip: int
    rows: int = 0
    unread: int = 0
    unreadable: list[Unreadable] = field(default_factory=list)
    raw: Path | None = None
    """The unreadable lines as they are."""
    short: int = 0
    first_short: tuple[int, int] | None = None
    short_rows: list[int] = field(default_factory=list)
    """`short` lines have fewer cells than the header; `first_short` is the line and the number of cells of the first."""
    ends: int = 0
    """Blank lines at the end."""
    controls: bool = False
    """Whether there are control characters (`rules.column.CONTROLS`)."""
    lines: int = 0
    """All lines, those before the rows among them."""
    _rows: list[int] = field(default_factory=lambda: [0])
    _lines: list[int] = field(default_factory=lambda: [1])

    @property
    def more_short(self) -> bool:
        """Whether there are short lines of which the row is not kept."""
        return self.short > len(self.short_rows)

    def line_of(self, row: int) -> int:
        """Return the line of the file at which a row (from 0) begins."""
        place = bisect_right(self._rows, row) - 1
        return self._lines[place] + row - self._rows[place]

    def note(self, row: int, line: int) -> None:
        """Remember that a row begins at a line that does not follow from the row before."""
        if self.line_of(row) != line:
            self._rows.append(row)
            self._lines.append(line)


def account(
    path: Path,
    dialect: Dialect,
    skip: int,
    scratch: Callable[[], Path],
    raw: BinaryIO | None = None,
    *,
    last: bool = True,
) -> Records:
    """Return the records of a text file; the first `skip` lines are not records.

    `scratch` makes a new folder for a copy, if one is needed. With `raw`, its bytes are counted instead of those of
    the file, and nothing is copied: it is to be read by `blocks`. Blank lines at the end are records if it is not the
    `last` part of a file.
    """
    if raw is not None:
        _skip(raw, skip)
        return _Account(path, raw, dialect, skip, scratch, copying=False).run(last=last)
    with path.open("rb") as file:
        _skip(file, skip)
        return _Account(path, file, dialect, skip, scratch).run(last=last)


def blocks(raw: BinaryIO, dialect: Dialect, skip: int) -> Iterator[tuple[bytes, int]]:
    """Yield the readable records after the first `skip` lines, in the form that polars reads, and their number."""
    _skip(raw, skip)
    yield from _Account(Path(), raw, dialect, skip, None, copying=False).blocks()


def _skip(raw: BinaryIO, lines: int) -> None:
    for _ in range(lines):
        raw.readline()


def is_record(line: bytes, dialect: Dialect) -> bool:
    """Whether a line has as many separators as the header, so that it can be read as a record; a blank one is not."""
    return (
        line.count(dialect.separator) == dialect.columns - 1
        and line.rstrip(b"\r\n") != dialect.header
        and not (dialect.comment and line.startswith(dialect.comment))
        and bool(line.strip(dialect.separator + b" \r\n"))
    )


def joined(parts: Sequence[Records]) -> Records:
    """Return the records of a file from those of its parts, in order. The unreadable lines stay with the parts."""
    whole = Records(parts[0].file, parts[0].skip, _rows=[], _lines=[])
    for part in parts:
        whole._rows += [row + whole.rows for row in part._rows]
        whole._lines += [line + whole.lines for line in part._lines]
        whole.unreadable += [replace(found, line=found.line + whole.lines) for found in part.unreadable]
        if part.first_short and not whole.first_short:
            whole.first_short = part.first_short[0] + whole.lines, part.first_short[1]
        whole.short_rows += [row + whole.rows for row in part.short_rows]
        whole.rows += part.rows
        whole.unread += part.unread
        whole.controls |= part.controls
        whole.short += part.short
        whole.lines += part.lines
    whole.ends = parts[-1].ends
    del whole.unreadable[LISTED:], whole.short_rows[SHORT_LISTED:]
    return whole


class _Account:
    def __init__(
        self,
        path: Path,
        raw: BinaryIO,
        dialect: Dialect,
        skip: int,
        scratch: Callable[[], Path] | None,
        *,
        copying: bool = True,
    ) -> None:
        self.path, self.raw, self.dialect, self.scratch = path, raw, dialect, scratch
        self.result = Records(path, skip)
        self.result._lines = [skip + 1]
        self.line, self.row = skip + 1, 0
        self.start = self.offset = raw.tell() if copying else 0
        self.block = self.after = self.tail = b""
        self.rewritten = None if copying else io.BytesIO()
        self.copy: BinaryIO | None = self.rewritten
        self.left_out: BinaryIO | None = None
        sep = re.escape(dialect.separator)
        quoted, plain = rb'"(?:[^"]++|"")*+"', rb'[^"\r\n' + sep + rb"]*+"
        cell = rb"(?:" + quoted + rb"|" + plain + rb")"
        # A sound line within which all quotation marks enclose cells.
        self.sound = re.compile(
            (rb'(?:"(?:[^"\n]++|"")*+"|' + plain + rb")")
            + (rb"(?:" + sep + rb'(?:"(?:[^"\n]++|"")*+"|' + plain + rb"))*+\r?")
        )
        self.cell, self.quoted = re.compile(cell), re.compile(quoted)
        self.enclosed = re.compile(rb'"((?:[^"\n]++|"")*+)"')
        self.quotes = dialect.quote != "none"
        # Cells in quotes as RFC 4180 has them. It begins with a literal, which `re` looks for quickly.
        ends = rb"(?=\r?\n|" + sep + rb")"
        self.simple = re.compile(rb'"(?<![^\n' + sep + rb']")[^"]*+(?:""[^"]*+)*+"' + ends)
        one = rb'(?:"[^"\n]*+(?:""[^"\n]*+)*+"|' + plain + rb")"
        more = b"(?:" + sep + one + b"){%d}+" % (dialect.columns - 1)
        self.all_sound = re.compile(b"(?:" + one + more + rb"\r?\n)*+")
        kept = dialect.separator + b"\n" + (b'"' if self.quotes else b"")
        self.controls = bytes(byte for byte in CONTROLS if byte not in kept)
        self.letters = bytes(byte for byte in range(256) if byte not in kept + self.controls)
        # Where separators are control characters, cells in quotes may hold them.
        self.result.controls = len(self.controls) < len(CONTROLS)
        self.unit = dialect.separator * (dialect.columns - 1) + b"\n"

    def run(self, *, last: bool) -> Records:
        """Go through the file, which may be the `last` part of one or not."""
        try:
            for _ in self.blocks():
                pass
        finally:
            for file in (self.copy, self.left_out):
                if file is not None:
                    file.close()
        self.result.ends = self._blank_end() if last else 0
        self.result.lines = self.line - 1
        self.result.rows = self.row - self.result.ends
        return self.result

    def blocks(self) -> Iterator[tuple[bytes, int]]:
        """Go through the file; yield the records of each block, unless a copy of them is written, and their number."""
        while True:
            if self.copy is None:
                self._pass_over()
            if not self._extend():
                return
            self._cut()
            if self.block:
                before, readable = self.row, self._take_block()
                if self.rewritten is not None:
                    self.tail = (self.tail + readable if len(readable) < BLANK_END else readable)[-BLANK_END:]
                    yield readable, self.row - before

    def _pass_over(self) -> None:
        """Take what follows as long as it consists of sound lines without quotation marks.

        Pieces need not end with a line here: the pattern goes on in the next piece. That takes half the time of blocks.
        """
        units = self.unit * (BLOCK // len(self.unit) + 2)
        begun, place, piece = b"", 0, self.after
        while piece or (piece := self.raw.read(BLOCK)):
            residue = piece.translate(None, self.letters)
            first, last = piece.find(b"\n") + 1, piece.rfind(b"\n") + 1
            if not units.startswith(residue, place) or self._marked(begun + piece[:first], piece):
                break
            lines, place = divmod(place + len(residue), len(self.unit))
            self.line += lines
            self.row += lines
            if last:
                self.offset += len(begun) + last
                begun = b""
            begun, piece = begun + piece[last:], b""
        self.after = begun + piece

    def _marked(self, *texts: bytes) -> bool:
        """Whether one of the texts has the header line again, or may have a comment."""
        marks = [mark for mark in (self.dialect.header, self.dialect.comment) if mark]
        return any(mark in text for mark in marks for text in texts)

    def _extend(self) -> bool:
        """Add what comes next to the block; False at the end of the file."""
        chunk = self.after or self.raw.read(BLOCK)
        if self.after and not self.block:
            chunk += self.raw.read(BLOCK)
        self.after = b""
        self.block += chunk
        if not chunk and self.block and not self.block.endswith(b"\n"):
            self.block += b"\n"
            return True
        return bool(chunk)

    def _cut(self, place: int = 0) -> None:
        """Leave whole lines in the block, at least up to `place`."""
        while (cut := self.block.rfind(b"\n") + 1) <= place:
            if not self._extend():
                break
        if cut > place:
            self.block, self.after = self.block[:cut], self.block[cut:] + self.after

    def _take_block(self) -> bytes:
        """Take all records of the block; return those that can be read, unless a copy of them is written."""
        block = self.block
        lines = self._sound_lines(block)
        if lines and not self._marked(block):
            if self.copy is not None and self.rewritten is None:
                self.copy.write(block)
            self.line += lines
            self.row += lines
        else:
            place = 0
            while place < len(self.block):
                place = self._take_line(place)
            self._look_for_controls(self.block)
            block = self._taken_out()
        self.offset += len(self.block)
        self.block = b""
        return block

    def _sound_lines(self, block: bytes) -> int:
        """How many lines a block has if each is a record as it is; 0 where a closer look is needed."""
        outside = block
        if self.quotes and b'"' in block:
            self._look_for_controls(block)
            start = block[:SAMPLE]
            if 2 * start.count(b'"') > start.count(b"\n") * self.dialect.columns:
                return block.count(b"\n") if self.all_sound.fullmatch(block) else 0
            # Where every quotation mark belongs to a cell in quotes, these are left out and the separators counted.
            outside = self.simple.sub(b"", block)
        residue = outside.translate(None, self.letters)
        self._look_for_controls(residue)
        residue = residue.translate(None, self.controls)
        lines, rest = divmod(len(residue), len(self.unit))
        if rest or residue != self.unit * lines:
            return 0
        return lines if outside is block or lines == block.count(b"\n") else 0

    def _look_for_controls(self, text: bytes) -> None:
        if not self.result.controls:
            self.result.controls = len(text.translate(None, self.controls)) < len(text)

    def _taken_out(self) -> bytes:
        """What has been rewritten of the block."""
        if self.rewritten is None:
            return b""
        readable = self.rewritten.getvalue()
        self.rewritten.seek(0)
        self.rewritten.truncate()
        return readable

    def _take_line(self, place: int) -> int:
        """Take the line or record that begins at `place`; return where the next begins."""
        dialect = self.dialect
        end = self.block.index(b"\n", place)
        line = self.block[place:end]
        if dialect.comment and line.startswith(dialect.comment):
            self._rewrite(None, place)
            self.line += 1
            self.result.note(self.row, self.line)
        elif dialect.header and line.rstrip(b"\r") == dialect.header:
            self._leave_out(line, "it is the header line again", place)
        elif not self.quotes or b'"' not in line:
            self._plain(line, line.count(dialect.separator) + 1, place)
        elif self.sound.fullmatch(line):
            self._plain(line, sum(1 for _ in self._cells_of(line)), place)
        elif dialect.quote == "lines":
            self._literal(line, place)
        else:
            return self._record(place)
        return end + 1

    def _cells_of(self, line: bytes) -> Iterator[bytes]:
        place, line = 0, line.removesuffix(b"\r")
        while True:
            match = self.cell.match(line, place)
            assert match is not None
            yield match[0]
            place = match.end() + 1
            if match.end() >= len(line):
                return

    def _plain(self, line: bytes, cells: int, place: int) -> None:
        """Take a line that is a record as it is."""
        if cells > self.dialect.columns:
            self._leave_out(line, self._too_long(line, cells), place)
            return
        self._note_short(line, cells)
        if self.copy is not None:
            self.copy.write(line + b"\n")
        self._taken(1)

    def _too_long(self, line: bytes, cells: int) -> str:
        found = f"the line has {cells} cells, the table has {self.dialect.columns} columns"
        alone = b"\r" in line.removesuffix(b"\r")
        return (
            f"{found}; it contains a carriage return without a line feed, as at the line ends of old Macs"
            if alone
            else found
        )

    def _note_short(self, line: bytes, cells: int) -> None:
        if cells < self.dialect.columns and line.strip(b" \r" + self.dialect.separator):
            self.result.short += 1
            self.result.first_short = self.result.first_short or (self.line, cells)
            if len(self.result.short_rows) < SHORT_LISTED:
                self.result.short_rows.append(self.row)

    def _taken(self, lines: int) -> None:
        self.row += 1
        self.line += lines
        if lines != 1:
            self.result.note(self.row, self.line)

    def _literal(self, line: bytes, place: int) -> None:
        """Take a line in which quotation marks are characters, but for those that enclose a cell."""
        cells = line.removesuffix(b"\r").split(self.dialect.separator)
        if len(cells) > self.dialect.columns:
            self._leave_out(line, self._too_long(line, len(cells)), place)
            return
        values = [
            (match[1].replace(b'""', b'"'), True)
            if (match := self.enclosed.fullmatch(cell))
            else (cell, False)
            for cell in cells
        ]
        self._rewrite(values, place)
        self._note_short(line, len(cells))
        self._taken(1)

    def _record(self, begin: int) -> int:
        """Take a record with a quotation mark that does not simply enclose a cell of its line."""
        separator, place, cells, spans = self.dialect.separator, begin, [], False
        while True:
            if self.block.startswith(b'"', place):
                end = self._closing(place)
                if end is None:
                    return self._unclosed(begin, "is opened and never closed")
                inside = self.block[place + 1 : end - 1]
                if b"\n" in inside:
                    if self._holds_records(inside):
                        line = self.line + self.block.count(b"\n", begin, end)
                        why = (
                            f"is opened and closed in line {line:,} only, and lines between look like records"
                        )
                        return self._unclosed(begin, why, spans=True)
                    spans = True
                if self.block[end : end + 1] not in (separator, b"\n", b"\r"):
                    escaped = self.block[end - 2 : end - 1] == b"\\"
                    return self._unclosed(
                        begin,
                        "follows a backslash; CSV doubles it instead (in R: write.csv, or qmethod = 'double')"
                        if escaped
                        else "is within a cell in quotes",
                    )
                cells.append((inside.replace(b'""', b'"'), True))
            else:
                ends = (self.block.find(separator, place), self.block.find(b"\n", place))
                end = min(found for found in ends if found >= 0)
                cells.append((self.block[place:end].removesuffix(b"\r"), False))
            place = end
            if not self.block.startswith(separator, place):
                break
            place += 1
        place += self.block.startswith(b"\r\n", place)
        if not self.block.startswith(b"\n", place):
            return self._unclosed(begin, "is followed by a carriage return within the line")
        raw = self.block[begin:place]
        lines = raw.count(b"\n") + 1
        if len(cells) > self.dialect.columns:
            self._leave_out(raw, self._too_long(raw, len(cells)), begin, lines=lines)
            return place + 1
        self._note_short(raw, len(cells))
        if spans and all(quoted or b'"' not in cell for cell, quoted in cells):
            if self.copy is not None:
                self.copy.write(raw + b"\n")
        else:
            self._rewrite(cells, begin)
        self._taken(lines)
        return place + 1

    def _closing(self, place: int) -> int | None:
        """Where the cell in quotes that begins at `place` ends, None if it never does. The block may grow."""
        while True:
            match = self.quoted.match(self.block, place)
            # Every block ends with a line, so a quotation mark is never its last character.
            if match:
                return match.end()
            before = len(self.block)
            if before - place > CELL or not self._extend():
                self._cut(place)
                return None
            self._cut(before)

    def _holds_records(self, inside: bytes) -> bool:
        """Whether a line within a cell has as many separators as a record."""
        if self.dialect.columns < 2:
            return False
        lines = inside.split(b"\n")[1:-1]
        return any(line.count(self.dialect.separator) == self.dialect.columns - 1 for line in lines)

    def _unclosed(self, begin: int, why: str, *, spans: bool = False) -> int:
        """Leave out the line with a quotation mark that is not sound, and go on with the next."""
        line = self.block[begin : self.block.index(b"\n", begin)]
        words = shortened(line.decode("utf-8", "replace"), 40)
        self._leave_out(line, f'a quotation mark " {why} ({words})', begin, spans=spans)
        return begin + len(line) + 1

    def _leave_out(self, raw: bytes, reason: str, place: int, *, lines: int = 1, spans: bool = False) -> None:
        """List an unreadable record and leave it out of the copy."""
        self._rewrite(None, place)
        if self.left_out is None and self.scratch is not None:
            self.result.raw = self.scratch() / "unreadable.txt"
            self.left_out = self.result.raw.open("wb")
        if self.left_out is not None:
            self.left_out.write(raw + b"\n")
        self.result.unread += 1
        if len(self.result.unreadable) < LISTED:
            self.result.unreadable.append(Unreadable(self.line, reason, spans))
        self.line += lines
        self.result.note(self.row, self.line)

    def _rewrite(self, cells: list[tuple[bytes, bool]] | None, place: int) -> None:
        """Begin the copy if there is none yet, and write a record to it."""
        if self.copy is None and self.scratch is not None:
            self.result.file = self.scratch() / "records.csv"
            self.copy = self.result.file.open("wb")
            with self.path.open("rb") as original:
                original.seek(self.start)
                left = self.offset - self.start
                while left and (piece := original.read(min(left, BLOCK))):
                    self.copy.write(piece)
                    left -= len(piece)
            self.copy.write(self.block[:place])
            self.result.skip = 0
        if cells is not None and self.copy is not None:
            self.copy.write(self.dialect.separator.join(map(self._written, cells)) + b"\n")

    def _written(self, cell: tuple[bytes, bool]) -> bytes:
        text, quoted = cell
        special = not self.quotes or not (quoted or b'"' in text or self.dialect.separator in text)
        return text if special else b'"' + text.replace(b'"', b'""') + b'"'

    def _blank_end(self) -> int:
        """How many lines at the end are blank, or have nothing but separators."""
        if self.rewritten is None:
            with self.result.file.open("rb") as raw:
                size = raw.seek(0, 2)
                raw.seek(max(0, size - BLANK_END))
                tail = raw.read()
        else:
            tail = self.tail
        lines = tail.removesuffix(b"\n").split(b"\n")
        nothing = self.dialect.separator + b"\r"
        blank = 0
        for line in reversed(lines[1:] if len(tail) == BLANK_END else lines):
            if line.strip(nothing):
                break
            blank += 1
        return min(blank, self.row)
