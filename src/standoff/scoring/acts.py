"""Gold events and predictions in one form, so that either can take the place of the other.

Parties get the code, the registry entry and the country that can be computed from what a record states: a code is
taken as it is, an id gets its code on the event's date, a name is looked up among the names and aliases of the
registry and of the country list. Nothing is looked up in the gold events.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from standoff.codes import shipped
from standoff.exchange import records
from standoff.exchange.documents import Documents
from standoff.exchange.records import Record
from standoff.model.actors import Registry
from standoff.model.dates import EventDate
from standoff.model.spans import Span
from standoff.scoring.codes import CodeTree
from standoff.scoring.names import listed, meaning, names_of, plain

ACTORS = ("code", "id", "country")
"""What can make two parties equal."""


@dataclass(frozen=True, slots=True, order=True)
class Side:
    """One actor or target: code, registry id and country, each "" where unknown; `name` as stated."""

    code: str
    id: str
    country: str
    name: str

    def key(self, by: str) -> str:
        """Return what is compared. If it is unknown, the party equals only one of the same code, entry or name."""
        return str(getattr(self, by)) or f"?{self.code or self.id or self.name.casefold()}"


@dataclass(frozen=True, slots=True)
class Act:
    """One event, of the gold or of a system, as the scorer sees it. `action` is None where the list lacks it."""

    id: str
    line: int
    document: str | None
    level: str
    trigger: Span | None
    words: tuple[str, ...]
    evidence: Span | None
    mentions: tuple[Span, ...]
    sentence: int | None
    action: str | None
    actors: tuple[Side, ...]
    targets: tuple[Side, ...]
    date: EventDate | None
    status: str | None
    reciprocal: bool
    places: tuple[frozenset[str], ...] = ()
    """Of each place, everything by which it may be called: id, GeoNames id, name."""
    links: tuple[tuple[str, str], ...] = ()
    """Relation and id of the other record."""
    quote: str = ""
    """The trigger as the file has it."""
    lost: bool = False
    """The text is known and the words of the trigger are not in it, or the record says too little of its place."""
    named: str | None = None
    """The document as the file calls it."""

    def content(self) -> tuple[object, ...]:
        """Return what the act says, for an order that depends on nothing else."""
        span = self.trigger or Span(0, 0)
        when = self.date.text if self.date else ""
        return (
            (span.start, span.end, self.words, self.sentence or 0),
            (self.action or "", self.actors, self.targets, when, self.status or "", self.reciprocal),
        )


class Resolver:
    """Turns records into acts, by a registry and a code list."""

    def __init__(
        self,
        registry: Registry,
        codes: CodeTree,
        documents: Documents,
        names: Mapping[str, str | None] | None = None,
    ) -> None:
        self.codes = codes
        self._registry, self._documents = registry, documents
        self._names = names_of(registry) if names is None else names
        self.unresolved: dict[str, int] = {}
        """Names of parties that neither list knows, with how often they came."""

    def acts(self, found: Iterable[Record], prefix: str = "line ") -> list[Act]:
        """Return the acts of records that could be parsed, in their order."""
        return [self.act(record, prefix) for record in found if "unparsable" not in record.faults]

    def act(self, record: Record, prefix: str = "line ") -> Act:
        """Return the act of one record."""
        document = self._documents.get(record.document_id or "")
        trigger = record.trigger.span if record.trigger else None
        evidence = record.evidence.span if record.evidence else None
        sentence = record.sentence
        if sentence is None and document is not None and (at := trigger or evidence) is not None:
            sentence = document.sentence_of(at.start)
        words = record.trigger.words if record.trigger else None
        known = document is not None and document.text is not None
        level = record.level
        if level == "sentence" and (document is None or not document.sentences):
            level = "document"
        return Act(
            id=record.id or f"{prefix}{record.line}",
            line=record.line,
            document=record.document_id,
            level=level,
            trigger=trigger,
            words=tuple((words or "").casefold().split()),
            evidence=evidence,
            mentions=tuple(m.span for m in record.mentions if m.span is not None),
            sentence=sentence,
            action=self.codes.find(record.action),
            actors=self._sides(record.actors, record.date),
            targets=self._sides(record.targets, record.date),
            date=record.date,
            status=record.status,
            reciprocal=record.reciprocal,
            places=tuple(keys for place in record.places if (keys := _place_keys(place))),
            links=tuple((link.relation, link.record_id) for link in record.links),
            quote=words or "",
            lost=(known and record.trigger is not None and trigger is None) or "no-place" in record.faults,
            named=record.document,
        )

    def _sides(self, parties: tuple[records.Party, ...] | None, when: EventDate | None) -> tuple[Side, ...]:
        return tuple(sorted(self.side(party, when) for party in parties or ()))

    def side(self, party: records.Party, when: EventDate | None) -> Side:
        """Return one party with all that is known of it."""
        code, entry, name = (party.code or "").upper(), party.id or "", party.name or ""
        if not name and party.passage and party.passage.words:
            name = party.passage.words
        if code and code in self._registry:  # an id written where a code belongs
            code, entry = "", code
        if entry and entry not in self._registry:
            name, entry = name or entry, ""
        if not entry and not code and name:
            entry, code = self._named(name)
        if entry and not code:
            dates = (when.earliest, when.latest) if when else (None, None)
            code = self._registry.code_on(entry, *dates) or self._registry.code_on(entry, None, None) or ""
        country = party.country or ""
        if not country and entry:
            country = self._registry[entry].country or ""
        if not country and code[:3] in shipped.scheme().countries:
            country = code[:3]
        return Side(code, entry, country, name if not (code or entry) else "")

    def _named(self, name: str) -> tuple[str, str]:
        """Return the registry id and the code that a name stands for, "" where it stands for none."""
        for each in (name, meaning(name)):
            if each is None:
                continue
            if (entry := self._names.get(plain(each))) is not None:
                return entry, ""
            if each in self._registry:
                return each, ""
            if code := listed(each, self.codes.name):
                return "", code
        if (code := name.upper()) in shipped.scheme().countries or _is_code(name):
            return "", code
        if len(name) == 2 and name.isupper() and (code := listed(f"={name}", shipped.DEFAULT) or ""):
            return "", code
        self.unresolved[name] = self.unresolved.get(name, 0) + 1
        return "", ""


def _place_keys(place: records.Place) -> frozenset[str]:
    names = (place.id, place.geonames, place.name and plain(place.name))
    return frozenset(name for name in names if name)


def _is_code(name: str) -> bool:
    """Whether a name is an actor code written where a name belongs: USAGOV, LBNREBHEZ."""
    return (
        3 <= len(name) <= 15
        and len(name) % 3 == 0
        and name.isascii()
        and name.isalnum()
        and name.isupper()
        and (name[:3] in shipped.scheme().actor_elements)
    )
