"""Rules about one entry of the actor registry, of the right form."""

from __future__ import annotations

from collections.abc import Iterator

from standoff.codes import languages
from standoff.codes.scheme import nearest_elements
from standoff.model import dates
from standoff.model.actors import Actor, split_code
from standoff.model.graphs import circles, reached
from standoff.model.places import Path
from standoff.rules.context import Context
from standoff.rules.file import FORM, READ
from standoff.rules.rule import ACTOR, CORPUS, Fault, rule
from standoff.source.corpus import Corpus


def _actor_path(actor: Actor, corpus: Corpus) -> Path:
    return ("actors", corpus.actor_entries[actor.id])


@rule(ACTOR)
def unknown_code_element(actor: Actor, context: Context) -> Iterator[Fault]:
    """An actor code is not built from the elements of the code lists, or its country is not in the list of countries.

    A code is a sequence of three-letter elements: first a country or a kind of international actor, then
    roles, then groups. Use elements of the lists, or add a missing group to the dataset's own list
    (docs/codes.md).
    """
    path, scheme = _actor_path(actor, context.corpus), context.scheme
    if actor.country is not None and actor.country not in scheme.countries:
        near = nearest_elements(actor.country, sorted(scheme.countries), 1)
        yield Fault(
            (*path, "country"),
            f"{actor.country} is not in the list of countries of {scheme.title}",
            "use a code of that list",
            closest=near[0] if near else None,
        )
    for i, affiliation in enumerate(actor.affiliations):
        elements = split_code(affiliation.code)
        unknown = [element for element in elements if element not in scheme.actor_elements]
        if unknown:
            affordable = context.budget.compare(len(unknown) * len(scheme.actor_elements))
            yield Fault(
                (*path, "affiliations", i, "code"),
                f"{', '.join(unknown)} in {affiliation.code} is in none of the code lists",
                "use another code (standoff codes WORD finds one), or add it to a list in codes/ beside dataset.toml",
                closest=scheme.nearest_actor_code(elements) if affordable else None,
            )


@rule(ACTOR, requires=("unknown-code-element",))
def code_of_other_country(actor: Actor, context: Context) -> Iterator[Fault]:
    """A composed actor code does not begin with the actor's country.

    Use the same country in both. A code that the scheme itself lists for the actor has the name of the scheme as
    its basis, and an actor of no country has no `country`.
    """
    path = _actor_path(actor, context.corpus)
    for i, affiliation in enumerate(actor.affiliations):
        if (
            actor.country
            and affiliation.basis == "composed"
            and not affiliation.code.startswith(actor.country)
        ):
            yield Fault(
                (*path, "affiliations", i, "code"),
                f"{affiliation.code} does not begin with {actor.country}, the country of {actor.id}",
                "correct the code or the country",
            )


@rule(ACTOR)
def period_malformed(actor: Actor, context: Context) -> Iterator[Fault]:
    """A period of an affiliation has a malformed date, or ends before it begins.

    `from` and `until` are a day, a month or a year in quotes; the first is not after the second.
    """
    path = _actor_path(actor, context.corpus)
    items = context.corpus.actors.value["actors"][path[1]]["affiliations"]
    for i, (item, affiliation) in enumerate(zip(items, actor.affiliations, strict=True)):
        for key in ("from", "until"):
            if key in item:
                try:
                    if dates.parse(item[key]).kind != "point":
                        yield Fault(
                            (*path, "affiliations", i, key), f"{item[key]} is not a day, month or year"
                        )
                except dates.DateError:
                    message = languages.date_message(item[key], context.corpus.language)
                    yield Fault((*path, "affiliations", i, key), message)
        if affiliation.start and affiliation.end and affiliation.start > affiliation.end:
            yield Fault(
                (*path, "affiliations", i, "until"),
                f"the period ends on {affiliation.end}, before it begins on {affiliation.start}",
                "exchange the two, or correct one",
            )


@rule(ACTOR, requires=("period-malformed",))
def periods_overlap(actor: Actor, context: Context) -> Iterator[Fault]:
    """Two affiliations of one actor overlap in time.

    A code must be unique on every day: end the first period the day before the second begins.
    """
    path = _actor_path(actor, context.corpus)
    for i, first in enumerate(actor.affiliations):
        for j, second in enumerate(actor.affiliations[i + 1 :], start=i + 1):
            if first.holds(second.start, second.end):
                yield Fault(
                    (*path, "affiliations", j),
                    f"affiliations {i + 1} and {j + 1} of {actor.id} overlap",
                    "end the first the day before the second begins",
                )


def _parents(actor: Actor, corpus: Corpus) -> Iterator[tuple[str, Path]]:
    """Yield the parents of an actor, of all periods, with their places."""
    path = _actor_path(actor, corpus)
    for i, affiliation in enumerate(actor.affiliations):
        if affiliation.parent is not None:
            yield affiliation.parent, (*path, "affiliations", i, "parent")


@rule(ACTOR)
def unknown_parent(actor: Actor, context: Context) -> Iterator[Fault]:
    """The parent of an affiliation is not in the registry.

    Correct the id, or add an entry for the parent.
    """
    for parent, path in _parents(actor, context.corpus):
        if not context.corpus.lists_actor(parent):
            near = context.registry.nearest(parent) if context.budget.compare(len(context.registry)) else []
            yield Fault(
                path,
                f'the parent "{parent}" is not in the registry',
                "correct the id, or add an entry for the parent",
                closest=near[0] if near else None,
            )


# ---- the entries beside each other ---------------------------------------------------------------------------


def _all_parents(corpus: Corpus) -> dict[str, set[str]]:
    return {actor.id: {parent for parent, _ in _parents(actor, corpus)} for actor in corpus.registry.values()}


@rule(CORPUS, requires=("unknown-parent", "duplicate-id"))
def parent_cycle(corpus: Corpus) -> Iterator[Fault]:
    """An actor is its own ancestor.

    Follow the parents in the message and delete the wrong one. Periods do not matter: A under B in one year
    and B under A in another is also an error.
    """
    for circle in circles(_all_parents(corpus)):
        parents = _parents(corpus.registry[circle[0]], corpus)
        yield Fault(
            next(path for parent, path in parents if parent == circle[1]),
            f"parents form a cycle: {' → '.join(circle)}",
            "delete the wrong parent",
            file=corpus.actors,
        )


@rule(CORPUS, severity="note", requires=(*READ, *FORM))
def unused_actor(corpus: Corpus) -> Iterator[Fault]:
    """No record uses an entry of the registry, and it is not the parent of one that is used.

    Keep it if a document names it. Otherwise delete it.
    """
    named = {
        party.actor_id
        for file in corpus.annotation_files()
        for event in file.events
        for _, party in event.parties()
    }
    for file in corpus.annotation_files():
        for entry in (negative.would_be for negative in file.negatives):
            named |= {entry.actor_id, entry.target_id} - {None} if entry else set()  # type: ignore[arg-type]
    used = reached(named, _all_parents(corpus))
    for actor_id in corpus.registry:
        if actor_id not in used:
            yield Fault(
                ("actors", corpus.actor_entries[actor_id], "id"),
                f"{actor_id} is used by no record",
                "delete it unless a document names it",
                file=corpus.actors,
            )
