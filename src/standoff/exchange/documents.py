"""The documents that records refer to, with their texts where the user has them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import PurePath
from typing import TYPE_CHECKING

from standoff.model.dates import EventDate
from standoff.model.spans import Span, sentence_at, skip_space

if TYPE_CHECKING:
    from standoff.source import records


@dataclass(frozen=True)
class Document:
    """One document: its id, what else it is called, and its text (None: not at hand).

    `spans` are the spans of its sentences where they are known without the text.
    """

    id: str
    sha256: str = ""
    text: str | None = None
    url: str | None = None
    file: str | None = None
    published: EventDate | None = None
    title: str | None = None
    spans: tuple[Span, ...] = field(default=(), repr=False)

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """The sentences in order; empty where neither the text nor their offsets are known."""
        return self.spans or (() if self.text is None else tuple(_sentences(self.text)))

    @cached_property
    def _starts(self) -> list[int]:
        return [span.start for span in self.sentences]

    def sentence_of(self, offset: int) -> int | None:
        """Return the number (from 1) of the sentence at an offset; None where sentences are unknown."""
        return max(1, bisect_right(self._starts, offset)) if self.sentences else None


def document_of(about: records.Document, text: str | None) -> Document:
    """Return the document that an annotation file is about, with its text."""
    return Document(
        id=about.id,
        sha256=about.sha256,
        text=text,
        url=about.url,
        file=about.file,
        published=about.published.value,
        title=about.title,
    )


def _sentences(text: str) -> Iterator[Span]:
    """Yield the sentences of a text, each without the white space around it."""
    at = skip_space(text, 0)
    while at < len(text):
        span = sentence_at(text, Span(at, at + 1))
        end = max(span.end, at + 1)
        yield Span(at, end)
        at = skip_space(text, end)


class Documents(Mapping[str, Document]):
    """Known documents by id. `resolve` finds one by whatever a file calls it."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._documents = {document.id: document for document in documents}
        self._names: dict[str, str | None] = {}
        for document in self._documents.values():
            names = {document.id, document.sha256, document.url or ""}
            if document.file:
                path = PurePath(document.file)
                names |= {document.file, path.name, path.stem}
            for name in names - {""}:
                # A name that two documents share names neither.
                known = self._names.setdefault(name, document.id)
                if known != document.id and name not in self._documents:
                    self._names[name] = None

    def __getitem__(self, document_id: str) -> Document:
        return self._documents[document_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._documents)

    def __len__(self) -> int:
        return len(self._documents)

    def resolve(self, name: str | None) -> str | None:
        """Return the id of the document that a file calls `name` (id, file, SHA-256 or address); None if unknown."""
        if not name:
            return None
        if name in self._names:
            return self._names[name]
        stripped = name.strip()
        return self._names.get(stripped) or self._names.get(stripped.lower()) or self._by_path(stripped)

    def _by_path(self, name: str) -> str | None:
        path = PurePath(name.replace("\\", "/"))
        return self._names.get(path.name) or self._names.get(path.stem)
