"""The largest size of what is shown, and accepted findings in every format."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff import schema
from standoff.cli import main
from standoff.findings import MAX_EXCERPT, Finding, Report, Severity
from standoff.report import as_json, bounds, github, junit, sarif, text

REPORT = jsonschema_rs.validator_for(schema.json_schema("report"))
SEVERITY: st.SearchStrategy[Severity] = st.sampled_from(["error", "warning", "note"])
FORMATS = {
    "text": text.render,
    "json": as_json.render,
    "sarif": sarif.render,
    "junit": junit.render,
    "github": github.render,
    "summary": github.summary,
}


def finding(path: str = "a.yaml", severity: Severity = "error", column: int = 1, **more: str) -> Finding:
    return Finding(path, 1, column, 1, column + 1, severity, "yaml-syntax", **{"message": "wrong", **more})


@given(st.lists(st.tuples(st.sampled_from("abc"), SEVERITY), max_size=700))
def test_what_is_left_out_is_counted_and_the_worst_is_kept(drawn: list[tuple[str, Severity]]) -> None:
    report = Report(findings=[finding(path, severity) for path, severity in drawn])
    shown = bounds.bounded(report)
    assert len(shown.findings) + shown.left_out.total() == len(report.findings)
    assert shown.exit_code == report.exit_code
    for severity in ("error", "warning", "note"):
        assert shown.count(severity) == report.count(severity)
    for path in "abc":
        in_file = [f for f in shown.findings if f.path == path]
        assert len(in_file) == min(bounds.MAX_IN_FILE, sum(p == path for p, _ in drawn))
        if shown.left_out[path]:
            worst_left_out = min(
                ["error", "warning", "note"].index(s) for s in ("error", "warning", "note")
                if sum(f.severity == s for f in in_file) < sum((p, v) == (path, s) for p, v in drawn)
            )  # fmt: skip
            assert all(["error", "warning", "note"].index(f.severity) <= worst_left_out for f in in_file)
    assert [f for f in report.findings if f in shown.findings][: len(shown.findings)] or not drawn


@given(st.text("ab ", min_size=1, max_size=2000), st.data())
def test_a_long_line_is_cut_around_the_place(line: str, data: st.DataObject) -> None:
    column = data.draw(st.integers(1, len(line)))
    found = finding(column=column, excerpt=line)
    [shown] = bounds.bounded(Report(findings=[found])).findings
    assert shown.excerpt is not None
    assert len(shown.excerpt) <= MAX_EXCERPT
    assert shown.excerpt[column - shown.excerpt_column] == line[column - 1]
    assert line[shown.excerpt_column - 1 :].startswith(shown.excerpt)
    assert (
        text.render(Report(findings=[shown])).splitlines()[1:3]
        == text.render(Report(findings=[found])).splitlines()[1:3]
    )


def test_findings_in_all_are_bounded() -> None:
    report = Report(findings=[finding(f"{i // 100}.yaml") for i in range(bounds.MAX_FINDINGS + 700)])
    shown = bounds.bounded(report)
    assert (len(shown.findings), shown.left_out.total()) == (bounds.MAX_FINDINGS, 700)
    assert f"{bounds.MAX_FINDINGS + 700:,} errors" in text.render(shown)
    for name in ("text", "github", "junit"):
        assert "700 more findings in 50.yaml and 6 other files not shown" in FORMATS[name](shown)
    value = json.loads(as_json.render(shown))
    REPORT.validate(value)
    assert sum(item["findings"] for item in value["left_out"]) == 700
    assert value["summary"]["errors"] == bounds.MAX_FINDINGS + 700
    assert json.loads(sarif.render(shown))["runs"][0]["properties"] == {"findingsNotListed": 700}


@pytest.mark.parametrize("name", ["text", "json", "github", "sarif", "junit"])
@pytest.mark.parametrize(
    "content",
    ["\0" * 2**20, "a: " + "&x " * 2**16, '"' + "\\q" * 2**17, "? " * 2**17, "x: \x1b" + "y" * 10**6],
)
def test_a_mebibyte_of_rubbish_gives_little_output(
    name: str, content: str, corpus_copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (corpus_copy / "dataset/events/d901.yaml").write_text(content, encoding="utf-8")
    assert main(["check", "--format", name, str(corpus_copy / "dataset")]) == 1
    assert 100 < len(capsys.readouterr().out) < 1_000_000


def test_long_texts_are_shortened() -> None:
    long = "x" * 10**6
    [shown] = bounds.bounded(
        Report(findings=[finding(message=long, remedy=long, closest=long, id=long)])
    ).findings
    for value in (shown.message, shown.remedy, shown.closest, shown.id):
        assert value is not None
        assert len(value) == bounds.MAX_TEXT


def test_long_lists_are_cut() -> None:
    columns = ["x" * 10**6, *map(str, range(1000))]
    wide = replace(finding(), data={"columns": columns, "rows": 3})
    [shown] = bounds.bounded(Report(findings=[wide])).findings
    assert shown.data["rows"] == 3
    assert shown.data["columns"][1:] == columns[1 : bounds.MAX_LISTED]
    assert len(shown.data["columns"][0]) == bounds.MAX_TEXT


# ---- accepted findings -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMATS)
def test_accepted_findings_are_shown_with_their_reason(name: str) -> None:
    accepted = finding(severity="warning", accepted="It is so in the source.")
    for now in (False, True):
        shown = FORMATS[name](Report(accepted=[replace(accepted, accepted_now=now)]))
        said = shown.replace("\\", "")
        assert "It is so in the source" in said
        if name in ("text", "github", "summary"):
            assert ("accepted in this change" in said) is now
        elif name == "json":
            assert json.loads(shown)["accepted"][0]["accepted_now"] is now
        elif name == "sarif":
            [result] = json.loads(shown)["runs"][0]["results"]
            assert result["suppressions"][0]["kind"] == "external"
            assert result["properties"] == {"acceptedInThisChange": now}


def test_what_a_change_accepts_itself_is_marked(
    corpus_copy: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(corpus_copy)
    shutil.copytree("dataset", "base")
    assert main(["check", "--format", "json", "--fail-on", "never"]) == 0
    notes = json.loads(capsys.readouterr().out)["findings"]
    chosen = next(note for note in notes if note["severity"] != "error" and note["id"])
    Path("dataset/accepted.csv").write_text(
        f"code,id,path,since,reason\n{chosen['code']},{chosen['id']},,0.1.0,It is right.\n", encoding="utf-8"
    )
    for base, now in (("base", True), ("dataset", False)):
        assert main(["check", "--format", "json", "--fail-on", "never", "--base", base]) == 0
        value = json.loads(capsys.readouterr().out)
        REPORT.validate(value)
        accepted = value["accepted"]
        assert accepted
        assert {(item["code"], item["reason"], item["accepted_now"]) for item in accepted} == {
            (chosen["code"], "It is right.", now)
        }
    assert main(["check", "--base", "nowhere"]) == 2
