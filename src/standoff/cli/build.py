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
        description="Check the dataset, compile it into tables, check the tables, and write releases/v<version>/. "
        "A release that has been cut is never rewritten. If the version is too low for the changes, "
        "the build stops and names the lowest version that is high enough. If a source has an error, "
        "nothing is written.",
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
        help="folder of releases (default: releases)",
    )
    build.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from standoff.release import build

    sys.stdout.write(build.build(options.dataset, options.releases).summary())
    return CLEAN
