"""How far the work is, on a terminal, where it takes long enough to wonder about."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TextIO

_PATIENCE = 0.5  # seconds before anything is shown
_PAUSE = 0.1  # seconds between two drawings


class Progress:
    """Draws a line on a terminal, only if the work takes more than half a second; wipes it at the end.

    Called with the number done and the number of all; `line` says it, given these and the seconds gone by.
    """

    def __init__(self, stream: TextIO, line: Callable[[int, int, float], str]) -> None:
        self._stream, self._line = stream, line
        self._started = time.monotonic()
        self._next = self._started + _PATIENCE if stream.isatty() else float("inf")
        self._drawn = False

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next, self._drawn = now + _PAUSE, True
        self._stream.write(f"\r{self._line(done, total, now - self._started)}\x1b[K")
        self._stream.flush()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


def documents(what: str) -> Callable[[int, int, float], str]:
    """Return what says how many documents are done, with a bar."""
    return _bar(what, "documents")


def files(what: str) -> Callable[[int, int, float], str]:
    """Return what says how many files are done, with a bar: ``checking [###.] 3 of 4 files``."""
    return _bar(what, "files")


def _bar(what: str, things: str) -> Callable[[int, int, float], str]:
    def line(done: int, total: int, seconds: float) -> str:
        import shutil  # imported late: most checks end before anything is shown

        cells = max(10, min(40, shutil.get_terminal_size().columns - len(what) - 32))
        full = cells * done // max(1, total)
        return f"{what} [{'#' * full}{'.' * (cells - full)}] {done:,} of {total:,} {things}"

    return line


def rows(done: int, total: int, seconds: float) -> str:
    """Say how many rows are done, how fast, and how long the rest will take; of text files `total` is an estimate."""
    rate = max(done, 1) / seconds
    left = max(0, total - done) / rate
    share = min(100, 100 * done // max(1, total))
    return f"{share} %, {done:,} rows, {rate / 1e6:.1f} million a second, {left:.0f} s left"
