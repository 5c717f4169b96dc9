"""The canonical form of an annotation file or a registry: one way to write each value, comments kept.

The rules, which `standoff fmt` applies:

* The first line names the schema, for editors. Then the keys, in the order of the schema; unknown keys last.
* Events and negatives are in the order of their numbers, actors and places in the order of their ids.
* Words of a closed list and the values of `BARE` keys have no quotes; all other text is in double quotes,
  on one line however long, so that a quote can be searched for and a diff shows it whole.
* The document, records and affiliations have a line for each key. What is inside them is on one line in
  brackets if that line has at most `WIDTH` characters and no comment inside, else one entry to a line.
* Two spaces of indent, LF, a final newline, no blank lines.
* A comment on a line of its own stays above the key or entry it stood above, another stays beside its own.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from functools import cache, reduce
from pathlib import Path as FilePath
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from standoff import schema
from standoff.findings import Unreadable
from standoff.lazy import LazyModule
from standoff.model import ids
from standoff.model.classes import dataclass, field
from standoff.model.patterns import pattern
from standoff.source import raw_text, strict_yaml

if TYPE_CHECKING:
    import yaml
else:
    yaml = LazyModule("yaml")

WIDTH = 120
"""Longest line that a list or mapping in brackets may make."""

BARE = frozenset(
    ("id", "file", "language", "parent", "incident", "event", "wikidata", "place", "actor", "target")
)
"""Keys whose values are ids, names of files and tags, and stand without quotes. `actor` and `target` are ids in `would_be`."""

BLOCK = frozenset({"document", "events", "negatives", "actors", "affiliations", "places"})
"""Keys whose values, and the entries of these, have a line for each key."""

RECORDS = frozenset({"events", "negatives", "actors", "places"})
"""Keys whose entries stand in the order of their ids."""

_MODELINE = pattern(r"#\s*yaml-language-server:")
_LEADING_COMMENT = pattern(r"#[^\r\n]*")
_SAFE = pattern(r"[A-Za-z0-9][A-Za-z0-9_.-]*\Z")
_WORD_WITH_HYPHEN = pattern(r"[A-Za-z][A-Za-z0-9_.]*-[A-Za-z0-9_.-]*\Z")
"""Ids such as ``d001-e02``: no reader takes them for a number, a date or a truth value."""
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"})


@dataclass(slots=True)
class Entry:
    """A key with its value (key None: an entry of a list, or the whole file), and the comments that belong to it.

    `value` is the entries of a mapping or list, or a scalar: text, or what stands raw (a number, true, null).
    `start` and `end` are offsets; `end` is -1 where the value has no bracket or quote to close it.
    """

    key: str | None
    kind: str  # "mapping", "list", "text" or "raw"
    value: Any
    start: int = 0
    end: int = -1
    depth: int = 0
    above: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)

    def walk(self) -> Iterator[Entry]:
        """Yield this entry and all inside it, in the order of the text."""
        yield self
        if self.kind in ("mapping", "list"):
            for child in self.value:
                yield from child.walk()

    def child(self, key: str) -> Entry | None:
        """Return the entry of a mapping that has this key."""
        return next((c for c in self.value if c.key == key), None) if self.kind == "mapping" else None


def canonical(text: str, kind: str, schema_path: str | None = None, *, sound: bool = False) -> str:
    """Return `text` in canonical form. `kind` names its schema: annotation, annotation-1, actors or places.

    `schema_path` is the path for the first line; without it the first line stays as it is. `sound` says that the text was
    read as strict YAML and has no fault. Raises Unreadable.
    """
    return _write(_parse(text, sound=sound), text, kind, schema_path)


def edited(text: str, kind: str, edit: Callable[[Entry], None], schema_path: str | None = None) -> str:
    """Return `text` in canonical form after `edit` has changed its entries. Raises Unreadable."""
    root = _parse(text)
    edit(root)
    return _write(root, None, kind, schema_path)


def append(text: str, kind: str, key: str, record: dict[str, Any], schema_path: str | None = None) -> str:
    """Return `text` in canonical form with `record` added to the list `key`. Raises Unreadable."""
    root = _parse(text)
    entry = root.child(key)
    if entry is None or entry.kind != "list":
        entry = Entry(key, "list", [])
        root.value = [child for child in root.value if child.key != key] + [entry]
    entry.value.append(make_entry(None, record))
    return _write(root, None, kind, schema_path)


def dump(value: dict[str, Any], kind: str, schema_path: str | None = None) -> str:
    """Return a new file in canonical form that holds `value`."""
    modeline = [] if schema_path is None else [f"# yaml-language-server: $schema={schema_path}"]
    lines = _plain_block(value, _form(kind), "", None) if value else ["{}"]
    return "\n".join([*modeline, *lines]) + "\n"


def schema_path_for(file: FilePath, kind: str) -> str | None:
    """Return the path from `file` to its schema in a `schema/` folder above it; None where there is none."""
    for steps, folder in enumerate(file.resolve().parents):
        if (folder / "schema" / f"{kind}.schema.json").is_file():
            return str(PurePosixPath(*[".."] * steps, "schema", f"{kind}.schema.json"))
    return None


def quoted(text: str) -> str:
    """Return `text` as a YAML value in double quotes, with an escape for what may not stand raw."""
    escaped = text.translate(_ESCAPES)
    printable = escaped.isascii() and escaped.isprintable()
    if not printable and raw_text.hidden_characters(escaped):
        escaped = "".join(map(_escape, escaped))
    return f'"{escaped}"'


def _escape(char: str) -> str:
    return f"\\u{ord(char):04X}" if raw_text.hidden_characters(char) else char


# ---- from text -----------------------------------------------------------------------------------------------


def _parse(text: str, *, sound: bool = False) -> Entry:
    faults = [] if sound else strict_yaml.read(text).faults
    if faults:
        raise Unreadable(faults)
    events: Iterator[Any] = iter(yaml.parse(text, Loader=getattr(yaml, "CLoader", yaml.Loader)))
    scalars: list[tuple[int, int]] = []

    def build(key: str | None, event: Any, start: int, depth: int) -> Entry:
        begin, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, yaml.ScalarEvent):
            block = event.style in ("|", ">")
            if block:  # a comment may follow the | or > on its line
                begin += len(text[begin:end].splitlines()[0])
            scalars.append((begin, end))
            kind = "raw" if not event.style and strict_yaml.is_typed(event.value) else "text"
            value = event.value if kind == "text" else event.value or "null"
            return Entry(key, kind, value, start, -1 if block else end, depth)
        children: list[Entry] = []
        inner: Any
        while not isinstance(inner := next(events), (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            name, at = None, inner.start_mark.index
            if isinstance(event, yaml.MappingStartEvent):
                scalars.append((at, inner.end_mark.index))
                name, inner = inner.value, next(events)
            children.append(build(name, inner, at, depth + 1))
        closing: Any = inner
        kind = "mapping" if isinstance(event, yaml.MappingStartEvent) else "list"
        return Entry(key, kind, children, start, closing.end_mark.index if event.flow_style else -1, depth)

    root = Entry(None, "raw", "null")
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            first = next(events)
            root = build(None, first, first.start_mark.index, 0)
    _attach_comments(text, root, scalars)
    return root


def _attach_comments(text: str, root: Entry, scalars: list[tuple[int, int]]) -> None:
    """Give each comment to the entry it belongs to; what follows the last entry belongs to the root, beside it."""
    head = _LEADING_COMMENT.match(text)
    if "#" not in text[head.end() if head else 0 :]:
        root.above += [head[0].rstrip()] if head else []
        return
    pieces, at = [], 0
    for start, end in sorted(scalars):
        # What remains of the text is brackets, dashes, colons, white space and comments.
        pieces += [text[at:start], re.sub(r"[^\r\n]", "x", text[start:end])]
        at = end
    masked = "".join([*pieces, text[at:]])
    entries = list(root.walk())
    starts = [entry.start for entry in entries]
    ends = sorted((entry.end, i) for i, entry in enumerate(entries) if entry.end >= 0)
    offset = 0
    for line in re.split(r"(?<=\n)|(?<=\r)(?!\n)", masked):
        mark = line.find("#")
        if mark >= 0:
            here = offset + mark
            comment = text[here : offset + len(line)].rstrip()
            before = line[:mark].strip()
            closed = [
                entries[i] for _, i in ends[bisect_left(ends, (offset,)) : bisect_left(ends, (here + 1,))]
            ]
            following = bisect_right(starts, here)
            if closed:
                min(closed, key=lambda e: (e.depth, -e.start)).beside.append(comment)
            elif before and before[-1] not in "-[{" and following:
                entries[following - 1].beside.append(comment)
            elif following < len(entries):
                entries[following].above.append(comment)
            else:
                root.beside.append(comment)
        offset += len(line)


def make_entry(key: str | None, value: Any) -> Entry:
    if isinstance(value, dict):
        return Entry(key, "mapping", [make_entry(k, v) for k, v in value.items()])
    if isinstance(value, list):
        return Entry(key, "list", [make_entry(None, v) for v in value])
    if isinstance(value, str):
        return Entry(key, "text", value)
    return Entry(key, "raw", json.dumps(value))


# ---- to text -------------------------------------------------------------------------------------------------


def _write(root: Entry, original: str | None, kind: str, schema_path: str | None) -> str:
    """Write the whole file; where it was read from `original`, both must read the same."""
    modeline = next((comment for comment in root.above if _MODELINE.match(comment)), None)
    if schema_path is not None:
        modeline = f"# yaml-language-server: $schema={schema_path}"
    _order(root, _form(kind))
    above = [comment for comment in root.above if not _MODELINE.match(comment)]
    body = _block(root, "") if root.kind in ("mapping", "list") and root.value else [_in_one_line(root)]
    lines = [*([modeline] if modeline else []), *above, *body, *root.beside]
    result = "\n".join(lines) + "\n"
    if original is not None and result != original:
        read, meant = strict_yaml.read(result).value, strict_yaml.read(original).value
        if _by_id(read) != _by_id(meant):
            raise AssertionError("the canonical form would change a value")
    return result


class _Form:
    """What a schema says of a value: whether it is of a closed list, the order of its keys, and the forms inside."""

    def __init__(self, node: dict[str, Any], root: dict[str, Any]) -> None:
        while "$ref" in node:
            node = reduce(lambda inner, part: inner[part], node["$ref"].removeprefix("#/").split("/"), root)
        self._node, self._root = node, root
        self._inside: dict[str | None, _Form] = {}
        self.closed = "enum" in node
        self.place = {key: i for i, key in enumerate(node.get("properties", {}))}

    def of(self, key: str | None) -> _Form:
        """Return the form of the value of a key; None: of an entry of the list."""
        if key not in self._inside:
            if key is not None and key not in self.place:
                return _ANYTHING
            node = self._node.get("items", {}) if key is None else self._node["properties"][key]
            self._inside[key] = _Form(node, self._root)
        return self._inside[key]


_ANYTHING = _Form({}, {})


@cache
def _form(kind: str) -> _Form:
    return _Form(schema.json_schema(kind), schema.json_schema(kind))


def _order(entry: Entry, form: _Form) -> None:
    """Put keys into the order of their schema, records into that of their ids, and bare words out of quotes."""
    if entry.kind == "text":
        if (form.closed or entry.key in BARE) and _is_safe(entry.value):
            entry.kind = "raw"
    elif entry.kind == "list":
        if entry.key in RECORDS:
            entry.value.sort(key=lambda record: _id_key(_id_of(record)))
        inner = form.of(None)
        for child in entry.value:
            _order(child, inner)
    elif entry.kind == "mapping":
        place, last = form.place, len(form.place)
        entry.value.sort(key=lambda child: place.get(child.key, last))
        for child in entry.value:
            _order(child, form.of(child.key))
    if entry.key is None and entry.kind in ("list", "mapping") and entry.value:
        # A record begins on the line of its first key: what stands above the one stands above the other.
        first = entry.value[0]
        stays = 0 if first.key is None and first.kind in ("list", "mapping") else 1
        entry.above += [*first.above, *first.beside[stays:]]
        first.above, first.beside = [], first.beside[:stays]


def _is_safe(text: str) -> bool:
    """Whether every reader takes `text` without quotes for this text."""
    return _WORD_WITH_HYPHEN.match(text) is not None or _reads_as_text(text)


@cache
def _reads_as_text(text: str) -> bool:
    return _SAFE.match(text) is not None and strict_yaml.word(text) == text


def _id_of(record: Entry) -> str | None:
    keys = record.value if record.kind == "mapping" else []
    return next((key.value for key in keys if key.key == "id" and key.kind == "text"), None)


def _id_key(name: Any) -> tuple[bool, int, str]:
    """Records of documents sort by number, actors by name; what has no id comes last."""
    if not isinstance(name, str):
        return (True, 0, "")
    if ids.is_event_id(name) or ids.is_negative_id(name):
        return (False, ids.number_of(name), "")
    return (False, 0, name)


def _by_id(value: Any) -> Any:
    """The value of a file with its records in the order of their ids."""
    if not isinstance(value, dict):
        return value

    def key(record: Any) -> tuple[bool, int, str]:
        return _id_key(record.get("id") if isinstance(record, dict) else None)

    return {
        name: sorted(item, key=key) if name in RECORDS and isinstance(item, list) else item
        for name, item in value.items()
    }


def _block(entry: Entry, indent: str) -> list[str]:
    """The lines of a mapping or list with one entry to a line."""
    lines: list[str] = []
    for child in entry.value:
        lines += [indent + comment for comment in (*child.above, *child.beside[1:])]
        beside = f"  {child.beside[0]}" if child.beside else ""
        head = indent + ("-" if child.key is None else f"{_key(child.key)}:")
        nested = child.kind in ("mapping", "list") and bool(child.value)
        spread = child.key in BLOCK or (child.key is None and entry.key in BLOCK)
        spread = nested and (spread or _holds_comments(child))
        one_line = "" if spread else f"{head} {_in_one_line(child)}"
        if not spread and not (nested and len(one_line) > WIDTH):
            lines.append(one_line + beside)
        elif child.key is not None:
            lines += [head + beside, *_block(child, indent + "  ")]
        else:  # the first line of a record stands behind its dash, what is said above it above the dash
            lines += [indent + comment for comment in child.beside[:1]]
            first, *rest = _block(child, indent + "  ")
            lines += [f"{head} {first.lstrip()}", *rest]
    return lines


def _plain_block(value: Any, form: _Form, indent: str, key: str | None) -> list[str]:
    """Return the lines of a mapping or list with one entry to a line, as `_block` does, of a value without comments."""
    lines: list[str] = []
    for name, inner, of in _plain_entries(value, form, key):
        head = f"{indent}-" if name is None else f"{indent}{_key(name)}:"
        nested = isinstance(inner, dict | list) and bool(inner)
        spread = nested and (name in BLOCK or (name is None and key in BLOCK))
        if not spread:
            line = f"{head} {_plain_line(inner, of, name)}"
            if not (nested and len(line) > WIDTH):
                lines.append(line)
                continue
        block = _plain_block(inner, of, f"{indent}  ", name)
        if name is None:
            lines.append(f"{head} {block[0].lstrip()}")
            lines += block[1:]
        else:
            lines.append(head)
            lines += block
    return lines


def _plain_entries(value: Any, form: _Form, key: str | None) -> list[tuple[str | None, Any, _Form]]:
    """Return the keys, values and forms of what is in a mapping or list, in canonical order."""
    if isinstance(value, dict):
        place, last = form.place, len(form.place)
        names = sorted(value, key=lambda name: place.get(name, last))
        return [(name, value[name], form.of(name)) for name in names]
    inner = form.of(None)
    if key in RECORDS:
        value = sorted(
            value, key=lambda record: _id_key(record.get("id") if isinstance(record, dict) else None)
        )
    return [(None, each, inner) for each in value]


def _plain_line(value: Any, form: _Form, key: str | None) -> str:
    if isinstance(value, str):
        return value if (form.closed or key in BARE) and _is_safe(value) else quoted(value)
    if isinstance(value, list):
        inner = form.of(None)
        return f"[{', '.join([_plain_line(each, inner, None) for each in value])}]"
    if isinstance(value, dict):
        entries = _plain_entries(value, form, key)
        return (
            f"{{{', '.join([f'{_key(name)}: {_plain_line(each, of, name)}' for name, each, of in entries])}}}"
        )
    return json.dumps(value)


def _holds_comments(entry: Entry) -> bool:
    return any(inner.above or inner.beside for inner in entry.walk() if inner is not entry)


def _in_one_line(entry: Entry) -> str:
    if entry.kind == "text":
        return quoted(entry.value)
    if entry.kind == "raw":
        return str(entry.value)
    if entry.kind == "list":
        return "[" + ", ".join(map(_in_one_line, entry.value)) + "]"
    return "{" + ", ".join(f"{_key(child.key)}: {_in_one_line(child)}" for child in entry.value) + "}"


@cache
def _key(key: str | None) -> str:
    return key if key is not None and _is_safe(key) else quoted(key or "")
