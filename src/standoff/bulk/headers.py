"""The header of a table file: how it is written and which columns it has, before a row is read.

Nothing here raises on bad data: a file that cannot be read has a `problem`.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

import polars as pl

from standoff.bulk.damage import (
    AGAIN,
    MEND,
    csv_fault,
    first_line,
    not_utf8,
    reader,
)
from standoff.bulk.first_bytes import OtherKind, encoding_of, other_kind
from standoff.bulk.formats import OTHERS, format_of, may_be_text, readable_as
from standoff.bulk.json_files import read_json
from standoff.bulk.parquet import Damaged, footer
from standoff.bulk.sources import HEADER_BYTES, PART, Source, damaged, refused_as
from standoff.bulk.streams import Refused, in_utf8, is_packed, open_bytes, peeked, unpacked
from standoff.tables.profiles import SEPARATORS, Profile, Quoting, plain

# Limits. A file beyond them is refused before its rows are read; they are stated in docs/bulk.md.
MAX_ROWS = PART - 1
MAX_GROUP_CELLS = 1 << 28
"""Rows times columns of one Parquet row group: 4 GiB once it is unfolded, however few bytes it takes in the file."""
MAX_GROUP_BYTES = 4 << 30
MAX_COLUMNS = 10_000

SAMPLE_BYTES = 1 << 14
"""Bytes after the first line that are looked at for the end of a header in quotes."""
_SPACED = re.compile(r'"[^"]*"(?: +"[^"]*")+')
"""A header whose names are in quotes with spaces between them, as R's write.table writes it."""
HIVE_MISSING = "__HIVE_DEFAULT_PARTITION__"
"""The value in a folder's name that stands for a missing one; other values are written as in an address (``A%20B``)."""
BASE_CELLS = 3
"""Cells that a first line must share with a format's names to be its header."""


def read_source(
    path: Path,
    scratch: Path,
    profile: Profile | None = None,
    shown: str | None = None,
    *,
    many: bool = False,
) -> Source:
    """Return a table file with its columns, those that its folders state among them.

    `scratch` is a folder for copies. `shown` is the address that the file was given by, if that is not its path. With
    `many` other files, text files are streamed.
    """
    shown = shown or path.as_posix()
    source = replace(_read_source(path, scratch, profile, many=many), shown=shown)
    folders = PurePosixPath(shown).parent.parts
    stated: dict[str, str | None] = {}
    for name, value in (part.split("=", 1) for part in folders if "=" in part.strip("=")):
        if name not in source.names:
            stated[name] = None if value == HIVE_MISSING else unquote(value)
    if source.problem or not stated:
        return source
    types = source.types | dict.fromkeys(stated, pl.String)
    return replace(source, names=(*source.names, *stated), types=types, constants=stated)


def _read_source(path: Path, scratch: Path, profile: Profile | None, *, many: bool) -> Source:
    """Read the header and the format of a table file, before its rows are read."""
    shown, kind = path.as_posix(), format_of(path)
    if path.is_symlink() and not path.exists():
        return Source(
            shown,
            path,
            kind or "",
            problem="it is a link to a file that is not there",
            remedy="fetch the file (with git-annex: git annex get), or remove the link",
        )
    path = _openable(path, scratch)
    if kind is None and (may_be_text(path) or (profile is not None and _spells_text(path))):
        kind = "csv"
    if kind is None:
        return Source(shown, path, "", problem="its format cannot be read", remedy=readable_as(path))
    source = Source(shown, path, kind)
    try:
        if not path.stat().st_size:
            return replace(source, problem="the file is empty", remedy=AGAIN)
        if kind == "csv":
            return read_csv(replace(source, streamed=many or is_packed(path)), profile)
        if is_packed(path):
            source = replace(source, file=unpacked(path, scratch))
        if kind == "parquet":
            return _parquet(source)
        if kind == "ipc":
            return _ipc(source, scratch)
        return read_json(source, path, scratch)
    except Refused as refused:
        return refused_as(source, refused)
    except OSError as error:
        return replace(source, problem=f"it cannot be read: {error.strerror or error}")


def _openable(path: Path, scratch: Path) -> Path:
    """The path, or a link to it where its name is not UTF-8, which polars cannot open."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        endings = "".join(suffix for suffix in path.suffixes if suffix.isascii())
        link = Path(tempfile.mkdtemp(dir=scratch)) / f"table{endings}"
        link.symlink_to(path.absolute())
        return link
    return path


def _of_other_kind(source: Source, other: OtherKind) -> Source:
    return replace(source, problem=other.problem, remedy=other.remedy, line=other.line)


def _spells_text(path: Path) -> bool:
    """Whether a file whose format was named may be text: any ending will do but those of other kinds of tables."""
    other = path.with_suffix("") if is_packed(path) else path
    return other.suffix.lower() not in OTHERS


def _parquet(source: Source) -> Source:
    try:
        rows, groups = footer(source.file)
    except Damaged as error:
        return replace(source, problem=str(error), remedy=AGAIN)
    largest = max(groups, key=lambda group: group.rows * group.columns, default=None)
    size = max((group.size for group in groups), default=0)
    if rows > MAX_ROWS:
        raise Refused(f"it states {rows:,} rows; a file can have at most {MAX_ROWS:,}")
    cells = largest.rows * largest.columns if largest else 0
    if largest and (cells > MAX_GROUP_CELLS or size > MAX_GROUP_BYTES):
        raise Refused(
            f"a row group states {largest.rows:,} rows, {cells:,} cells and {size:,} bytes; "
            f"at most {MAX_GROUP_CELLS:,} cells and {MAX_GROUP_BYTES:,} bytes are allowed"
        )
    try:
        types = dict(pl.scan_parquet(source.file, glob=False, hive_partitioning=False).collect_schema())
    except pl.exceptions.DuplicateError as error:
        import pyarrow.parquet as pq

        name = str(error).partition("'")[2].partition("'")[0] or first_line(error)
        try:
            names = tuple(pq.read_schema(source.file).names)
        except (ValueError, OSError):
            names = ()
        return replace(source, names=names if len(set(names)) < len(names) else (name, name))
    except (ValueError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        return replace(source, problem=f"the Parquet file is damaged: {first_line(error)}", remedy=AGAIN)
    return _storable(replace(source, names=tuple(types), types=types, rows=rows))


def _ipc(source: Source, scratch: Path) -> Source:
    try:
        frame = pl.scan_ipc(source.file, hive_partitioning=False)
        types = dict(frame.collect_schema())
        rows = frame.select(pl.len()).collect().item()
    except (ValueError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        stored = _stored(source.file, Path(tempfile.mkdtemp(dir=scratch)) / "stream.arrow")
        if stored is not None:
            return _ipc(replace(source, file=stored), scratch)
        with source.file.open("rb") as raw:
            first_version = raw.read(4) == b"FEA1"
        reason = "it is a Feather file of version 1" if first_version else first_line(error)
        return replace(
            source,
            problem=f"the Arrow file cannot be read: {reason}",
            remedy="write it as an Arrow IPC file (Feather version 2), or as Parquet",
        )
    return _storable(replace(source, names=tuple(types), types=types, rows=rows))


def _stored(stream: Path, file: Path) -> Path | None:
    """Write an Arrow stream, which has no footer, as an Arrow file, and return it; None if it is no such stream."""
    import pyarrow as pa

    try:
        with (
            pa.OSFile(str(stream)) as raw,
            pa.ipc.open_stream(raw) as batches,
            pa.ipc.new_file(str(file), batches.schema) as out,
        ):
            for batch in batches:
                out.write_batch(batch)
    except (pa.ArrowException, OSError):
        return None
    return file


def _storable(source: Source) -> Source:
    """Return a file, or the problem that a column has a type in which failing rows cannot be written."""
    extended = tuple(name for name, dtype in source.types.items() if dtype.is_extension())
    if extended:  # read as what they are stored as
        types = source.types | {name: source.types[name].ext_storage() for name in extended}
        source = replace(source, types=types, extended=extended)
    wide = next((name for name, dtype in source.types.items() if dtype in (pl.Int128, pl.UInt128)), None)
    if wide is None:
        return source
    return replace(
        source,
        problem=f'the column "{wide}" has the type {source.types[wide]}, which Parquet readers do not share',
        remedy="store it as a whole number of 64 bits, or as text",
    )


def read_csv(source: Source, profile: Profile | None) -> Source:
    """Return a CSV file with its separator, its quoting, and the names in its first line."""
    if profile is not None:
        comment = profile.comment.encode() if profile.comment else None
        source = replace(source, encoding=profile.encoding, comment=comment)
    with open_bytes(source.file) as stored:
        begins = peeked(stored)
        encoding = encoding_of(begins) or source.encoding
        source = replace(source, encoding=encoding, streamed=source.streamed or encoding != "utf-8")
        packed = is_packed(source.file)
        if encoding == "utf-8" and (other := other_kind(begins, readable_as(source.file), packed=packed)):
            return _of_other_kind(source, other)
        raw = in_utf8(stored, encoding)
        skipped = 0
        for _ in range(profile.skip_lines if profile else 0):
            skipped += bool(raw.readline())
        start = raw.readline(HEADER_BYTES)
        while source.comment and start.startswith(source.comment):
            start, skipped = raw.readline(HEADER_BYTES), skipped + 1
        start += raw.read(SAMPLE_BYTES)
        if start.count(b'"') % 2:
            start += raw.read(HEADER_BYTES)
    text = start.decode("utf-8", "replace")
    line = text.partition("\n")[0]
    if not text.strip():
        nothing = "the file has only blank lines" if text else "the file is empty"
        return replace(source, problem=nothing, remedy=AGAIN)
    if not line.strip(" \r"):
        return replace(source, problem="the first line is blank", remedy="remove the blank lines at the top")
    if line.rstrip("\r")[:-1].lower() == "sep=":
        return replace(
            source,
            problem=f"the first line is not a header but names the separator for Excel ({line.rstrip()})",
            remedy="remove the line: separators are recognised without it",
        )
    try:
        start[: start.find(b"\n") + 1].decode()
    except UnicodeDecodeError as error:
        return damaged(source, not_utf8(skipped + 1, error))
    usual = profile.separator if profile else None
    # A file of a format may have been written again with other separators.
    others = any(sign in line for sign in SEPARATORS)
    separator = usual if usual and (usual in line or not others) else _separator(source.file, line)
    quote = _quoting(profile, line, separator)
    rows = reader(io.StringIO(text), separator, quote=quote != "none")
    try:
        names = tuple(next(rows))
    except csv.Error as error:
        if _SPACED.fullmatch(line.rstrip("\r")):
            how = 'in R: write.csv(table, "table.csv", row.names = FALSE, na = "")'
            return replace(
                source,
                problem="its cells are separated by spaces",
                remedy=f"write it with commas or tabs ({how})",
            )
        return replace(source, problem=csv_fault(error), line=skipped + 1, remedy=MEND)
    if len(names) > MAX_COLUMNS or (len(start) >= HEADER_BYTES and "\n" not in text):
        return replace(source, problem=f"the first line has no end or more than {MAX_COLUMNS:,} columns")
    return replace(
        source,
        separator=separator,
        quote=quote,
        names=names,
        types=dict.fromkeys(names, pl.String),
        all_quoted=quote == "cells" and _all_quoted(text, separator),
        skip=skipped + rows.line_num,
        above=skipped,
        first=line.rstrip("\r"),
    )


def _all_quoted(text: str, separator: str) -> bool:
    """Return whether every cell at the beginning of a file is in quotes, so that a missing value is too."""
    cell = r'"(?:[^"]|"")*+"(?:' + re.escape(separator) + r"|\r?\n|\Z)"
    return re.fullmatch(f'(?:{cell})++(?:"(?:[^"]|"")*+)?', text) is not None


def _quoting(profile: Profile | None, line: str, separator: str) -> Quoting:
    """What a quotation mark may do in the file.

    A format without header and quotes that comes with a header or another separator was written again by another program,
    which puts cells in quotes where they need them.
    """
    if profile is None:
        return "cells"
    if profile.quote != "none" or profile.header is not None:
        return profile.quote
    if separator != profile.separator:
        return "cells"
    return "lines" if headed(profile, line.split(separator)) else "none"


def headed(profile: Profile, cells: Iterable[str]) -> bool:
    """Return whether the first line names the columns."""
    if profile.header is not None:
        return profile.header
    known = {plain(name) for b in profile.columns for name in (*b.sources, *b.aliases)}
    return len(known.intersection(map(plain, cells))) >= min(BASE_CELLS, len(known))


def _separator(path: Path, line: str) -> str:
    """The sign that the first line has most of; in files that do not end in .csv a tab, if there is one."""
    if "\t" in line and not any(suffix.lower() == ".csv" for suffix in path.suffixes):
        return "\t"
    return max(SEPARATORS, key=line.count)
