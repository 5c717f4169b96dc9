"""How far apart two codings of one field are: 0 for the same, 1 for nothing in common."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

from standoff.agreement.assignment import assign
from standoff.model import dates

V = TypeVar("V", bound=Hashable)
_UNIT = 10**9


def nominal(a: object, b: object) -> float:
    """0 for equal values, 1 for others."""
    return float(a != b)


def masi(a: frozenset[str], b: frozenset[str]) -> float:
    """Measuring Agreement on Set-valued Items (Passonneau 2006): 1 less Jaccard's index times a weight.

    The weight is 1 for equal sets, 2/3 where one holds the other, 1/3 where they only overlap. Two empty sets
    are equal.
    """
    if a == b:
        return 0.0
    weight = 2 / 3 if a <= b or b <= a else 1 / 3
    return 1 - weight * len(a & b) / len(a | b)


def paired(distance: Callable[[V, V], float]) -> Callable[[Sequence[V], Sequence[V]], float]:
    """The distance of two lists, from the distance of their members.

    Members are paired so that their total similarity (1 minus the distance) is greatest; the distance is
    1 minus that total over the length of the longer list. So lists of one member are as far apart as their members, and
    a missing member costs as much as one that has nothing in common. Two empty lists have the distance 0.
    """

    def lists(a: Sequence[V], b: Sequence[V]) -> float:
        if not a and not b:
            return 0.0
        likeness = [[round((1 - distance(x, y)) * _UNIT) for y in b] for x in a]
        return 1 - sum(likeness[i][j] for i, j in assign(likeness)) / (_UNIT * max(len(a), len(b)))

    return lists


def days(a: dates.EventDate, b: dates.EventDate) -> float:
    """1 less the days in both dates over the days in either; an open end reaches a year (`dates.iou`)."""
    return 1 - dates.iou(a, b)
