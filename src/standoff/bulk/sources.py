"""Table files: finding them, reading their headers, and scanning them as their profile says.

Nothing here raises on bad data: a file that cannot be read has a `problem`. Text formats are read as text and
converted without strictness, so that a bad cell is a finding and never the end of the run. A CSV file of which every
cell is good is read faster as numbers (`scan`); the two ways agree on what is a number and on which.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from standoff.bulk.damage import (
    AGAIN,
    MEND,
    Damage,
    csv_fault,
    damage,
    first_line,
    json_record,
    not_utf8,
    reader,
)
from standoff.bulk.formats import PACKED, format_of, parts_in, readable_as
from standoff.bulk.packed import Refused, unpacked
from standoff.bulk.plan import ROW
from standoff.findings import UsageError
from standoff.rules.column import CODES, Header
from standoff.tables import Kind
from standoff.tables.profiles import TEXT, Binding, Profile

PART = 1 << 32

# Limits. A file beyond them is refused before its rows are read; they are stated in docs/bulk.md.
MAX_ROWS = PART - 1
MAX_GROUP_CELLS = 1 << 28
"""Rows times columns of one Parquet row group: 4 GiB once it is unfolded, however few bytes it takes in the file."""
MAX_GROUP_BYTES = 4 << 30
MAX_COLUMNS = 10_000

FIRST_DAY = date(1000, 1, 1)
"""The first day whose year is written with four digits."""
HEADER_BYTES = 1 << 20
BLANK_END = 1 << 16
"""Bytes at the end of a CSV file in which blank lines are no rows."""
SAMPLE_LINES = 200


@dataclass(frozen=True, slots=True)
class Source:
    """One table file. `file` is what is read, an unpacked copy perhaps; `shown` is how findings name it.

    `types` are the polars types of the columns as they are stored; text formats store text. `rows` is None where
    only reading tells: of a text file it is known, once it is `named`, if blank lines that are no rows come after them.
    """

    shown: str
    file: Path
    format: str
    names: tuple[str, ...] = ()
    types: dict[str, Any] = field(default_factory=dict)
    separator: str = ","
    rows: int | None = None
    problem: str | None = None
    remedy: str | None = None
    line: int = 1

    def header(self, profile: Profile) -> Header:
        """Return what the header rules look at."""
        return Header(profile, self.names, self.types, self.problem, self.remedy, self.line)


def table_files(paths: Iterable[Path]) -> list[Path]:
    """Return the table files that `paths` name: files, folders of parts, patterns. UsageError where there is none."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            files = parts_in(path)
            if not files:
                raise UsageError(f"{path} holds no tables. {readable_as(path)}")
            found += files
        elif path.exists():
            found.append(path)
        elif any(mark in path.name for mark in "*?["):
            files = sorted(path.parent.glob(path.name))
            if not files:
                raise UsageError(f"no file matches {path}")
            found += files
        else:
            raise UsageError(f"{path} does not exist")
    return list(dict.fromkeys(found))


def read_source(path: Path, scratch: Path, profile: Profile | None = None) -> Source:
    """Read what can be told of a table file before its rows are read; `scratch` is a folder for unpacked copies."""
    shown, kind = path.as_posix(), format_of(path)
    if kind is None:
        return Source(shown, path, "", problem="its format cannot be read", remedy=readable_as(path))
    source = Source(shown, path, kind)
    try:
        if not path.stat().st_size:
            return replace(source, problem="the file is empty", remedy=AGAIN)
        if path.suffix.lower() in PACKED:
            source = replace(source, file=unpacked(path, scratch))
        if kind == "parquet":
            return _parquet(source)
        return _csv(source, profile) if kind == "csv" else _jsonl(source)
    except Refused as refused:
        return replace(source, problem=str(refused), remedy=refused.remedy)
    except OSError as error:
        return replace(source, problem=f"it cannot be read: {error.strerror or error}")


def _parquet(source: Source) -> Source:
    import pyarrow as pa
    import pyarrow.parquet as pq

    if problem := _not_parquet(source.file):
        return replace(source, problem=problem, remedy=AGAIN)
    try:
        with pq.ParquetFile(source.file) as file:
            meta = file.metadata
            groups = [meta.row_group(i) for i in range(meta.num_row_groups)]
            largest = max((group.num_rows for group in groups), default=0)
            size = max((group.total_byte_size for group in groups), default=0)
            if meta.num_rows > MAX_ROWS:
                raise Refused(f"it says it has {meta.num_rows:,} rows; {MAX_ROWS:,} in a file are the most")
            cells = largest * meta.num_columns
            if cells > MAX_GROUP_CELLS or size > MAX_GROUP_BYTES:
                raise Refused(
                    f"a row group says it has {largest:,} rows, {cells:,} cells and {size:,} bytes; "
                    f"{MAX_GROUP_CELLS:,} cells and {MAX_GROUP_BYTES:,} bytes are the most"
                )
            names = tuple(file.schema_arrow.names)
        if len(names) != len(set(names)):
            return replace(source, names=names)
        types = dict(pl.scan_parquet(source.file, glob=False).collect_schema())
    except (ValueError, pa.ArrowException, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        return replace(source, problem=f"the Parquet file is damaged: {first_line(error)}", remedy=AGAIN)
    return replace(source, names=names, types=types, rows=meta.num_rows)


def _not_parquet(path: Path) -> str | None:
    """Why a file is no Parquet file, as far as its first and last bytes tell."""
    with path.open("rb") as raw:
        begins_well = raw.read(4) == b"PAR1"
        raw.seek(max(0, path.stat().st_size - 4))
        ends_well = raw.read(4) == b"PAR1"
    if not begins_well:
        return "it is no Parquet file: it does not begin with PAR1"
    return None if ends_well else "the Parquet file is cut short: it does not end with PAR1"


def _csv(source: Source, profile: Profile | None) -> Source:
    with source.file.open("rb") as raw:
        start = raw.read(HEADER_BYTES)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return replace(source, problem="it is UTF-16 text", remedy="save it as UTF-8, as CSV usually is")
    text = start.decode("utf-8-sig", "replace")
    line = text.partition("\n")[0]
    if not text.strip():
        return replace(source, problem="the file is empty", remedy=AGAIN)
    if not line.strip(" \r"):
        return replace(source, problem="the first line is blank", remedy="remove the blank lines at the top")
    if line.rstrip("\r")[:-1].lower() == "sep=":
        return replace(
            source,
            problem=f"the first line is no header but tells Excel the separator ({line.rstrip()})",
            remedy="remove the line: separators are recognised without it",
        )
    try:
        start[: start.find(b"\n") + 1].decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _damaged(source, not_utf8(1, error))
    separator = profile.separator if profile and profile.separator else _separator(source.file, line)
    try:
        names = tuple(next(reader(io.StringIO(text), separator, quote=not profile or profile.quote)))
    except csv.Error as error:
        return replace(source, problem=csv_fault(error), remedy=MEND)
    if len(names) > MAX_COLUMNS or (len(start) == HEADER_BYTES and "\n" not in text):
        return replace(source, problem=f"the first line has no end or more than {MAX_COLUMNS:,} columns")
    source = replace(source, separator=separator)
    return replace(source, names=names, types=dict.fromkeys(names, pl.String))


def named(source: Source, profile: Profile) -> Source:
    """Return `source` with what only its profile tells: columns without a header or of JSON Lines, where CSV rows end."""
    if source.problem or source.format == "parquet":
        return source
    if source.format == "jsonl":
        return _searched(source, profile)
    return _without_blank_end(source if profile.header else _by_position(source, profile), profile)


def _by_position(source: Source, profile: Profile) -> Source:
    """Return a file without header with the profile's columns, or the problem that it has not as many."""
    most, found = len(profile.columns), len(source.names)
    least = most - profile.trailing
    if not least <= found <= most:
        wanted = f"{most}" if least == most else f"{least} to {most}"
        return replace(
            source,
            problem=f"the first line has {found} columns; {profile.title} has {wanted} and no header",
            remedy="say with --profile which format the file has",
        )
    names = tuple(column.source for column in profile.columns[:found])
    return replace(source, names=names, types=dict.fromkeys(names, pl.String))


def _without_blank_end(source: Source, profile: Profile) -> Source:
    """Return a CSV file with the number of its rows, if blank lines or lines of separators come after the last."""
    with source.file.open("rb") as raw:
        raw.seek(-min(BLANK_END, source.file.stat().st_size), io.SEEK_END)
        lines = raw.read().removesuffix(b"\n").split(b"\n")
    nothing = f"{source.separator}\r".encode()
    filled = [number for number, line in enumerate(lines) if line.strip(nothing)]
    blank = len(lines) - 1 - filled[-1] if filled else 0
    if not blank:
        return source
    try:
        rows = _scan(source, profile).select(pl.len()).collect(engine="streaming").item()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        return why_unreadable(source, profile, error)
    return replace(source, rows=max(0, rows - blank))


def _separator(path: Path, line: str) -> str:
    if any(suffix.lower() in (".tsv", ".tab") for suffix in path.suffixes):
        return "\t"
    return max(",\t;|", key=line.count)


def _jsonl(source: Source) -> Source:
    """Columns by the first lines; `named` looks for the others when the format is known."""
    names: dict[str, Any] = {}
    with source.file.open("rb") as raw:
        for number, line in zip(range(1, SAMPLE_LINES + 1), raw, strict=False):
            record = json_record(line, number)
            if isinstance(record, Damage):
                return _damaged(source, record)
            names |= dict.fromkeys(record, pl.String)
    if not names:
        return replace(source, problem="the file is empty", remedy=AGAIN)
    return replace(source, names=tuple(names), types=names)


def _searched(source: Source, profile: Profile) -> Source:
    """Return a JSON Lines file with the profile's columns that some line has, and codes that are numbers as such."""
    late = [column.source for column in profile.columns if column.source not in source.names]
    codes = [column.source for column in profile.columns if column.name in CODES]
    try:
        types = source.types | _holding(source.file, late, pl.String)
        types |= _holding(source.file, codes, pl.Int64)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        return why_unreadable(source, profile, error)
    return replace(source, names=tuple(types), types=types)


def _holding(file: Path, names: Sequence[str], dtype: Any) -> dict[str, Any]:
    """Those of the names under which some line has a value of the type, or any value where the type is text."""
    if not names:
        return {}
    # Without strictness, what is no number is null as a number. As text everything is something.
    rows = pl.scan_ndjson(file, schema=dict.fromkeys(names, dtype), ignore_errors=dtype != pl.String)
    held = rows.select(pl.col(names).is_not_null().any()).collect(engine="streaming")
    return {name: dtype for name in names if held[name].item()}


def present_columns(types: Mapping[str, Any], profile: Profile) -> tuple[Binding, ...]:
    """Return the profile's columns that are stored and can be judged, marked where they must be converted."""
    found = []
    for column in profile.columns:
        dtype = types.get(column.source)
        if dtype is None or (column.name in CODES and dtype.is_numeric()):
            continue
        found.append(
            replace(
                column, converted=dtype != column.kind.polars and not _always_converts(dtype, column.kind)
            )
        )
    return tuple(found)


def _always_converts(dtype: Any, kind: Kind) -> bool:
    """Whether every value of the stored type is one of the column's."""
    if kind is Kind.STRING:
        return bool(dtype.is_integer()) or dtype in (pl.Categorical, pl.Enum)
    return kind is Kind.FLOAT64 and bool(dtype.is_numeric())


def scan(
    sources: Sequence[Source], columns: Sequence[Binding], profile: Profile, *, numbers: bool = False
) -> pl.LazyFrame:
    """Return the rows of all parts: `ROW`, the columns under our names, and the stored values of converted ones.

    With `numbers`, the numbers of CSV files are read as such and have no stored values (null): a quarter less work,
    but polars ends with a ComputeError at the first that is none.
    """
    frames = []
    mixed = {c.name for c in columns if len({source.types[c.source] for source in sources}) > 1}
    for part, source in enumerate(sources):
        direct = {c.source: c.kind.polars for c in columns if c.kind.numeric} if numbers else {}
        types = source.types | (direct if source.format == "csv" else {})
        frame = _scan(source, profile, types)
        position = pl.col(ROW) if len(sources) == 1 else pl.col(ROW).cast(pl.UInt64) + part * PART
        frames.append(
            frame.select(position, *typed(columns, types, blanks=source.format == "csv", as_text=mixed))
        )
    return frames[0] if len(frames) == 1 else pl.concat(frames)


def has_numbers(sources: Iterable[Source], columns: Iterable[Binding]) -> bool:
    """Whether there is anything for `scan` to read as numbers."""
    return any(source.format == "csv" for source in sources) and any(c.kind.numeric for c in columns)


def as_shown(columns: Iterable[Binding], types: Mapping[str, Any]) -> list[pl.Expr]:
    """Return what makes stored values the same whichever way they were read: numbers that are some, in one form.

    `types` are those of the frame that `scan` returned.
    """
    return [
        pl.coalesce(pl.col(column.name).cast(pl.String), stored).alias(stored.meta.output_name())
        for column in columns
        if column.converted and column.kind.numeric
        for stored in [pl.col(TEXT + column.name)]
        if types[TEXT + column.name] == pl.String
    ]


def expected_rows(source: Source) -> int:
    """Return how many rows a file has; of a text file about how many, by its beginning."""
    if source.rows is not None:
        return source.rows
    with source.file.open("rb") as raw:
        start = raw.read(HEADER_BYTES)
    return source.file.stat().st_size * max(1, start.count(b"\n")) // max(1, len(start))


def typed(
    columns: Sequence[Binding],
    types: Mapping[str, Any],
    *,
    blanks: bool = False,
    as_text: Collection[str] = (),
) -> list[pl.Expr]:
    """Return what makes our columns of the stored ones of these `types`: the values, and those they were made of.

    With `blanks`, those before a number do not count, and a number that is blank is missing, as CSV readers have it.
    The stored values of the columns `as_text` are returned as text, since other parts store them otherwise.
    """
    stored = []
    for column in columns:
        value, dtype = pl.col(column.source), types[column.source]
        blank = blanks and dtype == pl.String and column.kind.numeric
        stored.append((column, _unblank(value) if blank else value, dtype))
    return [
        *(_converted(value, dtype, column).alias(column.name) for column, value, dtype in stored),
        *(
            _plain(value, dtype, column, text=column.name in as_text).alias(TEXT + column.name)
            for column, value, dtype in stored
            if column.converted
        ),
    ]


def _scan(source: Source, profile: Profile, types: Mapping[str, Any] | None = None) -> pl.LazyFrame:
    if source.format == "parquet":
        return pl.scan_parquet(source.file, glob=False, row_index_name=ROW)
    if source.format == "jsonl":
        return pl.scan_ndjson(source.file, schema=dict.fromkeys(source.names, pl.String), row_index_name=ROW)
    return pl.scan_csv(
        source.file,
        glob=False,
        has_header=False,
        skip_rows=int(profile.header),
        separator=source.separator,
        quote_char='"' if profile.quote else None,
        schema={name: (types or source.types)[name] for name in source.names},
        missing_columns="insert",  # the first row may lack cells at its end as any other
        n_rows=source.rows,
        row_index_name=ROW,
    )


def _unblank(text: pl.Expr) -> pl.Expr:
    """The text without the blanks before it, null where nothing is left."""
    stripped = text.str.strip_chars_start(" \t")
    # Nearly no text begins with a blank: polars then leaves out the branch.
    return pl.when(text < "!").then(pl.when(stripped != "").then(stripped)).otherwise(text)


def _plain(stored: pl.Expr, dtype: Any, column: Binding, *, text: bool) -> pl.Expr:
    """The stored value; of categories, which every part numbers in its own way, the text; null of a number that is one."""
    if column.kind.numeric and dtype == column.kind.polars:
        return pl.lit(None, pl.String)
    return stored.cast(pl.String) if text or dtype in (pl.Categorical, pl.Enum) else stored


def _converted(stored: pl.Expr, dtype: Any, column: Binding) -> pl.Expr:
    """The stored value as the column's type, null where it is none."""
    target = column.kind.polars
    if dtype == target:
        return stored
    if dtype.is_nested() or dtype == pl.Binary:
        return pl.lit(None, target)
    if (dtype.is_float() or dtype.is_decimal()) and column.kind.whole:
        return pl.when(stored == stored.floor()).then(stored).cast(target, strict=False)
    if (dtype.is_numeric() and column.kind not in (Kind.DATE, Kind.BOOL)) or (
        dtype == pl.Datetime and target == pl.Date
    ):
        return stored.cast(target, strict=False)
    text = stored if dtype == pl.String else stored.cast(pl.String)
    if column.kind is Kind.DATE:
        # Looking a day up among those seen before takes longer than reading it: 0.4 instead of 0.2 s for ten million.
        day = text.str.to_date(column.format, strict=False, cache=False)
        # polars takes "20" for the year 20, which is written 0020: nobody can tell the century that is meant.
        early = pl.when(day.cast(pl.Datetime, strict=False).dt.to_string(column.format) == text).then(day)
        return pl.when(day < FIRST_DAY).then(early).otherwise(day)
    if column.kind is Kind.BOOL:
        word = text.str.to_lowercase()
        return pl.when(word.is_in(["true", "1"])).then(True).when(word.is_in(["false", "0"])).then(False)
    return text.cast(target, strict=False)


def why_unreadable(source: Source, profile: Profile, error: BaseException) -> Source:
    """Return `source` with the line at which a text file stops being a table, as far as that can be told."""
    found = None
    if source.format != "parquet":
        found = damage(source.file, source.format, len(source.names), source.separator, quote=profile.quote)
    return _damaged(source, found or Damage(1, f"reading ended with: {first_line(error)}", AGAIN))


def _damaged(source: Source, found: Damage) -> Source:
    return replace(source, problem=found.problem, line=found.line, remedy=found.remedy)
