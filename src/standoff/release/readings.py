"""The passes in a release: their records as they were made, and where they differ from the released ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from standoff.agreement.matching import match_events, match_negatives
from standoff.codes.scheme import Tree
from standoff.model.dates import shape
from standoff.source.corpus import AnnotationFile, Corpus
from standoff.source.records import Event, edition_of

Row = dict[str, Any]
JOINT = "; "
"""Joins several ids in one cell."""
RELEASED = "released"
"""The name of the released records among the readings."""


def passes(corpus: Corpus) -> Iterator[Row]:
    """The passes as they were made, each record with the released one that it was matched to."""
    kinds = {annotator["id"]: annotator["kind"] for annotator in corpus.annotators}
    released = {file.document.id: file for file in corpus.files if file.document}
    for file in corpus.passes:
        assert file.document is not None
        assert file.seed is not None
        assert file.seed.text is not None
        adjudicated = _adjudicated(file, released.get(file.document.id), corpus.scheme.actions)
        base: Row = {
            "annotator": file.annotator,
            "annotator_kind": kinds.get(file.annotator),
            "document_id": file.document.id,
            "edition": edition_of(file.value),
        }
        for event in file.events:
            trigger, evidence, when = event.trigger.span, event.evidence.span, event.date.value
            assert trigger is not None
            assert evidence is not None
            assert when is not None
            yield {
                **base,
                "pass_id": f"{file.annotator}-{event.id}",
                "record": "event",
                "action": event.action,
                "actor_ids": _join(party.actor_id for party in event.actors),
                "target_ids": _join(party.actor_id for party in event.targets),
                "date": when.text,
                "date_earliest": when.earliest,
                "date_latest": when.latest,
                "date_shape": shape(when, event.shape),
                "date_basis": event.date_basis,
                "status": event.status,
                "source_ids": _join(source.actor_id for source in event.attribution),
                "relay_ids": _join(relay.actor_id for source in event.attribution for relay in source.via),
                "reciprocal": event.reciprocal,
                "count_min": event.count_min,
                "trigger_start": trigger.start,
                "trigger_end": trigger.end,
                "evidence_start": evidence.start,
                "evidence_end": evidence.end,
                "place_ids": _join(location.place_id for location in event.where),
                "note": event.note,
                "adjudicated_id": adjudicated.get(event.id),
            }
        for negative in file.negatives:
            span, would_be = negative.trigger.span, negative.would_be
            assert span is not None
            around = negative.evidence.span if negative.evidence else None
            mark = negative.mark.span if negative.mark else None
            yield {
                **base,
                "pass_id": f"{file.annotator}-{negative.id}",
                "record": "negative",
                "trigger_start": span.start,
                "trigger_end": span.end,
                "evidence_start": around.start if around else None,
                "evidence_end": around.end if around else None,
                "mark_start": mark.start if mark else None,
                "mark_end": mark.end if mark else None,
                "would_be_action": would_be.action if would_be else None,
                "would_be_actor_id": would_be.actor_id if would_be else None,
                "would_be_target_id": would_be.target_id if would_be else None,
                "reason": negative.reason,
                "note": negative.note,
                "adjudicated_id": adjudicated.get(negative.id),
            }


def _adjudicated(made: AnnotationFile, released: AnnotationFile | None, actions: Tree) -> dict[str, str]:
    """Ids of a pass's records → ids of the released records of the same document that they are matched to."""
    if released is None:
        return {}
    events = match_events(made.events, released.events, actions)
    negatives = match_negatives(made.negatives, released.negatives)
    return {a.id: b.id for a, b in events.pairs} | {a.id: b.id for a, b in negatives.pairs}


def differences(corpus: Corpus) -> Iterator[Row]:
    """Yield, for each field of a released event in which the readings differ, what each reading has.

    The readings are the released record and the records of the passes that were matched to it. A pass without such a
    record differs in the field `record` and takes no part in the other fields. What edition 1 of the form cannot say
    (shape, where) is not compared for passes in that edition.
    """
    made: dict[str, list[AnnotationFile]] = {}
    for file in corpus.passes:
        if file.document is not None:
            made.setdefault(file.document.id, []).append(file)
    for released in corpus.files:
        if released.document is None or released.document.id not in made:
            continue  # one reading does not differ
        readings: dict[str, dict[str, Event]] = {}  # annotator → released id → that annotator's event
        editions: dict[str, Any] = {RELEASED: edition_of(released.value)}
        for file in made[released.document.id]:
            pairs = match_events(file.events, released.events, corpus.scheme.actions).pairs
            readings[str(file.annotator)] = {ours.id: theirs for theirs, ours in pairs}
            editions[str(file.annotator)] = edition_of(file.value)
        for event in released.events:
            yield from _differing(event, readings, editions)


def _differing(
    event: Event, readings: dict[str, dict[str, Event]], editions: dict[str, Any]
) -> Iterator[Row]:
    events = {
        RELEASED: event,
        **{name: read[event.id] for name, read in readings.items() if event.id in read},
    }
    values: dict[str, dict[str, str | None]] = {
        "record": dict[str, str | None]({RELEASED: "present"})
        | {name: "present" if event.id in read else "absent" for name, read in readings.items()}
    }
    for name, read in events.items():
        for field, value in _fields(read, editions[name]):
            values.setdefault(field, {})[name] = value
    for field, by_reading in values.items():
        if len(set(by_reading.values())) > 1:
            for name, value in by_reading.items():
                yield {"event_id": event.id, "field": field, "reading": name, "value": value}


def _fields(event: Event, edition: int) -> Iterator[tuple[str, str | None]]:
    """Yield the fields that are compared, each with its value as text; the order of ids does not matter."""
    yield "action", event.action
    yield "actor", _join(sorted(party.actor_id for party in event.actors))
    yield "target", _join(sorted(party.actor_id for party in event.targets))
    yield "date", event.date.text
    yield "date_basis", event.date_basis
    yield "status", event.status
    yield "attribution", _join(sorted(source.actor_id for source in event.attribution))
    yield "reciprocal", "true" if event.reciprocal else "false"
    yield "count_min", str(event.count_min)
    if edition > 1:
        yield "shape", event.shape
        yield "where", _join(sorted(f"{location.relation} {location.place_id}" for location in event.where))


def _join(values: Iterable[str]) -> str | None:
    return JOINT.join(values) or None
