"""Two coders to compare with: a small dictionary coder, and one that gives every passage the commonest code.

Neither is meant to be good. The dictionary coder (`schema/baseline/verbs.csv`) was written from the code labels and
general English, without looking at any document of the dataset: it takes the first actor named before a listed verb
as actor, the first after it as target, and the publication date as date. The commonest-code coder is told where every
event and every hard negative is, and knows nothing else: what it scores is the floor for telling codes apart.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache

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


@cache
def lexicon() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return a pattern that finds every listed phrase, and the code of each phrase in lower case."""
    path = schema.folder() / "baseline" / "verbs.csv"
    with path.open(encoding="utf-8", newline="") as file:
        codes = {row["phrase"].lower(): row["code"] for row in csv.DictReader(file)}
    longest_first = sorted(codes, key=lambda phrase: (-len(phrase), phrase))
    pattern = r"\b(?:" + "|".join(re.escape(phrase) for phrase in longest_first) + r")\b"
    return re.compile(pattern, re.IGNORECASE), codes


def dictionary_coder(gold: Gold) -> tuple[Record, ...]:
    """Return what the dictionary coder makes of the documents whose text is known."""
    names = _names(gold.registry)
    return tuple(
        record
        for document in gold.documents.values()
        if document.text is not None
        for record in _code(document, names)
    )


def _names(registry: Registry) -> tuple[re.Pattern[str], dict[str, Party]]:
    """Return a pattern for every name of the registry and of the country list, and the party of each name."""
    parties: dict[str, Party] = {}
    for codes in shipped.scheme().actor_lists.values():
        if codes.countries:
            parties |= {(row[codes.label] or "").lower(): Party(code=code) for code, row in codes.items()}
    for actor in registry.values():
        for name in (actor.name, *actor.aliases):
            parties[name.lower()] = Party(id=actor.id)
    longest_first = sorted(parties, key=lambda name: (-len(name), name))
    pattern = r"\b(?:" + "|".join(re.escape(name) for name in longest_first if name) + r")\b"
    return re.compile(pattern, re.IGNORECASE), parties


def _code(document: Document, names: tuple[re.Pattern[str], dict[str, Party]]) -> Iterator[Record]:
    text = document.text or ""
    verbs, codes = lexicon()
    pattern, parties = names
    for sentence in document.sentences:
        named = [
            (m.start(), m.end(), parties[m[0].lower()]) for m in pattern.finditer(text, *_ends(sentence))
        ]
        for match in verbs.finditer(text, *_ends(sentence)):
            before = [party for _, end, party in named if end <= match.start()]
            after = [party for start, _, party in named if start >= match.end()]
            yield Record(
                line=match.start(),
                id=f"{document.id}:{match.start()}",
                document=document.id,
                document_id=document.id,
                trigger=Passage(match[0], Span(*match.span())),
                evidence=Passage(None, sentence),
                action=codes[match[0].lower()],
                actors=tuple(before[-1:]),
                targets=tuple(after[:1]),
                date=document.published,
                status=STATUS,
            )


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end


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
