"""What a table of event data looks like: its columns, its key and which scales it follows.

Our released tables and foreign formats (GDELT, ICEWS …) are described alike, so that the same rules read both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

TEXT = "text."
"""Prefix under which the value as it stood in the file is kept beside the value that was made of it."""

KNOWN = "known."
"""Prefix of the column that says of a reference whether it leads anywhere."""


def plain(name: str) -> str:
    """Return the letters and digits of a column's name without their case: what remains of it when it is retyped."""
    return "".join(filter(str.isalnum, name.casefold())) or name


@dataclass(frozen=True, slots=True)
class ProfileColumn:
    """One column: the name our rules know it by, and what its values must be.

    `source` is the column's name in the file. `kind` is string, int32, int64, float64, bool or date; `format`
    is how a date is written (``%Y%m%d``). `values`, `pattern` (a regular expression that the whole value
    matches), `minimum` and `maximum` bound the values; `references` is the ``table.column`` it points to.
    `converted` says that the values were of another type in the file, so that some may not have been readable.
    """

    name: str
    source: str
    kind: str = "string"
    required: bool = False
    format: str = "%Y-%m-%d"
    values: tuple[Any, ...] = ()
    pattern: str | None = None
    minimum: float | str | None = None
    maximum: float | str | None = None
    references: str | None = None
    converted: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """A table format. `goldstein` names the scale of its Goldstein values; `skip` are rules that do not apply.

    A format without header names its columns by position, `trailing` of which may be missing at the end.
    `complete` says that every column must be there, not only the required ones.
    """

    name: str
    title: str
    columns: tuple[ProfileColumn, ...]
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

    def column(self, name: str) -> ProfileColumn:
        """Return the column of that name; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)
