"""What two passes agree on: finding the same records, and coding them alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from standoff.agreement import distances
from standoff.agreement.coefficients import Alpha, Estimate, f1_estimate, mean_estimate
from standoff.agreement.matching import Matching, match_events, match_negatives
from standoff.codes.scheme import Tree
from standoff.findings import UsageError
from standoff.model import dates
from standoff.model.actors import Registry, code_distance
from standoff.source.corpus import AnnotationFile, Corpus
from standoff.source.records import UNNAMED, Event, Negative, Party

Distance = Callable[[Any, Any], float]


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure: what is measured, by which statistic, and the estimate."""

    part: str
    name: str
    statistic: str
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Confusion:
    """How often one reader's value met another's; None stands for a record that the other did not make."""

    name: str
    cells: dict[tuple[str | None, str | None], int]


@dataclass(frozen=True, slots=True)
class Compared:
    """What was compared in one document: how many records each reader made, and how many were matched."""

    document_id: str
    events: tuple[int, int]
    events_matched: int
    negatives: tuple[int, int]
    negatives_matched: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """All that the comparison of two passes gives. `annotators` are the entries of dataset.toml."""

    annotators: tuple[Mapping[str, Any], Mapping[str, Any]]
    documents: tuple[Compared, ...]
    left_out: tuple[str, ...]
    measures: tuple[Measure, ...]
    confusions: tuple[Confusion, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One coded field: what it holds in an event, and the distances by which alpha is computed."""

    name: str
    value: Callable[[Event], Hashable]
    alphas: Mapping[str, Distance]
    shares: Mapping[str, Callable[[Any, Any], float]] = field(default_factory=dict)
    """Further means over the matched pairs besides the share that is identical."""


def fields(registry: Registry, actions: Tree) -> tuple[Field, ...]:
    """Return the fields that are compared. Actor codes are those of the date that the reader gave the event."""

    def ids(parties: Callable[[Event], Sequence[Party]]) -> Callable[[Event], Hashable]:
        return lambda event: frozenset(party.actor_id for party in parties(event))

    def codes(parties: Callable[[Event], Sequence[Party]]) -> Callable[[Event], Hashable]:
        return lambda event: tuple(sorted(_code(party, event, registry) for party in parties(event)))

    nominal = {"nominal": distances.nominal}
    masi = {"MASI": distances.masi}
    tree = {"hierarchical": distances.paired(code_distance)}
    return (
        Field("action code", lambda e: e.action, {**nominal, "hierarchical": actions.distance}),
        Field("root code", lambda e: actions[e.action].root, nominal),
        Field("quad class", lambda e: actions[e.action].quad_class, nominal),
        Field("actor entries", ids(lambda e: e.actors), masi),
        Field("actor codes", codes(lambda e: e.actors), tree),
        Field("target entries", ids(lambda e: e.targets), masi),
        Field("target codes", codes(lambda e: e.targets), tree),
        Field(
            "date",
            lambda e: e.date.value,
            {"days not shared": distances.days},
            {"share compatible": dates.overlaps, "mean overlap of days": dates.iou},
        ),
        Field("date basis", lambda e: e.date_basis, nominal),
        Field("status", lambda e: e.status, nominal),
        Field("attribution", ids(lambda e: e.attribution), masi),
        Field("reciprocal", lambda e: e.reciprocal, nominal),
        Field("least count", lambda e: e.count_min, nominal),
    )


def _code(party: Party, event: Event, registry: Registry) -> str:
    when = event.date.value
    assert when is not None, "a pass is compared once it has no errors"
    code = registry.code_on(party.actor_id, when.earliest, when.latest)
    assert code is not None, "a pass is compared once it has no errors"
    return code


def compare(corpus: Corpus, first: str | None = None, second: str | None = None) -> Agreement:
    """Compare two passes of a corpus, by default the only two it has.

    The passes must be free of errors. UsageError if there are not two, or they share no document.
    """
    made = sorted({file.annotator for file in corpus.passes if file.annotator})
    chosen = [name for name in (first, second) if name] or made
    if len(chosen) != 2 or len(set(chosen)) != 2:
        listed = ", ".join(made) or "none"
        raise UsageError(
            f"agreement needs two passes, and {corpus.shown}/passes has: {listed}; name two of them"
        )
    for name in chosen:
        if name not in made:
            raise UsageError(f'there is no pass "{name}" in {corpus.shown}/passes; it has: {", ".join(made)}')
    described = {annotator["id"]: annotator for annotator in corpus.annotators}
    ours, theirs = (_by_document(corpus.passes, name) for name in chosen)
    if not (shared := sorted(set(ours) & set(theirs))):
        raise UsageError(f"the passes {chosen[0]} and {chosen[1]} have no document in common")
    events = [match_events(ours[name].events, theirs[name].events, corpus.scheme.actions) for name in shared]
    negatives = [match_negatives(ours[name].negatives, theirs[name].negatives) for name in shared]
    return Agreement(
        annotators=(described.get(chosen[0], {"id": chosen[0]}), described.get(chosen[1], {"id": chosen[1]})),
        documents=tuple(map(_compared, shared, events, negatives)),
        left_out=tuple(sorted(set(ours) ^ set(theirs))),
        measures=tuple(chain(_finding(events, negatives), _coding(events, corpus), _reasons(negatives))),
        confusions=tuple(_confusions(events, negatives, corpus.scheme.actions)),
    )


def _by_document(files: Iterable[AnnotationFile], annotator: str) -> dict[str, AnnotationFile]:
    return {file.document.id: file for file in files if file.annotator == annotator and file.document}


def _compared(name: str, events: Matching[Event], negatives: Matching[Negative]) -> Compared:
    return Compared(name, _sizes(events), len(events.pairs), _sizes(negatives), len(negatives.pairs))


def _sizes(matching: Matching[Any]) -> tuple[int, int]:
    matched = len(matching.pairs)
    return matched + len(matching.first_only), matched + len(matching.second_only)


def _finding(events: list[Matching[Event]], negatives: list[Matching[Negative]]) -> Iterable[Measure]:
    """F1 of finding the same records, over the matching: all pairs, and those whose words agree."""

    def rows(name: str, matchings: Sequence[Matching[Any]], **criteria: Callable[[Any, Any], bool]) -> Any:
        pairs = [pair for matching in matchings for pair in matching.pairs]
        unmatched = sum(len(m.first_only) + len(m.second_only) for m in matchings)
        for criterion, holds in criteria.items():
            hits = [holds(a, b) for a, b in pairs]
            yield Measure("finding", name, f"F1, {criterion}", f1_estimate(hits, unmatched))

    yield from rows("event", events, matched=lambda a, b: True)
    yield from rows(
        "trigger",
        events,
        overlapping=lambda a, b: a.trigger.span.overlaps(b.trigger.span),
        exact=lambda a, b: a.trigger.span == b.trigger.span,
    )
    yield from rows(
        "evidence",
        events,
        overlapping=lambda a, b: a.evidence.span.overlaps(b.evidence.span),
        exact=lambda a, b: a.evidence.span == b.evidence.span,
    )
    yield from rows(
        "negative",
        negatives,
        overlapping=lambda a, b: True,
        exact=lambda a, b: a.trigger.span == b.trigger.span,
    )


def _coding(events: list[Matching[Event]], corpus: Corpus) -> Iterable[Measure]:
    pairs = [pair for matching in events for pair in matching.pairs]
    for coded in fields(corpus.registry, corpus.scheme.actions):
        values = [(coded.value(a), coded.value(b)) for a, b in pairs]
        yield from _alike("coding", coded, values)


def _reasons(negatives: list[Matching[Negative]]) -> Iterable[Measure]:
    reason = Field("reason", lambda e: None, {"nominal": distances.nominal})
    yield from _alike(
        "negatives", reason, [(a.reason, b.reason) for matching in negatives for a, b in matching.pairs]
    )


def _alike(part: str, coded: Field, values: Sequence[tuple[Any, Any]]) -> Iterable[Measure]:
    yield Measure(part, coded.name, "share identical", mean_estimate([a == b for a, b in values]))
    for statistic, of in coded.shares.items():
        yield Measure(part, coded.name, statistic, mean_estimate([of(a, b) for a, b in values]))
    for distance, between in coded.alphas.items():
        yield Measure(part, coded.name, f"alpha, {distance}", Alpha(values, between).estimate())


def _confusions(
    events: list[Matching[Event]], negatives: list[Matching[Negative]], actions: Tree
) -> Iterable[Confusion]:
    kinds: Counter[tuple[str | None, str | None]] = Counter()
    for made, left in zip(events, negatives, strict=True):
        kinds["event", "event"] += len(made.pairs)
        kinds["negative", "negative"] += len(left.pairs)
        kinds["event", "negative"] += (one := _crossed(made.first_only, left.second_only))
        kinds["negative", "event"] += (other := _crossed(made.second_only, left.first_only))
        kinds["event", None] += len(made.first_only) - one
        kinds[None, "event"] += len(made.second_only) - other
        kinds["negative", None] += len(left.first_only) - other
        kinds[None, "negative"] += len(left.second_only) - one
    yield Confusion("kind of record", {cell: n for cell, n in kinds.items() if n})
    pairs = [pair for matching in events for pair in matching.pairs]
    of: dict[str, Callable[[Event], str | None]] = {
        "root code": lambda e: actions[e.action].root,
        "action code": lambda e: e.action,
        "date basis": lambda e: e.date_basis,
        "status": lambda e: e.status,
        "attribution": lambda e: (
            "narrator"
            if not e.attribution
            else "unnamed only"
            if all(source.actor_id == UNNAMED for source in e.attribution)
            else "a named source"
        ),
    }
    for name, value in of.items():
        yield Confusion(name, dict(Counter((value(a), value(b)) for a, b in pairs)))
    reasons: Counter[tuple[str | None, str | None]] = Counter(
        (a.reason, b.reason) for matching in negatives for a, b in matching.pairs
    )
    yield Confusion("reason of a negative", dict(reasons))


def _crossed(events: Iterable[Event], negatives: Iterable[Negative]) -> int:
    """How many unmatched events have a trigger that the other reader's unmatched negative overlaps, one to one."""
    left = list(negatives)
    crossed = 0
    for event in events:
        for negative in left:
            if (
                event.trigger.span
                and negative.trigger.span
                and event.trigger.span.overlaps(negative.trigger.span)
            ):
                left.remove(negative)
                crossed += 1
                break
    return crossed
