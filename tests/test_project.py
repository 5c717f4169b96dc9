"""`standoff init` and `standoff upgrade`: a folder in which every command works, and renewal that keeps your changes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import yaml

import standoff
from standoff import project
from standoff.cli import main
from standoff.findings import UsageError

ANSWERS = project.Answers(
    name="border-incidents",
    title='Incidents "at the border"',
    author="A laboratory",
    released="2026-01-31",
    language="fr",
)
SHA = "0123456789" * 4


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new project, as the working directory, in a folder with a blank in its name."""
    folder = tmp_path / "my corpus"
    project.create(folder, ANSWERS)
    monkeypatch.chdir(folder)
    return folder


def texts(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): p.read_text() for p in folder.rglob("*") if p.is_file()}


# ---- init ------------------------------------------------------------------------------------------------------------


def test_every_command_works_in_a_new_project(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    assert standoff.check().counts.keys() == {"placeholder-left"}
    assert main(["fmt", "--check"]) == 0
    assert main(["docs"]) == 0
    assert main(["docs", "--check"]) == 0
    assert main(["show", "d001-e01"]) == 0
    assert main(["agree"]) == 0
    assert main(["build"]) == 0
    capsys.readouterr()
    release = standoff.Release(".")
    assert release.version == "0.1.0.dev1"
    assert release.load("events")["event_id"].to_list() == ["d001-e01", "d001-e02"]
    assert release.load("negatives").height == 1
    assert "A laboratory" in release.cite()
    (mine / "report.txt").write_text("Un rapport.\n")
    assert main(["new", "document", "report.txt"]) == 0
    [copy] = (mine / "documents").glob("*_report.txt")
    assert f"copied to documents/{copy.name}" in capsys.readouterr().out
    [new] = set((mine / "dataset" / "events").iterdir()) - {mine / "dataset" / "events" / "d001.yaml"}
    assert "  language: fr" in new.read_text()
    assert main(["upgrade"]) == 0
    assert capsys.readouterr().out == "everything is up to date\n"


def gold_of(report: str) -> str:
    """What a report in JSON was scored against."""
    return str(json.loads(report)["systems"][0]["signature"]["gold"])


def test_commands_about_releases_take_those_of_the_dataset_here(
    mine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    predictions = mine / "answers.jsonl"
    predictions.write_text('{"document": "d001", "action": "046", "trigger": {"quote": "negotiated"}}\n')
    score = ["score", "answers.jsonl", "--ci", "0", "--report", "json"]

    assert main(["page", "--to", "page.html"]) == 2, "another dataset's page would be a wrong answer"
    assert "run standoff build" in capsys.readouterr().err
    assert main(["hydrate", "--documents", "documents"]) == 2
    capsys.readouterr()
    assert main(score) == 0
    assert gold_of(capsys.readouterr().out) == "dataset my corpus", "without a release, the dataset itself"

    assert main(["build"]) == 0
    assert main(["page", "--to", "page.html"]) == 0
    assert "Alba and Brenn" in (mine / "page.html").read_text()
    capsys.readouterr()
    assert main(["hydrate", "--documents", "documents"]) == 0
    assert "Alba and Brenn negotiated" in capsys.readouterr().out
    for gold in ([], ["--gold", "releases"], ["--gold", "0.1.0.dev1"]):
        assert main([*score, *gold]) == 0
        assert gold_of(capsys.readouterr().out) == "0.1.0.dev1"


def test_modelines_lead_to_the_schemas(mine: Path) -> None:
    files = [*mine.glob("dataset/**/*.yaml")]
    assert len(files) == 4
    for file in files:
        schema = file.read_text().splitlines()[0].partition("$schema=")[2]
        assert json.loads((file.parent / schema).read_text())["title"]
    settings = json.loads((mine / ".vscode" / "settings.json").read_text())
    assert all((mine / schema).is_file() for schema in settings["yaml.schemas"])


def test_documents_are_protected_from_other_line_ends(mine: Path) -> None:
    assert "documents/** -text" in (mine / ".gitattributes").read_text().splitlines()
    document = mine / "documents" / "001_example.txt"
    document.write_bytes(document.read_bytes().replace(b"\n", b"\r\n"))
    assert "document-changed" in standoff.check(select=["document-changed"]).counts


def test_a_document_that_is_missing_is_named_with_its_folder(mine: Path) -> None:
    (mine / "documents" / "001_example.txt").unlink()
    [fault] = standoff.check(select=["document-missing"])
    assert fault.path == "dataset/events/d001.yaml", "and not for each pass"
    assert "is not in documents/" in fault.message


def test_nothing_is_overwritten(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = texts(mine)
    arguments = ["--name", "x", "--title", "X", "--author", "Y"]
    assert main(["init", str(mine), *arguments]) == 2
    assert "already exists" in capsys.readouterr().err
    assert main(["init", str(mine / "dataset" / "inner"), *arguments]) == 2
    assert "inside a dataset" in capsys.readouterr().err
    assert texts(mine) == before


def test_one_file_that_exists_stops_all(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    with pytest.raises(UsageError, match=r"README\.md already exists: nothing was written"):
        project.create(tmp_path, ANSWERS)
    assert texts(tmp_path) == {"README.md": "mine"}


def test_missing_answers_are_named_when_nobody_can_be_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(tmp_path / "corpus")]) == 2
    assert "these answers are missing: --name, --title, --author" in capsys.readouterr().err
    assert not (tmp_path / "corpus").exists()


def test_on_a_terminal_missing_answers_are_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = iter(["", "A title", "A lab", "", "uk", "texts", "legal", "plover"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: next(given))
    assert main(["init", str(tmp_path / "corpus")]) == 0
    about = (tmp_path / "corpus" / "dataset" / "dataset.toml").read_text()
    assert 'name = "corpus"' in about
    assert 'language = "uk"' in about
    assert 'documents = "texts"' in about
    assert (tmp_path / "corpus" / "texts" / "001_example.txt").is_file()


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("name", "My corpus"),
        ("title", " "),
        ("title", "two\nlines"),
        ("author", ""),
        ("license", "all rights reserved"),
        ("language", "English"),
        ("documents", "../elsewhere"),
        ("documents", "dataset"),
        ("documents", ""),
        ("released", "today"),
        ("action", "owner/repo@main"),
        ("install", "standoff\nrm"),
        ("install", "./standoff-2.1.0-py3-none-any.whl[build]"),
    ],
)
def test_an_answer_of_the_wrong_form_is_refused(answer: str, value: str) -> None:
    given = {"name": "x", "title": "X", "author": "Y", "released": "2026-01-31"}
    with pytest.raises(UsageError, match=answer):
        project.Answers(**{**given, answer: value})


@pytest.mark.parametrize(
    ("options", "checks"),
    [
        ({}, False),
        ({"action": f"owner/repo@{SHA}"}, True),
        ({"install": "standoff[build] @ https://example.org/standoff.whl"}, True),
    ],
)
def test_the_workflow_checks_only_with_a_place_to_get_standoff_from(
    options: dict[str, str], checks: bool
) -> None:
    given = {"name": "x", "title": "X", "author": "Y", "released": "2026-01-31"}
    text = project.render("workflow.yml", "check.yml", project.Answers(**given, **options))
    workflow = yaml.safe_load(text)
    steps = workflow["jobs"]["check"]["steps"][2:]
    assert workflow["permissions"] == {"contents": "read"}
    step = f"uses: {options['action']}" if "action" in options else "run: standoff check --format github"
    assert (step in text) == checks
    assert ("does not check yet" in text) == (not checks)
    for step in steps:
        assert options.get("install", "none") not in step.get("run", ""), (
            "what the user wrote is no shell code"
        )


def test_no_file_names_our_own_dataset(mine: Path) -> None:
    for name, text in texts(mine).items():
        if not name.startswith(("schema/", ".standoff.json")):
            assert "seeds" not in text, name
            assert "Iran" not in text, name


# ---- upgrade ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def newer(mine: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project, seen from a later version whose templates say more."""
    before = project.render

    def later(template: str, name: str, answers: project.Answers) -> str:
        text = before(template, name, answers)
        if name == ".gitattributes":
            return text.replace("* text=auto eol=lf\n", "* text=auto eol=lf\n*.svg text\n")
        return text.replace("timeout-minutes: 15", "timeout-minutes: 10")

    monkeypatch.setattr(project, "render", later)
    return mine


def test_files_that_you_did_not_change_are_renewed(newer: Path, capsys: pytest.CaptureFixture[str]) -> None:
    readme = (newer / "README.md").read_text()
    assert main(["upgrade", "--diff"]) == 0
    assert "+*.svg text" in capsys.readouterr().out
    assert "*.svg" not in (newer / ".gitattributes").read_text()
    assert main(["upgrade"]) == 0
    assert "*.svg text\n" in (newer / ".gitattributes").read_text()
    assert "timeout-minutes: 10" in (newer / ".github" / "workflows" / "check.yml").read_text()
    assert (newer / "README.md").read_text() == readme
    capsys.readouterr()
    assert main(["upgrade"]) == 0
    assert capsys.readouterr().out == "everything is up to date\n"


def test_your_changes_are_merged(newer: Path) -> None:
    attributes = newer / ".gitattributes"
    attributes.write_text(attributes.read_text() + "*.png binary\n")
    (newer / ".github" / "workflows" / "check.yml").unlink()
    assert main(["upgrade"]) == 0
    assert "*.svg text\n" in attributes.read_text()
    assert attributes.read_text().endswith("*.png binary\n")
    assert not (newer / ".github" / "workflows" / "check.yml").exists(), "what you removed stays removed"


def test_a_conflict_goes_to_a_file_of_its_own(newer: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workflow = newer / ".github" / "workflows" / "check.yml"
    workflow.write_text(workflow.read_text().replace("timeout-minutes: 15", "timeout-minutes: 60"))
    mine = workflow.read_text()
    assert main(["upgrade"]) == 1
    assert "your changes and the new text conflict" in capsys.readouterr().out
    assert workflow.read_text() == mine
    assert "timeout-minutes: 10" in workflow.with_name("check.yml.rej").read_text()


@pytest.mark.parametrize(
    "record", [None, "{", '{"answers": {}}', '{"answers": {"name": "X"}, "written": {}}', "[]"]
)
def test_a_record_that_is_missing_or_damaged_is_named(
    mine: Path, record: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    path = mine / ".standoff.json"
    path.unlink() if record is None else path.write_text(record)
    assert main(["upgrade"]) == 2
    assert ".standoff.json" in capsys.readouterr().err


def test_files_of_a_later_version_are_not_taken_back(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = json.loads((mine / ".standoff.json").read_text())
    record["answers"]["colour"] = "blue"
    (mine / ".standoff.json").write_text(json.dumps({**record, "standoff": "99.0.0"}))
    assert main(["upgrade"]) == 2
    assert "written by standoff 99.0.0" in capsys.readouterr().err


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs symbolic links")
def test_a_link_is_not_written_through(
    newer: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("precious")
    (newer / ".gitattributes").unlink()
    (newer / ".gitattributes").symlink_to(elsewhere)
    assert main(["upgrade"]) == 2
    assert "is a symbolic link" in capsys.readouterr().err
    assert elsewhere.read_text() == "precious"
