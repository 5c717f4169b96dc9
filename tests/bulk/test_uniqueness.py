"""Rows whose key occurs more than once: identical copies and conflicting rows, and what becomes of each."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import standoff
from standoff.bulk import uniqueness
from standoff.bulk.outcome import FAILED
from standoff.bulk.outputs import Outputs
from standoff.bulk.plan import ROW
from standoff.bulk.request import Duplicates, Request
from standoff.bulk.run import check_tables
from standoff.bulk.uniqueness import FIRST, HASH, IDENTICAL, PLACE, repeated_rows, repeated_suspects
from standoff.findings import Report

KEYED = """title = "t"\nkey = ["a", "b"]
[[columns]]\nname = "a"\n[[columns]]\nname = "b"\ntype = "int64"\n[[columns]]\nname = "v"\nvalues = ["x", "y"]\n"""


def write(frame: pl.DataFrame, path: Path) -> None:
    frame.write_csv(path) if path.suffix == ".csv" else frame.write_parquet(path)


def check(folder: Path, frame: pl.DataFrame, name: str, duplicates: Duplicates = "reject") -> Report:
    """Check a table and write its good and bad rows."""
    write(frame, folder / name)
    (folder / "p.toml").write_text(KEYED, "utf-8")
    outputs = Outputs(folder / "good.parquet", folder / "bad.parquet")
    return check_tables(
        Request([folder / name], profile=str(folder / "p.toml"), outputs=outputs, duplicates=duplicates)
    )


rows_of = st.lists(
    st.tuples(
        st.none() | st.sampled_from("abc"),
        st.none() | st.integers(0, 2),
        st.sampled_from("xxxyz"),
        st.none() | st.sampled_from("nnnm"),
    ),
    max_size=40,
)


@settings(max_examples=settings.default.max_examples // 2)
@given(
    rows_of,
    st.integers(1, 7),
    st.sampled_from(["t.parquet", "t.csv"]),
    st.sampled_from([1, 32, 10**9]),
    st.sampled_from(["reject", "keep-one"]),
)
def test_every_row_is_kept_rejected_or_a_dropped_copy(
    rows: list[Any], memory: int, name: str, looked_at: int, duplicates: Duplicates
) -> None:
    """Repeated keys are exactly those that counting finds, and the counts add up, whatever the memory.

    With little memory the hashes go through in many rounds. Repeats may be found before the rows are checked or
    afterwards. The column `note` is not in the profile: rows that differ in it are not copies. "z" is a wrong value.
    """
    keys = [row[:2] for row in rows]
    times = Counter(key for key in keys if None not in key)
    repeated = {i for i, key in enumerate(keys) if times[key] > 1}
    kinds = {key: {row for row in rows if row[:2] == key} for key in times}
    conflicting = {i for i in repeated if len(kinds[keys[i]]) > 1}
    wrong = {i for i, row in enumerate(rows) if row[2] == "z"}
    incomplete = {i for i, key in enumerate(keys) if None in key}
    dropped = {i for i in repeated - conflicting - wrong if keys.index(keys[i]) < i}
    of_key = conflicting if duplicates == "keep-one" else repeated
    dropped = dropped if duplicates == "keep-one" else set()
    rejected = of_key | wrong | incomplete

    schema = {"a": pl.String, "b": pl.Int64, "v": pl.String, "note": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr(uniqueness, "IN_MEMORY", memory * uniqueness.KEY_COST)
        patch.setattr(uniqueness, "SORTED", memory)
        patch.setattr(uniqueness, "CELLS", memory)
        patch.setattr(uniqueness, "LOOKED_AT_OF", looked_at)
        patch.setattr("standoff.bulk.checking_rows.expected_rows", lambda _: len(rows) * uniqueness.KEY_COST)
        report = check(Path(folder), frame, name, duplicates)
        passed, failed = pl.read_parquet(f"{folder}/good.parquet"), pl.read_parquet(f"{folder}/bad.parquet")

    assert passed.rows() == [row[:3] for i, row in enumerate(rows) if i not in rejected | dropped]
    assert [
        i for i, codes in zip(sorted(rejected), failed[FAILED], strict=True) if "duplicate" in codes
    ] == sorted(of_key)
    assert report.rejected == len(rejected)
    assert report.copies_dropped == (len(dropped) if duplicates == "keep-one" else None)
    assert report.records == passed.height + failed.height + len(dropped)
    about = [f.data for f in report.findings if f.code == "duplicate-row-key" and f.severity == "error"]
    if not of_key:
        assert not about
        return
    [data] = about
    assert data["failing"] == len(of_key)
    assert data["keys"] == len({keys[i] for i in of_key})
    assert data["conflicting_keys"] == len({keys[i] for i in conflicting})
    differ = [
        column
        for place, column in enumerate(schema)
        if any(len({row[place] for row in kinds[keys[i]]}) > 1 for i in conflicting)
    ]
    assert data.get("columns", []) == differ


@given(
    st.lists(st.tuples(st.sampled_from([None, 1, 2]), st.sampled_from([None, float("nan"), 0.5])), max_size=8)
)
def test_rows_are_compared_as_counting_does(rows: list[tuple[int | None, float | None]]) -> None:
    """Missing equals missing and NaN equals NaN; a key with a missing part is not compared."""
    texts = [(key, str(value)) for key, value in rows]
    times = Counter(key for key, _ in texts if key is not None)
    expected = [
        (i, [k for k, _ in texts].index(key) == i, len({t for t in texts if t[0] == key}) == 1)
        for i, (key, _) in enumerate(texts)
        if key is not None and times[key] > 1
    ]
    frame = pl.LazyFrame(rows, schema={"place": pl.Int64, "first": pl.Float64}, orient="row")
    found = repeated_rows(frame, ["place"], ["first"])
    assert found.rows.select(PLACE, FIRST, IDENTICAL).rows() == expected
    assert found.keys == len({texts[i][0] for i, _, _ in expected})


def test_lists_in_columns_without_a_name_in_the_profile_are_compared(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": ["k"] * 2, "b": [1, 1], "v": ["x", "x"], "tags": [["u"], ["w"]]})
    [finding] = [f for f in check(tmp_path, frame, "t.parquet", "keep-one").findings if f.severity == "error"]
    assert (finding.data["conflicting_keys"], finding.data["columns"]) == (1, ["tags"])


def test_spellings_of_a_number_are_no_difference(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(KEYED.replace('"a", "b"', '"a"'), "utf-8")
    (tmp_path / "t.csv").write_text("a,b,v\nk,1,x\nk,1.0,x\nl,one,x\nl,two,x\n", "utf-8")
    report = check_tables(Request([tmp_path / "t.csv"], profile=str(tmp_path / "p.toml")))
    [finding] = [f for f in report.findings if f.code == "duplicate-row-key"]
    assert (finding.data["keys"], finding.data["conflicting_keys"], finding.data["columns"]) == (2, 1, ["b"])


def test_dropped_copies_are_named_and_do_not_fail_the_check(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": ["k", "k", "l"], "b": [1, 1, 1], "v": ["x"] * 3})
    write(frame, tmp_path / "t.csv")
    (tmp_path / "p.toml").write_text(KEYED, "utf-8")
    asked: dict[str, Any] = {"profile": tmp_path / "p.toml", "duplicates": "keep-one"}
    result = standoff.check(tmp_path / "t.csv", **asked, out=tmp_path / "good.parquet")
    [note] = result
    assert (note.severity, note.code, note.line, note.data["failing"]) == ("note", "duplicate-row-key", 3, 1)
    assert (result.report.exit_code, result.report.copies_dropped) == (0, 1)
    assert pl.read_parquet(tmp_path / "good.parquet").height == 2


def test_a_wrong_word_is_refused() -> None:
    with pytest.raises(ValueError, match="reject or keep-one"):
        standoff.check("t.parquet", duplicates="drop")  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["t.csv", "t.parquet"])
def test_row_numbers_without_a_name_tell_no_row_from_its_copy(name: str, tmp_path: Path) -> None:
    frame = pl.DataFrame({"": [0, 1, 2], "a": ["k", "k", "m"], "b": [1, 1, 1], "v": ["x", "x", "y"]})
    report = check(tmp_path, frame, name, "keep-one")
    assert [(f.code, f.severity) for f in report.findings if f.code == "duplicate-row-key"] == [
        ("duplicate-row-key", "note")
    ]
    assert pl.read_parquet(tmp_path / "good.parquet").height == 2


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
def test_the_first_of_several_copies_does_not_depend_on_the_order_in_which_threads_wrote_them(
    order: list[int],
) -> None:
    rows = pl.DataFrame(
        {ROW: [3, 7, 9], "key": ["a", "a", "a"], HASH: [5, 5, 5]}, schema_overrides={HASH: pl.UInt64}
    )
    found = repeated_suspects(rows[order].lazy(), ["key"], [], 1)
    assert found.rows.filter(FIRST)[PLACE].to_list() == [3]
