"""Units of offsets: the one in which a file's offsets lead to the words that it quotes.

Files rarely say what their offsets count. All offsets of one document are tried together: a unit fits if every quote
comes out right. One quote alone may come out right by chance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from standoff.model.spans import Span

CODE_POINTS, UTF16, UTF8 = "code points", "UTF-16", "bytes"
LF = ", line ends as \\n"
NO_MARK = ", without the byte-order mark"
Pieces = tuple[tuple[int, int], ...]


def _one(char: str) -> int:
    return 1


def _utf16(char: str) -> int:
    return 1 if char <= "\uffff" else 2


def _utf8(char: str) -> int:
    return len(char.encode("utf-8", "surrogatepass"))


WIDTHS: dict[str, Callable[[str], int]] = {CODE_POINTS: _one, UTF16: _utf16, UTF8: _utf8}
"""How much of each unit a character takes."""

UNITS: tuple[str, ...] = (
    CODE_POINTS,
    UTF16,
    UTF8,
    CODE_POINTS + LF,
    UTF16 + LF,
    UTF8 + LF,
    CODE_POINTS + NO_MARK,
    UTF16 + NO_MARK,
    CODE_POINTS + LF + NO_MARK,
    UTF16 + LF + NO_MARK,
)
"""All units, in the order in which they are tried."""


@dataclass(frozen=True, slots=True)
class Offsets:
    """Offsets as a file states them, with the words that should be there (None: not stated).

    Several pieces are a discontinuous annotation; its words are those of the pieces, joined by one space.
    """

    pieces: Pieces
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Where offsets lead: the span from the first to the last piece, and the words that lie between pieces."""

    span: Span
    gaps: str = ""


@dataclass
class Ruler:
    """One text, measured in any unit."""

    text: str
    _tables: dict[str, Sequence[int]] = field(default_factory=dict)

    @cached_property
    def distinct(self) -> tuple[str, ...]:
        """The units that can differ for this text, in the order in which they are tried."""
        found = [CODE_POINTS]
        if not self.text.isascii():
            found += [UTF16] if max(self.text) > "\uffff" else []
            found += [UTF8]
        wanted = [
            *found,
            *(each + LF for each in found if "\r\n" in self.text),
        ]
        if self.text.startswith("\ufeff"):
            wanted += [each + NO_MARK for each in wanted]
        return tuple(unit for unit in UNITS if unit in wanted)

    def same_as(self, unit: str) -> str:
        """Return the first unit that counts this text as `unit` does."""
        if unit in self.distinct:
            return unit
        base = unit.split(",")[0]
        plain = base if base in self.distinct else CODE_POINTS
        lines = LF if LF in unit and "\r\n" in self.text else ""
        mark = NO_MARK if NO_MARK in unit and self.text.startswith("\ufeff") else ""
        return plain + lines + mark

    def _table(self, unit: str) -> Sequence[int]:
        """Return the code point at every offset; -1 inside a character, and the length of the text at the end."""
        if unit not in self._tables:
            self._tables[unit] = (
                range(len(self.text) + 1) if unit == CODE_POINTS else list(_walk(self.text, unit))
            )
        return self._tables[unit]

    def span(self, start: int, end: int, unit: str) -> Span | None:
        """Return the span of two offsets; None if they lie outside the text, inside a character, or cross."""
        table = self._table(unit)
        if not 0 <= start < end < len(table):
            return None
        first, last = table[start], table[end]
        return Span(first, last) if 0 <= first < last else None

    def find(self, stated: Offsets, unit: str) -> Found | None:
        """Return where offsets lead in a unit; None if they lead nowhere or to other words."""
        if len(stated.pieces) == 1:
            span = self.span(*stated.pieces[0], unit)
            if span is None or (stated.words is not None and not _same(span.of(self.text), stated.words)):
                return None
            return Found(span)
        spans = [self.span(start, end, unit) for start, end in stated.pieces]
        known = [span for span in spans if span is not None]
        if len(known) < len(spans) or not known:
            return None
        if any(b.start < a.end for a, b in pairwise(known)):
            return None
        if stated.words is not None and not _same(" ".join(s.of(self.text) for s in known), stated.words):
            return None
        gaps = (self.text[a.end : b.start].strip() for a, b in pairwise(known))
        return Found(Span(known[0].start, known[-1].end), " … ".join(gap for gap in gaps if gap))

    def fit(self, stated: Iterable[Offsets], own: str = CODE_POINTS) -> str | None:
        """Return the unit in which the most quotes come out right; None if there are quotes and none does.

        Of units that fit equally well, `own` is taken if it is among them: it is what the format's tools assume.
        Otherwise the first in the order of `UNITS` is taken. Without any quote, `own`.
        """
        return self.locate(list(stated), own)[0]

    def locate(
        self, stated: Sequence[Offsets], own: str = CODE_POINTS
    ) -> tuple[str | None, list[Found | None]]:
        """Return the unit that `fit` returns, and where each of the offsets leads in it (in `own` where no unit fits)."""
        own = self.same_as(own)
        found = [self.find(each, own) for each in stated]
        quoted = [i for i, each in enumerate(stated) if each.words is not None]
        best, most = own, sum(found[i] is not None for i in quoted)
        if most == len(quoted):
            return own, found
        for unit in self.distinct:
            others = found if unit == own else [self.find(each, unit) for each in stated]
            hits = sum(others[i] is not None for i in quoted)
            if hits > most:
                best, most, found = unit, hits, others
        return best if most else None, found


def _same(found: str, words: str) -> bool:
    """Whether words are the same; a file may hold one kind of white space where the text has another."""
    if found == words:
        return True
    found, words = plain_lines(found), plain_lines(words)
    return len(found) == len(words) and all(
        a == b or (a.isspace() and b.isspace()) for a, b in zip(found, words, strict=True)
    )


def _walk(text: str, unit: str) -> Iterator[int]:
    width, lines = WIDTHS[unit.split(",")[0]], LF in unit
    begin = 1 if NO_MARK in unit and text.startswith("\ufeff") else 0
    for at in range(begin, len(text)):
        char = text[at]
        if lines and char == "\n" and at and text[at - 1] == "\r":
            continue
        yield at
        for _ in range(width(char) - 1):
            yield -1
    yield len(text)


def counter(text: str, unit: str) -> Callable[[int], int]:
    """Return the function from code points of a text to offsets in a unit."""
    unit = Ruler(text).same_as(unit)
    if unit == CODE_POINTS:
        return int
    table = list(_walk(text, unit))
    back = [0] * (len(text) + 1)
    for offset, at in enumerate(table):
        if at >= 0:
            back[at] = offset
    for at in range(1, len(text)):  # between \r and \n: as after both
        if text[at] == "\n" and text[at - 1] == "\r" and LF in unit:
            back[at] = back[at + 1]
    return back.__getitem__


def plain_lines(text: str) -> str:
    """Return a text as most tools show it: every line end as ``\\n``."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
