"""The panel: laws of the three counts, and what a wrong argument gets."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.findings import UsageError
from standoff.loaders.panel import CLASSES, COUNTS, INTERVALS, PanelTooLarge, panel

FIRST = date(2023, 1, 1)
IDS = st.sampled_from(["a", "b", "c", None])
SCHEMA = {
    "actor_top": pl.String,
    "target_top": pl.String,
    "quad_class": pl.Int32,
    "date_earliest": pl.Date,
    "date_latest": pl.Date,
    "weight": pl.Float64,
}


@st.composite
def dyads(draw: st.DrawFn) -> pl.DataFrame:
    rows = []
    for _ in range(draw(st.integers(1, 8))):
        start = FIRST + timedelta(days=draw(st.integers(0, 500)))
        end = start + timedelta(days=draw(st.sampled_from([0, 0, 1, 6, 45, 400])))
        opening = draw(st.sampled_from(["closed", "closed", "from", "until"]))
        rows.append(
            (
                draw(IDS),
                draw(IDS),
                draw(st.integers(1, 4)),
                None if opening == "until" else start,
                None if opening == "from" else end,
                draw(st.sampled_from([1.0, 0.5, 0.25, 1 / 3])),
            )
        )
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


PERIODS = st.sampled_from(sorted(INTERVALS))


def closed(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.drop_nulls(["date_earliest", "date_latest"])


@given(dyads(), PERIODS, st.booleans())
def test_certain_is_at_most_expected_and_expected_at_most_possible(
    frame: pl.DataFrame, period: Any, zeros: bool
) -> None:
    made = panel(frame, period=period, zeros=zeros)
    assert (made["certain"] <= made["expected"] + 1e-9).all()
    assert (made["expected"] <= made["possible"] + 1e-9).all()


@given(dyads(), PERIODS)
def test_expected_sums_to_the_weight_of_closed_dates(frame: pl.DataFrame, period: Any) -> None:
    made = panel(frame, period=period, zeros=False)
    assert made["expected"].sum() == pytest.approx(closed(frame)["weight"].sum())


@given(dyads(), PERIODS)
def test_zeros_add_rows_and_change_no_sum(frame: pl.DataFrame, period: Any) -> None:
    short, full = panel(frame, period=period, zeros=False), panel(frame, period=period)
    key = ["actor", "target", "period", "quad_class"]
    assert not full.select(key).is_duplicated().any()
    assert full.height >= short.height
    for count in COUNTS:
        assert full[count].sum() == pytest.approx(short[count].sum())
    if full.height:
        assert set(full["quad_class"]) == set(CLASSES["quad_class"])


@given(dyads())
def test_a_year_is_the_sum_of_its_months_in_expectation(frame: pl.DataFrame) -> None:
    months, years = panel(frame, period="month", zeros=False), panel(frame, period="year", zeros=False)
    by_year = months.group_by(pl.col("period").dt.year()).agg(pl.col("expected").sum()).sort("period")
    other = years.group_by(pl.col("period").dt.year()).agg(pl.col("expected").sum()).sort("period")
    joined = by_year.join(other, on="period", how="full", coalesce=True).fill_null(0.0)
    assert (joined["expected"] - joined["expected_right"]).abs().max() in (None, pytest.approx(0, abs=1e-9))


def test_each_count_is_as_described() -> None:
    rows: list[tuple[Any, ...]] = [
        ("a", "b", 4, date(2023, 1, 10), date(2023, 1, 12), 1.0),
        ("a", "b", 4, date(2023, 1, 31), date(2023, 2, 1), 0.5),
        ("a", "b", 4, None, date(2023, 2, 3), 0.25),
    ]
    made = panel(pl.DataFrame(rows, schema=SCHEMA, orient="row"), zeros=False)
    assert made.rows() == [
        ("a", "b", date(2023, 1, 1), 4, 1.0, 1.25, 1.75),
        ("a", "b", date(2023, 2, 1), 4, 0.0, 0.25, 0.75),
    ]
    assert panel(pl.DataFrame(rows, schema=SCHEMA, orient="row")).height == 2 * 4


def test_open_dates_alone_need_a_range() -> None:
    frame = pl.DataFrame([("a", "b", 4, None, date(2023, 2, 3), 1.0)], schema=SCHEMA, orient="row")
    assert panel(frame).height == 0
    made = panel(frame, start=date(2023, 1, 15), end=date(2023, 3, 15), zeros=False)
    assert made["possible"].to_list() == [1.0, 1.0]
    assert made["expected"].sum() == 0


def test_actors_narrow_the_panel_and_a_lazy_frame_of_other_columns_is_taken() -> None:
    frame = pl.DataFrame(
        {
            "actor_id": ["a", "a", "b"],
            "target_id": ["b", "c", "a"],
            "root": ["19", "19", "04"],
            "date_earliest": [FIRST] * 3,
            "date_latest": [FIRST] * 3,
        }
    )
    made = panel(frame.lazy(), by="actor_id", scale="root", actors=["a", "b"], zeros=False)
    assert made.select("actor", "target", "root", "expected").rows() == [("a", "b", "19", 1.0), ("b", "a", "04", 1.0)]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"period": "decade"}, ValueError),
        ({"by": "date_earliest"}, ValueError),
        ({"by": "actor_shoe"}, UsageError),
        ({"scale": "root"}, UsageError),
        ({"actors": "iran"}, TypeError),
        ({"start": date(2024, 1, 1), "end": date(2023, 1, 1)}, ValueError),
        ({"period": "day", "start": date(1000, 1, 1), "end": date(2999, 1, 1)}, PanelTooLarge),
    ],
)
def test_a_wrong_argument_is_refused(arguments: dict[str, Any], error: type[Exception]) -> None:
    rows = [(a, b, 4, FIRST, FIRST, 1.0) for a in "abc" for b in "abc" if a != b]
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    with pytest.raises(error):
        panel(frame, **arguments)


def test_what_is_not_a_polars_frame_is_refused() -> None:
    with pytest.raises(TypeError, match="polars"):
        panel([1, 2])  # type: ignore[arg-type]
