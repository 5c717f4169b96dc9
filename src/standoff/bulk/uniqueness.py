"""Keys that occur more than once, found exactly and in bounded memory.

The 64-bit hashes of all keys are sorted, eight bytes a row; only the rows whose hash occurs twice are looked at again
and compared by the rule `duplicate-row-key` itself. Beyond `IN_MEMORY` rows the hashes go through in several
rounds, each with a share of them: the first is taken while the rows are checked, the others are read on their own.
If keys already repeat in the first rows (`foreseen`), all keys are read before the rows are checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import polars as pl

from standoff.bulk.plan import ROW
from standoff.rules.column import duplicate_row_key

IN_MEMORY = 1 << 27
"""Hashes held at a time, and (divided by `KEY_COST`) rows compared at a time: 1 GiB."""
KEY_COST = 16
CELLS = 1 << 24
"""Cells of repeated rows that are compared at a time."""
SORTED = 1 << 23
"""Hashes sorted at a time: sorted hashes are in memory several times. More at a time are sorted no faster."""

LOOKED_AT = 1 << 20
LOOKED_AT_OF = 20
"""Rows at the beginning that are looked at for keys that repeat, at most, and of how many one is."""

HASH = "key.hash"
PLACE, FIRST, IDENTICAL = "row.place", "row.first", "row.identical"
"""Columns of `Repeated.rows`: with a dot, as no column of a profile is called."""


class Hashes:
    """The hashes of the keys of a table of about `rows` rows, null where a part of the key is missing."""

    def __init__(self, key: tuple[str, ...], rows: int) -> None:
        hash_ = pl.col(key[0]).hash() if len(key) == 1 else pl.struct(key).hash()
        complete = pl.all_horizontal(pl.col(key).is_not_null())
        self.expression = pl.when(complete).then(hash_).alias(HASH)
        self._looked_at = min(rows // LOOKED_AT_OF, LOOKED_AT)
        self._rounds = max(1, -(-rows // IN_MEMORY))
        self._first: list[pl.Series] = []

    def take(self, hashes: pl.Series) -> None:
        """Keep those of the first round."""
        self._first.append(_share(hashes, 0, self._rounds))

    @staticmethod
    def none_of(repeated: pl.Series) -> pl.Expr:
        """An expression: the hash of the row does not occur more than once."""
        return pl.col(HASH).is_in(repeated.implode()).not_().fill_null(value=True)

    def taken(self) -> pl.Series:
        """Return the hashes that were taken, those of the first round."""
        return pl.concat([pl.Series(HASH, [], pl.UInt64), *self._first])

    def foreseen(self, keys: pl.LazyFrame) -> bool:
        """Whether hashes repeat in the first part of `keys`, the rows with their keys."""
        first = keys.select(self.expression.drop_nulls()).head(self._looked_at).collect(engine="streaming")
        return bool(first.to_series().is_duplicated().any())

    def repeated(self, keys: pl.LazyFrame) -> pl.Series:
        """Return the hashes that occur more than once; `keys` are the rows with their keys, read where not yet taken."""
        taken, self._first = self._first, []
        found = [_repeated(taken or self._read(keys, 0))]
        found += [_repeated(self._read(keys, number)) for number in range(1, self._rounds)]
        return pl.concat(found)

    def _read(self, keys: pl.LazyFrame, number: int) -> list[pl.Series]:
        parts: list[pl.Series] = []

        def take(batch: pl.DataFrame) -> None:
            parts.append(_share(batch.to_series(), number, self._rounds))

        hashed = keys.select(self.expression)
        hashed.sink_batches(take, maintain_order=False, engine="streaming", chunk_size=1 << 20)
        return parts


def repeated_in(files: Sequence[Path], rows: int) -> pl.Series:
    """Return the hashes that occur more than once in all these Arrow files of about `rows` hashes."""
    rounds = max(1, -(-rows // IN_MEMORY))
    found = [
        _repeated([_share(pl.read_ipc(file)[HASH], number, rounds) for file in files])
        for number in range(rounds)
    ]
    return pl.concat(found)


def _share(hashes: pl.Series, number: int, rounds: int) -> pl.Series:
    return (hashes if rounds == 1 else hashes.filter(hashes % rounds == number)).drop_nulls()


def _repeated(parts: list[pl.Series]) -> pl.Series:
    """The hashes that occur more than once, found by sorting one range of hashes after the other."""
    ranges = max(1, -(-sum(map(len, parts)) // SORTED))
    ends = [(1 << 64) * number // ranges for number in range(ranges + 1)]
    found = [pl.Series(HASH, [], pl.UInt64)]
    for least, end in pairwise(ends):
        within = parts if ranges == 1 else [part.filter(part.is_between(least, end - 1)) for part in parts]
        merged = pl.concat([found[0], *within], rechunk=True).sort(in_place=True)
        found.append(merged.filter(merged == merged.shift(1)).unique())
    return pl.concat(found)


@dataclass(frozen=True, slots=True)
class Repeated:
    """The rows whose key occurs more than once.

    `rows` has one row for each of them, in the order in which they were given: the columns `PLACE` (where it was among
    the rows that were given, from 0), `FIRST` (whether it is the first row of its key) and `IDENTICAL` (whether all rows
    of its key have the same values). `keys` of them are distinct, and `conflicting` of these have rows that differ, in
    the columns `differing`. The most frequent key has `most` rows.
    """

    rows: pl.DataFrame
    keys: int = 0
    conflicting: int = 0
    most: int = 0
    differing: frozenset[str] = frozenset()


def repeated_rows(frame: pl.LazyFrame, key: Sequence[str], values: Sequence[str]) -> Repeated:
    """Return the rows of `frame` whose key occurs more than once, identical copies told apart from rows that differ.

    Rows are identical if the columns `values` are equal, where missing equals missing. A key with a missing part is not
    compared. Exact; of the columns in `values`, `CELLS` cells or one column are in memory at a time. Any engine that has
    all rows of a key in one frame can ask this.
    """
    unique = duplicate_row_key(tuple(key))
    assert unique is not None
    numbered = frame.select(key).collect(engine="streaming").with_row_index(PLACE)
    repeated = numbered.filter(~unique)
    if repeated.is_empty():
        none = pl.Series(dtype=pl.Boolean)
        return Repeated(repeated.select(PLACE).with_columns(none.alias(FIRST), none.alias(IDENTICAL)))
    marked = repeated.with_row_index("row.own").select(
        PLACE, "row.own", pl.col("row.own").first().over(key).alias("row.leader")
    )
    places, leader = marked[PLACE], marked["row.leader"]
    differs = pl.repeat(value=False, n=marked.height, dtype=pl.Boolean, eager=True)
    differing = []
    width = max(1, CELLS // numbered.height)
    for start in range(0, len(values), width):
        read = frame.select(values[start : start + width]).collect(engine="streaming")
        for name in read.columns:
            column = comparable(read[name].gather(places))
            unlike = column.ne_missing(column.gather(leader))
            if unlike.any():
                differing.append(name)
                differs |= unlike
    of_key = (
        marked.with_columns(differs.alias("row.differs"))
        .group_by("row.leader")
        .agg(pl.col("row.differs").any(), pl.len().alias("row.rows"))
    )
    conflicts = of_key.filter("row.differs")["row.leader"]
    rows = marked.select(
        PLACE,
        (pl.col("row.own") == pl.col("row.leader")).alias(FIRST),
        pl.col("row.leader").is_in(conflicts.implode()).not_().alias(IDENTICAL),
    )
    most = of_key.select(pl.col("row.rows").max()).item()
    return Repeated(rows, of_key.height, len(conflicts), most, frozenset(differing))


def comparable(column: pl.Series) -> pl.Series:
    """Return values that can be compared; of values inside each other their text."""
    if column.dtype.is_nested() or column.dtype == pl.Object:
        return pl.Series(column.name, [None if value is None else repr(value) for value in column.to_list()])
    return column


def repeated_suspects(
    suspects: pl.LazyFrame, key: Sequence[str], values: Sequence[str], hashes: int
) -> Repeated:
    """Return the rows of `suspects` whose key occurs more than once, as `repeated_rows` does; `PLACE` is their `ROW`.

    `suspects` are all rows whose hash (`HASH`) is one of so many `hashes` that occur more than once.
    """
    # Rarely more than one round: only where a great part of the table is duplicates.
    rounds = max(1, -(-hashes * 2 // (IN_MEMORY // KEY_COST)))
    found = []
    for number in range(rounds):
        # Several threads wrote them, in any order; which row is the first must not depend on that.
        share = suspects.filter(pl.col(HASH) % rounds == number).sort(ROW)
        part = repeated_rows(share, key, values)
        numbers = share.select(ROW).collect(engine="streaming").to_series().gather(part.rows[PLACE])
        found.append(replace(part, rows=part.rows.with_columns(numbers.alias(PLACE))))
    return Repeated(
        pl.concat([part.rows for part in found], rechunk=True),
        sum(part.keys for part in found),
        sum(part.conflicting for part in found),
        max(part.most for part in found),
        frozenset[str]().union(*(part.differing for part in found)),
    )
