"""Breaking the example corpus of the rules: one replacement in one file, and what check finds then."""

from __future__ import annotations

from pathlib import Path

from standoff import testing
from standoff.findings import Finding, Report
from standoff.rules import runner
from standoff.source.corpus import read_corpus

D900 = "dataset/events/d900.yaml"
D901 = "dataset/events/d901.yaml"
ACTORS = "dataset/actors.yaml"


def found(file: str, right: str, wrong: str) -> list[Finding]:
    """The findings in the example corpus after `right`, which occurs once in the file, became `wrong`."""
    return testing.findings(file, right, wrong)


def codes(file: str, right: str, wrong: str) -> list[str]:
    """The codes of these findings."""
    return [finding.code for finding in found(file, right, wrong)]


def only(findings: list[Finding], code: str) -> Finding:
    """The one finding of a rule."""
    [finding] = [finding for finding in findings if finding.code == code]
    return finding


def run(dataset: Path) -> Report:
    """The report on a dataset, its paths relative to the folder above."""
    return runner.run(read_corpus(dataset, base=dataset.parent))
