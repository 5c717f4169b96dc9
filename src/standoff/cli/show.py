"""`standoff show`: an event with its spans marked in their sentence."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from standoff.cli.common import CLEAN, colour_for, corpus_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from standoff.cli.common import Commands


def add(commands: Commands) -> None:
    """Add the parser of this command."""
    show = commands.add_parser(
        "show",
        help="show an event with its spans marked in their sentence",
        description="Show an event, a negative or a whole document: every field, with the words that show it.",
        epilog="Examples: standoff show d003-e04 · standoff show d003-n02 · standoff show d003 · "
        "standoff show --changed-since ../main/dataset",
    )
    show.add_argument("ids", nargs="*", metavar="ID", help="id of an event, negative or document")
    show.add_argument(
        "--changed-since",
        type=Path,
        metavar="FOLDER",
        help="show the records that are new or changed compared with the dataset in this folder",
    )
    show.add_argument(
        "--dataset", type=Path, default=Path(), metavar="FOLDER", help="where the dataset is (default: here)"
    )
    show.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from standoff import show
    from standoff.findings import UsageError

    corpus, ids = corpus_in(options.dataset), options.ids
    before = None if options.changed_since is None else corpus_in(options.changed_since)
    if before is not None:
        ids = [*ids, *show.changed(corpus, before)]
        if not ids:
            sys.stdout.write("no record is new or changed\n")
            return CLEAN
    elif not ids:
        raise UsageError("name the id of a record or document, or a folder with --changed-since")
    sys.stdout.write(show.render(corpus, ids, colour_for(sys.stdout), before))
    return CLEAN
