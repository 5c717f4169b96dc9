"""Rules about one entry of the actor registry, of the right form."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import pairwise

from standoff.codes.scheme import nearest_elements
from standoff.findings import Data, shortened
from standoff.model.actors import Actor, split_code
from standoff.model.graphs import circles, reached
from standoff.model.patterns import pattern
from standoff.model.places import Path
from standoff.rules.context import Context
from standoff.rules.file import READ
from standoff.rules.form import FORM
from standoff.rules.history import is_vanished, released_rows
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
    """A composed actor code does not begin with the actor's country, or has a second country behind it.

    Use the same country in both, and one of them. A code that the scheme itself lists for the actor has the name of the scheme as
    its basis, and an actor of no country has no `country`.
    """
    path = _actor_path(actor, context.corpus)
    others = [
        i
        for i, affiliation in enumerate(actor.affiliations)
        if actor.country
        and affiliation.basis == "composed"
        and not affiliation.code.startswith(actor.country)
    ]
    if others and _country_is_odd(actor, context):
        code = actor.affiliations[others[0]].code
        yield Fault(
            (*path, "country"),
            f"the country of {actor.id} is {actor.country}, but its code {code} begins with {code[:3]}",
            "correct the country or the code",
            data=Data(expected=[code[:3]]),
        )
        return
    for i, second in _second_countries(actor, context):
        yield Fault(
            (*path, "affiliations", i, "code"),
            f"{actor.affiliations[i].code} has the country {second} behind its first element",
            "keep one country, or use the code of a role (standoff codes WORD finds one)",
            data=Data(other=second),
        )
    for i in others:
        yield Fault(
            (*path, "affiliations", i, "code"),
            f"{actor.affiliations[i].code} does not begin with {actor.country}, the country of {actor.id}",
            "correct the code or the country",
        )


@rule(ACTOR, severity="warning", requires=("unknown-code-element",))
def country_missing(actor: Actor, context: Context) -> Iterator[Fault]:
    """A state or a body of one has no `country`, though its codes begin with a country.

    Add `country`.
    """
    if actor.country is not None or actor.kind not in _OF_STATES:
        return
    first = {affiliation.code[:3] for affiliation in actor.affiliations}
    if len(first) == 1 and (country := first.pop()) in context.scheme.iso_countries:
        yield Fault(
            _actor_path(actor, context.corpus),
            f"{actor.id} has no country, but its code begins with {country}",
            f'add country: "{country}"',
            data=Data(expected=[country]),
        )


def _second_countries(actor: Actor, context: Context) -> Iterator[tuple[int, str]]:
    """Yield the affiliations whose composed code has a country, by its code of ISO 3166-1, after another country.

    Regions, and territories without such a code, may follow a country; elements that are roles or groups too are not meant.
    """
    listed = context.scheme.iso_countries
    for i, affiliation in enumerate(actor.affiliations):
        first, *others = split_code(affiliation.code)
        second = next((each for each in others if each in listed and each != first), None)
        if affiliation.basis == "composed" and second is not None and first in listed:
            yield i, second


def _country_is_odd(actor: Actor, context: Context) -> bool:
    """Return whether all codes of an actor begin with one other country, and a parent or the newest release has that one too."""
    countries = {affiliation.code[:3] for affiliation in actor.affiliations}
    if len(countries) != 1 or not countries <= context.scheme.countries:
        return False
    parents = {
        parent.country
        for affiliation in actor.affiliations
        if (parent := context.registry.get(affiliation.parent or "")) is not None
    }
    before = released_rows(context.corpus, "actors", "actor_id").get(actor.id, {}).get("country")
    return countries == parents or before in countries


@rule(ACTOR, requires=("unknown-code-element",))
def basis_contradicted(actor: Actor, context: Context) -> Iterator[Fault]:
    """The basis of an affiliation does not fit its code: only a code with an added group element is `assigned`.

    The code lists mark the group elements that were added because the scheme has none. If the code has such an element,
    write `assigned`, and the reason in `note`. Otherwise write `composed`, or the name of the scheme if the scheme
    itself lists the code.
    """
    lists = [codes.rows for codes in context.scheme.actor_lists.values()]
    for i, affiliation in enumerate(actor.affiliations):
        elements = [
            element
            for element in split_code(affiliation.code)
            if any(rows.get(element, {}).get("basis") == "assigned" for rows in lists)
        ]
        at = (*_actor_path(actor, context.corpus), "affiliations", i, "basis")
        if elements and affiliation.basis != "assigned":
            yield Fault(
                at,
                f"the basis of {affiliation.code} is {affiliation.basis}, but its element {elements[0]} was added to the scheme",
                "write assigned, and the reason in note",
                closest="assigned",
            )
        elif (
            affiliation.basis == "assigned"
            and not elements
            and any(row.get("basis") == "assigned" for rows in lists for row in rows.values())
        ):
            yield Fault(
                at,
                f"the basis of {affiliation.code} is assigned, but all its elements are the scheme's own",
                "write composed, or the name of the scheme if it lists the code",
                closest="composed",
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
        if not context.corpus.lists_actor(
            parent
        ) and not is_vanished(  # the entry that is gone is reported instead
            context.corpus, parent, "actors"
        ):
            near = context.registry.nearest(parent) if context.budget.compare(len(context.registry)) else []
            yield Fault(
                path,
                f'the parent "{parent}" is not in the registry',
                "correct the id, or add an entry for the parent",
                closest=near[0] if near else None,
            )


@rule(ACTOR, severity="warning", requires=("unknown-parent",))
def parent_of_unfit_kind(actor: Actor, context: Context) -> Iterator[Fault]:
    """The parent of an affiliation is of a kind that cannot have this actor below it.

    A parent is the body that the actor belongs to. A person is never a parent. A medium, a company, a party or an unidentified
    group is not the parent of a body of a state. Correct the id. If it is right, accept the finding with the reason.
    """
    for parent_id, path in _parents(actor, context.corpus):
        parent = context.registry.get(parent_id)
        if parent is None or not _unfit(actor, parent) or actor.id in context.registry.ancestors(parent.id):
            continue  # a parent that belongs to the actor is another rule's business
        at: Path | None = path
        before = released_rows(context.corpus, "actors", "actor_id").get(parent.id, {}).get("kind")
        if before not in (None, parent.kind):  # the kind was changed: one fault, however many are below
            below = [
                each
                for each in context.registry.values()
                if parent.id in {p for p, _ in _parents(each, context.corpus)}
            ]
            first = next(each.id for each in below if _unfit(each, parent))
            at = (*_actor_path(parent, context.corpus), "kind") if first == actor.id else None
        if at is not None:
            yield Fault(
                at,
                f"{parent.id} is of the kind {parent.kind}, so it cannot be the parent of {actor.id}",
                "correct the parent" if at == path else f"correct the kind, or the parent of {actor.id}",
                data=Data(other=parent.id),
            )


def _unfit(actor: Actor, parent: Actor) -> bool:
    """Return whether a kind of actor cannot be the parent of another."""
    above_states = actor.kind in _OF_STATES and parent.kind in _NO_STATES
    return parent.id != actor.id and (parent.kind == "person" or above_states)


_OFFICE = pattern(
    r"(?:(?:former|acting|deputy|vice|prime|first|foreign|defen[cs]e|interior|senior|chief)\b[ -]*)*"
    r"(?:president|minister|secretary|spokes(?:man|woman|person)|commander|ambassador|chair(?:man|woman|person)?|leader|"
    r"king|queen|head|director|governor|senator|envoy|general|member|chief|mayor|speaker|analyst|adviser)\b",
    re.IGNORECASE,
)
"""What a role begins with that one person has."""


@rule(ACTOR, severity="warning")
def kind_against_role(actor: Actor, context: Context) -> Iterator[Fault]:
    """An actor that is not registered as a person has the office of one, such as minister or spokesman, as its role.

    Write `kind: person`, or correct the role. If a body does have this role, accept the finding with the reason.
    """
    if actor.kind in ("person", "collective", "unidentified"):
        return
    for affiliation in actor.affiliations:
        if affiliation.role is not None and _OFFICE.match(affiliation.role):
            yield Fault(
                (*_actor_path(actor, context.corpus), "kind"),
                f'{actor.id} is of the kind {actor.kind}, but has the role "{shortened(affiliation.role)}"',
                "write person, or correct the role",
                closest="person",
                data=Data(expected=["person"]),
            )
            return


_OF_STATES = frozenset({"state", "government", "ministry", "military", "intelligence", "parliament"})
_NO_STATES = frozenset({"media", "company", "unidentified", "party"})


# ---- the entries beside each other ---------------------------------------------------------------------------


def _all_parents(corpus: Corpus) -> dict[str, set[str]]:
    return {actor.id: {parent for parent, _ in _parents(actor, corpus)} for actor in corpus.registry.values()}


@rule(CORPUS, requires=("unknown-parent", "duplicate-id"))
def parent_cycle(corpus: Corpus) -> Iterator[Fault]:
    """An actor is its own ancestor.

    Follow the parents in the message and delete the wrong one. Periods do not matter: A under B in one year
    and B under A in another is also an error.
    """
    before = released_rows(corpus, "affiliations", "actor_id", "parent_id")
    for circle in circles(_all_parents(corpus)):
        child, above = new_step(circle, {tuple(key.split(" ")) for key in before})
        yield Fault(
            next(path for parent, path in _parents(corpus.registry[child], corpus) if parent == above),
            f"parents form a cycle: {' → '.join(circle)}",
            "delete the wrong parent",
            file=corpus.actors,
        )


def new_step(circle: tuple[str, ...], released: Collection[tuple[str, ...]]) -> tuple[str, str]:
    """Return the first step of a circle that is in no release; the first of all if each is, or none."""
    steps = [*pairwise(circle)]
    new = [step for step in steps if step not in released]
    return new[0] if len(new) < len(steps) and new else steps[0]


@rule(
    CORPUS,
    severity="note",
    requires=(
        "id-vanished",
        "retired-id-reused",
        "parent-cycle",
        "unknown-parent",
        "parent-of-other-country",
        *READ,
        *FORM,
    ),
)
def unused_actor(corpus: Corpus) -> Iterator[Fault]:
    """No record uses an entry of the registry, and it is not the parent of one that is used.

    Keep it if a document names it. Otherwise delete it.
    """
    named = set[str]().union(*(file.digest.actors for file in corpus.annotation_files()))
    used = reached(named, _all_parents(corpus))
    for actor_id in corpus.registry:
        if actor_id not in used:
            yield Fault(
                ("actors", corpus.actor_entries[actor_id], "id"),
                f"no record uses {actor_id}",
                "delete it unless a document names it",
                file=corpus.actors,
            )
