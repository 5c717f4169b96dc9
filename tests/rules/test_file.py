"""What reading a file gives."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from breaking import D900, found, run
from standoff.model.places import NOWHERE
from standoff.rules import pages
from standoff.rules.catalogue import all_rules
from standoff.source.corpus import AnnotationFile
from standoff.source.form import MORE, Violation
from standoff.source.raw_text import ReadFault
from standoff.source.strict_yaml import MAX_FAULTS


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
    assert what in found.message


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
    assert all("d900-e06" in fault.message for fault in faults)


def test_a_text_under_two_names_is_one_document(examples: Path) -> None:
    copy = pages.examples()["duplicate-document"].wrong
    assert copy is not None
    (examples / "events/d902.yaml").write_text(copy.replace("900_talks", "902_copy"), "utf-8")
    seeds = examples.parent / "seeds"
    (seeds / "902_copy.txt").write_bytes((seeds / "900_talks.txt").read_bytes())
    [fault] = run(examples).findings
    assert (fault.code, fault.path, fault.line) == ("duplicate-document", "dataset/events/d902.yaml", 4)
    assert "902_copy.txt" in fault.message
    assert "dataset/events/d900.yaml" in fault.message
