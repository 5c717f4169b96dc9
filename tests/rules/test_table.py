"""The rules about tables: three ways of asking them give the same answer, on good tables and on bad ones.

The fused pass over a file, pandera over a frame in memory, the function for one Arrow batch, and plain Python over
one row at a time, which shares nothing with the others but the code list.
"""

from __future__ import annotations

import math
import tempfile
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from standoff.bulk import batches
from standoff.bulk.outputs import Outputs
from standoff.bulk.profile_files import load_profile
from standoff.bulk.profile_files import shipped as shipped_profiles
from standoff.bulk.request import Request
from standoff.bulk.run import check_tables
from standoff.codes import shipped
from standoff.model.dates import SHAPES
from standoff.model.sides import SIDES
from standoff.release.contract import validate
from standoff.rules.catalogue import all_rules
from standoff.rules.checks import Check, checks
from standoff.rules.rule import TABLE_SCOPES
from standoff.rules.table import KINDS
from standoff.tables import TABLES
from standoff.tables.profiles import profile_of

EVENTS = TABLES["events"]
ACTIONS = shipped.scheme().actions
Row = dict[str, Any]

# ---- good rows, and what can be put into one of their cells ------------------------------------------------------

_DAY = st.dates(date(1990, 1, 1), date(2030, 1, 1))


@st.composite
def good_rows(draw: st.DrawFn) -> Row:
    """An event that keeps every rule."""
    action = ACTIONS[draw(st.sampled_from(sorted(ACTIONS)))]
    earliest = draw(st.none() | _DAY)
    latest = earliest and earliest + timedelta(draw(st.integers(0, 800)))
    start = draw(st.integers(0, 50))
    row = dict.fromkeys(column.name for column in EVENTS.columns)
    row |= {
        "event_id": f"d001-e{draw(st.integers(1, 10**9)):010}",
        "document_id": "d001",
        "action": action.code,
        "action_scheme": "CAMEO 1.1b3",
        "action_label": action.label,
        "root": action.root,
        "quad_class": action.quad_class,
        "goldstein": action.scales["gdelt"],
        "date": "2020",
        "date_earliest": earliest,
        "date_latest": latest,
        "date_precision": _precision(earliest, latest),
        "date_shape": draw(st.sampled_from(SHAPES)),
        "date_basis": "explicit",
        "status": "asserted",
        "vouched_by": draw(st.sampled_from(SIDES)),
        "reciprocal": draw(st.booleans()),
        "count_min": draw(st.integers(1, 5)),
        "trigger": "met",
        "evidence_start": start,
        "trigger_start": start + draw(st.integers(0, 5)),
        "trigger_end": start + 6,
        "evidence_end": start + draw(st.integers(6, 9)),
    }
    return row


ODD: dict[str, list[Any]] = {
    "string": [None, "", "10", "010", "1", "99", "asserted", "day", "\u200d", "né"],
    "int32": [None, -1, 0, 1, 2, 3, 4, 5, 2**31 - 1, -(2**31)],
    "float64": [None, 0.0, -0.0, 2.8, -10.0, math.nan, math.inf, -math.inf],
    "bool": [None, True, False],
    "date": [None, date(1, 1, 1), date(2020, 2, 29), date(9999, 12, 31)],
}


@st.composite
def tables(draw: st.DrawFn) -> pl.DataFrame:
    """Some events, a few cells of which have been spoiled."""
    rows = draw(st.lists(good_rows(), min_size=1, max_size=8))
    for _ in range(draw(st.integers(0, 6))):
        column = draw(st.sampled_from(EVENTS.columns))
        # A table of another scheme has other columns, and what its codes stand for is not known.
        odd = [None] if column.name == "action_scheme" else ODD[column.kind]
        rows[draw(st.integers(0, len(rows) - 1))][column.name] = draw(st.sampled_from(odd))
    if draw(st.booleans()):
        rows.append(dict(draw(st.sampled_from(rows))))
    return pl.DataFrame(rows, schema=EVENTS.schema, orient="row")


# ---- the rules, one row at a time --------------------------------------------------------------------------------


def _precision(earliest: date | None, latest: date | None) -> str:
    if earliest is None or latest is None:
        return "open"
    days = (latest - earliest).days + 1
    return next(
        (name for name, most in (("day", 1), ("week", 7), ("month", 31), ("year", 366)) if days <= most),
        "longer",
    )


def by_hand(row: Row) -> set[str]:
    """The names of the checks that a row fails."""
    failed = set()
    for column in EVENTS.columns:
        value = row[column.name]
        if value is None:
            failed |= set() if column.optional else {f"value-missing:{column.name}"}
            continue
        if value == "":
            failed.add(f"empty-text:{column.name}")
        if column.values and value not in column.values:
            failed.add(f"value-not-listed:{column.name}")
        if column.kind == "float64" and not math.isfinite(value):
            failed.add(f"number-not-finite:{column.name}")
    action = ACTIONS.get(row["action"])
    if row["action"] is not None and action is None:
        failed.add("action-unknown")
    if action is not None:
        if row["root"] not in (None, action.root):
            failed.add("root-mismatch")
        if row["quad_class"] not in (None, action.quad_class):
            failed.add("quad-class-mismatch")
        if row["action_label"] not in (None, action.label):
            failed.add("action-label-mismatch")
        if row["goldstein"] != action.scales["gdelt"] and "number-not-finite:goldstein" not in failed:
            failed.add("goldstein-mismatch")
    earliest, latest = row["date_earliest"], row["date_latest"]
    if earliest and latest and earliest > latest:
        failed.add("date-bounds-reversed")
    if row["date_precision"] not in (None, _precision(earliest, latest)):
        failed.add("date-precision-mismatch")
    spans = [row[name] for name in ("evidence_start", "trigger_start", "trigger_end", "evidence_end")]
    first, start, end, last = spans
    steps = [
        first is None or first >= 0,
        first is None or start is None or first <= start,
        start is None or end is None or start < end,
        end is None or last is None or end <= last,
    ]
    if not all(steps):
        failed.add("trigger-outside-evidence")
    if row["count_min"] is not None and row["count_min"] < 1:
        failed.add("count-min-below-one")
    return failed


Failures = set[tuple[int, str]]


def naive(frame: pl.DataFrame) -> Failures:
    rows = frame.rows(named=True)
    ids = Counter(row["event_id"] for row in rows if row["event_id"] is not None)
    twice = {(i, "duplicate-row-key") for i, row in enumerate(rows) if ids[row["event_id"]] > 1}
    return {(i, name) for i, row in enumerate(rows) for name in by_hand(row)} | twice


def fused(frame: pl.DataFrame, ending: str) -> Failures:
    with tempfile.TemporaryDirectory() as folder:
        path, found = Path(folder, f"table.{ending}"), Path(folder, "failures.parquet")
        {"parquet": frame.write_parquet, "csv": frame.write_csv}[ending](path)
        report = check_tables(Request([path], table="events", outputs=Outputs(failures=found)))
        rows = pl.read_parquet(found)
    counts = Counter(code.split(":")[0] for code in rows["rule"])
    assert {finding.code for finding in report.findings} == set(counts)
    assert report.exit_code == bool(counts)
    return {(row - 1, rule) for row, rule in rows.select("row", "rule").rows()}


def by_pandera(frame: pl.DataFrame) -> Failures:
    import pandera.errors

    try:
        validate("events", frame)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases.select("index", "check", "column").unique().rows()
        return {
            (i, f"value-missing:{column}" if check == "not_nullable" else check) for i, check, column in cases
        }
    return set()


@given(tables())
@settings(max_examples=settings.default.max_examples // 2, suppress_health_check=[HealthCheck.too_slow])
def test_the_fused_pass_pandera_and_plain_python_find_the_same_failures(frame: pl.DataFrame) -> None:
    expected = naive(frame)
    assert fused(frame, "parquet") == expected
    assert by_pandera(frame) == expected
    found = batches.failures(frame, profile_of(EVENTS))
    assert Counter(found["rule"]) == Counter(rule for _, rule in expected if rule != "duplicate-row-key")


@given(tables())
@settings(max_examples=settings.default.max_examples // 3, suppress_health_check=[HealthCheck.too_slow])
def test_a_csv_file_fails_as_the_same_table_in_parquet_does(frame: pl.DataFrame) -> None:
    assert fused(frame, "csv") == naive(frame)


@given(st.lists(good_rows(), min_size=1, max_size=5, unique_by=lambda row: row["event_id"]))
@settings(max_examples=settings.default.max_examples // 3, suppress_health_check=[HealthCheck.too_slow])
def test_good_tables_have_no_failures(rows: list[Row]) -> None:
    frame = pl.DataFrame(rows, schema=EVENTS.schema, orient="row")
    assert fused(frame, "parquet") == set()


# ---- laws of the declarations ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES)
def test_no_check_leaves_the_streaming_engine(name: str) -> None:
    """The functions that polars only has in memory: with one of them the whole pass would be in memory."""
    for check in checks(profile_of(TABLES[name]), TABLES[name].schema):
        text = str(check.expression)
        assert not any(
            word in text for word in ("is_unique", "is_duplicated", "replace_strict", "over(", "sort")
        )


def test_every_rule_about_rows_applies_to_some_table() -> None:
    asked = {
        check.rule.code
        for table in TABLES.values()
        for check in checks(profile_of(table), table.schema, table.schema)
    }
    rules = {code for code, rule in all_rules().items() if rule.scope == "table"}
    assert rules - asked == {"event-text-mismatch"}, "which is about ICEWS"


def test_rules_take_columns_for_what_they_are_in_our_tables() -> None:
    rules = [rule for rule in all_rules().values() if rule.scope == "table"]
    read = frozenset[str]().union(*(Check(rule, None, rule.check()).columns for rule in rules))
    kinds = {(column.name, column.kind) for table in TABLES.values() for column in table.columns}
    ours = {(name, kind) for name, kind in kinds if name in read}
    spans = {
        (name, "int32") for name in ("span_start", "span_end", "start", "end")
    }  # of a rule about two pairs
    assert set(KINDS.items()) == ours | spans | {("event_text", "string")}


def test_every_check_is_true_or_false_and_never_null() -> None:
    nothing = pl.DataFrame({column.name: [None] for column in EVENTS.columns}, schema=EVENTS.schema)
    looked_up = {
        "action.root": pl.String,
        "action.label": pl.String,
        "action.quad_class": pl.Int32,
        "action.goldstein": pl.Float64,
        "action.goldstein_also": pl.Float64,
    }
    frame = nothing.with_columns(pl.lit(None, dtype).alias(name) for name, dtype in looked_up.items())
    answers = frame.select(c.expression.alias(c.name) for c in checks(profile_of(EVENTS), EVENTS.schema))
    assert answers.null_count().sum_horizontal().item() == 0


def test_scopes_of_table_rules_are_the_registrys() -> None:
    assert {rule.scope for rule in all_rules().values()} >= set(TABLE_SCOPES)


@pytest.mark.parametrize("pair", [("span_start", "span_end"), ("start", "end")])
def test_spans_are_checked_under_the_names_of_today_and_of_releases_before_2(
    pair: tuple[str, str], tmp_path: Path
) -> None:
    profile, table = tmp_path / "mine.toml", tmp_path / "t.csv"
    columns = "".join(f'  {{ name = "{name}", type = "int32" }},\n' for name in pair)
    profile.write_text(f'title = "mine"\nkey = ["id"]\ncolumns = [\n  {{ name = "id" }},\n{columns}]\n')
    table.write_text(f"id,{pair[0]},{pair[1]}\na,1,5\nb,5,1\nc,-1,3\n")
    found = check_tables(Request([table], profile=str(profile))).findings
    assert [(finding.code, finding.data["failing"]) for finding in found] == [("span-reversed", 2)]


def test_every_row_rule_is_asked_of_some_table_that_is_shipped() -> None:
    """A rule whose columns were renamed would be asked of none, and no table would ever fail it."""
    asked = {
        check.rule.code
        for table in TABLES.values()
        for check in checks(profile_of(table), table.schema, table.schema)
    }
    asked |= {
        check.rule.code
        for name in shipped_profiles()
        for profile in [load_profile(name)]
        for check in checks(
            profile, [column.name for column in profile.columns], [c.name for c in profile.columns]
        )
    }
    assert {
        code for code, rule in all_rules().items() if rule.scope in ("row", "column", "table")
    } - asked == {
        "value-unreadable"  # asked while cells are read
    }


def test_the_table_of_the_benchmarks_is_asked_what_they_say() -> None:
    """Every column name that rules know stands for a rule; a profile that names one and is not asked lost it."""
    profile = load_profile(str(Path(__file__).parents[2] / "benchmarks" / "cameo13.toml"))
    names = [column.name for column in profile.columns]
    read = {name for check in checks(profile, names, names) for name in check.columns}
    assert set(names) & set(KINDS) <= read
