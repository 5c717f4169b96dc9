"""The documents of a dataset that an import may be about, with what their annotation files say of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from standoff.exchange.documents import Document, document_of
from standoff.source import processes, records
from standoff.source.corpus import Corpus, annotation_paths, read_annotations

_Read = tuple[dict[str, Any], str | None, list[str], int]


@dataclass(frozen=True)
class Known:
    """A document of the dataset: what its annotation file says of it, the ids that are taken, and the file's edition."""

    document: Document
    value: dict[str, Any]
    taken: tuple[str, ...]
    edition: int


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
        value, text, ids, edition = each
        about = records.build_document(value)
        known[about.id] = Known(document_of(about, text), value, (*retired[about.id], *ids), edition)
    return known, unknown


def _one(corpus: Corpus, path: Path) -> _Read | None:
    """Return what a file says of its document, the text, the ids of its records, and its edition; None if it is incomplete."""
    file = read_annotations(corpus, path, records=False)
    if file.document is None:
        return None
    same = file.seed is not None and file.seed.sha256 == file.document.sha256
    text = file.seed.text if file.seed is not None and same else None
    ids = [
        item["id"]
        for key in ("events", "negatives")
        for _, item in file.items(key)
        if isinstance(item.get("id"), str)
    ]
    return file.value["document"], text, ids, records.edition_of(file.value)
