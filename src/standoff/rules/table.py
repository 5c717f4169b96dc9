"""Rules about the rows of a table: each one boolean polars expression, true where the row is right.

Null means that the row is not this rule's business, as one is not that fails a rule that this one requires. The columns that an expression names say to which tables the
rule applies. What is not in the row is looked up before the expression runs (`rules.lookups`): columns that begin
with ``action.`` in the code list, columns that begin with ``known.`` among the keys of another table. So no rule needs
a function that leaves polars' streaming engine.

`checks` is what every engine runs: the fused pass (`bulk.engine`), Spark and Dask, and pandera (`release.contract`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from standoff.model.dates import WIDTHS
from standoff.rules import column as _column_rules  # noqa: F401 - registers the rules about columns
from standoff.rules.lookups import LOOKUP
from standoff.rules.registry import REGISTRY, Rule, rule
from standoff.tables.profiles import KNOWN, TEXT, Binding, Profile

KINDS = {
    **dict.fromkeys(["action", "action_label", "root", "date_precision", "actor_id", "target_id"], "string"),
    **dict.fromkeys(["date_earliest", "date_latest", "date_from", "date_until"], "date"),
    **dict.fromkeys(["published_earliest", "published_latest"], "date"),
    **dict.fromkeys(
        ["span_start", "span_end", "trigger_start", "trigger_end", "evidence_start", "evidence_end"], "int32"
    ),
    **dict.fromkeys(["quad_class", "count_min"], "int32"),
    "goldstein": "float64",
}
"""The types that the rules below take the columns for, by name. Our tables have them; a profile must."""


@rule("table")
def action_unknown() -> pl.Expr:
    """The action is no CAMEO code.

    Codes are text: a code that lost its leading zero (44 for 044) is not one. See `schema/codes/cameo/actions.csv`.
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


@rule("table", requires=["value-unreadable", "number-not-finite"])
def goldstein_mismatch() -> pl.Expr:
    """The Goldstein value is not that of the action code in the table's scale.

    GDELT's and ICEWS's scales differ at 016, 022, 164 and 165; codes without a value have null.
    """
    unknown = pl.col("action.root").is_null()
    return unknown | pl.col("goldstein").eq_missing(pl.col("action.goldstein"))


@rule("table")
def action_label_mismatch() -> pl.Expr:
    """The label is not that of the action code: the code stands under another one's name.

    Labels are those of `schema/codes/cameo/actions.csv`. Correct the code or the label.
    """
    return pl.col("action_label") == pl.col("action.label")


@rule("table")
def date_bounds_reversed() -> pl.Expr:
    """The earliest day is after the latest.

    Exchange the two, or correct one.
    """
    return pl.col("date_earliest") <= pl.col("date_latest")


@rule("table", requires=["value-unreadable"])
def date_precision_mismatch() -> pl.Expr:
    """The precision is not that of the days between earliest and latest.

    day 1 day, week up to 7, month up to 31, year up to 366, longer beyond, open where an end is null.
    """
    days = (pl.col("date_latest") - pl.col("date_earliest")).dt.total_days() + 1
    expected: pl.Expr = pl.lit("longer")
    for name, most in reversed(WIDTHS):
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
    return (pl.col("span_start") >= 0) & (pl.col("span_start") < pl.col("span_end"))


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


@dataclass(frozen=True, slots=True)
class Check:
    """One question asked of every row: a rule, and the column where the rule is about single columns.

    `expression` is true where the row is right, and never null.
    """

    rule: Rule
    column: Binding | None
    expression: pl.Expr

    @property
    def name(self) -> str:
        """The rule's code, and the column where there is one: ``value-missing:action``."""
        return f"{self.rule.code}:{self.column.name}" if self.column else self.rule.code

    @property
    def names(self) -> frozenset[str]:
        """Every column that the expression reads, looked-up ones among them."""
        return frozenset(self.expression.meta.root_names())

    @property
    def columns(self) -> frozenset[str]:
        """The columns of the table itself that the expression reads, those that lookups start from among them."""
        return frozenset(map(origin, self.names))

    def requires(self, other: Check) -> bool:
        """Whether a row that fails `other` is none of this check's business: the same fault is told once."""
        about = other.column is None or other.column.name in self.columns
        return about and other.rule.code in self.rule.requires


def origin(name: str) -> str:
    """The column of the table that a column of an expression comes from."""
    return "action" if name.startswith(LOOKUP) else name.removeprefix(KNOWN).removeprefix(TEXT)


def checks(profile: Profile, names: Iterable[str], references: Iterable[str] = ()) -> list[Check]:
    """Return what is asked of every row of a table that has the columns `names`, in the order of rules and columns.

    `references` are the columns whose other table is at hand.
    """
    present, referring = frozenset(names), frozenset(references)
    columns = [column for column in profile.columns if column.name in present]
    found = []
    made: list[tuple[Binding | None, pl.Expr | None]]
    for _, each in sorted(REGISTRY.items()):
        if each.code in profile.skip:
            continue
        if each.scope == "column":
            made = [(column, each.check(column)) for column in columns]
        elif each.scope == "row":
            made = [(None, each.check(columns))]
        elif each.scope == "table":
            made = [(None, each.check())]
        else:
            continue
        for column, expression in made:
            if expression is None:
                continue
            check = Check(each, column, expression.fill_null(value=True))
            known = {name.removeprefix(KNOWN) for name in check.names if name.startswith(KNOWN)}
            if check.columns <= present and known <= referring:
                found.append(check)
    return found
