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
from standoff.exchange.coded import Source, Tables
from standoff.exchange.losses import Losses
from standoff.exchange.pairs import Pair, lose_event, lose_negatives, pairs
from standoff.exchange.rows import layout
from standoff.findings import UsageError

Cells = dict[str, Any]
DROPPED = "the code has no type in PLOVER"
PLOVER = "plover/actions.csv"


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
    cells: Callable[[Pair, Losses], Cells | None],
    losses: Losses,
) -> None:
    shape = layout(profile)
    numbered = next(iter(shape.columns)) == "event_id"

    def rows(tables: Tables, losses: Losses) -> list[tuple[str, str]]:
        """Return the row of each pair with its id. A row whose id is a number comes without it."""
        _require_codes(tables, source.name, profile)
        lose_negatives(tables, losses, "rows are events")
        found, seen = [], set[str]()
        for pair in pairs(tables):
            event = pair.event
            if pair.day is None:
                losses.add(event["event_id"], "event", event["date"], "no day is known")
                continue
            values = cells(pair, losses)
            if values is None:
                continue
            listed = [_cell(values.get(name)) for name in shape.columns]
            found.append((pair.dyad["dyad_id"], "\t".join(listed[numbered:])))
            if event["event_id"] not in seen:
                seen.add(event["event_id"])
                lose_event(event, losses, f"{profile} rows have no column for it")
                for place in pair.places[1:]:
                    losses.add(event["event_id"], "where", place["place_id"], "a row has one place")
        return found

    number = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        if shape.header:
            file.write("\t".join(titles[0] for titles in shape.columns.values()) + "\n")
        for block in source.each_block(rows, losses):
            for dyad, row in block:
                number += 1
                file.write(f"{number}\t{row}\n" if numbered else f"{row}\n")
                if numbered:
                    losses.add(dyad, "id", dyad, f"written as {number}")


def _require_codes(tables: Tables, name: str, profile: str) -> None:
    """Raise UsageError if a dataset is coded in actions that rows of a profile cannot say."""
    actions = tables["actions"]
    of_plover = profile == "polecat" and not _listed(PLOVER).isdisjoint(actions["action"])
    if "plover_type" not in actions.columns and not of_plover:
        raise UsageError(
            f"{profile} rows cannot be made of {name}: it is coded in another list of actions than these rows"
        )


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6g}"
    return " ".join(str(value).split())  # a cell holds neither tabs nor line breaks


def _base(code: str) -> str:
    return code[:3] if len(code) > 3 else code


def _action(pair: Pair, known: Callable[[str], bool], whose: str, losses: Losses) -> Mapping[str, Any] | None:
    """Return the row of the action to write: the pair's own, or the nearest above it that is known. Others are listed."""
    code, dyad = pair.dyad["action"], pair.dyad["dyad_id"]
    row = next((each for each in (pair.action, *pair.above) if known(each["action"])), None)
    if row is None:
        losses.add(dyad, "event", code, f"{whose} has neither the code nor one above it")
    elif row is not pair.action:
        losses.add(dyad, "action", code, f"{whose} does not have the code; {row['action']} is written")
    return row


def _in_cameo(code: str) -> bool:
    return code in shipped.scheme().actions


def _in_gdelts_cameo(code: str) -> bool:
    return _in_cameo(code) and code not in _listed("gdelt/actions_not_used.csv")


def _elements(code: str | None) -> list[str]:
    """Return the three-letter parts of an actor's code."""
    return [code[i : i + 3] for i in range(0, len(code), 3)] if code else []


@cache
def _in_columns(code: str, prefix: str) -> tuple[Cells, str]:
    """Return the columns of GDELT that an actor's code fills, and the parts of it that no column holds."""
    lists, elements = shipped.scheme().actor_lists, _elements(code)
    cells: Cells = {f"{prefix}_code": code}
    if elements[0] in lists["countries"]:
        cells[f"{prefix}_country"] = elements.pop(0)
    roles = [each for each in elements if each in lists["roles"]][:3]
    groups = [each for each in elements if each in lists["groups"]][:1]
    cells |= {f"{prefix}_type{n}": each for n, each in enumerate(roles, start=1)}
    cells |= {f"{prefix}_group": each for each in groups}
    return cells, " ".join(each for each in elements if each not in (*roles, *groups))


def _side(code: str | None, row: Mapping[str, Any], prefix: str, dyad: str, losses: Losses) -> Cells:
    """Return the columns of one side in GDELT: the code, and its elements by kind."""
    if not code:
        return {}
    cells, rest = _in_columns(code, prefix)
    why = f"no column holds this part of {code}; the code itself is written"
    losses.add(dyad, f"{prefix}_code", rest, why)
    return {**cells, f"{prefix}_name": str(row.get("name") or "").upper() or None}


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


def _gdelt2(pair: Pair, losses: Losses) -> Cells | None:
    day = pair.day
    assert day is not None
    action = _action(pair, _in_gdelts_cameo, "GDELT", losses)
    if action is None:
        return None
    code = action["action"]
    values = pair.dyad if action is pair.action else action
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
        "date": f"{day:%Y%m%d}",
        "month": f"{day:%Y%m}",
        "year": f"{day:%Y}",
        "date_fraction": f"{day.year + (30 * (day.month - 1) + day.day) / 365:.4f}",
        **_in_gdelt(_side(pair.dyad["actor_code"], pair.actor, "actor", dyad, losses), "actor", dyad, losses),
        **_in_gdelt(
            _side(pair.dyad["target_code"], pair.target, "target", dyad, losses), "target", dyad, losses
        ),
        "is_root_event": 1,
        "action": code,
        "action_base": _base(code),
        "root": code[:2],
        "quad_class": values["quad_class"],
        "goldstein": values["goldstein"],
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


def _icews(pair: Pair, losses: Losses) -> Cells | None:
    countries = shipped.scheme().actor_lists["countries"]

    def country(code: str | None) -> str | None:
        return countries[code[:3]][countries.label] if code and code[:3] in countries else None

    action = _action(pair, _in_cameo, "ICEWS", losses)
    if action is None:
        return None
    for side in ("actor", "target"):
        code = pair.dyad[f"{side}_code"]
        written = bool(code) and len(code) == 3 and country(code)
        losses.add(
            pair.dyad["dyad_id"],
            f"{side}_code",
            None if written else code,
            "rows have the name and the country",
        )
    story = int(pair.document["document_id"][1:])
    if not story:
        losses.add(
            pair.dyad["dyad_id"], "document", pair.document["document_id"], "ICEWS counts stories from 1"
        )
    place = pair.places[0] if pair.places else {}
    return {
        "date": pair.day,
        "actor": pair.actor.get("name"),
        "actor_country": country(pair.dyad["actor_code"]),
        "event_text": action["label"],
        "action": action["action"],
        "goldstein": action["goldstein_icews"],
        "target": pair.target.get("name"),
        "target_country": country(pair.dyad["target_code"]),
        "story_id": story or None,
        "sentence": pair.sentence,
        "publisher": pair.document["publisher"],
        "city": (place.get("place_name") or place.get("name")) if place.get("kind") == "city" else None,
        "country": country(place.get("country")),
        "latitude": place.get("latitude"),
        "longitude": place.get("longitude"),
    }


def _plover(pair: Pair, losses: Losses) -> Cells | None:
    """Return type, mode and context of an action in PLOVER; None, and listed, where it has no type."""
    if "plover_type" not in pair.action:  # coded in PLOVER
        action = _action(pair, _listed(PLOVER).__contains__, "PLOVER", losses)
        kind, _, mode = action["action"].partition(":") if action else ("", "", "")
        return {"plover_type": kind, "plover_mode": mode or "None", "contexts": "None"} if action else None
    action = _action(pair, _in_cameo, "the crosswalk to PLOVER", losses)
    if action is None:
        return None
    dyad, kind, mode = pair.dyad, action["plover_type"], action.get("plover_mode")
    if kind is None:
        losses.add(dyad["dyad_id"], "event", dyad["action"], DROPPED)
        return None
    losses.add(dyad["dyad_id"], "action", dyad["action"], f"written as {kind}")
    if mode and mode not in _listed(PLOVER, "mode"):
        losses.add(dyad["dyad_id"], "mode", mode, f"{PLOVER} does not have the mode")
        mode = None
    contexts = action.get("plover_context") or "None"
    return {"plover_type": kind, "plover_mode": mode or "None", "contexts": contexts}


def _polecat_side(code: str | None, row: Mapping[str, Any], prefix: str, dyad: str, losses: Losses) -> Cells:
    """Return the columns of one side in POLECAT: its country and sectors."""
    elements = _elements(code)
    country = [each for each in elements[:1] if each in _listed("plover/countries.csv")]
    sectors = [each for each in elements if each in _listed("plover/sectors.csv") and each not in country]
    rest = [each for each in elements if each not in (*country, *sectors)]
    losses.add(
        dyad,
        f"{prefix}_code",
        " ".join(rest),
        f"PLOVER has neither a country nor a sector for this part of {code}",
    )
    return {
        prefix: row.get("name") or "None",
        f"{prefix}_country": "".join(country) or "None",
        f"{prefix}_sector": sectors[0] if sectors else "None",
        f"{prefix}_sectors": ";".join(sectors) or "None",
    }


def _polecat(pair: Pair, losses: Losses) -> Cells | None:
    plover, dyad = _plover(pair, losses), pair.dyad["dyad_id"]
    if plover is None:
        return None
    place = pair.places[0] if pair.places else {}
    return {
        "id": dyad,
        "date": pair.day,
        **plover,
        "intensity": pair.dyad.get("plover_score"),
        **_polecat_side(pair.dyad["actor_code"], pair.actor, "actor", dyad, losses),
        **_polecat_side(pair.dyad["target_code"], pair.target, "target", dyad, losses),
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
