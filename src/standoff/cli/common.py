"""What the commands share: exit statuses, colour, and finding the dataset."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from standoff.source.edits import Edit

CLEAN, FINDINGS, USAGE, OUR_FAULT = 0, 1, 2, 3

EXTRAS = dict.fromkeys(("yaml", "jsonschema", "regex"), "check") | dict.fromkeys(
    ("pandera", "pyarrow", "xlsxwriter"), "build"
)
"""Packages that not every installation has, with the extra that brings them."""


def extra_for(error: ModuleNotFoundError) -> Exception:
    """Return the error that tells how to install what is missing; `error` itself where no extra brings it."""
    from standoff.findings import MissingPackage

    extra = EXTRAS.get(error.name or "")
    if extra is None:
        return error
    return MissingPackage(f'{error.name} is not installed: pip install "standoff[{extra}]"')


def colour_for(stream: TextIO) -> bool:
    """Whether to colour: on terminals, unless NO_COLOR is set (no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def print_diff(edit: Edit) -> None:
    """Print how a file changes, coloured where a terminal shows it."""
    from standoff.report.text import paint, printable

    colours = {"+": "32", "-": "31", "@": "36"}
    for line in edit.diff():
        print(paint(printable(line), colours.get(line[:1], ""), colour_for(sys.stdout)))


def dataset_and_files(paths: list[Path]) -> tuple[Path, list[Path] | None]:
    """Return the dataset that holds `paths`, and the annotation files among them (None: the whole dataset)."""
    from standoff.findings import UsageError
    from standoff.source.corpus import find_root

    paths = paths or [Path()]
    roots = set()
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path} does not exist")
        root = find_root(path)
        if root is None:
            raise UsageError(f"{path} is in no dataset: no folder above it holds a dataset.toml")
        roots.add(root)
    if len(roots) > 1:
        raise UsageError("the paths belong to several datasets: check one at a time")
    files = [
        path for path in paths if path.is_file() and path.suffix == ".yaml" and path.name != "actors.yaml"
    ]
    return roots.pop(), files if len(files) == len(paths) else None
