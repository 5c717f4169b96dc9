"""`standoff check`: what is wrong, where, and how to mend it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from standoff.cli.common import colour_for, dataset_and_files


def add(commands: Any) -> None:
    """Add the parser of this command."""
    check = commands.add_parser(
        "check",
        help="check annotations and say what is wrong, where, and how to mend it",
        description="Check a dataset folder, or single annotation files. Exit status 0: clean, 1: findings, "
        "2: nothing to check, 3: a fault of standoff itself.",
        epilog="Examples: standoff check · standoff check dataset/events/d003.yaml",
    )
    check.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="dataset folder or annotation files (default: the dataset here)",
    )
    check.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from standoff.report import text
    from standoff.rules import runner
    from standoff.source.corpus import read_corpus

    root, only = dataset_and_files(options.paths)
    report = runner.run(read_corpus(root, only))
    sys.stdout.write(text.render(report, colour_for(sys.stdout)))
    return report.exit_code
