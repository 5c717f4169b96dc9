"""Rules about which words a record quotes: whole words, the right ones, and no more than needed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from standoff.findings import Data, shortened
from standoff.model.classes import replace
from standoff.model.names import name_key
from standoff.model.patterns import pattern
from standoff.model.spans import Span, ends_of_sentences, splits_word, whole_words
from standoff.rules.context import Context
from standoff.rules.record import ANCHORED, FIELD, verb
from standoff.rules.rule import DOCUMENT, EVENT, RECORD, Fault, rule
from standoff.source.corpus import AnnotationFile
from standoff.source.records import Document, Event, Location, Negative

_ORDINAL = pattern(r"(?<!\d)\d{1,2}\.$")
SHARE = 1 / 3
"""Part of a document that the words published of it may cover."""
LONG_ENOUGH = 1500
"""Characters from which on a document can be coded without quoting so much."""
TOO_SHORT = 600
"""Characters below which the names and verbs of a few sentences are a third of a document anyway."""

# ---- what is quoted ------------------------------------------------------------------------------------------


@rule(RECORD, requires=("quote-cut", *ANCHORED))
def word_cut(record: Event | Negative, context: Context) -> Iterator[Fault]:
    """Quoted words begin or end within a word.

    Quote whole words. Scripts without spaces between words are not checked.
    """
    if context.text is None:
        return
    for field, quote in record.quotes():
        if quote.span is None:
            continue
        start, end = quote.span.start, quote.span.end
        if not (context.text[start - 1 : start + 1].isalnum() or context.text[end - 1 : end + 1].isalnum()):
            continue  # no two letters there, as is usual
        cut = [offset for offset in (start, end) if splits_word(context.text, offset)]
        if cut:
            whole = whole_words(context.text, quote.span).of(context.text)
            yield Fault(
                quote.path,
                f'{FIELD[field]} "{shortened(quote.words)}" {"begins" if cut[0] == quote.span.start else "ends"} '
                "within a word",
                "quote whole words",
                closest=whole,
                data=Data(expected=[whole]),
            )


@rule(EVENT, severity="warning", requires=("word-cut", *ANCHORED))
def evidence_several_sentences(event: Event, context: Context) -> Iterator[Fault]:
    """The evidence is longer than one sentence.

    Quote the one sentence, or the part of it, that reports the act. Put other sentences that report it into
    `mentions`.
    """
    span = event.evidence.span
    if context.text is None or span is None:
        return
    ends = [end for end in ends_of_sentences(context.text, span) if span.start < end < span.end]
    if not context.language.startswith("en"):  # many languages write ordinals with a point: am 3. Juni
        ends = [end for end in ends if not _ORDINAL.search(context.text, max(0, end - 4), end)]
    if ends:
        yield Fault(
            event.evidence.path,
            f"the evidence runs over {len(ends) + 1} sentences",
            "quote one sentence; put other sentences that report the act into mentions",
            data=Data(words=shortened(Span(span.start, ends[0]).of(context.text), 200)),
        )


@rule(RECORD, severity="warning", requires=("quote-padded", *ANCHORED))
def quote_ends_in_comma(record: Event | Negative, context: Context) -> Iterator[Fault]:
    """The evidence or the trigger begins or ends with a comma, a semicolon or a colon.

    Leave it out: it separates the words from those that are not quoted.
    """
    for field, quote in (("evidence", record.evidence), ("trigger", record.trigger)):
        if quote is None or not (quote.words[:1] in _COMMAS or quote.words[-1:] in _COMMAS):
            continue
        if words := quote.words.strip(_COMMAS + " "):
            yield Fault(
                quote.path,
                f'{FIELD[field]} "{shortened(quote.words)}" begins or ends with "{quote.words[-1] if quote.words[-1] in _COMMAS else quote.words[0]}"',
                "leave it out",
                closest=words,
                data=Data(expected=[words]),
            )


_COMMAS = ",;:，、；：،؛"


@rule(EVENT, severity="warning", requires=("trigger-no-act", *ANCHORED))
def trigger_too_long(event: Event, context: Context) -> Iterator[Fault]:
    """The trigger is the whole evidence, or has more than fifteen words.

    Quote only the words that name the act: the verb with what it needs, or the noun.
    """
    if len(event.trigger.words) < 2 * WHOLE_CLAUSE:
        return
    words = len(event.trigger.words.split())
    span = event.trigger.span
    whole = span is not None and span == event.evidence.span and words >= WHOLE_CLAUSE
    if whole or words > LONGEST_TRIGGER:
        yield Fault(
            event.trigger.path,
            f'the trigger "{shortened(event.trigger.words)}" '
            + ("is the whole evidence" if whole else f"has {words} words"),
            "quote only the words that name the act",
            data=Data(words=shortened(event.trigger.words, 200)),
        )


WHOLE_CLAUSE = 6
"""Words from which on evidence has a part that names the act, and other parts."""
LONGEST_TRIGGER = 15
"""Words of a trigger up to which it may name the act. The longest of this dataset and its passes has ten."""


@rule(RECORD, requires=("quote-cut", *ANCHORED))
def outside_needless(record: Event | Negative, context: Context) -> Iterator[Fault]:
    """`outside: true` is set for words that are inside the evidence.

    Delete `outside`: words are looked for in the evidence first.
    """
    evidence = record.evidence.span if record.evidence else None
    for field, quote in record.quotes():
        if field in ("evidence", "mention") or evidence is None or quote.span is None:
            continue
        if quote.in_document and evidence.contains(quote.span):
            yield Fault(
                (*quote.path[:-1], "outside"),
                f'{FIELD[field]} "{shortened(quote.words)}" {verb(field, "is", "are")} inside the evidence',
                "delete outside: true",
                key=True,
            )


@rule(EVENT, severity="warning", requires=ANCHORED, about="mentions")
def mention_overlaps(event: Event, context: Context) -> Iterator[Fault]:
    """A mention overlaps the evidence or another mention of the same event.

    `mentions` are further passages that report the act. Delete the mention, or quote the other passage. If
    one sentence does name the act twice, accept the finding with the reason.
    """
    seen = [("the evidence", event.evidence)]
    for i, mention in enumerate(event.mentions):
        for name, other in seen:
            if mention.span is not None and other.span is not None and mention.span.overlaps(other.span):
                yield Fault(
                    mention.path,
                    f'mention {i + 1} "{shortened(mention.words)}" overlaps {name}',
                    "delete the mention, or quote another passage",
                    data=Data(other=name),
                )
                break
        seen.append((f"mention {i + 1}", mention))


@rule(EVENT, requires=ANCHORED)
def trigger_no_act(event: Event, context: Context) -> Iterator[Fault]:
    """The trigger has no letter, or has the words of an actor or target instead of those that name the act.

    Quote the words that name the act: a verb such as "warned", or a noun such as "attack".
    """
    words = event.trigger.words
    if not words.isalpha() and not any(char.isalpha() for char in words):
        yield Fault(
            event.trigger.path, f'the trigger "{words}" has no letter', "quote the words that name the act"
        )
        return
    span = event.trigger.span
    for role, party in event.parties():
        quoted = party.quote.span if party.quote else None
        if quoted is not None and span is not None and quoted.start == span.start and quoted == span:
            yield Fault(
                event.trigger.path,
                f'the trigger "{shortened(words)}" is also quoted as {FIELD[role]}',
                "quote the words that name the act",
                data=Data(other=party.actor_id),
            )
            return


@rule(EVENT, severity="warning", requires=("unknown-actor", "actor-is-target", *ANCHORED))
def words_of_other_actor(event: Event, context: Context) -> Iterator[Fault]:
    """The words quoted for an actor are the name of an entry of another country, or of another person.

    Correct the id or the words. If the words do name this actor, add them to its aliases or accept the
    finding with the reason.
    """
    faults: list[Fault] = []
    seen: set[tuple[str, str]] = set()
    for role, party in event.parties():
        actor = context.registry.get(party.actor_id)
        if actor is None or party.quote is None:
            continue
        key = _without_article(name_key(party.quote.words))
        named = context.corpus.actors_named.get(key, ())
        if not named or actor.id in named:
            continue
        others = [context.registry[each] for each in named]
        ancestors = context.registry.ancestors
        if any(each.id in ancestors(actor.id) or actor.id in ancestors(each.id) for each in others):
            continue  # one belongs to the other
        for other in others:
            abroad = actor.country and other.country and other.country != actor.country
            if abroad or actor.kind == other.kind == PERSON:
                if (other.id, actor.id) in seen:
                    first = faults.pop(next(i for i, each in enumerate(faults) if each.closest == actor.id))
                    message = f"{actor.id} and {other.id} are swapped: the words of each name the other"
                    faults.append(
                        replace(
                            first, message=message, remedy="swap the two ids, or their words", closest=None
                        )
                    )
                    break
                seen.add((actor.id, other.id))
                faults.append(
                    Fault(
                        (*party.path, "id"),
                        f'{FIELD[role]} "{shortened(party.quote.words)}" name {other.id}, not {actor.id}',
                        f"write {other.id}, or quote the words that name {actor.id}",
                        closest=other.id,
                        data=Data(other=other.id, words=party.quote.words),
                    )
                )
                break
    yield from faults


@rule(EVENT, severity="warning", requires=("unknown-place", *ANCHORED), about="where")
def words_of_other_place(event: Event, context: Context) -> Iterator[Fault]:
    """The words quoted for a place are the name of another place.

    Correct the id or the words. Where the words do stand for this place, accept the finding with the reason.
    """
    gazetteer = context.corpus.gazetteer
    swapped: set[tuple[str, str]] = set()
    for location in event.where:
        place = gazetteer.get(location.place_id)
        words = _without_article(name_key(location.quote.words))
        named = [each for each in context.corpus.places_named.get(words, ()) if each != location.place_id]
        if place is None or words == name_key(place.name):
            continue
        if not named:
            yield from _words_of_actor(location, words, context)
            continue
        other = gazetteer[named[0]]
        swapped.add((place.id, other.id))
        if (other.id, place.id) in swapped:
            continue  # two places that are swapped are one fault
        if other.parent != place.id and place.parent != other.id:  # neither is a part of the other
            yield Fault(
                (*location.path, "place"),
                f'the place\'s words "{shortened(location.quote.words)}" name {other.id}, not {place.id}',
                f"write {other.id}, or quote the words that name {place.id}",
                closest=other.id,
                data=Data(other=other.id, words=location.quote.words),
            )


def _words_of_actor(location: Location, words: str, context: Context) -> Iterator[Fault]:
    """Yield a fault if the words quoted for a place are the name of an actor that is no place either."""
    actors = [context.registry[each] for each in context.corpus.actors_named.get(words, ())]
    if actors and all(actor.kind in NOWHERE_KINDS for actor in actors):
        yield Fault(
            (*location.path, "quote"),
            f'the place\'s words "{shortened(location.quote.words)}" name the actor {actors[0].id}',
            "quote the words that name the place, or delete the entry",
            data=Data(other=actors[0].id, words=location.quote.words),
        )


NOWHERE_KINDS = frozenset(
    {"person", "party", "armed-group", "military", "military-unit", "intelligence", "media"}
)
"""Kinds of actors whose names are never those of a place."""

PERSON = "person"
"""The kind of actors who are one person."""


def _without_article(name: str) -> str:
    return name.removeprefix("the ")


# ---- negatives -----------------------------------------------------------------------------------------------


@rule(DOCUMENT, requires=("document-missing", "document-changed"))
def negatives_overlap(document: Document, context: Context) -> Iterator[Fault]:
    """Two negatives quote the same words.

    Code each passage as one negative only. Keep the one with the better reason, or quote different words.
    """
    assert isinstance(context.file, AnnotationFile), "documents are in annotation files"
    spans = sorted(
        ((each.trigger.span, each) for each in context.file.negatives if each.trigger.span is not None),
        key=lambda pair: (pair[0], pair[1].id),
    )
    for (span, negative), (next_span, following) in pairwise(spans):
        if span.overlaps(next_span) and negative.id != following.id:
            first, second = sorted((negative, following), key=lambda each: each.id)
            yield Fault(
                second.trigger.path,
                f"{second.id} and {first.id} quote the same words",
                "keep one of the two, or quote different words",
                id=second.id,
                data=Data(other=first.id),
            )


# ---- how much is published -----------------------------------------------------------------------------------


def published_share(file: AnnotationFile) -> float | None:
    """Return the part of a document's characters that the words published of it cover; None without its text.

    Published are the triggers, the words of the parties, and the words of the negatives.
    """
    if file.seed is None or not file.seed.text:
        return None
    spans = [event.trigger.span for event in file.events]
    spans += [party.quote.span for event in file.events for _, party in event.parties() if party.quote]
    spans += [negative.trigger.span for negative in file.negatives]
    covered = reach = 0
    for start, end in sorted([(span.start, span.end) for span in spans if span is not None]):
        if end > reach:
            covered += end - max(start, reach)
            reach = end
    return covered / len(file.seed.text)


def _too_much(context: Context, *, long: bool) -> Iterator[Fault]:
    file = context.file
    assert isinstance(file, AnnotationFile), "documents are in annotation files"
    length = len(context.text or "")
    if file.annotator is not None or length < TOO_SHORT or (length >= LONG_ENOUGH) != long:
        return
    share = published_share(file)
    if share is None or share <= SHARE:
        return
    yield Fault(
        ("document", "file"),
        f"the words that a release would publish are {share:.0%} of the document; at most {SHARE:.0%} may be",
        "shorten triggers, the words of parties, and negatives to what is needed",
        data=Data(expected=[f"at most {SHARE:.0%}"]),
    )


@rule(DOCUMENT, requires=("document-missing", "document-changed"))
def too_much_quoted(document: Document, context: Context) -> Iterator[Fault]:
    """The words that a release publishes cover more than a third of the document.

    Triggers, the words of actors and targets, and the words of negatives are published. Evidence is not. A
    document of 1,500 characters or more can be coded with less: quote only the words that name the act or
    the party.
    """
    yield from _too_much(context, long=True)


@rule(DOCUMENT, severity="warning", requires=("document-missing", "document-changed"))
def much_of_short_document_quoted(document: Document, context: Context) -> Iterator[Fault]:
    """The words that a release publishes cover more than a third of a document of 600 to 1,500 characters.

    Quote fewer words. If you may publish this much of the document, accept the finding.
    """
    yield from _too_much(context, long=False)
