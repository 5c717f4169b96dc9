"""`standoff rules`: what is looked for."""

from __future__ import annotations

import argparse
import sys

from standoff.cli.common import CLEAN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from standoff.cli.common import Commands


def add(commands: Commands) -> None:
    """Add the parser of this command."""
    rules = commands.add_parser(
        "rules",
        help="list the rules",
        description="List every rule: its code, what it looks at, its severity, and what it looks for.",
    )
    rules.add_argument(
        "--json", action="store_true", help="as JSON, with the advice and the prerequisites of each rule"
    )
    rules.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    import json

    from standoff.rules.catalogue import all_rules

    rules = all_rules().values()
    if options.json:
        fields = ("code", "scope", "severity", "summary", "advice", "requires")
        listed = [{field: getattr(rule, field) for field in fields} for rule in rules]
        sys.stdout.write(json.dumps(listed, indent=2, ensure_ascii=False) + "\n")
        return CLEAN
    width = max(len(rule.code) for rule in rules)
    scope = ""
    for rule in rules:
        if rule.scope != scope:
            sys.stdout.write(f"{scope and chr(10)}{rule.scope}\n")
            scope = rule.scope
        sys.stdout.write(f"  {rule.code:{width}}  {rule.severity:7}  {rule.summary}\n")
    sys.stdout.write("\nstandoff explain CODE shows how to fix what a rule finds\n")
    return CLEAN
