"""The rules about tables asked one by one: what they say of a header, of a value and of a row, at the edges too."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.rules import column as rules
from standoff.rules.catalogue import all_rules
from standoff.rules.checks import checks
from standoff.rules.lookups import with_lookups
from standoff.rules.rule import Fault
from standoff.tables import TABLES, Column, Kind
from standoff.tables.profiles import ABOUT_TEXT, Binding, Profile, profile_of

RULES = all_rules()
DAY = date(2023, 5, 1)


def column(name: str = "c", **fields: Any) -> Binding:
    source, converted = fields.pop("source", name), fields.pop("converted", False)
    fields["kind"] = Kind(fields.get("kind", "string"))
    fields["optional"] = not fields.pop("required", False)
    return Binding(Column(name, **fields), source, converted=converted)


def header(*columns: Binding, complete: bool = False, **fields: Any) -> rules.Header:
    return rules.Header(Profile("coups", "Coups", columns, complete=complete), **fields)


# ---- headers -------------------------------------------------------------------------------------------------

LETTERS = tuple("abcdefghijklm")


@pytest.mark.parametrize(
    ("code", "asked", "columns"),
    [
        ("table-unreadable", header(), None),
        ("format-unknown", header(column(), names=("c",)), None),
        ("format-unknown", header(names=("c",)), ["c"]),
        ("format-unknown", header(names=LETTERS), [*LETTERS]),
        ("header-repeated", header(names=("a", "b")), None),
        ("header-repeated", header(names=("a", "b", "c", "b", "a")), ["a", "b"]),
        ("column-missing", header(column("a", source="A"), names=()), None),
        ("column-missing", header(column("a", source="A", required=True), names=("A",)), None),
        ("column-unexpected", header(column("a", source="A"), names=("A",)), None),
        ("column-unexpected", header(column("a", source="A"), names=("A", "a")), ["a"]),
        ("codes-as-numbers", header(column("action", source="Code"), types={"Code": pl.Int64()}), ["Code"]),
        ("codes-as-numbers", header(column("action"), types={"action": pl.String()}), None),
        ("codes-as-numbers", header(column("action"), types={}), None),
        ("codes-as-numbers", header(column("count"), types={"count": pl.Int64()}), None),
    ],
)
def test_the_columns_of_a_header_that_are_wrong(
    code: str, asked: rules.Header, columns: list[str] | None
) -> None:
    faults = [fault.data["columns"] for fault in RULES[code].check(asked)]
    assert faults == ([] if columns is None else [columns])


def test_twelve_names_are_listed_and_the_others_counted() -> None:
    assert rules.listed(LETTERS[:12]) == ", ".join(f'"{name}"' for name in LETTERS[:12])
    assert rules.listed(LETTERS) == rules.listed(LETTERS[:12]) + " and 1 more"


@pytest.mark.parametrize(
    ("names", "fields"), [((), {"required": True}), (("B",), {}), (("B", "C"), {"required": True})]
)
def test_a_missing_column_is_named_with_those_that_are_there(
    names: tuple[str, ...], fields: dict[str, Any]
) -> None:
    [fault] = RULES["column-missing"].check(
        header(column("a", source="A", **fields), names=names, complete=not fields)
    )
    assert fault.data == {"columns": [*names], "expected": ["A"]}
    assert all(f'"{name}"' in fault.message for name in ("A", *names))


def test_where_and_why_reading_ended_is_reported_as_the_reader_says_it() -> None:
    problem = header(problem="It ends.", remedy="Fetch it.", line=7)
    [fault] = RULES["table-unreadable"].check(problem)
    assert (fault.at.line, fault.at.column, fault.at.end_line, fault.at.end_column) == (7, 1, 7, 1)
    assert (fault.message, fault.remedy) == (problem.problem, problem.remedy)


def renamed(fault: Fault) -> dict[str, str]:
    """The names that a remedy says to change, and what into."""
    return dict(re.findall('"([^"]*)" to "([^"]*)"', fault.remedy or ""))


@pytest.mark.parametrize(
    ("found", "renaming"),
    [
        (("id",), {}),
        (("EVENT-ID", "day"), {"EVENT-ID": "event_id"}),
        (("Event Id", "DAY"), {"Event Id": "event_id", "DAY": "day"}),
        # what is there under its own name is not meant by another
        (("event_id", "Event Id"), {}),
    ],
)
def test_a_column_that_is_there_under_a_retyped_name_is_to_be_renamed(
    found: tuple[str, ...], renaming: dict[str, str]
) -> None:
    table = header(column("event_id", required=True), column("day", required=True), names=found)
    [fault] = RULES["column-missing"].check(table)
    assert renamed(fault) == renaming


def test_a_column_of_the_format_is_not_to_be_renamed_to_another() -> None:
    table = header(column("day", required=True), column("DAY", required=True), names=("DAY",))
    [fault] = RULES["column-missing"].check(table)
    assert fault.remedy is None


@pytest.mark.parametrize(
    ("columns", "found", "unexpected", "renaming"),
    [
        # what is missing has been told already; what may be missing is told here
        ([column("a", required=True)], ("A",), None, {}),
        ([column("a")], ("A",), "A", {"A": "a"}),
        ([column("a", required=True), column("b")], ("A", "B"), "B", {"B": "b"}),
        ([column("a", required=True)], ("b",), "b", {}),
        ([column("a")], ("a", "A"), "A", {}),
    ],
)
def test_a_retyped_column_is_reported_once(
    columns: list[Binding], found: tuple[str, ...], unexpected: str | None, renaming: dict[str, str]
) -> None:
    faults = RULES["column-unexpected"].check(header(*columns, names=found))
    said = [(fault.data["columns"], renamed(fault)) for fault in faults]
    assert said == ([([unexpected], renaming)] if unexpected else [])


# ---- values --------------------------------------------------------------------------------------------------


def asked(code: str, of: Any, **values: list[Any]) -> list[bool | None] | None:
    """What a rule says of each value, or None if it asks nothing."""
    expression = RULES[code].check(of)
    if expression is None:
        return None
    return pl.DataFrame(values).select(expression.alias("said"))["said"].to_list()


@pytest.mark.parametrize(
    ("code", "of", "values", "said"),
    [
        ("value-missing", column(), {"c": ["x", None]}, None),
        ("value-missing", column(required=True), {"c": ["x", None]}, [True, False]),
        ("value-missing", column(required=True, converted=True), {"c": [None, None], "text.c": ["x", None]}, [True, False]),
        ("value-unreadable", column(), {"c": [1]}, None),
        ("value-unreadable", column(converted=True), {"c": [1, None, None], "text.c": ["1", "x", None]}, [True, False, True]),
        ("empty-text", column(), {"c": ["x", "", None]}, [True, False, None]),
        ("empty-text", column(kind="float64"), {"c": [1.0]}, None),
        ("number-not-finite", column(kind="float64"), {"c": [1.0, float("nan"), float("inf"), None]}, [True, False, False, None]),
        ("number-not-finite", column(kind="int64"), {"c": [1]}, None),
        ("value-outside-bounds", column(kind="int64"), {"c": [1]}, None),
        ("value-outside-bounds", column(kind="int64", minimum=0), {"c": [-1, 0, 1]}, [False, True, True]),
        ("value-outside-bounds", column(kind="int64", maximum=0), {"c": [-1, 0, 1]}, [True, True, False]),
        ("value-outside-bounds", column(kind="int64", minimum=0, maximum=1), {"c": [-1, 0, 1, 2, None]}, [False, True, True, False, None]),
        ("value-outside-bounds", column(kind="date", minimum="2023-05-01"), {"c": [DAY - timedelta(1), DAY]}, [False, True]),
        ("value-not-listed", column(), {"c": ["x"]}, None),
        ("value-not-listed", column(values=("x", "y")), {"c": ["x", "y", "z", None]}, [True, True, False, None]),
        ("pattern-mismatch", column(), {"c": ["x"]}, None),
        ("pattern-mismatch", column(pattern="a|b"), {"c": ["a", "b", "ab", "c"]}, [True, True, False, False]),
        ("reference-unknown", column(), {"known.c": [True]}, None),
        ("reference-unknown", column(references="t.k"), {"known.c": [True, False]}, [True, False]),
        ("duplicate-row-key", (), {"a": [1]}, None),
        ("duplicate-row-key", ("a", "b"), {"a": [1, 1, 1, None, None], "b": [1, 1, 2, 1, 1]}, [False, False, True, True, True]),
        ("row-empty", [column("a", required=True)], {"a": [None]}, None),
        ("row-empty", [column("a", required=True), column("b", required=True), column("c")], {"a": [1, None, None], "b": [None, None, 1], "c": [None, 1, 1]}, [True, False, True]),
    ],
)  # fmt: skip
def test_what_is_said_of_a_value(
    code: str, of: Any, values: dict[str, list[Any]], said: list[bool | None] | None
) -> None:
    assert asked(code, of, **values) == said


# ---- rows ----------------------------------------------------------------------------------------------------


def last(days: int) -> dict[str, date]:
    return {"date_earliest": DAY, "date_latest": DAY + timedelta(days - 1)}


SPANS = {"evidence_start": 0, "trigger_start": 0, "trigger_end": 1, "evidence_end": 1}


@pytest.mark.parametrize(
    ("code", "row", "said"),
    [
        ("action-unknown", {"action": "010"}, True),
        ("action-unknown", {"action": "10"}, True),
        ("action-unknown", {"action": "44"}, False),
        ("action-unknown", {"action": None}, True),
        ("root-mismatch", {"action": "0231", "root": "02"}, True),
        ("root-mismatch", {"action": "0231", "root": "03"}, False),
        ("quad-class-mismatch", {"action": "190", "quad_class": 4}, True),
        ("quad-class-mismatch", {"action": "190", "quad_class": 3}, False),
        ("goldstein-mismatch", {"action": "190", "goldstein": -10.0}, True),
        ("goldstein-mismatch", {"action": "190", "goldstein": 10.0}, False),
        ("goldstein-mismatch", {"action": "190", "goldstein": None}, False),
        ("goldstein-mismatch", {"action": "999", "goldstein": 1.0}, True),
        ("action-label-mismatch", {"action": "010", "action_label": "Make statement, not specified below"}, True),
        ("action-label-mismatch", {"action": "010", "action_label": "Demand"}, False),
        ("date-bounds-reversed", last(1), True),
        ("date-bounds-reversed", last(0), False),
        *(
            ("date-precision-mismatch", last(days) | {"date_precision": precision}, precision == right)
            for days, right in ((1, "day"), (2, "week"), (7, "week"), (8, "month"), (31, "month"), (32, "year"), (366, "year"), (367, "longer"))
            for precision in ("day", "week", "month", "year", "longer", "open")
        ),
        ("date-precision-mismatch", {"date_earliest": DAY, "date_latest": None, "date_precision": "open"}, True),
        ("trigger-outside-evidence", SPANS, True),
        ("trigger-outside-evidence", SPANS | {"evidence_start": -1}, False),
        ("trigger-outside-evidence", SPANS | {"evidence_start": 1, "trigger_end": 2, "evidence_end": 2}, False),
        ("trigger-outside-evidence", SPANS | {"trigger_end": 0}, False),
        ("trigger-outside-evidence", SPANS | {"trigger_end": 2}, False),
        ("span-reversed", {"span_start": 0, "span_end": 1}, True),
        ("span-reversed", {"span_start": -1, "span_end": 1}, False),
        ("span-reversed", {"span_start": 0, "span_end": 0}, False),
        ("count-min-below-one", {"count_min": 1}, True),
        ("count-min-below-one", {"count_min": 0}, False),
        ("dyad-with-itself", {"actor_id": "a", "target_id": "b"}, True),
        ("dyad-with-itself", {"actor_id": "a", "target_id": "a"}, False),
        ("publication-bounds-reversed", {"published_earliest": DAY, "published_latest": DAY}, True),
        ("publication-bounds-reversed", {"published_earliest": DAY, "published_latest": DAY - timedelta(1)}, False),
        ("period-reversed", {"date_from": DAY, "date_until": DAY}, True),
        ("period-reversed", {"date_from": DAY, "date_until": DAY - timedelta(1)}, False),
    ],
)  # fmt: skip
def test_what_is_said_of_a_row(code: str, row: dict[str, Any], said: bool) -> None:
    columns = [Binding(Column(name, Kind.STRING)) for name in row]
    expression = RULES[code].check(columns) if RULES[code].scope == "row" else RULES[code].check()
    schema = {name: pl.Date for name in row if name.startswith("date_") and name != "date_precision"}
    schema |= {"goldstein": pl.Float64} if "goldstein" in row else {}
    schema |= {"action": pl.String} if "action" in row else {}
    frame = pl.DataFrame([row], schema_overrides=schema).lazy()
    seen = with_lookups(frame, expression.meta.root_names()).select(expression.alias("said"))
    assert seen.collect()["said"].to_list() == [said]


# ---- which rules are asked -----------------------------------------------------------------------------------


def names(profile: Profile, present: list[str], references: tuple[str, ...] = ()) -> set[str]:
    return {check.name for check in checks(profile, present, references)}


def test_rules_are_asked_of_the_columns_that_are_there() -> None:
    profile = Profile("t", "T", (column("action", required=True), column("root", required=True)))
    action = {"action-unknown", "empty-text:action", "value-missing:action"}
    assert names(profile, ["action"]) == action
    both = {"root-mismatch", "row-empty", "empty-text:root", "value-missing:root"}
    assert names(profile, ["action", "root", "beside"]) == action | both
    longer = Profile("t", "T", (*profile.columns, column("absent", required=True)))
    assert names(longer, ["action", "root"]) == action | both
    left_out = Profile("t", "T", profile.columns, skip=frozenset({"root-mismatch", "value-missing"}))
    rest = {"action-unknown", "row-empty", "empty-text:root", "empty-text:action"}
    assert names(left_out, ["action", "root"]) == rest


def test_references_are_asked_where_the_other_table_is_at_hand() -> None:
    profile = Profile(
        "t", "T", (column("a", kind="int64", references="x.a"), column("b", kind="int64", references="y.b"))
    )
    assert names(profile, ["a", "b"]) == set()
    assert names(profile, ["a", "b"], ("b",)) == {"reference-unknown:b"}


def test_a_fault_is_told_by_the_first_rule_that_meets_it() -> None:
    columns = (
        column("action", required=True),
        column("goldstein", kind="float64", converted=True, required=True),
        column("latitude", kind="float64"),
    )
    found = {
        check.name: check for check in checks(Profile("t", "T", columns), ["action", "goldstein", "latitude"])
    }
    before = {
        name: {other for other in found if found[name].requires(found[other])}
        for name in ("goldstein-mismatch", "value-missing:action", "number-not-finite:goldstein")
    }
    assert before == {
        "goldstein-mismatch": {"number-not-finite:goldstein", "value-unreadable:goldstein"},
        "value-missing:action": {"row-empty"},
        "number-not-finite:goldstein": set(),
    }


def test_a_released_table_is_described_as_it_was_promised() -> None:
    for name, table in TABLES.items():
        profile = profile_of(table)
        assert (profile.name, profile.key, profile.complete) == (name, table.key, True)
        for described, promised in zip(profile.columns, table.columns, strict=True):
            assert (described.name, described.source, described.kind) == (
                promised.name,
                promised.name,
                promised.kind,
            )
            assert described.required is not promised.optional
            assert described.values == promised.values
            assert described.references in (promised.references, None)
        own = {
            "action-unknown",
            "root-mismatch",
            "quad-class-mismatch",
            "goldstein-mismatch",
            "action-label-mismatch",
            "event-text-mismatch",
        }
        assert profile.skip == ABOUT_TEXT | (own if name == "actions" else set())
    assert profile_of(TABLES["events"]).column("action").references is None, "looked up in the code list"
    assert profile_of(TABLES["events"]).column("document_id").references == "documents.document_id"


EDGES = "".join(rules.BLANKS.replace("\t", "")) + "\u0085\r!aé日\U0001f600"


@given(st.lists(st.one_of(st.none(), st.text(EDGES, min_size=1, max_size=4)), min_size=1))
def test_texts_of_cells_without_quotes_are_judged_alike(texts: list[str | None]) -> None:
    frame = pl.DataFrame({"c": texts}, {"c": pl.String})
    unquoted = replace(column(), unquoted=True)
    for rule in (rules.cell_padded, rules.empty_text):
        asked = [
            rule(of).fill_null(value=True).alias(name)
            for of, name in ((column(), "any"), (unquoted, "unquoted"))
        ]
        found = frame.with_columns(asked)
        assert found["any"].to_list() == found["unquoted"].to_list()
