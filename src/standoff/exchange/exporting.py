"""`standoff.export`: the records of a dataset or release in another format, whole or not at all."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from standoff.exchange import formats
from standoff.exchange.coded import Source
from standoff.exchange.formats import Format
from standoff.exchange.loading import load
from standoff.exchange.losses import Losses, summary
from standoff.findings import UsageError, plural
from standoff.lazy import uncollected
from standoff.scratch import scratch

SHOWN = 10


@dataclass
class Exported:
    """What an export wrote: where, of which documents, and how many values of each field were left out."""

    format: str
    folder: Path
    source: str
    documents: int = 0
    events: int = 0
    negatives: int = 0
    losses: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        return (
            f"{self.format}: {plural(self.documents, 'document')}, {plural(self.events, 'event')} and "
            f"{plural(self.negatives, 'negative')} of "
            f"{self.source} in {self.folder}; {summary(self.losses)}"
        )


@uncollected()
def export(
    format: str,  # noqa: A002  # what the command calls it
    source: str | Path | None = None,
    *,
    to: str | Path,
    texts: str | Path | None = None,
    documents: Iterable[str] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Exported:
    """Write the records of a release or dataset folder to the new folder `to` in another format; return the account.

    `source` is a version, a release folder or a dataset folder (default: the newest release at hand). `texts` is a folder
    with copies of the documents, recognised by SHA-256; a dataset brings its own. `documents` limits the export.
    `progress` is called with the number of documents done and of all, first while a dataset is read, then for the export. Every value that the format cannot hold is listed
    in `losses.csv` in the folder. UsageError if the format is unknown or needs texts that are not there, or the folder
    exists.

    Examples:
        >>> import standoff
        >>> done = standoff.export("brat", "1.0.0", to="my-collection", texts="my-copies", documents=["d000"])
    """
    chosen = formats.writer(format)
    target = Path(to)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(f"{target} already exists; name a new folder, so that nothing is overwritten")
    found = load(source, texts, documents, progress)
    if chosen.needs_texts:
        _require_texts(chosen, found)
    done = Exported(chosen.name, target, found.name)
    found.counted = _counter(found, done, progress)
    target.absolute().parent.mkdir(parents=True, exist_ok=True)
    with scratch(target.absolute().parent) as folder:
        with Losses(folder) as losses:
            chosen.write(found, folder, losses)
            done.losses = losses.counts
        folder.chmod(0o755)
        os.replace(folder, target)  # noqa: PTH105  # an empty folder is replaced
    return done


def _require_texts(chosen: Format, source: Source) -> None:
    absent = [each for each in source.document_ids if each in source.without_text]
    if absent:
        more = f" and {len(absent) - SHOWN} more" if len(absent) > SHOWN else ""
        where = f"the texts of {', '.join(absent[:SHOWN])}{more}"
        looked = f"are not in {source.texts}" if source.texts else "are needed"
        raise UsageError(
            f"{chosen.name} files hold the text, and {where} {looked}: name the folder with your copies (--texts), "
            "or the documents that you have (--documents)"
        )


def _counter(
    source: Source, done: Exported, progress: Callable[[int, int], None] | None
) -> Callable[[str, int, int], None]:
    """Return what takes account of each document that was exported; one that is read twice counts once."""
    seen = set[str]()

    def counted(document_id: str, events: int, negatives: int) -> None:
        if document_id not in seen:
            seen.add(document_id)
            done.documents += 1
            done.events += events
            done.negatives += negatives
            if progress is not None:
                progress(done.documents, len(source.document_ids))

    return counted
