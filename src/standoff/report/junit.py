"""Findings as JUnit XML, which build servers show as tests: failing, passing and skipped cases.

A failing case stands for a finding, a passing one for a rule that is kept, a skipped one for a rule that was not run,
at least not on all it is about.
"""

from __future__ import annotations

from xml.etree import ElementTree as Xml

from standoff.findings import CRASH, Finding, Report
from standoff.report.text import left_out
from standoff.rules.catalogue import all_rules
from standoff.terminal import printable


def render(report: Report) -> str:
    """Return one test suite, as XML in ASCII. Notes are not failures and are left out."""
    failing = [finding for finding in report.findings if finding.severity != "note"]
    broken = {finding.code for finding in failing}
    cases = [_failing(finding) for finding in failing]
    skipped = dict.fromkeys(
        (code for code, rule in all_rules().items() if rule.scope in report.skipped_scopes),
        "only some of the corpus was given",
    )
    skipped |= dict.fromkeys(report.not_run, "a rule that must hold first had failed") | report.unable
    for code in sorted((report.ran | skipped.keys()) - broken):
        case = Xml.Element("testcase", {"classname": f"standoff.{_scope(code)}", "name": code})
        if code in skipped:
            Xml.SubElement(case, "skipped", {"message": skipped[code]})
        cases.append(case)
    for finding in report.accepted:
        case = _case(finding)
        message = f"{finding.message}; accepted: {finding.accepted}"
        Xml.SubElement(case, "skipped", {"message": printable(message)})
        cases.append(case)
    numbers = {
        "tests": len(cases),
        "failures": sum(finding.code != CRASH for finding in failing),
        "errors": sum(finding.code == CRASH for finding in failing),
    }
    shown = {key: str(number) for key, number in numbers.items()}
    root = Xml.Element("testsuites", {"name": "standoff check", **shown})
    suite = Xml.SubElement(
        root, "testsuite", {"name": "standoff check", **shown, "time": f"{report.seconds:.3f}"}
    )
    suite.extend(cases)
    if report.left_out:
        Xml.SubElement(suite, "system-out").text = "\n".join(left_out(report))
    Xml.indent(root)
    xml: bytes = Xml.tostring(root, encoding="us-ascii", xml_declaration=True)
    return xml.decode("ascii") + "\n"


def _scope(code: str) -> str:
    rule = all_rules().get(code)
    return rule.scope if rule else "runner"


def _place(finding: Finding) -> str:
    return printable(f"{finding.path}:{finding.line}:{finding.column}")


def _case(finding: Finding) -> Xml.Element:
    return Xml.Element(
        "testcase",
        {
            "classname": f"standoff.{_scope(finding.code)}",
            "name": f"{finding.code} {_place(finding)}",
            "file": printable(finding.path),
            "line": str(finding.line),
        },
    )


def _failing(finding: Finding) -> Xml.Element:
    case = _case(finding)
    kind = "error" if finding.code == CRASH else "failure"
    message = printable(finding.message)
    failure = Xml.SubElement(case, kind, {"type": finding.severity, "message": message})
    lines = [f"{_place(finding)}: {message}"]
    lines += [f'closest: "{printable(finding.closest)}"'] if finding.closest is not None else []
    lines += [f"to fix it: {printable(finding.remedy)}"] if finding.remedy is not None else []
    if finding.page:
        lines.append(f"about the rule: {finding.web_page or f'standoff explain {finding.code}'}")
    failure.text = "\n".join(lines)
    return case
