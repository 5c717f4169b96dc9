"""Which record of one reader is which record of another: an optimal one-to-one matching.

Two events can be the same only if their words say so: their triggers overlap, at least half of their joint
evidence is shared, or the trigger of one stands in a passage that the other lists as a further mention. Of all
ways to pair them off, the one with the greatest total weight is taken. What the readers coded never decides
between pairings of unequal weight; it only breaks ties, such as two acts told by one verb.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from standoff import schema
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


def match_events(first: Iterable[Event], second: Iterable[Event]) -> Matching[Event]:
    """Match the events of two readings of one document. Events whose words were not found are left out."""
    return _match(_in_text_order(first, _event_key), _in_text_order(second, _event_key), _event_weight)


def match_negatives(first: Iterable[Negative], second: Iterable[Negative]) -> Matching[Negative]:
    """Match the hard negatives of two readings of one document: those whose words overlap."""
    return _match(
        _in_text_order(first, _negative_key), _in_text_order(second, _negative_key), _negative_weight
    )


def iou(a: Span, b: Span) -> float:
    """Characters in both spans over characters in either, in [0, 1]."""
    both = max(0, min(a.end, b.end) - max(a.start, b.start))
    either = (a.end - a.start) + (b.end - b.start) - both
    return both / either if either else 0.0


def assign(weights: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """The one-to-one assignment of rows to columns with the greatest total weight, in the order of the rows.

    Weights are whole numbers from 0; pairs of weight 0 are not assigned. The Hungarian method by shortest
    augmenting paths, with potentials (Kuhn 1955; Jonker and Volgenant 1987), in O(rows² x columns).
    """
    height, width = len(weights), len(weights[0]) if weights else 0
    if height > width:
        return sorted((row, column) for column, row in assign([list(c) for c in zip(*weights, strict=True)]))
    # Column 0 stands for "not yet assigned"; rows and columns count from 1, owner 0 is nobody.
    row_potential, column_potential = [0] * (height + 1), [0] * (width + 1)
    owner, came_from = [0] * (width + 1), [0] * (width + 1)
    for row in range(1, height + 1):
        owner[0], column = row, 0
        slack: list[float] = [float("inf")] * (width + 1)
        visited = [False] * (width + 1)
        while owner[column]:
            visited[column] = True
            current, step, nearest = owner[column], float("inf"), 0
            for j in range(1, width + 1):
                if visited[j]:
                    continue
                reduced = -weights[current - 1][j - 1] - row_potential[current] - column_potential[j]
                if reduced < slack[j]:
                    slack[j], came_from[j] = reduced, column
                if slack[j] < step:
                    step, nearest = slack[j], j
            for j in range(width + 1):
                if visited[j]:
                    row_potential[owner[j]] += int(step)
                    column_potential[j] -= int(step)
                else:
                    slack[j] -= step
            column = nearest
        while column:
            owner[column], column = owner[came_from[column]], came_from[column]
    pairs = [(owner[j] - 1, j - 1) for j in range(1, width + 1) if owner[j]]
    return sorted((i, j) for i, j in pairs if weights[i][j] > 0)


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
    return None if negative.quote.span is None else (negative.quote.span, negative.reason, negative.id)


def _event_weight(a: Event, b: Event) -> int:
    triggers, evidence = _iou(a.trigger.span, b.trigger.span), _iou(a.evidence.span, b.evidence.span)
    if triggers > 0:
        weight = 1 + triggers + evidence
    elif evidence >= SHARED_EVIDENCE:
        weight = evidence
    elif _mentions(a, b) or _mentions(b, a):
        weight = MENTIONED
    else:
        return 0
    return round(weight * _UNIT) * _TIE + round(_alike(a, b) * (_TIE - 1))


def _negative_weight(a: Negative, b: Negative) -> int:
    shared = _iou(a.quote.span, b.quote.span)
    return round((1 + shared) * _UNIT) * _TIE + (a.reason == b.reason) if shared > 0 else 0


def _iou(a: Span | None, b: Span | None) -> float:
    return iou(a, b) if a is not None and b is not None else 0.0


def _mentions(a: Event, b: Event) -> bool:
    """Whether the trigger of `b` stands in a passage that `a` lists as a further mention."""
    trigger = b.trigger.span
    return trigger is not None and any(m.span is not None and m.span.contains(trigger) for m in a.mentions)


def _alike(a: Event, b: Event) -> float:
    """How alike two events of equal words are coded, in [0, 1]: their actions, then who is in them."""
    actions = schema.actions()
    known = a.action in actions and b.action in actions
    action = 1 - actions.distance(a.action, b.action) if known else float(a.action == b.action)
    ours, theirs = ({(role, p.actor_id) for role, p in e.parties()} for e in (a, b))
    return (2 * action + (len(ours & theirs) / len(ours | theirs) if ours | theirs else 1)) / 3
