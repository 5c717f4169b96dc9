"""The summary of a table: the same as plain polars counts, whatever the format, the order and the batches."""

from __future__ import annotations

import json
import random
import tempfile
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import standoff
from standoff import schema
from standoff.bulk import summary as counting
from standoff.bulk.request import Request
from standoff.bulk.run import check_tables
from standoff.cli import main
from standoff.model.summary import Summary
from standoff.report import summary as shown

PROFILE = """title = "own events"\nkey = ["id"]
columns = [
    { name = "id", required = true },
    { name = "date", type = "date" },
    { name = "actor" },
    { name = "target" },
    { name = "action" },
    { name = "quad_class", type = "int32" },
    { name = "latitude", type = "float64" },
]
"""
SCHEMA = {
    "id": pl.String, "date": pl.Date, "actor": pl.String, "target": pl.String, "action": pl.String,
    "quad_class": pl.Int32, "latitude": pl.Float64,
}  # fmt: skip
FIRST = date(2021, 3, 1)


def write(frame: pl.DataFrame, path: Path) -> Path:
    writers: dict[str, Any] = {
        ".csv": frame.write_csv,
        ".parquet": lambda file: frame.write_parquet(file, row_group_size=max(7, frame.height // 5)),
        ".jsonl": frame.write_ndjson,
    }
    writers[path.suffix](path)
    return path


def summarised(folder: Path, *tables: Path, profile: str = PROFILE) -> Summary:
    (folder / "p.toml").write_text(profile, "utf-8")
    [found] = check_tables(Request(tables, profile=str(folder / "p.toml"), summary=True)).summaries
    return found


def oracle(frame: pl.DataFrame) -> dict[str, Any]:
    """The same numbers by plain queries."""
    lists = schema.folder() / "codes" / "cameo" / "actions.csv"
    codes = pl.read_csv(lists, infer_schema=False).select(action="code", root=pl.col("code").str.slice(0, 2))
    unknown = {
        name: frame[name].is_null() | frame[name].is_in(["---", "UNK", "UIS"]).fill_null(value=False)
        for name in ("actor", "target")
    }
    same = ["date", "actor", "target", "action", "latitude"]
    several = (
        frame.filter(
            pl.all_horizontal(pl.col("id", "date", "action").is_not_null()),
            pl.any_horizontal(pl.col("actor", "target").is_not_null()),
        )
        .group_by(same)
        .agg(pl.col("id").n_unique().alias("ids"), pl.len().alias("rows"))
        .filter(pl.col("ids") > 1)
    )
    return {
        "days": dict(frame.drop_nulls("date").group_by("date").len().sort("date").iter_rows()),
        "undated": frame["date"].null_count(),
        "roots": dict(frame.join(codes, on="action", how="left").group_by("root").len().iter_rows()),
        "quads": {
            None if value is None else str(value): n
            for value, n in frame.group_by("quad_class").len().iter_rows()
        },
        "unknown": {
            **{name: int(flags.sum()) for name, flags in unknown.items()},
            "both": int((unknown["actor"] & unknown["target"]).sum()),
        },
        "code_010": frame.filter(pl.col("action") == "010").height,
        "several": (several.height, int(several["rows"].sum())),
    }


def counted(found: Summary) -> dict[str, Any]:
    assert found.several_ids is not None
    return {
        "days": dict(found.days), "undated": found.undated, "roots": dict(found.roots), "quads": dict(found.quad_classes),
        "unknown": dict(found.unknown), "code_010": found.code_010,
        "several": (found.several_ids.events, found.several_ids.rows),
    }  # fmt: skip


def some(*values: Any) -> Any:
    return st.sampled_from([None, *values])


rows_of = st.lists(
    st.tuples(
        some("a", "b", "c", "d"), some(FIRST, FIRST + timedelta(days=1)), some("USA", "UNK", "IRN"), some("USA"),
        some("010", "0231", "190", "999", "a code that is too long"), some(1, 4), some(1.5),
    ).filter(any),  # empty lines at the end of a CSV file are not rows
    min_size=1, max_size=30,
)  # fmt: skip


@settings(max_examples=settings.default.max_examples // 2)
@given(
    rows_of,
    st.randoms(use_true_random=False),
    st.sampled_from(["csv", "parquet", "jsonl"]),
    st.integers(0, 30),
)
def test_the_summary_is_what_plain_queries_count(
    rows: list[Any], order: random.Random, ending: str, cut: int
) -> None:
    """Whatever the format, the order of the rows, and how they are divided into parts."""
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    order.shuffle(rows)
    shuffled = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    parts = [part for part in (shuffled.head(cut), shuffled.slice(cut)) if part.height]
    with tempfile.TemporaryDirectory() as folder:
        if ending == "jsonl":  # a column of JSON Lines without any value is not there
            parts = [frame] if all(frame[name].null_count() < frame.height for name in SCHEMA) else []
        if not parts:
            return
        tables = [write(part, Path(folder, f"{n}.{ending}")) for n, part in enumerate(parts)]
        found = summarised(Path(folder), *tables)
    assert found.rows == frame.height
    assert counted(found) == oracle(frame)


def daily(days: int, rows: int = 40, **changed: int) -> pl.DataFrame:
    """A table with so many rows a day; `changed` are the numbers of rows of other days, by number: d3=0."""
    counts = [changed.get(f"d{n}", rows) for n in range(days)]
    dates = [FIRST + timedelta(days=n) for n, count in enumerate(counts) for _ in range(count)]
    codes = [["010", "042", "190", "112", "061"][i % 5] for i in range(len(dates))]
    quads = [[1, 1, 4, 3, 2][i % 5] for i in range(len(dates))]
    return pl.DataFrame(
        {
            "id": [f"e{i}" for i in range(len(dates))],
            "date": dates,
            "actor": ["USA"] * len(dates),
            "target": ["IRN"] * len(dates),
            "action": codes,
            "quad_class": quads,
            "latitude": [i / 8 for i in range(len(dates))],
        },
        schema=SCHEMA,
    )


def about(folder: Path, frame: pl.DataFrame, profile: str = PROFILE, **asked: Any) -> dict[str, str]:
    """The codes that a check with a summary adds, and their severities."""
    (folder / "p.toml").write_text(profile, "utf-8")
    table = write(frame, folder / "t.parquet")
    plain = {f.code for f in standoff.check(table, profile=folder / "p.toml")}
    found = standoff.check(table, profile=folder / "p.toml", summary=True, **asked)
    assert {f.code for f in found} >= plain
    return {f.code: f.severity for f in found if f.code not in plain}


def test_a_sound_daily_table_has_no_findings(tmp_path: Path) -> None:
    """Weekends with half of the rows, and rows about events a year ago, are common in tables of news."""
    frame = daily(60, **{f"d{n}": 20 for n in range(60) if n % 7 > 4})
    old = frame.head(30).with_columns(pl.col("date") - timedelta(days=365), pl.col("id") + "old")
    assert about(tmp_path, pl.concat([frame, old])) == {}
    assert about(tmp_path, frame.head(15)) == {}  # one day


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"d20": 0}, {"days-without-rows": "note"}),
        ({"d20": 0, "d21": 0, "d22": 0}, {"days-without-rows": "warning"}),
        ({"d20": 8}, {"days-with-few-rows": "note"}),
        ({"d20": 1}, {"days-with-few-rows": "warning"}),
        ({"d59": 8}, {"days-with-few-rows": "note"}),
        ({"d20": 12}, {}),
    ],
)
def test_gaps_and_drops_are_found(changed: Any, expected: Any, tmp_path: Path) -> None:
    assert about(tmp_path, daily(60, **changed)) == expected


def test_a_gap_and_a_drop_are_named(tmp_path: Path) -> None:
    found = summarised(tmp_path, write(daily(60, d20=0, d21=0, d30=2), tmp_path / "t.parquet"))
    gap = (FIRST + timedelta(days=20), FIRST + timedelta(days=21))
    assert found.gaps == [gap]
    assert [(thin.day, thin.rows, thin.usual) for thin in found.thin] == [(FIRST + timedelta(days=30), 2, 40)]


def test_a_sparse_table_has_neither_gaps_nor_drops(tmp_path: Path) -> None:
    assert about(tmp_path, daily(200, rows=2, **{f"d{n}": 0 for n in range(0, 200, 3)})) == {}
    assert about(tmp_path, daily(200, **{f"d{n}": 0 for n in range(200) if n % 7})) == {}  # weekly


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("action", "042", "one-code-dominates"),
        ("action", "010", "statements-dominate"),
        ("actor", "UNK", "actors-unknown"),
        ("target", None, "actors-unknown"),
        ("latitude", 0.0, "event-under-several-ids"),
    ],
)
def test_shares_are_notes_warnings_or_nothing_as_the_profile_says(
    column: str, value: Any, code: str, tmp_path: Path
) -> None:
    frame = daily(30).with_columns(pl.lit(value, SCHEMA[column]).alias(column))
    if column == "action":
        frame = frame.with_columns(quad_class=pl.lit(1, pl.Int32))
    assert code in about(tmp_path, frame)
    limit = {
        "one-code-dominates": "root", "statements-dominate": "code_010", "actors-unknown": "unknown_actor",
        "event-under-several-ids": "several_ids",
    }[code]  # fmt: skip
    never = f"[summary.note]\n{limit} = 1\nquad_class = 1\n[summary.warning]\n{limit} = 1\n"
    assert code not in about(tmp_path, frame, PROFILE + never)
    always = f"[summary.warning]\n{limit} = 0\n"
    assert about(tmp_path, frame, PROFILE + always)[code] == "warning"
    assert code not in about(tmp_path, frame, ignore=[code])


def test_known_actors_are_what_the_profile_says(tmp_path: Path) -> None:
    own = PROFILE + '[summary]\nunknown = ["USA"]\n'
    found = summarised(tmp_path, write(daily(2), tmp_path / "t.csv"), profile=own)
    assert found.unknown == {"actor": 80, "target": 0, "both": 0}


def test_of_a_large_table_a_share_of_the_events_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = pl.concat([daily(200), daily(200).with_columns(pl.col("id") + "x")])
    monkeypatch.setattr(counting, "EXACT", frame.height // 4)
    found = summarised(tmp_path, write(frame, tmp_path / "t.parquet")).several_ids
    assert found is not None
    assert found.sampled == 4
    assert found.events == pytest.approx(8_000, rel=0.1)
    assert found == summarised(tmp_path, write(frame.reverse(), tmp_path / "u.csv")).several_ids


def test_numbers_read_directly_or_as_text_are_summarised_alike(tmp_path: Path) -> None:
    """One number that cannot be read makes the whole file be read again as text."""
    table = write(daily(3), tmp_path / "t.csv")
    before = summarised(tmp_path, table)
    table.write_text(table.read_text().replace(",0.125\n", ",east\n"))
    assert summarised(tmp_path, table).as_dict() == before.as_dict()


# ---- how it is shown -----------------------------------------------------------------------------------------------


@pytest.fixture
def asked(tmp_path: Path) -> list[str]:
    (tmp_path / "p.toml").write_text(PROFILE, "utf-8")
    table = write(daily(60, d20=0), tmp_path / "t.parquet")
    return ["check", str(table), "--profile", str(tmp_path / "p.toml")]


def test_json_has_the_summary_only_where_it_is_asked_for(
    asked: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main([*asked, "--format", "json"])
    [told] = json.loads(capsys.readouterr().out)["tables"]
    assert not {"days", "gaps", "code_010"} & told.keys()
    main([*asked, "--format", "json", "--summary"])
    report = json.loads(capsys.readouterr().out)
    jsonschema.validate(report, schema.json_schema("report"))
    [told] = report["tables"]
    assert told["gaps"] == [{"first": "2021-03-21", "last": "2021-03-21"}]
    assert told["code_010"] == {"rows": 472, "share": 0.2}


def test_text_and_markdown_have_a_figure(
    asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main(asked)
    assert "summary of" not in capsys.readouterr().out
    main([*asked, "--summary"])
    figure = "█" * 20 + "·" + "█" * 39
    assert figure in capsys.readouterr().out
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "step.md"))
    main([*asked, "--summary", "--format", "github"])
    assert figure in (tmp_path / "step.md").read_text("utf-8")


def test_a_figure_shows_no_rows_as_a_dot_and_few_as_the_lowest_bar() -> None:
    assert shown.figure([0, 1, 400, 800]) == "·▁▄█"
    assert shown.figure([]) == ""


@given(st.dictionaries(st.integers(0, 500), st.integers(1, 50), min_size=1), st.integers(1, 80))
def test_the_figure_has_every_row_of_the_period(numbers: dict[int, int], most: int) -> None:
    days = {FIRST + timedelta(days=n): rows for n, rows in sorted(numbers.items())}
    found = Summary("t", sum(days.values()), days=days)
    bins = found.bins(most)
    assert len(bins) <= most
    first, last = found.period or (min(days), max(days))
    assert sum(bins) == sum(rows for day, rows in days.items() if first <= day <= last)
    inside = Counter({a + timedelta(days=n): 1 for a, b in found.gaps for n in range((b - a).days + 1)})
    assert not inside.keys() & days.keys()


@pytest.mark.parametrize("engine", ["spark", "dask"])
def test_other_engines_refuse_a_summary(engine: Any, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="this machine only"):
        standoff.check(tmp_path / "t.parquet", summary=True, engine=engine)
