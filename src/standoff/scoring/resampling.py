"""Intervals and tests by resampling: over documents, over events, and paired for two systems.

Errors cluster in documents, so intervals over events are too narrow for any claim beyond these documents; both are
given, under their names. Units are vectors of whole numbers that add up; a statistic is computed from their sum.
Every draw comes from Python's generator with the seed of the signature, so that figures are the same everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import add, sub
from random import Random

LEVEL = 0.95
EXACT_UP_TO = 12
"""Most documents in which two systems differ for which all swaps are enumerated: 2^12 of them."""
APPROXIMATE_ROUNDS = 9999
_BITS = 48  # of one number in a packed vector: sums stay far below 2^48

Vector = tuple[int, ...]
Statistics = Callable[[Vector], Sequence[float | None]]


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % percentile interval; None where the statistic is not defined in any sample."""

    low: float | None
    high: float | None

    @property
    def includes_zero(self) -> bool:
        """Whether zero lies inside; an undefined interval excludes nothing."""
        return self.low is None or self.high is None or self.low <= 0 <= self.high


@dataclass(frozen=True, slots=True)
class PairedTest:
    """A paired randomisation test: the p-value, whether all swaps were enumerated, and the smallest p possible."""

    p: float
    exact: bool
    smallest: float
    differing: int
    """Documents in which the two systems differ at all."""


def _pack(vector: Vector) -> int:
    packed = 0
    for number in reversed(vector):
        packed = (packed << _BITS) | number
    return packed


def _unpack(packed: int, width: int) -> Vector:
    mask = (1 << _BITS) - 1
    return tuple((packed >> (_BITS * i)) & mask for i in range(width))


def total(units: Sequence[Vector], width: int) -> Vector:
    """Return the sum of vectors."""
    return tuple(map(sum, zip(*units, strict=True))) if units else (0,) * width


def bootstrap(
    units: Sequence[Vector], statistics: Statistics, rounds: int, seed: int, constant: Vector | None = None
) -> list[Interval]:
    """Return the percentile interval of each statistic over samples of the units with replacement.

    `constant` is added to every sample: what belongs to no unit. Numbers must not be negative.
    """
    if not units or rounds < 1:
        return [Interval(None, None) for _ in statistics(units[0] if units else constant or ())]
    width, n = len(units[0]), len(units)
    packed = [_pack(unit) for unit in units]
    rest = _pack(constant) if constant else 0
    random = Random(seed).random
    drawn = []
    for _ in range(rounds):
        sample = sum([packed[int(random() * n)] for _ in range(n)])
        drawn.append(statistics(_unpack(sample + rest, width)))
    return [percentiles([v for v in column if v is not None]) for column in zip(*drawn, strict=True)]


def percentiles(values: Sequence[float]) -> Interval:
    """Return the interval that leaves out 2.5 % of the values on each side (nearest rank)."""
    if not values:
        return Interval(None, None)
    ordered = sorted(values)
    tail = (1 - LEVEL) / 2
    low, high = (ordered[max(0, math.ceil(share * len(ordered)) - 1)] for share in (tail, 1 - tail))
    return Interval(low, high)


def paired_bootstrap(
    first: Sequence[Vector],
    second: Sequence[Vector],
    statistics: Statistics,
    rounds: int,
    seed: int,
    constants: tuple[Vector, Vector] | None = None,
) -> list[Interval]:
    """Return the interval of the difference (first less second) of each statistic over samples of documents."""
    width = len(first[0])
    both = [(*a, *b) for a, b in zip(first, second, strict=True)]

    def differences(vector: Vector) -> list[float | None]:
        return _differences(statistics(vector[:width]), statistics(vector[width:]))

    constant = (*constants[0], *constants[1]) if constants else None
    return bootstrap(both, differences, rounds, seed, constant)


def _differences(a: Sequence[float | None], b: Sequence[float | None]) -> list[float | None]:
    return [None if x is None or y is None else x - y for x, y in zip(a, b, strict=True)]


def randomisation(
    first: Sequence[Vector],
    second: Sequence[Vector],
    statistics: Statistics,
    seed: int,
    constants: tuple[Vector, Vector] | None = None,
) -> list[PairedTest]:
    """Return the two-sided paired randomisation test of each statistic.

    The null hypothesis is that the two systems are interchangeable within every document, so each document's
    figures may be swapped. All 2^n swaps of the n documents that differ are enumerated up to `EXACT_UP_TO`, beyond
    it `APPROXIMATE_ROUNDS` are drawn. With n documents no p below 2/2^n is possible.
    """
    width = len(first[0]) if first else 0
    start, other = total(first, width), total(second, width)
    if constants:
        start, other = tuple(map(add, start, constants[0])), tuple(map(add, other, constants[1]))
    changes = [tuple(map(sub, b, a)) for a, b in zip(first, second, strict=True) if a != b]
    n = len(changes)
    observed = _differences(statistics(start), statistics(other))
    extreme = [0] * len(observed)
    rounds = 0

    def count(swapped: Vector) -> None:
        left = tuple(map(add, start, swapped))
        right = tuple(map(sub, other, swapped))
        for i, value in enumerate(_differences(statistics(left), statistics(right))):
            seen = observed[i]
            extreme[i] += value is not None and seen is not None and abs(value) >= abs(seen) - 1e-12

    zero = (0,) * width
    if n <= EXACT_UP_TO:
        swapped: Vector = zero
        chosen = 0
        for code in range(2**n):
            if code:  # Gray code: one document changes sides at each step
                bit = (code & -code).bit_length() - 1
                chosen ^= 1 << bit
                move = add if chosen >> bit & 1 else sub
                swapped = tuple(map(move, swapped, changes[bit]))
            count(swapped)
            rounds += 1
        values = [hits / rounds for hits in extreme]
    else:
        random = Random(seed)
        for _ in range(APPROXIMATE_ROUNDS):
            mask = random.getrandbits(n)
            count(total([change for i, change in enumerate(changes) if mask >> i & 1], width))
        values = [(hits + 1) / (APPROXIMATE_ROUNDS + 1) for hits in extreme]
    smallest = min(1.0, 2 / 2**n) if n <= EXACT_UP_TO else max(2 / 2**n, 1 / (APPROXIMATE_ROUNDS + 1))
    return [PairedTest(p, n <= EXACT_UP_TO, smallest, n) for p in values]


def wilson(hits: int, n: int) -> Interval:
    """Return Wilson's 95 % score interval of a share (Wilson 1927)."""
    if n == 0:
        return Interval(None, None)
    z = 1.959963984540054
    share = hits / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return Interval(max(0.0, middle - half), min(1.0, middle + half))
