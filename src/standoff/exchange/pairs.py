"""Who did what to whom, one directed pair at a time: what rows and graphs are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from standoff.exchange.coded import Tables
from standoff.exchange.losses import Losses
from standoff.exchange.releases import by, span
from standoff.tables.dataset import value_column_in

if TYPE_CHECKING:
    import polars as pl

Row = dict[str, Any]


@dataclass(frozen=True)
class Pair:
    """One directed pair of an event: rows of the tables `dyads`, `events`, `documents` and `actions`.

    Either side may be missing. `above` are the rows of the actions above the action, the nearest first. `places` are the event's places with what the registry says of them; `sentence` is the
    number of the trigger's sentence where the release says where sentences are.
    """

    dyad: Row
    event: Row
    document: Row
    action: Row
    actor: Row
    target: Row
    places: tuple[Row, ...]
    sentence: int | None
    above: tuple[Row, ...] = ()

    @property
    def day(self) -> date | None:
        """The first day on which it may have happened; the last where the first is open."""
        found: date | None = self.event["date_earliest"] or self.event["date_latest"]
        return found

    @property
    def weight(self) -> float:
        """The share of the event that the pair stands for."""
        return float(self.dyad["weight"])


def pairs(tables: Tables) -> Iterator[Pair]:
    """Yield the pairs of all events in the order of their ids. An event without a pair of two has one with a side missing."""
    actions = {row["action"]: row for row in tables["actions"].to_dicts()}
    above = {code: tuple(_above(code, actions)) for code in actions}
    actors = {row["actor_id"]: _named(row) for row in tables["actors"].to_dicts()}
    places = {row["place_id"]: row for row in tables["places"].to_dicts()} if "places" in tables else {}
    documents = {row["document_id"]: row for row in tables["documents"].to_dicts()}
    dyads = by(tables["dyads"].sort("dyad_id").to_dicts(), "event_id")
    sides = by(tables["participants"].sort("position").to_dicts(), "event_id")
    where = by(tables["locations"].to_dicts() if "locations" in tables else [], "event_id")
    sentences = _sentences(tables)
    for event in tables["events"].sort("event_id").iter_rows(named=True):
        found = dyads[event["event_id"]] or [_alone(event, sides[event["event_id"]])]
        for dyad in found:
            yield Pair(
                {"weight": 1 / len(found), **dyad},
                event,
                documents[event["document_id"]],
                actions[dyad["action"]],
                actors.get(dyad["actor_id"] or "", {}),
                actors.get(dyad["target_id"] or "", {}),
                tuple({**places[each["place_id"]], **each} for each in where[event["event_id"]]),
                _sentence(sentences.get(event["document_id"], []), event["trigger_start"]),
                above[dyad["action"]],
            )


def lose_negatives(tables: Tables, losses: Losses, why: str) -> None:
    """List the negatives, which rows and graphs of events have no place for."""
    for row in tables["negatives"].select("negative_id", "reason").iter_rows(named=True):
        losses.add(row["negative_id"], "negative", row["reason"] or "negative", why)


def _above(code: str, actions: Mapping[str, Row]) -> Iterator[Row]:
    """Yield the rows of the actions above a code, the nearest first."""
    while (parent := actions[code]["parent"]) in actions:
        code = parent
        yield actions[code]


def _alone(event: Row, parties: list[Row]) -> Row:
    """Return the pair of an event that releases of 1.x have no row for."""
    side = {role: next((p for p in parties if p["role"] == role), {}) for role in ("actor", "target")}
    scale = value_column_in(event)
    return {
        "dyad_id": f"{event['event_id']}-p01",
        "event_id": event["event_id"],
        "actor_id": side["actor"].get("actor_id"),
        "actor_code": side["actor"].get("actor_code"),
        "target_id": side["target"].get("actor_id"),
        "target_code": side["target"].get("actor_code"),
        "action": event["action"],
        "root": event["root"],
        "quad_class": event["quad_class"],
        **({scale: event[scale]} if scale else {}),
        "derived": "alone",
    }


def _named(row: Row) -> Row:
    """Return an actor's row with its name as `name`, whatever the edition calls the column."""
    return {**row, "name": row.get("actor_name") or row.get("name")}


def _sentences(tables: Mapping[str, pl.DataFrame]) -> dict[str, list[int]]:
    if "sentences" not in tables:
        return {}
    found: dict[str, list[int]] = {}
    for row in tables["sentences"].sort("document_id", "position").iter_rows(named=True):
        found.setdefault(row["document_id"], []).append((span(row) or span(row, "evidence")).start)  # type: ignore[union-attr]
    return found


def _sentence(starts: list[int], offset: int) -> int | None:
    from bisect import bisect_right

    return max(1, bisect_right(starts, offset)) if starts else None


LISTED = (
    "trigger",
    "date_basis",
    "date_shape",
    "status",
    "attribution",
    "attribution_via",
    "reciprocal",
    "incident_id",
    "source_error",
    "note",
)
"""Columns of events that rows and graphs of others have no place for."""


def lose_event(event: Row, losses: Losses, why: str, *, kept: frozenset[str] = frozenset()) -> None:
    """List what an event says and a row of pairs does not: words, status, sources, remarks."""
    own = event["event_id"]
    for name in LISTED:
        if name not in kept:
            losses.add(own, name, event.get(name), why)
    if "evidence" not in kept:
        losses.add(own, "evidence", f"{event['evidence_start']}-{event['evidence_end']}", why)
    if "count_min" not in kept:
        losses.add(own, "count_min", event["count_min"] if event["count_min"] != 1 else None, why)
    if "date" not in kept and event["date"] != str(event["date_earliest"]):
        losses.add(own, "date", event["date"], "one day is written, not a period or an open date")
