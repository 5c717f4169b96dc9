"""A release as one SQLite database, with types, keys and views: for Datasette, csvkit, sqlite-utils and plain SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from standoff.exchange.coded import Source
from standoff.exchange.losses import Losses
from standoff.lazy import LazyModule
from standoff.tables import TABLES
from standoff.tables.dataset import value_column_in

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LazyModule("polars")

FILE = "standoff.db"
VIEWS = {
    "who_to_whom": (
        "One row for each directed pair, with names, ready to group",
        """SELECT d.dyad_id, d.event_id, e.document_id, a.{name} AS actor, d.actor_code, t.{name} AS target, d.target_code,
  d.action, c.label AS action_label, d.root, d.quad_class, {value}d.date_earliest, d.date_latest, d.status,
  {weight} AS weight
FROM dyads d JOIN events e USING (event_id) JOIN actions c ON c.action = d.action
LEFT JOIN actors a ON a.actor_id = d.actor_id LEFT JOIN actors t ON t.actor_id = d.target_id""",
    ),
    "how_to_count": (
        "Events by quad class: count events by the sum of weights, not by rows of dyads",
        """SELECT quad_class, COUNT(DISTINCT event_id) AS events, ROUND(SUM(weight), 6) AS sum_of_weights, COUNT(*) AS rows_of_dyads
FROM who_to_whom GROUP BY quad_class ORDER BY quad_class""",
    ),
}
TYPES = {"Boolean": "INTEGER", "Int32": "INTEGER", "Int64": "INTEGER", "Float64": "REAL"}
"""SQLite's types for those of polars."""


def write(source: Source, folder: Path, losses: Losses) -> None:
    """Write the tables as they are in a release. Nothing is lost: `losses.csv` stays empty."""
    schemas, events = _looked_over(source)
    present = [name for name in (*TABLES, *sorted(schemas.keys() - TABLES.keys())) if name in schemas]
    connection = sqlite3.connect(folder / FILE, isolation_level=None)
    try:
        connection.execute("PRAGMA page_size = 4096")
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("BEGIN")
        for name in present:
            _create(connection, name, schemas[name], frozenset(present))
        done: set[str] = set()
        for tables in source.block_tables():
            for name in present:
                if name not in source.whole or name not in done:
                    _insert(connection, name, _within(tables[name], events))
            done |= source.whole
        for name in present:
            for each in _references(name, schemas[name], frozenset(present)):
                connection.execute(f'CREATE INDEX "{name}_{each}" ON "{name}" ("{each}")')
        weight = "d.weight" if "weight" in schemas["dyads"] else _WEIGHT
        column = "actor_name" if "actor_name" in schemas["actors"] else "name"
        scale = value_column_in(schemas["dyads"])
        value = f'd."{scale}", ' if scale else ""
        for name, (_, query) in VIEWS.items():
            connection.execute(
                f'CREATE VIEW "{name}" AS {query.format(weight=weight, name=column, value=value)}'
            )
        connection.execute("CREATE TABLE about (name TEXT PRIMARY KEY, description TEXT) WITHOUT ROWID")
        about = [("source", source.name), *((name, words) for name, (words, _) in VIEWS.items())]
        about += [(name, TABLES[name].description) for name in present if name in TABLES]
        connection.executemany("INSERT INTO about VALUES (?, ?)", sorted(about))
        connection.execute("COMMIT")
        connection.execute("VACUUM")
    finally:
        connection.close()


_WEIGHT = "1.0 / (SELECT COUNT(*) FROM dyads o WHERE o.event_id = d.event_id)"


Columns = dict[str, tuple[str, bool]]
"""Column → its type in SQLite, and whether it has a value in each row."""


def _looked_over(source: Source) -> tuple[dict[str, Columns], pl.DataFrame]:
    """Return the columns of each table, and the ids of the events that are written."""
    found: dict[str, Columns] = {}
    events = []
    for tables in source.block_tables():
        events.append(tables["events"].select("event_id"))
        for name, frame in tables.items():
            before = found.get(name, {})
            found[name] = {
                column: (
                    TYPES.get(str(kind), "TEXT"),
                    before.get(column, ("", True))[1] and not frame[column].null_count(),
                )
                for column, kind in frame.schema.items()
            }
    return found, pl.concat(events)


def _within(frame: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    """Return the rows whose events are written, links without those to other events."""
    for column in ("event_id", "other_event_id"):
        if column in frame.columns:
            frame = frame.join(events, left_on=column, right_on="event_id", how="semi", maintain_order="left")
    return frame


def _references(name: str, columns: Columns, present: frozenset[str]) -> dict[str, str]:
    """Return the columns that lead to another table, with its name and key: table.key."""
    known = TABLES.get(name)
    described = known.columns if known else ()
    return {
        each.name: each.references
        for each in described
        if each.name in columns and each.references and each.references.partition(".")[0] in present
    }


def _create(connection: sqlite3.Connection, name: str, columns: Columns, present: frozenset[str]) -> None:
    known = TABLES.get(name)
    required = {column.name for column in known.columns if not column.optional} if known else set()
    lines = [
        f'"{column}" {kind}{" NOT NULL" if full and column in required else ""}'
        for column, (kind, full) in columns.items()
    ]
    own = [each for each in (known.key if known else ()) if each in columns]
    if own:
        lines.append(f"PRIMARY KEY ({_names(own)})")
    for column, references in _references(name, columns, present).items():
        table, _, key = references.partition(".")
        lines.append(f'FOREIGN KEY ("{column}") REFERENCES "{table}" ("{key}")')
    connection.execute(f'CREATE TABLE "{name}" ({", ".join(lines)})')


def _insert(connection: sqlite3.Connection, name: str, frame: pl.DataFrame) -> None:
    """Add rows. Days are written as YYYY-MM-DD, truth values as 1 and 0."""
    plain = frame.with_columns(pl.col(pl.Date).dt.to_string("%Y-%m-%d"), pl.col(pl.Boolean).cast(pl.Int8))
    marks = ", ".join("?" * plain.width)
    connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', plain.iter_rows())


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
