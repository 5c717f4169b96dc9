"""The pass: every rule over every row in one stream, in memory that does not grow with the table.

The rows that fail stay behind in a scratch file with their bitmasks (`bulk.sieve`), and everything that is reported is
made from that file; on sound data it is empty. Rows that pass are written in the same stream where they are wanted.
The hashes of the keys are taken on the way. Where some stand more than once, the rows that have them are read again,
and what is wrong with them is added.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from standoff.bulk import outputs
from standoff.bulk.outputs import Outputs
from standoff.bulk.plan import ROW, Plan, failing, stored_name
from standoff.bulk.sieve import PASSED, Sieve
from standoff.bulk.sources import PART, Source, as_shown, expected_rows, has_numbers, scan
from standoff.bulk.uniqueness import HASH, Hashes, repeated_rows
from standoff.model.profiles import ProfileColumn

FAILED = "row.failed"
"""Column of the bad rows that names the rules they fail: with a dot, as no column of a profile is called."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a pass found: how many rows there are, and the file of those that fail, with bitmasks (Arrow).

    A row whose key repeats has an entry of its own there, beside that of the other rules it fails.
    """

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
    """Run the plan over the rows of `sources`; `progress` is called with the number of rows done and of all, about.

    Numbers of CSV files are read as such until one is found that is none; then everything is read again as text, and
    what is wrong is told. polars' errors pass through: what cannot be read, or written, is for the caller to explain.
    """
    plan = replace(plan, unique=plan.keyed)
    columns = list(plan.columns) if wanted.rows_wanted else plan.needed
    if has_numbers(sources, columns):
        try:
            return _pass(sources, plan, columns, wanted, scratch, progress, numbers=True)
        except pl.exceptions.ComputeError as error:
            if "os error" in str(error):  # a full disk is full for both
                raise
    return _pass(sources, plan, columns, wanted, scratch, progress, numbers=False)


def _pass(
    sources: Sequence[Source],
    plan: Plan,
    columns: Sequence[ProfileColumn],
    wanted: Outputs,
    scratch: Path,
    progress: Callable[[int, int], None] | None,
    *,
    numbers: bool,
) -> Outcome:
    evidence = [name for check in plan.checks for name in check.names]
    kept = _kept(columns)
    names = list(dict.fromkeys([ROW, *plan.key, *sorted({*evidence, *kept})]))
    failed = scratch / "failed.arrow"
    expected = sum(map(expected_rows, sources))
    hashes = Hashes(plan.key, expected) if plan.unique else None
    flagged = plan.flagged(scan(sources, columns, plan.profile, numbers=numbers))
    with Sieve(
        failed,
        flagged,
        plan.passed,
        [*names, *plan.flags],
        (hashes.expression, hashes.take) if hashes else None,
        (lambda done: progress(done, expected)) if progress else None,
    ) as sieve:
        sifted = flagged.with_columns(sieve.passed)
        if wanted.good:
            passed = sifted.filter(PASSED).select(column.name for column in columns)
            outputs.write(passed, outputs.partial(wanted.good))
        else:
            sifted.select(pl.col(PASSED).sum()).collect(engine="streaming")
    found = pl.scan_ipc(failed).select(*names, *plan.masks())
    if hashes:
        repeated = _repeated(sources, plan, hashes, wanted, scratch, numbers=numbers)
        found = pl.concat([found, repeated.with_columns(plan.masks_of_last())], how="diagonal")
    found = found.with_columns(as_shown(columns, found.collect_schema()))
    bad = scratch / "bad.arrow"
    found.sink_ipc(bad, compression="lz4", maintain_order=False)
    return Outcome(plan, sieve.rows, bad)


def _kept(columns: Sequence[ProfileColumn]) -> list[str]:
    """What is kept of a row that fails: its values, and those that stood in the file."""
    return [name for column in columns for name in (column.name, stored_name(column))]


def _repeated(
    sources: Sequence[Source], plan: Plan, hashes: Hashes, wanted: Outputs, scratch: Path, *, numbers: bool
) -> pl.LazyFrame:
    """Return the rows whose key stands more than once, and take them out of the good ones."""
    keys = [column for column in plan.columns if column.name in plan.key]
    hashed = hashes.repeated(scan(sources, keys, plan.profile, numbers=numbers))
    columns = plan.columns if wanted.rows_wanted else keys
    read = scan(sources, columns, plan.profile, numbers=numbers).with_columns(hashes.expression)
    names = list(dict.fromkeys([ROW, *_kept(columns)]))
    if hashed.is_empty():
        return pl.LazyFrame(schema=read.select(names).collect_schema())
    alone = pl.col(HASH).is_in(hashed.implode()).not_().fill_null(value=True)
    suspects = scratch / "suspects.arrow"
    with Sieve(suspects, read, alone, [*names, HASH]) as sieve:
        read.select(sieve.passed.sum()).collect(engine="streaming")
    rows = repeated_rows(pl.scan_ipc(suspects), plan.key, len(hashed))
    repeated = pl.scan_ipc(suspects).filter(pl.col(ROW).is_in(rows.implode())).drop(HASH)
    if wanted.good and len(rows):
        again = repeated.select(pl.struct(plan.key)).unique().collect(engine="streaming").to_series()
        with outputs.rewritten(outputs.partial(wanted.good)) as (old, new):
            kept = pl.struct(plan.key).is_in(again.implode()).not_()
            outputs.write(pl.scan_parquet(old, glob=False).filter(kept), new)
    return repeated


def finish(outcome: Outcome, wanted: Outputs) -> None:
    """Complete the partial outputs: sort the good rows, write the bad ones and the failures."""
    if wanted.good and wanted.sort:
        with outputs.rewritten(outputs.partial(wanted.good)) as (unsorted, new):
            outputs.write_sorted(pl.scan_parquet(unsorted, glob=False), wanted.sort, new)
    if wanted.bad:
        outputs.write(_bad_rows(outcome), outputs.partial(wanted.bad))
    if wanted.failures:
        outputs.write(failures(outcome), outputs.partial(wanted.failures))


def _bad_rows(outcome: Outcome) -> pl.LazyFrame:
    """Return every row that failed, its values as they stood in the file, with the names of the rules it fails."""
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
    return rows.sort(ROW).select(names, *values)


def failures(outcome: Outcome) -> pl.LazyFrame:
    """Return one row for each row and rule that it fails: part and row (from 1), key (its parts joined by a space), rule."""
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
    return pl.concat([none, *found])


def key_text(plan: Plan) -> pl.Expr:
    """The key of a row as text, its parts joined by a space; null where the table has none."""
    parts = [pl.col(name).cast(pl.String) for name in plan.key]
    return (
        pl.concat_str(parts, separator=" ", ignore_nulls=True) if parts else pl.lit(None, pl.String)
    ).alias("key")
