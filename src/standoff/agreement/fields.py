"""The coded fields that are compared: what each holds in a record, and the distances by which alpha is computed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from standoff.agreement import distances
from standoff.codes.scheme import Tree
from standoff.model import dates
from standoff.model.actors import Registry, code_distance
from standoff.model.spans import Span
from standoff.source.records import Event, Negative, Party

R = TypeVar("R", Event, Negative)
Distance = Callable[[Any, Any], float]
NOMINAL: Mapping[str, Distance] = {"nominal": distances.nominal}
MASI: Mapping[str, Distance] = {"MASI": distances.masi}
NOT_GIVEN = ""
"""The value of a party that a reader left out: a value like others, for leaving it out is a decision."""


@dataclass(frozen=True, slots=True)
class Field(Generic[R]):
    """One coded field: what it holds in a record, and the distances by which alpha is computed."""

    name: str
    value: Callable[[R], Hashable]
    alphas: Mapping[str, Distance]
    shares: Mapping[str, Distance] = field(default_factory=dict)
    """Further means over the matched pairs besides the share that is identical."""


def event_fields(registry: Registry, actions: Tree) -> tuple[Field[Event], ...]:
    """Return the fields that events of every edition have. Actor codes are those of the date that the reader gave."""

    def ids(parties: Callable[[Event], Sequence[Party]]) -> Callable[[Event], Hashable]:
        return lambda event: frozenset(party.actor_id for party in parties(event))

    def codes(parties: Callable[[Event], Sequence[Party]]) -> Callable[[Event], Hashable]:
        return lambda event: tuple(sorted(_code(party, event, registry) for party in parties(event)))

    tree = {"hierarchical": distances.paired(code_distance)}
    return (
        Field("action code", lambda e: e.action, {**NOMINAL, "hierarchical": actions.distance}),
        Field("root code", lambda e: actions[e.action].root, NOMINAL),
        Field("quad class", lambda e: actions[e.action].quad_class, NOMINAL),
        Field("actor entries", ids(lambda e: e.actors), MASI),
        Field("actor codes", codes(lambda e: e.actors), tree),
        Field("target entries", ids(lambda e: e.targets), MASI),
        Field("target codes", codes(lambda e: e.targets), tree),
        Field(
            "date",
            lambda e: e.date.value,
            {"days not shared": distances.days},
            {"share compatible": dates.overlaps, "mean overlap of days": dates.iou},
        ),
        Field("date basis", lambda e: e.date_basis, NOMINAL),
        Field("status", lambda e: e.status, NOMINAL),
        Field("attribution", ids(lambda e: e.attribution), MASI),
        Field("reciprocal", lambda e: e.reciprocal, NOMINAL),
        Field("least count", lambda e: e.count_min, NOMINAL),
    )


def _code(party: Party, event: Event, registry: Registry) -> str:
    when = event.date.value
    assert when is not None, "a pass is compared once it has no errors"
    code = registry.code_on(party.actor_id, when.earliest, when.latest)
    assert code is not None, "a pass is compared once it has no errors"
    return code


EVENT_FIELDS_2: tuple[Field[Event], ...] = (
    Field("date shape", lambda e: e.shape or NOT_GIVEN, NOMINAL),
    Field("places", lambda e: frozenset(where.place_id for where in e.where), MASI),
    Field(
        "places with relation",
        lambda e: frozenset(f"{where.relation} {where.place_id}" for where in e.where),
        MASI,
    ),
)
"""The fields that events have since edition 2 of the form."""


def _mark(negative: Negative) -> Span | None:
    return None if negative.mark is None else negative.mark.span


def _same_mark(a: Span | None, b: Span | None) -> float:
    """1 if both marks share a character, or neither reader found a word that marks the reason."""
    return float(a.overlaps(b) if a and b else a is b)


def _would_be(part: Callable[[Any], str | None]) -> Callable[[Negative], Hashable]:
    return lambda negative: (part(negative.would_be) if negative.would_be else None) or NOT_GIVEN


def negative_fields(actions: Tree) -> tuple[tuple[Field[Negative], int], ...]:
    """Return the fields of a negative, each with the edition of the form since which it is there."""
    return (
        (Field("reason", lambda n: n.reason, NOMINAL), 1),
        (Field("mark", _mark, {}, {"share overlapping": _same_mark}), 2),
        (Field("would-be code", _would_be(lambda w: w.action), NOMINAL), 2),
        (Field("would-be root", _would_be(lambda w: actions[w.action].root), NOMINAL), 2),
        (Field("would-be actor", _would_be(lambda w: w.actor_id), NOMINAL), 2),
        (Field("would-be target", _would_be(lambda w: w.target_id), NOMINAL), 2),
    )
