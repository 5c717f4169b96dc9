"""Where a text file stops being a table, looked for when reading it has failed."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

from standoff.findings import shortened


def first_line(error: BaseException) -> str:
    """Return the first line of what a library says, without its advice to programmers."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0].removeprefix("parquet: ")[:200]


AGAIN = "fetch or write the file again"
MEND = "fix the line, or export the file again"
CELL = 1 << 24
"""Characters of a cell of a CSV file, beyond which it is taken for one whose quotation mark is never closed."""


class Damage(NamedTuple):
    """Where a text file stops being a table: the line, from 1, why, and what to do."""

    line: int
    problem: str
    remedy: str = MEND


def damage(raw: Iterable[bytes], format_: str, columns: int, separator: str, *, quote: bool) -> Damage | None:
    """Return the first line that is not a line of CSV or JSON Lines; None if all are."""
    return _of_jsonl(raw) if format_ == "jsonl" else _of_csv(raw, columns, separator, quote=quote)


def not_utf8(line: int, error: UnicodeDecodeError) -> Damage:
    """Return what is wrong with a line whose bytes are not UTF-8; most often they are those of western Windows."""
    text = error.object.decode("cp1252", "replace")  # each byte is a character, so the place is the same
    words = re.finditer(r'[^\s,;|"]+', text)
    word = next((word[0] for word in words if word.start() <= error.start < word.end()), text[error.start])
    return Damage(
        line,
        f'the line is not UTF-8; read as Windows-1252 it has "{shortened(word)}"',
        'save the file as UTF-8 (in Excel: "CSV UTF-8"), and see that letters with accents are right in it',
    )


def _of_jsonl(raw: Iterable[bytes]) -> Damage | None:
    records = (json_record(line, number) for number, line in enumerate(raw, start=1))
    return next((found for found in records if isinstance(found, Damage)), None)


class Twice(ValueError):
    """An object has a name twice, so that one of its values would be lost."""


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the object of these pairs. Twice where a name is in two of them."""
    record = dict(pairs)
    if len(record) < len(pairs):
        names = [name for name, _ in pairs]
        raise Twice(next(name for name in names if names.count(name) > 1))
    return record


class NotJson(ValueError):
    """A number that JSON does not know, such as NaN; `remedy` says what to do."""

    remedy = "write null for a number that is missing"


def no_number(name: str) -> float:
    """Raise NotJson for NaN, Infinity or -Infinity, which Python writes and reads although JSON has no such numbers."""
    raise NotJson(f"it has {name}, which is not JSON")


def json_record(line: bytes, number: int) -> dict[str, Any] | Damage:
    """Return the object on a line of JSON Lines, an empty one on a blank line."""
    try:
        text = line.decode()
        record = json.loads(text, object_pairs_hook=once, parse_constant=no_number) if text.strip() else {}
    except UnicodeDecodeError as error:
        return not_utf8(number, error)
    except Twice as error:
        return Damage(number, f'the line has "{error}" twice', "keep one of the two values")
    except NotJson as error:
        return Damage(number, str(error), error.remedy)
    except (ValueError, RecursionError):
        return Damage(number, "the line is no JSON", "write one JSON object in a line")
    return record if isinstance(record, dict) else Damage(number, "the line is no JSON object")


def _of_csv(raw: Iterable[bytes], columns: int, separator: str, *, quote: bool) -> Damage | None:
    """The first row that is none, by the line on which it begins: a cell in quotes may go over several."""
    # A carriage return within a line is a character for polars, and the end of a line for the csv module.
    lines = (line.decode("utf-8-sig").rstrip("\r\n").replace("\r", " ") + "\n" for line in raw)
    rows = reader(lines, separator, quote=quote)
    begins, usual = 1, csv.field_size_limit(CELL)
    try:
        for cells in rows:
            if len(cells) > columns:
                return Damage(begins, f"the line has {len(cells)} cells, the table has {columns} columns")
            begins = rows.line_num + 1
    except UnicodeDecodeError as error:
        return not_utf8(rows.line_num + 1, error)
    except csv.Error as error:
        return Damage(begins, csv_fault(error))
    finally:
        csv.field_size_limit(usual)
    return None


def reader(lines: Iterable[str], separator: str, *, quote: bool) -> Any:
    """Return the csv module's reader, which raises csv.Error where a cell in quotes does not end."""
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE
    return csv.reader(lines, delimiter=separator, quoting=quoting, strict=True)


def csv_fault(error: csv.Error) -> str:
    """Return what `reader` stumbled over."""
    text = str(error)
    if "field larger" in text:
        return (
            f'a cell has more than {csv.field_size_limit():,} characters, or begins with a quotation mark " that is '
            "opened and never closed"
        )
    if "new-line character" in text:
        return "it has a carriage return without a line feed, as at the line ends of old Macs"
    return (
        'the line has a quotation mark " that is opened and never closed, or stands within a cell in quotes'
    )
