"""standoff: political events read out of news reports, each tied to the words that show it.

>>> import standoff
>>> standoff.load("events")  # a table of the newest release, as a polars frame
>>> standoff.check("dataset/")  # what is wrong with annotations, and where
"""

from __future__ import annotations

import importlib

TYPE_CHECKING = False  # `typing` is not imported for --help
if TYPE_CHECKING:
    from typing import Any

    from standoff.checking import CheckResult, check
    from standoff.exchange.coded import NotExportable
    from standoff.exchange.exporting import export
    from standoff.exchange.importing import import_pass
    from standoff.exchange.labels import UnmappedLabels
    from standoff.findings import (
        CellTooLong,
        ChangedMeanwhile,
        CheckFailed,
        Finding,
        MissingPackage,
        PackageFault,
        ReleaseExists,
        Report,
        StandoffError,
        TableFault,
        Unreadable,
        UsageError,
    )
    from standoff.loaders.download import NotFetched
    from standoff.loaders.frames import (
        MissingBackend,
        UnknownColumn,
        UnknownId,
        cite,
        describe,
        load,
        path,
        resolve_id,
        scan,
    )
    from standoff.loaders.hydration import DocumentsMissing, IdsUnknown, NotHydrated, hydrate
    from standoff.loaders.panel import PanelTooLarge, panel
    from standoff.loaders.release import Release
    from standoff.loaders.sources import versions
    from standoff.loaders.store import DamagedRelease, NoRelease, UnknownTable, UnknownVersion
    from standoff.release.contract import contract
    from standoff.scoring.run import score

__version__ = "2.2.0.dev1"
__all__ = [
    "CellTooLong",
    "ChangedMeanwhile",
    "CheckFailed",
    "CheckResult",
    "DamagedRelease",
    "DocumentsMissing",
    "Finding",
    "IdsUnknown",
    "MissingBackend",
    "MissingPackage",
    "NoRelease",
    "NotExportable",
    "NotFetched",
    "NotHydrated",
    "PackageFault",
    "PanelTooLarge",
    "Release",
    "ReleaseExists",
    "Report",
    "StandoffError",
    "TableFault",
    "UnknownColumn",
    "UnknownId",
    "UnknownTable",
    "UnknownVersion",
    "UnmappedLabels",
    "Unreadable",
    "UsageError",
    "check",
    "cite",
    "contract",
    "describe",
    "export",
    "hydrate",
    "import_pass",
    "load",
    "panel",
    "path",
    "resolve_id",
    "scan",
    "score",
    "versions",
]

_HOMES = {
    "CellTooLong": "findings",
    "ChangedMeanwhile": "findings",
    "CheckFailed": "findings",
    "CheckResult": "checking",
    "DamagedRelease": "loaders.store",
    "DocumentsMissing": "loaders.hydration",
    "Finding": "findings",
    "IdsUnknown": "loaders.hydration",
    "MissingBackend": "loaders.frames",
    "MissingPackage": "findings",
    "NoRelease": "loaders.store",
    "NotExportable": "exchange.coded",
    "NotFetched": "loaders.download",
    "NotHydrated": "loaders.hydration",
    "PackageFault": "findings",
    "PanelTooLarge": "loaders.panel",
    "Release": "loaders.release",
    "ReleaseExists": "findings",
    "Report": "findings",
    "StandoffError": "findings",
    "TableFault": "findings",
    "UnknownColumn": "loaders.frames",
    "UnknownId": "loaders.frames",
    "UnknownTable": "loaders.store",
    "UnknownVersion": "loaders.store",
    "UnmappedLabels": "exchange.labels",
    "Unreadable": "findings",
    "UsageError": "findings",
    "check": "checking",
    "cite": "loaders.frames",
    "contract": "release.contract",
    "describe": "loaders.frames",
    "export": "exchange.exporting",
    "hydrate": "loaders.hydration",
    "import_pass": "exchange.importing",
    "load": "loaders.frames",
    "panel": "loaders.panel",
    "path": "loaders.frames",
    "resolve_id": "loaders.frames",
    "scan": "loaders.frames",
    "score": "scoring.run",
    "versions": "loaders.sources",
}
"""The public names and their modules. Each is imported when it is first used: the command line starts without polars,
and tables load without the libraries that check annotations."""


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(f"standoff.{_HOMES[name]}"), name)
    globals()[name] = found  # from now on it is found without coming here
    return found


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
