"""`standoff upgrade`: bring the files that `standoff init` wrote, or annotation files, up to this version."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from standoff.cli.common import CLEAN, FINDINGS, print_diff

TYPE_CHECKING = False
if TYPE_CHECKING:
    from standoff.cli.common import Commands


def add(commands: Commands) -> None:
    """Add the parser of this command."""
    upgrade = commands.add_parser(
        "upgrade",
        help="renew the files that standoff init wrote, or annotation files",
        description="Renew schemas, editor settings and checks that an older version of standoff init wrote, and keep your "
        "changes: the command merges both. Your data, pages and documents are not changed. With --annotations, write the "
        "released annotation files of edition 1 in edition 2 instead; passes stay as they were made. Fields that only a reader "
        "can fill in are left empty and listed. Where your changes and the new text conflict, the new text goes to FILE.rej and the "
        "exit status is 1.",
        epilog="Example: standoff upgrade --annotations --diff",
    )
    upgrade.add_argument(
        "folder", type=Path, nargs="?", default=Path(), metavar="FOLDER", help="default: here"
    )
    upgrade.add_argument("--diff", action="store_true", help="change nothing, show what would change")
    upgrade.add_argument(
        "--annotations", action="store_true", help="write annotation files in the newest edition"
    )
    upgrade.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    if options.annotations:
        return _annotations(options.folder, write=not options.diff)
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
    for path in project.removed(options.folder):
        print(
            f"{path} was removed and is not written again: restore it from your version control if you need it"
        )
    if not wanted:
        print("everything is up to date")
    return FINDINGS if conflicts else CLEAN


def _annotations(folder: Path, *, write: bool) -> int:
    """Write the files of edition 1 in edition 2."""
    from standoff.checking import dataset_and_files
    from standoff.source.canonical import schema_path_for
    from standoff.source.corpus import read_corpus
    from standoff.source.editions import to_second
    from standoff.source.edits import Edit
    from standoff.source.writing import write_text
    from standoff.terminal import printable

    root, _ = dataset_and_files([folder])
    files = [file for file in read_corpus(root).files if file.kind == "annotation-1" or file.faults]
    unread, conflicting, left = 0, 0, 0
    for file in files:
        shown = printable(file.shown)
        if file.faults:
            unread += 1
            print(f"{shown}: left alone, because it cannot be read; standoff check says why", file=sys.stderr)
            continue
        upgraded = to_second(file.text, schema_path_for(file.file, "annotation"))
        edit = Edit(file.file, file.shown, file.text, upgraded.text)
        print_diff(edit)
        if upgraded.conflicts:
            conflicting += 1
            records = printable(", ".join(upgraded.conflicts))
            beside = file.file.with_name(f"{file.file.name}.rej")
            print(f"{shown}: {records}: keys of both editions; the new text goes to {beside.name}")
            if write:
                write_text(beside, upgraded.text)
            continue
        left += len(upgraded.open)
        for field in upgraded.open:
            print(f"{shown}: fill in {printable(field)}")
        if write:
            edit.write()
    done = len(files) - unread - conflicting
    if not files:
        print("every annotation file is of the newest edition")
    else:
        print(
            f"{done} of {len(files)} files {'upgraded' if write else 'to upgrade'}; fields to fill in: {left}"
        )
    return FINDINGS if unread or conflicting else CLEAN
