"""Reports with a stated largest size: what a hostile or broken file can make standoff print is bounded."""

from __future__ import annotations

from collections import Counter
from typing import Any

from standoff.findings import MAX_EXCERPT, SEVERITIES, Finding, Report, excerpt_of, shortened
from standoff.model.classes import replace

MAX_TEXT = 1_000
"""Longest message, remedy, suggestion or id that is shown, in characters."""

MAX_LISTED = 100
"""Most entries of a list in `data` that are shown."""

MAX_IN_FILE = 200
"""Most findings that are shown for one file."""

MAX_FINDINGS = 5_000
"""Most findings that are shown in all."""


def bounded(report: Report) -> Report:
    """Return the report as it is shown: long texts shortened, and findings beyond the limits counted in `left_out`.

    Of the findings in a file, and of all, errors are kept before warnings and warnings before notes; what is kept stays
    in order, and the exit status stays what it is.
    """
    findings, beyond = _kept(report.findings)
    return replace(
        report,
        findings=[_short(finding) for finding in findings],
        accepted=[_short(finding) for finding in _kept(report.accepted)[0]],
        left_out=Counter(shortened(finding.path, MAX_TEXT) for finding in beyond),
        hidden=Counter(finding.severity for finding in beyond),
    )


def _kept(findings: list[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Return the findings within the limits, and the others."""
    in_file, total = Counter[str](), 0
    kept = set[int]()
    for severity in SEVERITIES:
        for number, finding in enumerate(findings):
            if finding.severity != severity:
                continue
            if total < MAX_FINDINGS and in_file[finding.path] < MAX_IN_FILE:
                total += 1
                in_file[finding.path] += 1
                kept.add(number)
    return (
        [finding for number, finding in enumerate(findings) if number in kept],
        [finding for number, finding in enumerate(findings) if number not in kept],
    )


def _short(finding: Finding) -> Finding:
    """Return the finding with texts within the limits; the excerpt is cut around the place."""
    texts: dict[str, Any] = {
        name: shortened(text, MAX_TEXT)
        for name in ("message", "remedy", "closest", "id", "path")
        if (text := getattr(finding, name)) is not None and len(text) > MAX_TEXT
    }
    line = finding.excerpt
    if line is not None and len(line) > MAX_EXCERPT:
        texts["excerpt"], texts["excerpt_column"] = excerpt_of(line, finding.column)
    for value in finding.data.values():
        if isinstance(value, list) and (
            len(value) > MAX_LISTED or max(map(len, value), default=0) > MAX_TEXT
        ):
            texts["data"] = {name: _short_list(value) for name, value in finding.data.items()}
    return replace(finding, **texts) if texts else finding


def _short_list(value: Any) -> Any:
    return [shortened(each, MAX_TEXT) for each in value[:MAX_LISTED]] if isinstance(value, list) else value
