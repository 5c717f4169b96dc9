"""Measures beside the ladder: credit by hierarchy, dates, actors, places, confusion. Each is a plain table of counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from standoff.exchange.documents import Documents
from standoff.model import dates
from standoff.scoring.acts import ACTORS, Act, Side
from standoff.scoring.codes import CodeTree
from standoff.scoring.ladder import Outcome
from standoff.scoring.rungs import parties, same_direction, same_parties

NOTHING = "nothing"
"""Row and column of confusion counts for what has no partner."""
NO_EVENT = "no gold event"
NO_RECORD = "no record"
"""The row and the column as the report names them."""


# --- Hierarchical credit ---------------------------------------------------------------------------------


def code_ancestors(act: Act | None, codes: CodeTree) -> frozenset[str]:
    """Return the code and all above it; an unknown code is one wrong ancestor."""
    if act is None:
        return frozenset()
    return frozenset(codes.ancestors[act.action]) if act.action is not None else frozenset(("?",))


def actor_ancestors(act: Act | None) -> frozenset[str]:
    """Return every beginning of every code on each side: LBNREB on the actor's side gives LBN and LBNREB there.

    A compound side is the union of its parties, so a system that names one of two gets part of the credit.
    """
    if act is None:
        return frozenset()
    found = set()
    for side, sides in (("actor", act.actors), ("target", act.targets)):
        for party in sides:
            code = party.code
            beginnings = [code[:i] for i in range(3, len(code) + 1, 3)] if code else [party.key("code")]
            found |= {f"{side} {beginning}" for beginning in beginnings}
    return frozenset(found)


def hierarchical(outcome: Outcome, codes: CodeTree) -> tuple[int, int, int, int, int, int]:
    """Return shared, predicted and gold ancestors of the codes, then of the actors, for one outcome."""
    p, g = code_ancestors(outcome.predicted, codes), code_ancestors(outcome.gold, codes)
    a, b = actor_ancestors(outcome.predicted), actor_ancestors(outcome.gold)
    return len(p & g), len(p), len(g), len(a & b), len(a), len(b)


# --- Dates -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Dates:
    """How the dates of found events compare. Counts of pairs; `overlap` is the mean share of days in both."""

    pairs: int
    stated: int
    equal: int
    compatible: int
    contained: int
    overlap: float | None
    single: int
    apart: float | None
    """Median of days between two single days, over the `single` pairs in which both are one day."""
    open: int
    """Pairs in which one date or both have no first or no last day."""
    publication: int
    """Predicted the publication date though the event was on other days."""


def compare_dates(outcomes: Iterable[Outcome], documents: Documents) -> Dates:
    """Compare the dates of all pairs."""
    pairs = stated = equal = compatible = contained = opened = publication = 0
    overlap: list[float] = []
    apart: list[int] = []
    for outcome in outcomes:
        if outcome.predicted is None or outcome.gold is None:
            continue
        pairs += 1
        ours, theirs = outcome.predicted.date, outcome.gold.date
        if ours is None or theirs is None:
            continue
        stated += 1
        fits = dates.overlaps(ours, theirs)
        equal += (ours.earliest, ours.latest) == (theirs.earliest, theirs.latest)
        compatible += fits
        contained += _within(ours, theirs)
        opened += ours.days is None or theirs.days is None
        overlap.append(dates.iou(ours, theirs))
        if ours.days == 1 == theirs.days:
            assert ours.earliest is not None
            assert theirs.earliest is not None
            apart.append(abs((ours.earliest - theirs.earliest).days))
        published = documents[outcome.document].published if outcome.document else None
        publication += published is not None and _same_days(ours, published) and not fits
    return Dates(
        pairs,
        stated,
        equal,
        compatible,
        contained,
        sum(overlap) / len(overlap) if overlap else None,
        len(apart),
        median(apart) if apart else None,
        opened,
        publication,
    )


def _same_days(a: dates.EventDate, b: dates.EventDate) -> bool:
    return (a.earliest, a.latest) == (b.earliest, b.latest)


def _within(inner: dates.EventDate, outer: dates.EventDate) -> bool:
    """Whether every day of one date belongs to the other."""
    starts = outer.earliest is None or (inner.earliest is not None and inner.earliest >= outer.earliest)
    ends = outer.latest is None or (inner.latest is not None and inner.latest <= outer.latest)
    return starts and ends


# --- Actors ----------------------------------------------------------------------------------------------


def compare_actors(outcomes: Iterable[Outcome]) -> dict[str, dict[str, int]]:
    """Count, over found events, how the parties compare in each way of comparing (code, id, country)."""
    pairs = [(o.predicted, o.gold) for o in outcomes if o.predicted and o.gold]
    found: dict[str, dict[str, int]] = {}
    for by in ACTORS:
        counts = Counter(
            {
                "pairs": len(pairs),
                "actors": 0,
                "targets": 0,
                "parties": 0,
                "direction": 0,
                "reversed": 0,
                "some": 0,
            }
        )
        for p, g in pairs:
            counts["actors"] += parties(p.actors, by) == parties(g.actors, by)
            counts["targets"] += parties(p.targets, by) == parties(g.targets, by)
            sides, direction = same_parties(p, g, by), same_direction(p, g, by)
            counts["parties"] += sides
            counts["direction"] += direction
            counts["reversed"] += sides and not direction
            counts["some"] += not sides and bool(_keys(p, by) & _keys(g, by))
        found[by] = dict(counts)
    return found


def _keys(act: Act, by: str) -> set[str]:
    return {key for side in (act.actors, act.targets) for key in parties(side, by)}


# --- Confusion -------------------------------------------------------------------------------------------

Cells = Mapping[tuple[str, str], int]


def confusion(outcomes: Iterable[Outcome], value: Callable[[Act], str]) -> Cells:
    """Count (gold value, predicted value); `NOTHING` stands for a missing partner."""
    cells: Counter[tuple[str, str]] = Counter()
    for outcome in outcomes:
        row = value(outcome.gold) if outcome.gold else NOTHING
        column = value(outcome.predicted) if outcome.predicted else NOTHING
        cells[row, column] += 1
    return dict(sorted(cells.items()))


def countries(sides: Sequence[Side], role: str) -> str:
    """Return the countries of one side, joined. "no actor": nobody is named; "no country": only parties without one."""
    if not sides:
        return f"no {role}"
    return " + ".join(sorted({side.country for side in sides if side.country})) or "no country"
