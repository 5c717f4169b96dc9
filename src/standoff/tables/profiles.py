"""What a table format is: its columns as its files spell them, its key, and the scales it follows.

Our released tables and foreign formats (GDELT, ICEWS …) are described alike, so that the same rules read both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from standoff.findings import Severity
from standoff.model.summary import Settings
from standoff.tables.columns import Column, Kind, Table

if TYPE_CHECKING:
    import polars as pl

Quoting = Literal["cells", "lines", "none"]
Facts = tuple[tuple[str, tuple[str | float | None, ...]], ...]
"""Columns of a code list by name: the first has the codes, the others what is known of each."""

TEXT = "text."
"""Prefix of the columns that keep a value as it was in the file, beside the value made from it."""

KNOWN = "known."
"""Prefix of the columns that say whether a reference leads to a row."""

CODE_LIST = "actions.action"
"""The reference that needs no other table: codes are looked up in the code list that comes with standoff."""
ABOUT_CODES = frozenset(
    {
        "action-unknown",
        "root-mismatch",
        "quad-class-mismatch",
        "goldstein-mismatch",
        "action-label-mismatch",
        "event-text-mismatch",
    }
)
"""Rules that compare a table with the code list. They do not apply to the code list itself."""


SEPARATORS = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "vertical bars"}
"""What may stand between cells, and what messages call it."""
ABOUT_TEXT = frozenset({"cell-damaged", "cell-padded", "text-placeholder"})
"""Rules that do not apply to our tables: their texts were checked in the annotation files."""


@lru_cache(maxsize=1 << 14)
def plain(name: str) -> str:
    """Return the letters and digits of a column name in lower case, so that retyped names can be compared."""
    return "".join(filter(str.isalnum, name.casefold())) or name


@dataclass(frozen=True, slots=True)
class Binding:
    """A column as the files of a format spell it.

    `source` is the column's name in the file, `aliases` are other names that it may have there. `formats` are the ways
    in which a day (``%Y%m%d``) or a moment is written; ``iso`` is ISO 8601. `missing` are words for a missing value.
    `decimal` is the decimal point. Moments without a zone are in `zone`. `parts` are the columns of year, month and
    day, where a day is in three. `codes` is the file that lists the values, where a file does; values that it does not list
    are of the severity `unlisted`. `facts` is what a list says of the values, for the expressions of a profile. `between`
    separates the values of a cell that holds several. `converted` says that the values are stored as another type, so that some of them
    may be unreadable. `printable` says that no stored text has a control character of ASCII, and `unquoted` that
    cells have no quotes and tabs are between them: no text is empty or has a tab.
    """

    column: Column
    source: str = ""
    aliases: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    decimal: str = "."
    zone: str = "UTC"
    parts: tuple[str, ...] = ()
    codes: str | None = None
    between: str | None = None
    unlisted: Severity = "error"
    facts: Facts = ()
    converted: bool = False
    printable: bool = False
    unquoted: bool = False

    def __post_init__(self) -> None:
        """By default the file uses our name and ISO 8601."""
        if not self.source:
            object.__setattr__(self, "source", self.column.name)
        if not self.formats:
            object.__setattr__(self, "formats", ("iso",) if self.kind is Kind.DATETIME else ("%Y-%m-%d",))

    @property
    def format(self) -> str:
        """The usual way in which a day or a moment is written."""
        return self.formats[0]

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns of the file that it is made from."""
        return self.parts or (self.source,)

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
    def known(self) -> dict[str, type]:
        """The names by which expressions read the facts about its values, with their Python types."""
        return {f"{self.name}.{name}": _type_of(facts) for name, facts in self.facts[1:]}

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


def _type_of(values: tuple[str | float | None, ...]) -> type:
    return str if any(isinstance(value, str) for value in values) else float


ADVICE = "Correct the row, or the expression in the profile."
"""What to do about a row that fails a check of a profile that gives no advice."""


@dataclass(frozen=True, slots=True)
class RowCheck:
    """A check between columns of a profile: a polars SQL `expression`, true or null where a row is right.

    A row that fails one of the checks or rules that it `requires` is not reported for this one. `page` is the address of its
    page; only checks of shipped profiles have one.
    """

    name: str
    expression: str
    message: str
    severity: Severity = "error"
    advice: str = ADVICE
    page: str | None = field(default=None, compare=False)
    requires: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """A table format. `goldstein` names the scale of its Goldstein values; `skip` are rules that do not apply.

    `header` is None where the first line may name the columns or not. A format without header names its columns by
    position; up to `trailing` of the last ones may be missing. `quote` says what a quotation mark may do: "cells" may
    stand in quotes and hold line breaks, "lines" allows no line breaks in them, "none" makes it a character like any
    other. `skip_lines` are left out at the top, and lines that begin with `comment` everywhere. With `any_case`, case,
    blanks and signs in column names do not count. `complete` says that every column must be there, not only the required ones.
    `actions` are the lookup columns of the code list that holds for the table (`rules.lookups`), None for the default one.
    `origin` is the release that a table is in, and how it is stored there: tables refer to others of the same origin.
    `remark` is what a reader must know about how its codes are judged. `summary` says what is uncommon in its tables.
    """

    name: str
    title: str
    columns: tuple[Binding, ...]
    key: tuple[str, ...] = ()
    goldstein: str = "gdelt"
    skip: frozenset[str] = frozenset()
    header: bool | None = True
    separator: str | None = None
    quote: Quoting = "cells"
    trailing: int = 0
    skip_lines: int = 0
    comment: str | None = None
    encoding: str = "utf-8"
    any_case: bool = False
    checks: tuple[RowCheck, ...] = ()
    complete: bool = False
    summary: Settings = field(default_factory=Settings)
    actions: pl.DataFrame | None = field(default=None, compare=False, repr=False)
    origin: str = ""
    remark: str = ""

    def spelled(self, names: Iterable[str]) -> dict[str, str]:
        """Return the names in a file by the profile's names for these columns, where the two differ."""
        names = list(names)
        wanted = [source for binding in self.columns for source in binding.sources]
        taken = set(names).intersection(wanted)
        if len(taken) == len(set(wanted)):
            return {}
        loose: dict[str, list[str]] = {}
        for name in names:
            loose.setdefault(plain(name), []).append(name)
        found: dict[str, str] = {}
        for binding in self.columns:
            for source in binding.sources:
                if source in taken:
                    continue
                candidates = [name for name in binding.aliases if name in names and not binding.parts]
                if not candidates and self.any_case:
                    spellings = (source,) if binding.parts else (source, *binding.aliases)
                    candidates = [n for s in spellings for n in loose.get(plain(s), ())]
                candidates = [name for name in candidates if name not in taken]
                if len(dict.fromkeys(candidates)) == 1:
                    found[source] = candidates[0]
                    taken.add(candidates[0])
        return found

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
        skip=ABOUT_TEXT | (ABOUT_CODES if table.name == "actions" else frozenset()),
        complete=True,
    )
