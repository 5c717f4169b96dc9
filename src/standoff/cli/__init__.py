"""The command line: one module for each command. Each imports what it needs when it runs, so that `--help` is quick.

Exit status: 0 clean, 1 findings, 2 wrong usage or nothing to check, 3 a fault of our own; 130 after Ctrl-C.
"""

from __future__ import annotations

import argparse
import gc
import io
import os
import sys
import time
from importlib import import_module

from standoff.cli.common import (
    CLEAN,
    FINDINGS,
    INTERRUPTED,
    OUR_FAULT,
    USAGE,
    colour_for,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

COMMANDS = (
    "init",
    "new",
    "codes",
    "check",
    "fmt",
    "show",
    "rules",
    "explain",
    "build",
    "diff",
    "agree",
    "score",
    "export",
    "import",
    "page",
    "docs",
    "hydrate",
    "datasets",
    "upgrade",
)
"""The commands in the order of `--help`. The module of each has `add`, which adds its parser."""


class _Formatter(argparse.HelpFormatter):
    """Knows the width of the terminal without `shutil`, whose import takes longer than the parsing of a command line."""

    def __init__(self, prog: str, **more: Any) -> None:
        super().__init__(prog, **{"width": _columns() - 2, **more})


class _Parser(argparse.ArgumentParser):
    """A parser, and the parsers of its commands, with this formatter."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"formatter_class": _Formatter, **options})


def _columns() -> int:
    """Return the width of the terminal, as `shutil.get_terminal_size` finds it."""
    stated = os.environ.get("COLUMNS", "")
    if stated.isdecimal() and int(stated) > 0:
        return int(stated)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or 80  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):  # the output is no terminal
        return 80


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit status. Without arguments, it is that of this process."""
    if arguments is not None:
        return _main(arguments)
    # Importing makes many objects and few cycles. What is left at the end need not be looked through once more.
    gc.set_threshold(100_000, 50, 100)
    try:
        return _main(sys.argv[1:])
    finally:
        gc.freeze()


def _main(arguments: list[str]) -> int:
    started = time.perf_counter()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what a terminal's encoding lacks is shown as an escape
            stream.reconfigure(errors="backslashreplace")
    # The parsers of all commands take longer to make than to use: of a command that is named, only its own is made.
    parser = _parser(arguments[:1] if arguments[:1] and arguments[0] in COMMANDS else COMMANDS)
    options, unknown = parser.parse_known_args(arguments, argparse.Namespace(started=started))
    if unknown:
        files = [argument for argument in unknown if os.path.lexists(argument)]
        hint = f'; for the file write "./{files[0]}"' if files else ""
        parser.error(f"unrecognized arguments: {' '.join(unknown)}{hint}")
    if options.command is None:
        parser.print_help()
        return USAGE
    try:
        status: int = options.run(options)
        sys.stdout.flush()
        return status
    except BrokenPipeError:  # the reader of our output has gone, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLEAN
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:
        return _failed(error, f"standoff {options.command}")


def _failed(error: Exception, command: str) -> int:
    """Print why a command stopped, and return its exit status."""
    from standoff.findings import CheckFailed, StandoffError, extra_for

    if isinstance(error, CheckFailed):
        from standoff.findings import Report
        from standoff.report import text

        report = Report(findings=list(error.findings))
        sys.stderr.write(text.render(report, colour=colour_for(sys.stderr), notes=False, quiet=True))
        print(f"\n{command}: {error}", file=sys.stderr)
        return FINDINGS
    if isinstance(error, ModuleNotFoundError):
        error = extra_for(error)
    if isinstance(error, StandoffError):
        why = str(error)
    elif isinstance(error, OSError) and error.strerror:
        why = f"{error.filename or 'output'}: {error.strerror}"
    else:
        import traceback

        traceback.print_exception(error)
        print(
            f"{command}: this is a fault of standoff; please report it with the lines above", file=sys.stderr
        )
        return OUR_FAULT
    print(f"{command}: {why}", file=sys.stderr)
    return USAGE


def _parser(names: Iterable[str] = COMMANDS) -> argparse.ArgumentParser:
    """Return the parser of the command line with these commands."""
    from standoff import __version__

    parser = _Parser(
        prog="standoff",
        description="Check, compile and read political event data in which every field points at the words that show it.",
        epilog="Begin with `standoff check`: it says what is wrong, where, and how to fix it.",
    )
    parser.add_argument("--version", action="version", version=f"standoff {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name in names:
        import_module(f"standoff.cli.{'import_' if name == 'import' else name}").add(commands)
    return parser
