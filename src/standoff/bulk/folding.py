"""Faults that make a row, or a whole column, fail many checks: each is looked for among the failing rows, and reported once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import polars as pl

from standoff.bulk.outcome import Outcome
from standoff.bulk.plan import ROW, SHORT, Plan, failing
from standoff.bulk.repairs import remedies
from standoff.bulk.values import opaque, present_columns, stored_name, typed
from standoff.rules.checks import BEFORE_EXPRESSIONS
from standoff.tables.profiles import Binding, plain

MOVED = 5
"""Checks that a row fails if its cells are taken to be in wrong columns."""
SWAPPED_ROWS = 20
"""Failing rows on which an exchange of two columns is tried."""
SWAPPED_SHARE = 0.5
"""Share of these rows of which more must pass everything after the exchange. Before it, none does."""
SWAPPED_MOST = 4
"""Columns that are wrong in most rows and are tried with every other one. Of more, the fault is another."""
SWAPPED_AMONG = 20
"""Columns that contradict each other in most rows and are tried with each other."""
_KEY_RULE = "duplicate-row-key"
_PAIR, _TEXT = "row.pair", "row.text."

Fails = Callable[[int], pl.Expr]


@dataclass(frozen=True, slots=True)
class Swapped:
    """Two columns that are exchanged in the whole table, by their names in the file, and the checks that this explains."""

    names: tuple[str, str]
    checks: frozenset[int]


def apart_from(folded: pl.Series, explained: frozenset[int], plan: Plan) -> Fails:
    """Whether a row fails a check that is not `explained`, and is not one of those whose failures are reported as one."""
    # All rows that share a key are reported.
    keys = {i for i, check in enumerate(plan.checks) if check.rule.code == _KEY_RULE}
    other = ~pl.col(ROW).cast(pl.Int64).is_in(folded.implode())

    def fails(number: int) -> pl.Expr:
        if number in explained:
            return pl.lit(value=False) & failing(number)
        return failing(number) if number in keys else failing(number) & other

    return fails


def header_rows(bad: pl.LazyFrame, plan: Plan) -> pl.Series:
    """Return the failing rows that are the header again, perhaps in quotes or in other case: where files were joined."""
    columns = _with_text(plan.columns, bad)
    if not columns:
        return pl.Series(ROW, dtype=pl.Int64)
    texts = [_as_text(column) for column in columns]
    same = [
        text.str.strip_chars("\ufeff \"'").str.to_lowercase().str.replace_all("_", "", literal=True)
        == plain(column.source).replace("_", "").lower()
        for text, column in zip(texts, columns, strict=True)
    ]
    number = pl.sum_horizontal(each.fill_null(value=False).cast(pl.Int32) for each in same)
    filled = pl.sum_horizontal(text.is_not_null().cast(pl.Int32) for text in texts)
    found = bad.filter(number >= 2, number * 2 > filled).select(pl.col(ROW).cast(pl.Int64))
    return found.collect().to_series().sort()


def moved_rows(bad: pl.LazyFrame, outcome: Outcome, counts: pl.DataFrame) -> pl.DataFrame:
    """Return the rows whose cells are in wrong columns, with the checks of single columns that they fail.

    They fail `MOVED` checks or more, most of them about the form of a value, and at least two kinds of these. What half of
    all rows fail says nothing about a single row.
    """
    checks = outcome.plan.checks
    telling = [
        i
        for i, check in enumerate(checks)
        if check.rule.severity == "error"
        and check.rule.code not in ("duplicate-row-key", SHORT)
        and 0 < counts[str(i)].item() * 2 <= outcome.rows
    ]
    forms: dict[str, list[int]] = {}
    for i in telling:
        if checks[i].column and checks[i].rule.code in BEFORE_EXPRESSIONS:
            forms.setdefault(checks[i].rule.code, []).append(i)
    if len(telling) < MOVED or len(forms) < 2:
        return pl.DataFrame(schema={ROW: pl.Int64, "checks": pl.List(pl.Int64)})
    of_form = [i for numbers in forms.values() for i in numbers]
    rows = bad.filter(
        pl.sum_horizontal(failing(i).cast(pl.Int64) for i in telling) >= MOVED,
        pl.sum_horizontal(failing(i).cast(pl.Int64) for i in of_form) * 2 > MOVED,
        pl.sum_horizontal(pl.any_horizontal(map(failing, same)).cast(pl.Int64) for same in forms.values())
        > 1,
    )
    failed = pl.concat_list(pl.when(failing(i)).then(pl.lit(i, pl.Int64)) for i in of_form).list.drop_nulls()
    return rows.select(pl.col(ROW).cast(pl.Int64), failed.alias("checks")).collect().sort(ROW)


def swapped_columns(bad: pl.LazyFrame, outcome: Outcome, counts: pl.DataFrame) -> Swapped | None:
    """Return two columns whose exchange makes the rows right, where most rows of the table fail for one of them.

    The exchange is tried on the first rows, with all checks of the table. Columns whose values a repair explains are not tried.
    """
    plan = outcome.plan
    usual = [
        i
        for i, check in enumerate(plan.checks)
        if check.rule.severity != "note"
        and check.rule.code not in (_KEY_RULE, SHORT)
        and counts[str(i)].item() * 2 > outcome.rows
    ]
    if outcome.rows < 2 or not usual or any(column.parts for column in plan.columns):
        return None
    columns = _with_text(plan.columns, bad)
    rows = (
        bad.filter(pl.any_horizontal(map(failing, usual)))
        .unique(ROW)
        .bottom_k(SWAPPED_ROWS, by=ROW)
        .collect()
    )
    of_form = {column.name for i in usual if (column := plan.checks[i].column)}
    wrong = of_form or frozenset[str]().union(*(plan.checks[i].columns for i in usual))
    one_sided = bool(of_form) or len(wrong) == 1
    tried = [column for column in columns if column.name in wrong]
    if (
        not tried
        or len(tried) > (SWAPPED_MOST if one_sided else SWAPPED_AMONG)
        or any(_repaired(i, rows, plan) for i in usual)
    ):
        return None
    texts = rows.select(_as_text(column).alias(_TEXT + column.name) for column in columns)
    pairs = (
        [(one, other) for one in tried for other in columns if other is not one]
        if one_sided
        else list(combinations(tried, 2))
    )
    best = _best_pair(texts, columns, pairs, plan)
    if best is None:
        return None
    one, other = best
    names = {one.name, other.name}
    explained = {i for i, c in enumerate(plan.checks) if c.columns & names and c.rule.code != _KEY_RULE}
    first, second = sorted((one.source, other.source), key=[column.source for column in columns].index)
    return Swapped((first, second), frozenset(explained))


def _repaired(number: int, rows: pl.DataFrame, plan: Plan) -> bool:
    """Whether a repair of single values explains all that fails a check."""
    failed = rows.filter(failing(number))
    return any(count == failed.height for count, _ in remedies(plan.checks[number], failed, plan))


def _best_pair(
    texts: pl.DataFrame, columns: Sequence[Binding], pairs: Sequence[tuple[Binding, Binding]], plan: Plan
) -> tuple[Binding, Binding] | None:
    """The pair whose exchange makes most rows right, of several the one whose columns are nearest to each other."""
    named = {column.name: pl.col(_TEXT + column.name) for column in columns}
    both = [
        texts.select((named[a.name].is_not_null() & named[b.name].is_not_null()).mean()).item()
        for a, b in pairs
    ]
    pairs = [pair for pair, share in zip(pairs, both, strict=True) if share * 2 > 1]
    if not pairs:
        return None
    exchanged = pl.concat(
        texts.select(
            *(
                named[{one.name: other.name, other.name: one.name}.get(column.name, column.name)].alias(
                    column.source
                )
                for column in columns
            ),
            pl.lit(number).alias(_PAIR),
        )
        for number, (one, other) in enumerate(pairs)
    )
    types = dict.fromkeys((column.source for column in columns), pl.String)
    again = replace(plan, columns=present_columns(types, plan.profile), short=None, unique=False)
    values = typed(again.columns, types, text_format=True)
    right = again.looked_up(exchanged.lazy().select(*values, _PAIR)).select(
        _PAIR, again.accepted.alias("right")
    )
    shares = (
        right.group_by(_PAIR).agg(pl.col("right").mean()).filter(pl.col("right") > SWAPPED_SHARE).collect()
    )
    place = {column.name: number for number, column in enumerate(columns)}

    def rank(found: tuple[int, float]) -> tuple[float, int]:
        one, other = pairs[found[0]]
        return -found[1], abs(place[one.name] - place[other.name])

    best = min(shares.iter_rows(), key=rank, default=None)
    return None if best is None else pairs[best[0]]


def _with_text(columns: Sequence[Binding], bad: pl.LazyFrame) -> list[Binding]:
    """The columns whose stored values are among the failing rows, and have a text."""
    types = bad.collect_schema()
    names = [(column, stored_name(column)) for column in columns if not column.parts]
    return [column for column, name in names if name in types and not opaque(types[name])]


def _as_text(column: Binding) -> pl.Expr:
    """The stored value of a column as text, null where the cell is empty."""
    return pl.col(stored_name(column)).cast(pl.String, strict=False)
