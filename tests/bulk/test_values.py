"""One rule for values, whatever the type in which they are stored."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.bulk.values import converted, typed
from standoff.tables import Column, Kind
from standoff.tables.profiles import Binding


def value(stored, kind, dtype=None, **fields):
    binding = Binding(Column("c", kind), **fields)
    series = pl.Series("c", [stored], dtype=dtype)
    return series.to_frame().select(converted(pl.col("c"), series.dtype, binding)).item()


DAY = date(2020, 1, 5)


@pytest.mark.parametrize(
    "text",
    [
        "2020-01-05",
        " 2020-01-05",
        "2020-01-05\u00a0",
        "2020-01-05\t",
        "2020-01-05T00:00",
        "2020-01-05 00:00:00.000+02",
    ],
)
def test_blanks_around_a_day_and_its_own_midnight_do_not_count(text):
    assert value(text, Kind.DATE) == DAY


@pytest.mark.parametrize(
    "text",
    ["2020-1-5", "+2020-01-05", "2020- 1-05", "20-01-05", "2020-02-30", "2020-01-05T00:01", "20200105", ""],
)
def test_a_day_in_another_form_is_unreadable(text):
    assert value(text, Kind.DATE) is None


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("05/01/2020", "%d/%m/%Y"),
        ("20200105", "%Y%m%d"),
        ("20200105.0", "%Y%m%d"),
        ("5 january 2020", "%-d %B %Y"),
    ],
)
def test_days_are_read_in_the_form_of_the_column(text, form):
    assert value(text, Kind.DATE, formats=(form,)) == DAY


def test_several_forms_are_tried_in_their_order():
    both = ("%d/%m/%Y", "%Y-%m-%d")
    assert value("05/01/2020", Kind.DATE, formats=both) == value("2020-01-05", Kind.DATE, formats=both) == DAY


@pytest.mark.parametrize("zone", [None, "UTC", "America/New_York", "Asia/Jerusalem", "Pacific/Kiritimati"])
@given(local=st.datetimes(datetime(1970, 1, 2), datetime(2037, 12, 30)))
def test_a_moment_is_a_day_at_midnight_of_its_own_zone_and_never_another_day(zone, local):
    for moment in (local, local.replace(hour=0, minute=0, second=0, microsecond=0)):
        stored = pl.Series([moment]).dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
        found = stored.to_frame("c").select(
            converted(pl.col("c"), stored.dtype, Binding(Column("c", Kind.DATE)))
        )
        midnight = (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0)
        there = stored[0] is not None
        assert found.item() == (moment.date() if midnight and there else None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2020-01-05T23:30:00Z", datetime(2020, 1, 5, 23, 30)),
        ("2020-01-05 23:30:00+02:00", datetime(2020, 1, 5, 21, 30)),
        ("2020-01-05T23:30:00.5-0500", datetime(2020, 1, 6, 4, 30, 0, 500_000)),
        ("2020-01-05 23:30", datetime(2020, 1, 5, 23, 30)),
        ("2020-01-05", None),
        ("2020-1-5 23:30", None),
    ],
)
def test_moments_are_converted_to_utc(text, expected):
    found = value(text, Kind.DATETIME)
    assert (found and found.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)) == expected


def test_a_moment_without_zone_is_in_the_zone_of_its_column():
    found = value("20200705233000", Kind.DATETIME, formats=("%Y%m%d%H%M%S",), zone="Europe/Berlin")
    assert found == datetime(2020, 7, 5, 21, 30, tzinfo=ZoneInfo("UTC"))
    stored = value(datetime(2020, 7, 5, 23, 30), Kind.DATETIME, zone="Europe/Berlin")
    assert stored == found


@pytest.mark.parametrize("stored", ["3", "3.0", "3.", " 3 ", "+3", "3e0", 3, 3.0, Decimal("3.00"), True + 2])
def test_a_whole_number_is_one_however_it_is_written(stored):
    assert value(stored, Kind.INT32) == value(stored, Kind.INT64) == 3


@pytest.mark.parametrize("stored", ["2.5", 2.5, Decimal("2.5"), "x", "3,0", float(1 << 54), "1e17"])
def test_what_is_not_a_whole_number_is_unreadable(stored):
    assert value(stored, Kind.INT64) is None


def test_a_fraction_of_32_bits_is_the_number_that_was_meant():
    assert value(2.8, Kind.FLOAT64, pl.Float32) == 2.8


@pytest.mark.parametrize("stored", [(1 << 53) + 1, str((1 << 53) + 1), f"{(1 << 53) + 1}.0"])
def test_a_whole_number_is_never_rounded(stored):
    assert value(stored, Kind.FLOAT64) is None
    assert value(1 << 53, Kind.FLOAT64) == value(str(1 << 53), Kind.FLOAT64) == float(1 << 53)


def test_the_decimal_point_is_that_of_the_column():
    assert value("1,5", Kind.FLOAT64, decimal=",") == 1.5
    assert value("1,5", Kind.FLOAT64) is None


@pytest.mark.parametrize("dtype", [pl.Duration, pl.Time, pl.List(pl.Int8), pl.Binary])
def test_values_that_no_column_can_have_are_unreadable(dtype):
    for kind in Kind:
        assert value(None, kind, dtype) is None


def row(cells, *bindings):
    frame = pl.DataFrame(cells)
    return frame.select(typed(bindings, dict(frame.schema), text_format=True)).row(0, named=True)


def test_words_for_a_missing_value_are_nothing():
    binding = Binding(Column("n", Kind.INT32), missing=("NA", "---"), converted=True)
    assert row({"n": [" NA "]}, binding) == {"n": None, "text.n": None}
    assert row({"n": ["x"]}, binding) == {"n": None, "text.n": "x"}


@pytest.mark.parametrize(
    ("parts", "day", "stored"),
    [
        (("2020", "1", "5"), DAY, "2020-01-05"),
        (("2020", "0", "0"), None, None),
        (("2020", "5", "99"), None, None),
        (("2020", "2", "30"), None, "2020-02-30"),
        (("2020", "x", "1"), None, "2020-x-01"),
    ],
)
def test_a_day_may_stand_in_three_columns(parts, day, stored):
    binding = Binding(Column("d", Kind.DATE), parts=("y", "m", "d"), converted=True)
    cells = {name: [part] for name, part in zip(("y", "m", "d"), parts, strict=True)}
    assert row(cells, binding) == {"d": day, "text.d": stored}


def test_a_truth_value_is_a_word_in_any_case_or_a_digit_with_blanks_around() -> None:
    true, false = ["1", " 1\t", "1.0", "true", "TRUE", "\u00a0True "], ["0", "0 ", "0.0", "false", "False"]
    neither = ["", "2", "01", "yes", "11", "t", None]
    binding = Binding(Column("f", Kind.BOOL), converted=True)
    cells = pl.DataFrame({"f": [*true, *false, *neither]})
    found = cells.select(typed([binding], dict(cells.schema), text_format=True))["f"].to_list()
    assert found == [*[True] * len(true), *[False] * len(false), *[None] * len(neither)]
