"""Whatever the bytes of a file: no traceback, no wait, no memory without bound."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import fuzz

LIMIT_TIMES = 16
"""How many times the processor time of a check of the sound corpus a hostile file may cost."""
LIMIT_BYTES = 500 * 1024 * 1024

RECORD = (
    "events:\n"
    + '  - {id: d900-e01, evidence: "x", trigger: "x", actor: [], target: [], action: "190"}\n' * 12_000
)

HOSTILE = {
    "alias bomb": b"a: &a [x, x]\n" + b"".join(
        b"%c: &%c [*%c, *%c, *%c]\n" % (96 + i + 1, 96 + i + 1, 96 + i, 96 + i, 96 + i) for i in range(1, 25)
    ),
    "deep lists": b"[" * 500_000,
    "deep mappings": b"{a: " * 200_000,
    "deep indentation": b"".join(b" " * i + b"a:\n" for i in range(1500)),
    "huge integer": b"a: " + b"9" * 1_000_000,
    "huge exponent": b"a: 1e999999999",
    "huge key": b"a" * 1_000_000 + b": 1",
    "huge scalar": b'a: "' + b"x" * 1_000_000 + b'"',
    "many keys": b"".join(b"k%d: 1\n" % i for i in range(100_000)),
    "many items": b"- a\n" * 260_000,
    "many unquoted codes": b"- 010\n" * 170_000,
    "many escapes": b'a: "' + b"\\x41" * 250_000 + b'"',
    "many comments": b"# x\n" * 260_000,
    "many wrong records": RECORD.encode(),
    "many control characters": b"\x01" * 1_000_000,
    "not UTF-8": b"\xff" * 1_000_000,
    "UTF-16": "a: b\n".encode("utf-16") * 1000,
    "nul": b"\x00" * 1_000_000,
    "old Mac line ends": b"a: 1\r" * 100_000,
    "50 MB": b"# nothing\n" * 5_000_000,
    "nothing": b"",
}  # fmt: skip


def check(corpus: Path) -> tuple[subprocess.CompletedProcess[str], float, int]:
    """Run `standoff check` in a process of its own; return it, its seconds of processor and its peak bytes."""
    script = (
        "import pathlib, resource, sys\nfrom standoff.cli import main\nstatus = main(sys.argv[1:])\n"
        "used, told = resource.getrusage(resource.RUSAGE_SELF), pathlib.Path('/proc/self/status')\n"
        # Where Linux tells, ask it: the peak that getrusage gives is inherited from whoever started the process.
        "peak = told.read_text().split('VmHWM:')[1].split()[0] if told.exists() else used.ru_maxrss\n"
        "print(used.ru_utime + used.ru_stime, peak, file=sys.stderr)\nsys.exit(status)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "check", str(corpus / "dataset")],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    seconds, memory = done.stderr.split()[-2:]
    return done, float(seconds), int(memory) * 1024


@pytest.fixture(scope="module")
def most_seconds(tmp_path_factory: pytest.TempPathFactory) -> float:
    """The bound on processor time on this machine, from a check of the sound corpus."""
    sound = tmp_path_factory.mktemp("sound") / "corpus"
    shutil.copytree(Path(__file__).parents[1] / "corpus", sound)
    return LIMIT_TIMES * min(check(sound)[1] for _ in range(2))


# Every case is a process; those that are no other code's work than one of these run with the slow tests.
QUICK = {"alias bomb", "deep lists", "many wrong records"}
CASES = [(name, "events/d900.yaml") for name in HOSTILE] + [
    (name, target)
    for target in ("actors.yaml", "dataset.toml", "retired.csv")
    for name in ("50 MB", "deep lists", "many items", "nul", "huge scalar")
]


@pytest.mark.parametrize(
    ("name", "target"),
    [
        pytest.param(
            *case, marks=() if case in {(n, "events/d900.yaml") for n in QUICK} else pytest.mark.slow
        )
        for case in CASES
    ],
)
def test_a_hostile_file_is_a_finding_in_bounded_time_and_memory(
    name: str, target: str, corpus_copy: Path, most_seconds: float
) -> None:
    (corpus_copy / "dataset" / target).write_bytes(HOSTILE[name])
    done, seconds, memory = check(corpus_copy)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert Path(target).name in done.stdout
    assert seconds < most_seconds
    assert memory < LIMIT_BYTES


LONG = "The quick brown fox jumps over the lazy dog and says nothing at all. " * 15_000


@pytest.mark.parametrize(
    ("text", "quote", "code"),
    [
        pytest.param(LONG, "e", "quote-ambiguous", id="short"),
        pytest.param(
            LONG,
            "Once upon a time there was something that nobody",
            "quote-not-found",
            marks=pytest.mark.slow,
            id="absent",
        ),
        pytest.param(
            LONG, " … ".join(["the"] * 500), "quote-not-found", marks=pytest.mark.slow, id="many ellipses"
        ),
        pytest.param("a" * 1_000_000, "a" * 500, "quote-ambiguous", marks=pytest.mark.slow, id="overlapping"),
    ],
)
def test_words_that_are_costly_to_find_are_looked_for_in_bounded_time(
    text: str, quote: str, code: str, corpus_copy: Path, most_seconds: float
) -> None:
    path = corpus_copy / "dataset/events/d900.yaml"
    before = (corpus_copy / "seeds/900_embassy.txt").read_bytes()
    (corpus_copy / "seeds/900_embassy.txt").write_text(text)
    content = path.read_text("utf-8").replace(
        hashlib.sha256(before).hexdigest(), hashlib.sha256(text.encode()).hexdigest()
    )
    records = min(9000, 900_000 // (110 + 2 * len(quote.encode())))
    content = content[: content.index("negatives:")] + "negatives:\n"
    content += "".join(
        f'  - {{id: d900-n{i:02}, evidence: "{quote}", trigger: "{quote}", reason: state, would_be: {{action: "190"}}}}\n'
        for i in range(1, records)
    )
    path.write_text(content, "utf-8")
    done, seconds, memory = check(corpus_copy)
    assert done.returncode == 1, done.stderr
    assert code in done.stdout
    assert seconds < most_seconds
    assert memory < LIMIT_BYTES


def test_files_broken_at_random_are_taken_calmly() -> None:
    _, found = fuzz.rounds(30, seed=4)
    assert found > 10, "the fuzzer breaks little"


@pytest.mark.slow
def test_many_files_broken_at_random_are_taken_calmly() -> None:
    fuzz.rounds(5000, seed=int(os.environ.get("FUZZ_SEED", "0")))
