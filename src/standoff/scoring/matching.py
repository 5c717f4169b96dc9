"""Which prediction is which gold event: one optimal one-to-one matching per document.

`RULE` is the whole rule in words. The weight of a pair is first how well the words agree, then how alike the two are
coded; since all records are put in the order of their content first, neither file order nor ids decide anything.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappush, heapreplace

from standoff.agreement.assignment import assign
from standoff.agreement.matching import MENTIONED, iou
from standoff.model.dates import overlaps
from standoff.scoring.acts import ACTORS, Act, Side
from standoff.scoring.codes import CodeTree

RULE = """\
 1. Gold events and predictions are matched within a document, one to one.
 2. A pair is possible if the predicted trigger shares a character with the gold trigger, or lies inside a
    passage that the gold lists as another mention of the event. At most 300 characters make a trigger.
 3. Without texts or offsets: if the triggers share at least half of their words, or one is part of the other.
 4. With --match sentence (formats without triggers): if both are in the same sentence; --match document: always.
 5. Weight of a pair: 1 + shared characters / characters in either trigger; for a mention 0.25; by words
    1 + shared words / words in either; by sentence or document 1.
 6. Of all matchings, the one with the greatest total weight is taken (Hungarian method, not greedy).
 7. Among equal totals the coding decides: action code by distance in the tree, then parties, direction, date,
    status. The coding never outweighs the words.
 8. Every record that is left over is a false alarm, every gold event that is left over a miss.
 9. A pair reaches a rung of the ladder if it meets that rung's condition and those of all rungs before it.
10. Limits: beyond 4 million pairs of records and events in a document the coding is not looked at (without
    triggers, only pairs of the same root are possible); groups of more than 20 million steps (smaller side
    squared, times larger side) are matched greedily, heaviest first. The report says where that happened.
"""

LIMIT = 20_000_000
"""Most steps (smaller side squared, times larger side) for which a group is matched exactly."""
CELLS = 4_000_000
"""Most pairs of one document whose coding is looked at; beyond it words alone decide, and without triggers only
pairs of the same root are possible."""
SHARED_WORDS = 0.5
_UNIT, _TIE = 10**6, 10**6


@dataclass(frozen=True, slots=True)
class Matching:
    """The pairs (prediction, gold) and what is left of each, in the order of the text."""

    pairs: tuple[tuple[Act, Act], ...]
    false: tuple[Act, ...]
    missed: tuple[Act, ...]
    exact: bool = True


def match(predicted: Sequence[Act], gold: Sequence[Act], level: str, codes: CodeTree) -> Matching:
    """Match the acts of one document at a level: trigger, sentence or document."""
    predicted = sorted(predicted, key=lambda act: (act.content(), act.line))
    gold = sorted(gold, key=lambda act: (act.content(), act.line))
    if not predicted:
        return Matching((), (), tuple(gold))
    exact = len(predicted) * len(gold) <= CELLS
    weights = _weights(predicted, gold, level, codes, coding=exact)
    pairs: list[tuple[int, int]] = []
    for rows, columns in _groups(weights):
        small, large = sorted((len(rows), len(columns)))
        if small == 1:
            pairs.append(
                max(((i, j) for i in rows for j in columns), key=lambda p: (weights[p], -p[0], -p[1]))
            )
        elif small * small * large <= LIMIT:
            table = [[weights.get((i, j), 0) for j in columns] for i in rows]
            pairs += [(rows[i], columns[j]) for i, j in assign(table)]
        else:
            exact = False
            group = set(rows)
            pairs += _greedy({p: w for p, w in weights.items() if p[0] in group})
    pairs.sort()
    taken, found = {i for i, _ in pairs}, {j for _, j in pairs}
    return Matching(
        tuple((predicted[i], gold[j]) for i, j in pairs),
        tuple(act for i, act in enumerate(predicted) if i not in taken),
        tuple(act for j, act in enumerate(gold) if j not in found),
        exact,
    )


def _greedy(weights: dict[tuple[int, int], int]) -> list[tuple[int, int]]:
    taken: set[int] = set()
    found: set[int] = set()
    pairs = []
    for i, j in sorted(weights, key=lambda pair: (-weights[pair], pair)):
        if i not in taken and j not in found:
            taken.add(i)
            found.add(j)
            pairs.append((i, j))
    return pairs


def _groups(weights: dict[tuple[int, int], int]) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the connected groups of rows and columns: a matching of the whole is one of each group."""
    columns_of: defaultdict[int, list[int]] = defaultdict(list)
    rows_of: defaultdict[int, list[int]] = defaultdict(list)
    for i, j in weights:
        columns_of[i].append(j)
        rows_of[j].append(i)
    seen: set[int] = set()
    for start in sorted(columns_of):
        if start in seen:
            continue
        seen.add(start)
        rows, columns, queue = {start}, set[int](), [start]
        while queue:
            for j in columns_of[queue.pop()]:
                if j not in columns:
                    columns.add(j)
                    new = set(rows_of[j]) - rows
                    rows |= new
                    seen |= new
                    queue += new
        yield sorted(rows), sorted(columns)


def _weights(
    predicted: list[Act], gold: list[Act], level: str, codes: CodeTree, coding: bool
) -> dict[tuple[int, int], int]:
    """Return the weight of every pair that can be in a best matching.

    Of each gold event only as many pairs are kept as there are gold events, the heaviest: if a best matching used
    another one, a kept one would be free and at least as heavy. So memory does not grow with the predictions.
    """
    most = len(gold)
    best: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for i, j, words in _candidates(predicted, gold, level, codes, coding):
        tie = round(alike(predicted[i], gold[j], codes) * (_TIE - 1)) if coding else 0
        entry = (round(words * _UNIT) * _TIE + tie, -i)
        if len(best[j]) < most:
            heappush(best[j], entry)
        elif entry > best[j][0]:
            heapreplace(best[j], entry)
    return {(-row, j): weight for j, entries in best.items() for weight, row in entries}


def _candidates(
    predicted: list[Act], gold: list[Act], level: str, codes: CodeTree, coding: bool
) -> Iterator[tuple[int, int, float]]:
    """Yield the pairs that are possible, with how well their words agree."""
    if level == "trigger":
        yield from _by_trigger(predicted, gold)
        return
    keys: Callable[[Act], object] = (lambda act: act.sentence) if level == "sentence" else (lambda act: 0)
    if not coding:
        plain = keys
        keys = lambda act: (plain(act), act.action and codes.root(act.action))  # noqa: E731
    rows: defaultdict[object, list[int]] = defaultdict(list)
    for j, act in enumerate(gold):
        rows[keys(act)].append(j)
    copies: Counter[tuple[object, ...]] = Counter()
    for i, act in enumerate(predicted):
        if level == "sentence" and act.sentence is None:
            continue
        copies[act.content()] += 1
        if copies[act.content()] > len(gold):
            continue  # more copies than events: this one can match nothing
        for j in rows.get(keys(act), ()):
            yield i, j, 1.0


def _by_trigger(predicted: list[Act], gold: list[Act]) -> Iterator[tuple[int, int, float]]:
    longest = max((act.trigger.end - act.trigger.start for act in gold if act.trigger), default=0)
    starts: list[tuple[int, int]] = sorted(
        (act.trigger.start, j) for j, act in enumerate(gold) if act.trigger is not None
    )
    mentions = [(span, j) for j, act in enumerate(gold) for span in act.mentions]
    from bisect import bisect_left

    for i, act in enumerate(predicted):
        span = act.trigger
        if span is not None:
            seen: set[int] = set()
            for start, j in starts[bisect_left(starts, (span.start - longest, 0)) :]:
                if start >= span.end:
                    break
                shared = iou(span, gold[j].trigger)
                if shared > 0:
                    seen.add(j)
                    yield i, j, 1 + shared
            for passage, j in mentions:
                if j not in seen and passage.contains(span):
                    seen.add(j)
                    yield i, j, MENTIONED
            for j, event in enumerate(gold) if act.mentions else ():
                if j not in seen and event.trigger and any(m.contains(event.trigger) for m in act.mentions):
                    yield i, j, MENTIONED
        elif act.words:
            for j, event in enumerate(gold):
                shared = shared_words(act.words, event.words)
                if shared >= SHARED_WORDS or (shared and part_of(act.words, event.words)):
                    yield i, j, 1 + shared


def shared_words(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """Return words in both over words in either, counting repeats; 0 where one has none."""
    if a == b and a:
        return 1.0
    first, second = Counter(a), Counter(b)
    either = (first | second).total()
    return (first & second).total() / either if either else 0.0


def part_of(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether the words of one are a part of the other, in their order and without others in between."""
    short, long = sorted((a, b), key=len)
    return any(long[i : i + len(short)] == short for i in range(len(long) - len(short) + 1))


def alike(a: Act, b: Act, codes: CodeTree) -> float:
    """Return how alike two acts are coded, from 0 to 1: what decides among pairings of equal words."""
    score = 512 * (1 - codes.distance(a.action, b.action))
    sides = [sorted(map(parties, (act.actors, act.targets))) for act in (a, b)]
    score += 256 * (sides[0] == sides[1]) + 128 * same_direction(a, b, "code")
    score += 32 * (_overlap(a.actors, b.actors) + _overlap(a.targets, b.targets))
    if a.date is not None and b.date is not None:
        score += 32 * overlaps(a.date, b.date)
    score += 16 * ((a.date and a.date.text) == (b.date and b.date.text)) + 8 * (a.status == b.status)
    score += 4 * (a.action == b.action) + 2 * (a.reciprocal == b.reciprocal)
    return score / 1022


def _overlap(a: tuple[Side, ...], b: tuple[Side, ...]) -> float:
    first, second = set(parties(a)), set(parties(b))
    return len(first & second) / len(first | second) if first | second else 1.0


def parties(sides: tuple[Side, ...], by: str = "code") -> tuple[str, ...]:
    """Return one side of an act as it is compared: every party in order; of countries each once."""
    if len(sides) < 2:
        return tuple(side.key(by) for side in sides)
    keys = [side.key(by) for side in sides]
    return tuple(sorted(set(keys) if by == ACTORS[2] else keys))


def same_parties(a: Act, b: Act, by: str) -> bool:
    """Whether both sides are the same, whichever acts on whichever."""
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
