"""How far the reading of foreign files is. Readers report it here, `import_pass` draws a progress bar from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
Progress = Callable[[int, int], None]


@dataclass
class _Watch:
    """Who wants to know, and how many files are read."""

    progress: Progress
    files: int = 1


_watch: ContextVar[_Watch | None] = ContextVar("reading", default=None)


@contextmanager
def watched(progress: Progress | None) -> Iterator[None]:
    """Call `progress` with the number of documents read and of all, while readers run in this block."""
    token = _watch.set(None if progress is None else _Watch(progress))
    try:
        yield
    finally:
        _watch.reset(token)


def each(files: Sequence[T]) -> Iterator[T]:
    """Yield files; of several, report after each how many are read. Of a single one, `part` reports."""
    watch = _watch.get()
    if watch is not None:
        watch.files = len(files)
    for number, file in enumerate(files, start=1):
        yield file
        if watch is not None and len(files) > 1:
            watch.progress(number, len(files))


def part(records: int, position: int, size: int) -> None:
    """Report how many records of a single file are read. The number of all is estimated by the bytes that are left."""
    watch = _watch.get()
    if watch is not None and watch.files == 1 and position:
        watch.progress(records, max(records, round(records * size / position)))
