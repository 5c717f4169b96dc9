"""What earlier releases of a dataset hold: their versions, ids, names and rows, for the rules that compare with them.

A release is the folder `releases/vX.Y.Z` beside the dataset. There are no rules here.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path as FilePath

from standoff.model import ids
from standoff.model.names import name_key
from standoff.model.versions import Version
from standoff.rules.rule import NotRun
from standoff.source.corpus import Corpus


def released_ids(corpus: Corpus) -> set[str]:
    """Return every permanent id of the newest release beside the dataset; none if there is no release."""
    try:
        releases = releases_of(corpus)
    except NotRun:
        return set()
    return set(ids_of(releases[max(releases)]))


def released_names(corpus: Corpus) -> dict[str, set[str]]:
    """Return the keys of the names and aliases that each actor of the newest release has; none if there is no release."""
    return {
        actor_id: {
            name_key(each) for each in (row.get("actor_name", ""), *row.get("aliases", "").split("; "))
        }
        for actor_id, row in released_rows(corpus, "actors", "actor_id").items()
    }


def released_rows(corpus: Corpus, table: str, *key: str) -> dict[str, dict[str, str]]:
    """Return the rows of a table of the newest release as text, by the values of `key` joined by blanks.

    None if there is no release.

    Of two records that contradict each other, the one that was released as it is, is right.
    """
    with suppress(NotRun, OSError, ValueError, csv.Error):
        releases = releases_of(corpus)
        path = releases[max(releases)] / f"{table}.csv"
        state = path.stat()
        return _rows_by(key, path, state.st_mtime_ns, state.st_size)
    return {}


def is_vanished(corpus: Corpus, identifier: str, table: str) -> bool:
    """Return whether `id-vanished` reports an id that is not in the sources: `table` was released with it, and it is not withdrawn."""
    withdrawn = any(entry.id == identifier for entry in corpus.retired)
    if not corpus.whole or withdrawn:
        return False
    try:
        releases = releases_of(corpus)
    except NotRun:
        return False
    return identifier in ids_in(releases[max(releases)], table, ids.PERMANENT[table])


def releases_of(corpus: Corpus) -> dict[Version, FilePath]:
    """Return the folders of the releases beside the dataset by version; development builds do not count.

    Raises NotRun if there is none: a rule that compares with what was released cannot say anything then.
    """
    folder = corpus.root.parent / "releases"
    found = _releases_in(folder, folder.stat().st_mtime_ns) if folder.is_dir() else {}
    if not found:
        raise NotRun("there is no release to compare with")
    return found


def versions_of(corpus: Corpus) -> list[Version]:
    """Return the releases beside the dataset and the version that dataset.toml names, from the oldest; [] if it names none."""
    try:
        known = set(releases_of(corpus))
    except NotRun:
        known = set()
    current = version_of(corpus)
    return sorted(known | {current.release}) if current else []


def version_of(corpus: Corpus) -> Version | None:
    """Return the version that dataset.toml names; None if it names none."""
    about = corpus.meta.value.get("dataset") if isinstance(corpus.meta.value, dict) else None
    return read_version(str(about.get("version"))) if isinstance(about, dict) else None


def is_version(version: Version, known: list[Version]) -> bool:
    """Whether a version is one of `known`, the releases and the next one. What is older than all of them may be one."""
    return not known or version in known or (version.cut and version < known[0])


def read_version(text: str) -> Version | None:
    """Return the version that a text is, None if it is not one."""
    try:
        return Version.parse(text)
    except ValueError:
        return None


def ids_of(release: FilePath) -> Iterator[str]:
    """Yield the ids of a release's documents, events, negatives and actors, as far as its CSV files can be read."""
    for table, key in ids.PERMANENT.items():
        yield from ids_in(release, table, key)


def last_released(corpus: Corpus) -> dict[str, Version]:
    """Return for each permanent id the newest release that has it. An id of a place counts where no actor has it."""
    found: dict[str, dict[str, Version]] = {"places": {}, "": {}}
    with suppress(NotRun):
        for version, folder in sorted(releases_of(corpus).items()):
            for table, key in ids.PERMANENT.items():
                found["places" if table == "places" else ""].update(
                    dict.fromkeys(ids_in(folder, table, key), version)
                )
    return found["places"] | found[""]


def ids_in(release: FilePath, table: str, key: str) -> list[str]:
    """Return the ids in the column `key` of a table of a release; [] where it cannot be read.

    A release is checked by its own checksums, not here.
    """
    with suppress(OSError, ValueError, csv.Error):
        path = release / f"{table}.csv"
        state = path.stat()
        return _column(key, path, state.st_mtime_ns, state.st_size)
    return []


# What was read is kept. The time of the last change and the size tell the states of a folder or file apart.


@lru_cache(maxsize=16)
def _releases_in(folder: FilePath, changed: int) -> dict[Version, FilePath]:
    return {
        version: path
        for path in folder.iterdir()
        if path.name.startswith("v")
        and (version := read_version(path.name[1:]))
        and version.cut
        and path.is_dir()
    }


@lru_cache(maxsize=16)
def _rows_by(key: tuple[str, ...], path: FilePath, changed: int, size: int) -> dict[str, dict[str, str]]:
    names, *rows = _records(path)
    return {
        " ".join(row.get(name, "") for name in key): row
        for cells in rows
        if (row := dict(zip(names, cells, strict=False)))
    }


@lru_cache(maxsize=64)
def _column(key: str, path: FilePath, changed: int, size: int) -> list[str]:
    names, *rows = _records(path)
    at = {name: i for i, name in enumerate(names)}.get(key, len(names))
    return [cells[at] for cells in rows if len(cells) > at and cells[at]]


def _records(path: FilePath) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file)) or [[]]
