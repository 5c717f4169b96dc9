"""What a pass found, and what is made of it: the rows that passed, those that failed, and every failure."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from standoff.bulk import outputs
from standoff.bulk.outputs import Outputs
from standoff.bulk.plan import ROW, Plan, failing
from standoff.bulk.sources import PART, Source
from standoff.bulk.uniqueness import Repeated
from standoff.bulk.values import stored_name
from standoff.model.summary import Summary

UNREADABLE = "table-unreadable"
OTHER = "other."
"""Prefix of the columns of the file that the profile does not name; they count where rows are compared."""
UNREAD = "unread."
"""Prefix of the stored values that are not values of their column; they count where rows are compared."""
FAILED = "row.failed"
"""Column of the bad rows that names the rules they fail: with a dot, as no column of a profile is called."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a pass found: how many rows there are, and the file of those that fail, with bitmasks (Arrow).

    A row whose key repeats has an entry of its own there, beside that of the other rules it fails. `repeated` are the
    rows whose key repeats, `dropped` the numbers of the copies that were left out because one is kept.
    """

    plan: Plan
    rows: int
    bad: Path
    repeated: Repeated | None = None
    dropped: pl.Series | None = None
    summary: Summary | None = None

    @property
    def failing(self) -> int:
        """How many rows fail a check."""
        return _distinct(pl.scan_ipc(self.bad))

    @property
    def rejected(self) -> int:
        """How many rows fail a check that gives more than a note."""
        return _distinct(pl.scan_ipc(self.bad).filter(self.plan.rejecting))


def _distinct(rows: pl.LazyFrame) -> int:
    return int(rows.select(pl.col(ROW).n_unique()).collect(engine="streaming").item())


def unread(sources: Sequence[Source]) -> int:
    """Return how many records of text files cannot be read."""
    return sum(source.records.unread for source in sources if source.records)


def finish(outcome: Outcome, wanted: Outputs, sources: Sequence[Source]) -> None:
    """Complete the partial outputs: sort the good rows, write the bad ones and the failures.

    For each record that cannot be read a row without values is among the bad ones, so that all records are in one output.
    Its line is in a text file beside them.
    """
    if wanted.good and wanted.sort:
        with outputs.rewritten(outputs.partial(wanted.good)) as (unsorted, new):
            outputs.write_sorted(pl.scan_parquet(unsorted, glob=False), wanted.sort, new)
    if wanted.bad:
        bad, records = failing_rows(outcome, outcome.plan.rejecting), unread(sources)
        if records:
            failed = pl.select(pl.repeat(UNREADABLE, records).alias(FAILED)).lazy()
            bad = pl.concat([bad, failed], how="diagonal")
        outputs.write(bad, outputs.partial(wanted.bad))
    if wanted.failures:
        outputs.write(failures(outcome), outputs.partial(wanted.failures))
    if wanted.bad:
        _write_unreadable(sources, wanted.bad)


def _write_unreadable(sources: Sequence[Source], bad: Path) -> None:
    """Write the lines that cannot be read beside the bad rows. A file from an earlier run is removed if there are none."""
    file = bad.with_name(f"{bad.stem}.unreadable.txt")
    if not unread(sources):
        file.unlink(missing_ok=True)
        return
    with file.open("wb") as out:
        for source in sources:
            if source.records and source.records.raw:
                with source.records.raw.open("rb") as lines:
                    shutil.copyfileobj(lines, out)


def failing_rows(outcome: Outcome, wanted: pl.Expr | None = None) -> pl.LazyFrame:
    """Return the rows that fail a check, their values as they stood in the file (`as_shown`), with the rules they fail.

    `wanted` selects rows by their bitmasks.
    """
    plan = outcome.plan
    rules = [pl.when(failing(i)).then(pl.lit(check.name)) for i, check in enumerate(plan.checks)]
    names = pl.concat_str([*rules, pl.lit(None, pl.String)], separator="; ", ignore_nulls=True).alias(FAILED)
    values = [pl.col(stored_name(column)).alias(column.name) for column in plan.columns]
    rows = pl.scan_ipc(outcome.bad)
    if plan.unique:
        repeated = rows.filter(failing(len(plan.checks) - 1)).select(ROW).collect().to_series()
        twice = pl.col(ROW).is_in(repeated.implode())
        merged = pl.exclude(plan.words).first(), pl.col(plan.words).bitwise_or()
        rows = pl.concat([rows.filter(~twice), rows.filter(twice).group_by(ROW).agg(*merged)])
    if wanted is not None:
        rows = rows.filter(wanted)
    return rows.sort(ROW).select(names, *values)


def failures(outcome: Outcome) -> pl.LazyFrame:
    """Return one row for each row and rule that it fails, in order: part and row (from 1), key (its parts joined by a space), rule."""
    bad, key = pl.scan_ipc(outcome.bad), key_text(outcome.plan)
    place = [
        (pl.col(ROW).cast(pl.UInt64) // PART + 1).cast(pl.UInt32).alias("part"),
        (pl.col(ROW).cast(pl.UInt64) % PART + 1).alias("row"),
    ]
    found = [
        bad.filter(failing(i)).select(*place, key, pl.lit(check.name).alias("rule"))
        for i, check in enumerate(outcome.plan.checks)
    ]
    none = pl.LazyFrame(schema={"part": pl.UInt32, "row": pl.UInt64, "key": pl.String, "rule": pl.String})
    return pl.concat([none, *found]).sort("part", "row", maintain_order=True)


def key_text(plan: Plan) -> pl.Expr:
    """The key of a row as text, its parts joined by a space; null where the table has none."""
    parts = [pl.col(name).cast(pl.String) for name in plan.key]
    return (
        pl.concat_str(parts, separator=" ", ignore_nulls=True) if parts else pl.lit(None, pl.String)
    ).alias("key")
