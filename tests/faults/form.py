"""Faults of form: keys and values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from faults.dataset import Dataset, Fault

EVENT_KEYS = ("evidence", "trigger", "actor", "target", "action", "date", "date_basis", "status")
NEGATIVE_KEYS = ("evidence", "trigger", "reason", "would_be")
DOCUMENT_KEYS = ("id", "file", "sha256", "title", "publisher", "language", "rights", "published")
ACTOR_KEYS = ("name", "kind", "affiliations")


def key_missing(d: Dataset) -> Iterator[Fault]:
    for key in ("id", *EVENT_KEYS):
        for source, at, _ in d.some("events", n=2):
            yield source.line_gone(f"event without {key}", (*at, key))
    for key in NEGATIVE_KEYS:
        for source, at, _ in d.some("negatives", n=1):
            yield source.line_gone(f"negative without {key}", (*at, key))
    for key in DOCUMENT_KEYS:
        source = d.events[1]
        yield source.line_gone(f"document without {key}", ("document", key), of=())
    for key in ACTOR_KEYS:
        for at, _ in d.entries(n=1):
            yield d.actors.line_gone(f"actor without {key}", (*at, key))


def key_misspelled(d: Dataset) -> Iterator[Fault]:
    for key, word in (
        ("trigger", "triger"), ("target", "Target"), ("date_basis", "date-basis"), ("status", "Status"), ("evidence", "evidance"),
        ("actor", "actors"), ("action", "code"), ("note", "notes"), ("mentions", "mention"), ("links", "link"), ("where", "place"),
        ("attribution", "atribution"), ("count_min", "count"), ("shape", "form"), ("reciprocal", "recipocal"), ("incident", "incidents"),
    ):  # fmt: skip
        for source, at, _ in d.some("events", lambda e, key=key: key in e, n=2):
            yield source.respell(f"{key} spelled {word}", (*at, key), word)
    for key, word in (("mark", "marks"), ("would_be", "would-be"), ("reason", "cause")):
        for source, at, _ in d.some("negatives", lambda e, key=key: key in e, n=1):
            yield source.respell(f"{key} spelled {word}", (*at, key), word)
    for key, word in (("name", "names"), ("aliases", "alias"), ("wikidata", "wiki"), ("country", "Country")):
        for at, _ in d.entries(lambda e, key=key: key in e, n=1):
            yield d.actors.respell(f"{key} spelled {word}", (*at, key), word)


def key_unknown(d: Dataset) -> Iterator[Fault]:
    for source, at, _ in d.some("events", n=3):
        yield source.line_added("an unknown key", (*at, "action"), 'comment: "look again"')
    for source, at, _ in d.some("negatives", n=2):
        yield source.line_added("an event's key on a negative", (*at, "reason"), 'status: "asserted"')


def key_twice(d: Dataset) -> Iterator[Fault]:
    for source, at, event in d.some("events", n=3):
        yield source.line_added("a key twice", (*at, "status"), f"status: {event['status']}")
    for at, item in d.entries(n=2):
        yield d.actors.line_added("a key twice", (*at, "kind"), f"kind: {item['kind']}")


def value_missing(d: Dataset) -> Iterator[Fault]:
    for key in EVENT_KEYS:
        for source, at, _ in d.some("events", n=1):
            yield source.put(f"{key} empty", (*at, key), "")
    for key in ("trigger", "evidence", "action", "date"):
        for source, at, _ in d.some("events", n=1):
            yield source.put(f"{key} is an empty text", (*at, key), '""')


def value_of_another_type(d: Dataset) -> Iterator[Fault]:
    def listed(e: dict[str, Any]) -> bool:
        return bool(e["actor"])

    for source, at, event in d.some("events", listed, n=3):
        yield source.put("actor is no list", (*at, "actor"), event["actor"][0]["id"])
        yield source.put("actor is a record", (*at, "actor"), source.raw((*at, "actor", 0)))
        yield source.put("an actor is a text", (*at, "actor", 0), event["actor"][0]["id"])
    for source, at, _ in d.some("events", lambda e: e["action"][0] != "0", n=3):
        yield source.put("action without quotes", (*at, "action"), source.get((*at, "action")))
    for source, at, _ in d.some("events", lambda e: e["action"][0] == "0", n=3):
        yield source.put("action with a zero without quotes", (*at, "action"), source.get((*at, "action")))
    for source, at, event in d.some("events", lambda e: len(e["date"]) == 10, n=3):
        yield source.put("date without quotes", (*at, "date"), event["date"])
    for source, at, _ in d.some("events", lambda e: "count_min" in e, n=2):
        yield source.put("count in quotes", (*at, "count_min"), '"4"')
        yield source.put("count in words", (*at, "count_min"), "four")
        yield source.put("count of zero", (*at, "count_min"), "0")
        yield source.put("count with a point", (*at, "count_min"), "2.5")
    for source, at, _ in d.some("events", lambda e: "mentions" in e, n=2):
        yield source.put("mentions are no list", (*at, "mentions"), source.raw((*at, "mentions", 0)))
        yield source.put("mentions are empty", (*at, "mentions"), "[]")
    for source, at, _ in d.some("events", lambda e: e.get("reciprocal"), n=2):
        yield source.put("reciprocal: yes", (*at, "reciprocal"), "yes")


def word_not_allowed(d: Dataset) -> Iterator[Fault]:
    for key, words in (
        ("status", ("assert", "claimed", "Asserted")),
        ("date_basis", ("exact", "document date", "Explicit")),
    ):
        for word in words:
            for source, at, _ in d.some("events", n=1):
                yield source.put(f"{key}: {word}", (*at, key), word)
    for source, at, _ in d.some("events", lambda e: "shape" in e, n=2):
        yield source.put("shape: continuous", (*at, "shape"), "continuous")
    for source, at, _ in d.some("negatives", n=2):
        yield source.put("reason: hypothetic", (*at, "reason"), "hypothetic")
    for source, at, _ in d.some("events", lambda e: "links" in e, n=2):
        yield source.put("relation of a link", (*at, "links", 0, "relation"), "response_to")
    for source, at, _ in d.some("events", lambda e: "where" in e, n=2):
        yield source.put("relation to a place", (*at, "where", 0, "relation"), "in")
    for at, _ in d.entries(n=2):
        yield d.actors.put("kind of an actor", (*at, "kind"), "goverment")
        yield d.actors.put("basis of a code", (*at, "affiliations", 0, "basis"), "own")


KINDS = (
    key_missing,
    key_misspelled,
    key_unknown,
    key_twice,
    value_missing,
    value_of_another_type,
    word_not_allowed,
)
