"""A release as one SQLite database, with types, keys and views: for Datasette, csvkit, sqlite-utils and plain SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
BY_DOCUMENT = ("events", "negatives", "documents", "passes", "sentences")
BY_EVENT = ("participants", "mentions", "dyads", "links", "locations", "differences")
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
    tables = source.tables
    chosen = _chosen(source)
    connection = sqlite3.connect(folder / FILE, isolation_level=None)
    try:
        connection.execute("PRAGMA page_size = 4096")
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("BEGIN")
        present = [name for name in (*TABLES, *sorted(set(tables) - set(TABLES))) if name in tables]
        for name in present:
            _table(connection, name, chosen.get(name, tables[name]), frozenset(present))
        weight = "d.weight" if "weight" in tables["dyads"].columns else _WEIGHT
        column = "actor_name" if "actor_name" in tables["actors"].columns else "name"
        scale = value_column_in(tables["dyads"].columns)
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


def _chosen(source: Source) -> dict[str, pl.DataFrame]:
    """Return the tables that follow from a choice of documents."""
    tables = source.tables
    known = tables["documents"].height
    if len(source.document_ids) == known:
        return {}
    kept = {
        name: tables[name].filter(pl.col("document_id").is_in(source.document_ids))
        for name in BY_DOCUMENT
        if name in tables
    }
    events = kept["events"]["event_id"].implode()
    for name in BY_EVENT:
        if name in tables and "event_id" in tables[name].columns:
            kept[name] = tables[name].filter(pl.col("event_id").is_in(events))
    if "links" in kept:
        kept["links"] = kept["links"].filter(pl.col("other_event_id").is_in(events))
    return kept


def _table(connection: sqlite3.Connection, name: str, frame: pl.DataFrame, present: frozenset[str]) -> None:
    known = TABLES.get(name)
    columns, constraints, indexes = [], [], []
    described = {column.name: column for column in known.columns} if known else {}
    for column, kind in frame.schema.items():
        about = described.get(column)
        required = (
            " NOT NULL" if about is not None and not about.optional and not frame[column].null_count() else ""
        )
        columns.append(f'"{column}" {TYPES.get(str(kind), "TEXT")}{required}')
        references = about.references if about is not None else None
        if references:
            table, _, key = references.partition(".")
            if table in present:
                constraints.append(f'FOREIGN KEY ("{column}") REFERENCES "{table}" ("{key}")')
                indexes.append(column)
    own = [each for each in (known.key if known else ()) if each in frame.columns]
    if own:
        constraints.insert(0, f"PRIMARY KEY ({_names(own)})")
    connection.execute(f'CREATE TABLE "{name}" ({", ".join([*columns, *constraints])})')
    marks = ", ".join("?" * frame.width)
    rows = (tuple(map(_value, row)) for row in frame.iter_rows())
    connection.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)
    for each in indexes:
        connection.execute(f'CREATE INDEX "{name}_{each}" ON "{name}" ("{each}")')


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _value(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, bool) else value
