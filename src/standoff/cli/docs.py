"""`standoff docs`: renew every document that is generated."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from standoff.cli.common import CLEAN, FINDINGS, corpus_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from standoff.cli.common import Commands


def add(commands: Commands) -> None:
    """Add the parser of this command."""
    docs = commands.add_parser(
        "docs",
        help="renew every document that is generated: codebook, datasheet, agreement, figures, and more",
        description="Renew the generated documents of the dataset. Always, from schemas and code: the fields and "
        "tables in CODEBOOK.md, docs/rules/ and the table in docs/releases.md, if these exist. From "
        "the dataset, unless its version is a .dev: AGREEMENT.md, agreement.json, CITATION.cff, "
        ".zenodo.json, docs/figures/, and the counts and examples between markers in CODEBOOK.md, "
        "DATASHEET.md and README.md. Contributors need not do this: maintainers do it when they cut a "
        "release.",
    )
    docs.add_argument(
        "--dataset", type=Path, default=Path(), metavar="FOLDER", help="where the dataset is (default: here)"
    )
    docs.add_argument(
        "--check", action="store_true", help="change nothing; exit with 1 if a document is out of date"
    )
    docs.add_argument(
        "--all",
        action="store_true",
        help="with a .dev version too, renew or check what comes from the dataset",
    )
    docs.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from standoff.documents import generated

    corpus = corpus_in(options.dataset)
    folder = corpus.root.parent
    texts = generated.documents(corpus, folder, data=True if options.all else None)
    stale = generated.stale(texts)
    for path in stale:
        if not options.check:
            generated.renew(path, texts[path])
        done = "renewed" if texts[path] is not None else "removed"
        verb = "is out of date: run `standoff docs`" if options.check else done
        sys.stdout.write(f"{path.relative_to(folder).as_posix()} {verb}\n")
    if not stale:
        sys.stdout.write(f"{len(texts)} documents are up to date\n")
    if not (options.all or generated.has_data(corpus)):
        sys.stdout.write("what comes from the dataset is renewed when a release is cut, or with --all\n")
    return FINDINGS if stale and options.check else CLEAN
