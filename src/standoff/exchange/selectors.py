"""Quotes for spans: the words, with as much of their surroundings as tells them from the same words elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from standoff.model.quotes import ELLIPSIS, AnchorError, Selector, anchor
from standoff.model.spans import Span

LONG = 400
"""Evidence of more characters is named by its first and last words."""
_WORD = re.compile(r"\S+")


def quote(
    span: Span, text: str, within: Span | None = None, own: Iterable[Selector] = ()
) -> str | dict[str, str]:
    """Return the words of a span as an annotation file states them: text, or quote with prefix, suffix.

    `anchor` finds exactly this span by them, inside `within` if given. Those of `own` are tried first.
    """
    likely = (each for each in own if text.startswith(each.quote[:1], span.start))
    for selector in chain(likely, _candidates(span, text)):
        try:
            if anchor(selector, text, within) == span:
                return _value(selector)
        except AnchorError:
            continue
    raise ValueError(f"no quote leads to {span.start}..{span.end}")


def stated(value: Any, text: str) -> Iterator[Selector]:
    """Yield the quotes in a value of an annotation file that `quote` may state in another way."""
    if isinstance(value, dict):
        words = value.get("quote")
        beside = value.get("prefix"), value.get("suffix")
        sound = all(each is None or isinstance(each, str) for each in beside)
        if isinstance(words, str) and sound and (any(beside) or _is_free(words, text)):
            yield Selector(words, *beside)
        for key, inner in value.items():
            if isinstance(inner, dict | list) or key in ("evidence", "trigger"):
                yield from stated(inner, text)
    elif isinstance(value, list):
        for inner in value:
            yield from stated(inner, text)
    elif isinstance(value, str) and _is_free(value, text):
        yield Selector(value)


def _is_free(words: str, text: str) -> bool:
    return ELLIPSIS in words or len(words) > LONG or words not in text


def _candidates(span: Span, text: str) -> Iterator[Selector]:
    """Yield selectors, the shortest first."""
    words = span.of(text)
    if len(words) > LONG or "\n" in words or "\r" in words:
        first, last = _WORD.findall(words)[:6], _WORD.findall(words)[-6:]
        if len(_WORD.findall(words)) > 12:
            head = words[: _end(words, len(first))]
            tail = words[_start(words, len(last)) :]
            if not re.search(r"[\r\n]", head + tail):
                yield Selector(head + ELLIPSIS + tail)
    yield Selector(words)
    before, after = text[: span.start], text[span.end :]
    starts = [m.start() for m in _WORD.finditer(before, max(0, len(before) - 400))][::-1]
    ends = [m.end() for m in _WORD.finditer(after, 0, 400)]
    for n in range(1, max(len(starts), len(ends), 2)):  # one word alone reads badly
        prefix = before[starts[min(n, len(starts) - 1)] :] if starts else None
        suffix = after[: ends[min(n, len(ends) - 1)]] if ends else None
        if prefix:
            yield Selector(words, prefix)
        if suffix:
            yield Selector(words, None, suffix)
        if prefix and suffix:
            yield Selector(words, prefix, suffix)
    yield Selector(words, before or None, after or None)


def _end(words: str, count: int) -> int:
    return list(_WORD.finditer(words))[count - 1].end()


def _start(words: str, count: int) -> int:
    return list(_WORD.finditer(words))[-count].start()


def _value(selector: Selector) -> str | dict[str, str]:
    found: dict[str, Any] = {"quote": selector.quote}
    if selector.prefix:
        found["prefix"] = selector.prefix
    if selector.suffix:
        found["suffix"] = selector.suffix
    return selector.quote if len(found) == 1 else found
