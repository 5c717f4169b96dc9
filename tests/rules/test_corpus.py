"""All annotation files together."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import pytest

from breaking import D900, D901, codes, found, only, run
from standoff.rules import pages


def test_two_events_do_not_answer_each_other() -> None:
    link = '    links: [{relation: in_response_to, event: d900-e03, quote: "raid"}]\n'
    [finding] = found(D900, "  - id: d900-e03\n", f"{link}  - id: d900-e03\n")
    assert (finding.code, finding.data["other"]) == ("response-cycle", "d900-e03")


def test_a_circle_of_parts_is_shown_where_it_closes() -> None:
    text = (pages.EXAMPLES / D900).read_text("utf-8")
    right = text[text.index("event: d900-e02, ") : text.index("negatives:")]
    wrong = right.replace(
        "}]",
        '}, {relation: part_of, event: d900-e01, quote: "shelled"}, '
        '{relation: part_of, event: d900-e04, quote: "shelled"}]',
        1,
    ).replace("speaks_of", "part_of")
    finding = only(found(D900, right, wrong), "part-of-cycle")
    assert (finding.id, finding.line, finding.column) == ("d900-e03", 44, 178)


def alike(number: int, trigger: str) -> str:
    return (
        f'  - {{id: d900-e0{number}, evidence: "Australis denied the attack", trigger: "{trigger}", action: "020", '
        'actor: [{id: australis, quote: "Australis"}], target: [], date: "[..2023-05-02]", '
        'date_basis: document, status: asserted, note: "The same."}\n'
    )


@pytest.mark.parametrize(
    ("triggers", "pairs"),
    [
        (("Australis", "attack"), []),
        (("Australis", "Australis denied", "denied"), [("e07", "e06"), ("e08", "e07")]),
        # of two that end together the longer is named
        (("denied the attack", "the attack", "attack"), [("e07", "e06"), ("e08", "e06")]),
    ],
)
def test_acts_that_share_words_are_told_with_the_one_that_reaches_farthest(
    triggers: tuple[str, ...], pairs: list[tuple[str, str]]
) -> None:
    events = "".join(alike(number, trigger) for number, trigger in enumerate(triggers, 6))
    findings = [f for f in found(D900, "negatives:", f"{events}negatives:") if f.code == "same-act-twice"]
    assert [tuple(re.findall(r"d900-(e\d+)", finding.message)) for finding in findings] == pairs


def test_a_negative_on_two_triggers_is_one_finding() -> None:
    text = (pages.EXAMPLES / D900).read_text("utf-8")
    right = text[text.index("negatives:") :]
    wrong = alike(6, "attack") + right.replace(
        '"Australis could close the strait"\n    trigger: "close the strait"\n    mark: "could"',
        '"Australis denied the attack"\n    trigger: "denied the attack"',
    )
    assert codes(D900, right, wrong) == ["negative-is-event"]


def test_the_first_digits_of_both_hashes_are_told(examples: Path) -> None:
    seed = examples.parent / "seeds/900_talks.txt"
    stated = sha256(seed.read_bytes()).hexdigest()
    seed.write_text("another text")
    there = sha256(b"another text").hexdigest()
    [finding] = [f for f in run(examples).findings if f.severity == "error"]
    assert (finding.code, finding.data["value"], finding.data["expected"]) == (
        "document-changed",
        stated,
        [there],
    )
    assert all(f"{digits[:12]}…" in finding.message for digits in (stated, there))
    assert there in (finding.remedy or "")


def test_a_date_that_is_none_contradicts_none() -> None:
    assert codes(D901, 'date: "2023-05-02"', 'date: "2023-05-32"') == ["date-malformed"]


@pytest.mark.parametrize(
    ("first", "second", "third"),
    [
        ("[2023-05-01..]", "[..2023-05-01]", "2023-05-02"),
        ("[2023-05-01..2023-05-02]", "[2023-04-28..2023-05-01]", "2023-05-02"),
    ],
)
def test_each_date_of_an_incident_is_held_against_the_narrowest_before_it(
    first: str, second: str, third: str, examples: Path
) -> None:
    file = examples / "events/d900.yaml"
    text = file.read_text("utf-8")
    at = text.index("d900-e03")
    file.write_text(text[:at] + text[at:].replace("[..2023-05-02]", first, 1), "utf-8")
    file = examples / "events/d901.yaml"
    text = file.read_text("utf-8").replace(
        "date_basis: relative", "date_basis: relative\n    incident: i-border-post"
    )
    file.write_text(text.replace("2023-04/2023-05-03", second).replace('"2023-05-02"', f'"{third}"'), "utf-8")
    finding = only(run(examples).findings, "incident-dates-differ")
    assert finding.data["other"] == "d901-e01"
    named = (third, second, "i-border-post")
    assert [word for word in named if word not in finding.message] == []


def test_nobody_is_missed_as_annotator_where_the_list_of_annotators_is_wrong() -> None:
    assert codes("dataset/dataset.toml", 'id = "a1"', "id = 1") == ["wrong-type"]
    assert codes("dataset/dataset.toml", 'id = "a1"', "id = ") == ["toml-syntax"]
