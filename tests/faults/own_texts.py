"""Faults in what the annotators write themselves: notes, dataset.toml and the CSV files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from faults.dataset import Dataset, Fault, q


def text(d: Dataset) -> Iterator[Fault]:
    for source, at, event in d.some(
        "events", lambda e: "note" in e and e["date_basis"] != "inferred" and e["target"], n=2
    ):
        for name, wrong in (
            ("blank", '" "'), ("a placeholder", "TODO"), ("a question mark", '"?"'), ("padded", q(event["note"] + " ")), ("zero-width", q("\u200b")),
            ("two blanks", q(event["note"].replace(" ", "  ", 1))), ("a formula", '"=1+1"'), ("wrong letters", q("The Ã©lysÃ©e says so.")),
            ("nothing", ""), ("a list", '["a"]'), ("a hidden mark", '"x\\u202ey"'),
        ):  # fmt: skip
            yield source.put(f"a note that is {name}", (*at, "note"), wrong)


def about_the_dataset(d: Dataset) -> Iterator[Fault]:
    name = "dataset/dataset.toml"

    def stated(key: str) -> str:
        found = re.search(f"^{key} = .*", d.meta, re.MULTILINE)
        assert found, key
        return found[0]

    def change(what: str, right: str, wrong: str) -> Fault:
        assert d.meta.count(right) >= 1, right
        line = d.meta[: d.meta.index(right)].count("\n") + 1
        return Fault(
            what, name, d.meta.replace(right, wrong, 1), (line, line + right.count("\n") + wrong.count("\n"))
        )

    yield change("a version of two numbers", stated("version"), 'version = "2.0"')
    yield change("a version with a v", stated("version"), 'version = "v2.0.0"')
    yield change("a day that is none", stated("released"), 'released = "2026-11-31"')
    yield change("a day of another order", stated("released"), 'released = "20.11.2026"')
    yield change("a day without quotes", stated("released"), "released = 2026-11-20")
    yield change("an empty title", stated("title"), 'title = ""')
    yield change("a title that is blank", stated("title"), 'title = "  "')
    yield change("a licence in words", 'license = "CC-BY-4.0"', 'license = "Creative Commons"')
    yield change("no keywords", stated("keywords"), "keywords = []")
    yield change("an unknown key", 'language = "en"', 'language = "en"\nlang = "en"')
    yield change("a key misspelled", 'language = "en"', 'langauge = "en"')
    yield change("an author misspelled", "[[authors]]", "[[author]]")
    yield change("a kind of annotator", 'kind = "language model"', 'kind = "machine"')
    yield change("an annotator twice", 'id = "a2"', 'id = "a1"')
    yield change("a day of an annotator", stated("completed"), 'completed = "2026-13-20"')
    yield change("rows of a table that is none", stated("events"), "evnts = 60")
    yield change("more rows than there are", stated("events"), "events = 6000")
    yield change("rows in words", stated("events"), 'events = "sixty"')
    yield change("rows below zero", stated("events"), "events = -60")
    yield change("a quote that does not end", 'name = "standoff"', 'name = "standoff')
    yield change("an equals sign lost", 'name = "standoff"', 'name "standoff"')
    yield change("a key twice", 'name = "standoff"', 'name = "standoff"\nname = "standoff"')
    yield change("a mark of git", 'name = "standoff"', '<<<<<<< HEAD\nname = "standoff"')
    yield change("a scheme that is unknown", 'language = "en"', 'language = "en"\nscheme = "cameoo"')
    yield change("a file that is not there", '"CODEBOOK.md"', '"CODEBOK.md"')


def csv_row(d: Dataset) -> Iterator[Fault]:
    for name, rows in (
        ("retired.csv", {
            "an id that never was": "d003-e77,2.0.0,never there,", "no reason": "d000-n08,2.0.0,,", "a version that is none": "d001-n16,soon,gone,",
            "an id that is used": "d000-e01,2.0.0,gone,", "a row twice": "d000-n08,2.0.0,the content of the threat,", "too few cells": "d000-n08,2.0.0",
            "too many cells": "d000-n08,2.0.0,a,b,c", "a successor that is none": "d001-n16,2.0.0,gone,d001-e77", "a successor of another kind": "d001-n16,2.0.0,gone,hamas",
            "junk": "hello", "an open quote": 'd001-n16,2.0.0,"gone,',
        }),
        ("accepted.csv", {
            "a rule that is none": "negative-is-evnt,d000-n09,,2.0.0,x", "an error": "quote-not-found,d000-n09,,2.0.0,x", "no reason": "negative-is-event,d000-n09,,2.0.0,",
            "nothing to accept": "negative-is-event,d000-n01,,2.0.0,as it is", "a version that is none": "negative-is-event,d000-n01,,never,as it is",
            "no record": "negative-is-event,,,2.0.0,as it is", "too few cells": "negative-is-event,d000-n09",
        }),
    ):  # fmt: skip
        path = f"dataset/{name}"
        have = d.files[path]
        line = have.count("\n") + 1
        for what, row in rows.items():
            content = have + row + "\n"
            if what in (
                "a successor that is none",
                "a successor of another kind",
                "an open quote",
                "a version that is none",
            ):
                kept = [each for each in have.splitlines() if not each.startswith("d001-n16")]
                content = "\n".join([*kept, row]) + "\n"
            yield Fault(f"{name}: {what}", path, content, (line - 1, line))
        yield Fault(f"{name}: a header misspelled", path, have.replace("since", "sinse", 1), (1, 1))


KINDS = (
    text,
    about_the_dataset,
    csv_row,
)
