"""A diff for people and programs: text, Markdown (`CHANGES.md`), JSON, and CSV (`changes.csv`)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from standoff import markdown
from standoff.model.ids import PERMANENT
from standoff.model.versions import STEPS, Version
from standoff.release.diff import CODES, KINDS, Change, Diff
from standoff.terminal import printable

COLUMNS = ("table", "change", "key", "column", "old", "new", "step")
DETAILED = (*PERMANENT, CODES)
"""Tables whose rows are listed one by one; the others are computed from these, and only counted."""

TOLD = {
    "documents": ("title",),
    "events": ("action", "actors", "targets", "date"),
    "negatives": ("reason", "trigger", "text"),
    "actors": ("actor_name", "name"),
    "actions": ("label",),
}
"""The cells by which a row that comes or goes is introduced."""

MOST = 200
"""Lines for one table in `CHANGES.md`; all of them are in `changes.csv`."""

INSTEAD = frozenset({"table-added", "column-added", "column-withdrawn"})
"""Kinds of change whose `new` is a sentence: what is new, or what to use instead."""

SIGNS = {
    "row-added": "+",
    "row-withdrawn": "-",
    "code-withdrawn": "-",
    "released-id-vanished": "-",
    "released-id-reused": "+",
}


def verdict(diff: Diff) -> str:
    """Say in a sentence what version the change needs, and whether it has it."""
    if not diff.changes:
        return "No table changed." + (
            "" if diff.old == diff.new else f" A patch step is enough: {diff.least_version}."
        )
    if diff.step == "refused":
        return "No version allows this change: ids are permanent."
    least = diff.least_version
    need = f"The change needs a {diff.step} step: {least} or higher"
    if Version.parse(diff.new).release >= least:
        return f"{need}; {diff.new} is enough."
    return f"{need}; {diff.new} is too low."


def is_allowed(diff: Diff) -> bool:
    """Whether the new version may carry the change."""
    if not diff.changes:
        return Version.parse(diff.new) >= Version.parse(diff.old)
    return diff.step != "refused" and Version.parse(diff.new).release >= diff.least_version


def as_csv(changes: Iterable[Change]) -> str:
    """Return `changes.csv`: a line for each row or cell; null is nothing, as in the tables."""
    rows = (change.as_dict().values() for change in changes)
    return "".join(",".join(map(_quoted, row)) + "\n" for row in (COLUMNS, *rows))


def _quoted(cell: str | None) -> str:
    """A cell as the tables' CSV has it; Python's own writer leaves a lone CR bare, which readers take for a line."""
    if cell is None:
        return ""
    return f'"{cell.replace(chr(34), chr(34) * 2)}"' if re.search(r'[",\r\n]', cell) else cell


def as_json(diff: Diff) -> str:
    """Return the diff as JSON: the verdict, the reasons, and every change with the cells of whole rows."""
    document: dict[str, Any] = {
        "old": diff.old,
        "new": diff.new,
        "step": diff.step,
        "least_version": None if diff.step == "refused" else str(diff.least_version),
        "allowed": is_allowed(diff),
        "reasons": [
            {"change": kind, "step": KINDS[kind][0], "meaning": KINDS[kind][1], "count": count}
            for kind, count in diff.kinds().items()
        ],
        "changes": [
            {**change.as_dict(), **({"cells": change.cells} if change.cells is not None else {})}
            for change in diff.changes
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def as_text(diff: Diff) -> str:
    """Return the diff for a terminal."""
    lines = [f"{diff.old} → {diff.new}", verdict(diff), ""]
    lines += [
        f"  {KINDS[kind][0]:<8} {kind:<20} {count:>6,}  {KINDS[kind][1]}"
        for kind, count in diff.kinds().items()
    ]
    for table, changes in _by_table(diff):
        lines += [
            "",
            f"{table}: {_counted(changes)}",
            *(f"  {line}" for line in _told(table, changes, printable)),
        ]
    return "\n".join(lines).rstrip() + "\n"


def as_markdown(diff: Diff) -> str:
    """Return the diff as Markdown; words out of the data are escaped."""
    lines = [f"## {diff.old} → {diff.new}", "", verdict(diff), ""]
    if diff.changes:
        lines += ["| step | change | how often | what it means |", "|---|---|---:|---|"]
        lines += [
            f"| {KINDS[kind][0]} | `{kind}` | {count:,} | {KINDS[kind][1]} |"
            for kind, count in diff.kinds().items()
        ]
    for table, changes in _by_table(diff):
        lines += ["", f"### {table}", "", f"{_counted(changes)}."]
        told = [f"- {line}" for line in _told(table, changes, _escaped)]
        if told:
            lines += ["", *told[:MOST]]
        if len(told) > MOST:
            lines += [f"- … and {len(told) - MOST:,} more, see changes.csv"]
    return "\n".join(lines).rstrip() + "\n"


def changes_file(diff: Diff | None, version: str) -> str:
    """Return `CHANGES.md` of a release; None stands for the first one."""
    head = f"# Changes in {version}\n\n"
    if diff is None:
        return head + "This is the first release: there is nothing before it.\n"
    return head + as_markdown(diff) + "\nEvery row and cell that changed is in `changes.csv`.\n"


FORMATS: dict[str, Callable[[Diff], str]] = {
    "text": as_text,
    "markdown": as_markdown,
    "json": as_json,
    "csv": lambda diff: as_csv(diff.changes),
}


def _by_table(diff: Diff) -> Iterator[tuple[str, list[Change]]]:
    for table in dict.fromkeys(change.table for change in diff.changes):
        yield table, [change for change in diff.changes if change.table == table]


def _counted(changes: list[Change]) -> str:
    counts: dict[str, int] = {}
    for change in changes:
        counts[change.kind] = counts.get(change.kind, 0) + 1
    ordered = sorted(counts.items(), key=lambda item: -STEPS.index(KINDS[item[0]][0]))
    return ", ".join(f"{count:,} {kind}" for kind, count in ordered)


def _told(table: str, changes: list[Change], clean: Callable[[str], str]) -> Iterator[str]:
    """A line for each change of the structure, and of the rows where the table is not a computed one."""
    for change in changes:
        if change.kind == "column-filled":
            continue
        if change.key is None:
            words = [f"{change.kind} {clean(change.column or table)}"]
            if change.kind in INSTEAD and change.new:
                yield f"{words[0]}: {clean(change.new)}"
                continue
        elif table in DETAILED or change.step == "refused":
            words = [f"{SIGNS.get(change.kind, '~')} {clean(' '.join(change.key))}"]
            if change.step == "refused":
                words.append(KINDS[change.kind][1])
            if change.column:
                words.append(f"{clean(change.column)}:")
        else:
            continue
        if change.cells is not None:
            told = (change.cells.get(name) for name in TOLD.get(table, ()))
            words += [clean(value) for value in told if value]
        elif change.column or change.key is None:
            words += _from_to(change, clean)
        yield " ".join(words)


def _from_to(change: Change, clean: Callable[[str], str]) -> list[str]:
    if change.old is None and change.new is None:
        return []
    shown = [f'"{clean(value)}"' if value is not None else "nothing" for value in (change.old, change.new)]
    return [f"{shown[0]} → {shown[1]}"]


def _escaped(text: str) -> str:
    """Words out of the data, such that Markdown shows them as they are."""
    return re.sub(r"([\\`*_{}\[\]<>|#~&])", r"\\\1", printable(text))


def kinds_table() -> str:
    """Return which change needs which step, as a table in Markdown."""
    rows = ((step, f"`{kind}`", meaning) for kind, (step, meaning) in KINDS.items())
    return markdown.table(("step", "change", "what it means"), rows)
