"""`standoff build`: the dataset into a release."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from standoff.cli.common import CLEAN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from standoff.cli.common import Commands


def add(commands: Commands) -> None:
    """Add the parser of this command."""
    build = commands.add_parser(
        "build",
        help="compile the dataset into a release",
        description="Check the dataset, compile it into tables, check those, and write releases/v<version>/. "
        "A release that has been cut is never rewritten, and a version too low for what has changed is refused "
        "with the least that is high enough. With a fault in any source nothing is written.",
    )
    build.add_argument(
        "--dataset",
        type=Path,
        default=Path("dataset"),
        metavar="FOLDER",
        help="the dataset (default: dataset)",
    )
    build.add_argument(
        "--releases",
        type=Path,
        default=Path("releases"),
        metavar="FOLDER",
        help="where releases lie (default: releases)",
    )
    build.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from standoff.release import build

    sys.stdout.write(build.build(options.dataset, options.releases).summary())
    return CLEAN
