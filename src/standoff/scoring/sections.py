"""The report as a list of sections, before it takes a form: text, Markdown or HTML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from standoff.exchange.records import FAULTS
from standoff.findings import shortened
from standoff.scoring.align import Aligned
from standoff.scoring.causes import CAUSES, ON_NEGATIVE, miss_traits, negatives_hit
from standoff.scoring.compare import Comparison
from standoff.scoring.ladder import Tally, by_class, macro
from standoff.scoring.measures import (
    NOTHING,
    Cells,
    compare_actors,
    compare_dates,
    confusion,
    countries,
)
from standoff.scoring.panels import compare_panels
from standoff.scoring.relations import compare_links, compare_places
from standoff.scoring.resampling import Interval, wilson
from standoff.scoring.result import PREFIX, Score
from standoff.scoring.rungs import RUNGS

FEWEST_DOCUMENTS = 6
"""With fewer, an interval over documents is little more than their range, and no p-value can be below 0.05."""
MOST_ROWS = 25
"""Confusions and faults beyond this many are summed up."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; None is an empty cell. `title` stands above it."""

    header: Sequence[str]
    rows: Sequence[Sequence[object]]
    title: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a figure, from 0 to 1, with an interval where there is one."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """Bars, or where `cells` is given a square of counts (row, column → count)."""

    title: str
    bars: Sequence[Bar] = ()
    cells: Cells | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, paragraphs, figures and tables."""

    title: str
    text: Sequence[str] = ()
    figures: Sequence[Figure] = ()
    tables: Sequence[Table] = field(default_factory=tuple)


def number(value: float | None, digits: int = 3) -> str:
    """Return a share as people read it: 0.472; "–" where it is not defined."""
    return "–" if value is None else f"{value:.{digits}f}"


def span(interval: Interval | None) -> str:
    """Return an interval as people read it; "–" where there is none."""
    if interval is None or interval.low is None or interval.high is None:
        return "–"
    return f"{interval.low:.3f} to {interval.high:.3f}"


def report(score: Score) -> Iterator[Section]:
    """Yield the sections of the report on one system."""
    yield _summary(score)
    yield _intake(score)
    yield _ladder(score)
    yield _references(score)
    yield _hierarchy(score)
    yield _breakdown(score)
    yield _false_alarms(score)
    yield _misses(score)
    yield _actors(score)
    yield _dates(score)
    yield from _places_and_links(score)
    yield from _confusions(score)
    yield _panel(score)
    yield _caution(score)


def _summary(score: Score) -> Section:
    found, code = score.ladder["found"], score.ladder["code"]
    false = int(found.predicted - found.hits)
    over = score.intervals.get("documents", {}).get(("code", "f1"))
    enough = len(score.gold.documents) >= FEWEST_DOCUMENTS
    lines = [
        (
            f"{score.name} made {int(found.predicted)} records for {len(score.gold.documents)} documents with "
            f"{int(found.gold)} gold events. It found {int(found.hits)} of the events and missed "
            f"{int(found.gold - found.hits)}; {false} of its records are false alarms."
        ),
        f"Of the {int(found.hits)} events it found, {int(code.hits)} have exactly the right action code. "
        f"F1 for finding events is {number(found.f1)}; for finding and coding them {number(code.f1)}"
        + (f" (95 % interval over documents: {span(over)})." if over and enough else "."),
    ]
    passes = [r for r in score.references if r.kind == "pass" and " against " not in r.name]
    floors = [r for r in score.references if r.kind == "baseline"]
    if passes or floors:
        figures = "; ".join(f"{r.name} {number(r.ladder['code'].f1)}" for r in (*passes, *floors))
        lines.append(f"F1 for finding and coding, to compare: {figures}.")
    return Section("In short", lines, [Figure("F1 on each rung", _bars(score))])


def _bars(score: Score) -> list[Bar]:
    intervals = score.intervals.get("documents", {})
    empty = Interval(None, None)
    return [
        Bar(rung, t.f1, (i := intervals.get((rung, "f1"), empty)).low, i.high)
        for rung, t in score.ladder.items()
    ]


def _intake(score: Score) -> Section:
    intake = score.intake
    rows: list[tuple[object, ...]] = [("records read", len(intake.records), "")]
    for kind, meaning in FAULTS.items():
        if count := intake.counts[kind]:
            out = " (left out by --exclude)" if kind in score.options.exclude else ""
            rows.append((kind, count, meaning + out))
    rows.append(
        (
            "left out",
            score.excluded,
            "by a named option; all other records count, whatever is wrong with them",
        )
    )
    rows.append(("scored", len(intake.records) - score.excluded, ""))
    text = [
        f"Format: {intake.format}. Records are matched at the level of the {score.level}."
        + ("" if intake.level == score.level else f" The format allows the level of the {intake.level}."),
    ]
    if intake.units:
        ways = ", ".join(f"{way} {n}" for way, n in sorted(intake.units.items()))
        text.append(f"How triggers were placed: {ways}.")
    unresolved = score.aligned.unresolved
    if unresolved:
        most = sorted(unresolved.items(), key=lambda item: (-item[1], item[0]))[:8]
        names = ", ".join(f'"{shortened(name, 40)}" {n}' for name, n in most)
        text.append(
            f"{sum(unresolved.values())} parties are named by words that neither the actor registry nor the country "
            f"list has; they equal no gold party. Most frequent: {names}."
        )
    silent = sorted(set(score.gold.documents) - {r.document_id for r in intake.records if r.document_id})
    if silent:
        named = ", ".join(silent[:10]) + (" …" if len(silent) > 10 else "")
        text.append(
            f"{len(silent)} documents have no record ({named}); every event in them counts as missed. If the system was "
            "not run on them, limit the score with --documents."
        )
    text += intake.notes
    if not score.aligned.exact:
        text.append("A document has too many records for exact matching; see the last point of --explain.")
    tables = [Table(("", "records", "meaning"), rows)]
    if intake.faults:
        shown = [(fault.line, fault.kind, fault.message) for fault in intake.faults[:MOST_ROWS]]
        more = sum(intake.counts.values()) - len(shown)
        title = "Faults" + (f" (the first {len(shown)}; {more} more)" if more > 0 else "")
        tables.append(Table(("line", "fault", "particulars"), shown, title))
    return Section("What was read", text, tables=tables)


def _tally_cells(tally: Tally) -> tuple[object, ...]:
    return (
        int(tally.hits),
        int(tally.predicted),
        int(tally.gold),
        number(tally.precision),
        number(tally.recall),
        number(tally.f1),
    )


COUNTS = ("hits", "predicted", "gold", "precision", "recall", "F1")


def _ladder(score: Score) -> Section:
    rows = []
    for rung, tally in score.ladder.items():
        intervals = [score.intervals.get(over, {}).get((rung, "f1")) for over in ("documents", "events")]
        rows.append((rung, *_tally_cells(tally), *map(span, intervals), RUNGS[rung]))
    roots = by_class((o for o in score.outcomes), score.codes.root, "root")
    mean_root, classes = macro(roots, score.options.support)
    codes = by_class(score.outcomes, score.codes.root, "code")
    mean_code, _ = macro(codes, score.options.support)
    text = [
        (
            "Each rung demands what all rungs above it demand. Precision is hits over predicted records, recall hits over "
            "gold events, F1 their harmonic mean."
        ),
        (
            f"Averaged over the {classes} root codes with at least {score.options.support} gold events (macro F1): "
            f"{number(mean_root)} at the rung root, {number(mean_code)} at the rung code."
        ),
    ]
    if score.intervals:
        text.append(
            "Intervals are 95 % bootstrap intervals of F1. Over documents: what other documents of this kind might "
            "give. Over events: for exactly these documents; too narrow for any wider claim, because the errors of "
            "one document are alike."
        )
    header = ("rung", *COUNTS, "F1 over documents", "F1 over events", "meaning")
    return Section("The ladder", text, tables=[Table(header, rows)])


def _references(score: Score) -> Section:
    everyone: list[Aligned] = [score.aligned, *score.references]
    rows = [
        (
            each.name,
            each.kind,
            number(each.ladder["found"].precision),
            number(each.ladder["found"].recall),
            *(number(each.ladder[rung].f1) for rung in RUNGS),
        )
        for each in everyone
    ]
    text = [
        (
            "All rows are computed by the same code against the same gold. The passes are independent readings from which "
            "the gold was made, so they are a ceiling and an optimistic one: whoever settled the gold saw them. "
            '"Pass … against pass …" takes the second one as the gold, which is the fairer ceiling. '
            "DATASHEET.md says who the readers were."
        ),
        (
            "The dictionary coder looks for about 200 listed words and takes the nearest named actors (left out where the "
            "texts are not at hand). The commonest-code coder is told every place with an event or a hard negative and "
            "gives all of them one code: the floor for coding, not for finding."
        ),
    ]
    header = ("system", "kind", "found P", "found R", *(f"{rung} F1" for rung in RUNGS))
    return Section("To compare with", text, tables=[Table(header, rows)])


def _hierarchy(score: Score) -> Section:
    rows = []
    for kind, tally in score.hierarchical.items():
        over = [score.intervals.get(o, {}).get((PREFIX + kind, "f1")) for o in ("documents", "events")]
        rows.append((kind, *_tally_cells(tally), *map(span, over)))
    text = [
        (
            "Here a nearly right code earns part of the credit: a code counts with all codes above it (1951 is 19, 195 "
            "and 1951), an actor code with all its beginnings (USAGOV is USA and USAGOV), and what is shared is counted. "
            "An actor must be on the right side. False alarms and misses share nothing."
        ),
    ]
    header = ("", "shared", *COUNTS[1:], "F1 over documents", "F1 over events")
    return Section("Partial credit", text, tables=[Table(header, rows)])


def _breakdown(score: Score) -> Section:
    labels = score.codes.labels
    root = by_class(score.outcomes, score.codes.root, "root")
    code = by_class(score.outcomes, score.codes.root, "code")
    roots = [
        (name, labels.get(name, ""), *_tally_cells(tally), number(code[name].f1))
        for name, tally in root.items()
    ]
    quads = [
        (name, *_tally_cells(t)) for name, t in by_class(score.outcomes, score.codes.quad, "quad").items()
    ]
    documents = [
        (name, *_tally_cells(rungs["found"]), number(rungs["root"].f1), number(rungs["code"].f1))
        for name, rungs in score.by_document.items()
    ]
    more = len(documents) - MOST_ROWS
    title = f"By document (the first {MOST_ROWS}; {more} more)" if more > 0 else "By document: events found"
    return Section(
        "By root code, quad class and document",
        ["A hit has the right root (or quad class); the last column asks for the full code too."],
        tables=[
            Table(("root", "label", *COUNTS, "code F1"), roots, "By root code"),
            Table(("quad class", *COUNTS), quads, "By quad class"),
            Table(("document", *COUNTS, "root F1", "code F1"), documents[:MOST_ROWS], title),
        ],
    )


def _false_alarms(score: Score) -> Section:
    causes = Counter(o.cause for o in score.outcomes if o.kind == "false alarm")
    total = causes.total()
    rows = []
    for name, meaning in CAUSES.items():
        matching = sorted(
            c for c in causes if c and (c == name or (name == ON_NEGATIVE and c.startswith(name)))
        )
        rows += [(cause, causes[cause], number(causes[cause] / total, 2), meaning) for cause in matching]
    bars = [Bar(str(cause), count / total) for cause, count, *_ in rows] if total else []
    hits = negatives_hit(score.outcomes, score.gold, score.codes)
    told = score.gold.negatives_say
    negatives = [
        (
            n.reason,
            n.negatives,
            n.hit,
            number(n.hit / n.negatives, 2),
            span(wilson(n.hit, n.negatives)),
            f"{n.tempted} of {n.invited}" if told else "not determined",
        )
        for n in hits
    ]
    text = [
        f"{total} records match no gold event. Each has one cause, judged on its trigger words, not on its sentence.",
        "Hard negatives are passages that look like events but are not; the gold gives the reason. The second table "
        "says how many of each kind the system fell for, with Wilson's 95 % interval."
        + ("" if told else " This gold does not say which mistake each one invites."),
    ]
    return Section(
        "False alarms by cause",
        text,
        [Figure("Share of false alarms", bars)] if bars else [],
        [
            Table(("cause", "records", "share", "meaning"), rows),
            Table(
                ("reason", "negatives", "hit", "share", "interval", "with the mistake invited"),
                negatives,
                "Hard negatives hit",
            ),
        ],
    )


def _misses(score: Score) -> Section:
    rows: list[tuple[object, ...]] = []
    for trait in miss_traits(score.outcomes, score.gold):
        if (
            trait.having is None
            or trait.missed is None
            or trait.others is None
            or trait.others_missed is None
        ):
            rows.append((trait.name, "not determined", *["–"] * 5))
            continue
        shares = [
            (hit / n if n else None, span(wilson(hit, n)))
            for hit, n in ((trait.missed, trait.having), (trait.others_missed, trait.others))
        ]
        rows.append(
            (
                trait.name,
                trait.having,
                trait.missed,
                number(shares[0][0], 2),
                shares[0][1],
                number(shares[1][0], 2),
                shares[1][1],
            )
        )
    missed = int(score.ladder["found"].gold - score.ladder["found"].hits)
    text = [
        (
            f"Gold events not found: {missed}. An event can have several traits. A trait matters if the share missed "
            "with it is well above the share missed without it; the intervals (Wilson, 95 %) show how sure that is."
        ),
        (
            "A trigger counts as nominal if a determiner or preposition begins it or is before it; that is a rule for "
            "English and needs the texts."
        ),
    ]
    header = ("trait of the event", "events", "missed", "share", "interval", "without: share", "interval ")
    return Section("Misses by trait", text, tables=[Table(header, rows)])


def _actors(score: Score) -> Section:
    rows = []
    for by, n in compare_actors(score.outcomes).items():
        keys = ("pairs", "actors", "targets", "parties", "direction", "reversed", "some")
        rows.append((by, *(n[key] for key in keys)))
    header = (
        "equal by",
        "found events",
        "actors right",
        "targets right",
        "parties right",
        "direction right",
        "sides swapped",
        "some right",
    )
    text = [
        (
            f"Of the events found, whatever their code. The ladder uses: {score.options.actor}. Equal by code: the same "
            "actor codes on the event's date; by id: the same entries of the registry; by country: the same countries. "
            '"Some right": not all parties, but at least one. Nobody equals nobody.'
        ),
    ]
    return Section("Actors and targets", text, tables=[Table(header, rows)])


def _dates(score: Score) -> Section:
    d = compare_dates(score.outcomes, score.gold.documents)
    rows = [
        ("found events", d.pairs, ""),
        ("with a date", d.stated, ""),
        ("equal", d.equal, "the same first and last day"),
        ("compatible", d.compatible, "some day belongs to both; what the ladder asks for"),
        ("contained", d.contained, "every predicted day belongs to the gold date"),
        ("mean overlap", number(d.overlap), "days in both over days in either; an open end reaches one year"),
        ("both single days", d.single, ""),
        ("median days apart", "–" if d.apart is None else f"{d.apart:g}", "over those"),
        (
            "publication date used",
            d.publication,
            "predicted the day of publication, though it was another day",
        ),
    ]
    return Section(
        "Dates", ["Of the events found, whatever their code."], tables=[Table(("", "", "meaning"), rows)]
    )


def _places_and_links(score: Score) -> Iterator[Section]:
    tallies = {"places": compare_places(score.outcomes), "links": compare_links(score.outcomes)}
    rows = [(name, *_tally_cells(tally)) for name, tally in tallies.items() if tally is not None]
    if rows and not score.gold.has_places:
        rows = [row for row in rows if row[0] != "places"]
    if rows:
        text = "Places of found events, equal by id, GeoNames id or name; links between events, through the matching."
        yield Section("Places and links", [text], tables=[Table(("", *COUNTS), rows)])


def _panel(score: Score) -> Section:
    panel = compare_panels(score.outcomes, score.codes)
    rows = [
        (quad, f"{gold:.2f}", f"{predicted:.2f}", f"{predicted - gold:+.2f}")
        for quad, (gold, predicted) in panel.by_quad.items()
    ]
    text = [
        (
            "For forecasters: events counted by country of actor, country of target, month and quad class. An event weighs 1, "
            "shared among its pairs of countries and the days of its date. Open or missing dates are left out: "
            f"{panel.left_out_gold} gold events, {panel.left_out_predicted} records."
        ),
        (
            f"{panel.cells} cells are not empty. Correlation of the two counts {number(panel.correlation)}; mean difference "
            f"(predicted less gold) {'–' if panel.bias is None else format(panel.bias, '+.3f')} a cell; sum of absolute "
            f"differences {panel.error:.2f} of {panel.gold:.2f} gold events."
        ),
    ]
    return Section(
        "Counts for forecasting",
        text,
        tables=[Table(("quad class", "gold", "predicted", "difference"), rows)],
    )


def _confusions(score: Score) -> Iterator[Section]:
    codes = score.codes
    values = {
        "quad class": lambda act: "unknown" if act.action is None else str(codes.quad(act.action)),
        "root code": lambda act: "unknown" if act.action is None else codes.root(act.action),
        "country of the actors": lambda act: countries(act.actors),
    }
    tables, figures = [], []
    for name, value in values.items():
        cells = confusion(score.outcomes, value)
        figures.append(Figure(f"Gold (rows) and predicted (columns): {name}", cells=cells))
        wrong = sorted(
            ((n, pair) for pair, n in cells.items() if pair[0] != pair[1]), key=lambda x: (-x[0], x[1])
        )
        rows = [(gold, predicted, n) for n, (gold, predicted) in wrong[:MOST_ROWS]]
        tables.append(Table(("gold", "predicted", "times"), rows, f"Most frequent disagreements: {name}"))
    yield Section(
        "Confusion",
        [f'"{NOTHING}" in the row: a false alarm; in the column: a miss.'],
        figures,
        tables,
    )


def _caution(score: Score) -> Section:
    n = len(score.gold.documents)
    lines = []
    if n < 30:
        smallest = min(1.0, 2 / 2**n)
        lines.append(
            f"The gold has {n} documents. A paired test over {n} documents cannot give a p below {smallest:.3g}, however "
            "large a difference is. An interval over so few documents is itself uncertain, and with fewer than "
            f"{FEWEST_DOCUMENTS} it is little more than the range of the documents."
        )
    lines += [
        (
            "The passes, and what was settled from them, are as good as their readers; DATASHEET.md says who they were. "
            "If they were language models, another language model may agree with the gold because the two share habits."
        ),
        "The figures hold for these documents. They say little about other topics, publishers, languages or years.",
        "Figures of two reports can be compared only if their signatures are equal: " + score.signature_line,
    ]
    return Section("What these figures cannot say", lines)


def comparison(result: Comparison) -> Section:
    """Return the section that compares two systems."""
    rows = []
    for d in result.differences:
        gap = None if d.first is None or d.second is None else d.first - d.second
        p = f"{d.test.p:.4f}" + ("" if d.test.exact else " (approximate)")
        rows.append(
            (
                d.name,
                number(d.first),
                number(d.second),
                number(gap),
                span(d.interval),
                p,
                f"{d.test.smallest:.4g}",
                d.verdict,
            )
        )
    differing = max((d.test.differing for d in result.differences), default=0)
    text = [
        (
            f"First: {result.first.name}. Second: {result.second.name}. Differences of F1, first less second, with 95 % "
            "intervals by paired bootstrap over documents and p by paired randomisation (two-sided)."
        ),
        (
            f"The two differ in {differing} documents, so no p below the one in the column can come out. Where the interval "
            'includes zero, the verdict is "no difference shown".'
        ),
    ]
    header = ("rung", "first", "second", "difference", "interval", "p", "smallest p", "verdict")
    return Section("The two systems compared", text, tables=[Table(header, rows)])
