"""The rungs of the ladder: how far up a pair of acts gets, and how alike it is coded otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from standoff.exchange.records import Record
from standoff.model.dates import overlaps
from standoff.scoring.acts import ACTORS, Act, Side
from standoff.scoring.codes import CodeTree

RUNGS: Mapping[str, str] = {
    "found": "the record points at the words of a gold event",
    "quad": "and the quad class: verbal or material, cooperation or conflict",
    "root": "and the root code, the top of the tree",
    "base": "and the base code, one level below",
    "code": "and the full action code",
    "parties": "and the parties, even if actor and target are swapped",
    "direction": "and who acts on whom",
    "date": "and the date: it shares a day with the gold date",
    "status": "and the status: asserted, hedged (in doubt) or contested (denied)",
}
"""The rungs in order; each demands what all before it demand."""
NEEDS: Mapping[str, str] = {
    "quad": "action",
    "parties": "actors or targets",
    "date": "date",
    "status": "status",
}
"""The field that a rung asks for, where the rungs before it do not."""
HEIGHT = {name: i for i, name in enumerate(RUNGS, start=1)}
MOST_ALIKE = 143
"""The greatest value of `alike`."""


def stated(record: Record) -> set[str]:
    """Return the fields of `NEEDS` that a record states."""
    fields = (record.action, record.actors or record.targets, record.date, record.status)
    return {name for name, value in zip(NEEDS.values(), fields, strict=True) if value}


def climb(predicted: Act, gold: Act, codes: CodeTree, by: str) -> int:
    """Return how many rungs a pair reaches: 1 for found only, 9 for all."""
    p, g = predicted.action, gold.action
    checks: tuple[Callable[[], bool], ...] = (
        lambda: p is not None and g is not None and codes.quad(p) == codes.quad(g),
        lambda: codes.root(p) == codes.root(g),  # type: ignore[arg-type]
        lambda: codes.base(p) == codes.base(g),  # type: ignore[arg-type]
        lambda: p == g,
        lambda: same_parties(predicted, gold, by),
        lambda: same_direction(predicted, gold, by),
        lambda: predicted.date is not None and gold.date is not None and overlaps(predicted.date, gold.date),
        lambda: predicted.status == gold.status,
    )
    reached = 1
    for holds in checks:
        if not holds():
            break
        reached += 1
    return reached


def alike(a: Act, b: Act, codes: CodeTree, by: str) -> int:
    """Return how alike two acts are coded, from 0 to `MOST_ALIKE`: it decides between pairs of the same rung."""
    score = round(64 * (1 - codes.distance(a.action, b.action)))
    score += 32 * same_parties(a, b, by) + 16 * same_direction(a, b, by)
    score += round(8 * (_overlap(a.actors, b.actors, by) + _overlap(a.targets, b.targets, by)))
    if a.date is not None and b.date is not None:
        score += 8 * overlaps(a.date, b.date)
    return score + 4 * (_day(a) == _day(b)) + 2 * (a.status == b.status) + (a.reciprocal == b.reciprocal)


def _day(act: Act) -> str | None:
    return act.date.text if act.date else None


def _overlap(a: tuple[Side, ...], b: tuple[Side, ...], by: str) -> float:
    first, second = set(parties(a, by)), set(parties(b, by))
    return len(first & second) / len(first | second) if first | second else 1.0


def parties(sides: tuple[Side, ...], by: str = "code") -> tuple[str, ...]:
    """Return one side of an act as it is compared: every party in order; of countries each once."""
    if len(sides) < 2:
        return tuple(side.key(by) for side in sides)
    keys = [side.key(by) for side in sides]
    return tuple(sorted(set(keys) if by == ACTORS[2] else keys))


def same_parties(a: Act, b: Act, by: str) -> bool:
    """Whether both sides are the same, even if actor and target are swapped."""
    first, second = ([parties(side, by) for side in _sides(x, y, by)] for x, y in ((a, b), (b, a)))
    return sorted(first) == sorted(second)


def same_direction(a: Act, b: Act, by: str) -> bool:
    """Whether the same actors act on the same targets; an act done to each other has both directions."""
    first, second = ([parties(side, by) for side in _sides(x, y, by)] for x, y in ((a, b), (b, a)))
    return first == second or ((a.reciprocal or b.reciprocal) and first == second[::-1])


def _sides(act: Act, other: Act, by: str) -> tuple[tuple[Side, ...], tuple[Side, ...]]:
    """Return actors and targets of an act. An entry that both name has one code: that of the earlier id order.

    Codes change over time, and the two may be dated differently; the same entry is the same actor all the same.
    """
    if by != ACTORS[0]:
        return act.actors, act.targets
    ours = {s.id: s.code for s in (*act.actors, *act.targets) if s.id}
    theirs = {s.id: s.code for s in (*other.actors, *other.targets) if s.id} if ours else {}
    if not theirs:
        return act.actors, act.targets
    common = {entry: max(ours[entry], theirs[entry]) for entry in ours.keys() & theirs.keys()}
    if not any(ours[entry] != code for entry, code in common.items()):
        return act.actors, act.targets

    def one(sides: tuple[Side, ...]) -> tuple[Side, ...]:
        return tuple(sorted(Side(common.get(s.id, s.code), s.id, s.country, s.name) for s in sides))

    return one(act.actors), one(act.targets)
