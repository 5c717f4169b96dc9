"""The checks on one Arrow batch: what Spark, Dask and every other engine is handed.

    failures_in(batch, profile)     key, rule and values of every failure among the rows of one batch

Rules that need more than the row, uniqueness and references, are left to the engine's own shuffle.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import polars as pl

from standoff.bulk.engine import key_text
from standoff.bulk.plan import Plan, failing
from standoff.bulk.sources import present_columns, typed
from standoff.model.profiles import Profile

if TYPE_CHECKING:
    import pyarrow as pa

FAILURE = {"key": pl.String, "rule": pl.String, "values": pl.String}
"""Columns of a failure: the row's key as text, the rule, and what it looked at as JSON."""


@lru_cache(maxsize=16)
def _plan(profile: Profile, types: tuple[tuple[str, Any], ...]) -> Plan:
    return Plan(profile, present_columns(dict(types), profile))


def failures(frame: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """Return the failures among the rows of a frame whose columns have the profile's source names."""
    types = dict(frame.schema)
    plan = _plan(profile, tuple(types.items()))
    flagged = plan.flagged(frame.lazy().select(typed(plan.needed, types)), ordered=True)
    names = sorted(frozenset(plan.key).union(*(check.names for check in plan.checks)))
    bad = flagged.filter(~plan.passed).select(*names, *plan.masks()).collect()
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
    import pyarrow as pa

    frame = pl.from_arrow(batch)
    assert isinstance(frame, pl.DataFrame)
    schema = pa.schema([(name, pa.string()) for name in FAILURE])
    return failures(frame, profile).to_arrow().cast(schema)


def failures_in_all(batches: Iterable[pa.RecordBatch], profile: Profile) -> Iterator[pa.RecordBatch]:
    """Yield the failures of each batch, as `mapInArrow` wants them."""
    for batch in batches:
        yield from failures_in(batch, profile).to_batches()
