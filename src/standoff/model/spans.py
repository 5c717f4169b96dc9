"""Stretches of untouched text: offsets, other ways of counting them, and what surrounds an offset.

An offset counts Unicode code points from 0 in the decoded, un-normalised text; a span is half-open, so
``text[span.start:span.end]`` is its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from standoff.model.classes import dataclass
from standoff.model.patterns import pattern

__all__ = [
    "Span",
    "crosses_blank_line",
    "ends_of_sentences",
    "from_utf8",
    "from_utf16",
    "joins_characters",
    "line_column",
    "sentence_at",
    "sentences",
    "skip_space",
    "skip_space_back",
    "splits_grapheme",
    "splits_word",
    "to_utf8",
    "to_utf16",
]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of text: code points ``start`` up to, not including, ``end``. Sorts by start, then end."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.start < 0 or self.end < self.start:
            raise ValueError(f"a span needs 0 <= start <= end, not {self.start}..{self.end}")

    def of(self, text: str) -> str:
        """The words of the span. ValueError if the text is too short to hold it."""
        if self.end > len(text):
            raise ValueError(f"span {self.start}..{self.end} ends outside a text of {len(text)} characters")
        return text[self.start : self.end]

    def contains(self, other: Span) -> bool:
        """Whether ``other`` lies wholly inside this span; a span contains itself."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a character. Spans that only touch do not, nor does an empty one."""
        return max(self.start, other.start) < min(self.end, other.end)


# --- Other ways of counting ------------------------------------------------------------------------------


def to_utf16(text: str, offset: int) -> int:
    """UTF-16 code units (as JavaScript and Java count) before the code point at ``offset``."""
    return len(text[: _inside(text, offset)].encode("utf-16-le")) // 2


def from_utf16(text: str, unit_offset: int) -> int:
    """Code points before ``unit_offset``. ValueError inside a surrogate pair or outside the text."""
    # No code point takes less than one unit, so these are enough of them.
    units = text[:unit_offset].encode("utf-16-le")
    return _code_points(units, unit_offset, 2, "utf-16-le", "a surrogate pair")


def to_utf8(text: str, offset: int) -> int:
    """Bytes of UTF-8 before the code point at ``offset``."""
    return len(text[: _inside(text, offset)].encode())


def from_utf8(text: str, byte_offset: int) -> int:
    """Code points before ``byte_offset``. ValueError inside a character's sequence or outside the text."""
    return _code_points(text[:byte_offset].encode(), byte_offset, 1, "utf-8", "a UTF-8 sequence")


def _code_points(data: bytes, offset: int, size: int, encoding: str, unit: str) -> int:
    if not 0 <= offset * size <= len(data):
        raise ValueError(f"offset {offset} lies outside the text")
    try:
        return len(data[: offset * size].decode(encoding))
    except UnicodeDecodeError:
        raise ValueError(f"offset {offset} falls inside {unit}") from None


def _inside(text: str, offset: int) -> int:
    if not 0 <= offset <= len(text):
        raise ValueError(f"offset {offset} lies outside a text of {len(text)} characters")
    return offset


# --- What surrounds an offset ----------------------------------------------------------------------------

_LOOK_BACK = 256
_PLAIN = re.compile("[\\x00-\u02ff\u2010-\u2027]{2}")
"""Characters without marks, dashes and quotation marks: none of them joins the next but a carriage return a line feed."""


_JOINING = re.compile("\r\n|[^\\x00-\u02ff\u2010-\u2027]")


@lru_cache(maxsize=1)
def joins_characters(text: str) -> bool:
    """Return whether a text may have characters that `splits_grapheme` finds cut; most texts in Latin letters have none."""
    return _JOINING.search(text) is not None


def splits_grapheme(text: str, offset: int) -> bool:
    """Whether a cut at ``offset`` falls inside what a reader sees as one character.

    Extended grapheme clusters of UAX 29. No rule there reaches back over an ASCII character, so the nearest
    one starts the window; without one, 256 code points do (a longer run of flags may be told wrongly).
    """
    if not 0 < _inside(text, offset) < len(text):
        return False
    beside = text[offset - 1 : offset + 1]
    if beside.isascii() or _PLAIN.fullmatch(beside):
        return beside == "\r\n"
    limit = max(0, offset - _LOOK_BACK)
    start = next((i for i in range(offset - 1, limit, -1) if text[i].isascii()), limit)
    import regex  # type: ignore[import-untyped, unused-ignore]  # imported late: few texts need it

    return all(m.end() != offset - start for m in regex.finditer(r"\X", text[start : offset + 1]))


# Letters of scripts that write words apart: Latin, Greek, Cyrillic, Armenian, Georgian; and digits.
_WORDS_APART = re.compile(r"[^\W_]", re.ASCII), pattern("[\u00aa-\u058f\u10a0-\u10ff\u1e00-\u1fff]")


def splits_word(text: str, offset: int) -> bool:
    """Return whether a cut at `offset` falls within a word: between two letters or digits.

    Only in scripts that write words apart and without prefixed particles; elsewhere False.
    """
    if not 0 < _inside(text, offset) < len(text):
        return False
    beside = text[offset - 1 : offset + 1]
    plain, other = _WORDS_APART
    return beside.isalnum() and (
        beside.isascii() or all(plain.match(char) or other.match(char) for char in beside)
    )


def whole_words(text: str, span: Span) -> Span:
    """Return the span with the words that it begins or ends within made whole."""
    start, end = span.start, span.end
    while splits_word(text, start):
        start -= 1
    while splits_word(text, end):
        end += 1
    return Span(start, end)


# The groups are atomic: a lone \r\n must not be split into two line breaks.
_BLANK_LINE = pattern(r"(?>\r\n|\r|\n)[^\S\r\n]*(?>\r\n|\r|\n)")


def crosses_blank_line(text: str, span: Span) -> bool:
    """Whether an empty line, or one of white space only, lies within the span."""
    words = text[span.start : span.end]
    return not words.isprintable() and _BLANK_LINE.search(words) is not None  # a line break is not printable


def line_column(text: str, offset: int) -> tuple[int, int]:
    r"""Line and column of the character at ``offset``, both from 1; lines end in \n, \r\n or \r."""
    end = _inside(text, offset)
    if text.startswith("\n", end) and end and text[end - 1] == "\r":
        end -= 1  # the line goes on to the end of its \r\n
    breaks = text.count("\n", 0, end) + text.count("\r", 0, end) - text.count("\r\n", 0, end)
    start = max(text.rfind("\n", 0, end), text.rfind("\r", 0, end)) + 1
    return breaks + 1, offset - start + 1


def skip_space_back(text: str, offset: int) -> int:
    """Where the white space that ends at the offset begins."""
    return next((i for i in range(offset, 0, -1) if not text[i - 1].isspace()), 0)


def skip_space(text: str, offset: int) -> int:
    """Where the white space that begins at the offset ends."""
    return next((i for i in range(offset, len(text)) if not text[i].isspace()), len(text))


_LINE_BREAK = pattern(r"[\r\n]")
_MARKS = pattern("[.!?…؟۔。！？]")
_SENTENCE_END = pattern(
    r"""((?:[.!?…؟۔]+(?:["'”’»)\]]|[ \u00a0\u202f]»)*(?=\s))|(?:[。！？]+["'”’»)\]」』]*))"""
    r"""\s*(?=(?:["'“‘«„¿¡(\[「『][ \u00a0\u202f]?)*(\w))"""
)
_ABBREVIATION = pattern(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Gen|Col|Lt|Maj|Capt|Cmdr|Sgt|Adm|Brig|Sen|Rep|Gov|Jr|Sr|No|vs|Jan|Feb|Mar|"
    r"Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)|\b(?:[A-Za-z]\.)*[A-Z]|\b[ap]\.m|\b[\u0621-\u064a])\.$"
)
_LONGEST = 16  # characters of an abbreviation, at most
_SIGHT = 2000  # characters either side that may belong to the sentence


def _ends(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """The ends of sentences between the two offsets: group 1 holds the marks, and the match ends before the next sentence.

    The next sentence begins with an upper-case letter, a letter of a script without case, or a digit.
    """
    if not _MARKS.search(text, start, end):
        return
    for match in _SENTENCE_END.finditer(text, start, end):
        first, after = match[2], match.start(1) + 1
        begins = first.isdigit() or (first.isalpha() and not first.islower())
        word = text[max(start, after - _LONGEST) : after]
        if begins and not (_ABBREVIATION.search(word) or (first.isdigit() and word.endswith(" no."))):
            yield match


def sentence_at(text: str, span: Span) -> Span:
    """The sentence or sentences around a span, without white space at the ends.

    A sentence ends at a line break, or at . ! ? … ؟ or ۔ with any closing quotation marks, if white space and the beginning
    of a sentence follow and no common abbreviation ("U.S.", "Gen.") comes before. The full-width 。！？ need no white space.
    """
    before = _LINE_BREAK.split(text[max(0, span.start - _SIGHT) : span.start])[-1]
    after = _LINE_BREAK.split(text[span.end : span.end + _SIGHT])[0]
    start, end = span.start - len(before), span.end + len(after)
    for match in list(_ends(text, start, end)):
        if match.end() <= span.start:
            start = match.end()
        elif match.end(1) >= span.end:
            end = match.end(1)
            break
    return Span(min(skip_space(text, start), span.start), max(skip_space_back(text, end), span.end))


def ends_of_sentences(text: str, span: Span) -> list[int]:
    """Return where sentences end inside the span, by the criteria of `sentence_at`; ends inside a quotation do not count."""
    ends = []
    for match in _ends(text, span.start, span.end):
        before = text[span.start : match.end(1)]
        if before.count("\u201c") > before.count("\u201d") or before.count('"') % 2:
            continue
        ends.append(match.end(1))
    return ends


def sentences(text: str) -> list[Span]:
    """Return the sentences of a text in order, without the white space between them.

    Sentences end as in :func:`sentence_at`: they do not overlap, and every character between them is white space.
    """
    found: list[Span] = []
    offset = 0
    for line in re.split(r"(?<=[\r\n])", text):
        start, line_end = offset, offset + len(line)
        for match in _ends(text, offset, line_end):
            found.append(Span(skip_space(text, start), match.end(1)))
            start = match.end(1)
        begin, end = skip_space(text, start), skip_space_back(text, line_end)
        if begin < end:
            found.append(Span(begin, end))
        offset = line_end
    return found
