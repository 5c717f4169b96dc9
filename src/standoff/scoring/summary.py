"""The first section of the report: what a reader should know who reads nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from statistics import median

from standoff.exchange.predictions import NAME as PREDICTIONS
from standoff.exchange.records import LEVELS
from standoff.findings import plural
from standoff.scoring.align import Aligned
from standoff.scoring.baselines import COMMONEST
from standoff.scoring.causes import DUPLICATE, MENTION
from standoff.scoring.parts import Bar, Figure, Section, Strong, listed, number, span
from standoff.scoring.resampling import Interval
from standoff.scoring.result import Score

LIMITS = "What these figures cannot say"
"""The title of the last section."""
FEWEST_DOCUMENTS = 6
"""With fewer, an interval over documents is little more than their range, and no p-value can be below 0.05."""
CODING = "finding an event and giving it the exact action code"


def in_short(score: Score) -> Section:
    """Return the section "In short"."""
    over = drawn_over(score)
    named = f"95 % interval over {over}"
    title = (
        "F1 on each rung of the ladder. The rungs are cumulative: each line also requires all lines above it"
    )
    figure = Figure(title, _bars(score, over), interval=named if score.intervals else "")
    return Section("In short", list(_paragraphs(score, named)), [figure])


def result(score: Score) -> str:
    """Return the two main figures as one sentence."""
    return f"{score.name}: F1 {number(score.ladder['found'].f1)} for finding events, {number(_code_f1(score))} for {CODING}."


def _code_f1(score: Score) -> float | None:
    return None if "code" in score.aligned.unreachable else score.ladder["code"].f1


def is_small(score: Score) -> bool:
    """Whether the gold has too few documents for claims about others."""
    return len(score.gold.documents) < FEWEST_DOCUMENTS


def drawn_over(score: Score) -> str:
    """Return which intervals the chart shows: over events where there are few documents."""
    return "events" if is_small(score) else "documents"


def least_p(score: Score) -> str:
    """Return the sentence on the smallest p-value that so many documents allow."""
    n = len(score.gold.documents)
    if n < 2:
        return "With one document, no test can compare two coders."
    return (
        f"A test that compares two coders over {plural(n, 'document')} cannot give a p-value below {2 / 2**n:.3g}, however "
        "large their difference is."
    )


def reach(references: list[Aligned]) -> str:
    """Return the lowest and the highest F1 of references for finding and coding, and of several the median."""
    values = sorted(each.ladder["code"].f1 or 0.0 for each in references)
    low, high = number(values[0]), number(values[-1])
    if low == high:
        return low
    return f"{low} to {high}" + (f" (median {number(median(values))})" if len(values) > 2 else "")


def of_kind(score: Score, kind: str) -> list[Aligned]:
    """Return the references of one kind: pass, two passes or baseline."""
    return [each for each in score.references if each.kind == kind]


def _paragraphs(score: Score, named: str) -> Iterator[str]:
    found = score.ladder["found"]
    name = score.gold.name
    yield (
        f"{score.name} holds {plural(found.predicted, 'record')} of events, made by the coder that is scored here: a model, a "
        f"program or a person. The gold is what readers settled for the same {plural(len(score.gold.documents), 'document')}: "
        f"{plural(found.gold, 'event')} ({name if name.startswith('dataset ') else f'gold release {name}'}).{_readers(score)}"
    )
    if not found.predicted:
        yield Strong(
            f"No record was scored: {_no_record(score)}. All {plural(found.gold, 'gold event')} are missed."
        )
    if found.predicted and set(score.aligned.levels) != {LEVELS[0]}:
        yield Strong(_no_trigger(score))
    missed = int(found.gold - found.hits)
    yield (
        f"Finding: {int(found.hits)} of the {plural(found.predicted, 'record')} {'matches' if found.hits == 1 else 'match'} a gold event (precision "
        f"{number(found.precision)}). So {int(found.hits)} of the {plural(found.gold, 'gold event')} {_is(found.hits)} found "
        f"(recall {number(found.recall)}), and {missed} {_is(missed)} missed. {_false_alarms(score)}"
    )
    yield _coding(score)
    interval = score.intervals.get(drawn_over(score), {}).get(("code", "f1"))
    yield (
        "F1 sums up precision and recall in one figure, from 0 (nothing right) to 1 (every event found, no false alarm): "
        f"{number(found.f1)} for finding events, {number(_code_f1(score))} for {CODING}"
        + (f" ({named}: {span(interval)})." if interval and _code_f1(score) is not None else ".")
    )
    yield from _yardstick(score)
    if "code" not in score.aligned.unreachable:
        beside = [
            *(["its interval"] if interval else []),
            *(["what two readers reach"] if of_kind(score, "two passes") else []),
        ]
        yield (
            "If you quote one figure, quote the F1 for the exact action code, with "
            f"{listed([*beside, f'the signature (section {LIMITS})'])}."
        )
    if is_small(score):
        n = plural(len(score.gold.documents), "document")
        yield Strong(
            f"Only {n} {'is' if n.startswith('1 ') else 'are'} scored: the figures describe these documents and are no estimate for "
            f"others. {least_p(score)}"
        )


def _is(n: float) -> str:
    return "is" if n == 1 else "are"


def _no_record(score: Score) -> str:
    n = len(score.intake.records)
    return f"all {plural(n, 'record')} of the file {_is(n)} left out" if n else "the file holds none"


def _no_trigger(score: Score) -> str:
    """Return at which levels records without a trigger were matched, and why."""
    levels = dict(score.aligned.levels)
    with_trigger = levels.pop(LEVELS[0], 0)
    matched = f"matched by {listed(list(levels))}"
    if len(levels) > 1:
        matched = f"matched by {listed([f'{level} ({n})' for level, n in levels.items()])}"
    if with_trigger:
        n = sum(levels.values())
        return (
            f"{n} of the {plural(n + with_trigger, 'record')} {'has' if n == 1 else 'have'} no trigger and {'was' if n == 1 else 'were'} "
            f"{matched}: each gets an event that no record with a trigger has. With --match trigger they match nothing."
        )
    if score.intake.level == LEVELS[0]:
        return f"The triggers were not looked at: records were {matched} (--match)."
    if score.intake.format != PREDICTIONS:
        return f"Files of the format {score.intake.format} have no triggers, so records were {matched}."
    return (
        f"No record has a trigger that was read, so records were {matched}, and the rung found says little. If the "
        'file quotes the words that name the act, call their field "trigger". What was read lists the fields that were not read.'
    )


def _coding(score: Score) -> str:
    """Return how many of the events found are coded right, up to the last rung that can be reached."""
    unreachable = score.aligned.unreachable
    said = {
        "quad": "{} {has} the right quad class",
        "root": "{} also the right root code",
        "code": "{} exactly the right action code",
        "status": "{} everything right (action code, parties, direction, date and status)",
    }
    parts = [
        text.format(n := int(score.ladder[rung].hits), has="has" if n == 1 else "have")
        for rung, text in said.items()
        if rung not in unreachable
    ]
    text = (
        f"Coding: of the {plural(score.ladder['found'].hits, 'event')} found, {listed(parts)}."
        if parts
        else "Coding:"
    )
    if unreachable:
        text += f' No record states {" or ".join(score.aligned.absent)}, so nothing can be said from the rung "{unreachable[0]}" on.'
    return text


def _readers(score: Score) -> str:
    """Return what the gold was settled from, and who made it, where the gold says so."""
    readers = sorted(score.gold.readers.items())
    groups = [
        f"{listed([name for name, k in readers if k == kind])}, made by a {kind}"
        for kind in sorted({kind for _, kind in readers})
    ]
    text = f" It was settled from passes, codings by single readers: {'; '.join(groups)}." if groups else ""
    if score.gold.settlers:
        text += f" A language model took part in settling it ({listed(score.gold.settlers)})."
    return text


def _false_alarms(score: Score) -> str:
    causes = Counter(outcome.cause for outcome in score.outcomes if outcome.kind == "false alarm")
    if not causes:
        return "There are no false alarms."
    unknown, lost = causes["not determined"], causes["unlocatable"]
    repeats = causes[DUPLICATE] + causes[MENTION]
    return (
        f"{plural(causes.total(), 'record')} {'is a false alarm' if causes.total() == 1 else 'are false alarms'}: "
        + (
            f"{repeats or 'none'} of them {'repeat' if repeats > 1 else 'repeats'} an event that another record already has"
            if unknown < causes.total()
            else "whether another record already has the same event is not determined"
        )
        + (f", which is not determined for {unknown}" if 0 < unknown < causes.total() else "")
        + (
            f"; {lost} {'has a trigger that is' if lost == 1 else 'have triggers that are'} not in the document"
            if lost
            else ""
        )
        + "."
    )


def _yardstick(score: Score) -> Iterator[str]:
    """Yield how far two readers agree, and the scores of the baselines."""
    compared, floors = of_kind(score, "two passes"), of_kind(score, "baseline")
    parts = []
    if compared:
        parts.append(f"two readers compared with each other reach {reach(compared)}")
    if floors:
        parts.append("the lower limit is " + listed([_floor(each) for each in floors]))
    if parts:
        yield f"To compare, F1 for {CODING}: {'; '.join(parts)}. The section To compare with has more."


def _floor(baseline: Aligned) -> str:
    value = f'{number(baseline.ladder["code"].f1)} by the baseline "{baseline.name}"'
    codes = {outcome.predicted.action for outcome in baseline.outcomes if outcome.predicted}
    if baseline.name == COMMONEST and len(codes) == 1:
        value += f" (everything gets the code {codes.pop()})"
    return value


def _bars(score: Score, over: str) -> list[Bar]:
    intervals = score.intervals.get(over, {})
    empty = Interval(None, None)
    return [
        Bar(rung, None)
        if rung in score.aligned.unreachable
        else Bar(rung, t.f1, (i := intervals.get((rung, "f1"), empty)).low, i.high)
        for rung, t in score.ladder.items()
    ]
