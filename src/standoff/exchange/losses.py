"""What an export leaves out: a table of values beside it, one row each."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType

from standoff.findings import plural

FILE = "losses.csv"
COLUMNS = ("record", "field", "value", "why")
Row = tuple[str, str, str, str]


class Losses:
    """Writes losses to a file in a folder as they are met, and counts them by field. Without a folder, `kept` holds them."""

    def __init__(self, folder: Path | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self.kept: list[Row] = []
        self._file = None if folder is None else (folder / FILE).open("w", encoding="utf-8", newline="")
        self._write: Callable[[Row], object] = self.kept.append
        if self._file is not None:
            self._write = csv.writer(self._file, lineterminator="\n").writerow
            self._write(COLUMNS)

    def add(self, record: str, field: str, value: object, why: str) -> None:
        """List a value that the export leaves out; nothing where there is no value."""
        if value in (None, "", (), False):
            return
        self.counts[field] += 1
        self._write((record, field, str(value), why))

    def extend(self, rows: Iterable[Row]) -> None:
        """List several: record, field, value and why of each."""
        for row in rows:
            self.add(*row)

    def __enter__(self) -> Losses:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()


def summary(counts: Counter[str]) -> str:
    """Return what was left out, in one line."""
    if not counts:
        return "nothing was left out"
    shown = ", ".join(f"{field} {number:,}" for field, number in counts.most_common())
    lists = "lists it" if counts.total() == 1 else "lists them"
    return f"left out {plural(counts.total(), 'value')} ({shown}); losses.csv {lists}"
