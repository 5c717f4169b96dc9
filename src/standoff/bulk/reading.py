"""The rows of table files as one stream, each value under our name and of its column's kind.

Text formats are read as text and converted without strictness, so that a bad cell is a finding and never the end of
the run. A CSV file of which every cell is good is read faster as numbers; the two ways agree on what is a number and on
which.

However many files a table has, a few are open at a time. Parts that are alike are one scan; polars would begin to read
all scans of a table at once.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import polars as pl
from polars.io.plugins import register_io_source

from standoff.bulk.plan import ROW
from standoff.bulk.records import blocks
from standoff.bulk.sources import PART, Source
from standoff.bulk.values import typed
from standoff.tables.profiles import Binding

AT_A_TIME = 1 << 23
"""Bytes of streamed text that are read at a time, from one file or from several."""


SMALL_ROWS = 10_000
"""Rows of Parquet files, on average, below which several are read into one batch."""
GATHERED_ROWS, GATHERED_FILES = 25_000, 100
"""Rows and files of one such batch."""


class RecordsLost(Exception):
    """Not as many rows were read as there are records; the text gives both numbers."""

    def __init__(self, records: int, rows: int) -> None:
        super().__init__(f"{records:,} records were counted in the file, and {rows:,} read")


def mixed(sources: Sequence[Source], columns: Iterable[Binding]) -> frozenset[str]:
    """Return the names of the columns whose stored type differs between sources."""
    unlike = {id(source.types): source.types for source in sources}.values()
    return frozenset(
        c.name for c in columns if any(len({types[name] for types in unlike}) > 1 for name in c.sources)
    )


def scan(
    sources: Sequence[Source],
    columns: Sequence[Binding],
    *,
    numbers: bool = False,
    as_text: Collection[str] | None = None,
) -> pl.LazyFrame:
    """Return the rows of all parts: `ROW`, the columns under our names, and the stored values of converted ones.

    With `numbers`, the numbers of CSV files are read as such and have no stored values (null): a quarter less work,
    but polars ends with a ComputeError at the first that is none. The stored values of the columns `as_text` are
    returned as text; by default of those that are `mixed`.
    """
    direct = {c.source: c.kind.polars for c in columns if _direct(c)} if numbers else {}
    texts = mixed(sources, columns) if as_text is None else as_text
    frames = []
    for _, group in groupby(enumerate(sources), lambda numbered: _alike(*numbered)):
        parts, alike = zip(*group, strict=True)
        source = alike[0]
        types = source.types | (direct if source.format == "csv" else {})
        values = typed(columns, types, text_format=source.is_text, as_text=texts, numbers=numbers)
        frame = _scan(parts[0], alike, types)
        if source.begins is not None or len(sources) > 1:
            frame = _numbered(frame, parts[0], alike)
        frames.append(frame.select(ROW, *values))
    return frames[0] if len(frames) == 1 else pl.concat(frames)


def _begin(part: int, source: Source) -> int:
    """The position of the first row of a part."""
    return part * PART if source.begins is None else source.begins


def _alike(part: int, source: Source) -> tuple[Any, ...]:
    """What is the same of files that can be one scan."""
    if source.streamed:
        return "streamed", source.types
    if source.format in ("parquet", "ipc") and not source.constants and source.within is None:
        return source.format, source.names, source.types, source.spelled, source.extended
    return (part,)


def _direct(binding: Binding) -> bool:
    """Whether polars may read the numbers of a text file itself."""
    return binding.kind.numeric and binding.decimal == "." and not binding.parts


def has_numbers(sources: Iterable[Source], columns: Iterable[Binding]) -> bool:
    """Whether there is anything for `scan` to read as numbers."""
    return any(source.format == "csv" for source in sources) and any(map(_direct, columns))


def _numbered(frame: pl.LazyFrame, part: int, sources: Sequence[Source]) -> pl.LazyFrame:
    """Return rows that polars numbered from 0 over several files with their positions; streamed ones have them."""
    if sources[0].streamed:
        return frame
    row = pl.col(ROW).cast(pl.UInt64)
    if len(sources) > 1:
        ends = pl.Series([source.rows for source in sources], dtype=pl.UInt64).cum_sum()

        def placed(rows: pl.Series) -> pl.Series:
            file = ends.search_sorted(rows, side="right")
            before = pl.concat([pl.Series([0], dtype=pl.UInt64), ends]).gather(file)
            return rows - before + file.cast(pl.UInt64) * PART

        row = row.map_batches(placed, return_dtype=pl.UInt64, is_elementwise=True)
    return frame.with_columns((row + _begin(part, sources[0])).alias(ROW))


def _scan(part: int, sources: Sequence[Source], types: Mapping[str, Any]) -> pl.LazyFrame:
    """Return the rows of files that are alike under the profile's names for their columns."""
    source, files = sources[0], [source.file for source in sources]
    if source.streamed:
        return _streamed(part, sources, types)
    if source.format == "csv":
        frame = _scan_csv(source, types)
    elif source.format == "jsonl":
        names = [source.spelled.get(name, name) for name in source.names if name not in source.constants]
        frame = pl.scan_ndjson(source.file, schema=dict.fromkeys(names, pl.String), row_index_name=ROW)
    elif source.format == "ipc":
        frame = pl.scan_ipc(files, row_index_name=ROW, hive_partitioning=False)
    elif _small(sources):
        frame = _gathered(sources)
    else:
        frame = pl.scan_parquet(files, glob=False, row_index_name=ROW, hive_partitioning=False)
        if source.within:
            frame = frame.slice(source.within[0], source.within[1] - source.within[0])
    if source.extended:
        frame = frame.with_columns(pl.col(source.extended).ext.storage())
    if source.spelled and source.format != "csv":
        frame = frame.rename({file_name: name for name, file_name in source.spelled.items()})
    return frame.with_columns(_constants(source))


def _small(sources: Sequence[Source]) -> bool:
    """Whether files are so many and small that polars would send them through the checks in batches of a few rows."""
    return len(sources) > 1 and sum(source.rows or 0 for source in sources) < SMALL_ROWS * len(sources)


def _gathered(sources: Sequence[Source]) -> pl.LazyFrame:
    """Return the rows of small Parquet files that are alike, numbered from 0, `GATHERED_ROWS` or so in a batch."""
    types = sources[0].types

    def rows(
        wanted: list[str] | None, condition: pl.Expr | None, most: int | None, _: int | None
    ) -> Iterator[pl.DataFrame]:
        names, first = [ROW, *types] if wanted is None else wanted, 0
        for files in _groups(sources):
            read = pl.scan_parquet(
                [source.file for source in files], glob=False, row_index_name=ROW, hive_partitioning=False
            )
            number = pl.col(ROW).cast(pl.UInt64) + first
            frame = read.with_columns(number).select(names).collect().rechunk()
            first += sum(source.rows or 0 for source in files)
            frame = frame if condition is None else frame.filter(condition)
            yield frame if most is None else frame.head(most)
            if most is not None and (most := most - frame.height) <= 0:
                return

    return register_io_source(rows, schema={ROW: pl.UInt64, **types}, is_pure=True)


def _groups(sources: Sequence[Source]) -> Iterator[list[Source]]:
    """Yield files that follow each other and have `GATHERED_ROWS` or so together."""
    held: list[Source] = []
    for source in sources:
        held.append(source)
        if sum(each.rows or 0 for each in held) >= GATHERED_ROWS or len(held) == GATHERED_FILES:
            yield held
            held = []
    if held:
        yield held


def _constants(source: Source) -> list[pl.Expr]:
    return [pl.lit(value, pl.String).alias(name) for name, value in source.constants.items()]


def _scan_csv(source: Source, types: Mapping[str, Any]) -> pl.LazyFrame:
    """Return the rows of a CSV file that polars reads itself."""
    records = source.records
    return pl.scan_csv(
        records.file if records else source.file,
        skip_lines=records.skip if records else source.skip,
        n_rows=source.rows,
        row_index_name=ROW,
        **_form(source, types),
    )


def _form(source: Source, types: Mapping[str, Any]) -> dict[str, Any]:
    """How polars is to read the records of a CSV file."""
    return {
        "glob": False,
        "has_header": False,
        "separator": source.separator,
        "quote_char": None if source.quote == "none" else '"',
        "schema": {name: types[name] for name in source.names if name not in source.constants},
        "missing_columns": "insert",  # the first row may lack cells at its end as any other
        "null_values": [""] if source.all_quoted else None,
    }


def _streamed(part: int, sources: Sequence[Source], types: Mapping[str, Any]) -> pl.LazyFrame:
    """Return the rows of CSV files that we cut into records ourselves, `part` being the number of the first."""
    any_column = next(name for name in sources[0].names if name not in sources[0].constants)

    def rows(
        wanted: list[str] | None, condition: pl.Expr | None, most: int | None, _: int | None
    ) -> Iterator[pl.DataFrame]:
        names = [ROW, *types] if wanted is None else wanted
        read = [name for name in names if name != ROW] or [any_column]
        for source, text, places in _texts(part, sources):
            lines = pl.scan_csv(io.BytesIO(text), **_form(source, types)).with_columns(_constants(source))
            frame, records = lines.select(read).collect(), sum(count for _, count in places)
            if frame.height != records:
                raise RecordsLost(records, frame.height)
            frame = frame.with_columns(_numbers(places)).select(names)
            frame = frame if condition is None else frame.filter(condition)
            yield frame if most is None else frame.head(most)
            if most is not None and (most := most - frame.height) <= 0:
                return

    return register_io_source(rows, schema={ROW: pl.UInt64, **types}, is_pure=True)


Places = list[tuple[int, int]]
"""The number of the first row and how many follow each other, for each piece of a text."""


def _numbers(places: Places) -> pl.Series:
    ranges = (pl.int_range(first, first + count, dtype=pl.UInt64, eager=True) for first, count in places)
    return pl.concat(ranges).alias(ROW)


def _texts(part: int, sources: Sequence[Source]) -> Iterator[tuple[Source, bytes, Places]]:
    """Yield the records of all files, `AT_A_TIME` bytes or so of files written alike, with their places."""
    held: list[bytes] = []
    places: Places = []
    size, before = 0, sources[0]
    for number, source in enumerate(sources, start=part):
        if (
            held
            and _form(source, source.types) | source.constants
            != _form(before, before.types) | before.constants
        ):
            yield before, b"".join(held), places
            held, places, size = [], [], 0
        before, row = source, 0
        with source.text() as raw:
            for block, counted in blocks(raw, source.dialect, source.skip):
                count = min(counted, (source.rows or 0) - row)
                if count:
                    held.append(block if count == counted else _without_end(block, counted - count))
                    places.append((_begin(number, source) + row, count))
                row, size = row + count, size + len(block)
                if held and size >= AT_A_TIME:
                    yield source, b"".join(held), places
                    held, places, size = [], [], 0
    if held:
        yield before, b"".join(held), places


def _without_end(block: bytes, lines: int) -> bytes:
    """Return a block without so many lines at its end, which are blank."""
    end = len(block)
    for _ in range(lines):
        end = block.rfind(b"\n", 0, end - 1) + 1
    return block[:end]
