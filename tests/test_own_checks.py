"""Checks that a dataset states in dataset.toml: found at the record, admitted before polars sees them."""

from __future__ import annotations

from pathlib import Path

import pytest

import standoff
from standoff import project
from standoff.cli import main
from standoff.findings import CheckFailed

ANSWERS = project.Answers(name="own", title="Own", author="A laboratory", released="2026-01-31")
CHECK = """
[[checks]]
name = "promise-without-count"
table = "events"
expression = "root <> '03' OR count_min >= 2"
message = "a promise stands for one act"
advice = "count what was promised"
severity = "{severity}"
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    project.create(tmp_path / "c", ANSWERS)
    monkeypatch.chdir(tmp_path / "c")
    return Path("dataset") / "dataset.toml"


def state(about: Path, text: str) -> None:
    about.write_text(about.read_text() + text)


def test_a_row_that_fails_is_a_finding_at_its_record(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    state(mine, CHECK.format(severity="warning"))
    [finding] = standoff.check("dataset")
    assert (finding.code, finding.severity, finding.id) == ("promise-without-count", "warning", "d001-e02")
    assert finding.path.endswith("events/d001.yaml")
    assert finding.remedy == "count what was promised"
    for form in ("text", "json", "github", "sarif", "junit"):
        assert main(["check", "--format", form]) == 1
        assert "promise-without-count" in capsys.readouterr().out
    assert main(["build"]) == 0, "a warning does not stop a build"


def test_an_error_stops_a_build(mine: Path) -> None:
    state(mine, CHECK.format(severity="error"))
    from standoff.release.build import build

    with pytest.raises(CheckFailed) as failed:
        build(Path("dataset"), Path("releases"))
    assert [finding.code for finding in failed.value.findings] == ["promise-without-count"]
    assert not Path("releases").exists()


def test_checks_are_not_run_on_a_dataset_with_errors(mine: Path) -> None:
    state(mine, CHECK.format(severity="error"))
    file = Path("dataset/events/d001.yaml")
    file.write_text(file.read_text().replace("date_basis: relative", "date_basis: relativ"))
    assert standoff.check("dataset").counts == {"unknown-value": 1}


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("root <> '03'", "rot <> '03'", "expression"),
        ("root <> '03'", "root IN (SELECT a FROM read_csv('/etc/passwd'))", "expression"),
        ("root <> '03' OR count_min >= 2", "count_min + 1", "expression"),
        ('"events"', '"event"', "table"),
    ],
)
def test_a_check_that_cannot_be_run_is_a_finding_at_its_line(
    mine: Path, old: str, new: str, line: str
) -> None:
    state(mine, CHECK.format(severity="error").replace(old, new))
    [finding] = [each for each in standoff.check("dataset") if each.code == "own-check-malformed"]
    assert mine.read_text().splitlines()[finding.line - 1].startswith(line)
