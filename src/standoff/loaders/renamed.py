"""Columns of releases 1.x that have another name since 2.0, so that an error can say which."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

RENAMED: dict[tuple[str, str], str] = {
    **{(table, "start"): "span_start" for table in ("participants", "mentions")},
    **{(table, "end"): "span_end" for table in ("participants", "mentions")},
    ("negatives", "text"): "trigger",
    ("negatives", "start"): "trigger_start",
    ("negatives", "end"): "trigger_end",
    ("actors", "name"): "actor_name",
    ("passes", "actors"): "actor_ids",
    ("passes", "targets"): "target_ids",
    ("passes", "attribution"): "source_ids",
    ("passes", "attribution_via"): "relay_ids",
}
"""Table and column of 1.x → the column's name since 2.0."""

WITHDRAWN: dict[tuple[str, str], str] = {
    ("dyads", "count_min"): "count by the sum of weight; count_min of an event is in the table events",
}
"""Table and column of 1.x → what to use instead."""


def missing_column(table: str, name: str, columns: Iterable[str]) -> str:
    """Return the message for a column that a table does not have: its new name, or those that are spelt alike."""
    columns = list(columns)
    if (new := RENAMED.get((table, name))) and new in columns:
        return f'{table} has no column "{name}": since release 2.0 it is called "{new}" (docs/moving-to-2.md)'
    if (table, name) in WITHDRAWN:
        return f'{table} has no column "{name}" since release 2.0: {WITHDRAWN[table, name]} (docs/moving-to-2.md)'
    old = {new: old for (each, old), new in RENAMED.items() if each == table}
    if (before := old.get(name)) and before in columns:
        return (
            f'{table} has no column "{name}": this is a table of release 1.x, where it is called "{before}"'
        )
    near = get_close_matches(name, columns, n=1)
    return f'{table} has no column "{name}"' + (f'; did you mean "{near[0]}"?' if near else "")
