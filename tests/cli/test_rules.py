"""`standoff rules` and `standoff explain`."""

import json

import pytest

from standoff.cli import main
from standoff.rules.catalogue import all_rules


def test_all_rules_are_listed_with_scope_severity_and_summary(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    listed = capsys.readouterr().out
    for rule in all_rules().values():
        [line] = [line for line in listed.splitlines() if line.split()[:1] == [rule.code]]
        assert line.split()[1] == rule.severity
        assert line.endswith(rule.summary)


def test_all_rules_are_listed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--json"]) == 0
    listed = {rule["code"]: rule for rule in json.loads(capsys.readouterr().out)}
    assert listed.keys() == all_rules().keys()
    assert listed["quote-cut"]["requires"] == ["quote-padded"]


def test_a_rule_is_explained_with_wrong_and_right(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "ambiguous-scalar", "root-mismatch"]) == 0
    page = capsys.readouterr().out
    assert page.index("Wrong") < page.index("action: 016") < page.index("Right") < page.index('action: "016"')
    assert "# root-mismatch" in page


def test_a_misspelt_code_gets_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "quote-not-fond"]) == 2
    assert "did you mean quote-not-found" in capsys.readouterr().err
    assert main(["explain", "xyzzy"]) == 2
    assert "standoff rules lists them all" in capsys.readouterr().err


def test_a_check_of_a_shipped_profile_is_explained_with_its_formats(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["explain", "year-mismatch"]) == 0
    page = capsys.readouterr().out
    assert page.startswith("# year-mismatch\n")
    assert "`acled2024`" in page
    assert "`gdelt2`" in page
    assert main(["explain", "year-mismatsh"]) == 2
    assert "did you mean year-mismatch" in capsys.readouterr().err


def test_the_code_of_our_own_faults_is_explained_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "rule-crashed"]) == 0
    assert "report it" in capsys.readouterr().out
