"""The documents of a dataset that an import may be about, with what their annotation files say of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from standoff.exchange import selectors
from standoff.exchange.documents import Document, document_of
from standoff.model.quotes import Selector
from standoff.source import processes, records
from standoff.source.corpus import Corpus, annotation_paths, read_annotations

_Read = tuple[dict[str, Any], str | None, list[str], int, dict[str, tuple[Selector, ...]]]


@dataclass(frozen=True)
class Known:
    """A document of the dataset: what its annotation file says of it, the ids that are taken, and the file's edition."""

    document: Document
    value: dict[str, Any]
    taken: tuple[str, ...]
    edition: int
    quotes: Mapping[str, tuple[Selector, ...]] = field(default_factory=dict)
    """The quotes of each record that `selectors.quote` may state in another way."""


def known_documents(
    corpus: Corpus, progress: Callable[[int, int], None] | None
) -> tuple[dict[str, Known], list[str]]:
    """Return the documents of a corpus that was read without its files, by id, and the files that say too little of theirs.

    Several processes share many files.

    `progress` is called with the number of files read and of all.
    """
    paths = annotation_paths(corpus)
    number = processes.processes(len(paths))

    def read(share: Sequence[Path]) -> list[_Read | str]:
        found: list[_Read | str] = []
        for done, path in enumerate(share, start=1):
            found.append(_one(corpus, path) or path.name)
            if progress is not None:
                progress(min(done * number, len(paths)), len(paths))
        return found

    retired: defaultdict[str, list[str]] = defaultdict(list)
    for entry in corpus.retired:
        retired[entry.id.partition("-")[0]].append(entry.id)
    known, unknown = {}, []
    for each in (each for share in processes.shared(read, paths) for each in share):
        if isinstance(each, str):
            unknown.append(each)
            continue
        value, text, ids, edition, quotes = each
        about = records.build_document(value)
        known[about.id] = Known(document_of(about, text), value, (*retired[about.id], *ids), edition, quotes)
    return known, unknown


def _one(corpus: Corpus, path: Path) -> _Read | None:
    """Return what a file says of its document, the text, the ids of its records, its edition and quotes; None if it is incomplete."""
    file = read_annotations(corpus, path, records=False)
    if file.document is None:
        return None
    same = file.seed is not None and file.seed.sha256 == file.document.sha256
    text = file.seed.text if file.seed is not None and same else None
    items = [item for key in ("events", "negatives") for _, item in file.items(key)]
    own = {item["id"]: item for item in items if isinstance(item.get("id"), str)}
    quotes = {id_: found for id_, item in own.items() if (found := tuple(selectors.stated(item, text or "")))}
    return file.value["document"], text, list(own), records.edition_of(file.value), quotes
