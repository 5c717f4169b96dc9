"""Rules about one file as it was read: encoding, YAML, and its form by the JSON Schema."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any

from standoff.findings import Data, shortened
from standoff.model import ids
from standoff.model.places import NOWHERE, Fix, Path
from standoff.rules.rule import FILE, Fault, Rule, make_rule, rule
from standoff.source.corpus import AnnotationFile
from standoff.source.files import SourceFile
from standoff.source.form import MORE, Violation
from standoff.source.raw_text import conflict_marks
from standoff.source.records import NEWEST_EDITION
from standoff.source.strict_yaml import MAX_FAULTS

# ---- reading -------------------------------------------------------------------------------------------------


def _read_faults(file: SourceFile, code: str) -> Iterator[Fault]:
    for fault in file.faults:
        if fault.rule == code:
            yield Fault(fault.place, fault.message, fault.remedy, fix=fault.fix)


def _reading_rule(code: str, text: str) -> Rule:
    def check(file: SourceFile) -> Iterator[Fault]:
        yield from _read_faults(file, code)

    return make_rule(code, FILE, text, check)


READING = tuple(
    _reading_rule(code, text)
    for code, text in {
        "file-unreadable": """The file cannot be opened.

        Restore it, correct the path, or give yourself permission to read it.
        """,
        "file-too-large": """The file is larger than an annotation file can be.

        An annotation file describes one document. Look for what does not belong in it, or split it.
        """,
        "not-utf8": """The file holds bytes that are not UTF-8.

        Save it as UTF-8. Most editors offer this as "Save with Encoding".
        """,
        "control-character": """The file has a control character, or a line break that some tools ignore.

        Delete it. If the document itself has the character, write it as an escape in double quotes, such as
        "\\u2028".
        """,
        "bidi-control": """The file has a bidirectional control character, which can make a text look different from what it says.

        Delete it. If the document itself has the character, write it as an escape in double quotes, such as
        "\\u200F".
        """,
        "yaml-syntax": """The file is not YAML.

        Usually the indentation is off, or a text that holds ": ", " #" or a quote lacks its own double quotes.
        """,
        "toml-syntax": """The file is not TOML.

        Put texts in double quotes. Tables start with [name] or [[name]].
        """,
        "csv-columns": """The CSV file does not have the columns it should have.

        Write the header exactly as the message says, in that order.
        """,
        "csv-row": """A row of a CSV file has too many or too few cells, or its double quotes are wrong.

        Put a cell with a comma in double quotes. An empty cell keeps its comma.
        """,
        "forbidden-yaml": """The file uses a part of YAML that is not allowed here: anchors, aliases, tags, merges, several documents.

        Write every value out. Annotations are read by people and by tools that know plain YAML only.
        """,
        "too-deep": """Values are nested more deeply than any schema allows.

        Look for a bracket or an indent that does not belong there.
        """,
        "curly-quotes": """A value is in curly quotes. YAML reads them as part of the text, not as quotes.

        Write straight double quotes around it. Word processors make them curly; a plain text editor does
        not. If the document itself has curly quotes, put straight ones around them: "“Enough,” she said".
        """,
    }.items()
)
"""Rules that report what the reader found, by the code that it gave each fault."""


@rule(FILE)
def conflict_mark(file: SourceFile) -> Iterator[Fault]:
    """The file, or the text of its document, has the marks that git leaves in an unfinished merge.

    Keep the lines of one version, and delete the lines that begin with <<<<<<<, |||||||, ======= or >>>>>>>. Restore a
    document as it was received.
    """
    yield from _read_faults(file, "conflict-mark")
    if isinstance(file, AnnotationFile) and file.seed is not None and file.annotator is None:
        for fault in conflict_marks(file.seed.text or "", underlines=True):
            message = f"{file.seed.shown}, line {fault.place.line}: {fault.message}"
            yield Fault(("document", "file"), message, "restore the text file as it was received")


@rule(FILE)
def ambiguous_scalar(file: SourceFile) -> Iterator[Fault]:
    """A value without quotes is read differently by different tools.

    Put it in double quotes. The code 010 is the number 8 to one reader, 10 to another and a text to a
    third; NO is a country or "false"; 2023-05-01 is a text or a date.
    """
    # What is wrong however it is read is told by the rules about form.
    wrong = {file.places.of(violation.path) for violation in file.violations}
    yield from (fault for fault in _read_faults(file, "ambiguous-scalar") if fault.at not in wrong)


@rule(FILE)
def duplicate_key(file: SourceFile) -> Iterator[Fault]:
    """A key occurs twice in one record.

    Keep one of the two. Many YAML tools would silently keep the last. If all keys of a record are repeated,
    the dash before its first key is missing: write "- " before it.
    """
    repeated = [fault for fault in file.faults if fault.rule == "duplicate-key"]
    while repeated:
        first, *others = repeated
        run = [first]
        for fault in others:
            # Keys of one record that lost its dash: at one indent, on lines that follow each other.
            if fault.place.column != first.place.column or fault.place.line > run[-1].place.line + DENSE:
                break
            run.append(fault)
        if len(run) >= RECORD_KEYS:
            key = file.lines[first.place.line - 1].strip()
            yield Fault(
                first.place,
                f'a dash is missing: "{shortened(key, 40)}" and {len(run) - 1} keys below it repeat those of the '
                "record above",
                'write "- " before it, two columns to the left, so that a new record begins there',
            )
        else:
            yield from (Fault(each.place, each.message, each.remedy, fix=each.fix) for each in run)
        repeated = repeated[len(run) :]


RECORD_KEYS = 3
"""So many repeated keys in a row are a record that lost its dash."""
DENSE = 12
"""The most lines between two repeated keys of such a record, since values may span several lines."""


READ = (
    "file-unreadable",
    "file-too-large",
    "not-utf8",
    "control-character",
    "bidi-control",
    "conflict-mark",
    "yaml-syntax",
    "toml-syntax",
    "too-deep",
    "too-many-faults",
    "duplicate-key",
    "forbidden-yaml",
)
"""The rules that together say whether all records of a file could be read."""


@rule(FILE, severity="note")
def too_many_faults(file: SourceFile) -> Iterator[Fault]:
    """A file has so many faults that only the first are listed.

    Fix those and check again. So many faults at once often have one cause, such as a wrong indent.
    """
    cut_short = isinstance(file, AnnotationFile) and file.cut_short
    if (
        cut_short
        or len(file.faults) >= MAX_FAULTS
        or (any(_of(file, MORE)) and not misplaced_negatives(file))
    ):
        yield Fault(NOWHERE, "the file has more faults than are listed", "fix these, then check again")


# ---- form ----------------------------------------------------------------------------------------------------


def _of(file: SourceFile, *keywords: str) -> Iterator[Violation]:
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
    for path in misplaced_negatives(file)[:1]:
        yield Fault(
            path,
            'the key "negatives" is missing above this record, which is among the events',
            "write the line negatives: above it",
            data=Data(expected=["negatives"]),
        )
    for violation in _of(file, "required"):
        if file.kind == "annotation" and _is_old_negative(file.value, violation.path):
            continue  # `quote` is reported instead
        where = "" if not violation.path else f" in {path_name(violation.path)}"
        yield Fault(
            violation.path,
            f'the key "{violation.key}" is missing{where}',
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


@rule(FILE, requires=("forbidden-yaml",))
def unknown_key(file: SourceFile) -> Iterator[Fault]:
    """A record has a key that is not allowed there.

    Correct its spelling, or delete it with its value. Remarks belong in `note`.
    """
    for violation in () if _is_other_file(file) else _of(file, "additionalProperties"):
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
    for violation in _of(file, "type"):
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
    for violation in _of(file, "enum", "const", "not"):
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
    for violation in _of(file, "pattern", "minLength", "maxLength"):
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
    for violation in _of(file, "minimum", "maximum", "minItems", "maxItems", "uniqueItems"):
        name, wanted = path_name(violation.path), violation.wanted
        message, remedy = {
            "minimum": (
                f"{name} is {show_value(violation.found)}; expected at least {wanted}",
                f"write {wanted} or more",
            ),
            "maximum": (
                f"{name} is {show_value(violation.found)}; expected at most {wanted}",
                f"write {wanted} or less",
            ),
            "minItems": (f"{name} is an empty list", "add an entry" + _or_delete(violation)),
            "maxItems": (f"{name} has too many entries", f"keep {wanted}"),
            "uniqueItems": (f"{name} holds the same entry twice", "delete one of them"),
        }[violation.keyword]
        yield Fault(violation.path, message, remedy)


FORM = ("missing-key", "unknown-key", "wrong-type", "unknown-value", "malformed-value", "value-out-of-range")
"""The rules that together say what the JSON Schema says."""
