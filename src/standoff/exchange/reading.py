"""How the reading of foreign files is shared among processes, and how far it is.

Readers take their files from `each` and the records of a single large file from `mine`, and report what they have read.
`import_pass` draws a progress bar from that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar
from zlib import crc32

T = TypeVar("T")
Progress = Callable[[int, int], None]
BLOCK = 16
"""So many records of a file in succession are one share's."""


@dataclass(frozen=True)
class Share:
    """One of `number` shares: of the files; of a single file, of its "records" or of the "documents" that these are about."""

    index: int = 0
    number: int = 1
    of: str = "files"


@dataclass
class _Watch:
    """Who wants to know, what is read, and how many files there are."""

    progress: Progress | None
    share: Share
    files: int = 1


_watch: ContextVar[_Watch | None] = ContextVar("reading", default=None)


@contextmanager
def watched(progress: Progress | None, share: Share | None = None) -> Iterator[None]:
    """Call `progress` with the number of documents read and of all, while readers run in this block. They read one share."""
    token = _watch.set(_Watch(progress, share or Share()))
    try:
        yield
    finally:
        _watch.reset(token)


def each(files: Sequence[T]) -> Iterator[T]:
    """Yield files, those of the share; of several, report after each how many are read. Of a single one, `part` reports."""
    watch = _watch.get()
    if watch is None:
        yield from files
        return
    watch.files, share = len(files), watch.share
    if watch.files == 1 and share.of == "files":
        own = files if share.index == 0 else []
    elif watch.files == 1:
        own = files
    else:
        own = files[len(files) * share.index // share.number : len(files) * (share.index + 1) // share.number]
    for number, file in enumerate(own, start=1):
        yield file
        if watch.progress is not None and watch.files > 1:
            watch.progress(min(number * share.number, watch.files), watch.files)


def mine(number: int) -> bool:
    """Return whether the record of a file with this number, from 0, is in the share."""
    watch = _watch.get()
    if watch is None or watch.files > 1 or watch.share.of != "records":
        return True
    return number // BLOCK % watch.share.number == watch.share.index


def mine_is(document: str | None) -> bool:
    """Return whether records about a document are in the share. None, what is about no known document, is in the first."""
    watch = _watch.get()
    if watch is None or watch.share.of != "documents":
        return True
    return (
        crc32((document or "").encode()) % watch.share.number == watch.share.index
        if document
        else watch.share.index == 0
    )


def part(records: int, position: int, size: int) -> None:
    """Report how many records of a single file are read. The number of all is estimated by the bytes that are left."""
    watch = _watch.get()
    if watch is not None and watch.progress is not None and watch.files == 1 and position:
        watch.progress(records, max(records, round(records * size / position)))
