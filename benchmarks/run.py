"""Reproduces the tables of `benchmarks/RESULTS.md` about large tables: one command, one run, one machine.

    python -m benchmarks.run --rows 10_000_000 --rounds 5 --rivals rivals/bin/python
    python -m benchmarks.run --rows 100_000_000 --rounds 2 --faulty 0

Every way is a process of its own, from its start to its verdict, reading included. The ways take turns, round
after round, so that what else the machine does meets all of them; medians are reported. `--rivals` is the Python
of an environment made of `benchmarks/requirements.txt`, `--spark` one with pyspark; without them these ways are
left out. The results of each number of rows are a section of their own. 100 million rows take some 40 GB of disk.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import polars as pl

from benchmarks import generate
from standoff.codes import shipped

HERE = Path(__file__).parent
SAMPLE = 100_000
EAGER = 20_000_000
"""Rows that ways which hold the whole table are given at most: 10 million take them 4 GB."""
LIMIT = 3600
"""Seconds that one way may take."""


@dataclass
class Way:
    """A way of doing the work: how it is started, and what it took in each round."""

    title: str
    command: list[str]
    sample: bool = False
    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    peak: float = 0
    note: str = ""

    def measure(self) -> None:
        """Run once; time from start to end, processor time, and the most memory its processes held together."""
        if self.note:
            return
        before = _of_children()
        started = time.perf_counter()
        process = subprocess.Popen(
            self.command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            cwd=HERE.parent,
        )
        watcher = threading.Thread(target=self._watch, args=(process,))
        watcher.start()
        try:
            _, errors = process.communicate(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            self.note = f"stopped after {LIMIT} s"
            return
        finally:
            watcher.join()
        if process.returncode not in (0, 1):
            self.note = "failed: " + (errors.decode(errors="replace").strip().splitlines() or ["?"])[-1][:120]
            return
        self.seconds.append(time.perf_counter() - started)
        self.processor.append(_of_children() - before)

    def _watch(self, process: subprocess.Popen[bytes]) -> None:
        while process.poll() is None:
            self.peak = max(self.peak, _resident(process.pid))
            time.sleep(0.02)

    @property
    def median(self) -> float:
        return _median(self.seconds)


def _median(values: list[float]) -> float:
    return statistics.median(values) if values else float("nan")


def _of_children() -> float:
    """Seconds of processor time that all processes took which have ended."""
    taken = resource.getrusage(resource.RUSAGE_CHILDREN)
    return taken.ru_utime + taken.ru_stime


def _resident(group: int) -> float:
    """MiB that the processes of a group hold for themselves; pages of files that are mapped are not theirs."""
    total = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[2]) == group:
                resident, mapped = (stat.parent / "statm").read_text().split()[1:3]
                total += int(resident) - int(mapped)
        except (OSError, IndexError):
            continue
    return total * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def prepare(folder: Path, rows: int, faulty: float, *, csv: bool) -> None:
    """Write the table, its documents and the code list into `folder`."""
    folder.mkdir(parents=True)
    generate.write(folder / "table.parquet", rows, faulty)
    if csv:
        generate.write(folder / "table.csv", rows, faulty)
    actions = [(a.code, a.root, a.scales["gdelt"], a.quad_class) for a in shipped.scheme().actions.values()]
    types = {"action": pl.String, "of.root": pl.String, "of.goldstein": pl.Float64, "of.quad_class": pl.Int32}
    pl.DataFrame(actions, schema=types, orient="row").write_parquet(folder / "actions.parquet")
    text = (HERE / "cameo13.toml").read_text(encoding="utf-8")
    (folder / "no-key.toml").write_text(text.replace('key = ["event_id"]\n', ""), encoding="utf-8")
    (folder / "no-quotes.toml").write_text(text + "\n[file]\nquote = false\n", encoding="utf-8")


def standoff(
    folder: Path, table: str, *more: str, profile: Path = HERE / "cameo13.toml", python: str = sys.executable
) -> list[str]:
    """The command that checks a table with standoff."""
    reference = f"documents={folder / 'table.documents.parquet'}"
    command = [python, "-m", "standoff", "check", str(folder / table), "--profile", str(profile)]
    return [*command, "--reference", reference, "--quiet", *more]


def other(folder: Path, name: str, python: str = sys.executable) -> list[str]:
    """The command of one of the ways of `benchmarks.ways`."""
    return [python, str(HERE / "ways.py"), name, str(folder)]


def checking(clean: Path, faulty: Path | None, rivals: str | None, rows: int) -> list[Way]:
    """Parquet to verdict, the baseline first."""
    ways = [
        Way("polars by hand, one fused streaming query (baseline)", other(clean, "polars_by_hand")),
        Way("**standoff check**", standoff(clean, "table.parquet")),
    ]
    if faulty:
        ways.append(Way("**standoff check**, faulty rows among them", standoff(faulty, "table.parquet")))
    if rows <= EAGER:
        ways.append(Way("pandera, eager, lookups by join", other(clean, "pandera_eager")))
    if rivals and rows <= EAGER:
        ways += [
            Way("dataframely, eager", other(clean, "dataframely_eager", rivals)),
            Way("pointblank, eager", other(clean, "pointblank_eager", rivals)),
            Way("patito, eager", other(clean, "patito_eager", rivals)),
        ]
    if rivals:
        ways += [
            Way("DuckDB SQL, two queries", other(clean, "duckdb_sql", rivals)),
            Way(
                f"Great Expectations, {SAMPLE:,} rows",
                other(clean, "great_expectations_sample", rivals),
                sample=True,
            ),
            Way(
                f"frictionless, {SAMPLE:,} rows, cells only",
                other(clean, "frictionless_sample", rivals),
                sample=True,
            ),
        ]
    return ways


def converting(folder: Path) -> list[Way]:
    """CSV to typed Parquet, the baseline first."""
    good, bad = str(folder / "good.parquet"), str(folder / "bad.parquet")
    split = ["--split", good, bad]
    return [
        Way("polars, typed conversion and no rules (baseline)", other(folder, "plain_conversion")),
        Way(
            "**standoff check --split**, row rules and references",
            standoff(folder, "table.csv", *split, profile=folder / "no-key.toml"),
        ),
        Way("**standoff check --split**, and exact uniqueness", standoff(folder, "table.csv", *split)),
    ]


def on_spark(folder: Path, python: str) -> list[Way]:
    """The same on Spark in local mode, the baseline first."""
    return [
        Way("Spark SQL by hand (baseline)", other(folder, "spark_sql", python)),
        Way(
            "**standoff check --engine spark**",
            standoff(folder, "table.parquet", "--engine", "spark", python=python),
        ),
        Way(
            "**standoff check --engine spark**, CSV (cells may be in quotes: one task)",
            standoff(folder, "table.csv", "--engine", "spark", python=python),
        ),
        Way(
            "**standoff check --engine spark**, CSV without quoting (ranges of lines)",
            standoff(
                folder, "table.csv", "--engine", "spark", python=python, profile=folder / "no-quotes.toml"
            ),
        ),
    ]


def table_of(title: str, ways: Iterable[Way], rows: int) -> str:
    """The measured ways as a Markdown table; the first is what the ratios refer to."""
    ways = list(ways)
    base, base_of_processor = ways[0].median, _median(ways[0].processor)
    lines = [
        f"### {title}",
        "",
        "| way | median s | times the baseline | of processor | times | million rows a second | peak MiB | runs |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for way in ways:
        if not way.seconds:
            lines.append(f"| {way.title} | {way.note or 'not run'} | | | | | | |")
            continue
        done = SAMPLE if way.sample else rows
        ratio = way.median / base * (rows / done)
        busy = _median(way.processor)
        told = f"{ratio:.2f}" if not way.sample else f"{ratio:,.0f} (extrapolated)"
        lines.append(
            f"| {way.title} | {way.median:.2f} | {told} | {busy:.2f} | {busy / base_of_processor * rows / done:.2f} | {done / way.median / 1e6:.2f} | {way.peak:,.0f} | {len(way.seconds)} |"
        )
    return "\n".join(lines)


def machine() -> str:
    """What it ran on."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        "?",
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    versions = ", ".join(f"{name} {version(name)}" for name in ("polars", "pyarrow", "pandera"))
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB, {platform.system()} {platform.release()}, Python {platform.python_version()}, {versions}"


def write_section(text: str, name: str, path: Path) -> None:
    """Put `text` into the section of this name; other sections and what is written between them stay."""
    begin, end = (f"<!-- {name}: {what} -->" for what in ("begin", "end"))
    old = path.read_text(encoding="utf-8") if path.exists() else "# Results\n"
    section = f"{begin}\n{text}\n{end}"
    if begin in old:
        before, _, rest = old.partition(begin)
        new = before + section + rest.partition(end)[2]
    else:
        new = old.rstrip() + "\n\n" + section + "\n"
    path.write_text(new, encoding="utf-8")


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--faulty", type=float, default=0.01, help="share of faulty rows in a second table; 0: no such table"
    )
    parser.add_argument(
        "--rivals", metavar="PYTHON", help="Python of an environment with benchmarks/requirements.txt"
    )
    parser.add_argument(
        "--spark", metavar="PYTHON", help="Python of an environment with pyspark, polars and standoff"
    )
    parser.add_argument(
        "--only", choices=("check", "convert", "spark"), action="append", help="measure only these"
    )
    parser.add_argument(
        "--folder", type=Path, help="where the tables are written (default: a temporary folder)"
    )
    parser.add_argument("--results", type=Path, default=HERE / "RESULTS.md")
    options = parser.parse_args()
    asked = options.only or ["check", "convert", *(["spark"] if options.spark else [])]
    with tempfile.TemporaryDirectory(prefix="standoff-bench-", dir=options.folder) as scratch:
        clean, faulty = Path(scratch, "clean"), Path(scratch, "faulty") if options.faulty else None
        if faulty:
            prepare(faulty, options.rows, options.faulty, csv=not {"convert", "spark"}.isdisjoint(asked))
        prepare(clean, options.rows, 0, csv=not {"convert", "spark"}.isdisjoint(asked))
        groups = {}
        if "check" in asked:
            groups[
                f"Checking {options.rows:,} rows of Parquet: twelve rules, references, exact uniqueness"
            ] = checking(clean, faulty, options.rivals, options.rows)
        if "convert" in asked:
            kinds = [
                ("all good", clean),
                *([(f"{options.faulty:.0%} of them faulty", faulty)] if faulty else []),
            ]
            for kind, folder in kinds:
                groups[f"CSV to validated Parquet, {options.rows:,} rows, {kind}"] = converting(folder)
        if "spark" in asked and options.spark:
            groups[f"Spark in local mode, {options.rows:,} rows of Parquet"] = on_spark(clean, options.spark)
        for number in range(options.rounds):
            for ways in groups.values():
                for way in ways:
                    way.measure()
                    print(
                        f"round {number + 1}: {way.title}: {way.note or f'{way.seconds[-1]:.2f} s'}",
                        file=sys.stderr,
                    )
    tables = [table_of(title, ways, options.rows) for title, ways in groups.items()]
    load = f"{os.getloadavg()[2]:.1f}"
    head = f"## {options.rows:,} rows\n\n`python -m benchmarks.run --rows {options.rows} --rounds {options.rounds} --faulty {options.faulty:g}`, {time.strftime('%Y-%m-%d')}. {machine()}. Mean load over the last quarter of an hour: {load}.\n\nWhole processes from start to verdict; medians of rounds in which the ways take turns; memory is what all processes of a way hold, without the pages of mapped files."
    write_section("\n\n".join([head, *tables]), f"{options.rows} rows", options.results)
    print("\n\n".join(tables))


if __name__ == "__main__":
    main()
