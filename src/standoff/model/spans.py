"""Quotes anchored into untouched text: offsets, anchoring, and the closest passage to a wrong quote.

An offset counts Unicode code points from 0 in the decoded, un-normalised text; a span is half-open, so
``text[span.start:span.end]`` is its words. The selector (a quote with the words before and after it) is the
TextQuoteSelector of the W3C Web Annotation Data Model (2017), section 4.2.4.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import accumulate, islice, takewhile
from operator import itemgetter, sub

__all__ = [
    "AnchorError",
    "Passage",
    "QuoteAmbiguous",
    "QuoteNotFound",
    "Selector",
    "Span",
    "anchor",
    "closest",
    "crosses_blank_line",
    "find_all",
    "from_utf8",
    "from_utf16",
    "line_column",
    "same_words",
    "sentence_at",
    "splits_grapheme",
    "to_utf8",
    "to_utf16",
]

ELLIPSIS = " … "  # between the first and the last words of a long quote
MAX_PLACES = 1000  # so many occurrences of a quote are looked at; a text that repeats more often is no report
BESIDE = 40  # so many characters beside a quote are shown at most
MAX_JOINS = 20  # so many ellipses of a quote are tried as the join of its ends


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


@dataclass(frozen=True, slots=True)
class Selector:
    """What an annotator writes to point at words: the quote and, to tell repeats apart, its neighbours."""

    quote: str
    prefix: str | None = None
    suffix: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of text that resembles a quote, and in sentences what sets the two apart."""

    span: Span
    text: str
    differences: tuple[str, ...]


class AnchorError(ValueError):
    """A selector that does not point at exactly one place."""

    selector: Selector


class QuoteNotFound(AnchorError):
    """The quote, in its place between prefix and suffix, does not occur.

    ``missing`` is the part of the quote that is not there: all of it, or one end of ``first … last``.
    """

    def __init__(self, selector: Selector, text: str, missing: str, within: Span) -> None:
        super().__init__(selector, text, missing, within)
        self.selector, self.missing = selector, missing
        self._text, self._within = text, within

    def __str__(self) -> str:
        if find_all(self.missing, self._text, self._within):
            return f'"{self.missing}" occurs, but not beside the given prefix or suffix'
        return f'"{self.missing}" does not occur'

    @property
    def searched(self) -> int:
        """How many characters `closest` looks through."""
        return self._within.end - self._within.start

    @cached_property
    def closest(self) -> Passage | None:
        """The passage most like the missing words; found when first asked for, since that takes a while."""
        if not (there := find_all(self.missing, self._text, self._within)):
            return closest(self.missing, self._text, self._within)
        span, differences = there[0], []
        for name, where, wanted, beside in (
            ("prefix", "before", self.selector.prefix, self._text[max(0, span.start - BESIDE) : span.start]),
            ("suffix", "after", self.selector.suffix, self._text[span.end : span.end + BESIDE]),
        ):
            if wanted:
                reach = len(wanted) + 1  # and the white space in between
                found = (beside[-reach:] if name == "prefix" else beside[:reach]).strip()
                if found != wanted.strip():
                    differences.append(f'"{found}" {where} it in the text, {name} "{wanted}"')
        return Passage(span, self.missing, tuple(differences))


class QuoteAmbiguous(AnchorError):
    """The selector fits several places, all listed in ``occurrences``."""

    def __init__(self, selector: Selector, occurrences: tuple[Span, ...]) -> None:
        super().__init__(selector, occurrences)
        self.selector, self.occurrences = selector, occurrences

    def __str__(self) -> str:
        times = len(self.occurrences)
        return f'"{self.selector.quote}" occurs {times} times; a prefix or suffix tells them apart'


def find_all(quote: str, text: str, within: Span | None = None) -> list[Span]:
    """Every occurrence of ``quote``, overlapping ones too, in order; none for an empty quote."""
    return list(_occurrences(quote, text, within or Span(0, len(text))))


def _occurrences(quote: str, text: str, within: Span) -> Iterator[Span]:
    if not quote:
        return
    at = text.find(quote, within.start, within.end)
    while at >= 0:
        yield Span(at, at + len(quote))
        at = text.find(quote, at + 1, within.end)


def anchor(selector: Selector, text: str, within: Span | None = None) -> Span:
    """The one place in the text that the selector points at.

    1. The quote is looked for literally, inside ``within`` if given.
    2. A prefix must stand directly before the quote and a suffix directly after it; both may lie outside
       ``within``. White space in between is overlooked, unless some occurrence does without that
       allowance: then only such occurrences count. A quote with all the text before and after it as prefix
       and suffix is therefore never ambiguous.
    3. Only if the words of the quote occur nowhere literally does ``first … last`` (a U+2026 with a space on
       either side) name a long stretch by its ends. Each occurrence of the first part (after the prefix) is
       joined to the nearest last part (before the suffix) that begins behind it.

    Raises QuoteNotFound if no place fits, QuoteAmbiguous if several do. Of words that occur very often only the
    first `MAX_PLACES` places are looked at.
    """
    window = within or Span(0, len(text))
    found = _places(selector.quote, text, window)
    if found:
        spans, missing = _beside(found, text, selector.prefix, selector.suffix), selector.quote
    else:
        spans, missing, window = _by_ends(selector, text, window)
    if len(spans) == 1:
        return spans[0]
    if spans:
        raise QuoteAmbiguous(selector, tuple(spans))
    raise QuoteNotFound(selector, text, missing, window)


def _places(quote: str, text: str, within: Span) -> list[Span]:
    return list(islice(_occurrences(quote, text, within), MAX_PLACES))


def _beside(spans: list[Span], text: str, prefix: str | None, suffix: str | None) -> list[Span]:
    """The spans that stand between prefix and suffix; without white space in between, if any do."""
    before, after = prefix or "", suffix or ""
    direct = [s for s in spans if text.endswith(before, 0, s.start) and text.startswith(after, s.end)]
    return direct or [
        s for s in spans if _stands_before(before, text, s.start) and _stands_after(after, text, s.end)
    ]


def _stands_before(prefix: str, text: str, offset: int) -> bool:
    """Whether the prefix ends at the offset or at the white space before it; only the former if it is white itself."""
    words = prefix.rstrip() or prefix
    return text.endswith(prefix, 0, offset) or text.endswith(words, 0, _skip_back(text, offset))


def _stands_after(suffix: str, text: str, offset: int) -> bool:
    words = suffix.lstrip() or suffix
    return text.startswith(suffix, offset) or text.startswith(words, _skip(text, offset))


def _skip_back(text: str, offset: int) -> int:
    """Where the white space that ends at the offset begins."""
    return next((i for i in range(offset, 0, -1) if not text[i - 1].isspace()), 0)


def _skip(text: str, offset: int) -> int:
    """Where the white space that begins at the offset ends."""
    return next((i for i in range(offset, len(text)) if not text[i].isspace()), len(text))


def _by_ends(selector: Selector, text: str, window: Span) -> tuple[list[Span], str, Span]:
    """The stretches that ``first … last`` may name; if none, the part that is missing and where it should be.

    An end may itself contain an ellipsis, so every ``…`` of the quote is tried as the join.
    """
    stretches: set[Span] = set()
    missing, place = selector.quote, window
    for join in find_all(ELLIPSIS, selector.quote)[:MAX_JOINS]:
        first, last = selector.quote[: join.start].rstrip(), selector.quote[join.end :].lstrip()
        if not first or not last:
            continue
        firsts = _beside(_places(first, text, window), text, selector.prefix, None)
        if not firsts:
            missing, place = first, window
            continue
        rest = Span(firsts[0].end, window.end)
        lasts = _beside(_places(last, text, rest), text, None, selector.suffix)
        if not lasts:
            missing, place = last, rest
        starts = [s.start for s in lasts]
        for head in firsts:
            if (i := bisect_left(starts, head.end)) < len(lasts):
                stretches.add(Span(head.start, lasts[i].end))
    return sorted(stretches), missing, place


# --- The closest passage --------------------------------------------------------------------------------

_TYPOGRAPHY = str.maketrans(
    dict.fromkeys("‘’‚‛′`´ʼʹ＇", "'") | dict.fromkeys("“”„‟″«»＂", '"') | dict.fromkeys("‐‑‒–—―−⁃﹘﹣－", "-")
)
# Letters with strokes too, which Unicode does not decompose.
_PLAIN = _TYPOGRAPHY | str.maketrans({"ı": "i", "ł": "l", "ø": "o", "đ": "d"})


class _Folding(dict[str, str]):
    """Character → what it is compared as: no case, accents, typography or invisible characters."""

    def __missing__(self, char: str) -> str:
        # Both ways: some quotation marks decompose into others, and some letters into those with strokes.
        parts = unicodedata.normalize("NFKD", char.translate(_PLAIN).casefold()).translate(_PLAIN)
        folded = "".join(
            " " if c.isspace() else c for c in parts if unicodedata.category(c) not in ("Mn", "Cf")
        )
        self[char] = folded
        return folded


def _fold(text: str, within: Span) -> tuple[str, array[int]]:
    """The text as it is compared, runs of white space as one space, and the offset of each character."""
    folding, folded, offsets = _Folding(), [""], array("L")
    for offset in range(within.start, within.end):
        chars = folding[text[offset]]
        if not (chars == " " == folded[-1]):
            folded.append(chars)
            for _ in chars:
                offsets.append(offset)
    return "".join(folded), offsets


def same_words(quote: str, passage: str) -> bool:
    """Whether two texts differ at most in typography: quotation marks, dashes, white space, composed accents."""

    def plain(text: str) -> str:
        return " ".join(unicodedata.normalize("NFC", text).translate(_TYPOGRAPHY).split())

    return plain(quote) == plain(passage)


def closest(quote: str, text: str, within: Span | None = None) -> Passage | None:
    """The passage of the text most like the quote, or None if none is reasonably like it (below one half).

    First a search that overlooks typography, white space, case and accents; the first hit is the passage.
    Otherwise the stretches that share most letter groups with the quote are aligned with it word by word.
    Time grows with the length of the text and not faster: some 10 ms for 10 000 characters.
    """
    window = within or Span(0, len(text))
    folded, offsets = _fold(text, window)
    wanted = _fold(quote, Span(0, len(quote)))[0].strip()
    if not wanted:
        return None
    # Whole words first: "US" is rather the US than the middle of "must".
    whole = re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", folded)
    at = whole.start() if whole else folded.find(wanted)
    hit = (at, at + len(wanted)) if at != -1 else _alike(wanted, folded)
    if hit is None:
        return None
    start, end = offsets[hit[0]], offsets[hit[1] - 1] + 1
    # An accent that the comparison dropped belongs to the letter before it.
    end = next((i for i in range(end, window.end) if not unicodedata.combining(text[i])), window.end)
    return Passage(Span(start, end), text[start:end], _differences(quote, text[start:end]))


_ALIKE = 0.5  # difflib's ratio from which a passage is worth showing
_LIKE = 2 / 3  # the share of letters in common from which one word may be a slip for another
_LIMIT = 60  # words of a quote aligned in one go; the cost grows with its square
# Scripts written without spaces are compared letter by letter; of a word that is cut off in front, nothing is.
_SPACELESS = r"\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff"
_TOKEN = re.compile(rf"[{_SPACELESS}]|(?<![^\W{_SPACELESS}])[^\W{_SPACELESS}]+|[^\w\s]")


def _alike(quote: str, text: str) -> tuple[int, int] | None:
    """Start and end, in folded text, of the stretch most like the folded quote."""
    words = list(_TOKEN.finditer(quote))
    if len(words) > _LIMIT:
        # A long quote is found by its ends, as `first … last` is.
        cut = words[_LIMIT // 2].start()
        head = _alike(quote[:cut].strip(), text)
        if head is None:
            return None
        reach = head[1] + 2 * len(quote)
        tail = _alike(quote[words[-_LIMIT // 2].start() :], text[head[1] : reach])
        return (head[0], head[1] + tail[1]) if tail else head
    tokens = [w.group() for w in words]
    runs = [_align(tokens, _words_from(text, *place)) for place in _neighbourhoods(quote, text)]
    for _, (start, end) in sorted(run for run in runs if run):
        if SequenceMatcher(None, quote, text[start:end], autojunk=False).ratio() >= _ALIKE:
            return start, end
    return None


def _words_from(text: str, start: int, end: int) -> list[re.Match[str]]:
    """The words that begin there, all of them whole."""
    return list(takewhile(lambda word: word.start() < end, _TOKEN.finditer(text, start)))


def _neighbourhoods(quote: str, text: str, count: int = 3) -> Iterator[tuple[int, int]]:
    """The stretches of the text, each with a margin, that share most groups of letters with the quote."""
    size = 3 if len(quote) >= 12 else 2
    groups = {quote[i : i + size] for i in range(len(quote))}
    width, margin = min(len(quote), len(text)), 20 + len(quote) // 4
    shared = [0, *accumulate([text[i : i + size] in groups for i in range(len(text))])]
    density = list(map(sub, shared[width:], shared))
    for _ in range(count):
        top = max(density)
        if top <= 0:
            return
        at = density.index(top)
        yield max(0, at - margin), at + width + margin
        low, high = max(0, at - width // 2), min(len(density), at + width // 2)
        density[low:high] = [-1] * (high - low)


def _align(quote: list[str], words: list[re.Match[str]]) -> tuple[float, tuple[int, int]] | None:
    """Fit all of the quote's words to some run of the text's words at least cost, one row per quote word.

    A quote word left out costs its length, a text word passed over a letter or two (so that the run covers
    what the quote does), one word for another the letters that differ, a swap of neighbours one letter.
    Returns the cost, and start and end of the run; None if it is empty.
    """
    # A cell holds the cost so far and the index of the word that the run begins with.
    rows: list[list[tuple[float, int]]] = [[(0, j) for j in range(len(words) + 1)]]
    texts = [(word.group(), frozenset(word.group())) for word in words]
    earlier = None
    for i, token in enumerate(quote):
        letters, above, before = frozenset(token), rows[i], None
        row = [(above[0][0] + len(token), 0)]
        for j, (word, others) in enumerate(texts):
            change: float = 0
            if token != word:
                like = 2 * len(letters & others) / (len(letters) + len(others))
                change = max(len(token), len(word)) * (1.1 - like if like >= _LIKE else 1)
            ways = [
                (above[j][0] + change, above[j][1]),
                (above[j + 1][0] + len(token), above[j + 1][1]),
                (row[j][0] + (0.9 + len(word) / 10), row[j][1]),
            ]
            if token == before and word == earlier:
                cost, first = rows[i - 1][j - 1]
                ways.append((cost + 1, first))
            row.append(min(ways, key=itemgetter(0)))
            before = word
        rows.append(row)
        earlier = token
    row = rows[-1]
    last = min(range(len(row)), key=lambda j: (row[j][0], -j))
    cost, first = row[last]
    if first >= last:
        return None
    return cost, (words[first].start(), words[last - 1].end())


# --- What sets a passage and a quote apart ---------------------------------------------------------------

_NAMES = {
    "'": "a straight apostrophe",
    "’": "a curly apostrophe",
    "‘": "a curly opening quotation mark",
    '"': "a straight quotation mark",
    "“": "a curly opening quotation mark",
    "”": "a curly closing quotation mark",
    "-": "a hyphen",
    "\u2010": "a hyphen",
    "\u2011": "a no-break hyphen",
    "–": "an en dash",
    "—": "an em dash",
    "−": "a minus sign",
    "…": "an ellipsis",
    " ": "a space",
    "\t": "a tab",
    "\n": "a line break",
    "\r": "a carriage return",
    "\u00a0": "a no-break space",
    "\u00ad": "a soft hyphen",
}
_PIECE = re.compile(r"[\w\u0300-\u036f\u064b-\u065f]+|\s+|.", re.DOTALL)
_SHOWN = 5


def _differences(quote: str, passage: str) -> tuple[str, ...]:
    """What sets them apart, first to last, each kind once, the sixth and later ones only counted."""
    if len(quote) + len(passage) > 10_000:  # nobody reads that list
        return ("they differ in more than one place",)
    ours, theirs = _PIECE.findall(passage), _PIECE.findall(quote)
    said: dict[str, None] = {}
    # Of long passages difflib overlooks the words that come again and again, or it would take seconds.
    for tag, i, j, k, n in SequenceMatcher(None, ours, theirs).get_opcodes():
        if tag == "equal":
            continue
        pairs = list(zip(ours[i:j], theirs[k:n], strict=False))
        if j - i != n - k or not all(_one_character(*pair) for pair in pairs):
            pairs = [("".join(ours[i:j]), "".join(theirs[k:n]))]
        said |= dict.fromkeys(_difference(*pair) for pair in pairs)
    sentences = list(said)
    if len(sentences) > _SHOWN:
        sentences[_SHOWN:] = [f"and {len(sentences) - _SHOWN} more"]
    return tuple(sentences)


def _one_character(a: str, b: str) -> bool:
    return len(a) == len(b) == 1 or (a.isspace() and b.isspace())


def _difference(text: str, quote: str) -> str:
    if text.isspace() or quote.isspace() or (len(text) == len(quote) == 1 and not (text + quote).isalnum()):
        return f"{_named(text)} in the text, {_named(quote)} in the quote"
    text, quote = text.strip(), quote.strip()
    if not quote:
        return f'"{text}" in the text, not in the quote'
    if not text:
        return f'"{quote}" in the quote, not in the text'
    if unicodedata.normalize("NFC", text) == unicodedata.normalize("NFC", quote):
        form = "composed" if unicodedata.is_normalized("NFC", text) else "decomposed"
        other = "decomposed" if form == "composed" else "composed"
        return f'"{text}" with {form} letters in the text, with {other} ones in the quote'
    return f'"{text}" in the text, "{quote}" in the quote'


def _named(chars: str) -> str:
    """``a curly apostrophe ’ (U+2019)``, ``two spaces``, ``nothing``."""
    if not chars:
        return "nothing"
    if len(chars) > 1:
        if set(chars) == {" "}:
            return "two spaces" if len(chars) == 2 else f"{len(chars)} spaces"
        return ", ".join(map(_named, chars)) if chars.isspace() and len(chars) <= 4 else f'"{chars}"'
    name = _NAMES.get(chars) or f"the character {unicodedata.name(chars, 'without a name').lower()}"
    if chars in " \n\t":
        return name
    visible = f" {chars}" if chars.isprintable() else ""
    return f"{name}{visible} (U+{ord(chars):04X})"


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


def splits_grapheme(text: str, offset: int) -> bool:
    """Whether a cut at ``offset`` falls inside what a reader sees as one character.

    Extended grapheme clusters of UAX 29. No rule there reaches back over an ASCII character, so the nearest
    one starts the window; without one, 256 code points do (a longer run of flags may be told wrongly).
    """
    if not 0 < _inside(text, offset) < len(text):
        return False
    before, after = text[offset - 1], text[offset]
    if before.isascii() and after.isascii():
        return before == "\r" and after == "\n"
    limit = max(0, offset - _LOOK_BACK)
    start = next((i for i in range(offset - 1, limit, -1) if text[i].isascii()), limit)
    import regex  # type: ignore[import-untyped, unused-ignore]  # imported late: only texts beyond ASCII need it

    return all(m.end() != offset - start for m in regex.finditer(r"\X", text[start : offset + 1]))


# The groups are atomic: a lone \r\n must not be split into two line breaks.
_BLANK_LINE = re.compile(r"(?>\r\n|\r|\n)[^\S\r\n]*(?>\r\n|\r|\n)")


def crosses_blank_line(text: str, span: Span) -> bool:
    """Whether an empty line, or one of white space only, lies within the span."""
    return _BLANK_LINE.search(text, span.start, span.end) is not None


def line_column(text: str, offset: int) -> tuple[int, int]:
    r"""Line and column of the character at ``offset``, both from 1; lines end in \n, \r\n or \r."""
    end = _inside(text, offset)
    if text.startswith("\n", end) and end and text[end - 1] == "\r":
        end -= 1  # the line goes on to the end of its \r\n
    breaks = text.count("\n", 0, end) + text.count("\r", 0, end) - text.count("\r\n", 0, end)
    start = max(text.rfind("\n", 0, end), text.rfind("\r", 0, end)) + 1
    return breaks + 1, offset - start + 1


_LINE_BREAK = re.compile(r"[\r\n]")
_SENTENCE_END = re.compile(r"""([.!?…]+["'”’»)\]]*)\s+(?=["'“‘«(\[]*(\w))""")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Gen|Col|Lt|Maj|Capt|Cmdr|Sgt|Adm|Brig|Sen|Rep|Gov|Jr|Sr|No|vs|Jan|Feb|Mar|"
    r"Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)|\b(?:[A-Za-z]\.)*[A-Z]|\b[ap]\.m)\.$"
)
_SIGHT = 2000  # characters either side that may belong to the sentence


def sentence_at(text: str, span: Span) -> Span:
    """The sentence or sentences around a span, without white space at the ends. For display only.

    A sentence ends at a line break, or at . ! ? or … with any closing quotation marks, if white space and an
    upper-case letter or a digit follow and no common abbreviation ("U.S.", "Gen.") comes before.
    """
    before = _LINE_BREAK.split(text[max(0, span.start - _SIGHT) : span.start])[-1]
    after = _LINE_BREAK.split(text[span.end : span.end + _SIGHT])[0]
    start, end = span.start - len(before), span.end + len(after)
    for match in _SENTENCE_END.finditer(text, start, end):
        marks, first = match.span(1), match[2]
        if not (first.isupper() or first.isdigit()) or _ABBREVIATION.search(text, start, marks[0] + 1):
            continue
        if match.end() <= span.start:
            start = match.end()
        elif marks[1] >= span.end:
            end = marks[1]
            break
    return Span(min(_skip(text, start), span.start), max(_skip_back(text, end), span.end))
