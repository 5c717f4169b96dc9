"""What a whole table is like: rows per day, shares of codes, unknown actors, events under several ids.

Pure: `bulk.summary` counts, `rules.summary` compares with the limits of the profile, `report.summary` shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any

BUSY = 0.1
"""A day is busy if it has this share of the rows of a typical day."""
AROUND = 14
"""Days before and after a day with which it is compared."""
NEAR = 7
"""Days by which the first or last day of the table may lie outside the busy period and still belongs to it."""
MOST_DAYS = 40_000
"""Days that JSON lists."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on something is reported: a `gap` in days, a `drop` below this share of the days around, or a share.

    A share of 1 is never exceeded. `root` and `quad_class` are about the most frequent one.
    """

    gap: float = 1
    drop: float = 0.25
    root: float = 0.6
    quad_class: float = 0.9
    unknown_actor: float = 0.5
    code_010: float = 0.3
    several_ids: float = 0.1


NOTE = Limits()
WARNING = Limits(gap=3, drop=0.05, root=0.95, quad_class=1, unknown_actor=0.9, code_010=0.7, several_ids=0.5)


@dataclass(frozen=True, slots=True)
class Settings:
    """How the tables of a format are summarised.

    `unknown` are codes of actors that are not known, besides missing ones, and `statement` is the code of a statement of
    no further kind; None means those that the schema of profiles gives. Days are only compared where a typical day
    has `daily` rows. What exceeds the limits of `note` is a note, what exceeds those of `warning` a warning.
    """

    unknown: tuple[str, ...] | None = None
    statement: str | None = None
    daily: int = 20
    note: Limits = NOTE
    warning: Limits = WARNING


@dataclass(frozen=True, slots=True)
class SeveralIds:
    """Events that occur under several ids: their number and that of their rows, by the `columns` that are compared.

    Of a large table one event in `sampled` is looked at, and the numbers are estimates.
    """

    events: int
    rows: int
    columns: tuple[str, ...]
    sampled: int = 1


@dataclass(frozen=True, slots=True)
class Thin:
    """A day with far fewer rows than the days around it, whose median is `usual`."""

    day: date
    rows: int
    usual: float


@dataclass(frozen=True)
class Summary:
    """What a table is like. Parts that it has no columns for are None or empty.

    `days` are the numbers of rows by day, in order; `undated` rows have no day. `roots` and `quad_classes` are numbers of rows
    by code, `None` for those without a known one. `unknown` holds the numbers of rows whose actor, target, or both
    are not known. `names` are the columns in the file that parts were counted by.
    """

    table: str
    rows: int
    settings: Settings = Settings()
    days: Mapping[date, int] = field(default_factory=dict)
    undated: int = 0
    roots: Mapping[str | None, int] = field(default_factory=dict)
    quad_classes: Mapping[str | None, int] = field(default_factory=dict)
    unknown: Mapping[str, int] = field(default_factory=dict)
    code_010: int | None = None
    several_ids: SeveralIds | None = None
    names: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def period(self) -> tuple[date, date] | None:
        """The first and last day of the time that the table covers day by day; None where it is not daily.

        Days with few rows far from the others do not count: tables of news have rows about events long ago.
        """
        counts = sorted(self.days.values())
        half, passed, typical = sum(counts) / 2, 0, 0
        for rows in counts:
            passed, typical = passed + rows, rows
            if passed >= half:
                break
        if typical < self.settings.daily:
            return None
        busy = [day for day, rows in self.days.items() if rows >= max(self.settings.daily, BUSY * typical)]
        first, last = busy[0], busy[-1]
        if len(busy) < 2 or 2 * len(busy) < (last - first).days + 1:
            return None
        start, end = min(self.days), max(self.days)
        near = timedelta(days=NEAR)
        return (start if first - start <= near else first, end if end - last <= near else last)

    @cached_property
    def gaps(self) -> list[tuple[date, date]]:
        """The first and last day of each time without rows within the period."""
        if self.period is None:
            return []
        first, last = self.period
        present = [day for day in self.days if first <= day <= last]
        one = timedelta(days=1)
        return [(a + one, b - one) for a, b in pairwise(present) if b - a > one]

    @cached_property
    def thin(self) -> list[Thin]:
        """The days of the period with less than the share `drop` of the rows of the days around them."""
        if self.period is None:
            return []
        from statistics import median  # only here: it loads decimal fractions and random numbers

        first, last = self.period
        found = []
        for day, rows in self.days.items():
            if not first <= day <= last:
                continue
            around = [day + timedelta(days=n) for n in range(-AROUND, AROUND + 1) if n]
            usual = median([self.days[d] for d in around if d in self.days and first <= d <= last] or [rows])
            if rows < self.settings.note.drop * usual:
                found.append(Thin(day, rows, usual))
        return found

    def bins(self, most: int) -> list[int]:
        """Return numbers of rows from the first day to the last, in at most so many stretches of equal length."""
        if not self.days:
            return []
        first, last = self.period or (min(self.days), max(self.days))
        length = -(-((last - first).days + 1) // most)
        counts = [0] * -(-((last - first).days + 1) // length)
        for day, rows in self.days.items():
            if first <= day <= last:
                counts[(day - first).days // length] += rows
        return counts

    def share(self, rows: float) -> float:
        """Return a number of rows as a share of all."""
        return rows / self.rows if self.rows else 0.0

    def as_dict(self) -> dict[str, Any]:
        """Return the summary as plain values, for JSON."""
        return {
            "table": self.table,
            "rows": self.rows,
            "columns": dict(self.names),
            "days": dict(self._listed_days()),
            "undated": self.undated,
            "period": [day.isoformat() for day in self.period] if self.period else None,
            "gaps": [{"first": a.isoformat(), "last": b.isoformat()} for a, b in self.gaps],
            "drops": [
                {"day": thin.day.isoformat(), "rows": thin.rows, "usual": thin.usual} for thin in self.thin
            ],
            "roots": self._counted(self.roots),
            "quad_classes": self._counted(self.quad_classes),
            "unknown": {
                name: {"rows": n, "share": round(self.share(n), 6)} for name, n in self.unknown.items()
            },
            "code_010": None
            if self.code_010 is None
            else {"rows": self.code_010, "share": round(self.share(self.code_010), 6)},
            "several_ids": None
            if self.several_ids is None
            else {
                **asdict(self.several_ids),
                "columns": list(self.several_ids.columns),
                "share": round(self.share(self.several_ids.rows), 6),
            },
        }

    def _listed_days(self) -> Iterator[tuple[str, int]]:
        for _, (day, rows) in zip(range(MOST_DAYS), self.days.items(), strict=False):
            yield day.isoformat(), rows

    def _counted(self, counts: Mapping[str | None, int]) -> list[dict[str, Any]]:
        return [{"code": code, "rows": n, "share": round(self.share(n), 6)} for code, n in counts.items()]
