"""Names of parties in predictions: the registry's first, then countries and organisations, with their usual short names.

A name that means two things means nothing. Nothing is looked up in the gold events.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from standoff import schema
from standoff.codes import shipped
from standoff.model.actors import Registry

OTHER_NAMES = "codes/names.csv"
"""Short and official names, each with the name that the lists have."""
_FULL_CODE = re.compile(r"Full code in the manual: ([A-Z]+)\.")
_SHORT = re.compile(r"(.+?) \(([A-Z][A-Z-]+)\)")
_DOTTED = re.compile(r"\b(?:[a-z]\.){2,}")


def plain(name: str) -> str:
    """Return a name without case, article, punctuation at its ends, dots in abbreviations, and doubled white space."""
    folded = " ".join(name.replace("’", "'").casefold().split())
    folded = _DOTTED.sub(lambda match: match[0].replace(".", ""), folded).strip(" .,;:'\"")
    return folded.removeprefix("the ")


def names_of(registry: Registry) -> dict[str, str | None]:
    """Return the names and aliases of a registry in plain form; a name of two entries names neither."""
    return _unambiguous(
        (name, actor.id) for actor in registry.values() for name in (actor.name, *actor.aliases)
    )


def listed(name: str, scheme: str) -> str | None:
    """Return the code of the country or organisation that is called so; None if there is none, or more than one."""
    return _listed(scheme if scheme in shipped.names() else shipped.DEFAULT).get(plain(name))


def meaning(name: str) -> str | None:
    """Return the usual name of what is called so for short, such as United Nations for UN; None if it is not listed."""
    return _meanings().get(plain(name))


@cache
def _meanings() -> Mapping[str, str]:
    with (schema.folder() / OTHER_NAMES).open(encoding="utf-8", newline="") as file:
        return {plain(row["name"]): row["meaning"] for row in csv.DictReader(file)}


@cache
def _listed(scheme: str) -> Mapping[str, str | None]:
    named = list(_named(scheme))
    if scheme != shipped.DEFAULT:  # organisations have the same codes in both lists, and only one names them
        known = {plain(name) for name, _ in named}
        named += [(name, code) for name, code in _named(shipped.DEFAULT) if plain(name) not in known]
    return _unambiguous(named)


def _named(scheme: str) -> Iterator[tuple[str, str]]:
    for codes in shipped.scheme(scheme).actor_lists.values():
        for code, row in codes.items():
            name = row.get(codes.label) or ""
            if codes.countries:
                yield name, code
                if row.get("iso_alpha2"):
                    yield f"={row['iso_alpha2']}", code
            elif full := _FULL_CODE.match(row.get("note") or ""):
                yield name, full[1]
                if short := _SHORT.fullmatch(name):
                    yield from ((part, full[1]) for part in short.groups())


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for name, code in pairs:
        key = plain(name)
        if found.setdefault(key, code) != code:
            found[key] = None
    return found
