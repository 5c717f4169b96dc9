"""brat standoff: ``.ann`` files, one for each document, with the text beside them or not.

Events are ``E`` lines whose type is an action code (``Act-190``); negatives have the type ``Negative``. Arguments lead to
the words of the evidence, parties, places and links. Status, basis of the date, shape and reason are ``A`` lines;
other fields stand in the annotator's note (``#``), as do the registry ids of parties and places. A normalisation ``N``
of a party's words gives its registry id too.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path

from standoff.exchange import items as parts
from standoff.exchange import notes, reading, values
from standoff.exchange.documents import Documents
from standoff.exchange.frames import Frame, Texts
from standoff.exchange.items import Item
from standoff.exchange.joining import Joining
from standoff.exchange.labels import Labels
from standoff.exchange.records import Intake, mark_duplicates
from standoff.exchange.units import Offsets
from standoff.findings import shortened

NAME = "brat"
SUFFIX = ".ann"
TYPES = {
    parts.EVIDENCE: "Evidence",
    parts.PARTY: "Party",
    parts.PLACE: "Place",
    parts.MENTION: "Mention",
    parts.LINK: "LinkWords",
    parts.MARK: "Mark",
    parts.NEGATIVE: "Negative",
}
"""Kinds of words, as brat's types."""
KINDS = {name: kind for kind, name in TYPES.items()}
_TEXT_BOUND = re.compile(r"(\S+) ((?:\d+ \d+;)*\d+ \d+)", re.ASCII)
_KEY = re.compile(r"(?:[TEAMNR*]\d*|#\d*)")
_ATTRIBUTES = {"datebasis": "date_basis"}
REFERENCE = "reference"
"""The field for a normalisation."""


def read(path: Path, documents: Documents, labels: Labels | None = None) -> Intake:
    """Read an ``.ann`` file, or all of a folder. Line numbers count within each file."""
    files = values.files_in(path, SUFFIX)
    intake = Intake(str(path), NAME)
    texts = Texts(documents)
    for file, name in reading.each(files):
        _File(file, name, labels or Labels(), intake).read(texts)
    intake.faults.sort(key=lambda fault: (fault.file, fault.line))
    mark_duplicates(intake)
    return intake


@dataclass
class _File:
    """One ``.ann`` file, read line by line."""

    file: Path
    name: str
    labels: Labels
    intake: Intake
    bound: dict[str, Item] = field(default_factory=dict)
    events: list[Item] = field(default_factory=list)
    anchors: dict[str, str] = field(default_factory=dict)
    fields: defaultdict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    seen: set[str] = field(default_factory=set)
    relations: list[tuple[str, str, str]] = field(default_factory=list)
    last: str = ""
    """The last span of text, while nothing but lines of its words came after it."""

    def read(self, texts: Texts) -> None:
        for number, text, why in values.lines(self.file):
            if text is None:
                self.intake.unparsable(number, why, self.name)
            else:
                self._line(number, text)
        frame = self._frame(texts)
        self._fill()
        items = [*self.events, *self.bound.values()]
        frame.place(self.bound.values(), self.intake, self.name, strict=self.labels.strict)
        for item in self.bound.values():
            if item.kind in (parts.EVENT, parts.NEGATIVE):
                item.faults += frame.faults
        for event in self.events:
            self._anchor(event, frame)
        Joining(items, self.file.stem, frame.document_id, self.intake, self.name, self.labels.strict).add()

    def _frame(self, texts: Texts) -> Frame:
        text_file = self.file.with_suffix(".txt")
        shown = None
        if text_file.is_file():
            shown = values.exact_text(text_file)
        beside = "" if shown is not None else f", and there is no {text_file.name} beside the file"
        once = self.labels.strict
        return texts.frame([self.file.stem], shown, self.intake, file=self.name, once=once, hint=beside)

    def _line(self, number: int, text: str) -> None:
        key, _, rest = text.partition("\t")
        body, _, tail = rest.partition("\t")
        words = body.split()
        if _KEY.fullmatch(key):
            self.last = ""
        if key in self.seen and key[:1] in "TE":
            self.intake.unparsable(number, f"there are two lines {key}; the first is read", self.name)
            return
        self.seen.add(key)
        if not _KEY.fullmatch(key):
            if not self._continued(number, text):
                why = f'not a line of brat, which begins with an id such as T1 and a tab: "{shortened(text, 40)}"'
                self.intake.unparsable(number, why, self.name)
        elif key.startswith("T"):
            self._bound(number, key, body, tail)
            self.last = key
        elif key.startswith("E") and words:
            label, _, anchor = words[0].rpartition(":")
            event = Item(key, parts.EVENT, label=label or anchor, line=number)
            arguments = rest.split()[1:]  # some tools write a tab between them
            event.edges = [(role, what) for role, _, what in (each.partition(":") for each in arguments)]
            self.events.append(event)
            self.anchors[key] = anchor
        elif key.startswith("N") and len(words) > 2:
            self._keep(number, words[1], {REFERENCE: words[2]})
        elif key.startswith(("A", "M")) and len(words) > 1:
            name = words[0].casefold()
            self._keep(
                number, words[1], {_ATTRIBUTES.get(name, name): words[2] if len(words) > 2 else "true"}
            )
        elif key.startswith("#") and len(words) > 1:
            self._keep(number, words[1], notes.read(tail))
        elif key.startswith("R") and len(words) == 3:
            first, second = (each.partition(":")[2] for each in words[1:])
            self.relations.append((words[0], first, second))
        else:
            why = "no field holds equivalences" if key.startswith("*") else "the line is not complete"
            self.intake.lose(f"{self.name}:{number}", key, f"{body} {tail}".strip(), why)

    def _keep(self, number: int, key: str, fields: dict[str, str]) -> None:
        """Keep fields of an annotation. A second note is added to the first; of another field, the first value stays."""
        own = self.fields[key]
        for name, value in fields.items():
            first = own.setdefault(name, value)
            if name == "note" and value != first:
                own[name] = f"{first} | {value}"
            elif value != first:
                self.intake.lose(f"{self.name}:{number}", name, value, f"{key} has another value already")

    def _continued(self, number: int, text: str) -> bool:
        """Add a line to the words of the span above, if its words have a line break, as some tools write it."""
        item = next(reversed(self.bound.values()), None)
        if item is None or item.offsets is None or item.offsets.words is None or self.last != item.key:
            return False
        breaks = number - item.line - item.offsets.words.count("\n")
        words = item.offsets.words + "\n" * breaks + text
        pieces = item.offsets.pieces
        if len(words) > sum(end - start for start, end in pieces) + len(pieces) - 1:
            return False
        item.offsets = replace(item.offsets, words=words)
        return True

    def _bound(self, number: int, key: str, body: str, tail: str) -> None:
        match = _TEXT_BOUND.fullmatch(body)
        if match is None:
            self.intake.unparsable(number, f"{key} has no offsets", self.name)
            return
        pieces = [tuple(int(n[:18]) for n in piece.split()) for piece in match[2].split(";")]
        offsets = Offsets(tuple((start, end) for start, end in pieces), tail or None)
        self.bound[key] = Item(key, KINDS.get(match[1], ""), offsets=offsets, label=match[1], line=number)

    def _fill(self) -> None:
        """Give items their fields, and translate labels and roles."""
        for key, item in self.bound.items():
            item.fields |= self.fields[key]
            self._refer(item)
        for key in self.anchors.values():
            if key in self.bound:
                self.bound[key].kind = parts.TRIGGER
        for event in self.events:
            event.fields |= self.fields[event.key]
            self._refer(event)
            kind = KINDS.get(event.label) or self.labels.kind(event.label)
            event.kind = parts.EVENT if kind is None else kind
            event.edges = [(role, key) for name, key in event.edges if (role := self.labels.role(name))]
        known = {item.key: item for item in (*self.bound.values(), *self.events)}
        triggers = Counter(self.anchors.values())
        owners = {anchor: key for key, anchor in self.anchors.items() if triggers[anchor] == 1}
        for name, *ends in self.relations:
            role = self.labels.role(name)
            first, second = ends if role == parts.VIA else (owners.get(end, end) for end in ends)
            if first in known and second in known and role:
                known[first].edges.append((role, second))
            elif role:
                self.intake.lose(self.name, name, f"{first} → {second}", "one of its ends is not there")
        for key in self.fields.keys() - known.keys():
            for name, value in self.fields[key].items():
                self.intake.lose(self.name, name, value, f"{key} is not an annotation of a text")
        everything = [*self.events, *self.bound.values()]
        self.labels.assign(everything, KINDS, self.name, events=self.labels.strict)

    def _refer(self, item: Item) -> None:
        """Read a normalisation such as Wikidata:Q76 as a registry id: what the mapping makes of it, else its last part."""
        if reference := item.fields.pop(REFERENCE, ""):
            known = reference if reference in self.labels.actors else reference.rpartition(":")[2]
            item.fields.setdefault("actor", known)

    def _anchor(self, event: Item, frame: Frame) -> None:
        """Give an event the words of its trigger."""
        anchor = self.bound.get(self.anchors[event.key])
        event.faults += frame.faults
        if anchor is None:
            message = f"the trigger {self.anchors[event.key]} is not there"
            event.faults.append(self.intake.report("no-place", event.line, message, self.name))
            return
        event.passage, event.gaps = anchor.passage, anchor.gaps
        event.faults += anchor.faults
