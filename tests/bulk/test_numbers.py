"""Numbers of CSV files: read as such as long as all are, as text from the first that is none, and the same both ways."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standoff.bulk import checking_rows, outcome, outputs
from standoff.bulk.headers import read_source
from standoff.bulk.naming import named
from standoff.bulk.outputs import Outputs
from standoff.bulk.profile_files import load_profile
from standoff.bulk.reading import scan
from standoff.bulk.request import Request
from standoff.bulk.run import check_tables
from standoff.bulk.values import TOO_LARGE, present_columns
from standoff.findings import Report

PROFILE = """
title = "t"
key = ["key"]
[[columns]]
name = "key"
[[columns]]
name = "small"
type = "int32"
[[columns]]
name = "large"
type = "int64"
required = true
[[columns]]
name = "real"
type = "float64"
minimum = 0
"""
CELLS = st.one_of(
    st.integers(-(2**33), 2**33).map(str),
    st.floats().map(str),
    st.sampled_from(["", " ", "\t", "  7", "\t7", "7 ", "+7", "-0", "07", ".5", "5.", "1e5", "1E-400", "1e400", "inf"]),
    st.sampled_from(["NaN", "nan", "-inf", "Infinity", "null", "NA", "1,5", "1_0", "0x1", "٥", "12abc", " ", "--1", "+-1"]),
    st.text(st.sampled_from("0123456789+-.eE \t"), max_size=8),
)  # fmt: skip


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def plain_or_quoted(cell: str) -> st.SearchStrategy[str]:
    return st.just(quoted(cell)) if "," in cell else st.sampled_from([cell, quoted(cell)])


@settings(max_examples=2 * settings.default.max_examples)
@given(
    st.lists(CELLS.flatmap(plain_or_quoted), min_size=1, max_size=3),
    st.sampled_from(["small", "large", "real"]),
)
def test_what_polars_takes_for_numbers_while_reading_is_what_we_take_for_them(
    cells: list[str], name: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        profile, path = Path(folder, "p.toml"), Path(folder, "t.csv")
        profile.write_text(PROFILE)
        path.write_text(f"key,{name}\n" + "".join(f"k,{cell}\n" for cell in cells), newline="")
        asked = load_profile(str(profile))
        source = named(read_source(path, Path(folder)), asked, Path(folder))
        columns = present_columns(source.types, asked)
        as_text = scan([source], columns).collect()
        unreadable = as_text.filter(pl.col(name).is_null() & pl.col(f"text.{name}").is_not_null())
        try:
            direct = scan([source], columns, numbers=True).collect()
        except pl.exceptions.ComputeError:
            return  # the file is read again as text, which reads more spellings
    again = direct.filter(pl.col(f"text.{name}") == TOO_LARGE)
    assert unreadable.is_empty() or not again.is_empty()
    same = direct[name].eq_missing(as_text[name]) | (direct[f"text.{name}"] == TOO_LARGE).fill_null(
        value=False
    )
    assert same.all()


def judged(folder: Path, text: str) -> tuple[Report, Any, Any]:
    (folder / "p.toml").write_text(PROFILE)
    (folder / "t.csv").write_text(text, newline="")
    good, bad = folder / "good.parquet", folder / "bad.parquet"
    request = Request([folder / "t.csv"], profile=str(folder / "p.toml"), outputs=Outputs(good, bad))
    report = check_tables(request)
    return report, pl.read_parquet(good), pl.read_parquet(bad)


@settings(max_examples=settings.default.max_examples // 2)
@given(
    st.lists(st.tuples(st.sampled_from("abc"), *[CELLS.flatmap(plain_or_quoted)] * 3), min_size=1, max_size=6)
)
def test_report_and_outputs_do_not_tell_how_the_file_was_read(rows: list[tuple[str, ...]]) -> None:
    text = "key,small,large,real\n" + "".join(",".join(row) + "\n" for row in rows)
    with tempfile.TemporaryDirectory() as folder:
        report, good, bad = judged(Path(folder), text)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(checking_rows, "has_numbers", lambda *_: False)
            report_, good_, bad_ = judged(Path(folder), text)
    assert report.findings == report_.findings
    assert (good.equals(good_), bad.equals(bad_)) == (True, True)
    assert (report.rules, report.ran, report.records) == (report_.rules, report_.ran, report_.records)


@pytest.mark.parametrize(("cell", "reads"), [("7", 1), (" 7", 1), ("", 1), ("x", 2)])
def test_a_file_is_read_again_only_where_a_number_is_none(
    cell: str, reads: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    passes = []
    original = checking_rows.Pass.run

    def counted(self: Any) -> Any:
        passes.append(self.numbers)
        return original(self)

    monkeypatch.setattr(checking_rows.Pass, "run", counted)
    report, good, bad = judged(tmp_path, f"key,small,large,real\na,{cell},1,0.50\nb,1,1,1\n")
    assert passes == [True, False][:reads]
    assert (good.height, bad.height) == (3 - reads, reads - 1)
    assert [finding.code for finding in report.findings] == ["value-unreadable"][: reads - 1]
    if reads == 2:
        assert bad.row(0, named=True) == {
            outcome.FAILED: "value-unreadable:small", "key": "a", "small": cell, "large": "1", "real": "0.5",
        }  # fmt: skip


def test_a_number_that_is_blank_is_missing_and_blanks_before_one_do_not_count(tmp_path: Path) -> None:
    report, good, bad = judged(tmp_path, 'key,small,large,real\na," 7",\t8,  0.5\nb," ", ,""\nc,"",x,\n')
    assert good.rows() == [("a", 7, 8, 0.5)]
    assert bad.rows() == [
        ("value-missing:large", "b", None, None, None),
        ("value-unreadable:large", "c", None, "x", None),
    ]
    assert sorted(finding.code for finding in report.findings) == ["value-missing", "value-unreadable"]


def test_rows_whose_key_repeats_keep_their_numbers(tmp_path: Path) -> None:
    _, good, bad = judged(tmp_path, "key,small,large,real\na,1,2,0.50\na,3,4,-1\nb,5,6,0\n")
    assert good.rows() == [("b", 5, 6, 0.0)]
    assert bad.rows() == [
        ("duplicate-row-key", "a", "1", "2", "0.5"),
        ("value-outside-bounds:real; duplicate-row-key", "a", "3", "4", "-1.0"),
    ]


def test_a_profile_that_skips_the_rule_about_cells_splits_them_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "skip.toml").write_text('skip = ["value-unreadable", "value-missing"]\n' + PROFILE)
    (tmp_path / "t.csv").write_text("key,small,large,real\na,x,2,0.50\na,3,,1\nb,y,6,0\n")
    good, bad = tmp_path / "good.parquet", tmp_path / "bad.parquet"
    asked = Request([tmp_path / "t.csv"], profile=str(tmp_path / "skip.toml"), outputs=Outputs(good, bad))
    assert [finding.code for finding in check_tables(asked).findings] == ["duplicate-row-key"]
    assert pl.read_parquet(good).rows() == [("b", None, 6, 0.0)]
    assert pl.read_parquet(bad)["small"].to_list() == ["x", "3"]


def test_a_pass_that_was_given_up_spoils_nothing_that_is_written_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """polars opens its output in a task of its own, which may run when the query has ended with an error already."""
    given_up: list[Path] = []
    writing, write = outputs.writing, outputs.write

    def fails_first(frame: Any, path: Path) -> Any:
        if not given_up:
            given_up.append(path)
            raise pl.exceptions.ComputeError("could not parse")
        return writing(frame, path)

    def late(frame: Any, path: Path) -> None:
        write(frame, path)
        given_up[0].write_bytes(b"")

    monkeypatch.setattr(outputs, "writing", fails_first)
    monkeypatch.setattr(outputs, "write", late)
    _, good, bad = judged(tmp_path, "key,small,large,real\na,x,1,1\nb,1,1,1\n")
    assert (good["key"].to_list(), bad["key"].to_list()) == (["b"], ["a"])
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "bad.parquet",
        "good.parquet",
        "p.toml",
        "t.csv",
    ]


def test_a_full_disk_is_no_reason_to_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passes = []

    def full(self: Any) -> Any:
        passes.append(self.numbers)
        raise pl.exceptions.ComputeError("No space left on device (os error 28)")

    monkeypatch.setattr(checking_rows.Pass, "run", full)
    with pytest.raises(Exception, match="No space left"):
        judged(tmp_path, "key,small,large,real\na,1,1,1\n")
    assert passes == [True]


@pytest.mark.parametrize("cell", ["7 ", "7.0", " 7\u00a0", "7e0"])
def test_a_number_in_another_spelling_is_read_as_text(cell: str, tmp_path: Path) -> None:
    report, good, bad = judged(tmp_path, f"key,small,large,real\na,{cell},1,0.5\n")
    assert (report.findings, bad.height) == ([], 0)
    assert good["small"].to_list() == [7]


@pytest.mark.parametrize("cell", ["9007199254740993", "-9007199254740993", "9007199254740993.0"])
def test_a_whole_number_that_a_fraction_cannot_hold_is_unreadable(cell: str, tmp_path: Path) -> None:
    report, _, bad = judged(tmp_path, f"key,small,large,real\na,1,1,{cell.lstrip('-')}\n")
    assert [finding.code for finding in report.findings] == ["value-unreadable"]
    assert bad["real"].to_list() == [cell.lstrip("-")]
