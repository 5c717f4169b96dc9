"""Tokens whose borders include those of all spans, so that no span is lost to a tokenizer."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable

from standoff.model.spans import Span

_TOKEN = re.compile(r"\w+|[^\w\s]+")


def tokens(text: str, spans: Iterable[Span]) -> list[Span]:
    """Return words and runs of punctuation, cut at the borders of the spans. White space belongs to no token."""
    cuts = sorted({at for span in spans for at in (span.start, span.end)})
    found = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        inner = cuts[bisect_left(cuts, start + 1) : bisect_left(cuts, end)]
        for begin, stop in zip([start, *inner], [*inner, end], strict=True):
            found.append(Span(begin, stop))
    return found


def covered(found: list[Span], span: Span) -> tuple[int, int] | None:
    """Return the first token of a span and the one after its last; None if it begins or ends in white space."""
    first = bisect_left(found, Span(span.start, span.start))
    last = bisect_left(found, Span(span.end, span.end))
    if first >= last or found[first].start != span.start or found[last - 1].end != span.end:
        return None
    return first, last
