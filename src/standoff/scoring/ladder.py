"""The ladder: precision, recall and F1 on every rung, over pairs, false alarms and misses."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from standoff.scoring.acts import Act
from standoff.scoring.rungs import HEIGHT


@dataclass(frozen=True, slots=True)
class Outcome:
    """One pair, false alarm or miss. `rung` is how many rungs a pair reaches; `cause` why there is no pair."""

    document: str | None
    predicted: Act | None
    gold: Act | None
    rung: int = 0
    cause: str | None = None
    negative: str | None = None
    """Id of the hard negative that a false alarm hit."""

    @property
    def kind(self) -> str:
        """Return pair, false alarm or miss."""
        return "pair" if self.predicted and self.gold else "false alarm" if self.predicted else "miss"

    def because(self, cause: str, negative: str | None = None) -> Outcome:
        """Return the outcome with its cause."""
        return replace(self, cause=cause, negative=negative)


@dataclass(frozen=True, slots=True)
class Tally:
    """Hits among predicted and gold; precision, recall and F1 are None where they are not defined."""

    hits: float
    predicted: float
    gold: float

    @property
    def precision(self) -> float | None:
        return self.hits / self.predicted if self.predicted else None

    @property
    def recall(self) -> float | None:
        return self.hits / self.gold if self.gold else None

    @property
    def f1(self) -> float | None:
        """Twice the hits over all predicted and gold; 0 where one side is empty, None where both are."""
        return 2 * self.hits / (self.predicted + self.gold) if self.predicted + self.gold else None


def tally(outcomes: Iterable[Outcome], rung: str) -> Tally:
    """Count one rung over outcomes."""
    height = HEIGHT[rung]
    hits = predicted = gold = 0
    for outcome in outcomes:
        hits += outcome.rung >= height
        predicted += outcome.predicted is not None
        gold += outcome.gold is not None
    return Tally(hits, predicted, gold)


def ladder(outcomes: Iterable[Outcome]) -> dict[str, Tally]:
    """Count every rung over outcomes."""
    heights = Counter(outcome.rung for outcome in outcomes)
    kinds = Counter(outcome.kind for outcome in outcomes)
    predicted, gold = kinds["pair"] + kinds["false alarm"], kinds["pair"] + kinds["miss"]
    return {
        name: Tally(sum(n for rung, n in heights.items() if rung >= height), predicted, gold)
        for name, height in HEIGHT.items()
    }


def by_class(
    outcomes: Iterable[Outcome], of: Callable[[str], str | int | None], rung: str
) -> dict[str, Tally]:
    """Count one rung for each class of codes (root, quad class): predictions by their class, gold by its own.

    A pair is a hit of its class if it reaches the rung and both are of the class. Codes that are unknown have
    the class "unknown".
    """
    height = HEIGHT[rung]
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for outcome in outcomes:
        ours, theirs = (_class(act, of) for act in (outcome.predicted, outcome.gold))
        if ours is not None:
            counts[ours][1] += 1
        if theirs is not None:
            counts[theirs][2] += 1
            counts[theirs][0] += outcome.rung >= height and ours == theirs
    return {name: Tally(*counts[name]) for name in sorted(counts)}


def _class(act: Act | None, of: Callable[[str], str | int | None]) -> str | None:
    if act is None:
        return None
    return "unknown" if act.action is None else str(of(act.action))


def macro(tallies: Mapping[str, Tally], support: int) -> tuple[float | None, int]:
    """Return the mean F1 over classes with at least `support` gold events, and how many classes those are."""
    scores = [t.f1 or 0.0 for t in tallies.values() if t.gold >= support]
    return (sum(scores) / len(scores) if scores else None), len(scores)
