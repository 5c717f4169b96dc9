"""Quotes anchored into untouched text.

The selector (a quote with the words before and after it) is the TextQuoteSelector of the W3C Web Annotation
Data Model (2017), section 4.2.4.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from standoff.model.classes import dataclass
from standoff.model.spans import Span, skip_space, skip_space_back

if TYPE_CHECKING:
    from standoff.model.closest import Passage

__all__ = [
    "AnchorError",
    "QuoteAmbiguous",
    "QuoteNotFound",
    "Selector",
    "anchor",
    "find_all",
]

ELLIPSIS = " … "  # between the first and the last words of a long quote
MAX_PLACES = 1000  # so many occurrences of a quote are looked at; a text that repeats more often is no report
BESIDE = 40  # so many characters beside a quote are shown at most
MAX_JOINS = 20  # so many ellipses of a quote are tried as the join of its ends


@dataclass(frozen=True, slots=True)
class Selector:
    """What an annotator writes to point at words: the quote and, if it occurs several times, the words around it."""

    quote: str
    prefix: str | None = None
    suffix: str | None = None


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
        from standoff.model.closest import Passage, closest  # imported late: few quotes are not found

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
        return f'"{self.selector.quote}" occurs {times} times; add a prefix or suffix'


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
    start, end = (within.start, within.end) if within else (0, len(text))
    at = text.find(selector.quote, start, end) if not selector.prefix and not selector.suffix else -1
    if at >= 0 and selector.quote and text.find(selector.quote, at + 1, end) < 0:
        return Span(at, at + len(selector.quote))  # the usual case, sooner
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
    """Return the spans between prefix and suffix; if any have no white space in between, only these."""
    before, after = prefix or "", suffix or ""
    direct = [s for s in spans if text.endswith(before, 0, s.start) and text.startswith(after, s.end)]
    return direct or [
        s for s in spans if _stands_before(before, text, s.start) and _stands_after(after, text, s.end)
    ]


def _stands_before(prefix: str, text: str, offset: int) -> bool:
    """Whether the prefix ends at the offset or at the white space before it; only the former if it is white itself."""
    words = prefix.rstrip() or prefix
    return text.endswith(prefix, 0, offset) or text.endswith(words, 0, skip_space_back(text, offset))


def _stands_after(suffix: str, text: str, offset: int) -> bool:
    words = suffix.lstrip() or suffix
    return text.startswith(suffix, offset) or text.startswith(words, skip_space(text, offset))


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
