"""What readers share: which document a record is about, and where its trigger is."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from standoff.codes import shipped
from standoff.exchange import values
from standoff.exchange.documents import Documents
from standoff.exchange.place import Placed
from standoff.exchange.records import Intake, Party, Passage
from standoff.exchange.values import NotARecord
from standoff.model.dates import EventDate

NONE_MARKS = frozenset(("", "---", "none", "null", "na", "n/a", "nan"))


def resolved(name: Callable[[], str | None], documents: Documents) -> str | None:
    """Return the id of the document that `name` returns; None if it is unknown or `name` raises NotARecord."""
    try:
        return documents.resolve(name())
    except NotARecord:
        return None


def known_document(
    name: str | None, documents: Documents, intake: Intake, number: int, faults: list[str]
) -> str | None:
    """Return the id of the document that a record names; report where it is unknown."""
    found = documents.resolve(name)
    if found is None:
        what = (
            f'"{name}" is neither id, file, SHA-256 nor address of a document'
            if name
            else "no document is named"
        )
        faults.append(intake.report("unknown-document", number, what))
    return found


def story_of(name: str | None, documents: Documents) -> str | None:
    """Return the known document that a record's id begins with (``d001_COOPERATE_R``, ``d001-e02``); None if there is none."""
    while name and documents.resolve(name) is None:
        name = name[: max(name.rfind("_"), name.rfind("-"), 0)]
    return name or None


def passage(placed: Placed, intake: Intake, number: int, faults: list[str]) -> Passage:
    """Return the passage of a trigger; count how it was placed, and report its fault."""
    if placed.how:
        intake.placed(placed.how, number)
    if placed.fault:
        faults.append(intake.report(placed.fault, number, placed.message))
    return placed.passage


def date(text: str | None, intake: Intake, number: int, faults: list[str]) -> EventDate | None:
    """Return a date; report a text that is not a date."""
    try:
        return values.date_of(text)
    except NotARecord as error:
        faults.append(intake.report("bad-date", number, str(error)))
        return None


def given(text: str | None) -> str | None:
    """Return a cell's text; None for the marks that formats use for "nothing"."""
    text = (text or "").strip()
    return None if text.casefold() in NONE_MARKS else text


_CODE = re.compile(r"(?:[A-Z0-9]{3})+")


def coded(code: str | None, name: str | None = None, country: str | None = None) -> tuple[Party, ...]:
    """Return one side that a table gives by code, name and country, none where all are empty.

    A code whose country is unknown (``---GOV``) is no code: nothing can equal it.
    """
    code, name, country = given(code), given(name), given(country)
    if code and not _CODE.fullmatch(code.upper()):
        code, name = None, name or code
    if not (code or name or country):
        return ()
    return (Party(code=code.upper() if code else None, name=name, country=country_code(country)),)


def country_code(name: str | None) -> str | None:
    """Return the three-letter code of a country's name or code; None where it is neither."""
    if not name:
        return None
    if name.upper() in shipped.scheme().countries:
        return name.upper()
    return _country_names().get(name.casefold())


@cache
def _country_names() -> dict[str, str]:
    return {
        (row[codes.label] or "").casefold(): code
        for codes in shipped.scheme().actor_lists.values()
        if codes.countries
        for code, row in codes.items()
    }
