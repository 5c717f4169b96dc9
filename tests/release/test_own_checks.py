"""Checks that a dataset states in dataset.toml: found at the record, admitted before polars sees them."""

from __future__ import annotations

from pathlib import Path

import pytest

import standoff
from corpora import begin
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
    begin(tmp_path / "c", ANSWERS)
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


def test_a_warning_can_be_accepted_and_chosen_by_its_name(mine: Path) -> None:
    state(mine, CHECK.format(severity="warning"))
    assert standoff.check("dataset", select=["promise-without-count"]).counts == {"promise-without-count": 1}
    assert standoff.check("dataset", ignore=["promise-without-count"]).counts == {}
    Path("dataset/accepted.csv").write_text(
        "code,id,path,since,reason\npromise-without-count,d001-e02,,0.1.0,One promise was made.\n"
    )
    result = standoff.check("dataset")
    assert result.counts == {}
    assert [finding.code for finding in result.report.accepted] == ["promise-without-count"]


def test_a_name_that_a_rule_or_another_check_has_is_refused(mine: Path) -> None:
    check = CHECK.format(severity="warning")
    state(mine, check + check + check.replace("promise-without-count", "quote-not-found"))
    found = standoff.check("dataset")
    assert [finding.code for finding in found] == ["own-check-malformed"] * 2
    lines = mine.read_text().splitlines()
    assert {lines[finding.line - 1] for finding in found} == {
        'name = "promise-without-count"',
        'name = "quote-not-found"',
    }


def test_rows_beyond_the_most_are_counted(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("standoff.release.own_checks.MOST", 1)
    state(mine, CHECK.format(severity="warning").replace("root <> '03' OR count_min >= 2", "root = '99'"))
    assert [finding.id for finding in standoff.check("dataset")] == [None, "d001-e01"]
