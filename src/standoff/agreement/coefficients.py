"""Krippendorff's alpha for any distance, F1, and bootstrap intervals. Pure; knows nothing of events.

Alpha is 1 less the observed over the expected disagreement (Krippendorff 2018, Content Analysis, 4th ed.,
chapter 12). Distances stand in it as they are: Krippendorff's squared difference of an interval scale is to be
passed as a square. Sums are exact (`math.fsum`), so that every Python gives the same digits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from operator import mul
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")
V = TypeVar("V", bound=Hashable)
Distance = Callable[[V, V], float]

REPLICATES = 2000
SEED = 20231117
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its interval; `n` is the number of units it rests on. None where it is not defined."""

    n: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit as alpha needs it: the numbers of its values, and the disagreement among them."""

    values: tuple[int, ...]
    disagreement: float


class Alpha(Generic[V]):
    """Krippendorff's alpha over units, each the values that its readers gave it; None is a missing value.

    Units with fewer than two values say nothing about agreement and are left out. The distance is asked once
    for every two values that occur.
    """

    def __init__(self, units: Sequence[Sequence[V | None]], distance: Distance[V]) -> None:
        given = [[value for value in unit if value is not None] for unit in units]
        paired = [unit for unit in given if len(unit) > 1]
        number = {value: i for i, value in enumerate(dict.fromkeys(v for unit in paired for v in unit))}
        values = list(number)
        self._distances = [[distance(a, b) for b in values] for a in values]
        self.units = [self._unit([number[value] for value in unit]) for unit in paired]

    def _unit(self, values: list[int]) -> Unit:
        apart = math.fsum(self._distances[a][b] for a in values for b in values)
        return Unit(tuple(values), apart / (len(values) - 1))

    def of(self, units: Sequence[Unit]) -> float | None:
        """Alpha over some of the units, possibly repeated; None where all values are alike, or there are none."""
        counts = [0] * len(self._distances)
        for unit in units:
            for value in unit.values:
                counts[value] += 1
        total = sum(counts)
        expected = math.fsum(
            count * math.fsum(map(mul, row, counts))
            for count, row in zip(counts, self._distances, strict=True)
            if count
        )
        if expected == 0:
            return None
        return 1 - (total - 1) * math.fsum(unit.disagreement for unit in units) / expected

    def estimate(self) -> Estimate:
        """Alpha over all units, with its interval."""
        return estimate(self.units, self.of)


def f1_estimate(hits: Sequence[bool], unmatched: int) -> Estimate:
    """F1 of two readings: 2 x hits over all records of both, with its interval.

    `hits` says of each matched pair whether it counts as found by both; `unmatched` records have no partner.
    """
    items = [(2 * hit, 2) for hit in hits] + [(0, 1)] * unmatched
    return estimate(items, lambda sample: sum(h for h, _ in sample) / sum(n for _, n in sample))


def mean_estimate(values: Sequence[float]) -> Estimate:
    """The mean, with its interval; of truth values, the share that is true."""
    return estimate(values, lambda sample: math.fsum(sample) / len(sample))


def estimate(items: Sequence[T], statistic: Callable[[Sequence[T]], float | None]) -> Estimate:
    """A statistic of the items, and the percentile interval of its values in bootstrap samples.

    ``REPLICATES`` samples are drawn from a generator with a fixed seed, each as many items with replacement. A
    sample in which the statistic is not defined is left out. The interval runs from the least value that at
    least 2.5 % of the others do not exceed to the like for 97.5 % (nearest rank).
    """
    if not items:
        return Estimate(0, None, None, None)
    random = Random(SEED)
    drawn = (statistic(random.choices(items, k=len(items))) for _ in range(REPLICATES))
    values = sorted(value for value in drawn if value is not None)
    value = statistic(items)
    if not values:
        return Estimate(len(items), value, None, None)
    tail = (1 - LEVEL) / 2
    low, high = (values[math.ceil(share * len(values)) - 1] for share in (tail, 1 - tail))
    return Estimate(len(items), value, low, high)
