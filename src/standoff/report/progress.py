"""A progress bar on a terminal, for work that takes long enough to wonder about."""

from __future__ import annotations

import shutil
import time
from typing import TextIO

_PATIENCE = 0.5  # seconds before anything is shown
_PAUSE = 0.1  # seconds between two drawings


class Progress:
    """Shows how far the work is, on a terminal and only if it takes more than half a second.

    Called with the number done and the number of all; as a context manager it wipes its line at the end.
    """

    def __init__(self, stream: TextIO, what: str) -> None:
        self._stream, self._what = stream, what
        self._next = time.monotonic() + _PATIENCE if stream.isatty() else float("inf")
        self._drawn = False

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next, self._drawn = now + _PAUSE, True
        cells = max(10, min(40, shutil.get_terminal_size().columns - len(self._what) - 28))
        full = cells * done // max(1, total)
        bar = "#" * full + "." * (cells - full)
        self._stream.write(f"\r{self._what} [{bar}] {done:,} of {total:,} files\x1b[K")
        self._stream.flush()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
