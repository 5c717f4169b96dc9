"""The report as a list of sections, before it takes a form: text, Markdown or HTML."""

from __future__ import annotations

from collections.abc import Iterator

from standoff.exchange.place import OTHER_SPELLING, WRONG_OFFSETS
from standoff.exchange.records import FAULTS, Intake
from standoff.findings import plural, shortened
from standoff.scoring.align import Aligned
from standoff.scoring.compare import SIGNIFICANT, Comparison
from standoff.scoring.details import details
from standoff.scoring.glossary import QUADS, SIGNATURE, WAYS
from standoff.scoring.gold import LANGUAGE_MODEL
from standoff.scoring.ladder import by_class, macro
from standoff.scoring.options import OUT_OF_SCOPE
from standoff.scoring.parts import COUNTS, Code, Section, Table, cells_of, listed, number, span
from standoff.scoring.resampling import Interval
from standoff.scoring.result import PREFIX, Score
from standoff.scoring.rungs import RUNGS
from standoff.scoring.summary import CODING, LIMITS, drawn_over, in_short, is_small, least_p, of_kind, reach

MOST_ROWS = 25
"""Documents and faults beyond this many are summed up."""


def report(score: Score) -> Iterator[Section]:
    """Yield the sections of the report on one system."""
    yield in_short(score)
    yield _intake(score)
    yield _ladder(score)
    yield _references(score)
    yield _hierarchy(score)
    yield _breakdown(score)
    yield from details(score)
    yield _caution(score)


OVER_DOCUMENTS = (
    "Over documents: whole documents are resampled, to show what other documents of this kind might give. "
)
HIERARCHY_OF = {"code": "action", "actor": "actors or targets"}
"""The field that each kind of partial credit asks for."""
LEVELS = {
    "trigger": "A record can be a gold event if both point at the same words (the trigger).",
    "sentence": "A record without a trigger can be a gold event if both are in the same sentence: weaker than by words.",
    "document": "A record that says only which document can be any gold event of it, and the most alike are paired. "
    'The rung "found" then says little: read the ladder from "root" on.',
}
"""What each level of matching means."""


def _intake(score: Score) -> Section:
    intake = score.intake
    out_of_scope = intake.counts[OUT_OF_SCOPE]
    rows: list[tuple[object, ...]] = [("records read", len(intake.records), "all that the file holds")]
    for kind, meaning in FAULTS.items():
        if count := intake.counts[kind]:
            out = " (left out by --exclude)" if kind in score.options.exclude else ""
            out = " (left out)" if kind == OUT_OF_SCOPE else out
            rows.append((kind, count, meaning + out))
    if score.excluded or score.options.exclude:
        options = [
            name for name, n in (("--documents", out_of_scope), ("--exclude", score.options.exclude)) if n
        ]
        rows.append(("left out", score.excluded, f"by {listed(options)}"))
    rows.append(("scored", len(intake.records) - score.excluded, "the records of the ladder"))
    text = [
        f"Format: {intake.format}. Every record counts, whatever is wrong with it, unless an option leaves it out "
        "(--documents, --exclude). "
        + " ".join(LEVELS[level] for level in score.aligned.levels)
        + (
            ""
            if intake.level in score.aligned.levels
            else f" The format would allow matching by {intake.level}."
        ),
    ]
    if intake.units:
        total = plural(len(intake.records), "record")
        ways = "; ".join(
            f"{WAYS.get(way, f'by offsets in {way}')}: {n} of {total}{_where(intake, way)}"
            for way, n in sorted(intake.units.items())
        )
        text.append(f"How triggers (the words that name the act) were found in the texts: {ways}.")
    unresolved = score.aligned.unresolved
    if unresolved:
        most = sorted(unresolved.items(), key=lambda item: (-item[1], item[0]))[:8]
        names = ", ".join(f'"{shortened(name, 40)}" {n}' for name, n in most)
        text.append(
            "Actors or targets whose names are neither in the actor registry nor in the lists of countries and "
            f"organisations: {sum(unresolved.values())}. They count as wrong. Most frequent: {names}."
        )
    silent = sorted(set(score.gold.documents) - {r.document_id for r in intake.records if r.document_id})
    if silent:
        named = ", ".join(silent[:10]) + (" …" if len(silent) > 10 else "")
        text.append(
            f"{plural(len(silent), 'document')} without any record ({named}): every event in them counts as missed. If the coder "
            "was not run on them, limit the score with --documents."
        )
    text += [*intake.notes, *_absent(score)]
    if not score.aligned.exact:
        text.append("A document has too many records for exact matching; see the last point of --explain.")
    tables = [Table(("", "records", "meaning"), rows)]
    if intake.faults:
        faults = sorted(
            (f for f in intake.faults if f.kind != OUT_OF_SCOPE), key=lambda fault: (fault.file, fault.line)
        )
        shown = [(fault.line, fault.kind, fault.message) for fault in faults[:MOST_ROWS]]
        more = sum(intake.counts.values()) - out_of_scope - len(shown)
        title = "Faults" + (f" (the first {len(shown)}; {more} more)" if more > 0 else "")
        tables.append(Table(("line", "fault", "particulars"), shown, title))
    return Section("What was read", text, tables=tables)


def _where(intake: Intake, way: str) -> str:
    """Return the lines of triggers that the document holds in another spelling or at another place."""
    if not way.endswith((OTHER_SPELLING, WRONG_OFFSETS)):
        return ""
    lines = [str(line) for line in intake.placed_at.get(way, ())]
    more = intake.units[way] - len(lines)
    if not lines:
        return ""
    return (
        f" ({'line' if len(lines) == 1 else 'lines'} {listed([*lines, f'{more} more'] if more else lines)})"
    )


def _absent(score: Score) -> list[str]:
    """Return which fields no record states, and which rungs therefore have no figures."""
    absent, unreachable = score.aligned.absent, score.aligned.unreachable
    if not absent:
        return []
    text = f"No record states: {', '.join(absent)}."
    if unreachable:
        text += f' So the ladder ends before the rung "{unreachable[0]}": it and the rungs after it have no figures (–).'
    return [text]


def _ladder(score: Score) -> Section:
    rows = []
    for rung, tally in score.ladder.items():
        defined = rung not in score.aligned.unreachable
        spans = (_over_documents(score, rung), span(score.intervals.get("events", {}).get((rung, "f1"))))
        rows.append((rung, *cells_of(tally, defined), *(spans if defined else "––")))
    support = score.options.support
    tallies = {rung: by_class(score.outcomes, score.codes.root, rung) for rung in ("root", "code")}
    means = {
        rung: None if rung in score.aligned.unreachable else macro(each, support)[0]
        for rung, each in tallies.items()
    }
    counted = [root for root, tally in tallies["root"].items() if tally.gold >= support]
    opened = sum(r.date is not None and r.date.days is None for r in score.gold.records)
    text = [
        (
            "Each rung requires one more thing than the rung above it. Hits are the records that reach it. Precision is hits / "
            "records, recall is hits / gold events, F1 is 2 × hits / (records + gold events). A figure that is not defined, such as "
            "a share of nothing, is shown as – here and below."
        ),
        (
            "Action codes form a tree: a root code (to fight), base codes below it (air strikes), full codes below these. The quad class "
            f"sorts them into words and deeds: {listed(list(QUADS.values()))}. Parties are actors and targets."
        ),
        (
            f"The rung date is easy to reach: {opened} of {plural(len(score.gold.records), 'gold event')} have a date without a first or "
            "last day, and any record that shares a day with the gold date passes. The section Dates has stricter figures."
        ),
        (
            f"Macro F1, where every root code counts alike however frequent it is: {number(means['root'])} at the rung root, "
            f"{number(means['code'])} at the rung code. It is the mean over the root codes with at least "
            f"{plural(support, 'gold event')} (option --support): {listed(counted) or 'there are none'}."
        ),
    ]
    if score.intervals:
        text.append(
            "The 95 % intervals of F1 come from resampling (bootstrap). "
            + ("" if is_small(score) else OVER_DOCUMENTS)
            + "Over events: single events and false alarms are resampled, to show how much F1 depends on a few of them; this says nothing "
            "about other documents, because errors within one document are alike. " + _which_interval(score)
        )
    documents = "F1 of single documents" if is_small(score) else "F1 over documents"
    header = ("rung", *COUNTS, documents, "F1 over events")
    meanings = Table(("rung", "what must be right"), list(RUNGS.items()), "What each rung asks for")
    return Section("The ladder", text, tables=[Table(header, rows), meanings])


def _over_documents(score: Score, rung: str) -> str:
    """Return the interval of F1 over documents; where they are few, the lowest and the highest F1 of a document."""
    if not is_small(score):
        return span(score.intervals.get("documents", {}).get((rung, "f1")))
    values = [f1 for rungs in score.by_document.values() if (f1 := rungs[rung].f1) is not None]
    return span(Interval(min(values), max(values))) if values else span(None)


def _which_interval(score: Score) -> str:
    chart = f"The chart above shows the interval over {drawn_over(score)}."
    if not is_small(score):
        return chart
    return (
        f"With {plural(len(score.gold.documents), 'document')} an interval over documents would be too narrow. The table has the lowest "
        f"and the highest F1 of a document instead. {chart}"
    )


def _references(score: Score) -> Section:
    everyone: list[Aligned] = [score.aligned, *score.references]
    rows = [
        (
            each.name,
            "scored here" if each is score.aligned else each.kind,
            number(each.ladder["found"].precision),
            number(each.ladder["found"].recall),
            *(number(None if rung in each.unreachable else each.ladder[rung].f1) for rung in RUNGS),
        )
        for each in everyone
    ]
    if not score.references:
        return Section(
            "To compare with", ["The passes of the gold and the baselines are left out by --no-references."]
        )
    text = [
        (f"Every row is computed in the same way. {_ceiling(score)}"),
        (
            "Baselines are a lower limit. The dictionary coder looks for about 200 listed words and takes the nearest named actors (left "
            'out without the texts). The coder "commonest code" is given the place of every event and every hard negative (a passage that '
            "looks like an event but is not) and gives all of them one code: a lower limit for coding, not for finding."
        ),
    ]
    header = ("coder", "kind", "found precision", "found recall", *(f"{rung} F1" for rung in RUNGS))
    return Section("To compare with", text, tables=[Table(header, rows)])


def _ceiling(score: Score) -> str:
    passes, compared = of_kind(score, "pass"), of_kind(score, "two passes")
    if not passes:
        return "There are no passes (codings by single readers) to compare with."
    text = (
        "A pass is one reader's own coding of the documents, before the gold was settled. Scored against the gold, passes reach "
        f"{reach(passes)} (F1 for {CODING}). That is too high, because the gold was settled from the passes: take it as an upper limit. "
    )
    if compared:
        text += (
            '"Pass … against pass …" scores the first pass as if the second were the gold. It shows how far two readers agree, which '
            f"is the fairer yardstick: {reach(compared)}. "
        )
    return text + "DATASHEET.md of the gold says who the readers were."


def _hierarchy(score: Score) -> Section:
    drawn = ("events",) if is_small(score) else ("documents", "events")
    rows = []
    for kind, tally in score.hierarchical.items():
        over = [score.intervals.get(o, {}).get((PREFIX + kind, "f1")) for o in drawn]
        defined = bool(tally.hits) or HIERARCHY_OF[kind] not in score.aligned.absent
        rows.append((kind, *cells_of(tally, defined), *(span(each) if defined else "–" for each in over)))
    text = [
        (
            "Here a nearly right code earns part of the credit. A code counts with all codes above it (1951 is 19, 195 and 1951), an "
            "actor code with all its beginnings (USAGOV is USA and USAGOV), and what record and gold event share is counted. An actor "
            "listed as target, or the reverse, earns nothing. False alarms and misses share nothing."
        ),
    ]
    header = (
        "",
        "shared",
        "in records",
        "in gold events",
        *COUNTS[3:],
        *(f"F1 over {each}" for each in drawn),
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
        (
            name,
            *cells_of(rungs["found"]),
            *(
                number(None if rung in score.aligned.unreachable else rungs[rung].f1)
                for rung in ("root", "code")
            ),
        )
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
    lines: list[str] = []
    if not is_small(score) and len(score.gold.documents) < 30:
        lines.append(f"{least_p(score)} An interval over so few documents is itself uncertain.")
    lines += [
        (
            "The passes, and what was settled from them, are as good as their readers; DATASHEET.md says who they were. "
            + (
                "Language models are among the readers of the passes, so another"
                if LANGUAGE_MODEL in score.gold.readers.values()
                else "If they were language models, another"
            )
            + " language model may agree with the gold because the two share habits."
        ),
        "The figures hold for these documents. They say little about other topics, publishers, languages or years.",
        (
            "Figures of two reports can be compared only if their signatures are equal, so quote the signature with a figure. The full "
            "report explains its fields. The signature of this report:"
        ),
        Code(score.signature_line),
    ]
    rows = [(field, value, SIGNATURE[field]) for field, value in score.signature.items()]
    return Section(LIMITS, lines, tables=[Table(("field", "value", "meaning"), rows)])


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
            f"The two differ in {plural(differing, 'document')}, so no p below the one in the column can come out. One coder is better "
            f"only if the interval excludes zero and p is at most {SIGNIFICANT}. Otherwise no difference is shown. Where even the "
            f"smallest p is above {SIGNIFICANT}, a difference cannot be shown with so few documents, however large it is."
        ),
        (
            f"The table tests {len(result.differences)} figures. If the coders were alike, one such test in twenty would still give "
            "p below 0.05, so choose the figure before you look."
        ),
    ]
    header = ("rung", "first", "second", "difference", "interval", "p", "smallest p", "verdict")
    return Section("The two systems compared", text, tables=[Table(header, rows)])
