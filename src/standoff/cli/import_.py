"""`standoff import`: annotations of other tools as a pass of a dataset."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from standoff.cli.common import CLEAN, FINDINGS

SHOWN = 20


TYPE_CHECKING = False
if TYPE_CHECKING:
    from standoff.cli.common import Commands


def add(commands: Commands) -> None:
    """Add the parser of this command."""
    parser = commands.add_parser(
        "import",
        help="read annotations of another tool as a pass of a dataset",
        description="Read annotations of another tool and write them as a pass, dataset/passes/NAME, in canonical form. "
        "Released records are never changed. Offsets are checked against the quoted words. Exit status 1: some records "
        "could not be placed; the others were written.",
        epilog="Examples: standoff import brat my-collection --as ann1 · standoff import label-studio export.json "
        "--as ann2 --map labels.toml",
    )
    parser.add_argument("format", metavar="FORMAT", help="a format; standoff export --formats lists them")
    parser.add_argument("path", type=Path, metavar="PATH", help="the file or folder to read")
    parser.add_argument(
        "--as", dest="name", required=True, metavar="PASS", help="name of the pass, such as ann1"
    )
    parser.add_argument(
        "--dataset", type=Path, default=Path(), metavar="FOLDER", help="the dataset (default: the one here)"
    )
    parser.add_argument(
        "--map",
        type=Path,
        metavar="LABELS.toml",
        help="what labels of the tool mean: a table [labels] of lines label = code",
    )
    parser.add_argument(
        "--losses",
        type=Path,
        metavar="FILE",
        help="write the values that no field of an annotation file can hold to a table",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from standoff.cli.progress import Progress, documents
    from standoff.exchange.importing import import_pass
    from standoff.findings import plural

    with Progress(sys.stderr, documents("importing")) as progress:
        done = import_pass(
            options.format,
            options.path,
            name=options.name,
            dataset=options.dataset,
            labels=options.map,
            losses=options.losses,
            progress=progress,
        )
    for fault in done.problems[:SHOWN]:
        print(f"standoff import: {fault.shown(str(options.path))}", file=sys.stderr)
    if len(done.problems) > SHOWN:
        print(f"standoff import: … and {len(done.problems) - SHOWN:,} more", file=sys.stderr)
    for note in done.notes:
        print(f"standoff import: {note}", file=sys.stderr)
    print(done)
    if done.losses:
        where = f"see {options.losses}" if options.losses else "list such values with --losses FILE"
        have = "has" if len(done.losses) == 1 else "have"
        print(f"{plural(len(done.losses), 'value')} {have} no field in an annotation file; {where}")
    if not done.annotator_known:
        print(f'add to dataset.toml: [[annotators]] id = "{options.name}", with kind, name and task')
    print(f"now run: standoff check {done.folder}")
    return FINDINGS if done.problems else CLEAN
