"""What is allowed: the JSON Schemas and code lists of `schema/`, read once.

In a checkout the folder at the project's root is read, in an installed package the copy that the wheel carries.
"""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

from standoff.model.actions import Action, ActionTable


@cache
def folder() -> Path:
    """Return the folder that holds the schemas and code lists."""
    here = Path(__file__).resolve().parent
    checkout = here.parents[1] / "schema"
    return checkout if (checkout / "VERSION").is_file() else here / "schema"


@cache
def version() -> str:
    """Return the version of the schema, which is apart from the data's and the package's."""
    return (folder() / "VERSION").read_text(encoding="utf-8").strip()


@cache
def json_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema called `name`: annotation, actors, dataset or profile."""
    result: dict[str, Any] = json.loads((folder() / f"{name}.schema.json").read_text(encoding="utf-8"))
    return result


def closed_list(name: str, pointer: str) -> tuple[str, ...]:
    """Return the words that the JSON Schema `name` allows at `pointer`, such as ``$defs/event/properties/status``."""
    node: Any = json_schema(name)
    for part in pointer.split("/"):
        node = node[part]
    return tuple(node["enum"])


def rows(name: str) -> list[dict[str, str | None]]:
    """Return the rows of the code list `name`, all cells as text, empty ones as None."""
    with (folder() / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [{key: value or None for key, value in row.items()} for row in csv.DictReader(file)]


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


@cache
def actions() -> ActionTable:
    """Return the CAMEO codes with their scales and crosswalk (`schema/actions.csv`)."""
    return ActionTable(
        Action(
            code=row["code"] or "",
            label=row["label"] or "",
            parent=row["parent"],
            root=row["root"] or "",
            definition=row["definition"] or "",
            usage=row["usage"] or "",
            quad_class=int(row["quad_class"] or 0),
            goldstein=_number(row["goldstein"]),
            goldstein_icews=_number(row["goldstein_icews"]),
            plover_type=row["plover_type"],
            plover_mode=row["plover_mode"],
            plover_context=row["plover_context"],
        )
        for row in rows("actions")
    )


@cache
def country_codes() -> frozenset[str]:
    """Return the three-letter codes of countries, territories and regions."""
    return frozenset(row["code"] or "" for row in rows("countries"))


@cache
def actor_elements() -> frozenset[str]:
    """Return every three-letter element that an actor code may be built from."""
    lists = ("countries", "actor_roles", "actor_groups")
    return frozenset(row["code"] or "" for name in lists for row in rows(name))
