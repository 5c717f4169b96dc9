"""The list of all rules: the same for every command, whatever else was imported.

Another package adds rules by an entry point in the group ``standoff.rules`` that names a module::

    [project.entry-points."standoff.rules"]
    newsroom = "newsroom.standoff_rules"
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from types import MappingProxyType, ModuleType

from standoff.findings import PackageFault
from standoff.lazy import entry_points
from standoff.rules.rule import SCOPES, TABLE_SCOPES, Rule, rules_in

GROUP = "standoff.rules"
"""Entry points of other packages in this group name modules that hold rules."""


def modules() -> tuple[ModuleType, ...]:
    """Return the modules that hold rules. A rule that is written in one of them is listed; nothing else has to be done."""
    return (*dataset_modules(), *table_modules())


# Imported when asked for: a check of a dataset needs the first, a check of a table the others.


def dataset_modules() -> tuple[ModuleType, ...]:
    """Return the modules with rules about datasets. They import nothing that describes tables."""
    from standoff.rules import (
        acceptance,
        actor,
        corpus,
        counting_back,
        dating,
        description,
        document,
        document_text,
        event,
        event_date,
        event_place,
        file,
        form,
        identity,
        listed,
        naming,
        notes,
        periods,
        place,
        record,
        relations,
        release,
        scheme,
        text,
        words,
    )

    return (
        file, form, text, document, document_text, record, words, event, event_place, event_date, dating, counting_back, actor, periods, naming, identity, listed,
        place, corpus, notes, relations, scheme, description, acceptance, release,
    )  # fmt: skip


def table_modules() -> tuple[ModuleType, ...]:
    """Return the modules with rules about tables. They import nothing that reads annotation files."""
    from standoff.rules import column, summary, table

    return column, table, summary


@cache
def all_rules() -> Mapping[str, Rule]:
    """Return every rule by its code, in the order in which they run, those of other packages included.

    The mapping cannot be changed. Raises PackageFault if the rules of another package cannot be loaded.
    """
    rules = own_rules()
    for entry in entry_points(GROUP):
        try:
            rules = in_order([*rules.values(), *rules_in(entry.load())])
        except Exception as error:  # another package's module may raise anything while it is imported
            raise PackageFault(
                f"the rules of the installed package {entry.dist.name if entry.dist else entry.name} "
                f"({entry.value}) cannot be used: {type(error).__name__}: {error}; fix or uninstall it"
            ) from error
    return rules


@cache
def own_rules() -> Mapping[str, Rule]:
    """Return the rules of standoff itself, by code, in the order in which they run."""
    return _rules_of(modules())


@cache
def dataset_rules() -> Mapping[str, Rule]:
    """Return the rules about datasets and releases by code, in the order in which they run: a part of `all_rules`, found sooner."""
    if entry_points(GROUP):  # rules of other packages may be about anything
        return MappingProxyType({code: r for code, r in all_rules().items() if r.scope not in _ABOUT_TABLES})
    return _rules_of(dataset_modules())


@cache
def table_rules() -> Mapping[str, Rule]:
    """Return the rules about tables by code, in the order in which they run: a part of `all_rules`, found sooner."""
    if entry_points(GROUP):
        return MappingProxyType({code: r for code, r in all_rules().items() if r.scope in _ABOUT_TABLES})
    return _rules_of(table_modules())


_ABOUT_TABLES = (*TABLE_SCOPES, "summary")


def _rules_of(found: tuple[ModuleType, ...]) -> Mapping[str, Rule]:
    return in_order(each for module in found for each in rules_in(module))


def in_order(rules: Iterable[Rule]) -> Mapping[str, Rule]:
    """Return rules by code in the order in which they run: by scope, within it prerequisites first, then by name.

    Raises ValueError for a code that occurs twice, an unknown prerequisite, and prerequisites in a circle.
    """
    by_code: dict[str, Rule] = {}
    for found in rules:
        if by_code.setdefault(found.code, found) is not found:
            raise ValueError(f"two rules have the code {found.code}")
    for found in by_code.values():
        if unknown := {*found.requires, *found.yields_to} - by_code.keys():
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
