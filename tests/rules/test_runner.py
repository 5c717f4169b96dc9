"""The run of the rules: what ran, on how much, and what did not."""

from __future__ import annotations

import itertools
import re
import time
from pathlib import Path

import pytest

from breaking import D900, found, only, run
from standoff.findings import CRASH
from standoff.rules import context, pages, runner
from standoff.rules.catalogue import all_rules
from standoff.rules.rule import CORPUS_SCOPES, Rule
from standoff.source.corpus import read_corpus


def test_what_ran_and_on_how_much_is_told(examples: Path) -> None:
    began = time.perf_counter()
    report = run(examples)
    assert 0 < report.seconds < time.perf_counter() - began
    assert report.ran == {code for code, each in all_rules().items() if each.scope in CORPUS_SCOPES}
    assert report.rules == len(report.ran)
    assert (report.files, report.records) == (11, 25), (
        "three annotation files with 16 records, six actors and three places"
    )
    alone = runner.run(read_corpus(examples, only=[examples / "events/d900.yaml"]))
    left_out = {code for code, rule in all_rules().items() if rule.scope in ("corpus", "acceptance")}
    assert alone.ran == report.ran - left_out
    assert alone.rules == len(alone.ran)
    assert runner.run(read_corpus(examples), only=["quote-cut", "id-vanished"]).ran == {
        "quote-cut",
        "id-vanished",
    }


def test_a_record_whose_document_has_the_wrong_form_counts_and_the_document_does_not(examples: Path) -> None:
    records = run(examples).records
    file = examples / "events/d900.yaml"
    file.write_text(file.read_text("utf-8").replace("language: en", "language: 5"), "utf-8")
    assert run(examples).records == records - 1


def test_the_last_line_is_shown_and_of_an_empty_file_none(examples: Path) -> None:
    file = examples / "retired.csv"
    file.write_text(file.read_text("utf-8") + "d900 e09,0.2.0,Gone.,")
    assert only(run(examples).findings, "retired-incomplete").excerpt == "d900 e09,0.2.0,Gone.,"
    file.write_text("")
    assert only(run(examples).findings, "csv-columns").excerpt is None


def test_what_stands_in_a_record_without_an_id_has_none() -> None:
    text = (pages.EXAMPLES / D900).read_text("utf-8")
    right = text[text.index("  - id: d900-e04\n") : text.index("    target: []")]
    wrong = right.replace("id: d900-e04\n    ", "").replace("[{", "{").replace("}]", "}")
    assert [(f.code, f.id) for f in found(D900, right, wrong)] == [
        ("missing-key", None),
        ("wrong-type", None),
    ]


def test_a_rule_that_breaks_down_on_a_file_says_so() -> None:
    broken = Rule("broken", "file", "error", (), "Breaks.", "Fix it.", lambda _: 1 / 0)
    report = runner.run(read_corpus(pages.EXAMPLES / "dataset"), rules={"broken": broken})
    assert report.rules == 1
    assert report.exit_code == 3
    assert all(f.message.startswith("the rule broken broke down on the file: ") for f in report.findings)


def test_the_search_for_what_was_meant_ends_for_each_file_and_comparing_for_all() -> None:
    budget = context.Budget()
    assert budget.search("a", context.SEARCH_LIMIT - 1)
    assert budget.search("a", 1)
    assert not budget.search("a", 1)
    assert budget.search("b", 1)
    assert budget.compare(context.COMPARISON_LIMIT)
    assert not budget.compare(1)


def test_a_rule_that_crashes_is_a_fault_of_ours() -> None:
    def check(*_: object) -> None:
        raise ZeroDivisionError("oh")

    broken = Rule("broken", "event", "error", (), "Breaks.", "Fix it.", check)
    report = runner.run(read_corpus(pages.EXAMPLES / "dataset"), rules={**all_rules(), "broken": broken})
    assert report.exit_code == 3
    assert {f.code for f in report.findings} == {CRASH}
    first = report.findings[0]
    assert "the rule broken broke down on d900-e01: ZeroDivisionError: oh" in first.message
    assert (first.line, first.column, first.end_line, first.end_column) == (1, 1, 1, 1)


def test_a_rule_whose_premise_failed_is_reported_as_not_run() -> None:
    example = pages.examples()["document-changed"]
    with_copy = example.findings()
    assert [f.code for f in with_copy] == ["document-changed"]


def test_records_of_the_wrong_form_are_counted(examples: Path) -> None:
    path = examples / "events/d900.yaml"
    path.write_text(path.read_text("utf-8").replace("trigger:", "triger:", 2), "utf-8")
    whole = runner.run(read_corpus(pages.EXAMPLES / "dataset"))
    report = run(examples)
    assert report.withheld == 2
    assert report.records == whole.records - 2


def test_what_did_not_run_is_counted(examples: Path) -> None:
    (examples.parent / "seeds/900_talks.txt").write_text("another text")
    report = run(examples)
    assert report.not_run["quote-not-found"] == 5, "four events and a negative"
    assert report.not_run["quote-cut"] == 5, "a rule whose premise did not run does not run either"
    assert "quote-not-found" not in {f.code for f in report.findings}


def test_some_files_alone_are_checked_without_the_rules_about_all(examples: Path) -> None:
    report = runner.run(read_corpus(examples, only=[examples / "events/d900.yaml"]))
    assert report.findings == []
    assert "corpus" in report.skipped_scopes
    assert report.files == 9, (
        "dataset.toml, two registries, the two lists, the scheme with its two lists, and the one file"
    )


def test_progress_counts_the_files() -> None:
    corpus = read_corpus(pages.EXAMPLES / "dataset")
    steps: list[tuple[int, int]] = []
    report = runner.run(corpus, progress=lambda done, of: steps.append((done, of)))
    assert steps == [(i, report.files) for i in range(1, report.files + 1)]


def test_checking_changes_nothing_so_the_next_check_finds_the_same(
    examples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context, "SEARCH_LIMIT", 1)
    monkeypatch.setattr(context, "COMPARISON_LIMIT", 8)
    path = examples / "events/d900.yaml"
    text = (
        path.read_text("utf-8")
        .replace('trigger: "', 'trigger: "x')
        .replace("id: australis,", "id: astralis,")
    )
    path.write_text(text, "utf-8")
    corpus = read_corpus(examples)
    first, second = runner.run(corpus).findings, runner.run(corpus).findings
    assert {(f.code, f.closest is None) for f in first} >= {
        ("quote-not-found", False),
        ("quote-not-found", True),
        ("unknown-actor", False),
    }
    assert first == second


def test_only_some_rules_are_reported_and_premises_hold_all_the_same(examples: Path) -> None:
    (examples.parent / "seeds/900_talks.txt").write_text("another text")
    corpus = read_corpus(examples)
    assert runner.run(corpus, only=["quote-not-found"]).findings == []
    assert [f.code for f in runner.run(corpus, only=["document-changed"]).findings] == ["document-changed"]


def test_findings_come_in_the_same_order_every_time(corpus_copy: Path) -> None:
    path = corpus_copy / "dataset/events/d900.yaml"
    number = itertools.count()
    broken = re.sub("asserted|quote(?=:)", lambda word: f"{word[0]}{next(number)}", path.read_text("utf-8"))
    path.write_text(broken, "utf-8")
    first = run(corpus_copy / "dataset").findings
    assert len(first) > 10
    assert first == run(corpus_copy / "dataset").findings == sorted(first, key=lambda f: f.sort_key)
