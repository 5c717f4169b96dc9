"""Where a dataset is, by the names of its files. Reads nothing, so that commands which only load need no more than polars."""

from __future__ import annotations

from pathlib import Path


def find_root(start: Path) -> Path | None:
    """Return the dataset folder (the one with dataset.toml) that holds `start` or is named `dataset` in it."""
    start = start.resolve()
    for candidate in (start, start / "dataset", *start.parents):
        if (candidate / "dataset.toml").is_file():
            return candidate
    return None
