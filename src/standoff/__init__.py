"""standoff: political events read by hand, each tied to the words that show it.

>>> import standoff
>>> standoff.load("events")  # a table of the newest release, as a polars frame
>>> standoff.check("dataset/")  # what is wrong with annotations, and where
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import os

    from standoff.findings import Finding, StandoffError
    from standoff.loaders.frames import cite, describe, load, path, resolve_id, scan
    from standoff.loaders.hydration import hydrate
    from standoff.loaders.store import versions

__version__ = "0.1.0"
__all__ = [
    "Finding",
    "StandoffError",
    "check",
    "cite",
    "describe",
    "hydrate",
    "load",
    "path",
    "resolve_id",
    "scan",
    "versions",
]

HOMES = {
    "findings": ("Finding", "StandoffError"),
    "loaders.frames": ("cite", "describe", "load", "path", "resolve_id", "scan"),
    "loaders.hydration": ("hydrate",),
    "loaders.store": ("versions",),
}
"""Where the public names live. Each is imported when it is first used: the command line starts without polars,
and tables load without the libraries that check annotations."""


def __getattr__(name: str) -> Any:
    for module, names in HOMES.items():
        if name in names:
            return getattr(importlib.import_module(f"standoff.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def check(*paths: str | os.PathLike[str]) -> list[Finding]:
    """Return what `standoff check` finds, in its order: in a dataset folder, annotation files, or tables.

    Without a path, the dataset here is checked. Raises StandoffError where there is nothing to check.
    """
    from pathlib import Path

    from standoff.cli import common, tables

    chosen = [Path(path) for path in paths]
    try:
        if tables.are_tables(chosen):
            from standoff.bulk.run import Request, check_tables

            return check_tables(Request(chosen)).findings
        from standoff.rules.runner import run
        from standoff.source.corpus import read_corpus

        return run(read_corpus(*common.dataset_and_files(chosen))).findings
    except ModuleNotFoundError as error:
        raise common.extra_for(error) from error
