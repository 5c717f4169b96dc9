"""Counts as forecasters use them: actor country x target country x month x quad class, against the gold's.

An event weighs 1. The weight is shared evenly among its pairs of countries, and over the days of its date; open dates
and missing dates have no month and are left out on either side. Errors that cancel in such counts do not show in the
ladder, and errors that pile up do.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from standoff.model.dates import EventDate
from standoff.scoring.acts import Act, Side
from standoff.scoring.codes import CodeTree
from standoff.scoring.ladder import Outcome

Cell = tuple[str, str, str, str]
LONGEST = timedelta(days=3660)
"""Dates wider than ten years say nothing about months and are left out."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Two sets of counts over the same cells. `correlation` is Pearson's; `bias` the mean of predicted less gold."""

    cells: int
    gold: float
    predicted: float
    left_out_gold: int
    left_out_predicted: int
    correlation: float | None
    bias: float | None
    error: float
    """Sum of absolute differences over all cells."""
    by_quad: dict[str, tuple[float, float]]
    """Quad class → gold and predicted counts."""


def compare_panels(outcomes: Iterable[Outcome], codes: CodeTree) -> Panel:
    """Compare the counts of gold and predictions."""
    sides: tuple[Counter[Cell], Counter[Cell]] = (Counter(), Counter())
    left_out = [0, 0]
    for outcome in outcomes:
        for i, act in enumerate((outcome.gold, outcome.predicted)):
            if act is None:
                continue
            shares = list(_shares(act, codes))
            left_out[i] += not shares
            for cell, share in shares:
                sides[i][cell] += share  # type: ignore[assignment]
    gold, predicted = sides
    cells = sorted(gold.keys() | predicted.keys())
    pairs = [(float(gold[cell]), float(predicted[cell])) for cell in cells]
    quads: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for cell, (ours, theirs) in zip(cells, pairs, strict=True):
        quads[cell[3]][0] += ours
        quads[cell[3]][1] += theirs
    return Panel(
        len(cells),
        math.fsum(g for g, _ in pairs),
        math.fsum(p for _, p in pairs),
        left_out[0],
        left_out[1],
        _pearson(pairs),
        math.fsum(p - g for g, p in pairs) / len(pairs) if pairs else None,
        math.fsum(abs(p - g) for g, p in pairs),
        {quad: (both[0], both[1]) for quad, both in sorted(quads.items())},
    )


def _shares(act: Act, codes: CodeTree) -> Iterator[tuple[Cell, float]]:
    """Yield the cells of an act with their weights, which sum to 1; none where its date has no bounds."""
    months = _months(act.date)
    actors, targets = _countries(act.actors), _countries(act.targets)
    quad = str(codes.quad(act.action)) if act.action is not None else "unknown"
    for month, share in months.items():
        for actor in actors:
            for target in targets:
                yield (actor, target, month, quad), share / (len(actors) * len(targets))


def _countries(sides: tuple[Side, ...]) -> list[str]:
    return sorted({side.country or "none" for side in sides}) or ["none"]


def _months(date: EventDate | None) -> dict[str, float]:
    """Return the share of a date's days in each month."""
    if date is None or date.earliest is None or date.latest is None or date.latest - date.earliest > LONGEST:
        return {}
    days = (date.latest - date.earliest).days + 1
    counts = Counter((date.earliest + timedelta(days=i)).strftime("%Y-%m") for i in range(days))
    return {month: n / days for month, n in counts.items()}


def _pearson(pairs: list[tuple[float, float]]) -> float | None:
    """Return Pearson's correlation; None where it is not defined."""
    if len(pairs) < 2:
        return None
    means = [math.fsum(column) / len(pairs) for column in zip(*pairs, strict=True)]
    gaps = [(a - means[0], b - means[1]) for a, b in pairs]
    spread = [math.sqrt(math.fsum(gap * gap for gap in column)) for column in zip(*gaps, strict=True)]
    if not all(spread):
        return None
    return math.fsum(a * b for a, b in gaps) / (spread[0] * spread[1])
