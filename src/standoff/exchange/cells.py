"""Rows of tables in text, with the line each begins in: cells between tabs, commas, semicolons or bars."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from standoff.exchange import values
from standoff.findings import UsageError

SEPARATORS = ("\t", ",", ";", "|")
MOST_LINES = 100
"""Most lines of one row. In a longer one a quotation mark is not closed, and it would swallow the rows after it."""
Row = tuple[int, list[str] | None, str]
"""The line in which a row begins, its cells (None: unreadable), and why it is unreadable."""


def separator(first: str, knows: Callable[[Sequence[str]], bool]) -> str | None:
    """Return the separator of a table whose first line gives cells that `knows` accepts; None if it is no such table."""
    for each in SEPARATORS:
        if each in first and knows(split(first, each)):
            return each
    return None


def split(line: str, between: str) -> list[str]:
    """Return the cells of one line. A quotation mark that is not closed is a character like any other."""
    if '"' not in line:
        return line.split(between)
    try:
        return next(csv.reader([line], delimiter=between, strict=True), [])
    except csv.Error:
        return line.split(between)


def rows(path: Path, between: str, *, legacy: bool = False) -> Iterator[Row]:
    """Yield the rows of a table. Between tabs every line is a row; else a cell in quotation marks may hold line breaks.

    With `legacy`, lines that are not UTF-8 are read as `values.LEGACY`, and the third part of the row says so.
    UsageError where a quotation mark is not closed.
    """
    if between == "\t":
        for number, text, why in values.lines(path, legacy=legacy):
            yield number, None if text is None else split(text, between), why
        return
    unreadable: list[Row] = []
    first = last = 0  # the lines in which the present row begins and ends
    how = ""

    def lines() -> Iterator[str]:
        nonlocal first, last, how
        for number, text, why in values.lines(path, legacy=legacy):
            if text is None:
                unreadable.append((number, None, why))
                continue
            first, last, how = first or number, number, why or how
            if last - first > MOST_LINES:
                return
            yield f"{text}\n"

    reader = csv.reader(lines(), delimiter=between, strict=True)
    more = True
    while more:
        first, how = 0, ""
        row: Row | None = None
        try:
            cells = next(reader)
            row = first, cells, how
        except StopIteration:
            more = False
        except csv.Error as error:
            if last > first:
                raise UsageError(
                    f"{path}:{first}: a quotation mark is not closed in this row; close it, or write it twice within a cell"
                ) from None
            row = first, None, f"not a row of cells: {error}"
        yield from unreadable
        unreadable.clear()
        if row is not None:
            yield row
