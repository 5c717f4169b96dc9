"""Memory, open files and batches stay within their limits, however large the table is."""

from __future__ import annotations

import errno
import gc
import os
import subprocess
import sys
import weakref
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.bulk.small_tables import check, only, table

from standoff.bulk.failing_rows import Sieve
from standoff.bulk.outputs import Outputs

PEAK = """
import os, pathlib, sys, threading, time
from standoff.cli import main

def held():  # without the pages of mapped files, as the benchmark counts
    resident, shared = map(int, pathlib.Path("/proc/self/statm").read_text().split()[1:3])
    return (resident - shared) * os.sysconf("SC_PAGE_SIZE") >> 20

def watch():
    while True:
        peak[0] = max(peak[0], held())
        time.sleep(0.01)

peak = [0]
threading.Thread(target=watch, daemon=True).start()
status = main(sys.argv[1:])
print(status, peak[0])
"""


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_four_million_rows_are_checked_within_a_gigabyte(ending: str, tmp_path: Path) -> None:
    """One rule that leaves the streaming engine, or rows that wait with their batches, would hold the table."""
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from benchmarks import generate

    path = tmp_path / f"t.{ending}"
    generate.write(path, 4_000_000, faulty=0.01)
    profile = Path(__file__).parents[2] / "benchmarks" / "cameo13.toml"
    documents = f"documents={tmp_path / 't.documents.parquet'}"
    split = ["--split", str(tmp_path / "good.parquet"), str(tmp_path / "bad.parquet")]
    command = [
        sys.executable,
        "-c",
        PEAK,
        "check",
        str(path),
        "--profile",
        str(profile),
        "--reference",
        documents,
    ]
    for more in [[], split]:
        ran = subprocess.run([*command, *more], capture_output=True, text=True, check=True)
        status, peak = map(int, ran.stdout.splitlines()[-1].split())
        assert status == 1
        assert peak < 1000, "MiB"


def test_no_row_group_grows_beyond_its_limit(
    tmp_path: Path, write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows wait in memory until their group is written."""
    monkeypatch.setattr("standoff.bulk.outputs.ROW_GROUP", 3)
    rows = table().vstack(table(action=["1", "2", "3"]))
    good, bad = tmp_path / "good.parquet", tmp_path / "bad.parquet"
    path = write("t.parquet", pl.concat([rows] * 3).with_columns(id=pl.int_range(18).cast(pl.String)))
    check(path, outputs=Outputs(good, bad))
    for written in (good, bad):
        meta = pq.read_metadata(written)
        groups = [meta.row_group(i).num_rows for i in range(meta.num_row_groups)]
        assert (sum(groups), max(groups)) == (9, 3)


def test_few_batches_wait_to_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that fails keeps the texts of its whole batch in memory while it waits."""
    monkeypatch.setattr("standoff.bulk.failing_rows.AT_A_TIME", 6)
    path, frame = tmp_path / "failed.arrow", pl.LazyFrame({"x": ["a", "b", "c"]})
    with Sieve(path, frame, pl.col("x") != "b", ["x"]) as sieve:
        for _ in range(5):
            frame.select(sieve.passed).collect()
    assert sieve.rows == 15
    with pa.ipc.open_file(path) as written:
        assert [written.get_batch(i).num_rows for i in range(written.num_record_batches)] == [2, 2, 1]


def test_a_sieve_leaves_nothing_behind(tmp_path: Path) -> None:
    """Programs and workers check many tables in one process; the collector does not see what a query of polars holds."""

    class Values(list[pl.Series]):
        pass

    def sift(values: Values) -> list[weakref.ref[Any]]:
        frame = pl.LazyFrame({"x": ["a", "b", "c"]})
        taken = (pl.col("x"), values.append)
        with Sieve(tmp_path / "failed.arrow", frame, pl.col("x") != "b", ["x"], taken) as sieve:
            frame.select(sieve.passed).collect(engine="streaming")
        assert sum(map(len, values)) == 3
        return [weakref.ref(sieve), weakref.ref(values)]

    remaining = sift(Values())
    gc.collect()
    assert [reference() for reference in remaining] == [None, None]


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the system does not list the open files")
def test_no_file_stays_open_after_a_check(write: Any) -> None:
    """The scratch files hold rows whose key repeats, and a row whose action is unknown."""
    path = write("t.csv", table(id=["a", "a", "b"], action=["010", "190", "999"]))
    assert check(path, profile="cameo-minimal").rejected == 3
    opened = [str(file.readlink()) for file in Path("/proc/self/fd").iterdir() if file.is_symlink()]
    assert [name for name in opened if ".arrow" in name] == []


@pytest.mark.parametrize("name", ["t.csv", "t.parquet", "t.jsonl"])
def test_a_file_that_may_not_be_read_is_a_finding(
    name: str, write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, opened = write(name, table()), Path.open

    def refuse(asked: Path, *how: Any, **more: Any) -> Any:  # for the superuser, who may read every file
        if asked == path:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return opened(asked, *how, **more)

    path.chmod(0)
    monkeypatch.setattr(Path, "open", refuse)
    assert "Permission denied" in only(check(path, profile="cameo-minimal")).message
