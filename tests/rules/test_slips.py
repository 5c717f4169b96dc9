"""Slips that once gave no finding, several findings, or a finding in another place: each is one finding where it is."""

from __future__ import annotations

import pytest

from breaking import ACTORS, D900, D901, found

ACTOR = 'actor: [{id: zoe-anstrom, quote: "She"}]'
CLEAN = 'note: "The denial addresses nobody."'


@pytest.mark.parametrize(
    ("file", "right", "wrong", "code"),
    [
        # one fault, one finding
        (D900, 'trigger: "denied"', "trigger: ~", "wrong-type"),
        (D900, "where: [{place: ostrov,", "where: [{id: ostrov,", "unknown-key"),
        (D900, "where: [{place: ostrov, quote: \"Ostrov\", relation: at}]", 'where: [place: ostrov, quote: "Ostrov", relation: at]', "forbidden-yaml"),
        (D900, "  - id: d900-e02", "  - - id: d900-e02", "yaml-syntax"),
        (D900, "negatives:\n", "", "missing-key"),
        (D900, CLEAN, 'note: "-"', "text-blank"),
        # texts
        (D900, CLEAN, 'note: "FIXME: why?"', "text-blank"),
        (D900, CLEAN, 'note: "tbd."', "text-blank"),
        (D900, CLEAN, 'note: "The\u200b denial"', "unprintable-text"),
        (D900, CLEAN, "note: As resolution #12 says", "yaml-syntax"),
        # what records say
        (D900, 'basis: header}', 'basis: header}\n  url: "https://a.example/b"\n  copies: [{url: "https://a.example/b", found: "By a search."}]', "copy-repeated"),
        (D901, 'would_be: {action: "194", target: boreland}', 'would_be: {action: "194", actor: boreland, target: boreland}', "would-be-itself"),
    ],
)  # fmt: skip
def test_a_slip_is_one_finding(file: str, right: str, wrong: str, code: str) -> None:
    assert [
        (finding.code, finding.path) for finding in found(file, right, wrong) if finding.severity != "note"
    ] == [(code, file)]


@pytest.mark.parametrize(
    "text",
    [
        "As resolution 12 says  # see the guide",
        '"With a hash (#3)."',
        '"می\u200cخواهم"',
        '"👨\u200d👩\u200d👧"',
        '"The list of things to do: later."',
    ],
)
def test_what_only_looks_like_a_slip_is_none(text: str) -> None:
    assert found(D900, CLEAN, f"note: {text}") == []


def test_evidence_that_is_cut_is_reported_once_and_not_the_words_that_it_lacks() -> None:
    right = (
        'evidence: "The foreign minister of Boreland met her counterpart from Australis in Ostrov on Monday"'
    )
    [finding] = found(D900, right, right.replace(" in Ostrov on Monday", " in Ostro"))
    assert (finding.code, finding.data["field"]) == ("quote-not-found", "events[1].evidence")
    assert (finding.closest or "").endswith("in Ostrov")


def test_a_relay_that_is_given_twice_is_reported() -> None:
    source = '{id: unnamed, quote: "officials"'
    codes = [
        finding.code
        for finding in found(
            D900,
            source,
            source + ', via: [{id: ostrov-wire, quote: "officials"}, {id: ostrov-wire, quote: "officials"}]',
        )
    ]
    assert "actor-twice" in codes


def test_an_entry_that_takes_a_released_id_away_is_reported_there() -> None:
    findings = found(ACTORS, "  - id: ostrov-wire\n", "  - id: ostrov-wires\n")
    assert {finding.path for finding in findings if finding.code == "id-vanished"} <= {ACTORS}
