"""Markdown as programs write it: tables, and the generated parts of documents that people write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from standoff.findings import UsageError

_MARKER = re.compile(r"^<!-- (begin|end) ([a-z-]+)\b[^\n]*-->$", re.MULTILINE)
_PART = re.compile(
    r"^(?P<begin><!-- begin (?P<name>[a-z-]+)\b[^\n]*-->\n)(?P<text>.*?)^(?P<end><!-- end (?P=name) -->)$",
    re.DOTALL | re.MULTILINE,
)


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; None is an empty cell. Columns but the first stand to the right if all their cells are numbers."""
    shown = [["" if cell is None else _cell(str(cell)) for cell in row] for row in rows]
    numbers = [
        any(row[i] for row in shown) and all(_is_number(row[i]) for row in shown) for i in range(len(header))
    ]
    marks = ["---:" if i and numbers[i] else "---" for i in range(len(header))]
    return "\n".join(f"| {' | '.join(line)} |" for line in (list(header), marks, *shown))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def _is_number(cell: str) -> bool:
    return cell in ("", "–") or re.fullmatch(r"[-−]?[0-9][0-9,.]*", cell) is not None


def filled(document: str) -> dict[str, str]:
    """Return what is between the markers of each part of a document, by the name of the part."""
    return {match["name"]: match["text"] for match in _PART.finditer(document)}


def fill(document: str, parts: Mapping[str, str]) -> str:
    """Put each part between its markers, ``<!-- begin NAME -->`` and ``<!-- end NAME -->``, in a document.

    UsageError if a marker is missing, stands twice, has no partner, or names no part: then text that people
    wrote might be lost, or what is generated left out.
    """
    marks = _MARKER.findall(document)
    names = {name for _, name in marks}
    in_order = [
        mark for name in dict.fromkeys(n for _, n in marks) for mark in (("begin", name), ("end", name))
    ]
    if marks != in_order or names != set(parts):
        wrong = names ^ set(parts) or {name for name in names if marks.count(("end", name)) != 1} or names
        raise UsageError(
            f"the markers of {', '.join(sorted(wrong))} are wrong: each generated part occurs once, between lines "
            f"<!-- begin NAME --> and <!-- end NAME -->, and the parts are: {', '.join(sorted(parts))}"
        )
    return _PART.sub(lambda m: f"{m['begin']}\n{parts[m['name']].strip()}\n\n{m['end']}", document)
