"""Time and memory of `standoff score`: 5,000 predictions against 1,000 documents with 10,000 gold events.

    python -m benchmarks.score [--documents 1000] [--predictions 5000] [--write]

Makes a release folder, the texts and the predictions in a temporary folder, and runs the command without intervals, with
the default ones, for very many predictions of one document, and for two and four times as many documents. Prints wall time, processor
time and the largest resident memory of each run; `--write` puts the table into RESULTS.md.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from standoff.codes import shipped

EVENTS = 10  # in each document
HEADING = "## Scoring an event coder"
WORDS = [
    "the",
    "envoy",
    "of",
    "one",
    "side",
    "met",
    "with",
    "officials",
    "on",
    "the",
    "other",
    "after",
    "a",
    "long",
    "day",
    "of",
    "talks",
    "about",
    "the",
    "border",
]


def make(folder: Path, documents: int, predictions: int) -> None:
    """Write a release, its texts and a file of predictions."""
    draw = random.Random(1)
    actions = shipped.scheme().actions
    codes = sorted(actions)
    countries = sorted(shipped.scheme().countries)[:50]
    rows: dict[str, list[dict[str, object]]] = {
        name: [] for name in ("documents", "events", "participants", "negatives")
    }
    (folder / "texts").mkdir()
    for d in range(documents):
        name, text = f"d{d:05}", ""
        spans = []
        for e in range(EVENTS):
            filler = " ".join(draw.choices(WORDS, k=25))
            trigger = f"struck target {d} {e}"
            start = len(text) + len(filler) + 1
            text += f"{filler} {trigger} again. "
            spans.append((start, start + len(trigger), trigger))
        (folder / "texts" / f"{name}.txt").write_text(text, encoding="utf-8", newline="\n")
        rows["documents"].append(
            {
                "document_id": name,
                "title": name,
                "url": f"https://example.org/{name}",
                "published": "2023-10-20",
                "characters": len(text),
                "sha256": hashlib.sha256(text.encode()).hexdigest(),
            }
        )
        for e, (start, end, trigger) in enumerate(spans):
            day = date(2023, 1, 1) + timedelta(days=draw.randrange(300))
            rows["events"].append(
                {
                    "event_id": f"{name}-e{e:02}",
                    "document_id": name,
                    "action": draw.choice(codes),
                    "date": day.isoformat(),
                    "date_basis": "explicit",
                    "status": "asserted",
                    "trigger": trigger,
                    "trigger_start": start,
                    "trigger_end": end,
                    "evidence_start": start,
                    "evidence_end": end + 6,
                    "reciprocal": False,
                    "count_min": 1,
                    "incident_id": None,
                }
            )
            for role in ("actor", "target"):
                rows["participants"].append(
                    {
                        "event_id": f"{name}-e{e:02}",
                        "role": role,
                        "position": 1,
                        "actor_id": None,
                        "actor_code": draw.choice(countries),
                        "text": None,
                        "start": None,
                        "end": None,
                    }
                )
        rows["negatives"].append(
            {
                "negative_id": f"{name}-n01",
                "document_id": name,
                "text": text[:5],
                "start": 0,
                "end": 5,
                "reason": "state",
            }
        )
    release = folder / "release"
    release.mkdir()
    for table, content in rows.items():
        pl.DataFrame(content, infer_schema_length=None).write_parquet(release / f"{table}.parquet")
    pl.DataFrame(
        [
            {
                "action": a.code,
                "label": a.label,
                "parent": a.parent,
                "root": a.root,
                "quad_class": a.quad_class,
            }
            for a in actions.values()
        ],
        infer_schema_length=None,
    ).write_parquet(release / "actions.parquet")
    pl.DataFrame(
        schema={
            "actor_id": pl.String,
            "name": pl.String,
            "kind": pl.String,
            "country": pl.String,
            "aliases": pl.String,
        }
    ).write_parquet(release / "actors.parquet")
    pl.DataFrame(schema={"actor_id": pl.String, "position": pl.Int32}).write_parquet(
        release / "affiliations.parquet"
    )
    chosen = draw.sample(rows["events"], min(predictions, len(rows["events"])))
    with (folder / "predictions.jsonl").open("w", encoding="utf-8") as file:
        for row in chosen:
            action = row["action"] if draw.random() < 0.7 else draw.choice(codes)
            value = {
                "document": row["document_id"],
                "trigger": row["trigger"],
                "action": action,
                "actors": [{"code": draw.choice(countries)}],
                "targets": [{"code": draw.choice(countries)}],
                "date": row["date"],
                "status": "asserted",
            }
            file.write(json.dumps(value) + "\n")


def measure(folder: Path, *options: str, expected: int = 0) -> tuple[float, float, float]:
    """Run the command and return its wall and processor seconds and its largest resident memory in MB."""
    command = [
        sys.executable,
        "-m",
        "standoff",
        "score",
        str(folder / "predictions.jsonl"),
        "--report",
        "json",
    ]
    command += ["--gold", str(folder / "release"), "--texts", str(folder / "texts"), *options]
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != expected:
        raise SystemExit(f"the command ended with {process.returncode}")
    return time.perf_counter() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def crowd(folder: Path, records: int) -> None:
    """Write predictions that are all about one document."""
    line = json.dumps({"document": "d00000", "trigger": {"start": 10, "end": 20}, "action": "190"}) + "\n"
    with (folder / "predictions.jsonl").open("w", encoding="utf-8") as file:
        for _ in range(records):
            file.write(line)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--predictions", type=int, default=5000)
    parser.add_argument("--write", action="store_true", help="write the table into RESULTS.md")
    options = parser.parse_args()
    d, n = options.documents, options.predictions
    rows = []

    def add(label: str, *figures: float) -> None:
        seconds, processor, memory = figures
        rows.append(f"| {label} | {seconds:.1f} | {processor:.1f} | {memory:.0f} |")
        print(f"{label:<60} {seconds:6.1f} s  {processor:6.1f} s of processor  {memory:6.0f} MB", flush=True)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, d, n)
        add("without intervals", *measure(folder, "--ci", "0"))
        add("without intervals, passes and baselines", *measure(folder, "--ci", "0", "--no-references"))
        add("with the default 1,000 bootstrap rounds", *measure(folder))
        crowd(folder, 1_000_000)
        add("1,000,000 predictions for one document: refused", *measure(folder, "--ci", "0", expected=2))
        crowd(folder, 100_000)
        add("100,000 predictions for one document: scored", *measure(folder, "--ci", "0"))
    for times, words in ((2, "twice"), (4, "four times")):
        with tempfile.TemporaryDirectory() as name:
            make(Path(name), times * d, times * n)
            add(
                f"{words} the documents and predictions, without intervals", *measure(Path(name), "--ci", "0")
            )
    if options.write:
        write(d, n, rows)


def write(documents: int, predictions: int, rows: list[str]) -> None:
    """Put the table into RESULTS.md, in place of the one before."""
    path = Path(__file__).with_name("RESULTS.md")
    text = path.read_text(encoding="utf-8")
    before = text.split(HEADING)[0].rstrip()
    rest = text.split(HEADING)[1] if HEADING in text else ""
    after = f"\n## {rest.split(chr(10) + '## ', 1)[1]}" if "\n## " in rest else ""
    section = [
        HEADING,
        "",
        (
            f"{predictions:,} predictions against {documents:,} documents with {documents * EVENTS:,} gold events, with their texts: whole processes from "
            "start to JSON report, one run of each."
        ),
        "",
        "| run | seconds | of processor | MB |",
        "| --- | ---: | ---: | ---: |",
        *rows,
        "",
        (
            f"Machine: {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, polars {pl.__version__}, "
            f"{date.today()}. Renewed by `python -m benchmarks.score --write`."
        ),
    ]
    path.write_text(f"{before}\n\n" + "\n".join(section) + f"\n{after}", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
