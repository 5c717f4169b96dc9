"""Items put together as records: the way back from what annotation tools hold (see `items`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from standoff.exchange import values
from standoff.exchange.items import (
    ABOUT,
    EDGES,
    EVENT,
    EVIDENCE,
    FIELDS,
    LINK,
    MARK,
    MENTION,
    NEGATIVE,
    PARTIES,
    RELATIONS,
    TRIGGER,
    VIA,
    WHERE,
    Item,
)
from standoff.exchange.records import Intake, Link, Negative, Party, Passage, Place, Record, WouldBe
from standoff.exchange.values import NotARecord
from standoff.model.dates import EventDate

NO_EVENT = "no label in it is that of an event"
TURNED = frozenset((*PARTIES, *WHERE, EVIDENCE, MENTION, MARK))
"""Roles that can only lead from an event to a part."""


@dataclass
class Joining:
    """Puts the items of one document together as records, and adds them to an intake."""

    items: list[Item]
    document: str
    document_id: str | None
    intake: Intake
    file: str = ""
    strict: bool = False
    """Whether a part that could not be placed is a fault of its record; else only the trigger is."""

    def __post_init__(self) -> None:
        self._items = {item.key: item for item in self.items}
        self._ids = {
            item.key: item.fields.get("id") or item.key
            for item in self.items
            if item.kind in (EVENT, NEGATIVE)
        }

    def add(self) -> None:
        """Add every event and negative, and list what none of them holds."""
        self._turn()
        used = self._used()
        if self.strict and self.items and not self._ids:
            self.intake.note(NO_EVENT, self.file)
        for item in self.items:
            if item.kind == EVENT:
                self.intake.take(self._record(item))
            elif item.kind == NEGATIVE:
                self.intake.negatives.append(self._negative(item))
            for name, value in item.fields.items():
                if name not in FIELDS.get(item.kind, ()):
                    self.lose(item, name, value, "no field holds it")
            if item.kind in (EVENT, NEGATIVE):
                continue
            if item.key not in used and item.kind != TRIGGER:
                self.lose(item, item.label or item.kind, _words(item), "the span belongs to no event")
            for role, key in item.edges:
                if role not in EDGES.get(item.kind, ()):
                    words = _words(self._items[key]) if key in self._items else key
                    self.lose(item, role, words, "only events have arguments and relations")

    def _turn(self) -> None:
        """Turn arcs that lead from a part to its event: some projects draw them in this direction."""
        for item in self.items:
            if item.key in self._ids:
                continue
            for role, key in item.edges[:]:
                if role in TURNED and key in self._ids:
                    item.edges.remove((role, key))
                    self._items[key].edges.append((role, item.key))

    def _used(self) -> set[str]:
        """Return the keys of the parts of events and negatives, and of what belongs to these."""
        todo = [key for owner in self._ids for _, key in self._items[owner].edges]
        used: set[str] = set()
        while todo:
            key = todo.pop()
            if key not in used:
                used.add(key)
                item = self._items.get(key)
                allowed = EDGES.get(item.kind, ()) if item else ()
                todo += [to for role, to in item.edges if role in allowed] if item and allowed else []
        return used

    def _record(self, item: Item) -> Record:
        fields, faults = item.fields, list(item.faults)
        sides: dict[str, list[Party]] = {role: [] for role in PARTIES}
        places: list[Place] = []
        links: list[Link] = []
        mentions: list[Passage] = []
        evidence: Passage | None = None
        for role, key in item.edges:
            other = self._items.get(key)
            if other is None:
                faults.append(self._fault("bad-field", item, f'{role}: there is no "{key}"'))
                continue
            if self.strict and other.problem:
                faults.append(self._fault("part-not-placed", item, f"{role}: {other.problem}"))
            if other.kind in (EVENT, NEGATIVE) and role not in RELATIONS:
                words = other.fields.get("id") or _words(other)
                self.lose(item, role, words, "an event has no events as parts; use a relation")
            elif role in PARTIES:
                sides[role].append(self._party(other, faults, item))
            elif role in WHERE:
                places.append(Place(id=_place_id(other), relation=role, passage=other.passage))
            elif role in RELATIONS:
                links.append(self._link(role, other))
            elif role == MENTION:
                mentions.append(other.passage)
            elif role == EVIDENCE and evidence is None:
                evidence = other.passage
            else:
                self.intake.note(f"arguments with the role {role} are not read")
                why = (
                    "a record has one evidence" if role == EVIDENCE else "no field of an event has this role"
                )
                self.lose(item, role, _words(other), why)
            if other.gaps:
                self.lose(item, role, other.gaps, "the span has a gap; its words are included")
        if item.gaps:
            self.lose(item, "trigger", item.gaps, "the span has a gap; its words are included")
        self._unplaced(item, sides, places, faults)
        self._linked(item, links, faults)
        return Record(
            line=item.line,
            id=self._ids[item.key],
            document=self.document,
            document_id=self.document_id,
            trigger=item.passage,
            evidence=evidence,
            action=item.action,
            actors=tuple(sides["actor"]),
            targets=tuple(sides["target"]),
            date=self._date(item, faults),
            date_basis=fields.get("date_basis"),
            status=fields.get("status"),
            attribution=tuple(sides["attribution"]),
            places=tuple(places),
            links=tuple(links),
            mentions=tuple(mentions),
            reciprocal=fields.get("reciprocal", "").casefold() in ("true", "yes", "1"),
            count_min=self._count(item, faults),
            incident=fields.get("incident"),
            note=fields.get("note"),
            shape=fields.get("shape"),
            source_error=fields.get("source_error"),
            faults=tuple(faults),
            file=self.file,
        )

    def _fault(self, kind: str, item: Item, message: str) -> str:
        return self.intake.report(kind, item.line, message, self.file)

    def lose(self, item: Item, name: str, value: str, why: str) -> None:
        """List a value of an item that no record holds."""
        self.intake.lose(item.fields.get("id") or f"{self.file}:{item.line}", name, value, why)

    def _party(self, item: Item, faults: list[str], owner: Item) -> Party:
        chain: list[Party] = []
        seen, at = {item.key}, item
        while following := next((key for role, key in at.edges if role == VIA), None):
            if following in seen or following not in self._items:
                why = (
                    "leads in a circle"
                    if following in seen
                    else f'leads to "{following}", which is not there'
                )
                faults.append(self._fault("bad-field", owner, f"via: the chain of relays {why}"))
                break
            seen.add(following)
            at = self._items[following]
            chain.append(self._one_party(at))
        party = self._one_party(item)
        return replace(party, via=tuple(chain)) if chain else party

    @staticmethod
    def _one_party(item: Item) -> Party:
        return Party(
            id=item.fields.get("actor"),
            name=item.passage.words,
            passage=item.passage,
            implicit=item.fields.get("implicit", "").casefold() in ("true", "yes", "1"),
        )

    def _link(self, relation: str, item: Item) -> Link:
        if item.kind != LINK:
            return Link(relation, self._ids.get(item.key, item.key))
        about = next((key for role, key in item.edges if role == ABOUT), None)
        record_id = self._ids.get(about, about) if about else item.fields.get("event", "")
        return Link(relation, record_id, item.passage)

    def _unplaced(
        self, item: Item, sides: dict[str, list[Party]], places: list[Place], faults: list[str]
    ) -> None:
        """Add parties and places that no words name: ``target 1 iran implicit; at 1 tehran``."""
        for role, at, words in self._numbered(item, "unplaced", faults):
            known = None if words[0] == "?" else words[0]
            if role in PARTIES:
                sides[role].insert(at, Party(id=known, implicit="implicit" in words[1:]))
            elif role in WHERE:
                places.insert(at, Place(id=known, relation=role))
            else:
                faults.append(self._fault("bad-field", item, f'unplaced: no role is called "{role}"'))

    def _linked(self, item: Item, links: list[Link], faults: list[str]) -> None:
        for relation, at, words in self._numbered(item, "linked", faults):
            links.insert(at, Link(relation, words[0]))

    def _numbered(self, item: Item, name: str, faults: list[str]) -> Iterator[tuple[str, int, list[str]]]:
        for piece in filter(None, (each.strip() for each in item.fields.get(name, "").split(";"))):
            role, *rest = piece.split()
            if len(rest) < 2 or not (rest[0].isascii() and rest[0].isdigit()):
                faults.append(
                    self._fault("bad-field", item, f'{name}: expected "role number id", found "{piece}"')
                )
                continue
            yield role, max(0, int(rest[0][:6]) - 1), rest[1:]

    def _date(self, item: Item, faults: list[str]) -> EventDate | None:
        try:
            return values.date_of(item.fields.get("date"))
        except NotARecord as error:
            faults.append(self._fault("bad-date", item, str(error)))
            return None

    def _count(self, item: Item, faults: list[str]) -> int:
        text = item.fields.get("count_min", "1").strip()
        if text.isascii() and text.isdigit() and len(text) < 8:
            return int(text)
        faults.append(self._fault("bad-field", item, f'count_min: "{text}" is not a whole number'))
        return 1

    def _negative(self, item: Item) -> Negative:
        found: dict[str, Passage] = {}
        faults = list(item.faults)
        for role, key in item.edges:
            other = self._items.get(key)
            if self.strict and other is not None and other.problem:
                faults.append(self._fault("part-not-placed", item, f"{role}: {other.problem}"))
            if other is not None and role in (EVIDENCE, MARK) and role not in found:
                found[role] = other.passage
            else:
                words = _words(other) if other else key
                self.lose(item, role, words, "no field of a negative has this role")
        get = item.fields.get
        would = WouldBe(get("would_be_action"), get("would_be_actor"), get("would_be_target"))
        return Negative(
            line=item.line,
            id=self._ids[item.key],
            document=self.document,
            document_id=self.document_id,
            trigger=item.passage,
            evidence=found.get(EVIDENCE),
            mark=found.get(MARK),
            reason=get("reason"),
            would_be=would if would != WouldBe() else None,
            note=get("note"),
            faults=tuple(faults),
            file=self.file,
        )


def _words(item: Item) -> str:
    """Return the words of an item, or its offsets if no words are there."""
    if item.passage.words:
        return item.passage.words
    pieces = item.offsets.pieces if item.offsets else ()
    return ";".join(f"{start}..{end}" for start, end in pieces) or item.key


def _place_id(item: Item) -> str | None:
    return item.fields.get("place") or item.fields.get("actor")
