"""Records into tables. Relies on checked records; checks nothing itself, and computes whatever can be computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import polars as pl

from standoff.agreement.matching import match_events, match_negatives
from standoff.codes.scheme import Scheme, Tree
from standoff.model import dates, ids
from standoff.model.dyads import dyads
from standoff.source.corpus import AnnotationFile, Corpus
from standoff.source.records import UNNAMED, Event, Party, Quote
from standoff.tables import TABLES

Row = dict[str, Any]
JOINT = "; "
"""Joins several values in one cell that is for reading."""


def compile_tables(corpus: Corpus) -> dict[str, pl.DataFrame]:
    """Return every released table as an eager frame, sorted by its key.

    The corpus must be free of errors: the spans, dates and actors of its records are taken as they are.
    """
    rows: dict[str, list[Row]] = {name: [] for name in TABLES}
    for file in corpus.files:
        _document(file, corpus, rows)
    for actor in corpus.registry.values():
        rows["actors"].append(
            {
                "actor_id": actor.id,
                "name": actor.name,
                "kind": actor.kind,
                "country": actor.country,
                "aliases": _join(actor.aliases),
                "wikidata": actor.wikidata,
                "note": actor.note,
            }
        )
        for position, affiliation in enumerate(actor.affiliations, start=1):
            rows["affiliations"].append(
                {
                    "actor_id": actor.id,
                    "position": position,
                    "actor_code": affiliation.code,
                    "code_basis": affiliation.basis,
                    "parent_id": affiliation.parent,
                    "role": affiliation.role,
                    "date_from": affiliation.start,
                    "date_until": affiliation.end,
                    "note": affiliation.note,
                }
            )
    rows["actions"] = list(_actions(corpus.scheme))
    rows["passes"] = list(_passes(corpus))
    return {name: _frame(name, rows[name]) for name in TABLES}


def _frame(name: str, rows: list[Row]) -> pl.DataFrame:
    """Make a table of rows: columns in the model's order, sorted by the key, in one chunk."""
    table = TABLES[name]
    frame = pl.DataFrame(rows, schema=table.schema, orient="row")
    return frame.sort(table.key, maintain_order=True).rechunk()


def _join(values: Iterable[str]) -> str | None:
    return JOINT.join(values) or None


def _span(quote: Quote | None) -> tuple[int | None, int | None]:
    return (quote.span.start, quote.span.end) if quote and quote.span else (None, None)


def _document(file: AnnotationFile, corpus: Corpus, rows: dict[str, list[Row]]) -> None:
    document, seed = file.document, file.seed
    assert document is not None
    assert seed is not None
    assert seed.text is not None
    assert document.published.value is not None
    rows["documents"].append(
        {
            "document_id": document.id,
            "title": document.title,
            "publisher": document.publisher,
            "url": document.url,
            "language": document.language,
            "published": document.published.text,
            "published_earliest": document.published.value.earliest,
            "published_latest": document.published.value.latest,
            "published_basis": document.published_basis,
            "published_reason": document.published_reason,
            "characters": len(seed.text),
            "sha256": document.sha256,
            "rights": document.rights,
            "source_error": document.source_error,
            "note": document.note,
        }
    )
    for event in file.events:
        _event(event, document.id, seed.text, corpus, rows)
    for negative in file.negatives:
        span = negative.trigger.span
        assert span is not None
        rows["negatives"].append(
            {
                "negative_id": negative.id,
                "document_id": document.id,
                "text": span.of(seed.text),
                "start": span.start,
                "end": span.end,
                "reason": negative.reason,
                "note": negative.note,
            }
        )


def _event(event: Event, document_id: str, text: str, corpus: Corpus, rows: dict[str, list[Row]]) -> None:
    when = event.date.value
    assert when is not None
    scheme = corpus.scheme
    actions = scheme.actions
    action = actions[event.action]

    def code(actor_id: str) -> str | None:
        return corpus.registry.code_on(actor_id, when.earliest, when.latest) if actor_id != UNNAMED else None

    def name(party: Party) -> str:
        return UNNAMED if party.actor_id == UNNAMED else corpus.registry[party.actor_id].name

    trigger, evidence = event.trigger.span, event.evidence.span
    assert trigger is not None
    assert evidence is not None
    bounds: dict[str, date | None] = {"date_earliest": when.earliest, "date_latest": when.latest}
    rows["events"].append(
        {
            "event_id": event.id,
            "document_id": document_id,
            "action": action.code,
            "action_label": action.label,
            "root": action.root,
            "quad_class": action.quad_class,
            "goldstein": scheme.value(action.code),
            "plover_type": action.crosswalk.get("plover_type"),
            "actors": _join(name(party) for party in event.actors),
            "actor_codes": _join(code(party.actor_id) or "" for party in event.actors),
            "targets": _join(name(party) for party in event.targets),
            "target_codes": _join(code(party.actor_id) or "" for party in event.targets),
            "date": when.text,
            **bounds,
            "date_precision": when.precision,
            "date_basis": event.date_basis,
            "ucdp_date_prec": dates.ucdp_date_prec(when),
            "acled_time_precision": dates.acled_time_precision(when),
            "status": event.status,
            "attribution": _join(name(source) for source in event.attribution),
            "attribution_via": _join(name(relay) for source in event.attribution for relay in source.via),
            "reciprocal": event.reciprocal,
            "count_min": event.count_min,
            "incident_id": event.incident,
            "trigger": trigger.of(text),
            "trigger_start": trigger.start,
            "trigger_end": trigger.end,
            "evidence_start": evidence.start,
            "evidence_end": evidence.end,
            "note": event.note,
            "source_error": event.source_error,
        }
    )
    rows["participants"] += _participants(event, text, code)
    for position, mention in enumerate(event.mentions, start=1):
        start, end = _span(mention)
        rows["mentions"].append({"event_id": event.id, "position": position, "start": start, "end": end})
    for link in event.links:
        rows["links"].append(
            {"event_id": event.id, "relation": link.relation, "other_event_id": link.event_id}
        )
    pairs = dyads(
        [p.actor_id for p in event.actors],
        [p.actor_id for p in event.targets],
        event.action,
        event.reciprocal,
        action.counterpart,
    )
    for position, pair in enumerate(pairs, start=1):
        pair_action = actions[pair.action]
        rows["dyads"].append(
            {
                "dyad_id": ids.dyad_id(event.id, position),
                "event_id": event.id,
                "actor_id": pair.actor_id,
                "actor_code": code(pair.actor_id),
                "target_id": pair.target_id,
                "target_code": code(pair.target_id),
                "action": pair_action.code,
                "root": pair_action.root,
                "quad_class": pair_action.quad_class,
                "goldstein": scheme.value(pair.action),
                **bounds,
                "status": event.status,
                "count_min": event.count_min,
                "derived": pair.derived,
            }
        )


def _participants(event: Event, text: str, code: Any) -> Iterator[Row]:
    position: dict[str, int] = {}
    source_position = None
    for role, party in event.parties():
        position[role] = position.get(role, 0) + 1
        if role == "attribution":
            source_position = position[role]
        start, end = _span(party.quote)
        yield {
            "event_id": event.id,
            "role": role,
            "position": position[role],
            "source_position": source_position if role == "via" else None,
            "actor_id": None if party.actor_id == UNNAMED else party.actor_id,
            "actor_code": code(party.actor_id),
            "text": text[start:end] if start is not None else None,
            "start": start,
            "end": end,
            "implicit": party.implicit,
        }


def _actions(scheme: Scheme) -> Iterator[Row]:
    """The code list, with those of its columns that are released."""
    released = TABLES["actions"].schema
    scales = {scale.column: name for name, scale in scheme.scales.items()}
    for action in scheme.actions.values():
        yield {
            **{key: value for key, value in action.columns.items() if key in released},
            "action": action.code,
            "root": action.root,
            "level": action.level,
            "quad_class": action.quad_class,
            **{column: action.scales[name] for column, name in scales.items() if column in released},
        }


def _passes(corpus: Corpus) -> Iterator[Row]:
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
                "actors": _join(party.actor_id for party in event.actors),
                "targets": _join(party.actor_id for party in event.targets),
                "date": when.text,
                "date_earliest": when.earliest,
                "date_latest": when.latest,
                "date_basis": event.date_basis,
                "status": event.status,
                "attribution": _join(source.actor_id for source in event.attribution),
                "attribution_via": _join(
                    relay.actor_id for source in event.attribution for relay in source.via
                ),
                "reciprocal": event.reciprocal,
                "count_min": event.count_min,
                "trigger_start": trigger.start,
                "trigger_end": trigger.end,
                "evidence_start": evidence.start,
                "evidence_end": evidence.end,
                "note": event.note,
                "adjudicated_id": adjudicated.get(event.id),
            }
        for negative in file.negatives:
            span = negative.trigger.span
            assert span is not None
            yield {
                **base,
                "pass_id": f"{file.annotator}-{negative.id}",
                "record": "negative",
                "trigger_start": span.start,
                "trigger_end": span.end,
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
