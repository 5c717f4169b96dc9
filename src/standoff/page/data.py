"""What the page holds: the tables of a release, cut down to what it shows, as lists that go into JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from standoff.page import layout, outlines

Tables = Mapping[str, pl.DataFrame]

MOST_NODES = 16
"""Nodes of the network; the matrix and the network show the sides with the most weight."""
NETWORK = (720.0, 460.0)
"""Width and height of the network."""

COLUMNS: dict[str, Sequence[str]] = {
    "documents": [
        "document_id",
        "title",
        "publisher",
        "url",
        "language",
        "published",
        "published_earliest",
        "published_latest",
        "published_basis",
        "published_reason",
        "characters",
        "sha256",
        "rights",
        "source_error",
        "note",
    ],
    "events": [
        "event_id",
        "document_id",
        "action",
        "quad_class",
        "date",
        "date_earliest",
        "date_latest",
        "date_shape",
        "date_basis",
        "status",
        "vouched_by",
        "reciprocal",
        "count_min",
        "incident_id",
        "trigger",
        "trigger_start",
        "trigger_end",
        "evidence_start",
        "evidence_end",
        "note",
        "source_error",
    ],
    "participants": [
        "event_id",
        "role",
        "position",
        "actor_id",
        "actor_code",
        "text",
        "span_start",
        "span_end",
        "implicit",
    ],
    "mentions": ["event_id", "span_start", "span_end"],
    "links": ["event_id", "relation", "other_event_id", "span_start", "span_end"],
    "locations": [
        "event_id",
        "place_id",
        "relation",
        "span_start",
        "span_end",
        "ucdp_where_prec",
        "acled_geo_precision",
    ],
    "places": ["place_id", "place_name", "kind", "parent_id", "country", "latitude", "longitude"],
    "negatives": [
        "negative_id",
        "document_id",
        "trigger",
        "trigger_start",
        "trigger_end",
        "mark_start",
        "mark_end",
        "evidence_start",
        "evidence_end",
        "reason",
        "would_be_action",
        "would_be_actor_id",
        "would_be_target_id",
        "note",
    ],
    "dyads": [
        "event_id",
        "actor_id",
        "target_id",
        "actor_top",
        "target_top",
        "event_action",
        "quad_class",
        "weight",
        "derived",
    ],
    "passes": [
        "document_id",
        "annotator",
        "annotator_kind",
        "adjudicated_id",
        "record",
        "action",
        "actor_ids",
        "target_ids",
        "date",
        "status",
        "reason",
        "note",
    ],
    "actors": ["actor_id", "actor_name", "kind", "country"],
    "affiliations": ["actor_id", "actor_code", "parent_id", "role", "date_from", "date_until"],
}
"""The columns that the page shows of each table, in the order in which it holds them."""

OLDER = {
    "span_start": "start",
    "span_end": "end",
    "actor_ids": "actors",
    "target_ids": "targets",
    "trigger": "text",
    "trigger_start": "start",
    "trigger_end": "end",
    "event_action": "action",
    "actor_top": "actor_id",
    "target_top": "target_id",
    "actor_name": "name",
}
"""What releases before 2.0.0 called a column, or the nearest that they have."""


def gathered(tables: Tables) -> dict[str, Any]:
    """Return everything that the page shows, ready for JSON: plain text, numbers, lists and None."""
    data: dict[str, Any] = {name: _rows(tables[name], name) for name in COLUMNS if name in tables}
    data["columns"] = {name: list(columns) for name, columns in COLUMNS.items() if name in tables}
    data["dyads"] = _dyads(tables["dyads"])
    _drop_unused(data)
    data["actions"] = _actions(tables)
    data["network"] = _network(data["dyads"])
    data["map"] = _map(data)
    return data


def _rows(frame: pl.DataFrame, name: str) -> list[list[Any]]:
    """The rows of a table with the columns of the page; a column that the release lacks is None."""
    columns = []
    for column in COLUMNS[name]:
        older = OLDER.get(column, "")
        source = column if column in frame.columns else older if older in frame.columns else None
        value = pl.col(source) if source else pl.lit(None)
        if source and frame.schema[source] == pl.Date:
            value = value.dt.to_string("iso:strict")
        columns.append(value.alias(column))
    return [list(row) for row in frame.select(columns).iter_rows()]


def _dyads(frame: pl.DataFrame) -> list[list[Any]]:
    """The dyads; where a release states no weights, the rows of an event share it evenly."""
    if "weight" not in frame.columns:
        frame = frame.with_columns((1 / pl.len().over("event_id")).alias("weight"))
    rows = _rows(frame, "dyads")
    weight = COLUMNS["dyads"].index("weight")
    for row in rows:
        row[weight] = round(row[weight], 6)
    return rows


def _column(data: Mapping[str, Any], table: str, column: str) -> list[Any]:
    if table not in data:
        return []
    place = COLUMNS[table].index(column)
    return [row[place] for row in data[table]]


def _drop_unused(data: dict[str, Any]) -> None:
    """Drop actors, affiliations and places that nothing in the page refers to."""
    actors = {
        *_column(data, "participants", "actor_id"),
        *(
            value
            for column in ("actor_id", "target_id", "actor_top", "target_top")
            for value in _column(data, "dyads", column)
        ),
        *_column(data, "negatives", "would_be_actor_id"),
        *_column(data, "negatives", "would_be_target_id"),
        *_split(_column(data, "passes", "actor_ids") + _column(data, "passes", "target_ids")),
    }
    actors |= _above(actors, data["affiliations"], "affiliations", "actor_id", "parent_id")
    for table in ("actors", "affiliations"):
        data[table] = [row for row in data[table] if row[0] in actors]
    if "places" in data:
        used = set(_column(data, "locations", "place_id"))
        used |= _above(used, data["places"], "places", "place_id", "parent_id")
        data["places"] = [row for row in data["places"] if row[0] in used]


def _split(values: Iterable[str | None]) -> Iterable[str]:
    return (name for value in values if value for name in value.split("; "))


def _above(ids: set[Any], rows: list[list[Any]], table: str, own: str, parent: str) -> set[Any]:
    """Return all ancestors of these ids."""
    at, to = COLUMNS[table].index(own), COLUMNS[table].index(parent)
    parents: defaultdict[Any, set[Any]] = defaultdict(set)
    for row in rows:
        if row[to] is not None:
            parents[row[at]].add(row[to])
    above: set[Any] = set()
    reached = list(ids)
    while reached:
        new = parents[reached.pop()] - above
        above |= new
        reached += new
    return above


def _actions(tables: Tables) -> dict[str, list[Any]]:
    """Label, parent and definition of the codes that occur, and of those above them, by code."""
    listed = {row["action"]: row for row in tables["actions"].iter_rows(named=True)}
    used: set[str] = set()
    for table, columns in (
        ("events", ("action",)),
        ("dyads", ("action", "event_action")),
        ("passes", ("action",)),
        ("negatives", ("would_be_action",)),
    ):
        for column in columns:
            if table in tables and column in tables[table].columns:
                used.update(tables[table][column].drop_nulls().to_list())
    for code in list(used):
        while code in listed and (parent := listed[code]["parent"]):
            used.add(parent)
            code = parent
    return {
        code: [listed[code]["label"], listed[code]["parent"], listed[code].get("definition")]
        for code in sorted(used)
        if code in listed
    }


def _network(dyads: list[list[Any]]) -> dict[str, Any]:
    """The sides with the most weight and where each lies in the network; its lines follow from the dyads."""
    one, other, weight = (COLUMNS["dyads"].index(name) for name in ("actor_top", "target_top", "weight"))
    total: defaultdict[str, float] = defaultdict(float)
    edges: defaultdict[tuple[str, str], float] = defaultdict(float)
    for row in dyads:
        for side in {row[one], row[other]} - {None}:
            total[side] += row[weight]
        if row[one] and row[other]:
            edges[row[one], row[other]] += row[weight]
    shown = sorted(total, key=lambda side: (-total[side], side))[:MOST_NODES]
    kept = {pair: value for pair, value in edges.items() if {*pair} <= {*shown}}
    spots = layout.positions(shown, kept, *NETWORK)
    return {
        "width": NETWORK[0],
        "height": NETWORK[1],
        "nodes": [[side, *spots[side]] for side in shown],
    }


def _map(data: Mapping[str, Any]) -> dict[str, Any] | None:
    """The outlines around the places that have coordinates, and where each place lies; None without places."""
    columns = COLUMNS["places"]
    name, x, y = (columns.index(column) for column in ("place_id", "longitude", "latitude"))
    located = set(_column(data, "locations", "place_id"))
    places = [row for row in data.get("places", ()) if row[x] is not None and row[name] in located]
    if not places:
        return None
    frame = outlines.Frame.around([(row[x], row[y]) for row in places])
    return {
        "width": frame.width,
        "height": frame.height,
        "west": frame.west,
        "south": frame.south,
        "east": frame.east,
        "north": frame.north,
        "lines": outlines.paths(frame),
        "spots": {row[name]: list(frame.spot(row[x], row[y])) for row in places},
    }
