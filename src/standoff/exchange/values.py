"""Reading JSON values whose types nobody has checked yet, and files that may be broken."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from standoff.exchange import reading
from standoff.findings import UsageError
from standoff.model import dates
from standoff.model.dates import DateError, EventDate

MAX_LINE = 1024 * 1024
"""Longest line that is read as a record, in bytes."""
LEGACY = "iso-8859-1"
"""The encoding of older tables of event data, in which every byte is a character."""
MAX_WHOLE = 256 * 1024 * 1024
"""Largest file that is read whole, in bytes: an array of JSON. JSON Lines have no limit."""


class NotARecord(ValueError):
    """A value that is not what a record or field must be; the message says why.

    `unfinished`: a JSON text that ends too early, and could go on in the next line.
    """

    unfinished = False


def _constant(name: str) -> Any:
    raise NotARecord(f"{name} is not a number of JSON")


def _absent(name: str) -> None:
    """Return null for NaN and Infinity, which Python and pandas write for what is missing."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise NotARecord(f'the key "{twice}" is there twice')
    return value


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise NotARecord(f"{text} is too large a number")
    return number


def parse_json(text: str, strict: bool = True) -> Any:
    """Return the value of a JSON text. NotARecord where it is broken, too deep, or holds NaN or a key twice.

    `strict` refuses line breaks and tabs inside of strings, as JSON does. Without it, NaN and Infinity are null.
    """
    try:
        return json.loads(
            text,
            strict=strict,
            parse_constant=_constant if strict else _absent,
            object_pairs_hook=_object,
            parse_float=_float,
            parse_int=_int,
        )
    except json.JSONDecodeError as error:
        broken = NotARecord(f"broken JSON at column {error.colno}: {error.msg.removesuffix(' starting at')}")
        broken.unfinished = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string")
        raise broken from None
    except RecursionError:
        raise NotARecord("JSON nested too deeply") from None


def _int(text: str) -> int:
    if len(text) > 20:
        raise NotARecord("a number of more than 20 digits")
    return int(text)


OTHERS = {
    ".txt": "name the .ann file or its folder",
    ".xmi": "for .xmi files the format is cas-xmi",
    ".ann": "for .ann files the format is brat",
    ".json": "for .json files the format is cas-json, label-studio or web-annotation",
    ".a2": "the .a1 and .a2 files of a BioNLP shared task belong together: join each pair, as in cat X.a1 X.a2 > X.ann",
    ".a1": "the .a1 and .a2 files of a BioNLP shared task belong together: join each pair, as in cat X.a1 X.a2 > X.ann",
    ".tsv": "WebAnno TSV is not read: export the project as UIMA CAS XMI or UIMA CAS JSON",
    ".ser": "a binary CAS is not read: export the project as UIMA CAS XMI or UIMA CAS JSON",
}
"""File name extensions of exports that are not read, or not in this format, and what to do."""


def files_in(path: Path, *suffixes: str, others: Mapping[str, str] = OTHERS) -> list[tuple[Path, str]]:
    """Return the files to read, each with its name for messages: `path` itself, or the files in it that end in `suffixes`.

    UsageError if there is none, or if `path` is a known kind of export that is not read (`others`).
    """
    if path.is_dir():
        every = sorted(
            file for file in path.rglob("*") if file.is_file() and not _is_hidden(file.relative_to(path))
        )
        found = [(file, file.relative_to(path).as_posix()) for file in every if file.suffix in suffixes]
        if found:
            return found
        why = f"{path} has no {' or '.join(suffixes)} file"
    else:
        every, why = [path], f"{path} is not a {' or '.join(suffixes)} file"
        if path.suffix in suffixes:
            return [(path, path.name)]
    hints = OTHERS | dict(others)
    hint = next((hints[file.suffix] for file in every if file.suffix in hints), "")
    if hint or path.is_dir():
        raise UsageError(f"{why}{'; ' if hint else ''}{hint}")
    return [(path, path.name)]


def _is_hidden(path: Path) -> bool:
    """Return whether a system or an editor made a file: ``._d001.ann``, ``__MACOSX/d001.ann``, ``.git/…``."""
    return any(part.startswith(".") or part == "__MACOSX" for part in path.parts)


def lines(path: Path, *, legacy: bool = False) -> Iterator[tuple[int, str | None, str]]:
    """Yield every line that is not empty: its number, its text (None: unreadable), and why it is unreadable.

    With `legacy`, a line that is not UTF-8 is read as `LEGACY`, and named so in the place of a reason.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        number = 0
        while raw := file.readline(MAX_LINE + 1):
            number += 1
            if number % 1000 == 0:
                reading.part(number, file.tell(), size)
            if number == 1:
                raw = raw.removeprefix(b"\xef\xbb\xbf")
                if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
                    yield number, None, "not UTF-8 but UTF-16: save the file as UTF-8"
                    return
            if len(raw) > MAX_LINE:
                while raw and not raw.endswith(b"\n"):
                    raw = file.readline(MAX_LINE)
                yield number, None, f"the line is longer than {MAX_LINE:,} bytes"
                continue
            try:
                text = raw.decode("utf-8").rstrip("\r\n")
            except UnicodeDecodeError as error:
                if legacy:
                    yield number, raw.decode(LEGACY).rstrip("\r\n"), LEGACY
                    continue
                yield number, None, f"not UTF-8 (byte {error.start + 1} of the line)"
                continue
            if "\0" in text:
                yield number, None, "the line holds NUL characters"
            elif text.strip():
                yield number, text, ""


def whole(path: Path) -> str:
    """Return the text of a file that can only be read whole. UsageError where it is too large or not UTF-8."""
    if path.stat().st_size > MAX_WHOLE:
        raise UsageError(f"{path} has more than {MAX_WHOLE:,} bytes; split it")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 (byte {error.start + 1})") from None


def exact_text(path: Path) -> str:
    """Return the text of a document's file as it is, with its line ends and byte-order mark. UsageError as in `whole`."""
    if path.stat().st_size > MAX_WHOLE:
        raise UsageError(f"{path} has more than {MAX_WHOLE:,} bytes; no news report is as long")
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 (byte {error.start + 1})") from None


def text_of(value: Any) -> str | None:
    """Return a text; None for null, "" and the marks that formats use for "none". NotARecord for other types."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise NotARecord(f"expected text, found {_kind(value)}")
    return str(value).strip() or None


def number_of(value: Any) -> float | None:
    """Return a number or None. NotARecord for other types."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotARecord(f"expected a number, found {_kind(value)}")
    return float(value)


def offset_of(value: Any) -> int:
    """Return a whole number. NotARecord for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value % 1 != 0 or abs(value) > 2**53:
        found = f"{value:g}" if isinstance(value, float) else _kind(value)
        raise NotARecord(f"expected a whole number, found {found}")
    return int(value)


def list_of(value: Any) -> list[Any]:
    """Return a list; a single value is a list of one, null an empty one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", bool: "true or false", str: "text", type(None): "null"}
    return names.get(type(value), "a number")


_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{1,2}:?\d{2}\S*(?: ?(?:UTC|GMT|Z))?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_SLASHES = re.compile(r"(\d{4})/(\d{2})/(\d{2})", re.ASCII)
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_IN_WORDS = re.compile(
    r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?(?: of)? )?(?P<month>[a-z]{3,9})\.?(?: (?P<after>\d{1,2})(?:st|nd|rd|th)?)?,? (?P<year>\d{4})",
    re.ASCII,
)
_RANGE = re.compile(r"(?:from |between )?(.+?) (?:to|until|through|and|-|–) (.+)")
_NO_DATE = frozenset(("none", "null", "n/a", "na", "nan", "unknown", "not stated", "unspecified", "---"))


def date_of(text: str | None) -> EventDate | None:
    """Return the date that a text states; None where it states none. NotARecord where it is no date.

    EDTF, YYYYMMDD, YYYY/MM/DD, a day with a time, a date in English words (October 7, 2023), and two of these with
    "to" between them are read.
    """
    if text is None or text.strip().casefold() in _NO_DATE:
        return None
    plain = _plain_date(text.strip())
    if "/" not in plain and (ends := _RANGE.fullmatch(plain)):
        plain = "/".join(map(_plain_date, ends.groups()))
    try:
        return dates.parse(plain)
    except DateError as error:
        raise NotARecord(str(error)) from None


def _plain_date(text: str) -> str:
    """Return a date in EDTF that is spelled otherwise; anything else as it is."""
    if (match := _TIME.fullmatch(text)) is not None:
        return match[1]
    if (match := _COMPACT.fullmatch(text) or _SLASHES.fullmatch(text)) is not None:
        return "-".join(match.groups())
    match = _IN_WORDS.fullmatch(" ".join(text.casefold().split()))
    if match is None or (match["day"] and match["after"]):
        return text
    number = next((n for n, name in enumerate(_MONTHS, start=1) if name.startswith(match["month"])), 0)
    if not number:
        return text
    month = f"{match['year']}-{number:02}"
    day = match["day"] or match["after"]
    return f"{month}-{int(day):02}" if day else month
