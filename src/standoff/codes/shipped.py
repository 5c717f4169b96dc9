"""The schemes and languages that come with the package, each read once."""

from __future__ import annotations

import csv
import tomllib
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from standoff import schema
from standoff.codes.reading import SCHEME, read
from standoff.codes.scheme import Scheme

DEFAULT = "cameo"
"""The scheme of a dataset or table that names none."""


def folder() -> Path:
    """Return the folder in which each shipped scheme has a folder of its name."""
    return schema.folder() / "codes"


def names() -> list[str]:
    """Return the names of the shipped schemes."""
    return sorted(path.parent.name for path in folder().glob(f"*/{SCHEME}"))


@cache
def code_list(name: str) -> dict[str, str]:
    """Return a list in `schema/codes/`, such as ``gdelt/countries``: the label of each code. KeyError if there is none."""
    lists = {f"{path.parent.name}/{path.stem}": path for path in folder().glob("*/*.csv")}
    if name not in lists:
        near = get_close_matches(name, lists, n=1)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        raise KeyError(f'there is no code list "{name}": there are {", ".join(sorted(lists))}{hint}')
    with lists[name].open(encoding="utf-8", newline="") as file:
        return {row["code"]: row.get("label") or row.get("name") or "" for row in csv.DictReader(file)}


@cache
def scheme(name: str = DEFAULT) -> Scheme:
    """Return a shipped scheme. KeyError, with the nearest name, where there is none of that name."""
    if name not in names():
        near = get_close_matches(name, names(), n=1)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        raise KeyError(f'no code scheme is called "{name}": there are {", ".join(names())}{hint}')

    def text_of(file: str) -> str | None:
        path = folder() / name / file
        return path.read_text(encoding="utf-8") if path.is_file() else None

    found, problems = read(tomllib.loads(text_of(SCHEME) or ""), text_of)
    assert found is not None, problems
    return found
