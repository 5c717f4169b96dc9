"""The permanent ids: ``d003`` a document, ``d003-e04`` an event, ``d003-n02`` a negative, and dyads.

Numbers are padded to three digits for documents and two for what is in them, and grow beyond without
leading zeros, so an id has one spelling only. A withdrawn number is not given again.
"""

from __future__ import annotations

from collections.abc import Iterable

from standoff.model.patterns import pattern

PERMANENT = {
    "documents": "document_id",
    "events": "event_id",
    "negatives": "negative_id",
    "actors": "actor_id",
    "places": "place_id",
}
"""Tables of the records that people write, and the columns of their permanent ids; other keys are computed from these."""

DOCUMENT = r"d(?:[0-9]{3}|[1-9][0-9]{3,})"
EVENT = rf"{DOCUMENT}-e(?:[0-9]{{2}}|[1-9][0-9]{{2,}})"
NEGATIVE = rf"{DOCUMENT}-n(?:[0-9]{{2}}|[1-9][0-9]{{2,}})"
DYAD = rf"{EVENT}-p(?:[0-9]{{2}}|[1-9][0-9]{{2,}})"

_DOCUMENT, _EVENT, _NEGATIVE, _RECORD = (
    pattern(p) for p in (DOCUMENT, EVENT, NEGATIVE, f"{DOCUMENT}|{EVENT}|{NEGATIVE}|{DYAD}")
)


def is_document_id(text: str) -> bool:
    """Whether the text is the id of a document, such as ``d003``."""
    return _DOCUMENT.fullmatch(text) is not None


def is_event_id(text: str) -> bool:
    """Whether the text is the id of an event, such as ``d003-e04``."""
    return _EVENT.fullmatch(text) is not None


def is_negative_id(text: str) -> bool:
    """Whether the text is the id of a hard negative, such as ``d003-n02``."""
    return _NEGATIVE.fullmatch(text) is not None


def is_record_id(text: str) -> bool:
    """Whether the text is the id of a document or of something in one, and not that of an actor."""
    return _RECORD.fullmatch(text) is not None


def document_of(record_id: str) -> str:
    """``d003`` for ``d003``, ``d003-e04``, ``d003-n02`` and ``d003-e04-p01``. ValueError if the text is not an id."""
    if not is_record_id(record_id):
        raise ValueError(
            f'"{record_id}" is not an id; ids look like d003, d003-e04, d003-n02 or d003-e04-p01'
        )
    return record_id.partition("-")[0]


def number_of(record_id: str) -> int:
    """The last number of an id: 4 for ``d003-e04``. ValueError if the text is not an id."""
    document_of(record_id)
    return int(record_id.rpartition("-")[2][1:])


def dyad_id(event_id: str, position: int) -> str:
    """The id of the ``position``-th dyad of an event, from 1: ``d003-e04-p01``."""
    if not is_event_id(event_id) or position < 1:
        raise ValueError(f'a dyad needs an event id and a position from 1, not "{event_id}" and {position}')
    return f"{event_id}-p{position:02}"


def next_id(existing: Iterable[str], document_id: str, letter: str) -> str:
    """The id for a new event (``letter`` "e") or negative ("n") of a document: one more than the highest.

    ``existing`` must hold the withdrawn ids too, as gaps are not filled; ids of other documents or kinds
    in it do not matter. ValueError for another letter or a wrong document id.
    """
    if letter not in ("e", "n") or not is_document_id(document_id):
        raise ValueError(
            f'a new id needs a document id and the letter e or n, not "{document_id}" and "{letter}"'
        )
    pattern = _EVENT if letter == "e" else _NEGATIVE
    stem = f"{document_id}-{letter}"
    taken = [int(i[len(stem) :]) for i in existing if i.startswith(stem) and pattern.fullmatch(i)]
    return f"{stem}{max(taken, default=0) + 1:02}"


def new_document_id(existing: Iterable[str], sha256: str) -> str:
    """The id for a new document: ``d`` and four digits that follow from the SHA-256 of its text.

    Numbers in sequence would give two contributors, who do not know of each other, the same id for different documents.
    A number that is taken is passed over; ``existing`` must hold the withdrawn ids too.
    """
    taken = set(existing)
    start = int(sha256, 16)
    for step in range(9000):
        if (new := f"d{1000 + (start + step) % 9000}") not in taken:
            return new
    raise ValueError("all numbers of four digits are taken")
