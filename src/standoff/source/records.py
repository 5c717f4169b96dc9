"""Records: the typed form of what an annotation file says, with every quote anchored in its document.

A record is built from a value that has the right form (see `form`). Anchoring does not raise: a quote that
cannot be anchored keeps its error for the rules to report, and rules and compiler read the same spans.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from standoff.model import dates
from standoff.model.places import Path
from standoff.model.quotes import AnchorError, Selector, anchor
from standoff.model.spans import Span

UNNAMED = "unnamed"
"""The reserved id of a source that is neither named nor placed."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Words quoted from a document: where they stand in the file, and in the document if they do."""

    selector: Selector
    path: Path
    span: Span | None
    error: AnchorError | None

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
    """A relation to another event: `in_response_to` or `part_of`."""

    relation: str
    event_id: str
    path: Path


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
        """The parsed date, for whoever requires that it is one."""
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
    path: Path = ("document",)


@dataclass(frozen=True, slots=True)
class Event:
    """One coded act; the fields are those of `ANNOTATION.md`, in the words of the schema."""

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

    def parties(self) -> Iterator[tuple[str, Party]]:
        """Yield every party with its role: actor, target, attribution or via."""
        for role, parties in (("actor", self.actors), ("target", self.targets)):
            for party in parties:
                yield role, party
        for source in self.attribution:
            yield "attribution", source
            for relay in source.via:
                yield "via", relay

    def quotes(self) -> Iterator[tuple[str, Quote]]:
        """Yield every quote with the name of its field; trigger and evidence first."""
        yield "evidence", self.evidence
        yield "trigger", self.trigger
        for role, party in self.parties():
            if party.quote is not None:
                yield role, party.quote
        for mention in self.mentions:
            yield "mention", mention


@dataclass(frozen=True, slots=True)
class Negative:
    """One passage that looks like an event and is none."""

    id: str
    path: Path
    quote: Quote
    reason: str
    note: str | None

    def quotes(self) -> Iterator[tuple[str, Quote]]:
        """Yield the quote, under the name "negative"."""
        yield "negative", self.quote


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
    )


def build_event(value: dict[str, Any], path: Path, text: str | None) -> Event:
    """Build an event from a value of the right form, anchored in `text` (None: the document is not at hand)."""
    evidence = _quote(value["evidence"], (*path, "evidence"), text, None)
    inside = evidence.span
    # Words that belong inside the evidence cannot be looked for while the evidence is not found.
    searchable = text if inside is not None else None
    return Event(
        id=value["id"],
        path=path,
        evidence=evidence,
        trigger=_quote(value["trigger"], (*path, "trigger"), searchable, inside),
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
            _quote(mention, (*path, "mentions", i), text, None)
            for i, mention in enumerate(value.get("mentions", ()))
        ),
        incident=value.get("incident"),
        links=tuple(
            Link(link["relation"], link["event"], (*path, "links", i))
            for i, link in enumerate(value.get("links", ()))
        ),
        source_error=value.get("source_error"),
        note=value.get("note"),
    )


def build_negative(value: dict[str, Any], path: Path, text: str | None) -> Negative:
    """Build a negative from a value of the right form, anchored in `text`."""
    return Negative(
        id=value["id"],
        path=path,
        quote=_quote(value, path, text, None),
        reason=value["reason"],
        note=value.get("note"),
    )


def _parties(values: Any, path: Path, text: str | None, inside: Span | None) -> tuple[Party, ...]:
    return tuple(_party(value, (*path, i), text, inside) for i, value in enumerate(values))


def _party(value: dict[str, Any], path: Path, text: str | None, inside: Span | None) -> Party:
    outside = value.get("outside", False)
    quote = None
    if "quote" in value:
        searchable = text if outside or inside is not None else None
        quote = _quote(value, path, searchable, None if outside else inside)
    return Party(
        actor_id=value["id"],
        quote=quote,
        implicit=value.get("implicit", False),
        outside=outside,
        path=path,
        via=_parties(value.get("via", ()), (*path, "via"), text, inside),
    )


def _quote(value: Any, path: Path, text: str | None, within: Span | None) -> Quote:
    if isinstance(value, str):
        selector = Selector(value)
    else:
        selector = Selector(value["quote"], value.get("prefix"), value.get("suffix"))
        path = (*path, "quote")
    if text is None:
        return Quote(selector, path, None, None)
    try:
        return Quote(selector, path, anchor(selector, text, within), None)
    except AnchorError as error:
        return Quote(selector, path, None, error)
