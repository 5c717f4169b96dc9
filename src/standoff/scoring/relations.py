"""Places and links, where a system gives them: among found events only."""

from __future__ import annotations

from collections.abc import Iterable

from standoff.scoring.ladder import Outcome, Tally


def compare_places(outcomes: Iterable[Outcome]) -> Tally | None:
    """Count the places of found events that both sides name, by id, GeoNames id or name; None where no record has one."""
    hits = predicted = gold = 0
    for outcome in outcomes:
        if outcome.predicted is None or outcome.gold is None:
            continue
        ours, theirs = list(dict.fromkeys(outcome.predicted.places)), list(dict.fromkeys(outcome.gold.places))
        predicted += len(ours)
        gold += len(theirs)
        for place in ours:
            if (same := next((other for other in theirs if place & other), None)) is not None:
                theirs.remove(same)
                hits += 1
    return Tally(hits, predicted, gold) if predicted else None


def compare_links(outcomes: Iterable[Outcome]) -> Tally | None:
    """Count the links that both sides have, through the matching; None where no record has one.

    A predicted link counts as predicted even if one of its ends is a false alarm.
    """
    partner: dict[str, str] = {}
    ours: set[tuple[str, str, str]] = set()
    theirs: set[tuple[str, str, str]] = set()
    for outcome in outcomes:
        if outcome.predicted is not None:
            ours |= {(outcome.predicted.id, relation, other) for relation, other in outcome.predicted.links}
        if outcome.gold is not None:
            theirs |= {(outcome.gold.id, relation, other) for relation, other in outcome.gold.links}
        if outcome.predicted is not None and outcome.gold is not None:
            partner[outcome.predicted.id] = outcome.gold.id
    translated = {(partner.get(a), relation, partner.get(b)) for a, relation, b in ours}
    return Tally(len(translated & theirs), len(ours), len(theirs)) if ours else None
