"""All pairs, false alarms and misses of one set of records against one gold."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from standoff.exchange.records import LEVELS, Record, wider
from standoff.scoring.acts import Act, Resolver
from standoff.scoring.causes import explain_false_alarms
from standoff.scoring.codes import CodeTree
from standoff.scoring.gold import Gold
from standoff.scoring.ladder import Outcome, Tally, ladder
from standoff.scoring.matching import match
from standoff.scoring.rungs import NEEDS, RUNGS, climb, stated

UNREAD = Act("unreadable", 0, None, "document", None, (), None, (), None, None, (), (), None, None, False)
"""Stands for a line that could not be read: it counts, and says nothing."""


@dataclass
class Aligned:
    """The outcomes of one set of records against one gold. `exact`: no group had to be matched greedily."""

    name: str
    outcomes: list[Outcome]
    exact: bool = True
    unresolved: Mapping[str, int] = field(default_factory=dict)
    kind: str = "system"
    levels: Mapping[str, int] = field(default_factory=dict)
    """How many records were matched at each level, from the closest."""
    absent: tuple[str, ...] = ()
    """The fields of `rungs.NEEDS` that no record states."""

    @cached_property
    def unreachable(self) -> tuple[str, ...]:
        """The rungs that ask for a field that no record states, and those after them; they have no figures."""
        for i, rung in enumerate(RUNGS):
            if NEEDS.get(rung) in self.absent and not self.ladder[rung].hits:
                return tuple(RUNGS)[i:]
        return ()

    @cached_property
    def ladder(self) -> dict[str, Tally]:
        """Precision, recall and F1 on every rung."""
        return ladder(self.outcomes)


def align(
    name: str,
    records: Iterable[Record],
    gold: Gold,
    codes: CodeTree,
    level: str,
    by: str,
    kind: str = "system",
) -> Aligned:
    """Match records to the gold, each at its own level but no closer than `level`; return every pair, false alarm and miss.

    Records whose document is unknown, or that could not be parsed, are false alarms without a document.
    """
    resolver = Resolver(gold.registry, codes, gold.documents, gold.names)
    records = list(records)
    broken = sum("unparsable" in record.faults for record in records)
    made = resolver.acts(records)
    predicted = _by_document(made)
    unresolved = dict(resolver.unresolved)
    acts = gold.acts(resolver)
    truth = _by_document(acts)
    outcomes: list[Outcome] = []
    exact = True
    for document in gold.documents:
        matched = match(predicted.pop(document, []), truth.get(document, []), level, codes, by)
        exact &= matched.exact
        outcomes += (Outcome(document, p, g, climb(p, g, codes, by)) for p, g in matched.pairs)
        outcomes += (Outcome(document, act, None) for act in matched.false)
        outcomes += (Outcome(document, None, act) for act in matched.missed)
    for strays in predicted.values():
        outcomes += (Outcome(None, act, None, cause="unknown document") for act in strays)
    outcomes += [Outcome(None, UNREAD, None, cause="unreadable")] * broken
    outcomes = explain_false_alarms(outcomes, gold, acts, level, codes)
    read = [record for record in records if "unparsable" not in record.faults]
    given = {field for record in read for field in stated(record)}
    absent = tuple(field for field in NEEDS.values() if read and field not in given)
    used = Counter(wider(act.level, level) for act in made)
    levels = {each: used[each] for each in LEVELS if used[each]} or {level: 0}
    return Aligned(name, outcomes, exact, unresolved, kind, levels, absent)


def _by_document(acts: Iterable[Act]) -> defaultdict[str | None, list[Act]]:
    found: defaultdict[str | None, list[Act]] = defaultdict(list)
    for act in acts:
        found[act.document].append(act)
    return found
