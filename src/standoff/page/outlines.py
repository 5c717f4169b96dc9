"""The coasts and borders behind the places of the map.

Source: Natural Earth 4.1.0, 1:50m countries (public domain), as redistributed in world-atlas 2.0.2. `outlines.json`
holds its lines, thinned to about 0.05 degrees and without small islands: each a list of whole numbers, the first
point and then the steps to the next, in twentieths of a degree, longitude before latitude.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

UNITS = 20
"""Whole numbers of `outlines.json` for one degree."""
LEAST = 6.0
"""The map shows at least so many degrees in each direction."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What part of the world the map shows, in degrees, and how large it is drawn (equirectangular)."""

    west: float
    south: float
    east: float
    north: float
    width: float = 720.0

    @property
    def height(self) -> float:
        """Height of the drawing."""
        return round(self.width * (self.north - self.south) / (self.east - self.west), 1)

    def spot(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return x and y of a place in the drawing."""
        x = (longitude - self.west) / (self.east - self.west) * self.width
        y = (self.north - latitude) / (self.north - self.south) * self.height
        return round(x, 1), round(y, 1)

    @classmethod
    def around(cls, places: Sequence[tuple[float, float]]) -> Frame:
        """Return a frame around these longitudes and latitudes, with a margin."""
        west, east = _padded([x for x, _ in places], -180, 180)
        south, north = _padded([y for _, y in places], -85, 85)
        # A map three times as wide as high, or the reverse, is hard to read.
        wide, high = east - west, north - south
        if wide > 2.2 * high:
            south, north = _widened(south, north, wide / 2.2, -85, 85)
        elif high > 1.1 * wide:
            west, east = _widened(west, east, high / 1.1, -180, 180)
        return cls(west, south, east, north)


def _padded(values: Sequence[float], least: float, most: float) -> tuple[float, float]:
    low, high = min(values), max(values)
    margin = max((high - low) * 0.12, (LEAST - (high - low)) / 2, 1.0)
    return round(max(least, low - margin), 2), round(min(most, high + margin), 2)


def _widened(low: float, high: float, to: float, least: float, most: float) -> tuple[float, float]:
    middle = (low + high) / 2
    return round(max(least, middle - to / 2), 2), round(min(most, middle + to / 2), 2)


@lru_cache(8)
def paths(frame: Frame) -> tuple[str, ...]:
    """Return the outlines within the frame as SVG paths."""
    return tuple(path for line in _lines() for path in _within(line, frame))


def _lines() -> Iterator[list[tuple[float, float]]]:
    text = files("standoff.page").joinpath("outlines.json").read_text(encoding="utf-8")
    for steps in json.loads(text):
        x, y = steps[0], steps[1]
        line = [(x / UNITS, y / UNITS)]
        for dx, dy in zip(steps[2::2], steps[3::2], strict=True):
            x, y = x + dx, y + dy
            line.append((x / UNITS, y / UNITS))
        yield line


def _within(line: list[tuple[float, float]], frame: Frame) -> Iterator[str]:
    """Yield the pieces of a line that touch the frame; the drawing cuts off what sticks out."""
    piece: list[tuple[float, float]] = []
    for one, other in pairwise(line):
        if _touches(one, other, frame):
            piece = piece or [one]
            piece.append(other)
        elif piece:
            yield _path(piece, frame)
            piece = []
    if piece:
        yield _path(piece, frame)


def _touches(one: tuple[float, float], other: tuple[float, float], frame: Frame) -> bool:
    return (
        max(one[0], other[0]) >= frame.west
        and min(one[0], other[0]) <= frame.east
        and max(one[1], other[1]) >= frame.south
        and min(one[1], other[1]) <= frame.north
    )


def _path(piece: list[tuple[float, float]], frame: Frame) -> str:
    spots = [frame.spot(*point) for point in piece]
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in spots)
