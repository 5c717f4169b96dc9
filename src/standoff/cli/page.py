"""`standoff page`: one HTML file that shows a release."""

from __future__ import annotations

import argparse
from pathlib import Path

from standoff.cli.common import CLEAN, releases_here

TYPE_CHECKING = False
if TYPE_CHECKING:
    from standoff.cli.common import Commands


def add(commands: Commands) -> None:
    """Add the parser of this command."""
    page = commands.add_parser(
        "page",
        help="write one HTML file to look at a release",
        description="Write one HTML file that shows a release: overview, events, and a reading view for your own "
        "copies of the documents. It opens from a disk or a web server and needs no network.",
        epilog="Example: standoff page --release 2.0.0 --to explore.html",
    )
    page.add_argument(
        "--release",
        metavar="RELEASE",
        help="a version, or the folder of a release (default: the newest of the dataset here; outside of a dataset, of this installation)",
    )
    page.add_argument(
        "--to", type=Path, required=True, metavar="FILE", help="the file to write, ending in .html"
    )
    page.add_argument(
        "--site",
        metavar="ADDRESS",
        help="a link in the header, for a page that is part of a website: index.html",
    )
    page.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from standoff.findings import UsageError

    target: Path = options.to
    if target.suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"{target}: expected a file name that ends in .html")
    if not target.parent.is_dir():
        raise UsageError(f"{target}: there is no folder {target.parent}; create it first")
    from standoff.page.release import page_of

    named = options.release is not None and Path(options.release).is_dir()

    text = page_of(options.release, None if named else releases_here(), site=options.site)
    partial = target.with_name(f".{target.name}.partial")
    try:
        partial.write_text(text, encoding="utf-8", newline="\n")
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    print(f"{target}: {len(text.encode()):,} bytes")
    return CLEAN
