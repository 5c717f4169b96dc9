"""Codes found by words: by their beginning, by words as they are, and else by stems and words of like meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from standoff import schema
from standoff.codes.scheme import Action, CodeList, Scheme

_WORD = re.compile(r"[^\W_]+")
_ENDINGS = re.compile(r"(?<=\w{3})(ings?|edly|ed|ers?|es|s|e)$")
SYNONYMS = "codes/synonyms.txt"


def actions(scheme: Scheme, sought: str) -> list[Action]:
    """Return the actions whose code begins with `sought`, then those with it in the label, then in other texts."""
    word = sought.casefold()
    ranked: list[tuple[int, Action]] = []
    for action in scheme.actions.values():
        texts = (action.code, action.label, f"{action.definition} {action.usage}")
        found = [texts[0].casefold().startswith(word), *(word in text.casefold() for text in texts[1:])]
        if any(found):
            ranked.append((found.index(True), action))
    return [action for _, action in sorted(ranked, key=lambda pair: pair[0])]


def elements(scheme: Scheme, sought: str) -> Iterator[tuple[bool, CodeList, str, str]]:
    """Yield the elements of actor codes with `sought` as code or in a text: whether it is the code, the list, code, label."""
    word = sought.casefold()
    for codes in scheme.actor_lists.values():
        for code, row in codes.items():
            label = row.get(codes.label) or ""
            texts = (label, row.get("definition") or "", row.get("description") or "")
            if code.casefold() == word or any(word in text.casefold() for text in texts):
                yield code.casefold() == word, codes, code, label


def alike(scheme: Scheme, sought: str) -> list[Action]:
    """Return the actions that have most words of `sought`, in another form or as a word of like meaning.

    Those that have them in the label come first. Empty if no action has any of them, or if `sought` looks like a code.
    """
    if not sought.replace(" ", "").replace("-", "").isalpha():
        return []
    wanted = [_synonyms().get(stem, frozenset({stem})) for stem in map(_stem, _words(sought))]
    ranked: list[tuple[int, int, Action]] = []
    for action in scheme.actions.values():
        label = _stems(action.label)
        texts = label | _stems(f"{action.definition} {action.usage}")
        in_label, anywhere = (sum(bool(stems & words) for words in wanted) for stems in (label, texts))
        if anywhere:
            ranked.append((anywhere, in_label, action))
    most = max((anywhere for anywhere, _, _ in ranked), default=0)
    best = (entry for entry in ranked if entry[0] == most)
    return [action for _, _, action in sorted(best, key=lambda entry: -entry[1])]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _stem(word: str) -> str:
    """Return a word without its ending, so that condemned, condemns and condemning are one."""
    return _ENDINGS.sub("", word)


def _stems(text: str) -> frozenset[str]:
    return frozenset(map(_stem, _words(text)))


@cache
def _synonyms() -> dict[str, frozenset[str]]:
    """Return for the stem of each listed word the stems of all words that share a group with it, its own among them."""
    lines: Iterable[str] = (schema.folder() / SYNONYMS).read_text(encoding="utf-8").splitlines()
    found: dict[str, frozenset[str]] = {}
    for line in lines:
        group = frozenset() if line.startswith("#") else _stems(line)
        for stem in group:
            found[stem] = found.get(stem, frozenset()) | group
    return found
