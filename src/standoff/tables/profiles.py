"""What a table format is: its columns as its files spell them, its key, and the scales it follows.

Our released tables and foreign formats (GDELT, ICEWS …) are described alike, so that the same rules read both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from standoff.tables.columns import Column, Kind, Table

TEXT = "text."
"""Prefix of the columns that keep a value as it was in the file, beside the value made from it."""

KNOWN = "known."
"""Prefix of the columns that say whether a reference leads to a row."""

CODE_LIST = "actions.action"
"""The reference that needs no other table: codes are looked up in the code list that comes with standoff."""
ABOUT_CODES = frozenset({"action-unknown", "root-mismatch", "quad-class-mismatch", "goldstein-mismatch"})
"""Rules that compare a table with the code list. They do not apply to the code list itself."""


def plain(name: str) -> str:
    """Return the letters and digits of a column name in lower case, so that retyped names can be compared."""
    return "".join(filter(str.isalnum, name.casefold())) or name


@dataclass(frozen=True, slots=True)
class Binding:
    """A column as the files of a format spell it.

    `source` is the column's name in the file; `format` is how a day is written (``%Y%m%d``). `converted` says that
    the values are stored as another type, so that some of them may be unreadable.
    """

    column: Column
    source: str = ""
    format: str = "%Y-%m-%d"
    converted: bool = False

    def __post_init__(self) -> None:
        """By default the file uses our name."""
        if not self.source:
            object.__setattr__(self, "source", self.column.name)

    @property
    def name(self) -> str:
        """The name by which our rules know the column."""
        return self.column.name

    @property
    def kind(self) -> Kind:
        """What its values are."""
        return self.column.kind

    @property
    def required(self) -> bool:
        """Whether every row needs a value."""
        return not self.column.optional

    @property
    def values(self) -> tuple[Any, ...]:
        """The closed list of its values; empty if there is none."""
        return self.column.values

    @property
    def pattern(self) -> str | None:
        """The regular expression that every value matches as a whole."""
        return self.column.pattern

    @property
    def minimum(self) -> float | str | None:
        """The least value."""
        return self.column.minimum

    @property
    def maximum(self) -> float | str | None:
        """The greatest value."""
        return self.column.maximum

    @property
    def references(self) -> str | None:
        """The ``table.column`` that its values point to."""
        return self.column.references


@dataclass(frozen=True, slots=True)
class Profile:
    """A table format. `goldstein` names the scale of its Goldstein values; `skip` are rules that do not apply.

    A format without header names its columns by position; up to `trailing` of the last ones may be missing.
    `complete` says that every column must be there, not only the required ones.
    """

    name: str
    title: str
    columns: tuple[Binding, ...]
    key: tuple[str, ...] = ()
    goldstein: str = "gdelt"
    skip: frozenset[str] = frozenset()
    header: bool = True
    separator: str | None = None
    quote: bool = True
    trailing: int = 0
    complete: bool = False

    @property
    def refers_to(self) -> frozenset[str]:
        """The names of the tables that columns refer to."""
        return frozenset(column.references.split(".")[0] for column in self.columns if column.references)

    def column(self, name: str) -> Binding:
        """Return the column of that name; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


def profile_of(table: Table) -> Profile:
    """Return a released table as a profile: its files use our names and types."""
    columns = (
        replace(column, references=None) if column.references == CODE_LIST else column
        for column in table.columns
    )
    return Profile(
        table.name,
        table.description,
        tuple(map(Binding, columns)),
        table.key,
        skip=ABOUT_CODES if table.name == "actions" else frozenset(),
        complete=True,
    )
