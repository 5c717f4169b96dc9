"""Annotation files of this project: one file, a folder of events, or a pass.

The file's own document is compared with the gold's: with another SHA-256 its quotes may lead elsewhere, so every record
of the file is reported, and placed by its words all the same.
"""

from __future__ import annotations

from pathlib import Path

from standoff.exchange import building
from standoff.exchange.documents import Documents
from standoff.exchange.records import Intake, Link, Party, Passage, Place, Record, mark_duplicates
from standoff.findings import UsageError
from standoff.source import files
from standoff.source.corpus import AnnotationFile
from standoff.source.records import UNNAMED, Event, Quote, build_document, build_event
from standoff.source.records import Party as Named

NAME = "standoff"


def read(path: Path, documents: Documents) -> Intake:
    """Read an annotation file, or every one in a folder. Line numbers are those of the records in their file."""
    paths = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    if not paths:
        raise UsageError(f"{path} has no .yaml file")
    intake = Intake(str(path), NAME)
    for each in paths:
        _file(each, documents, intake)
    mark_duplicates(intake)
    return intake


def _file(path: Path, documents: Documents, intake: Intake) -> None:
    file = AnnotationFile(path, path.name, "annotation")
    value = files.read_yaml(file).value
    events = value.get("events") if isinstance(value, dict) else None
    if not isinstance(events, list) or "document" not in value or not file.sound("document"):
        why = file.faults[0].message if file.faults else "it has no document and list of events"
        intake.unparsable(1, f"{path.name}: {why}")
        return
    document = build_document(value["document"])
    document_id = documents.resolve(document.sha256) or documents.resolve(document.id)
    for i, item in enumerate(events):
        line = file.places.of(("events", i)).line
        faults: list[str] = []
        if not file.sound("events", i):
            intake.unparsable(
                line, f"{path.name}: events[{i}] does not follow the schema; run standoff check"
            )
            continue
        building.known_document(
            document.id if document_id is None else document_id, documents, intake, line, faults
        )
        if document_id and documents[document_id].sha256 not in ("", document.sha256):
            message = f"{path.name} is about SHA-256 {document.sha256[:12]}…, the gold about another text"
            faults.append(intake.report("other-text", line, message))
        text = documents[document_id].text if document_id else None
        _add(build_event(item, ("events", i), text), document.id, document_id, line, faults, intake)


def _add(
    event: Event, named: str, document_id: str | None, line: int, faults: list[str], intake: Intake
) -> None:
    for quote, role in ((event.trigger, "trigger"), (event.evidence, "evidence")):
        if quote.error is not None:
            faults.append(intake.report("words-not-found", line, f"{role}: {quote.error}"))
    intake.take(
        Record(
            line=line,
            id=event.id,
            document=named,
            document_id=document_id,
            trigger=_passage(event.trigger),
            evidence=_passage(event.evidence),
            action=event.action,
            actors=tuple(map(_party, event.actors)),
            targets=tuple(map(_party, event.targets)),
            date=event.date.value,
            date_basis=event.date_basis,
            status=event.status,
            attribution=tuple(map(_party, event.attribution)),
            mentions=tuple(map(_passage, event.mentions)),
            places=tuple(Place(id=getattr(each, "place_id", None)) for each in getattr(event, "where", ())),
            links=tuple(Link(each.relation, each.event_id) for each in event.links),
            reciprocal=event.reciprocal,
            count_min=event.count_min,
            incident=event.incident,
            note=event.note,
            faults=tuple(faults),
        )
    )


def _passage(quote: Quote) -> Passage:
    return Passage(quote.words, quote.span)


def _party(party: Named) -> Party:
    named = party.quote.words if party.quote else None
    unnamed = party.actor_id == UNNAMED
    return Party(
        id=None if unnamed else party.actor_id,
        name=named,
        passage=_passage(party.quote) if party.quote else None,
    )
