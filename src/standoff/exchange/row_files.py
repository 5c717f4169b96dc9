"""Rows as GDELT 2, ICEWS and POLECAT publish them, one for each directed pair, so that users' own scripts run.

Columns are those of the shipped profiles; `standoff check --profile gdelt2` reads the rows back.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from standoff.codes import shipped
from standoff.exchange.loading import Source
from standoff.exchange.losses import Losses
from standoff.exchange.pairs import Pair, lose_event, pairs
from standoff.exchange.rows import layout
from standoff.findings import UsageError

Cells = dict[str, Any]
DROPPED = "the code has no type in PLOVER"


def write_gdelt2(source: Source, folder: Path, losses: Losses) -> None:
    """Write GDELT 2 rows: 61 columns, tab-separated, no header."""
    _write(source, folder / "gdelt2.tsv", "gdelt2", _gdelt2, losses)


def write_icews(source: Source, folder: Path, losses: Losses) -> None:
    """Write ICEWS rows: 20 columns, tab-separated, with a header."""
    _write(source, folder / "icews.tab", "icews", _icews, losses)


def write_polecat(source: Source, folder: Path, losses: Losses) -> None:
    """Write POLECAT rows: tab-separated, with a header; events whose code has no PLOVER type are left out."""
    _write(source, folder / "polecat.txt", "polecat", _polecat, losses)


def _write(
    source: Source,
    path: Path,
    profile: str,
    cells: Callable[[Pair, int, Losses], Cells | None],
    losses: Losses,
) -> None:
    shape = layout(profile)
    if "plover_type" not in source.tables["actions"].columns:
        raise UsageError(f"{profile} rows need CAMEO codes; {source.name} is coded in another list")
    seen, number = set[str](), 0
    for coded in source:  # counts the documents; negatives have no row
        for negative in coded.negatives:
            losses.add(negative.id or "", "negative", negative.reason or "negative", "rows are events")
    with path.open("w", encoding="utf-8", newline="\n") as file:
        if shape.header:
            file.write("\t".join(shape.columns.values()) + "\n")
        for pair in pairs(source):
            event = pair.event
            if pair.day is None:
                losses.add(event["event_id"], "event", event["date"], "no day is known")
                continue
            found = cells(pair, number + 1, losses)
            if found is None:
                continue
            number += 1
            file.write("\t".join(_cell(found.get(name)) for name in shape.columns) + "\n")
            losses.add(pair.dyad["dyad_id"], "id", pair.dyad["dyad_id"], f"written as {found_id(found)}")
            if event["event_id"] not in seen:
                seen.add(event["event_id"])
                lose_event(event, losses, f"{profile} rows have no column for it")
                for place in pair.places[1:]:
                    losses.add(event["event_id"], "where", place["place_id"], "a row has one place")


def found_id(cells: Mapping[str, Any]) -> str:
    """Return the id that a row has."""
    return str(cells.get("event_id") or cells.get("id"))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6g}"
    return " ".join(str(value).split())  # a cell holds neither tabs nor line breaks


def _base(code: str) -> str:
    return code[:3] if len(code) > 3 else code


def _side(code: str | None, row: Mapping[str, Any], prefix: str) -> Cells:
    """Return the columns of one side in GDELT: the code, and its elements by kind."""
    if not code:
        return {}
    lists = shipped.scheme().actor_lists
    elements = [code[i : i + 3] for i in range(0, len(code), 3)]
    cells: Cells = {f"{prefix}_code": code, f"{prefix}_name": str(row.get("name") or "").upper() or None}
    if elements[0] in lists["countries"]:
        cells[f"{prefix}_country"] = elements.pop(0)
    roles = [each for each in elements if each in lists["roles"]][:3]
    groups = [each for each in elements if each in lists["groups"]][:1]
    cells |= {f"{prefix}_type{n}": each for n, each in enumerate(roles, start=1)}
    cells |= {f"{prefix}_group": each for each in groups}
    return cells


@cache
def _not_in_gdelt() -> frozenset[str]:
    """Return the CAMEO codes that GDELT does not have."""
    with (shipped.folder() / "gdelt" / "actions_not_used.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["code"] for row in csv.DictReader(file))


def _gdelt2(pair: Pair, number: int, losses: Losses) -> Cells | None:
    day = pair.day
    assert day is not None
    code = pair.dyad["action"]
    if code in _not_in_gdelt():
        losses.add(
            pair.dyad["dyad_id"], "action", code, "GDELT does not have the code; the one above is written"
        )
        code = pair.action["parent"]
    if len(code) == 2:  # GDELT writes a root as the general code below it
        code = f"{code}0"
    published = pair.document["published_latest"] or day
    place = pair.places[0] if pair.places else {}
    kinds = {"country": 1, "city": 4, "area": 5, "region": 5}
    return {
        "event_id": number,
        "date": f"{day:%Y%m%d}",
        "month": f"{day:%Y%m}",
        "year": f"{day:%Y}",
        "date_fraction": round(day.year + (day.month * 30 + day.day) / 365, 4),
        **_side(pair.dyad["actor_code"], pair.actor, "actor"),
        **_side(pair.dyad["target_code"], pair.target, "target"),
        "is_root_event": 1,
        "action": code,
        "action_base": _base(code),
        "root": code[:2],
        "quad_class": pair.dyad["quad_class"],
        "goldstein": pair.dyad["goldstein"],
        "mentions": 1,
        "sources": 1,
        "articles": 1,
        "action_geo_type": kinds.get(str(place.get("kind"))) if place else None,
        "action_geo_name": place.get("place_name") or place.get("name"),
        "action_latitude": place.get("latitude"),
        "action_longitude": place.get("longitude"),
        "added": f"{published:%Y%m%d}000000",
        "url": pair.document["url"],
    }


def _icews(pair: Pair, number: int, losses: Losses) -> Cells | None:
    countries = shipped.scheme().actor_lists["countries"]

    def country(code: str | None) -> str | None:
        return countries[code[:3]][countries.label] if code and code[:3] in countries else None

    place = pair.places[0] if pair.places else {}
    return {
        "event_id": number,
        "date": pair.day,
        "actor": pair.actor.get("name"),
        "actor_country": country(pair.dyad["actor_code"]),
        "event_text": pair.action["label"],
        "action": pair.dyad["action"],
        "goldstein": pair.action["goldstein_icews"],
        "target": pair.target.get("name"),
        "target_country": country(pair.dyad["target_code"]),
        "story_id": int(pair.document["document_id"][1:]),
        "sentence": pair.sentence,
        "publisher": pair.document["publisher"],
        "city": (place.get("place_name") or place.get("name")) if place.get("kind") == "city" else None,
        "country": country(place.get("country")),
        "latitude": place.get("latitude"),
        "longitude": place.get("longitude"),
    }


def _polecat(pair: Pair, number: int, losses: Losses) -> Cells | None:
    kind = pair.action["plover_type"]
    if kind is None:
        losses.add(pair.dyad["dyad_id"], "event", pair.dyad["action"], DROPPED)
        return None
    losses.add(pair.dyad["dyad_id"], "action", pair.dyad["action"], f"written as {kind}")

    def side(code: str | None, row: Mapping[str, Any], prefix: str) -> Cells:
        cells = _side(code, row, prefix)
        return {
            prefix: row.get("name") or "None",
            f"{prefix}_country": cells.get(f"{prefix}_country", "None"),
            f"{prefix}_sector": cells.get(f"{prefix}_type1", "None"),
        }

    place = pair.places[0] if pair.places else {}
    return {
        "id": pair.dyad["dyad_id"],
        "date": pair.day,
        "plover_type": kind,
        "plover_mode": pair.action.get("plover_mode") or "None",
        "contexts": pair.action.get("plover_context") or "None",
        **side(pair.dyad["actor_code"], pair.actor, "actor"),
        **side(pair.dyad["target_code"], pair.target, "target"),
        "place": place.get("place_name") or place.get("name") or "None",
        "country": place.get("country") or "None",
        "latitude": place.get("latitude"),
        "longitude": place.get("longitude"),
        "geonames": place.get("geonames") or place.get("geonames_id"),
        "publisher": pair.document["publisher"],
        "published": pair.document["published_latest"],
        "language": pair.document["language"],
        "version": "standoff",
    }
