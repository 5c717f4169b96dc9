"""The released tables of a dataset that is coded in another scheme than CAMEO, or adds words to the closed lists.

The tables and their keys are those of `released.py`. What a scheme has in place of CAMEO's scales and crosswalk takes
the place of these columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from standoff.codes import shipped
from standoff.codes.scheme import Scheme
from standoff.model.classes import replace
from standoff.schema import CORE, Vocabulary
from standoff.tables.columns import Column, Kind, Table
from standoff.tables.released import TABLES

_OF_CAMEO = frozenset(
    {"goldstein", "goldstein_scheme", "goldstein_icews", "plover_type", "plover_mode", "plover_context"}
)
_EXTENSIBLE = {"status": "statuses", "date_basis": "date_bases", "reason": "reasons"}


def tables_for(scheme: Scheme, vocabulary: Vocabulary = CORE) -> dict[str, Table]:
    """Return the tables of a dataset by name, in the order of `TABLES`; `TABLES` itself for plain CAMEO."""
    if scheme.name == shipped.DEFAULT and vocabulary == CORE:
        return TABLES
    return {
        name: replace(table, columns=tuple(_columns(table, scheme, vocabulary)), codes=scheme.name)
        for name, table in TABLES.items()
    }


def value_column(scheme: Scheme) -> str | None:
    """Return the column in which events have their code's value on the scheme's main scale; None without a scale."""
    return scheme.scales[scheme.default_scale].column if scheme.default_scale else None


def value_column_in(columns: Iterable[str]) -> str | None:
    """Return which of the columns of a released `events` or `dyads` holds the value of the code; None without a scale.

    Such a column stands after `quad_class`; it is called `goldstein` in a dataset coded in CAMEO.
    """
    names = list(columns)
    after = names[names.index("quad_class") + 1 :][:1]
    return next((name for name in after if name == "goldstein" or name not in TABLES["events"].schema), None)


def _columns(table: Table, scheme: Scheme, vocabulary: Vocabulary) -> Iterator[Column]:
    like_cameo = shipped.DEFAULT in (scheme.name, scheme.extends)
    for column in table.columns:
        if column.name == "goldstein" and not like_cameo:
            yield from _scales(table, scheme)
        elif column.name not in _OF_CAMEO or like_cameo:
            yield _described(column, table, scheme, vocabulary)


def _scales(table: Table, scheme: Scheme) -> Iterator[Column]:
    """The columns of the scheme's scales and, in the list of actions, of its crosswalks."""
    for scale in scheme.scales.values():
        if table.name == "actions" or scale.name == scheme.default_scale:
            description = f"{scale.title}; null where the code has none."
            yield Column(scale.column, Kind.FLOAT64, description, optional=True)
    if table.name == "actions":
        for other, columns in scheme.crosswalks.items():
            for part, name in columns.items():
                yield Column(name, Kind.STRING, f"Counterpart in {other}: {part}.", optional=True)


def _described(column: Column, table: Table, scheme: Scheme, vocabulary: Vocabulary) -> Column:
    if column.name in _EXTENSIBLE and column.values:
        added = tuple(word for word, _ in getattr(vocabulary, _EXTENSIBLE[column.name]))
        kinds = "".join(f" {word}: a kind of {vocabulary.core(word)}." for word in added)
        return replace(column, values=(*column.values, *added), description=f"{column.description}{kinds}")
    if scheme.name == shipped.DEFAULT:
        return column
    if column.name == "code_basis":
        words = f"{' or '.join(vocabulary.listed)}: listed by the scheme. composed: of its elements. "
        return replace(
            column,
            description=f"{words}assigned: with an element that was added.",
            values=(*vocabulary.listed, *column.values[1:]),
        )
    if column.name == "quad_class":
        names = ", ".join(f"{number} {name}" for number, name in scheme.quad_class_values.items())
        return replace(
            column,
            description=f"Class of the code: {names or 'the scheme states none'}.",
            values=tuple(scheme.quad_class_values),
            optional=any(action.quad_class is None for action in scheme.actions.values()),
        )
    if table.name == "countries" and column.name == "kind":
        rows = [
            row for codes in scheme.actor_lists.values() if codes.countries for row in codes.rows.values()
        ]
        return replace(column, optional=not all(row.get("kind") for row in rows))
    if table.name == "actions":
        actions = scheme.actions.values()
        if column.name == "level":
            return replace(column, values=tuple(sorted({action.level for action in actions})))
        if column.name in ("definition", "quad_class_scheme"):
            return replace(column, optional=True)
        if column.name == "action":
            return replace(column, description=f"Code of {scheme.title}.")
    if column.name == "action":
        return replace(column, description=f"{column.description} Codes are those of {scheme.title}.")
    return column
