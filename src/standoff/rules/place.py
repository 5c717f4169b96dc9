"""Rules about the place registry, `dataset/places.yaml`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from standoff.codes.extents import extents
from standoff.findings import Data
from standoff.model.gazetteer import GeoPlace
from standoff.model.graphs import circles, reached
from standoff.model.names import name_key
from standoff.model.places import Path
from standoff.rules.actor import new_step
from standoff.rules.file import READ
from standoff.rules.form import FORM
from standoff.rules.history import released_rows
from standoff.rules.rule import CORPUS, Fault, rule
from standoff.source.corpus import Corpus

_REGISTRY = (*READ, *FORM, "duplicate-id")


def _path(place: GeoPlace, corpus: Corpus) -> Path:
    return ("places", corpus.place_entries[place.id])


@rule(CORPUS, requires=_REGISTRY)
def place_of_unknown_country(corpus: Corpus) -> Iterator[Fault]:
    """The country of a place is not in the list of countries, or is an entry without a country of ISO 3166-1.

    Use a code of the scheme's list of countries, or leave `country` out and say why in `note`.
    """
    codes = _iso_codes(corpus)
    for place in corpus.gazetteer.values():
        if place.country is None:
            continue
        if place.country not in corpus.scheme.countries:
            message = f"{place.country} is not in the list of countries of {corpus.scheme.title}"
        elif any(codes.values()) and codes.get(place.country) is None:
            message = f"{place.country} has no entry in ISO 3166-1, which the countries of places must have"
        else:
            continue
        yield Fault(
            (*_path(place, corpus), "country"),
            message,
            "use a code of that list, or leave country out and say why in note",
            file=corpus.places_file,
        )


def _iso_codes(corpus: Corpus) -> dict[str, str | None]:
    """Return the codes of the scheme's lists of countries, each with its three-letter code of ISO 3166-1 if it has one."""
    return {
        code: row.get("iso_alpha3")
        for listed in corpus.scheme.actor_lists.values()
        if listed.countries
        for code, row in listed.rows.items()
    }


@rule(CORPUS, requires=_REGISTRY)
def place_parent_unknown(corpus: Corpus) -> Iterator[Fault]:
    """The parent of a place is not in the place registry.

    Correct the id, or add the parent as an entry.
    """
    for place in corpus.gazetteer.values():
        if place.parent is not None and not corpus.lists_place(place.parent):
            near = corpus.gazetteer.nearest(place.parent)
            yield Fault(
                (*_path(place, corpus), "parent"),
                f'the parent "{place.parent}" is not in the registry',
                "correct the id, or add an entry for the parent",
                closest=near[0] if near else None,
                file=corpus.places_file,
            )


@rule(CORPUS, requires=("place-parent-unknown",))
def place_parent_cycle(corpus: Corpus) -> Iterator[Fault]:
    """A place is its own ancestor.

    Follow the parents in the message and correct the wrong one.
    """
    before = released_rows(corpus, "places", "place_id", "parent_id")
    for cycle in circles(_parents(corpus)):
        child, _ = new_step(cycle, {tuple(key.split(" ")) for key in before})
        yield Fault(
            (*_path(corpus.gazetteer[child], corpus), "parent"),
            f"parents form a cycle: {' → '.join(cycle)}",
            "correct the parent that is wrong",
            file=corpus.places_file,
        )


_RANKS = {
    "world-region": 0,
    "country": 1,
    "territory": 2,
    "province": 3,
    "district": 4,
    "city": 5,
    "town": 5,
    "village": 5,
    "neighbourhood": 6,
    "site": 7,
}
"""Kinds of places from the larger to the smaller; the others have no fixed size."""


_OF_SEVERAL = frozenset({"water", "world-region", "area"})
"""Kinds of places that may belong to several countries."""


@rule(CORPUS, severity="warning", requires=("place-parent-unknown", "place-parent-cycle"))
def place_parent_smaller(corpus: Corpus) -> Iterator[Fault]:
    """The parent of a place is of a smaller kind: a country that lies in a city, or in another country.

    Correct the parent or the kind. If both are right, accept the finding with the reason.
    """
    before = released_rows(corpus, "places", "place_id")
    reported: set[str] = set()
    for place in corpus.gazetteer.values():
        parent = corpus.gazetteer.get(place.parent or "")
        ranks = [_RANKS.get(each.kind) for each in (place, parent) if each is not None]
        if len(ranks) < 2 or None in ranks:
            continue
        own, above = ranks
        if own < above or own == above == 1:  # type: ignore[operator]
            kind = before.get(place.id, {}).get("kind")
            changed = kind not in (None, place.kind) or (kind is None and own == above)
            assert parent is not None, "it has a rank"
            of_parent = before.get(parent.id, {}).get("kind") not in (None, parent.kind)
            if of_parent and parent.id in reported:
                continue  # the kind of the parent is wrong: one fault, whatever lies in it
            reported.add(parent.id)
            yield Fault(
                (*_path(parent, corpus), "kind")
                if of_parent
                else (*_path(place, corpus), "kind" if changed else "parent"),
                f"{place.id} is a {place.kind}, but its parent {parent.id} is a {parent.kind}, which is smaller",
                "correct the parent, or the kind",
                file=corpus.places_file,
                data=Data(other=parent.id),
            )


@rule(CORPUS, severity="warning", requires=("place-of-unknown-country", "place-parent-smaller"))
def place_of_other_country(corpus: Corpus) -> Iterator[Fault]:
    """A place and its parent belong to different countries, or the place has none and lies in one.

    Correct the country or the parent. A territory may have a code of its own: it is not checked. If the place is right,
    accept the finding with the reason.
    """
    before = released_rows(corpus, "places", "place_id")
    for place in corpus.gazetteer.values():
        parent = corpus.gazetteer.get(place.parent or "")
        if parent is None or place.kind == "territory" or not parent.country:
            continue
        was = before.get(place.id, {})
        if not place.country and place.kind not in _OF_SEVERAL and place.note is None:
            yield Fault(
                _path(place, corpus),
                f"{place.id} has no country, and its parent {parent.id} is in {parent.country}",
                f'add country: "{parent.country}", or say in note why it has none',
                file=corpus.places_file,
                data=Data(other=parent.id, expected=[parent.country]),
            )
        if not place.country:
            continue
        if place.country != parent.country:
            moved = was.get("country") == place.country and was.get("parent_id") not in (None, parent.id)
            changed = before.get(parent.id, {}).get("country") not in (None, parent.country)
            if changed and not moved:
                continue  # the parent's own country is wrong, and its other parts or its own parent show it
            yield Fault(
                (*_path(place, corpus), "parent" if moved else "country"),
                f"{place.id} is in {place.country}, but its parent {parent.id} is in {parent.country}",
                "correct the country, or the parent",
                file=corpus.places_file,
                data=Data(other=parent.id, expected=[parent.country]),
            )


def _newer(
    first: GeoPlace, second: GeoPlace, corpus: Corpus, column: str, value: Callable[[GeoPlace], str]
) -> tuple[GeoPlace, GeoPlace]:
    """Return two places, the one last that is in no release, or has another `value` in its `column`; else in the order given."""
    released = released_rows(corpus, "places", "place_id")
    if first.id not in released and second.id in released:
        first, second = second, first
    return (
        (second, first)
        if released.get(first.id, {}).get(column, value(first)) != value(first)
        else (first, second)
    )


@rule(CORPUS, severity="warning", requires=_REGISTRY)
def place_name_twice(corpus: Corpus) -> Iterator[Fault]:
    """Two places of the same kind, or of two countries, have the same name.

    Correct the name, or merge the entries. If both places do have this name, say in it which is meant ("Tripoli,
    Lebanon"). Names are compared without regard to case, white space and look-alike letters.
    """
    owners: dict[str, list[GeoPlace]] = {}
    for place in corpus.gazetteer.values():
        owners.setdefault(name_key(place.name), []).append(place)
    for places in owners.values():
        for place in places[1:]:
            first, second = _newer(places[0], place, corpus, "place_name", lambda each: each.name)
            if first.kind != second.kind and first.country == second.country:
                continue  # a city and the province around it
            yield Fault(
                (*_path(second, corpus), "name"),
                f'"{second.name}" is the name of {first.id} too',
                "correct the name, or say in it which place is meant",
                file=corpus.places_file,
                data=Data(other=first.id),
            )


@rule(CORPUS, requires=_REGISTRY)
def geonames_twice(corpus: Corpus) -> Iterator[Fault]:
    """Two places have the same GeoNames id.

    A GeoNames entry is one place. Correct the id, or merge the two entries.
    """
    owner: dict[int, GeoPlace] = {}
    for place in corpus.gazetteer.values():
        if place.geonames is None:
            continue
        other = owner.setdefault(place.geonames, place)
        if other is not place:
            first, second = _newer(other, place, corpus, "geonames", lambda each: str(each.geonames))
            yield Fault(
                (*_path(second, corpus), "geonames"),
                f"the GeoNames id {second.geonames} is already that of {first.id}",
                "correct the id, or merge the two entries",
                file=corpus.places_file,
                data=Data(other=first.id),
            )


@rule(CORPUS, severity="warning", requires=("place-of-unknown-country", "place-of-other-country"))
def coordinates_outside_country(corpus: Corpus) -> Iterator[Fault]:
    """The coordinates of a place lie outside of its country.

    Copy them again from the gazetteer: a sign may be missing, or latitude and longitude are swapped. They are compared
    with a box around the whole country, with a margin of one degree. If they are right, accept the finding with the
    reason.
    """
    codes = _iso_codes(corpus)
    for place in corpus.gazetteer.values():
        country = place.country or _country_above(place, corpus)
        extent = extents().get(codes.get(country or "") or "")
        latitude, longitude = place.latitude, place.longitude
        if extent is None or latitude is None or longitude is None or extent.holds(latitude, longitude):
            continue
        swapped = abs(longitude) <= 90 and extent.holds(longitude, latitude)
        off = "latitude" if not extent.south - 1 <= latitude <= extent.north + 1 else "longitude"
        yield Fault(
            (*_path(place, corpus), off),
            f"{latitude}, {longitude} is not in {country}, the country of {place.id}",
            "swap latitude and longitude"
            if swapped
            else "copy the coordinates again, or correct the country",
            file=corpus.places_file,
            data=Data(
                expected=[
                    f"latitude {extent.south} to {extent.north}, longitude {extent.west} to {extent.east}"
                ]
            ),
        )


def _country_above(place: GeoPlace, corpus: Corpus) -> str | None:
    """Return the country of the nearest parent that has one; None if there is none, or the place says why it has none."""
    parent = corpus.gazetteer.get(place.parent or "")
    return parent.country if parent is not None and place.note is None else None


@rule(CORPUS, severity="note", requires=("id-vanished", "place-parent-cycle", *READ, *FORM))
def unused_place(corpus: Corpus) -> Iterator[Fault]:
    """No event uses an entry of the place registry, and it is not the parent of one that is used.

    Delete it, unless a document names the place.
    """
    named = set[str]().union(*(file.digest.places for file in corpus.annotation_files()))
    used = reached(named, _parents(corpus))
    for place in corpus.gazetteer.values():
        if place.id not in used:
            yield Fault(
                (*_path(place, corpus), "id"),
                f"no event uses {place.id}",
                "delete it, unless a document names it",
                file=corpus.places_file,
            )


def _parents(corpus: Corpus) -> dict[str, set[str]]:
    return {place.id: {place.parent} if place.parent else set() for place in corpus.gazetteer.values()}
