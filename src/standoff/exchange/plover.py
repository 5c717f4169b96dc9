"""PLOVER records in JSON: what NGEC writes (the coder behind POLECAT), and PLOVER's own JSON.

One record is one event of a story; the words of the act are not in it, so records are matched by document. NGEC
takes the date of publication where it found none, and says so in `date_raw`: such a date is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from standoff.exchange import building, values
from standoff.exchange.documents import Documents
from standoff.exchange.json_answers import json_values
from standoff.exchange.records import Intake, Party, Passage, Place, Record, mark_duplicates
from standoff.exchange.rows import plover_action
from standoff.exchange.values import NotARecord

NAME = "plover"
DOCUMENT = ("story_id", "storyid", "document", "doc_id", "headline_id", "id")
NO_DATE = ("--using publication date", "--using pub date")
"""What NGEC writes where it took the date of publication: "No date detected", or a date it could not read."""


def read(path: Path, documents: Documents) -> Intake:
    """Read NGEC or PLOVER records from JSON or JSON Lines."""
    intake = Intake(str(path), NAME)
    for number, value, why in json_values(path, intake):
        if why or not isinstance(value, Mapping):
            intake.unparsable(number, why or "expected a JSON object, one event")
            continue
        try:
            _add(value, number, documents, intake)
        except NotARecord as error:
            intake.unparsable(number, str(error))
    mark_duplicates(intake)
    return intake


def _first(value: Mapping[str, Any], *names: str) -> Any:
    return next((value[name] for name in names if value.get(name) not in (None, "", [])), None)


def _add(value: Mapping[str, Any], number: int, documents: Documents, intake: Intake) -> None:
    faults: list[str] = []
    names = [text for name in DOCUMENT if (text := values.text_of(_scalar(value.get(name))))]
    known = next(
        (story for name in names if (story := building.story_of(name, documents))),
        names[0] if names else None,
    )
    mode = values.list_of(_first(value, "event_mode", "mode"))
    raw = values.text_of(_scalar(value.get("date_raw"))) or ""
    day = (
        None
        if any(mark in raw.casefold() for mark in NO_DATE)
        else values.text_of(_first(value, "date_resolved", "event_date", "date"))
    )
    attributes = value.get("attributes")
    sides = attributes if isinstance(attributes, Mapping) else value
    intake.take(
        Record(
            line=number,
            id=values.text_of(_scalar(value.get("id"))),
            document=known,
            document_id=building.known_document(known, documents, intake, number, faults),
            level="document",
            action=plover_action(
                values.text_of(_first(value, "event_type", "event", "eventtype", "type")),
                values.text_of(mode[0]) if mode else None,
            ),
            scheme="plover",
            actors=tuple(_parties(_first(sides, "ACTOR", "actor", "source", "actors"))),
            targets=tuple(_parties(_first(sides, "RECIP", "recipient", "target", "targets"))),
            date=building.date(building.given(day), intake, number, faults),
            places=tuple(_places(value.get("event_geolocation"))),
            faults=tuple(faults),
        )
    )


def _scalar(value: Any) -> Any:
    return value if isinstance(value, str | int) and not isinstance(value, bool) else None


def _parties(stated: Any) -> Iterator[Party]:
    for item in values.list_of(stated):
        if not isinstance(item, Mapping):
            yield Party(name=values.text_of(item))
            continue
        stated, country = (values.text_of(_scalar(item.get(key))) for key in ("code", "country"))
        name = values.text_of(_scalar(_first(item, "wiki", "name", "actor")))
        country = building.country_code(country)
        sector = (values.text_of(_scalar(_first(item, "code_1", "sector"))) or "").upper()
        for each in (stated, name):  # PLOVER writes the country there, and the sector beside it
            if country is None and each and len(each) == 3:
                country = building.country_code(each)
        code = stated
        if country and stated in (None, country):
            code = country + sector if len(sector) == 3 and sector != country else country
        words = values.text_of(_scalar(_first(item, "text", "actorText", "words")))
        if code or name or words:
            yield Party(
                code=code, name=name or words, country=country, passage=Passage(words) if words else None
            )


def _places(stated: Any) -> Iterator[Place]:
    geo = stated.get("geo") if isinstance(stated, Mapping) else None
    if isinstance(geo, Mapping):
        name, place_id = (
            values.text_of(_scalar(geo.get(key))) for key in ("resolved_placename", "geonameid")
        )
        if name or place_id:
            yield Place(name=name, geonames=place_id)
