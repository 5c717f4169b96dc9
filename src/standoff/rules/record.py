"""Rules about the words and the id of one record, an event or a negative."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from standoff.codes import languages
from standoff.findings import Data, shortened
from standoff.model.patterns import pattern
from standoff.model.places import Fix, Path, Place
from standoff.model.quotes import QuoteAmbiguous, QuoteNotFound, Selector
from standoff.model.spans import (
    crosses_blank_line,
    joins_characters,
    line_column,
    splits_grapheme,
    whole_words,
)
from standoff.rules.context import Context
from standoff.rules.form import path_name
from standoff.rules.history import is_vanished
from standoff.rules.rule import RECORD, Fault, rule
from standoff.rules.text import FORMULA
from standoff.source.raw_text import hidden_characters
from standoff.source.records import Event, Negative, Quote

if TYPE_CHECKING:
    from standoff.model.closest import Passage

Record = Event | Negative

ANCHORED = ("document-missing", "document-changed", "quote-not-found", "quote-ambiguous")

# ---- quotes --------------------------------------------------------------------------------------------------

_SHOWN = 10  # so many places of an ambiguous quote are named

FIELD = {
    "evidence": "the evidence",
    "trigger": "the trigger",
    "actor": "the actor's words",
    "target": "the target's words",
    "attribution": "the source's words",
    "via": "the relay's words",
    "mention": "the mention",
    "place": "the place's words",
    "link": "the link's words",
    "mark": "the mark",
    "negative": "the quote",
}
"""What messages call the words of a field."""


_PLURAL = ("actor", "target", "attribution", "via", "place", "link")


def verb(field: str, singular: str, plural: str) -> str:
    """Return the form of a verb that agrees with the words of a field: "the trigger is", "the actor's words are"."""
    return plural if field in _PLURAL else singular


_PUBLISHED = ("trigger", "actor", "target", "attribution", "via", "place", "link", "negative")
"""Fields whose words are cells of a release."""


@rule(RECORD, severity="warning", requires=ANCHORED)
def unsafe_quote(record: Record, context: Context) -> Iterator[Fault]:
    """Quoted words begin like a formula or have a control character. A spreadsheet or terminal would run them.

    Begin with the next word, or end before the character. Released words are exactly those of the document,
    so nothing is removed from them.
    """
    for field, quote in record.quotes():
        if field not in _PUBLISHED or quote.span is None or context.text is None:
            continue
        words = context.text[quote.span.start : quote.span.end]
        if words.startswith(FORMULA):
            message = f"the words begin with {words[0]!r}, as formulas do"
            yield Fault(quote.path, message, "begin with the next word")
        if words.isprintable():
            continue
        for hidden in hidden_characters(re.sub("[\r\n\t]", "", words))[:1]:
            yield Fault(
                quote.path, f"the words are not plain text: {hidden.message}", "quote the words beside it"
            )


@rule(RECORD, requires=("document-missing", "document-changed", "curly-quotes"))
def quote_not_found(record: Record, context: Context) -> Iterator[Fault]:
    """Quoted words were not found: evidence and mentions must be in the document, all other words in the evidence.

    Copy the words from the document, with its curly quotes, dashes and spaces. If the words of an actor,
    target, source, place, link or mark are outside the evidence, add `outside: true`.
    """
    missing = [(field, quote) for field, quote in record.quotes() if quote.error is not None]
    whole = _whole_evidence(record, context) if missing else None
    reported: set[tuple[str, bool]] = set()
    for field, quote in missing:
        if isinstance(quote.error, QuoteNotFound):
            outside = quote.in_document
            if (quote.words, outside) in reported:
                continue  # the same words of another field: one correction of the evidence or of the words fixes both
            reported.add((quote.words, outside))
            if whole is not None and not outside and quote.words in whole:
                yield Fault(
                    record.evidence.path if record.evidence else quote.path,
                    f'the evidence cuts a word, so that {FIELD[field]} "{shortened(quote.words)}" '
                    f"{verb(field, 'is', 'are')} not in it",
                    "quote whole words",
                    closest=whole,
                    id=record.id,
                )
                return
            closest = _closest(quote.error, context)
            remedy = "quote the words exactly as they are in the document"
            assert context.text is not None, "without a document no words are looked for"
            if not outside and quote.words in context.text:
                elsewhere = "the words are elsewhere in the document: "
                remedy = elsewhere + (
                    "add outside: true, or widen the evidence" if field != "trigger" else "widen the evidence"
                )
                closest = None
            elif closest is not None and closest.differences:
                remedy = "copy the words from the document: " + "; ".join(closest.differences[:3])
            at, fix = _correction(quote, quote.error.missing, closest, context)
            yield Fault(
                at,
                f'{FIELD[field]} "{shortened(quote.words)}" '
                f"{verb(field, 'does', 'do')} not occur in "
                f"{'the document' if outside else 'the evidence'}{_beside(quote.selector)}",
                remedy,
                closest=closest.text if closest is not None else None,
                fix=fix,
                id=record.id,
                data=Data(field=path_name(quote.path), value=shortened(quote.words, 200)),
            )


def _whole_evidence(record: Record, context: Context) -> str | None:
    """Return the evidence with the words that it cuts made whole; None where it cuts none or was not found."""
    span = record.evidence.span if record.evidence else None
    if context.text is None or span is None:
        return None
    whole = whole_words(context.text, span)
    return None if whole == span else whole.of(context.text)


def _beside(selector: Selector) -> str:
    """What else is asked of the place of words, which may well occur without it."""
    given = [name for name in ("prefix", "suffix") if getattr(selector, name)]
    return f" with the {' and '.join(given)} that {'is' if len(given) == 1 else 'are'} given" if given else ""


def _closest(error: QuoteNotFound, context: Context) -> Passage | None:
    """The passage that was meant; None also where the file has had its share of searching."""
    return error.closest if context.budget.search(context.file.shown, error.searched) else None


def _correction(
    quote: Quote, missing: str, closest: Passage | None, context: Context
) -> tuple[Path | Place, Fix | None]:
    """Where the words go wrong, if in one character, and the fix, if they differ from the text in typography only."""
    if closest is None or quote.words.count(missing) != 1 or closest.text == missing:
        return quote.path, None
    place = context.file.places.of(quote.path)
    fix = None
    from standoff.model.closest import same_words  # imported late, as below: few quotes are not found

    if same_words(missing, closest.text):
        fix = _rewording(quote, quote.words.replace(missing, closest.text), context)
    line = context.file.lines[place.line - 1]
    written = line[place.column - 1 : place.end_column - 1] if place.line == place.end_line else ""
    if written not in (quote.words, f'"{quote.words}"', f"'{quote.words}'"):
        return (
            quote.path,
            fix,
        )  # folded or with escapes: the characters of the file are not those of the words
    before = _shared(missing, closest.text)
    after = _shared(missing[before:][::-1], closest.text[before:][::-1])
    if max(len(missing), len(closest.text)) - before - after > 1:
        return quote.path, fix
    column = place.column + written.index(missing) + before
    return Place(place.line, column, place.line, column + 1), fix


def _rewording(quote: Quote, words: str, context: Context) -> Fix | None:
    """The fix that writes other words; None for a block scalar, whose place reaches into the line below it."""
    place = context.file.places.of(quote.path)
    if context.file.lines[place.line - 1][place.column - 1 : place.column] in ("|", ">"):
        return None
    from standoff.source.canonical import quoted

    return Fix(place, quoted(words))


def _shared(a: str, b: str) -> int:
    """How many characters two texts begin with in common."""
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


@rule(RECORD, requires=("document-missing", "document-changed"))
def quote_ambiguous(record: Record, context: Context) -> Iterator[Fault]:
    """Quoted words occur more than once in the passage in which they are looked for.

    Quote more words, or add `prefix` or `suffix`: the words right before or after the right place.
    """
    for field, quote in record.quotes():
        if isinstance(quote.error, QuoteAmbiguous):
            assert context.text is not None, "without a document no words are looked for"
            places = quote.error.occurrences
            lines = [str(line_column(context.text, span.start)[0]) for span in places[:_SHOWN]]
            shown = ", ".join(dict.fromkeys(lines)) + (" …" if len(places) > _SHOWN else "")
            where = "document" if quote.in_document else "evidence"
            yield Fault(
                quote.path,
                f'{FIELD[field]} "{shortened(quote.words)}" fits {len(places)} places of the {where} '
                f"(line{'s' * (len(set(lines)) > 1)} {shown})",
                "quote more words, or add prefix: or suffix: with the words right before or after",
            )


@rule(RECORD, requires=ANCHORED)
def quote_padded(record: Record, context: Context) -> Iterator[Fault]:
    """Quoted words begin or end with white space.

    Trim them. The space is not part of the words.
    """
    for field, quote in record.quotes():
        if quote.words != quote.words.strip():
            fix = _rewording(quote, quote.words.strip(), context)
            yield Fault(quote.path, f"{FIELD[field]} begins or ends with white space", "trim it", fix=fix)


@rule(RECORD, requires=("quote-padded",))
def quote_cut(record: Record, context: Context) -> Iterator[Fault]:
    """Quoted words cross a blank line, or cut a character in two.

    Evidence is at most one sentence. A character that is made of several code points is quoted whole.
    """
    if context.text is None:  # what the file says of its document has not the right form
        return
    for field, quote in record.quotes():
        assert quote.span is not None, "words that are not found once are other rules' business"
        if crosses_blank_line(context.text, quote.span):
            yield Fault(
                quote.path,
                f"there is a blank line within {FIELD[field]}",
                "quote words of one paragraph; use mentions for more",
            )
        if joins_characters(context.text) and any(
            splits_grapheme(context.text, offset) for offset in (quote.span.start, quote.span.end)
        ):
            yield Fault(
                quote.path,
                f"{FIELD[field]} begins or ends inside a character (an accent, an emoji or a line end)",
                "quote the whole character as it is in the document",
            )


# ---- negatives -----------------------------------------------------------------------------------------------


@rule(RECORD, about="would_be")
def would_be_unknown(record: Record, context: Context) -> Iterator[Fault]:
    """`would_be` of a negative has an action that is not a code of the scheme, or an actor that is not in the registry.

    Choose the action from the scheme's list and the ids from `dataset/actors.yaml`, as in an event.
    """
    if not isinstance(record, Negative) or (entry := record.would_be) is None:
        return
    actions = context.scheme.actions
    if entry.action not in actions:
        near = actions.nearest(entry.action) if context.budget.compare(len(actions)) else []
        yield Fault(
            (*entry.path, "action"),
            f'the action "{entry.action}" of would_be is not a {context.scheme.code_name}',
            f"see the list of {context.scheme.title}, {context.scheme.file}",
            closest=near[0] if near else None,
        )
    for key, actor_id in (("actor", entry.actor_id), ("target", entry.target_id)):
        known = (
            actor_id is None
            or context.corpus.lists_actor(actor_id)
            or is_vanished(context.corpus, actor_id, "actors")  # the entry that is gone is reported instead
        )
        if actor_id is not None and not known:
            near = context.registry.nearest(actor_id) if context.budget.compare(len(context.registry)) else []
            yield Fault(
                (*entry.path, key),
                f'the {key} "{actor_id}" of would_be is not in the registry',
                "correct the id, or add an entry to dataset/actors.yaml",
                closest=near[0] if near else None,
            )


@rule(RECORD, requires=("would-be-unknown",), about="would_be")
def would_be_itself(record: Record, context: Context) -> Iterator[Fault]:
    """`would_be` of a negative names the same registry entry as actor and as target.

    Even a careless coder enters two parties. Correct one of the two ids, or leave it out.
    """
    entry = record.would_be if isinstance(record, Negative) else None
    if entry is not None and entry.actor_id is not None and entry.actor_id == entry.target_id:
        message = f"{entry.actor_id} is both actor and target of would_be"
        yield Fault((*entry.path, "target"), message, "correct one of the two, or leave it out")


_MARKED = frozenset({"conditional", "negated"})
"""Reasons that a word of the grammar always shows: if, unless, not, no, denied."""
_WORD = pattern(r"\w+")


@rule(RECORD, severity="warning", requires=ANCHORED)
def reason_contradicted(record: Record, context: Context) -> Iterator[Fault]:
    """The reason of a negative is not the one that its `mark` shows: "if" is conditional, "could" hypothetical.

    The mark nearest to the misleading verb decides the reason. Correct the reason, or quote the word that it rests on.
    `schema/languages/` lists the words that mark one reason only.
    """
    known = languages.language(context.language)
    if not isinstance(record, Negative) or record.mark is None or known is None:
        return
    mark, core = record.mark.words.casefold(), context.corpus.vocabulary.core(record.reason)
    for reason, words in known.marks.items():
        if mark in words and core != reason:
            yield Fault(
                (*record.path, "reason"),
                f'the mark "{record.mark.words}" shows that the reason is {reason}, not {record.reason}',
                f"write {reason}, or quote the words that show the reason",
                closest=reason,
                data=Data(words=record.mark.words, expected=[reason]),
            )


@rule(RECORD, severity="warning")
def mark_missing(record: Record, context: Context) -> Iterator[Fault]:
    """A word shows the reason of a negative, such as if, not or could, but no `mark` quotes it.

    Add `mark` with the word. If no word says so, choose another reason. `conditional` and `negated` always have a mark.
    """
    if not isinstance(record, Negative) or record.evidence is None or record.mark is not None:
        return
    known = languages.language(context.language)
    shown = known.marks.get(context.corpus.vocabulary.core(record.reason), ()) if known else ()
    words = set(_WORD.findall(record.evidence.words.casefold()))
    if record.reason in _MARKED or words.intersection(shown):
        yield Fault(
            (*record.path, "reason"),
            f"the reason is {record.reason}, but no mark quotes the words that say so",
            "add mark: with these words, or choose another reason",
            data=Data(expected=["mark"]),
        )


# ---- ids -----------------------------------------------------------------------------------------------------


@rule(RECORD, requires=("file-name-not-id",))
def id_of_other_document(record: Record, context: Context) -> Iterator[Fault]:
    """A record's id does not begin with the id of the document it is in.

    Give it the document's next free number.
    """
    document = context.document
    if document is not None and record.id.partition("-")[0] != document.id:
        yield Fault(
            (*record.path, "id"),
            f"{record.id} is in the file of {document.id}",
            "use the document's next number",
        )
