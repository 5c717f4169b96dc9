"""What an engine makes of a table, to be compared with what this machine makes of it."""

import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from standoff.bulk.outputs import Outputs
from standoff.bulk.request import Request
from standoff.bulk.run import check_tables


class InProcess:
    """An engine in this process. What goes to a task and comes back is copied, as between machines.

    Where scratch files are not `shared`, tasks do not see the folders of the caller.
    """

    def __init__(self, *, shared: bool) -> None:
        self.shared = shared
        self.tasks = 0

    def run(self, task: Any, items: Any, common: Any) -> list[Any]:
        self.tasks += len(items)
        if not self.shared:
            common = replace(common, desk=replace(common.desk, scratch=Path("/nowhere")))
        return [
            pickle.loads(pickle.dumps(task(*pickle.loads(pickle.dumps((item, common)))))) for item in items
        ]


def verdict(request: Request, engine: Any = None, folder: Path | None = None) -> dict[str, Any]:
    """Everything that a run says and writes (into `folder`, if one is given), but for how long it took.

    Findings are whole: place, message, remedy, data.
    """
    names = ("good.parquet", "bad.parquet", "failures.parquet")
    outputs = Outputs(*(folder / name for name in names)) if folder else Outputs()
    report = check_tables(replace(request, outputs=outputs), engine=engine)
    found: dict[str, Any] = {
        "findings": [repr(finding) for finding in report.findings],
        "report": (report.records, report.rejected, report.copies_dropped, report.files, report.exit_code),
        "rules": (report.rules, report.ran, dict(report.not_run)),
    }
    for path in (*outputs.files, *(folder.glob("*.txt") if folder else ())):
        if path.exists():
            found[path.name] = (
                pl.read_parquet(path).rows() if path.suffix == ".parquet" else path.read_bytes()
            )
            path.unlink()
    return found
