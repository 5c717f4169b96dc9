"""`standoff upgrade`: bring the files that `standoff init` wrote up to this version."""

from __future__ import annotations

import argparse
from pathlib import Path

from standoff.cli.common import CLEAN, FINDINGS, print_diff

TYPE_CHECKING = False
if TYPE_CHECKING:
    from standoff.cli.common import Commands


def add(commands: Commands) -> None:
    """Add the parser of this command."""
    upgrade = commands.add_parser(
        "upgrade",
        help="renew the files that standoff init wrote",
        description="Renew schemas, editor settings and checks that an older version of standoff init wrote, and keep your "
        "changes: both are merged. Where that is not possible, the new text goes to FILE.rej and the exit status is 1. "
        "Your data, pages and documents are not touched.",
    )
    upgrade.add_argument(
        "folder", type=Path, nargs="?", default=Path(), metavar="FOLDER", help="default: here"
    )
    upgrade.add_argument("--diff", action="store_true", help="change nothing, show what would change")
    upgrade.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from standoff import project
    from standoff.source.edits import Edit

    wanted = project.changes(options.folder)
    conflicts = [change for change in wanted if change.merged is None]
    for change in wanted:
        if change.merged is not None:
            print_diff(Edit(change.path, change.path.as_posix(), change.before or "", change.merged))
    if not options.diff:
        project.apply(options.folder, wanted)
    for change in conflicts:
        print(
            f"{change.path}: your changes and the new text conflict; the new text is in {change.path.name}.rej"
        )
    if not wanted:
        print("everything is up to date")
    return FINDINGS if conflicts else CLEAN
