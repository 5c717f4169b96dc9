"""Records for the eye: every field, and the words that show it marked in their sentence."""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Iterator

from standoff.findings import UsageError
from standoff.model.spans import Span, line_column, sentence_at
from standoff.source.corpus import AnnotationFile, Corpus
from standoff.source.records import UNNAMED, Event, Negative, Party, WouldBe
from standoff.terminal import paint, printable

COLOURS = {
    "trigger": "1;33",
    "actor": "1;32",
    "target": "1;31",
    "attribution": "1;36",
    "via": "36",
    "negative": "1;35",
    "mark": "1;36",
    "place": "1;34",
    "link": "34",
}


def render(corpus: Corpus, ids: list[str], colour: bool, before: Corpus | None = None) -> str:
    """Return the records with these ids as text. UsageError for an id that is not there, with the nearest ones.

    Evidence that has other words in `before` is shown in both forms.
    """
    old = {r.id: r.evidence.words for f in before.files for r in f.records if r.evidence} if before else {}
    records = {r.id: (f, r) for f in corpus.files for r in f.records}
    documents = {f.document.id: f for f in corpus.files if f.document}
    blocks: list[str] = []
    for wanted in ids:
        if wanted in documents:
            blocks += [
                _record(documents[wanted], r, corpus, colour, old.get(r.id))
                for r in _in_text_order(documents[wanted])
            ]
        elif wanted in records:
            blocks.append(_record(*records[wanted], corpus, colour, old.get(wanted)))
        else:
            near = difflib.get_close_matches(wanted, [*records, *documents], n=3)
            raise UsageError(f"there is no {wanted} here" + (f"; closest: {', '.join(near)}" if near else ""))
    return "\n\n".join(blocks) + "\n"


def changed(corpus: Corpus, before: Corpus) -> list[str]:
    """Return the ids of the records of `corpus` that `before` does not have, or has otherwise, in the order of files."""
    old = {record.id: _value(file, record) for file in before.files for record in file.records}
    return [
        record.id
        for file in corpus.files
        for record in file.records
        if old.get(record.id) != _value(file, record)
    ]


def _value(file: AnnotationFile, record: Event | Negative) -> object:
    """Return a record as its file has it."""
    value = file.value
    for part in record.path:
        value = value[part]
    return value


def _in_text_order(file: AnnotationFile) -> list[Event | Negative]:
    def start(record: Event | Negative) -> int:
        span = record.trigger.span
        return span.start if span else 0

    return sorted(file.records, key=start)


def _record(
    file: AnnotationFile, record: Event | Negative, corpus: Corpus, colour: bool, evidence: str | None
) -> str:
    """Return a record as text; `evidence` is what its evidence was before, if it was there."""
    lines = [*_head(record, corpus, colour)]
    if evidence is not None and record.evidence is not None and record.evidence.words != evidence:
        lines += [*_field("evidence", record.evidence.words), *_field("before", evidence)]
    lines.append("")
    text = file.seed.text if file.seed else None
    marks = list(_marks(record))
    if text is None or not marks:
        return "\n".join([*lines, "  (the document is not available, or its words were not found)"])
    main = (record.evidence or record.trigger).span
    window = sentence_at(text, main) if main else marks[0][1]
    line, column = line_column(text, (main or marks[0][1]).start)
    name = file.document.file if file.document else "?"
    lines.append(f"  {name}:{line}:{column}")
    lines += _window(text, window, marks, colour)
    for role, span in marks:  # words that stand elsewhere
        if not window.contains(span):
            lines += _window(text, sentence_at(text, span), [(role, span)], colour)
    return "\n".join(lines)


def _head(record: Event | Negative, corpus: Corpus, colour: bool) -> Iterator[str]:
    if isinstance(record, Negative):
        yield f"{paint(record.id, '1', colour)}  not an event: {record.reason}"
        if record.would_be:
            yield from _field("would be", _would_be(record.would_be, corpus))
        if record.note:
            yield from _field("note", record.note)
        return
    action = corpus.scheme.actions.get(record.action)
    yield f"{paint(record.id, '1', colour)}  {record.action} {action.label if action else f'(not a {corpus.scheme.code_name})'}"
    when = record.date.value

    def party(p: Party) -> str:
        if p.actor_id == UNNAMED:
            return UNNAMED
        actor = corpus.registry.get(p.actor_id)
        code = corpus.registry.code_on(p.actor_id, when.earliest, when.latest) if actor and when else None
        return (
            f"{actor.name if actor else p.actor_id} ({code or 'no code'}){', implicit' if p.implicit else ''}"
        )

    for label, parties in (("actor", record.actors), ("target", record.targets)):
        yield from _field(label, "; ".join(map(party, parties)) or "none")
    if when and when.earliest == when.latest:
        meaning = ""
    elif when:
        kind = (record.shape or "throughout") if when.kind == "interval" else "once within"
        kind = "several times within" if kind == "several" else kind
        meaning = f" = {kind} {when.earliest or '…'} to {when.latest or '…'}"
    else:
        meaning = " (not a date)"
    yield from _field("date", f"{record.date.text}{meaning}, {record.date_basis}")
    facts = [record.status]
    facts += ["reciprocal"] if record.reciprocal else []
    facts += [f"at least {record.count_min} acts"] if record.count_min > 1 else []
    facts += [f"incident {record.incident}"] if record.incident else []
    yield from _field("status", ", ".join(facts))
    for source in record.attribution:
        via = f" via {', '.join(map(party, source.via))}" if source.via else ""
        yield from _field("source", party(source) + via)
    for location in record.where:
        place = corpus.gazetteer.get(location.place_id)
        known = f"{place.name} ({place.kind})" if place else f"{location.place_id} (not in the registry)"
        yield from _field("place", f"{location.relation} {known}")
    for link in record.links:
        yield from _field("link", f"{link.relation} {link.event_id}")
    if record.source_error:
        yield from _field("text errs", record.source_error)
    if record.note:
        yield from _field("note", record.note)


def _would_be(entry: WouldBe, corpus: Corpus) -> str:
    action = corpus.scheme.actions.get(entry.action)
    actor, target = (
        "none" if i is None else corpus.registry[i].name if i in corpus.registry else i
        for i in (entry.actor_id, entry.target_id)
    )
    return f"{entry.action} {action.label if action else f'(not a {corpus.scheme.code_name})'}: {actor} to {target}"


def _field(label: str, value: str) -> list[str]:
    return textwrap.wrap(
        printable(value),
        100,
        initial_indent=f"  {label:<10}",
        subsequent_indent=" " * 12,
        break_on_hyphens=False,
    )


def _marks(record: Event | Negative) -> Iterator[tuple[str, Span]]:
    for role, quote in record.quotes():
        if role not in ("evidence", "mention") and quote.span:
            yield role, quote.span
    if isinstance(record, Event):
        for mention in record.mentions:
            if mention.span:
                yield "mention", mention.span


def _window(text: str, window: Span, marks: list[tuple[str, Span]], colour: bool) -> Iterator[str]:
    """Yield a sentence with its marks: coloured words, or on plain paper words in brackets with their role."""
    pieces: list[str] = []
    position = window.start
    inside = sorted((span, role) for role, span in marks if window.contains(span))
    for span, role in inside:
        if span.start < position:  # overlaps the mark before it: shown with the next line's legend only
            continue
        pieces.append(text[position : span.start])
        words = span.of(text)
        if colour:
            pieces.append(f"\0{role}\1{words}\2")
        else:
            pieces.append(f"[{role}: {words}]")
        position = span.end
    pieces.append(text[position : window.end])
    flat = " ".join("".join(pieces).split())
    for line in textwrap.wrap(
        flat, 100, initial_indent="  │ ", subsequent_indent="  │ ", break_on_hyphens=False
    ):
        yield _coloured(line) if colour else printable(line)


def _coloured(line: str) -> str:
    for role, code in {**COLOURS, "mention": "4"}.items():
        line = line.replace(f"\0{role}\1", f"\x1b[{code}m")
    return line.replace("\2", "\x1b[0m")
