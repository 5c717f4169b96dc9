"""The registry is walked: each rule has a page, an example that breaks it and nothing else, and a right twin."""

from pathlib import Path

import pytest

from standoff.rules import pages, runner
from standoff.rules.registry import load_rules
from standoff.source.corpus import read_corpus

RULES = load_rules()


def test_the_right_corpus_breaks_no_rule() -> None:
    assert runner.run(read_corpus(pages.EXAMPLES / "dataset")).findings == []


def test_every_rule_has_an_example_and_every_example_a_rule() -> None:
    assert set(pages.examples()) == set(RULES)


@pytest.mark.parametrize("code", RULES)
def test_the_wrong_example_breaks_its_rule_and_no_other(code: str) -> None:
    example = pages.examples()[code]
    if example.right is not None:
        right = (pages.EXAMPLES / example.file).read_text(encoding="utf-8")
        assert right.count(example.right) == 1, "the right text must stand in the file, once"
    assert {f.code for f in example.findings()} == {code, example.beside or code}


def test_every_premise_is_a_rule_that_runs_before() -> None:
    rules = load_rules(tables=True)
    order = list(rules)
    for code, rule in rules.items():
        for premise in rule.requires:
            assert premise in rules, f"{code} requires {premise}, which is no rule"
            assert order.index(premise) < order.index(code), f"{premise} must run before {code}"


def test_every_rule_says_in_words_what_it_looks_for_and_how_to_mend_it() -> None:
    for code, rule in load_rules(tables=True).items():
        assert rule.summary.endswith(".") or rule.summary.endswith(":"), code
        assert rule.advice.rstrip().endswith((".", '"')), code
        assert len(rule.summary) <= 160, code


def test_the_pages_are_not_stale() -> None:
    folder = Path(__file__).parents[1] / "docs" / "rules"
    assert pages.stale(folder) == [], "run python -m standoff.rules.pages"
