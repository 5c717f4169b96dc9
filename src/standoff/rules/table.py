"""Rules about the rows of a table. Each rule is one boolean polars expression, true where the row is right.

Null means "not applicable", for example because a prerequisite rule already failed. A rule applies to every table that has the
columns its expression names. Values that are not in the row are looked up before the expression runs (`rules.lookups`):
columns that begin with ``action.`` come from the code list, columns that begin with ``known.`` say whether a key is in
another table. Lookups keep the query in polars' streaming engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from standoff.codes import shipped
from standoff.lazy import LazyModule
from standoff.model.dates import WIDTHS
from standoff.rules.rule import ROW, TABLE, rule
from standoff.tables.profiles import Binding

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LazyModule("polars")

KINDS = {
    **dict.fromkeys(
        ["action", "action_label", "event_text", "root", "date_precision", "actor_id", "target_id"], "string"
    ),
    **dict.fromkeys(["date_earliest", "date_latest", "date_from", "date_until"], "date"),
    **dict.fromkeys(["published_earliest", "published_latest"], "date"),
    **dict.fromkeys(
        ["span_start", "span_end", "trigger_start", "trigger_end", "evidence_start", "evidence_end"], "int32"
    ),
    **dict.fromkeys(
        ["start", "end"], "int32"
    ),  # how releases before 2.0.0, and profiles of then, call a span
    **dict.fromkeys(["quad_class", "count_min"], "int32"),
    "goldstein": "float64",
}
"""The types that the rules below take the columns for, by name. Our tables have them; a profile must."""


@rule(TABLE)
def action_unknown() -> pl.Expr:
    """The action is not a code of the list of actions.

    Codes are text: a code that lost its leading zero (44 for 044) is not one. `standoff codes CODE` looks a code up.
    """
    return pl.col("action").is_null() | pl.col("action.root").is_not_null()


@rule(TABLE)
def root_mismatch() -> pl.Expr:
    """The root does not belong to the action code.

    The root is the most general code above the code, such as 19 for 193.
    """
    return pl.col("root") == pl.col("action.root")


@rule(TABLE, requires=["value-outside-bounds"])
def quad_class_mismatch() -> pl.Expr:
    """The quad class does not belong to the action code.

    It follows from the code, by the scheme that the list of actions names (GDELT's, unless it says otherwise).
    """
    return pl.col("quad_class") == pl.col("action.quad_class")


@rule(TABLE, requires=["value-unreadable", "number-not-finite", "value-outside-bounds"])
def goldstein_mismatch() -> pl.Expr:
    """The Goldstein value does not belong to the action code in the table's scale.

    GDELT's and ICEWS's scales differ at 016, 022, 164 and 165; codes without a value have null.
    """
    unknown = pl.col("action.root").is_null()
    also = (pl.col("goldstein") == pl.col("action.goldstein_also")).fill_null(value=False)
    return unknown | also | pl.col("goldstein").eq_missing(pl.col("action.goldstein"))


@rule(TABLE)
def action_label_mismatch() -> pl.Expr:
    """The label belongs to another action code.

    Labels are those of the list of actions. Correct the code or the label.
    """
    return pl.col("action_label") == pl.col("action.label")


@rule(TABLE, severity="warning")
def event_text_mismatch() -> pl.Expr:
    """The text of an ICEWS event belongs to another action code.

    ICEWS writes the label of the code without "not specified below". Correct the code or the text. A text
    that is not the label of any code passes.
    """
    text = pl.col("event_text").str.to_lowercase()
    return (text == pl.col("action.text")) | ~text.is_in(sorted(_texts()))


def icews_text(label: str) -> str:
    """Return the label of a code as ICEWS writes it, in lower case."""
    return label.lower().replace(", not specified below", "").replace('"', "'")


@cache
def _texts() -> frozenset[str]:
    """The texts of all codes."""
    return frozenset(map(icews_text, (action.label for action in shipped.scheme().actions.values())))


@rule(TABLE)
def date_bounds_reversed() -> pl.Expr:
    """The earliest day is after the latest.

    Swap the two, or correct one.
    """
    return pl.col("date_earliest") <= pl.col("date_latest")


@rule(TABLE, requires=["value-unreadable"])
def date_precision_mismatch() -> pl.Expr:
    """The precision does not fit the earliest and latest day.

    `day` means 1 day, `week` up to 7 days, `month` up to 31, `year` up to 366, `longer` more, and `open` that an end is null.
    """
    days = (pl.col("date_latest") - pl.col("date_earliest")).dt.total_days() + 1
    expected: pl.Expr = pl.lit("longer")
    for name, most in reversed(WIDTHS):
        expected = pl.when(days <= most).then(pl.lit(name)).otherwise(expected)
    expected = pl.when(days.is_null()).then(pl.lit("open")).otherwise(expected)
    return pl.col("date_precision") == expected


@rule(TABLE)
def trigger_outside_evidence() -> pl.Expr:
    """The trigger is not within the evidence, or one of the two is not a valid span.

    Offsets are code points, start inclusive and end exclusive: 0 <= evidence_start <= trigger_start <
    trigger_end <= evidence_end.
    """
    return (
        (pl.col("evidence_start") >= 0)
        & (pl.col("evidence_start") <= pl.col("trigger_start"))
        & (pl.col("trigger_start") < pl.col("trigger_end"))
        & (pl.col("trigger_end") <= pl.col("evidence_end"))
    )


@rule(ROW)
def span_reversed(columns: Sequence[Binding]) -> pl.Expr | None:
    """A span starts before the document or does not end after it starts.

    Offsets count code points from 0; the end is exclusive. The columns are `span_start` and `span_end`, or `start` and `end`.
    """
    there = {column.name for column in columns}
    spans = [pair for pair in (("span_start", "span_end"), ("start", "end")) if there.issuperset(pair)]
    if not spans:
        return None
    return pl.all_horizontal((pl.col(start) >= 0) & (pl.col(start) < pl.col(end)) for start, end in spans)


@rule(TABLE)
def count_min_below_one() -> pl.Expr:
    """The row stands for less than one act.

    `count_min` is a lower bound and at least 1.
    """
    return pl.col("count_min") >= 1


@rule(TABLE)
def dyad_with_itself() -> pl.Expr:
    """An actor is paired with itself.

    Dyads are directed pairs of two actors.
    """
    return pl.col("actor_id") != pl.col("target_id")


@rule(TABLE)
def publication_bounds_reversed() -> pl.Expr:
    """The earliest day of publication is after the latest.

    Swap the two, or correct one.
    """
    return pl.col("published_earliest") <= pl.col("published_latest")


@rule(TABLE)
def period_reversed() -> pl.Expr:
    """A period ends before it begins.

    Swap the two days, or correct one.
    """
    return pl.col("date_from") <= pl.col("date_until")
