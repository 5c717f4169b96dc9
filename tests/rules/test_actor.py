"""One entry of the actor registry."""

from __future__ import annotations

import pytest

from breaking import ACTORS, codes, found, only
from standoff.rules import pages

MILITARY = 'code: "NFKMIL"'


@pytest.mark.parametrize(
    ("written", "meant"),
    [("NFKIML", "NFKMIL"), ("IMLMIL", "MLIMIL"), ("NFKMXL", "NFKMLT"), ("NFQMIL", "NFKMIL")],
)
def test_in_an_unknown_code_countries_are_meant_first_and_then_roles(written: str, meant: str) -> None:
    finding = only(found(ACTORS, MILITARY, f'code: "{written}"'), "unknown-code-element")
    assert finding.closest == meant


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('    country: "SPM"\n', ""),
        ('until: "2020-05-31"', 'from: "2019-01-01"\n        until: "2020-05-31"'),
        ('until: "2020-05-31"', 'from: "2020-05-31"\n        until: "2020-05-31"'),
    ],
)
def test_what_an_actor_may_be(right: str, wrong: str) -> None:
    assert [code for code in codes(ACTORS, right, wrong) if code != "unused-actor"] == []


@pytest.mark.parametrize(("written", "meant"), [("borelend", "boreland"), ("zzzzzz", None)])
def test_an_unknown_parent_comes_with_the_nearest_id(written: str, meant: str | None) -> None:
    right = 'parent: boreland\n        role: "foreign minister"'
    assert only(found(ACTORS, right, right.replace("boreland", written)), "unknown-parent").closest == meant


def test_a_circle_of_parents_is_shown_where_it_closes() -> None:
    text = (pages.EXAMPLES / ACTORS).read_text("utf-8")
    right = text[text.index('role: "member of parliament"') : text.index('role: "foreign minister"')]
    wrong = "parent: australis\n        " + right.replace(": boreland", ": boreland-foreign-minister")
    finding = only(found(ACTORS, right, wrong), "parent-cycle")
    assert finding.excerpt == "        parent: boreland-foreign-minister"
