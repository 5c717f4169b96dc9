"""Measures `standoff check`, `fmt` and `build` on a corpus of generated annotation files, beside a checker of the schema alone.

    python -m benchmarks.check_corpus                       # 10,000 documents with 100,000 events
    python -m benchmarks.check_corpus --documents 2000 --write
    python -m benchmarks.check_corpus --schema-checker /path/to/check-jsonschema --write

`build` is measured as it is, and without its workbook. The corpus is synthetic, in canonical form, and lies in a temporary folder: sentences out of a small list of words, marked as such in
every file. Each command runs in a process of its own; its wall time, processor time and peak memory are told.
`--write` puts the figures into the section of `benchmarks/RESULTS.md` that belongs to this measurement.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import random
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from standoff import schema
from standoff.codes import shipped
from standoff.markdown import table

RESULTS = Path(__file__).parent / "RESULTS.md"
HEADING = "## Checking annotations"
EVENTS_PER_DOCUMENT = 10
ACTORS = 200
VERBS = ("met", "warned", "accused", "shelled", "praised", "visited", "blamed", "struck", "urged", "thanked")
CODES = ("040", "138", "112", "194", "051", "042", "111", "195", "025", "057")
PLACES = ("the capital", "the border post", "the old harbour", "the northern valley", "the café on the hill")
FILLER = (
    "Nothing further was said about it, and officials declined to give a date.",
    "The statement, which ran to two pages, did not mention the earlier talks.",
    "“We have seen this before,” one resident said — and asked not to be named.",
)


def generate(folder: Path, documents: int) -> Path:
    """Write a corpus of so many documents, ten events each, below `folder`; return the dataset folder."""
    dataset = folder / "dataset"
    for path in (dataset / "events", folder / "seeds"):
        path.mkdir(parents=True)
    (dataset / "dataset.toml").write_text(
        '[dataset]\nname = "synthetic"\ntitle = "Synthetic"\nversion = "0.1.0.dev1"\nreleased = "2024-01-02"\n'
        'license = "CC0-1.0"\ndescription = "Generated for a measurement."\nkeywords = ["synthetic"]\n\n'
        '[[authors]]\nname = "nobody"\n\n'
        '[[annotators]]\nid = "a1"\nkind = "language model"\nname = "none"\ntask = "None."\n'
    )
    countries = sorted(shipped.scheme().countries)[:ACTORS]
    (dataset / "actors.yaml").write_text(
        "actors:\n"
        + "".join(
            f'  - id: actor-{i:03}\n    name: Actor {i}\n    kind: government\n    country: "{country}"\n    affiliations:\n'
            f'      - code: "{country}GOV"\n        basis: composed\n'
            for i, country in enumerate(countries)
        )
    )
    chance = random.Random(0)
    for number in range(documents):
        text, annotation = _document(number, len(countries), chance)
        (folder / "seeds" / f"{number:05}.txt").write_text(text, "utf-8", newline="")
        (dataset / "events" / f"d{number:03}.yaml").write_text(annotation, "utf-8", newline="")
    return dataset


def _document(number: int, actors: int, chance: random.Random) -> tuple[str, str]:
    """The text of a document and its annotation file."""
    paragraphs, events, negatives = [], [], []
    for i in range(1, EVENTS_PER_DOCUMENT + 1):
        verb = chance.randrange(len(VERBS))
        actor, target = chance.sample(range(actors), 2)
        who, whom = f"government number {actor}", f"delegation number {target}"
        clause = f"{who} {VERBS[verb]} {whom} near {chance.choice(PLACES)} for the {i}th time"
        paragraphs.append(f"On Monday, {clause}. {chance.choice(FILLER)}")
        events.append(
            f"  - id: d{number:03}-e{i:02}\n"
            f'    evidence: "{clause}"\n'
            f'    trigger: "{VERBS[verb]}"\n'
            f'    actor: [{{id: actor-{actor:03}, quote: "{who}"}}]\n'
            f'    target: [{{id: actor-{target:03}, quote: "{whom}"}}]\n'
            f'    action: "{CODES[verb]}"\n'
            + ("    reciprocal: true\n" if CODES[verb] == "040" else "")
            + f'    date: "2023-05-{i:02}"\n'
            f"    date_basis: explicit\n"
            f"    status: asserted\n"
        )
    for i in range(1, 4):
        words = f"truce number {i} could break"
        paragraphs.append(f"Analysts fear that {words}. {chance.choice(FILLER)}")
        negatives.append(
            f'  - id: d{number:03}-n{i:02}\n    evidence: "{words}"\n    trigger: "break"\n    mark: "could"\n'
            '    reason: hypothetical\n    would_be: {action: "196"}\n'
        )
    text = "Synthetic text, generated for a measurement.\n\n" + "\n\n".join(paragraphs) + "\n"
    head = (
        f"edition: 2\ndocument:\n  id: d{number:03}\n  file: {number:05}.txt\n"
        f'  sha256: "{hashlib.sha256(text.encode()).hexdigest()}"\n'
        f'  title: "[Synthetic document {number}]"\n  publisher: "none"\n  language: en\n'
        f'  rights: "Generated."\n  published: {{date: "2023-06-01", basis: header}}\n'
    )
    return text, head + "events:\n" + "".join(events) + "negatives:\n" + "".join(negatives)


BUILD_WITHOUT_WORKBOOK = """
import sys
from pathlib import Path
from standoff.release import build
checked = build.run_release
def without_workbook(candidate):
    from standoff.release import write  # with polars, which must not be there before processes share the work
    write.write_workbook = lambda *_: None
    return checked(candidate)
build.run_release = without_workbook
build.build(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One run of a command: seconds on the clock and of processor, and peak memory in MiB."""

    seconds: float
    processor: float
    memory: float


def measure(command: list[str]) -> Measured:
    """Run a command that must end well; its output is dropped."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    complaint = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    seconds = time.perf_counter() - started
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with {process.returncode}: {complaint.decode()[:500]}")
    return Measured(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def main() -> None:
    """Generate, measure, and print or write the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=3, help="the median run is told (default 3)")
    parser.add_argument("--schema-checker", metavar="PATH", help="check-jsonschema, for comparison")
    parser.add_argument("--write", action="store_true", help="into benchmarks/RESULTS.md")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        dataset = generate(Path(name), options.documents)
        files = sorted(map(str, (dataset / "events").iterdir()))
        bytes_ = sum(Path(file).stat().st_size for file in files)
        here = Path(__file__).parents[1] / "dataset"
        standoff = [sys.executable, "-m", "standoff"]
        releases = Path(name) / "releases"
        measure([*standoff, "fmt", str(dataset)])
        commands = {
            "standoff check": [*standoff, "check", str(dataset)],
            "standoff check, this repository": [*standoff, "check", str(here)],
            "standoff fmt --check": [*standoff, "fmt", "--check", str(dataset)],
            "standoff build": [*standoff, "build", "--dataset", str(dataset), "--releases", str(releases)],
            "standoff build, without its workbook": [
                *(sys.executable, "-c", BUILD_WITHOUT_WORKBOOK, str(dataset), str(releases / "none"))
            ],
        }
        if options.schema_checker:
            scheme = str(schema.folder() / "annotation.schema.json")
            commands["check-jsonschema (schema only)"] = [
                options.schema_checker,
                "--schemafile",
                scheme,
                *files,
            ]
        events = options.documents * EVENTS_PER_DOCUMENT
        rows = []
        for label, command in commands.items():
            runs = sorted((measure(command) for _ in range(options.repeat)), key=lambda run: run.seconds)
            run = runs[len(runs) // 2]
            own = label.endswith("repository")
            rate = "" if own else f"{events / run.seconds:,.0f}"
            rows.append((label, f"{run.seconds:.2f}", f"{run.processor:.2f}", rate, f"{run.memory:,.0f}"))
    text = (
        f"{HEADING}\n\n{options.documents:,} synthetic documents with {events:,} events and {bytes_ / 1e6:.0f} MB of "
        f"YAML, cold and in a process of its own. Median of {options.repeat} runs.\n\n"
        + table(("command", "seconds", "of processor", "events/s", "peak MiB"), rows)
        + f"\n\nMachine: {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}, "
        f"PyYAML {version('pyyaml')}, jsonschema {version('jsonschema')}, jsonschema-rs {version('jsonschema_rs')}. "
        f"Renewed by `python -m benchmarks.check_corpus --write`, with `--schema-checker PATH` for the comparison.\n"
    )
    print(text)
    if options.write:
        before = RESULTS.read_text("utf-8") if RESULTS.exists() else "# Results\n"
        section = re.compile(rf"^{HEADING}\n.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)
        after = section.sub(lambda _: text + "\n", before) if section.search(before) else f"{before}\n{text}"
        RESULTS.write_text(after.rstrip() + "\n", "utf-8")


if __name__ == "__main__":
    main()
