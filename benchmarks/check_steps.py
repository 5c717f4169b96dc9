"""Measures what each step of `standoff check` costs, in one process, on a corpus of generated annotation files.

    python -m benchmarks.check_steps                     # 400 documents with 4,000 events
    python -m benchmarks.check_steps --documents 2000

The figures are microseconds of processor for an event, and do not depend on what else the machine does as wall time would.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from benchmarks.check_corpus import EVENTS_PER_DOCUMENT, generate
from standoff.lazy import uncollected
from standoff.markdown import table
from standoff.rules import catalogue, runner
from standoff.source import plain_form, processes, strict_yaml
from standoff.source.corpus import read_corpus
from standoff.source.files import read_text


def main() -> None:
    """Generate, measure, and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=400)
    documents = parser.parse_args().documents
    processes.LEAST = documents * 10  # one process does it all
    with tempfile.TemporaryDirectory() as name, uncollected():
        dataset = generate(Path(name), documents)
        catalogue.dataset_rules()
        marks = [time.process_time()]
        read_corpus(dataset, records=False)
        marks.append(time.process_time())
        corpus = read_corpus(dataset)
        for file in corpus.files:
            assert file.events, "records are built when they are first asked for"
        marks.append(time.process_time())
        runner.run(corpus)
        marks.append(time.process_time())
        for file in corpus.files:
            read_text(file)
        marks.append(time.process_time())
        for file in corpus.files:
            plain_form.read(file.text)
        marks.append(time.process_time())
        for file in corpus.files:
            strict_yaml.read(file.text)
        marks.append(time.process_time())
    took = [(after - before) / documents / EVENTS_PER_DOCUMENT * 1e6 for before, after in pairwise(marks)]
    whole, with_records, rules, text, plain, strict = took
    rows = [
        ("read files and hold them against the schema", f"{whole:.0f}"),
        ("… of this, bytes into text", f"{text:.0f}"),
        ("… of this, text into values, in canonical form", f"{plain:.0f}"),
        ("… the same for files in other forms", f"{strict:.0f}"),
        ("build records and find their words", f"{with_records - whole:.0f}"),
        ("run the rules", f"{rules:.0f}"),
        ("all", f"{with_records + rules:.0f}"),
    ]
    print(table(("step", "µs of processor for an event"), rows))


if __name__ == "__main__":
    main()
