"""The second half of the report: why records are wrong, and what is right about the events that were found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial

from standoff.findings import plural
from standoff.scoring.acts import ACTORS, Act
from standoff.scoring.causes import CAUSES, ON_NEGATIVE, miss_traits, negatives_hit
from standoff.scoring.codes import CodeTree
from standoff.scoring.errors import FalseAlarm, disagreements, false_alarms
from standoff.scoring.glossary import QUADS, REASONS, TRAITS
from standoff.scoring.measures import (
    NO_EVENT,
    NO_RECORD,
    NOTHING,
    Cells,
    compare_actors,
    compare_dates,
    confusion,
    countries,
)
from standoff.scoring.panels import Panel, compare_panels
from standoff.scoring.parts import COUNTS, Figure, Section, Table, cells_of, number, share, span
from standoff.scoring.relations import compare_links, compare_places
from standoff.scoring.resampling import wilson
from standoff.scoring.result import Score

EQUAL_BY = dict(zip(ACTORS, ("actor code", "registry entry", "country"), strict=True))
"""What makes two parties equal, as the report names it."""


def details(score: Score) -> Iterator[Section]:
    """Yield the sections on false alarms, misses, parties, dates, places, confusion and counts."""
    yield _false_alarms(score)
    yield _misses(score)
    yield _actors(score)
    yield _dates(score)
    yield from _places_and_links(score)
    yield _confusions(score)
    yield _panel(score)


def _false_alarms(score: Score) -> Section:
    causes = Counter(o.cause for o in score.outcomes if o.kind == "false alarm")
    total = causes.total()
    rows = [
        (cause, causes[cause], share(causes[cause], total), meaning)
        for name, meaning in CAUSES.items()
        for cause in sorted(
            c for c in causes if c and (c == name or (name == ON_NEGATIVE and c.startswith(name)))
        )
    ]
    alarms = false_alarms(score)
    each = [(a.document, _quoted(a), a.code, a.cause) for a in alarms.rows]
    told = score.gold.negatives_say
    negatives = [
        (
            n.reason,
            n.negatives,
            n.hit,
            share(n.hit, n.negatives),
            span(wilson(n.hit, n.negatives)),
            (f"{n.tempted} of {n.invited}" if n.invited else "–") if told else "not determined",
            REASONS.get(n.reason, ""),
        )
        for n in negatives_hit(score.outcomes, score.gold, score.codes)
    ]
    text = [
        (
            f"{plural(total, 'record')} {'matches' if total == 1 else 'match'} no gold event. Each has one cause, judged by its "
            "trigger words, not by the sentence around them."
        )
        if total
        else "Every record matches a gold event.",
        "Hard negatives are passages that look like events but are not; the gold lists them with the reason. The table "
        "says how many of each kind the coder took for an event, with a 95 % interval (Wilson). Where it is wide, there are too few "
        'to say more. "As foreseen": of those '
        "hit, how many got the root code that the gold says a careless coder would enter."
        + ("" if told else " This gold does not say it."),
    ]
    if alarms.left_out:
        text.append(
            f"The list shows {len(each)} false alarms and leaves out {alarms.left_out}; --alignment writes all of them."
        )
    header = ("reason", "hard negatives", "hit", "share", "interval", "as foreseen", "meaning of the reason")
    return Section(
        "False alarms by cause",
        text,
        tables=[
            Table(("cause", "records", "share", "meaning"), rows),
            Table(("document", "trigger in the record", "code", "cause"), each, f"The records{alarms.limit}"),
            Table(header, negatives, "Hard negatives"),
        ],
    )


def _quoted(alarm: FalseAlarm) -> str:
    """Return the trigger in the words of the record, or else its offsets."""
    if alarm.quote is not None:
        return f'"{alarm.quote}"'
    return "–" if alarm.start is None else f"offsets {alarm.start} to {alarm.end}"


def _misses(score: Score) -> Section:
    found = score.ladder["found"]
    if found.hits == found.gold:
        return Section("Misses by trait", ["No gold event was missed."])
    rows: list[tuple[object, ...]] = []
    absent = []
    for t in miss_traits(score.outcomes, score.gold):
        if t.having is None or t.missed is None or t.others is None or t.others_missed is None:
            rows.append((t.name, "not determined", *["–"] * 5, TRAITS[t.name]))
        elif not t.having:
            absent.append(t.name)
        else:
            having = share(t.missed, t.having), span(wilson(t.missed, t.having))
            others = share(t.others_missed, t.others), span(wilson(t.others_missed, t.others))
            rows.append((t.name, t.having, t.missed, *having, *others, TRAITS[t.name]))
    text = [
        (
            f"Of {plural(found.gold, 'gold event')}, {int(found.gold - found.hits)} "
            f"{'was' if found.gold - found.hits == 1 else 'were'} not found. What they have in common: "
            "a trait matters if the share missed with it is well above the share missed without it, and the two 95 % "
            "intervals (Wilson) hardly overlap. An event can have several traits."
        )
    ]
    if absent:
        text.append(f"No gold event has the trait: {', '.join(absent)}.")
    header = (
        "trait of the event",
        "events",
        "missed",
        "share missed",
        "interval",
        "share missed without it",
        "interval without it",
        "meaning",
    )
    return Section("Misses by trait", text, tables=[Table(header, rows)])


def _actors(score: Score) -> Section:
    keys = ("pairs", "actors", "targets", "parties", "direction", "reversed", "some")
    rows = [(EQUAL_BY[by], *(n[key] for key in keys)) for by, n in compare_actors(score.outcomes).items()]
    header = (
        "equal by",
        "events found",
        "actors right",
        "targets right",
        "parties right",
        "direction right",
        "sides swapped",
        "some right",
    )
    text = [
        (
            "Of the events found, whatever their action code: how many have the right parties. Two parties can be equal by "
            "actor code (that of the day of the event), by registry entry (the same actor in the registry) or by country. "
            f'The ladder uses the row "{EQUAL_BY[score.options.actor]}".'
        ),
        (
            '"Parties right": both sides, even if actor and target are swapped. "Sides swapped": the right parties, with actor and target swapped. '
            '"Some right": not all parties, but at least one. If gold and record both name no target, the targets are right.'
        ),
    ]
    return Section("Actors and targets", text, tables=[Table(header, rows)])


def _dates(score: Score) -> Section:
    d = compare_dates(score.outcomes, score.gold.documents)
    rows = [
        ("events found", d.pairs, ""),
        ("with a date", d.stated, "record and gold event both have one; the rows below count these"),
        ("equal", d.equal, "the same first and last day"),
        ("compatible", d.compatible, "some day belongs to both; what the ladder asks for"),
        ("contained", d.contained, "every day of the record belongs to the gold date"),
        (
            "mean overlap",
            number(d.overlap),
            f"days in both over days in either, from 0 to 1; an open end counts one year ({d.open} of the {d.stated} have one)",
        ),
        ("both single days", d.single, "neither is a range"),
        ("median days apart", "–" if d.apart is None else f"{d.apart:g}", f"over those {d.single}"),
        (
            "publication date used",
            d.publication,
            "the record gives the day of publication, the event was on another",
        ),
    ]
    return Section(
        "Dates",
        ["Of the events found, whatever their action code: how their dates compare."],
        tables=[Table(("comparison", "events", "meaning"), rows)],
    )


def _places_and_links(score: Score) -> Iterator[Section]:
    tallies = {"places": compare_places(score.outcomes), "links": compare_links(score.outcomes)}
    if not score.gold.has_places:
        tallies["places"] = None
    rows = [(name, *cells_of(tally)) for name, tally in tallies.items() if tally is not None]
    if rows:
        text = "Places of the events found, equal by id, GeoNames id or name; links between events that are both found."
        yield Section("Places and links", [text], tables=[Table(("", *COUNTS), rows)])


def _confusions(score: Score) -> Section:
    values: dict[str, Callable[[Act], str]] = {
        "quad class": partial(_quad, codes=score.codes),
        "root code": partial(_root, codes=score.codes),
        "country of the actors": lambda act: countries(act.actors, "actor"),
        "country of the targets": lambda act: countries(act.targets, "target"),
    }
    figures = [
        Figure(
            f"By {name}: gold in rows, coder in columns",
            cells=_without_nothing(confusion(score.outcomes, value)),
        )
        for name, value in values.items()
    ]
    wrong = disagreements(score)
    rows = [(f"{d.gold} {d.gold_label}", f"{d.coder} {d.coder_label}", d.times) for d in wrong.rows]
    text = [
        (
            "How often the coder gave the value of the column to a gold event with the value of the row. "
            f'Row "{NO_EVENT}": false alarms; column "{NO_RECORD}": missed events. "no country": an actor or target that belongs to '
            "no country, or to one that is not known; two of these need not be the same actor. The list of countries has regions too, "
            "such as MEA (Middle East)."
        ),
        _status(score),
    ]
    title = f"Most frequent disagreements about the action code of events found{wrong.limit}"
    return Section("Confusion", text, figures, [Table(("gold", "coder", "times"), rows, title)])


def _quad(act: Act, codes: CodeTree) -> str:
    quad = "unknown" if act.action is None else str(codes.quad(act.action))
    return QUADS.get(quad, quad)


def _root(act: Act, codes: CodeTree) -> str:
    return "unknown" if act.action is None else codes.root(act.action)


def _without_nothing(cells: Cells) -> Cells:
    """Return counts with the names that the report has for what has no partner."""
    return {
        (NO_EVENT if gold == NOTHING else gold, NO_RECORD if coder == NOTHING else coder): n
        for (gold, coder), n in cells.items()
    }


def _status(score: Score) -> str:
    """Return which statuses were confused, over the events found."""
    pairs = [(o.gold.status, o.predicted.status) for o in score.outcomes if o.gold and o.predicted]
    wrong = Counter((gold or "not stated", ours or "not stated") for gold, ours in pairs if gold != ours)
    text = f"The status differs in {wrong.total()} of the {plural(len(pairs), 'event')} found"
    ordered = sorted(wrong.items(), key=lambda item: (-item[1], item[0]))
    named = "; ".join(f"gold {gold}, coder {ours}: {n}" for (gold, ours), n in ordered)
    return f"{text} ({named})." if named else f"{text}."


def _panel(score: Score) -> Section:
    panel = compare_panels(score.outcomes, score.codes)
    rows = [
        (QUADS.get(quad, quad), f"{gold:.2f}", f"{predicted:.2f}", f"{predicted - gold:+.2f}")
        for quad, (gold, predicted) in panel.by_quad.items()
    ]
    bias = "–" if panel.bias is None else format(panel.bias, "+.3f")
    text = [
        (
            "Many analyses only use counts: how often country A does something of one class to country B in a month. Here the "
            "coder's counts are compared with those of the gold; errors can cancel out or pile up. An event weighs 1, shared "
            "among its pairs of countries and the days of its date. Events with an open or missing date cannot be counted by "
            f"month: {plural(panel.left_out_gold, 'gold event')} and {plural(panel.left_out_predicted, 'record')} are left out."
        ),
        (
            f"{panel.cells} combinations of countries, month and class occur in the gold or the coder's records; only these are "
            f"compared. Correlation of the two counts: "
            f"{number(panel.correlation)} (1: they rise and fall together). Mean difference, coder less gold: {bias}. "
            f"All differences added up without their sign: {panel.error:.2f}{_of_gold(panel)}."
        ),
    ]
    return Section(
        "Counts for forecasting", text, tables=[Table(("quad class", "gold", "coder", "difference"), rows)]
    )


def _of_gold(panel: Panel) -> str:
    return (
        f", or {100 * panel.error / panel.gold:.0f} % of the {panel.gold:.2f} gold events"
        if panel.gold
        else ""
    )
