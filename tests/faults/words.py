"""Words of a document that are copied wrongly or are in the wrong place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from faults.dataset import Dataset, Fault, q


def words_changed(d: Dataset) -> Iterator[Fault]:
    for key, field_ in (
        ("events", "evidence"),
        ("events", "trigger"),
        ("negatives", "evidence"),
        ("negatives", "trigger"),
    ):
        for source, at, item in d.some(
            key, lambda e, f=field_: isinstance(e[f], str) and len(e[f].split()) > 1 and len(e[f]) > 10, n=2
        ):
            text = item[field_]
            name = f"{field_} of {key}"
            record = source.record(at)
            middle = len(text) // 2
            while not text[middle].isalpha() or text[middle] == text[middle + 1]:
                middle -= 1
            words = text.split()
            yield source.put(
                f"{name}: a letter lost", (*at, field_), q(text[:middle] + text[middle + 1 :]), record
            )
            yield source.put(
                f"{name}: a letter doubled",
                (*at, field_),
                q(text[:middle] + text[middle] + text[middle:]),
                record,
            )
            yield source.put(
                f"{name}: two words exchanged",
                (*at, field_),
                q(" ".join([*words[:-2], words[-1], words[-2]])),
                record,
            )
            yield source.put(
                f"{name}: a word more", (*at, field_), q(" ".join([words[0], "indeed", *words[1:]])), record
            )
            yield source.put(f"{name}: a blank at the end", (*at, field_), q(text + " "), record)
            yield source.put(f"{name}: two blanks", (*at, field_), q(text.replace(" ", "  ", 1)), record)
            yield source.put(f"{name}: in capitals", (*at, field_), q(text.upper()), record)
            if text[-2:].isalpha():
                yield source.put(f"{name}: the last letter cut off", (*at, field_), q(text[:-1]), record)
            if text[:2].isalpha():
                yield source.put(f"{name}: the first letter cut off", (*at, field_), q(text[1:]), record)
    for source, at, event in d.some("events", lambda e: "’" in e["evidence"], n=2):
        yield source.put(
            "straight quotes", (*at, "evidence"), q(event["evidence"].replace("’", "'")), source.record(at)
        )
    for source, at, event in d.some("events", lambda e: "—" in e["evidence"], n=2):
        yield source.put(
            "hyphens for dashes", (*at, "evidence"), q(event["evidence"].replace("—", "-")), source.record(at)
        )


def words_misplaced(d: Dataset) -> Iterator[Fault]:
    for source, at, event in d.some("events"):
        others = [e["trigger"] for e in source.value["events"] if e["trigger"] not in event["evidence"]]
        if others:
            yield source.put("the trigger of another event", (*at, "trigger"), q(others[0]))
        seed = d.seed(source)
        end = seed.find(event["evidence"]) + len(event["evidence"])
        following = re.match(r".*?[.”\"]\s+[^.\n]+?\.", seed[end:])
        if following and "\n" not in following[0] and seed.find(event["evidence"]) >= 0:
            yield source.put(
                "evidence of two sentences", (*at, "evidence"), q(event["evidence"] + following[0][:-1])
            )
        if event["actor"] and isinstance(event["actor"][0].get("quote"), str):
            yield source.put(
                "the actor's words as the trigger", (*at, "trigger"), q(event["actor"][0]["quote"])
            )
        words = event["evidence"].split()
        yield (
            source.line_added(
                "a mention inside the evidence", (*at, "status"), f"mentions: [{q(' '.join(words[:3]))}]"
            )
            if "mentions" not in event
            else source.put("a mention inside the evidence", (*at, "mentions"), f"[{q(' '.join(words[:3]))}]")
        )
    for source, at, _ in d.some("events", lambda e: "mentions" in e):
        raw = source.raw((*at, "mentions"))
        first = source.raw((*at, "mentions", 0))
        if raw.startswith("["):
            yield source.put("a mention twice", (*at, "mentions"), f"[{first}, {first}]")
        yield source.put("a mention that is not there", (*at, "mentions", 0), q("words that nobody wrote"))

    def inside(e: dict[str, Any]) -> bool:
        return bool(e["actor"]) and "outside" not in e["actor"][0] and "quote" in e["actor"][0]

    for source, at, _ in d.some("events", inside):
        raw = source.raw((*at, "actor", 0))
        yield source.put("outside without need", (*at, "actor", 0), raw[:-1] + ", outside: true}")
        yield source.put("the actor's words from elsewhere", (*at, "actor", 0, "quote"), q("the"))
    for source, at, event in d.some(
        "events", lambda e: any(p.get("outside") for p in e["target"] + e["actor"])
    ):
        role, i = next(
            (r, i) for r in ("actor", "target") for i, p in enumerate(event[r]) if p.get("outside")
        )
        raw = source.raw((*at, role, i))
        yield source.put("outside left out", (*at, role, i), raw.replace(", outside: true", ""))
    for source, at, _ in d.some("events", lambda e: "where" in e and "outside" not in e["where"][0]):
        raw = source.raw((*at, "where", 0))
        yield source.put("outside without need, of a place", (*at, "where", 0), raw[:-1] + ", outside: true}")
    for source, at, _ in d.some("events", lambda e: "links" in e and "outside" not in e["links"][0]):
        raw = source.raw((*at, "links", 0))
        yield source.put("outside without need, of a link", (*at, "links", 0), raw[:-1] + ", outside: true}")


KINDS = (
    words_changed,
    words_misplaced,
)
