"""Work on many files in several processes, where the system can copy a process cheaply.

What the others return is pickled, which is fast for plain values and slow for records.
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

LEAST = 200
"""So many files are worth a second process."""
MOST = 4
"""The most processes, whatever the machine has."""
_THREADED = ("polars", "pyarrow")
"""Packages with threads of their own, which a copied process would not have."""


def processes(files: int) -> int:
    """Return how many processes share the work on so many files; 1 where a process cannot be copied safely."""
    copied = (
        hasattr(os, "fork")
        and sys.platform != "darwin"
        and threading.active_count() == 1
        and not any(name in sys.modules for name in _THREADED)
    )
    if not copied or files < LEAST:
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(MOST, cores)


def shared(work: Callable[[Sequence[Item]], Result], items: Sequence[Item]) -> list[Result]:
    """Return what `work` makes of each share of the items, in their order; this process takes the first share itself.

    Results of the others are pickled. A share whose process dies or whose result cannot be pickled is done here again.
    """
    number = processes(len(items))
    if number == 1:
        return [work(items)]
    size = -(-len(items) // number)
    shares = [items[i : i + size] for i in range(0, len(items), size)]
    children = [_start(work, share) for share in shares[1:]]
    results = [work(shares[0])]
    for (process, pipe), share in zip(children, shares[1:], strict=True):
        with os.fdopen(pipe, "rb") as stream:
            answer = stream.read()
        _, status = os.waitpid(process, 0)
        results.append(pickle.loads(answer) if status == 0 else work(share))
    return results


def _start(work: Callable[[Sequence[Item]], Result], share: Sequence[Item]) -> tuple[int, int]:
    """Start a copy of this process that does a share; return its id and the pipe that its result comes through."""
    answer, into = os.pipe()
    process = os.fork()
    if process:
        os.close(into)
        return process, answer
    status = 1
    try:
        os.close(answer)
        with os.fdopen(into, "wb") as stream:
            pickle.dump(work(share), stream, protocol=pickle.HIGHEST_PROTOCOL)
        status = 0
    finally:
        os._exit(status)  # nothing of the first process, such as its open files, is ended twice
