"""The plain form of YAML, as `standoff fmt` writes it, read without a YAML parser.

Most files are in this form, and this takes a third of the time. The form: two spaces of indent; a line for each key or
entry; values that are one word, a text in double quotes, or brackets with such values; comments on lines of their own.
`strict_yaml` reads every text of this form alike and finds no fault in it. A test compares the two.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from itertools import accumulate
from sys import intern
from typing import Any

from standoff.source import strict_yaml

_KEY = r"[a-z][a-z0-9_]{0,40}"
_TEXT = r'"(?:[^"\\]|\\["\\nt])*"'
LINE = re.compile(rf"( *)(- )?(?:({_KEY}):(?: (.+))?|(.+))\Z")
_QUOTED = re.compile(rf"{_TEXT}\Z")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*\Z")
PIECE = re.compile(rf"({_KEY}: )|({_TEXT}|, |[\[\]{{}}])|([A-Za-z0-9][A-Za-z0-9_.-]*)")
_HYPHENATED = r"[A-Za-z][A-Za-z0-9_.]*-[A-Za-z0-9_.-]*"
_WORD_WITH_HYPHEN = re.compile(rf"{_HYPHENATED}\Z")
"""Ids such as ``d001-e02``: no reader takes them for a number, a date or a truth value."""
_PARTY = re.compile(rf'\[{{id: ({_HYPHENATED}), quote: "([^"\\]*)"}}]\Z')
"""The most frequent value in brackets, which is read sooner than others."""
_DEEPEST = strict_yaml.MAX_DEPTH // 2
"""The deepest nesting of lines, and of brackets on one line. Both together are what `strict_yaml` reads."""


class _OtherForm(Exception):
    """The text is not in the plain form."""


def read(text: str) -> Any:
    """Return the value of a text in the plain form without hidden characters; None if it is not in this form."""
    *lines, last = text.split("\n")
    if last:
        return None
    try:
        return _mapping(lines)
    except _OtherForm:
        return None


def _mapping(lines: list[str]) -> dict[str, Any] | None:
    root: dict[str, Any] = {}
    open_: list[tuple[int, Any]] = [(0, root)]  # the values that the line is in, with their indents
    waits: str | None = None  # the key whose value begins on this line
    for line in lines:
        if "#" in line and line.lstrip(" ")[0] == "#":
            continue
        before, _, beside = line.partition(": ")
        if beside and (head := _head(before)):
            indent, dash, key = head
        elif match := LINE.match(line):
            blanks, dash, key, beside, alone = match.groups()
            indent = len(blanks)
        else:
            raise _OtherForm
        if waits is not None:
            outer, holder = open_[-1]
            if indent != outer + 2:
                raise _OtherForm
            inner: Any = [] if dash else {}
            holder[waits] = inner
            open_.append((indent, inner))
            waits = None
        while open_[-1][0] > indent:
            open_.pop()
        level, holder = open_[-1]
        if level != indent or isinstance(holder, list) != bool(dash):
            raise _OtherForm
        if key is None:
            if dash is None:
                raise _OtherForm
            holder.append(_value(alone))
            continue
        if dash:
            holder.append({})
            holder = holder[-1]
            open_.append((indent + 2, holder))
        if len(open_) > _DEEPEST:
            raise _OtherForm
        if key in holder or _other_word(key) != key:
            raise _OtherForm
        key = intern(key)
        holder[key] = _value(beside) if beside else None
        if not beside:
            waits = key
    return root if root and waits is None else None


@lru_cache(maxsize=1024)
def _head(text: str) -> tuple[int, str | None, str | None] | None:
    """Return what comes before the colon of a line: its indent, its dash, and its key; None if it is something else."""
    match = LINE.match(f"{text}:")
    return (len(match[1]), match[2], match[3]) if match and match[3] else None


def _value(text: str) -> Any:
    """Return a value that is written on one line."""
    first = text[0]
    if first == '"':
        if "\\" in text or '"' in text[1:-1] or text[-1] != '"' or len(text) < 2:
            if not _QUOTED.match(text):
                raise _OtherForm
            return json.loads(text)
        return text[1:-1]
    return _brackets(text) if first in "[{" else _word(text)


def _brackets(text: str) -> Any:
    """Return the value in brackets. With quotes around its keys and words it is JSON."""
    if party := _PARTY.match(text):
        return [{"id": intern(party[1]), "quote": party[2]}]
    pieces = PIECE.findall(text)
    if text.count("[") + text.count("{") > _DEEPEST and _depth(pieces) > _DEEPEST:
        raise _OtherForm
    if sum([len(key) + len(sign) + len(word) for key, sign, word in pieces]) != len(text):
        raise _OtherForm
    written = [sign or (_json(word) if word else f"{_json(key[:-2])}:") for key, sign, word in pieces]
    try:
        return _JSON.decode("".join(written))
    except ValueError:
        raise _OtherForm from None


def _depth(pieces: list[tuple[str, str, str]]) -> int:
    steps = ((sign in ("[", "{")) - (sign in ("]", "}")) for _, sign, _ in pieces)
    return max(accumulate(steps), default=0)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = {intern(key): value for key, value in pairs}
    if len(found) != len(pairs):
        raise _OtherForm
    return found


_JSON = json.JSONDecoder(object_pairs_hook=_unique)


@lru_cache(maxsize=4096)
def _json(word: str) -> str:
    return json.dumps(_word(word))


def _word(word: str) -> Any:
    """Return the value of a word without quotes."""
    return intern(word) if _WORD_WITH_HYPHEN.match(word) else _other_word(word)


@lru_cache(maxsize=4096)
def _other_word(word: str) -> Any:
    value = strict_yaml.word(word) if _WORD.match(word) else None
    if value is None:
        raise _OtherForm
    return value
