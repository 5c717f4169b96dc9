"""Rules about the places of an event."""

from __future__ import annotations

from collections.abc import Iterator

from standoff.codes import languages
from standoff.findings import Data, shortened
from standoff.model.gazetteer import Gazetteer
from standoff.model.names import name_key
from standoff.rules.context import Context
from standoff.rules.history import is_vanished
from standoff.rules.record import ANCHORED
from standoff.rules.rule import EVENT, Fault, rule
from standoff.source.records import Event


@rule(EVENT, about="where")
def unknown_place(event: Event, context: Context) -> Iterator[Fault]:
    """A place of an event is not in the place registry.

    Correct the id, or add an entry to `dataset/places.yaml`. Do not record a place that the text does not
    name.
    """
    for location in event.where:
        if context.corpus.lists_place(location.place_id) or is_vanished(
            context.corpus, location.place_id, "places"
        ):
            continue
        gazetteer = context.corpus.gazetteer
        near = gazetteer.nearest(location.place_id) if context.budget.compare(len(gazetteer)) else []
        yield Fault(
            (*location.path, "place"),
            f'the place "{location.place_id}" is not in the registry',
            "correct the id, or add an entry to dataset/places.yaml",
            closest=near[0] if near else None,
        )


@rule(EVENT, about="where")
def place_twice(event: Event, context: Context) -> Iterator[Fault]:
    """An event has the same place twice in the same relation.

    Keep one of the two. If an act starts and ends in the same place, the two entries have different
    relations.
    """
    seen: set[tuple[str, str]] = set()
    for location in event.where:
        key = (location.place_id, location.relation)
        if key in seen:
            yield Fault(
                (*location.path, "place"),
                f"{location.place_id} is listed twice with the relation {location.relation}",
                "keep one of the two entries",
            )
        seen.add(key)


@rule(EVENT, severity="warning", requires=("unknown-place", "place-twice"), about="where")
def place_within_place(event: Event, context: Context) -> Iterator[Fault]:
    """An event has two places in the same relation, and one of them lies in the other.

    Keep the smaller one: the larger follows from the registry.
    """
    gazetteer = context.corpus.gazetteer
    for location in event.where:
        for other in event.where:
            if location.relation == other.relation and other.place_id in _places_above(
                location.place_id, gazetteer
            ):
                yield Fault(
                    (*other.path, "place"),
                    f"{location.place_id} lies in {other.place_id}, and both are listed with the relation {other.relation}",
                    "delete the larger place",
                    data=Data(other=location.place_id),
                )


def _places_above(place_id: str, gazetteer: Gazetteer) -> set[str]:
    """Return the places that a place lies in, by the parents in the registry."""
    above: set[str] = set()
    place = gazetteer.get(place_id)
    while place is not None and place.parent is not None and place.parent not in above:
        above.add(place.parent)
        place = gazetteer.get(place.parent)
    return above - {place_id}


@rule(EVENT, severity="warning", requires=("unknown-place", *ANCHORED), about="where")
def place_with_preposition(event: Event, context: Context) -> Iterator[Fault]:
    """The words quoted for a place begin with a word such as "in" or "from", which is not part of its name.

    Quote the name with the words that narrow it: "south Lebanon" and not "from south Lebanon". `relation` says what the
    preposition says. The prepositions of a language are in `schema/languages/`.
    """
    known = languages.language(context.language) if event.where else None
    for location in event.where:
        first, _, rest = location.quote.words.partition(" ")
        if known is None or not rest or first not in known.before_place:
            continue
        if name_key(location.quote.words) not in context.corpus.places_named:
            yield Fault(
                (*location.path, "quote"),
                f'the place\'s words "{shortened(location.quote.words)}" begin with the preposition "{first}"',
                "quote the name without the preposition",
                closest=rest,
                data=Data(words=location.quote.words, expected=[rest]),
            )
