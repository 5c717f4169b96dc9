"""What one event says: who does what to whom, and by whose word."""

from __future__ import annotations

import pytest

from breaking import D900, codes, found, only

COUNTERPART = 'quote: "her counterpart from Australis"'


@pytest.mark.parametrize(
    ("written", "near", "named"), [("44", "044", ['"044"', "Meet"]), ("9999", None, ["CAMEO", "actions.csv"])]
)
def test_an_unknown_action_comes_with_the_labels_that_are_near(
    written: str, near: str | None, named: list[str]
) -> None:
    finding = only(found(D900, 'action: "044"', f'action: "{written}"'), "unknown-action")
    assert finding.closest == near
    assert [each for each in named if each not in (finding.remedy or "")] == []


@pytest.mark.parametrize(
    ("written", "others"),
    [
        ("australs", ""),
        ("boreland-mil", "boreland, boreland-foreign-minister"),
        ("boreland-militia", "boreland, boreland-foreign-minister"),
    ],
)
def test_an_unknown_actor_comes_with_the_others_that_are_alike(written: str, others: str) -> None:
    right = "id: boreland-military, quote:"
    finding = only(found(D900, right, f"id: {written}, quote:"), "unknown-actor")
    assert finding.remedy is not None
    assert "dataset/actors.yaml" in finding.remedy
    assert finding.remedy.partition("; ")[2].partition(": ")[2] == others


E01 = """    actor: [{id: boreland-foreign-minister, quote: "The foreign minister of Boreland"}]
    target: [{id: australis-government, quote: "her counterpart from Australis"}]
    action: "044"
"""
BOTH = """{id: boreland-foreign-minister, quote: "The foreign minister of Boreland"}, {id: australis-government, quote: "her counterpart from Australis"}"""


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        # roots 18 to 20 may lack an actor
        ('actor: [{id: boreland-military, quote: "the army of Boreland"}]', "actor: []", []),
        ('actor: [{id: boreland-foreign-minister, quote: "She"}]', "actor: []", ["missing-actor"]),
        # both parties on both sides: of a reciprocal act only
        (E01, f'    actor: [{BOTH}]\n    target: [{BOTH}]\n    action: "040"\n    reciprocal: true\n', []),
        (E01, f'    actor: [{BOTH}]\n    target: [{BOTH}]\n    action: "044"\n', ["actor-is-target", "actor-is-target"]),
        # several sources may be unnamed, no other party may stand twice
        ('attribution: [{id: unnamed, quote: "officials"}]', 'attribution: [{id: unnamed, quote: "officials"}, {id: unnamed, quote: "Hours later", outside: true}]', []),
        ('attribution: [{id: unnamed, quote: "officials"}]', 'attribution: [{id: boreland, quote: "officials"}, {id: boreland, quote: "Hours later", outside: true}]', ["actor-twice"]),
        # words outside the evidence
        (COUNTERPART, 'quote: "OSTROV, May 2", outside: true', []),
        # to vouch for one's own words is needless in a plain speech act only
        ('    target: []\n    action: "016"', '    target: []\n    attribution: [{id: australis, quote: "Australis"}]\n    action: "016"', ["self-attribution"]),
        ('target: []\n    action: "016"\n    date: "[..2023-05-02]"\n    date_basis: document\n    status: asserted', 'target: []\n    attribution: [{id: australis, quote: "Australis"}]\n    action: "016"\n    date: "[..2023-05-02]"\n    date_basis: document\n    status: hedged', []),
        ('status: contested\n    attribution: [{id: unnamed, quote: "officials"}]', 'status: asserted\n    attribution: [{id: boreland-military, quote: "the army of Boreland"}]', []),
    ],
)  # fmt: skip
def test_what_an_event_may_say(right: str, wrong: str, expected: list[str]) -> None:
    assert codes(D900, right, wrong) == expected


def test_contested_without_attribution_points_at_the_key() -> None:
    right = '    attribution: [{id: unnamed, quote: "officials"}]\n'
    finding = only(found(D900, right, ""), "contested-without-attribution")
    assert (finding.line, finding.column, finding.end_column) == (40, 5, 11)
