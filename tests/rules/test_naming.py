"""Names and codes in the actor registry: compared as a reader sees them."""

from __future__ import annotations

import unicodedata

import pytest

from breaking import ACTORS, codes, found
from standoff.model.names import name_key

ALIASES = 'aliases: ["Holm"]'


@pytest.mark.parametrize(
    "alike", ["boreland", "Boreland ", "Bore\u200bland", "B\u043ereland", "\uff22oreland", "BORELAND"]
)
def test_names_that_look_the_same_collide(alike: str) -> None:
    assert name_key(alike) == name_key("Boreland")
    assert "alias-collision" in codes(ACTORS, ALIASES, f'aliases: ["Holm", "{alike}"]')


@pytest.mark.parametrize(("one", "other"), [("Иран", "Иpан"), ("Holm", "Hohm"), ("Ivan", "Иван")])
def test_names_of_other_letters_stay_apart(one: str, other: str) -> None:
    assert (name_key(one) == name_key(other)) is (one == other)


def test_encodings_of_accents_do_not_matter() -> None:
    assert name_key("Café  Est") == name_key(unicodedata.normalize("NFD", "café est"))


def test_a_collision_is_told_at_the_newer_entry() -> None:
    [finding] = [
        f for f in found(ACTORS, ALIASES, 'aliases: ["Holm", "Ostrov Wire"]') if f.code == "alias-collision"
    ]
    assert finding.data["other"] in ("boreland-foreign-minister", "ostrov-wire")
    assert finding.id != finding.data["other"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("boreland-navy", "boreland"),
        ("australis-ministry", "australis"),
        ("ostrov-wire-staff", "ostrov-wire"),
    ],
)
def test_an_unknown_actor_gets_entries_of_its_country(written: str, meant: str) -> None:
    from breaking import D900

    text = found(
        D900,
        'target: [{id: australis, quote: "Australis"}]',
        f'target: [{{id: {written}, quote: "Australis"}}]',
    )
    [finding] = [f for f in text if f.code == "unknown-actor"]
    assert meant in f"{finding.closest} {finding.remedy}"
