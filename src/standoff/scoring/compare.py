"""Two systems compared on the same documents: differences with intervals, and a test."""

from __future__ import annotations

from dataclasses import dataclass

from standoff.findings import UsageError, plural
from standoff.scoring.resampling import Interval, PairedTest, paired_bootstrap, randomisation
from standoff.scoring.result import MEASURES, STATISTICS, Score, statistics

SHOWN = MEASURES[-1]
LEAST_ROUNDS = 1000
SIGNIFICANT = 0.05
"""The greatest p-value that shows a difference."""
SAME = "no difference shown"


@dataclass(frozen=True, slots=True)
class Difference:
    """The difference of one figure, first less second, with its interval over documents and its test."""

    name: str
    first: float | None
    second: float | None
    interval: Interval
    test: PairedTest

    @property
    def verdict(self) -> str:
        """Return who is better, or that it is not shown: the interval includes zero, or p is above `SIGNIFICANT`.

        With few documents p cannot be as small, however large the difference is; then the verdict says so.
        """
        if self.first is None or self.second is None or self.interval.includes_zero:
            return SAME
        if self.test.smallest > SIGNIFICANT:
            return f"cannot be shown with {plural(self.test.differing, 'document')}"
        if self.test.p > SIGNIFICANT:
            return SAME
        return "first is better" if self.first > self.second else "second is better"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two scores under one signature."""

    first: Score
    second: Score
    differences: tuple[Difference, ...]


def compare(first: Score, second: Score) -> Comparison:
    """Compare two systems by paired bootstrap and paired randomisation over documents.

    UsageError where the signatures differ: such figures were not measured alike.
    """
    if first.signature != second.signature:
        theirs = second.signature
        differing = [
            f"{key} ({v} and {theirs[key]})" for key, v in first.signature.items() if v != theirs[key]
        ]
        raise UsageError(
            f"{first.name} and {second.name} cannot be compared: their signatures differ in {', '.join(differing)}"
        )
    (ours, rest), (others, other_rest) = first.document_vectors, second.document_vectors
    seed, rounds = first.options.seed, first.options.ci or LEAST_ROUNDS
    constants = (rest, other_rest)
    intervals = paired_bootstrap(ours, others, statistics, rounds, seed, constants)
    tests = randomisation(ours, others, statistics, seed, constants)
    found = []
    for (name, measure), interval, test in zip(STATISTICS, intervals, tests, strict=True):
        if measure == SHOWN:
            values = first.value(name, measure), second.value(name, measure)
            found.append(Difference(name, *values, interval, test))
    return Comparison(first, second, tuple(found))
