"""Records into tables. Relies on checked records; checks nothing itself, and computes whatever can be computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from standoff.codes.scheme import Scheme
from standoff.lazy import LazyModule
from standoff.model import dates, ids
from standoff.model.dyads import dyads
from standoff.model.gazetteer import acled_geo_precision, ucdp_where_prec
from standoff.model.sides import is_anonymous, vouched_by
from standoff.model.spans import sentences
from standoff.release.readings import differences, passes
from standoff.source.corpus import AnnotationFile, Corpus
from standoff.source.records import UNNAMED, Event, Negative, Party, Quote
from standoff.tables import TABLES, Table, tables_for
from standoff.tables.dataset import value_column

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LazyModule("polars")

Row = dict[str, Any]
OF_DOCUMENTS = (
    "documents",
    "events",
    "participants",
    "mentions",
    "dyads",
    "locations",
    "links",
    "negatives",
    "sentences",
)
"""The tables whose rows follow from single documents."""
BLOCK = 500
"""So many documents are compiled before their rows become a table."""
JOINT = "; "
"""Joins several values in one cell that is for reading."""


def compile_tables(corpus: Corpus) -> dict[str, pl.DataFrame]:
    """Return every released table as an eager frame, sorted by its key.

    The corpus must be free of errors: the spans, dates and actors of its records are taken as they are.
    """
    return joined(corpus, [document_tables(corpus.files, corpus)], other_rows(corpus))


def joined(
    corpus: Corpus, parts: Sequence[Mapping[str, pl.DataFrame]], rows: Mapping[str, list[Row]]
) -> dict[str, pl.DataFrame]:
    """Return every released table. `parts` are `document_tables` of all documents, `rows` are `other_rows`."""
    described = tables_for(corpus.scheme, corpus.vocabulary)
    others = other_tables(corpus, rows)
    return {
        name: others[name]
        if name in others
        else sorted_by_key(table, pl.concat([part[name] for part in parts]))
        for name, table in described.items()
    }


def other_tables(corpus: Corpus, rows: Mapping[str, list[Row]]) -> dict[str, pl.DataFrame]:
    """Return the released tables that do not follow from single documents. `rows` are `other_rows`."""
    described = tables_for(corpus.scheme, corpus.vocabulary)
    return {
        name: sorted_by_key(table, _frame(table, rows[name]))
        for name, table in described.items()
        if name not in OF_DOCUMENTS
    }


def other_rows(corpus: Corpus) -> dict[str, list[Row]]:
    """Return the rows of the tables that do not follow from single documents."""
    rows: dict[str, list[Row]] = {name: [] for name in TABLES if name not in OF_DOCUMENTS}
    for actor in corpus.registry.values():
        rows["actors"].append(
            {
                "actor_id": actor.id,
                "actor_name": actor.name,
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
    rows["countries"] = list(_countries(corpus.scheme))
    rows["places"] = [
        {
            "place_id": place.id,
            "place_name": place.name,
            "kind": place.kind,
            "parent_id": place.parent,
            "country": place.country,
            "latitude": place.latitude,
            "longitude": place.longitude,
            "coordinates_source": place.coordinates_source,
            "coordinates_licence": place.coordinates_licence,
            "geonames": place.geonames,
            "note": place.note,
        }
        for place in corpus.gazetteer.values()
    ]
    rows["passes"] = list(passes(corpus))
    rows["differences"] = list(differences(corpus))
    return rows


def document_tables(files: Sequence[AnnotationFile], corpus: Corpus) -> dict[str, pl.DataFrame]:
    """Return the tables of some documents, in the order of the files. Rows of many documents are never held at once."""
    described = tables_for(corpus.scheme, corpus.vocabulary)
    blocks = []
    for start in range(0, max(len(files), 1), BLOCK):
        rows: dict[str, list[Row]] = {name: [] for name in OF_DOCUMENTS}
        for file in files[start : start + BLOCK]:
            _document(file, corpus, rows)
        blocks.append({name: _frame(described[name], rows[name]) for name in OF_DOCUMENTS})
    return {name: pl.concat([block[name] for block in blocks]) for name in OF_DOCUMENTS}


def _frame(table: Table, rows: list[Row]) -> pl.DataFrame:
    """Return rows as a table, with the columns in the model's order."""
    return pl.DataFrame(rows, schema=table.schema, orient="row")


def sorted_by_key(table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    """Return a table sorted by its key, in one chunk."""
    return frame.sort(table.key, maintain_order=True).rechunk()


def _join(values: Iterable[str]) -> str | None:
    return JOINT.join(values) or None


def _span(quote: Quote | None, prefix: str = "span") -> dict[str, int | None]:
    """Return where words start and end, under the names of the columns; null where there are none."""
    span = quote.span if quote else None
    return {f"{prefix}_start": span.start if span else None, f"{prefix}_end": span.end if span else None}


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
            "copies": _join(copy.url for copy in document.copies),
            "copies_found": _join(copy.found for copy in document.copies),
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
    rows["negatives"] += (_negative(negative, document.id, seed.text) for negative in file.negatives)
    for position, sentence in enumerate(sentences(seed.text), start=1):
        rows["sentences"].append(
            {
                "document_id": document.id,
                "position": position,
                "span_start": sentence.start,
                "span_end": sentence.end,
            }
        )


def _negative(negative: Negative, document_id: str, text: str) -> Row:
    trigger, would_be = negative.trigger.span, negative.would_be
    assert trigger is not None
    return {
        "negative_id": negative.id,
        "document_id": document_id,
        "trigger": trigger.of(text),
        **_span(negative.trigger, "trigger"),
        **_span(negative.mark, "mark"),
        **_span(negative.evidence, "evidence"),
        "reason": negative.reason,
        "would_be_action": would_be.action if would_be else None,
        "would_be_actor_id": would_be.actor_id if would_be else None,
        "would_be_target_id": would_be.target_id if would_be else None,
        "note": negative.note,
    }


def _event(event: Event, document_id: str, text: str, corpus: Corpus, rows: dict[str, list[Row]]) -> None:
    when = event.date.value
    assert when is not None
    scheme = corpus.scheme
    actions = scheme.actions
    values = [column] if (column := value_column(scheme)) else []
    action = actions[event.action]

    def code(actor_id: str) -> str | None:
        return corpus.registry.code_on(actor_id, when.earliest, when.latest) if actor_id != UNNAMED else None

    def name(party: Party) -> str:
        return UNNAMED if party.actor_id == UNNAMED else corpus.registry[party.actor_id].name

    def top(actor_id: str) -> str:
        return corpus.registry.top_on(actor_id, when.earliest, when.latest)

    trigger = event.trigger.span
    assert trigger is not None
    common: Row = {
        "event_id": event.id,
        "document_id": document_id,
        "incident_id": event.incident,
        "action_scheme": scheme.title,
        "date_earliest": when.earliest,
        "date_latest": when.latest,
        "date_shape": dates.shape(when, event.shape),
        "status": event.status,
        "vouched_by": vouched_by(
            [None if source.actor_id == UNNAMED else top(source.actor_id) for source in event.attribution],
            {top(party.actor_id) for party in event.actors},
            {top(party.actor_id) for party in event.targets},
        ),
        "source_error": event.source_error,
    }
    rows["events"].append(
        {
            **common,
            "action": action.code,
            "action_label": action.label,
            "root": action.root,
            "quad_class": action.quad_class,
            **{value: scheme.value(action.code) for value in values},
            "plover_type": action.crosswalk.get("plover_type"),
            "actors": _join(name(party) for party in event.actors),
            "actor_codes": _join(code(party.actor_id) or "" for party in event.actors),
            "targets": _join(name(party) for party in event.targets),
            "target_codes": _join(code(party.actor_id) or "" for party in event.targets),
            "date": when.text,
            "date_precision": when.precision,
            "date_basis": event.date_basis,
            "ucdp_date_prec": dates.ucdp_date_prec(when),
            "acled_time_precision": dates.acled_time_precision(when),
            "attribution": _join(name(source) for source in event.attribution),
            "attribution_via": _join(name(relay) for source in event.attribution for relay in source.via),
            "reciprocal": event.reciprocal,
            "count_min": event.count_min,
            "trigger": trigger.of(text),
            **_span(event.trigger, "trigger"),
            **_span(event.evidence, "evidence"),
            "note": event.note,
        }
    )
    rows["participants"] += _participants(event, text, corpus, code)
    rows["locations"] += _locations(event, corpus)
    for position, mention in enumerate(event.mentions, start=1):
        rows["mentions"].append({"event_id": event.id, "position": position, **_span(mention)})
    for link in event.links:
        rows["links"].append(
            {
                "event_id": event.id,
                "relation": link.relation,
                "other_event_id": link.event_id,
                **_span(link.quote),
            }
        )

    def side(role: str, actor_id: str | None) -> Row:
        if actor_id is None:
            return {}
        return {
            f"{role}_id": actor_id,
            f"{role}_code": code(actor_id),
            f"{role}_country": corpus.registry[actor_id].country,
            f"{role}_top": top(actor_id),
        }

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
                **common,
                **side("actor", pair.actor_id),
                **side("target", pair.target_id),
                "event_action": action.code,
                "action": pair_action.code,
                "root": pair_action.root,
                "quad_class": pair_action.quad_class,
                **{value: scheme.value(pair.action) for value in values},
                "weight": 1 / len(pairs),
                "derived": pair.derived,
            }
        )


def _locations(event: Event, corpus: Corpus) -> Iterator[Row]:
    for position, location in enumerate(event.where, start=1):
        kind = corpus.gazetteer[location.place_id].kind
        yield {
            "event_id": event.id,
            "position": position,
            "place_id": location.place_id,
            "relation": location.relation,
            "ucdp_where_prec": ucdp_where_prec(kind, location.relation),
            "acled_geo_precision": acled_geo_precision(kind, location.relation),
            **_span(location.quote),
        }


def _participants(event: Event, text: str, corpus: Corpus, code: Any) -> Iterator[Row]:
    position: dict[str, int] = {}
    source_position = None
    for role, party in event.parties():
        position[role] = position.get(role, 0) + 1
        if role == "attribution":
            source_position = position[role]
        words = party.quote.span.of(text) if party.quote and party.quote.span else None
        unnamed = party.actor_id == UNNAMED
        kind = None if unnamed else corpus.registry[party.actor_id].kind
        yield {
            "event_id": event.id,
            "role": role,
            "position": position[role],
            "source_position": source_position if role == "via" else None,
            "actor_id": None if unnamed else party.actor_id,
            "actor_code": code(party.actor_id),
            "text": words,
            **_span(party.quote),
            "implicit": party.implicit,
            "anonymous": role in ("attribution", "via") and is_anonymous(kind, words or ""),
        }


def _actions(scheme: Scheme) -> Iterator[Row]:
    """The code list, with those of its columns that are released."""
    released = tables_for(scheme)["actions"].schema
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


def _countries(scheme: Scheme) -> Iterator[Row]:
    """The countries and regions of the scheme's lists, with their codes in other lists."""
    for codes in scheme.actor_lists.values():
        if codes.countries:
            for code, row in codes.rows.items():
                cow = row.get("cow_code")
                yield {
                    "country": code,
                    "country_name": row[codes.label],
                    "kind": row.get("kind"),
                    "iso_alpha3": row.get("iso_alpha3"),
                    "iso_alpha2": row.get("iso_alpha2"),
                    "iso_numeric": row.get("iso_numeric"),
                    "cow_code": int(cow) if cow else None,
                    "cow_abbreviation": row.get("cow_abbreviation"),
                }
