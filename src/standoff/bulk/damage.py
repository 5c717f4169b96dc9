"""Where a text file stops being a table, looked for when reading it has failed."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal


def first_line(error: BaseException) -> str:
    """Return the first line of what a library says, without its advice to programmers."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0].removeprefix("parquet: ")[:200]


def damage(file: Path, format_: str, columns: int, separator: str, *, quote: bool) -> tuple[int, str] | None:
    """Return the first line of a CSV or JSON Lines file that is none, from 1, and why; None where all of them are."""
    with file.open("rb") as raw:
        return _of_jsonl(raw) if format_ == "jsonl" else _of_csv(raw, columns, separator, quote=quote)


_NOT_UTF8 = "the line is not UTF-8"


def _of_jsonl(raw: Iterable[bytes]) -> tuple[int, str] | None:
    for number, line in enumerate(raw, start=1):
        try:
            record = json.loads(line.decode()) if line.strip() else {}
        except UnicodeDecodeError:
            return number, _NOT_UTF8
        except (ValueError, RecursionError):
            return number, "the line is no JSON"
        if not isinstance(record, dict):
            return number, "the line is no JSON object"
    return None


def _of_csv(raw: Iterable[bytes], columns: int, separator: str, *, quote: bool) -> tuple[int, str] | None:
    """The first row that is none, by the line on which it begins: a cell in quotes may go over several."""
    # A carriage return within a line is a character for polars, and the end of a line for the csv module.
    lines = (line.decode("utf-8-sig").rstrip("\r\n").replace("\r", " ") + "\n" for line in raw)
    rows = reader(lines, separator, quote=quote)
    begins = 1
    try:
        for cells in rows:
            if len(cells) > columns:
                return begins, f"the line has {len(cells)} cells, the header {columns}"
            begins = rows.line_num + 1
    except UnicodeDecodeError:
        return rows.line_num + 1, _NOT_UTF8
    except csv.Error as error:
        return begins, csv_fault(error)
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
        return "a carriage return stands alone in it, as at the ends of lines in old Macintosh files"
    return (
        'the line has a quotation mark " that is opened and never closed, or stands within a cell in quotes'
    )
