"""Dates as people and programs write them."""

import pytest

from standoff.exchange import values
from standoff.exchange.values import NotARecord


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2023-10-07", "2023-10-07"),
        ("20231007", "2023-10-07"),
        ("2023/10/07", "2023-10-07"),
        ("2023-10-07T23:30:00+02:00", "2023-10-07"),
        ("2023-10-07 10:15 UTC", "2023-10-07"),
        ("October 7, 2023", "2023-10-07"),
        ("Oct. 7th 2023", "2023-10-07"),
        ("7 October 2023", "2023-10-07"),
        ("the unknown", None),
        ("October 2023", "2023-10"),
        ("2023-10-07 to 2023-10-12", "2023-10-07/2023-10-12"),
        ("2023-10-07 - 2023-10-12", "2023-10-07/2023-10-12"),
        ("from October 7, 2023 to 12 October 2023", "2023-10-07/2023-10-12"),
        ("../2023-11-02", "../2023-11-02"),
        ("7 Mayor 2023", None),
        ("31 February 2023", None),
        ("7 October 12 2023", None),
        ("10/07/2023", None),
        ("2023-10-07 tomorrow", None),
    ],
)
def test_a_date_is_read_only_where_it_has_one_meaning(text, date):
    if date is None:
        with pytest.raises(NotARecord):
            values.date_of(text)
    else:
        assert values.date_of(text).text == date


@pytest.mark.parametrize("text", [None, "unknown", "N/A", "none", "---"])
def test_words_for_no_date_are_none(text):
    assert values.date_of(text) is None
