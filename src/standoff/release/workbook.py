"""The spreadsheet: all tables in one XLSX workbook in which text stays text, codes keep zeros, nothing is a formula.

The same tables give the same bytes everywhere: no clock, and no compression, whose outcome would depend on the
zlib that a Python was built with.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from standoff.findings import CellTooLong
from standoff.release.citation import citation
from standoff.tables import TABLES, Table

CREATED = datetime(2000, 1, 1)
FIRST_DAY = date(1900, 3, 1)
"""Spreadsheets disagree about the days before it; these are written as text."""

LONGEST_CELL = 32_767
"""Characters that a cell can hold, in UTF-16 units."""

WIDEST_COLUMN = 60
LINE = 15
"""Height of a line of text, in points."""
MOST_LINES = 8
"""Lines of a cell that are in sight; what is longer is in the cell all the same."""
WIDEST_FROZEN = 30
"""A frozen column that is wider would leave no room for the others in a small window."""
LINKED = frozenset({"url", "copies", "coordinates_source"})
"""Columns whose addresses are links; everywhere else text stays text."""
LONGEST_LINK = 2_000
A3 = 8
WIDTH_OF_PAGE = 300
"""Characters that a printed page is wide, at a size that can be read."""
CONTENTS = "contents"
CONTENTS_WIDTHS = (14, 8, 22, 9, 9, 24, 90)
HINTS = (
    "Codes are text: 010 is not 10. An empty cell means that there is no value.",
    "pandas: read the Parquet or CSV files instead, or pass dtype=str. read_excel makes 10 of 010, and 1 of 01.",
)


def check_cells(frames: Mapping[str, pl.DataFrame]) -> None:
    """Raise CellTooLong if a spreadsheet could not hold one of the texts."""
    for name, frame in frames.items():
        for column in frame.select(pl.col(pl.String)).iter_columns():
            # A text has at least as many bytes in UTF-8 as units in UTF-16.
            for row in (column.str.len_bytes() > LONGEST_CELL).arg_true():
                text = column[row]
                if len(text.encode("utf-16-le")) // 2 > LONGEST_CELL:
                    key = " ".join(map(str, frame.select(TABLES[name].key).row(row)))
                    raise CellTooLong(
                        f"{name}.{column.name} of {key} has {len(text):,} characters, and a spreadsheet cell holds "
                        f"{LONGEST_CELL:,}: shorten it"
                    )


def write_workbook(
    path: Path,
    about: Mapping[str, Any],
    frames: Mapping[str, pl.DataFrame],
    tables: Mapping[str, Table] = TABLES,
) -> None:
    """Write the workbook: a sheet that explains tables and columns, then a sheet for each table."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties(
            {
                "title": about["dataset"]["title"],
                "comments": f"Version {about['dataset']['version']}, {about['dataset']['license']}",
                "created": CREATED,
            }
        )
        formats = {
            "head": book.add_format({"bold": True, "bottom": 1}),
            "title": book.add_format({"bold": True, "font_size": 14}),
            "date": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
            "top": book.add_format({"valign": "top"}),
            "link": book.add_format({"font_color": "#0563C1", "underline": 1, "valign": "top"}),
        }
        _write_contents(book.add_worksheet(CONTENTS), about, frames, tables, formats)
        for table in tables.values():
            _write_table(book.add_worksheet(table.name), table, frames[table.name], formats)
    path.write_bytes(_stored(buffer.getvalue()))


def _write_contents(
    sheet: Worksheet,
    about: Mapping[str, Any],
    frames: Mapping[str, pl.DataFrame],
    tables: Mapping[str, Table],
    formats: Mapping[str, Any],
) -> None:
    """The first sheet: what this is, and a line for every column of every table."""
    sheet.write_string(0, 0, about["dataset"]["title"], formats["title"])
    sheet.write_string(1, 0, citation(about))
    for row, hint in enumerate(HINTS, start=2):
        sheet.write_string(row, 0, hint)
    head = ("table", "rows", "column", "type", "required", "key of", "description")
    lines: list[tuple[Any, ...]] = []
    for table in tables.values():
        lines.append((table.name, frames[table.name].height, None, None, None, None, table.description))
        lines += [
            (
                table.name,
                None,
                column.name,
                column.kind,
                "no" if column.optional else "yes",
                column.references,
                column.description,
            )
            for column in table.columns
        ]
    first = 3 + len(HINTS)
    for column, name in enumerate(head):
        _write(sheet, first, column, name, formats["head"])
    for row, line in enumerate(lines, start=first + 1):
        sheet.write_url(row, 0, f"internal:'{line[0]}'!A1", formats["link"], line[0])
        for column, value in enumerate(line[1:], start=1):
            _write(sheet, row, column, value, formats["wrap"])
        sheet.set_row(row, LINE * _lines(line[-1], CONTENTS_WIDTHS[-1]))
    sheet.autofilter(first, 0, first + len(lines), len(head) - 1)
    sheet.freeze_panes(first + 1, 0)
    for column, width in enumerate(CONTENTS_WIDTHS):
        sheet.set_column(column, column, width)
    _set_up_print(sheet, first, sum(CONTENTS_WIDTHS))


def _write_table(sheet: Worksheet, table: Table, frame: pl.DataFrame, formats: Mapping[str, Any]) -> None:
    for column, name in enumerate(frame.columns):
        _write(sheet, 0, column, name, formats["head"])
    widths = [_width([name, *frame[name].to_list()]) for name in frame.columns]
    linked = [name in LINKED for name in frame.columns]
    for row, values in enumerate(frame.iter_rows(), start=1):
        most = 1
        for column, value in enumerate(values):
            if value is None:
                continue
            lines = _lines(value, widths[column])
            most = max(most, lines)
            if linked[column] and isinstance(value, str) and _is_link(value):
                sheet.write_url(row, column, value, formats["link"], value)
            elif isinstance(value, date):
                _write(sheet, row, column, value, formats["date"])
            else:
                _write(sheet, row, column, value, formats["wrap" if lines > 1 else "top"])
        sheet.set_row(row, LINE * most)
    key_first = frame.columns[:1] == list(table.key[:1]) and widths[0] <= WIDEST_FROZEN
    sheet.freeze_panes(1, 1 if key_first else 0)
    sheet.autofilter(0, 0, frame.height, frame.width - 1)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_rowcol_to_cell(frame.height, frame.width - 1)}"})
    sheet.repeat_columns(0)
    _set_up_print(sheet, 0, sum(widths))


def _set_up_print(sheet: Worksheet, head: int, width: int) -> None:
    """A3, so many pages wide that the print can be read; the head on every page, sheet and page number below."""
    sheet.set_landscape()
    sheet.set_paper(A3)
    sheet.fit_to_pages(-(-width // WIDTH_OF_PAGE), 0)
    sheet.repeat_rows(head)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&L&A&RPage &P of &N")


def _is_link(text: str) -> bool:
    return text.startswith(("https://", "http://")) and " " not in text and len(text) <= LONGEST_LINK


def _lines(value: Any, width: int) -> int:
    """How many lines of a cell of this width are in sight."""
    if not isinstance(value, str) or (
        len(value) <= width and value.isprintable()
    ):  # no line break can be printed
        return 1
    return min(MOST_LINES, sum(-(-max(len(line), 1) // width) for line in value.splitlines() or [""]))


def _write(sheet: Worksheet, row: int, column: int, value: Any, style: Any = None) -> None:
    """Write one cell by its type; the writer does not guess types."""
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, style)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, style)
    elif isinstance(value, date) and value >= FIRST_DAY:
        sheet.write_datetime(row, column, value, style)
    else:
        sheet.write_string(row, column, str(value), style)


def _width(values: Sequence[Any] | Iterable[Any]) -> int:
    longest = max(len(str(value)) for value in values if value is not None)
    return min(WIDEST_COLUMN, longest + 3)


def _stored(workbook: bytes) -> bytes:
    """Return the same archive with its members stored as they are."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as packed, zipfile.ZipFile(target, "w") as stored:
        for member in packed.infolist():
            plain = zipfile.ZipInfo(member.filename, date_time=(1980, 1, 1, 0, 0, 0))
            stored.writestr(plain, packed.read(member))
    return target.getvalue()
