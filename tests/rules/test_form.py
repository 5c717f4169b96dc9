"""The form of a file by the schema."""

from __future__ import annotations

from pathlib import Path

import pytest

from breaking import ACTORS, D900, found, run

NOTE = '    note: "The denial addresses nobody."\n'


def test_a_document_of_the_wrong_form_is_one_finding_and_its_events_are_left_alone(examples: Path) -> None:
    file = examples / "events/d900.yaml"
    text = file.read_text("utf-8").replace("language: en", "language: 5")
    source = '\n    attribution: [{id: australis, quote: "the attack"}]\n    action: "016"'
    file.write_text(text.replace('\n    action: "016"', source), "utf-8")
    assert [finding.code for finding in run(examples).findings] == ["wrong-type"]


COLOUR = '    trigger: "denied"\n    colour: red\n'
AFFILIATION = '    affiliations:\n      - code: "SPMMED"\n        basis: composed\n'
RECORD = "a record (keys with values)"


@pytest.mark.parametrize(
    ("right", "wrong", "code", "data", "meant", "columns"),
    [
        ("    status: contested\n", "", "missing-key", {"field": "events[3]", "expected": ["status"]}, None, (5, 3)),
        ("negatives:", "  - 1\nnegatives:", "wrong-type", {"field": "events[5]", "value": 1, "expected": [RECORD]}, None, (5, 6)),
        ("negatives:", "negative:", "unknown-key", {"field": "negative"}, "negatives", (1, 9)),
        ("negatives:", "extra: 1\nnegatives:", "unknown-key", {"field": "extra", "value": 1}, None, (1, 6)),
        ('    trigger: "denied"\n', COLOUR, "unknown-key", {"field": "events[4].colour", "value": "red"}, None, (5, 11)),
        ('trigger: "denied"', "trigger: true", "wrong-type", {"field": "events[4].trigger", "value": True, "expected": ["text", RECORD]}, None, (14, 18)),
        ("status: contested", "status: contested\n    count_min: false", "wrong-type", {"field": "events[3].count_min", "value": False, "expected": ["a whole number"]}, None, (16, 21)),
        ("status: contested", "status: contested\n    count_min: 0", "value-out-of-range", {"field": "events[3].count_min", "value": 0, "expected": ["at least 1"]}, None, (16, 17)),
        ("target: []", "target: {id: x}", "wrong-type", {"field": "events[4].target", "expected": ["a list"]}, None, (13, 20)),
        ("language: en", "language: [en]", "wrong-type", {"field": "document.language", "expected": ["text"]}, None, (13, 17)),
    ],
)  # fmt: skip
def test_a_fault_of_form_says_where_it_is_and_what_is_expected(
    right: str, wrong: str, code: str, data: dict[str, object], meant: str | None, columns: tuple[int, int]
) -> None:
    [finding] = found(D900, right, wrong)
    assert (finding.code, finding.data, finding.closest) == (code, data, meant)
    assert (finding.column, finding.end_column) == columns


@pytest.mark.parametrize(
    ("file", "right", "wrong", "code", "field", "fix"),
    [
        (D900, NOTE, "    mentions:\n", "wrong-type", "events[4].mentions", None),
        (ACTORS, AFFILIATION, "    affiliations:\n", "wrong-type", "actors[6].affiliations", None),
        (D900, "status: contested", "status: contested\n    count_min: 1.5", "wrong-type", "events[3].count_min", None),
        (D900, "id: boreland-military, quote", "id: 190, quote", "wrong-type", "events[3].actor[1].id", '"190"'),
        (ACTORS, "id: ostrov-wire", "id: unnamed", "unknown-value", "actors[6].id", None),
        ("dataset/dataset.toml", 'keywords = ["example"]', 'keywords = ["example"]\ninclude = ["../b"]', "malformed-value", "dataset.include[1]", None),
        ("dataset/dataset.toml", 'title = "A made-up corpus"', "title = 5", "wrong-type", "dataset.title", None),
    ],
)  # fmt: skip
def test_only_a_value_that_lacks_its_quotation_marks_is_fixed_by_a_machine(
    file: str, right: str, wrong: str, code: str, field: str, fix: str | None
) -> None:
    [finding] = [finding for finding in found(file, right, wrong) if finding.severity == "error"]
    assert (finding.code, finding.data["field"]) == (code, field)
    assert (finding.fix.replacement if finding.fix else None) == fix


def test_a_file_that_holds_nothing_of_what_it_should_is_named_as_a_whole(examples: Path) -> None:
    (examples / "events/d900.yaml").write_text("[1, 2]\n")
    [finding] = [f for f in run(examples).findings if f.severity == "error"]
    assert (finding.code, finding.line, finding.data) == ("wrong-type", 1, {"expected": [RECORD]})
    (examples / "events/d900.yaml").write_text("{}\n")
    [finding] = [f for f in run(examples).findings if f.severity == "error"]
    assert (finding.code, finding.data["expected"][:2]) == ("missing-key", ["document", "events"])
