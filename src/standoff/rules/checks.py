"""The checks of a table: which rules apply to its rows, each as one polars expression.

Every engine runs these: the fused pass (`bulk.checking_rows`), Spark and Dask, and pandera (`release.contract`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import polars as pl

from standoff.rules.catalogue import table_rules
from standoff.rules.expressions import admit
from standoff.rules.lookups import LOOKUP
from standoff.rules.rule import Rule
from standoff.tables.profiles import KNOWN, TEXT, Binding, Profile, RowCheck

BEFORE_EXPRESSIONS = (
    "value-missing", "value-unreadable", "number-not-finite", "value-outside-bounds", "value-not-listed", "pattern-mismatch"
)  # fmt: skip
"""Rules that a row must pass before the checks of a profile apply to it, so that one fault is one finding."""


@dataclass(frozen=True)
class Check:
    """One check of every row: a rule, and its column if the rule is about single columns.

    `expression` is true where the row is right, and never null.
    """

    rule: Rule
    column: Binding | None
    expression: pl.Expr

    @property
    def name(self) -> str:
        """The rule's code, and the column where there is one: ``value-missing:action``."""
        return f"{self.rule.code}:{self.column.name}" if self.column else self.rule.code

    @cached_property
    def names(self) -> frozenset[str]:
        """Every column that the expression reads, looked-up ones among them."""
        return frozenset(self.expression.meta.root_names())

    @cached_property
    def columns(self) -> frozenset[str]:
        """The columns of the table itself that the expression reads, those that lookups start from among them."""
        return frozenset(map(origin, self.names))

    def requires(self, other: Check) -> bool:
        """Return whether this check does not apply to rows that fail `other`, so that the same fault is reported once."""
        required = other.rule.code in self.rule.requires
        return required and (other.column is None or other.column.name in self.columns)


def origin(name: str) -> str:
    """The column of the table that a column of an expression comes from."""
    if name.startswith(LOOKUP):
        return "action"
    if name.startswith("row."):
        return name
    # Facts about the values of a column are called after it: "country.west".
    return name.removeprefix(KNOWN).removeprefix(TEXT).partition(".")[0]


def _rule_of(check: RowCheck) -> Rule:
    """A check of a profile as a rule."""
    return Rule(
        check.name,
        "expression",
        check.severity,
        (*BEFORE_EXPRESSIONS, "row-empty", *check.requires),
        check.message,
        check.advice,
        lambda: check.expression,
        page=check.page,
    )


def readable(columns: Iterable[Binding]) -> dict[str, type[pl.DataType] | pl.DataType]:
    """Return the names that the expressions of a profile may read, with their types."""
    columns = list(columns)
    types: dict[str, Any] = {column.name: column.kind.polars for column in columns}
    kinds = {str: pl.String, float: pl.Float64}
    return types | {name: kinds[kind] for column in columns for name, kind in column.known.items()}


def checks(profile: Profile, names: Iterable[str], references: Iterable[str] = ()) -> list[Check]:
    """Return the checks of every row of a table that has the columns `names`, in the order of rules and columns.

    `references` are the columns whose other table is available.
    """
    present, referring = frozenset(names), frozenset(references)
    columns = [column for column in profile.columns if column.name in present]
    if present.issuperset(profile.key) and "duplicate-row-key" not in profile.skip:
        # Without a part of its key, a row cannot be compared with others.
        columns = [
            replace(c, column=replace(c.column, optional=False)) if c.name in profile.key else c
            for c in columns
        ]
    found = []
    made: list[tuple[Binding | None, pl.Expr | None]]
    ours = (known for _, known in sorted(table_rules().items()))
    for each in (*ours, *map(_rule_of, profile.checks)):
        if each.code in profile.skip:
            continue
        if each.scope == "column":
            made = [(column, each.check(column)) for column in columns]
        elif each.scope == "row":
            made = [(None, each.check(columns))]
        elif each.scope == "table":
            made = [(None, each.check())]
        elif each.scope == "expression":
            made = [(None, admit(each.check(), readable(profile.columns), resolve=False))]
        else:
            continue
        for column, expression in made:
            if expression is None:
                continue
            listed = column if each.code == "value-not-listed" else None
            rule = replace(each, severity=listed.unlisted) if listed else each
            check = Check(rule, column, expression.fill_null(value=True))
            known = {name.removeprefix(KNOWN) for name in check.names if name.startswith(KNOWN)}
            if check.columns <= present and known <= referring:
                found.append(check)
    return found
