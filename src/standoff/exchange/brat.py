"""brat standoff: ``.ann`` files, one for each document, with the text beside them or not.

Events are ``E`` lines whose type is an action code (``Act-190``); arguments Actor and Target are the parties, and a
normalisation ``N`` of an argument's words gives its registry id. Status, Reciprocal, Date and further attributes are
read from ``A`` lines, and from annotator notes of the form ``date: 2023-10-17``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from standoff.exchange import building, place, values
from standoff.exchange.documents import Documents
from standoff.exchange.place import Placed
from standoff.exchange.records import Intake, Party, Passage, Record, mark_duplicates
from standoff.exchange.textee import ACTOR_ROLES, TARGET_ROLES, action_of
from standoff.findings import UsageError

NAME = "brat"
SUFFIX = ".ann"
_TEXT_BOUND = re.compile(r"(\S+) ((?:\d+ \d+;)*\d+ \d+)", re.ASCII)
_FIELD = re.compile(r"(date|status|actor|target|attribution)\s*[:=]\s*(.+)", re.IGNORECASE)
_KEY = re.compile(r"(?:[TEAMNR*]\d*|#\d*)")


def read(path: Path, documents: Documents) -> Intake:
    """Read an ``.ann`` file, or all of a folder. Line numbers count within each file."""
    files = sorted(path.rglob(f"*{SUFFIX}")) if path.is_dir() else [path]
    if not files:
        raise UsageError(f"{path} has no {SUFFIX} file")
    intake = Intake(str(path), NAME)
    for file in files:
        _file(file, documents, intake)
    mark_duplicates(intake)
    return intake


def _file(file: Path, documents: Documents, intake: Intake) -> None:
    words: dict[str, tuple[str, int, int]] = {}
    events: list[tuple[int, str, list[str]]] = []
    ids: dict[str, str] = {}
    fields: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for number, text, why in values.lines(file):
        if text is None:
            intake.unparsable(number, f"{file.name}: {why}")
            continue
        key, _, rest = text.partition("\t")
        body, _, tail = rest.partition("\t")
        parts = body.split()
        if not _KEY.fullmatch(key):
            intake.unparsable(number, f"{file.name}: not a line of brat")
        elif key.startswith("T"):
            match = _TEXT_BOUND.fullmatch(body)
            if match is None:
                intake.unparsable(number, f"{file.name}: {key} has no offsets")
                continue
            start, end = (int(n[:18]) for n in match[2].split(";")[0].split())
            shown = tail if ";" not in match[2] else tail[: end - start]
            words[key] = (shown, start, end)
        elif key.startswith("E") and parts:
            events.append((number, key, parts))
        elif key.startswith("N") and len(parts) > 2:
            ids[parts[1]] = parts[2].partition(":")[2]
        elif key.startswith(("A", "M")) and len(parts) > 1:
            fields[parts[1]][parts[0].casefold()] = parts[2] if len(parts) > 2 else "true"
        elif key.startswith("#") and len(parts) > 1:
            for piece in re.split(r"[;|]\s*", tail):
                if found := _FIELD.fullmatch(piece.strip()):
                    fields[parts[1]][found[1].casefold()] = found[2].strip()
    for number, key, parts in events:
        _event(file, number, parts, words, ids, fields[key], documents, intake)


def _event(
    file: Path,
    number: int,
    parts: list[str],
    words: dict[str, tuple[str, int, int]],
    ids: dict[str, str],
    fields: dict[str, str],
    documents: Documents,
    intake: Intake,
) -> None:
    faults: list[str] = []
    document_id = building.known_document(file.stem, documents, intake, number, faults)
    text = documents[document_id].text if document_id else None
    label, _, anchor = parts[0].rpartition(":")
    sides: dict[str, list[Party]] = {"actor": [], "target": []}
    for part in parts[1:]:
        role, _, what = part.partition(":")
        role = role.rstrip("0123456789").casefold()
        side = "actor" if role in ACTOR_ROLES else "target" if role in TARGET_ROLES else None
        if side is None:
            intake.note("arguments with roles other than actor and target are not read")
        elif what in words:
            shown, start, end = words[what]
            passage = place.by_offsets(text, start, end, shown).passage
            sides[side].append(Party(id=ids.get(what), name=shown, passage=passage))
    if anchor in words:
        shown, start, end = words[anchor]
        placed = place.by_offsets(text, start, end, shown)
    else:
        placed = Placed(Passage(None), None, "no-place", f"{file.name}: the trigger {anchor} is not there")
    intake.records.append(
        Record(
            line=number,
            document=file.stem,
            document_id=document_id,
            trigger=building.passage(placed, intake, number, faults),
            action=action_of(label),
            actors=tuple(sides["actor"]),
            targets=tuple(sides["target"]),
            date=building.date(fields.get("date"), intake, number, faults),
            status=fields.get("status"),
            reciprocal=fields.get("reciprocal") == "true",
            faults=tuple(faults),
        )
    )
