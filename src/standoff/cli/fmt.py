"""`standoff fmt`: annotation files in canonical form."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from standoff.cli.common import CLEAN, FINDINGS, colour_for, print_diff

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from standoff.cli.common import Commands
    from standoff.source.files import SourceFile


def add(commands: Commands) -> None:
    """Add the parser of this command."""
    fmt = commands.add_parser(
        "fmt",
        help="put annotation files into canonical form",
        description="Rewrite annotation files and the registries of actors and places in canonical form: keys in "
        "the order of the schema, records in the order of their ids, text in double quotes. Values "
        "and comments do not change. Files that cannot be read, or that another program saves "
        "meanwhile, are reported and left unchanged. Exit status 0: all files are in canonical form "
        "now; 1: a file was left unchanged or, with --check or --diff, is not in canonical form.",
        epilog="Examples: standoff fmt · standoff fmt --diff dataset/events/d003.yaml",
    )
    fmt.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="dataset folder, or folders and files in it (default: the dataset here)",
    )
    fmt.add_argument("--check", action="store_true", help="change nothing, say which files would change")
    fmt.add_argument("--diff", action="store_true", help="change nothing, show how the files would change")
    fmt.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from standoff.checking import dataset_and_files
    from standoff.findings import ChangedMeanwhile, UsageError
    from standoff.rules import runner
    from standoff.source.canonical import canonical, dump, schema_path_for
    from standoff.source.corpus import read_corpus
    from standoff.source.edits import Edit
    from standoff.source.processes import shared
    from standoff.terminal import printable

    root, only = dataset_and_files(options.paths)
    corpus = read_corpus(root, only, records=False)
    chosen = [path.resolve() for path in options.paths or [root]]
    sources = [
        source
        for source in (corpus.actors, corpus.places_file, *corpus.annotation_files(), *corpus.strays)
        if any(path == source.file or path in source.file.parents for path in chosen)
        and (source.kind != "stray" or source.faults)  # a folder that cannot be listed
        and (source is not corpus.places_file or source.text or source.faults)
    ]
    if not sources:
        raise UsageError("the given paths have no annotation file and no registry")
    unread = [source for source in sources if source.faults]
    readable = [source for source in sources if not source.faults]

    def changed(share: Sequence[SourceFile]) -> list[str | None]:
        return [_changed(source) for source in share]

    def _changed(source: SourceFile) -> str | None:
        # Records of edition 1 were made before the form had editions, and stay as they were made.
        schema_path = None if source.kind == "annotation-1" else schema_path_for(source.file, source.kind)
        if dump(source.value, source.kind, schema_path) == source.text:
            return None  # it has no comment and is in canonical form: there is no need to parse it again
        after = canonical(source.text, source.kind, schema_path, sound=True)
        return None if after == source.text else after

    texts = [text for share in shared(changed, readable) for text in share]
    edits = [
        Edit(source.file, source.shown, source.text, text)
        for source, text in zip(readable, texts, strict=True)
        if text is not None
    ]
    changed_meanwhile = 0
    for edit in edits:
        if options.diff:
            print_diff(edit)
        elif options.check:
            print(f"{printable(edit.shown)}: not in canonical form")
        else:
            try:
                edit.write()
            except ChangedMeanwhile as error:
                changed_meanwhile += 1
                print(printable(str(error)), file=sys.stderr)
            else:
                print(f"{printable(edit.shown)}: rewritten")
    if unread:
        from standoff.report import text

        codes = {fault.rule for source in unread for fault in source.faults}
        report = runner.run(read_corpus(root, only), only=codes)
        sys.stdout.write(text.render(report, colour=colour_for(sys.stdout), quiet=True))
    dry = options.check or options.diff
    unchanged = len(sources) - len(edits) - len(unread)
    print(_summary(len(edits) - changed_meanwhile, unchanged, len(unread), changed_meanwhile, dry))
    return FINDINGS if unread or changed_meanwhile or (edits and dry) else CLEAN


def _summary(changed: int, unchanged: int, unread: int, changed_meanwhile: int, dry: bool) -> str:
    def files(number: int) -> str:
        return f"{number} file{'s' * (number != 1)}"

    said = [f"{files(changed)} {'to rewrite with standoff fmt' if dry else 'rewritten'}"] if changed else []
    said += [f"{files(unchanged)} in canonical form {'already' if changed else ''}".rstrip()]
    said += [f"{files(unread)} left alone that cannot be read"] if unread else []
    said += [f"{files(changed_meanwhile)} saved meanwhile and left alone"] if changed_meanwhile else []
    return ", ".join(said)
