"""Records: the typed form of what an annotation file says, with every quote anchored in its document.

A record is built from a value that has the right form (see `form`). Anchoring does not raise: a quote that
cannot be anchored keeps its error for the rules to report, and rules and compiler read the same spans.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from standoff.model import dates
from standoff.model.classes import dataclass
from standoff.model.places import Path
from standoff.model.quotes import AnchorError, Selector, anchor
from standoff.model.spans import Span

EDITIONS = (1, 2)
"""The editions of the annotation form. A file states its own under the key `edition`; without it, it is of edition 1."""

UNNAMED = "unnamed"
"""The reserved id of a source that is neither named nor placed."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words quoted from a document: their place in the annotation file and, if they were found, in the document."""

    selector: Selector
    path: Path
    span: Span | None
    error: AnchorError | None
    in_document: bool = False
    """Whether the words are looked for in the whole document, and not in the evidence only."""

    @property
    def words(self) -> str:
        """The quoted words as written in the annotation."""
        return self.selector.quote


@dataclass(frozen=True, slots=True)
class Party:
    """An actor, target or source: a registry entry and the words that name it (None where implicit)."""

    actor_id: str
    quote: Quote | None
    implicit: bool
    outside: bool
    path: Path
    via: tuple[Party, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A relation to another event: `in_response_to`, `part_of` or `speaks_of`, with the words that state it.

    `quote` is None in edition 1.
    """

    relation: str
    event_id: str
    path: Path
    quote: Quote | None = None
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Location:
    """A place of an event: an entry of the place registry, the words that name it, and how the act relates to it."""

    place_id: str
    relation: str
    quote: Quote
    outside: bool
    path: Path


@dataclass(frozen=True, slots=True)
class WouldBe:
    """What a careless coder would enter for a negative."""

    action: str
    actor_id: str | None
    target_id: str | None
    path: Path


@dataclass(frozen=True, slots=True)
class Copy:
    """Another address of the document's text, and how it was found."""

    url: str
    found: str


@dataclass(frozen=True, slots=True)
class DateField:
    """A date as written, parsed where it can be."""

    text: str
    value: dates.EventDate | None
    error: dates.DateError | None
    path: Path

    @classmethod
    def read(cls, text: str, path: Path) -> DateField:
        """Parse `text`, keeping the error where it is no date of the profile."""
        try:
            return cls(text, dates.parse(text), None, path)
        except dates.DateError as error:
            return cls(text, None, error, path)

    @property
    def known(self) -> dates.EventDate:
        """The parsed date, for callers that need a valid date."""
        assert self.value is not None, f"{self.text} is no date"
        return self.value


@dataclass(frozen=True, slots=True)
class Document:
    """The document that an annotation file is about, as the file describes it."""

    id: str
    file: str
    sha256: str
    title: str
    publisher: str
    url: str | None
    language: str
    rights: str
    published: DateField
    published_basis: str
    published_reason: str | None
    source_error: str | None
    note: str | None
    copies: tuple[Copy, ...] = ()
    path: Path = ("document",)


@dataclass(frozen=True)
class Event:
    """One coded act. The fields are those of `schema/annotation.schema.json`.

    `shape` says how an act fills a date from A to B: throughout or several (times); None for other dates.
    """

    id: str
    path: Path
    evidence: Quote
    trigger: Quote
    actors: tuple[Party, ...]
    targets: tuple[Party, ...]
    action: str
    reciprocal: bool
    count_min: int
    date: DateField
    date_basis: str
    status: str
    attribution: tuple[Party, ...]
    mentions: tuple[Quote, ...]
    incident: str | None
    links: tuple[Link, ...]
    source_error: str | None
    note: str | None
    shape: str | None = None
    where: tuple[Location, ...] = ()

    # Both are asked for by many rules, so they are made once.

    def parties(self) -> tuple[tuple[str, Party], ...]:
        """Return every party with its role: actor, target, attribution or via."""
        return self._parties

    def quotes(self) -> tuple[tuple[str, Quote], ...]:
        """Return every quote with the name of its field; evidence and trigger first."""
        return self._quotes

    @cached_property
    def _parties(self) -> tuple[tuple[str, Party], ...]:
        found = [*(("actor", party) for party in self.actors), *(("target", party) for party in self.targets)]
        for source in self.attribution:
            found += [("attribution", source), *(("via", relay) for relay in source.via)]
        return tuple(found)

    @cached_property
    def _quotes(self) -> tuple[tuple[str, Quote], ...]:
        found = [("evidence", self.evidence), ("trigger", self.trigger)]
        found += [(role, party.quote) for role, party in self._parties if party.quote is not None]
        found += [("place", location.quote) for location in self.where]
        found += [("link", link.quote) for link in self.links if link.quote is not None]
        found += [("mention", mention) for mention in self.mentions]
        return tuple(found)


@dataclass(frozen=True)
class Negative:
    """One passage that looks like an event but is not.

    `trigger` is the misleading predicate, `mark` the words that the reason rests on. Edition 1 has neither evidence
    nor mark nor would_be, and its quote is read as the trigger.
    """

    id: str
    path: Path
    trigger: Quote
    reason: str
    note: str | None
    evidence: Quote | None = None
    mark: Quote | None = None
    would_be: WouldBe | None = None

    def quotes(self) -> tuple[tuple[str, Quote], ...]:
        """Return every quote with the name of its field; evidence first."""
        return self._quotes

    @cached_property
    def _quotes(self) -> tuple[tuple[str, Quote], ...]:
        if self.evidence is None:
            return (("negative", self.trigger),)
        found = (("evidence", self.evidence), ("trigger", self.trigger))
        return found if self.mark is None else (*found, ("mark", self.mark))


NEWEST_EDITION = 2
"""The newest edition of annotation files."""


def edition_of(value: Any) -> Any:
    """Return the edition that the value of an annotation file states; 1 where it states none."""
    return value.get("edition", 1) if isinstance(value, dict) else 1


def schema_name(value: Any) -> str:
    """Return the name of the JSON Schema for the value of an annotation file, by the edition that it states.

    A file that states edition 1, or none, but whose negatives have the form of edition 2 is one of edition 2: what it
    states is wrong.
    """
    edition = edition_of(value)
    old = edition == 1 and not isinstance(edition, bool)
    return "annotation-1" if old and not _has_new_negatives(value) else "annotation"


def _has_new_negatives(value: Any) -> bool:
    """Return whether more negatives have an evidence, as in edition 2, than a quote, as in edition 1."""
    negatives = value.get("negatives") if isinstance(value, dict) else None
    records = [each for each in negatives if isinstance(each, dict)] if isinstance(negatives, list) else []
    return sum("evidence" in each for each in records) > sum("quote" in each for each in records)


def build_document(value: dict[str, Any]) -> Document:
    """Build the document's record from a value of the right form."""
    published = value["published"]
    return Document(
        id=value["id"],
        file=value["file"],
        sha256=value["sha256"],
        title=value["title"],
        publisher=value["publisher"],
        url=value.get("url"),
        language=value["language"],
        rights=value["rights"],
        published=DateField.read(published["date"], ("document", "published", "date")),
        published_basis=published["basis"],
        published_reason=published.get("reason"),
        source_error=value.get("source_error"),
        note=value.get("note"),
        copies=tuple(Copy(copy["url"], copy["found"]) for copy in value.get("copies", ())),
    )


def build_event(value: dict[str, Any], path: Path, text: str | None) -> Event:
    """Build an event from a value of the right form, anchored in `text` (None: the document is not available)."""
    evidence = _quote(value["evidence"], (*path, "evidence"), text)
    inside = evidence.span
    return Event(
        id=value["id"],
        path=path,
        evidence=evidence,
        trigger=_inside(value["trigger"], (*path, "trigger"), text, inside),
        actors=_parties(value["actor"], (*path, "actor"), text, inside),
        targets=_parties(value["target"], (*path, "target"), text, inside),
        action=value["action"],
        reciprocal=value.get("reciprocal", False),
        count_min=int(value.get("count_min", 1)),  # 7.0 is a whole number too
        date=DateField.read(value["date"], (*path, "date")),
        date_basis=value["date_basis"],
        status=value["status"],
        attribution=_parties(value.get("attribution", ()), (*path, "attribution"), text, inside),
        mentions=tuple(
            _quote(mention, (*path, "mentions", i), text)
            for i, mention in enumerate(value.get("mentions", ()))
        ),
        incident=value.get("incident"),
        links=tuple(
            _link(link, (*path, "links", i), text, inside) for i, link in enumerate(value.get("links", ()))
        ),
        source_error=value.get("source_error"),
        note=value.get("note"),
        shape=value.get("shape"),
        where=tuple(
            Location(
                place_id=item["place"],
                relation=item["relation"],
                quote=_inside(item, (*path, "where", i), text, inside),
                outside=item.get("outside", False),
                path=(*path, "where", i),
            )
            for i, item in enumerate(value.get("where", ()))
        ),
    )


def build_negative(value: dict[str, Any], path: Path, text: str | None) -> Negative:
    """Build a negative from a value of the right form, of either edition, anchored in `text`."""
    if "evidence" not in value:
        trigger = _quote(value, path, text)
        return Negative(value["id"], path, trigger, value["reason"], value.get("note"))
    evidence = _quote(value["evidence"], (*path, "evidence"), text)
    inside = evidence.span
    mark, would_be = value.get("mark"), value["would_be"]
    return Negative(
        id=value["id"],
        path=path,
        trigger=_inside(value["trigger"], (*path, "trigger"), text, inside),
        reason=value["reason"],
        note=value.get("note"),
        evidence=evidence,
        mark=None if mark is None else _inside(mark, (*path, "mark"), text, inside),
        would_be=WouldBe(
            would_be["action"], would_be.get("actor"), would_be.get("target"), (*path, "would_be")
        ),
    )


def _link(value: dict[str, Any], path: Path, text: str | None, inside: Span | None) -> Link:
    return Link(
        relation=value["relation"],
        event_id=value["event"],
        path=path,
        quote=_inside(value, path, text, inside) if "quote" in value else None,
        outside=value.get("outside", False),
    )


def _parties(values: Any, path: Path, text: str | None, inside: Span | None) -> tuple[Party, ...]:
    return tuple(_party(value, (*path, i), text, inside) for i, value in enumerate(values))


def _party(value: dict[str, Any], path: Path, text: str | None, inside: Span | None) -> Party:
    return Party(
        actor_id=value["id"],
        quote=_inside(value, path, text, inside) if "quote" in value else None,
        implicit=value.get("implicit", False),
        outside=value.get("outside", False),
        path=path,
        via=_parties(value.get("via", ()), (*path, "via"), text, inside),
    )


def _inside(value: Any, path: Path, text: str | None, inside: Span | None) -> Quote:
    """Anchor words inside the evidence, or anywhere in the document where the value says `outside: true`.

    Words that belong inside the evidence are not looked for while the evidence is not found.
    """
    if isinstance(value, dict) and value.get("outside", False):
        return _quote(value, path, text)
    return _quote(value, path, text if inside is not None else None, inside, in_document=False)


def _quote(
    value: Any, path: Path, text: str | None, within: Span | None = None, *, in_document: bool = True
) -> Quote:
    if isinstance(value, str):
        selector = Selector(value)
    else:
        selector = Selector(value["quote"], value.get("prefix"), value.get("suffix"))
        path = (*path, "quote")
    if text is None:
        return Quote(selector, path, None, None, in_document)
    try:
        return Quote(selector, path, anchor(selector, text, within), None, in_document)
    except AnchorError as error:
        return Quote(selector, path, None, error, in_document)
