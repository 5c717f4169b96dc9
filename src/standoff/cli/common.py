"""What the commands share: exit statuses, colour, and the dataset they are about."""

from __future__ import annotations

import os
import sys
from pathlib import Path

TYPE_CHECKING = False  # `typing` is never imported for the command line: it takes longer than all of --help
if TYPE_CHECKING:
    import argparse
    from typing import TextIO

    from standoff.source.corpus import Corpus
    from standoff.source.edits import Edit

    Commands = argparse._SubParsersAction[argparse.ArgumentParser]

CLEAN, FINDINGS, USAGE, OUR_FAULT, REFUSED = 0, 1, 2, 3, 4
INTERRUPTED = 130
"""What shells show of a process that Ctrl-C has ended: 128 and the number of the signal."""


def colour_for(stream: TextIO) -> bool:
    """Whether to colour: on terminals, unless NO_COLOR is set (no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def print_diff(edit: Edit) -> None:
    """Print how a file changes, coloured where a terminal shows it."""
    from standoff.terminal import paint, printable

    colours = {"+": "32", "-": "31", "@": "36"}
    for line in edit.diff():
        print(paint(printable(line), colours.get(line[:1], ""), colour_for(sys.stdout)))


def corpus_in(folder: Path) -> Corpus:
    """Read the dataset that is in `folder` or holds it. UsageError where there is none."""
    from standoff.findings import UsageError
    from standoff.source.corpus import find_root, read_corpus

    root = find_root(folder)
    if root is None:
        raise UsageError(f"there is no dataset in {folder}")
    return read_corpus(root)
