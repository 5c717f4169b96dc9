"""The prediction format: JSON Lines, one event a line, as `schema/prediction.schema.json` describes.

Written by language models as often as by programs, so the reader is lenient where the meaning is clear: a list of
one may be written as its member, a JSON array is read like lines, and Markdown fences are skipped. A field of a
wrong type is reported and left out; the record stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from standoff.exchange import building, place, reading, tables, values
from standoff.exchange.documents import Documents
from standoff.exchange.field_names import END, OTHER_NAMES, QUOTE, START, fields_of, part_of, records_in
from standoff.exchange.json_answers import json_values
from standoff.exchange.place import Placed
from standoff.exchange.records import Intake, Link, Party, Passage, Place, Record, mark_duplicates
from standoff.exchange.values import NotARecord
from standoff.model.spans import Span

T = TypeVar("T")

NAME = "predictions"
MAX_TRIGGER = 300
"""Most characters of a trigger. A longer quote is a passage, and could be made to overlap every event."""


def read(path: Path, documents: Documents) -> Intake:
    """Read predictions from JSON Lines, a JSON array, or a table with a header."""
    intake = Intake(str(path), NAME)
    between = tables.separator(path)
    found = tables.table_values(path, between, intake) if between else json_values(path, intake, records_in)
    for number, value, why in found:
        if why:
            if reading.mine_is(None):
                intake.unparsable(number, why)
        else:
            add(value, number, documents, intake)
    mark_duplicates(intake)
    return intake


def from_values(items: list[Mapping[str, Any]], documents: Documents, path: str = "predictions") -> Intake:
    """Read predictions that a program holds as dictionaries."""
    intake = Intake(path, NAME)
    for number, item in enumerate(items, start=1):
        for value in records_in(item):
            add(value, number, documents, intake)
    mark_duplicates(intake)
    return intake


def add(value: Any, number: int, documents: Documents, intake: Intake) -> None:
    """Add the record that a JSON value states."""
    if not isinstance(value, Mapping):
        if reading.mine_is(None):
            intake.unparsable(number, "expected a JSON object, one event")
        return
    value_of = {str(key): each for key, each in value.items()}
    value, renamed, unknown = fields_of(value)
    if not reading.mine_is(building.resolved(lambda: _document(value.get("document")), documents)):
        return
    if renamed:
        words = ", ".join(f'"{other}" as {field}' for field, other in renamed.items())
        intake.note(f"Fields that were read under other names: {words}.")
    if unknown:
        intake.note(f"fields that are not read: {', '.join(unknown)[:200]}")
    faults: list[str] = []

    def get(name: str, convert: Callable[[Any], T], default: T, kind: str = "bad-field") -> T:
        try:
            return convert(value.get(name))
        except NotARecord as error:
            faults.append(intake.report(kind, number, f"{name}: {error}"))
            return default

    named = get("document", _document, None)
    document_id = building.known_document(named, documents, intake, number, faults)
    text = documents[document_id].text if document_id else None
    evidence = _placed(value, "evidence", text, None, intake, number, faults)
    trigger = _placed(
        value, "trigger", text, evidence.passage.span if evidence else None, intake, number, faults
    )
    if trigger is not None and _too_long(trigger.passage):
        message = f"{MAX_TRIGGER} characters at most; quote the words that name the act"
        faults.append(intake.report("trigger-too-long", number, message))
        trigger = None
    sentence = get("sentence", _sentence, None)
    level = "trigger"
    if value.get("trigger") is None:
        level = "sentence" if sentence or evidence else "document"
    intake.take(
        Record(
            line=number,
            id=get("id", values.text_of, None),
            document=named,
            document_id=document_id,
            level=level,
            trigger=trigger.passage if trigger else None,
            evidence=evidence.passage if evidence else None,
            sentence=sentence,
            action=get("action", values.text_of, None),
            actors=_parties(value.get("actors"), "actors", intake, number, faults),
            targets=_parties(value.get("targets"), "targets", intake, number, faults),
            date=get("date", lambda v: values.date_of(values.text_of(v)), None, "bad-date"),
            status=get("status", _status, None),
            attribution=_parties(value.get("attribution"), "attribution", intake, number, faults) or (),
            places=get("where", _places, ()),
            links=get("links", _links, ()),
            reciprocal=value.get("reciprocal") is True,
            confidence=get("confidence", _confidence, None),
            note=get("note", values.text_of, None),
            rest={name: value_of[name] for name in unknown},
            faults=tuple(faults),
        )
    )


def _document(value: Any) -> str | None:
    """Return what the file calls the document; of an object, its id or the name of its file."""
    return values.text_of(
        part_of(value, ("id", *OTHER_NAMES["document"])) if isinstance(value, Mapping) else value
    )


def _status(value: Any) -> str | None:
    text = values.text_of(value)
    return text and text.casefold()


def _confidence(value: Any) -> float | None:
    found = values.number_of(value)
    if found is not None and not 0 <= found <= 1:
        raise NotARecord(f"{found:g} is not from 0 to 1")
    return found


def _too_long(passage: Passage) -> bool:
    span = passage.span
    return (span is not None and span.end - span.start > MAX_TRIGGER) or len(
        passage.words or ""
    ) > MAX_TRIGGER


def _sentence(value: Any) -> int | None:
    return None if value is None else values.offset_of(value)


def _placed(
    value: Mapping[str, Any],
    name: str,
    text: str | None,
    within: Span | None,
    intake: Intake,
    number: int,
    faults: list[str],
) -> Placed | None:
    """Place the trigger or evidence; faults of evidence are counted under the trigger's names too."""
    stated = value.get(name)
    if stated is None:
        return None
    try:
        placed = _passage(stated, text, within)
    except NotARecord as error:
        faults.append(intake.report("bad-field", number, f"{name}: {error}"))
        return None
    if placed.how and name == "trigger":
        intake.placed(placed.how, number)
    if placed.fault and (name == "trigger" or placed.fault.startswith("offsets")):
        faults.append(intake.report(placed.fault, number, placed.message))
    return placed


def _passage(stated: Any, text: str | None, within: Span | None) -> Placed:
    if isinstance(stated, str):
        return place.by_words(text, stated, within=within)
    if not isinstance(stated, Mapping):
        raise NotARecord("expected the quoted words, or an object with quote, or with start and end")
    quote = values.text_of(part_of(stated, QUOTE))
    sides = [part_of(stated, names) for names in (START, END)]
    if sides != [None, None]:
        start, end = map(values.offset_of, sides)
        return place.by_offsets(text, start, end, quote, values.text_of(stated.get("unit")))
    if quote is None:
        raise NotARecord("it has neither quote nor start and end")
    prefix, suffix = (stated.get(side) for side in ("prefix", "suffix"))
    if not all(side is None or isinstance(side, str) for side in (prefix, suffix)):
        raise NotARecord("prefix and suffix must be text")
    return place.by_words(text, quote, prefix, suffix, within)


def _parties(
    value: Any, name: str, intake: Intake, number: int, faults: list[str]
) -> tuple[Party, ...] | None:
    if value is None:
        return None
    parties = []
    for item in _each_party(value):
        try:
            parties.append(_party(item))
        except NotARecord as error:
            faults.append(intake.report("bad-field", number, f"{name}: {error}"))
    return tuple(party for party in parties if party != Party() and building.given(party.name or "?"))


def _each_party(value: Any) -> Iterator[Any]:
    """Yield each party of a list, of one party alone, or of a text that separates several by semicolons."""
    for item in values.list_of(value):
        yield from (
            (part for part in item.split(";") if part.strip())
            if isinstance(item, str) and ";" in item
            else [item]
        )


def _party(item: Any) -> Party:
    if not isinstance(item, Mapping):
        return Party(name=values.text_of(item))
    fields: dict[str, Any] = {key: values.text_of(part_of(item, names)) for key, names in _PARTY.items()}
    words = values.text_of(part_of(item, QUOTE))
    return Party(**fields, passage=Passage(words) if words else None)


_PARTY = {
    "code": ("code", "actorcode", "cameocode"),
    "id": ("id", "actorid", "registryid"),
    "name": ("name", "actor", "target", "label", "entity"),
    "country": ("country", "countrycode"),
}
"""The names of what is known of a party."""


def _places(value: Any) -> tuple[Place, ...]:
    return tuple(_place(item) for item in values.list_of(value))


def _place(item: Any) -> Place:
    if not isinstance(item, Mapping):
        return Place(name=values.text_of(item))
    fields: dict[str, Any] = {
        key: values.text_of(item.get(key)) for key in ("name", "id", "geonames", "country", "relation")
    }
    latitude, longitude = (values.number_of(item.get(key)) for key in ("latitude", "longitude"))
    return Place(**fields, latitude=latitude, longitude=longitude)


def _links(value: Any) -> tuple[Link, ...]:
    found = []
    for item in values.list_of(value):
        if not isinstance(item, Mapping):
            raise NotARecord("expected objects with relation and record")
        relation, record = values.text_of(item.get("relation")), values.text_of(item.get("record"))
        if relation and record:
            found.append(Link(relation, record))
    return tuple(found)
