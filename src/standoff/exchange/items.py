"""Records as annotation tools hold them: labelled spans (items) with fields, and edges between them.

Tools know no events with quoted fields, only spans, attributes and relations. `items_of` takes the records of a
document apart, `joining.Joining` puts them together again; each format only writes and reads items. Nothing is lost
on the way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from standoff.exchange.records import Negative, Party, Passage, Place, Record, WouldBe
from standoff.exchange.units import Offsets

EVENT, NEGATIVE, EVIDENCE, PARTY, PLACE = "event", "negative", "evidence", "party", "place"
MENTION, LINK, MARK = "mention", "link", "mark"
TRIGGER = "trigger"
"""The words of an event that is an item of its own; no kind of words by itself."""
KINDS = (EVENT, NEGATIVE, EVIDENCE, PARTY, PLACE, MENTION, LINK, MARK)
PARTIES = ("actor", "target", "attribution")
RELATIONS = ("in_response_to", "part_of", "speaks_of")
WHERE = ("at", "from", "toward", "near", "over")
VIA, ABOUT = "via", "about"
ROLES = (*PARTIES, EVIDENCE, MENTION, MARK, *WHERE, *RELATIONS, VIA, ABOUT)
CHOICES = {
    "status": ("asserted", "hedged", "contested"),
    "date_basis": ("explicit", "relative", "vague", "document", "inferred"),
    "shape": ("throughout", "several"),
    "reason": (
        "hypothetical",
        "conditional",
        "future",
        "negated",
        "unclear",
        "generic",
        "state",
        "belief",
        "historical",
        "commentary",
        "embedded",
        "no_target",
        "out_of_ontology",
    ),
}
"""Fields of few values, which tools offer as choices."""
EVENT_TEXTS = ("id", "date", "count_min", "incident", "unplaced", "linked", "source_error", "note")
NEGATIVE_TEXTS = ("id", "would_be_action", "would_be_actor", "would_be_target", "note")
"""Fields of free text, in the order in which they are written."""
FIELDS = {
    EVENT: {*EVENT_TEXTS, "status", "date_basis", "shape", "reciprocal"},
    NEGATIVE: {*NEGATIVE_TEXTS, "reason"},
    PARTY: {"actor", "implicit"},
    PLACE: {"place"},
    LINK: {"event"},
    "": {"actor", "place", "implicit"},
}
"""The fields of each kind of item."""
EDGES = {PARTY: {VIA}, LINK: {ABOUT}}
"""The roles that items of other kinds than events and negatives may have."""


UNKNOWN = Passage(None)


@dataclass(slots=True)
class Item:
    """One labelled span. `key` is its id in the file, `kind` one of `KINDS` ("" where the label says nothing).

    `action` is the code of an event; `edges` are roles with the keys of other items, in order. `passage` is where the
    words are; `offsets` is what the file states of that. `problem` says why it could not be placed,
    `gaps` are the words between the parts of a discontinuous span,
    `beside` the words before and after a quote without offsets.
    """

    key: str
    kind: str
    passage: Passage = UNKNOWN
    action: str | None = None
    fields: dict[str, str] = field(default_factory=dict)
    edges: list[tuple[str, str]] = field(default_factory=list)
    offsets: Offsets | None = None
    label: str = ""
    line: int = 1
    faults: list[str] = field(default_factory=list)
    problem: str = ""
    gaps: str = ""
    beside: tuple[str | None, str | None] = (None, None)


# ---- records → items ------------------------------------------------------------------------------------------


class _Taking:
    """Splits the records of one document into items. Items of parties and places are shared by all records."""

    def __init__(self, records: Iterable[Record], negatives: Iterable[Negative]) -> None:
        self.items: list[Item] = []
        self._shared: dict[tuple[object, ...], Item] = {}
        self._counts: defaultdict[str, int] = defaultdict(int)
        records, negatives = list(records), list(negatives)
        self._events = {r.id or f"e{n}": self._new(EVENT, r.trigger) for n, r in enumerate(records)}
        for record, item in zip(records, self._events.values(), strict=True):
            self._event(record, item)
        for negative in negatives:
            self._negative(negative)

    def _new(self, kind: str, passage: Passage | None, fields: dict[str, str] | None = None) -> Item:
        self._counts[kind] += 1
        item = Item(f"{kind}{self._counts[kind]}", kind, passage or Passage(None), fields=fields or {})
        self.items.append(item)
        return item

    def _event(self, r: Record, item: Item) -> None:
        item.action = r.action
        unplaced: list[str] = []
        linked: list[str] = []
        item.fields = _given(
            id=r.id,
            date=r.date.text if r.date else None,
            count_min=str(r.count_min) if r.count_min != 1 else None,
            incident=r.incident,
            source_error=r.source_error,
            note=r.note,
            status=r.status,
            date_basis=r.date_basis,
            shape=r.shape,
            reciprocal="true" if r.reciprocal else None,
        )
        self._passage(item, EVIDENCE, r.evidence)
        for role, parties in (("actor", r.actors), ("target", r.targets), ("attribution", r.attribution)):
            for n, party in enumerate(parties or (), start=1):
                if _placed(party.passage):
                    item.edges.append((role, self._party(party)))
                else:
                    flag = " implicit" if party.implicit else ""
                    unplaced.append(f"{role} {n} {party.id or '?'}{flag}")
        for n, place in enumerate(r.places, start=1):
            if _placed(place.passage):
                item.edges.append((place.relation or "at", self._place(place)))
            else:
                unplaced.append(f"{place.relation or 'at'} {n} {place.id or '?'}")
        for n, link in enumerate(r.links, start=1):
            target = self._events.get(link.record_id)
            if link.passage is not None and _placed(link.passage):
                words = self._new(LINK, link.passage, {} if target else {"event": link.record_id})
                item.edges.append((link.relation, words.key))
                words.edges += [(ABOUT, target.key)] if target else []
            elif target:
                item.edges.append((link.relation, target.key))
            else:
                linked.append(f"{link.relation} {n} {link.record_id}")
        for mention in r.mentions:
            self._passage(item, MENTION, mention)
        item.fields |= _given(unplaced="; ".join(unplaced), linked="; ".join(linked))

    def _passage(self, item: Item, role: str, passage: Passage | None) -> None:
        if passage is not None and _placed(passage):
            item.edges.append((role, self._new(role, passage).key))

    def _share(self, kind: str, passage: Passage | None, fields: dict[str, str]) -> Item:
        """Return the item of these words and fields; the same one for all records."""
        identity = (kind, passage, tuple(fields.items()))
        if identity not in self._shared:
            self._shared[identity] = self._new(kind, passage, fields)
        return self._shared[identity]

    def _party(self, party: Party) -> str:
        fields = _given(actor=party.id, implicit="true" if party.implicit else None)
        if not party.via:
            return self._share(PARTY, party.passage, fields).key
        item = last = self._new(PARTY, party.passage, fields)  # a chain of relays is nobody else's
        for relay in party.via:
            following = self._new(PARTY, relay.passage, _given(actor=relay.id))
            last.edges.append((VIA, following.key))
            last = following
        return item.key

    def _place(self, place: Place) -> str:
        return self._share(PLACE, place.passage, _given(place=place.id)).key

    def _negative(self, n: Negative) -> None:
        would = n.would_be or WouldBe()
        item = self._new(
            NEGATIVE,
            n.trigger,
            _given(
                id=n.id,
                reason=n.reason,
                would_be_action=would.action,
                would_be_actor=would.actor,
                would_be_target=would.target,
                note=n.note,
            ),
        )
        self._passage(item, EVIDENCE, n.evidence)
        self._passage(item, MARK, n.mark)


def items_of(records: Iterable[Record], negatives: Iterable[Negative]) -> list[Item]:
    """Return the items of one document's records: events first, each followed by its own words."""
    return _Taking(records, negatives).items


def _placed(passage: Passage | None) -> bool:
    return passage is not None and passage.span is not None


def _given(**fields: str | None) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value}
