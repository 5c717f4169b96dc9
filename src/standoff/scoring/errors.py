"""Single errors, to look at: codes that were confused, and false alarms. Each is a list with a limit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from standoff.exchange.releases import NAME as RELEASE
from standoff.findings import shortened
from standoff.scoring.causes import CAUSES, ON_NEGATIVE
from standoff.scoring.ladder import Outcome
from standoff.scoring.result import Score

MOST_ROWS = 25
"""Rows of a list; the alignment table has all."""
LONGEST_QUOTE = 60
UNKNOWN = "unknown"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """The first rows of a list, and how many more there are."""

    rows: list[T]
    left_out: int

    @property
    def limit(self) -> str:
        """Return what a title says about the limit; empty where all rows are shown."""
        return f" (the first {len(self.rows)}; {self.left_out} more)" if self.left_out else ""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A full action code of the gold that the coder gave another code, with the labels of both."""

    gold: str
    gold_label: str
    coder: str
    coder_label: str
    times: int


@dataclass(frozen=True, slots=True)
class FalseAlarm:
    """One false alarm. `quote` is the trigger in the words of the file; None where the file has only offsets."""

    document: str | None
    record: str
    quote: str | None
    start: int | None
    end: int | None
    code: str
    cause: str


def disagreements(score: Score) -> Listed[Disagreement]:
    """Return the pairs of different action codes among found events, the most frequent first."""
    labels = score.codes.labels
    pairs = Counter(
        (o.gold.action or UNKNOWN, o.predicted.action or UNKNOWN)
        for o in score.outcomes
        if o.gold and o.predicted and o.gold.action != o.predicted.action
    )
    return _first(
        Disagreement(gold, labels.get(gold, ""), coder, labels.get(coder, ""), times)
        for (gold, coder), times in sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
    )


def false_alarms(score: Score) -> Listed[FalseAlarm]:
    """Return the false alarms by cause, document and place. Lines that could not be read are among the faults."""
    quoted = score.intake.format != RELEASE and not any(
        way.endswith("not checked") for way in score.intake.units
    )
    chosen = [o for o in score.outcomes if o.kind == "false alarm" and o.cause != "unreadable"]
    return _first(_false_alarm(o, quoted) for o in sorted(chosen, key=_order))


def _order(outcome: Outcome) -> tuple[int, str, str, int, int]:
    cause, act = outcome.cause or "", outcome.predicted
    kind = ON_NEGATIVE if cause.startswith(ON_NEGATIVE) else cause
    start = act.trigger.start if act and act.trigger else 0
    return (list(CAUSES).index(kind), cause, outcome.document or "", start, act.line if act else 0)


def _false_alarm(outcome: Outcome, quoted: bool) -> FalseAlarm:
    """Return a false alarm as it is listed; words that were read from the gold's text are left out."""
    act = outcome.predicted
    assert act is not None
    return FalseAlarm(
        act.document or act.named,
        act.id,
        shortened(act.quote, LONGEST_QUOTE) if quoted and act.quote else None,
        act.trigger.start if act.trigger else None,
        act.trigger.end if act.trigger else None,
        act.action or UNKNOWN,
        outcome.cause or "",
    )


def _first(rows: Iterable[T]) -> Listed[T]:
    found = list(rows)
    return Listed(found[:MOST_ROWS], max(0, len(found) - MOST_ROWS))
