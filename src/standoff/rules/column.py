"""Rules about the columns of any table: the header first, then every value by what its column must hold.

A header rule yields faults, as rules about files do. A column rule is handed one column of a profile and returns
one boolean polars expression, true where the value is right, or None where the column asks nothing of the kind;
a row rule is handed all columns that are there. What a rule requires it requires of the same column.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from standoff.model.places import NOWHERE, Place
from standoff.rules.registry import Fault, rule
from standoff.tables.profiles import KNOWN, TEXT, Binding, Profile, plain

CODES = ("action", "root", "action_base")
"""Columns of CAMEO codes, in which a leading zero counts."""


@dataclass(frozen=True, slots=True)
class Header:
    """What can be told of a table before its rows are read: the columns as they stand in the file.

    `problem` is why the file cannot be read at all, at `line`. `types` are polars types by column name.
    """

    profile: Profile
    names: tuple[str, ...] = ()
    types: Mapping[str, Any] = field(default_factory=dict)
    problem: str | None = None
    remedy: str | None = None
    line: int = 1


@rule("header")
def table_unreadable(header: Header) -> Iterator[Fault]:
    """The file cannot be read as a table.

    Fetch or write the file again; the message says where reading ended. No other rule looked at it.
    """
    if header.problem:
        yield Fault(Place(header.line, 1, header.line, 1), header.problem, header.remedy)


@rule("header", severity="note", requires=["table-unreadable"])
def format_unknown(header: Header) -> Iterator[Fault]:
    """The columns are of no format that standoff knows.

    Say which it is with --table (events, dyads …) or --profile (gdelt2, icews … or a file of your own; see
    docs/bulk.md). The file was not checked.
    """
    if not header.profile.columns:
        yield Fault(NOWHERE, f"no format is known with these columns: {listed(header.names)}")


@rule("header", requires=["table-unreadable"])
def header_repeated(header: Header) -> Iterator[Fault]:
    """Two columns have the same name.

    Rename one: nobody can tell which of them is meant.
    """
    repeated = {name for name in header.names if header.names.count(name) > 1}
    if repeated:
        yield Fault(
            NOWHERE, f"the column name {listed(sorted(repeated))} stands more than once in the header"
        )


@rule("header", requires=["table-unreadable"])
def column_missing(header: Header) -> Iterator[Fault]:
    """A column that the format asks for is not there.

    Add it, or say with --table or --profile which format the file has. Rules that read the column are not run.
    """
    missing = _missing(header)
    if missing:
        found = listed(header.names) if header.names else "none"
        message = f"no column {listed(missing)} (expected by {header.profile.name}); there are: {found}"
        yield Fault(NOWHERE, message, _renaming(header, missing))


def _missing(header: Header) -> list[str]:
    needed = [c for c in header.profile.columns if c.required or header.profile.complete]
    return [column.source for column in needed if column.source not in header.names]


def _retyped(header: Header) -> dict[str, str]:
    """The format's columns that are there with other capitals, spaces or signs in their names, and these names."""
    sources = [column.source for column in header.profile.columns]
    spare = {plain(name): name for name in header.names if name not in sources}
    return {s: spare[plain(s)] for s in sources if s not in header.names and plain(s) in spare}


def _renaming(header: Header, columns: Iterable[str]) -> str | None:
    """What to do about those of the format's columns that are there under a retyped name."""
    retyped = _retyped(header)
    meant = [f'"{retyped[name]}" to "{name}"' for name in columns if name in retyped]
    return f"Rename {', '.join(meant)}: capitals, spaces and underscores count in names." if meant else None


@rule("header", severity="note", requires=["table-unreadable", "format-unknown"])
def column_unexpected(header: Header) -> Iterator[Fault]:
    """A column is none of the format's.

    It is neither checked nor written by --out and --split. Describe it in a profile of your own to have it checked.
    """
    sources, missing, retyped = [c.source for c in header.profile.columns], _missing(header), _retyped(header)
    told = {retyped[name] for name in missing if name in retyped}
    extra = [name for name in header.names if name not in sources and name not in told]
    if extra:
        message = f"not part of {header.profile.name}, not checked: {listed(extra)}"
        yield Fault(NOWHERE, message, _renaming(header, [name for name in sources if name not in missing]))


@rule("header", requires=["table-unreadable"])
def codes_as_numbers(header: Header) -> Iterator[Fault]:
    """Action codes are stored as numbers, so that their leading zeros are lost.

    010 (make a statement) has become 10 (demand), and nobody can tell the two apart any more. Go back to the file
    from which the table was made, and read the column as text. Rules about actions are not run. Only formats that
    store types can have this fault, such as Parquet: a CSV file is always read as text.
    """
    for column in header.profile.columns:
        dtype = header.types.get(column.source)
        if column.name in CODES and dtype is not None and dtype.is_numeric():
            yield Fault(
                NOWHERE, f'"{column.source}" holds numbers ({dtype}): the code 010 cannot be told from 10'
            )


@rule("row")
def row_empty(columns: Sequence[Binding]) -> pl.Expr | None:
    """A row has none of the values that must be there.

    Remove it. In a CSV file, a blank line and a line of nothing but separators are such rows; at the end of the file
    they are none.
    """
    present = [expression for column in columns if (expression := value_missing(column)) is not None]
    return pl.any_horizontal(present) if len(present) > 1 else None


@rule("column", requires=["row-empty"])
def value_missing(column: Binding) -> pl.Expr | None:
    """A value that must be there is missing.

    Fill it in, or leave the row out. In a CSV file, a line with too few cells reads as if the last ones were empty.
    """
    present = pl.col(column.name).is_not_null()
    if column.converted:  # a value may be there that is none of the column's type
        present |= pl.col(TEXT + column.name).is_not_null()
    return present if column.required else None


@rule("column")
def value_unreadable(column: Binding) -> pl.Expr | None:
    """A value is not of its column's type.

    Write numbers with a decimal point and without separators, and every date in the one form of the column.
    """
    return (
        pl.col(column.name).is_not_null() | pl.col(TEXT + column.name).is_null() if column.converted else None
    )


@rule("column")
def empty_text(column: Binding) -> pl.Expr | None:
    """A text has no characters.

    Null is the only way to say nothing: leave the cell out instead of writing "".
    """
    return pl.col(column.name).str.len_bytes() > 0 if column.kind == "string" else None


@rule("column")
def number_not_finite(column: Binding) -> pl.Expr | None:
    """A number is infinite or not a number.

    A value that is not known is null, not NaN.
    """
    return pl.col(column.name).is_finite() if column.kind == "float64" else None


@rule("column", requires=["number-not-finite"])
def value_outside_bounds(column: Binding) -> pl.Expr | None:
    """A value is below the least or above the greatest that its column allows.

    Correct it, or the bounds in the profile.
    """
    bounds = [
        pl.col(column.name) >= _bound(column, column.minimum) if column.minimum is not None else None,
        pl.col(column.name) <= _bound(column, column.maximum) if column.maximum is not None else None,
    ]
    given = [bound for bound in bounds if bound is not None]
    return pl.all_horizontal(given) if given else None


@rule("column")
def value_not_listed(column: Binding) -> pl.Expr | None:
    """A value is none of those that its column allows.

    Use one of the words that the profile or the codebook lists.
    """
    return pl.col(column.name).is_in(list(column.values)) if column.values else None


@rule("column")
def pattern_mismatch(column: Binding) -> pl.Expr | None:
    """A value has not the form that its column asks for.

    The profile gives the form as a regular expression.
    """
    return pl.col(column.name).str.contains(f"^(?:{column.pattern})$") if column.pattern else None


@rule("column")
def reference_unknown(column: Binding) -> pl.Expr | None:
    """A value refers to a row that is not in the other table.

    Add the row that it points to, or correct the value. Give the other table with --reference.
    """
    return pl.col(KNOWN + column.name) if column.references else None


@rule("key")
def duplicate_row_key(key: tuple[str, ...]) -> pl.Expr | None:
    """Several rows have the same key.

    Every row needs a key of its own: remove the copies, or give them new ids.
    """
    return ~pl.struct(key).is_duplicated() | pl.any_horizontal(pl.col(key).is_null()) if key else None


def _bound(column: Binding, value: Any) -> pl.Expr:
    return pl.lit(value).str.to_date() if column.kind == "date" else pl.lit(value)


def listed(names: Any, most: int = 12) -> str:
    """Return names in quotes, the first of them where they are many."""
    quoted = [f'"{name}"' for name in names]
    return ", ".join(quoted[:most]) + (f" and {len(quoted) - most} more" if len(quoted) > most else "")
