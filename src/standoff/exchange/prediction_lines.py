"""The prediction format, written: JSON Lines by `schema/prediction.schema.json`, so that records can be scored.

Files hold positions, and the words of triggers and parties; never those of the evidence.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from standoff.exchange.coded import Coded, Source
from standoff.exchange.losses import Losses
from standoff.exchange.records import Party, Passage, Record

NAME = "predictions"
FILE = "predictions.jsonl"
WHY = "the prediction format has no field for it"


def write(source: Source, folder: Path, losses: Losses) -> None:
    """Write one line for each event. Negatives are no predictions, and listed as losses."""
    with (folder / FILE).open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(source.each(_lines, losses))


def _lines(coded: Coded, losses: Losses) -> str:
    for record in coded.records:
        _lose(record, losses)
    for negative in coded.negatives:
        losses.add(negative.id or "", "negative", negative.reason or "negative", "predictions are events")
    return "".join(json.dumps(_line(record), ensure_ascii=False) + "\n" for record in coded.records)


def _line(record: Record) -> dict[str, Any]:
    value: dict[str, Any] = {
        "id": record.id,
        "document": record.document_id,
        "trigger": _passage(record.trigger, quoted=True),
        "evidence": _passage(record.evidence, quoted=False),
        "action": record.action,
        "actors": [_party(each) for each in record.actors or ()],
        "targets": [_party(each) for each in record.targets or ()],
        "date": record.date.text if record.date else None,
        "status": record.status,
        "attribution": [_party(each) for each in record.attribution] or None,
        "where": [_given(id=each.id, relation=each.relation) for each in record.places] or None,
        "links": [{"relation": each.relation, "record": each.record_id} for each in record.links] or None,
        "reciprocal": record.reciprocal or None,
        "note": record.note,
    }
    return {name: each for name, each in value.items() if each is not None}


def _passage(passage: Passage | None, *, quoted: bool) -> dict[str, Any] | None:
    if passage is None:
        return None
    if passage.span is None:
        return {"quote": passage.words} if passage.words else None
    found: dict[str, Any] = {"start": passage.span.start, "end": passage.span.end, "unit": "codepoints"}
    if quoted and passage.words:
        found["quote"] = passage.words
    return found


def _party(party: Party) -> dict[str, str]:
    words = party.passage.words if party.passage else None
    return _given(id=party.id, code=party.code, words=words) or {"name": "?"}


def _given(**fields: str | None) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value}


def _lose(record: Record, losses: Losses) -> None:
    """List the fields of an event that a line does not have."""
    own = record.id or ""
    losses.add(own, "date_basis", record.date_basis, WHY)
    losses.add(own, "shape", record.shape, WHY)
    losses.add(own, "count_min", record.count_min if record.count_min != 1 else None, WHY)
    losses.add(own, "incident", record.incident, WHY)
    losses.add(own, "source_error", record.source_error, WHY)
    for mention in record.mentions:
        losses.add(own, "mentions", _offsets(mention), WHY)
    for role, parties in (
        ("actor", record.actors),
        ("target", record.targets),
        ("attribution", record.attribution),
    ):
        for party in parties or ():
            where = _offsets(party.passage) if party.passage else ""
            losses.add(own, f"{role}.offsets", where, "a party has words, and no offsets")
            losses.add(own, f"{role}.implicit", party.implicit, WHY)
            for relay in party.via:
                losses.add(own, f"{role}.via", relay.id, WHY)
    for place in record.places:
        losses.add(own, "where.offsets", _offsets(place.passage) if place.passage else "", WHY)
    for link in record.links:
        losses.add(own, "links.offsets", _offsets(link.passage) if link.passage else "", WHY)


def _offsets(passage: Passage) -> str:
    """Return where a passage is: never its words, which may be those of the evidence."""
    return f"{passage.span.start}-{passage.span.end}" if passage.span else ""
