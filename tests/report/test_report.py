"""Reports: whatever a finding holds, each format stays well formed and shows the place it is about."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema_rs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from standoff import schema, terminal
from standoff.cli.progress import Progress, files
from standoff.findings import CRASH, Finding, Report
from standoff.model.places import Fix, Place
from standoff.report import as_json, github, junit, sarif, text
from standoff.rules.catalogue import all_rules
from standoff.rules.rule import CORPUS_SCOPES, page_of
from standoff.rules.runner import run
from standoff.source.corpus import read_corpus

SCHEMAS = Path(__file__).parents[1] / "schemas"
CODES = [*all_rules(), CRASH]

# ---- findings of every kind, hostile ones among them ---------------------------------------------------------

HOSTILE = st.sampled_from(
    [
        "::error::forged", "##[error]forged", "a%0Ab", "x,y:z", "a|b", "<img src=x>", "`code`", "[a](http://b)",
        "\x1b[31mred", "\u202egnirts", "tab\there", "line\r\nend", "\ud800", "\x00", "]]>", "&amp;", "\ufffe",
        "🏽👨‍👩‍👧", "é".encode().decode(), "e\u0301", "日本", "@everyone", "https://example.org",
    ]
)  # fmt: skip
TEXTS = st.lists(HOSTILE | st.text(max_size=12), max_size=4).map("".join)


@st.composite
def findings(draw: Any) -> Finding:
    line, column = draw(st.integers(1, 300)), draw(st.integers(1, 250))
    lines, columns = draw(st.integers(0, 1)), draw(st.integers(0, 200))
    place = Place(line, column, line + lines, column + columns if not lines else draw(st.integers(1, 9)))
    return Finding(
        path=draw(
            st.sampled_from(["dataset/events/d003.yaml", "a folder/100%.yaml", "/elsewhere/x.yaml"])
            | TEXTS.filter(bool)
        ),
        line=place.line,
        column=place.column,
        end_line=place.end_line,
        end_column=place.end_column,
        severity=draw(st.sampled_from(["error", "warning", "note"])),
        code=draw(st.sampled_from(CODES)),
        message=draw(TEXTS),
        remedy=draw(st.none() | TEXTS),
        closest=draw(st.none() | TEXTS),
        id=draw(st.none() | st.just("d003-e04") | TEXTS),
        excerpt=draw(
            st.none() | TEXTS.map(lambda t: t.replace("\n", " ").replace("\r", " ")) | st.just("x" * 400)
        ),
        fix=draw(st.none() | st.just(Fix(place, '"new"'))),
    )


REPORTS = st.builds(
    Report,
    findings=st.lists(findings(), max_size=12),
    rules=st.just(60),
    ran=st.sets(st.sampled_from(CODES), max_size=9),
    files=st.integers(0, 9),
    records=st.integers(0, 99),
    not_run=st.dictionaries(st.sampled_from(CODES), st.integers(1, 9), max_size=3).map(Counter),
    skipped_scopes=st.sampled_from([(), ("corpus",)]),
    withheld=st.integers(0, 2),
)


def finding(**changes: Any) -> Finding:
    values = {
        "path": "dataset/events/d003.yaml", "line": 41, "column": 14, "end_line": 41, "end_column": 27,
        "severity": "error", "code": "quote-not-found",
        "message": 'the trigger "warned that" does not occur in the evidence',
        "excerpt": "    trigger: warned that", "id": "d003-e04",
    }  # fmt: skip
    return Finding(**{**values, **changes})


def report(*found: Finding, **changes: Any) -> Report:
    return Report(findings=list(found), rules=60, files=9, records=1200, seconds=0.5, **changes)


# ---- text ----------------------------------------------------------------------------------------------------


def test_a_finding_reads_as_the_design_shows_it() -> None:
    shown = text.render(report(finding(closest="warned it", remedy="copy the words from the document")))
    assert shown == (
        'dataset/events/d003.yaml:41:14: error quote-not-found: the trigger "warned that" does not occur in the '
        "evidence [d003-e04]\n"
        "   41 |     trigger: warned that\n"
        '      |              ^^^^^^^^^^^ closest: "warned it"\n'
        "      = copy the words from the document\n"
        "\n"
        "1 error: 60 rules on 9 files with 1,200 records in 0.50 s\n"
    )


def test_a_long_suggestion_has_a_line_of_its_own() -> None:
    shown = text.render(report(finding(closest="word " * 20)))
    assert f'\n      = closest: "{"word " * 20}"\n' in shown


def test_notes_are_counted_and_shown_when_asked_for() -> None:
    some = report(finding(severity="note"), finding(severity="note"), finding(severity="warning"))
    brief = text.render(some, notes=False)
    assert brief.count("quote-not-found") == 1
    assert "1 warning, 2 notes (show notes with --notes): 60 rules" in brief
    assert text.render(some, notes=True).count("quote-not-found") == 3


def test_quiet_and_clean_is_nothing_at_all() -> None:
    assert text.render(report(), quiet=True) == ""
    assert text.render(report(finding(severity="note")), notes=False, quiet=True) == ""
    assert text.render(report()) == "no findings: 60 rules on 9 files with 1,200 records in 0.50 s\n"


def test_one_rule_is_no_rules() -> None:
    some = Report(rules=1, files=1, records=1)
    assert text.render(some) == "no findings: 1 rule on 1 file with 1 record in 0.00 s\n"
    assert "1 rule on 1 file with 1 record." in github.summary(some)


def test_the_summary_says_what_was_not_looked_at_and_why() -> None:
    shown = text.render(
        report(
            finding(fix=Fix(Place(1, 1, 1, 1), "x")),
            withheld=2,
            not_run=Counter({"quote-cut": 1, "actor-outside-period": 1}),
            skipped_scopes=("corpus",),
        )
    )
    assert "1 of them can be fixed by standoff check --fix" in shown
    assert "2 records skipped by the other rules" in shown
    assert "skipped where a prerequisite failed: actor-outside-period, quote-cut" in shown
    assert "rules about the whole corpus were not run" in shown


@pytest.mark.parametrize(
    ("excerpt", "column", "marked"),
    [
        ("\tkey: wrong", 7, "wrong"),
        ("名前: wrong", 5, "wrong"),
        ("e\u0301\u0301: wrong", 6, "wrong"),
        ("🏽\u202e: wrong", 5, "wrong"),
        ("x" * 300 + "wrong" + "y" * 300, 301, "wrong"),
        ("x" * 300 + "wrong", 301, "wrong"),
        ("wrong" + "x" * 300, 1, "wrong"),
    ],
)
def test_the_marker_stands_under_the_place(excerpt: str, column: int, marked: str) -> None:
    found = finding(excerpt=excerpt, column=column, end_column=column + len(marked))
    _, shown, marker, *_ = text.render(report(found)).split("\n")
    at = marker.index("^")
    assert terminal.width(shown[: shown.index(marked)]) == at
    assert marker[at:] == "^" * len(marked)
    assert len(shown) < 180


def test_of_a_long_line_some_words_before_the_marker_are_shown_and_as_many_after_as_fit() -> None:
    found = finding(excerpt="a" * 300 + "wrong" + "b" * 300, column=301, end_column=306)
    assert text.render(report(found)).split("\n")[1] == "   41 | …" + "a" * 30 + "wrong" + "b" * 85 + "…"


def test_at_most_four_rules_that_were_not_run_are_named() -> None:
    def said(number: int) -> str:
        not_run = Counter(f"rule-{letter}" for letter in "abcdef"[:number])
        return text.render(report(not_run=not_run)).splitlines()[-1]

    assert said(4).endswith(": rule-a, rule-b, rule-c, rule-d")
    assert said(5).endswith(": rule-a, rule-b, rule-c, rule-d …")


def test_a_marker_that_the_window_cuts_still_stands_there() -> None:
    found = finding(excerpt="evidence: " + "x" * 500, column=11, end_column=511)
    _, shown, marker, *_ = text.render(report(found)).split("\n")
    assert shown.endswith("x…")
    assert terminal.width(marker) == text.width(shown) - 1


@given(REPORTS)
@example(report(finding(excerpt="", column=9, end_column=9)))
def test_text_moves_no_cursor_and_shows_no_hidden_character(some: Report) -> None:
    shown = text.render(some)
    for char in set(shown) - {"\n"}:
        assert terminal.printable(char) == char
    assert "\x1b[" not in shown
    assert len(re.findall(r"^.* (?:error|warning|note) [a-z0-9-]+: ", shown, re.MULTILINE)) >= len(
        some.findings
    )


def test_colour_changes_nothing_but_colour() -> None:
    some = report(finding(closest="x"), finding(severity="warning"))
    painted = text.render(some, colour=True)
    assert painted != text.render(some)
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == text.render(some)


# ---- formats for programs ------------------------------------------------------------------------------------

SARIF = jsonschema_rs.validator_for(json.loads((SCHEMAS / "sarif-2.1.0.json").read_text(encoding="utf-8")))
REPORT = jsonschema_rs.validator_for(schema.json_schema("report"))


def test_a_finding_leads_to_the_page_of_its_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = all_rules()["quote-not-found"]
    for setting, address in (
        ("https://example.org/rules/", "https://example.org/rules/quote-not-found.html"),
        ("https://example.org/{code}.md?plain=1", "https://example.org/quote-not-found.md?plain=1"),
    ):
        monkeypatch.setenv("STANDOFF_RULE_PAGES", setting)
        some = report(finding(page=page_of(rule)))
        assert f"\n      = see {address}\n" in text.render(some)
        assert as_json.as_dict(some)["findings"][0]["page"] == address
        assert f"[`quote-not-found`]({address})" in github.summary(some)
        assert f"%0Asee {address}\n" in github.render(some)
        run_ = json.loads(sarif.render(some))["runs"][0]
        uris = {each["id"]: each.get("helpUri") for each in run_["tool"]["driver"]["rules"]}
        assert uris["quote-not-found"] == run_["results"][0]["properties"]["page"] == address
    other = replace(rule, page="https://example.com/theirs")
    assert page_of(other) == "https://example.com/theirs"


def test_without_pages_on_the_web_a_report_names_the_command_that_explains(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("STANDOFF_RULE_PAGES", raising=False)
    some = report(finding(page=page_of(all_rules()["quote-not-found"])))
    assert some.findings[0].page == "docs/rules/quote-not-found.md"
    for shown in (text.render(some), github.summary(some), junit.render(some)):
        assert "standoff explain quote-not-found" in shown
        assert "docs/rules" not in shown
    assert "helpUri" not in sarif.render(some)


@given(REPORTS)
def test_json_follows_its_schema_and_loses_nothing(some: Report) -> None:
    rendered = as_json.render(some)
    assert rendered.isascii()
    value = json.loads(rendered)
    REPORT.validate(value)
    assert [f["message"] for f in value["findings"]] == [f.message for f in some.findings]
    assert value["summary"]["errors"] == sum(f.severity == "error" for f in some.findings)


def test_the_example_in_the_documentation_follows_the_schema_too() -> None:
    page = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    REPORT.validate(json.loads(shown))


@given(REPORTS)
def test_sarif_follows_the_standards_schema(some: Report) -> None:
    rendered = sarif.render(some)
    assert rendered.isascii()
    log = json.loads(rendered)
    SARIF.validate(log)
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for result, found in zip(run["results"], some.findings, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == found.code
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert uri.startswith("file:///") if found.path.startswith("/") else ":" not in uri.split("/")[0]
    prints = [result["partialFingerprints"]["standoffFinding/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints)


def test_sarif_tells_of_every_rule_and_of_every_finding() -> None:
    run_ = json.loads(sarif.render(report(finding(code="rule-of-tomorrow", closest="it", remedy="fix"))))[
        "runs"
    ][0]
    rules = {rule["id"] for rule in run_["tool"]["driver"]["rules"]}
    assert rules >= {*all_rules(), "rule-of-tomorrow"}
    assert run_["results"][0]["message"]["text"].endswith('evidence. Closest: "it". To fix it: fix.')


def test_junit_says_which_rules_were_skipped() -> None:
    root = ElementTree.fromstring(junit.render(report(finding(), skipped_scopes=("corpus",))))
    skipped = {case.attrib["name"] for case in root.iter("testcase") if case.find("skipped") is not None}
    assert skipped == {code for code, rule in all_rules().items() if rule.scope == "corpus"}


def test_junit_tells_rules_that_ran_from_those_that_did_not() -> None:
    some = report(
        finding(code="quote-not-found"),
        ran={"quote-not-found", "quote-cut", "root-mismatch", "duplicate-id"},
        not_run=Counter({"quote-cut": 2}),
    )
    cases = {
        case.attrib["name"].split()[0]: [child.tag for child in case]
        for case in ElementTree.fromstring(junit.render(some)).iter("testcase")
    }
    assert cases == {
        "quote-not-found": ["failure"],
        "quote-cut": ["skipped"],
        "root-mismatch": [],
        "duplicate-id": [],
    }


def test_junit_lists_the_rules_that_ran() -> None:
    some = run(read_corpus(Path(__file__).parents[1] / "corpus" / "dataset"))
    names = {case.attrib["name"] for case in ElementTree.fromstring(junit.render(some)).iter("testcase")}
    assert names == some.ran
    assert names == {code for code, rule in all_rules().items() if rule.scope in CORPUS_SCOPES}


def test_sarif_lists_every_rule_whatever_was_checked() -> None:
    listed = [rule["id"] for rule in json.loads(sarif.render(Report()))["runs"][0]["tool"]["driver"]["rules"]]
    assert listed == sorted(all_rules())


def test_a_fingerprint_survives_lines_that_move() -> None:
    def prints(*found: Finding) -> list[str]:
        results = json.loads(sarif.render(report(*found)))["runs"][0]["results"]
        return [result["partialFingerprints"]["standoffFinding/v1"] for result in results]

    here, moved = finding(), finding(line=99, end_line=99)
    assert prints(here) == prints(moved)
    assert prints(here) != prints(finding(id="d003-e05"))


@pytest.fixture(scope="module")
def junit_schema() -> Any:
    """The schema of JUnit reports. Its library takes a second to load, so one worker alone loads it."""
    import xmlschema

    return xmlschema.XMLSchema(SCHEMAS / "junit-10.xsd")


@given(some=REPORTS)
def test_junit_follows_its_schema_and_counts_right(junit_schema: Any, some: Report) -> None:
    rendered = junit.render(some)
    assert rendered.isascii()
    junit_schema.validate(rendered)
    root = ElementTree.fromstring(rendered)
    failing = [f for f in some.findings if f.severity != "note"]
    assert len(root.findall(".//failure")) + len(root.findall(".//error")) == len(failing)
    suite = root.find("testsuite")
    assert suite is not None
    assert int(suite.attrib["tests"]) == len(suite.findall("testcase"))
    assert int(suite.attrib["failures"]) + int(suite.attrib["errors"]) == len(failing)


# ---- GitHub --------------------------------------------------------------------------------------------------

COMMAND = re.compile(r"::(?P<command>error|warning|notice) (?P<properties>[^:\r\n]*)::(?P<message>[^\r\n]*)")


def unescape(value: str) -> str:
    for code, char in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        value = value.replace(code, char)
    return value


@given(REPORTS)
def test_every_workflow_command_is_ours_and_says_what_the_finding_says(some: Report) -> None:
    *commands, last = github.render(some, notes=True).splitlines()
    assert last.startswith("standoff check: ")
    numbers = Counter(COMMAND.fullmatch(line)["command"] for line in commands)  # type: ignore[index]
    assert max(numbers.values(), default=0) <= github.LIMIT
    kept: Counter[str] = Counter()
    expected = [f for f in some.findings if (kept.update([f.severity]) or kept[f.severity] <= github.LIMIT)]
    for line, found in zip(commands, expected, strict=True):
        match = COMMAND.fullmatch(line)
        assert match
        properties = dict(part.split("=", 1) for part in match["properties"].split(","))
        assert unescape(properties["file"]) == terminal.printable(found.path)
        assert properties["line"] == str(found.line)
        assert unescape(match["message"]).split("\n")[0] == terminal.printable(found.message)


def test_more_than_ten_findings_are_counted_and_all_are_in_the_summary() -> None:
    some = report(*(finding(line=n, end_line=n) for n in range(1, 31)))
    commands = github.render(some)
    assert commands.count("::error ") == 10
    assert "30 errors; GitHub shows 10 of a kind, the summary of this step lists them all" in commands
    assert (
        github.summary(some).count("quote\\-not\\-found") + github.summary(some).count("`quote-not-found`")
        == 30
    )


def test_an_annotation_brings_what_was_meant_and_how_to_mend_it() -> None:
    line = github.render(report(finding(closest="warned it", remedy="copy the words"))).splitlines()[0]
    assert line.endswith('in the evidence%0Aclosest: "warned it"%0Ato fix it: copy the words')
    row = github.summary(report(finding(remedy="copy the words"))).splitlines()[-2]
    assert row.endswith("| copy the words |")


def test_notes_become_annotations_only_when_asked_for() -> None:
    some = report(finding(severity="note"))
    assert "::notice" not in github.render(some)
    assert "::notice" in github.render(some, notes=True)


@given(REPORTS)
def test_the_summary_is_one_table_that_nobody_else_can_write_into(some: Report) -> None:
    shown = github.summary(some, notes=True)
    rows = [line for line in shown.splitlines() if line.startswith("|")][2:]
    assert len(rows) == len(some.findings)
    for row in rows:
        assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) == 4
        bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", row)
        assert not re.search(r"[<>\[\]&@~#]|://", bare)
        assert re.fullmatch(r"\|[^|]*\| \*\*[a-z]+\*\* `[a-z0-9-]+`[^|`]*\|[^|`]*\|", bare)


def test_a_summary_never_grows_beyond_what_github_takes() -> None:
    some = report(*(finding(line=n, end_line=n, message="名" * 1000) for n in range(1, 1001)))
    shown = github.summary(some)
    assert len(shown.encode("utf-8")) <= github.MAX_SUMMARY
    assert re.search(r"… and \d+ more: run `standoff check`", shown)
    assert shown.count("`quote-not-found`") > 100


# ---- progress ------------------------------------------------------------------------------------------------


class Terminal:
    def __init__(self, tty: bool) -> None:
        self.tty, self.written = tty, ""

    def isatty(self) -> bool:
        return self.tty

    def write(self, some: str) -> None:
        self.written += some

    def flush(self) -> None:
        pass


@pytest.mark.parametrize(
    ("tty", "seconds", "drawn"), [(True, 2.0, True), (True, 0.1, False), (False, 2.0, False)]
)
def test_progress_is_drawn_on_a_terminal_once_it_takes_long(
    tty: bool, seconds: float, drawn: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([0.0])
    monkeypatch.setattr("time.monotonic", lambda: next(clock, seconds))
    terminal = Terminal(tty)
    with Progress(terminal, files("checking")) as progress:  # type: ignore[arg-type]
        progress(1, 4000)
    assert ("1 of 4,000 files" in terminal.written) is drawn
    assert terminal.written.endswith("\r\x1b[K") is drawn


def test_progress_is_not_drawn_for_every_file(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 1.0, 1.05, 1.2])
    monkeypatch.setattr("time.monotonic", lambda: next(clock, 1.2))
    terminal = Terminal(tty=True)
    progress = Progress(terminal, files("reading"))  # type: ignore[arg-type]
    for done in (1, 2, 4):
        progress(done, 4)
    assert re.findall(r"(\d) of 4 files", terminal.written) == ["1", "4"]
    assert re.search(r"\[#+\] 4 of 4", terminal.written)


def test_reading_and_checking_say_how_far_they_are() -> None:
    steps: list[tuple[int, int]] = []
    corpus = read_corpus(
        Path(__file__).parents[1] / "corpus" / "dataset", progress=lambda *step: steps.append(step)
    )
    assert steps == [(n, 6) for n in range(1, 7)]  # two documents, and two passes over them
    steps.clear()
    run(corpus, progress=lambda *step: steps.append(step))
    assert steps == [(n, 10) for n in range(1, 11)]
