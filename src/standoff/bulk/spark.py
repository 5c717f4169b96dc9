"""The checks on Apache Spark: files in its tasks (`bulk.cluster`), and DataFrames by their Arrow batches.

    from standoff.bulk import spark
    spark.failures(frame, profile)      # a Spark DataFrame of key, rule, values: one row for each failure

Each batch of a DataFrame goes through the same expressions as everywhere, keys and references through Spark's shuffle.

Workers need polars, pyarrow and standoff in the Python that Spark starts there.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

import polars as pl

from standoff.bulk import batches
from standoff.bulk.engines import Common, Item, Result
from standoff.bulk.plan import Plan
from standoff.bulk.values import present_columns
from standoff.findings import UsageError
from standoff.tables import Kind
from standoff.tables.profiles import Binding, Profile

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession  # type: ignore[import-not-found, unused-ignore]

ROWS_PER_BATCH = 100_000
"""Rows that a worker is handed at a time: Spark's 10,000 spend more on handing than on checking."""
BYTES_PER_BATCH = (1 << 31) - 1
"""No limit. Below it Spark 4 measures every column of the batch again after each row, a third of handing it over."""
MOST_TASKS = 1_000
"""Of more items, such as small files, several go to a task."""
SCHEMA = ", ".join(f"`{name}` string" for name in batches.FAILURE)


def failures(
    frame: DataFrame, profile: Profile, references: Mapping[str, DataFrame] | None = None
) -> DataFrame:
    """Return key, rule and values of every failure among the rows of a Spark DataFrame; nothing is run yet.

    The frame's columns have the profile's source names. `references` are other tables by name.
    """
    types = _types(frame)
    plan = batches.plan_of(profile, types)
    by_name = {column.name: column for column in plan.columns}
    key = [by_name[name] for name in profile.key if name in by_name]
    parts = [_failing(frame, plan)]
    if plan.keyed:
        parts.append(_repeated(frame, key))
    for column, table, referred in batches.referring(profile, types):
        if references and table in references:
            parts.append(_unknown(frame, column, key, references[table], referred))
    return reduce(lambda one, other: one.unionByName(other), parts)


def _types(frame: DataFrame) -> dict[str, Any]:
    """The polars types of the columns of a Spark DataFrame."""
    empty = pl.from_arrow(frame.limit(0).toArrow())
    assert isinstance(empty, pl.DataFrame)
    return dict(empty.schema)


def _failing(frame: DataFrame, plan: Plan) -> DataFrame:
    """The failures of single rows; of a long text that is only asked whether it is there goes the beginning."""
    from pyspark.sql import functions as f

    profile, short = plan.profile, batches.only_presence(plan)

    def check(arriving: Iterable[Any]) -> Iterator[Any]:
        return batches.failures_in_all(arriving, profile)

    stored = ((column.source, f.col(f"`{column.source}`")) for column in plan.needed)
    read = [f.substring(value, 1, 1).alias(name) if name in short else value for name, value in stored]
    return frame.select(read).mapInArrow(check, SCHEMA)


def _texts(frame: DataFrame, columns: Sequence[Binding]) -> DataFrame:
    """The values of columns as text, under the names of `batches.places`.

    Two spellings of a number are one text, since the values are made by the same expressions as everywhere.
    """
    from pyspark.sql import functions as f

    names = batches.places(columns)
    if all(column.kind is Kind.STRING and not column.converted for column in columns):
        stored = (f.col(f"`{column.source}`") for column in columns)
        return frame.select([value.alias(name) for value, name in zip(stored, names, strict=True)])

    def typed(arriving: Iterable[Any]) -> Iterator[Any]:
        return batches.values_in_all(arriving, columns)

    schema = ", ".join(f"`{name}` string" for name in names)
    sources = dict.fromkeys(source for column in columns for source in column.sources)
    return frame.select([f"`{source}`" for source in sources]).mapInArrow(typed, schema)


def _repeated(frame: DataFrame, key: Sequence[Binding]) -> DataFrame:
    """Return one failure for each row whose key occurs more than once. Keys with a missing part are not compared."""
    from pyspark.sql import functions as f

    keys = _texts(frame, key).dropna(how="any")
    names = keys.columns
    blocks = keys.select(f.xxhash64(*names).alias("hash")).mapInArrow(
        batches.hashes_in_blocks, "share long, hashes array<long>"
    )
    twice = blocks.repartition("share").mapInArrow(batches.repeated_buckets, "bucket long")
    counted = _within(keys, names, twice).groupBy(*names).count().where("count > 1")
    # One row for each occurrence, as all failures are counted.
    each = counted.select(
        f.concat_ws(" ", *names).alias("key"), f.explode(f.sequence(f.lit(1), "count")).alias("n")
    )
    return each.select(
        "key", f.lit(batches.DUPLICATE).alias("rule"), f.lit(None).cast("string").alias("values")
    )


def _unknown(
    frame: DataFrame, column: Binding, key: Sequence[Binding], other: DataFrame, referred: Binding
) -> DataFrame:
    """One failure for each row that refers to a row that the other table has not."""
    from pyspark.sql import functions as f

    values = _texts(frame, [column, *key])
    pointing = values.select(
        f.concat_ws(" ", *values.columns[1:]).alias("key"), f.col("part 0").alias("values")
    ).dropna(subset=["values"])
    (there,) = present_columns(_types(other), Profile("", "", (referred,)))
    known = _texts(other, [there]).toDF("values")
    missing = pointing.select("values").distinct().join(known, "values", "left_anti")
    suspect = _within(pointing, ["values"], missing.select(_bucket(["values"]).alias("bucket")))
    unknown = suspect.join(known, "values", "left_anti")
    return unknown.select("key", f.lit(f"{batches.UNKNOWN}:{column.name}").alias("rule"), "values")


def _within(frame: DataFrame, names: list[str], buckets: DataFrame) -> DataFrame:
    """The rows whose values have their hash in one of the buckets: all that are looked for, and a few others.

    Buckets are so few that every worker can have them all, whatever the table is like; where there are none, Spark
    does not read the frame.
    """
    from pyspark.sql import functions as f

    wanted = f.broadcast(buckets.distinct())
    return (
        frame.withColumn("bucket", _bucket(names)).join(wanted, "bucket", "left_semi").select(frame.columns)
    )


def _bucket(names: list[str]) -> Column:
    from pyspark.sql import functions as f

    return f.pmod(f.xxhash64(*names), f.lit(batches.BUCKETS))


def session() -> SparkSession:
    """Return the running Spark session, or start one as the environment configures it."""
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise UsageError("--engine spark needs pyspark: python -m pip install pyspark") from error
    # Without it Spark starts whatever Python comes first on a worker; and there is one worker for each core already.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    builder = SparkSession.builder.appName("standoff check").config(
        "spark.executorEnv.POLARS_MAX_THREADS", "1"
    )
    arrow = "spark.sql.execution.arrow"
    return (
        builder.config(f"{arrow}.maxRecordsPerBatch", ROWS_PER_BATCH)
        .config(f"{arrow}.maxBytesPerBatch", BYTES_PER_BATCH)
        .getOrCreate()
    )


class Tasks:
    """Runs tasks on Spark, each on an item of its own; the engine of `bulk.cluster`."""

    def __init__(self, spark: SparkSession | None = None) -> None:
        self._context = (spark or session()).sparkContext

    def run(
        self, task: Callable[[Item, Common], Result], items: Sequence[Item], common: Common
    ) -> list[Result]:
        """Return `task(item, common)` of each item, in order. UsageError where Spark fails."""
        from py4j.protocol import Py4JJavaError  # type: ignore[import-not-found, unused-ignore]
        from pyspark.errors import PySparkException  # type: ignore[import-not-found, unused-ignore]

        shared = self._context.broadcast(common)
        try:
            spread = self._context.parallelize(items, min(len(items), MOST_TASKS) or 1)
            found: list[Result] = spread.map(lambda item: task(item, shared.value)).collect()
        except (PySparkException, Py4JJavaError) as error:
            raised = re.findall(r"^\s*((?:\w+\.)*\w+(?:Error|Exception): .+)$", str(error), re.MULTILINE)
            raise UsageError(
                f"Spark could not run it: {(raised or [str(error)])[-1].strip()[:300]}"
            ) from error
        finally:
            shared.unpersist()
        return found
