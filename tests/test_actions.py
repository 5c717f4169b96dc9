"""CAMEO codes: a tree with distances, and what each code asks of the record that bears it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.model.actions import (
    Action,
    ActionTable,
    actor_required,
    host_visit,
    is_speech,
    may_be_reciprocal,
    targets_required,
)

CODES = [
    *("01", "010", "011", "02", "020", "021", "0211", "0212", "0213", "04", "040", "041", "042", "043"),
    *("06", "061", "10", "105", "1056", "19", "190", "194", "195", "1951", "1952", "199", "20", "203"),
]


def action(code, parent=None):
    return Action(code, code, parent, code[:2], "", "", 1, None, None, None, None, None)


def tree():
    return ActionTable(action(c, c[:-1] if len(c) > 2 else None) for c in CODES)


table = tree()
codes = st.sampled_from(CODES)


@given(codes, codes, codes)
def test_distance_is_a_metric(a, b, c):
    assert table.distance(a, b) == table.distance(b, a)
    assert 0 <= table.distance(a, b) <= 1
    assert (table.distance(a, b) == 0) == (a == b)
    assert table.distance(a, c) <= table.distance(a, b) + table.distance(b, c) + 1e-9
    assert (table.distance(a, b) == 1) == (a[:2] != b[:2])


@given(codes)
def test_ancestors_lead_from_the_code_to_its_root(code):
    line = table.ancestors(code)
    assert (line[0], line[-1]) == (code, table[code].root)
    assert all(table[child].parent == parent for child, parent in pairwise(line))


def test_the_tree():
    table = tree()
    assert list(table) == CODES
    assert table.ancestors("0211") == ("0211", "021", "02")
    assert table.distance("0211", "0212") == pytest.approx(1 / 3)
    with pytest.raises(KeyError):
        table.ancestors("999")


@given(st.text(max_size=6) | st.text("0123456789", max_size=5))
def test_suggestions_are_known_codes_and_few(code):
    suggestions = table.nearest(code)
    assert len(suggestions) == len(set(suggestions)) <= 3
    assert set(suggestions) <= set(CODES)


@pytest.mark.parametrize(
    ("wrong", "best"), [("1991", "199"), ("11", "011"), ("211", "0211"), ("0219", "021")]
)
def test_the_likeliest_code_is_suggested_first(wrong, best):
    assert table.nearest(wrong)[0] == best


@pytest.mark.parametrize(
    ("wrong", "suggested"),
    [
        ("1951x", ["1951", "195", "19"]),  # before 1952, whose digits are more alike
        ("0219", ["021", "02", "0211"]),
        ("20433", ["20", "203", "043"]),  # of equally alike codes those of the same root first
        ("04107", ["041", "04", "040"]),
        ("x190yzw", ["190"]),  # 3 digits of 7 and 3: a likeness of 0.6
        ("x190yzwv", []),
        ("xyz", []),
        ("041", ["041"]),
    ],
)
def test_after_the_beginnings_come_codes_of_similar_digits(wrong, suggested):
    assert table.nearest(wrong) == suggested


def test_a_code_that_lost_its_zero_may_be_another_code():
    without_ten = ActionTable(action(c) for c in ("01", "010", "02"))
    assert without_ten.nearest("10")[0] == "010"


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ([action("01"), action("01")], "twice"),
        ([action("010", "01")], "missing"),
        ([action("010", "011"), action("011", "010")], "circle"),
    ],
)
def test_a_table_that_is_no_tree_is_refused(broken, message):
    with pytest.raises(ValueError, match=message):
        ActionTable(broken)


def test_which_roots_need_whom():
    roots = [f"{n:02}" for n in range(1, 21)]
    assert [r for r in roots if not targets_required(r)] == ["01", "02", "03", "09", "15", "19"]
    assert [r for r in roots if not actor_required(r)] == ["18", "19", "20"]


def test_which_roots_are_speech():
    roots = [f"{n:02}" for n in range(1, 21)]
    assert [r for r in roots if is_speech(r)] == ["01", "02", "03", "10", "11", "12", "13"]


def test_which_acts_go_both_ways():
    both = [c for c in CODES if may_be_reciprocal(c)]
    assert both == ["040", "041", "06", "061", "19", "190", "194", "195", "1951", "1952", "199"]
    assert may_be_reciprocal("045")
    assert may_be_reciprocal("046")
    assert not may_be_reciprocal("044")


def test_a_visit_implies_a_host():
    assert host_visit("042") == "043"
    assert host_visit("040") is None
