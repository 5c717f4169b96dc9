"""Profiles from files: those shipped in `schema/profiles/`, and the user's.

A profile file is TOML and obeys `schema/profile.schema.json`; docs/bulk.md explains it.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from difflib import get_close_matches
from functools import cache
from math import isnan
from pathlib import Path
from typing import Any

from standoff import schema
from standoff.findings import UsageError
from standoff.model.summary import Settings
from standoff.source.form import violations
from standoff.tables import Column, Kind, earlier
from standoff.tables.profiles import ADVICE, Binding, Profile, Quoting, RowCheck

_QUOTING: Mapping[Any, Quoting] = {True: "cells", False: "none", "lines": "lines"}
_MOST_BASES = 5
"""How many profiles may extend each other in a row."""


def shipped() -> dict[str, Path]:
    """Return the profile files that come with standoff, by name."""
    return {path.stem: path for path in sorted((schema.folder() / "profiles").glob("*.toml"))}


def load_profile(name: str) -> Profile:
    """Return a shipped profile by name, or the one in a file. UsageError if it is unknown or has a fault."""
    if (ours := earlier.profile(name)) is not None:
        return ours
    path = shipped().get(name)
    return _shipped(path) if path else _profile(*_read(name))


@cache
def _shipped(path: Path) -> Profile:
    return _profile(*_read(str(path)))


def _read(name: str, beside: Path | None = None, depth: int = 0) -> tuple[dict[str, Any], Path]:
    """Return what a profile file says, with what it extends, and its path."""
    path = shipped().get(name, (beside / name) if beside else Path(name))
    if not path.is_file():
        near = get_close_matches(name, [*shipped(), *earlier.names()], n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise UsageError(
            f'there is no profile "{name}": {hint}there are {", ".join(shipped())}, those of our older releases '
            f"(standoff-1-events …), or give a file"
        )
    try:
        value = tomllib.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError, OSError) as error:
        raise UsageError(f"the profile {path} cannot be read: {error}") from error
    base = value.pop("extends", None)
    if base is None:
        return value, path
    if not isinstance(base, str):
        raise UsageError(f"the profile {path}: extends names another profile, in quotes")
    if depth >= _MOST_BASES:
        raise UsageError(f"the profile {path}: more than {_MOST_BASES} profiles extend each other")
    return _merged(_read(base, path.parent, depth + 1)[0], value), path


def _merged(base: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    """What a profile says on top of another: columns of the same name are merged, new ones come last."""
    merged = {**base, **value}
    for name in ("file", "summary"):
        if isinstance(base.get(name), dict) and isinstance(value.get(name), dict):
            merged[name] = {**base[name], **value[name]}
    if isinstance(value.get("checks"), list):
        merged["checks"] = [*base.get("checks", ()), *value["checks"]]
    columns = value.get("columns")
    if not isinstance(columns, list):
        return merged
    changes = {c["name"]: c for c in columns if isinstance(c, dict) and "name" in c}
    known = [column["name"] for column in base.get("columns", ())]
    merged["columns"] = [
        *({**column, **changes.get(column["name"], {})} for column in base.get("columns", ())),
        *(c for c in columns if not isinstance(c, dict) or c.get("name") not in known),
    ]
    return merged


def _profile(value: dict[str, Any], path: Path) -> Profile:
    faults = [f"  {fault}" for fault in _faults_of_form(value)]
    columns: list[Binding] = []
    if not faults:
        columns = list(_columns(value, path))
        # The checks of shipped profiles are resolved by the tests: resolving them all takes a while.
        resolve = path not in shipped().values()
        faults = [f"  {fault}" for fault in _contradictions(value, columns, resolve=resolve)]
    if faults:
        raise UsageError(
            "\n".join([f"the profile {path} does not follow schema/profile.schema.json:", *faults])
        )
    file = value.get("file", {})
    header = file.get("header", True)
    return Profile(
        name=path.stem,
        title=value["title"],
        columns=tuple(columns),
        key=tuple(value.get("key", ())),
        goldstein=value.get("goldstein", "gdelt"),
        skip=frozenset(value.get("skip", ())),
        header=None if header == "detect" else header,
        separator=file.get("separator"),
        quote=_QUOTING[file.get("quote", True)],
        trailing=file.get("trailing", 0),
        skip_lines=file.get("skip_lines", 0),
        comment=file.get("comment"),
        encoding=file.get("encoding", "utf-8"),
        any_case=file.get("any_case", True),
        checks=tuple(
            RowCheck(
                c["name"],
                c["expression"],
                c["message"],
                c.get("severity", "error"),
                c.get("advice", ADVICE),
            )
            for c in value.get("checks", ())
        ),
        summary=_summary(value.get("summary", {})),
    )


def _summary(value: Mapping[str, Any]) -> Settings:
    usual = Settings()
    return Settings(
        tuple(value["unknown"]) if "unknown" in value else None,
        value.get("statement"),
        value.get("daily", usual.daily),
        replace(usual.note, **value.get("note", {})),
        replace(usual.warning, **value.get("warning", {})),
    )


def _faults_of_form(value: dict[str, Any]) -> Iterator[str]:
    """Yield what the JSON Schema refuses; of an unknown field the name that is nearest."""
    if not violations("profile", value):
        return
    from jsonschema import Draft202012Validator

    errors = Draft202012Validator(schema.json_schema("profile")).iter_errors(value)
    for place, error in sorted((".".join(map(str, e.absolute_path)) or "at the top", e) for e in errors):
        message = error.message
        if error.validator == "additionalProperties" and isinstance(error.instance, dict):
            known = list(error.schema.get("properties", ()))
            near = [
                f'"{name}" may be meant as "{match[0]}"'
                for name in error.instance
                if name not in known and (match := get_close_matches(name, known, n=1))
            ]
            message = "; ".join([message, *near])
        yield f"{place}: {message}"


def _columns(value: dict[str, Any], path: Path) -> Iterator[Binding]:
    file = value.get("file", {})
    everywhere = tuple(file.get("missing", ()))
    for column in value["columns"]:
        kind, values = Kind(column.get("type", "string")), column.get("values", ())
        if "codes" in column:
            values = _code_list(column["codes"], path)
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
        source, *aliases = _listed(column.get("source", column["name"]))
        yield Binding(
            meaning,
            source,
            tuple(aliases),
            tuple(_listed(column.get("format", ()))),
            (*everywhere, *column.get("missing", ())),
            file.get("decimal", "."),
            column.get("zone", "UTC"),
            tuple(column.get("parts", ())),
            column["codes"]["file"] if "codes" in column else None,
            column.get("list"),
        )


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _code_list(codes: Mapping[str, str], profile: Path) -> list[str]:
    """The values of one column of a CSV file, beside the profile or among standoff's code lists."""
    path = profile.parent / codes["file"]
    if not path.is_file():
        path = schema.folder() / "codes" / codes["file"]
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, strict=True))
    except (OSError, ValueError, csv.Error) as error:
        raise UsageError(
            f"the profile {profile}: the code list {codes['file']} cannot be read: {error}"
        ) from error
    names = list(rows[0]) if rows else []
    column = codes.get("column", names[0] if names else "")
    if column not in names:
        raise UsageError(
            f'the profile {profile}: the code list {codes["file"]} has no column "{column}"; it has: {", ".join(map(str, names))}'
        )
    return list(dict.fromkeys(row[column] for row in rows if row[column]))


def _contradictions(value: dict[str, Any], columns: list[Binding], *, resolve: bool) -> list[str]:
    """What a JSON Schema cannot say: names that repeat or lead nowhere, values that are not of their column's kind."""
    from standoff.rules.catalogue import all_rules
    from standoff.rules.rule import TABLE_SCOPES

    faults = []
    for what, names in (
        ("name", [column.name for column in columns]),
        ("source", [name for c in columns for name in (*c.sources, *c.aliases)]),
        ("check", [check["name"] for check in value.get("checks", ())]),
    ):
        faults += [
            f'columns: {what} "{n}" stands more than once'
            for n in sorted({n for n in names if names.count(n) > 1})
        ]
    known = {column.name for column in columns}
    faults += [f'key: there is no column "{name}"' for name in value.get("key", ()) if name not in known]
    rules = all_rules()
    codes = {code for code, rule in rules.items() if rule.scope in (*TABLE_SCOPES, "summary")}
    faults += [
        f'checks: "{check["name"]}" is one of our rules: choose another name'
        for check in value.get("checks", ())
        if check["name"] in rules
    ]
    codes |= {check["name"] for check in value.get("checks", ())}
    faults += [
        f'skip: there is no rule "{code}" about tables' for code in value.get("skip", ()) if code not in codes
    ]
    for column in columns:
        faults += [f'columns: "{column.name}": {fault}' for fault in _faults_of(column)]
    if not faults:
        faults += list(_faults_of_checks(value, columns, resolve=resolve))
    return faults


def _faults_of_checks(value: dict[str, Any], columns: list[Binding], *, resolve: bool) -> Iterator[str]:
    if not value.get("checks"):
        return
    from standoff.rules.expressions import NotAdmitted, admit

    names = {column.name: column.kind.polars for column in columns}
    for check in value["checks"]:
        try:
            admit(check["expression"], names, resolve=resolve)
        except NotAdmitted as error:
            yield f'checks: "{check["name"]}": {error}'


def _faults_of(column: Binding) -> Iterator[str]:
    """Yield the faults of the profile (not of the data) that would end the run or make a rule give a wrong result."""
    from standoff.rules.table import KINDS

    kind, family = column.kind, _family(column.kind)
    expected = KINDS.get(column.name, kind)
    if family != _family(expected):
        yield f'our rules take a column of this name for {expected}: give it type = "{expected}" or another name'
    bounds = [bound for bound in (column.minimum, column.maximum) if bound is not None]
    if bounds and not (kind.numeric or kind.temporal):
        yield "minimum and maximum are for numbers, dates and moments"
    if kind is Kind.DATETIME and not all(isinstance(bound, str) and _is_moment(bound) for bound in bounds):
        yield 'the bounds of a moment are written "2015-02-18T00:00:00Z"'
    if family == "date" and not all(isinstance(bound, str) and _is_day(bound) for bound in bounds):
        yield 'the bounds of a date are written "1979-01-01"'
    if family == "number" and any(isinstance(bound, str) or isnan(bound) for bound in bounds):
        yield "the bounds of a number are numbers"
    if column.between and (family != "string" or not column.values):
        yield "a list is for text with values or codes"
    if column.values and family not in ("string", "number"):
        yield "a list of values is for text and numbers"
    elif any(isinstance(value, str) != (family == "string") for value in column.values):
        yield f"the values of {kind} columns are {'text' if family == 'string' else 'numbers'}"
    elif kind.startswith("int") and not all(isinstance(value, int) for value in column.values):
        yield f"the values of {kind} columns are whole numbers"
    for form in column.formats if kind.temporal else ():
        if not _reads(form, column):
            yield f'no {kind} can be read in the form "{form}": write it with %Y, %m and %d, or the like'
    if column.parts and kind is not Kind.DATE:
        yield "parts are the year, month and day of a column of type date"
    if not _is_zone(column.zone):
        yield f'there is no time zone "{column.zone}"'
    if column.pattern and family != "string":
        yield "a pattern is for text"
    elif column.pattern and not _compiles(column):
        yield f"{column.pattern} is not a regular expression (look-around is not supported)"


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


def _reads(form: str, binding: Binding) -> bool:
    """Whether days or moments that are written in this form are read again."""
    import polars as pl

    from standoff.bulk.values import converted

    moment = datetime(2020, 12, 31, 23, 30, tzinfo=UTC)
    if form == "iso":
        return binding.kind is Kind.DATETIME
    try:
        text = moment.strftime(form.replace("%:z", "%z"))
        value = converted(pl.col("text"), pl.String(), replace(binding, formats=(form,), zone="UTC"))
        read = pl.DataFrame({"text": [text]}).select(value.alias("value")).item()
    except (ValueError, pl.exceptions.PolarsError):
        return False
    return read is not None and (binding.kind is Kind.DATETIME or read == moment.date())


def _is_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_day(text: str) -> bool:
    """Whether a text is a day in the one form that the rule about bounds reads; 19790101 and weeks are others."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
