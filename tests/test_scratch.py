"""Scratch folders: removed when the work ends, and by the next run where a run was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pytest

from standoff.bulk.outputs import partial, whole_or_nothing
from standoff.cli import main
from standoff.findings import UsageError
from standoff.scratch import GRACE, PREFIX, scratch

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such locks")


@contextmanager
def another(code: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """Another process, which has run `code` and waits."""
    waiting = (
        "import sys, time\nfrom pathlib import Path\n" + code + "\n    print(flush=True); time.sleep(60)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", waiting, *map(str, arguments)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "\n"
        yield process
    finally:
        process.kill()
        process.communicate()


IN_SCRATCH = "from standoff.scratch import scratch\nwith scratch(Path(sys.argv[1])):"
WRITING = "from standoff.bulk.outputs import whole_or_nothing\nwith whole_or_nothing([Path(sys.argv[1])]):"


def age(folder: Path) -> None:
    then = folder.stat().st_mtime - GRACE - 1
    os.utime(folder, (then, then))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_what_a_killed_run_leaves_is_removed_by_the_next(tmp_path: Path, number: int) -> None:
    with another(IN_SCRATCH, tmp_path) as process:
        [left] = tmp_path.iterdir()
        age(left)
        with scratch(tmp_path) as mine:
            assert set(tmp_path.iterdir()) == {left, mine}, "the folder of a running process is left alone"
        process.send_signal(number)
        assert process.wait(60) == -number
    assert list(tmp_path.iterdir()) == [left]
    with scratch(tmp_path) as mine:
        assert list(tmp_path.iterdir()) == [mine]
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_may_not_be_locked_yet_is_left_alone(tmp_path: Path) -> None:
    new = tmp_path / f"{PREFIX}new"
    new.mkdir()
    with scratch(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == [new]


def test_a_folder_is_removed_after_an_error(tmp_path: Path) -> None:
    def interrupted() -> None:
        with scratch(tmp_path) as folder:
            (folder / "file").touch()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(tmp_path.iterdir()) == []


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").touch()
    link = tmp_path / f"{PREFIX}link"
    link.symlink_to(precious)
    with scratch(tmp_path, grace=-1e9):
        pass
    assert (precious / "file").exists()


def test_a_killed_check_leaves_no_output_and_the_next_one_writes_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, out = tmp_path / "t.csv", tmp_path / "good.parquet"
    table.write_text("id,date,actor,action,target\na,2020-01-01,USA,010,IRN\n")
    with another(WRITING, out):
        partial(out).write_text("half")
        with (
            pytest.raises(UsageError, match=r"another run is writing .*good\.parquet"),
            whole_or_nothing([out]),
        ):
            pass
        assert main(["check", str(table), "--out", str(out)]) == 2
        assert partial(out).read_text() == "half"
    assert not out.exists()
    assert main(["check", str(table), "--out", str(out)]) == 0
    assert pl.read_parquet(out).height == 1
    assert {path.name for path in tmp_path.iterdir()} == {"t.csv", "good.parquet"}
