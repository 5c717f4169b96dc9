"""What is written: good rows, bad rows and failures, whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from tests.bulk.engines import InProcess
from tests.bulk.small_tables import HEADER, ROW_A, check, only, table

from standoff.bulk import headers, planning
from standoff.bulk.outputs import Outputs
from standoff.bulk.request import Request
from standoff.bulk.run import check_tables
from standoff.cli import main
from standoff.findings import UsageError
from standoff.tables import Column
from standoff.tables.profiles import Binding


def test_the_keys_of_another_table_are_held_once(tmp_path: Path, write: Any) -> None:
    write("d.csv", "document_id\n" + "x\ny\n" * 5)
    source = headers.read_source(tmp_path / "d.csv", tmp_path)
    assert sorted(planning.other_keys(source, Binding(Column("document_id")), tmp_path)) == ["x", "y"]


@pytest.mark.parametrize("name", ["t.parquet", "t.csv"])
def test_good_and_bad_rows_are_parted_and_none_is_lost(name: str, tmp_path: Path, write: Any) -> None:
    rows = table(id=["a", "b", "b"]).vstack(table(id=["x", "y", "z"], action=["010", "9", "10"]))
    good, bad, failures = (tmp_path / f"{what}.parquet" for what in ("good", "bad", "failures"))
    report = check(write(name, rows), outputs=Outputs(good, bad, failures))
    assert pl.read_parquet(good)["id"].to_list() == ["a", "x", "z"]
    assert dict(pl.read_parquet(bad).select("id", "row.failed").rows()) == {
        "b": "duplicate-row-key",
        "y": "action-unknown",
    }
    assert pl.read_parquet(failures).select("row", "key", "rule").rows() == [
        (2, "b", "duplicate-row-key"),
        (3, "b", "duplicate-row-key"),
        (5, "y", "action-unknown"),
    ]
    assert {finding.code for finding in report.findings} == {"duplicate-row-key", "action-unknown"}
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [name, "good.parquet", "bad.parquet", "failures.parquet"]
    )


NOTED = """
title = "a table of mine"
key = ["id"]
[[columns]]
name = "id"
[[columns]]
name = "place"
codes = { file = "places.csv", severity = "note" }
[[columns]]
name = "n"
type = "int32"
[[checks]]
name = "place-against-number"
expression = "place <> 'z' OR n > 9"
message = "The number does not fit the place"
advice = "Correct one of the two."
"""


@pytest.mark.parametrize(
    ("keep", "engine", "repeated"),
    [
        ("reject", None, ""),
        ("reject", None, "5,x,1\n" * 2),
        ("keep-one", None, "3,w,2\n"),
        ("keep-one", None, "3,z,2\n"),
        ("reject", InProcess(shared=True), "3,z,2\n"),
        ("keep-one", InProcess(shared=True), "5,x,1\n" * 2),
    ],
)
def test_only_an_error_or_a_warning_keeps_a_row_from_the_output(
    keep: Any, engine: Any, repeated: str, tmp_path: Path, write: Any
) -> None:
    write("places.csv", "place\nx\ny\n")
    profile = write("p.toml", NOTED)
    # Row 3 fails a check only because of the place that a note reports; row 2 has a note and an error.
    path = write("t.csv", f"id,place,n\n1,x,1\n2,w,two\n3,z,2\n4,w,4\n{repeated}")
    good, bad = tmp_path / "good.parquet", tmp_path / "bad.parquet"
    request = Request([path], profile=str(profile), outputs=Outputs(good, bad), duplicates=keep)
    report = check_tables(request, engine=engine)
    kept, rejected = pl.read_parquet(good)["id"].to_list(), pl.read_parquet(bad)["id"].to_list()
    copies, conflicts = repeated[:2] == "5,", repeated == "3,w,2\n"
    identical = keep == "keep-one" and not conflicts
    assert kept == ["1"] + ["3"] * (not repeated or copies or identical) + ["4"] + ["5"] * (
        copies and identical
    )
    assert rejected == ["2"] + ["3"] * 2 * (bool(repeated) and kept.count("3") == 0) + ["5"] * 2 * (
        copies and not identical
    )
    assert report.rejected == len(rejected)
    assert len(kept) + len(rejected) + (report.copies_dropped or 0) == report.records
    clean = write("u.csv", "id,place,n\n3,z,2\n4,w,4\n")
    report = check_tables(replace(request, paths=[clean]), engine=engine)
    assert report.exit_code == 0
    assert {finding.severity for finding in report.findings} == {"note"}
    assert pl.read_parquet(good)["id"].to_list() == ["3", "4"]
    assert pl.read_parquet(bad).height == 0


def test_columns_called_failed_and_key_are_ones_like_any_other(tmp_path: Path, write: Any) -> None:
    columns = "[[columns]]\nname = 'failed'\n[[columns]]\nname = 'key'\npattern = '[a-z]'\n"
    profile = write("p.toml", f"title = 'x'\nkey = ['id']\n[[columns]]\nname = 'id'\n{columns}")
    good, bad = tmp_path / "good.parquet", tmp_path / "bad.parquet"
    path = write("t.csv", "id,failed,key\n1,no,a\n2,yes,B\n")
    finding = only(check(path, profile=str(profile), outputs=Outputs(good, bad)))
    assert 'line 3 (2: key "B")' in finding.message
    assert pl.read_parquet(bad).rows() == [("pattern-mismatch:key", "2", "yes", "B")]


def test_a_foreign_csv_becomes_typed_and_sorted(
    tmp_path: Path, write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("standoff.bulk.outputs.SORTED_AT_A_TIME", 2)
    days = ["2020-03-01", "2020-01-02", "2020-03-01", "2019-12-31", "2020-01-02"]
    rows = pl.DataFrame({"id": list("abcde"), "date": days, "actor": ["USA"] * 5, "action": ["010"] * 5})
    out = tmp_path / "out.parquet"
    check(write("t.csv", rows), outputs=Outputs(out, sort="date"))
    written = pl.read_parquet(out)
    assert written.schema["date"] == pl.Date
    assert written["id"].to_list() == ["d", "b", "e", "a", "c"]


@pytest.mark.parametrize(
    ("outputs", "message"),
    [
        (Outputs(Path("t.csv")), "names end in .parquet"),
        (Outputs(Path("no/such/folder.parquet")), "there is no folder"),
        (Outputs(Path("x.parquet"), Path("x.parquet")), "the same name"),
        (Outputs(sort="date"), "give --out or --split too"),
        (Outputs(Path("x.parquet"), sort="dat"), 'no column "dat"'),
    ],
)
def test_outputs_that_make_no_sense_are_refused(
    outputs: Outputs, message: str, tmp_path: Path, write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = write("t.csv", table())
    with pytest.raises(UsageError, match=message):
        check(path, outputs=outputs)
    assert list(tmp_path.iterdir()) == [path]


def test_an_output_never_replaces_what_is_read(write: Any) -> None:
    path, documents = write("t.parquet", table()), write("documents.parquet", table())
    for read in (path, documents):
        with pytest.raises(UsageError, match="it is read"):
            check(path, references={"documents": documents}, outputs=Outputs(read))


def test_an_output_never_replaces_a_folder(tmp_path: Path, write: Any) -> None:
    (tmp_path / "parts.parquet").mkdir()
    with pytest.raises(UsageError, match=r"parts\.parquet is a folder"):
        check(write("t.parquet", table()), outputs=Outputs(tmp_path / "parts.parquet"))


@pytest.mark.parametrize("asked", [".", "parts", "parts/*.parquet", "../here/parts", "parts/[g1]*"])
@pytest.mark.parametrize("output", ["parts/good.parquet", "../here/parts/good.parquet"])
def test_an_output_never_becomes_a_part_of_what_is_read(
    asked: str, output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here" / "parts").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    table().write_parquet("parts/1.parquet")
    for asked_for in (Outputs(Path(output)), Outputs(failures=Path(output))):
        with pytest.raises(UsageError, match=r"good\.parquet would be taken for a part of"):
            check(Path(asked), outputs=asked_for)
    assert [path.name for path in Path("parts").iterdir()] == ["1.parquet"]


@pytest.mark.parametrize(
    ("asked", "output"),
    [
        ("parts/1.*", "parts/good.parquet"),
        ("parts/1.parquet", "parts/good.parquet"),
        ("parts", "good.parquet"),
        ("parts", "parts/_good.parquet"),
    ],
)
def test_an_output_may_lie_beside_what_is_read(
    asked: str, output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "parts").mkdir()
    monkeypatch.chdir(tmp_path)
    table().write_parquet("parts/1.parquet")
    assert check(Path(asked), outputs=Outputs(Path(output))).outputs == {output: 3}


def test_what_was_written_is_said(tmp_path: Path, write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path, good, bad, failures = (
        str(tmp_path / f"{name}.parquet") for name in ("t", "good", "bad", "failures")
    )
    write("t.parquet", table(action=["010", "190", "999"], actor=["USA", "IRN", ""]))
    arguments = ["check", path, "--split", good, bad, "--failures", failures]
    assert main(arguments) == 1
    told = capsys.readouterr().out
    for file, rows in ((good, "2 rows"), (bad, "1 row"), (failures, "2 rows")):
        assert f"{file}: {rows} written\n" in told
    assert main([*arguments, "--format", "json"]) == 1
    written = json.loads(capsys.readouterr().out)["outputs"]
    assert written == [{"path": good, "rows": 2}, {"path": bad, "rows": 1}, {"path": failures, "rows": 2}]


def test_of_a_table_that_is_not_whole_nothing_is_written(
    tmp_path: Path, write: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "parts").mkdir()
    write("parts/1.parquet", table())
    write("parts/2.parquet", b"PAR1 and no more")
    out = write("out.parquet", b"what was there before")
    asked = [
        tmp_path / "parts",
        write("t.csv", f"{HEADER}\n{ROW_A[:-1]},x\n"),
        write("u.csv", table().drop("action")),
    ]
    for path in asked:
        assert main(["check", str(path), "--profile", "cameo-minimal", "--out", str(out)]) == 1
        assert f"{out}: not written, because of errors in a file or its header" in capsys.readouterr().out
        assert out.read_bytes() == b"what was there before"


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    """The limit on file sizes stands for the disk: writing beyond it fails in the same way."""
    rows = pl.select(id=pl.int_range(300_000).cast(pl.String)).with_columns(
        pl.col("id").hash().cast(pl.String).alias("actor"), date=pl.lit("2020-01-01"), action=pl.lit("010")
    )
    rows.write_csv(tmp_path / "t.csv")
    out = tmp_path / "out.parquet"
    out.write_bytes(b"what was there before")

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 18, 1 << 18))

    command = [sys.executable, "-m", "standoff", "check", str(tmp_path / "t.csv"), "--out", str(out)]
    ran = subprocess.run(command, capture_output=True, text=True, preexec_fn=limited, check=False)
    assert ran.returncode == 2, ran.stderr
    assert "File too large; nothing was left behind" in ran.stderr
    assert out.read_bytes() == b"what was there before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.parquet", "t.csv"]


def test_a_full_disk_under_the_scratch_files_is_told(
    write: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The rows that fail are written in the midst of polars' query, which would hide the number of the error."""
    real = pa.ipc.new_file

    class Full:
        def __init__(self, *given: Any, **named: Any) -> None:
            self.close = real(*given, **named).close

        def write(self, rows: pa.Table) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(pa.ipc, "new_file", Full)
    monkeypatch.setattr("standoff.bulk.failing_rows.AT_A_TIME", 1)
    assert main(["check", str(write("t.csv", table(action=["010", "999", "042"])))]) == 2
    assert "No space left on device; nothing was left behind" in capsys.readouterr().err
