"""Where quoted words and offsets lead: spans in code points, with the unit that fitted.

Files rarely say in which unit their offsets count. Offsets that come with words are tried as code points, UTF-16
units, bytes of UTF-8, and code points of a text whose line ends are ``\\n``, in this order; the first in which the
text holds the words is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from unicodedata import normalize

from standoff.exchange.records import Passage
from standoff.model import spans
from standoff.model.quotes import AnchorError, QuoteAmbiguous, Selector, anchor
from standoff.model.spans import Span

MOST_PARTS = 4
"""Most parts of a quote with ellipses."""
LONGEST_GAP = 200
"""Most characters that an ellipsis in a quote stands for."""
OTHER_SPELLING = "spelled otherwise"
WRONG_OFFSETS = "offsets wrong"
"""Ends of a way by which words were placed that is not as exact as the file states it."""
_ELLIPSIS = re.compile(r"\s*(?:…|\.\s?\.\s?\.|\[\.\.\.\]|\[…\])\s*")
_DECORATION = " \t\n.,;:!?*_`'\"‘’“”„«»()[]…"
_PLAIN = str.maketrans("‘’‚‛“”„‟«»‐‑‒–—−\u00a0", '\'\'\'\'""""""------ ')


@dataclass(frozen=True, slots=True)
class Placed:
    """The passage, the unit or way by which it was placed, and the fault where it was not (or not surely)."""

    passage: Passage
    how: str | None = None
    fault: str | None = None
    message: str = ""


def by_words(
    text: str | None,
    quote: str,
    prefix: str | None = None,
    suffix: str | None = None,
    within: Span | None = None,
) -> Placed:
    """Place a quote. Words that occur several times are placed at the first, with the fault words-ambiguous.

    If the exact words do not occur, a second look ignores case, runs of white space, the shape of quotation marks and
    dashes, and lets an ellipsis stand for words that were left out; a third one ignores punctuation at both ends.
    Language models often change these.
    """
    if text is None:
        return Placed(Passage(quote))
    if not quote.strip():
        return Placed(Passage(quote), None, "words-not-found", "the trigger is empty")
    try:
        return Placed(Passage(quote, anchor(Selector(quote, prefix, suffix), text, within)), "quote")
    except QuoteAmbiguous as error:
        return _ambiguous(quote, list(error.occurrences), "quote")
    except AnchorError:
        pass
    found = _relaxed(text, quote, within) or _relaxed(text, quote.strip(_DECORATION), within)
    if len(found) > 1 and (prefix or suffix):
        beside = [s for s in found if _beside(text, s, prefix, suffix)]
        found = beside or found
    if not found:
        if within is not None:
            return by_words(text, quote, prefix, suffix)
        return Placed(Passage(quote), None, "words-not-found", f'"{quote}" does not occur in the document')
    if len(found) == 1:
        return Placed(Passage(quote, found[0]), f"quote, {OTHER_SPELLING}")
    return _ambiguous(quote, found, f"quote, {OTHER_SPELLING}")


def _ambiguous(quote: str, found: list[Span], how: str) -> Placed:
    return Placed(
        Passage(quote, found[0]),
        how,
        "words-ambiguous",
        f'"{quote}" occurs {len(found)} times; placed at the first. Add a prefix, suffix or evidence',
    )


def _relaxed(text: str, quote: str, within: Span | None) -> list[Span]:
    parts = _ELLIPSIS.split(normalize("NFC", quote).translate(_PLAIN))
    parts = [part for part in parts if part.strip()]
    if not 0 < len(parts) <= MOST_PARTS or len(quote) > len(text) + 100:
        return []
    words = [r"\s+".join(map(re.escape, part.split())) for part in parts]
    gap = rf"\s*(?:…|\.\s?\.\s?\.|.{{1,{LONGEST_GAP}}}?)\s*"
    pattern = re.compile(f"(?=({gap.join(words)}))", re.IGNORECASE | re.DOTALL)
    window = within or Span(0, len(text))
    plain = text.translate(_PLAIN)[: window.end]
    shortest: list[Span] = []  # of two that end alike or hold one another, the shorter one
    for span in reversed([Span(*m.span(1)) for m in pattern.finditer(plain, window.start)]):
        if not shortest or span.end < shortest[-1].end:
            shortest.append(span)
    return shortest[::-1]


def _beside(text: str, span: Span, prefix: str | None, suffix: str | None) -> bool:
    before, after = (
        " ".join((words or "").translate(_PLAIN).casefold().split()) for words in (prefix, suffix)
    )
    reach = 2 * (len(before) + len(after)) + 20
    left = " ".join(text[max(0, span.start - reach) : span.start].translate(_PLAIN).casefold().split())
    right = " ".join(text[span.end : span.end + reach].translate(_PLAIN).casefold().split())
    return left.endswith(before) and right.startswith(after)


def _crlf(text: str, offset: int) -> int:
    """Return the code point that stands at `offset` once every ``\\r\\n`` is written as ``\\n``."""
    at = max(offset, 0)
    pair = text.find("\r\n")
    while 0 <= pair < at:
        at += 1
        pair = text.find("\r\n", pair + 2)
    if at > len(text):
        raise ValueError(f"offset {offset} lies outside the text")
    return at


def _same(text: str, offset: int) -> int:
    if not 0 <= offset <= len(text):
        raise ValueError(f"offset {offset} lies outside the text")
    return offset


UNITS: dict[str, Callable[[str, int], int]] = {
    "code points": _same,
    "UTF-16": spans.from_utf16,
    "bytes": spans.from_utf8,
    "code points, line ends as \\n": _crlf,
}
"""Units of offsets in the order in which they are tried."""

NAMES = {
    "codepoint": "code points",
    "codepoints": "code points",
    "code_points": "code points",
    "characters": "code points",
    "utf16": "UTF-16",
    "utf-16": "UTF-16",
    "javascript": "UTF-16",
    "byte": "bytes",
    "bytes": "bytes",
    "utf8": "bytes",
    "utf-8": "bytes",
}
"""How files name the units."""


def by_offsets(
    text: str | None, start: int, end: int, words: str | None = None, unit: str | None = None
) -> Placed:
    """Place offsets. With words, the text must hold them there in some unit; else the words alone decide."""
    stated = NAMES.get((unit or "").strip().lower().replace(" ", ""))
    if start < 0 or end <= start:
        return Placed(Passage(words), None, "offsets-outside", f"{start}..{end} is no span")
    if text is None:
        span = Span(start, end) if stated in (None, "code points") else None
        return Placed(Passage(words, span), "offsets, not checked")
    if words is None:
        name = stated or "code points"
        span = _span(text, start, end, name)
        if span is None:
            return Placed(
                Passage(None), None, "offsets-outside", f"{start}..{end} ({name}) lies outside the text"
            )
        return Placed(Passage(span.of(text), span), f"{name}, not checked")
    order = [stated, *UNITS] if stated else list(UNITS)
    candidates = [(name, span) for name in order if (span := _span(text, start, end, name)) is not None]
    for same in (str.__eq__, _alike):
        for name, span in candidates:
            if same(span.of(text), words):
                return Placed(Passage(words, span), name)
    placed = by_words(text, words)
    if placed.fault is None:
        how = f"{placed.how}; {WRONG_OFFSETS}"
        found = placed.passage.span
        where = f"; these words are at {found.start}..{found.end}" if found else ""
        message = f'{start}..{end} does not hold "{words}" in any unit{where}'
        return Placed(placed.passage, how, "offsets-disagree", message)
    return Placed(
        Passage(words), None, "offsets-disagree", f'{start}..{end} does not hold "{words}" in any unit'
    )


def _span(text: str, start: int, end: int, unit: str) -> Span | None:
    convert = UNITS[unit]
    try:
        return Span(convert(text, start), convert(text, end))
    except ValueError:
        return None


def _alike(found: str, words: str) -> bool:
    return found == words or found.translate(_PLAIN).split() == words.translate(_PLAIN).split()
