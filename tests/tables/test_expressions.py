"""Conditions in polars SQL: what is admitted, what is refused, and that nothing admitted reads a file or raises on data."""

import sys
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standoff.tables.expressions import FUNCTIONS, ExpressionError, admit, compiled

COLUMNS = {
    "a": pl.Int64(),
    "b": pl.Int32(),
    "x": pl.Float64(),
    "s": pl.String(),
    "t": pl.String(),
    "date": pl.Date(),
}
ADMITTED = [
    "a <= b",
    "(a IS NULL) = (b IS NULL)",
    "a = DATE_PART('year', date)",
    "date >= DATE '1979-01-01'",
    "STARTS_WITH(s, t)",
    "CASE WHEN a = 0 THEN s IS NULL ELSE s IS NOT NULL END",
    "s IN ('x', 'y', 'it''s')",
    "s LIKE 'x%' OR NOT (x BETWEEN -1 AND 1.5e3)",
    'TRY_CAST(SUBSTR(s, 2, 1) AS INT) > "a"',
    "MOD(a, 100) < 60 AND ABS(x - b) <= 0.02",
    "LEAST(a, b) * 10 + GREATEST(a, b) = a / b",
    "s || t = LOWER(COALESCE(s, t))",
]
REFUSED = [
    "a IN (SELECT x FROM read_csv('/etc/passwd'))",
    "EXISTS (SELECT 1)",
    "a = 1; DROP TABLE t",
    "a = 1 -- comment",
    "a = 1 /* comment */",
    "CAST(s AS INT) = 1",
    "s::int = 1",
    "SUM(a) OVER () > 1",
    "read_parquet('x') = 1",
    "date < CURRENT_DATE",
    "s = $$text$$",
    "REGEXP_LIKE(s, t)",
    "s LIKE t",
    "a = unknown",
    '"unknown" = 1',
    '"s"(1)',
    "EXTRACT(YEAR FROM date) = 1",
    "(a = 1",
    "a = 1)",
    "",
    "a",
    "a + 1",
    "s > 1",
    "a = 'x",
    "SUM(a) = 1",
    "x = 1" + " OR x = 1" * 400,
    "(" * 60 + "a = 1" + ")" * 60,
    "from = 1",
]


@pytest.mark.parametrize("expression", ADMITTED)
def test_a_condition_is_admitted_and_gives_true_false_or_null(expression: str) -> None:
    assert compiled(expression, COLUMNS) is not None


@pytest.mark.parametrize("expression", REFUSED)
def test_anything_else_is_refused_with_a_reason(expression: str) -> None:
    with pytest.raises(ExpressionError, match=r"\w"):
        compiled(expression, COLUMNS)


def test_the_columns_that_are_read_are_returned() -> None:
    assert admit("a <= b AND STARTS_WITH(s, 'a')", COLUMNS) == {"a", "b", "s"}
    assert admit("date IS NULL", COLUMNS) == {"date"}


def test_a_slip_gets_the_nearest_name() -> None:
    with pytest.raises(ExpressionError, match='did you mean "date"'):
        admit("dat IS NULL", COLUMNS)
    with pytest.raises(ExpressionError, match="did you mean SUBSTR"):
        admit("SUBSTRR(s, 1) = 'x'", COLUMNS)


WORDS = [
    *COLUMNS, *sorted(FUNCTIONS), "SELECT", "FROM", "read_csv", "(", ")", ",", "'x'", "1", "=", "<", "AND", "IN", "AS",
    "DATE", "*", "'/etc/hosts'", "IS", "NULL", "CASE", "WHEN", "THEN", "END", "LIKE", "INT",
]  # fmt: skip
_opened: list[str] = []
_watching = False


def _watch(event: str, args: tuple[object, ...]) -> None:
    if _watching and event in ("open", "socket.connect", "os.scandir"):
        _opened.append(f"{event} {args[0]}")


sys.addaudithook(_watch)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=14).map(" ".join))
def test_no_text_opens_a_file_and_what_is_admitted_never_raises_on_data(text: str) -> None:
    global _watching
    _opened.clear()
    _watching = True
    try:
        try:
            made = compiled(text, COLUMNS)
        except ExpressionError:
            return
        rows = {
            "a": [None, 0, -1, 2**62],
            "b": [None, 0, -1, 2**31 - 1],
            "x": [None, float("nan"), float("inf"), -0.0],
            "s": [None, "", "é\0", "9" * 50],
            "t": [None, "(", "%", "2020-01-01"],
            "date": [None, date(1, 1, 1), date(9999, 12, 31), date(2020, 2, 29)],
        }
        pl.DataFrame(rows, schema=COLUMNS).select(made)
    finally:
        _watching = False
    assert _opened == []
