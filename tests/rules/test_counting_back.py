"""Dates held against words that count back from the document's date. The example document is of Tuesday, 2 May 2023."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

import pytest

from standoff.codes.languages import language
from standoff.testing import EXAMPLES, findings_with

D900 = "dataset/events/d900.yaml"
TEXT = "seeds/900_talks.txt"


def codes(words: str, when: str, basis: str = "relative") -> list[str]:
    """What check finds if the words of the first event's date are these, and its date is that."""
    text = (EXAMPLES / TEXT).read_bytes()
    changed = text.replace(b"on Monday", words.encode())
    file = (EXAMPLES / D900).read_text("utf-8")
    file = file.replace(sha256(text).hexdigest(), sha256(changed).hexdigest()).replace("on Monday", words)
    shape = "\n    shape: several" if when[0] not in "[." and "/" in when else ""
    old = 'date: "2023-05-01"\n    date_basis: relative'
    file = file.replace(old, f'date: "{when}"{shape}\n    date_basis: {basis}')
    found = findings_with({TEXT: changed, D900: file})
    return [each.code for each in found if each.severity != "note"]


@pytest.mark.parametrize(
    ("words", "right", "wrong"),
    [
        ("last week", "[2023-04-24..2023-04-30]", "[2023-04-17..2023-04-23]"),
        ("last week", "2023-04-26", "[2023-05-01..2023-05-02]"),
        ("over the weekend", "[2023-04-29..2023-04-30]", "[2023-04-30..2023-05-01]"),
        ("in the last ten days", "2023-04-23/2023-05-02", "2023-04-13/2023-05-02"),
        ("in the past 3 weeks", "2023-04-11/2023-05-02", "2023-03-02/2023-05-02"),
        ("in the last two months", "2023-03/2023-05-02", "2022-03/2023-05-02"),
        ("nearly six months into the blockade", "2022-11/2023-05-02", "2022-06/2023-05-02"),
        ("since 3 April", "2023-04-03/2023-05-02", "2023-04-04/2023-05-02"),
        ("since April", "2023-04/2023-05-02", "2023-03/2023-05-02"),
    ],
)
def test_a_date_fits_the_words_that_count_back(words: str, right: str, wrong: str) -> None:
    assert codes(words, right) == []
    assert codes(words, wrong) == ["counted-date-contradicted"]


@pytest.mark.parametrize(
    ("words", "right", "wrong"),
    [
        ("in recent days", "2023-04-26/2023-05-02", "2023-04-02/2023-05-02"),
        ("in recent weeks", "2023-04-05/2023-05-02", "2023-04-28/2023-05-02"),
    ],
)
def test_a_vague_period_has_wide_bounds(words: str, right: str, wrong: str) -> None:
    assert codes(words, right, "vague") == []
    assert codes(words, wrong, "vague") == ["counted-date-contradicted"]


def test_one_day_of_a_period_is_in_it() -> None:
    assert codes("in the last ten days", "2023-04-28") == []
    assert codes("in the last ten days", "2023-04-02") == ["counted-date-contradicted"]


@pytest.mark.parametrize("basis", ["document", "inferred"])
def test_a_date_that_does_not_rest_on_the_words_is_not_compared(basis: str) -> None:
    assert "counted-date-contradicted" not in codes("last week", "[..2023-05-02]", basis)


@pytest.mark.parametrize(
    ("tag", "text", "found"),
    [
        ("en", "in the last twelve months", [("within", 12, "months")]),
        ("en", "Last week and over the weekend", [("weekend", 0, ""), ("last_week", 0, "")]),
        ("en", "at last, two weeks passed", []),
        ("de", "in den letzten drei Tagen", [("within", 3, "days")]),
        ("fr", "ces derniers jours", [("recent_days", 0, "")]),
        ("es", "en los últimos 10 días", [("within", 10, "days")]),
        ("ar", "الأسبوع الماضي", []),
    ],
)
def test_the_words_are_those_of_the_language(tag: str, text: str, found: list[tuple[str, int, str]]) -> None:
    named = language(tag)
    assert named is not None
    assert [(each.kind, each.number, each.unit) for each in named.counted_in(text)] == found


def test_the_date_after_since_is_read() -> None:
    english = language("en")
    assert english is not None
    [period] = english.counted_in("attacks since October 7, officials said")
    assert period.since is not None
    assert period.since.fits(date(2023, 10, 7))
    assert english.counted_in("Since then, in October") == []
