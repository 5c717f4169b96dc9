"""What is not in a row and is looked up before the rules run: in the code list, and among the keys of other tables.

Neither is a join, which would carry every column of the table along, nor `replace_strict`, which takes the table into
memory: measured on ten million rows, these expressions cost a third of a join's time and half of its memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from typing import Protocol

import polars as pl

from standoff.codes import shipped
from standoff.codes.scheme import Scheme
from standoff.rules.table import icews_text
from standoff.tables.profiles import KNOWN, Binding

LOOKUP = "action."
"""Prefix of the columns that are looked up in the code list."""
ALSO = "_also"
"""Ending of the columns of other values that tables may have."""
SPARSEST = 64
"""Numbers up to the greatest for one that is taken, in keys that are looked up by their number: 8 bytes for a key."""
_DIGITS = "0123456789"
_AFTER_DIGITS = ":"
"""The character after 9."""


_CODE_LIST = {
    "action": pl.String,
    "action.root": pl.String,
    "action.label": pl.String,
    "action.quad_class": pl.Int32,
    "action.text": pl.String,
    "action.goldstein": pl.Float64,
    "action.goldstein_also": pl.Float64,
}


@cache
def code_list(scale: str = "gdelt") -> pl.DataFrame:
    """Return the lookup columns of every code of the default scheme, with Goldstein values on the scale of that name."""
    return code_list_of(shipped.scheme(), scale)


def code_list_of(scheme: Scheme, scale: str | None = None) -> pl.DataFrame:
    """Return the lookup columns of every code of a scheme; Goldstein values are null without a `scale`."""
    actions = scheme.actions.values()
    also = scheme.scales[scale].also if scale else {}
    return pl.DataFrame(
        {
            "action": [action.code for action in actions],
            "action.root": [action.root for action in actions],
            "action.label": [action.label for action in actions],
            "action.quad_class": [action.quad_class for action in actions],
            "action.text": [icews_text(action.label) for action in actions],
            "action.goldstein": [action.scales[scale] if scale else None for action in actions],
            "action.goldstein_also": [also.get(action.code) for action in actions],
        },
        schema=_CODE_LIST,
    )


def released_codes(listed: pl.DataFrame) -> pl.DataFrame:
    """Return the lookup columns of the codes in a release's table of actions, all of whose columns are text."""

    def values(name: str) -> pl.Series:
        return listed[name] if name in listed.columns else pl.Series([None] * listed.height, dtype=pl.String)

    codes = pl.DataFrame(
        {
            "action": values("action"),
            "action.root": values("root"),
            "action.label": values("label"),
            "action.quad_class": values("quad_class").cast(pl.Int32, strict=False),
            "action.text": [icews_text(label or "") for label in values("label")],
            "action.goldstein": values("goldstein").cast(pl.Float64, strict=False),
            "action.goldstein_also": [None] * listed.height,
        },
        schema=_CODE_LIST,
    )
    return codes.drop_nulls("action").unique("action", keep="first", maintain_order=True)


class Keys(Protocol):
    """The keys of another table, to which a column refers."""

    def has(self, value: pl.Expr) -> pl.Expr:
        """Whether a value is one of the keys; null where it is null."""


def keys_of(values: pl.Series) -> Keys:
    """Return keys to look up, of which none is null, in the form that is looked up fastest."""
    return _numbered(values) or _Listed(values)


@dataclass(frozen=True)
class _Listed:
    values: pl.Series

    def has(self, value: pl.Expr) -> pl.Expr:
        return value.is_in(self.values.implode())


@dataclass(frozen=True)
class _Numbered:
    """Keys that are numbered, as d17 or E-000017: all with one beginning, and `taken` by their numbers.

    Numbers have either `width` digits, zeros before them, or no zero before them. A bit for each number stays in the
    processor's cache, where a table of texts does not: looking up ten million values among half a million keys takes
    half the time, and among five million 5 MB instead of some hundreds.
    """

    beginning: str
    width: int | None
    taken: pl.Series

    def has(self, value: pl.Expr) -> pl.Expr:
        number = value.str.slice(len(self.beginning)).cast(pl.UInt32, strict=False)
        taken = pl.lit(self.taken).gather(number, null_on_oob=True).fill_null(value=False)
        # The cast takes "+5" and "005" for a number too. Beginning and first digit are one comparison of texts.
        least = "1" if self.width is None else "0"
        formed = (value >= self.beginning + least) & (value < self.beginning + _AFTER_DIGITS)
        if self.width is None:
            formed |= value == self.beginning + "0"
        else:
            formed &= value.str.len_bytes() == len(self.beginning.encode()) + self.width
        return formed & (taken | value.is_null())


def _numbered(keys: pl.Series) -> _Numbered | None:
    """Return keys as numbered ones if they are, and dense enough."""
    if keys.dtype != pl.String or keys.is_empty():
        return None
    key = pl.col("key")
    frame = keys.to_frame("key")
    first, last, shortest, longest = frame.select(
        key.min().alias("first"),
        key.max().alias("last"),
        key.str.len_bytes().min().alias("shortest"),
        key.str.len_bytes().max().alias("longest"),
    ).row(0)
    # What the first and the last have in common all others have too.
    common = "".join(
        one for one, _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    )
    beginning = common.rstrip(_DIGITS)
    number = key.str.slice(len(beginning)).cast(pl.UInt32, strict=False)
    numbers = frame.select(number.drop_nulls()).to_series()
    if numbers.is_empty() or (greatest := int(numbers.max())) >= SPARSEST * len(keys):  # type: ignore[arg-type]
        return None
    taken = pl.repeat(value=False, n=greatest + 1, eager=True).scatter(numbers, values=True)
    width = shortest - len(beginning.encode()) if shortest == longest else None
    found = _Numbered(beginning, width, taken)
    # Whether every key is formed so is asked of what will look them up.
    return found if frame.select(found.has(key).all()).item() else None


def with_lookups(
    frame: pl.LazyFrame,
    names: Iterable[str],
    scale: str = "gdelt",
    keys: Mapping[str, Keys] | None = None,
    codes: pl.DataFrame | None = None,
    columns: Iterable[Binding] = (),
) -> pl.LazyFrame:
    """Return `frame` with those of the columns `names` that are looked up; its rows stay where they are.

    `keys` holds the keys of the other table by referring column. `codes` are the lookup columns of another code list than
    the default, whose Goldstein values are those of `scale`. Facts about values are looked up for `columns` that have any.
    """
    wanted = frozenset(names)
    codes = code_list(scale) if codes is None else codes
    number = pl.col("action").cast(pl.Enum(codes["action"]), strict=False).to_physical()
    looked_up = [
        pl.lit(codes[name]).gather(number).alias(name) for name in sorted(wanted) if name.startswith(LOOKUP)
    ]
    looked_up += [
        known.has(pl.col(column)).alias(KNOWN + column)
        for column, known in (keys or {}).items()
        if KNOWN + column in wanted
    ]
    looked_up += [fact for column in columns if column.facts for fact in _facts(column, wanted)]
    return frame.with_columns(looked_up) if looked_up else frame


def _facts(column: Binding, wanted: frozenset[str]) -> list[pl.Expr]:
    """What the column's list says of its values, null for those that it does not have."""
    (_, values), *facts = column.facts
    number = pl.col(column.name).cast(pl.Enum(pl.Series(values, dtype=pl.String)), strict=False).to_physical()
    named = ((f"{column.name}.{name}", pl.Series(facts)) for name, facts in facts)
    return [pl.lit(series).gather(number).alias(name) for name, series in named if name in wanted]
