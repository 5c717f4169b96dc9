"""The dataset as texts, and edits of them that are single faults."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from standoff.model.places import Path as At
from standoff.model.places import Place
from standoff.source import strict_yaml

PROJECT = Path(__file__).parents[2]
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

    def twice(self, kind: str, at: At) -> Fault:
        """The fault that a record stands there twice, one below the other."""
        line, last = self.record(at)
        rows = self.text.split("\n")
        block = rows[line - 1 : last]
        return Fault(
            kind, self.name, "\n".join([*rows[:last], *block, *rows[last:]]), (line, last + len(block))
        )

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
