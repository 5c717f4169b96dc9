"""Shares of the work in several processes give what one process gives."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from standoff.source import processes

CHECK = """
import json, sys
from pathlib import Path
from benchmarks.check_corpus import generate
from standoff.report import as_json
from standoff.rules import runner
from standoff.source import processes
from standoff.source.corpus import read_corpus
from standoff.source.digest import digest

dataset = generate(Path(sys.argv[1]), 12)
for number, (right, wrong) in enumerate([('reason: hypothetical', 'reason: maybe'), ('evidence: "', 'evidence: "X '),
                                         ('date_basis: explicit', 'date_basis: [')], start=4):
    file = dataset / "events" / f"d{number:03}.yaml"
    file.write_text(file.read_text("utf-8").replace(right, wrong, 1), "utf-8")
made = []
for least in (1000, 4):
    processes.LEAST = least
    corpus = read_corpus(dataset, base=dataset)
    report = runner.run(corpus)
    report.seconds = 0
    made.append(as_json.as_dict(report))
unbuilt = sum("events" not in vars(file) for file in corpus.files)
told = [file.digest for file in corpus.files]
built = [digest(file.events, file.negatives, file.withheld) for file in corpus.files]
print(json.dumps({"unbuilt": unbuilt, "digests": told == built, "same": made[0] == made[1], "processes": processes.processes(12), "codes": sorted({f["code"] for f in made[1]["findings"]})}))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux only")
def test_a_check_in_several_processes_finds_the_same(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CHECK, str(tmp_path / "corpus")]
    made = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    result = json.loads(made.stdout)
    assert result["same"]
    assert result["digests"]
    assert (result["unbuilt"] > 0) == (result["processes"] > 1), (
        "records are built by the process that checks them"
    )
    assert {"unknown-value", "quote-not-found", "yaml-syntax"} <= set(result["codes"])


def test_one_process_does_it_where_it_cannot_be_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    assert processes.processes(processes.LEAST - 1) == 1
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert processes.processes(processes.LEAST) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux only")
def test_what_a_process_cannot_answer_is_done_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "processes", lambda _: 3)
    assert processes.shared(list, range(8)) == [[0, 1, 2], [3, 4, 5], [6, 7]]
    unsendable = processes.shared(lambda share: lambda: list(share), range(8))
    assert [answer() for answer in unsendable] == [[0, 1, 2], [3, 4, 5], [6, 7]]


@pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux only")
def test_results_come_in_order_and_exceptions_are_raised_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "processes", lambda _: 3)
    monkeypatch.setattr(processes, "BLOCK", 2)
    items = range(11)
    assert list(processes.streamed(lambda n: n * n, items)) == [n * n for n in items]
    made = [answer() for answer in processes.streamed(lambda n: lambda: n, items)]  # cannot be pickled
    assert made == list(items)
    seen: list[int] = []
    with pytest.raises(ZeroDivisionError):
        seen.extend(processes.streamed(lambda n: 1 // (n - 7), items))
    assert len(seen) == 7
    first = next(
        iter(processes.streamed(lambda n: "x" * 200_000, items))
    )  # the others end although nobody reads them
    assert len(first) == 200_000


@pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux only")
def test_work_apart_is_done_in_another_process_and_fails_in_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "processes", lambda files: 2 if files > 3 else 1)
    assert processes.apart(os.getpid, 4) != os.getpid()
    assert processes.apart(os.getpid, 3) == os.getpid()
    assert processes.apart(lambda: "x" * 200_000, 4) == "x" * 200_000

    def fail() -> None:
        raise KeyError("here")

    with pytest.raises(KeyError, match="here"):
        processes.apart(fail, 4)
    here = processes.apart(lambda: lambda: os.getpid(), 4)  # what cannot be pickled is made here
    assert here() == os.getpid()
