"""Rules about the entries of the actor registry, compared with each other and single: names, codes, order."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import date

from standoff.findings import Data
from standoff.model.actors import Actor, split_code
from standoff.model.names import name_key
from standoff.model.patterns import pattern
from standoff.model.places import Path
from standoff.rules.context import Context
from standoff.rules.form import FORM, path_name
from standoff.rules.history import released_ids, released_names, released_rows
from standoff.rules.rule import ACTOR, CORPUS, Fault, rule
from standoff.rules.text import written_texts
from standoff.source.corpus import Corpus


def _path(actor: Actor, corpus: Corpus) -> Path:
    return ("actors", corpus.actor_entries[actor.id])


@rule(ACTOR)
def alias_repeated(actor: Actor, context: Context) -> Iterator[Fault]:
    """An alias is the actor's own name, or another of its aliases.

    Delete the alias. Names are compared without regard to case, white space and look-alike letters.
    """
    seen = {name_key(actor.name): "the name"}
    for i, alias in enumerate(actor.aliases):
        key = name_key(alias)
        if key in seen:
            yield Fault(
                (*_path(actor, context.corpus), "aliases", i),
                f'the alias "{alias}" repeats {seen[key]}',
                "delete the alias",
            )
        seen.setdefault(key, "another alias")


@rule(ACTOR, requires=("unknown-code-element",))
def code_element_repeated(actor: Actor, context: Context) -> Iterator[Fault]:
    """An actor code has the same element twice.

    Delete one of the two: each element adds something to those before it.
    """
    for i, affiliation in enumerate(actor.affiliations):
        repeated = [element for element, n in Counter(split_code(affiliation.code)).items() if n > 1]
        if repeated:
            meant = "".join(dict.fromkeys(split_code(affiliation.code)))
            yield Fault(
                (*_path(actor, context.corpus), "affiliations", i, "code"),
                f"{affiliation.code} has {repeated[0]} twice",
                f"write {meant}, or the element that was meant",
                closest=meant,
            )


@rule(ACTOR, severity="warning", requires=("period-malformed", "periods-overlap"))
def affiliations_out_of_order(actor: Actor, context: Context) -> Iterator[Fault]:
    """The affiliations of an actor are not in chronological order.

    Put the earliest first. An affiliation without `from` comes before all others.
    """
    starts = [affiliation.start or date.min for affiliation in actor.affiliations]
    for i in range(1, len(starts)):
        if starts[i] < starts[i - 1]:
            yield Fault(
                (*_path(actor, context.corpus), "affiliations", i),
                f"affiliation {i + 1} of {actor.id} begins before affiliation {i}",
                "put the earliest affiliation first",
            )
            return


@rule(ACTOR, severity="warning", requires=("unknown-parent", "unknown-code-element", "code-of-other-country"))
def parent_of_other_country(actor: Actor, context: Context) -> Iterator[Fault]:
    """The parent of an affiliation and the actor belong to different countries.

    Correct the parent or the country. If the actor does belong to an organisation of another country,
    accept the finding with the reason.
    """
    for i, affiliation in enumerate(actor.affiliations):
        parent = context.registry.get(affiliation.parent or "")
        if parent is None or not _of_its_country(parent, context):
            continue  # the parent's own country is wrong, and reported there
        if actor.country and parent.country and parent.country != actor.country:
            yield Fault(
                (*_path(actor, context.corpus), "affiliations", i, "parent"),
                f"{parent.id} belongs to {parent.country}, {actor.id} to {actor.country}",
                "correct the parent, or the country",
                data=Data(other=parent.id),
            )


def _of_its_country(actor: Actor, context: Context) -> bool:
    """Return whether the country of an actor is listed and its composed codes begin with it."""
    composed = [each.code for each in actor.affiliations if each.basis == "composed"]
    country = actor.country or ""
    return not country or (
        country in context.scheme.countries and all(code.startswith(country) for code in composed)
    )


@rule(
    ACTOR, severity="warning", requires=("unknown-code-element", "code-of-other-country", "kind-against-role")
)
def kind_against_code(actor: Actor, context: Context) -> Iterator[Fault]:
    """The code of an actor does not fit its kind, such as a military with the code of a government.

    Correct the kind or the code. `[actor_kinds]` in the scheme says which elements the codes of a kind have
    (docs/codes.md). If the actor is an exception, accept the finding with the reason.
    """
    allowed = context.scheme.actor_kinds.get(actor.kind)
    if allowed is None:
        return
    of_kinds = {element for elements in context.scheme.actor_kinds.values() for element in elements}
    for i, affiliation in enumerate(actor.affiliations):
        others = [each for each in split_code(affiliation.code) if each not in context.scheme.countries]
        if set(others).intersection(allowed) or not (others or allowed):
            continue
        if others and not of_kinds.intersection(others):  # such as a group of the dataset's own list
            continue
        before = released_rows(context.corpus, "actors", "actor_id").get(actor.id, {}).get("kind", actor.kind)
        at: Path = ("kind",) if before != actor.kind else ("affiliations", i, "code")
        wanted = f"one of {', '.join(allowed)}" if len(allowed) > 1 else allowed[0] if allowed else ""
        yield Fault(
            (*_path(actor, context.corpus), *at),
            f"{actor.id} is of the kind {actor.kind}, but its code {affiliation.code} "
            + (f"lacks {wanted}" if allowed else f"has {', '.join(others)} in addition to the country"),
            "correct the kind, or the code",
            data=Data(expected=list(allowed)),
        )
        if at == ("kind",):
            return  # one fault, however many codes it has


# ---- the entries beside each other ---------------------------------------------------------------------------


def _newer(first: str, second: str, released: set[str]) -> tuple[str, str]:
    """Return two ids, the one that is in no release last; otherwise in the order given."""
    return (second, first) if second in released and first not in released else (first, second)


@rule(CORPUS, requires=("duplicate-id", "alias-repeated"))
def alias_collision(corpus: Corpus) -> Iterator[Fault]:
    """A name or alias belongs to two actors.

    Names are compared without regard to case, white space and look-alike letters. Keep the alias for the
    actor that it always names, or delete it.
    """
    released = released_ids(corpus)
    named = released_names(corpus)
    owners: dict[str, list[tuple[str, Path, str]]] = {}
    for actor in corpus.registry.values():
        path = _path(actor, corpus)
        aliases = [((*path, "aliases", j), alias) for j, alias in enumerate(actor.aliases)]
        for at, name in [((*path, "name"), actor.name), *aliases]:
            owners.setdefault(name_key(name), []).append((actor.id, at, name))
    for key, owned in owners.items():
        for other in owned[1:]:
            old, new = _newer(owned[0][0], other[0], released)
            if key in named.get(new, ()) and key not in named.get(old, ()):
                old, new = new, old  # both were released, and only one of them with this name
            if old != new:
                _, at, name = next(each for each in (owned[0], other) if each[0] == new)
                yield Fault(
                    at,
                    f'"{name}" already names {old}',
                    "keep it with one of the two",
                    file=corpus.actors,
                    data=Data(other=old),
                )


@rule(CORPUS, requires=("duplicate-id",))
def wikidata_twice(corpus: Corpus) -> Iterator[Fault]:
    """Two actors have the same Wikidata id.

    A Wikidata entry is one actor. Correct the id, or merge the two entries.
    """
    released = released_ids(corpus)
    owner: dict[str, str] = {}
    for actor in corpus.registry.values():
        if actor.wikidata is None:
            continue
        other = owner.setdefault(actor.wikidata, actor.id)
        if other != actor.id:
            old, new = _newer(other, actor.id, released)
            yield Fault(
                ("actors", corpus.actor_entries[new], "wikidata"),
                f"{actor.wikidata} is the Wikidata id of {old} too",
                "correct the id, or merge the two entries",
                file=corpus.actors,
                data=Data(other=old),
            )


_MIXED = pattern("[A-Za-z][\u0370-\u03ff\u0400-\u04ff]|[\u0370-\u03ff\u0400-\u04ff][A-Za-z]")


@rule(CORPUS, severity="warning", requires=("alias-collision", "text-misdecoded", *FORM))
def text_of_two_scripts(corpus: Corpus) -> Iterator[Fault]:
    """A word that we wrote mixes Latin letters with Greek or Cyrillic ones, which look alike.

    Write the word in one script: a search for it finds nothing otherwise. If the name is written like this, accept the
    finding with the reason.
    """
    for file in (corpus.actors, corpus.places_file, *corpus.files):
        for path, text in written_texts(file):
            if not text.isascii() and (match := _MIXED.search(text)):
                odd = next(char for char in match[0] if not char.isascii())
                name = unicodedata.name(odd, "").lower()
                message = f"{path_name(path)} has the letter {name} (U+{ord(odd):04X}) beside Latin ones"
                yield Fault(path, message, "write the word in one script", file=file)
