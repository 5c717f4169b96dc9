"""What a report is made of: sections with paragraphs, figures and tables. `render` gives them a form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from standoff.scoring.ladder import Tally
from standoff.scoring.measures import Cells
from standoff.scoring.resampling import Interval

COUNTS = ("hits", "records", "gold events", "precision", "recall", "F1")
"""The columns of a tally."""


class Strong(str):
    """A paragraph in bold."""


class Code(str):
    """A paragraph in the type of code."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; None is an empty cell. `title` stands above it."""

    header: Sequence[str]
    rows: Sequence[Sequence[object]]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a figure, from 0 to 1, with an interval where there is one."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """Bars, or where `cells` is given a square of counts (row, column → count).

    `interval` names the intervals of the bars: "95 % interval over events".
    """

    title: str
    bars: Sequence[Bar] = ()
    cells: Cells | None = None
    interval: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, paragraphs, figures and tables."""

    title: str
    text: Sequence[str] = ()
    figures: Sequence[Figure] = ()
    tables: Sequence[Table] = field(default_factory=tuple)


def number(value: float | None, digits: int = 3) -> str:
    """Return a share as people read it: 0.472; "–" where it is not defined."""
    return "–" if value is None else f"{value:.{digits}f}"


def share(hits: int, n: int) -> str:
    """Return hits of n as a share with two digits; "–" of nothing."""
    return number(hits / n if n else None, 2)


def span(interval: Interval | None) -> str:
    """Return an interval as people read it; "–" where there is none."""
    if interval is None or interval.low is None or interval.high is None:
        return "–"
    return f"{interval.low:.3f} to {interval.high:.3f}"


def cells_of(tally: Tally, defined: bool = True) -> tuple[object, ...]:
    """Return the cells of a tally under `COUNTS`. If hits are not defined, "–" stands for them."""
    if not defined:
        return ("–", int(tally.predicted), int(tally.gold), "–", "–", "–")
    rates = (number(each) for each in (tally.precision, tally.recall, tally.f1))
    return (int(tally.hits), int(tally.predicted), int(tally.gold), *rates)


def listed(names: Sequence[str]) -> str:
    """Return names in a row: a, b and c."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
