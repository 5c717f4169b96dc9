"""Keys that stand more than once, found exactly and in bounded memory.

The 64-bit hashes of all keys are sorted, eight bytes a row; only the rows whose hash stands twice are looked at again
and compared by the rule `duplicate-row-key` itself. Beyond `IN_MEMORY` rows the hashes go through in several
rounds, each with a share of them: the first is taken while the rows are checked, the others are read on their own.
Where a first part of the rows tells that keys repeat (`foreseen`), all are read before the rows are checked.
"""

from __future__ import annotations

from itertools import pairwise

import polars as pl

from standoff.bulk.plan import ROW
from standoff.rules.column import duplicate_row_key

IN_MEMORY = 1 << 27
"""Hashes held at a time, and (divided by `KEY_COST`) rows compared at a time: 1 GiB."""
KEY_COST = 16
SORTED = 1 << 23
"""Hashes sorted at a time: what is sorted stands in memory several times. More at a time are sorted no faster."""

LOOKED_AT = 1 << 20
LOOKED_AT_OF = 20
"""Rows at the beginning that are looked at for keys that repeat, at most, and of how many one is."""

HASH = "key.hash"


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
        """Of a row with its hash: whether that is none of those that stand more than once."""
        return pl.col(HASH).is_in(repeated.implode()).not_().fill_null(value=True)

    def foreseen(self, keys: pl.LazyFrame) -> bool:
        """Whether hashes repeat in the first part of `keys`, the rows with their keys."""
        first = keys.select(self.expression.drop_nulls()).head(self._looked_at).collect(engine="streaming")
        return bool(first.to_series().is_duplicated().any())

    def repeated(self, keys: pl.LazyFrame) -> pl.Series:
        """Return the hashes that stand more than once; `keys` are the rows with their keys, read where not yet taken."""
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


def _share(hashes: pl.Series, number: int, rounds: int) -> pl.Series:
    return (hashes if rounds == 1 else hashes.filter(hashes % rounds == number)).drop_nulls()


def _repeated(parts: list[pl.Series]) -> pl.Series:
    """The hashes that stand more than once, found by sorting one range of them after the other."""
    ranges = max(1, -(-sum(map(len, parts)) // SORTED))
    ends = [(1 << 64) * number // ranges for number in range(ranges + 1)]
    found = [pl.Series(HASH, [], pl.UInt64)]
    for least, end in pairwise(ends):
        within = parts if ranges == 1 else [part.filter(part.is_between(least, end - 1)) for part in parts]
        merged = pl.concat([found[0], *within], rechunk=True).sort(in_place=True)
        found.append(merged.filter(merged == merged.shift(1)).unique())
    return pl.concat(found)


def repeated_rows(suspects: pl.LazyFrame, key: tuple[str, ...], hashes: int) -> pl.Series:
    """Return the rows, by `ROW`, of `suspects` whose key stands more than once; exact.

    `suspects` are all rows whose hash (`HASH`) is one of so many `hashes` that stand more than once.
    """
    unique = duplicate_row_key(key)
    assert unique is not None
    # Rarely more than one round: only where a great part of the table is duplicates.
    rounds = max(1, -(-hashes * 2 // (IN_MEMORY // KEY_COST)))
    shares = (suspects.filter(pl.col(HASH) % rounds == number) for number in range(rounds))
    rows = (share.select(ROW, *key).collect(engine="streaming").filter(~unique)[ROW] for share in shares)
    return pl.concat(rows, rechunk=True)
