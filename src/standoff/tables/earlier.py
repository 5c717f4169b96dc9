"""The tables of earlier forms of a release: old files can be checked, and programs held to them.

Each form is a file in `schema/tables/`. Releases 0.1.0 to 1.x have one form, `standoff-1`; that of today is in `released`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType

from standoff import schema
from standoff.findings import UsageError
from standoff.model.versions import Version
from standoff.tables.columns import Column, Kind, Table
from standoff.tables.profiles import Profile, profile_of
from standoff.tables.released import TABLES

FORM = "standoff-1"
FIRST_MAJOR = 2
"""The first major version whose tables have the form of today."""
KINDS = {
    "string": Kind.STRING,
    "boolean": Kind.BOOL,
    "integer": Kind.INT32,
    "number": Kind.FLOAT64,
    "date": Kind.DATE,
}


@cache
def tables() -> Mapping[str, Table]:
    """Return the tables of releases 0.1.0 to 1.x by name."""
    stated = json.loads((schema.folder() / "tables" / f"{FORM}.json").read_text(encoding="utf-8"))
    return MappingProxyType(
        {
            table["name"]: Table(
                table["name"],
                table["description"],
                tuple(
                    Column(
                        column["name"],
                        KINDS[column["type"]],
                        column["description"],
                        column.get("optional", False),
                        column.get("references"),
                        tuple(column.get("values", ())),
                    )
                    for column in table["columns"]
                ),
                tuple(table["key"]),
            )
            for table in stated["tables"]
        }
    )


def tables_of(version: str | None) -> Mapping[str, Table]:
    """Return the tables of a release by name; None stands for the form of today.

    UsageError if the text is not a version or its form is not known here.
    """
    if version is None:
        return TABLES
    try:
        major = Version.parse(version).major
    except ValueError:
        raise UsageError(f'"{version}" is not a version such as 1.0.0') from None
    if major > FIRST_MAJOR:
        raise UsageError(
            f"the tables of release {version} are newer than this package: install the newer one"
        )
    return TABLES if major == FIRST_MAJOR else tables()


def names() -> Iterator[str]:
    """Yield the names of the profiles: standoff-1-documents, standoff-1-events …"""
    return (f"{FORM}-{name}" for name in tables())


@cache
def profile(name: str) -> Profile | None:
    """Return the profile of this name, such as standoff-1-events; None if it is not one of these."""
    if name not in names():
        return None
    found = profile_of(tables()[name.removeprefix(f"{FORM}-")])
    return replace(found, name=name)
