"""The checks on one Arrow batch, for Spark, Dask and every other engine.

    failures_in(batch, profile)     key, rule and values of every failure among the rows of one batch

Rules that need more than the row, uniqueness and references, are left to the engine's own shuffle. Through Spark's,
the hashes of keys go in blocks (`hashes_in_blocks`), since a row for each costs three times as much.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import polars as pl

from standoff.bulk.outcome import key_text
from standoff.bulk.plan import Plan, failing
from standoff.bulk.values import present_columns, typed
from standoff.tables.profiles import Binding, Profile

if TYPE_CHECKING:
    import pyarrow as pa

FAILURE = {"key": pl.String, "rule": pl.String, "values": pl.String}
"""Columns of a failure: the row's key as text, the rule, and what it looked at as JSON."""
SHARES = 256
"""Into how many shares the hashes of all keys are divided; one share at a time must fit into a worker's memory."""
DUPLICATE = "duplicate-row-key"
UNKNOWN = "reference-unknown"
BUCKETS = 1 << 20
"""Into how many buckets hashes fall: so many are told apart where a set of them must stay small."""
_PRESENCE = frozenset({"row-empty", "value-missing", "empty-text"})
"""Rules that ask of a text whether it is there and whether it is empty, and nothing else."""


@lru_cache(maxsize=16)
def _plan(profile: Profile, types: tuple[tuple[str, Any], ...]) -> Plan:
    return Plan(profile, present_columns(dict(types), profile))


def plan_of(profile: Profile, types: Mapping[str, Any]) -> Plan:
    """Return the plan for columns of these types; the same one for every batch."""
    return _plan(profile, tuple(types.items()))


def only_presence(plan: Plan) -> frozenset[str]:
    """Return the source names of texts whose first character tells every check what it asks."""
    asked = {name for check in plan.checks if check.rule.code not in _PRESENCE for name in check.columns}
    asked.update(plan.key)
    return frozenset(
        column.source
        for column in plan.needed
        if column.kind == "string" and not column.converted and column.name not in asked
    )


def types_of(batch: pa.RecordBatch | pa.Table) -> dict[str, Any]:
    """Return the polars types of an Arrow batch's columns."""
    return dict(_frame(batch).schema)


def _frame(batch: pa.RecordBatch | pa.Table) -> pl.DataFrame:
    frame = pl.from_arrow(batch)
    assert isinstance(frame, pl.DataFrame)
    return frame


def failures(frame: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """Return the failures among the rows of a frame whose columns have the profile's source names."""
    types = dict(frame.schema)
    plan = plan_of(profile, types)
    rows = plan.looked_up(frame.lazy().select(typed(plan.needed, types)))
    names = sorted(frozenset(plan.key).union(*(check.names for check in plan.checks)))
    bad = plan.flagged(rows.filter(~plan.passed)).select(*names, *plan.masks()).collect()
    found = [
        bad.filter(failing(i)).select(
            key_text(plan),
            pl.lit(check.name).alias("rule"),
            pl.struct(plan.shown(check.columns)).struct.json_encode().alias("values"),
        )
        for i, check in enumerate(plan.checks)
    ]
    return pl.concat([pl.DataFrame(schema=FAILURE), *found])


def failures_in(batch: pa.RecordBatch | pa.Table, profile: Profile) -> pa.Table:
    """Return the failures among the rows of one Arrow batch, as an Arrow table of plain strings."""
    return _strings(failures(_frame(batch), profile))


def values_in(batch: pa.RecordBatch | pa.Table, columns: Sequence[Binding]) -> pa.Table:
    """Return the values of columns as text, under the names of `places`: two spellings of a number are one text.

    What is not a value of its column's kind is null.
    """
    frame = _frame(batch)
    types = dict(frame.schema)
    distinct = Profile("", "", tuple(dict.fromkeys(columns)))
    values = frame.select(typed(present_columns(types, distinct), types))
    named = zip(columns, places(columns), strict=True)
    return _strings(values.select(pl.col(column.name).cast(pl.String).alias(name) for column, name in named))


def places(columns: Sequence[Binding]) -> list[str]:
    """Return names for the values of columns by their places: a column of the table may have any name, such as "n"."""
    return [f"part {place}" for place in range(len(columns))]


def _strings(frame: pl.DataFrame) -> pa.Table:
    """As Arrow strings with 32-bit offsets, which is all that Spark takes."""
    import pyarrow as pa

    return frame.to_arrow().cast(pa.schema([(name, pa.string()) for name in frame.columns]))


def failures_in_all(batches: Iterable[pa.RecordBatch], profile: Profile) -> Iterator[pa.RecordBatch]:
    """Yield the failures of each batch, as `mapInArrow` wants them."""
    for batch in batches:
        yield from failures_in(batch, profile).to_batches()


def values_in_all(batches: Iterable[pa.RecordBatch], columns: Sequence[Binding]) -> Iterator[pa.RecordBatch]:
    """Yield the values of columns in each batch, as `mapInArrow` wants them."""
    for batch in batches:
        yield from values_in(batch, columns).to_batches()


def referring(profile: Profile, types: Mapping[str, Any]) -> Iterator[tuple[Binding, str, Binding]]:
    """Yield each column of a frame that refers to another table, that table, and the column it refers to."""
    for column in present_columns(types, profile):
        table, _, name = (column.references or "").partition(".")
        if name:
            yield column, table, replace(column, source=name, aliases=(), parts=())


def hashes_in_blocks(arriving: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield the 64-bit `hash` of each row as blocks: `share`, and the `hashes` of the batch that fall into it."""
    import pyarrow as pa

    schema = pa.schema([("share", pa.int64()), ("hashes", pa.list_(pa.int64()))])
    for batch in arriving:
        share = (pl.col("hash") % SHARES).alias("share")
        blocks = _frame(batch).group_by(share).agg(pl.col("hash").alias("hashes"))
        yield from blocks.to_arrow().cast(schema).to_batches()


def repeated_buckets(arriving: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Yield the `bucket` of every hash that stands more than once among the blocks; whole shares are handed over."""
    blocks = [_frame(batch)["hashes"].explode(empty_as_null=False) for batch in arriving]
    if not blocks:
        return
    hashes = pl.concat(blocks).sort()
    twice = hashes.filter(hashes == hashes.shift(1))
    yield from twice.to_frame("bucket").select(pl.col("bucket") % BUCKETS).unique().to_arrow().to_batches()
