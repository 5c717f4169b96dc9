"""Which relations between events two readings share."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from standoff.agreement.matching import Matching
from standoff.source.records import Event

Hits = list[list[tuple[bool, bool]]]
CRITERIA: dict[str, Callable[[tuple[str, Any, Any]], Any]] = {
    "F1, same relation": lambda link: link,
    "F1, any relation": lambda link: frozenset(link[1:]),
}


def link_hits(documents: Sequence[Matching[Event]]) -> Iterator[tuple[str, Hits]]:
    """Yield for each criterion the links of each document as `f1_estimate` takes them.

    A link joins two events of one document. It is found by both if both its events are matched and the other reading
    joins the same two: by the same relation in the same direction, or by any relation. Links to another document are left
    out, as a reader may have seen one document only.
    """
    for criterion, what in CRITERIA.items():
        hits: Hits = []
        for matching in documents:
            ours = {what(link) for link in _links(matching, 0)}
            theirs = {what(link) for link in _links(matching, 1)}
            hits.append([(True, True)] * len(ours & theirs) + [(False, False)] * len(ours ^ theirs))
        yield criterion, hits


def _links(matching: Matching[Event], side: int) -> Iterator[tuple[str, object, object]]:
    """The links of one reading. A matched event is called by the number of its pair, so that both call it alike."""
    alone = matching.second_only if side else matching.first_only
    names: dict[str, object] = {pair[side].id: number for number, pair in enumerate(matching.pairs)}
    names |= {event.id: (side, event.id) for event in alone}
    for event in (*(pair[side] for pair in matching.pairs), *alone):
        for link in event.links:
            if link.event_id in names:
                yield link.relation, names[event.id], names[link.event_id]
