"""Names of parties: short and official ones, and those that mean two things."""

from __future__ import annotations

import pytest

from standoff.model.actors import Actor, Affiliation, Registry
from standoff.scoring import names


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("UN", "IGOUNO"),
        ("the U.N.", "IGOUNO"),
        ("NATO", "IGONAT"),
        ("UK", "GBR"),
        ("Great Britain", "GBR"),
        ("the U.S.", "USA"),
        ("Russian Federation", "RUS"),
        ("Arab League", "IGOARL"),
        ("OPEC", "IGOOPC"),
        ("Iran", "IRN"),
        ("Congo", None),
        ("Atlantis", None),
    ],
)
def test_countries_and_organisations_have_their_code(name: str, code: str | None) -> None:
    assert names.listed(names.meaning(name) or name, "cameo") == code


def test_every_meaning_is_a_name_that_the_lists_have() -> None:
    for meaning in names._meanings().values():
        assert names.listed(meaning, "cameo"), meaning


def test_a_name_of_two_entries_names_neither() -> None:
    code = (Affiliation("ISR", "cameo"),)
    registry = Registry(
        Actor(
            id=each,
            name=each,
            kind="state",
            country="ISR",
            aliases=("The Front", f"{each} front"),
            affiliations=code,
        )
        for each in ("north", "south")
    )
    found = names.names_of(registry)
    assert (found["front"], found["north front"]) == (None, "north")
