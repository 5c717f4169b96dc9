"""Profiles from files: those shipped in `schema/profiles/`, and the user's.

A profile file is TOML and obeys `schema/profile.schema.json`; docs/bulk.md explains it.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from standoff import schema
from standoff.findings import UsageError
from standoff.model.summary import Settings
from standoff.tables import Column, Kind, earlier
from standoff.tables.profiles import ADVICE, Binding, Facts, Profile, Quoting, RowCheck

_QUOTING: Mapping[Any, Quoting] = {True: "cells", False: "none", "lines": "lines"}
_MOST_BASES = 5
"""How many profiles may extend each other in a row."""


NEWEST = {"acled": "acled2024"}
"""Names that stand for the newest of several forms of a format."""


@cache
def shipped() -> Mapping[str, Path]:
    """Return the profile files that come with standoff, by name."""
    files = sorted((schema.folder() / "profiles").glob("*.toml"))
    return MappingProxyType({path.stem: path for path in files})


def load_profile(name: str) -> Profile:
    """Return a shipped profile by name, or the one in a file. UsageError if it is unknown or has a fault."""
    if (ours := earlier.profile(name)) is not None:
        return ours
    path = shipped().get(NEWEST.get(name, name))
    return _shipped(path) if path else _profile(*_read(name))


@cache
def _shipped(path: Path) -> Profile:
    return _profile(*_read(str(path)))


def _read(name: str, beside: Path | None = None, depth: int = 0) -> tuple[dict[str, Any], Path]:
    """Return what a profile file says, with what it extends, and its path."""
    path = shipped().get(name, (beside / name) if beside else Path(name))
    if not path.is_file():
        near = get_close_matches(name, [*shipped(), *earlier.names()], n=1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        raise UsageError(
            f'there is no profile "{name}"{hint}; the profiles are {", ".join(shipped())}, and standoff-1-events … for our older '
            "releases. For a format of your own, give the profile file"
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
    ours = path in shipped().values()
    if not ours:  # the tests do it for those that are shipped, because it takes a while
        _refuse_faults(value, path)
    file = value.get("file", {})
    header = file.get("header", True)
    return Profile(
        name=path.stem,
        title=value["title"],
        columns=tuple(_columns(value, path)),
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
                f"docs/rules/{c['name']}.md" if ours else None,
                tuple(c.get("requires", ())),
            )
            for c in value.get("checks", ())
        ),
        summary=_summary(value.get("summary", {})),
    )


def _refuse_faults(value: dict[str, Any], path: Path) -> None:
    """Raise UsageError if a profile does not follow its schema, or contradicts itself."""
    from standoff.bulk.profile_faults import contradictions, faults_of_form

    found = list(faults_of_form(value)) or contradictions(value, list(_columns(value, path)))
    if found:
        faults = "\n".join(f"  {fault}" for fault in found)
        raise UsageError(f"the profile {path} does not follow schema/profile.schema.json:\n{faults}")


def _summary(value: Mapping[str, Any]) -> Settings:
    usual = Settings()
    return Settings(
        tuple(value["unknown"]) if "unknown" in value else None,
        value.get("statement"),
        value.get("daily", usual.daily),
        replace(usual.note, **value.get("note", {})),
        replace(usual.warning, **value.get("warning", {})),
    )


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
            column.get("codes", {}).get("severity", "error"),
            _facts(column["facts"], path) if "facts" in column else (),
        )


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _code_list(codes: Mapping[str, str], profile: Path) -> list[str]:
    """The values of one column of a code list."""
    return list(dict.fromkeys(filter(None, _columns_of_list(codes, [codes.get("column", "")], profile)[0])))


def _facts(facts: Mapping[str, Any], profile: Path) -> Facts:
    """The codes of a list with what its other columns say of each; numbers where all of a column are."""
    names = [facts.get("column", ""), *facts["columns"]]
    codes, *others = _columns_of_list(facts, names, profile)
    return ((names[0], tuple(codes)), *zip(names[1:], map(_numbers, others), strict=True))


def _numbers(texts: list[str]) -> tuple[str | float | None, ...]:
    values = [text or None for text in texts]
    try:
        return tuple(None if value is None else float(value) for value in values)
    except ValueError:
        return tuple(values)


def _columns_of_list(about: Mapping[str, Any], wanted: Sequence[str], profile: Path) -> list[list[str]]:
    """Columns of a CSV file, beside the profile or among standoff's code lists; no name stands for the first."""
    path = profile.parent / about["file"]
    if not path.is_file():
        path = schema.folder() / "codes" / about["file"]
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, strict=True))
    except (OSError, ValueError, csv.Error) as error:
        raise UsageError(
            f"the profile {profile}: the code list {about['file']} cannot be read: {error}"
        ) from error
    names = list(rows[0]) if rows else []
    found = [name or (names[0] if names else "") for name in wanted]
    for column in found:
        if column not in names:
            raise UsageError(
                f'the profile {profile}: the code list {about["file"]} has no column "{column}"; it has: {", ".join(map(str, names))}'
            )
    return [[row[column] or "" for row in rows] for column in found]
