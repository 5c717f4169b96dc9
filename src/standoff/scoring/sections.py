"""The report as a list of sections, before it takes a form: text, Markdown or HTML."""

from __future__ import annotations

from collections.abc import Iterator

from standoff.exchange.records import FAULTS
from standoff.findings import shortened
from standoff.scoring.align import Aligned
from standoff.scoring.compare import Comparison
from standoff.scoring.details import details
from standoff.scoring.glossary import QUADS
from standoff.scoring.ladder import by_class, macro
from standoff.scoring.parts import COUNTS, Bar, Figure, Section, Table, cells_of, number, plural, span
from standoff.scoring.resampling import Interval
from standoff.scoring.result import PREFIX, Score
from standoff.scoring.rungs import RUNGS

FEWEST_DOCUMENTS = 6
"""With fewer, an interval over documents is little more than their range, and no p-value can be below 0.05."""
MOST_ROWS = 25
"""Documents and faults beyond this many are summed up."""


def report(score: Score) -> Iterator[Section]:
    """Yield the sections of the report on one system."""
    yield _summary(score)
    yield _intake(score)
    yield _ladder(score)
    yield _references(score)
    yield _hierarchy(score)
    yield _breakdown(score)
    yield from details(score)
    yield _caution(score)


def _summary(score: Score) -> Section:
    found, code = score.ladder["found"], score.ladder["code"]
    over = score.intervals.get("documents", {}).get(("code", "f1"))
    enough = len(score.gold.documents) >= FEWEST_DOCUMENTS
    lines = [
        (
            f"{score.name} holds {plural(found.predicted, 'record')} of events, made by the coder that is scored here: a model, a "
            f"program or a person. The gold is what readers settled for the same {plural(len(score.gold.documents), 'document')}: "
            f"{plural(found.gold, 'event')} (release or dataset: {score.gold.name})."
        ),
        (
            f"The coder found {int(found.hits)} of the {int(found.gold)} events (recall {number(found.recall)}) and missed "
            f"{int(found.gold - found.hits)}. Of its {plural(found.predicted, 'record')}, {int(found.hits)} are such events (precision "
            f"{number(found.precision)}); the other {int(found.predicted - found.hits)} are false alarms. Of the events found, "
            f"{int(code.hits)} have exactly the right action code."
        ),
        "F1 sums up precision and recall in one figure, from 0 (nothing right) to 1 (every event found, no false alarm): "
        f"{number(found.f1)} for finding events, {number(code.f1)} for finding and coding them"
        + (f" (95 % interval over documents: {span(over)})." if over and enough else "."),
    ]
    passes = [r for r in score.references if r.kind == "pass" and " against " not in r.name]
    floors = [r for r in score.references if r.kind == "baseline"]
    if passes or floors:
        figures = "; ".join(f"{r.name} {number(r.ladder['code'].f1)}" for r in (*passes, *floors))
        lines.append(
            f"To compare, F1 for finding and coding: {figures}. A pass is one reader's own coding of the documents, before the "
            "gold was settled; the last ones are two very simple coders (section To compare with)."
        )
    return Section(
        "In short", lines, [Figure("F1 on each rung of the ladder, explained below", _bars(score))]
    )


def _bars(score: Score) -> list[Bar]:
    intervals = score.intervals.get("documents", {})
    empty = Interval(None, None)
    return [
        Bar(rung, t.f1, (i := intervals.get((rung, "f1"), empty)).low, i.high)
        for rung, t in score.ladder.items()
    ]


LEVELS = {
    "trigger": "A record can be a gold event if both point at the same words (the trigger).",
    "sentence": "The format has no words, so a record can be a gold event if both are in the same sentence: weaker than by words.",
    "document": "The format says only which document, so a record can be any gold event of it, and the most alike are paired. "
    'The rung "found" then says little: read the ladder from "root" on.',
}
"""What each level of matching means."""


def _intake(score: Score) -> Section:
    intake = score.intake
    rows: list[tuple[object, ...]] = [("records read", len(intake.records), "")]
    for kind, meaning in FAULTS.items():
        if count := intake.counts[kind]:
            out = " (left out by --exclude)" if kind in score.options.exclude else ""
            rows.append((kind, count, meaning + out))
    rows.append(("left out", score.excluded, "by the option --exclude"))
    rows.append(("scored", len(intake.records) - score.excluded, ""))
    text = [
        f"Format: {intake.format}. Every record counts, whatever is wrong with it, unless an option leaves it out. "
        + LEVELS[score.level]
        + ("" if intake.level == score.level else f" The format would allow matching by {intake.level}."),
    ]
    if intake.units:
        ways = ", ".join(f"{way} {n}" for way, n in sorted(intake.units.items()))
        text.append(f"How triggers (the words that name the act) were found in the texts: {ways}.")
    unresolved = score.aligned.unresolved
    if unresolved:
        most = sorted(unresolved.items(), key=lambda item: (-item[1], item[0]))[:8]
        names = ", ".join(f'"{shortened(name, 40)}" {n}' for name, n in most)
        text.append(
            f"{sum(unresolved.values())} actors or targets are named by words that neither the actor registry nor the "
            f"country list has; they count as wrong. Most frequent: {names}."
        )
    silent = sorted(set(score.gold.documents) - {r.document_id for r in intake.records if r.document_id})
    if silent:
        named = ", ".join(silent[:10]) + (" …" if len(silent) > 10 else "")
        text.append(
            f"{plural(len(silent), 'document')} without any record ({named}): every event in them counts as missed. If the coder "
            "was not run on them, limit the score with --documents."
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


def _ladder(score: Score) -> Section:
    rows = []
    for rung, tally in score.ladder.items():
        intervals = [score.intervals.get(over, {}).get((rung, "f1")) for over in ("documents", "events")]
        rows.append((rung, *cells_of(tally), *map(span, intervals), RUNGS[rung]))
    support = score.options.support
    means = {
        rung: macro(by_class(score.outcomes, score.codes.root, rung), support) for rung in ("root", "code")
    }
    opened = sum(r.date is not None and r.date.days is None for r in score.gold.records)
    text = [
        (
            "Each rung asks for one thing more than the rung above it. Hits are the records that reach it. Precision is hits / "
            "records, recall is hits / gold events, F1 is 2 × hits / (records + gold events)."
        ),
        (
            "Action codes form a tree: a root code (to fight), base codes below it (air strikes), full codes below these. The quad class sorts them into "
            "verbal or material, cooperation or conflict. Parties are actors and targets."
        ),
        (
            f"The rung date is easy to reach: {opened} of {plural(len(score.gold.records), 'gold event')} have a date without a first or "
            "last day, and any record that shares a day with the gold date passes. The section Dates has stricter figures."
        ),
        (
            f"Macro F1, where every root code counts alike however frequent it is: {number(means['root'][0])} at the rung root, "
            f"{number(means['code'][0])} at the rung code (mean over the {means['root'][1]} root codes with at least "
            f"{plural(support, 'gold event')})."
        ),
    ]
    if score.intervals:
        text.append(
            "The 95 % intervals of F1 come from drawing again and again (bootstrap). Over documents: what other documents of "
            "this kind might give. Over events: for exactly these documents; too narrow for any wider claim, because the "
            "errors within one document are alike."
        )
    header = ("rung", *COUNTS, "F1 over documents", "F1 over events", "what must be right")
    return Section("The ladder", text, tables=[Table(header, rows)])


def _references(score: Score) -> Section:
    everyone: list[Aligned] = [score.aligned, *score.references]
    rows = [
        (
            each.name,
            "scored here" if each is score.aligned else each.kind,
            number(each.ladder["found"].precision),
            number(each.ladder["found"].recall),
            *(number(each.ladder[rung].f1) for rung in RUNGS),
        )
        for each in everyone
    ]
    text = [
        (
            "Every row is computed in the same way against the same gold. A pass is one reader's independent coding. The gold was "
            'settled by somebody who saw the passes, so they are a ceiling, and one that is rather too high. "Pass … against pass …" '
            "takes the second pass for the gold: how far two readers agree, the fairer ceiling. DATASHEET.md of the gold says who the "
            "readers were."
        ),
        (
            "Baselines are the floor. The dictionary coder looks for about 200 listed words and takes the nearest named actors (left "
            "out without the texts). The coder commonest code is given the place of every event and every hard negative (a passage that "
            "looks like an event but is not) and gives all of them one code: a floor for coding, not for finding."
        ),
    ]
    header = ("coder", "kind", "found precision", "found recall", *(f"{rung} F1" for rung in RUNGS))
    return Section("To compare with", text, tables=[Table(header, rows)])


def _hierarchy(score: Score) -> Section:
    rows = []
    for kind, tally in score.hierarchical.items():
        over = [score.intervals.get(o, {}).get((PREFIX + kind, "f1")) for o in ("documents", "events")]
        rows.append((kind, *cells_of(tally), *map(span, over)))
    text = [
        (
            "Here a nearly right code earns part of the credit. A code counts with all codes above it (1951 is 19, 195 and 1951), an "
            "actor code with all its beginnings (USAGOV is USA and USAGOV), and what record and gold event share is counted. An actor "
            "must be on the right side. False alarms and misses share nothing."
        ),
    ]
    header = (
        "",
        "shared",
        "in records",
        "in gold events",
        *COUNTS[3:],
        "F1 over documents",
        "F1 over events",
    )
    return Section("Partial credit", text, tables=[Table(header, rows)])


def _breakdown(score: Score) -> Section:
    labels = score.codes.labels
    root = by_class(score.outcomes, score.codes.root, "root")
    code = by_class(score.outcomes, score.codes.root, "code")
    roots = [
        (name, labels.get(name, ""), *cells_of(tally), number(code[name].f1)) for name, tally in root.items()
    ]
    quads = [
        (QUADS.get(name, name), *cells_of(tally))
        for name, tally in by_class(score.outcomes, score.codes.quad, "quad").items()
    ]
    documents = [
        (name, *cells_of(rungs["found"]), number(rungs["root"].f1), number(rungs["code"].f1))
        for name, rungs in score.by_document.items()
    ]
    more = len(documents) - MOST_ROWS
    title = "By document: a hit is an event found"
    return Section(
        "By root code, quad class and document",
        ["In the first two tables a hit is an event found with the right root code or quad class."],
        tables=[
            Table(("root", "label", *COUNTS, "full code F1"), roots, "By root code"),
            Table(("quad class", *COUNTS), quads, "By quad class"),
            Table(
                ("document", *COUNTS, "root F1", "code F1"),
                documents[:MOST_ROWS],
                title + (f" (the first {MOST_ROWS}; {more} more)" if more > 0 else ""),
            ),
        ],
    )


def _caution(score: Score) -> Section:
    n = len(score.gold.documents)
    lines = []
    if n < 30:
        smallest = min(1.0, 2 / 2**n)
        lines.append(
            f"The gold has {plural(n, 'document')}. A test that compares two coders over {n} documents cannot give a p-value below "
            f"{smallest:.3g}, however large their difference is. An interval over so few documents is itself uncertain, and with fewer than "
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
            f"The two differ in {plural(differing, 'document')}, so no p below the one in the column can come out. Where the interval "
            'includes zero, the verdict is "no difference shown".'
        ),
    ]
    header = ("rung", "first", "second", "difference", "interval", "p", "smallest p", "verdict")
    return Section("The two systems compared", text, tables=[Table(header, rows)])
