"""What two readings agree on: finding the same records, coding them alike, and relating them alike.

A reading is a pass, or the released records, which are called ``released``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from standoff.agreement.coefficients import Alpha, Documents, Estimate, f1_estimate, mean_estimate
from standoff.agreement.fields import EVENT_FIELDS_2, Field, event_fields, negative_fields
from standoff.agreement.links import link_hits
from standoff.agreement.matching import Matching, match_events, match_negatives
from standoff.codes.scheme import Tree
from standoff.findings import UsageError
from standoff.source.corpus import AnnotationFile, Corpus
from standoff.source.records import UNNAMED, Event, Negative

RELEASED = "released"
"""The name of the released records among the readings."""
THE_RELEASED = {"id": RELEASED, "name": "the released records"}


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
    """All that the comparison of two readings gives. `annotators` are the entries of dataset.toml."""

    annotators: tuple[Mapping[str, Any], Mapping[str, Any]]
    documents: tuple[Compared, ...]
    left_out: tuple[str, ...]
    measures: tuple[Measure, ...]
    confusions: tuple[Confusion, ...]


def compare(corpus: Corpus, first: str | None = None, second: str | None = None) -> Agreement:
    """Compare two readings of a corpus, by default the only two passes it has.

    A reading is a pass or ``released``. Both must be free of errors. UsageError if there are not two, or they share no
    document.
    """
    made = sorted({file.annotator for file in corpus.passes if file.annotator})
    chosen = [name for name in (first, second) if name] or made
    if len(chosen) != 2 or len(set(chosen)) != 2:
        listed = ", ".join(made) or "none"
        raise UsageError(
            f"agreement needs two passes, and {corpus.shown}/passes has: {listed}; name two of them, "
            f"or one and {RELEASED}"
        )
    for name in chosen:
        if name not in (*made, RELEASED):
            raise UsageError(f'there is no pass "{name}" in {corpus.shown}/passes; it has: {", ".join(made)}')
    ours, theirs = (_by_document(corpus, name) for name in chosen)
    if not (shared := sorted(set(ours) & set(theirs))):
        raise UsageError(f"the readings {chosen[0]} and {chosen[1]} have no document in common")
    read = [(ours[name], theirs[name]) for name in shared]
    events = [match_events(a.events, b.events, corpus.scheme.actions) for a, b in read]
    negatives = [match_negatives(a.negatives, b.negatives) for a, b in read]
    whole = [min(_edition(a), _edition(b)) > 1 for a, b in read]
    measured = chain(
        _finding(events, negatives),
        _coding(events, whole, corpus),
        [Measure("relations", "link", criterion, f1_estimate(hits)) for criterion, hits in link_hits(events)],
        _misleading(negatives, whole, corpus.scheme.actions),
    )
    described = {annotator["id"]: annotator for annotator in (*corpus.annotators, THE_RELEASED)}
    return Agreement(
        annotators=(described.get(chosen[0], {"id": chosen[0]}), described.get(chosen[1], {"id": chosen[1]})),
        documents=tuple(map(_compared, shared, events, negatives)),
        left_out=tuple(sorted(set(ours) ^ set(theirs))),
        measures=tuple(measure for measure in measured if measure.estimate.n),
        confusions=tuple(_confusions(events, negatives, corpus.scheme.actions)),
    )


def comparisons(corpus: Corpus) -> list[Agreement]:
    """Return the comparisons that dataset.toml names under ``[agreement]``; by default that of the first two passes by name.

    None for a dataset with fewer than two passes.
    """
    made = sorted({file.annotator for file in corpus.passes if file.annotator})
    if len(made) < 2:
        return []
    named = corpus.meta.value.get("agreement", {}).get("compare", [made[:2]])
    return [compare(corpus, first, second) for first, second in named]


def _by_document(corpus: Corpus, reading: str) -> dict[str, AnnotationFile]:
    files = corpus.files if reading == RELEASED else [f for f in corpus.passes if f.annotator == reading]
    return {file.document.id: file for file in files if file.document}


def _edition(file: AnnotationFile) -> int:
    """The edition of the form that a file is in: the first has no places and no parts of negatives."""
    return 1 if file.kind == "annotation-1" else 2


def _compared(name: str, events: Matching[Event], negatives: Matching[Negative]) -> Compared:
    return Compared(name, _sizes(events), len(events.pairs), _sizes(negatives), len(negatives.pairs))


def _sizes(matching: Matching[Any]) -> tuple[int, int]:
    matched = len(matching.pairs)
    return matched + len(matching.first_only), matched + len(matching.second_only)


def _finding(events: list[Matching[Event]], negatives: list[Matching[Negative]]) -> Iterable[Measure]:
    """F1 of finding the same records, over the matching: all pairs, and those whose words agree."""

    def rows(name: str, matchings: Sequence[Matching[Any]], **criteria: Callable[[Any, Any], bool]) -> Any:
        for criterion, holds in criteria.items():
            documents = [
                [(True, holds(a, b)) for a, b in matching.pairs]
                + [(False, False)] * (len(matching.first_only) + len(matching.second_only))
                for matching in matchings
            ]
            yield Measure("finding", name, f"F1, {criterion}", f1_estimate(documents))

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


def _coding(events: list[Matching[Event]], whole: list[bool], corpus: Corpus) -> Iterable[Measure]:
    for coded in event_fields(corpus.registry, corpus.scheme.actions):
        yield from _alike("coding", coded, [m.pairs for m in events])
    both = [m.pairs if second_edition else () for m, second_edition in zip(events, whole, strict=True)]
    for coded in EVENT_FIELDS_2:
        yield from _alike("coding", coded, both)


def _misleading(negatives: list[Matching[Negative]], whole: list[bool], actions: Tree) -> Iterable[Measure]:
    both = [m.pairs if second_edition else () for m, second_edition in zip(negatives, whole, strict=True)]
    for coded, since in negative_fields(actions):
        yield from _alike("negatives", coded, both if since > 1 else [m.pairs for m in negatives])


def _alike(part: str, coded: Field[Any], pairs: Documents[tuple[Any, Any]]) -> Iterable[Measure]:
    values = [[(coded.value(a), coded.value(b)) for a, b in document] for document in pairs]

    def mean(of: Callable[[Any, Any], float]) -> Estimate:
        return mean_estimate([[of(a, b) for a, b in document] for document in values])

    yield Measure(part, coded.name, "share identical", mean(lambda a, b: a == b))
    for statistic, of in coded.shares.items():
        yield Measure(part, coded.name, statistic, mean(of))
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
