"""The list of all rules: the same for every command, whatever else was imported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from types import MappingProxyType, ModuleType

from standoff.rules import (
    acceptance,
    actor,
    column,
    corpus,
    document,
    event,
    file,
    identity,
    place,
    record,
    release,
    scheme,
    table,
    text,
)
from standoff.rules.rule import SCOPES, Rule, rules_in

MODULES: tuple[ModuleType, ...] = (
    file, text, document, record, event, actor, identity, place, corpus, scheme, acceptance, column, table, release
)  # fmt: skip
"""The modules that hold rules. A rule that is written in one of them is listed; nothing else has to be done."""


@cache
def all_rules() -> Mapping[str, Rule]:
    """Return every rule by its code, in the order in which they run. The mapping cannot be changed."""
    return in_order(found for module in MODULES for found in rules_in(module))


def in_order(rules: Iterable[Rule]) -> Mapping[str, Rule]:
    """Return rules by code in the order in which they run: by scope, within it prerequisites first, then by name.

    Raises ValueError for a code that occurs twice, an unknown prerequisite, and prerequisites in a circle.
    """
    by_code: dict[str, Rule] = {}
    for found in rules:
        if by_code.setdefault(found.code, found) is not found:
            raise ValueError(f"two rules have the code {found.code}")
    for found in by_code.values():
        if unknown := set(found.requires) - by_code.keys():
            raise ValueError(
                f"rule {found.code} requires {', '.join(sorted(unknown))}: there is no such rule"
            )
    ordered: dict[str, Rule] = {}
    for scope in SCOPES:
        codes = sorted(code for code, found in by_code.items() if found.scope == scope)
        try:
            order = [*TopologicalSorter({code: by_code[code].requires for code in codes}).static_order()]
        except CycleError as error:
            raise ValueError(f"rules require each other: {' → '.join(error.args[1])}") from None
        ordered |= {code: by_code[code] for code in order if by_code[code].scope == scope}
    return MappingProxyType(ordered)
