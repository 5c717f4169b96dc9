"""Faults in what an event says: parties, code, date, status, sources, links, id."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from faults.dataset import PROJECT, Dataset, Fault, q, spread

# ---- parties -------------------------------------------------------------------------------------------------


def party(d: Dataset) -> Iterator[Fault]:
    for role in ("actor", "target"):
        for source, at, event in d.some("events", lambda e, r=role: e[r] and e[r][0]["id"] != "unnamed"):
            path = (*at, role, 0, "id")
            actor = event[role][0]["id"]
            yield source.put(
                f"{role} misspelled",
                path,
                actor[:-2] + actor[-1] + actor[-2] if actor[-1] != actor[-2] else actor + "s",
            )
            yield source.put(f"{role} in capitals", path, actor.upper())
            yield source.put(f"{role} that nobody lists", path, "atlantis-navy")
            yield source.put(f"{role} unnamed", path, "unnamed")
            raw = source.raw((*at, role, 0))
            yield source.put(f"{role} twice", (*at, role), f"[{raw}, {raw}]")
    for source, at, event in d.some(
        "events", lambda e: e["actor"] and e["target"] and not e.get("reciprocal")
    ):
        yield source.put(
            "the target is the actor", (*at, "target", 0, "id"), event["actor"][0]["id"], source.record(at)
        )
    for source, at, _ in d.some("events", lambda e: e["actor"] and e["action"][:2] not in ("18", "19", "20")):
        yield source.put("no actor", (*at, "actor"), "[]", source.record(at))
    for source, at, _ in d.some(
        "events", lambda e: e["target"] and e["action"][:2] in ("04", "05", "06", "11", "12", "13")
    ):
        yield source.put("no target", (*at, "target"), "[]", source.record(at))
    for source, at, _ in d.some("events", lambda e: e["actor"] and "quote" in e["actor"][0]):
        raw = source.raw((*at, "actor", 0))
        yield source.put("an implicit actor", (*at, "actor", 0), raw[:-1] + ", implicit: true}")
    countries = {a["id"]: a.get("country") for a in d.actors.value["actors"]}
    names = defaultdict(set)
    for entry in d.actors.value["actors"]:
        for name in (entry["name"], *entry.get("aliases", ())):
            names[name].add(entry["id"])

    def named(e: dict[str, Any]) -> bool:
        return (
            bool(e["target"])
            and e["target"][0]["id"] in names.get(str(e["target"][0].get("quote")), ())
            and bool(countries.get(e["target"][0]["id"]))
        )

    for source, at, event in d.some("events", named):
        taken = {p["id"] for p in event["actor"] + event["target"]}
        other = next(
            i
            for i in ("russia", "egypt", "qatar", "jordan")
            if i in countries and i not in taken and countries[i] != countries[event["target"][0]["id"]]
        )
        yield source.put("another country than the words name", (*at, "target", 0, "id"), other)


def code(d: Dataset) -> Iterator[Fault]:
    for source, at, event in d.some("events"):
        path, action = (*at, "action"), event["action"]
        yield source.put("an unknown code", path, q(action[:2] + "99"))
        yield source.put("a code with a letter", path, q(action[:-1] + "O"))
    for source, at, event in d.some("events", lambda e: e["action"][0] == "0"):
        yield source.put("a code without its zero", (*at, "action"), q(event["action"][1:]))
    for source, at, _ in d.some("events", lambda e: e["action"][:2] in ("11", "12", "13", "15", "02")):
        yield source.line_added("reciprocal on an act of one side", (*at, "action"), "reciprocal: true")
    for source, at, _ in d.some("events", lambda e: e["action"] in ("040", "041", "046")):
        yield source.line_gone("a meeting that is not reciprocal", (*at, "reciprocal"))
    for source, at, _ in d.some("negatives", lambda e: "would_be" in e):
        yield source.put("an unknown code of a negative", (*at, "would_be", "action"), '"999"')
    for source, at, _ in d.some("negatives", lambda e: "actor" in e.get("would_be", {})):
        yield source.put("an unknown actor of a negative", (*at, "would_be", "actor"), "atlantis")


# ---- dates ---------------------------------------------------------------------------------------------------


def single(e: dict[str, Any]) -> bool:
    """Whether an event's date is one day."""
    return re.fullmatch(r"\d{4}-\d\d-\d\d", e["date"]) is not None


def day(d: Dataset) -> Iterator[Fault]:
    for source, at, event in d.some("events", single):
        year, month, number = event["date"].split("-")
        for name, text in (
            ("a date of another order", f"{number}/{month}/{year}"), ("a date in words", f"{number} August {year}"), ("an impossible day", f"{year}-02-30"),
            ("a date without zeros", f"{year}-{int(month)}-{int(number)}"), ("a date with a time", f"{event['date']}T10:00"),
            ("an interval that runs backwards", f"{event['date']}/{year}-01-01"),
        ):  # fmt: skip
            if text != event["date"]:
                yield source.put(name, (*at, "date"), q(text), source.record(at))
        yield source.put(
            "a year too late", (*at, "date"), q(f"{int(year) + 1}-{month}-{number}"), source.record(at)
        )
        yield source.put(
            "a shape on one day",
            (*at, "date"),
            f"{q(event['date'])}\n    shape: several",
            (source.places.of((*at, "date")).line, source.places.of((*at, "date")).line + 1),
        )
    for source, at, event in d.some(
        "events", lambda e: single(e) and e["date_basis"] in ("explicit", "relative"), n=8
    ):
        year, month, number = event["date"].split("-")
        yield source.put(
            "a year too early", (*at, "date"), q(f"{int(year) - 1}-{month}-{number}"), source.record(at)
        )
    for source, at, event in d.some("events", lambda e: single(e) and e["date_basis"] == "explicit", n=8):
        year, month, number = event["date"].split("-")
        yield source.put(
            "an explicit day that the words do not say",
            (*at, "date"),
            q(f"{year}-{month}-{(int(number) % 27) + 1:02}"),
            source.record(at),
        )
    for source, at, event in d.some(
        "events",
        lambda e: single(e) and re.search("(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day", e["evidence"]),
        n=6,
    ):
        year, month, number = event["date"].split("-")
        yield source.put(
            "a day that is not the weekday of the words",
            (*at, "date"),
            q(f"{year}-{month}-{max(1, int(number) - 1):02}" if int(number) > 1 else f"{year}-{month}-02"),
            source.record(at),
        )
    for source, at, event in d.some("events", lambda e: e["date_basis"] == "document"):
        yield source.put(
            "bounded by the document, and one day",
            (*at, "date"),
            q(event["date"][-11:].strip("./]")),
            source.record(at),
        )
        yield source.put(
            "another bound than the document's date",
            (*at, "date"),
            q(re.sub(r"\d\d(\]?)$", r"07\1", event["date"])),
            source.record(at),
        )
    for source, at, _ in d.some(
        "events", lambda e: e["date_basis"] in ("explicit", "relative") and single(e)
    ):
        yield source.put("a day that is vague", (*at, "date_basis"), "vague", source.record(at))
        yield source.put(
            "a day that only the document bounds", (*at, "date_basis"), "document", source.record(at)
        )
    for source, at, _ in d.some("events", lambda e: "shape" in e):
        yield source.line_gone("an interval without a shape", (*at, "shape"))
    for source, at, _ in d.some("events", lambda e: e["date_basis"] == "inferred" and "note" in e):
        yield source.line_gone("an inferred date without a note", (*at, "note"))


# ---- status, sources, links ----------------------------------------------------------------------------------


def source_of_a_report(d: Dataset) -> Iterator[Fault]:
    for source, at, _event in d.some(
        "events", lambda e: "attribution" not in e and e["status"] == "asserted"
    ):
        yield source.put("contested by nobody", (*at, "status"), "contested", source.record(at))
    for source, at, _event in d.some("events", lambda e: "attribution" in e):
        yield source.put("a source that is not listed", (*at, "attribution", 0, "id"), "the-times")
        yield source.put(
            "a source's words that are not there",
            (*at, "attribution", 0, "quote"),
            q("sources in the palace"),
            source.record(at),
        )
        raw = source.raw((*at, "attribution", 0))
        yield source.put("a source twice", (*at, "attribution"), f"[{raw}, {raw}]")


def link(d: Dataset) -> Iterator[Fault]:
    linked = d.some("events", lambda e: "links" in e and len(e["links"]) == 1)
    for source, at, event in linked:
        path, raw = (*at, "links", 0, "event"), source.raw((*at, "links", 0))
        document = event["id"][:4]
        yield source.put("a link to no event", path, f"{document}-e99")
        yield source.put("a link to the event itself", path, event["id"])
        yield source.put("a link to a negative", path, f"{document}-n01")
        yield source.put("a link twice", (*at, "links"), f"[{raw}, {raw}]")
        yield source.put(
            "words of a link that are not there",
            (*at, "links", 0, "quote"),
            q("because of all that"),
            source.record(at),
        )
        wanted = event["links"][0]["event"]
        other = next(
            ((("events", i)) for i, e in enumerate(source.value["events"]) if e["id"] == wanted), None
        )
        if other and "links" not in source.get(other):
            relation = event["links"][0]["relation"]
            first = source.get(other)["evidence"].split()[0]
            added = source.line_added(
                f"links in a circle, {relation}", (*other, "status"),
                f"links: [{{relation: {relation}, event: {event['id']}, quote: {q(first)}}}]",
            )  # fmt: skip
            mine = source.places.of(path).line
            yield Fault(
                added.kind,
                added.file,
                added.content,
                (min(mine, added.lines[0]), max(mine, added.lines[1]) + 1) if added.lines else None,
            )
    for source, at, event in d.some(
        "events",
        lambda e: e.get("links", [{}])[0].get("relation") == "in_response_to" and len(e["links"]) == 1,
    ):
        wanted = event["links"][0]["event"]
        other = next((e for e in source.value["events"] if e["id"] == wanted), None)
        if other and single(other):
            year, month, number = other["date"].split("-")
            yield source.put(
                "an answer before its cause",
                (*at, "date"),
                f'"{year}-{month}-{int(number) - 1:02}"',
                source.record(at),
            )


def identity(d: Dataset) -> Iterator[Fault]:
    for source, at, event in spread(x for x in d.each("events") if x[1][1] > 0):
        path = (*at, "id")
        previous = source.value["events"][at[1] - 1]["id"]
        yield source.put("the id of the event before", path, previous, source.record(at))
        yield source.put("an id of another document", path, "d009" + event["id"][4:], source.record(at))
        yield source.put("an id in capitals", path, event["id"].upper(), source.record(at))
        yield source.put(
            "an id of one digit",
            path,
            event["id"].replace("-e0", "-e").replace("-e1", "-e"),
            source.record(at),
        )
        yield source.put("the id of a negative", path, event["id"].replace("-e", "-n"), source.record(at))
    released = {
        row.split(",")[0] for row in (PROJECT / "releases/v1.0.0/events.csv").read_text("utf-8").splitlines()
    }
    for source, at, event in d.some("events", lambda e: e["id"] in released):
        changed = source.put("a released id that is changed", (*at, "id"), event["id"][:6] + "98")
        yield replace(changed, lines=None)
        line, last = source.record(at)
        rows = source.text.split("\n")
        yield Fault(
            "a released event that is gone", source.name, "\n".join([*rows[: line - 1], *rows[last:]]), None
        )


KINDS = (
    party,
    code,
    day,
    source_of_a_report,
    link,
    identity,
)
