"""What reading a file gives, and its form by the schema."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from breaking import ACTORS, D900, found, run
from standoff.model.places import NOWHERE
from standoff.rules import pages
from standoff.rules.catalogue import all_rules
from standoff.source.corpus import AnnotationFile
from standoff.source.form import MORE, Violation
from standoff.source.raw_text import ReadFault
from standoff.source.strict_yaml import MAX_FAULTS

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
    findings = [f.message for f in run(examples).findings if f.severity == "error"]
    assert 'the key "document" is missing' in findings


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, False),
        ({"faults": [ReadFault("csv-row", NOWHERE, "x")] * (MAX_FAULTS - 1)}, False),
        ({"faults": [ReadFault("csv-row", NOWHERE, "x")] * MAX_FAULTS}, True),
        ({"violations": [Violation("type", (), "text", 1)]}, False),
        ({"violations": [Violation(MORE, (), None, None)]}, True),
        ({"cut_short": True}, True),
    ],
)
def test_a_file_says_when_it_has_more_faults_than_are_listed(fields: dict[str, Any], told: bool) -> None:
    file = AnnotationFile(Path("d900.yaml"), "d900.yaml", "annotation", **fields)
    assert bool(list(all_rules()["too-many-faults"].check(file))) is told


def test_no_link_is_followed(examples: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("password: hush\n")
    for link in (examples / "events/d900.yaml", examples.parent / "seeds/901_shelling.txt"):
        link.unlink()
        link.symlink_to(secret)
    report = run(examples)
    assert "hush" not in str(report.findings)
    assert Counter(f.code for f in report.findings) == {"file-unreadable": 1, "document-missing": 1}, (
        "not for the pass too"
    )


def test_a_link_to_itself_is_a_finding(examples: Path) -> None:
    link = examples / "events/d900.yaml"
    link.unlink()
    link.symlink_to(link.name)
    assert [f.code for f in run(examples).findings if f.path.endswith("events/d900.yaml")] == [
        "file-unreadable"
    ]


@pytest.mark.parametrize("folder", ["events", "passes", "passes/a1"])
def test_no_folder_that_is_a_link_is_followed(folder: str, examples: Path, tmp_path: Path) -> None:
    (examples / folder).rename(tmp_path / "moved")
    (examples / folder).symlink_to(tmp_path / "moved")
    assert ("file-unreadable", f"dataset/{folder}") in {(f.code, f.path) for f in run(examples).findings}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system here")
def test_no_pipe_is_waited_for(examples: Path) -> None:
    for path in (examples / "events/d900.yaml", examples.parent / "seeds/901_shelling.txt"):
        path.unlink()
        os.mkfifo(path)
    assert {f.code for f in run(examples).findings} == {"file-unreadable", "document-missing"}


@pytest.mark.parametrize("name", ["events/d900.yaml", "actors.yaml", "retired.csv", "accepted.csv"])
def test_a_folder_where_a_file_belongs_is_a_finding(name: str, examples: Path) -> None:
    (examples / name).unlink()
    (examples / name).mkdir()
    findings = run(examples).findings
    assert ("file-unreadable", f"dataset/{name}") in {(f.code, f.path) for f in findings}


@pytest.mark.parametrize(
    "content", ["", "null\n", "text\n", "[1, 2]\n", "{}\n", "events: 1\n", "document: []\n"]
)
@pytest.mark.parametrize("name", ["events/d900.yaml", "actors.yaml"])
def test_a_file_that_holds_something_else_is_a_finding(name: str, content: str, examples: Path) -> None:
    (examples / name).write_text(content)
    report = run(examples)
    assert not report.crashed
    assert {f.path for f in report.findings} == {f"dataset/{name}"}


@pytest.mark.parametrize(
    ("name", "stray", "what", "closest"),
    [
        ("event/d905.yaml", "event", "folder", "events"),
        ("actor.yaml", "actor.yaml", "file", "actors.yaml"),
        ("notes.txt", "notes.txt", "file", None),
        ("events/sub/d905.yaml", "events/sub", "folder", None),
    ],
)
def test_what_nothing_reads_is_said(
    name: str, stray: str, what: str, closest: str | None, examples: Path
) -> None:
    (examples / name).parent.mkdir(exist_ok=True)
    (examples / name).write_text("x")
    [found] = run(examples).findings
    assert (found.code, found.path, found.closest) == ("stray-file", f"dataset/{stray}", closest)
    assert found.message == f"this {what} is not part of the dataset"


def test_copies_that_editors_leave_are_notes(examples: Path) -> None:
    for name in (".d900.yaml.swp", "d900.yaml~", ".DS_Store"):
        (examples / "events" / name).write_text("x")
    found = [(f.code, f.severity, Path(f.path).name) for f in run(examples).findings]
    assert found == [("stray-file", "note", ".d900.yaml.swp"), ("stray-file", "note", "d900.yaml~")]


def test_a_finding_holds_a_part_of_a_long_line() -> None:
    [finding] = found(D900, 'note: "The denial', 'note: "' + "x" * 100_000 + "\u0007The denial")
    assert finding.excerpt is not None
    assert len(finding.excerpt) == 400
    assert finding.excerpt[finding.column - finding.excerpt_column] == "\u0007"


def test_the_same_act_is_found_beyond_its_neighbour() -> None:
    def event(number: int, trigger: str) -> str:
        return (
            f'  - {{id: d900-e0{number}, evidence: "Australis denied the attack", trigger: "{trigger}", action: "010",\n'
            '     actor: [{id: australis, quote: "Australis"}], target: [], date: "[..2023-05-02]", '
            'date_basis: document, status: asserted, note: "The same."}\n'
        )

    events = event(6, "Australis denied the attack") + event(7, "denied") + event(8, "attack")
    faults = [f for f in found(D900, "negatives:\n", events + "negatives:\n") if f.code == "same-act-twice"]
    assert {"d900-e07", "d900-e08"} <= {fault.id for fault in faults}
    assert all("and d900-e06 code the same act" in fault.message for fault in faults)


def test_a_text_under_two_names_is_one_document(examples: Path) -> None:
    copy = pages.examples()["duplicate-document"].wrong
    assert copy is not None
    (examples / "events/d902.yaml").write_text(copy.replace("900_talks", "902_copy"), "utf-8")
    seeds = examples.parent / "seeds"
    (seeds / "902_copy.txt").write_bytes((seeds / "900_talks.txt").read_bytes())
    [fault] = run(examples).findings
    assert (fault.code, fault.path, fault.line) == ("duplicate-document", "dataset/events/d902.yaml", 4)
    assert fault.message == "902_copy.txt has the same text that dataset/events/d900.yaml annotates"
