"""The names that models give to fields, and the shapes that they put records into.

A name is compared without case, spaces, hyphens and underscores: documentId, "Document ID" and document_id are one. A name
of the schema comes first; another name is read only where it is missing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

FIELDS = (
    "id", "document", "trigger", "evidence", "sentence", "action", "actors", "targets", "date", "status", "attribution",
    "where", "links", "confidence", "note", "reciprocal", "count_min",
)  # fmt: skip
"""The fields of the schema."""
OTHER_NAMES = {
    "document": ("documentid", "docid", "doc", "documentname", "file", "filename", "article", "articleid", "storyid"),
    "trigger": ("triggertext", "triggerwords", "triggerphrase", "triggerspan", "quote", "quotation", "span", "text", "words", "phrase"),
    "evidence": ("evidencetext", "evidencequote", "sentencetext", "passage", "context"),
    "action": (
        "actioncode", "code", "eventcode", "cameocode", "cameo", "plover", "ploverevent", "eventtype", "actiontype", "type",
        "category", "classification",
    ),
    "actors": (
        "actor", "source", "sources", "sourceactor", "sourceactors", "agent", "agents", "subject", "initiator", "actorname",
        "actornames", "sourcename", "actor1", "actor1name", "actorids", "actorid", "actorcodes", "actorcode", "sourcecode", "who",
    ),
    "targets": (
        "target", "targetactor", "targetactors", "recipient", "recipients", "recip", "patient", "object", "targetname", "targetnames",
        "actor2", "actor2name", "targetids", "targetid", "targetcodes", "targetcode", "whom",
    ),
    "date": ("eventdate", "dateofevent", "day", "when", "time", "datetext"),
    "attribution": ("attributedto", "reportedby", "accordingto"),
    "where": ("location", "locations", "place", "places"),
    "status": ("eventstatus", "factuality"),
    "confidence": ("score", "probability", "certainty"),
    "note": ("notes", "comment", "rationale", "reasoning", "explanation"),
}  # fmt: skip
"""Other names of a field, likeliest first."""
MODES = ("mode", "modes", "eventmode", "eventmodes")
"""Fields with PLOVER's mode, which is written after the type."""
ROLES = {
    "actors": ("actor", "source", "agent", "subject", "initiator", "attacker", "perpetrator", "arg0"),
    "targets": ("target", "recipient", "recip", "patient", "object", "victim", "arg1"),
    "date": ("date", "time", "when"),
    "where": ("location", "place", "where"),
}
"""Roles in a list of arguments, and the fields that they stand for."""
QUOTE = ("quote", "words", "text", "mention", "span", "string", "surface")
"""Names of the words in a passage or party."""
START = ("start", "begin", "startchar", "charstart", "startoffset", "offsetstart", "from")
END = ("end", "endchar", "charend", "endoffset", "offsetend", "to")
_SEPARATORS = re.compile(r"[\s_\-]+")
_DEEPEST = 20
"""Levels of lists and objects that are looked into."""
_CORE = ("trigger", "action")
"""An object with one of these fields is a record; one without may hold records."""


@lru_cache(maxsize=1 << 10)
def key_of(name: object) -> str:
    """Return the name of a field as it is compared."""
    return _SEPARATORS.sub("", str(name)).casefold()


_FIELD_OF = {other: field for field, others in OTHER_NAMES.items() for other in others}
_FIELD_OF |= {key_of(field): field for field in FIELDS}
_NOT_CONTAINERS = {*_FIELD_OF, "arguments", "args", "roles", *MODES}
_IS_RECORD = {key for key, field in _FIELD_OF.items() if field in _CORE}


def fields_of(value: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str], list[str]]:
    """Return the fields of a record by their names in the schema.

    Then which field was read from which other name, and the names of what is not read.
    """
    plain = {key_of(key): (str(key), each) for key, each in value.items()}
    fields: dict[str, Any] = {}
    renamed: dict[str, str] = {}
    used: set[str] = set()
    for field in FIELDS:
        keys = (key_of(field), *OTHER_NAMES.get(field, ()))
        there = [key for key in keys if key in plain and key not in used]
        stated = next((key for key in there if plain[key][1] is not None), there[0] if there else None)
        if stated is None:
            continue
        used.update(key for key in there if key == stated or plain[key][1] is None)
        fields[field] = plain[stated][1]
        if stated != key_of(field):
            renamed[field] = plain[stated][0]
    used |= _add_arguments(plain, fields)
    used |= _add_mode(plain, fields)
    used |= _add_offsets(plain, fields)
    return fields, renamed, sorted(name for key, (name, _) in plain.items() if key not in used)


def _add_arguments(plain: Mapping[str, tuple[str, Any]], fields: dict[str, Any]) -> set[str]:
    """Add the parties that a list of arguments states by role."""
    for key in ("arguments", "args", "roles"):
        listed = plain.get(key, ("", None))[1]
        if not isinstance(listed, list) or not all(isinstance(item, Mapping) for item in listed):
            continue
        by_role: dict[str, list[Any]] = {}
        for item in listed:
            role = key_of(next((each for name, each in item.items() if key_of(name) in ("role", "type")), ""))
            field = next((field for field, roles in ROLES.items() if role in roles), None)
            if field is not None:
                by_role.setdefault(field, []).append(
                    {k: v for k, v in item.items() if key_of(k) not in ("role", "type")}
                )
        for field, items in by_role.items():
            words = [part_of(item, QUOTE) for item in items] if field == "date" else items
            fields.setdefault(field, words[0] if field == "date" else words)
        return {key}
    return set()


def _add_mode(plain: Mapping[str, tuple[str, Any]], fields: dict[str, Any]) -> set[str]:
    """Write PLOVER's mode after the type, as its codes have it."""
    for key in MODES:
        if key in plain:
            mode = plain[key][1]
            mode = mode[0] if isinstance(mode, list) and mode else mode
            action = fields.get("action")
            if isinstance(mode, str) and mode.strip() and isinstance(action, str) and ":" not in action:
                fields["action"] = f"{action.strip()}:{mode.strip()}"
            return {key}
    return set()


def _add_offsets(plain: Mapping[str, tuple[str, Any]], fields: dict[str, Any]) -> set[str]:
    """Put offsets that are beside the words of a passage, as trigger_start and trigger_end, to these words."""
    used: set[str] = set()
    for field in ("trigger", "evidence"):
        start, end = f"{field}start", f"{field}end"
        if start in plain and end in plain:
            used |= {start, end}
            offsets = {"start": plain[start][1], "end": plain[end][1]}
            words = fields.get(field)
            if None not in offsets.values() and (words is None or isinstance(words, str)):
                fields[field] = {**offsets, "quote": words}
    return used


def part_of(value: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    """Return the first of several fields that an object has; None if it has none."""
    plain = {key_of(key): each for key, each in value.items()}
    return next((plain[name] for name in names if plain.get(name) is not None), None)


def records_in(value: Any, common: Mapping[str, Any] | None = None, depth: int = 0) -> Iterator[Any]:
    """Yield the records in a value: itself, or those that lists and objects in it hold, however deep.

    What an object states of all its records, such as the document, is added to each that does not state it. If an object holds
    nothing but lists of objects, its keys are documents.
    """
    common = dict(common or {})
    if isinstance(value, list) and depth < _DEEPEST:
        for item in value:
            yield from records_in(item, common, depth + 1)
        return
    if not isinstance(value, Mapping):
        yield value
        return
    inside = _containers(value) if depth < _DEEPEST else {}
    if not inside:
        yield {**common, **value} if common else value
        return
    more = {**common, **_stated_of_all(value, common)}
    by_document = len(inside) == len(value) and all(key_of(key) not in _LISTS for key in inside)
    for key, each in inside.items():
        named = {"document": key} if by_document and not _states_document(more) else {}
        yield from records_in(each, {**more, **named}, depth + 1)


_LISTS = {
    "events", "predictions", "records", "results", "event", "annotations", "output", "outputs", "data", "items", "answers", "answer",
    "responses", "response", "extractions", "codedevents", "documents", "docs", "articles", "result",
}  # fmt: skip
"""Names of what holds records, and never a document."""


def _states_document(fields: Mapping[str, Any]) -> bool:
    return any(_FIELD_OF.get(key_of(key)) == "document" for key in fields)


def _stated_of_all(value: Mapping[str, Any], common: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an object states of all records in it. If it names no document, its id is that of the document."""
    found = {
        key: each
        for key, each in value.items()
        if _FIELD_OF.get(key_of(key)) in ("document", "status", "confidence")
        and isinstance(each, str | int | float)
    }
    own_id = next((each for key, each in value.items() if key_of(key) == "id"), None)
    if isinstance(own_id, str) and not _states_document({**common, **found}):
        found["document"] = own_id
    return found


def _containers(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts of an object that hold records; none if it is a record itself."""
    named = {
        key: each for key, each in value.items() if key_of(key) in _LISTS and isinstance(each, list | Mapping)
    }
    if named:
        return named
    if any(key_of(key) in _IS_RECORD and not _holds(each) for key, each in value.items()):
        return {}
    return {key: each for key, each in value.items() if key_of(key) not in _NOT_CONTAINERS and _holds(each)}


def _holds(value: Any) -> bool:
    """Whether a value is an object with records, or a list of objects."""
    if isinstance(value, Mapping):
        return any(key_of(key) in _IS_RECORD for key in value) or any(
            isinstance(each, list) and _holds(each) for each in value.values()
        )
    return isinstance(value, list) and all(isinstance(item, Mapping) for item in value)
