"""Findings as text for people: place, message, excerpt with a marker, remedy; colour where a terminal shows it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from standoff.findings import Finding
from standoff.rules.runner import Report

_COLOURS = {"error": "31", "warning": "33", "note": "36"}
_EXCERPT = 160


def render(report: Report, colour: bool = False) -> str:
    """Return the findings and a summary line."""
    lines = [line for finding in report.findings for line in _finding(finding, colour)]
    return "\n".join([*lines, summary(report, colour)]) + "\n"


def _finding(finding: Finding, colour: bool) -> Iterator[str]:
    severity = _paint(finding.severity, _COLOURS[finding.severity] + ";1", colour)
    ending = f" [{finding.id}]" if finding.id else ""
    place = _paint(f"{printable(finding.path)}:{finding.line}:{finding.column}:", "1", colour)
    yield f"{place} {severity} {finding.code}: {printable(finding.message)}{ending}"
    if finding.excerpt is not None:
        number = f"{finding.line:5d}"
        # Long lines are shown around the marker.
        start = max(0, finding.column - 1 - _EXCERPT // 2) if len(finding.excerpt) > _EXCERPT else 0
        shown = finding.excerpt[start : start + _EXCERPT]
        indent = shown[: finding.column - 1 - start]
        end = finding.end_column - 1 - start if finding.end_line == finding.line else len(shown)
        marked = shown[len(indent) : max(end, len(indent) + 1)]
        yield f"{number} | {printable(shown)}"
        marker = " " * width(printable(indent)) + _paint(
            "^" * max(1, width(printable(marked))), "32;1", colour
        )
        yield f"      | {marker}"
    if finding.closest is not None:
        yield f"      = closest: {printable(finding.closest)}"
    if finding.remedy is not None:
        yield f"      = {printable(finding.remedy)}"


def summary(report: Report, colour: bool = False) -> str:
    """Return the closing line: what was found, how many rules ran on how many files, and how long it took."""
    counts = [
        f"{n} {severity}{'s' * (n != 1)}"
        for severity in ("error", "warning", "note")
        if (n := sum(finding.severity == severity for finding in report.findings))
    ]
    found = _paint(", ".join(counts), "1", colour) if counts else _paint("no findings", "32;1", colour)
    text = (
        f"{found}: {report.rules} rules on {report.files} file{'s' * (report.files != 1)} "
        f"with {report.records:,} records in {report.seconds:.2f} s"
    )
    if report.withheld:
        text += f"\n{report.withheld} record{'s' * (report.withheld != 1)} of the wrong form: no further rule looked at them"
    if report.not_run:
        some = ", ".join(sorted(report.not_run)[:4]) + (" …" if len(report.not_run) > 4 else "")
        text += f"\nnot run where an earlier rule had failed: {some}"
    if report.skipped_scopes:
        text += "\nrules about the whole corpus were not run: only some of its files were given"
    return text


def printable(text: str) -> str:
    """Return `text` with every control, format and bidirectional character shown as an escape.

    What a stranger wrote must not move the reader's cursor, nor show other words than it holds.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char
        if char in " \u200d" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
        else ("→" if char == "\t" else f"\\u{ord(char):04x}")
        for char in text
    )


def width(text: str) -> int:
    """Return how many cells of a terminal `text` takes: two for wide characters, none for combining ones."""
    return sum(
        0
        if unicodedata.combining(char) or char == "\u200d"
        else 2
        if unicodedata.east_asian_width(char) in "WF"
        else 1
        for char in text
    )


def _paint(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour else text
