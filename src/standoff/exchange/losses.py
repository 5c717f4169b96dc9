"""What an export leaves out: a table of values beside it, one row each."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

from standoff.exchange.records import Loss

FILE = "losses.csv"
COLUMNS = ("record", "field", "value", "why")


class Losses:
    """Writes losses to a file as they are met, and counts them by field."""

    def __init__(self, folder: Path) -> None:
        self.counts: Counter[str] = Counter()
        self._file = (folder / FILE).open("w", encoding="utf-8", newline="")
        self._rows = csv.writer(self._file, lineterminator="\n")
        self._rows.writerow(COLUMNS)

    def add(self, record: str, field: str, value: object, why: str) -> None:
        """List a value that the export leaves out; nothing where there is no value."""
        if value in (None, "", (), False):
            return
        self.counts[field] += 1
        self._rows.writerow((record, field, str(value), why))

    def extend(self, losses: Iterable[Loss]) -> None:
        """List several."""
        for each in losses:
            self.add(each.record, each.field, each.value, each.why)

    def __enter__(self) -> Losses:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()


def summary(counts: Counter[str]) -> str:
    """Return what was left out, in one line."""
    if not counts:
        return "nothing was left out"
    shown = ", ".join(f"{field} {number:,}" for field, number in counts.most_common())
    return f"left out {counts.total():,} values ({shown}); losses.csv lists them"
