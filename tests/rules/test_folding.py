"""Faults that search and replace makes many times are one finding for each file."""

from __future__ import annotations

import pytest

from breaking import D900
from standoff.findings import Finding
from standoff.model.places import Fix, Place
from standoff.rules.folding import folded
from standoff.rules.pages import EXAMPLES
from standoff.testing import findings_with


def test_a_word_that_was_replaced_everywhere_is_one_finding() -> None:
    text = (EXAMPLES / D900).read_text("utf-8").replace("asserted", "certain")
    [finding] = findings_with({D900: text})
    assert (finding.code, finding.data["value"]) == ("unknown-value", "certain")


@pytest.mark.parametrize(
    ("number", "message", "kept"),
    [(2, "the key", 2), (3, "the key", 1), (200, "the key", 1), (3, "the key {}", 3)],
)
def test_what_is_alike_is_folded_from_three_on(number: int, message: str, kept: int) -> None:
    findings = [_finding(line, message.format(line)) for line in range(1, number + 1)]
    result = folded(reversed(findings))
    assert len(result) == kept
    assert result[0].line == 1
    assert len(result[0].message) < 200


def test_what_can_be_fixed_and_other_rules_stay_apart() -> None:
    place = Place(1, 1, 1, 2)
    fixable = [_finding(line, "the key", fix=Fix(place, "x")) for line in range(1, 6)]
    other = [_finding(line, "the key", code="quote-cut") for line in range(1, 6)]
    assert folded([*fixable, *other]) == sorted([*fixable, *other], key=lambda each: each.sort_key)


def _finding(line: int, message: str, code: str = "unknown-key", fix: Fix | None = None) -> Finding:
    return Finding("a.yaml", line, 1, line, 2, "error", code, message, fix=fix)


def test_the_keys_of_a_table_whose_line_is_lost_are_one_finding() -> None:
    text = (EXAMPLES / "dataset/dataset.toml").read_text("utf-8")
    keys = "".join(f'{name} = "x"\n' for name in ("one", "two", "three", "four", "five"))
    [finding] = findings_with({"dataset/dataset.toml": text.replace("[contents]\n", f"{keys}[contents]\n")})
    assert finding.code == "unknown-key"
