"""Which format a table has: the one that was named, or the one that its columns fit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path

from standoff.bulk.formats import format_of, readable_as
from standoff.bulk.headers import read_csv, read_source
from standoff.bulk.naming import named, reopened
from standoff.bulk.profile_files import load_profile, shipped
from standoff.bulk.release_files import as_released
from standoff.bulk.sources import HEADER_BYTES, Source
from standoff.bulk.streams import Refused
from standoff.findings import TableFormat, UsageError
from standoff.rules.column import listed
from standoff.tables import TABLES, Kind, earlier
from standoff.tables.profiles import SEPARATORS, Binding, Profile, plain, profile_of

LEAST_SHARE = 0.6
"""Share of a format's columns that must be there for it to be guessed."""
MANY = 10
"""Columns of a format that is recognised without header whatever separates them. A few cells may be a row of anything."""
CELLS_FOR_A_MISFIT = 20
"""A first line may have one cell that does not fit for so many columns of the format."""
MOST_TITLES = 10
"""Lines at the top of a file among which a header is looked for."""
FIRST_CELLS = 5
"""Cells of a row that is cut at the wrong places that are compared with a format."""
UNKNOWN = Profile("a table", "a table", ())
"""Stands for the format of a file that is of none that is known."""


def of_table(name: str) -> Profile:
    """Return one of our released tables as a profile, also of an older form (standoff-1-events).

    UsageError where there is none of that name.
    """
    if (older := earlier.profile(name)) is not None:
        return older
    if name not in TABLES:
        raise UsageError(f'there is no table "{name}"; the tables are {", ".join(TABLES)}')
    return profile_of(TABLES[name])


def stated(table: str | None, profile: str | None) -> Profile | None:
    """Return the format that was named, None where it is to be guessed. UsageError where two were, or it is unknown."""
    if table and profile:
        raise UsageError("--table names one of our tables, --profile another format: give one of them")
    if table:
        return of_table(table)
    return load_profile(profile) if profile else None


def refuse_unasked(given: Iterable[str], asked: Iterable[Profile]) -> None:
    """UsageError for a reference to a table that none of the formats refers to: a slip of the name would go unchecked."""
    wanted = frozenset[str]().union(*(profile.refers_to for profile in asked))
    for name in sorted(set(given) - wanted):
        known = f"it refers to {', '.join(sorted(wanted))}" if wanted else "it refers to none"
        raise UsageError(f'--reference: the table does not refer to "{name}"; {known}')


def headed(
    path: Path,
    stated: Profile | None,
    scratch: Path,
    shown: str | None = None,
    *,
    many: bool = False,
) -> tuple[Profile | None, Source]:
    """Return the format of a table file, None where it is of none that is known, and the file with its header.

    `scratch` is a folder for copies. `shown` is the address that the file was given by, if that is not its path. It is
    one of `many` or of few.
    """
    source = read_source(path, scratch, stated, shown, many=many)
    guessed = stated or (None if source.problem else guess(source))
    if guessed is None and (unquoted := _without_quotes(source)) is not None:
        guessed, source = unquoted
    profile = as_released(guessed, path, source, stated=stated is not None)
    if guessed is None and source.problem is None and (below := _header_below(source)):
        number, known = below
        return None, replace(
            source,
            problem=f"the header of {known.name} is in this line, not in the first",
            remedy="remove the lines above it, or write skip_lines in the [file] part of a profile",
            line=number,
        )
    if profile is None and source.problem is None and format_of(path) is None:
        unknown = f"its columns ({listed(source.names, 3)}) are of no format that standoff knows"
        return None, replace(source, problem=unknown, remedy=likely(source) or readable_as(path))
    if stated is None and profile is not None:
        source = reopened(source, profile)
    return profile, source


def opened(
    path: Path,
    stated: Profile | None,
    scratch: Path,
    shown: str | None = None,
    within: tuple[int, int] | None = None,
    *,
    many: bool = False,
) -> tuple[Profile | None, Source]:
    """Return the format of a table file and the file, or the range of bytes `within` it, with all records accounted for."""
    profile, source = headed(path, stated, scratch, shown, many=many)
    return profile, named(replace(source, within=within), profile or UNKNOWN, scratch)


def guess(source: Source) -> Profile | None:
    """Return the profile that a file has by its columns, their names perhaps retyped; None where none fits."""
    for profile in _foreign():
        if profile.header is not True and _by_position(source, profile):
            return profile
    return _by_names(source.names)


def _header_below(source: Source) -> tuple[int, Profile] | None:
    """Return the line and the format of a header that stands below a title or comments in a text file of no known format."""
    if source.format != "csv":
        return None
    with source.text() as raw:
        lines = [
            raw.readline(HEADER_BYTES).decode("utf-8", "replace").rstrip("\r\n") for _ in range(MOST_TITLES)
        ]
    for number, line in enumerate(lines[1:], start=2):
        separator = max(SEPARATORS, key=line.count)
        names = tuple(cell.strip('" ') for cell in line.split(separator))
        if len(names) > 2 and (profile := _by_names(names)) is not None:
            return number, profile
    return None


def _without_quotes(source: Source) -> tuple[Profile, Source] | None:
    """Return a file whose first line has a quotation mark as a format reads it in which that is a character like any other."""
    if source.format != "csv" or source.constants:
        return None
    for profile in _foreign():
        if profile.quote == "none" and profile.header is not True:
            try:
                again = read_csv(
                    replace(source, problem=None, remedy=None, line=1, names=(), types={}), profile
                )
            except (Refused, OSError):  # which is the problem that the file has already
                return None
            if again.problem is None and '"' in again.first and _by_position(again, profile):
                return profile, again
    return None


def likely(source: Source) -> str | None:
    """Return what to do about a file of no known format whose first line begins as a row of a format with another separator."""
    if source.format != "csv":
        return None
    for profile in sorted(_foreign(), key=lambda profile: -len(profile.columns)):
        columns = [column for column in profile.columns for _ in column.sources]
        least = len(columns) - profile.trailing
        dated = any(column.kind is Kind.DATE for column in columns[:FIRST_CELLS])
        if profile.header is True or not dated or len(columns) < MANY or len(source.names) < least:
            continue
        usual = profile.separator or ","
        if source.separator != usual and all(map(_fits, source.names[:FIRST_CELLS], columns)):
            there, asked = (
                SEPARATORS.get(source.separator, "another sign"),
                SEPARATORS.get(usual, repr(usual)),
            )
            return (
                f"The first line begins as a row of {profile.name}, but has {len(source.names)} cells with {there} between them. "
                f"The format has {least if not profile.trailing else f'{least} to {len(columns)}'} cells with {asked}. Write the "
                f"file with {asked}, or put cells that hold {there} in quotes"
            )
    return None


@cache
def _foreign() -> tuple[Profile, ...]:
    return tuple(load_profile(name) for name in shipped())


@lru_cache(maxsize=1 << 8)
def _by_names(header: tuple[str, ...]) -> Profile | None:
    names = frozenset(map(plain, header))
    headed = [profile for profile in _foreign() if profile.header is not False]
    whole = [profile for profile in headed if _required(names, profile) == 1]
    if whole:
        # GDELT 2 has all columns of GDELT 1: of formats that are whole the larger one is meant.
        return max(whole, key=lambda profile: (_share(names, profile), len(profile.columns)))
    shares = [(_share(names, profile), profile) for profile in map(of_table, [*TABLES, *earlier.names()])]
    shares += [(_required(names, profile), profile) for profile in headed]
    # Of tables that fit equally, the one that explains most columns: `locations` has all that `mentions` has.
    share, best = max(shares, key=lambda pair: (pair[0], _explained(names, pair[1])))
    return best if share >= LEAST_SHARE else None


def format_of_table(sources: Sequence[Source], profile: Profile, *, stated: bool) -> TableFormat:
    """Return the format in which `sources` were read, and how it was recognised unless it was stated."""
    by = None if stated else _recognised_by(sources[0], profile)
    if profile.remark:
        by = f"{by or 'its name, as given'}; {profile.remark}"
    return TableFormat(profile.name, profile.title.partition(". ")[0].rstrip("."), len(sources), by)


def _recognised_by(source: Source, profile: Profile) -> str:
    if source.format == "csv" and not source.first:
        separator = SEPARATORS.get(source.separator, source.separator)
        return f"{len(source.names)} columns without header, separated by {separator}, and the values in the first line"
    if profile.origin:
        return f"the release in its folder ({profile.origin})"
    asked = [name for column in profile.columns for name in column.sources]
    there = [name for name in asked if name in source.names]
    share = "all" if len(there) == len(asked) else f"{len(there)} of the"
    more = f", {listed(there, 3)}" if len(there) < len(asked) or len(asked) > 3 else ""
    return f"the names of its columns: {share} {len(asked)} of the format{more}"


def _explained(names: frozenset[str], profile: Profile) -> int:
    return sum(_there(column, names) for column in profile.columns)


def _required(names: frozenset[str], profile: Profile) -> float:
    """Return the share of the required columns that are present."""
    required = [_there(column, names) for column in profile.columns if column.required]
    return sum(required) / len(required) if required else _share(names, profile)


def _share(names: frozenset[str], profile: Profile) -> float:
    return _explained(names, profile) / len(profile.columns)


def _there(column: Binding, names: frozenset[str]) -> bool:
    """Whether a column is there, its name perhaps retyped."""
    if column.parts:
        return all(plain(part) in names for part in column.parts)
    return any(plain(name) in names for name in (column.source, *column.aliases))


def _by_position(source: Source, profile: Profile) -> bool:
    """Whether a file without header may be of this profile: as many cells in the first line, none of them a name."""
    columns = [column for column in profile.columns for _ in column.sources]
    if not len(columns) - profile.trailing <= len(source.names) <= len(columns):
        return False
    if source.format != "csv" or (source.separator != (profile.separator or ",") and len(columns) < MANY):
        return False
    known = {plain(name) for column in profile.columns for name in (*column.sources, *column.aliases)}
    misfits = sum(not _fits(cell, column) for cell, column in zip(source.names, columns, strict=False))
    # A faulty cell in the first line is a finding: it does not make the file one of another format.
    return known.isdisjoint(map(plain, source.names)) and misfits <= len(columns) // CELLS_FOR_A_MISFIT


def _fits(cell: str, column: Binding) -> bool:
    """Whether a cell of the first line may be a value of the column. Files of other formats have as many columns."""
    if not cell or cell in column.missing:
        return not column.required
    if column.parts or column.kind.whole:
        return re.fullmatch(r"\s*[+-]?\d+(\.0*)?\s*", cell) is not None
    if column.kind is Kind.FLOAT64:
        number = cell.replace(column.decimal, ".").replace(",", ".")
        return re.fullmatch(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", number) is not None
    if column.kind is Kind.DATE:
        return any(_is_written_so(cell, form) for form in column.formats)
    return not (column.pattern and column.required) or re.fullmatch(column.pattern, cell) is not None


def _is_written_so(cell: str, form: str) -> bool:
    try:
        datetime.strptime(cell.strip(), form)
    except ValueError:
        return False
    return True
