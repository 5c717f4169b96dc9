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
        description="Begin a new document from a text file (copied into seeds/ unless it lies there), or add an event "
        "or a negative to a document. The id, the file name and the hash are filled in; you fill in the rest. "
        "Nothing is overwritten, and withdrawn ids are not used again.",
        epilog="Examples: standoff new document report.txt · standoff new event d003 · standoff new negative d003",
    )
    new.add_argument("kind", choices=("document", "event", "negative"), help="what to begin")
    new.add_argument("of", metavar="FILE|ID", help="the text file of a new document; the id of a document")
    new.add_argument(
        "--dataset", type=Path, default=Path(), metavar="FOLDER", help="where the dataset is (default: here)"
    )
    new.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    import textwrap

    from standoff import scaffold
    from standoff.source.files import shown_path

    corpus = corpus_in(options.dataset)
    if options.kind == "document":
        made = scaffold.new_document(corpus, Path(options.of))
    else:
        made = scaffold.new_record(corpus, options.of, options.kind)
    here = Path.cwd().resolve()
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
