"""Places in a text file: where a value is, and what may safely replace it."""

from __future__ import annotations

from typing import NamedTuple

Path = tuple[str | int, ...]
"""Where a value is in a file: keys and indices from the top, such as ``("events", 3, "trigger")``."""


class Place(NamedTuple):
    """A stretch of a text file: lines and columns from 1, columns in code points, end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


NOWHERE = Place(1, 1, 1, 1)
"""The place of what is wrong with a file as a whole."""


class Fix(NamedTuple):
    """A safe remedy: the stretch of the file to replace, and the replacement."""

    place: Place
    replacement: str
