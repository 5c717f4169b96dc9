"""One finding for a fault that search and replace has made many times in one file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from standoff.findings import Finding
from standoff.model.classes import replace
from standoff.model.patterns import pattern

ALIKE = 3
"""So many findings of one file that say the same are one."""
OF_ONE_ID = 2
"""The same for an id or an element that no list has: two records that have it are one slip."""
OF_ONE_FORM = 5
"""So many values of one key in a file that all have the same wrong form are one finding."""
SHOWN = 8
"""The most lines that the finding names."""

_REPEATABLE = frozenset(
    (
        "control-character",
        "malformed-value",
        "missing-key",
        "unknown-action",
        "unknown-actor",
        "unknown-code-element",
        "unknown-key",
        "unknown-place",
        "unknown-value",
        "would-be-unknown",
    )
)
_IDS = frozenset(("unknown-actor", "unknown-code-element", "unknown-place"))
_ROLES = pattern(r"\[\d+\]|^the (?:actor|target|attribution|via|place)\b|\bin [A-Z0-9]+(?= is in none)")
"""What differs between findings that say the same: the number of the record, the role of an actor, the code with an element."""


def folded(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings in the same order; those of a file that say the same are one, which names the other lines.

    Findings that `standoff check --fix` can fix stay apart, and so do those about empty values: each has to be filled in.
    """
    rest: list[Finding] = []
    groups = defaultdict[tuple[str, ...], list[Finding]](list)
    for finding in findings:
        empty = finding.data.get("value") == ""
        if finding.code in _REPEATABLE and finding.fix is None and not empty:
            groups[finding.path, finding.code, _ROLES.sub("", finding.message)].append(finding)
        else:
            rest.append(finding)
    forms = defaultdict[tuple[str, ...], list[list[Finding]]](list)
    for (path, code, message), group in groups.items():
        form = code == "malformed-value" and group[0].data.get("expected")
        key = (path, code, *form) if form else (path, code, "", message)
        if (
            code == "unknown-key" and len(group) == 1
        ):  # many unknown keys of one record: its own line may be lost
            key = (path, code, group[0].data.get("field", "").rpartition(".")[0])
        forms[key].append(group)
    for alike in forms.values():
        merged = sorted((each for group in alike for each in group), key=lambda each: each.sort_key)
        least = OF_ONE_ID if merged[0].code in _IDS else ALIKE
        same = len(alike) == 1 and len(merged) >= least
        rest += [_one(merged)] if same or len(merged) >= OF_ONE_FORM else merged
    return sorted(rest, key=lambda each: each.sort_key)


def _one(findings: list[Finding]) -> Finding:
    first, *others = findings
    lines = list(dict.fromkeys(str(each.line) for each in others))
    named = ", ".join(lines[:SHOWN]) + (" …" if len(lines) > SHOWN else "")
    places = f"{len(others)} more place{'s' * (len(others) > 1)} of this file, line{'s' * (len(lines) > 1)} {named}"
    return replace(first, message=f"{first.message}; the same in {places}")
