"""The places that events happen at, and how precise their coordinates are on other datasets' scales.

Not to be confused with `places`, which are stretches of a text file.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping

from standoff.model.classes import dataclass

RELATIONS = ("at", "from", "toward", "near", "over")
"""How an act relates to a place."""

UCDP_WHERE_PREC = {
    "city": 1,
    "town": 1,
    "village": 1,
    "neighbourhood": 1,
    "site": 1,
    "district": 3,
    "province": 4,
    "territory": 4,
    "area": 5,
    "border": 5,
    "country": 6,
    "water": 7,
    "airspace": 7,
}
"""Kind of place → `where_prec` of the UCDP Georeferenced Event Dataset (Högbladh, GED Codebook).

1 the exact location, 3 a second-order division, 4 a first-order division, 5 a line or a fuzzy area, 6 a country,
7 international waters or airspace. A world region is wider than GED holds.
"""

ACLED_GEO_PRECISION = {
    "city": 1,
    "town": 1,
    "village": 1,
    "neighbourhood": 1,
    "site": 1,
    "district": 2,
    "province": 3,
    "territory": 3,
    "area": 3,
    "border": 3,
}
"""Kind of place → `geo_precision` of ACLED (Codebook): 1 a town, 2 part of a region, 3 a region. Others have none."""

_HERE = ("at", "over")


@dataclass(frozen=True, slots=True)
class GeoPlace:
    """An entry of the place registry. Latitude and longitude are given both, with their source, or neither."""

    id: str
    name: str
    kind: str
    parent: str | None = None
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    coordinates_source: str | None = None
    coordinates_licence: str | None = None
    geonames: int | None = None
    note: str | None = None


class Gazetteer(Mapping[str, GeoPlace]):
    """The place registry: places by id."""

    def __init__(self, places: Iterable[GeoPlace] = ()) -> None:
        self._places = {place.id: place for place in places}

    def __getitem__(self, place_id: str) -> GeoPlace:
        return self._places[place_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def nearest(self, place_id: str) -> list[str]:
        """Return up to three ids that are spelt alike, the most alike first."""
        return difflib.get_close_matches(place_id, self._places, n=3)


def ucdp_where_prec(kind: str, relation: str) -> int | None:
    """Return UCDP GED's `where_prec` of an act in this relation to a place of this kind.

    Near a point is 2, within about 25 km. None where the text states a direction only (from, toward), since then
    it does not say where the act is, and for what GED does not hold.
    """
    return _precision(UCDP_WHERE_PREC, kind, relation)


def acled_geo_precision(kind: str, relation: str) -> int | None:
    """Return ACLED's `geo_precision` of an act in this relation to a place of this kind.

    Near a town is 2. None where the text states a direction only, and for what ACLED does not hold.
    """
    return _precision(ACLED_GEO_PRECISION, kind, relation)


def _precision(scale: dict[str, int], kind: str, relation: str) -> int | None:
    grade = scale.get(kind)
    if relation == "near":
        return 2 if grade == 1 else grade
    return grade if relation in _HERE else None
