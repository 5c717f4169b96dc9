"""How far a pass is, on a terminal: rows done, rows a second, time left."""

from __future__ import annotations

import time
from typing import TextIO

_PATIENCE = 0.5  # seconds before anything is shown
_PAUSE = 0.2  # seconds between two drawings


class RowProgress:
    """Called with the number of rows done and of all; wipes its line at the end."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._started = time.monotonic()
        self._next = self._started + _PATIENCE
        self._drawn = False

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next, self._drawn = now + _PAUSE, True
        self._stream.write(f"\r{progress_line(done, total, now - self._started)}\x1b[K")
        self._stream.flush()

    def __enter__(self) -> RowProgress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


def progress_line(done: int, total: int, seconds: float) -> str:
    """Return what is shown after `seconds`."""
    rate = max(done, 1) / seconds
    left = max(0, total - done) / rate
    return f"{100 * done // max(1, total)} % of {total:,} rows, {rate / 1e6:.1f} million a second, {left:.0f} s left"
