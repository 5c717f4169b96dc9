"""Annotation files of edition 1 → edition 2. What follows from the file is written; what only a reader can say is left empty.

Edition 2 asks for the words that show a link, and of a negative for the clause, the predicate inside it and the code that a
careless coder would enter. The words quoted by edition 1 become the clause.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from standoff.model.dates import DateError, parse
from standoff.source.canonical import Entry, edited, make_entry


@dataclass(frozen=True, slots=True)
class Upgraded:
    """A file in edition 2. `open` are the fields that a reader must fill in, `conflicts` the records with keys of both."""

    text: str
    open: tuple[str, ...]
    conflicts: tuple[str, ...]


def to_second(text: str, schema_path: str | None = None) -> Upgraded:
    """Return an annotation file of edition 1 in edition 2, in canonical form. Raises Unreadable."""
    left: list[str] = []
    conflicts: list[str] = []

    def edit(root: Entry) -> None:
        if root.kind != "mapping":
            return
        root.value = [child for child in root.value if child.key != "edition"]
        root.value.append(make_entry("edition", 2))
        for event in _records(root, "events"):
            left.extend(_link_words(event))
            left.extend(_shape(event))
        for negative in _records(root, "negatives"):
            if negative.child("quote") and negative.child("evidence"):
                conflicts.append(_name(negative))
            left.extend(_negative(negative))

    return Upgraded(edited(text, "annotation", edit, schema_path), tuple(left), tuple(conflicts))


def _records(root: Entry, key: str) -> Iterator[Entry]:
    found = root.child(key)
    if found is not None and found.kind == "list":
        yield from (record for record in found.value if record.kind == "mapping")


def _name(record: Entry) -> str:
    name = record.child("id")
    return str(name.value) if name is not None else "a record without id"


def _link_words(event: Entry) -> Iterator[str]:
    links = event.child("links")
    for link in links.value if links is not None and links.kind == "list" else ():
        if link.kind == "mapping" and link.child("quote") is None:
            link.value.append(make_entry("quote", ""))
            yield f"{_name(event)}: the quote of a link"


def _shape(event: Entry) -> Iterator[str]:
    """Yield the field `shape` where the date runs from A to B. Nothing is written: the field may not be empty."""
    date = event.child("date")
    try:
        when = parse(str(date.value)) if date is not None else None
    except DateError:
        return
    if (
        when is not None
        and when.kind == "interval"
        and when.days is not None
        and event.child("shape") is None
    ):
        yield f"{_name(event)}: shape"


def _negative(negative: Entry) -> Iterator[str]:
    quote = negative.child("quote")
    if quote is not None:
        context = [child for child in negative.value if child.key in ("prefix", "suffix")]
        negative.value = [child for child in negative.value if child not in (quote, *context)]
        if negative.child("evidence") is None:
            if context:
                inner = Entry("quote", quote.kind, quote.value)
                quote = Entry(
                    "evidence", "mapping", [inner, *context], above=quote.above, beside=quote.beside
                )
            quote.key = "evidence"
            negative.value.append(quote)
    for key, empty in (("trigger", ""), ("would_be", {"action": ""})):
        if negative.child(key) is None:
            negative.value.append(make_entry(key, empty))
            yield f"{_name(negative)}: {key}"
