"""The command line: one module for each command. Each imports what it needs when it runs, so that `--help` is quick.

Exit status: 0 clean, 1 findings, 2 wrong usage or nothing to check, 3 a fault of our own.
"""

from __future__ import annotations

import argparse
import os
import sys

from standoff.cli import agree, build, check, show
from standoff.cli.common import CLEAN, FINDINGS, USAGE, colour_for

COMMANDS = (check, show, build, agree)
"""The modules of the commands, in the order of `--help`: each has `add`, which adds its parser."""


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

        sys.stderr.write(text.render(Report(findings=list(failed.findings)), colour_for(sys.stderr)))
        return FINDINGS
    except StandoffError as error:
        print(f"standoff {options.command}: {error}", file=sys.stderr)
        return USAGE
    except BrokenPipeError:  # the reader of our output has gone, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLEAN
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    from standoff import __version__

    parser = argparse.ArgumentParser(
        prog="standoff",
        description="Check, compile and read political event data in which every field points at the words that show it.",
        epilog="Begin with `standoff check`: it says what is wrong, where, and how to mend it.",
    )
    parser.add_argument("--version", action="version", version=f"standoff {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for module in COMMANDS:
        module.add(commands)
    return parser
