"""Where a dataset is, by the names of its files. Reads nothing, so that commands which only load need no more than polars."""

from __future__ import annotations

from pathlib import Path


def find_root(start: Path) -> Path | None:
    """Return the folder with dataset.toml: `start`, its subfolder `dataset`, or the nearest parent that has one."""
    start = start.resolve()
    for candidate in (start, start / "dataset", *start.parents):
        if (candidate / "dataset.toml").is_file():
            return candidate
    return None
