"""The same table gets the same verdict and the same output, whichever program wrote it and in whichever format."""

import csv
import json
import random
from collections.abc import Callable, Set
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow.csv
import pyarrow.feather
import pyarrow.parquet
import pytest

from standoff.bulk.outputs import Outputs
from standoff.bulk.request import Request
from standoff.bulk.run import check_tables

PROFILE = """
title = "t"
key = ["key"]
columns = [
    { name = "key", required = true },
    { name = "action", required = true },
    { name = "n", type = "int32", minimum = 0, maximum = 100 },
    { name = "big", type = "int64" },
    { name = "x", type = "float64", minimum = -10, maximum = 10 },
    { name = "day", type = "date", minimum = "1990-01-01" },
    { name = "at", type = "datetime" },
    { name = "flag", type = "bool" },
    { name = "place" },
    { name = "kind", values = ["a", "b", "café"] },
]
"""
SCHEMA = {
    "key": pl.String, "action": pl.String, "n": pl.Int32, "big": pl.Int64, "x": pl.Float64, "day": pl.Date,
    "at": pl.Datetime("us", "UTC"), "flag": pl.Boolean, "place": pl.String, "kind": pl.String,
}  # fmt: skip
TEXTS = [
    "Northport", "a,b", 'say "hi"', "tab\tin", "semi;colon", "Ünïcode", "line\nbreak", "'q'", "007", "1.50", "NA x", "true",
    "back\\slash", "a|b", None,
]  # fmt: skip


def table(seed: int) -> pl.DataFrame:
    """Sound and faulty rows of every kind; about one value in seven is missing."""
    r = random.Random(seed)

    def some(*values: Any) -> Any:
        return None if r.random() < 0.15 else r.choice(values)

    rows = [
        {
            "key": f"k{r.choice([i, i, i, 0])}",
            "action": r.choice(["010", "190", "0231", "042", "999"]),
            "n": some(0, 3, 100, 101, -1, 2**31 - 1),
            "big": some(0, 2**53, 2**53 + 1, -(2**53) - 1, 2**63 - 1, 5),
            "x": some(0.1, 2.8, -10.0, 10.5, 1e-7, 3.0, 0.25),
            "day": some(date(1985, 1, 1) + timedelta(days=r.randrange(15_000))),
            "at": some(datetime(2020, 1, 1) + timedelta(seconds=r.randrange(10**8))),
            "flag": some(True, False),
            "place": r.choice(TEXTS),
            "kind": some("a", "b", "café", "c"),
        }
        for i in range(30)
    ]
    frame = pl.DataFrame(rows, schema=SCHEMA | {"at": pl.Datetime("us")})
    return frame.with_columns(pl.col("at").dt.replace_time_zone("UTC"))


def in_pandas(frame: pl.DataFrame) -> pd.DataFrame:
    """The frame as pandas users have it: whole numbers with gaps as floats, days and truth values as objects."""
    columns = frame.to_dict(as_series=False)
    return pd.DataFrame(
        {name: pd.Series(v, dtype="Int64" if name == "big" else None) for name, v in columns.items()}
    )


def other_types(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        pl.col("key", "action", "kind").cast(pl.Categorical),
        pl.col("n").cast(pl.Float64),
        pl.col("day").cast(pl.Datetime("ms")),
        pl.col("flag").cast(pl.Int8),
        pl.col("at").dt.convert_time_zone("Asia/Tokyo"),
    )


def by_duckdb(options: str) -> Callable[[pl.DataFrame, str], Any]:
    def write(frame: pl.DataFrame, path: str) -> None:
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            connection.register("t", frame.to_arrow())
            connection.execute(f"COPY (SELECT * FROM t) TO '{path}' ({options})")

    return write


WRITERS: dict[str, Callable[[pl.DataFrame, str], Any]] = {
    "polars.csv": lambda f, p: f.write_csv(p),
    "polars, text in quotes.csv": lambda f, p: f.write_csv(p, quote_style="non_numeric"),
    "polars.tsv": lambda f, p: f.write_csv(p, separator="\t"),
    "polars, all in quotes.csv": lambda f, p: f.write_csv(p, quote_style="always"),
    "polars, UTF-16.csv": lambda f, p: Path(p).write_bytes(f.write_csv().encode("utf-16")),
    "polars, semicolons.csv": lambda f, p: f.write_csv(p, separator=";"),
    "polars, lines of Windows.csv": lambda f, p: f.write_csv(p, line_terminator="\r\n", include_bom=True),
    "polars, days as moments.csv": lambda f, p: f.with_columns(pl.col("day").cast(pl.Datetime("us"))).write_csv(p),
    "polars, days as moments.jsonl": lambda f, p: f.with_columns(pl.col("day").cast(pl.Datetime("us"))).write_ndjson(p),
    "polars.jsonl": lambda f, p: f.write_ndjson(p),
    "polars.json": lambda f, p: f.write_json(p),
    "polars.parquet": lambda f, p: f.write_parquet(p),
    "polars, other types.parquet": lambda f, p: other_types(f).write_parquet(p),
    "polars, decimals.parquet": lambda f, p: f.with_columns(pl.col("n").cast(pl.Decimal(12, 2))).write_parquet(p),
    "polars, text.parquet": lambda f, p: f.with_columns(pl.all().cast(pl.String)).write_parquet(p),
    "polars.feather": lambda f, p: f.write_ipc(p),
    "pandas.csv": lambda f, p: in_pandas(f).to_csv(p, index=False),
    "pandas, all in quotes.csv": lambda f, p: in_pandas(f).to_csv(p, index=False, quoting=csv.QUOTE_ALL),
    "pandas.tsv": lambda f, p: in_pandas(f).to_csv(p, index=False, sep="\t"),
    "pandas.jsonl": lambda f, p: in_pandas(f).to_json(p, orient="records", lines=True, date_format="iso"),
    "pandas.parquet": lambda f, p: in_pandas(f).to_parquet(p),
    "pandas.feather": lambda f, p: in_pandas(f).to_feather(p),
    "pyarrow.csv": lambda f, p: pyarrow.csv.write_csv(f.to_arrow(), p),
    "pyarrow.parquet": lambda f, p: pyarrow.parquet.write_table(f.to_arrow(), p),
    "pyarrow.feather": lambda f, p: pyarrow.feather.write_feather(f.to_arrow(), p),
    "duckdb.csv": by_duckdb("FORMAT csv, HEADER true"),
    "duckdb.tsv": by_duckdb("FORMAT csv, HEADER true, DELIMITER '\t'"),
    "duckdb.jsonl": by_duckdb("FORMAT json"),
    "duckdb.json": by_duckdb("FORMAT json, ARRAY true"),
    "duckdb.parquet": by_duckdb("FORMAT parquet"),
}  # fmt: skip


def verdict(path: Path) -> dict[str, Any]:
    """Findings with their counts and columns, the rules that each row fails, and the rows that pass."""
    out = Outputs(*(path.with_name(name) for name in ("good.parquet", "bad.parquet", "failures.parquet")))
    report = check_tables(Request([path], profile=str(path.with_name("p.toml")), outputs=out))
    assert out.good
    assert out.failures
    return {
        "findings": sorted((f.code, json.dumps(f.data, sort_keys=True)) for f in report.findings),
        "failures": pl.read_parquet(out.failures).rows(),
        "good": pl.read_parquet(out.good).rows(),
    }


ONE_OF_A_KIND = {
    "polars.csv", "polars, days as moments.jsonl", "polars, other types.parquet", "polars, UTF-16.csv", "pandas.csv",
    "pandas.feather", "pyarrow.parquet", "duckdb.tsv", "duckdb.json",
}  # fmt: skip


@pytest.mark.parametrize(
    ("seed", "writers"),
    [
        (1, ONE_OF_A_KIND),
        *(pytest.param(seed, WRITERS.keys(), marks=pytest.mark.slow) for seed in range(1, 12)),
    ],
)
def test_the_same_table_has_the_same_verdict_whoever_wrote_it(
    seed: int, writers: Set[str], tmp_path: Path
) -> None:
    expected, frame = None, table(seed)
    for number, name in enumerate(name for name in WRITERS if name in writers):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "p.toml").write_text(PROFILE, encoding="utf-8")
        path = folder / f"t.{name.rpartition('.')[2]}"
        WRITERS[name](frame, str(path))
        found = verdict(path)
        expected = expected or found
        assert found == expected, name
    assert expected
    assert len(expected["failures"]) > len(expected["good"]) > 0, "rows of both kinds"
