"""How far countries reach: a box of longitudes and latitudes for each, from `schema/country_boxes.csv`.

Source: Natural Earth 4.1.0, 1:50m countries (public domain), as redistributed in world-atlas 2.0.2, rounded outwards to
a tenth of a degree. A box holds all parts of a country, overseas parts that have no ISO 3166-1 code of their own
included. Where `west` is greater than `east`, it crosses the 180th meridian.
"""

from __future__ import annotations

import csv
from functools import cache

from standoff import schema
from standoff.model.classes import dataclass

MARGIN = 1.0
"""Degrees by which a place may lie outside of the box. Of 33,936 towns of GeoNames' cities15000, two lie farther out."""


@dataclass(frozen=True, slots=True)
class Extent:
    """The box of a country, in degrees."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, latitude: float, longitude: float) -> bool:
        """Return whether a point lies in the box or within MARGIN of it."""
        if not self.south - MARGIN <= latitude <= self.north + MARGIN:
            return False
        after_west, before_east = longitude >= self.west - MARGIN, longitude <= self.east + MARGIN
        return (after_west and before_east) if self.west <= self.east else (after_west or before_east)


@cache
def extents() -> dict[str, Extent]:
    """Return the boxes by three-letter ISO 3166-1 code."""
    with (schema.folder() / "country_boxes.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["country"]: Extent(*(float(row[side]) for side in ("west", "south", "east", "north")))
            for row in csv.DictReader(file)
        }
