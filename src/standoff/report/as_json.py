"""Findings as JSON for programs: the shape is `schema/report.schema.json`, and carries its version."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from standoff import __version__
from standoff.findings import SEVERITIES, Finding, Report

VERSION = 2
"""Version of the shape; it grows when a program written for the old one would go wrong."""


def render(report: Report) -> str:
    """Return the whole report, notes too, as one JSON object in ASCII."""
    return json.dumps(as_dict(report), indent=2) + "\n"


def as_dict(report: Report) -> dict[str, Any]:
    """Return the report as plain values."""
    return {
        "version": VERSION,
        "tool": {"name": "standoff", "version": __version__},
        "summary": {
            **{f"{s}s": report.count(s) for s in SEVERITIES},
            "rules": report.rules,
            "files": report.files,
            "records": report.records,
            "records_withheld": report.withheld,
            **_counts_of_tables(report),
            "seconds": round(report.seconds, 3),
            "exit_code": report.exit_code,
        },
        "not_run": dict(sorted(report.not_run.items())),
        "scopes_not_run": list(report.skipped_scopes),
        "tables": [asdict(table) for table in report.tables],
        "outputs": [{"path": path, "rows": rows} for path, rows in report.outputs.items()],
        **({"tables": [summary.as_dict() for summary in report.summaries]} if report.summaries else {}),
        "findings": [_finding(finding) for finding in report.findings],
        "left_out": [{"path": path, "findings": number} for path, number in report.left_out.items()],
        "accepted": [
            {**_finding(finding), "reason": finding.accepted, "accepted_now": finding.accepted_now}
            for finding in report.accepted
        ],
    }


def _counts_of_tables(report: Report) -> dict[str, int]:
    """What became of the rows where one of identical copies was kept."""
    if report.copies_dropped is None:
        return {}
    return {"rows_rejected": report.rejected, "copies_dropped": report.copies_dropped}


def _finding(finding: Finding) -> dict[str, Any]:
    value = finding.as_dict()
    del value["accepted"], value["accepted_now"]
    return value
