"""What must not be in the raw text of any file that people write: hidden characters and git's conflict marks."""

from __future__ import annotations

import re

from standoff.model.classes import dataclass
from standoff.model.patterns import pattern
from standoff.model.places import Fix, Place


@dataclass(frozen=True, slots=True)
class ReadFault:
    """What keeps a text from being read as one meaning: the code of the rule, and where."""

    rule: str
    place: Place
    message: str
    remedy: str | None = None
    fix: Fix | None = None


# Characters that must not stand raw in a file that people review: controls, line breaks that only some
# YAML readers know, tabs, which readers take in different places, and the bidirectional controls with which a
# text can show other words than it holds.
_CONTROL = pattern("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_BIDI = pattern("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def raw_faults(text: str) -> list[ReadFault]:
    """Return what must not be in the raw text of a source file: hidden characters and git's conflict marks."""
    return [*hidden_characters(text), *conflict_marks(text)]


_LONE_RETURN = pattern("\r(?!\n)")

_CONFLICT_MARK = pattern(r"^(<{7}|\|{7}|={7}|>{7})(?![^ \r\n])", re.MULTILINE)


def conflict_marks(text: str, *, underlines: bool = False) -> list[ReadFault]:
    """Return one fault at the first of git's conflict marks in `text`, and none if there is no mark.

    Git writes a mark at the start of a line: seven signs, then a blank or the end of the line. With `underlines`
    a line of equals signs counts only beside another mark, because a document may underline a heading so.
    """
    if not any(sign * 7 in text for sign in "<|=>"):
        return []
    found = {match[1][0]: match for match in reversed(list(_CONFLICT_MARK.finditer(text)))}
    if not found or (underlines and found.keys() == {"="}):
        return []
    first = min(found.values(), key=re.Match.start)
    line = text.count("\n", 0, first.start()) + 1
    return [
        ReadFault(
            "conflict-mark",
            Place(line, 1, line, 8),
            f"git's conflict mark {first[1]} begins this line: a merge was not finished",
            "keep the lines of one version, and delete the lines that begin with <<<<<<<, |||||||, ======= or >>>>>>>",
        )
    ]


def hidden_characters(text: str) -> list[ReadFault]:
    """Return the control and bidirectional characters that stand raw in `text`; at most 20."""
    if text.replace("\n", "").isprintable():  # no character that is looked for is printable
        return []
    faults: list[ReadFault] = []
    for rule, characters, what in (
        ("control-character", _CONTROL, "control character"),
        ("bidi-control", _BIDI, "bidirectional control"),
    ):
        for match in characters.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            column = match.start() - (text.rfind("\n", 0, match.start()) + 1) + 1
            code = ord(match.group())
            escape = "\\t" if code == 0x09 else f"\\u{code:04X}"
            name = "a tab" if code == 0x09 else f"the {what} U+{code:04X}"
            remedy = f'write it as "{escape}" in double quotes if the document has it'
            faults.append(
                ReadFault(
                    rule,
                    Place(line, column, line, column + 1),
                    f"{name} is in the file but is invisible",
                    ("write spaces, or " if code == 0x09 else "delete it, or ") + remedy,
                )
            )
            if len(faults) >= 20:  # a binary file: more of the same teaches nothing
                return faults
    if lone := _LONE_RETURN.search(text):
        line = text.count("\n", 0, lone.start()) + 1
        column = lone.start() - (text.rfind("\n", 0, lone.start()) + 1) + 1
        faults.append(
            ReadFault(
                "control-character",
                Place(line, column, line, column + 1),
                "this line ends in a carriage return alone (U+000D), as on old Macs: many tools see one long line",
                "save the file with line feeds (LF); standoff fmt does it too",
            )
        )
    return faults
