"""Findings as JSON for programs: the shape is `schema/report.schema.json`, and carries its version."""

from __future__ import annotations

import json
from typing import Any

from standoff import __version__
from standoff.findings import SEVERITIES, Report

VERSION = 1
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
            **{f"{s}s": sum(finding.severity == s for finding in report.findings) for s in SEVERITIES},
            "rules": report.rules,
            "files": report.files,
            "records": report.records,
            "records_withheld": report.withheld,
            "seconds": round(report.seconds, 3),
            "exit_code": report.exit_code,
        },
        "not_run": dict(sorted(report.not_run.items())),
        "scopes_not_run": list(report.skipped_scopes),
        "outputs": [{"path": path, "rows": rows} for path, rows in report.outputs.items()],
        "findings": [finding.as_dict() for finding in report.findings],
    }
