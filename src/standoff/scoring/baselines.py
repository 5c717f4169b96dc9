"""Two coders to compare with: a small dictionary coder, and one that gives every passage the commonest code.

Neither is meant to be good. The dictionary coder (`schema/baseline/verbs.csv`) was written from the code labels and
general English, without looking at any document of the dataset: it takes the first actor named before a listed verb
as actor, the first after it as target, and the publication date as date. The commonest-code coder is told where every
event and every hard negative is, and knows nothing else: what it scores is the floor for telling codes apart.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Generic, TypeVar

from standoff import schema
from standoff.codes import shipped
from standoff.exchange.documents import Document
from standoff.exchange.records import Party, Passage, Record
from standoff.model.actors import Registry
from standoff.model.spans import Span
from standoff.scoring.codes import CodeTree
from standoff.scoring.gold import Gold

DICTIONARY = "dictionary coder"
COMMONEST = "commonest code"
STATUS = "asserted"


T = TypeVar("T")
_WORD = re.compile(r"\w+")


class Phrases(Generic[T]):
    """Phrases to look for in a text, each with what it stands for; case does not count, the longest phrase wins."""

    def __init__(self, meanings: Mapping[str, T]) -> None:
        self._by_word: defaultdict[str, list[tuple[str, T]]] = defaultdict(list)
        for phrase in sorted(meanings, key=lambda phrase: (-len(phrase), phrase)):
            if (first := _WORD.match(phrase)) is not None:
                self._by_word[first[0].lower()].append((phrase.lower(), meanings[phrase]))

    def find(self, text: str, within: Span) -> Iterator[tuple[int, int, T]]:
        """Yield start, end and meaning of every phrase inside a span, in order and without overlap."""
        at = within.start
        for word in _WORD.finditer(text, within.start, within.end):
            if word.start() < at:
                continue
            for phrase, meaning in self._by_word.get(word[0].lower(), ()):
                end = word.start() + len(phrase)
                whole = end >= len(text) or not (text[end].isalnum() and text[end - 1].isalnum())
                if end <= within.end and whole and text[word.start() : end].lower() == phrase:
                    yield word.start(), end, meaning
                    at = end
                    break


@cache
def lexicon() -> Phrases[str]:
    """Return the listed phrases with their codes."""
    path = schema.folder() / "baseline" / "verbs.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return Phrases({row["phrase"]: row["code"] for row in csv.DictReader(file)})


def dictionary_coder(gold: Gold) -> tuple[Record, ...]:
    """Return what the dictionary coder makes of the documents whose text is known."""
    names = _names(gold.registry)
    return tuple(
        record
        for document in gold.documents.values()
        if document.text is not None
        for record in _code(document, names)
    )


def _names(registry: Registry) -> Phrases[Party]:
    """Return every name of the registry and of the country list with its party."""
    parties: dict[str, Party] = {}
    for codes in shipped.scheme().actor_lists.values():
        if codes.countries:
            parties |= {row[codes.label] or "": Party(code=code) for code, row in codes.items()}
    for actor in registry.values():
        parties |= {name: Party(id=actor.id) for name in (actor.name, *actor.aliases)}
    return Phrases(parties)


def _code(document: Document, names: Phrases[Party]) -> Iterator[Record]:
    text = document.text or ""
    verbs = lexicon()
    for sentence in document.sentences:
        found = list(verbs.find(text, sentence))
        named = list(names.find(text, sentence)) if found else []
        for start, end, code in found:
            before = [party for _, last, party in named if last <= start]
            after = [party for first, _, party in named if first >= end]
            yield Record(
                line=start,
                id=f"{document.id}:{start}",
                document=document.id,
                document_id=document.id,
                trigger=Passage(text[start:end], Span(start, end)),
                evidence=Passage(None, sentence),
                action=code,
                actors=tuple(before[-1:]),
                targets=tuple(after[:1]),
                date=document.published,
                status=STATUS,
            )


def commonest_code(gold: Gold, codes: CodeTree) -> tuple[Record, ...]:
    """Return one record at each gold event and each hard negative, all with the commonest code of the gold."""
    counts = Counter(code for record in gold.records if (code := codes.find(record.action)))
    if not counts:
        return ()
    commonest = min(counts, key=lambda code: (-counts[code], code))
    passages = [(record.document_id, record.trigger) for record in gold.records]
    passages += [(each.document_id, Passage(each.words, each.span)) for each in gold.negatives]
    return tuple(
        Record(
            line=number,
            document=name,
            document_id=name,
            trigger=passage,
            action=commonest,
            actors=(),
            targets=(),
            date=gold.documents[name or ""].published,
            status=STATUS,
        )
        for number, (name, passage) in enumerate(passages, start=1)
    )
