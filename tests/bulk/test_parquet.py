"""The footer of a Parquet file says what pyarrow says, and a damaged one is named as such."""

import io
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.bulk.parquet import Damaged, footer

TABLES = st.builds(
    lambda rows, columns: pa.table(
        {
            **{f"n{i}": pa.array(range(rows), pa.int64()) for i in range(columns)},
            "text": pa.array([None if i % 3 else "é" * i for i in range(rows)], pa.string()),
            "flag": pa.array([i % 2 == 0 for i in range(rows)]),
            "moment": pa.array(range(rows), pa.timestamp("us", "UTC")),
            "list": pa.array([[{"a": float(i)}] for i in range(rows)]),
        }
    ),
    st.integers(0, 40),
    st.integers(0, 20),
)


def stated(path: Path) -> tuple[int, list[tuple[int, int, int]]]:
    rows, groups = footer(path)
    return rows, [(group.rows, group.columns, group.size) for group in groups]


@given(TABLES, st.integers(1, 50), st.booleans(), st.sampled_from(["1.0", "2.6"]))
def test_a_footer_says_what_pyarrow_says(
    tmp_path_factory: pytest.TempPathFactory, table: pa.Table, size: int, statistics: bool, version: str
) -> None:
    path = tmp_path_factory.mktemp("p") / "t.parquet"
    pq.write_table(
        table.replace_schema_metadata({"note": "x" * size}),
        path,
        row_group_size=size,
        write_statistics=statistics,
        version=version,
    )
    meta = pq.read_metadata(path)
    groups = [meta.row_group(i) for i in range(meta.num_row_groups)]
    assert stated(path) == (
        meta.num_rows,
        [(group.num_rows, group.num_columns, group.total_byte_size) for group in groups],
    )


@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=4), st.floats(0, 1))
def test_a_damaged_footer_ends(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[float, int]], cut: float
) -> None:
    raw = io.BytesIO()
    pl.DataFrame({"id": range(9), "word": ["a", None, "c"] * 3}).write_parquet(raw)
    content = bytearray(raw.getvalue())
    length = int.from_bytes(content[-8:-4], "little")
    begin = len(content) - 8 - length
    for place, byte in changes:
        content[begin + int(place * (length - 1))] = byte
    path = tmp_path_factory.mktemp("p") / "t.parquet"
    kept = int(cut * length)
    for text in (
        content,
        content[:begin] + content[begin : begin + kept] + kept.to_bytes(4, "little") + b"PAR1",
    ):
        path.write_bytes(text)
        try:
            rows, groups = footer(path)
        except Damaged:
            continue
        assert all(isinstance(number, int) for number in (rows, *(group.rows for group in groups)))


def test_a_map_is_in_no_footer(tmp_path: Path) -> None:
    """A map of truth values would be passed over as often as it states, without an end."""
    many = b"\xff" * 9 + b"\x7f"
    content = b"\x1b" + many + b"\x11" + b"\x00"
    path = tmp_path / "t.parquet"
    path.write_bytes(b"PAR1" + content + len(content).to_bytes(4, "little") + b"PAR1")
    with pytest.raises(Damaged):
        footer(path)
