"""Releases: the tables of any edition as records.

The only module that knows how the tables are laid out: releases of 1.x name offsets `start` and `end` and have
neither marks nor `would_be`, those of 2.x do. Gold is read through it, and a release can be scored like a system.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from standoff.exchange import building
from standoff.exchange.documents import Documents
from standoff.exchange.records import (
    Intake,
    Link,
    Negative,
    Party,
    Passage,
    Place,
    Record,
    WouldBe,
    with_faults,
)
from standoff.findings import UsageError
from standoff.lazy import LazyModule
from standoff.model import dates
from standoff.model.spans import Span
from standoff.source.records import UNNAMED

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LazyModule("polars")

NAME = "release"
Row = dict[str, Any]
TABLES = (
    "documents",
    "events",
    "participants",
    "mentions",
    "negatives",
    "actors",
    "affiliations",
    "actions",
    "passes",
    "links",
    "locations",
    "places",
    "sentences",
)
"""The tables that are read, where a release has them."""
SHAPES = ("throughout", "several")
"""Shapes of dates that an annotation file states; the others follow from the date."""


def read(path: Path, documents: Documents) -> Intake:
    """Read the events of a release folder as if a system had made them."""
    intake = Intake(str(path), NAME)
    tables = frames(path)
    rows = {name: tables[name].to_dicts() if name in tables else [] for name in TABLES}
    texts = {key: each.text for key, each in documents.items() if each.text is not None}
    try:
        hashes = {row["document_id"]: row["sha256"] for row in rows["documents"]}
        found = events(rows, texts)
    except KeyError as error:
        raise UsageError(f"{path} is not a release: a table lacks the column {error}") from None
    for record in found:
        faults: list[str] = []
        named = documents.resolve(hashes.get(record.document or "")) or record.document
        known = building.known_document(named, documents, intake, record.line, faults)
        if known and documents[known].sha256 != hashes.get(record.document or ""):
            faults.append(intake.report("other-text", record.line, f"{record.document} has another SHA-256"))
        intake.take(with_faults(record, faults, document_id=known))
    return intake


def frames(folder: Path, files: Iterable[Path] | None = None) -> dict[str, pl.DataFrame]:
    """Return the tables of a release folder, by default those that records are made of. UsageError where one is damaged."""
    found = {}
    for file in files or (folder / f"{name}.parquet" for name in TABLES):
        if file.is_file():
            try:
                found[file.stem] = pl.read_parquet(file, glob=False)
            except (pl.exceptions.PolarsError, OSError) as error:
                raise UsageError(f"{file} cannot be read: {error}") from None
    return found


def events(rows: Mapping[str, list[Row]], texts: Mapping[str, str]) -> list[Record]:
    """Return the events of the tables, each with its parties, mentions, links and places."""
    parties, mentions, links, where = (
        by(rows[table], "event_id") for table in ("participants", "mentions", "links", "locations")
    )
    known = {row["place_id"]: row for row in rows["places"]}
    found = []
    for number, row in enumerate(rows["events"], start=1):
        event_id, text = row["event_id"], texts.get(row["document_id"])
        roles = _roles(parties[event_id], text)
        trigger = span(row, "trigger")
        when = date(row["date"])
        found.append(
            Record(
                line=number,
                id=event_id,
                document=row["document_id"],
                document_id=row["document_id"],
                trigger=_passage(trigger, text, row["trigger"]),
                evidence=_passage(span(row, "evidence"), text),
                action=row["action"],
                actors=roles["actor"],
                targets=roles["target"],
                date=when,
                date_basis=row["date_basis"],
                status=row["status"],
                attribution=roles["attribution"],
                mentions=tuple(_passage(span(m), text) for m in mentions[event_id]),
                links=tuple(
                    Link(link["relation"], link["other_event_id"], _known(span(link), text))
                    for link in links[event_id]
                ),
                places=tuple(
                    Place(
                        id=p["place_id"],
                        name=_first(known.get(p["place_id"], {}), "place_name", "name"),
                        geonames=_text(_first(known.get(p["place_id"], {}), "geonames", "geonames_id")),
                        country=known.get(p["place_id"], {}).get("country"),
                        relation=p.get("relation"),
                        passage=_known(span(p), text),
                    )
                    for p in where[event_id]
                ),
                reciprocal=row["reciprocal"],
                count_min=row["count_min"],
                incident=row["incident_id"],
                note=row.get("note"),
                shape=row.get("date_shape") if row.get("date_shape") in SHAPES else None,
                source_error=row.get("source_error"),
            )
        )
    return found


def negative(row: Row, text: str | None) -> Negative:
    """Return a negative. Its words are those that mislead: the trigger in 2.x, the only words there are in 1.x."""
    would = WouldBe(row.get("would_be_action"), row.get("would_be_actor_id"), row.get("would_be_target_id"))
    return Negative(
        line=1,
        id=row["negative_id"],
        document=row["document_id"],
        document_id=row["document_id"],
        trigger=_passage(span(row, "trigger") or span(row), text, row.get("trigger") or row.get("text")),
        evidence=_known(span(row, "evidence"), text),
        mark=_known(span(row, "mark"), text),
        reason=row["reason"],
        would_be=would if would != WouldBe() else None,
        note=row.get("note"),
    )


def _roles(parties: Iterable[Row], text: str | None) -> defaultdict[str, tuple[Party, ...]]:
    """Return an event's parties by role; relays belong to the sources that they relayed."""
    relays: defaultdict[int, list[Party]] = defaultdict(list)
    roles: defaultdict[str, list[tuple[int, Party]]] = defaultdict(list)
    for row in sorted(parties, key=lambda p: p["position"]):
        sourced = row["role"] in ("attribution", "via")
        where = span(row)
        party = Party(
            code=row["actor_code"],
            id=row["actor_id"] or (UNNAMED if sourced else None),
            name=row["text"],
            passage=_passage(where, text, row["text"]) if where or row["text"] else None,
            implicit=bool(row.get("implicit")),
        )
        if row["role"] == "via":
            relays[row["source_position"]].append(party)
        else:
            roles[row["role"]].append((row["position"], party))
    found: defaultdict[str, tuple[Party, ...]] = defaultdict(tuple)
    for role, members in roles.items():
        found[role] = tuple(
            replace(party, via=tuple(relays[position]))
            if role == "attribution" and relays[position]
            else party
            for position, party in members
        )
    return found


def _passage(where: Span | None, text: str | None, words: str | None = None) -> Passage:
    return Passage(where.of(text) if where is not None and text is not None else words, where)


def _known(where: Span | None, text: str | None) -> Passage | None:
    return None if where is None else _passage(where, text)


def _first(row: Row, *names: str) -> Any:
    return next((row[name] for name in names if row.get(name) is not None), None)


def passes(rows: Iterable[Row], texts: Mapping[str, str]) -> dict[str, tuple[Record, ...]]:
    """Return the events of every pass, by annotator."""
    found: defaultdict[str, list[Record]] = defaultdict(list)
    for row in rows:
        if row["record"] != "event":
            continue
        trigger, text = span(row, "trigger") or span(row), texts.get(row["document_id"])
        made = found[row["annotator"]]
        made.append(
            Record(
                line=len(made) + 1,
                id=row["pass_id"],
                document=row["document_id"],
                document_id=row["document_id"],
                trigger=Passage(trigger.of(text) if text and trigger else None, trigger),
                evidence=Passage(None, span(row, "evidence")),
                action=row["action"],
                actors=_ids(row.get("actor_ids", row.get("actors"))),
                targets=_ids(row.get("target_ids", row.get("targets"))),
                date=date(row["date"]),
                date_basis=row["date_basis"],
                status=row["status"],
                reciprocal=bool(row["reciprocal"]),
            )
        )
    return {name: tuple(records) for name, records in sorted(found.items())}


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _ids(joined: str | None) -> tuple[Party, ...]:
    return tuple(Party(id=each) for each in joined.split("; ")) if joined else ()


def by(rows: Iterable[Row], key: str) -> defaultdict[str, list[Row]]:
    """Return rows by one of their cells."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[key]].append(row)
    return found


def span(row: Row, prefix: str = "") -> Span | None:
    """Return the span of a row under the column names of any edition."""
    pairs = (
        ((f"{prefix}_start", f"{prefix}_end"),) if prefix else (("span_start", "span_end"), ("start", "end"))
    )
    for start, end in pairs:
        if row.get(start) is not None and row.get(end) is not None:
            return Span(row[start], row[end])
    return None


def date(text: str | None) -> dates.EventDate | None:
    """Return a date of a release; None where it is missing or of a form that this version does not know."""
    try:
        return dates.parse(text) if text else None
    except dates.DateError:
        return None
