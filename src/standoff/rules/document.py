"""Rules about a document: its text, its own date, and whether its records agree with each other."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from standoff.codes import languages
from standoff.findings import Data
from standoff.model.spans import Span
from standoff.rules.context import Context
from standoff.rules.form import FORM, show_value
from standoff.rules.rule import DOCUMENT, FILE, Fault, rule
from standoff.source.corpus import AnnotationFile, documents_folder
from standoff.source.files import MAX_DOCUMENT_BYTES, SeedText, SourceFile, read_seed
from standoff.source.records import Document, Event


def _seed(context: Context) -> SeedText:
    assert context.seed is not None, "whenever there is a document, its text has been looked for"
    return context.seed


@rule(FILE, requires=FORM)
def documents_folder_missing(file: SourceFile) -> Iterator[Fault]:
    """The folder of the documents is not there.

    `documents` in `dataset.toml` names a folder beside the dataset's folder. Correct the name, or put the folder there.
    """
    if file.kind != "dataset" or not isinstance(file.value, dict):
        return
    folder = documents_folder(file.file.parent, file)
    annotated = (file.file.parent / "events").is_dir() and any((file.file.parent / "events").glob("*.yaml"))
    if annotated and not folder.exists() and not folder.is_symlink():
        stated = "documents" in file.value["dataset"]
        yield Fault(
            ("dataset", "documents") if stated else ("dataset",),
            f"there is no folder {folder.name}/ beside the dataset's folder",
            "correct the name of the folder"
            if stated
            else "put the documents there, or name their folder in documents",
            data=Data(expected=[folder.name]),
        )


@rule(DOCUMENT)
def document_missing(document: Document, context: Context) -> Iterator[Fault]:
    """The document's text is not in the folder of documents, or its file name leads out of that folder.

    Give the bare name of a regular UTF-8 text file in the folder that `documents` in `dataset.toml` names (without it,
    in the folder of documents): no folders, no `..`, no links.
    """
    seed = _seed(context)
    if seed.problem is None:
        return
    folder = f"{context.corpus.documents.name}/"
    what, remedy = {
        "escapes": (f"is outside of {folder}", f"write the bare name of a file in {folder}"),
        "link": (f"is a symbolic link, or {folder} is one", f"put the file itself into {folder}"),
        "irregular": ("is not a regular file", "put the text file there, or correct the name"),
        "missing": (f"is not in {folder}", "put the text file there, or correct the name"),
        "large": (f"has more than {MAX_DOCUMENT_BYTES:,} bytes", "split it, and keep one report in a file"),
        "unreadable": ("cannot be read", "check its name and its permissions"),
        "blank": ("holds no words", "restore the text as it was received"),
        "encoding": ("is not UTF-8", "documents are kept byte for byte: code only documents that are UTF-8"),
    }[seed.problem]
    # A folder that is missing is reported once, in dataset.toml.
    texts = context.corpus.documents
    told = not (texts.exists() or texts.is_symlink()) or _of_released(document, context)
    yield Fault(("document", "file"), f'the document "{document.file}" {what}', remedy, told=told)


def _of_released(document: Document, context: Context) -> bool:
    """Return whether this is the document of a pass, and the released file states the same file and hash."""
    assert isinstance(context.file, AnnotationFile), "documents are in annotation files"
    return context.file.annotator is not None and any(
        file.document is not None
        and (file.document.file, file.document.sha256) == (document.file, document.sha256)
        for file in context.corpus.files
    )


@rule(DOCUMENT, requires=("conflict-mark", "document-missing"))
def document_changed(document: Document, context: Context) -> Iterator[Fault]:
    """The document's text is not the one that was annotated: its SHA-256 differs.

    Restore the file as it was received (an editor or git may have changed line endings). Only if the text
    was replaced on purpose: read it again, fix the quotes, and write the new hash.
    """
    seed = _seed(context)
    assert seed.sha256 is not None, "a text that cannot be read is another rule's business"
    if seed.sha256 == document.sha256:
        return
    if (right := _text_with_hash(document, context)) is not None:
        yield Fault(
            ("document", "file"),
            f"{document.file} is not the text that was annotated; {right} has its SHA-256",
            f"write file: {right}",
            closest=right,
            told=_of_released(document, context),
        )
    else:
        yield Fault(
            ("document", "sha256"),
            f"{seed.shown} has the SHA-256 {seed.sha256[:12]}…; the annotation expects {document.sha256[:12]}…",
            f"restore the text file as it was received; only for a new document write its hash: {seed.sha256}",
            data=Data(expected=[seed.sha256]),
            told=_of_released(document, context),
        )


MOST_TEXTS = 200
"""The most texts that are read in search for the one that was annotated."""


def _text_with_hash(document: Document, context: Context) -> str | None:
    """Return the name of the text with the stated SHA-256 that no other annotation file is about; None if there is none."""
    corpus = context.corpus
    if corpus.documents.is_symlink() or not corpus.documents.is_dir():
        return None
    taken = {file.document.file for file in corpus.files if file.document is not None}
    names = sorted(path.name for path in corpus.documents.glob("*.txt") if path.name not in taken)
    for name in names if len(names) <= MOST_TEXTS else ():
        if read_seed(corpus.documents, name, corpus.root.parent).sha256 == document.sha256:
            return name
    return None


@rule(DOCUMENT)
def title_bracket_open(document: Document, context: Context) -> Iterator[Fault]:
    """A title has only one of its two square brackets.

    Square brackets around the whole title say that the document gives no headline and the words are ours.
    """
    title = document.title.strip()
    if title.startswith("[") and "]" not in title:
        yield Fault(("document", "title"), "the title begins with [ and has no ]", "close the bracket")
    elif title.endswith("]") and "[" not in title:
        yield Fault(("document", "title"), "the title ends with ] and has no [", "open the bracket")


@rule(
    DOCUMENT,
    severity="note",
    requires=("title-bracket-open", "text-blank", "text-misdecoded", "document-missing", "document-changed"),
)
def title_not_in_text(document: Document, context: Context) -> Iterator[Fault]:
    """The title is not in the document's text.

    Copy the headline as the document gives it. A short description in your own words belongs in square brackets.
    """
    title = document.title.strip()
    if context.text is None or title.startswith("[") or title in context.text:
        return
    if words_key(document.title) not in words_key(context.text):
        yield Fault(
            ("document", "title"),
            f"the document does not have the words {show_value(document.title)}",
            "copy the headline, or put a description of your own in square brackets",
        )


def words_key(text: str) -> str:
    """Return the letters and digits of a text, without regard to case and to what is between them."""
    return "".join(char for char in text.casefold() if char.isalnum())


@rule(DOCUMENT)
def file_name_not_id(document: Document, context: Context) -> Iterator[Fault]:
    """An annotation file is not named after its document.

    Rename the file: document d003 is annotated in d003.yaml.
    """
    if context.file.file.stem != document.id:
        yield Fault(
            ("document", "id"),
            f"the file {context.file.file.name} holds the document {document.id}",
            f"name the file {document.id}.yaml",
        )


@rule(DOCUMENT)
def publication_date_malformed(document: Document, context: Context) -> Iterator[Fault]:
    """The publication date is not in one of the EDTF forms that are used here, or leaves an end open.

    Write one day, or the range of days it must lie in: "[2023-10-26..2023-10-31]".
    """
    published = document.published
    if published.error is not None:
        yield Fault(published.path, languages.date_message(published.text, document.language))
    elif published.known.earliest is None or published.known.latest is None:
        yield Fault(published.path, f"{published.text} leaves an end open", "infer both ends from the text")
    elif "/" in published.text:
        once = f"[{published.text.replace('/', '..')}]"
        yield Fault(
            published.path,
            f"{published.text} is an interval, but a document is published on one day",
            "write the range of days on which it may have been published",
            closest=once,
        )


@rule(DOCUMENT, requires=("publication-date-malformed",))
def publication_basis_contradicted(document: Document, context: Context) -> Iterator[Fault]:
    """The basis of the publication date is the document's address, but no address is given; or a header with a range of days.

    Add `url`, or use another basis. A header gives one day: a range of possible days is `inferred`, with `reason`.
    """
    date = document.published.text
    if document.published_basis == "header" and date.startswith("["):
        yield Fault(
            ("document", "published", "basis"),
            f"the basis of the date is header, but {date} is a range of possible days",
            "write inferred and the reason, or the day that the header gives",
            data=Data(expected=["inferred"]),
        )
    if document.published_basis == "url" and document.url is None:
        yield Fault(
            ("document", "published", "basis"),
            "the basis of the date is url, but the document has no url",
            "add url to the document, or use another basis",
        )


@rule(DOCUMENT, severity="warning")
def edition_outdated(document: Document, context: Context) -> Iterator[Fault]:
    """A released annotation file is in the form of edition 1.

    Write `edition: 2` as its first key, and bring its records into that form. Passes of edition 1 stay as they were made.
    """
    assert isinstance(context.file, AnnotationFile), "documents are in annotation files"
    if context.file.annotator is None and context.file.kind == "annotation-1":
        message = "the file is in the form of edition 1, but released files must be of edition 2"
        yield Fault(
            ("edition",), message, "write edition: 2 as the first key, and bring the records into that form"
        )


@rule(DOCUMENT)
def copy_repeated(document: Document, context: Context) -> Iterator[Fault]:
    """A copy has the address of the document itself, or of another copy.

    `copies` lists other addresses at which the same words were published. Correct the address, or delete the entry.
    """
    seen = {document.url} - {None}
    for i, copy in enumerate(document.copies):
        if copy.url in seen:
            message = f"copy {i + 1} repeats the address of the document or of another copy"
            yield Fault(("document", "copies", i, "url"), message, "correct it, or delete the entry")
        seen.add(copy.url)


# ---- records beside each other -------------------------------------------------------------------------------


@rule(DOCUMENT, severity="warning", requires=("document-missing", "document-changed"))
def same_act_twice(document: Document, context: Context) -> Iterator[Fault]:
    """Two events of a document code the same act: same parties, root and date, and triggers that overlap.

    One act is one record, however often the text mentions it. Keep the more specific one, and put other
    passages that report it into `mentions`. If the words do report two acts, accept the finding with the
    reason.
    """
    alike: dict[tuple[object, ...], list[tuple[Span, Event]]] = {}
    actions = context.scheme.actions
    for event in _overlapping(_file(context).events):
        if event.trigger.span is not None:
            sides = (frozenset(party.actor_id for party in side) for side in (event.actors, event.targets))
            root = actions.root(event.action) if event.action in actions else event.action
            alike.setdefault((root, event.date.text, *sides), []).append((event.trigger.span, event))
    for events in alike.values():
        events.sort(key=lambda pair: pair[0])
        span, other = events[0]  # the one that reaches farthest
        for next_span, event in events[1:]:
            if span.overlaps(next_span) and event.id != other.id:  # else duplicate-id reports it
                yield Fault(
                    (*event.path, "trigger"),
                    f"{event.id} and {other.id} code the same act: same words, parties, root and date",
                    "delete one of the two, or correct the field in which they should differ",
                )
            if next_span.end > span.end:
                span, other = next_span, event


def _overlapping(events: Sequence[Event]) -> Sequence[Event]:
    """Return the events if any two of their triggers overlap, else none."""
    spans = sorted([(span.start, span.end) for event in events if (span := event.trigger.span) is not None])
    return events if any(start < end for (_, end), (start, _) in pairwise(spans)) else ()


@rule(DOCUMENT, severity="warning", requires=("file-name-not-id", "document-missing", "document-changed"))
def negative_is_event(document: Document, context: Context) -> Iterator[Fault]:
    """The words of a negative overlap the trigger of an event. The same words cannot be both.

    Decide which they are. A negative may lie inside an event's evidence, as long as it leaves the trigger alone.
    """
    spans = [(event.trigger.span, event) for event in _file(context).events]
    triggers = sorted(
        [(span.start, span.end, event.id, i) for i, (span, event) in enumerate(spans) if span is not None]
    )
    reach = max([end - start for start, end, *_ in triggers], default=0)
    starts = [start for start, *_ in triggers]
    for negative in _file(context).negatives:
        if (quote := negative.trigger.span) is None:
            continue
        near = triggers[bisect_left(starts, quote.start - reach) : bisect_left(starts, quote.end)]
        cut = [
            (i, event_id) for start, end, event_id, i in near if max(start, quote.start) < min(end, quote.end)
        ]
        # A trigger that has the words of a party is reported itself.
        for event_id in [event_id for i, event_id in cut if not _is_of_party(spans[i][1])][:1]:
            yield Fault(
                negative.trigger.path,
                f"the words of {negative.id} overlap the trigger of {event_id}",
                "quote the misleading words only, or delete one of the two records",
            )


def _is_of_party(event: Event) -> bool:
    """Return whether the trigger of an event has exactly the words of one of its parties."""
    return any(
        party.quote is not None and party.quote.span == event.trigger.span for _, party in event.parties()
    )


def _file(context: Context) -> AnnotationFile:
    assert isinstance(context.file, AnnotationFile), "documents stand in annotation files"
    return context.file
