"""Breaks the files of a small corpus at random, again and again, and watches how `check` takes it.

    python tests/fuzz.py 100000 [SEED]

Each round changes the bytes of one file, checks the corpus and renders the findings. It stops at the first
round that ends in a traceback or takes more than 2 s of processor, and at the end prints the peak memory.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from pathlib import Path

from standoff.findings import CRASH
from standoff.report import text
from standoff.rules import pages, runner
from standoff.source.corpus import read_corpus

MOST_SECONDS = 2.0

TOKENS = [
    *(b"\x00", b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\r", b"\r\n", b"\t", b"\x85", b"\xe2\x80\xa8"),
    *("\u202e".encode(), "e\u0301".encode(), "🏽".encode(), "\U0010ffff".encode()),
    *(b"*a", b"&a ", b"<<: *a\n", b"!!python/object:os.system ", b"!x ", b"%YAML 1.1\n---\n", b"---\n", b"...\n"),
    *(b"[", b"]", b"{", b"}", b"[[[[[[[[[[[[[[[[[[[[", b"{a: {a: {a: {a: {a: {a: {a: {a: 1}}}}}}}}", b"? ", b": "),
    *(b"- ", b"\n", b"\n\n", b"|\n", b">-\n", b'"', b"'", b"\\", b'"\\ud800"', b"#", b",", b",,,,", b'"""', b"@", b"`"),
    *(b"null", b"~", b"true", b"NO", b"010", b"1" * 400, b"1e999", b"-0", b".nan", b"0x1F", b"2023-05-01", b"12:30:45"),
    *(b"x" * 5000, b"[" * 2000, b"{a: " * 500, b"- " * 500, b"a: b\n" * 500, b'"\\x41"', b"../", b"/etc/passwd"),
    *(b"d900-e01", b"d900", b"unnamed", b"\xe2\x80\xa6", b" \xe2\x80\xa6 ", b"[..2023-05-02]", b"9999-99-99", b"..", b"="),
]  # fmt: skip


def broken(content: bytes, random: random.Random) -> bytes:
    """Return `content` changed in one to four places."""
    data = bytearray(content)
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(data) + 1)
        length = random.choice((0, 1, 1, 2, 8, 40, 400))
        piece = bytes(data[at : at + length])
        match random.randrange(7):
            case 0:
                del data[at : at + length]
            case 1:
                data[at:at] = random.choice(TOKENS)
            case 2:
                data[at : at + length] = random.choice(TOKENS)
            case 3:
                data[at:at] = piece * random.choice((1, 2, 50))
            case 4:
                data[at : at + 1] = bytes([random.randrange(256)])
            case 5:
                other = random.randrange(len(data) + 1)
                data[other:other] = piece
            case 6:
                lines = bytes(data).split(b"\n")
                i, j = random.randrange(len(lines)), random.randrange(len(lines))
                lines[i], lines[j] = lines[j], lines[i]
                data = bytearray(b"\n".join(lines))
    return bytes(data)


def rounds(number: int, seed: int) -> tuple[float, int]:
    """Run so many rounds; return the seconds of the slowest and how many had findings.

    AssertionError, with the broken file, at the first round that `check` does not take well.
    """
    chance = random.Random(seed)
    slowest, found = 0.0, 0
    with tempfile.TemporaryDirectory() as name:
        corpus = pages.Example("dataset/accepted.csv", right="", wrong="").write(Path(name) / "corpus").parent
        files = {path: path.read_bytes() for path in sorted(corpus.rglob("*")) if path.is_file()}
        for i in range(number):
            file = chance.choice(list(files))
            content = broken(files[file], chance)
            file.write_bytes(content)
            started = time.process_time()
            try:
                report = runner.run(read_corpus(corpus / "dataset"))
                text.render(report)
            except Exception as error:
                raise AssertionError(f"round {i} of seed {seed}: {file.name}: {content!r}") from error
            seconds = time.process_time() - started
            crash = [finding.message for finding in report.findings if finding.code == CRASH]
            assert not crash, f"round {i} of seed {seed}: {crash}: {file.name}: {content!r}"
            assert seconds < MOST_SECONDS, (
                f"round {i} of seed {seed}: {seconds:.1f} s: {file.name}: {content!r}"
            )
            file.write_bytes(files[file])
            slowest, found = max(slowest, seconds), found + bool(report.findings)
    return slowest, found


if __name__ == "__main__":
    count, start = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    seconds, broken_rounds = rounds(count, start)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count:,} rounds, {broken_rounds:,} with findings; slowest {seconds:.2f} s, peak memory {memory:.0f} MB"
    )
