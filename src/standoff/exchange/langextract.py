"""Annotated documents of the library langextract, in JSON Lines.

Extractions of the class ``event`` (or whose class is itself an action code) are events; the attributes action (or
code), actor, target, date and status describe them. The library's alignment can be wrong, so its positions are checked
against the extracted words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from standoff.exchange import building, place, reading, values
from standoff.exchange.documents import Documents
from standoff.exchange.json_answers import json_values
from standoff.exchange.labels import action_of
from standoff.exchange.records import Intake, Party, Record, mark_duplicates
from standoff.exchange.values import NotARecord

NAME = "langextract"
EVENT = frozenset(("event", "events", "act", "action"))


def read(path: Path, documents: Documents) -> Intake:
    """Read extractions from JSON or JSON Lines of annotated documents."""
    intake = Intake(str(path), NAME)
    for number, value, why in json_values(path, intake):
        if why or not isinstance(value, Mapping):
            if reading.mine_is(None):
                intake.unparsable(number, why or "expected a JSON object, one annotated document")
            continue
        document_id = building.resolved(partial(_document, value, documents), documents)
        if not reading.mine_is(document_id):
            continue
        if document_id is not None and value.get("extractions") in ([], None):
            intake.documents.setdefault(document_id, "")
        if "extractions" not in value:
            intake.unparsable(number, "not a document of langextract: it has no extractions")
        for item in values.list_of(value.get("extractions")):
            try:
                _add(item, _document(value, documents), number, documents, intake)
            except NotARecord as error:
                intake.unparsable(number, str(error))
    mark_duplicates(intake)
    return intake


def _document(value: Mapping[str, Any], documents: Documents) -> str | None:
    """Return what a line calls its document; its text tells which one it is where the library made up an id."""
    named, text = values.text_of(value.get("document_id")), value.get("text")
    if documents.resolve(named) is None and isinstance(text, str):
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        return digest if documents.resolve(digest) else named
    return named


def _add(item: Any, named: str | None, number: int, documents: Documents, intake: Intake) -> None:
    if not isinstance(item, Mapping):
        raise NotARecord("an extraction is not an object")
    kind = values.text_of(item.get("extraction_class")) or ""
    attributes = item.get("attributes")
    if not isinstance(attributes, Mapping):
        attributes = {}
    code = next(
        (attributes[key] for key in ("action", "code", "cameo", "event_code") if attributes.get(key)), None
    )
    if code is None and kind[:2].isdigit():
        code = kind
    if code is None and kind.casefold() not in EVENT:
        intake.note(f'extractions of the class "{kind[:40]}" are not events and were not read')
        return
    faults: list[str] = []
    document_id = building.known_document(named, documents, intake, number, faults)
    text = documents[document_id].text if document_id else None
    words = values.text_of(item.get("extraction_text")) or ""
    interval = item.get("char_interval")
    if isinstance(interval, Mapping) and interval.get("start_pos") is not None and words:
        start, end = (values.offset_of(interval.get(key)) for key in ("start_pos", "end_pos"))
        placed = place.by_offsets(text, start, end, words)
    else:
        placed = place.by_words(text, words)
    intake.take(
        Record(
            line=number,
            document=named,
            document_id=document_id,
            trigger=building.passage(placed, intake, number, faults),
            action=action_of(values.text_of(code) or "") or None,
            actors=_parties(attributes, "actor", "actors", "source"),
            targets=_parties(attributes, "target", "targets", "recipient"),
            date=building.date(values.text_of(attributes.get("date")), intake, number, faults),
            status=values.text_of(attributes.get("status")),
            faults=tuple(faults),
        )
    )


def _parties(attributes: Mapping[str, Any], *names: str) -> tuple[Party, ...]:
    stated = next((attributes[name] for name in names if attributes.get(name)), None)
    found = []
    for item in values.list_of(stated):
        found += [
            Party(name=part.strip()) for part in (values.text_of(item) or "").split(";") if part.strip()
        ]
    return tuple(found)
