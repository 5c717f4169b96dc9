"""`standoff hydrate`: evidence text from the reader's own copies of the documents."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from standoff.cli.common import CLEAN, FINDINGS, releases_here

TYPE_CHECKING = False
if TYPE_CHECKING:
    from standoff.cli.common import Commands

FORMATS = {".csv": "write_csv", ".parquet": "write_parquet", ".jsonl": "write_ndjson"}


def add(commands: Commands) -> None:
    """Add the parser of this command."""
    hydrate = commands.add_parser(
        "hydrate",
        help="add the words of the evidence from your own copies of the documents",
        description="Print a table of a release with a column `evidence` with the words. Releases hold the "
        "positions of the evidence, not the text. The words come from your own copies of the "
        "documents, which are recognised by their SHA-256 and may have any name. Exit status 1: some "
        "documents were not found.",
        epilog="Example: standoff hydrate dyads --documents ~/articles --out dyads.csv",
    )
    hydrate.add_argument("table", nargs="?", default="events", help="which table (default: events)")
    hydrate.add_argument(
        "--documents",
        type=Path,
        required=True,
        metavar="FOLDER",
        help="folder with your copies of the documents",
    )
    hydrate.add_argument("--version", help="which release (default: the newest)")
    hydrate.add_argument(
        "--source",
        metavar="PLACE",
        help="where other releases are: a folder, an address, or the name of an installed dataset "
        "(default: the releases of the dataset here; outside of a dataset, this installation)",
    )
    hydrate.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="write to this .csv, .parquet or .jsonl file, not to the screen",
    )
    hydrate.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    import warnings

    from standoff.findings import UsageError

    if options.out and options.out.suffix not in FORMATS:
        raise UsageError(f"{options.out} must end in one of {', '.join(FORMATS)}")
    from standoff.loaders.hydration import DocumentsMissing, IdsUnknown, hydrate

    with warnings.catch_warnings(record=True) as caught:
        for category in (DocumentsMissing, IdsUnknown):
            warnings.simplefilter("always", category)
        frame = hydrate(
            options.table, options.documents, options.version, source=options.source or releases_here()
        )
    for warning in caught:
        print(f"standoff hydrate: {warning.message}", file=sys.stderr)
    if options.out is None:
        sys.stdout.write(frame.write_csv())
    else:
        with options.out.open("wb") as file:
            getattr(frame, FORMATS[options.out.suffix])(file)
        hydrated = frame.height - frame["evidence"].null_count()
        print(f"{frame.height} rows of {options.table}, {hydrated} with evidence, in {options.out}")
    return FINDINGS if caught else CLEAN
