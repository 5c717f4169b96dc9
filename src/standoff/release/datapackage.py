"""`datapackage.json`: what every file of a release holds, column by column (Data Package 2.0)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from standoff.tables import TABLES, Column, Kind, Table

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"

EXPLORER = "explore.html"
"""The page on which people look at the release in a browser."""


def _text(name: str, description: str, *, optional: bool = False) -> Column:
    return Column(name, Kind.STRING, description, optional)


RETIRED = Table(
    "retired",
    "Ids that were withdrawn. An id is never used again.",
    (
        _text("id", "The withdrawn id of a document, event, negative or actor."),
        _text("since", "The version since which it is gone."),
        _text("reason", "Why it was withdrawn."),
        _text("replaced_by", "The id that stands in its place; null where there is none.", optional=True),
    ),
    ("id",),
)
CHANGES = Table(
    "changes",
    "What changed since the release before, a line for each row or cell; empty in the first release.",
    (
        _text("table", "The table."),
        _text("change", "What kind of change: row-added, cell-changed, column-withdrawn …"),
        _text(
            "key", "Key of the row, its parts joined by a space; null for changes of a column.", optional=True
        ),
        _text("column", "The column; null for changes of a whole row.", optional=True),
        _text("old", "The value before.", optional=True),
        _text(
            "new",
            "The value now; the description of a new table or column; what to use instead of a withdrawn column.",
            optional=True,
        ),
        _text("step", "Least version step that the change needs: patch, minor or major."),
    ),
    (),
)


def data_package(
    about: Mapping[str, Any], folder: Path, tables: Mapping[str, Table] = TABLES
) -> dict[str, Any]:
    """Describe the release in `folder`, whose tables must have been written; `about` is dataset.toml as read.

    Every table is there twice: as CSV under its own name, as Parquet under ``<name>-parquet``. frictionless 5.21,
    the reader of the standard, compares the size of a Parquet with that of text and shows its empty whole numbers
    as NaN: so a Parquet has a hash and no size, and nan among its missing values.
    """
    dataset = about["dataset"]
    package = {
        "$schema": PROFILE,
        "name": dataset["name"],
        "id": f"https://doi.org/{dataset['doi']}" if "doi" in dataset else None,
        "title": dataset["title"],
        "description": dataset["description"],
        "version": dataset["version"],
        "created": f"{dataset['released']}T00:00:00Z",  # the standard wants a time; the day is what counts
        "homepage": dataset.get("homepage"),
        "licenses": [{"name": dataset["license"], "path": license_url(dataset["license"])}],
        "contributors": [
            {"title": author["name"], "path": author.get("url"), "roles": ["author"]}
            for author in about["authors"]
        ],
        "keywords": dataset["keywords"],
        "contents": about.get("contents"),
        "resources": [
            *(
                _resource(table, folder / f"{table.name}.{kind}")
                for table in tables.values()
                for kind in ("csv", "parquet")
            ),
            *(_resource(table, folder / f"{table.name}.csv") for table in (RETIRED, CHANGES)),
            *_explorer(folder / EXPLORER),
        ],
    }
    return _filled(package)


DIALECT = {
    "header": True,
    "delimiter": ",",
    "lineTerminator": "\n",
    "quoteChar": '"',
    "doubleQuote": True,
    "skipInitialSpace": False,
}
"""How our CSV is written. Without it, older frictionless libraries guess, and take a blank for the delimiter."""


def license_url(spdx: str) -> str:
    """Return the page of a licence in the SPDX list."""
    return f"https://spdx.org/licenses/{spdx}.html"


def table_schema(table: Table) -> dict[str, Any]:
    """Return a table's columns as Table Schema."""
    return _filled(
        {
            "fields": [_field(column, table.key) for column in table.columns],
            "primaryKey": list(table.key) or None,
            "foreignKeys": [
                {
                    "fields": [column.name],
                    "reference": {"resource": other, "fields": [key]},
                }
                for column in table.columns
                if column.references
                for other, key in [column.references.split(".")]
            ]
            or None,
        }
    )


def _field(column: Column, key: tuple[str, ...]) -> dict[str, Any]:
    constraints = {
        "required": True if not column.optional else None,
        "unique": True if key == (column.name,) else None,
        "enum": list(column.values) or None,
    }
    return {
        "name": column.name,
        "type": column.kind.tableschema,
        "description": column.description,
        **({"constraints": _filled(constraints)} if any(constraints.values()) else {}),
    }


def _resource(table: Table, path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    resource: dict[str, Any] = {
        "name": table.name,
        "type": "table",
        "path": path.name,
        "description": table.description,
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }
    if path.suffix == ".csv":
        return {
            **resource,
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "dialect": DIALECT,
            "bytes": len(content),
            "schema": table_schema(table),
        }
    return {
        **resource,
        "name": f"{table.name}-parquet",
        "description": f"The same as {table.name}, as Parquet.",
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "schema": {**table_schema(table), "missingValues": ["", "nan"]},
    }


def _explorer(path: Path) -> list[dict[str, Any]]:
    """Return the resource of the explorer page, if the release has it already."""
    if not path.is_file():
        return []
    content = path.read_bytes()
    return [
        {
            "name": "explore",
            "path": path.name,
            "description": "The events in a browser: overview, timeline, map and reading view. It needs no network.",
            "format": "html",
            "mediatype": "text/html",
            "encoding": "utf-8",
            "bytes": len(content),
            "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        }
    ]


def _filled(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Return `mapping` without the entries that have no value."""
    return {
        key: [_filled(item) if isinstance(item, dict) else item for item in value]
        if isinstance(value, list)
        else value
        for key, value in mapping.items()
        if value is not None
    }
