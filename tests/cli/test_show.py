"""`standoff show`: which records it shows, and how their words are marked."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from standoff.cli import main
from standoff.rules.pages import EXAMPLES


@pytest.fixture
def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the example corpus in the working directory, whose event d900-e04 has another action."""
    shutil.copytree(EXAMPLES, tmp_path / "corpus")
    path = tmp_path / "corpus/dataset/events/d900.yaml"
    path.write_text(path.read_text("utf-8").replace('action: "016"', 'action: "017"'), "utf-8")
    monkeypatch.chdir(tmp_path / "corpus")
    return path


def test_only_records_that_changed_are_shown_as_sentences_with_marked_words(
    changed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["show", "--changed-since", str(EXAMPLES / "dataset")]) == 0
    shown = capsys.readouterr().out
    assert [line.split()[0] for line in shown.splitlines() if line.startswith("d9")] == ["d900-e04"]
    assert "[actor: Australis] [trigger: denied]" in shown


def test_changed_evidence_is_shown_as_words(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = changed.read_text("utf-8").replace('action: "017"', 'action: "016"')
    old = "She warned Australis of an answer to every raid"
    changed.write_text(text.replace(f'"{old}"', '"She warned Australis of an answer"'), "utf-8")
    assert main(["show", "--changed-since", str(EXAMPLES / "dataset")]) == 0
    shown = [line.split(maxsplit=1) for line in capsys.readouterr().out.splitlines()]
    assert ["evidence", "She warned Australis of an answer"] in shown
    assert ["before", old] in shown


def test_a_new_record_is_shown(changed: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    before = tmp_path / "before"
    shutil.copytree(EXAMPLES, before)
    path = before / "dataset/events/d901.yaml"
    text = path.read_text("utf-8")
    path.write_text(text[: text.index("  - id: d901-n02")], "utf-8")
    shutil.copy(changed, before / "dataset/events/d900.yaml")
    assert main(["show", "--changed-since", str(before / "dataset")]) == 0
    assert capsys.readouterr().out.startswith("d901-n02 ")


def test_no_change_is_said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(EXAMPLES)
    assert main(["show", "--changed-since", str(EXAMPLES / "dataset")]) == 0
    assert capsys.readouterr().out == "no record is new or changed\n"


def test_nothing_to_show_is_wrong_usage(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(EXAMPLES)
    assert main(["show"]) == 2
    assert "--changed-since" in capsys.readouterr().err
