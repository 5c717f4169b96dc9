"""Dates held against the words they come from, and against the document's own date."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from breaking import D900, D901, codes, found, only, run
from standoff.codes.languages import StatedDate, language

EXPLICIT = 'date: "2023-05-02"'


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("On May 2 the army", [(None, 5, 2)]),
        ("on 7 October 2023, and", [(2023, 10, 7)]),
        ("October 7th, 2023", [(2023, 10, 7)]),
        ("from May 7-9", [(None, 5, 7), (None, 5, 8), (None, 5, 9)]),
        ("on Oct. 7", [(None, 10, 7)]),
        ("in October 2023", [(2023, 10, None)]),
        ("since April, they", [(None, 4, None)]),
        ("the war of 1973", [(1973, None, None)]),
        ("the Great March of Return", []),
        ("it may 2 times", []),
        ("1,500 people on Monday", []),
    ],
)
def test_dates_are_read_in_running_text(
    text: str, dates: list[tuple[int | None, int | None, int | None]]
) -> None:
    english = language("en")
    assert english is not None
    assert [(each.year, each.month, each.day) for each in english.dates_in(text)] == dates


def test_what_is_not_said_fits_every_day() -> None:
    assert StatedDate("May 2", month=5, day=2).fits(date(1999, 5, 2))
    assert not StatedDate("May 2", month=5, day=2).fits(date(1999, 5, 3))
    assert StatedDate("").fits(date(1999, 5, 3))


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ('date: "2023-05-01"', ["explicit-date-contradicted"]),
        ('date: "2023-04-02"', ["explicit-date-contradicted"]),
        ('date: "2021-05-02"', ["explicit-date-contradicted"]),
        ('date: "2023-05"', []),
        ('date: "2023-05-01/2023-05-03"\n    shape: throughout', []),
    ],
)
def test_an_explicit_date_is_that_of_the_words(wrong: str, expected: list[str]) -> None:
    assert codes(D901, EXPLICIT, wrong) == expected


def test_a_wrong_publication_date_is_one_finding_with_the_day_that_the_events_end_on() -> None:
    for wrong in ("2023-06-02", "2024-05-02", "2022-05-02"):
        [finding] = found(D900, 'published: {date: "2023-05-02"', f'published: {{date: "{wrong}"')
        assert (finding.code, finding.closest) == ("publication-date-contradicted", "2023-05-02")
        assert finding.data["field"] == "document.published.date"


def test_the_month_of_publication_may_be_the_date_of_an_event() -> None:
    assert codes(D901, 'date: "2023-04/2023-05-03"', 'date: "2023-04/2023-05"') == []
    assert codes(D901, 'date: "2023-04/2023-05-03"', 'date: "2023-04/2023-06"') == ["date-after-publication"]


def test_a_wrong_year_is_one_finding() -> None:
    assert codes(D900, 'date: "2023-05-01"', 'date: "2019-05-01"') in (
        ["weekday-contradicted"],
        ["weekday-not-latest"],
    )


@pytest.mark.parametrize(
    ("date", "is_"),
    [("2023-05-02", "Tuesday"), ("[2023-04-25..2023-04-30]", "Tuesday to Sunday")],
)
def test_the_weekday_of_a_date_is_told(date: str, is_: str) -> None:
    finding = only(found(D900, 'date: "2023-05-01"', f'date: "{date}"'), "weekday-contradicted")
    assert [word for word in ("Monday", date, is_) if word not in finding.message] == []


@pytest.mark.parametrize(("before", "expected"), [("on", ["weekday-contradicted"]), ("by", [])])
def test_a_weekday_to_come_does_not_contradict(before: str, expected: list[str], examples: Path) -> None:
    text = (examples.parent / "seeds/900_talks.txt").read_bytes()
    changed = text.replace(b"on Monday", f"{before} Monday".encode())
    (examples.parent / "seeds/900_talks.txt").write_bytes(changed)
    file = examples / "events/d900.yaml"
    yaml = file.read_text("utf-8").replace(sha256(text).hexdigest(), sha256(changed).hexdigest())
    yaml = yaml.replace("on Monday", f"{before} Monday").replace('date: "2023-05-01"', 'date: "2023-05-02"')
    file.write_text(yaml, "utf-8")
    assert [finding.code for finding in run(examples).findings] == expected
