"""The pass: every row rule over every row in one stream, in memory that does not grow with the table.

The rows that fail go to a scratch file with their bitmasks, and everything that is reported is made from that
file; on sound data it is empty. Rows that pass are written in the same stream where they are wanted. Uniqueness
needs all keys and has a stage of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from standoff.bulk import outputs
from standoff.bulk.outputs import Outputs
from standoff.bulk.plan import Plan, failing, stored_name
from standoff.bulk.sources import ROW, Source, scan
from standoff.bulk.uniqueness import duplicates

FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a pass found. `bad` holds the rows that fail a row rule, with bitmasks; `repeated` those whose key repeats."""

    plan: Plan
    rows: int
    bad: Path
    repeated: Path | None


def check(
    sources: Sequence[Source],
    plan: Plan,
    wanted: Outputs,
    scratch: Path,
    progress: Callable[[int], None] | None = None,
) -> Outcome:
    """Run the plan over the rows of `sources`; `progress` is called with the number of rows of each batch.

    polars' errors pass through: what cannot be read, or written, is for the caller to explain.
    """
    columns = list(plan.columns) if wanted.rows_wanted else plan.needed
    frame = scan(sources, columns, plan.profile)
    flagged = plan.flagged(frame, ordered=wanted.rows_wanted)
    if progress is not None:
        flagged = flagged.map_batches(_counting(progress), streamable=True)
    bad, keys = scratch / "bad.parquet", scratch / "keys.parquet"
    evidence = frozenset().union(*(c.names for c in plan.checks), plan.shown(plan.key))
    kept = list(dict.fromkeys([*plan.key, *map(stored_name, columns)])) if wanted.rows_wanted else []
    names = sorted(evidence.union(kept))
    stages = [
        outputs.sink(
            flagged.filter(~plan.passed).select(ROW, *names, *plan.masks()), bad, ordered=False, scratch=True
        )
    ]
    if wanted.good:
        passed = flagged.filter(plan.passed).select(column.name for column in columns)
        stages.append(outputs.sink(passed, outputs.partial(wanted.good)))
    stored = all(source.rows is not None for source in sources)
    if not stored:  # a text format is read once: what comes later reads these columns instead
        stages.append(outputs.sink(flagged.select(ROW, *plan.key), keys, ordered=False, scratch=True))
    pl.collect_all(stages, engine="streaming")
    if stored:
        rows = sum(source.rows or 0 for source in sources)
        key_columns = [column for column in plan.columns if column.name in plan.key]
        keyed = scan(sources, key_columns, plan.profile).select(ROW, *plan.key)
    else:
        keyed = pl.scan_parquet(keys)
        rows = int(keyed.select(pl.len()).collect().item())
    repeated = duplicates(keyed, plan.key, rows, scratch) if plan.key else None
    return Outcome(plan, rows, bad, repeated)


def _counting(progress: Callable[[int], None]) -> Callable[[pl.DataFrame], pl.DataFrame]:
    def count(batch: pl.DataFrame) -> pl.DataFrame:
        progress(batch.height)
        return batch

    return count


def finish(outcome: Outcome, wanted: Outputs) -> None:
    """Complete the partial outputs: take repeated keys out of the good rows, sort them, write the bad and the failures."""
    plan = outcome.plan
    repeated_keys = None
    if outcome.repeated:
        repeated_keys = pl.scan_parquet(outcome.repeated).select(plan.key).unique()
    if wanted.good:
        _finish_good(outcome, wanted, repeated_keys)
    if wanted.failures:
        outputs.write(failures(outcome), outputs.partial(wanted.failures))


def _finish_good(outcome: Outcome, wanted: Outputs, repeated_keys: pl.LazyFrame | None) -> None:
    assert wanted.good is not None
    plan, partial = outcome.plan, outputs.partial(wanted.good)
    written = partial.with_name(partial.name + "-first")
    rest = pl.scan_parquet(written, glob=False)
    try:
        partial.replace(written)
        singles = rest
        if repeated_keys is not None:
            singles = rest.join(
                repeated_keys, on=plan.key, how="anti", maintain_order="left", build_side="force_right"
            )
        if wanted.bad:
            outputs.write(_bad_rows(outcome, rest, repeated_keys), outputs.partial(wanted.bad))
        if wanted.sort:
            outputs.write_sorted(singles, wanted.sort, partial)
        elif repeated_keys is not None:
            outputs.write(singles, partial)
        else:
            written.replace(partial)
    finally:
        written.unlink(missing_ok=True)


def _bad_rows(outcome: Outcome, passed: pl.LazyFrame, repeated_keys: pl.LazyFrame | None) -> pl.LazyFrame:
    """Return every row that failed, its values as they stood in the file, with the names of the rules it fails."""
    plan = outcome.plan
    bad = pl.scan_parquet(outcome.bad).sort(ROW)
    rules: list[pl.Expr] = [
        pl.when(failing(i)).then(pl.lit(check.name)) for i, check in enumerate(plan.checks)
    ]
    values = [pl.col(stored_name(column)).alias(column.name) for column in plan.columns]
    if repeated_keys is None:
        return bad.select(pl.concat_str(rules, separator="; ", ignore_nulls=True).alias(FAILED), *values)
    marked = repeated_keys.with_columns(pl.lit("duplicate-row-key").alias(FAILED))
    rules.append(pl.col(FAILED))
    also_failed = bad.join(
        marked, on=plan.key, how="left", build_side="force_right", maintain_order="left"
    ).select(pl.concat_str(rules, separator="; ", ignore_nulls=True).alias(FAILED), *values)
    only_repeated = passed.join(repeated_keys, on=plan.key, how="semi", build_side="force_right").select(
        pl.lit("duplicate-row-key").alias(FAILED), *(pl.col(column.name) for column in plan.columns)
    )
    if any(column.converted for column in plan.columns):  # the others are text, as they stood
        only_repeated = only_repeated.cast(pl.String)
        also_failed = also_failed.cast(pl.String)
    return pl.concat([also_failed, only_repeated])


def failures(outcome: Outcome) -> pl.LazyFrame:
    """Return one row for each row and rule that it fails: row (from 1), key (text, parts joined by a space), rule.

    `part` is the number of the file, from 1, where there are several.
    """
    plan = outcome.plan
    bad = pl.scan_parquet(outcome.bad)
    key = key_text(plan)
    place = [
        (pl.col(ROW) // (1 << 32) + 1).cast(pl.UInt32).alias("part"),
        (pl.col(ROW) % (1 << 32) + 1).alias("row"),
    ]
    frames = [
        bad.filter(failing(i)).select(*place, key, pl.lit(check.name).alias("rule"))
        for i, check in enumerate(plan.checks)
    ]
    if outcome.repeated:
        frames.append(
            pl.scan_parquet(outcome.repeated).select(*place, key, pl.lit("duplicate-row-key").alias("rule"))
        )
    if not frames:
        return pl.LazyFrame(schema={"part": pl.UInt32, "row": pl.UInt64, "key": pl.String, "rule": pl.String})
    return pl.concat([frame.cast({"row": pl.UInt64}) for frame in frames])


def key_text(plan: Plan) -> pl.Expr:
    """The key of a row as text, its parts joined by a space; null where the table has none."""
    parts = [pl.col(name).cast(pl.String) for name in plan.key]
    return (
        pl.concat_str(parts, separator=" ", ignore_nulls=True) if parts else pl.lit(None, pl.String)
    ).alias("key")
