"""Findings as text for people: place, message, excerpt with a marker, remedy; colour where a terminal shows it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from standoff.findings import SEVERITIES, Finding, Report
from standoff.report import summary
from standoff.terminal import count, paint, printable, width

_COLOURS = {"error": "31", "warning": "33", "note": "36"}
_EXCERPT = 120  # characters of a long line shown around the marker
_BEFORE = 30  # … and how many of them before it
_BESIDE = 60  # a suggestion up to this long stands beside the marker, a longer one below


def render(report: Report, *, colour: bool = False, notes: bool = True, quiet: bool = False) -> str:
    """Return the findings and a summary.

    Without `notes` these are only counted; `quiet` leaves the summary out, so that nothing means clean.
    """
    shown = [finding for finding in report.findings if notes or finding.severity != "note"]
    blocks = ["\n".join(_finding(finding, colour)) for finding in shown]
    if not quiet:
        hidden = len(report.findings) - len(shown)
        blocks += ["\n".join(summary.text(each)) for each in report.summaries]
        blocks.append("\n".join(_summary(report, hidden, colour)))
    return "\n\n".join(blocks) + "\n" if blocks else ""


def _finding(finding: Finding, colour: bool) -> Iterator[str]:
    severity = paint(finding.severity, _COLOURS[finding.severity] + ";1", colour)
    place = paint(f"{printable(finding.path)}:{finding.line}:{finding.column}:", "1", colour)
    ending = f" [{printable(finding.id)}]" if finding.id else ""
    yield f"{place} {severity} {finding.code}: {printable(finding.message)}{ending}"
    closest = None if finding.closest is None else f'closest: "{printable(finding.closest)}"'
    if finding.excerpt is not None:
        before, marked, after = _window(finding)
        yield f"{finding.line:5d} | {before}{marked}{after}".rstrip()
        marker = paint("^" * max(1, width(marked)), "32;1", colour)
        beside = f" {closest}" if closest is not None and len(closest) <= _BESIDE else ""
        yield f"      | {' ' * width(before)}{marker}{beside}"
        closest = None if beside else closest
    if closest is not None:
        yield f"      = {closest}"
    if finding.remedy is not None:
        yield f"      = {printable(finding.remedy)}"
    if finding.web_page is not None:
        yield f"      = see {printable(finding.web_page)}"


def _window(finding: Finding) -> tuple[str, str, str]:
    """The finding's line as it is shown: before the marked stretch, marked, and after it."""
    line = finding.excerpt or ""
    first = finding.excerpt_column
    start = max(0, min(finding.column - first, len(line)))
    end = finding.end_column - first if finding.end_line == finding.line else len(line)
    left, right = 0, len(line)
    if right > _EXCERPT:
        left = max(0, min(start - _BEFORE, right - _EXCERPT))
        while left and width(line[left]) == 0:  # an accent stays with its letter
            left -= 1
        right = min(right, left + _EXCERPT)
    end = max(start, min(end, right))
    before, marked, after = (printable(line[a:b]) for a, b in ((left, start), (start, end), (end, right)))
    return "…" * (left > 0 or first > 1) + before, marked, after + "…" * (right < len(line))


def _summary(report: Report, hidden: int, colour: bool) -> Iterator[str]:
    """Yield what was found, how many rules ran on what and how long it took; then what was not looked at, and why."""
    yield from _accepted(report.accepted)
    counts = {s: report.count(s) for s in SEVERITIES}
    said = [count(n, severity) for severity, n in counts.items() if n]
    found = paint(", ".join(said), "1", colour) if said else paint("no findings", "32;1", colour)
    if hidden:
        found += " (show notes with --notes)"
    yield (
        f"{found}: {count(report.rules, 'rule')} on {count(report.files, 'file')} "
        f"with {count(report.records, 'record')} in {report.seconds:.2f} s"
    )
    # Where the exit status is 0, no finding says that rows are missing from the output.
    unsaid = any(rows is not None for rows in report.outputs.values()) and not report.exit_code
    if report.copies_dropped is not None or (report.rejected and unsaid):
        dropped = report.copies_dropped or 0
        told = f"{count(report.records, 'row')}: {report.records - report.rejected - dropped:,} kept, {report.rejected:,} rejected"
        if report.copies_dropped is not None:
            told += f", {dropped:,} identical {'copy' if dropped == 1 else 'copies'} dropped"
        yield told
    for table in report.tables:
        if table.recognised_by:
            what = f"{table.name} ({printable(table.title)})"
            yield f"{count(table.files, 'file')} read as {what}, recognised by {printable(table.recognised_by)}"
    for path, rows in report.outputs.items():
        written = (
            "not written, because of errors in a file or its header"
            if rows is None
            else f"{count(rows, 'row')} written"
        )
        yield f"{printable(path)}: {written}"
    if fixable := sum(finding.fix is not None for finding in report.findings):
        yield f"{fixable} of them can be fixed by standoff check --fix"
    shown = (each for each in report.findings if not hidden or each.severity != "note")
    first = next((each for each in shown if each.page), None)
    if first is not None and first.web_page is None:
        yield f"to learn more about a finding: standoff explain {first.code}"
    yield from left_out(report)
    if report.withheld:
        yield f"{count(report.withheld, 'record')} skipped by the other rules because of the wrong form: run the check again when it is right"
    for why in sorted(set(report.unable.values())):
        codes = sorted(code for code, reason in report.unable.items() if reason == why)
        yield f"not run, because {why}: {', '.join(codes)}"
    if skipped := sorted(report.not_run.keys() - report.unable.keys()):
        some = ", ".join(skipped[:4]) + (" …" if len(skipped) > 4 else "")
        yield f"skipped where a prerequisite failed: {some}"
    if "corpus" in report.skipped_scopes:
        yield "rules about the whole corpus were not run, because only some of its files were given"


def _accepted(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield the accepted findings: those of this change in full, of the others one line for each rule and reason."""
    if not findings:
        return
    yield f"{count(len(findings), 'finding')} accepted in accepted.csv, so there is nothing to do:"
    groups: dict[tuple[str, str | None], list[Finding]] = {}
    for finding in findings:
        if finding.accepted_now:
            yield f"  {printable(accepted(finding))}"
        else:
            groups.setdefault((finding.code, finding.accepted), []).append(finding)
    for (code, reason), alike in groups.items():
        if len(alike) == 1:
            yield f"  {printable(accepted(alike[0]))}"
            continue
        files: dict[str, list[str]] = {}
        for each in alike[:MOST_ACCEPTED]:
            files.setdefault(each.path, []).append(f"{each.id or ''} line {each.line}".strip())
        places = "; ".join(f"{path}: {', '.join(where)}" for path, where in files.items())
        rest = f" and {len(alike) - MOST_ACCEPTED:,} more" if len(alike) > MOST_ACCEPTED else ""
        yield f"  {len(alike)} × {code}: {printable(str(reason))} ({printable(places)}{rest})"


MOST_ACCEPTED = 50
"""The most accepted findings of one rule and reason whose places are named."""


def left_out(report: Report) -> Iterator[str]:
    """Yield a line that says how many findings are not shown, if there are any."""
    if number := report.left_out.total():
        files = list(report.left_out)
        where = printable(files[0]) + (
            f" and {count(len(files) - 1, 'other file')}" if len(files) > 1 else ""
        )
        yield f"{count(number, 'more finding')} in {where} not shown: fix these first, then check again"


def accepted(finding: Finding) -> str:
    """Return an accepted finding in a line, with the reason."""
    now = "accepted in this change" if finding.accepted_now else "accepted"
    ending = f" [{finding.id}]" if finding.id else ""
    return (
        f"{finding.path}:{finding.line}: {finding.code}: {finding.message}{ending}; {now}: {finding.accepted}"
    )
