"""Keys that stand more than once, found exactly and in bounded memory.

The 64-bit hashes of all keys are sorted, eight bytes a row; only the rows whose hash stands twice are read again
and compared by the rule `duplicate-row-key` itself. Beyond `IN_MEMORY` rows the hashes go through in several
rounds, each with a share of them.
"""

from __future__ import annotations

import polars as pl

from standoff.bulk.plan import ROW
from standoff.rules.column import duplicate_row_key

IN_MEMORY = 1 << 27
"""Hashes sorted at a time, and (divided by `KEY_COST`) rows compared at a time: 1 GiB."""
KEY_COST = 16

_HASH = "key.hash"


def repeated_rows(keys: pl.LazyFrame, key: tuple[str, ...], guess: int) -> tuple[pl.Series | None, int]:
    """Return the rows of `keys`, by `ROW`, whose key stands more than once (None: there are none), and how many rows.

    A key of which a part is missing is no key. `guess` is how many rows there may be.
    """
    hash_ = pl.col(key[0]).hash() if len(key) == 1 else pl.struct(key).hash()
    complete = pl.all_horizontal(pl.col(key).is_not_null())
    hashed = keys.with_columns(pl.when(complete).then(hash_).alias(_HASH))
    rounds = max(1, -(-guess // IN_MEMORY))
    found = [_colliding(hashed.select(_HASH), number, rounds) for number in range(rounds)]
    colliding, rows = pl.concat([hashes for hashes, _ in found]), found[0][1]
    if colliding.is_empty():
        return None, rows
    # Rarely more than one round: only where a great part of the table is duplicates.
    suspects = hashed.filter(pl.col(_HASH).is_in(colliding.implode()))
    unique = duplicate_row_key(key)
    assert unique is not None
    rounds = max(1, -(-len(colliding) * 2 // (IN_MEMORY // KEY_COST)))
    shares = (suspects.filter(_share(number, rounds)).select(ROW, *key) for number in range(rounds))
    repeated = pl.concat([share.collect(engine="streaming").filter(~unique)[ROW] for share in shares])
    return (repeated if len(repeated) else None), rows


def _share(number: int, rounds: int) -> pl.Expr:
    return pl.lit(value=True) if rounds == 1 else pl.col(_HASH) % rounds == number


def _colliding(hashes: pl.LazyFrame, number: int, rounds: int) -> tuple[pl.Series, int]:
    """Return the hashes of one share that stand more than once, and how many rows there are in all."""
    parts: list[pl.Series] = []
    rows = 0

    def take(batch: pl.DataFrame) -> None:
        nonlocal rows
        rows += batch.height
        parts.append(batch.filter(_share(number, rounds)).to_series().drop_nulls())

    hashes.sink_batches(take, maintain_order=False, engine="streaming", chunk_size=1 << 20)
    if not parts:
        return pl.Series(_HASH, [], pl.UInt64), rows
    merged = pl.concat(parts, rechunk=True)
    parts.clear()
    merged = merged.sort(in_place=True)
    return merged.filter(merged == merged.shift(1)).unique(), rows
