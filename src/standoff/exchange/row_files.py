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
        raise UsageError(
            f"{profile} rows cannot be made of {source.name}: it is coded in another list of actions than these rows"
        )
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
def _listed(file: str, column: str = "code") -> frozenset[str]:
    """Return the codes of a list that is shipped, such as "gdelt/types.csv"."""
    with (shipped.folder() / file).open(encoding="utf-8", newline="") as lines:
        return frozenset(row[column] for row in csv.DictReader(lines))


def _kept(cells: Cells, names: Mapping[str, str], dyad: str, losses: Losses) -> Cells:
    """Return the cells without the codes that the other dataset's list lacks; `names` gives the list of a column."""
    for name, file in names.items():
        code = cells.get(name)
        if code is not None and code not in _listed(file):
            losses.add(dyad, name, str(code), f"{file} does not have the code")
            cells = {key: value for key, value in cells.items() if key != name}
    return cells


def _in_gdelt(cells: Cells, prefix: str, dyad: str, losses: Losses) -> Cells:
    lists = {f"{prefix}_group": "gdelt/known_groups.csv", f"{prefix}_country": "gdelt/countries.csv"}
    lists |= {f"{prefix}_type{n}": "gdelt/types.csv" for n in (1, 2, 3)}
    return _kept(cells, lists, dyad, losses) | {f"{prefix}_geo_type": 0}


def _gdelt2(pair: Pair, number: int, losses: Losses) -> Cells | None:
    day = pair.day
    assert day is not None
    code = pair.dyad["action"]
    if code in _listed("gdelt/actions_not_used.csv"):
        losses.add(
            pair.dyad["dyad_id"], "action", code, "GDELT does not have the code; the one above is written"
        )
        code = pair.action["parent"]
    if len(code) == 2:  # GDELT writes a root as the general code below it
        code = f"{code}0"
    published = pair.document["published_latest"] or day
    place = pair.places[0] if pair.places else {}
    if place and place.get("latitude") is None:
        losses.add(
            pair.dyad["dyad_id"], "where", str(place.get("place_id")), "places of GDELT have coordinates"
        )
        place = {}
    losses.add(pair.dyad["dyad_id"], "tone", "", "GDELT needs a tone; 0 is written, and nothing was measured")
    dyad = pair.dyad["dyad_id"]
    kinds = {"country": 1, "city": 4, "area": 5, "region": 5}
    return {
        "event_id": number,
        "date": f"{day:%Y%m%d}",
        "month": f"{day:%Y%m}",
        "year": f"{day:%Y}",
        "date_fraction": f"{day.year + (30 * (day.month - 1) + day.day) / 365:.4f}",
        **_in_gdelt(_side(pair.dyad["actor_code"], pair.actor, "actor"), "actor", dyad, losses),
        **_in_gdelt(_side(pair.dyad["target_code"], pair.target, "target"), "target", dyad, losses),
        "is_root_event": 1,
        "action": code,
        "action_base": _base(code),
        "root": code[:2],
        "quad_class": pair.dyad["quad_class"],
        "goldstein": pair.dyad["goldstein"],
        "mentions": 1,
        "sources": 1,
        "articles": 1,
        "tone": 0,
        "action_geo_type": kinds.get(str(place.get("kind")), 5) if place else 0,
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
        lists = {f"{prefix}_country": "plover/countries.csv", f"{prefix}_type1": "plover/sectors.csv"}
        cells = _kept(_side(code, row, prefix), lists, pair.dyad["dyad_id"], losses)
        return {
            prefix: row.get("name") or "None",
            f"{prefix}_country": cells.get(f"{prefix}_country", "None"),
            f"{prefix}_sector": cells.get(f"{prefix}_type1", "None"),
        }

    mode = pair.action.get("plover_mode")
    if mode and mode not in _listed("plover/actions.csv", "mode"):
        losses.add(pair.dyad["dyad_id"], "mode", mode, "plover/actions.csv does not have the mode")
        mode = None
    place = pair.places[0] if pair.places else {}
    return {
        "id": pair.dyad["dyad_id"],
        "date": pair.day,
        "plover_type": kind,
        "plover_mode": mode or "None",
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
