"""SIGTERM, as batch systems and `timeout` send it: nothing half done is left behind, and only while there is something to do."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from standoff.cli.common import INTERRUPTED, TERMINATED, Terminated
from standoff.cli.termination import cleaned_up
from standoff.findings import UsageError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM")

ROWS = 6_000_000
"""So many that no machine is done with them before a signal comes that is sent as soon as the first are written."""
IGNORED = partial(signal.signal, signal.SIGINT, signal.SIG_IGN)


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("big") / "t.parquet"
    write(path, ROWS)
    return path


def write(path: Path, rows: int) -> None:
    constant = {"date": "2020-01-01", "actor": "USA", "action": "010", "target": "IRN"}
    ids = pl.select(id=pl.int_range(rows).cast(pl.String))
    ids.with_columns(pl.lit(value).alias(name) for name, value in constant.items()).write_parquet(path)


def open_files() -> list[str]:
    return sorted(os.listdir("/dev/fd"))  # noqa: PTH208 - the numbers as the system names them


# ---- a pass that is ended ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signals", "before", "status"),
    [
        ([signal.SIGTERM], None, TERMINATED),
        ([signal.SIGTERM, signal.SIGTERM], None, TERMINATED),
        ([signal.SIGTERM], IGNORED, TERMINATED),
        ([signal.SIGINT], None, INTERRUPTED),
    ],
    ids=["SIGTERM", "twice, as by timeout", "SIGINT ignored, as after &", "Ctrl-C"],
)
def test_a_pass_that_is_ended_leaves_nothing_behind(
    signals: list[int], before: Callable[[], Any] | None, status: int, big: Path, tmp_path: Path
) -> None:
    outputs = [str(tmp_path / "good.parquet"), str(tmp_path / "bad.parquet")]
    process = subprocess.Popen(
        [sys.executable, "-m", "standoff", "check", str(big), "--split", *outputs],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # polars sometimes says there that a thread of its own was interrupted
        preexec_fn=before,
    )
    while not list(tmp_path.glob(".standoff-*/**/good.parquet")):
        assert process.poll() is None
    for number in signals:
        process.send_signal(number)
    said, _ = process.communicate(timeout=60)
    assert (process.returncode, said) == (status, b"")
    assert list(tmp_path.iterdir()) == []


def test_after_a_check_sigterm_ends_the_process_as_ever(tmp_path: Path) -> None:
    write(tmp_path / "t.parquet", 3)
    code = (
        "import os, signal, sys\n"
        "from standoff.cli import main\n"
        "assert main(['check', sys.argv[1]]) == 0\n"
        "os.kill(os.getpid(), signal.SIGTERM)\n"
    )
    ran = subprocess.run([sys.executable, "-c", code, str(tmp_path / "t.parquet")], check=False, timeout=60)
    assert ran.returncode == -signal.SIGTERM


def test_nothing_stays_behind() -> None:
    threads, files = set(threading.enumerate()), open_files()
    with cleaned_up():
        pass
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    assert signal.set_wakeup_fd(-1) == -1
    assert open_files() == files
    for thread in set(threading.enumerate()) - threads:
        thread.join()


# ---- the block ---------------------------------------------------------------------------------------------------


WAITING = """
import os, signal, sys, threading
import polars  # which has a handler for SIGINT of its own
from standoff.cli.common import TERMINATED, Terminated
from standoff.cli.termination import cleaned_up

try:
    with cleaned_up():
        {hit}
        threading.Event().wait()
except Terminated:
    sys.exit(TERMINATED)
"""
HITS = {
    "the main thread": "signal.raise_signal(signal.SIGTERM)",
    "another thread": "threading.Thread(target=signal.raise_signal, args=(signal.SIGTERM,)).start()",
}


@pytest.mark.parametrize("hit", HITS)
@pytest.mark.parametrize("before", [None, IGNORED], ids=["", "SIGINT ignored"])
def test_what_waits_is_interrupted(hit: str, before: Callable[[], Any] | None) -> None:
    code = WAITING.format(hit=HITS[hit])
    ran = subprocess.run([sys.executable, "-c", code], check=False, timeout=60, preexec_fn=before)
    assert ran.returncode == TERMINATED


def test_a_signal_at_the_very_end_is_not_lost() -> None:
    for _ in range(100):
        with pytest.raises(Terminated), cleaned_up():
            os.kill(os.getpid(), signal.SIGTERM)


def test_ctrl_c_stays_what_it_is() -> None:
    with pytest.raises(KeyboardInterrupt) as raised, cleaned_up():
        signal.raise_signal(signal.SIGINT)
    assert type(raised.value) is KeyboardInterrupt


def test_other_errors_go_up() -> None:
    with pytest.raises(UsageError, match="no such thing"), cleaned_up():
        raise UsageError("no such thing")
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_handler_of_somebody_else_is_kept() -> None:
    heard: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: heard.append(number))
    try:
        with cleaned_up():
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert heard == [signal.SIGTERM]


def test_an_event_loop_keeps_its_signals() -> None:
    async def heard() -> list[bool]:
        came: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, came.set_result, True)
        with cleaned_up():
            signal.raise_signal(signal.SIGUSR1)
        return [await asyncio.wait_for(came, 60)]

    assert asyncio.run(heard()) == [True]


def test_in_a_thread_nothing_is_changed() -> None:
    seen = []

    def run() -> None:
        with cleaned_up():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert seen == [signal.SIG_DFL]
