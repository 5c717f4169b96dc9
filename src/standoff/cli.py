"""The command line. Each command imports what it needs when it runs, so that `--help` is quick.

Exit status: 0 clean, 1 findings, 2 wrong usage or nothing to check, 3 a fault of our own.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TextIO

CLEAN, FINDINGS, USAGE, OUR_FAULT = 0, 1, 2, 3


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help()
        return USAGE
    from standoff.findings import CheckFailed, StandoffError

    try:
        status: int = options.run(options)
        sys.stdout.flush()
        return status
    except CheckFailed as failed:
        from standoff.report import text
        from standoff.rules.runner import Report

        sys.stderr.write(text.render(Report(findings=list(failed.findings)), _colour(sys.stderr)))
        return FINDINGS
    except StandoffError as error:
        print(f"standoff {options.command}: {error}", file=sys.stderr)
        return USAGE
    except BrokenPipeError:  # the reader of our output has gone, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLEAN
    except KeyboardInterrupt:
        return 130


def _colour(stream: TextIO) -> bool:
    """Whether to colour: on terminals, unless NO_COLOR is set (no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _parser() -> argparse.ArgumentParser:
    from standoff import __version__

    parser = argparse.ArgumentParser(
        prog="standoff",
        description="Check, compile and read political event data in which every field points at the words that show it.",
        epilog="Begin with `standoff check`: it says what is wrong, where, and how to mend it.",
    )
    parser.add_argument("--version", action="version", version=f"standoff {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")

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
    check.set_defaults(run=_check)

    show = commands.add_parser(
        "show",
        help="show an event with its spans marked in their sentence",
        description="Show an event, a negative or a whole document: every field, and the words that show it.",
        epilog="Examples: standoff show d003-e04 · standoff show d003-n02 · standoff show d003",
    )
    show.add_argument("ids", nargs="+", metavar="ID", help="id of an event, negative or document")
    show.add_argument(
        "--dataset", type=Path, default=Path(), metavar="FOLDER", help="where the dataset is (default: here)"
    )
    show.set_defaults(run=_show)

    build = commands.add_parser(
        "build",
        help="compile the dataset into a release",
        description="Check the dataset, compile it into tables, check those, and write releases/v<version>/. "
        "A release that has been cut is never rewritten. With a fault in any source nothing is written.",
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
    build.set_defaults(run=_build)
    return parser


def _check(options: argparse.Namespace) -> int:
    from standoff.report import text
    from standoff.rules.runner import run
    from standoff.source.corpus import read_corpus

    root, only = _dataset_and_files(options.paths)
    report = run(read_corpus(root, only))
    sys.stdout.write(text.render(report, _colour(sys.stdout)))
    return report.exit_code


def _dataset_and_files(paths: list[Path]) -> tuple[Path, list[Path] | None]:
    """Return the dataset that holds `paths`, and the annotation files among them (None: the whole dataset)."""
    from standoff.findings import UsageError
    from standoff.source.corpus import find_root

    paths = paths or [Path()]
    roots = set()
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path} does not exist")
        root = find_root(path)
        if root is None:
            raise UsageError(f"{path} is in no dataset: no folder above it holds a dataset.toml")
        roots.add(root)
    if len(roots) > 1:
        raise UsageError("the paths belong to several datasets: check one at a time")
    files = [
        path for path in paths if path.is_file() and path.suffix == ".yaml" and path.name != "actors.yaml"
    ]
    return roots.pop(), files if len(files) == len(paths) else None


def _show(options: argparse.Namespace) -> int:
    from standoff import show
    from standoff.findings import UsageError
    from standoff.source.corpus import find_root, read_corpus

    root = find_root(options.dataset)
    if root is None:
        raise UsageError(f"there is no dataset in {options.dataset}")
    sys.stdout.write(show.render(read_corpus(root), options.ids, _colour(sys.stdout)))
    return CLEAN


def _build(options: argparse.Namespace) -> int:
    from standoff.release import build

    sys.stdout.write(build.build(options.dataset, options.releases).summary())
    return CLEAN
