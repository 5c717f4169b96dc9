"""Opened files under the names of their profile, with every record accounted for."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from standoff.bulk.damage import Damage, json_record
from standoff.bulk.headers import BASE_CELLS, headed, read_csv
from standoff.bulk.records import account
from standoff.bulk.sources import Source, damaged, refused_as, why_unreadable
from standoff.bulk.streams import Refused
from standoff.findings import shortened
from standoff.rules.column import CODES, listed
from standoff.tables import Kind
from standoff.tables.profiles import SEPARATORS, Profile, plain


def reopened(source: Source, profile: Profile) -> Source:
    """Return a CSV file whose format was guessed, read again as the format says."""
    if source.problem or source.format != "csv":
        return source
    try:
        found = read_csv(replace(source, names=(), types={}, constants={}), profile)
    except Refused as refused:
        return refused_as(source, refused)
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
    if source.format == "csv" and not headed(profile, source.names):
        source = _by_position(source, profile)
    source = _spelled(source, profile)
    if source.format == "jsonl":
        return _searched(source, profile)
    return _accounted(source, scratch) if source.format == "csv" else source


def _spelled(source: Source, profile: Profile) -> Source:
    """Return a file under the profile's names for its columns."""
    if source.problem or source.repeats:
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


def _accounted(source: Source, scratch: Path) -> Source:
    """Return a CSV file of which every record is accounted for."""
    if source.problem or source.repeats:
        return source

    def folder() -> Path:
        return Path(tempfile.mkdtemp(dir=scratch))

    try:
        last = source.within is None or source.within[1] == source.file.stat().st_size
        source = _cut_out(source, folder()) if source.within else source
        with source.text() if source.streamed else nullcontext() as raw:
            records = account(source.file, source.dialect, source.skip, folder, raw, last=last)
    except Refused as refused:
        return refused_as(source, refused)
    except OSError as error:
        return replace(source, problem=f"it cannot be read: {error.strerror or error}")
    return replace(source, records=records, rows=records.rows)


def _cut_out(source: Source, scratch: Path) -> Source:
    """Return a text file of which a range of bytes is read, with a copy of that range."""
    assert source.within is not None
    begin, end = source.within
    target = scratch / source.file.name
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


def _searched(source: Source, profile: Profile) -> Source:
    """Return a JSON Lines file with the profile's columns that some line has, and codes that are numbers as such."""
    late = [name for column in profile.columns for name in column.sources if name not in source.names]
    codes = [column.source for column in profile.columns if column.name in CODES]
    try:
        texts = [column.source for column in profile.columns if column.kind is Kind.STRING]
        damage, blank = _doubtful_lines(source, [name for name in texts if name in source.names])
        if damage is not None:
            return damaged(source, damage)
        types = source.types | _holding(source, late, pl.String)
        types |= _holding(source, codes, pl.Int64)
        rows = pl.scan_ndjson(source.file, schema={"row.any": pl.String}).select(pl.len())
        records = rows.collect(engine="streaming").item()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        return why_unreadable(source, profile, error)
    # Before each of these lines stand as many records as lines that are not blank.
    before = tuple(number - place for place, number in enumerate(blank))
    return replace(source, names=tuple(types), types=types, rows=records, blank=before)


def _doubtful_lines(source: Source, texts: Sequence[str]) -> tuple[Damage | None, list[int]]:
    """Return the first record that polars would misread, and the numbers of the blank lines, which are no records.

    Of a name that is twice polars loses one value. An object or a list in one of the columns `texts` it reads as a text.
    Lines that may be such are found by a pattern, and read. A name may be written with escapes (``\\u0061``).
    """
    line = pl.col("line")
    names = line.str.extract_all(r'"(?:[^"\\]|\\.)*"\s*:')
    plain_names = names.list.eval(pl.element().str.strip_chars_end(": \t"))
    escaped = names.list.join("").str.contains("\\", literal=True)
    doubtful = escaped | (plain_names.list.n_unique() < names.list.len()) | (line.str.strip_chars() == "")
    stored = [source.spelled.get(name, name) for name in texts]
    if stored:
        either = "|".join(re.escape(json.dumps(name, ensure_ascii=False)) for name in stored)
        doubtful |= line.str.contains(rf"(?:{either})\s*:\s*[\[{{]")
    lines = pl.scan_lines(source.file, name="line", row_index_name="row").filter(doubtful)
    blank: list[int] = []
    for row, text in lines.collect(engine="streaming").iter_rows():
        record = json_record(text.encode(), row + 1)
        if isinstance(record, Damage):
            return record, blank
        if not text.strip():
            blank.append(row)
        name = next((name for name in stored if isinstance(record.get(name), dict | list)), None)
        if name is not None:
            kind = "an object" if isinstance(record[name], dict) else "a list"
            if source.array:
                return Damage(
                    1, f'record {row + 1:,}: "{name}" has {kind}, not a text', "write a text"
                ), blank
            return Damage(row + 1, f'"{name}" has {kind}, not a text', "write a text"), blank
    return None, blank


def _holding(source: Source, names: Sequence[str], dtype: Any) -> dict[str, Any]:
    """Those of the names under which some line has a value of the type, or any value where the type is text."""
    if not names:
        return {}
    # Without strictness, what is no number is null as a number. As text everything is something.
    stored = {source.spelled.get(name, name): name for name in names}
    rows = pl.scan_ndjson(source.file, schema=dict.fromkeys(stored, dtype), ignore_errors=dtype != pl.String)
    held = rows.select(pl.col(list(stored)).is_not_null().any()).collect(engine="streaming")
    return {name: dtype for file_name, name in stored.items() if held[file_name].item()}
