"""Digests: what rules about the whole dataset look at first, so that they need the records of few files.

Records are built by the process that checks them. It sends the digests of its files to the others, which is sooner done
than to send the records or to build them again.
"""

from __future__ import annotations

from collections.abc import Sequence

from standoff.model.classes import dataclass
from standoff.source.records import Event, Negative


@dataclass(frozen=True, slots=True)
class Digest:
    """What is in one annotation file: the ids of its records, in their order, and the ids that these name.

    `links` are the events that links lead to, `actors` and `places` the entries of the registries. `incidents` says
    whether an event is of an incident, `withheld` how many records were not built.
    """

    events: tuple[str, ...]
    negatives: tuple[str, ...]
    links: frozenset[str]
    actors: frozenset[str]
    places: frozenset[str]
    incidents: bool
    withheld: int

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the events, then those of the negatives."""
        return self.events + self.negatives


def digest(events: Sequence[Event], negatives: Sequence[Negative], withheld: int) -> Digest:
    """Return the digest of the records of one file."""
    actors = {party.actor_id for event in events for _, party in event.parties()}
    for entry in [negative.would_be for negative in negatives if negative.would_be is not None]:
        actors |= {each for each in (entry.actor_id, entry.target_id) if each is not None}
    return Digest(
        tuple([event.id for event in events]),
        tuple([negative.id for negative in negatives]),
        frozenset([link.event_id for event in events for link in event.links]),
        frozenset(actors),
        frozenset([location.place_id for event in events for location in event.where]),
        any(event.incident is not None for event in events),
        withheld,
    )
