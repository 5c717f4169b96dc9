"""Rules about the columns of any table: the header first, then every value by what its column must hold.

A header rule yields faults, as rules about files do. A column rule is handed one column of a profile and returns
one boolean polars expression, true where the value is right, or None where the column asks nothing of the kind;
a row rule is handed all columns that are there. What a rule requires it requires of the same column.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from standoff.findings import Data
from standoff.lazy import LazyModule
from standoff.model.places import NOWHERE, Place
from standoff.rules.context import Header, ShapedRows, UnreadableRecord
from standoff.rules.rule import COLUMN, HEADER, KEY, ROW, SHAPE, Fault, rule
from standoff.tables.profiles import KNOWN, SEPARATORS, TEXT, Binding, plain

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LazyModule("polars")

CODES = ("action", "root", "action_base")
"""Columns of CAMEO codes, in which leading zeros are significant."""


LISTED = 20
"""Unreadable records that are listed one by one."""


@rule(HEADER)
def table_unreadable(header: Header) -> Iterator[Fault]:
    """The file, or a record of it, cannot be read as a table.

    Correct the line, or export the file again. If the file cannot be read at all, no other rule looks at
    it. If single records cannot be read, they are listed with line and reason, the other rows are checked,
    and `--out` is not written; `--split` writes the unreadable lines to a file beside BAD.
    """
    if header.problem:
        yield Fault(_line(header.line), header.problem, header.remedy)
    spanning, others = _unreadable(header)
    remedy = _other_separator(header)
    usual = _most_lines(header, others)
    if usual:
        line, count, reason = usual
        message = f"{count:,} of {header.records:,} lines, from line {line:,} on: {reason}"
        yield Fault(_line(line), message, remedy or _MISFIT, data=Data(failing=count, rows=header.records))
        others = [record for record in others if record.reason != reason]
    for record in others[:LISTED]:
        yield Fault(_line(record.line), record.reason, remedy)
    unlisted = [*spanning[LISTED:], *others[LISTED:]]
    if unlisted:
        line = min(record.line for record in unlisted)
        listed_ = len(header.unreadable) - len(unlisted)
        message = f"{header.unread:,} records of the file cannot be read; {listed_} are listed"
        yield Fault(_line(line), message, remedy)


_MISFIT = (
    "The first line is not the header of these lines: remove a title above the header, or the separator at the end of each line; or "
    "name the column of row numbers (in R: write.csv(table, row.names = FALSE))."
)


def _most_lines(header: Header, records: Sequence[UnreadableRecord]) -> tuple[int, int, str] | None:
    """Return line, number and reason of the records that cannot be read for one reason, if they are most of the table."""
    if not records:
        return None
    reason, count = Counter(record.reason for record in records).most_common(1)[0]
    if len(header.unreadable) < header.unread:  # of more than are kept, the reason is that of those kept
        count = header.unread if count == len(header.unreadable) else count
    if count < 3 or count * 2 <= header.records:
        return None
    return next(record.line for record in records if record.reason == reason), count, reason


def _other_separator(header: Header) -> str | None:
    """What to do about lines with too many cells in a file whose cells are separated otherwise than in its format."""
    usual = header.profile.separator
    if usual is None or header.separator in (None, usual):
        return None
    there, asked = SEPARATORS.get(header.separator or "", "another sign"), SEPARATORS.get(usual, repr(usual))
    return (
        f"The file has {there} between cells, {header.profile.name} has {asked}. Write the file with {asked}, or put cells that "
        f"hold {there} in quotes."
    )


def _unreadable(header: Header) -> tuple[list[UnreadableRecord], list[UnreadableRecord]]:
    """The unreadable records: those with a quotation mark that swallows others, and the rest."""
    spanning = [record for record in header.unreadable if record.spans]
    return spanning, [record for record in header.unreadable if not record.spans]


@rule(HEADER)
def quote_spans_records(header: Header) -> Iterator[Fault]:
    """A cell in quotes has lines that look like records of the table.

    A stray quotation mark at the start of a cell swallows all lines up to the next one. Double it and put
    the cell in quotes. If no cell of the file has a line break, write quote = "lines" in the profile
    instead. A cell may have line breaks if none of its lines has as many separators as a record.
    """
    for record in _unreadable(header)[0][:LISTED]:
        yield Fault(_line(record.line), record.reason)


@rule(HEADER)
def line_too_short(header: Header) -> Iterator[Fault]:
    """A line has fewer cells than the header.

    Complete the line: it was cut off, or a cell or a separator within it is missing, so that later cells are in wrong
    columns. Its last cells read as if they were empty. What else is wrong with the line is reported when it is complete.
    """
    if header.short:
        count, line, cells = header.short
        more = f" ({count - 1:,} more such lines)" if count > 1 else ""
        columns = len(header.names)
        yield Fault(_line(line), f"the line has {cells} cells, but the table has {columns} columns{more}")


def _line(number: int) -> Place:
    return Place(number, 1, number, 1)


@rule(HEADER, severity="note", requires=["table-unreadable"])
def format_unknown(header: Header) -> Iterator[Fault]:
    """The columns match no format that standoff knows.

    Name the format with --table (events, dyads …) or --profile (gdelt2, icews … or a file of your own; see
    docs/bulk.md). The file was not checked.
    """
    if not header.profile.columns:
        yield Fault(
            NOWHERE,
            f"no format is known with these columns: {listed(header.names)}",
            data=Data(columns=list(header.names)),
        )


@rule(HEADER, requires=["table-unreadable", "format-unknown"])
def header_repeated(header: Header) -> Iterator[Fault]:
    """Two columns have the same name.

    Rename one of them, so that it is clear which column is meant.
    """
    repeated = sorted(name for name, count in Counter(header.names).items() if count > 1)
    if repeated:
        message = f"the column name {listed(repeated)} occurs more than once in the header"
        yield Fault(NOWHERE, message, data=Data(columns=repeated))


@rule(HEADER, requires=["table-unreadable"])
def column_missing(header: Header) -> Iterator[Fault]:
    """A column that the format requires is missing.

    Add it, or say with --table or --profile which format the file has. Rules that read the column are not run.
    """
    missing = _missing(header)
    if missing:
        found = listed(header.names) if header.names else "none"
        message = f"no column {listed(missing)} (expected by {header.profile.name}); the columns are: {found}"
        remedy = _renaming(header, missing) or _in_the_path(header, missing)
        yield Fault(NOWHERE, message, remedy, data=Data(columns=list(header.names), expected=missing))


def _in_the_path(header: Header, missing: Iterable[str]) -> str | None:
    """What to do about a missing column of days if the names of the folders or the file hold a day."""
    found = _DAY.search(header.path)
    days = [column for column in header.profile.columns if column.kind == "date" and column.source in missing]
    if days and (folders := _DAY_FOLDERS.search(header.path)):
        parts = ", ".join(f'"{name}"' for name in folders.groups())
        return (
            f"The folders have the day ({folders[0]}). Write a profile that takes it from there: extends = "
            f'"{header.profile.name}", columns = [{{ name = "{days[0].name}", parts = [{parts}] }}].'
        )
    if found is None or not days:
        return None
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"])).strftime(days[0].format)
    except ValueError:
        return None
    folder = f"{days[0].source}={day}".replace("/", "-")
    return (
        f'The path has the day {found[0]}. Add the column, or put the file into a folder named "{folder}": then every '
        "row has that day."
    )


_DAY_FOLDERS = re.compile(r"(year)=\d{4}/(month)=\d{1,2}/(day)=\d{1,2}(?!\d)", re.IGNORECASE)
_DAY = re.compile(r"(?<!\d)(?P<year>(19|20)\d\d)(?P<sign>[-_/]?)(?P<month>\d\d)(?P=sign)(?P<day>\d\d)(?!\d)")


def _missing(header: Header) -> list[str]:
    needed = [c for c in header.profile.columns if c.required or header.profile.complete]
    return [name for column in needed for name in column.sources if name not in header.names]


def _retyped(header: Header) -> dict[str, str]:
    """The format's columns that are there with other capitals, spaces or signs in their names, and these names."""
    sources = [name for column in header.profile.columns for name in column.sources]
    spare = {plain(name): name for name in header.names if name not in sources}
    return {s: spare[plain(s)] for s in sources if s not in header.names and plain(s) in spare}


def _renaming(header: Header, columns: Iterable[str]) -> str | None:
    """What to do about those of the format's columns that are there under a retyped name."""
    retyped = _retyped(header)
    meant = [f'"{retyped[name]}" to "{name}"' for name in columns if name in retyped]
    return f"Rename {', '.join(meant)}: capitals, spaces and underscores count in names." if meant else None


@rule(HEADER, severity="note", requires=["table-unreadable", "format-unknown"])
def column_unexpected(header: Header) -> Iterator[Fault]:
    """A column is not part of the format.

    It is neither checked nor written by --out and --split. Describe it in a profile of your own to have it checked.
    """
    sources = [name for column in header.profile.columns for name in column.sources]
    missing, retyped = _missing(header), _retyped(header)
    told = {retyped[name] for name in missing if name in retyped}
    extra = [name for name in header.names if name not in sources and name not in told]
    if extra:
        message = f"not part of {header.profile.name}, not checked: {listed(extra)}"
        remedy = _renaming(header, [name for name in sources if name not in missing])
        yield Fault(NOWHERE, message, remedy, data=Data(columns=extra))


@rule(HEADER, requires=["table-unreadable"])
def codes_as_numbers(header: Header) -> Iterator[Fault]:
    """Action codes are stored as numbers, so their leading zeros are lost.

    010 (make a statement) has become 10 (demand), and the two can no longer be told apart. Go back to the
    original file and read the column as text. Rules about actions are not run. This occurs only in formats
    that store types, such as Parquet. CSV files are always read as text.
    """
    for column in header.profile.columns:
        dtype = header.types.get(column.source)
        if column.name in CODES and dtype is not None and dtype.is_numeric():
            message = f'"{column.source}" holds numbers ({dtype}): the code 010 cannot be told from 10'
            yield Fault(NOWHERE, message, data=Data(columns=[column.source], expected=["text"]))


@rule(ROW)
def row_empty(columns: Sequence[Binding]) -> pl.Expr | None:
    """A row has none of the required values.

    Remove it. In a CSV file, blank lines and lines that have only separators are such rows, except at the end of
    the file.
    """
    present = [expression for column in columns if (expression := value_missing(column)) is not None]
    return pl.any_horizontal(present) if len(present) > 1 else None


@rule(COLUMN, requires=["row-empty"])
def value_missing(column: Binding) -> pl.Expr | None:
    """A required value is missing.

    Fill it in, or leave the row out. Every part of a key must be there. In a CSV file, a line with too few cells reads as if the last ones were empty.
    """
    present = pl.col(column.name).is_not_null()
    if column.converted:  # a value may be there that is none of the column's type
        present |= pl.col(TEXT + column.name).is_not_null()
    return present if column.required else None


@rule(COLUMN)
def value_unreadable(column: Binding) -> pl.Expr | None:
    """A value does not have its column's type.

    Write numbers with a decimal point and without thousands separators, and all dates in the same form.
    """
    return (
        pl.col(column.name).is_not_null() | pl.col(TEXT + column.name).is_null() if column.converted else None
    )


@rule(COLUMN)
def empty_text(column: Binding) -> pl.Expr | None:
    """A text is empty.

    Write a missing value as null, not as "".
    """
    if column.kind == "string" and column.unquoted:
        return pl.lit(value=True)  # an empty cell without quotes is a missing value
    return pl.col(column.name).str.len_bytes() > 0 if column.kind == "string" else None


@rule(COLUMN)
def number_not_finite(column: Binding) -> pl.Expr | None:
    """A number is infinite or not a number.

    Write an unknown value as null, not as NaN.
    """
    return pl.col(column.name).is_finite() if column.kind == "float64" else None


@rule(COLUMN, requires=["number-not-finite"])
def value_outside_bounds(column: Binding) -> pl.Expr | None:
    """A value is outside the range that its column allows.

    Correct it, or the bounds in the profile.
    """
    bounds = [
        pl.col(column.name) >= _bound(column, column.minimum) if column.minimum is not None else None,
        pl.col(column.name) <= _bound(column, column.maximum) if column.maximum is not None else None,
    ]
    given = [bound for bound in bounds if bound is not None]
    return pl.all_horizontal(given) if given else None


@rule(COLUMN, requires=["cell-damaged", "cell-padded", "text-placeholder"])
def value_not_listed(column: Binding) -> pl.Expr | None:
    """A value is not one of those that its column allows.

    Use one of the values that the profile or the codebook lists.
    """
    if not column.values:
        return None
    if column.between is None:
        return pl.col(column.name).is_in(list(column.values))
    one, between = f"(?:{'|'.join(map(re.escape, column.values))})", re.escape(column.between)
    return pl.col(column.name).str.contains(f"^ *{one}(?: *{between} *{one})*(?: *{between})? *$")


@rule(COLUMN)
def pattern_mismatch(column: Binding) -> pl.Expr | None:
    """A value does not have the form that its column requires.

    The profile gives the form as a regular expression.
    """
    return pl.col(column.name).str.contains(f"^(?:{column.pattern})$") if column.pattern else None


_CONTINUING = "\u00a1-\u00a9\u00ac-\u00b6\u00b8\u00b9\u00bc-\u00bf€‚ƒ„†‡ˆ‰Š‹ŒŽ‘˜™š›œžŸ"
"""What the second and later bytes of UTF-8 look like as Latin-1 or Windows-1252, without signs that may follow a letter."""
CONTROLS = bytes([*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])
"""The control characters of ASCII that no text has."""
DAMAGE = (
    "\ufffd"  # a character that could not be decoded
    r"|[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F]"  # control characters
    "|[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]"  # characters without width
    # UTF-8 read as Latin-1 or Windows-1252: Ã¼ for ü, ÄŸ for ğ, Ð¶ for ж, ä¸­ for 中
    f"|[ÂÃÄÅÎÏÐÑØÙ][{_CONTINUING}]"
    f"|[à-ï][{_CONTINUING}]{{2}}"
    "|\\bÃ[–…’”]"  # Ã– for Ö; at the end of a word the sign may be one of the text
    "|â€[\u0080-\u00bf™œ“”˜¦¢“]"
)
"""What only damaged text holds, as a regular expression."""
BLANKS = " \t\u00a0\u2007\u202f\u3000"
"""Characters that look like nothing at the end of a text."""


@rule(COLUMN, severity="warning")
def cell_damaged(column: Binding) -> pl.Expr | None:
    """A text was read in the wrong encoding, or has invisible characters.

    UTF-8 that was read as Latin-1 looks like MÃ¼hlfurt. Read the file in its own encoding (`encoding` in
    the profile), and remove control characters and zero-width spaces.
    """
    if not _free_text(column):
        return None
    text = pl.col(column.name)
    if column.printable:
        # A pattern takes ten times as long as telling which texts are ASCII.
        text = pl.when(text.str.len_bytes() != text.str.len_chars()).then(text)
    return ~text.str.contains(DAMAGE)


@rule(COLUMN, severity="note")
def cell_padded(column: Binding) -> pl.Expr | None:
    """A text begins or ends with a space.

    "FRA" and "FRA " count as two actors. Remove spaces around texts, non-breaking spaces too.
    """
    if not _free_text(column):
        return None
    text = pl.col(column.name)
    if not column.unquoted:
        return text.str.len_bytes() == text.str.strip_chars(BLANKS).str.len_bytes()
    # Without tabs, the space is the only blank of ASCII. Texts that begin with it are in one range of all texts.
    padded = ((text >= pl.lit(" ")) & (text < pl.lit("!"))) | text.str.ends_with(" ")
    other = pl.when(text.str.len_bytes() != text.str.len_chars()).then(text)
    return ~(padded | other.str.contains(f"^[{BLANKS}]|[{BLANKS}]$").fill_null(value=False))


PLACEHOLDERS = (
    "NA", "<NA>", "N/A", "n/a", "#N/A", "NULL", "null", "None", "none", "nan", "NaN", "NAN", "undefined", "-", "--", "---",
)  # fmt: skip
"""Words that programs write for a missing value."""


@rule(COLUMN, severity="note")
def text_placeholder(column: Binding) -> pl.Expr | None:
    """A text is a word that programs write for a missing value, such as NULL or nan.

    It counts as a value: all rows with it look like one actor or place. Leave the cell empty, or list the word under
    `missing` in the profile.
    """
    return ~pl.col(column.name).is_in(list(PLACEHOLDERS)) if _free_text(column) else None


def _free_text(column: Binding) -> bool:
    """Whether a column holds text of any form; other rules look at codes and patterns."""
    listed = column.values and column.unlisted == "error"
    coded = column.name in CODES or listed or column.pattern or column.references
    return column.kind == "string" and not coded


@rule(COLUMN)
def reference_unknown(column: Binding) -> pl.Expr | None:
    """A value refers to a row that is not in the other table.

    Add the row that it points to, or correct the value. Give the other table with --reference.
    """
    return pl.col(KNOWN + column.name) if column.references else None


@rule(SHAPE)
def cells_moved(rows: ShapedRows) -> Iterator[Fault]:
    """The cells of a row are in wrong columns.

    Five or more of its values are not what their columns hold, although most rows are right there. A cell or a separator is
    missing or too many, or two lines were joined. Correct the row. What else is wrong with it is reported when it is correct.
    """
    if rows.examples:
        yield _of_rows(rows, f"the cells are in wrong columns (such as {listed(rows.columns, 5)})")


@rule(SHAPE)
def columns_swapped(rows: ShapedRows) -> Iterator[Fault]:
    """Two columns look exchanged in the whole table.

    Each holds what the other should, and the rows are right if the two are exchanged. Exchange the two columns, or their
    names in the header. What else is wrong with them is reported when they are right.
    """
    first, second = rows.columns[0], rows.columns[-1]
    yield _of_rows(rows, f'the columns "{first}" and "{second}" look exchanged')


def _of_rows(rows: ShapedRows, what: str) -> Fault:
    """The fault of so many rows, with the first of them as examples."""
    more = ", …" if rows.number > len(rows.examples) else ""
    return Fault(
        _line(rows.line),
        f"{rows.number:,} of {rows.of:,} rows: {what}: {', '.join(rows.examples)}{more}",
        data=Data(failing=rows.number, rows=rows.of, columns=list(rows.columns)),
    )


@rule(KEY)
def duplicate_row_key(key: tuple[str, ...]) -> pl.Expr | None:
    """Several rows have the same key.

    Every row needs its own key. Identical rows are copies: remove them, or keep one of each with `--duplicates keep-one`.
    If the rows differ, decide which of them is right, or give them different keys. Rows are compared in all columns of
    the file, by value where the profile names the column.
    """
    return ~pl.struct(key).is_duplicated() | pl.any_horizontal(pl.col(key).is_null()) if key else None


def _bound(column: Binding, value: Any) -> pl.Expr:
    if column.kind == "datetime":
        moment = datetime.fromisoformat(str(value))
        return pl.lit(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    return pl.lit(value).str.to_date() if column.kind == "date" else pl.lit(value)


def listed(names: Any, most: int = 12) -> str:
    """Return names in quotes, the first of them where they are many."""
    quoted = [f'"{name}"' for name in names]
    return ", ".join(quoted[:most]) + (f" and {len(quoted) - most} more" if len(quoted) > most else "")
