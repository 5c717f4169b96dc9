"""Fields in one line of text, as tools keep them in the note of an annotation: ``date: 2023-10-17 | note: why``."""

from __future__ import annotations

import re
from collections.abc import Mapping

KEYS = (
    "id",
    "action",
    "status",
    "date",
    "date_basis",
    "shape",
    "reciprocal",
    "count_min",
    "incident",
    "unplaced",
    "linked",
    "reason",
    "would_be_action",
    "would_be_actor",
    "would_be_target",
    "actor",
    "place",
    "event",
    "implicit",
    "source_error",
    "note",
)
"""The fields that a note may hold, in the order in which they are written."""
_PLACES = {name: place for place, name in enumerate(KEYS)}
_ESCAPES = {"\\": "\\\\", "|": "\\|", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LEADS = {value[1]: key for key, value in _ESCAPES.items()}
_AWKWARD = re.compile(r"[\\|\n\r\t]|[\x00-\x1f\x7f-\x9f\u2028\u2029]|^\s|\s$")
_PIECES = re.compile(r"(?:\\.|[^|])+", re.DOTALL)
_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(.))")
_PIECE = re.compile(r"\s*([A-Za-z][A-Za-z_ ]*?)\s*[:=]\s*(.*)", re.DOTALL)
_SHORT = re.compile(r";\s*(?=(?:date|status|actor|target|attribution)\s*[:=])", re.IGNORECASE)
SHORT = ("date", "status", "actor", "target", "attribution")


def write(fields: Mapping[str, str]) -> str:
    """Return the fields whose names are known as one line; empty if there are none."""
    names = sorted((name for name in fields if name in _PLACES), key=_PLACES.__getitem__)
    return " | ".join(f"{name}: {_escape(fields[name])}" for name in names if fields[name])


def read(text: str) -> dict[str, str]:
    """Return the fields of a note. Words that are not of the form ``key: value`` become the field `note`."""
    found: dict[str, str] = {}
    loose: list[str] = []
    for piece in _PIECES.findall(text):
        for part in _SHORT.split(piece) if _is_short(piece) else [piece]:
            match = _PIECE.fullmatch(part)
            key = match[1].casefold().replace(" ", "_") if match else ""
            if match and (key in KEYS or key in SHORT):
                found[key] = _unescape(match[2].strip())
            elif part.strip():
                loose.append(part.strip())
    if loose:
        found["note"] = " | ".join(([found["note"]] if "note" in found else []) + loose)
    return found


def _is_short(piece: str) -> bool:
    match = _PIECE.fullmatch(piece)
    return match is not None and match[1].casefold() in SHORT


def _escape(text: str) -> str:
    return _AWKWARD.sub(lambda m: _ESCAPES.get(m[0], f"\\u{ord(m[0]):04x}"), text)


def _unescape(text: str) -> str:
    def back(match: re.Match[str]) -> str:
        return chr(int(match[1], 16)) if match[1] else _LEADS.get(match[2], match[0])

    return _ESCAPED.sub(back, text)
