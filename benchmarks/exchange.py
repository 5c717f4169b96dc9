"""Time and memory of `standoff export` and `standoff import` on generated documents, each in a process of its own.

python -m benchmarks.exchange                          # 10,000 documents with 100,000 events
python -m benchmarks.exchange --documents 1000 --formats brat sqlite
python -m benchmarks.exchange --write                  # into benchmarks/RESULTS.md
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.check_corpus import EVENTS_PER_DOCUMENT, RESULTS, generate, measure
from standoff.exchange import formats
from standoff.markdown import table

HEADING = "## Exports and imports"


def main() -> None:
    """Generate, measure, and print or write the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--formats", nargs="*", default=[n for n in formats.known()[0] if n != "spacy"])
    parser.add_argument("--write", action="store_true", help="into benchmarks/RESULTS.md")
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as name:
        dataset = generate(Path(name), options.documents)
        for format_ in options.formats:
            known = formats.known()[0][format_]
            if known.write_to is None:
                continue
            out = Path(name) / format_
            standoff = [sys.executable, "-m", "standoff"]
            pass_ = format_.replace("-", "")
            run = measure([*standoff, "export", format_, str(dataset), "--to", str(out)])
            size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) / 1e6
            cells = [
                format_,
                f"{run.seconds:.1f}",
                f"{run.processor:.1f}",
                f"{run.memory:,.0f}",
                f"{size:,.0f}",
            ]
            if known.read_from is not None:
                back = measure(
                    [*standoff, "import", format_, str(out), "--as", pass_, "--dataset", str(dataset)]
                )
                cells += [f"{back.seconds:.1f}", f"{back.processor:.1f}", f"{back.memory:,.0f}"]
                shutil.rmtree(dataset / "passes" / pass_)
            else:
                cells += ["", "", ""]
            shutil.rmtree(out)
            rows.append(cells)
            print(*cells, file=sys.stderr, flush=True)
    events = options.documents * EVENTS_PER_DOCUMENT
    titles = (
        "format",
        "export s",
        "of processor",
        "peak MiB",
        "MB written",
        "import s",
        "of processor",
        "peak MiB",
    )
    text = (
        f"{HEADING}\n\n{options.documents:,} synthetic documents with {events:,} events, out of a dataset folder and back as a "
        "pass, cold and in a process of its own; one run. Reading the annotation files is part of each.\n\n"
        + table(titles, rows)
        + f"\n\nMachine: {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}; load "
        f"{os.getloadavg()[2]:.1f} over the last quarter of an hour. Renewed by `python -m benchmarks.exchange --write`.\n"
    )
    print(text)
    if options.write:
        before = RESULTS.read_text("utf-8")
        section = re.compile(rf"^{HEADING}\n.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)
        after = section.sub(lambda _: text + "\n", before) if section.search(before) else f"{before}\n{text}"
        RESULTS.write_text(after.rstrip() + "\n", "utf-8")


if __name__ == "__main__":
    main()
