"""The page on counting: its Python and SQL run, agree with each other, and with the same questions asked of `events`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

import standoff
from standoff.release.compile import compile_tables
from standoff.source.corpus import read_corpus

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "how-to-count.md").read_text("utf-8")
RECIPES = ("1", "2", "3", "4", "5", "6", "7")
Counts = dict[tuple[Any, ...], tuple[float, ...]]


def blocks(heading: str, language: str) -> list[str]:
    """The code blocks of a language below a heading of the page."""
    section = re.split(r"^## ", PAGE, flags=re.MULTILINE)
    (text,) = [each for each in section if each.startswith(heading)]
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    return compile_tables(read_corpus(ROOT / "dataset"))


@pytest.fixture(autouse=True)
def installed(tables: dict[str, pl.DataFrame], monkeypatch: pytest.MonkeyPatch) -> None:
    """The dataset as it is now, in the place of the newest release."""
    monkeypatch.setattr(standoff, "load", lambda name: tables[name])


@pytest.fixture(scope="module")
def database(
    tables: dict[str, pl.DataFrame], tmp_path_factory: pytest.TempPathFactory
) -> duckdb.DuckDBPyConnection:
    folder = tmp_path_factory.mktemp("release")
    for name, frame in tables.items():
        frame.write_parquet(folder / f"{name}.parquet")
    connection = duckdb.connect()
    (setup,) = blocks("Before you start", "sql")
    connection.execute(re.sub(r"'(\w+\.parquet)'", rf"'{folder.as_posix()}/\1'", setup))
    return connection


def in_python(recipe: str) -> pl.DataFrame:
    names: dict[str, Any] = {}
    for block in (*blocks("Before you start", "python"), *blocks(f"{recipe}. ", "python")):
        exec(block, names)
    result = names["result"]
    assert isinstance(result, pl.DataFrame)
    return result


def in_sql(recipe: str, database: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    (query,) = blocks(f"{recipe}. ", "sql")
    return database.sql(query).pl()


def by_key(frame: pl.DataFrame) -> Counts:
    """The counts of a result by the columns that are not counts."""
    counts = [
        name for name in frame.columns if name in ("events", "expected", "conflict", "takes_part", "named")
    ]
    keys = [name for name in frame.columns if name not in counts]
    found = {tuple(row[k] for k in keys): tuple(float(row[c]) for c in counts) for row in frame.to_dicts()}
    assert len(found) == frame.height
    return found


def assert_same(one: Counts, other: Counts) -> None:
    assert one.keys() == other.keys()
    for key, values in one.items():
        assert other[key] == pytest.approx(values, abs=1e-9), key


@pytest.mark.parametrize("recipe", RECIPES)
def test_python_and_sql_give_the_same(recipe: str, database: duckdb.DuckDBPyConnection) -> None:
    ours, theirs = in_python(recipe), in_sql(recipe, database)
    assert ours.columns == theirs.columns
    assert ours.height
    assert_same(by_key(ours), by_key(theirs))


@pytest.mark.parametrize("recipe", RECIPES)
def test_every_recipe_is_there_in_r(recipe: str) -> None:
    (code,) = blocks(f"{recipe}. ", "r")
    assert "result <-" in code


# ---- the same questions, asked of `events`, `participants` and `affiliations` ---------------------------------------------


class Asked:
    """What `events` says, without `dyads`: sides and heads of hierarchy are worked out here, on their own."""

    def __init__(self, tables: Mapping[str, pl.DataFrame]) -> None:
        self.events = {row["event_id"]: row for row in tables["events"].to_dicts()}
        self.participants = tables["participants"].to_dicts()
        self.passes = tables["passes"].to_dicts()
        self.periods: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in tables["affiliations"].to_dicts():
            self.periods[row["actor_id"]].append(row)

    def top(self, actor: str, event: Mapping[str, Any]) -> str:
        """The head of hierarchy on the latest day of the event, else the earliest."""
        day = event["date_latest"] or event["date_earliest"] or date.max
        while True:
            inside = [
                row
                for row in self.periods[actor]
                if (row["date_from"] is None or row["date_from"] <= day)
                and (row["date_until"] is None or day <= row["date_until"])
            ]
            if not inside or inside[0]["parent_id"] is None:
                return actor
            actor = inside[0]["parent_id"]

    def sides(self, event_id: str, role: str) -> list[str]:
        return [p["actor_id"] for p in self.participants if (p["event_id"], p["role"]) == (event_id, role)]

    def directions(self, event_id: str) -> list[tuple[str | None, str | None]]:
        """The directed pairs of an event, each as heads of hierarchy; without repeats among the parties themselves."""
        event = self.events[event_id]
        actors, targets = self.sides(event_id, "actor"), self.sides(event_id, "target")
        if not actors or not targets:
            pairs: list[tuple[str | None, str | None]] = [
                (a, t) for a in actors or [None] for t in targets or [None]
            ]
        else:
            pairs = [(a, t) for a in actors for t in targets if a != t]
            if event["reciprocal"]:
                pairs = list(dict.fromkeys([*pairs, *((t, a) for a, t in pairs)]))
            elif event["action"] == "042":
                pairs += [(t, a) for a, t in pairs]
        return [(a and self.top(a, event), t and self.top(t, event)) for a, t in pairs]

    def shares(self) -> Iterator[tuple[dict[str, Any], str | None, str | None, float]]:
        for event_id, event in self.events.items():
            pairs = self.directions(event_id)
            for actor, target in pairs:
                yield event, actor, target, 1 / len(pairs)

    def by_class(self, wanted: set[str]) -> Counts:
        found: defaultdict[tuple[Any, ...], float] = defaultdict(float)
        for event_id in wanted:
            found[(self.events[event_id]["quad_class"],)] += 1
        return {key: (value,) for key, value in found.items()}


@pytest.fixture(scope="module")
def asked(tables: dict[str, pl.DataFrame]) -> Asked:
    return Asked(tables)


def test_attacks_are_as_many_as_in_events(asked: Asked) -> None:
    found: defaultdict[tuple[Any, ...], float] = defaultdict(float)
    for event, actor, target, share in asked.shares():
        if event["root"] in ("18", "19", "20"):
            found[actor, target] += share
    result = by_key(in_python("1"))
    assert_same(result, {key: (value,) for key, value in found.items()})
    attacks = sum(event["root"] in ("18", "19", "20") for event in asked.events.values())
    assert sum(value for (value,) in result.values()) == pytest.approx(attacks, abs=1e-9)
    assert any(None in key for key in result)  # those that 1.x left out


def test_weeks_hold_as_many_events_as_have_a_closed_date(asked: Asked) -> None:
    found: defaultdict[tuple[Any, ...], float] = defaultdict(float)
    for event in asked.events.values():
        first, last = event["date_earliest"], event["date_latest"]
        if first and last:
            days = (last - first).days + 1
            for n in range(days):
                day = first + timedelta(n)
                found[day - timedelta(day.weekday()), event["quad_class"]] += 1 / days
    assert_same(by_key(in_python("2")), {key: (value,) for key, value in found.items()})


def test_edges_weigh_what_the_events_between_two_sides_weigh(asked: Asked) -> None:
    found: defaultdict[tuple[Any, ...], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for event, actor, target, share in asked.shares():
        if actor and target:
            found[actor, target][0] += share
            found[actor, target][1] += share * (event["quad_class"] > 2)
    assert_same(by_key(in_python("3")), {key: (all_, bad / all_) for key, (all_, bad) in found.items()})


def test_events_of_unnamed_sources_are_as_many_as_in_events(asked: Asked) -> None:
    wanted = {p["event_id"] for p in asked.participants if p["anonymous"]}
    assert wanted
    assert_same(by_key(in_python("4")), asked.by_class(wanted))


def test_events_that_both_readers_coded_alike_are_as_many_as_in_events(asked: Asked) -> None:
    readers: defaultdict[str, set[str]] = defaultdict(set)
    for row in asked.passes:
        event = asked.events.get(row["adjudicated_id"])
        if event and row["action"] == event["action"]:
            readers[row["adjudicated_id"]].add(row["annotator"])
    wanted = {event_id for event_id, names in readers.items() if names >= {"b1", "b2"}}
    assert wanted
    assert_same(by_key(in_python("5")), asked.by_class(wanted))


def test_hezbollah_acts_as_often_as_in_events(asked: Asked) -> None:
    events: defaultdict[tuple[Any, ...], set[str]] = defaultdict(set)
    weight: defaultdict[tuple[Any, ...], float] = defaultdict(float)
    for event, actor, _, share in asked.shares():
        if actor == "hezbollah":
            events[(event["quad_class"],)].add(event["event_id"])
            weight[(event["quad_class"],)] += share
    assert_same(by_key(in_python("6")), {key: (len(ids), weight[key]) for key, ids in events.items()})


def test_iran_is_a_target_as_often_as_in_events(asked: Asked) -> None:
    named: defaultdict[tuple[Any, ...], set[str]] = defaultdict(set)
    events: defaultdict[tuple[Any, ...], set[str]] = defaultdict(set)
    weight: defaultdict[tuple[Any, ...], float] = defaultdict(float)
    for event, _, target, share in asked.shares():
        if target == "iran":
            key = (event["quad_class"],)
            events[key].add(event["event_id"])
            weight[key] += share
            if any(asked.top(side, event) == "iran" for side in asked.sides(event["event_id"], "target")):
                named[key].add(event["event_id"])
    expected = {key: (len(ids), len(named[key]), weight[key]) for key, ids in events.items()}
    assert_same(by_key(in_python("7")), expected)
    assert sum(map(len, events.values())) > sum(map(len, named.values())) > 0
