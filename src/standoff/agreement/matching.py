"""Which record of one reader is which record of another: an optimal one-to-one matching.

Two events can be the same only if their words say so: their triggers overlap, at least half of their joint
evidence is shared, or the trigger of one is in a passage that the other lists as a further mention. Of all
ways to pair them off, the one with the greatest total weight is taken. What the readers coded never decides
between pairings of unequal weight; it only breaks ties, such as two acts that one verb reports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from standoff.agreement.assignment import assign
from standoff.agreement.distances import masi
from standoff.codes.scheme import Tree
from standoff.model.spans import Span
from standoff.source.records import Event, Negative

T = TypeVar("T")

SHARED_EVIDENCE = 0.5
"""Least share of the joint evidence that two events without overlapping triggers must have in common."""
MENTIONED = 0.25
"""Weight of a pair whose only tie is that one reader lists as a mention what the other took as the trigger."""
_UNIT = 10**9  # weights become whole numbers, so that sums are exact and ties are ties
_TIE = 10**3


@dataclass(frozen=True, slots=True)
class Matching(Generic[T]):
    """The pairs, and what is left on either side; each list in the order of the text."""

    pairs: tuple[tuple[T, T], ...]
    first_only: tuple[T, ...]
    second_only: tuple[T, ...]


def match_events(first: Iterable[Event], second: Iterable[Event], actions: Tree) -> Matching[Event]:
    """Match the events of two readings of one document, coded with `actions`.

    Events whose words were not found are left out; their action codes must be known.
    """

    def weight(a: Event, b: Event) -> int:
        return _event_weight(a, b, actions)

    return _match(_in_text_order(first, _event_key), _in_text_order(second, _event_key), weight)


def match_negatives(first: Iterable[Negative], second: Iterable[Negative]) -> Matching[Negative]:
    """Match the hard negatives of two readings of one document: those whose words overlap."""
    return _match(
        _in_text_order(first, _negative_key), _in_text_order(second, _negative_key), _negative_weight
    )


def iou(a: Span | None, b: Span | None) -> float:
    """Characters in both spans over characters in either, in [0, 1]; 0 where a span is missing or both are empty."""
    if a is None or b is None:
        return 0.0
    both = max(0, min(a.end, b.end) - max(a.start, b.start))
    either = (a.end - a.start) + (b.end - b.start) - both
    return both / either if either else 0.0


def _match(first: list[T], second: list[T], weight: Callable[[T, T], int]) -> Matching[T]:
    pairs = assign([[weight(a, b) for b in second] for a in first])
    rows, columns = {i for i, _ in pairs}, {j for _, j in pairs}
    return Matching(
        tuple((first[i], second[j]) for i, j in pairs),
        tuple(a for i, a in enumerate(first) if i not in rows),
        tuple(b for j, b in enumerate(second) if j not in columns),
    )


def _in_text_order(records: Iterable[T], key: Callable[[T], tuple[object, ...] | None]) -> list[T]:
    """Sorted by what they say, so that the order in a file and the numbers in ids decide nothing."""
    keyed = [(found, record) for record in records if (found := key(record)) is not None]
    return [record for _, record in sorted(keyed, key=lambda pair: pair[0])]


def _event_key(event: Event) -> tuple[object, ...] | None:
    if event.trigger.span is None or event.evidence.span is None:
        return None
    parties = [(role, party.actor_id) for role, party in event.parties()]
    return (event.trigger.span, event.evidence.span, event.action, event.date.text, parties, event.id)


def _negative_key(negative: Negative) -> tuple[object, ...] | None:
    return None if negative.trigger.span is None else (negative.trigger.span, negative.reason, negative.id)


def _event_weight(a: Event, b: Event, actions: Tree) -> int:
    triggers, evidence = iou(a.trigger.span, b.trigger.span), iou(a.evidence.span, b.evidence.span)
    if triggers > 0:
        weight = 1 + triggers + evidence
    elif evidence >= SHARED_EVIDENCE:
        weight = evidence
    elif _mentions(a, b) or _mentions(b, a):
        weight = MENTIONED
    else:
        return 0
    return round(weight * _UNIT) * _TIE + round(_alike(a, b, actions) * (_TIE - 1))


def _negative_weight(a: Negative, b: Negative) -> int:
    shared = iou(a.trigger.span, b.trigger.span)
    return round((1 + shared) * _UNIT) * _TIE + (a.reason == b.reason) if shared > 0 else 0


def _mentions(a: Event, b: Event) -> bool:
    """Return whether the trigger of `b` is in a passage that `a` lists as a further mention."""
    trigger = b.trigger.span
    return trigger is not None and any(m.span is not None and m.span.contains(trigger) for m in a.mentions)


def _alike(a: Event, b: Event, actions: Tree) -> float:
    """How alike two events are coded, in [0, 1]: half for the action, half for who is in them."""
    ours, theirs = (frozenset(f"{role} {p.actor_id}" for role, p in e.parties()) for e in (a, b))
    return 1 - (actions.distance(a.action, b.action) + masi(ours, theirs)) / 2
