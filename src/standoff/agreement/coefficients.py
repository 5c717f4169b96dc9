"""Krippendorff's alpha for any distance, F1, and bootstrap intervals. Pure; knows nothing of events.

Items come grouped by document, because records of one document are not independent of each other. Every figure gets
two intervals: one from samples of items, as if they were independent, and one from samples of whole documents.

Alpha is 1 less the observed over the expected disagreement (Krippendorff 2018, Content Analysis, 4th ed.,
chapter 12). Distances stand in it as they are: Krippendorff's squared difference of an interval scale is to be
passed as a square. Sums are exact (`math.fsum`), so that every Python gives the same digits.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from operator import mul
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")
V = TypeVar("V", bound=Hashable)
Distance = Callable[[V, V], float]
Documents = Sequence[Sequence[T]]
"""Items by document."""

REPLICATES = 2000
SEED = 20231117
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval of a statistic; None where no sample defines it."""

    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its two intervals; `n` is the number of units it rests on. None where it is not defined."""

    n: int
    value: float | None
    over_records: Interval = Interval()
    over_documents: Interval = Interval()


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit as alpha needs it: the numbers of its values, and the disagreement among them."""

    values: tuple[int, ...]
    disagreement: float


class Alpha(Generic[V]):
    """Krippendorff's alpha over units, each the values that its readers gave it; None is a missing value.

    `documents` holds the units of each document. Units with fewer than two values say nothing about agreement and are
    left out. The distance is asked once for every two values that occur.
    """

    def __init__(self, documents: Documents[Sequence[V | None]], distance: Distance[V]) -> None:
        given = [[[value for value in unit if value is not None] for unit in units] for units in documents]
        paired = [[unit for unit in units if len(unit) > 1] for units in given]
        every = (value for units in paired for unit in units for value in unit)
        number = {value: i for i, value in enumerate(dict.fromkeys(every))}
        values = list(number)
        self._distances = [[distance(a, b) for b in values] for a in values]
        self._nominal = all(d == (i != j) for i, row in enumerate(self._distances) for j, d in enumerate(row))
        self.documents = [
            [self._unit([number[value] for value in unit]) for unit in units] for units in paired
        ]

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
        expected = self._expected(counts, total)
        if expected == 0:
            return None
        return 1 - (total - 1) * math.fsum(unit.disagreement for unit in units) / expected

    def _expected(self, counts: list[int], total: int) -> float:
        """The sum of the distances between all values, each as often as it occurs."""
        if self._nominal:  # the same sum, without a loop over pairs
            return float(total * total - sum(map(mul, counts, counts)))
        return math.fsum(
            count * math.fsum(map(mul, row, counts))
            for count, row in zip(counts, self._distances, strict=True)
            if count
        )

    def estimate(self) -> Estimate:
        """Alpha over all units, with its intervals."""
        units = list(chain.from_iterable(self.documents))
        if not any(unit.disagreement for unit in units):  # 1 in each sample that defines it
            value = self.of(units)
            return Estimate(len(units), value, Interval(value, value), _if_many(self.documents, value))
        return estimate(self.documents, self.of)


def f1_estimate(documents: Documents[tuple[bool, bool]]) -> Estimate:
    """F1 of two readings, 2 x hits over all records of both, with its intervals.

    `documents` holds the records of each document: (matched, hit). A matched pair counts for two records; `hit` says
    whether it counts as found by both. A record without a partner is (False, False).
    """
    counted = [[(2 * hit, 1 + matched) for matched, hit in records] for records in documents]
    return estimate(counted, lambda sample: sum(h for h, _ in sample) / sum(n for _, n in sample))


def mean_estimate(documents: Documents[float]) -> Estimate:
    """The mean, with its intervals; of truth values, the share that is true."""
    return estimate(documents, lambda sample: math.fsum(sample) / len(sample))


def estimate(documents: Documents[T], statistic: Callable[[Sequence[T]], float | None]) -> Estimate:
    """A statistic of the items of all documents, and the percentile intervals of its values in bootstrap samples.

    ``REPLICATES`` samples are drawn with replacement from generators with a fixed seed: as many items as there are, and
    as many documents as there are, each with all of its items. A sample in which the statistic is not defined is left
    out. An interval runs from the least value that at least 2.5 % of the others do not exceed to the like for 97.5 %
    (nearest rank). `statistic` must not depend on the order of the items.
    """
    items = list(chain.from_iterable(documents))
    if not items:
        return Estimate(0, None)
    value = statistic(items)
    if items.count(items[0]) == len(items):
        return Estimate(len(items), value, Interval(value, value), _if_many(documents, value))
    return Estimate(
        n=len(items),
        value=value,
        over_records=_interval(statistic([items[i] for i in sample]) for sample in _samples(len(items))),
        over_documents=_over_documents(documents, statistic),
    )


@lru_cache(maxsize=16)
def _drawn(size: int, replicates: int) -> list[list[int]]:
    random = Random(SEED)
    return [random.choices(range(size), k=size) for _ in range(replicates)]


def _samples(size: int) -> list[list[int]]:
    """The bootstrap samples of a number of things. The seed is fixed, so they are drawn once for each size."""
    return _drawn(size, REPLICATES)


def _if_many(documents: Documents[T], value: float | None) -> Interval:
    """The interval over documents of what is the same in every sample."""
    return Interval(value, value) if len(documents) > 1 else Interval()


def _over_documents(documents: Documents[T], statistic: Callable[[Sequence[T]], float | None]) -> Interval:
    """The interval over samples of documents. Samples of the same documents are computed once."""
    if len(documents) < 2:
        return Interval()
    drawn = Counter(tuple(sorted(sample)) for sample in _samples(len(documents)))
    values: list[float | None] = []
    for sample, times in drawn.items():
        items = [item for number in sample for item in documents[number]]
        values += [statistic(items) if items else None] * times
    return _interval(values)


def _interval(values: Iterable[float | None]) -> Interval:
    defined = sorted(value for value in values if value is not None)
    if not defined:
        return Interval()
    tail = (1 - LEVEL) / 2
    low, high = (defined[math.ceil(share * len(defined)) - 1] for share in (tail, 1 - tail))
    return Interval(low, high)
