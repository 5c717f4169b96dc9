"""Tables that are in the folder of a release: the release itself says what they hold, and which codes there are.

So a dataset's release is checked against its own lists, whatever its scheme is. `foreign_lists` is about tables that are
in no release.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from standoff.bulk.foreign_lists import as_coded
from standoff.bulk.sources import Source
from standoff.findings import UsageError
from standoff.rules.lookups import released_codes
from standoff.tables import TABLES, Column, Kind, Table, earlier
from standoff.tables.profiles import Profile, profile_of

PACKAGE, SUMS = "datapackage.json", "SHA256SUMS"
_KINDS = {
    "string": Kind.STRING,
    "boolean": Kind.BOOL,
    "integer": Kind.INT64,
    "number": Kind.FLOAT64,
    "date": Kind.DATE,
    "datetime": Kind.DATETIME,
}
_NEEDED = ("action", "label", "root")
"""The columns without which a table is not a list of actions."""


def without_descriptions(files: Iterable[Path]) -> list[Path]:
    """Return the files without those in the folder of a release that are not tables of it, such as datapackage.json."""
    releases: dict[Path, Mapping[str, Any] | None] = {}
    kept = []
    for file in files:
        if file.parent not in releases:
            releases[file.parent] = _resources(file.parent)
        release = releases[file.parent]
        if release is None or file.name in release:
            kept.append(file)
    return kept


def as_released(
    profile: Profile | None, path: Path, source: Source, *, stated: bool = False
) -> Profile | None:
    """Return what the table in `path` holds by the release in its folder, or else by the code list that it names.

    `profile` is the format that was guessed, or `stated` by the user. It is returned where the file is of a
    foreign format, or of another table than was stated. UsageError where the release lacks its list of actions.
    """
    if profile is not None and profile.name not in TABLES and profile.name not in earlier.names():
        return profile
    resource = (_resources(path.parent) or {}).get(path.name)
    if resource is None:
        known = profile is not None and profile.name in TABLES and bool(source.names)
        return as_coded(profile, source, path) if profile is not None and known else profile
    origin = f"{path.parent.as_posix()}/*{path.suffix}"
    if profile is not None and profile.name in earlier.names():
        return replace(profile, origin=origin)
    table = _table(resource)
    if stated and profile is not None and table.name != profile.name:
        return profile
    made = replace(profile_of(table), origin=origin)
    if "action" in table.schema and table.name != "actions":
        made = replace(made, actions=_actions(path.parent))
    return made


def _resources(folder: Path) -> Mapping[str, Mapping[str, Any]] | None:
    """Return the tables that a release describes, by the names of their files; None where the folder is not a release."""
    package = folder / PACKAGE
    if not package.is_file() or not (folder / SUMS).is_file():
        return None
    return _described(package, package.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _described(package: Path, _: int) -> Mapping[str, Mapping[str, Any]] | None:
    try:
        resources = json.loads(package.read_text(encoding="utf-8"))["resources"]
        found = {str(each["path"]): each for each in resources if each.get("schema")}
        for resource in found.values():
            _table(resource)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
    return found if {"events.csv", "actions.csv"} <= found.keys() else None


def _table(resource: Mapping[str, Any]) -> Table:
    name = str(resource["name"]).removesuffix("-parquet")
    schema = resource["schema"]
    key = schema.get("primaryKey") or ()
    references = {
        entry["fields"][0]: f"{entry['reference']['resource']}.{entry['reference']['fields'][0]}"
        for entry in schema.get("foreignKeys") or ()
    }
    ours = {column.name: column for column in TABLES[name].columns} if name in TABLES else {}
    columns = tuple(_columns(schema["fields"], ours, references))
    return Table(
        name, str(resource.get("description", "")), columns, (key,) if isinstance(key, str) else tuple(key)
    )


def _columns(
    fields: list[Mapping[str, Any]], ours: Mapping[str, Column], references: Mapping[str, str]
) -> Iterator[Column]:
    """Yield the columns that a Table Schema describes; bounds and patterns, which it does not state, are those of ours."""
    for field in fields:
        name, kind, limits = str(field["name"]), _KINDS[field["type"]], field.get("constraints") or {}
        column = ours.get(name)
        if column is None or column.kind.tableschema != field["type"]:
            column = Column(name, kind)
        yield replace(
            column,
            description=str(field.get("description", "")),
            optional=not limits.get("required", False),
            references=references.get(name),
            values=tuple(limits.get("enum") or ()),
        )


def _actions(folder: Path) -> pl.DataFrame:
    """Return the lookup columns of the codes that a release lists. UsageError if it lacks the list."""
    path = folder / "actions.csv"
    remedy = "restore the release from where you have it"
    try:
        listed = pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        reason = "is missing" if isinstance(error, FileNotFoundError) else f"cannot be read: {error}"
        raise UsageError(f"{path} {reason}, and lists the codes of this release: {remedy}") from None
    if absent := [name for name in _NEEDED if name not in listed.columns]:
        raise UsageError(
            f"{path} has no column {', '.join(absent)}, and lists the codes of this release: {remedy}"
        )
    return released_codes(listed)
