"""Rules about the texts that we write ourselves: notes, titles, names, and the days in dataset.toml."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from standoff.model.places import Path
from standoff.rules.file import FORM, path_name, show_value
from standoff.rules.rule import FILE, Fault, rule
from standoff.source.files import SourceFile
from standoff.source.strict_yaml import hidden_characters

_WRITTEN = frozenset(
    (
        "title",
        "publisher",
        "rights",
        "reason",
        "note",
        "source_error",
        "name",
        "aliases",
        "role",
        "description",
        "task",
        "found",
        "source",
        "licence",
    )
)
"""Keys of the texts that we write ourselves; quoted words stay as their document has them."""

_QUOTED = frozenset(
    ("actor", "target", "attribution", "mentions", "links", "evidence", "trigger", "mark", "where")
)
"""Keys below which there are ids and quoted words only."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")  # wide forms too


def _texts(value: object, path: Path = (), written: bool = False) -> Iterator[tuple[Path, str]]:
    """Yield the texts under the keys of `_WRITTEN`, with their paths."""
    if isinstance(value, str):
        if written:
            yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key in _WRITTEN or (key not in _QUOTED and isinstance(inner, (dict, list))):
                yield from _texts(inner, (*path, key), key in _WRITTEN)
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from _texts(inner, (*path, i), written)


@rule(FILE, requires=FORM)
def formula_text(file: SourceFile) -> Iterator[Fault]:
    """A text of ours begins like a formula, which a spreadsheet would run when it opens the released table.

    Begin it with a word. = + - @ and tabs at the beginning of a cell are commands to spreadsheets.
    """
    for path, text in _texts(file.value):
        if text.startswith(FORMULA):
            yield Fault(
                path,
                f"{path_name(path)} begins with {show_value(text[0])}, as formulas do",
                "begin with a word",
            )


@rule(FILE, requires=FORM)
def unprintable_text(file: SourceFile) -> Iterator[Fault]:
    """A text of ours holds a control or bidirectional character, written as an escape.

    Delete it. Such characters belong into quoted words only, where the document has them.
    """
    for path, text in _texts(file.value):
        for hidden in hidden_characters(text)[:1]:
            yield Fault(path, f"{path_name(path)}: {hidden.message}", "delete it")


@rule(FILE, requires=FORM)
def day_impossible(file: SourceFile) -> Iterator[Fault]:
    """A day in `dataset.toml` is not in the calendar.

    Write a day that exists, as YYYY-MM-DD.
    """
    if file.kind != "dataset" or not isinstance(file.value, dict):
        return
    days: list[tuple[Path, str]] = [(("dataset", "released"), file.value["dataset"]["released"])]
    days += [
        (("annotators", i, "completed"), item["completed"])
        for i, item in file.items("annotators")
        if "completed" in item
    ]
    for path, day in days:
        try:
            date.fromisoformat(day)
        except ValueError:
            yield Fault(
                path, f"{path_name(path)} is {show_value(day)}, which is no day", "write a day that exists"
            )
