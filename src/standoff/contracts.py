"""The contract of each released table as a pandera schema: its types and the rules of its rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandera.polars as pa
import polars as pl

from standoff.rules.checks import checks, origin, profile_of
from standoff.rules.column import duplicate_row_key
from standoff.rules.lookups import with_lookups
from standoff.tables import MODELS, TABLES, Table


def contract(name: str) -> pa.DataFrameSchema:
    """Return the pandera schema of a table with the rules of `rules.table` and `rules.column` as its checks.

    Columns must be there in this order and of these types; null stands only in optional ones; the key is unique.
    """
    model = next(model for model in MODELS if model.to_schema().name == name)
    schema = model.to_schema()
    schema.strict = True
    schema.ordered = True
    schema.checks = list(_checks_for(TABLES[name]))
    for column in schema.columns.values():
        column.checks = []  # the closed lists are among the rules
    return schema


def validate(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Validate an eager frame against its contract and return it; raises pandera's SchemaErrors with every failure.

    TypeError for a LazyFrame: pandera would look at its column names and types only, and say nothing of it.
    """
    if not isinstance(frame, pl.DataFrame):
        raise TypeError(f"validate takes an eager polars DataFrame, not {type(frame).__name__}")
    contract(name).validate(frame, lazy=True)
    return frame


def _checks_for(table: Table) -> Iterator[Any]:
    """Yield what is asked of a released table as pandera checks, each named by its rule.

    That required values are there is said by the model itself.
    """

    def wrapped(name: str, expression: pl.Expr) -> Any:
        needed = {origin(column) for column in expression.meta.root_names()}

        def run(data: Any) -> pl.LazyFrame:
            # Of another type, a column is refused by its type; polars would panic on the comparison.
            found = data.lazyframe.collect_schema()
            if any(found.get(column) != table.schema[column] for column in needed):
                return data.lazyframe.select(pl.repeat(value=True, n=pl.len()))  # type: ignore[no-any-return]
            return with_lookups(data.lazyframe, expression.meta.root_names()).select(expression)

        return pa.Check(run, name=name, error=name, n_failure_cases=100)

    profile = profile_of(table)
    asked = checks(profile, table.schema)
    for check in asked:
        if check.rule.code not in ("value-missing", "row-empty"):
            failed_before = [~other.expression for other in asked if check.requires(other)]
            yield wrapped(check.name, pl.any_horizontal(check.expression, *failed_before))
    unique = duplicate_row_key(profile.key)
    if unique is not None:
        yield wrapped("duplicate-row-key", unique)
