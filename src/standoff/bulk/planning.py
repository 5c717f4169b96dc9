"""The plan for the rows of a table: its columns over all parts, and the keys of the tables that it refers to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import polars as pl

from standoff.bulk.naming import named
from standoff.bulk.opening import Table
from standoff.bulk.plan import Plan
from standoff.bulk.reading import scan
from standoff.bulk.sources import PART, Source, why_unreadable
from standoff.bulk.values import present_columns
from standoff.findings import UsageError
from standoff.rules.column import CODES, listed
from standoff.rules.lookups import Keys, keys_of
from standoff.tables.profiles import Binding, Profile


def plan_for(table: Table, scratch: Path, *, keep_one: bool, sort: str | None = None) -> Plan:
    """Return what is asked of each row of a table; `keep_one` of identical rows are kept, or none.

    UsageError where its parts are not one table, where another table cannot be read, or where there is no column to `sort` by.
    """
    keys = _keys(table.profile, table.references, Path(mkdtemp(prefix="keys", dir=scratch)))
    columns = _columns(table.sources, table.profile)
    plan = Plan(table.profile, columns, keys, keep_one=keep_one, short=_short(table.sources))
    if sort and sort not in {column.name for column in plan.columns}:
        raise UsageError(f'--sort: there is no column "{sort}"')
    return replace(plan, unique=plan.keyed)


def _short(sources: Sequence[Source]) -> pl.Series | None:
    """Return the rows of lines that have too few cells, None where there are none."""
    rows = [
        number * PART + row
        for number, source in enumerate(sources)
        if source.records
        for row in source.records.short_rows
    ]
    return pl.Series(rows, dtype=pl.UInt64) if rows else None


def not_asked(plan: Plan, source: Source) -> set[str]:
    """Return the rules that must wait for a column that is missing or cannot be judged in `source`, the first file.

    Those about columns that a format need not have are simply not asked.
    """
    due = [c for c in plan.profile.columns if c.required or plan.profile.complete or c.source in source.names]
    waiting = {"duplicate-row-key"} if plan.profile.key and not plan.key else set()
    if {column.name for column in due} <= {column.name for column in plan.columns}:
        return waiting
    whole = Plan(plan.profile, tuple(due), plan.keys)
    return waiting | {check.rule.code for check in whole.checks} - {check.rule.code for check in plan.checks}


def _columns(sources: Sequence[Source], profile: Profile) -> tuple[Binding, ...]:
    """The columns of a table in parts, converted where one part has to be. UsageError where they are not the same."""
    # Many files share their types (`_alike`), and are then looked at once.
    unlike = list({id(source.types): source for source in reversed(sources)}.values())[::-1]
    # The rule codes-as-numbers has reported these, and is not to be asked of the other parts.
    lost = {
        column.name
        for source in unlike
        for column in profile.columns
        if column.name in CODES and column.source in source.types and source.types[column.source].is_numeric()
    }
    parts = [
        [column for column in present_columns(source.types, profile) if column.name not in lost]
        for source in unlike
    ]
    first = parts[0]
    for source, found in zip(unlike, parts, strict=True):
        pairs = list(zip_longest(first, found))
        if any(one is None or other is None or one.name != other.name for one, other in pairs):
            ours, others = {c.source for c in first}, {c.source for c in found}
            alone = [
                f"only {one.shown} has {listed(sorted(names))}"
                for one, names in ((sources[0], ours - others), (source, others - ours))
                if names
            ]
            raise UsageError(
                f"{sources[0].shown} and {source.shown} have different columns ({'; '.join(alone) or 'in another order'}): "
                "check them one by one"
            )
        for one, _ in pairs:
            if one.parts:
                continue
            stored = sources[0].types[one.source], source.types[one.source]
            if stored[0] != stored[1] and not all(_joins(dtype, one.kind) for dtype in stored):
                raise UsageError(
                    f'{sources[0].shown} and {source.shown} store "{one.source}" as {stored[0]} and {stored[1]}, which '
                    "cannot be one column: check them one by one"
                )
    printable, unquoted = _printable(sources), _unquoted(sources)
    return tuple(
        replace(
            one,
            converted=any(column.converted for column in same),
            printable=all(name in printable for name in one.sources),
            unquoted=all(name in unquoted for name in one.sources),
        )
        for one, *same in zip(first, *parts, strict=True)
    )


def _printable(sources: Sequence[Source]) -> set[str]:
    """The stored columns in which no text has a control character."""
    if not all(source.records and not source.records.controls for source in sources):
        return set()
    return _of_files(sources)


def _unquoted(sources: Sequence[Source]) -> set[str]:
    """The stored columns without quotes, with tabs between cells: no text has a tab, and none is empty."""
    tabbed = all(
        source.format == "csv" and source.separator == "\t" and source.quote == "none" for source in sources
    )
    return _of_files(sources) if tabbed else set()


def _of_files(sources: Sequence[Source]) -> set[str]:
    """The columns that all files have themselves."""
    return set(sources[0].names).difference(*(source.constants for source in sources))


def _joins(dtype: Any, kind: str) -> bool:
    """Whether a column that is stored so in one part may be stored otherwise in another."""
    if dtype.is_float() or dtype.is_decimal():
        return kind != "string"  # the text of 1 is "1", that of 1.0 is "1.0"
    simple = dtype in (pl.String, pl.Categorical, pl.Enum, pl.Boolean, pl.Date, pl.Datetime)
    return simple or bool(dtype.is_integer())


def _keys(profile: Profile, references: Mapping[str, Source], scratch: Path) -> dict[str, Keys]:
    """The keys of the tables that columns refer to, as far as those tables are at hand."""
    found = {}
    for column in profile.columns:
        table, _, name = (column.references or "").partition(".")
        if table in references:
            of_other = replace(column, source=name, aliases=(), parts=())
            found[column.name] = keys_of(other_keys(references[table], of_other, scratch))
    return found


def other_keys(source: Source, column: Binding, scratch: Path) -> pl.Series:
    """The values of one column of another table. UsageError where it cannot be read."""
    alone = Profile(source.shown, source.shown, (column,))
    source = named(source, alone, scratch)
    if source.problem:
        raise UsageError(f"{source.shown} cannot be read: {source.problem}")
    if source.repeats:
        raise UsageError(f"{source.shown} cannot be read: two of its columns have the same name")
    if source.records and source.records.unread:
        first = source.records.unreadable[0]
        raise UsageError(f"{source.shown}:{first.line} cannot be read: {first.reason}")
    if column.source not in source.names:
        raise UsageError(
            f'{source.shown}: there is no column "{column.source}", which "{column.name}" refers to'
        )
    values = scan([source], [column]).select(pl.col(column.name).drop_nulls().unique())
    try:
        return values.collect(engine="streaming").to_series()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise UsageError(
            f"{source.shown} cannot be read: {why_unreadable(source, alone, error).problem}"
        ) from error
