"""`standoff docs`: renew the documents that are generated from the dataset."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from standoff.cli.common import CLEAN, FINDINGS, corpus_in


def add(commands: Any) -> None:
    """Add the parser of this command."""
    docs = commands.add_parser(
        "docs",
        help="renew the codebook, the datasheet, the agreement report, and the README's numbers and figures",
        description="Renew what is generated from the dataset: AGREEMENT.md, agreement.json, CITATION.cff, .zenodo.json and docs/figures/ as a "
        "whole, and in CODEBOOK.md, DATASHEET.md and README.md what stands between markers. They lie beside the "
        "dataset's folder.",
    )
    docs.add_argument(
        "--dataset", type=Path, default=Path(), metavar="FOLDER", help="where the dataset is (default: here)"
    )
    docs.add_argument(
        "--check", action="store_true", help="change nothing; exit with 1 if a document is out of date"
    )
    docs.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from standoff.documents import generated

    corpus = corpus_in(options.dataset)
    texts = generated.documents(corpus, corpus.root.parent)
    stale = generated.stale(texts)
    for path in stale:
        if not options.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(texts[path], "utf-8", newline="\n")
        verb = "is out of date: run `standoff docs`" if options.check else "renewed"
        sys.stdout.write(f"{path.name} {verb}\n")
    if not stale:
        sys.stdout.write(f"{', '.join(path.name for path in texts)}: up to date\n")
    return FINDINGS if stale and options.check else CLEAN
