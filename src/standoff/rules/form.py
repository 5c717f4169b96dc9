"""Rules about the form of one file: its keys, types and values by the JSON Schema."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from standoff.findings import Data, shortened
from standoff.model import ids
from standoff.model.places import Fix, Path
from standoff.rules.rule import FILE, Fault, rule
from standoff.source.files import SourceFile
from standoff.source.form import Violation
from standoff.source.records import NEWEST_EDITION


def violations_of(file: SourceFile, *keywords: str) -> Iterator[Violation]:
    """Yield the violations of these keywords of the schema, without those that a lost line `negatives:` explains."""
    astray = misplaced_negatives(file)
    return (
        violation
        for violation in file.violations
        if violation.keyword in keywords
        and not (
            astray and (violation.path[:2] in astray or (violation.path, violation.key) == ((), "negatives"))
        )
    )


def misplaced_negatives(file: SourceFile) -> list[Path]:
    """Return the negatives that stand among the events because the line `negatives:` above them is lost."""
    if not isinstance(file.value, dict) or "negatives" in file.value or not file.violations:
        return []
    return [
        ("events", i)
        for i, item in file.items("events")
        if isinstance(item.get("id"), str) and ids.is_negative_id(item["id"])
    ]


def path_name(path: Path) -> str:
    """Return a path as text, counting from 1: `events[4].actor[2]`."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f"{'.' if text else ''}{part}"
    return text or "the file"


def show_value(value: object) -> str:
    """Return a value as a message shows it."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a record"
    if isinstance(value, list):
        return "a list"
    text = str(value)
    text = shortened(text)
    return f'"{text}"' if isinstance(value, str) else text


def _or_delete(violation: Violation) -> str:
    """What else can be done about a value that is nothing, where its key or entry may be missing."""
    if not violation.path or violation.required:
        return ""
    return ", or delete the key" if isinstance(violation.path[-1], str) else ", or delete the entry"


_TYPES = {
    "string": "text",
    "object": "a record (keys with values)",
    "array": "a list",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
}


@rule(FILE, requires=("forbidden-yaml",))
def missing_key(file: SourceFile) -> Iterator[Fault]:
    """A required key is missing.

    Add it. The message names it, and the schema describes what belongs there.
    """
    if _is_other_file(file):
        yield Fault(
            (),
            "the file has none of the keys of an annotation file: document, events, negatives",
            "move it to its folder, or delete it",
            data=Data(expected=["document", "events", "negatives"]),
        )
        return
    if file.value == {}:
        keys = [str(violation.key) for violation in violations_of(file, "required")]
        yield Fault(
            (), "the file has no keys", f"restore it; it needs {', '.join(keys)}", data=Data(expected=keys)
        )
        return
    if lost := _lost_table(file):
        yield Fault(
            (lost[0],),
            f'the line [dataset] is missing above the key "{lost[0]}"',
            "write the line [dataset] above it",
            key=True,
            data=Data(expected=["dataset"]),
        )
        return
    for path in misplaced_negatives(file)[:1]:
        yield Fault(
            path,
            'the key "negatives" is missing above this record, which is among the events',
            "write the line negatives: above it",
            data=Data(expected=["negatives"]),
        )
    for violation in violations_of(file, "required"):
        if file.kind == "annotation" and _is_old_negative(file.value, violation.path):
            continue  # `quote` is reported instead
        where = "" if not violation.path else f" in {path_name(violation.path)}"
        yield Fault(
            (*violation.path, *violation.asked_by),
            f'the key "{violation.key}" is missing{where}'
            + (f": {violation.asked_by[0]} asks for it" if violation.asked_by else ""),
            f"add {violation.key}:",
            data=Data(expected=[str(violation.key)]),
        )


def _is_other_file(file: SourceFile) -> bool:
    """Return whether an annotation file has none of its keys but others, as a registry in the wrong folder has."""
    keys = set(file.value) if isinstance(file.value, dict) else set()
    return (
        file.kind.startswith("annotation")
        and bool(keys)
        and not keys & {"edition", "document", "events", "negatives"}
    )


def _lost_table(file: SourceFile) -> list[str]:
    """Return the keys at the top of dataset.toml that belong to the table [dataset], whose line is lost; [] otherwise."""
    if file.kind != "dataset" or not isinstance(file.value, dict) or "dataset" in file.value:
        return []
    keys = [str(violation.key) for violation in violations_of(file, "additionalProperties")]
    return keys if {"name", "version"} <= {*keys} else []


@rule(FILE, requires=("forbidden-yaml",))
def unknown_key(file: SourceFile) -> Iterator[Fault]:
    """A record has a key that is not allowed there.

    Correct its spelling, or delete it with its value. Remarks belong in `note`.
    """
    told = _is_other_file(file) or _lost_table(file)
    for violation in () if told else violations_of(file, "additionalProperties"):
        remedy = f"write {violation.meant}: or delete it" if violation.meant else "delete it"
        if violation.known and not violation.meant:
            remedy += f"; free keys are {', '.join(violation.known)}"
        if other := _of_other_edition(file, violation):
            yield Fault(violation.path, *other, key=True)
            continue
        yield Fault(
            violation.path,
            f'the key "{violation.key}" is not known here',
            remedy,
            closest=violation.meant,
            key=True,
        )


def _is_old_negative(value: Any, path: Path) -> bool:
    """Return whether the path leads to a negative of edition 1, which has a quote and no trigger."""
    if len(path) != 2 or path[0] != "negatives":
        return False
    negative = value["negatives"][path[1]]
    return isinstance(negative, dict) and "quote" in negative and "trigger" not in negative


def _of_other_edition(file: SourceFile, violation: Violation) -> tuple[str, str] | None:
    """Return message and remedy for an unknown key that the other edition of the form has there; None for others."""
    if file.kind == "annotation" and _is_old_negative(file.value, violation.path[:-1]):
        if violation.key not in ("quote", "prefix", "suffix"):
            return None
        return f"{violation.key} of a negative is the form of edition 1", _NEW_NEGATIVE
    if file.kind == "annotation-1" and violation.key in _NEW_KEYS.get(_kind_of_record(violation.path), ()):
        return (
            f'the key "{violation.key}" belongs to edition 2 of the form, and this file is of edition 1',
            "write edition: 2 as the first key of the file, and bring its other records into that form",
        )
    return None


_NEW_NEGATIVE = (
    "write the misleading predicate as trigger, its clause as evidence, the words that the reason rests on as mark, "
    "and what a careless coder would enter as would_be: {action, actor, target}"
)
_NEW_KEYS = {
    "document": ("copies",),
    "events": ("where", "shape"),
    "links": ("quote", "prefix", "suffix", "outside"),
    "negatives": ("evidence", "trigger", "mark", "would_be"),
}
"""What edition 2 adds to edition 1, by the key of the record or list that it belongs to."""


def _kind_of_record(path: Path) -> str:
    """Return the last key above the one that the path leads to: links for ("events", 0, "links", 0, "quote")."""
    return next((part for part in reversed(path[:-1]) if isinstance(part, str)), "")


@rule(FILE, requires=("forbidden-yaml",))
def wrong_type(file: SourceFile) -> Iterator[Fault]:
    """A value has the wrong type: for example a number instead of a text, a text instead of a list, or nothing.

    A code such as 190 or a year such as 2019 needs quotes: "190". A list needs square brackets or dashes
    even for one entry. Leave out a key that has no value.
    """
    for violation in violations_of(file, "type"):
        wanted = violation.wanted if isinstance(violation.wanted, list) else [violation.wanted]
        found = violation.found
        name = path_name(violation.path)
        expected = " or ".join(_TYPES[kind] for kind in wanted)
        fix = None
        if found is None and "array" in wanted and not violation.least:
            remedy = "write [] if there are none, or the entries below the key with a dash before each"
        elif found is None:
            remedy = f"write {expected}" + _or_delete(violation)
        elif "string" in wanted and isinstance(found, int | float) and file.kind != "dataset":
            place = file.places.of(violation.path)
            raw = file.lines[place.line - 1][place.column - 1 : place.end_column - 1]
            remedy = f'write it in quotes: "{raw}"'
            fix = Fix(place, f'"{raw}"')
        elif "array" in wanted:
            remedy = "put the entry into square brackets, or below the key with a dash before it"
        else:
            remedy = f"write {expected}"
        yield Fault(
            violation.path,
            f"{name} is {show_value(found)}; expected {expected}",
            remedy,
            fix=fix,
            data=Data(expected=[_TYPES[kind] for kind in wanted]),
        )


@rule(FILE, requires=("forbidden-yaml",))
def unknown_value(file: SourceFile) -> Iterator[Fault]:
    """A value is not one of the words that its key allows.

    Use one of the words that the message lists.
    """
    for violation in violations_of(file, "enum", "const", "not"):
        wanted = violation.wanted if isinstance(violation.wanted, list) else [violation.wanted]
        if violation.keyword == "not":
            yield Fault(violation.path, f"{show_value(violation.found)} is reserved", "choose another id")
            continue
        words = [str(word).lower() if isinstance(word, bool) else str(word) for word in wanted]
        near = difflib.get_close_matches(str(violation.found), words)
        if violation.path == ("edition",) and _is_newer(violation.found):
            yield Fault(
                violation.path,
                f"the file is of edition {violation.found}, but this standoff knows only editions up to {NEWEST_EDITION}",
                f"install a newer standoff; if the number is a mistake, write {NEWEST_EDITION}",
                data=Data(expected=words),
            )
            continue
        yield Fault(
            violation.path,
            f"{path_name(violation.path)} is {show_value(violation.found)}",
            f"it must be {'one of ' if len(words) > 1 else ''}{', '.join(words)}",
            closest=near[0] if near else None,
            data=Data(expected=words),
        )


def _is_newer(edition: Any) -> bool:
    return isinstance(edition, int) and not isinstance(edition, bool) and edition > NEWEST_EDITION


_SHAPES = {
    "id": "an id such as d003, d003-e04 or d003-n02; for actors words in lower case joined by hyphens",
    "event": "the id of an event, such as d003-e04",
    "action": "an action code in quotes, one of those that `standoff codes` lists",
    "sha256": "64 hexadecimal digits in lower case",
    "incident": "i- and words in lower case joined by hyphens, such as i-embassy-attack",
    "place": "the id of a place: words in lower case joined by hyphens",
    "parent": "an id: words in lower case joined by hyphens",
    "actor": "the id of an actor: words in lower case joined by hyphens",
    "target": "the id of an actor: words in lower case joined by hyphens",
    "country": "three capital letters, such as FRA",
    "code": "capital letters in groups of three, such as FRAGOV",
    "wikidata": "Q and a number",
    "url": "an address that begins with http:// or https://",
    "language": "a language tag such as en",
    "license": "the SPDX identifier of a licence, such as CC-BY-4.0",
    "version": "three numbers with points, such as 0.2.0",
    "include": "the path of a file beside the dataset folder, such as CODEBOOK.md or docs/guide.md",
    "released": "a day, such as 2026-11-20",
    "completed": "a day, such as 2026-11-20",
}


@rule(FILE, requires=("forbidden-yaml",))
def malformed_value(file: SourceFile) -> Iterator[Fault]:
    """A text does not have the form that its key requires, or is empty.

    The message says what it should look like. Leave out a key that has no value.
    """
    curly = ("“", "”", "„", "‘", "’") if any(each.rule == "curly-quotes" for each in file.faults) else ()
    for violation in violations_of(file, "pattern", "minLength", "maxLength"):
        if curly and isinstance(violation.found, str) and violation.found[:1] in curly:
            continue  # the quotes are reported instead
        if violation.keyword == "minLength":
            yield Fault(
                violation.path,
                f"{path_name(violation.path)} is empty",
                "write something" + _or_delete(violation),
            )
            continue
        key = next(part for part in reversed(violation.path) if isinstance(part, str))
        shape = _SHAPES.get(key)
        yield Fault(
            violation.path,
            f"{path_name(violation.path)} is {show_value(violation.found)}, which is not "
            f"{shape or f'what {key} may be'}",
            f"write {shape}" if shape else f"see {key} in CODEBOOK.md",
            data=Data(expected=[shape]) if shape else None,
        )


@rule(FILE, requires=("forbidden-yaml",))
def value_out_of_range(file: SourceFile) -> Iterator[Fault]:
    """A number or list is smaller or larger than its key allows.

    `count_min` counts acts and is at least 1. Leave out a list that would be empty.
    """
    for violation in violations_of(file, "minimum", "maximum", "minItems", "maxItems", "uniqueItems"):
        name, wanted = path_name(violation.path), violation.wanted
        bound = f"at {'least' if violation.keyword.startswith('min') else 'most'} {wanted}"
        outside = f"{name} is {show_value(violation.found)}; expected {bound}"
        message, remedy = {
            "minimum": (outside, f"write {wanted} or more"),
            "maximum": (outside, f"write {wanted} or less"),
            "minItems": (f"{name} is an empty list", "add an entry" + _or_delete(violation)),
            "maxItems": (f"{name} has too many entries", f"keep {wanted}"),
            "uniqueItems": (f"{name} holds the same entry twice", "delete one of them"),
        }[violation.keyword]
        data = Data(expected=["different entries" if violation.keyword == "uniqueItems" else bound])
        yield Fault(violation.path, message, remedy, data=data)


FORM = ("missing-key", "unknown-key", "wrong-type", "unknown-value", "malformed-value", "value-out-of-range")
"""The rules that together say what the JSON Schema says."""
