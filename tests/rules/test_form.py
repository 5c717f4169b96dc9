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


@pytest.mark.parametrize(
    ("right", "wrong", "message", "remedy", "columns"),
    [
        ("    status: contested\n", "", 'the key "status" is missing in events[3]', "add status:", (5, 3)),
        ("negatives:", "  - 1\nnegatives:", "events[5] is 1; expected a record (keys with values)", "write a record (keys with values)", (5, 6)),
        ("negatives:", "negative:", 'the key "negative" is not known here', "write negatives: or delete it", (1, 9)),
        ("negatives:", "extra: 1\nnegatives:", 'the key "extra" is not known here', "delete it", (1, 6)),
        ('    trigger: "denied"\n', COLOUR, 'the key "colour" is not known here', "delete it; free keys are reciprocal, count_min, shape, attribution, where, mentions, incident, source_error", (5, 11)),
        ('trigger: "denied"', "trigger: true", "events[4].trigger is true; expected text or a record (keys with values)", 'write it in quotes: "true"', (14, 18)),
        ("status: contested", "status: contested\n    count_min: false", "events[3].count_min is false; expected a whole number", "write a whole number", (16, 21)),
        ("status: contested", "status: contested\n    count_min: 0", "events[3].count_min is 0; expected at least 1", "write 1 or more", (16, 17)),
        ("target: []", "target: {id: x}", "events[4].target is a record; expected a list", "put the entry into square brackets, or below the key with a dash before it", (13, 20)),
        ("language: en", "language: [en]", "document.language is a list; expected text", "write text", (13, 17)),
    ],
)  # fmt: skip
def test_a_fault_of_form_says_where_what_and_how_to_mend_it(
    right: str, wrong: str, message: str, remedy: str, columns: tuple[int, int]
) -> None:
    [finding] = found(D900, right, wrong)
    assert (finding.message, finding.remedy) == (message, remedy)
    assert (finding.column, finding.end_column) == columns


@pytest.mark.parametrize(
    ("file", "right", "wrong", "message", "remedy"),
    [
        (D900, NOTE, "    mentions:\n", "events[4].mentions is nothing; expected a list", "write a list, or delete the key"),
        (ACTORS, '    affiliations:\n      - code: "SPMMED"\n        basis: composed\n', "    affiliations:\n", "actors[6].affiliations is nothing; expected a list", "write a list"),
        (D900, "status: contested", "status: contested\n    count_min: 1.5", "events[3].count_min is 1.5; expected a whole number", "write a whole number"),
        (D900, "id: boreland-military, quote", "id: 190, quote", "events[3].actor[1].id is 190; expected text", 'write it in quotes: "190"'),
        (ACTORS, "id: ostrov-wire", "id: unnamed", '"unnamed" is reserved', "choose another id"),
        ("dataset/dataset.toml", 'keywords = ["example"]', 'keywords = ["example"]\ninclude = ["../b"]', 'dataset.include[1] is "../b", which is not the path of a file beside the dataset folder, such as CODEBOOK.md or docs/guide.md', "write the path of a file beside the dataset folder, such as CODEBOOK.md or docs/guide.md"),
    ],
)  # fmt: skip
def test_what_is_missing_or_of_another_kind_has_its_own_remedy(
    file: str, right: str, wrong: str, message: str, remedy: str
) -> None:
    [finding] = [finding for finding in found(file, right, wrong) if finding.severity == "error"]
    assert (finding.message, finding.remedy) == (message, remedy)


def test_a_number_in_dataset_toml_is_not_put_into_quotes_for_its_author() -> None:
    [finding] = found("dataset/dataset.toml", 'title = "A made-up corpus"', "title = 5")
    assert (finding.remedy, finding.fix) == ("write text", None)


def test_a_file_that_holds_nothing_of_what_it_should_is_named_as_a_whole(examples: Path) -> None:
    (examples / "events/d900.yaml").write_text("[1, 2]\n")
    [finding] = [f for f in run(examples).findings if f.severity == "error"]
    assert finding.message == "the file is a list; expected a record (keys with values)"
    (examples / "events/d900.yaml").write_text("{}\n")
    [finding] = [f for f in run(examples).findings if f.severity == "error"]
    assert (finding.code, finding.data["expected"][:2]) == ("missing-key", ["document", "events"])
