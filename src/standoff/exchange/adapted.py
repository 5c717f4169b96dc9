"""Readers that were made for scoring, used for import: labels become codes, words of parties get their place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from standoff.exchange import langextract, place, predictions, textee
from standoff.exchange.documents import Documents
from standoff.exchange.labels import Labels
from standoff.exchange.records import Intake, Party, Record
from standoff.findings import UsageError


def read_predictions(path: Path, documents: Documents, labels: Labels | None = None) -> Intake:
    """Read predictions for import: the file `predictions.jsonl` of a folder, or a file."""
    return _adapted(predictions.read, path, documents, labels)


def read_textee(path: Path, documents: Documents, labels: Labels | None = None) -> Intake:
    """Read TextEE windows for import."""
    return _adapted(textee.read, path, documents, labels)


def read_langextract(path: Path, documents: Documents, labels: Labels | None = None) -> Intake:
    """Read documents of langextract for import."""
    return _adapted(langextract.read, path, documents, labels)


def _adapted(
    read: Callable[[Path, Documents], Intake], path: Path, documents: Documents, labels: Labels | None
) -> Intake:
    if path.is_dir():
        found = sorted((*path.glob("*.jsonl"), *path.glob("*.json")))
        path = found[0] if len(found) == 1 else path
    intake = read(path, documents)
    if labels is None:
        return intake
    _require_unit(intake)
    for i, record in enumerate(intake.records):
        if record.document_id is None or "unparsable" in record.faults:
            continue
        intake.documents.setdefault(record.document_id, "")
        text = documents[record.document_id].text
        action = labels.action(record.action, f"{path.name}:{record.line}") if record.action else None
        intake.records[i] = replace(
            record,
            action=action,
            actors=_parties(record.actors, record, text, labels),
            targets=_parties(record.targets, record, text, labels),
            attribution=_parties(record.attribution, record, text, labels),
        )
    return intake


def _require_unit(intake: Intake) -> None:
    """Raise UsageError if records quote words with offsets, and no unit of offsets fits any of them."""
    wrong = next((fault for fault in intake.faults if fault.kind == "offsets-disagree"), None)
    if wrong is not None and not intake.units.keys() & place.UNITS.keys():
        raise UsageError(
            f"{intake.path}:{wrong.line}: no quote of the file is at its offsets: {wrong.message}; were the offsets counted "
            "in another text?"
        )


def _parties(
    parties: tuple[Party, ...] | None, record: Record, text: str | None, labels: Labels
) -> tuple[Party, ...]:
    return tuple(_party(each, record, text, labels) for each in parties or ())


def _party(party: Party, record: Record, text: str | None, labels: Labels) -> Party:
    """Give a party its registry id, and its words their place: in the evidence, or where they occur only once."""
    passage = party.passage
    words = (passage.words if passage else None) or party.name
    if words and (passage is None or passage.span is None):
        within = record.evidence.span if record.evidence else None
        placed = place.by_words(text, words, within=within)
        passage = placed.passage if placed.fault is None else None
    known = labels.actor(party.id) or labels.actors.get(words or "") or labels.actors.get(party.code or "")
    return replace(party, id=known, passage=passage if passage and passage.span else None)
