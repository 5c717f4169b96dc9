"""Work on many files in several processes, where the system can copy a process cheaply.

What the others return is pickled, which is fast for plain values and slow for records.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO, TypeVar, cast

from standoff.lazy import LazyModule

if TYPE_CHECKING:
    import pickle
else:
    pickle = LazyModule("pickle")

Item = TypeVar("Item")
Result = TypeVar("Result")

BLOCK = 16
"""So many items are sent from one process to another at a time."""
LEAST = 32
"""So many files are worth a second process: with fewer, copying one and its memory takes as long as it saves."""
MOST = 4
"""The most processes, whatever the machine has."""
_THREADED = ("polars", "pyarrow")
"""Packages with threads of their own, which a copied process would not have."""


def processes(files: int) -> int:
    """Return how many processes share the work on so many files; 1 where a process cannot be copied safely."""
    threading = sys.modules.get("threading")  # without this module nothing has started a thread
    copied = (
        hasattr(os, "fork")
        and sys.platform != "darwin"
        and (threading is None or threading.active_count() == 1)
        and not any(name in sys.modules for name in _THREADED)
    )
    if not copied or files < LEAST:
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(MOST, cores)


def shared(
    work: Callable[[Sequence[Item]], Result], items: Sequence[Item], files: int | None = None
) -> list[Result]:
    """Return what `work` makes of each share of the items, in their order; this process takes the first share itself.

    An item is a file, or there are `files` in all items.
    """
    number = processes(len(items) if files is None else files)
    size = -(-len(items) // number) or 1
    return spread(work, [items[i : i + size] for i in range(0, len(items), size)] or [items])


def spread(work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """Return what `work` makes of each item, in their order: each in a process of its own, the first in this one.

    Results of the others are pickled. An item whose process dies or whose result cannot be pickled is done here again.
    """
    children = [_start(work, item) for item in items[1:]]
    results = [work(items[0])]
    for (process, pipe), item in zip(children, items[1:], strict=True):
        with os.fdopen(pipe, "rb") as stream:
            answer = stream.read()
        _, status = os.waitpid(process, 0)
        results.append(pickle.loads(answer) if status == 0 else work(item))
    return results


def apart(work: Callable[[], Result], files: int) -> Result:
    """Return what `work` on so many files makes. With many it is made in another process, whose memory is free afterwards.

    The result is pickled. If the other process dies or raises, the work is done here again, so that an exception is raised here.
    """
    if processes(files) == 1:
        return work()
    process, pipe = _start(lambda _: work(), None)
    result = None
    with os.fdopen(pipe, "rb") as stream, suppress(EOFError, pickle.UnpicklingError):
        result = pickle.load(stream)
    _, status = os.waitpid(process, 0)
    return cast("Result", result) if status == 0 else work()


def streamed(
    work: Callable[[Item], Result], items: Sequence[Item], *, files: int | None = None
) -> Iterator[Result]:
    """Yield what `work` makes of each item, in their order, as soon as it is made. Many items are done in several processes.

    An item is a file, or there are `files` in all items.

    Results of the others are pickled. Items whose process dies or whose result cannot be pickled are done here again, so
    that an exception is raised here.
    """
    number = min(processes(len(items) if files is None else files), max(len(items), 1))
    size = BLOCK if files is None else 1
    blocks = [items[i : i + size] for i in range(0, len(items), size)]
    children = {n: _start_stream(work, blocks[n::number]) for n in range(1, number)}
    try:
        for at, block in enumerate(blocks):
            results: list[Result] | None = None
            if (child := children.get(at % number)) is not None:
                try:
                    results = pickle.load(child[1])
                except (EOFError, pickle.UnpicklingError):  # it died
                    _end([children.pop(at % number)])
            yield from map(work, block) if results is None else results
    finally:
        _end(list(children.values()))


def _start_stream(work: Callable[[Item], Result], blocks: Sequence[Sequence[Item]]) -> tuple[int, BinaryIO]:
    """Start a copy of this process that does blocks of items; return its id and the stream of its results."""

    def all_of(into: BinaryIO) -> None:
        for block in blocks:
            pickle.dump([work(item) for item in block], into, protocol=pickle.HIGHEST_PROTOCOL)
            into.flush()

    process, answer = _fork(all_of)
    return process, os.fdopen(answer, "rb")


def _end(children: Sequence[tuple[int, BinaryIO]]) -> None:
    """Wait for the end of processes. One that still writes ends when all streams are closed, which later ones have too."""
    for _, stream in children:
        stream.close()
    for process, _ in children:
        os.waitpid(process, 0)


def _start(work: Callable[[Item], Result], item: Item) -> tuple[int, int]:
    """Start a copy of this process that does an item; return its id and the pipe that its result comes through."""
    return _fork(lambda into: pickle.dump(work(item), into, protocol=pickle.HIGHEST_PROTOCOL))


def _fork(act: Callable[[BinaryIO], None]) -> tuple[int, int]:
    """Start a copy of this process that acts and writes into a pipe; return its id and the pipe's other end."""
    answer, into = os.pipe()
    process = os.fork()
    if process:
        os.close(into)
        return process, answer
    status = 1
    try:
        os.close(answer)
        with os.fdopen(into, "wb") as stream:
            act(stream)
        status = 0
    finally:
        os._exit(status)  # nothing of the first process, such as its open files, is ended twice
