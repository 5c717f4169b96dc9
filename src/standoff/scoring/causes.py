"""Why a prediction is a false alarm and why an event was missed.

False alarms are judged on their trigger words, never on the sentence around them, and each gets exactly one cause.
Misses have traits, of which an event may have several: for each trait the report compares the share of events
missed with the trait and without it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from standoff.exchange.records import LEVELS, Record, wider
from standoff.model.spans import Span
from standoff.scoring.acts import Act
from standoff.scoring.codes import CodeTree
from standoff.scoring.gold import Gold, Negative
from standoff.scoring.ladder import Outcome

ON_NEGATIVE = "on a hard negative: "
DUPLICATE = "duplicate of a found event"
MENTION = "mention of a found event"
CAUSES: Mapping[str, str] = {
    "unreadable": "the line could not be read",
    "unknown document": "the document is not in the gold",
    "unlocatable": "its words could not be placed in the document",
    ON_NEGATIVE: "its trigger is in a passage that looks like an event but is not",
    DUPLICATE: "its trigger overlaps the trigger of an event that another record found, with the same root code or none",
    "right words, wrong event": "its trigger overlaps the trigger of an event that another record found, with another root code",
    MENTION: "its trigger is in a passage that repeats an event that another record found",
    "content of a speech act": "what a statement, threat or demand is about, not a separate act",
    "elsewhere": "words that the gold lists neither as an event nor as a hard negative: invented, or overlooked by the "
    "readers: check them",
    "not determined": "without texts or offsets the place is unknown",
}
"""The causes of false alarms, in the order in which they are tried."""


@dataclass
class _Places:
    """What the gold has in one document."""

    events: list[Act]
    negatives: list[Negative]


def explain_false_alarms(
    outcomes: Iterable[Outcome], gold: Gold, truth: Iterable[Act], level: str, codes: CodeTree
) -> list[Outcome]:
    """Return the outcomes, each false alarm with its cause."""
    places: defaultdict[str | None, _Places] = defaultdict(lambda: _Places([], []))
    for event in truth:
        places[event.document].events.append(event)
    for negative in gold.negatives:
        places[negative.document_id].negatives.append(negative)
    outcomes = list(outcomes)
    found = {outcome.gold.id for outcome in outcomes if outcome.gold and outcome.predicted}
    explained = []
    for outcome in outcomes:
        act = outcome.predicted
        if outcome.kind != "false alarm" or outcome.cause or act is None:
            explained.append(outcome)
            continue
        explained.append(outcome.because(*_cause(act, places[act.document], found, level, codes)))
    return explained


def _cause(act: Act, there: _Places, found: set[str], level: str, codes: CodeTree) -> tuple[str, str | None]:
    span = act.trigger
    if act.lost:
        return "unlocatable", None
    if span is None:
        if wider(act.level, level) != LEVELS[0]:
            return "not determined", None
        return _by_words(act, there, found, codes) if act.words else ("unlocatable", None)
    for negative in there.negatives:
        if negative.span is not None and negative.span.overlaps(span):
            return ON_NEGATIVE + negative.reason, negative.id
    on_trigger = [e for e in there.events if e.id in found and e.trigger and e.trigger.overlaps(span)]
    if on_trigger:
        return _repeats(act, on_trigger, codes), None
    if any(e.id in found and _inside(span, e.mentions) for e in there.events):
        return MENTION, None
    for event in there.events:
        if event.evidence and event.evidence.contains(span) and _speech(event, codes):
            return "content of a speech act", None
    return "elsewhere", None


def _by_words(act: Act, there: _Places, found: set[str], codes: CodeTree) -> tuple[str, str | None]:
    """Return the cause where only words are known: what needs a place is not determined."""
    for negative in there.negatives:
        if negative.words and tuple(negative.words.casefold().split()) == act.words:
            return ON_NEGATIVE + negative.reason, negative.id
    same = [event for event in there.events if event.id in found and event.words == act.words]
    return (_repeats(act, same, codes) if same else "not determined"), None


def _repeats(act: Act, events: list[Act], codes: CodeTree) -> str:
    roots = {codes.root(event.action) for event in events if event.action}
    return DUPLICATE if act.action is None or codes.root(act.action) in roots else "right words, wrong event"


def _inside(span: Span, passages: Iterable[Span]) -> bool:
    return any(passage.contains(span) for passage in passages)


def _speech(event: Act, codes: CodeTree) -> bool:
    return event.action is not None and event.action in codes.speech


# --- Hard negatives --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NegativesHit:
    """Of the negatives of one reason: how many there are, how many were hit, and with the very mistake.

    `invited` and `tempted` are None where the gold does not say which mistake a negative invites: of the hit
    negatives that say so, `invited`, how many were coded with that root, `tempted`.
    """

    reason: str
    negatives: int
    hit: int
    invited: int | None
    tempted: int | None


def negatives_hit(outcomes: Iterable[Outcome], gold: Gold, codes: CodeTree) -> list[NegativesHit]:
    """Count the negatives that false alarms hit, by reason; the sum of all under "all" comes last."""
    hits: defaultdict[str, list[Act]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.negative and outcome.predicted:
            hits[outcome.negative].append(outcome.predicted)
    rows: dict[str, list[int]] = {}
    for negative in gold.negatives:
        for reason in (negative.reason, "all"):
            row = rows.setdefault(reason, [0, 0, 0, 0])
            acts = hits.get(negative.id, [])
            mistake = codes.find(negative.would_be)
            row[0] += 1
            row[1] += bool(acts)
            row[2] += bool(acts) and mistake is not None
            row[3] += mistake is not None and any(
                act.action is not None and codes.root(act.action) == codes.root(mistake) for act in acts
            )
    ordered = [*sorted(rows.keys() - {"all"}), *(["all"] if rows else [])]
    told = gold.negatives_say
    return [
        NegativesHit(r, rows[r][0], rows[r][1], rows[r][2] if told else None, rows[r][3] if told else None)
        for r in ordered
    ]


# --- Misses ----------------------------------------------------------------------------------------------

_BEFORE_A_NOUN = re.compile(
    r"(?:\b(?:the|an?|its|his|her|their|our|this|that|these|those|of|in|after|before|during|since|by|for|from|"
    r"over|amid|following|no|any|some|several|more|new)\s+|’s\s+|'s\s+)$",
    re.IGNORECASE,
)
_NOUN_FIRST = re.compile(r"(?:the|an?|its|his|her|their|this|that|these|those)\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Trait:
    """How often events with a trait, and events without it, were missed. None counts: not determined."""

    name: str
    having: int | None
    missed: int | None
    others: int | None
    others_missed: int | None


def miss_traits(outcomes: Iterable[Outcome], gold: Gold) -> list[Trait]:
    """Compare how often events are missed with each trait and without it."""
    records = {record.id or "": record for record in gold.records}
    crowded = _crowded(gold.records)
    told: dict[str, bool] = {
        outcome.gold.id: outcome.predicted is None for outcome in outcomes if outcome.gold is not None
    }
    checks: dict[str, Callable[[Record], bool | None]] = {
        "hedged": lambda r: r.status == "hedged",
        "contested": lambda r: r.status == "contested",
        "attributed to a source": lambda r: bool(r.attribution),
        "nominal trigger": lambda r: _nominal(r, gold),
        "another event in the same evidence": lambda r: crowded.get(r.id),
        "relative or vague date": lambda r: r.date_basis in ("relative", "vague"),
        "open date": lambda r: r.date is not None and r.date.days is None,
        "actor or target outside the evidence": lambda r: r.id in gold.outside,
        "several actors or targets": lambda r: len(r.actors or ()) > 1 or len(r.targets or ()) > 1,
        "no target": lambda r: not r.targets,
    }
    return [_trait(name, check, records, told) for name, check in checks.items()]


def _trait(
    name: str, check: Callable[[Record], bool | None], records: Mapping[str, Record], told: Mapping[str, bool]
) -> Trait:
    answers = [(check(records[key]), missed) for key, missed in told.items() if key in records]
    if any(answer is None for answer, _ in answers):
        return Trait(name, None, None, None, None)
    counts = Counter((bool(answer), missed) for answer, missed in answers)
    return Trait(
        name,
        counts[True, True] + counts[True, False],
        counts[True, True],
        counts[False, True] + counts[False, False],
        counts[False, True],
    )


def _nominal(record: Record, gold: Gold) -> bool | None:
    """Whether a noun names the act, by an English rule: a determiner or preposition is before it or begins it.

    None without the text.
    """
    text = gold.documents[record.document_id or ""].text
    span = record.trigger.span if record.trigger else None
    if text is None or span is None:
        return None
    before = text[max(0, span.start - 20) : span.start]
    return bool(_BEFORE_A_NOUN.search(before) or _NOUN_FIRST.match(span.of(text)))


def _crowded(records: Iterable[Record]) -> dict[str | None, bool]:
    """Return, by id, whether the evidence of an event holds the trigger of another one."""
    by_document: defaultdict[str | None, list[Record]] = defaultdict(list)
    for record in records:
        if record.trigger and record.trigger.span and record.evidence and record.evidence.span:
            by_document[record.document_id].append(record)
    found = {}
    for there in by_document.values():
        for record in there:
            assert record.evidence is not None
            inside = record.evidence.span
            found[record.id] = any(
                other is not record
                and inside is not None
                and other.trigger is not None
                and other.trigger.span is not None
                and inside.contains(other.trigger.span)
                for other in there
            )
    return found
