"""Findings as SARIF 2.1.0, which code hosts and editors read (OASIS standard, docs.oasis-open.org/sarif)."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import Any
from urllib.parse import quote

from standoff import __version__
from standoff.findings import CRASH, Finding, Report
from standoff.rules.catalogue import all_rules
from standoff.rules.rule import page_of
from standoff.terminal import printable


def render(report: Report) -> str:
    """Return a log of one run with all findings, as JSON in ASCII."""
    return json.dumps(_log(report), indent=2) + "\n"


def _log(report: Report) -> dict[str, Any]:
    codes = sorted(all_rules().keys() | {finding.code for finding in (*report.findings, *report.accepted)})
    seen: Counter[tuple[str | None, ...]] = Counter()
    return {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "standoff",
                        "version": __version__,
                        "semanticVersion": __version__,
                        "rules": [_rule(code) for code in codes],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "invocations": [{"executionSuccessful": not report.crashed, "exitCode": report.exit_code}],
                "results": [
                    _result(finding, codes.index(finding.code), seen)
                    for finding in (*report.findings, *report.accepted)
                ],
                "properties": {"findingsNotListed": report.left_out.total()},
            }
        ],
    }


def _rule(code: str) -> dict[str, Any]:
    rule = all_rules().get(code)
    if rule is None:
        text = "A rule broke down." if code == CRASH else code
        return {"id": code, "shortDescription": {"text": text}, "defaultConfiguration": {"level": "error"}}
    page = page_of(rule)
    return {
        "id": code,
        "name": "".join(word.capitalize() for word in code.split("-")),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.summary},
        "help": {"text": f"{rule.advice}\n\nAn example: standoff explain {code}"},
        "defaultConfiguration": {"level": rule.severity},
        **({"helpUri": page} if page and "://" in page else {}),
        "properties": {"tags": [rule.scope], "page": page},
    }


def _result(finding: Finding, index: int, seen: Counter[tuple[str | None, ...]]) -> dict[str, Any]:
    sentences = [finding.message]
    sentences += [f'Closest: "{finding.closest}"'] if finding.closest is not None else []
    sentences += [f"To fix it: {finding.remedy}"] if finding.remedy is not None else []
    # What stays the same while lines move: the rule, the file, the record, and which of several alike it is.
    identity = (finding.code, finding.path, finding.id, finding.message)
    seen[identity] += 1
    digest = hashlib.sha256(json.dumps([*identity, seen[identity]]).encode()).hexdigest()
    artifact = {"uri": _uri(finding.path)}
    where: dict[str, Any] = {"artifactLocation": artifact, "region": _region(finding.place)}
    if finding.excerpt is not None and finding.end_line == finding.line:
        line = {"startLine": finding.line, "endLine": finding.line}
        if finding.excerpt_column > 1:
            line |= {
                "startColumn": finding.excerpt_column,
                "endColumn": finding.excerpt_column + len(finding.excerpt),
            }
        where["contextRegion"] = {**line, "snippet": {"text": printable(finding.excerpt)}}
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": finding.severity,
        "message": {"text": ". ".join(printable(sentence).rstrip(".") for sentence in sentences) + "."},
        "locations": [{"physicalLocation": where}],
        "partialFingerprints": {"standoffFinding/v1": digest},
        "properties": {"data": dict(finding.data), "page": finding.page},
    }
    if finding.accepted is not None:
        result["suppressions"] = [{"kind": "external", "justification": printable(finding.accepted)}]
        result["properties"] = {"acceptedInThisChange": finding.accepted_now}
    if finding.fix is not None:
        replacement = {
            "deletedRegion": _region(finding.fix.place),
            "insertedContent": {"text": finding.fix.replacement},
        }
        change = {"artifactLocation": artifact, "replacements": [replacement]}
        what = {"text": printable(finding.remedy or "Fix it.")}
        result["fixes"] = [{"description": what, "artifactChanges": [change]}]
    return result


def _region(place: Any) -> dict[str, Any]:
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }


def _uri(path: str) -> str:
    """The path as a relative reference, or a file URI where it lies outside the working directory."""
    return ("file://" if path.startswith("/") else "") + quote(path, errors="backslashreplace")
