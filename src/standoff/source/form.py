"""Form: what the JSON Schemas say of a value, with jsonschema as the judge.

jsonschema finds and words every violation. jsonschema-rs, which agrees with it and is some sixty times as
fast, only answers first whether there is any (a test holds the two together); without it everything works.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from functools import cache
from itertools import islice
from typing import Any

from standoff import schema
from standoff.model.classes import dataclass, replace
from standoff.model.places import Path
from standoff.schema import CORE, Vocabulary

MAX_VIOLATIONS = 100
"""How many violations of one file are listed; a person does not fix more at once, and a hostile file has a million."""

MORE = "more"
"""Keyword of the violation that stands for those that are not listed."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One violation of a schema: the keyword that failed, where, and what it had to say.

    `wanted` is the keyword's value in the schema, `found` the offending value; for unknown and missing keys
    `key` is that key, `known` the keys that the place still allows, and `meant` the missing one that an unknown one
    is most like. `asked_by` is the key whose value makes a missing key necessary. `required` says whether the value's key must be there, `least` how many entries a list needs.
    """

    keyword: str
    path: Path
    wanted: Any
    found: Any
    key: str | None = None
    known: tuple[str, ...] = ()
    meant: str | None = None
    required: bool = False
    least: int = 0
    asked_by: tuple[str, ...] = ()


@cache
def _is_valid(name: str, vocabulary: Vocabulary) -> Callable[[Any], bool]:
    try:
        import jsonschema_rs
    except ImportError:
        return _reference(name, vocabulary).is_valid  # type: ignore[no-any-return]
    return jsonschema_rs.validator_for(schema.json_schema(name, vocabulary)).is_valid


@cache
def _reference(name: str, vocabulary: Vocabulary) -> Any:
    import jsonschema

    return jsonschema.Draft202012Validator(schema.json_schema(name, vocabulary))


def violations(name: str, value: Any, vocabulary: Vocabulary = CORE) -> list[Violation]:
    """Return the violations of the schema `name` in `value`, in the order of their paths.

    One fault is one violation. Of a value that breaks the schema in very many places the first
    `MAX_VIOLATIONS` are returned, and one of the keyword `MORE`.
    """
    try:
        if _is_valid(name, vocabulary)(value):
            return []
    except ValueError:  # what no JSON holds, such as a date of TOML: the reference finds its type wrong
        pass
    found: dict[tuple[Any, ...], Violation] = {}
    reference = _reference(name, vocabulary)
    split = (violation for error in reference.iter_errors(value) for violation in _split(name, error))
    for violation in islice(split, MAX_VIOLATIONS):
        found.setdefault((violation.keyword, violation.path, violation.key), violation)
    more = [Violation(MORE, (), None, None)] if next(split, None) else []
    # A value of the wrong type breaks further keywords too, and a misspelt key is not missing as well.
    mistyped = {v.path for v in found.values() if v.keyword == "type"}
    missing = {(v.path, v.key) for v in found.values() if v.keyword == "required"}
    listed = [_with_meant(v, missing) for v in found.values()]
    listed = [_renamed(v, listed) for v in listed]
    incomplete = {v.path for v in listed if v.keyword == "required" and v.path}
    listed = [_parted(v, incomplete) for v in listed]
    parted = {(*v.path[:-1], v.meant) for v in listed if v.meant is not None} & incomplete
    misspelt = {(v.path[:-1], v.meant) for v in listed if v.meant is not None} & missing
    kept = [
        v
        for v in listed
        if (v.keyword == "type" or v.path not in mistyped)
        and not (v.keyword == "required" and ((v.path, v.key) in misspelt or v.path in parted))
    ]
    return more + sorted(kept, key=lambda v: [(isinstance(part, str), str(part).zfill(9)) for part in v.path])


def _with_meant(violation: Violation, missing: set[tuple[Path, str | None]]) -> Violation:
    """Add the key that an unknown key may stand for: the closest of the absent keys.

    A key that must be there is recognised by less: of `id` written `i_` half is left.
    """
    if violation.keyword != "additionalProperties" or violation.key is None:
        return violation
    key = violation.key.casefold()
    required = [each for each in violation.known if (violation.path[:-1], each) in missing]
    near = difflib.get_close_matches(key, violation.known, n=1, cutoff=0.6)
    near = near or difflib.get_close_matches(key, required, n=1, cutoff=0.4)
    return replace(violation, meant=near[0] if near else None)


def _parted(violation: Violation, incomplete: set[Path]) -> Violation:
    """Take an unknown key for the beginning of a record beside it that lacks keys: `[content]` before `[contents.layers]`."""
    if violation.keyword != "additionalProperties" or violation.meant is not None or violation.key is None:
        return violation
    beside = [str(path[-1]) for path in incomplete if path[:-1] == violation.path[:-1]]
    near = difflib.get_close_matches(violation.key, beside, n=1, cutoff=0.8)
    return replace(violation, meant=near[0]) if near else violation


def _renamed(violation: Violation, listed: list[Violation]) -> Violation:
    """Take the only unknown key of a record for its only missing one, such as `id` for `place`."""
    if violation.keyword != "additionalProperties" or violation.meant is not None:
        return violation
    record = violation.path[:-1]
    missing = [v.key for v in listed if v.keyword == "required" and v.path == record]
    unknown = [v for v in listed if v.keyword == "additionalProperties" and v.path[:-1] == record]
    return replace(violation, meant=missing[0]) if len(missing) == len(unknown) == 1 else violation


def _split(name: str, error: Any) -> list[Violation]:
    """Turn one of jsonschema's errors into violations: one for each key where it speaks of several."""
    path: Path = tuple(error.absolute_path)
    keyword = error.validator
    if keyword == "if":
        return [violation for inner in error.context for violation in _split(name, inner)]
    known = tuple(error.schema.get("properties", ())) if isinstance(error.schema, dict) else ()
    if keyword == "additionalProperties":
        absent = tuple(key for key in known if key not in error.instance)
        return [
            Violation(keyword, (*path, key), known, error.instance[key], key, absent)
            for key in islice((key for key in error.instance if key not in known), MAX_VIOLATIONS + 1)
        ]
    if keyword == "dependentRequired":
        needed = {
            key: None
            for given, others in error.validator_value.items()
            if given in error.instance
            for key in others
            if key not in error.instance
        }
        return [Violation("required", path, tuple(needed), None, key, known) for key in needed]
    if keyword == "required":
        missing = [key for key in error.validator_value if key not in error.instance]
        asked_by = _asking(name, error)
        return [
            Violation(keyword, path, error.validator_value, None, key, known, asked_by=asked_by)
            for key in missing
        ]
    return [
        Violation(
            keyword,
            path,
            error.validator_value,
            error.instance,
            known=known,
            required=_required(name, error),
            least=error.schema.get("minItems", 0),
        )
    ]


def _required(name: str, error: Any) -> bool:
    """Whether the key whose value is wrong must be there, always or in some records."""
    way = tuple(error.absolute_schema_path)  # … "properties", key, keyword
    if way[-3:-2] != ("properties",):
        return False
    record = _schema_at(name, way[:-3])
    return way[-2] in (*record.get("required", ()), *record.get("then", {}).get("required", ()))


def _asking(name: str, error: Any) -> tuple[str, ...]:
    """Return the key whose value makes the missing keys necessary; nothing if they always are."""
    way = tuple(error.absolute_schema_path)  # … "then", "required"
    if way[-2:-1] != ("then",):
        return ()
    return tuple(_schema_at(name, way[:-2])["if"].get("properties", ()))[:1]


def _schema_at(name: str, way: tuple[Any, ...]) -> Any:
    """Return the part of a schema that a path of jsonschema leads to."""
    whole = record = _reference(name, CORE).schema
    for part in way:
        record = record[part]
        if "$ref" in record:  # "#/$defs/event"; the path leaves these steps out
            record = whole["$defs"][record["$ref"].rpartition("/")[2]]
    return record
