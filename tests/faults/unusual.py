"""Forms that are right although few people write them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from faults.dataset import Dataset, Fault, q


def unusual(d: Dataset) -> Iterator[Fault]:
    """Forms that are right although few people write them. Check must find nothing in any of them."""
    source = d.events[3]
    whole = source.text

    def as_text(name: str, content: str | bytes) -> Fault:
        return Fault(name, source.name, content, None)

    yield as_text("Windows line ends", whole.replace("\n", "\r\n"))
    yield as_text("no line end at the end", whole.rstrip("\n"))
    yield as_text("blank lines", whole.replace("\n  - id", "\n\n\n  - id"))
    yield as_text("blanks at the ends of lines", whole.replace("status: asserted\n", "status: asserted   \n"))
    yield as_text(
        "comments", whole.replace("status: asserted\n", "status: asserted  # as told\n    # and so on\n")
    )
    yield as_text("JSON", json.dumps(source.value, ensure_ascii=False, indent=1))
    yield as_text("JSON on one line", json.dumps(source.value, ensure_ascii=True))
    yield as_text("a document mark at the beginning", "---\n" + whole)
    yield as_text("a document mark at the end", whole + "...\n")
    yield as_text("no comment for editors", whole.split("\n", 1)[1])
    yield as_text(
        "deeper indentation", whole.replace("\n    ", "\n      ").replace("\n  - id: ", "\n  -   id: ")
    )
    for at, event in ((("events", i), e) for i, e in enumerate(source.value["events"])):
        if at[1] > 1:
            break
        yield source.put(
            "a text in single quotes", (*at, "trigger"), "'" + event["trigger"].replace("'", "''") + "'"
        )
        yield (
            source.put("a text without quotes", (*at, "trigger"), event["trigger"])
            if event["trigger"].isalpha()
            else as_text("as it is", whole)
        )
        yield source.put("a text with escapes", (*at, "evidence"), json.dumps(event["evidence"]))
        words = event["evidence"].split(" ")
        folded = q(" ".join(words[:3]))[:-1] + "\n      " + q(" ".join(words[3:]))[1:]
        yield source.put("a text over two lines", (*at, "evidence"), folded)
        yield source.put("a block text", (*at, "evidence"), ">-\n      " + event["evidence"])
        yield (
            source.line_added(
                "a note of several lines", (*at, "status"), "note: |\n  One line.\n\n  Another one."
            )
            if "note" not in event
            else source.put(
                "a note of several lines", (*at, "note"), "|\n      One line.\n\n      Another one."
            )
        )
        if event["target"] and source.raw((*at, "target")).startswith("["):
            rows = "".join(f"\n      - {source.raw((*at, 'target', i))}" for i in range(len(event["target"])))
            yield source.put("a list on lines of its own", (*at, "target"), rows)
            first = event["target"][0]
            block = "".join(
                f"\n        {'- ' if k == 'id' else '  '}{k}: {json.dumps(v, ensure_ascii=False)}"
                for k, v in first.items()
            )
            if len(event["target"]) == 1 and next(iter(first)) == "id":
                yield source.put("a record on lines of its own", (*at, "target"), block)
        if "attribution" not in event:
            line = (
                'attribution: [{id: unnamed, quote: "'
                + re.sub(r".*?([A-Za-z]+)$", r"\1", event["evidence"])
                + '"}]'
            )
            if event["evidence"].count(line.split('"')[1]) == 1 and event["evidence"][-1].isalpha():
                yield source.line_added("a source without a name", (*at, "status"), line)
        yield (
            source.line_added("count_min: 1", (*at, "status"), "count_min: 1")
            if "count_min" not in event
            else as_text("as it is", whole)
        )
    for name, text in (
        ("with accents", "Zoë Ñandú"),
        ("in Arabic", "إيران"),
        ("in Chinese", "中文 报道"),
        ("with an emoji", "See 🕊️."),
        ("with a hard blank", "No. 5"),
        ("with quotes", 'He said "no".'),
        ("with a colon", "Rule 1.1: one act."),
        ("of one letter", "A"),
    ):
        yield source.put(f"a note {name}", ("events", 0, "note"), q(text))
        yield source.put(f"a title {name}", ("document", "title"), q(text))
    actors = d.actors
    for at, item in d.entries(n=3):
        yield actors.put("another name of the same actor", (*at, "name"), q(item["name"] + " (new)"))
    yield Fault("a registry as JSON", actors.name, json.dumps(actors.value, ensure_ascii=False), None)
    yield Fault("places as JSON", d.places.name, json.dumps(d.places.value, ensure_ascii=False), None)
    yield Fault(
        "an actor without affiliation in time",
        actors.name,
        actors.text.replace("aliases:", "aliases:", 1),
        None,
    )
    yield Fault(
        "dataset.toml with comments",
        "dataset/dataset.toml",
        d.meta.replace('name = "standoff"', 'name = "standoff" # so\n', 1),
        None,
    )
