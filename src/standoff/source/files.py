"""The files that people write, one by one: bytes into text and values, with every fault that prevents it.

Nothing here raises on bad data. What was wrong with a file stays with it, for the rules to report.
"""

from __future__ import annotations

import csv
import errno
import hashlib
import io
import os
import re
import stat
import tomllib
from collections import Counter
from functools import cached_property
from pathlib import Path as FilePath
from pathlib import PurePosixPath
from typing import Any, TypeVar

from standoff.model.classes import dataclass, field
from standoff.model.patterns import pattern
from standoff.model.places import NOWHERE, Fix, Path, Place
from standoff.schema import CORE, Vocabulary
from standoff.source import plain_form, raw_text, strict_yaml
from standoff.source.form import MORE, Violation, violations
from standoff.source.raw_text import ReadFault
from standoff.source.records import schema_name

_Source = TypeVar("_Source", bound="SourceFile")

MAX_BYTES = 1024 * 1024
"""Largest file of annotations, actors or ids that is read, in bytes: some two thousand events of one document."""

MAX_DOCUMENT_BYTES = 1024 * 1024
"""Largest document read, in bytes: some hundred and fifty thousand words."""


@dataclass
class SourceFile:
    """A file that people write: its text, what reading it gave, and how it breaks its schema.

    `shown` is the path as findings show it; `kind` says what it holds (annotation, annotation-1, actors, places,
    dataset: also the name of its schema; retired, accepted: rows of text; stray: nothing that is read). An annotation
    file is `annotation` until it was read; then its kind follows from the edition that it states.
    """

    file: FilePath
    shown: str
    kind: str
    text: str = ""
    value: Any = None
    faults: list[ReadFault] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    row_lines: list[int] = field(default_factory=list)
    """Of a CSV file, the line on which each row begins."""
    vocabulary: Vocabulary = CORE
    plain: bool = False
    """Whether the text is in the plain form of YAML (`plain_form`)."""
    texts: list[tuple[Path, str]] | None = None
    """The texts in the value that we write ourselves, with their paths, once a rule has looked for them (`rules.text`)."""

    @cached_property
    def places(self) -> strict_yaml.Places:
        """Places of every value; computed only when something has to be shown."""
        if self.plain:
            from standoff.source import plain_places

            return plain_places.places(self.text)
        if self.file.suffix == ".yaml":
            return strict_yaml.places(self.text)
        if self.file.suffix == ".toml":
            return _toml_places(self.lines)
        values: dict[Path, Place] = {
            (i,): Place(line, 1, line, 1 + len(self.lines[line - 1])) for i, line in enumerate(self.row_lines)
        }
        return strict_yaml.Places(values)

    @cached_property
    def lines(self) -> list[str]:
        r"""The file's lines without their ends, which are \n, \r\n or \r."""
        return re.split("\r\n|\r|\n", self.text)

    def sound(self, *path: str | int) -> bool:
        """Whether nothing is wrong with the form of the value at `path` or inside it."""
        return not any(v.keyword == MORE or v.path[: len(path)] == path for v in self.violations)

    def items(self, key: str) -> list[tuple[int, dict[str, Any]]]:
        """The records in the list under `key`, right or wrong, each with its index; [] if there is no list."""
        items = self.value.get(key) if isinstance(self.value, dict) else None
        return [
            (i, item)
            for i, item in enumerate(items if isinstance(items, list) else [])
            if isinstance(item, dict)
        ]


@dataclass
class SeedText:
    """A document's text as it lies in its folder; `text` is None where it cannot be read, `problem` says why."""

    file: FilePath
    shown: str
    text: str | None
    sha256: str | None
    problem: str | None = None


def shown_path(path: FilePath, base: FilePath) -> str:
    """Return `path` as findings show it: relative to `base` where it lies below, with forward slashes."""
    try:
        return path.relative_to(base).as_posix() or "."
    except ValueError:
        return path.as_posix()


_OPEN_FLAGS = (
    os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
)


class _Unreadable(Exception):
    """Why a file's bytes cannot be had: `problem` is link, missing, irregular, large or unreadable."""

    def __init__(self, problem: str, message: str, remedy: str) -> None:
        self.problem, self.message, self.remedy = problem, message, remedy


def _read_bytes(path: FilePath, limit: int) -> bytes:
    """Read a regular file of at most `limit` bytes, never through a symbolic link, never waiting for a pipe.

    A link in a folder that strangers may write to can point at anything on the reader's machine. The folder is
    the caller's to look at.
    """
    try:
        with open(os.open(path, _OPEN_FLAGS), "rb") as file:  # noqa: PTH123 - opened without following links
            mode = os.fstat(file.fileno()).st_mode
            if not stat.S_ISREG(mode):
                what = "a folder" if stat.S_ISDIR(mode) else "no regular file"
                raise _Unreadable(
                    "irregular", f"this is {what} where a file belongs", "put the file itself here"
                )
            raw = file.read(limit + 1)
    except FileNotFoundError:
        raise _Unreadable("missing", "the file does not exist", "restore it, or correct the path") from None
    except (OSError, ValueError) as error:
        if getattr(error, "errno", None) == errno.ELOOP:
            raise _Unreadable("link", "the file is a symbolic link", "put the file itself here") from None
        if isinstance(error, IsADirectoryError):
            raise _Unreadable(
                "irregular", "this is a folder where a file belongs", "put the file itself here"
            ) from None
        reason = getattr(error, "strerror", None) or error
        raise _Unreadable(
            "unreadable", f"the file cannot be read: {reason}", "check its name and its permissions"
        ) from None
    if len(raw) > limit:
        raise _Unreadable(
            "large",
            f"the file has more than {limit:,} bytes and was not read further",
            "split it, or look for what does not belong in it",
        )
    return raw


_FIRST = Place(1, 1, 1, 2)
_BYTE_ORDER_MARK = ReadFault(
    "control-character",
    _FIRST,
    "the file begins with a byte order mark (BOM, U+FEFF), which is invisible",
    "save the file as UTF-8 without BOM, or run standoff check --fix",
    Fix(_FIRST, ""),
)


def read_text(source: SourceFile) -> bool:
    """Read the text of `source`; False, with the fault noted, if there is none that can be parsed."""

    def fault(rule: str, place: Place, message: str, remedy: str) -> bool:
        source.faults.append(ReadFault(rule, place, message, remedy))
        return False

    try:
        raw = _read_bytes(source.file, MAX_BYTES)
    except _Unreadable as why:
        rule = "file-too-large" if why.problem == "large" else "file-unreadable"
        return fault(rule, NOWHERE, why.message, why.remedy)
    try:
        source.text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        return fault(
            "not-utf8",
            Place(line, column, line, column + 1),
            f"the byte 0x{raw[error.start]:02x} is not UTF-8",
            "save the file as UTF-8 (in most editors: Save with Encoding)",
        )
    if source.text.startswith("\ufeff"):
        source.faults.append(_BYTE_ORDER_MARK)
        return False
    source.faults += raw_text.raw_faults(source.text)
    return not source.faults


def read_yaml(source: _Source) -> _Source:
    """Read `source` as strict YAML and validate its value with its schema."""
    if read_text(source):
        source.value = plain_form.read(source.text)
        source.plain = source.value is not None
        if not source.plain:
            reading = strict_yaml.read(source.text)
            source.value = reading.value
            source.faults += reading.faults
        if source.value is not None or not source.faults:
            if source.kind == "annotation":
                source.kind = schema_name(source.value)
            source.violations = violations(source.kind, source.value, source.vocabulary)
    return source


def read_toml(source: SourceFile) -> SourceFile:
    """Read `source` as TOML and validate its value with its schema."""
    if not read_text(source):
        return source
    try:
        source.value = tomllib.loads(source.text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        problem = "values are nested too deeply" if isinstance(error, RecursionError) else str(error)
        line, column = _toml_place(source.text, problem)
        source.faults.append(
            ReadFault(
                "toml-syntax",
                Place(line, column, line, column + 1),
                f"this is not TOML: {problem}",
                "see toml.io",
            )
        )
        return source
    source.violations = violations(source.kind, source.value)
    return source


_TOML_TABLE = pattern(r"\s*(\[\[?)\s*([\w.-]+)\s*\]")
_TOML_KEY = pattern(r"\s*([\w-]+)\s*=\s*")


def _toml_places(lines: list[str]) -> strict_yaml.Places:
    """Return the places of tables and keys that are written one to a line, because tomllib reports no places."""
    found = strict_yaml.Places()
    table: Path = ()
    counts: Counter[str] = Counter()
    for number, line in enumerate(lines, start=1):
        if match := _TOML_TABLE.match(line):
            table = tuple(match[2].split("."))
            if match[1] == "[[":
                counts[match[2]] += 1
                table = (*table, counts[match[2]] - 1)
            found.values[table] = Place(number, 1, number, len(line) + 1)
        elif match := _TOML_KEY.match(line):
            path = (*table, match[1])
            found.keys[path] = Place(number, match.start(1) + 1, number, match.end(1) + 1)
            found.values[path] = Place(number, match.end() + 1, number, len(line) + 1)
            found.values |= _toml_items(lines, path, found.values[path])
    return found


_TOML_ITEM = pattern(r"""\s*(?:#.*|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s,\[\]{}"'#]+|,|\[|\])""")


def _toml_items(lines: list[str], path: Path, value: Place) -> dict[Path, Place]:
    """Return the places of the entries of a list, which may have lists inside; none if the value is no list."""
    found: dict[Path, Place] = {}
    counts: list[int] = []
    opened: list[tuple[int, int]] = []
    for number in range(value.line, len(lines) + 1):
        line, at = lines[number - 1], value.column - 1 if number == value.line else 0
        while match := _TOML_ITEM.match(line, at):
            text = match[0].lstrip()
            start, at = match.end() - len(text), match.end()
            if text == "[":
                opened.append((number, start + 1))
                counts.append(0)
            elif not counts:
                return found
            elif text == "]":
                counts.pop()
                first, column = opened.pop()
                if not counts:
                    return found
                found[(*path, *counts)] = Place(first, column, number, at + 1)
            elif text == ",":
                counts[-1] += 1
            elif not text.startswith("#"):
                found[(*path, *counts)] = Place(number, start + 1, number, at + 1)
        if line[at:].strip():
            return found
    return found


def _toml_place(text: str, problem: str) -> tuple[int, int]:
    """Return line and column from tomllib's message, which is the only place that has them before Python 3.14."""
    numbers = [int(word) for word in problem.replace(",", " ").replace(")", " ").split() if word.isdigit()]
    if "(at line" in problem and len(numbers) >= 2:
        return numbers[-2], numbers[-1]
    return (text.count("\n") + 1, 1) if "(at end of document)" in problem else (1, 1)


def read_csv(source: SourceFile, columns: tuple[str, ...]) -> SourceFile:
    """Read `source` as CSV with exactly these columns; its value is a list of rows, empty cells None.

    A file that does not exist has no rows.
    """
    source.value = []
    if not source.file.is_symlink() and not source.file.exists():
        return source
    if not read_text(source) and not source.text:
        return source
    unread = bool(
        source.faults
    )  # the rows are read all the same, so that what they accept or withdraw stays known

    def fault(rule: str, line: int, message: str, remedy: str) -> None:
        if not unread:
            place = Place(line, 1, line, 1 + len(source.lines[line - 1]))
            source.faults.append(ReadFault(rule, place, message, remedy))

    reader = csv.reader(io.StringIO(source.text.removeprefix("\ufeff"), newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if line == 1 and tuple(cells) != columns:
                fault(
                    "csv-columns",
                    1,
                    f"the columns are not {', '.join(columns)}",
                    f"write this as the first line: {','.join(columns)}",
                )
                if len(cells) != len(columns) or sorted(cells) == sorted(columns):
                    return source
                unread = True  # the rows are read all the same
            if cells and line > 1:
                if len(cells) == len(columns):
                    source.value.append({key: cell or None for key, cell in zip(columns, cells, strict=True)})
                    source.row_lines.append(line)
                else:
                    fault(
                        "csv-row",
                        line,
                        f"the row has {len(cells)} cells; expected {len(columns)}",
                        "put a cell with a comma in double quotes; an empty cell keeps its comma",
                    )
            line = reader.line_num + 1
    except csv.Error as error:
        fault(
            "csv-row",
            min(line, len(source.lines)),
            f"this is not CSV: {error}",
            "check the double quotes of this row",
        )
    if line == 1 and not source.faults:
        fault("csv-columns", 1, "the file is empty", f"write this as the first line: {','.join(columns)}")
    return source


def read_seed(seeds: FilePath, name: str, base: FilePath) -> SeedText:
    """Read a document by the name an annotation gives, never outside `seeds/` and never through a link."""
    pure = PurePosixPath(name)
    path = seeds / name
    shown = shown_path(path, base)
    if pure.is_absolute() or len(pure.parts) != 1 or name in (".", "..") or "\\" in name or "\0" in name:
        return SeedText(path, shown, None, None, "escapes")
    if seeds.is_symlink():
        return SeedText(path, shown, None, None, "link")
    try:
        raw = _read_bytes(path, MAX_DOCUMENT_BYTES)
    except _Unreadable as why:
        return SeedText(path, shown, None, None, why.problem)
    digest = hashlib.sha256(raw).hexdigest()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return SeedText(path, shown, None, digest, "encoding")
    return (
        SeedText(path, shown, text, digest) if text.strip() else SeedText(path, shown, None, digest, "blank")
    )
