"""Which prediction is which gold event: one optimal one-to-one matching per document.

`RULE` is the whole rule in words. The weight of a pair is first how well the words agree, then how alike the two are
coded; since all records are put in the order of their content first, neither file order nor ids decide anything.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest
from operator import itemgetter

from standoff.agreement.assignment import assign
from standoff.agreement.matching import MENTIONED, iou
from standoff.exchange.records import LEVELS, wider
from standoff.scoring.acts import ACTORS, Act
from standoff.scoring.codes import CodeTree
from standoff.scoring.rungs import MOST_ALIKE, RUNGS, alike, climb

RULE = """\
 1. Gold events and predictions are matched within a document, one to one. If the text of the document is known, a
    record whose trigger is not in it matches nothing.
 2. A pair is possible if the predicted trigger shares a character with the gold trigger, or lies inside a
    passage that the gold lists as another mention of the event. A trigger has at most 300 characters.
 3. Without the text or offsets: if the triggers share at least half of their words, or one is part of the other.
 4. A record without a trigger is matched by its sentence: the trigger of the gold must be in it. A record that states
    no sentence either can be any event of its document. With --match sentence or document this holds for every record.
 5. Weight of a pair: 1 + the share of characters that the two triggers have in common (in both / in at least one);
    for a mention 0.25; by words 1 + the share of words in common; by sentence 0.1; by document 0.01.
 6. Of all matchings, the one with the greatest total weight is taken (Hungarian method, not greedy).
 7. Among equal totals: the one with most pairs, of these the one with most pairs that reach the rung "quad", then
    "root", and so on down the ladder; then the most alike coding. The coding never outweighs the words.
 8. Every record that is left over is a false alarm, every gold event that is left over a miss.
 9. A pair reaches a rung of the ladder if it meets that rung's condition and those of all rungs before it.
10. Limits, for documents with thousands of records; the report says where they applied. Above 4 million pairs of
    records and events the coding does not decide between pairs, and without triggers only those of the same root
    code are possible. Where so many triggers overlap each other that the best matching takes more than 20 million
    steps (n² × m for n and m records and events, n the fewer), the heaviest pair is taken first, then the next.
"""

VERSION = 3
"""The number of the rule. It goes up when the rule can make other pairs of the same files."""
LIMIT = 20_000_000
"""Most steps (smaller side squared, times larger side) for which a group is matched exactly."""
CELLS = 4_000_000
"""Most pairs of one document whose coding is looked at; beyond it words alone decide, and without triggers only
pairs of the same root are possible."""
SHARED_WORDS = 0.5
SAME_PLACE = {"sentence": 0.1, "document": 0.01}
"""Weight of a pair in the same sentence, and in the same document: less than of any that agrees in words."""
_UNIT = 10**6
"""How finely the agreement of words is weighed: to a millionth."""

Edges = dict[tuple[int, int], int]
"""Weight of each possible pair, by the numbers of prediction and gold event."""


@dataclass(frozen=True, slots=True)
class Matching:
    """The pairs (prediction, gold) and what is left of each, in the order of the text."""

    pairs: tuple[tuple[Act, Act], ...]
    false: tuple[Act, ...]
    missed: tuple[Act, ...]
    exact: bool = True


def match(
    predicted: Sequence[Act], gold: Sequence[Act], level: str, codes: CodeTree, by: str = ACTORS[0]
) -> Matching:
    """Match the acts of one document, each at its level but none closer than `level`. Parties are equal by `by`."""
    predicted = sorted(predicted, key=lambda act: (act.content(), act.line))
    gold = sorted(gold, key=lambda act: (act.content(), act.line))
    if not predicted:
        return Matching((), (), tuple(gold))
    exact = len(predicted) * len(gold) <= CELLS
    weigh = _Weights(predicted, gold, codes, by) if exact else _by_words
    edges = _edges(_candidates(predicted, gold, level, codes, exact), len(gold), weigh)
    pairs: list[tuple[int, int]] = []
    for group in _groups(edges):
        if len(group) == 1:
            pairs += group
            continue
        weights = {pair: weigh(pair, words) for pair, words in group.items()}
        rows, columns = (sorted(set(side)) for side in zip(*weights, strict=True))
        small, large = sorted((len(rows), len(columns)))
        if small * small * large <= LIMIT:
            table = [[weights.get((i, j), 0) for j in columns] for i in rows]
            pairs += [(rows[i], columns[j]) for i, j in assign(table)]
        else:
            exact = False
            pairs += _greedy(weights)
    pairs.sort()
    taken, found = {i for i, _ in pairs}, {j for _, j in pairs}
    return Matching(
        tuple((predicted[i], gold[j]) for i, j in pairs),
        tuple(act for i, act in enumerate(predicted) if i not in taken),
        tuple(act for j, act in enumerate(gold) if j not in found),
        exact,
    )


class _Weights:
    """The weight of a pair as one number: its words first, then the rungs that it reaches, then how alike it is.

    Each is a digit, greater than any sum of those after it, so that totals compare digit by digit (point 7 of `RULE`).
    """

    def __init__(self, predicted: Sequence[Act], gold: Sequence[Act], codes: CodeTree, by: str) -> None:
        self._acts, self._codes, self._by = (predicted, gold), codes, by
        most = min(len(predicted), len(gold))
        digits: list[int] = [(MOST_ALIKE * most + 1) * (most + 1) ** power for power in range(len(RUNGS) + 1)]
        self._unit = digits.pop()
        self._rungs: list[int] = [sum(digits[len(digits) - height :]) for height in range(len(digits) + 1)]

    def __call__(self, pair: tuple[int, int], words: int) -> int:
        a, b = (acts[i] for acts, i in zip(self._acts, pair, strict=True))
        height = climb(a, b, self._codes, self._by)
        return words * self._unit + self._rungs[height] + alike(a, b, self._codes, self._by)


def _by_words(pair: tuple[int, int], words: int) -> int:
    return words


def _greedy(weights: Edges) -> list[tuple[int, int]]:
    taken: set[int] = set()
    found: set[int] = set()
    pairs = []
    for i, j in sorted(weights, key=lambda pair: (-weights[pair], pair)):
        if i not in taken and j not in found:
            taken.add(i)
            found.add(j)
            pairs.append((i, j))
    return pairs


def _groups(edges: Edges) -> Iterator[Edges]:
    """Yield the connected groups of pairs: a matching of the whole is one of each group."""
    rows: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    columns: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for pair in edges:
        rows[pair[0]].append(pair)
        columns[pair[1]].append(pair)
    left = dict(edges)
    for start in sorted(edges):
        if start not in left:
            continue
        group, queue = {start: left.pop(start)}, [start]
        while queue:
            i, j = queue.pop()
            for pair in (*rows.pop(i, ()), *columns.pop(j, ())):
                if pair in left:
                    group[pair] = left.pop(pair)
                    queue.append(pair)
        yield group


def _edges(
    candidates: Iterable[tuple[int, int, float]], most: int, weigh: Callable[[tuple[int, int], int], int]
) -> Edges:
    """Return every pair that can be in a best matching, with how well its words agree.

    Of each gold event only the heaviest `most` pairs are kept, as many as there are gold events: if a best matching
    used another one, a kept one would be free and at least as heavy. So memory does not grow with the predictions.
    """
    kept: defaultdict[int, Edges] = defaultdict(dict)
    for i, j, words in candidates:
        of_event = kept[j]
        of_event[i, j] = round(words * _UNIT)
        if len(of_event) > 2 * most + 100:
            best = nlargest(most, of_event, key=lambda pair: (weigh(pair, of_event[pair]), -pair[0]))
            kept[j] = {pair: of_event[pair] for pair in best}
    return {pair: words for of_event in kept.values() for pair, words in of_event.items()}


Numbered = Sequence[tuple[int, Act]]
"""Acts with their numbers in the document."""


def _candidates(
    predicted: Sequence[Act], gold: Sequence[Act], level: str, codes: CodeTree, coding: bool
) -> Iterator[tuple[int, int, float]]:
    """Yield the pairs that are possible, with how well their words agree: two acts at the wider of their levels."""
    for ours, acts in _by_level(((i, act) for i, act in enumerate(predicted) if not act.lost), level):
        for theirs, events in _by_level(enumerate(gold), level):
            common = wider(ours, theirs)
            if common == LEVELS[0]:
                yield from _by_trigger(acts, events)
            else:
                yield from _by_place(acts, events, common, codes, coding)


def _by_level(acts: Iterable[tuple[int, Act]], level: str) -> Iterator[tuple[str, Numbered]]:
    """Yield the acts of each level; none is closer than `level`."""
    found: defaultdict[str, list[tuple[int, Act]]] = defaultdict(list)
    for i, act in acts:
        found[wider(act.level, level)].append((i, act))
    yield from found.items()


def _by_place(
    acts: Numbered, events: Numbered, level: str, codes: CodeTree, coding: bool
) -> Iterator[tuple[int, int, float]]:
    """Yield the pairs of one sentence, or of the document; without `coding` only those of one root code."""
    by_sentence = level == "sentence"

    def key(act: Act) -> object:
        return act.sentence if by_sentence else 0, None if coding else act.action and codes.root(act.action)

    rows: defaultdict[object, list[int]] = defaultdict(list)
    for j, act in events:
        rows[key(act)].append(j)
    copies: Counter[tuple[object, ...]] = Counter()
    for i, act in acts:
        if by_sentence and act.sentence is None:
            continue
        copies[act.content()] += 1
        if copies[act.content()] > len(events):
            continue  # more copies than events: this one can match nothing
        for j in rows.get(key(act), ()):
            yield i, j, SAME_PLACE[level]


def _by_trigger(acts: Numbered, events: Numbered) -> Iterator[tuple[int, int, float]]:
    placed = sorted((event.trigger.start, j, event.trigger) for j, event in events if event.trigger)
    longest = max((trigger.end - trigger.start for _, _, trigger in placed), default=0)
    mentions = [(span, j) for j, event in events for span in event.mentions]
    for i, act in acts:
        span = act.trigger
        if span is not None:
            seen: set[int] = set()
            for start, j, trigger in placed[bisect_left(placed, span.start - longest, key=itemgetter(0)) :]:
                if start >= span.end:
                    break
                shared = iou(span, trigger)
                if shared > 0:
                    seen.add(j)
                    yield i, j, 1 + shared
            for passage, j in mentions:
                if j not in seen and passage.contains(span):
                    seen.add(j)
                    yield i, j, MENTIONED
            for j, event in events if act.mentions else ():
                if j not in seen and event.trigger and any(m.contains(event.trigger) for m in act.mentions):
                    yield i, j, MENTIONED
        elif act.words:
            for j, event in events:
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
