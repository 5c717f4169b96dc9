"""What changed between two releases, row by row and cell by cell, and the least version step that it needs.

Releases are compared as their CSV files and `datapackage.json` say it: the CSV is canonical, so two releases
without a difference here have the same tables to the byte. Nothing in this module knows polars or pandera.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from standoff.findings import UsageError
from standoff.loaders import store
from standoff.loaders.renamed import RENAMED, WITHDRAWN
from standoff.model.ids import PERMANENT
from standoff.model.versions import STEPS, Step, Version

Key = tuple[str, ...]
Row = dict[str, str | None]

KINDS: dict[str, tuple[Step, str]] = {
    "column-described": ("patch", "the description of a column is worded differently"),
    "table-added": ("minor", "a table is new"),
    "column-added": ("minor", "a column is new, after the existing ones"),
    "column-filled": ("minor", "a new column has values"),
    "column-required": ("minor", "a column that could be empty is always filled"),
    "reference-added": ("minor", "a column now refers to a column of another table"),
    "value-added": ("minor", "a closed list has a new value"),
    "list-closed": ("minor", "a column that took any value now has a closed list"),
    "row-added": ("minor", "rows are new"),
    "row-withdrawn": ("minor", "rows are gone"),
    "cell-changed": ("minor", "values have changed"),
    "table-withdrawn": ("major", "a table is gone"),
    "column-renamed": ("major", "a column has another name"),
    "column-withdrawn": ("major", "a column is gone"),
    "column-moved": ("major", "columns are in another order"),
    "column-retyped": ("major", "a column has another type"),
    "column-optional": ("major", "a column that was always filled can be empty"),
    "key-changed": ("major", "rows are identified by other columns"),
    "reference-withdrawn": ("major", "a column no longer refers to the same column of another table"),
    "column-stored-otherwise": ("major", "a column has another type in the Parquet file"),
    "value-withdrawn": ("major", "a value was removed from a closed list"),
    "list-opened": ("major", "a column with a closed list now takes any value"),
    "code-withdrawn": ("major", "an action code is gone"),
    "code-redefined": ("major", "an action code has another label, place or scale value"),
    "text-replaced": ("major", "the text of a document was replaced, so its offsets point at other words"),
    "released-id-vanished": ("refused", "an id is gone without an entry in retired.csv"),
    "released-id-reused": ("refused", "a withdrawn id is used again"),
    "retired-id-forgotten": ("refused", "an entry is missing from retired.csv"),
}
"""Kinds of change: the least version step that each needs, and what it means for a reader."""

CODES, OUR_WORDS = "actions", frozenset({"definition", "usage", "note"})
"""The code list, and its columns that may be worded better without changing what a code is."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A release as far as it is compared: Table Schemas by table, rows by table and key, withdrawn ids.

    `stored` has the type of each column in the Parquet files, by table; it is empty where these were not read.
    """

    version: str
    schemas: Mapping[str, Mapping[str, Any]]
    tables: Mapping[str, Mapping[Key, Row]]
    retired: frozenset[str] = frozenset()
    stored: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One line of `changes.csv`. `cells` holds the row that was added or withdrawn.

    `new` holds the description of a new table or column, the new name of a renamed column, and what to use instead of a
    withdrawn one.
    """

    kind: str
    table: str
    key: Key | None = None
    column: str | None = None
    old: str | None = None
    new: str | None = None
    cells: Row | None = field(default=None, compare=False)

    @property
    def step(self) -> Step:
        """The least version step that this change needs."""
        return KINDS[self.kind][0]

    def as_dict(self) -> dict[str, str | None]:
        """Return the change as the columns of `changes.csv`."""
        return {
            "table": self.table,
            "change": self.kind,
            "key": None if self.key is None else " ".join(self.key),
            "column": self.column,
            "old": self.old,
            "new": self.new,
            "step": self.step,
        }


@dataclass(frozen=True, slots=True)
class Diff:
    """The changes from one version to another, in the order of the tables, structure before rows."""

    old: str
    new: str
    changes: tuple[Change, ...]

    @property
    def step(self) -> Step:
        """The least version step that all changes together need; patch where no table changed."""
        return max((change.step for change in self.changes), key=STEPS.index, default="patch")

    @property
    def least_version(self) -> Version:
        """The least version that may carry these changes. A development build takes what the release it leads to allows."""
        old = Version.parse(self.old)
        return old.release if not old.cut and old.allows(self.step) else old.release.after(self.step)

    def reason(self) -> str:
        """Return in words the change that needs the greatest step."""
        for kind, count in self.kinds().items():
            need = "which no version excuses" if self.step == "refused" else f"which needs a {self.step} step"
            return f"{KINDS[kind][1]} ({count:,} × {kind}), {need}"
        return "a version has been released without a change of any table"

    def kinds(self) -> dict[str, int]:
        """Return how many changes there are of each kind, those that need the greatest step first."""
        counts: dict[str, int] = {}
        for change in self.changes:
            counts[change.kind] = counts.get(change.kind, 0) + 1
        return dict(sorted(counts.items(), key=lambda item: (-STEPS.index(KINDS[item[0]][0]), item[0])))


# ---- reading ---------------------------------------------------------------------------------------------------


def read_release(folder: Path) -> Snapshot:
    """Read a release; UsageError if it is not a release, cannot be read, or does not match its SHA256SUMS.

    Opens text files only, whoever made them.
    """
    try:
        sums = store.read_sums(folder / store.SUMS)
        package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        schemas = {
            resource["name"]: {**resource["schema"], "description": resource.get("description")}
            for resource in package["resources"]
            if resource.get("format") == "csv" and resource["schema"].get("primaryKey")
        }
        files = {name: (folder / f"{name}.csv").read_bytes() for name in schemas}
        for name, content in files.items():
            if hashlib.sha256(content).hexdigest() != sums.get(f"{name}.csv"):
                raise UsageError(
                    f"{folder / name}.csv is not what SHA256SUMS says: a release is never changed, restore it"
                )
        return snapshot(package["version"], schemas, files)
    except OSError as error:
        raise UsageError(
            f"{folder} is not a release: {Path(error.filename or '').name}: {error.strerror}"
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, csv.Error) as error:
        raise UsageError(f"{folder} cannot be read as a release: {error}") from error


def snapshot(version: str, schemas: Mapping[str, Mapping[str, Any]], files: Mapping[str, bytes]) -> Snapshot:
    """Return the snapshot of a release whose tables are described by `schemas` and given as CSV."""
    tables = {name: rows_of(files[name], schema["primaryKey"]) for name, schema in schemas.items()}
    retired = tables.pop("retired", {})
    return Snapshot(
        version,
        {name: schema for name, schema in schemas.items() if name != "retired"},
        tables,
        frozenset(key[0] for key in retired),
    )


def rows_of(content: bytes, key: list[str]) -> dict[Key, Row]:
    """Return the rows of a CSV file by their key. ValueError if a row is ragged or its key occurs twice."""
    reader = csv.DictReader(io.StringIO(content.decode("utf-8"), newline=""), strict=True)
    rows: dict[Key, Row] = {}
    texts: dict[str, str] = {}  # each text once, since most occur in many rows
    for row in reader:
        if None in row or any(value is None for value in row.values()):
            raise ValueError(f"line {reader.line_num} has more or fewer cells than the header")
        identity = tuple(row[name] for name in key)
        if identity in rows:
            raise ValueError(f"line {reader.line_num} has the same {', '.join(key)} as a line before it")
        rows[identity] = {name: texts.setdefault(value, value) or None for name, value in row.items()}
    return rows


# ---- comparing -------------------------------------------------------------------------------------------------


def diff(old: Snapshot, new: Snapshot) -> Diff:
    """Compare two releases."""
    changes: list[Change] = []
    names = {table: _renamed(table, old, new) for table in old.schemas}
    old = _under_new_names(old, names)
    for table in dict.fromkeys([*new.schemas, *old.schemas]):
        if table not in new.schemas:
            changes.append(Change("table-withdrawn", table))
        elif table not in old.schemas:
            changes.append(Change("table-added", table, new=new.schemas[table].get("description")))
        else:
            changes += (
                Change("column-renamed", table, column=before, old=before, new=after)
                for before, after in names[table].items()
            )
            changes += _structure(table, old.schemas[table], new.schemas[table])
            changes += _stored(table, old, new)
        changes += _records(table, old, new)
    return Diff(old.version, new.version, (*changes, *_ids(old, new)))


def _renamed(table: str, old: Snapshot, new: Snapshot) -> dict[str, str]:
    """Return the new names of the columns that were renamed between the two releases, by their old names."""
    if table not in new.schemas:
        return {}
    before, after = ({f["name"] for f in each.schemas[table]["fields"]} for each in (old, new))
    return {
        name: now
        for (where, name), now in RENAMED.items()
        if where == table and name in before - after and now in after - before
    }


def _under_new_names(release: Snapshot, names: Mapping[str, Mapping[str, str]]) -> Snapshot:
    """Return the release with the columns that were renamed under their new names."""

    def named(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
        return {names[table].get(column, column): value for column, value in row.items()}

    return replace(
        release,
        schemas={
            table: {
                **schema,
                "fields": [{**f, "name": names[table].get(f["name"], f["name"])} for f in schema["fields"]],
            }
            for table, schema in release.schemas.items()
        },
        tables={
            table: {key: named(table, row) for key, row in rows.items()} if names.get(table) else rows
            for table, rows in release.tables.items()
        },
        stored={table: named(table, columns) for table, columns in release.stored.items() if table in names},
    )


def apply(
    changes: Diff, old: Snapshot, schemas: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[Key, Row]]:
    """Return the tables that `changes` make of those of `old`; `schemas` are those of the new release."""
    names = {
        (change.table, change.new): change.old
        for change in changes.changes
        if change.kind == "column-renamed"
    }
    tables = {
        name: {
            key: {
                f["name"]: row.get(names.get((name, f["name"])) or f["name"]) for f in schemas[name]["fields"]
            }
            for key, row in old.tables.get(name, {}).items()
        }
        for name in schemas
    }
    for change in changes.changes:
        if change.key is None or change.table not in tables:
            continue
        rows = tables[change.table]
        if change.cells is None:
            if change.column is not None:
                rows[change.key][change.column] = change.new
        elif change.new is None:
            del rows[change.key]
        else:
            rows[change.key] = dict(change.cells)
    return tables


def _structure(table: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """What changed in the description of a table: columns, types, closed lists, references, key."""
    before, after = ({f["name"]: f for f in schema["fields"]} for schema in (old, new))
    for name in before:
        if name not in after:
            yield Change("column-withdrawn", table, column=name, new=WITHDRAWN.get((table, name)))
    for name in after:
        if name not in before:
            yield Change("column-added", table, column=name, new=after[name].get("description"))
    if [name for name in before if name in after] != list(after)[: sum(name in after for name in before)]:
        yield Change("column-moved", table, old=", ".join(before), new=", ".join(after))
    if old["primaryKey"] != new["primaryKey"]:
        yield Change("key-changed", table, old=", ".join(old["primaryKey"]), new=", ".join(new["primaryKey"]))
    for name in before:
        if name in after:
            yield from _column(table, name, before[name], after[name])
    references = [
        {
            (tuple(f["fields"]), f"{f['reference']['resource']}.{', '.join(f['reference']['fields'])}")
            for f in schema.get("foreignKeys", ())
        }
        for schema in (old, new)
    ]
    for kind, gone in (
        ("reference-withdrawn", references[0] - references[1]),
        ("reference-added", references[1] - references[0]),
    ):
        for columns, other in sorted(gone):
            if all(name in before and name in after for name in columns):
                yield Change(kind, table, column=", ".join(columns), new=other)


def _stored(table: str, old: Snapshot, new: Snapshot) -> Iterator[Change]:
    """What changed in the types of the Parquet file, where both were read and the description has the same type."""
    described = [{f["name"]: f["type"] for f in release.schemas[table]["fields"]} for release in (old, new)]
    after = new.stored.get(table, {})
    for name, before in old.stored.get(table, {}).items():
        same = name in after and described[0].get(name) == described[1].get(name)
        if same and after[name] != before:
            yield Change("column-stored-otherwise", table, column=name, old=before, new=after[name])


def _column(table: str, name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    if old["type"] != new["type"]:
        yield Change("column-retyped", table, column=name, old=old["type"], new=new["type"])
    if old.get("description") != new.get("description"):
        yield Change(
            "column-described", table, column=name, old=old.get("description"), new=new.get("description")
        )
    constraints = [field.get("constraints", {}) for field in (old, new)]
    required = [bool(c.get("required")) for c in constraints]
    if required[0] != required[1]:
        yield Change("column-required" if required[1] else "column-optional", table, column=name)
    lists = [list(map(str, c.get("enum", ()))) for c in constraints]
    if bool(lists[0]) != bool(lists[1]):
        words = [", ".join(values) or None for values in lists]
        yield Change(
            "list-closed" if lists[1] else "list-opened", table, column=name, old=words[0], new=words[1]
        )
        return
    for value in lists[0]:
        if value not in lists[1]:
            yield Change("value-withdrawn", table, column=name, old=value)
    for value in lists[1]:
        if value not in lists[0]:
            yield Change("value-added", table, column=name, new=value)


def _records(table: str, old: Snapshot, new: Snapshot) -> Iterator[Change]:
    """What changed in the rows of a table. Under another key every row is a new one."""
    before, after = old.tables.get(table, {}), new.tables.get(table, {})
    same_key = (
        table in old.schemas
        and table in new.schemas
        and (old.schemas[table]["primaryKey"] == new.schemas[table]["primaryKey"])
    )
    for key, row in before.items():
        if not same_key or key not in after:
            kind = "code-withdrawn" if table == CODES else "row-withdrawn"
            yield Change(kind, table, key, old=" ".join(key), cells=row)
    for key, row in after.items():
        if not same_key or key not in before:
            yield Change("row-added", table, key, new=" ".join(key), cells=row)
            continue
        for name, value in row.items():
            if before[key].get(name) != value:
                yield Change(_cell_kind(table, name, old), table, key, name, before[key].get(name), value)


def _cell_kind(table: str, column: str, old: Snapshot) -> str:
    if all(f["name"] != column for f in old.schemas[table]["fields"]):
        return "column-filled"
    if table == CODES and column not in OUR_WORDS:
        return "code-redefined"
    return "text-replaced" if (table, column) == ("documents", "sha256") else "cell-changed"


def _ids(old: Snapshot, new: Snapshot) -> Iterator[Change]:
    """What no version excuses: a permanent id that is gone without a word, or used again."""
    for table, column in PERMANENT.items():
        if column in _key(old, table) and column in _key(new, table):
            live = new.tables[table]
            for key in old.tables[table]:
                if key not in live and key[0] not in new.retired:
                    yield Change("released-id-vanished", table, key, old=key[0])
            for key in live:
                # An actor and a place may share an id; the withdrawn one is the actor if the place was there before.
                if table == "places" and key in old.tables[table]:
                    continue
                if key[0] in old.retired or key[0] in new.retired:
                    yield Change("released-id-reused", table, key, new=key[0])
    for identifier in sorted(old.retired - new.retired):
        yield Change("retired-id-forgotten", "retired", (identifier,), old=identifier)


def _key(release: Snapshot, table: str) -> Iterable[str]:
    return release.schemas[table]["primaryKey"] if table in release.schemas else ()
