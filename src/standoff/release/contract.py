"""The contract of a released table as a pandera schema, built on demand.

pandera holds every release to it, and users can put it into their own pipelines. Nothing else imports pandera.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from standoff.findings import TableFault, UsageError, extra_for
from standoff.rules import column as column_rules
from standoff.rules.lookups import with_lookups
from standoff.rules.table import checks, origin
from standoff.tables import TABLES, Table, references
from standoff.tables.profiles import profile_of

if TYPE_CHECKING:
    import pandera.polars as pa

IN_THE_COLUMNS = ("value-missing", "row-empty")
"""Rules that pandera's own `nullable` covers."""
MOST_CASES = 100
"""How many failing rows pandera reports for each check."""


def contract(table: str) -> pa.DataFrameSchema:
    """Return the pandera schema of a released table, such as "events".

    The columns must be there in this order and of these types. Only optional columns may hold null. The key is unique.
    Every rule about rows and columns is a check, named by its code, such as ``root-mismatch``. Validate an eager
    polars DataFrame: of a LazyFrame, pandera checks names and types only.

    Raises UsageError if there is no such table, and MissingPackage without pandera
    (``pip install "standoff[build]"``).
    """
    if not isinstance(table, str):
        raise TypeError(f"contract takes the name of a table, not {type(table).__name__}")
    if table not in TABLES:
        raise UsageError(f'there is no table "{table}": there are {", ".join(TABLES)}')
    try:
        import pandera.polars as pa
    except ModuleNotFoundError as error:
        raise extra_for(error) from error

    described = TABLES[table]
    return pa.DataFrameSchema(
        {
            column.name: pa.Column(
                column.kind.polars, nullable=column.optional, description=column.description
            )
            for column in described.columns
        },
        checks=list(_checks(described)),
        name=described.name,
        description=described.description,
        strict=True,
        ordered=True,
    )


def validate(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Validate an eager frame against its contract and return it; raises pandera's SchemaErrors with every failure.

    TypeError for a LazyFrame, of which pandera would silently check column names and types only.
    """
    if not isinstance(frame, pl.DataFrame):
        raise TypeError(f"validate takes an eager polars DataFrame, not {type(frame).__name__}")
    contract(table).validate(frame, lazy=True)
    return frame


def check_tables(tables: Mapping[str, pl.DataFrame]) -> None:
    """Check every table against its contract and every reference against its table. Raises TableFault."""
    import pandera.errors

    for name, frame in tables.items():
        try:
            validate(name, frame)
        except pandera.errors.SchemaErrors as error:
            raise TableFault(f"the table {name} breaks its contract:\n{error.failure_cases}") from error
    for name, column, other, key in references(tables):
        missing = (
            tables[name]
            .filter(pl.col(column).is_not_null())
            .join(tables[other], left_on=column, right_on=key, how="anti")
        )
        if missing.height:
            raise TableFault(f"{name}.{column} names {missing[column][0]!r}, which is not in {other}")


def _checks(table: Table) -> Iterator[Any]:
    """Yield the rules about a table as pandera checks, each named by its rule."""
    import pandera.polars as pa

    def wrapped(name: str, expression: pl.Expr) -> Any:
        needed = {origin(column) for column in expression.meta.root_names()}

        def run(data: Any) -> pl.LazyFrame:
            # A column of another type is refused by its type; polars would panic on the comparison.
            found = data.lazyframe.collect_schema()
            if any(found.get(column) != table.schema[column] for column in needed):
                return data.lazyframe.select(pl.repeat(value=True, n=pl.len()))  # type: ignore[no-any-return]
            return with_lookups(data.lazyframe, expression.meta.root_names()).select(expression)

        return pa.Check(run, name=name, error=name, n_failure_cases=MOST_CASES)

    profile = profile_of(table)
    asked = checks(profile, table.schema)
    for check in asked:
        if check.rule.code not in IN_THE_COLUMNS:
            failed_before = [~other.expression for other in asked if check.requires(other)]
            yield wrapped(check.name, pl.any_horizontal(check.expression, *failed_before))
    unique = column_rules.duplicate_row_key(profile.key)
    if unique is not None:
        yield wrapped("duplicate-row-key", unique)
