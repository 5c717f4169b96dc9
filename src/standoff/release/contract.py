"""The contract of a released table as a pandera schema, built on demand.

Every release is held to it. Users can put it into their own pipelines. Nothing else imports pandera.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl

from standoff.findings import TableFault, UsageError, extra_for
from standoff.rules.checks import checks, origin
from standoff.rules.column import duplicate_row_key
from standoff.rules.lookups import with_lookups
from standoff.tables import TABLES, Table, references
from standoff.tables.earlier import tables_of
from standoff.tables.profiles import ABOUT_CODES, profile_of

if TYPE_CHECKING:
    import pandera.polars as pa

IN_THE_COLUMNS = ("value-missing", "row-empty")
"""Rules that pandera's own `nullable` covers."""
MOST_CASES = 100
"""How many failing rows pandera reports for each check."""


def contract(table: str | Table, *, version: str | None = None) -> pa.DataFrameSchema:
    """Return the pandera schema of a released table, such as "events", or of a table as a dataset has it.

    `version` is the release whose tables are meant; without it, the form that this package writes. Releases before 2.0.0
    have a form of their own.

    The columns must be there in this order and of these types. Only optional columns may hold null. The key is unique.
    Every rule about rows and columns is a check, named by its code, such as ``root-mismatch``. Validate an eager
    polars DataFrame: of a LazyFrame, pandera checks names and types only.

    Raises:
        UsageError: There is no such table or version.
        MissingPackage: pandera is not installed. The message has the command that installs it.
        TypeError: The name of the table is not a string.

    Examples:
        >>> import standoff
        >>> list(standoff.contract("documents", version="1.0.0").columns)[:2]
        ['document_id', 'title']
    """
    return _schema(_described(table, version))


def _described(table: str | Table, version: str | None = None) -> Table:
    """Return the description of a table; errors as in `contract`."""
    if isinstance(table, Table):
        return table
    if not isinstance(table, str):
        raise TypeError(f"contract takes the name of a table, not {type(table).__name__}")
    if version is not None and not isinstance(version, str):
        raise TypeError(f"version is a string such as '1.0.0', not {type(version).__name__}")
    described_tables = tables_of(version)
    if table not in described_tables:
        of_version = f" in release {version}" if version else ""
        raise UsageError(
            f'there is no table "{table}"{of_version}; the tables are {", ".join(described_tables)}'
        )
    return described_tables[table]


def _schema(described: Table) -> pa.DataFrameSchema:
    try:
        import pandera.polars as pa
    except ModuleNotFoundError as error:
        raise extra_for(error) from error

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


def validate(table: str | Table, frame: pl.DataFrame) -> pl.DataFrame:
    """Validate an eager frame against its contract and return it; raises pandera's SchemaErrors with every failure.

    pandera runs a query for each check and column. So all checks are asked in one query first, and pandera is imported
    only if one fails. TypeError for a LazyFrame, of which pandera would silently check column names and types only.
    """
    if not isinstance(frame, pl.DataFrame):
        raise TypeError(f"validate takes an eager polars DataFrame, not {type(frame).__name__}")
    described = _described(table)
    if _holds(described, frame):
        return frame
    schema, failing = _schema(described), _failing(described, frame)
    schema.checks = [check for check in schema.checks if check.name in failing]
    for column in frame.columns:
        if column in schema.columns and not frame[column].null_count():
            schema.columns[column].nullable = True
    schema.validate(frame, lazy=True)
    return frame


def check_tables(tables: Mapping[str, pl.DataFrame], described: Mapping[str, Table] = TABLES) -> None:
    """Check every table against its contract and every reference against its table. Raises TableFault.

    `described` are the tables of the dataset.
    """
    for name, frame in tables.items():
        if not _holds(described[name], frame):
            import pandera.errors

            try:
                validate(described[name], frame)
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
        def run(data: Any) -> pl.LazyFrame:
            if not _applies(expression, table, data.lazyframe.collect_schema()):
                return data.lazyframe.select(pl.repeat(value=True, n=pl.len()))  # type: ignore[no-any-return]
            return with_lookups(data.lazyframe, expression.meta.root_names()).select(expression)

        return pa.Check(run, name=name, error=name, n_failure_cases=MOST_CASES)

    for name, expression in _expressions(table).items():
        yield wrapped(name, expression)


def _holds(table: Table, frame: pl.DataFrame) -> bool:
    """Whether a frame keeps its contract: columns in order and of their types, no null where one is required, no failing check."""
    return (
        list(frame.schema.items()) == list(table.schema.items())
        and not any(frame[column.name].null_count() for column in table.columns if not column.optional)
        and not _failing(table, frame)
    )


def _failing(table: Table, frame: pl.DataFrame) -> set[str]:
    """Return the names of the checks that some row fails, found in one query."""
    asked = {
        name: expression
        for name, expression in _expressions(table).items()
        if _applies(expression, table, frame.schema)
    }
    roots = {root for expression in asked.values() for root in expression.meta.root_names()}
    held = (
        with_lookups(frame.lazy(), sorted(roots))
        .select(expression.all().alias(name) for name, expression in asked.items())
        .collect()
    )
    return {name for name in asked if not held[name].item()}


def _applies(expression: pl.Expr, table: Table, found: Mapping[str, pl.DataType]) -> bool:
    """Whether the columns are of the types that the expression needs.

    A column of another type is refused by its type; polars would panic on the comparison.
    """
    return all(
        found.get(column) == table.schema[column] for column in map(origin, expression.meta.root_names())
    )


@cache
def _expressions(table: Table) -> dict[str, pl.Expr]:
    """Return the checks of every row by name, as expressions that are true if the row is right."""
    profile = profile_of(table)
    asked = checks(profile, table.schema)
    found = {
        check.name: pl.any_horizontal(
            check.expression, *(~other.expression for other in asked if check.requires(other))
        )
        for check in asked
        if check.rule.code not in IN_THE_COLUMNS
        and not (check.rule.code in ABOUT_CODES and table.codes != "cameo")
    }
    unique = duplicate_row_key(profile.key)
    return found if unique is None else found | {"duplicate-row-key": unique}
