"""The date of an event: its form, its basis, and the document's own date."""

from __future__ import annotations

import pytest

from breaking import D900, codes


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        # dates whose ends are open
        ('date: "2023-05-01"', 'date: "2023-04-30/.."', []),
        ('date: "2023-05-01"', 'date: "../2023-05-01"', []),
        ('date: "2023-05-01"', 'date: "2023-05-04/.."', ["date-after-publication"]),
        ('date: "2023-05-01"', 'date: "../2023-05-03"', ["date-after-publication"]),
        # a date that is inferred says how
        ('"016"\n    date: "[..2023-05-02]"\n    date_basis: document', '"016"\n    date: "2023-05-01"\n    date_basis: inferred', []),
        ('"138"\n    date: "[..2023-05-02]"\n    date_basis: document', '"138"\n    date: "2023-05-01"\n    date_basis: inferred', ["date-basis-contradicted"]),
        # one day is not vague, whatever its form
        ('"138"\n    date: "[..2023-05-02]"\n    date_basis: document', '"138"\n    date: "2023-04"\n    date_basis: vague', []),
        ('"138"\n    date: "[..2023-05-02]"\n    date_basis: document', '"138"\n    date: "2023-04-30"\n    date_basis: vague', ["date-basis-contradicted"]),
        # weekdays are of no matter to dates that are given, nor where none is named
        ('date: "2023-05-01"\n    date_basis: relative', 'date: "2023-05-02"\n    date_basis: explicit', []),
        ('"138"\n    date: "[..2023-05-02]"\n    date_basis: document', '"138"\n    date: "2023-05-02"\n    date_basis: relative', []),
        ('published: {date: "2023-05-02"', 'published: {date: "[..2023-05-02]"', ["publication-date-malformed"]),
        # publication within a range: an event may be as late as its end
        ('published: {date: "2023-05-02", basis: header}', 'published: {date: "[2023-04-30..2023-05-02]", basis: inferred, reason: R}', []),
    ],
)  # fmt: skip
def test_what_the_date_of_an_event_may_be(right: str, wrong: str, expected: list[str]) -> None:
    assert codes(D900, right, wrong) == expected
