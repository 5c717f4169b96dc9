"""Counts as forecasters use them: actor country x target country x month x quad class, against the gold's.

An event weighs 1. The weight is shared evenly among its pairs of countries, and over the days of its date
(`standoff.panel`, *expected*); open dates and missing dates have no month and are left out on either side. Errors that
cancel in such counts do not show in the ladder, and errors that pile up do.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from standoff.loaders.panel import panel
from standoff.scoring.acts import Act, Side
from standoff.scoring.codes import CodeTree
from standoff.scoring.ladder import Outcome

LONGEST = timedelta(days=3660)
"""Dates wider than ten years say nothing about months and are left out."""
CELL = ("actor", "target", "period", "quad_class")
DYADS = {
    "actor_country": pl.String,
    "target_country": pl.String,
    "date_earliest": pl.Date,
    "date_latest": pl.Date,
    "quad_class": pl.String,
    "weight": pl.Float64,
}
"""The columns that `standoff.panel` counts by."""


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
    pairs_of_acts = [(outcome.gold, outcome.predicted) for outcome in outcomes]
    acts = [[act for act in side if act is not None] for side in zip(*pairs_of_acts, strict=True)] or [[], []]
    dated = [[act for act in side if _closed(act)] for side in acts]
    gold, predicted = (_counts(side, codes) for side in dated)
    cells = gold.join(predicted, on=CELL, how="full", coalesce=True, suffix="_predicted").sort(CELL)
    pairs = list(
        zip(*(cells[name].fill_null(0.0) for name in ("expected", "expected_predicted")), strict=True)
    )
    quads: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for quad, (ours, theirs) in zip(cells["quad_class"], pairs, strict=True):
        quads[quad][0] += ours
        quads[quad][1] += theirs
    return Panel(
        len(pairs),
        math.fsum(g for g, _ in pairs),
        math.fsum(p for _, p in pairs),
        len(acts[0]) - len(dated[0]),
        len(acts[1]) - len(dated[1]),
        _pearson(pairs),
        math.fsum(p - g for g, p in pairs) / len(pairs) if pairs else None,
        math.fsum(abs(p - g) for g, p in pairs),
        {quad: (both[0], both[1]) for quad, both in sorted(quads.items())},
    )


def _closed(act: Act) -> bool:
    """Whether the act has a date that says something about months."""
    date = act.date
    return (
        date is not None
        and date.earliest is not None
        and date.latest is not None
        and date.latest - date.earliest <= LONGEST
    )


def _counts(acts: Iterable[Act], codes: CodeTree) -> pl.DataFrame:
    """Return the expected count of each cell."""
    rows = []
    for act in acts:
        actors, targets = _countries(act.actors), _countries(act.targets)
        quad = str(codes.quad(act.action)) if act.action is not None else "unknown"
        weight = 1 / (len(actors) * len(targets))
        assert act.date is not None
        days = (act.date.earliest, act.date.latest)
        rows += [(actor, target, *days, quad, weight) for actor in actors for target in targets]
    frame = pl.DataFrame(sorted(rows), schema=DYADS, orient="row")
    counted = panel(frame, by="actor_country", period="month", zeros=False)
    # Sums of shares differ in their last digits with the order of rows, and threads choose that.
    return counted.select(*CELL, pl.col("expected").round(9))


def _countries(sides: tuple[Side, ...]) -> list[str]:
    return sorted({side.country or "none" for side in sides}) or ["none"]


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
