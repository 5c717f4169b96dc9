"""Reading profiles: our own tables, the formats that are shipped in `schema/profiles/`, and files of the user's.

A profile file is TOML and obeys `schema/profile.schema.json`; docs/bulk.md explains it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from datetime import date
from difflib import get_close_matches
from math import isnan
from pathlib import Path
from typing import Any

from standoff import schema
from standoff.bulk.sources import Source
from standoff.findings import UsageError
from standoff.source.form import violations
from standoff.tables import TABLES, Column, Kind
from standoff.tables.profiles import Binding, Profile, plain, profile_of

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
    except (ValueError, RecursionError, OSError) as error:
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
    file = value.get("file", {})
    return Profile(
        name=path.stem,
        title=value["title"],
        columns=tuple(_columns(value)),
        key=tuple(value.get("key", ())),
        goldstein=value.get("goldstein", "gdelt"),
        skip=frozenset(value.get("skip", ())),
        header=file.get("header", True),
        separator=file.get("separator"),
        quote=file.get("quote", True),
        trailing=file.get("trailing", 0),
    )


def _columns(value: dict[str, Any]) -> Iterator[Binding]:
    for column in value["columns"]:
        kind, values = Kind(column.get("type", "string")), column.get("values", ())
        meaning = Column(
            name=column["name"],
            kind=kind,
            optional=not column.get("required", False),
            references=column.get("references"),
            values=tuple(float(v) if kind is Kind.FLOAT64 and type(v) is int else v for v in values),
            pattern=column.get("pattern"),
            minimum=column.get("minimum"),
            maximum=column.get("maximum"),
        )
        yield Binding(meaning, column.get("source", ""), column.get("format", "%Y-%m-%d"))


def _contradictions(value: dict[str, Any]) -> list[str]:
    """What a JSON Schema cannot say: names that repeat or lead nowhere, values that are not of their column's type."""
    from standoff.rules import table  # noqa: F401 - registers the rules
    from standoff.rules.registry import REGISTRY, TABLE_SCOPES

    columns = list(_columns(value))
    faults = []
    for what in ("name", "source"):
        names = [getattr(column, what) for column in columns]
        faults += [
            f'columns: {what} "{n}" stands more than once'
            for n in sorted({n for n in names if names.count(n) > 1})
        ]
    known = {column.name for column in columns}
    faults += [f'key: there is no column "{name}"' for name in value.get("key", ()) if name not in known]
    codes = {code for code, rule in REGISTRY.items() if rule.scope in TABLE_SCOPES}
    faults += [
        f'skip: there is no rule "{code}" about tables' for code in value.get("skip", ()) if code not in codes
    ]
    for column in columns:
        faults += [f'columns: "{column.name}": {fault}' for fault in _faults_of(column)]
    return faults


def _faults_of(column: Binding) -> Iterator[str]:
    """What would end the pass, or make a rule judge wrongly: faults of the profile, not of the data."""
    from standoff.rules.table import KINDS

    kind, family = column.kind, _family(column.kind)
    expected = KINDS.get(column.name, kind)
    if family != _family(expected):
        yield f'our rules take a column of this name for {expected}: give it type = "{expected}" or another name'
    bounds = [bound for bound in (column.minimum, column.maximum) if bound is not None]
    if bounds and family not in ("number", "date"):
        yield "minimum and maximum are for numbers and dates"
    if family == "date" and not all(isinstance(bound, str) and _is_day(bound) for bound in bounds):
        yield 'the bounds of a date are written "1979-01-01"'
    if family == "number" and any(isinstance(bound, str) or isnan(bound) for bound in bounds):
        yield "the bounds of a number are numbers"
    if column.values and family not in ("string", "number"):
        yield "a list of values is for text and numbers"
    elif any(isinstance(value, str) != (family == "string") for value in column.values):
        yield f"the values of {kind} columns are {'text' if family == 'string' else 'numbers'}"
    elif kind.startswith("int") and not all(isinstance(value, int) for value in column.values):
        yield f"the values of {kind} columns are whole numbers"
    if family == "date" and not _reads_days(column.format):
        yield f'no day can be read in the form "{column.format}": write it with %Y, %m and %d, or the like'
    if column.pattern and family != "string":
        yield "a pattern is for text"
    elif column.pattern and not _compiles(column):
        yield f"{column.pattern} is no regular expression (without look-around)"


def _family(kind: str) -> str:
    """Types that can be compared with each other."""
    return "number" if kind.startswith(("int", "float")) else kind


def _compiles(column: Binding) -> bool:
    """Whether the pattern is one in the form in which the rule asks it, of the whole value."""
    import polars as pl

    from standoff.rules.column import pattern_mismatch

    asked = pattern_mismatch(column)
    try:
        pl.LazyFrame(schema={column.name: pl.String}).select(asked).collect()
    except pl.exceptions.PolarsError:
        return False
    return True


def _reads_days(form: str) -> bool:
    """Whether days that are written in this form are read again."""
    import polars as pl

    day = date(2020, 12, 31)
    try:
        read = pl.Series([day.strftime(form)]).str.to_date(form, strict=False)
    except (ValueError, pl.exceptions.PolarsError):
        return False
    return bool(read[0] == day)


def _is_day(text: str) -> bool:
    """Whether a text is a day in the one form that the rule about bounds reads; 19790101 and weeks are others."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def of_table(name: str) -> Profile:
    """Return one of our released tables as a profile. UsageError where there is none of that name."""
    if name not in TABLES:
        raise UsageError(f'there is no table "{name}": there are {", ".join(TABLES)}')
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


def guess(source: Source) -> Profile | None:
    """Return the profile that a file has by its columns, their names perhaps retyped; None where none fits."""
    names = frozenset(map(plain, source.names))
    foreign = [load_profile(name) for name in shipped()]
    if by_position := [p for p in foreign if not p.header and _by_position(source, p)]:
        return by_position[0]
    headed = [profile for profile in foreign if profile.header]
    whole = [profile for profile in headed if _required(names, profile) == 1]
    if whole:
        return max(whole, key=lambda profile: _share(names, profile))
    shares = [(_share(names, profile), profile) for profile in map(of_table, TABLES)]
    shares += [(_required(names, profile), profile) for profile in headed]
    share, best = max(shares, key=lambda pair: pair[0])
    return best if share >= LEAST_SHARE else None


def _required(names: frozenset[str], profile: Profile) -> float:
    """The share of the columns without which the format is not itself."""
    required = [plain(column.source) in names for column in profile.columns if column.required]
    return sum(required) / len(required) if required else _share(names, profile)


def _share(names: frozenset[str], profile: Profile) -> float:
    sources = {plain(column.source) for column in profile.columns}
    return len(sources.intersection(names)) / len(sources)


def _by_position(source: Source, profile: Profile) -> bool:
    """Whether a file without header may be of this profile: as many cells in the first line, none of them a name."""
    if source.format != "csv" or source.separator != (profile.separator or ","):
        return False
    most = len(profile.columns)
    known = {plain(column.source) for column in profile.columns}
    return most - profile.trailing <= len(source.names) <= most and known.isdisjoint(map(plain, source.names))
