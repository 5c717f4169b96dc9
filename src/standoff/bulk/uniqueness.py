"""Keys that stand more than once, found exactly and in bounded memory.

The 64-bit hashes of all keys are sorted, eight bytes a row; only the rows whose hash stands twice are read again
and compared by the rule `duplicate-row-key` itself. Beyond `IN_MEMORY` rows the hashes go through in several rounds,
each with a share of them.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from standoff.rules.column import duplicate_row_key

IN_MEMORY = 1 << 27
"""Hashes sorted at a time, and (divided by `KEY_COST`) rows compared at a time: 1 GiB."""
KEY_COST = 16

_HASH = "key.hash"


def duplicates(keys: pl.LazyFrame, key: tuple[str, ...], rows: int, scratch: Path) -> Path | None:
    """Write the rows of `keys` whose key stands more than once to a file in `scratch`; None where there is none.

    `keys` holds the columns of `key` and whatever else the caller wants back. A key of which a part is missing is
    no key. `rows` is how many there are, or a guess.
    """
    complete = keys.filter(pl.all_horizontal(pl.col(key).is_not_null()))
    hash_ = pl.col(key[0]).hash() if len(key) == 1 else pl.struct(key).hash()
    hashed = complete.with_columns(hash_.alias(_HASH))
    rounds = max(1, -(-rows // IN_MEMORY))
    colliding = pl.concat(
        [_colliding(hashed.select(_HASH).filter(_share(number, rounds))) for number in range(rounds)]
    )
    if colliding.is_empty():
        return None
    # Rarely more than one round: only where a great part of the table is duplicates.
    suspects = hashed.join(colliding.to_frame(_HASH).lazy(), on=_HASH, how="semi", build_side="force_right")
    rounds = max(1, -(-len(colliding) * 2 // (IN_MEMORY // KEY_COST)))
    folder = scratch / "duplicates"
    folder.mkdir()
    unique = duplicate_row_key(key)
    assert unique is not None
    found = 0
    for number in range(rounds):
        rows_ = (
            suspects.filter(_share(number, rounds)).drop(_HASH).collect(engine="streaming").filter(~unique)
        )
        found += rows_.height
        rows_.write_parquet(folder / f"{number}.parquet")
    return folder if found else None


def _share(number: int, rounds: int) -> pl.Expr:
    return pl.lit(value=True) if rounds == 1 else pl.col(_HASH) % rounds == number


def _colliding(hashes: pl.LazyFrame) -> pl.Series:
    """Return the hashes that stand more than once."""
    parts: list[pl.Series] = []
    hashes.sink_batches(
        lambda batch: parts.append(batch.to_series()),
        maintain_order=False,
        engine="streaming",
        chunk_size=1 << 20,
    )
    if not parts:
        return pl.Series(_HASH, [], pl.UInt64)
    merged = pl.concat(parts, rechunk=True)
    parts.clear()
    merged = merged.sort(in_place=True)
    return merged.filter(merged == merged.shift(1)).unique()
