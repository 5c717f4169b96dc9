"""Output of PETRARCH, PETRARCH 2 and Universal PETRARCH (and TABARI): tab-separated, no header.

date, source, target, code, then columns whose number depends on the story and on the configuration; among them the
ids ``DOCUMENT_SENTENCE``, joined by ";". The format has no words, so records are matched by sentence.
"""

from __future__ import annotations

import re
from pathlib import Path

from standoff.exchange import building, values
from standoff.exchange.documents import Documents
from standoff.exchange.records import Intake, Record, mark_duplicates

NAME = "petrarch"
LEAST_COLUMNS = 4
FIRST_OF_CENTURY = 50
"""Two-digit years from this one on are of the twentieth century."""
_DATE = re.compile(r"(?:[12]\d{3}|\d{2})(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", re.ASCII)
_CODE = re.compile(r"\d{2,4}|---", re.ASCII)
_ID = re.compile(r"(?P<document>[^;\t]*[^;\t_])[_-](?P<sentence>\d{1,6})", re.ASCII)
HEADER = frozenset(("date", "day", "eventdate", "event_date"))
"""How the first column is called in files that somebody gave a header."""
LINE = re.compile(r"\d{6,8}\t[A-Z0-9~-]*\t[A-Z0-9~-]*\t(?:\d{2,4}|---)(?:\t|$)", re.ASCII)
"""How a line of this format begins."""


def read(path: Path, documents: Documents) -> Intake:
    """Read a file that PETRwriter wrote."""
    intake = Intake(str(path), NAME)
    intake.note(
        "Sentences are counted from 1 as standoff splits the text. If your coder split it otherwise, use --match document."
    )
    first = True
    for number, text, why in values.lines(path, legacy=True):
        cells = (text or "").split("\t")
        headed = first and cells[0].strip().casefold() in HEADER
        first = False
        if headed:
            continue
        if text is None:
            intake.unparsable(number, why)
        elif len(cells) < LEAST_COLUMNS:
            intake.unparsable(
                number, f"expected at least {LEAST_COLUMNS} columns with tabs, found {len(cells)}"
            )
        elif not _DATE.fullmatch(cells[0].strip()) or not _CODE.fullmatch(cells[3].strip()):
            intake.unparsable(number, "expected date, source, target and code first")
        else:
            _add(cells, number, documents, intake)
    mark_duplicates(intake)
    return intake


def _add(cells: list[str], number: int, documents: Documents, intake: Intake) -> None:
    faults: list[str] = []
    document, sentence = _place(cells[LEAST_COLUMNS:], documents)
    document_id = building.known_document(document, documents, intake, number, faults)
    day = cells[0].strip()
    if len(day) == 6:
        day = f"{(1900 if int(day[:2]) >= FIRST_OF_CENTURY else 2000) + int(day[:2])}{day[2:]}"
    intake.take(
        Record(
            line=number,
            document=document,
            document_id=document_id,
            level="sentence" if sentence is not None else "document",
            sentence=sentence,
            action=building.given(cells[3]),
            actors=building.coded(cells[1]),
            targets=building.coded(cells[2]),
            date=building.date(day, intake, number, faults),
            faults=tuple(faults),
        )
    )


def _place(cells: list[str], documents: Documents) -> tuple[str | None, int | None]:
    """Return document and sentence from the first cell of ids; one that names a known document wins."""
    found: list[tuple[str, int]] = []
    for cell in cells:
        matches = [_ID.fullmatch(part.strip()) for part in cell.split(";")]
        if all(matches):
            found += [(m["document"], int(m["sentence"])) for m in matches if m]
    for document, sentence in found:
        if documents.resolve(document) is not None:
            return document, sentence
    for cell in cells:
        if cell.strip() and documents.resolve(cell.strip()) is not None:
            return cell.strip(), None
    return found[0] if found else (None, None)
