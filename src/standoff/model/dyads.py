"""Dyads: the directed actor → target pairs that an event stands for. Computed, never typed.

Every actor is paired with every target that is another one. An act done to each other adds the opposite of
each pair. An act with a counterpart, such as a visit, adds for each pair the opposite one with that code. Where one side is
empty, each party of the other is alone in its row. So every event has rows; each counts as its share of the event.
"""

from __future__ import annotations

from collections.abc import Sequence

from standoff.model.classes import dataclass

DERIVED = ("stated", "compound", "reciprocal", "host", "alone")
"""The rules that make a dyad."""


@dataclass(frozen=True, slots=True)
class Dyad:
    """One directed pair; `derived` names the rule that made it. A side is None where it is empty."""

    actor_id: str | None
    target_id: str | None
    action: str
    derived: str

    def reversed(self) -> Dyad:
        """Return the pair in the other direction; twice is the pair itself."""
        return Dyad(self.target_id, self.actor_id, self.action, self.derived)


def dyads(
    actors: Sequence[str],
    targets: Sequence[str],
    action: str,
    reciprocal: bool,
    counterpart: str | None = None,
) -> list[Dyad]:
    """Return the dyads of one event, without repeats: pairs as stated first, then what follows from them.

    `counterpart` is the code of the other party's side of the act, where the act has one (hosting, for a visit).

    There is at least one. Each stands for an equal share of the event.
    """
    compound = len(actors) > 1 or len(targets) > 1
    pairs = [
        Dyad(actor, target, action, "compound" if compound else "stated")
        for actor in actors
        for target in targets
        if actor != target
    ]
    if not pairs:
        if actors and targets:  # only themselves, which the rules refuse
            targets = ()
        return [Dyad(a, b, action, "alone") for a in actors or (None,) for b in targets or (None,)]
    derived = []
    if reciprocal:
        derived = [Dyad(pair.target_id, pair.actor_id, action, "reciprocal") for pair in pairs]
    elif counterpart is not None:
        derived = [Dyad(pair.target_id, pair.actor_id, counterpart, "host") for pair in pairs]
    seen: dict[tuple[str | None, str | None, str], Dyad] = {}
    for dyad in [*pairs, *derived]:
        seen.setdefault((dyad.actor_id, dyad.target_id, dyad.action), dyad)
    return list(seen.values())
