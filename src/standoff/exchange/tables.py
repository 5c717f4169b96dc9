"""Predictions in a table: CSV or tab-separated, with a header whose titles are names of fields.

Titles are compared as the names of fields in JSON are (`field_names`). Several parties in one cell are separated by
semicolons. Nothing is guessed from the position of a column.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from standoff.exchange import cells, values
from standoff.exchange.field_names import fields_of, key_of
from standoff.exchange.json_answers import FENCE
from standoff.exchange.records import Intake

_NUMBERS = ("start", "end", "sentence", "confidence")
"""Ends of the titles of columns with numbers."""
Found = tuple[int, Mapping[str, Any] | None, str]


def names_columns(row: Sequence[str]) -> bool:
    """Whether the cells of a row are titles: the document, and a trigger or an action, are among them."""
    fields = fields_of({cell.strip(): "" for cell in row if cell.strip()})[0]
    return "document" in fields and not fields.keys().isdisjoint(("trigger", "action"))


def separator(path: Path) -> str | None:
    """Return the separator of a file that is such a table; None if it is none."""
    lines = (text for _, text, _ in values.lines(path) if text and not text.startswith(FENCE))
    first = next(lines, "")
    return None if first.lstrip()[:1] in ("{", "[") else cells.separator(first, names_columns)


def table_values(path: Path, between: str, intake: Intake) -> Iterator[Found]:
    """Yield every row as an object, by the titles: the line it begins in, the object, and why it could not be read."""
    titles: list[str] | None = None
    for number, row, why in cells.rows(path, between):
        if row is not None and row[0].startswith(FENCE):
            continue
        if row is None:
            yield number, None, why
        elif titles is None:
            titles = [title.strip() for title in row]
            if twice := sorted({title for title in titles if title and titles.count(title) > 1}):
                intake.note(f"Columns that occur twice; the last is read: {', '.join(twice)}.")
        elif len(row) != len(titles):
            yield number, None, f"expected {len(titles)} cells, found {len(row)}"
        else:
            pairs = zip(titles, row, strict=True)
            yield number, {title: _value(title, cell) for title, cell in pairs if title and cell.strip()}, ""


def _value(title: str, cell: str) -> Any:
    """Return a cell as JSON would state it: numbers where a column has numbers, and a truth value for `reciprocal`."""
    key, text = key_of(title), cell.strip()
    if key == "reciprocal":
        return text.casefold() in ("true", "yes", "1")
    if key.endswith(_NUMBERS):
        try:
            return float(text)
        except ValueError:
            return text
    return text
