"""Records as the values of an annotation file: quotes instead of offsets, permanent ids, empty where nothing is known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from standoff.exchange import selectors
from standoff.exchange.records import Fault, Link, Loss, Negative, Party, Passage, Place, Record
from standoff.model import ids
from standoff.model.quotes import Selector
from standoff.model.spans import Span, splits_grapheme
from standoff.source.records import NEWEST_EDITION

Value = dict[str, Any]


@dataclass
class DocumentPass:
    """Turns the records of one document into values. `taken` are the ids of the document that are used already.

    `edition` is that of the dataset's own file about the document. The pass has it too, unless a record has something
    that only the newest edition can hold.
    """

    document_id: str
    text: str
    taken: list[str]
    problems: list[Fault]
    losses: list[Loss]
    edition: int = NEWEST_EDITION
    quotes: Mapping[str, Sequence[Selector]] = field(default_factory=dict)
    """The quotes of the dataset's own records, which a record of the same id keeps."""
    _own: Sequence[Selector] = ()
    _ids: dict[str, str] = field(default_factory=dict)

    def records(self, events: Iterable[Record], negatives: Iterable[Negative]) -> Value:
        """Return the edition and the lists `events` and `negatives`.

        A record whose words are cut inside a character is left out.
        """
        events = [each for each in events if self._whole(each)]
        negatives = [each for each in negatives if self._whole(each)]
        self._number(events, "e")
        self._number(negatives, "n")
        if not (all(map(_is_old, events)) and all(map(_is_old, negatives))):
            self.edition = NEWEST_EDITION
        return {
            **({"edition": self.edition} if self.edition > 1 else {}),
            "events": [self._event(each, self._ids[_key(each, i)]) for i, each in enumerate(events)],
            "negatives": [self._negative(each, self._ids[_key(each, i)]) for i, each in enumerate(negatives)],
        }

    def _whole(self, record: Record | Negative) -> bool:
        """Return whether no offset of a record lies inside a character; report the first that does."""
        for name, passage in _passages(record):
            span = passage.span
            if span is None:
                continue
            cut = next((at for at in (span.start, span.end) if splits_grapheme(self.text, at)), None)
            if cut is not None:
                message = f"{name}: offset {cut} lies inside a character (an accent, an emoji or a line end)"
                self.problems.append(Fault("cuts-character", record.line, message, record.file))
                return False
        return True

    def _number(self, records: Sequence[Record | Negative], letter: str) -> None:
        """Give every record an id: its own where that is one of this document, else the next that is free."""
        is_id = ids.is_event_id if letter == "e" else ids.is_negative_id
        used: set[str] = set()
        for i, record in enumerate(records):
            own = record.id or ""
            if is_id(own) and ids.document_of(own) == self.document_id and own not in used:
                used.add(own)
                self._ids[_key(record, i)] = own
        for i, record in enumerate(records):
            if _key(record, i) not in self._ids:
                new = ids.next_id([*self.taken, *used], self.document_id, letter)
                used.add(new)
                self._ids[_key(record, i)] = new
                self._ids.setdefault(f"{record.file}:{record.id}", new)

    def _event(self, r: Record, new_id: str) -> Value:
        self._own = self.quotes.get(new_id, ())
        inside = r.evidence.span if r.evidence else None
        value: Value = {
            "id": new_id,
            "evidence": self._quote(r.evidence, None) if r.evidence else "",
            "trigger": self._quote(r.trigger, inside) if r.trigger else "",
            "actor": [self._party(each, inside) for each in r.actors or ()],
            "target": [self._party(each, inside) for each in r.targets or ()],
            "action": r.action or "",
            "date": r.date.text if r.date else "",
            "date_basis": r.date_basis or "",
            "status": r.status or "",
            "reciprocal": r.reciprocal or None,
            "count_min": r.count_min if r.count_min != 1 else None,
            "shape": r.shape,
            "attribution": [self._source(each, inside) for each in r.attribution],
            "where": [self._place(each, inside) for each in r.places],
            "mentions": [self._quote(each, None) for each in r.mentions],
            "incident": r.incident,
            "links": [self._link(each, inside, r) for each in r.links],
            "source_error": r.source_error,
            "note": r.note,
        }
        kept = ("actor", "target")
        return {name: each for name, each in value.items() if name in kept or each not in (None, [])}

    def _negative(self, n: Negative, new_id: str) -> Value:
        self._own = self.quotes.get(new_id, ())
        if self.edition == 1:
            words = (self._spread(n.trigger, None) if n.trigger else {}) or {"quote": ""}
            note = {"note": n.note} if n.note is not None else {}
            return {"id": new_id, **words, "reason": n.reason or "", **note}
        inside = n.evidence.span if n.evidence else None
        would = n.would_be
        value: Value = {
            "id": new_id,
            "evidence": self._quote(n.evidence, None) if n.evidence else "",
            "trigger": self._quote(n.trigger, inside) if n.trigger else "",
            "mark": self._words(n.mark, inside) if n.mark else None,
            "reason": n.reason or "",
            "would_be": {
                "action": (would and would.action) or "",
                **({"actor": would.actor} if would and would.actor else {}),
                **({"target": would.target} if would and would.target else {}),
            },
            "note": n.note,
        }
        return {name: each for name, each in value.items() if each is not None}

    def _quote(self, passage: Passage | None, inside: Span | None) -> str | Value:
        """Return a quote that is looked for inside the evidence, or in the document where there is none."""
        if passage is None or passage.span is None:
            return (passage.words if passage else "") or ""
        within = inside if inside is not None and inside.contains(passage.span) else None
        return selectors.quote(passage.span, self.text, within, self._own)

    def _words(self, passage: Passage, inside: Span | None) -> str | Value:
        """Return a quote that says so itself where it is outside the evidence."""
        found = self._quote(passage, inside)
        if inside is None or passage.span is None or inside.contains(passage.span):
            return found
        return {**({"quote": found} if isinstance(found, str) else found), "outside": True}

    def _spread(self, passage: Passage | None, inside: Span | None) -> Value:
        if passage is None or (passage.span is None and not passage.words):
            return {}
        found = self._words(passage, inside)
        return {"quote": found} if isinstance(found, str) else found

    def _party(self, party: Party, inside: Span | None) -> Value:
        implicit = {"implicit": True} if party.implicit else {}
        return {"id": party.id or "", **self._spread(party.passage, inside), **implicit}

    def _source(self, party: Party, inside: Span | None) -> Value:
        via = [self._party(each, inside) for each in party.via]
        return {"id": party.id or "", **self._spread(party.passage, inside), **({"via": via} if via else {})}

    def _place(self, place: Place, inside: Span | None) -> Value:
        words = self._spread(place.passage, inside) or {"quote": ""}
        return {"place": place.id or "", **words, "relation": place.relation or ""}

    def _link(self, link: Link, inside: Span | None, record: Record) -> Value:
        words = self._spread(link.passage, inside) or ({"quote": ""} if self.edition > 1 else {})
        event = self._ids.get(f"{record.file}:{link.record_id}", link.record_id)
        return {"relation": link.relation, "event": event, **words}


def _is_old(record: Record | Negative) -> bool:
    """Return whether edition 1 of the form can hold a record."""
    if isinstance(record, Negative):
        return record.evidence is None and record.mark is None and record.would_be is None
    links = all(link.passage is None and link.relation != "speaks_of" for link in record.links)
    return links and not record.places and record.shape is None


def _key(record: Record | Negative, number: int) -> str:
    return f"{type(record).__name__}{number}"


def _passages(record: Record | Negative) -> Iterable[tuple[str, Passage]]:
    """Yield every passage of a record with the name of its field."""
    for name, passage in (("trigger", record.trigger), ("evidence", record.evidence)):
        if passage is not None:
            yield name, passage
    if isinstance(record, Negative):
        if record.mark is not None:
            yield "mark", record.mark
        return
    for name, parties in (
        ("actor", record.actors),
        ("target", record.targets),
        ("attribution", record.attribution),
    ):
        for party in parties or ():
            for each in (party, *party.via):
                if each.passage is not None:
                    yield name, each.passage
    for place in record.places:
        if place.passage is not None:
            yield "where", place.passage
    for link in record.links:
        if link.passage is not None:
            yield "links", link.passage
    for mention in record.mentions:
        yield "mentions", mention
