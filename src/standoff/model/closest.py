"""The passage of a text that is most like a quote which does not occur there, and what sets the two apart."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cache
from itertools import accumulate, takewhile
from operator import itemgetter, sub

from standoff.model.classes import dataclass
from standoff.model.patterns import pattern
from standoff.model.spans import Span

__all__ = ["Passage", "closest", "same_words"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of text that resembles a quote, and in sentences how the two differ."""

    span: Span
    text: str
    differences: tuple[str, ...]


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


@cache
def _token() -> re.Pattern[str]:
    """Matches a word, a letter of a script without spaces, or a sign. Compiled on first use: most runs need none."""
    return re.compile(rf"[{_SPACELESS}]|(?<![^\W{_SPACELESS}])[^\W{_SPACELESS}]+|[^\w\s]")


def _alike(quote: str, text: str) -> tuple[int, int] | None:
    """Start and end, in folded text, of the stretch most like the folded quote."""
    words = list(_token().finditer(quote))
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
    return list(takewhile(lambda word: word.start() < end, _token().finditer(text, start)))


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
_PIECE = pattern(r"[\w\u0300-\u036f\u064b-\u065f]+|\s+|.", re.DOTALL)
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
