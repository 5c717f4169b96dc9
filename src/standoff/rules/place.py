"""Rules about the place registry, `dataset/places.yaml`."""

from __future__ import annotations

from collections.abc import Iterator

from standoff.model.gazetteer import GeoPlace
from standoff.model.graphs import circles, reached
from standoff.model.places import Path
from standoff.rules.file import FORM, READ
from standoff.rules.rule import CORPUS, Fault, rule
from standoff.source.corpus import Corpus

_REGISTRY = (*READ, *FORM, "duplicate-id")


def _path(place: GeoPlace, corpus: Corpus) -> Path:
    return ("places", corpus.place_entries[place.id])


@rule(CORPUS, requires=_REGISTRY)
def place_of_unknown_country(corpus: Corpus) -> Iterator[Fault]:
    """The country of a place is not in the list of countries.

    Use a code of the scheme's list of countries, or leave `country` out.
    """
    for place in corpus.gazetteer.values():
        if place.country is not None and place.country not in corpus.scheme.countries:
            yield Fault(
                (*_path(place, corpus), "country"),
                f"{place.country} is not in the list of countries of {corpus.scheme.title}",
                "use a code of that list",
                file=corpus.places_file,
            )


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
    for cycle in circles(_parents(corpus)):
        yield Fault(
            (*_path(corpus.gazetteer[cycle[0]], corpus), "parent"),
            f"parents form a cycle: {' → '.join(cycle)}",
            "correct the parent that is wrong",
            file=corpus.places_file,
        )


@rule(CORPUS, severity="note", requires=(*READ, *FORM))
def unused_place(corpus: Corpus) -> Iterator[Fault]:
    """No event uses an entry of the place registry, and it is not the parent of one that is used.

    Delete it, unless a document names the place.
    """
    named = {
        location.place_id
        for file in corpus.annotation_files()
        for event in file.events
        for location in event.where
    }
    used = reached(named, _parents(corpus))
    for place in corpus.gazetteer.values():
        if place.id not in used:
            yield Fault(
                (*_path(place, corpus), "id"),
                f"{place.id} is used by no event",
                "delete it, unless a document names it",
                file=corpus.places_file,
            )


def _parents(corpus: Corpus) -> dict[str, set[str]]:
    return {place.id: {place.parent} if place.parent else set() for place in corpus.gazetteer.values()}
