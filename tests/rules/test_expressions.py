"""Expressions of profiles: nothing but row-wise polars SQL is admitted, none opens a file, none raises on data."""

import itertools
import sys

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standoff.rules.expressions import FUNCTIONS, NotAdmitted, admit

NAMES = {"a": pl.Int64, "b": pl.Int64, "s": pl.String, "d": pl.Date, "f": pl.Float64}
ADMITTED = [
    "a <= b", "a IN (1, 2)", "NOT a IN (1, 2)", "s LIKE 'x%'", "REGEXP_LIKE(s, '^a')", "COALESCE(a, 0) < b",
    "TRY_CAST(s AS INTEGER) > 3", "DATE_PART('year', d) = a", "d > DATE '2020-01-01'", "LENGTH(s) = 3",
    "SUBSTR(s, 1, 2) = '01'", "LEFT(s, 2) = '01'", "CASE WHEN a = 1 THEN s = 'x' ELSE TRUE END", "s = 'it''s'",
    "a % b = 0", "a / b > 1", "a BETWEEN 1 AND b", '"a" > 1', "STARTS_WITH(s, '0')", "GREATEST(a, b) > 1",
    "s IS NULL OR a IS NOT NULL", "CONCAT(s, 'x') = 'yx'", "MOD(a, b) = 1", "ABS(f) <= 1e3",
    "(a IS NULL) = (b IS NULL)", "ROUND(f, 2) = f", "a + b * 2 - 1 > 0", "REPLACE(s, 'a', 'b') = 'b'",
]  # fmt: skip
REFUSED = [
    "a IN (SELECT x FROM read_csv('t.csv'))", "EXISTS (SELECT 1)", "a = (TABLE t)", "WITH t AS (SELECT 1) SELECT a",
    "a IN (VALUES (1))", "SUM(a) OVER (PARTITION BY b) > 1", "COUNT(*) > 1", "a > 1; b > 2", "a > 1 -- comment",
    "a /* comment */ > 1", "s = $$text$$", "d < CURRENT_DATE", "CAST(s AS INTEGER) > 1", "s::int > 1", "x = 1",
    "REGEXP_LIKE(s, s)", "s LIKE s", "SUBSTR(s, a, b) = 'x'", "a", "1 = 1", "TRUE", "read_csv('t.csv') > 1", "", "a >",
    "(a > 1", "a > 1)", "t.a > 1", "a > :x", "a = ANY(b)", "INTERVAL '1 day' > d", "s = E'\\x41'", "s AS t", "`a` > 1",
    "d > '2020-01-01'", "STRPOS(s, s) > 0", "NOT s", "s OR a > 1", "a > 1 AND s", "REPLACE(s, s, 'a') = 'b'", "(" * 40 + "a > 1" + ")" * 40, "a > 1 OR " * 300 + "a > 1",
]  # fmt: skip
OPENED = []


@pytest.fixture(scope="module", autouse=True)
def audit():
    active = [True]

    def hook(event, arguments):
        if active[0] and (
            event in ("socket.connect", "socket.getaddrinfo")
            or (event == "open" and "t.csv" in str(arguments))
        ):
            OPENED.append((event, arguments))

    sys.addaudithook(hook)
    yield
    active[0] = False


@pytest.mark.parametrize("text", ADMITTED)
def test_it_is_admitted_and_gives_a_truth_value_for_each_row(text):
    frame = pl.DataFrame(
        {
            "a": [1, 0, None, -(2**63), 2**63 - 1],
            "b": [0, 0, 1, -1, 2],
            "s": ["x", "", "é", None, "010"],
            "d": [None] * 5,
            "f": [float("nan"), 1.0, float("inf"), None, -0.0],
        },
        schema=NAMES,
    )
    found = frame.select(admit(text, NAMES).alias("right"))
    assert found.schema["right"] == pl.Boolean
    assert found.height == 5


@pytest.mark.parametrize("text", REFUSED)
def test_it_is_refused_before_polars_sees_it_or_when_it_is_resolved(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.csv").write_text("x\n1\n")
    OPENED.clear()
    with pytest.raises(NotAdmitted):
        admit(text, NAMES)
    assert OPENED == []


WORDS = [
    *NAMES,
    *FUNCTIONS,
    "SELECT",
    "FROM",
    "read_csv",
    "(",
    ")",
    ",",
    "'t.csv'",
    "1",
    "=",
    "<",
    "AND",
    "OR",
    "NOT",
    "IN",
]
VALUES = {
    "a": st.integers(-(2**63), 2**63 - 1),
    "b": st.integers(-3, 3),
    "s": st.text(max_size=4),
    "d": st.dates(),
    "f": st.floats(),
}


@settings(max_examples=2 * settings.default.max_examples)
@given(
    st.lists(st.sampled_from(WORDS), max_size=9),
    st.fixed_dictionaries({n: st.none() | v for n, v in VALUES.items()}),
)
def test_whatever_is_admitted_neither_raises_on_data_nor_opens_a_file(words, row):
    text = " ".join(words)
    try:
        expression = admit(text, NAMES)
    except NotAdmitted:
        return
    pl.DataFrame([row], schema=NAMES).select(expression)
    assert OPENED == []


HOSTILE = pl.DataFrame(
    {
        "a": [1, -1, 0, None, 2**63 - 1],
        "b": [0, -3, 3, 1, None],
        "s": ["a(b", "", None, "[", "é"],
        "t": ["(", "[a", ".", "\\", None],
        "d": [None] * 5,
        "f": [float("nan"), 1.5, None, float("inf"), -0.0],
    },
    schema=NAMES | {"t": pl.String},
)


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_no_call_that_is_admitted_raises_on_data(function):
    arguments = [["s", "a", "f", "d"], ["t", "b", "'('", "1"], ["t", "b", "'('"]]
    calls = [call for most in (1, 2, 3) for call in itertools.product(*arguments[:most])]
    admitted = 0
    for call in [*calls, ("'year'", "d"), ("s AS INT",)]:
        try:
            expression = admit(f"{function}({', '.join(call)}) IS NULL", dict(HOSTILE.schema))
        except NotAdmitted:
            continue
        admitted += 1
        assert HOSTILE.select(expression.alias("right"))["right"].dtype == pl.Boolean, call
    assert admitted, "no call of this function is admitted"
