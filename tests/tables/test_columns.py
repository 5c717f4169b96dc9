"""Kinds and columns: every form of a type means the same values."""

from datetime import UTC, date, datetime

import polars as pl
import pyarrow as pa
import pytest

from standoff.tables import TABLES, Column, Kind, Table

VALUES = {
    Kind.STRING: "010",
    Kind.BOOL: True,
    Kind.INT32: -5,
    Kind.INT64: 1 << 53,
    Kind.FLOAT64: 2.8,
    Kind.DATE: date(2020, 1, 5),
    Kind.DATETIME: datetime(2020, 1, 5, 23, 30, tzinfo=UTC),
}


@pytest.mark.parametrize("kind", Kind)
def test_polars_and_arrow_hold_the_same_values(kind):
    series = pl.Series([VALUES[kind], None], dtype=kind.polars)
    arrow = pa.array([VALUES[kind], None], type=kind.arrow)
    assert arrow.to_pylist() == [VALUES[kind], None]
    assert series.to_list() == arrow.to_pylist()
    assert pl.Series(pl.from_arrow(arrow)).dtype == kind.polars


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_its_name_in_every_format(kind):
    assert Kind(kind.value) is kind
    assert (str(kind), f"{kind}") == (kind.value, kind.value)
    assert kind.tableschema
    assert kind.croissant.startswith("sc:")
    assert kind.words


def test_numbers_and_days_are_told_apart():
    assert {kind for kind in Kind if kind.whole} == {Kind.INT32, Kind.INT64}
    assert {kind for kind in Kind if kind.numeric} == {Kind.INT32, Kind.INT64, Kind.FLOAT64}
    assert {kind for kind in Kind if kind.temporal} == {Kind.DATE, Kind.DATETIME}


def test_a_table_finds_its_columns():
    table = Table("t", "T", (Column("a"), Column("b", Kind.DATE)))
    assert table.schema == {"a": pl.String, "b": pl.Date}
    assert table.column("b").kind is Kind.DATE
    with pytest.raises(KeyError):
        table.column("c")


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_released_column_is_described_once(table):
    names = [column.name for column in table.columns]
    assert len(names) == len(set(names))
    assert set(table.key) <= set(names)
    assert all(column.description for column in table.columns)
    assert not [column.name for column in table.columns if column.name in table.key and column.optional]
