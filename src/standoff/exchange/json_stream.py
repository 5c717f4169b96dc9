"""Large JSON files as a stream of records: an array, JSON Lines, or one object.

Only one record is in memory at a time. A record that is too large or nested too deeply is refused by name before it
is parsed.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from standoff.exchange import reading
from standoff.exchange.values import NotARecord, parse_json
from standoff.findings import UsageError

MAX_RECORD = 10 * 1024 * 1024
"""Most characters of one record."""
MAX_DEPTH = 64
TOO_LARGE = f"a record of more than {MAX_RECORD:,} characters: take it out of the file"
TOO_DEEP = f"nested more than {MAX_DEPTH} levels deep"
_CHUNK = 1 << 20
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{}]|"', re.DOTALL)
_PLAIN = r'[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+"'
_FLAT = 3
"""Values of so many levels are passed over in one step."""


def _inner(levels: int) -> str:
    """Return the pattern of what stands between two brackets if it has at most so many levels of brackets in it."""
    nested = rf"|[\[{{]{_inner(levels - 1)}[\]}}]" if levels else ""
    return f"(?:{_PLAIN}{nested})*+"


_NEXT_INSIDE = re.compile(rf"{_inner(_FLAT)}[\[\]{{}}]", re.DOTALL)
"""Up to the next bracket within a record that ends it or has more than `_FLAT` levels in it."""


def records(path: Path) -> Iterator[tuple[int, Any, str]]:
    """Yield line, value and fault of every record in a file that is in the share (`reading`). UsageError where the file is not UTF-8 or ends too early."""
    for number, (line, text) in enumerate(_texts(path)):
        if not reading.mine(number):
            continue
        if isinstance(text, NotARecord):
            yield line, None, str(text)
            continue
        try:
            yield line, parse_json(text), ""
        except NotARecord as error:
            yield line, None, str(error)


def _depth(text: str) -> int:
    """Return how many levels the brackets of a JSON text have."""
    depth = most = 0
    for match in _TOKEN.finditer(text):
        if match[0] in "[{":
            depth += 1
            most = max(most, depth)
        elif match[0] in "]}":
            depth -= 1
    return most


@dataclass
class _Cutter:
    """Cuts a stream of text into records. `start` is where the record begins that is open, -1 between records."""

    path: Path
    buffer: str = ""
    at: int = 0
    counted: int = 0
    line: int = 1
    start: int = -1
    depth: int = 0
    base: int = 0
    """1 inside an array at the top, else 0."""
    first: bool = True
    most: int = 0
    """The deepest level that was seen in the record that is open, without the levels that are passed over in one step."""

    def feed(self, chunk: str) -> Iterator[tuple[int, str | NotARecord]]:
        """Yield the records that end in this chunk."""
        cut = self.at if self.start < 0 else self.start
        self._count(cut)
        self.buffer = self.buffer[cut:] + chunk
        self.at, self.counted, self.start = self.at - cut, 0, min(self.start, 0)
        while True:
            if self.start >= 0:
                yield from self._inside()
            match = _TOKEN.search(self.buffer, self.at) if self.start < 0 else None
            if match is None or match[0] == '"':
                break
            begin = self.at
            self.at = match.end()
            if match[0] in "[{":
                yield from self._open(match[0], begin, match.start())
            elif match[0] in "]}":
                yield from self._close(begin, match.start())
            elif self.start < 0:
                yield from self._between(begin, self.at)
        if len(self.buffer) - max(self.start, 0) > MAX_RECORD:
            raise UsageError(f"{self.path}:{self.line}: {TOO_LARGE}")

    def _inside(self) -> Iterator[tuple[int, str | NotARecord]]:
        """Yield the record that is open if it ends in what is known of the text."""
        depth, at, most = self.depth, self.at, self.most
        while match := _NEXT_INSIDE.match(self.buffer, at):
            at = match.end()
            if self.buffer[at - 1] in "[{":
                depth += 1
                most = max(most, depth)
                continue
            depth -= 1
            if depth == self.base:
                break
        self.depth, self.at, self.most = depth, at, most
        if depth == self.base:
            text = self.buffer[self.start : at]
            deep = most + _FLAT > MAX_DEPTH and _depth(text) > MAX_DEPTH
            yield self.line, NotARecord(TOO_DEEP) if deep else text
            self.start, self.most = -1, 0

    def end(self) -> Iterator[tuple[int, str | NotARecord]]:
        """Yield what is left at the end of the file."""
        if self.start >= 0 or self.base or '"' in self.buffer[self.at :]:
            raise UsageError(f"{self.path}:{self.line}: the file ends within a record; it was cut short")
        yield from self._between(self.at, len(self.buffer))

    def _open(self, token: str, begin: int, here: int) -> Iterator[tuple[int, str | NotARecord]]:
        yield from self._between(begin, here)
        if self.first and token == "[":
            self.base = self.depth = 1
        else:
            self.start = here
            self._count(here)
            self.depth += 1
        self.first = False

    def _close(self, begin: int, here: int) -> Iterator[tuple[int, str | NotARecord]]:
        yield from self._between(begin, here)
        self.base = self.depth = 0

    def _between(self, begin: int, end: int) -> Iterator[tuple[int, str | NotARecord]]:
        """Yield what is between records and is not white space or a comma."""
        text = self.buffer[begin:end].strip(", \t\r\n")
        if text:
            self._count(begin)
            yield (
                self.line,
                NotARecord(f"expected an object or a list of objects, found {' '.join(text[:40].split())}"),
            )

    def _count(self, to: int) -> None:
        self.line += self.buffer.count("\n", self.counted, to)
        self.counted = max(to, self.counted)


def _texts(path: Path) -> Iterator[tuple[int, str | NotARecord]]:
    """Yield the text of every record with its line: the members of an array at the top, or the values one by one."""
    cutter, size, number = _Cutter(path), path.stat().st_size, 0
    for at, chunk in _chunks(path):
        for each in cutter.feed(chunk):
            number += 1
            yield each
        reading.part(number, at, size)
    yield from cutter.end()


def _chunks(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the text of a file in pieces, each with the number of bytes up to its end."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    with path.open("rb") as file:
        done = 0
        while True:
            raw = file.read(_CHUNK)
            try:
                yield done + len(raw), decoder.decode(raw, final=not raw)
            except UnicodeDecodeError as error:
                raise UsageError(f"{path} is not UTF-8 (byte {done + error.start + 1})") from None
            if not raw:
                return
            done += len(raw)
