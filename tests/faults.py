"""Single faults for the dataset: what people get wrong in its files, one thing at a time, each with the place it is in.

`faults()` yields them in a fixed order. Each kind of fault is put into several records. `measure()` says of each whether
check finds it, where, and with how many findings. `python tests/faults.py` prints the shares.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from standoff.findings import Finding
from standoff.model.places import Path as At
from standoff.model.places import Place
from standoff.rules.runner import run
from standoff.source import strict_yaml
from standoff.source.corpus import read_corpus

PROJECT = Path(__file__).parents[1]
EACH = 4
"""So many records get each kind of fault, where there are so many."""


@dataclass(frozen=True)
class Fault:
    """One fault: the file as it is with it (None: the file is gone), and the lines that a finding may point at.

    No lines: any place in any file will do. `others` are further files that the same slip changes.
    """

    kind: str
    file: str
    content: str | bytes | None
    lines: tuple[int, int] | None
    others: dict[str, str | bytes | None] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The kind, and where it is."""
        return f"{self.kind} ({self.file}{f':{self.lines[0]}' if self.lines else ''})"


@dataclass
class Source:
    """A YAML file of the dataset, its value, and edits of its text."""

    name: str
    text: str

    @cached_property
    def value(self) -> Any:
        """The value of the file."""
        return strict_yaml.read(self.text).value

    @cached_property
    def places(self) -> strict_yaml.Places:
        """The places of its values."""
        return strict_yaml.places(self.text)

    def get(self, at: At) -> Any:
        """The value at a path; None if there is none."""
        value = self.value
        for part in at:
            try:
                value = value[part]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def offset(self, line: int, column: int) -> int:
        """The offset of a place in the text."""
        lines = self.text.split("\n")
        return sum(len(each) + 1 for each in lines[: line - 1]) + column - 1

    def raw(self, at: At) -> str:
        """The value at a path as the file spells it."""
        place = self.places.of(at)
        return self.text[
            self.offset(place.line, place.column) : self.offset(place.end_line, place.end_column)
        ]

    def put(self, kind: str, at: At, raw: str, lines: tuple[int, int] | None = None) -> Fault:
        """The fault that `raw` stands where the value at a path was."""
        place = self.places.of(at)
        start = self.offset(place.line, place.column)
        end = self.offset(place.end_line, place.end_column)
        return Fault(kind, self.name, self.text[:start] + raw + self.text[end:], lines or _range(place))

    def respell(self, kind: str, at: At, word: str) -> Fault:
        """The fault that a key is spelled otherwise."""
        place = self.places.of(at, key=True)
        start = self.offset(place.line, place.column)
        text = self.text[:start] + word + self.text[start + len(str(at[-1])) :]
        return Fault(kind, self.name, text, _range(place))

    def record(self, at: At) -> tuple[int, int]:
        """The lines of the record at a path."""
        place = self.places.of(at)
        return place.line, max(
            place.line, place.end_line - (place.end_column == 1 or place.end_line > place.line)
        )

    def line_gone(self, kind: str, at: At, *, of: At | None = None) -> Fault:
        """The fault that the lines of a key are gone; a finding may be anywhere in the record `of`."""
        place, end = self.places.of(at, key=True), self.places.of(at)
        lines = self.text.split("\n")
        last = max(place.line, end.end_line - (end.end_column <= place.column and end.end_line > place.line))
        gone = lines[place.line - 1 : last]
        if gone[0].lstrip().startswith("- "):  # the first key of a record: its dash goes to the next
            rest = lines[last]
            lines[last] = gone[0][: place.column - 1] + rest[place.column - 1 :]
        del lines[place.line - 1 : last]
        first, final = self.record(of if of is not None else at[:-1])
        return Fault(kind, self.name, "\n".join(lines), (first, max(first, final - len(gone))))

    def line_added(self, kind: str, after: At, line: str, lines: tuple[int, int] | None = None) -> Fault:
        """The fault that a line stands below a key, indented as it is."""
        place, end = self.places.of(after, key=True), self.places.of(after)
        rows = self.text.split("\n")
        last = max(place.line, end.end_line - (end.end_column <= place.column and end.end_line > place.line))
        rows[last:last] = [" " * (place.column - 1) + each for each in line.split("\n")]
        return Fault(kind, self.name, "\n".join(rows), lines or (last + 1, last + 1 + line.count("\n")))


def _range(place: Place) -> tuple[int, int]:
    return place.line, place.end_line


def spread(items: Iterable[Any], number: int = EACH) -> list[Any]:
    """So many of the items, at even distances."""
    listed = list(items)
    if len(listed) <= number:
        return listed
    step = len(listed) / number
    return [listed[int(i * step + step / 2)] for i in range(number)]


def q(text: str) -> str:
    """The text in double quotes, as YAML and JSON write it."""
    return json.dumps(text, ensure_ascii=False)


KINDS: dict[str, Callable[[Dataset], Iterator[Fault]]] = {}
Kind = Callable[["Dataset"], Iterator[Fault]]


def kind(function: Kind) -> Kind:
    """List a function that yields faults under its name."""
    KINDS[function.__name__.replace("_", " ")] = function
    return function


class Dataset:
    """The dataset without its passes, as texts."""

    def __init__(self, project: Path = PROJECT) -> None:
        root = project / "dataset"
        self.files = {
            f"dataset/{path.relative_to(root).as_posix()}": path.read_text("utf-8")
            for path in sorted(root.rglob("*"))
            if path.is_file() and "passes" not in path.parts
        }
        self.files["dataset/accepted.csv"] = "".join(
            line for line in self.files["dataset/accepted.csv"].splitlines(True) if ",passes/" not in line
        )
        self.seeds = {
            path.name: path.read_bytes().decode() for path in sorted((project / "seeds").glob("*.txt"))
        }
        self.events = [
            Source(name, text) for name, text in self.files.items() if name.startswith("dataset/events/")
        ]
        self.actors = Source("dataset/actors.yaml", self.files["dataset/actors.yaml"])
        self.places = Source("dataset/places.yaml", self.files["dataset/places.yaml"])
        self.meta = self.files["dataset/dataset.toml"]

    def each(
        self, key: str, test: Callable[[dict[str, Any]], Any] = bool
    ) -> Iterator[tuple[Source, At, Any]]:
        """Every event or negative for which the test holds, with its file and path."""
        for source in self.events:
            for i, item in enumerate(source.value[key]):
                if test(item):
                    yield source, (key, i), item

    def some(
        self, key: str, test: Callable[[dict[str, Any]], Any] = bool, n: int = EACH
    ) -> list[tuple[Source, At, Any]]:
        """Some of them."""
        return spread(self.each(key, test), n)

    def entries(self, test: Callable[[dict[str, Any]], Any] = bool, n: int = EACH) -> list[tuple[At, Any]]:
        """Some entries of the actor registry."""
        return spread(
            ((("actors", i), item) for i, item in enumerate(self.actors.value["actors"]) if test(item)), n
        )

    def seed(self, source: Source) -> str:
        """The text of an annotation file's document."""
        return self.seeds[source.value["document"]["file"]]


# ---- form ----------------------------------------------------------------------------------------------------

EVENT_KEYS = ("evidence", "trigger", "actor", "target", "action", "date", "date_basis", "status")
NEGATIVE_KEYS = ("evidence", "trigger", "reason", "would_be")
DOCUMENT_KEYS = ("id", "file", "sha256", "title", "publisher", "language", "rights", "published")
ACTOR_KEYS = ("name", "kind", "affiliations")


@kind
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


@kind
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


@kind
def key_unknown(d: Dataset) -> Iterator[Fault]:
    for source, at, _ in d.some("events", n=3):
        yield source.line_added("an unknown key", (*at, "action"), 'comment: "look again"')
    for source, at, _ in d.some("negatives", n=2):
        yield source.line_added("an event's key on a negative", (*at, "reason"), 'status: "asserted"')


@kind
def key_twice(d: Dataset) -> Iterator[Fault]:
    for source, at, event in d.some("events", n=3):
        yield source.line_added("a key twice", (*at, "status"), f"status: {event['status']}")
    for at, item in d.entries(n=2):
        yield d.actors.line_added("a key twice", (*at, "kind"), f"kind: {item['kind']}")


@kind
def value_missing(d: Dataset) -> Iterator[Fault]:
    for key in EVENT_KEYS:
        for source, at, _ in d.some("events", n=1):
            yield source.put(f"{key} empty", (*at, key), "")
    for key in ("trigger", "evidence", "action", "date"):
        for source, at, _ in d.some("events", n=1):
            yield source.put(f"{key} is an empty text", (*at, key), '""')


@kind
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


@kind
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


# ---- YAML ----------------------------------------------------------------------------------------------------


@kind
def yaml_slip(d: Dataset) -> Iterator[Fault]:
    for source, at, _ in d.some("events", n=3):
        for key in ("evidence", "trigger", "date"):
            raw = source.raw((*at, key))
            yield source.put(f"{key} lacks its end quote", (*at, key), raw[:-1])
            yield source.put(f"{key} lacks its first quote", (*at, key), raw[1:])
        place = source.places.of((*at, "trigger"), key=True)
        start = source.offset(place.line, 1)
        for name, change in (
            ("one blank less", lambda t: t[1:]), ("one blank more", lambda t: " " + t), ("a tab", lambda t: "\t" + t.lstrip(" ")),
            ("no colon", lambda t: t.replace("trigger:", "trigger", 1)), ("no blank after the colon", lambda t: t.replace("trigger: ", "trigger:", 1)),
            ("an equals sign", lambda t: t.replace("trigger: ", "trigger= ", 1)), ("a tab after the colon", lambda t: t.replace("trigger: ", "trigger:\t", 1)),
        ):  # fmt: skip
            text = source.text[:start] + change(source.text[start:])
            yield Fault(f"{name} before or after a key", source.name, text, (place.line, place.line))
        raw = source.raw((*at, "target"))
        if raw != "[]":
            yield source.put("a list lacks its end bracket", (*at, "target"), raw[:-1])
            yield source.put("a list lacks its first bracket", (*at, "target"), raw[1:])
        raw = source.raw((*at, "actor", 0)) if source.get((*at, "actor", 0)) else ""
        if raw:
            yield source.put("a record lacks its end brace", (*at, "actor", 0), raw[:-1])
            yield source.put("a record lacks a comma", (*at, "actor", 0), raw.replace(", quote", " quote", 1))
            yield source.put("a record lacks a colon", (*at, "actor", 0), raw.replace("quote: ", "quote ", 1))
        line, last = source.record(at)
        start = source.offset(line, 1)
        text = source.text[:start] + source.text[start:].replace("  - id", "    id", 1)
        yield Fault("a record lacks its dash", source.name, text, (line, last))
        text = source.text[:start] + source.text[start:].replace("  - id", "  -id", 1)
        yield Fault("no blank after a dash", source.name, text, (line, line))
        text = source.text[:start] + source.text[start:].replace("  - id", " - id", 1)
        yield Fault("a dash too far to the left", source.name, text, (line, line))
    for source, at, event in d.some("events", n=2):
        yield source.put("curly quotes", (*at, "trigger"), f"“{event['trigger']}”")
        yield source.put("a quote inside", (*at, "trigger"), f'"{event["trigger"]}" x"')
        yield source.put("an anchor", (*at, "trigger"), f"&a {source.raw((*at, 'trigger'))}")
        yield source.put("an alias", (*at, "trigger"), "*a")
        yield source.put("a tag", (*at, "trigger"), f"!!str {source.raw((*at, 'trigger'))}")
        yield source.put("a colon without quotes", (*at, "evidence"), f"x: {event['evidence']}")
        yield source.put(
            "a wrong escape", (*at, "note") if "note" in event else (*at, "trigger"), '"C:\\path"'
        )
        for name, char in (
            ("a zero byte", "\0"),
            ("a zero-width mark", "\ufeff"),
            ("a direction mark", "\u202e"),
            ("a control character", "\x07"),
        ):
            raw = source.raw((*at, "trigger"))
            yield source.put(name, (*at, "trigger"), raw[:3] + char + raw[3:])
        line = source.record(at)[0]
        rows = source.text.split("\n")
        for mark in ("<<<<<<< HEAD", "=======", ">>>>>>> topic"):
            text = "\n".join([*rows[: line - 1], mark, *rows[line - 1 :]])
            yield Fault("a mark of git", source.name, text, (line, line))
        text = "\n".join([*rows[: line - 1], "---", *rows[line - 1 :]])
        yield Fault("two documents", source.name, text, (line, line + 1))
    source = d.events[0]
    yield Fault("a byte order mark", source.name, "\ufeff" + source.text, (1, 1))
    yield Fault(
        "Latin-1", source.name, source.text.replace("’", "'").encode("latin-1", "replace") + b"# \xe9\n", None
    )
    yield Fault("an empty file", source.name, "", (1, 1))
    yield Fault("cut in the middle", source.name, source.text[: len(source.text) // 2], None)
    for at, _ in d.entries(n=2):
        raw = d.actors.raw((*at, "name"))
        yield d.actors.put("name lacks its end quote", (*at, "name"), raw[:-1])


# ---- words ---------------------------------------------------------------------------------------------------


@kind
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


@kind
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


# ---- parties -------------------------------------------------------------------------------------------------


@kind
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


@kind
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


@kind
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


@kind
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


@kind
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


@kind
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


# ---- documents -----------------------------------------------------------------------------------------------


@kind
def document(d: Dataset) -> Iterator[Fault]:
    for source in d.events[1:4]:
        about = source.value["document"]
        at: At = ("document",)
        whole = source.record(at)

        def put(name: str, key: str, raw: str, source: Source = source) -> Fault:
            return source.put(name, ("document", key), raw)

        yield put("another hash", "sha256", q("0" * 64))
        yield put("half a hash", "sha256", q(about["sha256"][:32]))
        yield put("a hash in capitals", "sha256", q(about["sha256"].upper()))
        yield put("a document that is not there", "file", "nowhere.txt")
        yield put("a document of another folder", "file", "../seeds/" + about["file"])
        yield put("the id of another file", "id", "d009")
        yield put("a language in words", "language", "English")
        yield put("a blank title", "title", '" "')
        yield put("a padded title", "title", q(about["title"] + " "))
        yield put("a placeholder", "rights", "TODO")
        yield put("a formula", "publisher", '"=SUM(A1)"')
        yield put("a zero-width title", "title", q("\u200b"))
        yield put("letters of another encoding", "title", q("Iranâ€™s attack"))
        year, month, number = about["published"]["date"][-11:].strip("[].").split("-")
        for name, text in (
            ("published a year later", f"{int(year) + 1}-{month}-{number}"), ("published a year earlier", f"{int(year) - 1}-{month}-{number}"),
            ("published a month later", f"{year}-{int(month) % 12 + 1:02}-{number}"), ("published a day later", f"{year}-{month}-{int(number) % 28 + 1:02}"),
            ("published on no day", f"{year}-{month}-41"), ("published in words", "yesterday"),
        ):  # fmt: skip
            yield source.put(name, ("document", "published", "date"), q(text), whole)
        yield source.put("a basis that is not allowed", ("document", "published", "basis"), "byline")
        yield Fault(
            "a file named otherwise",
            source.name,
            None,
            None,
            {source.name.replace("d00", "d01"): source.text},
        )
        yield Fault(
            "a file of another ending",
            source.name,
            None,
            None,
            {source.name.replace(".yaml", ".yml"): source.text},
        )
        yield Fault("a file that is gone", source.name, None, None)
        copy = source.text.replace(about["id"], "d011")
        yield Fault("a document annotated twice", "dataset/events/d011.yaml", copy, None)
        yield Fault("a document whose text was changed", f"seeds/{about['file']}", d.seed(source) + " ", None)
        yield Fault(
            "a document with other line ends",
            f"seeds/{about['file']}",
            d.seed(source).replace("\n", "\r\n")
            if "\r\n" not in d.seed(source)
            else d.seed(source).replace("\r\n", "\n"),
            None,
        )
    for source in d.events:
        copies = source.value["document"].get("copies") or ()
        for i, copy_ in enumerate(copies[:1]):
            yield source.put(
                "an address with a blank",
                ("document", "copies", i, "url"),
                q(copy_["url"].replace("/news", "/ news", 1) + " x"),
            )
            yield source.put("an address without a host", ("document", "copies", i, "url"), q("https://"))


# ---- negatives -----------------------------------------------------------------------------------------------


@kind
def negative(d: Dataset) -> Iterator[Fault]:
    for source in d.events[:4]:
        negatives, events = source.value["negatives"], source.value["events"]
        second, first = ("negatives", 1), negatives[0]
        whole = source.record(second)
        if (
            isinstance(first["evidence"], str)
            and isinstance(first["trigger"], str)
            and "mark" not in negatives[1]
        ):
            text = source.put("", (*second, "evidence"), q(first["evidence"])).content
            assert isinstance(text, str)
            yield Fault(
                "two negatives on the same words",
                source.name,
                Source("", text).put("", (*second, "trigger"), q(first["trigger"])).content,
                whole,
            )
        event = events[0]
        if "mark" not in negatives[1] and isinstance(event["trigger"], str):
            text = source.put("", (*second, "evidence"), q(event["evidence"])).content
            assert isinstance(text, str)
            yield Fault(
                "a negative on the trigger of an event",
                source.name,
                Source("", text).put("", (*second, "trigger"), q(event["trigger"])).content,
                whole,
            )
    for source, at, _ in d.some("negatives", lambda e: "mark" in e):
        yield source.put("a mark that is not there", (*at, "mark"), q("ostensibly"), source.record(at))


# ---- registries ----------------------------------------------------------------------------------------------


@kind
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
        yield Fault(
            "an entry twice",
            a.name,
            "\n".join([*rows[:last], *block, *rows[last:]]),
            (line, last + len(block)),
        )
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


@kind
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
        line, last = p.record(at)
        rows = p.text.split("\n")
        block = rows[line - 1 : last]
        yield Fault(
            "a place twice",
            p.name,
            "\n".join([*rows[:last], *block, *rows[last:]]),
            (line, last + len(block)),
        )
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


# ---- texts of our own ----------------------------------------------------------------------------------------


@kind
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


@kind
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


@kind
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


# ---- what is right, if unusual -------------------------------------------------------------------------------


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


# ---- measuring -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """What check says about one fault: the new findings, worst first."""

    fault: Fault
    findings: tuple[Finding, ...]

    @property
    def caught(self) -> bool:
        """Whether there is a finding at all."""
        return bool(self.findings)

    @property
    def placed(self) -> bool:
        """Whether a finding is in the file and the lines of the fault."""
        files, lines = {self.fault.file, *self.fault.others}, self.fault.lines
        if lines is None:
            return self.caught
        return any(f.path in files and lines[0] <= f.line <= lines[1] for f in self.findings)

    @property
    def single(self) -> bool:
        """Whether there is one finding and no more."""
        return len(self.findings) == 1


def faults(dataset: Dataset | None = None) -> Iterator[Fault]:
    """Yield every single fault, in a fixed order."""
    dataset = dataset or Dataset()
    for function in KINDS.values():
        yield from function(dataset)


def measure(chosen: Iterable[Fault], dataset: Dataset | None = None) -> Iterator[Result]:
    """Yield what check finds for each of these faults, notes that are not about it left out."""
    dataset = dataset or Dataset()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name, content in dataset.files.items():
            _write(folder / name, content)
        shutil.copytree(PROJECT / "seeds", folder / "seeds")
        shutil.copytree(
            PROJECT / "releases", folder / "releases", ignore=shutil.ignore_patterns("*.parquet", "*.xlsx")
        )
        for name in tomllib.loads(dataset.files["dataset/dataset.toml"])["dataset"]["include"]:
            _write(folder / name, "x")

        def check() -> list[Finding]:
            return [
                f for f in run(read_corpus(folder / "dataset", base=folder)).findings if f.severity != "note"
            ]

        assert check() == [], "the dataset as it is has no findings"
        originals = {**dataset.files, **{f"seeds/{name}": text for name, text in dataset.seeds.items()}}
        for fault in chosen:
            changed = {fault.file: fault.content, **fault.others}
            for name, content in changed.items():
                _write(folder / name, content)
            yield Result(fault, tuple(check()))
            for name in changed:
                _write(folder / name, originals.get(name))


def _write(path: Path, content: str | bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))


def shares(results: Iterable[Result]) -> dict[str, float]:
    """The shares of faults caught, of those caught placed, and of those caught single; and the number of faults."""
    done = list(results)
    caught = [each for each in done if each.caught]
    return {
        "faults": len(done),
        "caught": len(caught) / len(done),
        "placed": sum(each.placed for each in caught) / len(caught),
        "single": sum(each.single for each in caught) / len(caught),
    }


if __name__ == "__main__":
    found = []
    wanted = sys.argv[1:]
    for result in measure(f for f in faults() if not wanted or any(w in f.kind for w in wanted)):
        found.append(result)
        why = [
            w
            for w, right in (
                ("MISSED", result.caught),
                ("ELSEWHERE", not result.caught or result.placed),
                ("SEVERAL", not result.caught or result.single),
            )
            if not right
        ]
        if why or wanted:
            print(*why, result.fault.name)
            for f in result.findings[:6]:
                print(f"    {f.path}:{f.line}:{f.column} {f.code}: {f.message} = {f.remedy} [{f.closest}]")
    print({key: round(value, 3) for key, value in shares(found).items()})
