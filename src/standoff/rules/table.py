"""Rules about the rows of a table: each one boolean polars expression, true where the row is right.

Null means that the row is not this rule's business; that a column must be filled is said by the table's model.
The columns that an expression names say to which tables the rule applies. Columns that begin with ``action.``
are looked up in the code list by a left join before the expression runs (`with_lookups`), so that no rule
needs a function that leaves polars' streaming engine.

pandera wraps these expressions for released tables (`checks_for`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl

from standoff import schema
from standoff.rules.registry import REGISTRY, Rule, rule

if TYPE_CHECKING:
    from standoff.tables import Table

LOOKUP = "action."
"""Prefix of the columns that `with_lookups` adds."""

DAY_PRECISIONS = (("day", 1), ("week", 7), ("month", 31), ("year", 366))


@rule("table")
def action_unknown() -> pl.Expr:
    """The action is no CAMEO code.

    Codes are text: a code that lost its leading zero (10 for 010) is not one. See `schema/actions.csv`.
    """
    return pl.col("action").is_null() | pl.col("action.root").is_not_null()


@rule("table")
def root_mismatch() -> pl.Expr:
    """The root is not that of the action code.

    The root is the first two digits of the code.
    """
    return pl.col("root") == pl.col("action.root")


@rule("table")
def quad_class_mismatch() -> pl.Expr:
    """The quad class is not that of the action code in GDELT's scheme.

    It follows from the root. Say which scheme the table follows if it is another one.
    """
    return pl.col("quad_class") == pl.col("action.quad_class")


@rule("table")
def goldstein_mismatch() -> pl.Expr:
    """The Goldstein value is not that of the action code in GDELT's scale.

    ICEWS differs at 016, 022, 164 and 165; codes without a value have null.
    """
    return pl.col("action").is_null() | pl.col("goldstein").eq_missing(pl.col("action.goldstein"))


@rule("table")
def date_bounds_reversed() -> pl.Expr:
    """The earliest day is after the latest.

    Exchange the two, or correct one.
    """
    return pl.col("date_earliest") <= pl.col("date_latest")


@rule("table")
def date_precision_mismatch() -> pl.Expr:
    """The precision is not that of the days between earliest and latest.

    day 1 day, week up to 7, month up to 31, year up to 366, longer beyond, open where an end is null.
    """
    days = (pl.col("date_latest") - pl.col("date_earliest")).dt.total_days() + 1
    expected: pl.Expr = pl.lit("longer")
    for name, most in reversed(DAY_PRECISIONS):
        expected = pl.when(days <= most).then(pl.lit(name)).otherwise(expected)
    expected = pl.when(days.is_null()).then(pl.lit("open")).otherwise(expected)
    return pl.col("date_precision") == expected


@rule("table")
def trigger_outside_evidence() -> pl.Expr:
    """The trigger does not lie within the evidence, or one of them is no span.

    Offsets are code points, start inclusive and end exclusive: 0 <= evidence_start <= trigger_start <
    trigger_end <= evidence_end.
    """
    return (
        (pl.col("evidence_start") >= 0)
        & (pl.col("evidence_start") <= pl.col("trigger_start"))
        & (pl.col("trigger_start") < pl.col("trigger_end"))
        & (pl.col("trigger_end") <= pl.col("evidence_end"))
    )


@rule("table")
def span_reversed() -> pl.Expr:
    """A span starts before the document or does not end after it starts.

    Offsets are code points from 0, the end exclusive.
    """
    return (pl.col("start") >= 0) & (pl.col("start") < pl.col("end"))


@rule("table")
def status_unknown() -> pl.Expr:
    """The status is none of asserted, hedged and contested.

    Use one of the three words.
    """
    return pl.col("status").is_in(["asserted", "hedged", "contested"])


@rule("table")
def count_min_below_one() -> pl.Expr:
    """The row stands for less than one act.

    `count_min` is a lower bound, 1 at least.
    """
    return pl.col("count_min") >= 1


@rule("table")
def dyad_with_itself() -> pl.Expr:
    """An actor is paired with itself.

    Dyads are directed pairs of two actors.
    """
    return pl.col("actor_id") != pl.col("target_id")


@rule("table")
def publication_bounds_reversed() -> pl.Expr:
    """The earliest day of publication is after the latest.

    Exchange the two, or correct one.
    """
    return pl.col("published_earliest") <= pl.col("published_latest")


@rule("table")
def period_reversed() -> pl.Expr:
    """A period ends before it begins.

    Exchange the two days, or correct one.
    """
    return pl.col("date_from") <= pl.col("date_until")


@cache
def code_list() -> pl.DataFrame:
    """Return the lookup columns of every action code, their names beginning with ``action.``."""
    actions = schema.actions().values()
    return pl.DataFrame(
        {
            "action": [action.code for action in actions],
            "action.root": [action.root for action in actions],
            "action.quad_class": [action.quad_class for action in actions],
            "action.goldstein": [action.goldstein for action in actions],
        },
        schema={
            "action": pl.String,
            "action.root": pl.String,
            "action.quad_class": pl.Int32,
            "action.goldstein": pl.Float64,
        },
    )


def with_lookups(frame: pl.LazyFrame, expression: pl.Expr) -> pl.LazyFrame:
    """Return `frame` with the looked-up columns that `expression` names, rows in the same order."""
    if not any(name.startswith(LOOKUP) for name in expression.meta.root_names()):
        return frame
    return frame.join(code_list().lazy(), on="action", how="left", maintain_order="left")


def expression_of(table_rule: Rule) -> pl.Expr:
    """Return a table rule's expression; a null of it counts as right."""
    expression: pl.Expr = table_rule.check()
    return expression.fill_null(value=True)


def rules_for(columns: frozenset[str]) -> Iterator[Rule]:
    """Yield the table rules that can be asked of a table with these columns, by name."""
    for _, table_rule in sorted(REGISTRY.items()):
        if table_rule.scope == "table":
            names = table_rule.check().meta.root_names()
            needed = {name for name in names if not name.startswith(LOOKUP)} | (
                {"action"} if any(name.startswith(LOOKUP) for name in names) else set()
            )
            if needed <= columns:
                yield table_rule


def empty_text(column: str) -> pl.Expr:
    """True where the text of `column` is neither empty nor padded with spaces: null is the only nothing."""
    return (pl.col(column).str.len_bytes() > 0).fill_null(value=True)


def checks_for(table: Table) -> Iterator[Any]:
    """Yield the rules of a table as pandera checks, each named by its rule."""
    import pandera.polars as pa

    for table_rule in rules_for(frozenset(table.schema)):
        if table.name == "actions":  # the code list itself: there is nothing to look up
            continue
        expression = expression_of(table_rule)

        def check(data: Any, expression: pl.Expr = expression) -> pl.LazyFrame:
            return with_lookups(data.lazyframe, expression).select(expression)

        yield pa.Check(check, name=table_rule.code, error=table_rule.code, n_failure_cases=100)
    for column in table.columns:
        if column.dtype == pl.String:
            expression = empty_text(column.name)

            def filled(data: Any, expression: pl.Expr = expression) -> pl.LazyFrame:
                return data.lazyframe.select(expression)  # type: ignore[no-any-return]

            yield pa.Check(
                filled,
                name=f"empty-text:{column.name}",
                error=f"empty-text:{column.name}",
                n_failure_cases=100,
            )
