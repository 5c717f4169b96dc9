"""What makes a start quick: modules imported on first use, a pause of the garbage collector, entry points found by their files."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


class LazyModule:
    """Stands for the module `name`, which is imported when an attribute is first read.

    For modules whose functions need polars but whose import must not load it::

        if TYPE_CHECKING:
            import polars as pl
        else:
            pl = LazyModule("polars")
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        value = getattr(import_module(self._name), attribute)
        setattr(self, attribute, value)
        return value


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause the collector of reference cycles.

    Importing, reading and checking make very many objects and few cycles; looking through them again and again takes
    up to a third of the time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def entry_points(group: str) -> list[EntryPoint]:
    """Return the entry points of `group` that installed packages have, by name.

    `importlib.metadata` parses the metadata of every package, which takes a tenth of a check. It is asked only if the name
    of the group is in some file of entry points, or packages are installed in another way than in folders.
    """
    if not _is_named(group):
        return []
    from importlib import metadata

    return sorted(metadata.entry_points(group=group), key=lambda entry: (entry.name, entry.value))


def _is_named(group: str) -> bool:
    if any(hasattr(finder, "find_distributions") and finder is not PathFinder for finder in sys.meta_path):
        return True
    for folder in sys.path:
        if folder.endswith(".egg") or os.path.isfile(folder):  # noqa: PTH113
            return True
        with suppress(OSError), os.scandir(folder or ".") as entries:
            for entry in entries:
                if entry.name.lower().endswith((".dist-info", ".egg-info")) and _names(entry.path, group):
                    return True
    return False


def _names(information: str, group: str) -> bool:
    with suppress(OSError), open(os.path.join(information, "entry_points.txt"), "rb") as file:  # noqa: PTH118, PTH123
        return group.encode() in file.read()
    return False
