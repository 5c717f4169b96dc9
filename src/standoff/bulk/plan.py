"""All checks of a table in one query: the checks as flags of one frame, and a row's failures as one bitmask.

The plan is the same for a file of any size, for an Arrow batch on a cluster and for a frame in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import polars as pl

from standoff.bulk.values import stored_name
from standoff.rules.catalogue import table_rules
from standoff.rules.checks import Check, checks
from standoff.rules.lookups import Keys, with_lookups
from standoff.tables.profiles import Binding, Profile

WORD = 64
ROW = "row.number"
"""The place of a row: its number in its file from 0, and in the upper 32 bits the number of the file."""
SHORT = "line-too-short"
MASK = "mask."
"""Prefix of the bitmask columns: bit i of word w stands for check 64 w + i and is set where the row fails it."""


@dataclass(frozen=True)
class Plan:
    """The checks for a table with these columns.

    `keys` are the keys of other tables by referring column. With `unique` the last check stands for the uniqueness of
    the key, which every row passes until it is found out (`bulk.uniqueness`). With `keep_one`, the first of several
    identical rows passes, and its copies are left out. `short` are the rows (`ROW`) of lines that have too few cells: they
    fail as a whole, and by nothing else.
    """

    profile: Profile
    columns: tuple[Binding, ...]
    keys: Mapping[str, Keys] = field(default_factory=dict)
    unique: bool = False
    keep_one: bool = False
    short: pl.Series | None = None

    @cached_property
    def checks(self) -> list[Check]:
        """The checks of every row."""
        present = {column.name: column for column in self.columns}
        stored = tuple(present.get(column.name, column) for column in self.profile.columns)
        found = checks(replace(self.profile, columns=stored), present, self.keys)
        if self.short is not None:
            whole = ~pl.col(ROW).cast(pl.UInt64).is_in(self.short.implode())
            found.append(Check(table_rules()[SHORT], None, whole))
        if self.unique:
            found.append(Check(table_rules()["duplicate-row-key"], None, pl.lit(value=True)))
        return found

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The key's columns; none where one of them is not there."""
        present = {column.name for column in self.columns}
        return self.profile.key if present.issuperset(self.profile.key) else ()

    @property
    def keyed(self) -> bool:
        """Whether every row is to have a key of its own."""
        return bool(self.key) and "duplicate-row-key" not in self.profile.skip

    @property
    def codes(self) -> set[str]:
        """The codes of the rules that are checked, including the rule about the key."""
        return {check.rule.code for check in self.checks} | ({"duplicate-row-key"} if self.keyed else set())

    @property
    def needed(self) -> list[Binding]:
        """The columns that some check or the key reads."""
        read = frozenset(self.key).union(*(check.columns for check in self.checks))
        return [column for column in self.columns if column.name in read]

    @property
    def words(self) -> list[str]:
        """Names of the bitmask columns: one for 64 checks."""
        return [f"{MASK}{word}" for word in range((len(self.checks) + WORD - 1) // WORD)]

    @property
    def flags(self) -> list[str]:
        """Names of the flags: one for each check."""
        return [_flag(i) for i in range(len(self.checks))]

    def looked_up(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """Return `frame` with what the checks read besides its own columns."""
        names = frozenset[str]().union(*(check.names for check in self.checks))
        profile = self.profile
        return with_lookups(frame, names, profile.goldstein, self.keys, profile.actions, self.columns)

    @property
    def passed(self) -> pl.Expr:
        """Of a looked-up frame: whether the row passes every check."""
        return pl.all_horizontal(pl.lit(value=True), *(check.expression for check in self.checks))

    @property
    def noting(self) -> bool:
        """Whether some check gives no more than a note."""
        return any(map(_is_note, self.checks))

    @property
    def notes(self) -> pl.Expr:
        """Of a looked-up frame: whether the row passes every check that gives no more than a note."""
        return pl.all_horizontal(
            pl.lit(value=True), *(check.expression for check in self.checks if _is_note(check))
        )

    @property
    def accepted(self) -> pl.Expr:
        """Of a looked-up frame: whether the row is reported with no more than notes, so that it is a good one."""
        rejecting = (check for check in self.checks if not _is_note(check))
        return pl.all_horizontal(pl.lit(value=True), *map(self._not_reported, rejecting))

    def _not_reported(self, check: Check) -> pl.Expr:
        """Whether the row passes a check, or fails one that this one requires.

        Only a note among what it requires makes a difference: a row that fails another check is not accepted for that one.
        """
        required = [other for other in self.checks if check.requires(other)]
        if not any(_is_note(other) or self._waits_for_a_note(other) for other in required):
            return check.expression
        return pl.any_horizontal(check.expression, *(~other.expression for other in required))

    def _waits_for_a_note(self, check: Check) -> bool:
        required = [other for other in self.checks if check.requires(other)]
        return any(_is_note(other) or self._waits_for_a_note(other) for other in required)

    @cached_property
    def rejecting(self) -> pl.Expr:
        """Of a frame with bitmasks: whether the row fails a check that gives more than a note."""
        return pl.any_horizontal(
            pl.lit(value=False),
            *(
                (pl.col(word) & pl.lit(bits, pl.UInt64)) != 0
                for number, word in enumerate(self.words)
                if (bits := sum(1 << i % WORD for i in self._rejecting if i // WORD == number))
            ),
        )

    @property
    def _rejecting(self) -> list[int]:
        return [i for i, check in enumerate(self.checks) if not _is_note(check)]

    def flagged(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """Return a looked-up frame with a flag for each check, true where the row is right."""
        return frame.with_columns(
            check.expression.alias(flag) for flag, check in zip(self.flags, self.checks, strict=True)
        )

    def masks(self) -> list[pl.Expr]:
        """Of a flagged frame: the bitmask of each row, in words of 64 bits. No bit where a required check fails."""
        none = pl.lit(0, pl.UInt64)
        return [
            pl.sum_horizontal(
                none,
                *(
                    pl.when(self._told(i)).then(pl.lit(1 << i % WORD, pl.UInt64)).otherwise(none)
                    for i in range(number * WORD, min(number * WORD + WORD, len(self.checks)))
                ),
            ).alias(word)
            for number, word in enumerate(self.words)
        ]

    def _told(self, number: int) -> pl.Expr:
        """Of a flagged frame: whether the row fails check `number` and none that this one requires."""
        check = self.checks[number]
        required = [
            i
            for i, other in enumerate(self.checks)
            if check.requires(other) or (other.rule.code == SHORT and i != number)
        ]
        return pl.all_horizontal(~pl.col(_flag(number)), *(pl.col(_flag(i)) for i in required))

    def masks_of_last(self) -> list[pl.Expr]:
        """The bitmask of a row that fails the last check and no other."""
        word, bit = divmod(len(self.checks) - 1, WORD)
        return [
            pl.lit(1 << bit if number == word else 0, pl.UInt64).alias(name)
            for number, name in enumerate(self.words)
        ]

    def shown(self, names: Iterable[str]) -> Sequence[str]:
        """Where the values of these columns stand as they were in the file, in the columns' order."""
        wanted = frozenset(names)
        return [stored_name(column) for column in self.columns if column.name in wanted]


def failing(number: int) -> pl.Expr:
    """Of a frame with bitmasks: whether the row fails check `number`."""
    return (pl.col(f"{MASK}{number // WORD}") & pl.lit(1 << number % WORD, pl.UInt64)) != 0


def _is_note(check: Check) -> bool:
    """Whether a check is too weak to keep a row out of the good ones."""
    return check.rule.severity == "note"


def _flag(number: int) -> str:
    return f"flag.{number}"
