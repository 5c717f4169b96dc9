"""Table files: finding them, reading their headers, and scanning them as their profile says.

Nothing here raises on bad data: a file that cannot be read has a `problem`, and records that cannot be read are listed
(`bulk.records`). Text formats are read as text and converted without strictness, so that a bad cell is a finding and
never the end of the run. A CSV file of which every cell is good is read faster as numbers (`scan`); the two ways agree
on what is a number and on which.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import tempfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
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
from standoff.bulk.formats import OTHERS, PACKED, format_of, matching, parts_in, readable_as
from standoff.bulk.parquet import Damaged, footer
from standoff.bulk.plan import ROW
from standoff.bulk.records import Dialect, Records, account
from standoff.bulk.release_files import without_descriptions
from standoff.bulk.unpacking import Refused, unpacked
from standoff.bulk.values import typed
from standoff.findings import UsageError, shortened
from standoff.rules.column import CODES, listed
from standoff.rules.context import Header
from standoff.tables.profiles import Binding, Profile, Quoting, plain

PART = 1 << 32

# Limits. A file beyond them is refused before its rows are read; they are stated in docs/bulk.md.
MAX_ROWS = PART - 1
MAX_GROUP_CELLS = 1 << 28
"""Rows times columns of one Parquet row group: 4 GiB once it is unfolded, however few bytes it takes in the file."""
MAX_GROUP_BYTES = 4 << 30
MAX_COLUMNS = 10_000

HEADER_BYTES = 1 << 20
SAMPLE_LINES = 200


SEPARATORS = {",": "commas", "\t": "tabs", ";": "semicolons", "|": "vertical bars"}
"""What may stand between cells, and what messages call it."""
BASE_CELLS = 3
"""Cells that a first line must share with a format's names to be its header."""


@dataclass(frozen=True, slots=True)
class Source:
    """One table file. `file` is what is read, an unpacked copy perhaps; `shown` is how findings name it.

    `types` are the polars types of the columns as they are stored; text formats store text. `rows` is None where only
    reading tells. `spelled` are the names in the file of columns that the profile calls otherwise. Of a text
    file, `skip` lines come before the rows, and `above` of them before the header; `records` accounts for all lines once the file is `named`.
    """

    shown: str
    file: Path
    format: str
    names: tuple[str, ...] = ()
    types: dict[str, Any] = field(default_factory=dict)
    separator: str = ","
    quote: Quoting = "cells"
    rows: int | None = None
    problem: str | None = None
    remedy: str | None = None
    line: int = 1
    spelled: dict[str, str] = field(default_factory=dict)
    skip: int = 1
    above: int = 0
    records: Records | None = None
    first: str = ""
    """The header line of a CSV file, without its end."""
    constants: dict[str, str] = field(default_factory=dict)
    """Columns that the folders above the file state, as in ``year=2020/part.parquet``."""
    within: tuple[int, int] | None = None
    """The part of the file that is read: bytes of a text file, from one line's beginning to another's, or rows of Parquet."""
    begins: int | None = None
    """Position (`ROW`) of the first row, where other sources come before it; of a range of rows, that of its file."""
    parts: tuple[Source, ...] = ()
    """The ranges of bytes in which the tasks of an engine read the file."""

    def header(self, profile: Profile) -> Header:
        """Return what the header rules look at."""
        return Header(
            profile,
            self.names,
            self.types,
            self.problem,
            self.remedy,
            self.line,
            tuple(self.records.unreadable) if self.records else (),
            self.records.unread if self.records else 0,
            (self.records.short, *self.records.first_short)
            if self.records and self.records.first_short
            else None,
            self.shown,
        )

    @property
    def is_text(self) -> bool:
        """Whether the file holds text only, so that every type is read out of it."""
        return self.format in ("csv", "jsonl")

    def line_of(self, row: int) -> int:
        """Return the line of a text file at which a row (from 0) begins; 1 for other formats."""
        if self.records is not None:
            return self.records.line_of(row)
        return row + 1 if self.format == "jsonl" else 1


def table_files(paths: Iterable[Path]) -> list[Path]:
    """Return the table files that `paths` name: files, folders of parts, patterns. UsageError where there is none."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            files = without_descriptions(parts_in(path))
            if not files:
                raise UsageError(f"{path} holds no tables. {readable_as(path)}")
            found += files
        elif path.exists():
            found.append(path)
        elif any(mark in str(path) for mark in "*?["):
            files = [file for file in matching(path) if file.is_file()]
            if not files:
                raise UsageError(f"no file matches {path}")
            found += files
        else:
            raise UsageError(f"{path} does not exist")
    return list(dict.fromkeys(found))


def read_source(
    path: Path, scratch: Path, profile: Profile | None = None, shown: str | None = None
) -> Source:
    """Return a table file with its columns, those that its folders state among them.

    `scratch` is a folder for copies. `shown` is the address that the file was given by, if that is not its path.
    """
    shown = shown or path.as_posix()
    source = replace(_read_source(path, scratch, profile), shown=shown)
    folders = PurePosixPath(shown).parent.parts
    stated = dict(part.split("=", 1) for part in folders if "=" in part.strip("="))
    stated = {name: value for name, value in stated.items() if name not in source.names}
    if source.problem or not stated:
        return source
    types = source.types | dict.fromkeys(stated, pl.String)
    return replace(source, names=(*source.names, *stated), types=types, constants=stated)


def _read_source(path: Path, scratch: Path, profile: Profile | None) -> Source:
    """Read what can be told of a table file before its rows are read; `scratch` is a folder for copies."""
    shown, kind = path.as_posix(), format_of(path)
    other = path.with_suffix("") if path.suffix.lower() in PACKED else path
    if (
        kind is None
        and profile is not None
        and (other.suffix.lower() not in OTHERS or other.suffix.lower() == ".txt")
    ):
        kind = "csv"  # the format was named, so the ending does not have to say that it is text
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
        if kind == "ipc":
            return _ipc(source)
        if kind == "json":
            return _json(source, scratch)
        return _csv(source, scratch, profile) if kind == "csv" else _jsonl(source)
    except Refused as refused:
        return replace(source, problem=str(refused), remedy=refused.remedy)
    except OSError as error:
        return replace(source, problem=f"it cannot be read: {error.strerror or error}")


def _parquet(source: Source) -> Source:
    try:
        rows, groups = footer(source.file)
    except Damaged as error:
        return replace(source, problem=str(error), remedy=AGAIN)
    largest = max(groups, key=lambda group: group.rows * group.columns, default=None)
    size = max((group.size for group in groups), default=0)
    if rows > MAX_ROWS:
        raise Refused(f"it says it has {rows:,} rows; {MAX_ROWS:,} in a file are the most")
    cells = largest.rows * largest.columns if largest else 0
    if largest and (cells > MAX_GROUP_CELLS or size > MAX_GROUP_BYTES):
        raise Refused(
            f"a row group says it has {largest.rows:,} rows, {cells:,} cells and {size:,} bytes; "
            f"{MAX_GROUP_CELLS:,} cells and {MAX_GROUP_BYTES:,} bytes are the most"
        )
    try:
        types = dict(pl.scan_parquet(source.file, glob=False, hive_partitioning=False).collect_schema())
    except pl.exceptions.DuplicateError as error:
        name = str(error).partition("'")[2].partition("'")[0] or first_line(error)
        return replace(source, names=(name, name))
    except (ValueError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        return replace(source, problem=f"the Parquet file is damaged: {first_line(error)}", remedy=AGAIN)
    return replace(source, names=tuple(types), types=types, rows=rows)


def _ipc(source: Source) -> Source:
    try:
        frame = pl.scan_ipc(source.file, hive_partitioning=False)
        types = dict(frame.collect_schema())
        rows = frame.select(pl.len()).collect().item()
    except (ValueError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        return replace(
            source,
            problem=f"the Arrow file cannot be read: {first_line(error)}",
            remedy="write it as an Arrow IPC file (Feather version 2), or as Parquet",
        )
    return replace(source, names=tuple(types), types=types, rows=rows)


def _json(source: Source, scratch: Path) -> Source:
    """Return a JSON array of objects as JSON Lines, one object in a line."""
    try:
        text = source.file.read_text(encoding="utf-8-sig")
        value = json.loads(text)
    except UnicodeDecodeError as error:
        return _damaged(source, not_utf8(1, error))
    except (ValueError, RecursionError) as error:
        # Many programs write JSON Lines under this ending.
        lines = replace(source, format="jsonl")
        found = _jsonl(lines)
        if found.problem is None:
            return found
        line = getattr(error, "lineno", 1)
        return replace(source, problem=f"it is no JSON: {first_line(error)}", line=line, remedy=AGAIN)
    if isinstance(value, dict):
        return _jsonl(replace(source, format="jsonl")) if "\n" not in text.strip() else _no_array(source)
    if not isinstance(value, list) or not all(isinstance(record, dict) for record in value):
        return _no_array(source)
    target = Path(tempfile.mkdtemp(dir=scratch)) / "records.jsonl"
    with target.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in value)
    if not value:
        return replace(source, problem="the file holds no records", remedy=AGAIN)
    return _jsonl(replace(source, file=target, format="jsonl"))


def _no_array(source: Source) -> Source:
    return replace(
        source,
        problem="it is not an array of JSON objects",
        remedy="write an array of objects, or one JSON object in a line of a file that ends in .jsonl",
    )


def _csv(source: Source, scratch: Path, profile: Profile | None) -> Source:
    encoding = profile.encoding if profile else "utf-8"
    if encoding != "utf-8":
        found = _in_utf8(source, encoding, scratch)
        if found.problem:
            return found
        source = found
    with source.file.open("rb") as raw:
        skipped = 0
        for _ in range(profile.skip_lines if profile else 0):
            skipped += bool(raw.readline())
        if profile and profile.comment:
            comment, at = profile.comment.encode(), raw.tell()
            while raw.readline().startswith(comment):
                skipped, at = skipped + 1, raw.tell()
            raw.seek(at)
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
            problem=f"the first line is not a header but names the separator for Excel ({line.rstrip()})",
            remedy="remove the line: separators are recognised without it",
        )
    try:
        start[: start.find(b"\n") + 1].decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _damaged(source, not_utf8(skipped + 1, error))
    usual = profile.separator if profile else None
    # A file of a format may have been written again with other separators.
    separator = usual if usual and (usual in line or "," not in line) else _separator(source.file, line)
    quote = _quoting(profile, line, separator)
    rows = reader(io.StringIO(text), separator, quote=quote != "none")
    try:
        names = tuple(next(rows))
    except csv.Error as error:
        return replace(source, problem=csv_fault(error), line=skipped + 1, remedy=MEND)
    if len(names) > MAX_COLUMNS or (len(start) == HEADER_BYTES and "\n" not in text):
        return replace(source, problem=f"the first line has no end or more than {MAX_COLUMNS:,} columns")
    return replace(
        source,
        separator=separator,
        quote=quote,
        names=names,
        types=dict.fromkeys(names, pl.String),
        skip=skipped + rows.line_num,
        above=skipped,
        first=line.rstrip("\r"),
    )


def _quoting(profile: Profile | None, line: str, separator: str) -> Quoting:
    """What a quotation mark may do in the file.

    A format without header and quotes that comes with a header was written again by another program, which puts cells
    in quotes where they need them.
    """
    if profile is None:
        return "cells"
    if profile.quote != "none" or profile.header is not None or not _headed(profile, line.split(separator)):
        return profile.quote
    return "lines" if separator == profile.separator else "cells"


def _headed(profile: Profile, cells: Iterable[str]) -> bool:
    """Whether the first line names the columns."""
    if profile.header is not None:
        return profile.header
    known = {plain(name) for b in profile.columns for name in (*b.sources, *b.aliases)}
    return len(known.intersection(map(plain, cells))) >= min(BASE_CELLS, len(known))


def _in_utf8(source: Source, encoding: str, scratch: Path) -> Source:
    """Return a text file in another encoding as a copy in UTF-8."""
    target = Path(tempfile.mkdtemp(dir=scratch)) / source.file.name
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with source.file.open("rb") as raw, target.open("wb") as out:
        while True:
            block = raw.read(1 << 20)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                return replace(
                    source,
                    problem=f"the line is not {encoding}: {error.reason}",
                    line=line,
                    remedy="give the encoding of the file in the profile",
                )
            line += text.count("\n")
            out.write(text.encode())
            if not block:
                return replace(source, file=target)


def reopened(source: Source, profile: Profile, scratch: Path) -> Source:
    """Return a CSV file whose format was guessed, read again as the format says."""
    if source.problem or source.format != "csv":
        return source
    again = replace(source, names=(), types={}, constants={})
    found = _csv(again, scratch, profile)
    if found.problem or not source.constants:
        return found
    return replace(
        found,
        names=(*found.names, *source.constants),
        types=found.types | dict.fromkeys(source.constants, pl.String),
        constants=source.constants,
    )


def named(source: Source, profile: Profile, scratch: Path) -> Source:
    """Return `source` with what only its profile tells: the columns' names, and that every record is accounted for."""
    if source.problem:
        return source
    if source.format == "csv" and not _headed(profile, source.names):
        source = _by_position(source, profile)
    source = _spelled(source, profile)
    if source.format == "jsonl":
        return _searched(source, profile)
    return _accounted(source, profile, scratch) if source.format == "csv" else source


def _spelled(source: Source, profile: Profile) -> Source:
    """Return a file under the profile's names for its columns."""
    if source.problem or len(set(source.names)) < len(source.names):
        return source
    if source.constants:
        wanted = {plain(name) for b in profile.columns for name in (*b.sources, *b.aliases)}
        constants = {name: value for name, value in source.constants.items() if plain(name) in wanted}
        names = tuple(n for n in source.names if n not in source.constants or n in constants)
        types = {name: source.types[name] for name in names}
        source = replace(source, names=names, types=types, constants=constants)
    spelled = profile.spelled(source.names)
    ours = {name: ours for ours, name in spelled.items()}
    types = {ours.get(name, name): source.types[name] for name in source.names}
    return replace(source, names=tuple(types), types=types, spelled=spelled)


def _accounted(source: Source, profile: Profile, scratch: Path) -> Source:
    """Return a CSV file of which every record is accounted for."""
    if source.problem or len(set(source.names)) < len(source.names):
        return source
    dialect = Dialect(
        len(source.names) - len(source.constants),
        source.separator.encode(),
        source.quote,
        profile.comment.encode() if profile.comment else None,
        source.first.encode(),
    )
    try:
        last = source.within is None or source.within[1] == source.file.stat().st_size
        source = _cut_out(source, scratch) if source.within else source
        records = account(
            source.file, dialect, source.skip, lambda: Path(tempfile.mkdtemp(dir=scratch)), last=last
        )
    except OSError as error:
        return replace(source, problem=f"it cannot be read: {error.strerror or error}")
    return replace(source, records=records, rows=records.rows)


def _cut_out(source: Source, scratch: Path) -> Source:
    """Return a text file of which a range of bytes is read, with a copy of that range."""
    assert source.within is not None
    begin, end = source.within
    target = Path(tempfile.mkdtemp(dir=scratch)) / source.file.name
    with source.file.open("rb") as raw, target.open("wb") as out:
        raw.seek(begin)
        while begin < end and (piece := raw.read(min(end - begin, 1 << 22))):
            out.write(piece)
            begin += len(piece)
    return replace(source, file=target, skip=0 if source.within[0] else source.skip)


def _by_position(source: Source, profile: Profile) -> Source:
    """Return a file without header with the profile's columns, or the problem that it has not as many."""
    columns = [source_name for binding in profile.columns for source_name in binding.sources]
    most, found = len(columns), len(source.names)
    least = most - profile.trailing
    if not least <= found <= most:
        wanted = f"{most}" if least == most else f"{least} to {most}"
        usual = profile.separator or source.separator
        if source.separator != usual:
            there, asked = (
                SEPARATORS.get(source.separator, "another sign"),
                SEPARATORS.get(usual, repr(usual)),
            )
            return replace(
                source,
                problem=f"the first line has {found} columns with {there} between them; {profile.title} has {wanted} "
                f"with {asked} between them and no header",
                remedy=f"write the file with {asked}, or with a header and with cells that hold {there} in quotes",
            )
        cells = listed([shortened(name, 20) for name in source.names], 3)
        return replace(
            source,
            problem=f"the first line has {found} columns ({cells}); {profile.title} has {wanted} and no header",
            remedy="give another --profile, one that has these columns",
        )
    known = {plain(name) for binding in profile.columns for name in (*binding.sources, binding.name)}
    if len(known.intersection(map(plain, source.names))) >= BASE_CELLS:
        return replace(
            source,
            problem=f"the first line is a header; {profile.title} has none",
            remedy='remove the line, or set header = "detect" in the profile',
        )
    names = tuple(columns[:found])
    return replace(source, names=names, types=dict.fromkeys(names, pl.String), skip=source.above, first="")


def _separator(path: Path, line: str) -> str:
    """The sign that the first line has most of; in .tsv and .tab files a tab, if there is one."""
    if "\t" in line and any(suffix.lower() in (".tsv", ".tab") for suffix in path.suffixes):
        return "\t"
    return max(SEPARATORS, key=line.count)


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
    late = [name for column in profile.columns for name in column.sources if name not in source.names]
    codes = [column.source for column in profile.columns if column.name in CODES]
    try:
        types = source.types | _holding(source, late, pl.String)
        types |= _holding(source, codes, pl.Int64)
        rows = pl.scan_ndjson(source.file, schema={"row.any": pl.String}).select(pl.len())
        records = rows.collect(engine="streaming").item()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        return why_unreadable(source, profile, error)
    return replace(source, names=tuple(types), types=types, rows=records)


def _holding(source: Source, names: Sequence[str], dtype: Any) -> dict[str, Any]:
    """Those of the names under which some line has a value of the type, or any value where the type is text."""
    if not names:
        return {}
    # Without strictness, what is no number is null as a number. As text everything is something.
    stored = {source.spelled.get(name, name): name for name in names}
    rows = pl.scan_ndjson(source.file, schema=dict.fromkeys(stored, dtype), ignore_errors=dtype != pl.String)
    held = rows.select(pl.col(list(stored)).is_not_null().any()).collect(engine="streaming")
    return {name: dtype for file_name, name in stored.items() if held[file_name].item()}


def mixed(sources: Sequence[Source], columns: Iterable[Binding]) -> frozenset[str]:
    """Return the names of the columns that some sources store as other types than others."""
    return frozenset(
        c.name for c in columns if any(len({s.types[n] for s in sources}) > 1 for n in c.sources)
    )


def scan(
    sources: Sequence[Source],
    columns: Sequence[Binding],
    profile: Profile,
    *,
    numbers: bool = False,
    as_text: Collection[str] | None = None,
) -> pl.LazyFrame:
    """Return the rows of all parts: `ROW`, the columns under our names, and the stored values of converted ones.

    With `numbers`, the numbers of CSV files are read as such and have no stored values (null): a quarter less work,
    but polars ends with a ComputeError at the first that is none. The stored values of the columns `as_text` are
    returned as text; by default of those that are `mixed`.
    """
    frames = []
    texts = mixed(sources, columns) if as_text is None else as_text
    for part, source in enumerate(sources):
        direct = {c.source: c.kind.polars for c in columns if _direct(c)} if numbers else {}
        types = source.types | (direct if source.format == "csv" else {})
        frame = _scan(source, profile, types)
        before = source.begins if source.begins is not None or len(sources) == 1 else part * PART
        position = pl.col(ROW) if before is None else pl.col(ROW).cast(pl.UInt64) + before
        values = typed(columns, types, text_format=source.is_text, as_text=texts, numbers=numbers)
        frames.append(frame.select(position, *values))
    return frames[0] if len(frames) == 1 else pl.concat(frames)


def _direct(binding: Binding) -> bool:
    """Whether polars may read the numbers of a text file itself."""
    return binding.kind.numeric and binding.decimal == "." and not binding.parts


def has_numbers(sources: Iterable[Source], columns: Iterable[Binding]) -> bool:
    """Whether there is anything for `scan` to read as numbers."""
    return any(source.format == "csv" for source in sources) and any(map(_direct, columns))


def expected_rows(source: Source) -> int:
    """Return how many rows a file has; of a text file about how many, by its beginning."""
    if source.rows is not None:
        return source.rows
    with source.file.open("rb") as raw:
        start = raw.read(HEADER_BYTES)
    return source.file.stat().st_size * max(1, start.count(b"\n")) // max(1, len(start))


def _scan(source: Source, profile: Profile, types: Mapping[str, Any] | None = None) -> pl.LazyFrame:
    """Return the rows of one file under the profile's names for its columns."""
    stored = types or source.types
    if source.format == "csv":
        frame = _scan_csv(source, profile, stored)
    elif source.format == "jsonl":
        names = [source.spelled.get(name, name) for name in source.names if name not in source.constants]
        frame = pl.scan_ndjson(source.file, schema=dict.fromkeys(names, pl.String), row_index_name=ROW)
    elif source.format == "ipc":
        frame = pl.scan_ipc(source.file, row_index_name=ROW, hive_partitioning=False)
    else:
        frame = pl.scan_parquet(source.file, glob=False, row_index_name=ROW, hive_partitioning=False)
        if source.within:
            frame = frame.slice(source.within[0], source.within[1] - source.within[0])
    if source.spelled and source.format != "csv":
        frame = frame.rename({file_name: name for name, file_name in source.spelled.items()})
    if source.constants:
        frame = frame.with_columns(pl.lit(value).alias(name) for name, value in source.constants.items())
    return frame


def _scan_csv(source: Source, profile: Profile, types: Mapping[str, Any]) -> pl.LazyFrame:
    records = source.records
    return pl.scan_csv(
        records.file if records else source.file,
        glob=False,
        has_header=False,
        skip_lines=records.skip if records else source.skip,
        separator=source.separator,
        quote_char=None if source.quote == "none" else '"',
        schema={name: types[name] for name in source.names if name not in source.constants},
        missing_columns="insert",  # the first row may lack cells at its end as any other
        n_rows=source.rows,
        row_index_name=ROW,
    )


def why_unreadable(source: Source, profile: Profile, error: BaseException) -> Source:
    """Return `source` with the line at which a text file stops being a table, as far as that can be told."""
    found = None
    if source.is_text:
        quoting = source.quote != "none"
        found = damage(source.file, source.format, len(source.names), source.separator, quote=quoting)
    return _damaged(source, found or Damage(1, f"reading ended with: {first_line(error)}", AGAIN))


def _damaged(source: Source, found: Damage) -> Source:
    return replace(source, problem=found.problem, line=found.line, remedy=found.remedy)
