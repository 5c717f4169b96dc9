"""Released tables of any dataset that are in no release: which code list holds for them.

The table says the title of its scheme in `action_scheme`. The scheme is looked for in the dataset around the file or the
working directory, then among those that are shipped. Codes of a scheme that is not found are not judged.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path

import polars as pl

from standoff.bulk.damage import reader
from standoff.bulk.sources import Source
from standoff.codes import shipped
from standoff.codes.scheme import Scheme
from standoff.rules.lookups import code_list_of
from standoff.schema import CORE, Vocabulary
from standoff.source.root import find_root
from standoff.tables import TABLES, tables_for
from standoff.tables.profiles import ABOUT_CODES, Profile, plain, profile_of

SCHEME, ACTION = "action_scheme", "action"
"""The columns with the title of the scheme and with the codes."""
_OPEN = ("status", "date_basis", "reason", "quad_class")
"""Columns whose values a dataset or its scheme may add to; a scheme need not have classes."""
SAMPLE = 100
"""Rows that are looked at: the first may be damaged."""


def as_coded(profile: Profile, source: Source, path: Path) -> Profile:
    """Return the profile of a released table with the code list that holds for the file in `path`.

    That is the one with the title that the table states. If it states none, it is the one that has most of its codes.
    """
    candidates = list(_candidates(profile.name, path))
    present = frozenset(map(plain, source.names))
    titles = _sample(source, SCHEME)
    for scheme, coded in candidates:
        if scheme.title in titles:
            return coded
    if titles:
        return _unjudged(profile, titles.most_common(1)[0][0])
    codes = _sample(source, ACTION)

    def fit(candidate: tuple[Scheme, Profile]) -> tuple[int, int]:
        scheme, coded = candidate
        known = sum(count for code, count in codes.items() if code in scheme.actions)
        return known, -sum(plain(column.source) not in present for column in coded.columns)

    scheme, coded = max(candidates, key=fit)
    judged = codes and profile.name in TABLES and not coded.skip >= ABOUT_CODES
    return (
        replace(coded, remark=f"its codes are judged by {scheme.title}, because it does not say its list")
        if judged
        else coded
    )


def _candidates(name: str, path: Path) -> Iterator[tuple[Scheme, Profile]]:
    """Yield each scheme that is known here with the table as it has it; the dataset's own comes first."""
    here = path.parent.resolve()
    roots = (find_root(folder) for folder in (here, *here.parents, Path()))
    if (root := next(filter(None, roots), None)) is not None:
        yield _of_dataset(root, name)
    yield from _shipped(name)


@cache
def _shipped(name: str) -> tuple[tuple[Scheme, Profile], ...]:
    schemes = map(shipped.scheme, sorted(shipped.names(), key=lambda each: each != shipped.DEFAULT))
    return tuple((scheme, _as(name, scheme, CORE)) for scheme in schemes)


def _of_dataset(root: Path, name: str) -> tuple[Scheme, Profile]:
    # Most tables are in no dataset, and these modules read YAML and schemas too.
    from standoff.source.codes import read_codes, vocabulary_of
    from standoff.source.files import SourceFile, read_toml

    meta = read_toml(SourceFile(root / "dataset.toml", "dataset.toml", "dataset"))
    scheme = read_codes(root / "codes", meta, root).scheme
    return scheme, _as(name, scheme, vocabulary_of(meta, scheme))


def _as(name: str, scheme: Scheme, vocabulary: Vocabulary) -> Profile:
    table = tables_for(scheme, vocabulary)[name]
    if table is TABLES[name]:
        return profile_of(table)
    return replace(profile_of(table), actions=code_list_of(scheme, scheme.default_scale))


def _unjudged(profile: Profile, title: str) -> Profile:
    """Return the profile without what depends on the scheme: its rules, its columns, and words that a dataset may add."""
    common = frozenset.intersection(*(_columns(profile.name, name) for name in shipped.names()))
    columns = tuple(
        replace(column, column=replace(column.column, values=(), optional=True))
        if column.name in _OPEN
        else column
        for column in profile.columns
        if column.name in common
    )
    remark = (
        f'its codes are not judged: no code list called "{title}" is shipped or in a dataset here; check the table in the folder '
        "of its release, or in its dataset"
    )
    return replace(profile, columns=columns, skip=profile.skip | ABOUT_CODES, remark=remark)


@cache
def _columns(table: str, scheme: str) -> frozenset[str]:
    return frozenset(column.name for column in tables_for(shipped.scheme(scheme))[table].columns)


def _sample(source: Source, wanted: str) -> Counter[str]:
    """Return the values that the first rows have in the column, with their counts; none if they cannot be read."""
    column = next((name for name in source.names if plain(name) == plain(wanted)), None)
    if column is None or column in source.constants:
        return Counter()
    found: Counter[str] = Counter()
    # A damaged file is reported when its rows are read.
    with (
        suppress(OSError, ValueError, LookupError, csv.Error, pl.exceptions.PolarsError),
        closing(_values(source, column)) as values,
    ):
        found.update(value for value in islice(values, SAMPLE) if isinstance(value, str) and value)
    return found


def _values(source: Source, column: str) -> Generator[object]:
    if source.format in ("parquet", "ipc"):
        scan = pl.scan_parquet if source.format == "parquet" else pl.scan_ipc
        yield from scan(source.file, hive_partitioning=False).select(column).head(SAMPLE).collect()[column]
        return
    with source.text() as raw:
        if source.format == "jsonl":
            for line in raw:
                yield json.loads(line).get(column)
            return
        for _ in range(source.skip):
            raw.readline()
        place = source.names.index(column)
        lines = (line.decode() for line in raw)
        for row in reader(lines, source.separator, quote=source.quote != "none"):
            yield row[place] if place < len(row) else None
