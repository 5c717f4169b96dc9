"""Form: what the JSON Schemas say of a value, with jsonschema as the judge.

jsonschema finds and words every violation. jsonschema-rs, which agrees with it and is some sixty times as
fast, only answers first whether there is any (a test holds the two together); without it everything works.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from standoff import schema
from standoff.model.places import Path


@dataclass(frozen=True, slots=True)
class Violation:
    """One violation of a schema: the keyword that failed, where, and what it had to say.

    `wanted` is the keyword's value in the schema, `found` the offending value; for unknown and missing keys
    `key` is that key and `known` the keys that the place allows.
    """

    keyword: str
    path: Path
    wanted: Any
    found: Any
    key: str | None = None
    known: tuple[str, ...] = ()


@cache
def _is_valid(name: str) -> Callable[[Any], bool]:
    try:
        import jsonschema_rs
    except ImportError:
        return _reference(name).is_valid  # type: ignore[no-any-return]
    return jsonschema_rs.validator_for(schema.json_schema(name)).is_valid


@cache
def _reference(name: str) -> Any:
    import jsonschema

    return jsonschema.Draft202012Validator(schema.json_schema(name))


def violations(name: str, value: Any) -> list[Violation]:
    """Return every violation of the schema `name` in `value`, in the order of their paths."""
    if _is_valid(name)(value):
        return []
    found: dict[tuple[Any, ...], Violation] = {}
    for error in _reference(name).iter_errors(value):
        for violation in _split(error):
            found.setdefault((violation.keyword, violation.path, violation.key), violation)
    # A value of the wrong type breaks further keywords too; one fault, one violation.
    mistyped = {v.path for v in found.values() if v.keyword == "type"}
    kept = [v for v in found.values() if v.keyword in ("type", "required") or v.path not in mistyped]
    return sorted(kept, key=lambda v: [(isinstance(part, str), str(part).zfill(9)) for part in v.path])


def _split(error: Any) -> list[Violation]:
    """Turn one of jsonschema's errors into violations: one for each key where it speaks of several."""
    path: Path = tuple(error.absolute_path)
    keyword = error.validator
    if keyword == "if":
        return [violation for inner in error.context for violation in _split(inner)]
    known = tuple(error.schema.get("properties", ())) if isinstance(error.schema, dict) else ()
    if keyword == "additionalProperties":
        return [
            Violation(keyword, (*path, key), None, error.instance[key], key, known)
            for key in error.instance
            if key not in known
        ]
    if keyword == "required":
        missing = [key for key in error.validator_value if key not in error.instance]
        return [Violation(keyword, path, error.validator_value, None, key, known) for key in missing]
    return [Violation(keyword, path, error.validator_value, error.instance, None, known)]
