"""Records in JSON as programs and language models write them: lines, arrays, one object, with Markdown around.

Strict JSON is tried first. What a model adds is read where its meaning is clear: code fences and the prose outside
them, brackets and commas between records, records over several lines, comments, trailing commas, curly quotation
marks as delimiters. A note says what was repaired. Everything else that is no JSON is counted where it is.
"""

from __future__ import annotations

import ast
import json
import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from standoff.exchange import values
from standoff.exchange.json_stream import MAX_RECORD, TOO_LARGE
from standoff.exchange.records import Intake
from standoff.exchange.values import NotARecord, parse_json
from standoff.findings import UsageError

FENCE = "```"
MOST_LINES = 200
"""Most lines of one record that is written over several."""
_BETWEEN = frozenset(("[", "]", "],", ",", "[]", "[],", "{}"))
_BULLET = re.compile(r"(?:[-*•]|\d{1,4}[.)])\s+(?=[{\[])")
_STRING_OR_EXTRA = re.compile(r'("(?:[^"\\]|\\.)*+")|//[^\n]*|/\*.*?\*/|,(?=\s*[}\]])', re.DOTALL)
_MAY_END = re.compile(r"[}\]],?\s*(?://.*)?$")
_MARK = re.compile(r'[{}\[\]]|["”]\s*:')
"""What a record on a line has, whole or broken: a bracket, or a key."""
_WORDS = re.compile(r"\w+\W+\w+\W+\w")
"""How a sentence begins: three words."""
_CURLY = str.maketrans("“”„‟", '""""')

LISTS = ("events", "predictions", "records")
"""Keys under which an object may hold the list of records."""
Within = Callable[[Any], Iterator[Any]]
Found = tuple[int, Any, str]
"""Number, value and fault of a record. Numbers are those of lines, or of members of an array that fills the file."""


def json_values(path: Path, intake: Intake, within: Within | None = None) -> Iterator[Found]:
    """Yield every record in a file. `intake` gets the notes on what was skipped or repaired.

    `within` yields the records in a value; by default they are found in lists, and in objects under one of `LISTS`.
    """
    within = listed if within is None else within
    whole = _whole(path)
    if whole is not None:
        large = path.stat().st_size > MAX_RECORD
        for number, value in enumerate(within(whole), start=1):
            if large and len(json.dumps(value, ensure_ascii=False)) > MAX_RECORD:
                yield number, None, TOO_LARGE
            else:
                yield number, value, ""
        return
    yield from _Answers(path, intake, within).records()


def listed(value: Any) -> Iterator[Any]:
    """Yield the records in a value. What an object states of all its records is added to each that does not state it."""
    for each in value if isinstance(value, list) else [value]:
        name = (
            next((key for key in LISTS if isinstance(each.get(key), list)), None)
            if isinstance(each, dict)
            else None
        )
        if name is None:
            yield each
            continue
        common = {
            key: stated for key, stated in each.items() if key != name and isinstance(stated, str | int)
        }
        yield from ({**common, **item} if isinstance(item, dict) else item for item in each[name])


def _whole(path: Path) -> Any:
    """Return the value of a file that is one strict value; None where its first line is a value of its own."""
    plain = (t for _, t, _ in values.lines(path) if t is None or not t.lstrip().startswith(FENCE))
    first, more = next(plain, None), next(plain, "") != ""
    if first is None or first.lstrip()[:1] not in ("[", "{"):
        return None
    try:
        value = parse_json(first)
        if more:
            return None
    except NotARecord:
        if path.stat().st_size > values.MAX_WHOLE:
            return None
        try:
            lines = values.whole(path).splitlines(keepends=True)
            value = parse_json("".join(line for line in lines if not line.lstrip().startswith(FENCE)))
        except (NotARecord, UsageError):
            return None  # line by line, each fault is named where it is
    return value if isinstance(value, list | dict) else None


Line = tuple[int, str | None, str]


@dataclass
class _Answers:
    """Reads a file line by line. Lines that belong to no record are told from records that cannot be read."""

    path: Path
    intake: Intake
    within: Within
    ahead: deque[Line] = field(default_factory=deque)
    """Lines that were looked at, and are not used yet."""
    fenced: bool | None = None
    """Whether the file has code fences; None: not looked at yet."""
    inside: bool = False
    tries: int = 0
    repaired: int = 0
    outside: int = 0

    def __post_init__(self) -> None:
        self.lines = values.lines(self.path)

    def records(self) -> Iterator[Found]:
        """Yield every record; at the end, add the notes."""
        while (line := self._line(0)) is not None:
            self.ahead.popleft()
            number, text, why = line
            if text is None:
                yield number, None, why
                continue
            plain = _BULLET.sub("", text.strip(), count=1)
            if plain.startswith(FENCE):
                self.inside = not self.inside
            elif plain in _BETWEEN or plain.startswith("//"):
                continue
            elif plain[:1] not in ("{", "[") and self._is_prose(plain):
                self.outside += 1
            else:
                value, fault = self._record(plain, number, len(text) - len(text.lstrip()))
                for each in self.within(value):
                    yield number, each, fault
        if self.repaired:
            self.intake.note(
                f"{self.repaired} records were not strict JSON (comments, trailing commas, curly quotation marks, line "
                "breaks in text, NaN in place of null) and were read all the same."
            )
        if self.outside:
            self.intake.note(f"{self.outside} lines around the records are prose and were not read.")

    def _line(self, n: int) -> Line | None:
        """Return the line that comes n lines after the next one; None after the last."""
        while len(self.ahead) <= n:
            line = next(self.lines, None)
            if line is None:
                return None
            self.ahead.append(line)
        return self.ahead[n]

    def _is_prose(self, line: str) -> bool:
        """Whether a line is no record, and no part of one: outside of code fences, or words without any mark of JSON."""
        if not self.inside and _WORDS.match(line) and not _MARK.search(line):
            return True
        if self.fenced is None:
            self.fenced = any((t or "").lstrip().startswith(FENCE) for _, t, _ in values.lines(self.path))
        return self.fenced and not self.inside

    def _record(self, text: str, number: int, indent: int) -> tuple[Any, str]:
        """Return the value that begins in a line, and its fault. Further lines are used as long as it is unfinished."""
        first, used = "", 0
        while True:
            try:
                value = parse_json(text)
                break
            except NotARecord as error:
                first = first or str(error)
            try:
                value = _repaired(text)
                self.repaired += 1
                break
            except NotARecord as error:
                self.tries += 1
                line = self._line(used)
                going_on = error.unfinished and used < MOST_LINES and len(text) < values.MAX_LINE
                if not going_on or self.tries > 2 * number + 1000 or line is None or not line[1]:
                    if used:
                        self._drop(indent)
                    return None, first
            while line is not None and line[1]:
                text += f"\n{line[1]}"
                used += 1
                if used >= MOST_LINES or _MAY_END.search(line[1]) or used & (used - 1) == 0:
                    break
                line = self._line(used)
        for _ in range(used):
            self.ahead.popleft()
        return value, ""

    def _drop(self, indent: int) -> None:
        """Drop the rest of a record that is written over several lines and is broken: it counts once."""
        while (line := self._line(0)) is not None and line[1] is not None:
            text = line[1].strip()
            deeper = len(line[1]) - len(line[1].lstrip()) > indent
            if not deeper and text not in ("}", "},", "]", "],"):
                return
            self.ahead.popleft()


def _repaired(text: str) -> Any:
    """Return the value of a JSON text that a model wrote loosely, or of the Python literal that it is."""
    try:
        return parse_json(_repair(text), strict=False)
    except NotARecord:
        if "'" not in text or text.rstrip()[-1:] not in ("}", "]"):
            raise
        with suppress(ValueError, SyntaxError, MemoryError, RecursionError):
            value = ast.literal_eval(text)
            return parse_json(json.dumps(value))  # the same limits hold
        raise


def _repair(text: str) -> str:
    """Return a JSON text without comments and trailing commas, and with straight quotation marks as delimiters."""
    if '"' not in text:
        text = text.translate(_CURLY)
    for _ in ("comments", "commas before brackets that a comment stood between"):
        text = _STRING_OR_EXTRA.sub(lambda match: match[1] or "", text)
    return text.rstrip().rstrip(",")
