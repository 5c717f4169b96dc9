"""`standoff explain`: the page of a rule, or of a check of a shipped profile."""

from __future__ import annotations

import argparse
import sys

from standoff.cli.common import CLEAN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from standoff.cli.common import Commands

CRASH_PAGE = """# rule-crashed

A rule of standoff itself broke down. Nothing is said about the data by it, and the exit status is 3.

Please report it with the message and, if you may, the file that it names. All other rules have run.
"""


def add(commands: Commands) -> None:
    """Add the parser of this command."""
    explain = commands.add_parser(
        "explain",
        help="explain a rule, with a wrong and a right example",
        description="Show a rule's page: what it looks for, how to fix what it finds, and a wrong and a right "
        "example.",
        epilog="Example: standoff explain quote-not-found · standoff rules lists all codes",
    )
    explain.add_argument("codes", nargs="+", metavar="CODE", help="code of a rule, as findings show it")
    explain.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    import difflib

    from standoff.documents import format_checks
    from standoff.findings import CRASH, UsageError
    from standoff.rules import pages
    from standoff.rules.catalogue import all_rules

    rules = all_rules()
    for code in options.codes:
        if code == CRASH:
            sys.stdout.write(CRASH_PAGE)
            continue
        if code not in rules and code not in format_checks.checks():
            near = difflib.get_close_matches(code, [*rules, *format_checks.checks()], n=3, cutoff=0.5)
            hint = f"did you mean {' or '.join(near)}?" if near else "standoff rules lists them all"
            raise UsageError(f"there is no rule {code}: {hint}")
        text = pages.page(rules[code]) if code in rules else format_checks.page(code)
        sys.stdout.write(text + "\n" * (code != options.codes[-1]))
    return CLEAN
