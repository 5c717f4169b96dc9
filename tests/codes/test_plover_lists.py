"""The lists in ``schema/codes/plover/`` say what PLOVER's tables say (``tests/sources/plover/``)."""

import csv
from pathlib import Path

from standoff.codes import shipped

SOURCES = Path(__file__).parents[1] / "sources" / "plover"
PLOVER = shipped.scheme("plover")
NOT_PUBLISHED = {"ACCUSE", "PROTEST:vandalize"}
"""Codes without a score that can be used: one is missing, one has lost its sign (see the notes in the list)."""


def source(name: str) -> list[dict[str, str]]:
    with (SOURCES / f"plover_{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_codes_are_the_types_and_modes_with_their_scores() -> None:
    expected = {row["event"]: row["score_manual"] for row in source("event_types")}
    expected |= {f"{row['event']}:{row['mode']}": row["score_manual"] for row in source("modes")}
    assert set(PLOVER.actions) == set(expected)
    for code, score in expected.items():
        assert PLOVER.value(code) == (None if code in NOT_PUBLISHED else float(score)), code


def test_types_have_the_class_and_the_recipient_of_the_summary_table() -> None:
    classes = {"V-Coop": 1, "M-Coop": 2, "V-Conf": 3, "M-Conf": 4}
    for row in source("event_types"):
        action = PLOVER.actions[row["event"]]
        assert action.quad_class == classes[row["quad_in_summary_table"]]
        assert action.target_required == (row["requires_recipient_section"] == "Yes")
        assert all(
            PLOVER.actions[c].quad_class == action.quad_class
            for c in PLOVER.actions
            if c.startswith(row["event"])
        )


def test_contexts_sectors_and_further_countries_are_complete() -> None:
    assert PLOVER.contexts is not None
    assert set(PLOVER.contexts) == {row["context"] for row in source("contexts")}
    assert set(PLOVER.actor_lists["sectors"]) == {row["sector"] for row in source("sectors")}
    assert {row["code"] for row in source("nonstate_country_codes")} <= PLOVER.countries
    assert {"FRA", "PSE", "XKX"} & PLOVER.countries == {"FRA", "PSE"}


def test_a_code_written_otherwise_gets_the_right_one() -> None:
    assert PLOVER.actions.nearest("assault")[0] == "ASSAULT"
    assert PLOVER.actions.nearest("ASSAULT:drones")[0] == "ASSAULT:drone"
