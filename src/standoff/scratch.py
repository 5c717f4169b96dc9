"""Folders to work in, removed when the work ends; where a run was killed, the next run in the same place removes them.

A process locks the folder that it works in. The system releases the lock when the process ends, however it ends, so a
folder that can be locked is a leftover. Without file locks (Windows, some network file systems) leftovers stay.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl

PREFIX = ".standoff-"
GRACE = 60.0
"""Seconds for which a folder is left alone: it may have been made and not yet been locked."""
ATTEMPTS = 20


class Busy(Exception):
    """Another process works in the folder."""


@contextmanager
def scratch(parent: Path, prefix: str = PREFIX, grace: float = GRACE) -> Iterator[Path]:
    """Make a folder in `parent` whose name begins with `prefix`, and remove it and the leftovers of killed runs."""
    remove_leftovers(parent, prefix, grace)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    with alone(folder):
        try:
            yield folder
        finally:
            remove(folder)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Lock the folder while the block runs. Raises Busy if another process holds the lock."""
    if sys.platform == "win32":
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # a file system without locks
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Busy(folder) from None
        yield
    finally:
        os.close(handle)


def remove_leftovers(parent: Path, prefix: str, grace: float = GRACE) -> None:
    """Remove the folders and files in `parent` whose name begins with `prefix` and which no process holds."""
    if sys.platform == "win32":
        return
    for path in parent.glob(f"{prefix}*"):
        with suppress(OSError):  # somebody else's, or locks do not work here
            if time.time() - path.lstat().st_mtime < grace:
                continue
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    path.unlink()
            finally:
                os.close(handle)


def remove(folder: Path) -> None:
    """Remove a folder, trying again while another thread still makes files in it, as polars does after an error."""
    for _ in range(ATTEMPTS):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            break
        time.sleep(0.05)
