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


def releases_here() -> Path | None:
    """Return the folder `releases` of the dataset that the working directory is in; None outside of a dataset.

    UsageError where that dataset has no release: another dataset's would be a wrong answer.
    """
    from standoff.findings import UsageError
    from standoff.loaders.store import versions_in
    from standoff.source.root import find_root

    root = find_root(Path())
    if root is None:
        return None
    folder = root.parent / "releases"
    if not versions_in(folder):
        raise UsageError(f"{folder} holds no release: run standoff build first, or name another one")
    return folder


def coded_records(named: str | None) -> str | None:
    """Return the release or dataset that a command reads records from.

    A version, or no name, stands for a release of the dataset that the working directory is in, if it has that
    release. Without a name, and without any release, it is that dataset itself.
    """
    from standoff.loaders.store import versions_in
    from standoff.source.root import find_root

    if named is not None and Path(named).is_dir():
        return named
    root = find_root(Path())
    if root is None:
        return named
    releases = root.parent / "releases"
    versions = versions_in(releases)
    if named is None:
        return str(releases if versions else root)
    of_version = releases / f"v{named.removeprefix('v')}"
    return str(of_version) if of_version.is_dir() else named


def documents_here(records: str | None) -> Path | None:
    """Return the folder of documents of the dataset that the working directory is in, for a release of this dataset."""
    from standoff.source.corpus import documents_folder
    from standoff.source.files import SourceFile, read_toml
    from standoff.source.root import find_root

    root = find_root(Path())
    if (
        root is None
        or records is None
        or not Path(records).resolve().is_relative_to(root.parent / "releases")
    ):
        return None
    meta = read_toml(SourceFile(root / "dataset.toml", "dataset.toml", "dataset"))
    folder = documents_folder(root, meta)
    return folder if folder.is_dir() else None


def corpus_in(folder: Path) -> Corpus:
    """Read the dataset that is in `folder` or holds it. UsageError where there is none."""
    from standoff.findings import UsageError
    from standoff.source.corpus import read_corpus
    from standoff.source.root import find_root

    root = find_root(folder)
    if root is None:
        raise UsageError(f"there is no dataset in {folder}")
    return read_corpus(root)
