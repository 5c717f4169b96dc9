"""Reading profiles: our own tables, the formats that are shipped in `schema/profiles/`, and files of the user's.

A profile file is TOML and obeys `schema/profile.schema.json`; docs/bulk.md explains it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from standoff import schema
from standoff.bulk.sources import Source
from standoff.findings import UsageError
from standoff.model.profiles import Profile, ProfileColumn
from standoff.source.form import violations

LEAST_SHARE = 0.6
"""Share of a format's columns that must be there for it to be guessed."""


def shipped() -> dict[str, Path]:
    """Return the profile files that come with standoff, by name."""
    return {path.stem: path for path in sorted((schema.folder() / "profiles").glob("*.toml"))}


def load_profile(name: str) -> Profile:
    """Return a shipped profile by name, or the one in a file. UsageError where it is unknown or has a fault."""
    path = shipped().get(name, Path(name))
    if not path.is_file():
        near = get_close_matches(name, shipped(), n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise UsageError(
            f'there is no profile "{name}": {hint}there are {", ".join(shipped())}, or give a file'
        )
    try:
        value = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UsageError(f"the profile {path} cannot be read: {error}") from error
    return _profile(value, path)


def _profile(value: dict[str, Any], path: Path) -> Profile:
    faults = []
    if violations("profile", value):
        from jsonschema import Draft202012Validator

        errors = Draft202012Validator(schema.json_schema("profile")).iter_errors(value)
        places = [
            (".".join(map(str, error.absolute_path)) or "at the top", error.message) for error in errors
        ]
        faults = [f"  {place}: {message}" for place, message in sorted(places)]
    if not faults:
        faults = [f"  {fault}" for fault in _contradictions(value)]
    if faults:
        raise UsageError(
            "\n".join([f"the profile {path} is not as schema/profile.schema.json asks:", *faults])
        )
    columns = tuple(
        ProfileColumn(
            name=column["name"],
            source=column.get("source", column["name"]),
            kind=column.get("type", "string"),
            required=column.get("required", False),
            format=column.get("format", "%Y-%m-%d"),
            values=tuple(column.get("values", ())),
            pattern=column.get("pattern"),
            minimum=column.get("minimum"),
            maximum=column.get("maximum"),
            references=column.get("references"),
        )
        for column in value["columns"]
    )
    file = value.get("file", {})
    return Profile(
        name=path.stem,
        title=value["title"],
        columns=columns,
        key=tuple(value.get("key", ())),
        goldstein=value.get("goldstein", "gdelt"),
        skip=frozenset(value.get("skip", ())),
        header=file.get("header", True),
        separator=file.get("separator"),
        quote=file.get("quote", True),
        trailing=file.get("trailing", 0),
    )


def _contradictions(value: dict[str, Any]) -> list[str]:
    """What a JSON Schema cannot say: names that repeat or lead nowhere, patterns that are none."""
    import polars as pl

    from standoff.rules import table  # noqa: F401 - registers the rules
    from standoff.rules.registry import REGISTRY, TABLE_SCOPES

    faults = []
    for what in ("name", "source"):
        names = [column.get(what, column["name"]) for column in value["columns"]]
        faults += [
            f'columns: {what} "{n}" stands more than once'
            for n in sorted({n for n in names if names.count(n) > 1})
        ]
    names = [column["name"] for column in value["columns"]]
    faults += [f'key: there is no column "{name}"' for name in value.get("key", ()) if name not in names]
    codes = {code for code, rule in REGISTRY.items() if rule.scope in TABLE_SCOPES}
    faults += [
        f'skip: there is no rule "{code}" about tables' for code in value.get("skip", ()) if code not in codes
    ]
    for column in value["columns"]:
        where = f'columns: "{column["name"]}": '
        if "pattern" in column:
            try:
                pl.select(pl.lit("").str.contains(column["pattern"]))
            except pl.exceptions.PolarsError:
                faults.append(where + f"{column['pattern']} is no regular expression (without look-around)")
        kind, bounds = (
            column.get("type", "string"),
            [column[b] for b in ("minimum", "maximum") if b in column],
        )
        if kind in ("string", "bool") and bounds:
            faults.append(where + "minimum and maximum are for numbers and dates")
        if kind == "date" and not all(isinstance(bound, str) and _is_day(bound) for bound in bounds):
            faults.append(where + 'the bounds of a date are written "1979-01-01"')
        if any(isinstance(value, str) != (kind == "string") for value in column.get("values", ())):
            faults.append(
                where + f"the values of {kind} columns are {'text' if kind == 'string' else 'numbers'}"
            )
        if kind not in ("string", "bool", "date") and any(isinstance(bound, str) for bound in bounds):
            faults.append(where + "the bounds of a number are numbers")
        if kind != "string" and "pattern" in column:
            faults.append(where + "a pattern is for text")
    return faults


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def of_table(name: str) -> Profile:
    """Return one of our released tables as a profile. UsageError where there is none of that name."""
    from standoff.rules.table import profile_of
    from standoff.tables import TABLES

    if name not in TABLES:
        raise UsageError(f'there is no table "{name}": there are {", ".join(TABLES)}')
    return profile_of(TABLES[name])


def guess(source: Source) -> Profile | None:
    """Return the profile that a file has by its columns, None where none fits."""
    names = frozenset(source.names)
    foreign = [load_profile(name) for name in shipped()]
    if by_position := [p for p in foreign if not p.header and _by_position(source, p)]:
        return by_position[0]
    headed = [profile for profile in foreign if profile.header]
    whole = [profile for profile in headed if _required(names, profile) == 1]
    if whole:
        return max(whole, key=lambda profile: _share(names, profile))
    from standoff.tables import TABLES

    shares = [(_share(names, profile), profile) for profile in map(of_table, TABLES)]
    shares += [(_required(names, profile), profile) for profile in headed]
    share, best = max(shares, key=lambda pair: pair[0])
    return best if share >= LEAST_SHARE else None


def _required(names: frozenset[str], profile: Profile) -> float:
    """The share of the columns without which the format is not itself."""
    required = [column.source in names for column in profile.columns if column.required]
    return sum(required) / len(required) if required else _share(names, profile)


def _share(names: Iterable[str], profile: Profile) -> float:
    sources = {column.source for column in profile.columns}
    return len(sources.intersection(names)) / len(sources)


def _by_position(source: Source, profile: Profile) -> bool:
    """Whether a file without header may be of this profile: as many cells in the first line, none of them a name."""
    if source.format != "csv" or source.separator != (profile.separator or ","):
        return False
    most = len(profile.columns)
    known = {column.source for column in profile.columns}
    return most - profile.trailing <= len(source.names) <= most and not known.intersection(source.names)
