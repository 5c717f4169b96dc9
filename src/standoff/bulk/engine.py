"""The pass: every rule over every row in one stream, in memory that does not grow with the table.

Uniqueness comes first, for it needs all keys and nothing else; what it finds is one check more in the pass. The rows
that fail go to a scratch file with their bitmasks, and everything that is reported is made from that file; on sound
data it is empty. Rows that pass are written in the same stream where they are wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from standoff.bulk import outputs
from standoff.bulk.outputs import Outputs
from standoff.bulk.plan import ROW, Plan, failing, stored_name
from standoff.bulk.sources import PART, Source, scan
from standoff.bulk.uniqueness import repeated_rows

FAILED = "row.failed"
"""Column of the bad rows that names the rules they fail: with a dot, as no column of a profile is called."""
BYTES_PER_ROW = 32
"""Less than any row of a text file takes, to guess how many there are at most."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a pass found: how many rows there are, and the file of those that fail, with bitmasks."""

    plan: Plan
    rows: int
    bad: Path


def check(
    sources: Sequence[Source],
    plan: Plan,
    wanted: Outputs,
    scratch: Path,
    progress: Callable[[int, int], None] | None = None,
) -> Outcome:
    """Run the plan over the rows of `sources`; `progress` is called with the number of rows done and of all.

    polars' errors pass through: what cannot be read, or written, is for the caller to explain.
    """
    if plan.key:
        keyed = scan(sources, [column for column in plan.columns if column.name in plan.key], plan.profile)
        guess = sum(s.file.stat().st_size // BYTES_PER_ROW if s.rows is None else s.rows for s in sources)
        repeated, rows = repeated_rows(keyed, plan.key, guess)
        plan = replace(plan, repeated=repeated)
    else:
        rows = _count(sources, plan)
    columns = list(plan.columns) if wanted.rows_wanted else plan.needed
    flagged = plan.flagged(scan(sources, columns, plan.profile))
    if progress is not None:
        flagged = flagged.map_batches(_counting(progress, rows), streamable=True)
    evidence = [name for check in plan.checks for name in check.names]
    kept = [stored_name(column) for column in columns] if wanted.rows_wanted else plan.shown(plan.key)
    names = dict.fromkeys([ROW, *plan.key, *sorted({*evidence, *kept})])
    bad = scratch / "bad.parquet"
    failed = flagged.filter(~plan.passed).select(*names, *plan.masks())
    stages = [outputs.sink(failed, bad, ordered=False, scratch=True)]
    if wanted.good:
        passed = flagged.filter(plan.passed).select(column.name for column in columns)
        stages.append(outputs.sink(passed, outputs.partial(wanted.good)))
    pl.collect_all(stages, engine="streaming")
    return Outcome(plan, rows, bad)


def _count(sources: Sequence[Source], plan: Plan) -> int:
    """How many rows there are, which a text format tells only when it is read."""
    stored = [source.rows for source in sources]
    if None not in stored:
        return sum(filter(None, stored))
    return int(scan(sources, [], plan.profile).select(pl.len()).collect(engine="streaming").item())


def _counting(progress: Callable[[int, int], None], rows: int) -> Callable[[pl.DataFrame], pl.DataFrame]:
    done = 0

    def count(batch: pl.DataFrame) -> pl.DataFrame:
        nonlocal done
        done += batch.height
        progress(done, rows)
        return batch

    return count


def finish(outcome: Outcome, wanted: Outputs) -> None:
    """Complete the partial outputs: sort the good rows, write the bad ones and the failures."""
    if wanted.good and wanted.sort:
        partial = outputs.partial(wanted.good)
        unsorted = partial.replace(partial.with_name(f"{partial.name}-unsorted"))
        try:
            outputs.write_sorted(pl.scan_parquet(unsorted, glob=False), wanted.sort, partial)
        finally:
            unsorted.unlink()
    if wanted.bad:
        outputs.write(_bad_rows(outcome), outputs.partial(wanted.bad))
    if wanted.failures:
        outputs.write(failures(outcome), outputs.partial(wanted.failures))


def _bad_rows(outcome: Outcome) -> pl.LazyFrame:
    """Return every row that failed, its values as they stood in the file, with the names of the rules it fails."""
    plan = outcome.plan
    rules = [pl.when(failing(i)).then(pl.lit(check.name)) for i, check in enumerate(plan.checks)]
    names = pl.concat_str(rules, separator="; ", ignore_nulls=True).alias(FAILED)
    values = [pl.col(stored_name(column)).alias(column.name) for column in plan.columns]
    return pl.scan_parquet(outcome.bad).sort(ROW).select(names, *values)


def failures(outcome: Outcome) -> pl.LazyFrame:
    """Return one row for each row and rule that it fails: part and row (from 1), key (its parts joined by a space), rule."""
    bad, key = pl.scan_parquet(outcome.bad), key_text(outcome.plan)
    place = [
        (pl.col(ROW).cast(pl.UInt64) // PART + 1).cast(pl.UInt32).alias("part"),
        (pl.col(ROW).cast(pl.UInt64) % PART + 1).alias("row"),
    ]
    found = [
        bad.filter(failing(i)).select(*place, key, pl.lit(check.name).alias("rule"))
        for i, check in enumerate(outcome.plan.checks)
    ]
    none = pl.LazyFrame(schema={"part": pl.UInt32, "row": pl.UInt64, "key": pl.String, "rule": pl.String})
    return pl.concat([none, *found])


def key_text(plan: Plan) -> pl.Expr:
    """The key of a row as text, its parts joined by a space; null where the table has none."""
    parts = [pl.col(name).cast(pl.String) for name in plan.key]
    return (
        pl.concat_str(parts, separator=" ", ignore_nulls=True) if parts else pl.lit(None, pl.String)
    ).alias("key")
