"""What is looked up before the rules run: codes in the code list, references among the keys of another table."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standoff.rules import lookups
from standoff.rules.lookups import code_list, keys_of, with_lookups


def test_each_scale_has_its_values() -> None:
    for scale, value in (("gdelt", 3.2), ("icews", 3.4)):
        codes = code_list(scale).filter(pl.col("action") == "022")
        assert codes["action.goldstein"].to_list() == [value]


def test_only_what_is_asked_for_is_looked_up() -> None:
    frame = pl.DataFrame({"action": ["010", "zz", None], "ref": ["x", "y", None]}).lazy()
    keys = {"ref": keys_of(pl.Series(["x"])), "other": keys_of(pl.Series(["x"]))}
    looked_up = with_lookups(frame, ["action", "action.root", "known.ref"], keys=keys).collect()
    assert looked_up.to_dict(as_series=False) == {
        "action": ["010", "zz", None],
        "ref": ["x", "y", None],
        "action.root": ["01", None, None],
        "known.ref": [True, False, None],
    }
    assert with_lookups(frame, ["action"], keys=keys).collect_schema().names() == ["action", "ref"]


BEGINNINGS = st.sampled_from(["", "d", "E-", "é:", "2020-", "d1x", "0x"])
NUMBERS = st.integers(0, 300) | st.sampled_from([2**32 - 1, 2**32, 10**12])
ODD = st.sampled_from(
    ["", "+5", "-5", " 5", "5 ", "05", "005", "5.0", "1e2", "1_0", "٥", "5\0", "x", "99", ":", "/"]
)


@st.composite
def numbered(draw: st.DrawFn) -> list[str]:
    """Keys that are numbered alike, nearly all of the time."""
    beginning, width = draw(BEGINNINGS), draw(st.sampled_from([0, 0, 3, 5]))
    keys = [f"{beginning}{number:0{width}}" for number in draw(st.lists(NUMBERS, min_size=1, max_size=20))]
    return keys + draw(st.lists(st.builds("{}{}".format, st.just(beginning), ODD), max_size=1))


@settings(max_examples=2 * settings.default.max_examples)
@given(
    numbered(),
    st.lists(st.none() | st.builds("{}{}".format, BEGINNINGS, ODD | NUMBERS.map(str)), max_size=20),
)
def test_what_is_found_among_keys_is_what_is_among_them(keys: list[str], others: list[str | None]) -> None:
    values = [
        *keys,
        *others,
        *(key + "0" for key in keys),
        *(key[:-1] for key in keys),
        *(key[1:] for key in keys),
    ]
    frame = pl.DataFrame({"value": values}, schema={"value": pl.String})
    found = frame.select(keys_of(pl.Series(keys)).has(pl.col("value"))).to_series().to_list()
    assert found == [None if value is None else value in keys for value in values]


@pytest.mark.parametrize(
    ("keys", "beginning", "width"),
    [
        (["d0", "d1", "d7", "d123"], "d", None),
        (["d10", "d11"], "d", 2),
        (["E-000017", "E-000400"], "E-", 6),
        (["17"], "", 2),
    ],
)
def test_numbered_keys_are_recognised(keys: list[str], beginning: str, width: int | None) -> None:
    sparse = pl.Series(keys)
    found = keys_of(sparse.append(pl.Series([keys[0]] * 100)))
    assert isinstance(found, lookups._Numbered)
    assert (found.beginning, found.width) == (beginning, width)
    values = [f"{beginning}{number:0{width or 0}}" for number in range(500)]
    frame = pl.DataFrame({"value": values}).filter(found.has(pl.col("value")))
    assert set(frame["value"]) == set(keys)


@pytest.mark.parametrize(
    "keys",
    [["d1", "e2"], ["d1", "d02"], ["d1", "d1000"], ["d1", "dx"], ["a"], ["d+1", "d2"], ["d4294967296"]],
)
def test_other_keys_are_not_taken_for_numbered_ones(keys: list[str]) -> None:
    assert lookups._numbered(pl.Series(keys)) is None


def test_numbered_keys_are_dense_enough_for_a_bit_each() -> None:
    most = lookups.SPARSEST * 2
    assert lookups._numbered(pl.Series(["d1", f"d{most - 1}"])) is not None
    assert lookups._numbered(pl.Series(["d1", f"d{most}"])) is None


def test_nothing_is_found_where_there_are_no_keys() -> None:
    frame = pl.DataFrame({"value": ["a", None]})
    none = keys_of(pl.Series([], dtype=pl.String))
    assert frame.select(none.has(pl.col("value"))).to_series().to_list() == [False, None]


def test_keys_that_are_no_texts_are_looked_up_too() -> None:
    frame = pl.DataFrame({"value": [1, 2, None]})
    assert frame.select(keys_of(pl.Series([2, 3])).has(pl.col("value"))).to_series().to_list() == [
        False,
        True,
        None,
    ]
