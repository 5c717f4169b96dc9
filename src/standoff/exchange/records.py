"""Records as other programs write them, and the account of what was read.

A `Record` is one event as a file states it, whatever the format: fields that a format does not have are None or
empty. An `Intake` holds the records of one file with every fault that was found, so that nothing is lost silently.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from standoff.findings import UsageError, shortened
from standoff.model.dates import EventDate
from standoff.model.spans import Span

LEVELS = ("trigger", "sentence", "document")
"""How closely a record says where its words are, from the closest to the widest."""


def wider(a: str, b: str) -> str:
    """Return the wider of two levels: two records can only be compared at this one."""
    return a if a == b else max(a, b, key=LEVELS.index)


FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "unparsable": "not a record of this format",
        "unknown-document": "its document is not in the gold",
        "out-of-scope": "its document is not among those named with --documents",
        "unknown-code": "its action code is not in the code list",
        "no-code": "it states no action code",
        "words-not-found": "its trigger words are not in the document",
        "words-ambiguous": "its trigger words occur several times",
        "trigger-too-long": "its trigger is longer than any trigger can be",
        "offsets-outside": "its offsets lie outside the text, or are no span",
        "offsets-disagree": "its offsets do not hold the words it quotes",
        "no-unit": "no quote of its document is at its offsets, whatever they count",
        "no-place": "it does not say where its trigger is, or not as closely as --match asks for",
        "part-not-placed": "the words of its evidence, of a party or of a place are not where it says",
        "cuts-character": "an offset lies inside what a reader sees as one character",
        "other-text": "it was made from another text than the gold's",
        "document-twice": "another file or task about its document was read before",
        "bad-date": "its date is not a date",
        "unknown-status": "its status is not asserted, hedged or contested, nor another that the gold has",
        "bad-field": "a field has a wrong type or value and was not read",
        "duplicate": "it repeats an earlier record, field by field",
    }
)
"""What can be wrong with a record, in the order of the intake table."""

NO_RECORD = MappingProxyType[str, Any]({})
MAX_KEPT = 1000
"""Faults of one kind that are kept with their place; further ones are counted only."""
MOST_LINES = 20
"""Lines that are kept of each way in which a passage was placed."""
MOST_RECORDS = 100_000
"""Most records of one document: matching them takes half a minute, and no text has so many events."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Words that a record points at: as quoted, and where they are; each may be unknown."""

    words: str | None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """An actor, target or source: whatever the file states of it. `via` are those who relayed a source."""

    code: str | None = None
    id: str | None = None
    name: str | None = None
    country: str | None = None
    passage: Passage | None = None
    implicit: bool = False
    via: tuple[Party, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where something happened: a name, an id of the gold's places, one of GeoNames, a country."""

    name: str | None = None
    id: str | None = None
    geonames: str | None = None
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    relation: str | None = None
    passage: Passage | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A relation to another record, and the words that state it."""

    relation: str
    record_id: str
    passage: Passage | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One event as a file states it.

    `line` counts from 1 (the record's number in formats without lines). `document` is what the file calls the
    document, `document_id` the known document that this is. `level` says how closely the record can be placed.
    `actors` and `targets` are None where the format has no such field, and empty where the file says "nobody".
    `faults` are keys of `FAULTS`; a record that could not be parsed has only these. `rest` holds what no other
    field does.
    """

    line: int
    id: str | None = None
    document: str | None = None
    document_id: str | None = None
    level: str = "trigger"
    trigger: Passage | None = None
    evidence: Passage | None = None
    sentence: int | None = None
    action: str | None = None
    scheme: str | None = None
    actors: tuple[Party, ...] | None = None
    targets: tuple[Party, ...] | None = None
    date: EventDate | None = None
    date_basis: str | None = None
    status: str | None = None
    attribution: tuple[Party, ...] = ()
    places: tuple[Place, ...] = ()
    links: tuple[Link, ...] = ()
    mentions: tuple[Passage, ...] = ()
    reciprocal: bool = False
    count_min: int = 1
    incident: str | None = None
    confidence: float | None = None
    note: str | None = None
    shape: str | None = None
    source_error: str | None = None
    faults: tuple[str, ...] = ()
    file: str = ""
    rest: Mapping[str, Any] = field(default_factory=lambda: NO_RECORD, hash=False, compare=False)


@dataclass(frozen=True, slots=True)
class WouldBe:
    """What a careless coder would enter for a negative."""

    action: str | None = None
    actor: str | None = None
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Negative:
    """A passage that looks like an event but is not, as a file states it. Fields are as in `Record`."""

    line: int
    id: str | None = None
    document: str | None = None
    document_id: str | None = None
    trigger: Passage | None = None
    evidence: Passage | None = None
    mark: Passage | None = None
    reason: str | None = None
    would_be: WouldBe | None = None
    note: str | None = None
    faults: tuple[str, ...] = ()
    file: str = ""


@dataclass(frozen=True, slots=True)
class Loss:
    """One value that did not come through, and why. `record` is the record's id."""

    record: str
    field: str
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one record: a key of `FAULTS`, where, and the particulars.

    `file` names the file where a folder was read.
    """

    kind: str
    line: int
    message: str
    file: str = ""

    def shown(self, path: str) -> str:
        """Return the fault as one line for people."""
        return f"{self.file or path}:{self.line} {self.kind}: {self.message}"


@dataclass(slots=True)
class Intake:
    """All that was read of one file (or folder).

    `counts` says how many records have each fault, `units` which unit of offsets fitted how often (code points,
    UTF-16, bytes, quote, …), `noted` what a reader of the report should know, each with its files. `negatives` are
    passages that the file marks as no events; `documents` are the known documents that it covers, with records or
    without; `losses` are values that no field of a record holds.
    """

    path: str
    format: str
    records: list[Record] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    units: Counter[str] = field(default_factory=Counter)
    noted: dict[str, list[str]] = field(default_factory=dict)
    negatives: list[Negative] = field(default_factory=list)
    documents: dict[str, str] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)
    """The known documents that files are about, whether they could be read or not."""
    losses: list[Loss] = field(default_factory=list)
    placed_at: dict[str, list[int]] = field(default_factory=dict)
    """The first lines that have each of `units`."""
    sizes: Counter[str] = field(default_factory=Counter)
    """Records read for each document."""

    def take(self, record: Record) -> None:
        """Add a record. UsageError where its document has far more than any document can hold."""
        if record.document_id is not None:
            self.sizes[record.document_id] += 1
            if self.sizes[record.document_id] > MOST_RECORDS:
                raise UsageError(
                    f"{record.file or self.path}:{record.line}: {record.document_id} has more than {MOST_RECORDS:,} records; "
                    "look whether each record names the document it was made from"
                )
        self.records.append(record)

    def report(self, kind: str, line: int, message: str, file: str = "") -> str:
        """Count a fault, keep it with its place, and return its kind."""
        assert kind in FAULTS, kind
        self.counts[kind] += 1
        if self.counts[kind] <= MAX_KEPT:
            self.faults.append(Fault(kind, line, shortened(message, 200), file))
        return kind

    def placed(self, how: str, line: int) -> None:
        """Count how a passage was placed, and keep the first lines."""
        self.units[how] += 1
        lines = self.placed_at.setdefault(how, [])
        if len(lines) < MOST_LINES:
            lines.append(line)

    def unparsable(self, line: int, message: str, file: str = "") -> None:
        """Add a record that could not be read: it counts, and it matches nothing."""
        self.records.append(Record(line, faults=(self.report("unparsable", line, message, file),), file=file))

    def lose(self, record: str, field: str, value: str, why: str) -> None:
        """List a value that no field of a record holds."""
        self.losses.append(Loss(record, field, value, why))

    def note(self, text: str, file: str = "") -> None:
        """Add a note once, with the file that it is about."""
        files = self.noted.setdefault(text, [])
        if file and file not in files[-1:]:
            files.append(file)

    @property
    def notes(self) -> list[str]:
        """The notes, each with the first of its files."""
        return shown_notes(self.noted)

    @property
    def level(self) -> str:
        """The closest level that any record reaches; "trigger" where there is no record."""
        used = {record.level for record in self.records if "unparsable" not in record.faults}
        return min(used, key=LEVELS.index, default="trigger")


def shown_notes(noted: Mapping[str, list[str]]) -> list[str]:
    """Return notes as lines: the first file of each, how many more there are, and the note."""
    lines = []
    for text, files in noted.items():
        more = f" and {len(files) - 1:,} more" if len(files) > 1 else ""
        lines.append(f"{files[0]}{more}: {text}" if files else text)
    return lines


def mark_duplicates(intake: Intake) -> None:
    """Report every record that repeats an earlier one in all its fields. The records stay: each counts."""
    seen: dict[tuple[Any, ...], int] = {}
    for i, record in enumerate(intake.records):
        if "unparsable" in record.faults:
            continue
        key = content(record)
        if key in seen:
            intake.report("duplicate", record.line, f"the same as line {seen[key]}")
            intake.records[i] = with_faults(record, ("duplicate",))
        else:
            seen[key] = record.line


def content(record: Record) -> tuple[Any, ...]:
    """Return what a record says, without its line and id.

    What was not read counts only if the record has no trigger: then its words may be among that.
    """
    return (
        record.document_id or record.document,
        record.trigger,
        record.evidence,
        record.sentence,
        record.action,
        record.actors,
        record.targets,
        record.date,
        record.status,
        record.attribution,
        record.places,
        record.confidence,
        None if record.trigger else repr(record.rest),
    )


def with_faults(record: Record, kinds: Iterable[str], **changes: Any) -> Record:
    """Return the record with further faults, and with other fields changed."""
    return replace(record, faults=(*record.faults, *kinds), **changes)
