"""The JSON Schemas of `schema/`, read once.

In a checkout the folder at the project's root is read, in an installed package the copy that the wheel carries.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any


@cache
def folder() -> Path:
    """Return the folder that holds the schemas, code lists, languages and profiles."""
    here = Path(__file__).resolve().parent
    checkout = here.parents[1] / "schema"
    return checkout if (checkout / "VERSION").is_file() else here / "schema"


@cache
def version() -> str:
    """Return the version of the schema, which is apart from the data's and the package's."""
    return (folder() / "VERSION").read_text(encoding="utf-8").strip()


@cache
def json_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema called `name`: annotation (edition 2), annotation-1, actors, places, dataset, profile or report."""
    result: dict[str, Any] = json.loads((folder() / f"{name}.schema.json").read_text(encoding="utf-8"))
    return result


def closed_list(name: str, pointer: str) -> tuple[str, ...]:
    """Return the words that the JSON Schema `name` allows at `pointer`, such as ``$defs/event/properties/status``."""
    node: Any = json_schema(name)
    for part in pointer.split("/"):
        node = node[part]
    return tuple(node["enum"])
