"""Who vouches for an event: the narrator, one of its sides, a third party, or an unnamed source."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from standoff.model.patterns import pattern

SIDES = ("narrator", "actor", "target", "third_party", "unnamed", "several")
"""Who may vouch for an event."""


def vouched_by(sources: Iterable[str | None], actors: Collection[str], targets: Collection[str]) -> str:
    """Return who vouches for an event, one of `SIDES`.

    `sources`, `actors` and `targets` are the heads of hierarchy of the sources and of the two sides on the event's
    date; a source without name or body is None. A source that is on both sides counts as actor.
    """
    found = {_side(source, actors, targets) for source in sources}
    if not found:
        return "narrator"
    return found.pop() if len(found) == 1 else "several"


def _side(source: str | None, actors: Collection[str], targets: Collection[str]) -> str:
    if source is None:
        return "unnamed"
    if source in actors:
        return "actor"
    return "target" if source in targets else "third_party"


_PEOPLE = pattern(
    r"\b(?:officials?|sources?|persons?|people|diplomats?|lawmakers?|aides?|advis[eo]rs?|officers?|insiders?|"
    r"analysts?|experts?|witness(?:es)?|residents?|villagers?|leaders?|those)\b",
    re.IGNORECASE,
)


def is_anonymous(kind: str | None, words: str) -> bool:
    """Return whether a source is a person or people without a name, by the words that name it (English).

    `kind` is that of its registry entry, None where it has none. A body that is coded for "an Israeli official" is
    anonymous; a spokesperson speaks for the body and is not, nor is a person, whatever the words ("he").
    """
    if kind is None:
        return True
    return kind != "person" and _PEOPLE.search(words) is not None
