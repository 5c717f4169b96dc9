"""The released tables: what their contract refuses, and that every reader gets the same values out of every file."""

from __future__ import annotations

import csv
import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from polars.testing import assert_frame_equal

from standoff.findings import StandoffError, TableFault
from standoff.release.compile import compile_tables
from standoff.release.contract import check_tables, validate
from standoff.source.corpus import read_corpus
from standoff.tables import TABLES, references

CORPUS = Path(__file__).parents[1] / "corpus" / "dataset"
WRONG_TYPE = {
    "string": pl.Int32,
    "int32": pl.Int64,
    "float64": pl.Float32,
    "bool": pl.Int32,
    "date": pl.String,
}


@pytest.fixture(scope="module")
def frames() -> dict[str, pl.DataFrame]:
    return compile_tables(read_corpus(CORPUS))


@pytest.fixture
def folder(releases: Path) -> Path:
    return releases / "v0.1.0"


def refused(name: str, frame: pl.DataFrame) -> list[dict[str, Any]]:
    """What the contract says of a frame that it must refuse."""
    import pandera.errors

    with pytest.raises(pandera.errors.SchemaErrors) as caught:
        validate(name, frame)
    cases: list[dict[str, Any]] = caught.value.failure_cases.to_dicts()
    return cases


def with_value(frame: pl.DataFrame, column: str, value: Any) -> pl.DataFrame:
    """The frame with another value in the first row."""
    first = pl.int_range(pl.len()) == 0
    return frame.with_columns(
        pl.when(first).then(pl.lit(value, dtype=frame.schema[column])).otherwise(pl.col(column)).alias(column)
    )


# ---- the contract ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES)
def test_compiled_tables_keep_their_contract(name: str, frames: dict[str, pl.DataFrame]) -> None:
    assert validate(name, frames[name]) is frames[name]
    assert frames[name].height > 0, "an empty table would prove nothing in this file"


@pytest.mark.parametrize("name", TABLES)
def test_nothing_is_refused_where_something_must_stand(name: str, frames: dict[str, pl.DataFrame]) -> None:
    frame = frames[name]
    for column in frame.columns:
        frame = with_value(frame, column, None)
    required = {column.name for column in TABLES[name].columns if not column.optional}
    assert {case["column"] for case in refused(name, frame) if case["check"] == "not_nullable"} == required


@pytest.mark.parametrize("name", TABLES)
def test_another_type_is_refused_in_every_column_and_asked_nothing_else(
    name: str, frames: dict[str, pl.DataFrame]
) -> None:
    for columns in (TABLES[name].columns[::2], TABLES[name].columns[1::2]):
        wrong = [pl.lit(None, dtype=WRONG_TYPE[column.kind]).alias(column.name) for column in columns]
        cases = refused(name, frames[name].with_columns(wrong))
        said = {(case["column"], case["check"].partition("(")[0]) for case in cases}
        assert said == {(column.name, "dtype") for column in columns} | {
            (column.name, "not_nullable") for column in columns if not column.optional
        }


@pytest.mark.parametrize("name", TABLES)
def test_a_value_outside_a_closed_list_is_refused(name: str, frames: dict[str, pl.DataFrame]) -> None:
    frame, closed = frames[name], [column for column in TABLES[name].columns if column.values]
    for column in closed:
        frame = with_value(frame, column.name, "another" if column.kind == "string" else 99)
    said = str(refused(name, frame)) if closed else ""
    assert [column.name for column in closed if f"value-not-listed:{column.name}" not in said] == []


@pytest.mark.parametrize("name", TABLES)
def test_the_same_key_twice_is_refused(name: str, frames: dict[str, pl.DataFrame]) -> None:
    first = frames[name].head(1)
    assert "duplicate" in str(refused(name, pl.concat([first, first])))


@pytest.mark.parametrize("name", TABLES)
def test_columns_are_these_in_this_order(name: str, frames: dict[str, pl.DataFrame]) -> None:
    frame = frames[name]
    assert "extra" in str(refused(name, frame.with_columns(extra=pl.lit(1))))
    assert frame.columns[-1] in str(refused(name, frame.drop(frame.columns[-1])))
    refused(name, frame.select(reversed(frame.columns)))


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("events", {"action": "10"}),
        ("events", {"action": "999"}),
        ("events", {"root": "01"}),
        ("events", {"quad_class": 4}),
        ("events", {"goldstein": -9.5}),
        ("events", {"goldstein": None}),
        ("events", {"goldstein": float("nan")}),
        ("events", {"date_earliest": date(2024, 1, 1), "date_latest": date(2023, 1, 1)}),
        ("events", {"date_precision": "year"}),
        ("events", {"trigger_start": 99999}),
        ("events", {"evidence_start": -1}),
        ("events", {"status": "denied"}),
        ("events", {"count_min": 0}),
        ("events", {"note": ""}),
        ("events", {"trigger": ""}),
        ("mentions", {"span_start": 9999}),
        ("links", {"span_start": -1}),
        ("dyads", {"weight": 1.5}),
        ("places", {"latitude": 91.0}),
        ("dyads", {"target_id": "zoe-anstrom", "actor_id": "zoe-anstrom"}),
        ("documents", {"published_earliest": date(2030, 1, 1)}),
        ("affiliations", {"date_from": date(2030, 1, 1), "date_until": date(2029, 1, 1)}),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(
    name: str, changed: dict[str, Any], frames: dict[str, pl.DataFrame]
) -> None:
    frame = frames[name]
    for column, value in changed.items():
        frame = with_value(frame, column, value)
    refused(name, frame)


def test_a_lazy_frame_is_refused_and_not_waved_through(frames: dict[str, pl.DataFrame]) -> None:
    with pytest.raises(TypeError, match="eager polars DataFrame, not LazyFrame"):
        validate("events", frames["events"].lazy())  # type: ignore[arg-type]


def test_anyone_can_validate_with_the_contract(frames: dict[str, pl.DataFrame]) -> None:
    import pandera.errors

    import standoff

    contract = standoff.contract("events")
    assert (contract.name, contract.unique_column_names) == ("events", False)
    assert list(contract.columns) == frames["events"].columns
    assert contract.validate(frames["events"]).equals(frames["events"])
    wrong = with_value(frames["events"], "root", "19" if frames["events"]["root"][0] != "19" else "18")
    with pytest.raises(pandera.errors.SchemaErrors) as caught:
        contract.validate(wrong, lazy=True)
    failures = caught.value.failure_cases
    assert "root-mismatch" in failures["check"].to_list()
    assert failures.filter(pl.col("check") == "root-mismatch")["index"].to_list() == [0]


@pytest.mark.parametrize(("name", "error"), [("event", StandoffError), (None, TypeError), (3, TypeError)])
def test_a_contract_that_is_not_there_is_refused(name: Any, error: type[Exception]) -> None:

    import standoff

    with pytest.raises(error):
        standoff.contract(name)


@pytest.mark.parametrize(("name", "column", "other", "key"), references(TABLES))
def test_references_lead_to_rows(
    name: str, column: str, other: str, key: str, frames: dict[str, pl.DataFrame]
) -> None:
    known = set(frames[other][key])
    assert set(frames[name][column].drop_nulls()) <= known
    if frames[name][column].drop_nulls().len():
        # Of a table that refers to itself nothing is left, so others that refer to it must find out.
        near = {name} if name != other else {n for n, _, o, _ in references(TABLES) if o == other}
        gone = {n: frames[n] for n in near} | {other: frames[other].clear()}
        with pytest.raises(TableFault, match=f"{name}.{column} names|is not in {other}"):
            check_tables(gone)


# ---- the files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES)
def test_csv_and_parquet_hold_the_compiled_values(
    name: str, folder: Path, frames: dict[str, pl.DataFrame]
) -> None:
    assert_frame_equal(pl.read_parquet(folder / f"{name}.parquet"), frames[name])
    assert_frame_equal(pl.read_csv(folder / f"{name}.csv", schema=TABLES[name].schema), frames[name])


@pytest.mark.parametrize("name", TABLES)
def test_csv_is_plain_enough_for_any_reader(name: str, folder: Path, frames: dict[str, pl.DataFrame]) -> None:
    raw = (folder / f"{name}.csv").read_bytes()
    assert not raw.startswith(b"\xef\xbb\xbf")
    assert raw.endswith(b"\n")
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, strict=True))
    assert rows[0] == frames[name].columns
    assert len(rows) == frames[name].height + 1
    texts = [c.name for c in TABLES[name].columns if c.kind == "string"]
    expected = frames[name].select(pl.col(texts).fill_null(""))
    index = [rows[0].index(column) for column in texts]
    assert [tuple(row[i] for i in index) for row in rows[1:]] == expected.rows()


@pytest.mark.parametrize("name", TABLES)
def test_parquet_says_what_it_is(name: str, folder: Path) -> None:
    table, path = TABLES[name], folder / f"{name}.parquet"
    schema = pq.read_schema(path)
    assert {field.name: field.metadata[b"description"].decode() for field in schema} == {
        column.name: column.description for column in table.columns
    }
    assert {field.name: field.nullable for field in schema} == {c.name: c.optional for c in table.columns}
    assert {field.name: field.type for field in schema} == {c.name: c.kind.arrow for c in table.columns}
    metadata = {key.decode(): value.decode() for key, value in schema.metadata.items()}
    assert metadata["table"] == name
    assert metadata["dataset_version"] == "0.1.0"
    assert metadata["license"] == "CC-BY-4.0"
    assert metadata["csv_sha256"] == hashlib.sha256((folder / f"{name}.csv").read_bytes()).hexdigest()
    assert json.loads(metadata["PANDAS_ATTRS"])["description"] == table.description
    assert list(metadata) == sorted(metadata)
    assert pq.ParquetFile(path).metadata.num_row_groups == 1


@pytest.mark.parametrize("name", TABLES)
def test_pandas_pyarrow_and_duckdb_read_the_same_rows(
    name: str, folder: Path, frames: dict[str, pl.DataFrame]
) -> None:
    import duckdb
    import pandas as pd

    path, rows = folder / f"{name}.parquet", frames[name].rows()
    arrow = pq.read_table(path)
    assert arrow.schema.types == [c.kind.arrow for c in TABLES[name].columns]
    assert [tuple(row.values()) for row in arrow.to_pylist()] == rows
    with duckdb.connect() as connection:
        found = connection.execute("select * from read_parquet(?)", [str(path)])
        expected = {
            "string": "VARCHAR",
            "int32": "INTEGER",
            "float64": "DOUBLE",
            "bool": "BOOLEAN",
            "date": "DATE",
        }
        assert [str(d[1]) for d in found.description] == [expected[c.kind] for c in TABLES[name].columns]
        assert found.fetchall() == rows
    frame = pd.read_parquet(path, dtype_backend="pyarrow")
    assert frame.attrs["table"] == name
    assert pl.from_arrow(pa.Table.from_pandas(frame, preserve_index=False)).rows() == rows  # type: ignore[union-attr]


def test_codes_keep_their_zeros_in_every_file(folder: Path) -> None:
    import pandas as pd

    as_text = pd.read_csv(folder / "actions.csv", dtype="string", keep_default_na=False)
    for codes in (
        pl.read_parquet(folder / "actions.parquet")["action"].to_list(),
        pl.read_csv(folder / "actions.csv", schema=TABLES["actions"].schema)["action"].to_list(),
        as_text["action"].to_list(),
    ):
        assert "010" in codes
        assert "10" in codes
        assert len(set(codes)) == len(codes)
