"""The actor registry: who acts, under which code at what time, and as part of whom.

Codes are CAMEO actor codes: elements of three characters from the general to the particular
(``LBNREBHEZ``: Lebanon, rebels, Hezbollah). An actor's code is a matter of time (a minister leaves office),
so each affiliation holds for a period, both of its days included; None is an end without bound.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from difflib import SequenceMatcher

from standoff.model.classes import dataclass

_CODE = re.compile(r"(?:[A-Z0-9]{3})+")


@dataclass(frozen=True, slots=True)
class Affiliation:
    """The code an actor has from ``start`` to ``end``, what it rests on, and the actor it belongs to."""

    code: str
    basis: str
    parent: str | None = None
    role: str | None = None
    start: date | None = None
    end: date | None = None
    note: str | None = None

    def holds(self, earliest: date | None, latest: date | None) -> bool:
        """Whether the period shares a day with ``earliest`` to ``latest``; None is an end without bound."""
        return not (
            (self.start is not None and latest is not None and latest < self.start)
            or (self.end is not None and earliest is not None and self.end < earliest)
        )


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, organisation, government or group, with its affiliations in time."""

    id: str
    name: str
    kind: str
    country: str | None = None
    aliases: tuple[str, ...] = ()
    wikidata: str | None = None
    affiliations: tuple[Affiliation, ...] = ()
    note: str | None = None


class Registry(Mapping[str, Actor]):
    """All actors by id, in the order given. KeyError for an unknown id. ValueError if an id comes twice."""

    def __init__(self, actors: Iterable[Actor]) -> None:
        self._actors: dict[str, Actor] = {}
        for actor in actors:
            if actor.id in self._actors:
                raise ValueError(f'the actor id "{actor.id}" comes twice')
            self._actors[actor.id] = actor

    def __getitem__(self, actor_id: str) -> Actor:
        return self._actors[actor_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._actors)

    def __len__(self) -> int:
        return len(self._actors)

    def affiliation_on(self, actor_id: str, earliest: date | None, latest: date | None) -> Affiliation | None:
        """The affiliation at the time of an event, whose date spans ``earliest`` to ``latest``.

        Of several that share a day with the event, the one that shares most days; of equals, the one that
        begins first, then the one listed first. None if there is none.
        """
        candidates = [a for a in self._actors[actor_id].affiliations if a.holds(earliest, latest)]
        if len(candidates) < 2:
            return candidates[0] if candidates else None
        return min(candidates, key=lambda a: (-_shared(a, earliest, latest), a.start or date.min))

    def code_on(self, actor_id: str, earliest: date | None, latest: date | None) -> str | None:
        """The actor's code at the time of an event, from :meth:`affiliation_on`."""
        affiliation = self.affiliation_on(actor_id, earliest, latest)
        return affiliation.code if affiliation else None

    def ancestors(self, actor_id: str, on: date | None = None) -> tuple[str, ...]:
        """The actor itself, its parent on that day, and so on up.

        Without a day, the parents over all time, by :meth:`affiliation_on`. A parent that is not in the
        registry ends the line, and so does one already in it.
        """
        line = [self._actors[actor_id].id]
        for _ in self._actors:  # so many may stand in a line
            affiliation = self.affiliation_on(line[-1], on, on)
            parent = affiliation.parent if affiliation else None
            if parent not in self._actors or parent in line:
                break
            line.append(parent)
        return tuple(line)

    def top_on(self, actor_id: str, earliest: date | None, latest: date | None) -> str:
        """Return the head of the actor's line of parents at the time of an event: a state, a group, or the actor itself.

        Parents are those of the affiliations of :meth:`affiliation_on`. A parent that is not in the registry ends the
        line, and so does one that is already in it.
        """
        line = [actor_id]
        while affiliation := self.affiliation_on(line[-1], earliest, latest):
            if (
                affiliation.parent is None
                or affiliation.parent not in self._actors
                or affiliation.parent in line
            ):
                break
            line.append(affiliation.parent)
        return line[-1]

    def nearest(self, text: str, n: int = 3) -> list[str]:
        """Up to ``n`` ids whose id, name or alias is like the text, likeliest first.

        First those that are spelled alike (ratio 0.6 or more), then those whose id is a part of the text
        (hamas for hamas-officials), then those that share most of its words, those with its first word first
        (entries of Egypt for egypt-foreign-ministry).
        """
        wanted = text.casefold()
        matcher = SequenceMatcher(b=wanted)
        scored: list[tuple[float, str]] = []
        for actor in self._actors.values():
            best = 0.0
            for name in (actor.id, actor.name, *actor.aliases):
                matcher.set_seq1(name.casefold())
                # The quick ratios are upper bounds and spare most of the work.
                if min(matcher.real_quick_ratio(), matcher.quick_ratio()) > max(best, 0.59):
                    best = max(best, matcher.ratio())
            if best >= 0.6:
                scored.append((-best, actor.id))
        spelled = [actor_id for _, actor_id in sorted(scored)]
        parts = wanted.replace(" ", "-").split("-")
        related = []
        for actor_id in self._actors:
            words = actor_id.split("-")
            shared = len(set(words) & set(parts))
            if shared and (words[0] == parts[0] or set(words) <= set(parts) or shared > 1):
                related.append((not set(words) <= set(parts), words[0] != parts[0], -shared, actor_id))
        # A whole id within the text says more than letters that are alike by chance.
        whole = [actor_id for outside, *_, actor_id in sorted(related) if not outside]
        close = [
            actor_id
            for ratio, actor_id in sorted(scored)
            if ratio <= -0.75 and SequenceMatcher(None, actor_id.split("-")[0], parts[0]).ratio() >= 0.7
        ]
        ordered = [*close, *whole, *spelled, *(actor_id for *_, actor_id in sorted(related))]
        return list(dict.fromkeys(ordered))[:n]


def _shared(affiliation: Affiliation, earliest: date | None, latest: date | None) -> timedelta:
    """From the first to the last day that the affiliation shares with the period."""
    first = max(affiliation.start or date.min, earliest or date.min)
    last = min(affiliation.end or date.max, latest or date.max)
    return last - first


def split_code(code: str) -> tuple[str, ...]:
    """The elements of an actor code: ``("LBN", "REB", "HEZ")``. ValueError if it does not split in threes."""
    if not _CODE.fullmatch(code):
        raise ValueError(
            f'"{code}" is not an actor code: a code has elements of three capital letters or digits, such as LBNREBHEZ'
        )
    return tuple(code[i : i + 3] for i in range(0, len(code), 3))


def code_distance(a: str, b: str) -> float:
    """How far apart two actor codes are: 0 for the same, 1 if the first elements differ.

    One less the number of elements they begin with in common over the number of the longer code. So LBNREBHEZ
    and LBNREB are 1/3 apart, LBN and IRN 1. A metric, as for action codes. ValueError as in `split_code`.
    """
    first, second = split_code(a), split_code(b)
    shared = 0
    for x, y in zip(first, second, strict=False):
        if x != y:
            break
        shared += 1
    return 1 - shared / max(len(first), len(second))
