"""Findings for a workflow on GitHub: annotations on the lines of a pull request, and a Markdown step summary.

GitHub shows ten annotations of a kind for each step and drops the rest in silence, so that no more are written and the
summary holds them all. Commands and their escapes: docs.github.com, "Workflow commands for GitHub Actions".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from standoff.findings import SEVERITIES, Finding, Report
from standoff.report import summary as table_summary
from standoff.report.text import accepted, left_out
from standoff.terminal import count, printable

LIMIT = 10
"""Annotations of one kind that GitHub shows for one step."""

MAX_SUMMARY = 1024 * 1024
"""Largest step summary that GitHub takes, in bytes."""

LISTED = 200
"""Accepted findings that the summary lists."""

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def render(report: Report, *, notes: bool = False) -> str:
    """Return workflow commands, at most ten of a kind, and a line that says how many findings there are in all."""
    written: Counter[str] = Counter()
    lines = []
    for finding in _shown(report, notes):
        written[finding.severity] += 1
        if written[finding.severity] <= LIMIT:
            lines.append(_command(finding))
    counts = [count(n, s) for s in SEVERITIES if (n := written[s] + report.hidden[s])]
    total = ", ".join(counts) or "no findings"
    if max(written.values(), default=0) > LIMIT:
        total += f"; GitHub shows {LIMIT} of a kind, the summary of this step lists them all"
    lines += [_command(finding) for finding in report.accepted if finding.accepted_now][:LIMIT]
    lines += [printable(f"accepted: {accepted(finding)}") for finding in report.accepted]
    return "\n".join([*lines, f"standoff check: {total}", *left_out(report)]) + "\n"


def _shown(report: Report, notes: bool) -> list[Finding]:
    return [finding for finding in report.findings if notes or finding.severity != "note"]


def _command(finding: Finding) -> str:
    properties = {
        "file": finding.path,
        "line": finding.line,
        "endLine": finding.end_line,
        "col": finding.column,
        "endColumn": finding.end_column,
        "title": ("accepted in this change: " if finding.accepted_now else "")
        + finding.code
        + (f" [{finding.id}]" if finding.id else ""),
    }
    if finding.end_line != finding.line:  # columns are for one line only
        del properties["col"], properties["endColumn"]
    listed = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    message = "\n".join(printable(line) for line in _sentences(finding))
    return f"::{_COMMANDS[finding.severity]} {listed}::{_data(message)}"


def _sentences(finding: Finding) -> Iterator[str]:
    yield finding.message
    if finding.closest is not None:
        yield f'closest: "{finding.closest}"'
    if finding.remedy is not None:
        yield f"to fix it: {finding.remedy}"
    if finding.web_page is not None:
        yield f"see {finding.web_page}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(printable(text)).replace(":", "%3A").replace(",", "%2C")


def summary(report: Report, *, notes: bool = False) -> str:
    """Return all findings as Markdown for `$GITHUB_STEP_SUMMARY`, at most one mebibyte of it."""
    findings = _shown(report, notes)
    counts = [count(n, s) for s in SEVERITIES if (n := report.count(s))]
    head = (
        f"## standoff check: {', '.join(counts) or 'no findings'}\n\n"
        f"{count(report.rules, 'rule')} on {count(report.files, 'file')} with {count(report.records, 'record')}.\n\n"
    )
    tables = (f"{line}\n" for each in report.summaries for line in table_summary.markdown(each))
    pieces = [head, *tables, *_accepted(report)]
    if not findings:
        return "".join(pieces)
    pieces.append("| where | what is wrong | how to fix it |\n|---|---|---|\n")
    room = MAX_SUMMARY - sum(map(len, pieces)) - 200  # for the closing line; all of this is ASCII
    for done, finding in enumerate(findings):
        row = _row(finding)
        room -= len(row.encode("utf-8"))
        if room < 0:
            pieces.append(f"\n… and {len(findings) - done:,} more: run `standoff check` to see them.\n")
            break
        pieces.append(row)
    else:
        pieces += [f"\n{_markdown(line)}.\n" for line in left_out(report)]
    if findings[0].page and findings[0].web_page is None:
        pieces.append(f"\nTo learn more about a finding: `standoff explain {findings[0].code}`.\n")
    return "".join([*pieces, "\n"])


def _accepted(report: Report) -> Iterator[str]:
    """Yield the accepted findings as a list, those that this change accepts first and marked."""
    for finding in sorted(report.accepted, key=lambda finding: not finding.accepted_now)[:LISTED]:
        mark = "⚠️ **accepted in this change:** " if finding.accepted_now else "accepted: "
        yield f"- {mark}{_markdown(accepted(finding))}\n"
    if report.accepted:
        more = len(report.accepted) - LISTED
        yield f"- … and {more:,} more accepted findings\n\n" if more > 0 else "\n"


def _row(finding: Finding) -> str:
    place = f"{finding.path}:{finding.line}:{finding.column}"
    rule = f"[`{finding.code}`]({finding.web_page})" if finding.web_page else f"`{finding.code}`"
    what = f"**{finding.severity}** {rule} {_markdown(finding.message)}"
    what += f" ({_markdown(finding.id)})" if finding.id else ""
    fix = "; ".join(map(_markdown, [*_sentences(replace(finding, page=None))][1:]))
    return f"| {_markdown(place)} | {what} | {fix.removeprefix(_markdown('to fix it: '))} |\n"


def _markdown(text: str) -> str:
    """Text that Markdown shows as it stands: no markup, no HTML, no link that a stranger has put there."""
    return _PUNCTUATION.sub(r"\\\1", printable(text))
