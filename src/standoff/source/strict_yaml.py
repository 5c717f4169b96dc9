"""Strict YAML: text into plain values, with the line and column of each.

Accepted is what every YAML 1.2 reader and every JSON tool would read alike: mappings with text keys,
sequences, text, JSON numbers, ``true``, ``false`` and ``null``. One habit is let through that YAML 1.2 does not allow
and nearly every reader takes: a closing bracket that begins a line may be in the column of its key. Anchors, aliases, tags, merge keys,
directives, several documents, duplicate keys and scalars that some reader would type otherwise
(``010``, ``NO``, ``2023-05-01`` without quotes) are faults with a place and a remedy, never a guess.

PyYAML's event stream (libyaml) gives structure and places; its loaders, which would turn ``010`` into 8
and drop the places, are not used.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from standoff.findings import shortened
from standoff.lazy import LazyModule
from standoff.model.classes import dataclass, field
from standoff.model.patterns import pattern
from standoff.model.places import NOWHERE, Fix, Path, Place
from standoff.source.raw_text import ReadFault, raw_faults
from standoff.source.syntax import NEXT_ENTRY, NO_BREAK, syntax_fault

if TYPE_CHECKING:
    import yaml
else:  # most files are in the plain form, which is read without it
    yaml = LazyModule("yaml")

MAX_DEPTH = 12
"""Deepest nesting read; the schemas need seven."""

MAX_FAULTS = 100
"""After so many faults reading stops: a person does not fix more at once, and a hostile file has a million."""


@dataclass(slots=True)
class Places:
    """Places of the values and keys of one file, by path."""

    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)

    def of(self, path: Path, *, key: bool = False) -> Place:
        """Return the place of the value (or key) at `path`, or of the nearest container that exists."""
        if key and path in self.keys:
            return self.keys[path]
        while path not in self.values and path:
            path = path[:-1]
        return self.values.get(path, NOWHERE)


@dataclass(slots=True)
class Reading:
    """What reading gave: the plain value (None where nothing could be read), and the faults."""

    value: Any
    faults: list[ReadFault]


_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?\Z")
_JSON_WORDS = {"true": True, "false": False, "null": None}

# Plain scalars that YAML 1.1 or the YAML 1.2 core schema types as something else than text, JSON literals
# apart (YAML 1.1 type repository: bool, int, float, null, timestamp, value, merge; YAML 1.2.2 section 10.3).
_AMBIGUOUS = re.compile(
    r"""(?: y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF|True|TRUE|False|FALSE
        | ~|Null|NULL|=|<<
        | [-+]?0b[01_]+ | [-+]?0o?[0-7_]+ | [-+]?0x[0-9a-fA-F_]+ | [-+]?[0-9][0-9_]*
        | [-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?
        | [-+]?(?:[0-9][0-9_]*)?\.[0-9_]*(?:[eE][-+]?[0-9]+)? | [-+]?[0-9][0-9_]*[eE][-+]?[0-9]+
        | [-+]?\.(?:inf|Inf|INF) | \.(?:nan|NaN|NAN)
        | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt\ ].*)?
    )\Z""",
    re.VERBOSE,
)
# … and those of them that may stand for a truth value or for nothing, or be meant as text: only a person can tell.
_WORDS = (
    dict.fromkeys(("y", "yes", "on", "true"), "true")
    | dict.fromkeys(("n", "no", "off", "false"), "false")
    | dict.fromkeys(("~", "null"), "null")
)
# A word processor's quotes around a whole value: whoever wrote them meant YAML's.
_CURLY = pattern(r"""[“„‟‘‚][^“”„‟"\\]*[“”‟‘’]\Z""")
_BARE_COMMENT = pattern(r"(?<=\S)#")
_CUT = pattern(r" +(#[^\s#!-].*)")
_COMMENT = pattern(r"([^#\n]*)#.*")  # with what stands before it in its line
_DUPLICATE = 1  # stands in the path of a value that is read and dropped
_MAX_DIGITS = 15  # integers beyond 2**53 are not the same number to every JSON tool


def read(text: str) -> Reading:
    """Read one YAML document strictly.

    Returns the value with the faults found. The value is None after a syntax error, and if the text has hidden
    characters, git's conflict marks or too many faults. Never raises on bad data.
    """
    if unreadable := raw_faults(text):
        return Reading(None, unreadable)
    builder = _Builder(text, None)
    return Reading(builder.build(), builder.faults)


def places(text: str) -> Places:
    """Return the places of all keys and values of `text`; partial where the text is not well formed."""
    result = Places()
    _Builder(text, result).build()
    return result


def is_typed(plain: str) -> bool:
    """Whether a sound scalar without quotes is a number, true, false or null, and not text."""
    return plain == "" or plain in _JSON_WORDS or _JSON_NUMBER.match(plain) is not None


def word(plain: str) -> Any:
    """Return the value of a word without quotes: text, a number, True or False; None if readers differ on it.

    The word begins with a letter or digit and has only letters, digits, ``_``, ``.`` and ``-``.
    """
    if plain in _JSON_WORDS:
        return _JSON_WORDS[plain]
    if _JSON_NUMBER.match(plain):
        return _number(plain)
    return None if _AMBIGUOUS.match(plain) else plain


def _number(text: str) -> int | float | None:
    """Return the number that a JSON number states; None if not every JSON tool keeps it."""
    if sum(c.isdigit() for c in text) > _MAX_DIGITS:
        return None
    number = float(text) if any(c in ".eE" for c in text) else int(text)
    return None if number in (float("inf"), float("-inf")) else number


class _Stop(Exception):
    """Ends a reading that cannot go on; the fault is already noted."""


class _Builder:
    """Builds plain values out of libyaml's events, noting places when asked to."""

    def __init__(self, text: str, places: Places | None) -> None:
        self.next: Callable[[], Any] = getattr(yaml, "CLoader", yaml.Loader)(text).get_event
        self.text = text
        self.path: list[str | int] = []  # where the builder is
        self.places = places
        self.faults: list[ReadFault] = []
        self.plain_keys: set[str] = set()  # keys seen that no reader takes for anything but text
        self.indent = -1  # column of the block collection that the builder is in
        self.brackets = 0  # how many brackets it is inside
        self.done = 0  # where the last value inside brackets, or their start, ends
        self.suspect = _BARE_COMMENT.search(text) is not None
        self.cuts = _CUT.search(text) is not None

    def build(self) -> Any:
        try:
            return self._document()
        except _Stop:
            return None
        except yaml.MarkedYAMLError as error:
            self.faults.append(syntax_fault(error, self.text))
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            self.faults.append(ReadFault("yaml-syntax", NOWHERE, f"this is not YAML: {error}"))
        return None

    def _document(self) -> Any:
        value: Any = None
        documents = 0
        while (event := self.next()) is not None:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if event.version or event.tags:
                    self._forbid(event, "a YAML directive", "delete the line that starts with %")
                if documents > 1:
                    self._forbid(event, "a second YAML document", "keep one document in a file")
                    raise _Stop
                value = self._node(self.next())
        if documents == 0:
            self.faults.append(ReadFault("yaml-syntax", NOWHERE, "the file is empty"))
        return value

    def _node(self, event: Any) -> Any:
        """Build the value that begins with `event`; its place is noted under the path that leads to it."""
        kind = type(event)
        if self.brackets:
            self._between(event)
        if kind is yaml.AliasEvent:
            self._forbid(event, f"the alias *{event.anchor}", "write the value out")
            return None
        if event.anchor is not None:
            self._forbid(event, f"the anchor &{event.anchor}", "delete it, and write repeated values out")
        if event.tag is not None:
            self._forbid(event, f"the tag {event.tag}", "delete it")
        if kind is yaml.ScalarEvent:
            if self.places is not None:
                self.places.values[tuple(self.path)] = _place(event)
            self._quoted(event)
            if self.cuts and not event.style and " " in event.value:
                self._cut(event)
            return self._scalar(event)
        if len(self.path) >= MAX_DEPTH:
            self.faults.append(
                ReadFault(
                    "too-deep",
                    _place(event),
                    f"values are nested more than {MAX_DEPTH} levels deep",
                    "the schemas need seven levels: look for a bracket or an indent that does not belong here",
                )
            )
            raise _Stop
        indent = self.indent
        if event.flow_style:
            self.done = event.end_mark.index
            self.brackets += 1
        else:
            self.indent = event.start_mark.column
        value = self._sequence(event) if kind is yaml.SequenceStartEvent else self._mapping(event)
        self.indent = indent
        self.brackets -= bool(event.flow_style)
        return value

    def _quoted(self, event: Any) -> None:
        """Check the form of a quoted or block scalar."""
        style = event.style
        if style and (self.suspect or style in "|>" or event.start_mark.line != event.end_mark.line):
            self._form(event, event)

    def _form(self, start: Any, end: Any) -> None:
        """Report what libyaml accepts in a quoted, block or bracketed value although YAML 1.2 does not allow it.

        YAML 1.2.2, section 6.6 (a comment has a blank before it); sections 6.3, 7.3 and 7.4 (lines are indented).
        """
        first, last = start.start_mark, end.end_mark
        if start is end and start.style in ("|", ">"):
            if first.column <= self.indent:
                place = Place(first.line + 1, first.column + 1, first.line + 1, first.column + 2)
                message = f"the {start.style} of a block text is not indented more than its key"
                self._fault(ReadFault("yaml-syntax", place, message, "write it on the line of the key"))
            self._comments(first.index, first.index + len(self.text[first.index :].partition("\n")[0]))
            return
        self._comments(last.index - 1, last.index + 1)
        lines = self.text[first.index : last.index].split("\n")
        for number, line in enumerate(lines[1:], start=first.line + 2):
            written = line.strip(" \r")
            blanks = len(line) - len(line.lstrip(" "))
            if blanks > self.indent or not written or any(f.place.line == number for f in self.faults):
                continue
            if start is not end and (written[0] == "#" or not written.strip("]}, ")):
                continue  # comments and closing brackets may be further to the left
            if NEXT_ENTRY.match(written):  # the value was meant to end before this line
                place = Place(first.line + 1, first.column + 1, first.line + 1, first.column + 2)
                sign = self.text[first.index]
                message, remedy = (
                    f"the {sign} that begins here is not closed before line {number}",
                    "close it",
                )
                self._fault(ReadFault("yaml-syntax", place, message, remedy))
                raise _Stop
            self._fault(
                ReadFault(
                    "yaml-syntax",
                    Place(number, blanks + 1, number, blanks + 2),
                    "this line continues the value above it, but is not indented more than its key",
                    f"begin it with {self.indent + 1} or more blanks, or close the quote or bracket above it",
                )
            )
            return

    def _cut(self, event: Any) -> None:
        """Report a text without quotes that a # ends, as in `Resolution #12`: what follows would be lost."""
        if match := _CUT.match(self.text, event.end_mark.index):
            place = _place(event)
            message = f"the text without quotes ends before {shortened(match[1])}, which is read as a comment"
            remedy = "put the whole text in double quotes; a comment has a blank after its #"
            self._fault(ReadFault("yaml-syntax", place, message, remedy))

    def _between(self, event: Any) -> None:
        """Check the comments between the last value inside brackets and `event`."""
        if "?" in self.text[self.done : event.start_mark.index].partition("#")[0]:
            self._forbid(event, "a key that begins with ? inside brackets", "write it as key: value")
        self._comments(max(0, self.done - 1), event.start_mark.index)
        self.done = event.end_mark.index

    def _comments(self, start: int, end: int) -> None:
        """Report each comment that begins in this part of the text, which holds no value, without a blank before it."""
        for match in _COMMENT.finditer(self.text, start, end) if self.suspect else ():
            at = match.end(1)
            if at == start or self.text[at - 1].isspace():
                continue
            line = self.text.count("\n", 0, at) + 1
            column = at - self.text.rfind("\n", 0, at)
            place = Place(line, column, line, column + 1)
            if all(fault.place != place for fault in self.faults):
                message = "a comment begins here without a space before the #"
                self._fault(
                    ReadFault("yaml-syntax", place, message, "write a blank before it", Fix(place, " #"))
                )

    def _sequence(self, start: Any) -> list[Any]:
        items: list[Any] = []
        while type(event := self.next()) is not yaml.SequenceEndEvent:
            if start.flow_style and type(event) is yaml.MappingStartEvent:
                self._braces(event)
            self.path.append(len(items))
            items.append(self._node(event))
            self.path.pop()
        self._end(start, event)
        return items

    def _braces(self, event: Any) -> None:
        """Report a record without braces, once in a file: `[id: x, quote: y]` is a list of two records."""
        bare = not self.text.startswith("{", event.start_mark.index)
        if bare and not any(fault.rule == "forbidden-yaml" for fault in self.faults):
            self._forbid(event, "a key in square brackets", "put braces around the record: [{id: …}]")

    def _mapping(self, start: Any) -> dict[str, Any]:
        result: dict[str, Any] = {}
        while type(event := self.next()) is not yaml.MappingEndEvent:
            key = self._key(event)
            repeated = key in result
            if repeated:
                self._fault(
                    ReadFault(
                        "duplicate-key",
                        _place(event),
                        f'the key "{shortened(key)}" occurs twice in the same record',
                        "keep one of the two",
                    )
                )
            self.path += (key, _DUPLICATE) if repeated else (key,)
            if self.places is not None:
                self.places.keys[tuple(self.path)] = _place(event)
            value = self._node(self.next())
            del self.path[-2 if repeated else -1 :]
            result.setdefault(key, value)
        self._end(start, event)
        return result

    def _key(self, event: Any) -> str:
        """Return the text of a key, noting what is wrong with it."""
        if self.brackets:
            self._between(event)
        if type(event) is not yaml.ScalarEvent:
            self._forbid(event, "a key that is not plain text", "write the key as one word")
            raise _Stop
        if event.anchor is not None or event.tag is not None:
            self._forbid(event, "an anchor or tag on a key", "delete it")
        self._quoted(event)
        key: str = event.value
        if event.style or key in self.plain_keys:
            return key
        if key.startswith("\u00a0"):
            self._fault(ReadFault("yaml-syntax", _place(event), *NO_BREAK))
            raise _Stop
        if key == "":
            self._forbid(event, "a key that is empty", "write the key as one word")
        elif key == "<<":
            self._forbid(event, "the merge key <<", "write the values out")
        elif key in _JSON_WORDS or _JSON_NUMBER.match(key) or _AMBIGUOUS.match(key):
            self._ambiguous(event, "as a key ")
        else:
            self.plain_keys.add(key)
        return key

    def _scalar(self, event: Any) -> Any:
        text: str = event.value
        if event.style or event.tag:  # quoted, block or tagged: text
            return text
        if text in _JSON_WORDS:
            return _JSON_WORDS[text]
        if text == "":
            return None
        if text == "-" and self.brackets:
            self._forbid(event, "a dash alone inside brackets", 'write it in quotes: "-"')
        if _JSON_NUMBER.match(text):
            if (number := _number(text)) is not None:
                return number
            digits = sum(c.isdigit() for c in text) > _MAX_DIGITS
            self._ambiguous(
                event, "with more digits than every tool keeps " if digits else "beyond what a number holds "
            )
            return text
        if _AMBIGUOUS.match(text):
            self._ambiguous(event, "", _WORDS.get(text.lower()))
            if _WORDS.get(text.lower()) == "null":
                return None
        elif _CURLY.match(text):
            self._curly(event)
        return text

    def _curly(self, event: Any) -> None:
        place, straight = _place(event), f'"{event.value[1:-1]}"'
        self._fault(
            ReadFault(
                "curly-quotes",
                place,
                f"the quotes around {shortened(event.value)} are curly ones, which are part of the text",
                f"write straight quotes around it: {shortened(straight)}",
                Fix(place, straight) if place.line == place.end_line else None,
            )
        )

    def _ambiguous(self, event: Any, why: str, meant: str | None = None) -> None:
        text = shortened(event.value)
        quoted = '"' + event.value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        place = _place(event)
        self._fault(
            ReadFault(
                "ambiguous-scalar",
                place,
                f"{text} {why}without quotes is read differently by different tools",
                f"write it in quotes: {shortened(quoted)}" + (f" as text, or {meant}" if meant else ""),
                Fix(place, quoted) if place.line == place.end_line and not meant else None,
            )
        )

    def _forbid(self, event: Any, what: str, remedy: str) -> None:
        self._fault(
            ReadFault("forbidden-yaml", _place(event), f"{shortened(what)} is not allowed here", remedy)
        )

    def _fault(self, fault: ReadFault) -> None:
        self.faults.append(fault)
        if len(self.faults) >= MAX_FAULTS:
            raise _Stop

    def _end(self, start: Any, end: Any) -> None:
        """Check the form of a collection in brackets, and note the place of any."""
        if start.flow_style:
            self._between(end)
            if self.brackets == 1:
                self._form(start, end)
        if self.places is not None:
            first, last = start.start_mark, end.end_mark
            self.places.values[tuple(self.path)] = Place(
                first.line + 1, first.column + 1, last.line + 1, last.column + 1
            )


def _place(event: Any) -> Place:
    start, end = event.start_mark, event.end_mark
    return Place(start.line + 1, start.column + 1, end.line + 1, end.column + 1)
