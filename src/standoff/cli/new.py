"""`standoff new`: the next document, event or negative, ready to fill in."""

from __future__ import annotations

import argparse
from pathlib import Path

from standoff.cli.common import CLEAN, corpus_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from standoff.cli.common import Commands


def add(commands: Commands) -> None:
    """Add the parser of this command."""
    new = commands.add_parser(
        "new",
        help="begin a new document, event or negative: the next id, and the fields to fill in",
        description="Begin new documents from text files or folders of them (copied into the folder of documents unless "
        "they are there), or add an event or a negative to a document. The id, the file name and the hash are filled in; you fill in the rest. "
        "Nothing is overwritten, and withdrawn ids are not used again.",
        epilog="Examples: standoff new document report.txt · standoff new event d003 · standoff new negative d003",
    )
    new.add_argument("kind", choices=("document", "event", "negative"), help="what to begin")
    new.add_argument(
        "of",
        nargs="+",
        metavar="FILE|FOLDER|ID",
        help="text files or folders of new documents; or the id of a document",
    )
    new.add_argument(
        "--dataset", type=Path, default=Path(), metavar="FOLDER", help="where the dataset is (default: here)"
    )
    new.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    import textwrap

    from standoff import scaffold
    from standoff.findings import UsageError
    from standoff.source.files import shown_path

    corpus = corpus_in(options.dataset)
    here = Path.cwd().resolve()
    if options.kind == "document":
        *others, made = scaffold.new_documents(corpus, [Path(each) for each in options.of])
        for each in others:
            print(f"{shown_path(each.file, here)}: {each.id} begins here")
            if each.copied is not None:
                print(f"copied to {shown_path(each.copied, here)}")
    else:
        if len(options.of) > 1:
            raise UsageError(
                f"name one document to add {'an event' if options.kind == 'event' else 'a negative'} to"
            )
        made = scaffold.new_record(corpus, options.of[0], options.kind)
    file = shown_path(made.file, here)
    if made.copied is not None:
        print(f"copied to {shown_path(made.copied, here)}")
    print(f"{file}:{made.line}: {made.id} begins here. Fill in:\n")
    for name, description in made.fields():
        print(textwrap.fill(description, 100, initial_indent=f"  {name:<12}", subsequent_indent=" " * 14))
    print(
        textwrap.fill(
            f"\nOnly where they are needed: {', '.join(made.optional())}.", 100, replace_whitespace=False
        )
    )
    then = f"standoff new event {made.id}" if made.kind == "document" else f"standoff show {made.id}"
    print(f"\nThen: standoff check {file}, and {then}")
    return CLEAN
