"""`standoff check`: what is wrong, where, and how to fix it."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from standoff.cli import tables
from standoff.cli.common import colour_for, print_diff

TYPE_CHECKING = False
if TYPE_CHECKING:
    from standoff.cli.common import Commands
    from standoff.findings import Report

FORMATS = ("text", "json", "github", "sarif", "junit")
_ROUNDS = 5  # a fixed file may show further faults, which may be mendable in turn


def add(commands: Commands) -> None:
    """Add the parser of this command."""
    check = commands.add_parser(
        "check",
        help="check annotations and say what is wrong, where, and how to fix it",
        description="Check a dataset folder, single annotation files, or tables of event data. Exit status 0: clean, "
        "1: findings, 2: nothing to check or wrong usage, 3: an error in standoff itself.",
        epilog="Examples: standoff check · standoff check dataset/events/d003.yaml · standoff check --fix · "
        "standoff check events.csv --split good.parquet bad.parquet",
    )
    check.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="dataset folder, annotation files, or tables (default: the dataset here)",
    )
    check.add_argument("--fix", action="store_true", help="fix what needs no decision, and show the changes")
    check.add_argument("--diff", action="store_true", help="change nothing, show what --fix would change")
    check.add_argument(
        "--notes", action="store_true", help="also show notes, which are otherwise only counted"
    )
    check.add_argument("-q", "--quiet", action="store_true", help="show findings only, no summary")
    check.add_argument(
        "--select", type=_codes, metavar="CODE,…", help="report only these rules; see standoff rules"
    )
    check.add_argument(
        "--ignore", type=_codes, default=(), metavar="CODE,…", help="do not report these rules"
    )
    check.add_argument(
        "--format",
        choices=FORMATS,
        default="text",
        help="text for people (default), json, sarif or junit for programs, github for annotations in a "
        "workflow on GitHub",
    )
    check.add_argument(
        "--report",
        type=_report,
        action="append",
        default=[],
        metavar="FORMAT=FILE",
        help="write the findings to a file too, as text, json, sarif or junit; may be given several times",
    )
    check.add_argument(
        "--base",
        type=Path,
        metavar="FOLDER",
        help="the dataset folder before a change: findings that the change itself accepts are marked",
    )
    check.add_argument(
        "--fail-on",
        choices=("error", "warning", "note", "never"),
        default="warning",
        help="the least severity that makes the exit status 1 (default: warning)",
    )
    tables.add_options(check)
    check.set_defaults(run=run)


def _report(value: str) -> tuple[str, Path]:
    name, equals, file = value.partition("=")
    if not (equals and file) or name not in FORMATS or name == "github":
        raise argparse.ArgumentTypeError(f"{value} is not text=FILE, json=FILE, sarif=FILE or junit=FILE")
    return name, Path(file)


def run(options: argparse.Namespace) -> int:
    from standoff.checking import chosen_rules
    from standoff.report.bounds import bounded
    from standoff.source.writing import write_text

    paths, are_tables = [Path(path) for path in options.paths], tables.wanted(options)
    only = chosen_rules(options.select, options.ignore, paths, tables=are_tables, profile=options.profile)
    if are_tables:
        report = tables.check(options, only)
    else:
        report = _check(options.paths, only)
        if options.fix or options.diff:
            report = _fix(options, report, only)
    report.fail_on = options.fail_on
    report.seconds = time.perf_counter() - options.started
    if options.base is not None and not are_tables:
        from standoff.checking import dataset_and_files
        from standoff.rules.runner import mark_accepted_now
        from standoff.source.corpus import accepted_in

        root, _ = dataset_and_files(paths)
        mark_accepted_now(report, accepted_in(options.base), root)
    report = bounded(report)
    sys.stdout.write(_render(report, options.format, options, colour=colour_for(sys.stdout)))
    for name, file in options.report:
        write_text(file, _render(report, name, options), follow=False)
    return report.exit_code


def _check(paths: list[str], only: frozenset[str] | None) -> Report:
    from standoff.checking import check_dataset
    from standoff.cli.progress import Progress, files

    return check_dataset(
        [Path(path) for path in paths], only, progress=lambda step: Progress(sys.stderr, files(step))
    )


def _fix(options: argparse.Namespace, report: Report, only: frozenset[str] | None) -> Report:
    """Apply the fixes that the findings carry, check again, and show how the files changed."""
    from standoff.findings import ChangedMeanwhile
    from standoff.source.edits import edits_of
    from standoff.terminal import printable

    shown = options.format == "text"
    for done in range(_ROUNDS):
        edits = []
        for edit in edits_of(report.findings):
            if edit.sound:
                edits.append(edit)
            elif not done:
                print(
                    f"{printable(edit.shown)}: left as it is: the fixed file could not be read",
                    file=sys.stderr,
                )
        for edit in edits:
            if shown:
                print_diff(edit)
            if not options.diff:
                try:
                    edit.write()
                except ChangedMeanwhile as error:  # the next round reads the file again
                    print(printable(str(error)), file=sys.stderr)
        if options.diff or not edits:
            if shown and (edits or done):
                print()
            break
        report = _check(options.paths, only)
    return report


def _render(report: Report, name: str, options: argparse.Namespace, *, colour: bool = False) -> str:
    if name == "text":
        from standoff.report import text

        return text.render(report, colour=colour, notes=options.notes, quiet=options.quiet)
    if name == "github":
        from standoff.report import github

        if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
            with Path(summary).open("a", encoding="utf-8") as file:
                file.write(github.summary(report, notes=options.notes))
        return github.render(report, notes=options.notes)
    if name == "sarif":
        from standoff.report import sarif

        return sarif.render(report)
    if name == "junit":
        from standoff.report import junit

        return junit.render(report)
    from standoff.report import as_json

    return as_json.render(report)


def _codes(text: str) -> tuple[str, ...]:
    return tuple(code.strip() for code in text.split(",") if code.strip())
