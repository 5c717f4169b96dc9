"""`standoff export`: records in the formats of other tools."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from standoff.cli.common import CLEAN, coded_records, documents_here

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from standoff.cli.common import Commands
    from standoff.exchange.formats import Format


def add(commands: Commands) -> None:
    """Add the parser of this command."""
    export = commands.add_parser(
        "export",
        help="write the records of a release or dataset in the format of another tool",
        description="Write records in the format of an annotation tool, a training pipeline, a graph program or a "
        "database. What the format cannot hold is listed in losses.csv beside the files. `standoff export --formats` "
        "lists the formats.",
        epilog="Examples: standoff export brat dataset --to brat · standoff export gdelt2 2.0.0 --to rows · "
        "standoff export label-studio 2.0.0 --texts my-copies --documents d003 --to tasks",
    )
    export.add_argument("format", nargs="?", metavar="FORMAT", help="a format; --formats lists them")
    export.add_argument(
        "source",
        nargs="?",
        metavar="RELEASE|DATASET",
        help="a release (version or folder) or a dataset folder (default: the newest release of the dataset here; outside of a dataset, of this installation)",
    )
    export.add_argument("--to", type=Path, metavar="DIR", help="the folder to write; it must be new or empty")
    export.add_argument(
        "--texts", type=Path, metavar="FOLDER", help="your copies of the documents, recognised by SHA-256"
    )
    export.add_argument(
        "--documents",
        action="append",
        default=[],
        metavar="ID",
        help="export these documents only (repeatable)",
    )
    export.add_argument("--formats", action="store_true", help="list the formats and stop")
    export.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from standoff.exchange import formats
    from standoff.findings import UsageError

    if options.formats:
        known, faults = formats.known()
        sys.stdout.write(listed(known))
        for fault in faults:
            print(f"standoff export: {fault}", file=sys.stderr)
        return CLEAN
    if not options.format:
        raise UsageError("name a format; standoff export --formats lists them")
    if options.to is None:
        raise UsageError("name the folder to write to: --to DIR")
    from standoff.cli.progress import Progress, documents
    from standoff.exchange.exporting import export

    source = coded_records(options.source)
    with Progress(sys.stderr, documents("exporting")) as progress:
        done = export(
            options.format,
            source,
            to=options.to,
            texts=options.texts or documents_here(source),
            documents=options.documents,
            progress=progress,
        )
    print(done)
    return CLEAN


def listed(known: Mapping[str, Format]) -> str:
    """Return the formats as lines: name, directions, and what each is."""
    rows = []
    for name, each in known.items():
        ways = " and ".join(
            way for way, able in (("export", each.write_to), ("import", each.read_from)) if able
        )
        rows.append(f"{name:<14} {ways:<18} {each.about}\n")
    return "".join(rows)
