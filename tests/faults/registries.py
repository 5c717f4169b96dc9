"""Faults in the registries of actors and places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from faults.dataset import Dataset, Fault, q, spread
from standoff.model.places import Path as At


def actor(d: Dataset) -> Iterator[Fault]:
    a = d.actors

    def listed(at: At, key: str, *more: str | int) -> At:
        return (*at, key, *more)

    for at, item in d.entries(
        lambda e: e.get("country") and e["affiliations"][0]["basis"] == "composed", n=3
    ):
        code_at = (*at, "affiliations", 0, "code")
        value = item["affiliations"][0]["code"]
        whole = a.record(at)
        yield a.put("an unknown country", (*at, "country"), '"QQQ"', whole)
        yield a.put("another country", (*at, "country"), '"BRA"', whole)
        yield a.put("an unknown element", code_at, q(value[:3] + "QQQ"))
        yield a.put("half an element", code_at, q(value[:3] + "GO"))
        yield a.put("a code in small letters", code_at, q(value.lower()))
        yield a.put("an element twice", code_at, q(value + value[-3:]))
        yield a.put("a code of another country", code_at, q("BRA" + value[3:]))
        yield a.put(
            "a name with two blanks",
            (*at, "name"),
            q(item["name"].replace(" ", "  ") if " " in item["name"] else item["name"] + "  x"),
        )
        yield a.put("a blank name", (*at, "name"), '"  "')
        yield a.put("an id in capitals", (*at, "id"), item["id"].title(), whole)
        yield (
            a.put(
                "a Wikidata id that is none",
                listed(at, "kind"),
                f"{item['kind']}\n    wikidata: 12345",
                (whole[0], whole[1] + 1),
            )
            if "wikidata" not in item
            else a.put("a Wikidata id that is none", (*at, "wikidata"), "12345")
        )
    for name, kind_, wrong in (
        ("a military that is a government", "military", "government"),
        ("a government that is a military", "government", "military"),
        ("a state that is media", "state", "media"),
        ("a ministry that is a service", "ministry", "intelligence"),
        ("an armed group that is a ministry", "armed-group", "ministry"),
    ):
        for at, _ in d.entries(lambda e, k=kind_: e["kind"] == k, n=2):
            yield a.put(name, (*at, "kind"), wrong, a.record(at))
    for at, item in d.entries(lambda e: e["affiliations"][0].get("parent"), n=3):
        path = (*at, "affiliations", 0, "parent")
        yield a.put("an unknown parent", path, "atlantis")
        yield a.put("its own parent", path, item["id"], a.record(at))
        other = next(
            e["id"]
            for e in d.actors.value["actors"]
            if e["kind"] == "state" and e.get("country") not in (None, item.get("country"))
        )
        if item.get("country"):
            yield a.put("a parent of another country", path, other)
    for at, item in d.entries(lambda e: len(e.get("aliases", ())) > 1, n=3):
        for name, alias in (
            ("an alias twice", item["aliases"][1]), ("an alias that is the name", item["name"]), ("an alias in capitals", item["aliases"][1].upper()),
            ("an alias with two blanks", item["aliases"][1].replace(" ", "  ") + " "), ("a look-alike alias", item["aliases"][1].replace("a", "а").replace("e", "е").replace("o", "о")),
        ):  # fmt: skip
            yield a.put(name, (*at, "aliases", int("blanks" in name)), q(alias), a.record(at))
        other = next(e for e in d.actors.value["actors"] if e["id"] != item["id"] and e.get("aliases"))
        yield replace(
            a.put("an alias of another actor", (*at, "aliases", 0), q(other["aliases"][0])), lines=None
        )
        yield replace(
            a.put("the name of another actor", (*at, "aliases", 0), q(other["name"].upper())), lines=None
        )
    ids = [(("actors", i), e) for i, e in enumerate(d.actors.value["actors"]) if e.get("wikidata")]
    for (at, _), (_, other) in zip(spread(ids[1:], 2), spread(ids[:-1], 2), strict=True):
        yield replace(a.put("a Wikidata id of another", (*at, "wikidata"), other["wikidata"]), lines=None)
    for at, _ in d.entries(n=3):
        line, last = a.record(at)
        rows = a.text.split("\n")
        block = rows[line - 1 : last]
        yield a.twice("an entry twice", at)
        yield Fault(
            "an entry out of order",
            a.name,
            "\n".join([*rows[: line - 1], *rows[last:]]).rstrip("\n") + "\n" + "\n".join(block) + "\n",
            None,
        )
    for at, item in d.entries(
        lambda e: "from" in e["affiliations"][0] or "until" in e["affiliations"][0], n=3
    ):
        key = "from" if "from" in item["affiliations"][0] else "until"
        yield a.put("a period in words", (*at, "affiliations", 0, key), '"last year"')
        yield a.put("a period on no day", (*at, "affiliations", 0, key), '"2023-02-30"')
    for at, item in d.entries(lambda e: len(e["affiliations"]) > 1, n=3):
        yield (
            a.put("two codes at one time", (*at, "affiliations", 1, "from"), '"1950"', a.record(at))
            if "from" in item["affiliations"][1]
            else a.line_gone("two codes at one time", (*at, "affiliations", 0, "until"), of=at)
        )


def place(d: Dataset) -> Iterator[Fault]:
    p = d.places
    entries = [(("places", i), e) for i, e in enumerate(p.value["places"])]
    for at, item in spread([x for x in entries if x[1].get("parent") and x[1].get("country")], 3):
        yield p.put("a place of an unknown country", (*at, "country"), '"QQQ"')
        yield p.put("a place in a place that is not listed", (*at, "parent"), "atlantis")
        yield p.put("a place in itself", (*at, "parent"), item["id"])
        yield p.put("a kind of place that is none", (*at, "kind"), "villa")
        yield p.put("a place without a name", (*at, "name"), '""')
    for at, _ in spread([x for x in entries if "latitude" in x[1]], 2):
        yield p.put("a latitude beyond the pole", (*at, "latitude"), "133.3")
        yield p.put("a latitude in quotes", (*at, "latitude"), '"33.3"')
        yield p.line_gone("a latitude without a longitude", (*at, "longitude"))
    for at, _ in spread(entries, 2):
        yield p.twice("a place twice", at)
    for source, at, _event in d.some("events", lambda e: "where" in e, n=3):
        yield source.put("a place that is not listed", (*at, "where", 0, "place"), "atlantis")
        yield source.put(
            "words of a place that are not there",
            (*at, "where", 0, "quote"),
            q("the lost city"),
            source.record(at),
        )
        raw = source.raw((*at, "where", 0))
        yield source.put("a place twice in one relation", (*at, "where"), f"[{raw}, {raw}]")


KINDS = (
    actor,
    place,
)
