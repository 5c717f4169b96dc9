"""An action scheme: a tree of codes with distances and advice, and what each code requires."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.codes import shipped
from standoff.codes.scheme import Action, Tree

CODES = [
    *("01", "010", "011", "02", "020", "021", "0211", "0212", "0213", "04", "040", "041", "042", "043"),
    *("06", "061", "10", "105", "1056", "19", "190", "194", "195", "1951", "1952", "199", "20", "203"),
]


def action(code, parent=None):
    return Action(code, code, parent, code[:2])


def tree():
    return Tree(action(c, c[:-1] if len(c) > 2 else None) for c in CODES)


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
    without_ten = Tree(action(c) for c in ("01", "010", "02"))
    assert without_ten.nearest("10")[0] == "010"


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ([action("01"), action("01")], "twice"),
        ([action("010", "01")], "missing"),
        ([action("010", "011"), action("011", "010")], "cycle"),
    ],
)
def test_a_table_that_is_no_tree_is_refused(broken, message):
    with pytest.raises(ValueError, match=message):
        Tree(broken)


def test_an_unknown_actor_code_gets_the_nearest_known_elements():
    cameo = shipped.scheme("cameo")
    assert cameo.nearest_actor_code(["IRN", "GVO"]) == "IRNGOV"
    assert cameo.nearest_actor_code(["INR", "GOV"]) == "IRNGOV"
    assert cameo.nearest_actor_code(["IRN", "GOV"]) == "IRNGOV"
    assert cameo.nearest_actor_code(["IRN", "000"]) is None
    assert cameo.actor_lists["countries"].nearest("INR")[0] == "IRN"


def test_a_value_is_on_the_main_scale_unless_another_is_named():
    cameo = shipped.scheme("cameo")
    assert (cameo.value("016"), cameo.value("016", "gdelt"), cameo.value("016", "icews")) == (-2, -2, -5)
    assert cameo.value("1951") is None
    assert cameo.value("016", "no such scale") is None
