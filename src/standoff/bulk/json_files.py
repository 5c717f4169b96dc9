"""The columns of JSON files: arrays of objects, and JSON Lines, whichever the name says."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from standoff.bulk.damage import (
    AGAIN,
    Damage,
    NotJson,
    Twice,
    first_line,
    json_record,
    no_number,
    not_utf8,
    once,
)
from standoff.bulk.first_bytes import encoding_of, other_kind
from standoff.bulk.formats import readable_as
from standoff.bulk.sources import Source, damaged
from standoff.bulk.streams import in_utf8, is_packed

SAMPLE_LINES = 200
SAMPLE_BYTES = 1 << 14


def read_json(source: Source, path: Path, scratch: Path) -> Source:
    """Return a JSON file, unpacked if `path` is not, with its columns. `scratch` is a folder for copies."""
    with source.file.open("rb") as raw:
        begins = raw.read(SAMPLE_BYTES)
    if (encoding := encoding_of(begins)) is not None:
        source = replace(source, file=_in_utf8(source.file, encoding, scratch))
    elif (other := other_kind(begins, readable_as(path), packed=is_packed(path))) is not None:
        return replace(source, problem=other.problem, remedy=other.remedy, line=other.line)
    return _json(source, scratch) if source.format == "json" or _is_array(source.file) else _jsonl(source)


def _in_utf8(file: Path, encoding: str, scratch: Path) -> Path:
    """A copy of a text in UTF-8, without a byte order mark."""
    target = Path(tempfile.mkdtemp(dir=scratch)) / file.name
    with file.open("rb") as raw, in_utf8(raw, encoding) as text, target.open("wb") as out:
        shutil.copyfileobj(text, out)
    return target


def _is_array(file: Path) -> bool:
    """Whether a file of JSON Lines is an array instead."""
    with file.open("rb") as raw:
        return raw.read(SAMPLE_BYTES).lstrip().startswith(b"[")


def _json(source: Source, scratch: Path) -> Source:
    """Return a JSON array of objects as JSON Lines, one object in a line."""
    try:
        text = source.file.read_text(encoding="utf-8-sig")
        value = json.loads(text, object_pairs_hook=once, parse_constant=no_number)
    except UnicodeDecodeError as error:
        return damaged(source, not_utf8(1, error))
    except Twice as error:
        return replace(source, problem=f'an object has "{error}" twice', remedy="keep one of the two values")
    except NotJson as error:
        return replace(source, problem=str(error), remedy=error.remedy)
    except (ValueError, RecursionError) as error:
        # Many programs write JSON Lines under this ending.
        lines = replace(source, format="jsonl")
        found = _jsonl(lines)
        if found.problem is None:
            return found
        line = getattr(error, "lineno", 1)
        return replace(source, problem=f"it is no JSON: {first_line(error)}", line=line, remedy=AGAIN)
    if isinstance(value, dict):
        within = next((name for name, inner in value.items() if _are_records(inner)), None)
        one_line = "\n" not in text.strip() and within is None
        return _jsonl(replace(source, format="jsonl")) if one_line else _no_array(source, within)
    if not isinstance(value, list) or not all(isinstance(record, dict) for record in value):
        return _no_array(source)
    target = Path(tempfile.mkdtemp(dir=scratch)) / "records.jsonl"
    with target.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in value)
    if not value:
        return replace(source, problem="the file holds no records", remedy=AGAIN)
    return _jsonl(replace(source, file=target, format="jsonl", array=True))


def _are_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(record, dict) for record in value)


def _no_array(source: Source, within: str | None = None) -> Source:
    if within is not None:
        return replace(
            source,
            problem=f'it is one JSON object, whose records are in "{within}"',
            remedy=f"write that array to a file alone (jq '.{within}' {source.file.name})",
        )
    return replace(
        source,
        problem="it is not an array of JSON objects",
        remedy="write an array of objects, or one JSON object in a line of a file that ends in .jsonl",
    )


def _jsonl(source: Source) -> Source:
    """Columns by the first lines; `named` looks for the others when the format is known."""
    names: dict[str, Any] = {}
    with source.file.open("rb") as raw:
        for number, line in zip(range(1, SAMPLE_LINES + 1), raw, strict=False):
            record = json_record(line, number)
            if isinstance(record, Damage):
                return damaged(source, record)
            names |= dict.fromkeys(record, pl.String)
    if not names:
        return replace(source, problem="the file has no records", remedy=AGAIN)
    return replace(source, names=tuple(names), types=names)
