"""Where records come from that are exported: a dataset folder, or a release of any edition.

Texts are the user's own copies, recognised by their SHA-256.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from standoff.exchange import dataset_source
from standoff.exchange.coded import SHOWN, Source
from standoff.findings import UsageError
from standoff.loaders import sources
from standoff.source.root import find_root


def load(
    source: str | Path | None = None,
    texts: str | Path | None = None,
    documents: Iterable[str] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Source:
    """Return the records of a release (version or folder; None: the newest at hand) or of a dataset folder.

    A dataset brings its texts with it. `documents` limits the records to these documents. UsageError where there is no such
    source. The files of a dataset are read when their documents are asked for: NotExportable where they have errors.
    `progress` is called with the number of files read and of all, where a dataset has to be read whole.
    """
    folder = Path(source) if source is not None else None
    if folder is not None and folder.is_dir():
        source = folder = sources.newest_in(folder)
    copies = None if texts is None else Path(texts)
    if copies is not None and not copies.is_dir():
        raise UsageError(f"--texts: {copies} is not a folder")
    if folder is not None and folder.is_dir() and not (folder / "events.parquet").is_file():
        root = find_root(folder)
        if root is None:
            raise UsageError(f"{folder} is neither a release (it has no events.parquet) nor a dataset")
        found = dataset_source.of(root, copies, progress)
    else:
        from standoff.exchange import release_source  # needs polars, which forbids further processes

        found = release_source.of(source, copies)
    chosen = frozenset(documents)
    if unknown := sorted(chosen - set(found.document_ids)):
        known = ", ".join(found.document_ids[:SHOWN]) + (", …" if len(found.document_ids) > SHOWN else "")
        raise UsageError(f"there is no document {', '.join(unknown)}; there are {known}")
    if chosen:
        found.document_ids = tuple(each for each in found.document_ids if each in chosen)
    return found
