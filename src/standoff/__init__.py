"""standoff: political events read out of news reports, each tied to the words that show it.

>>> import standoff
>>> standoff.load("events")  # a table of the newest release, as a polars frame
>>> standoff.check("dataset/")  # what is wrong with annotations, and where
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from standoff.checking import check
    from standoff.findings import Finding, StandoffError
    from standoff.loaders.frames import cite, describe, load, path, resolve_id, scan
    from standoff.loaders.hydration import hydrate
    from standoff.loaders.store import versions

__version__ = "2.0.0.dev1"
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

_HOMES = {
    "Finding": "findings",
    "StandoffError": "findings",
    "check": "checking",
    "cite": "loaders.frames",
    "describe": "loaders.frames",
    "hydrate": "loaders.hydration",
    "load": "loaders.frames",
    "path": "loaders.frames",
    "resolve_id": "loaders.frames",
    "scan": "loaders.frames",
    "versions": "loaders.store",
}
"""Where the public names live. Each is imported when it is first used: the command line starts without polars,
and tables load without the libraries that check annotations."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(f"standoff.{_HOMES[name]}"), name)
    globals()[name] = found  # from now on it is found without coming here
    return found


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
