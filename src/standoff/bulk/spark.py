"""The checks on Apache Spark: each Arrow batch through the same expressions, keys and references by Spark's shuffle.

    from standoff.bulk import spark
    spark.failures(frame, profile)      # a Spark DataFrame of key, rule, values: one row for each failure

Workers need polars, pyarrow and standoff in the Python that Spark starts there.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from typing import TYPE_CHECKING, Any

import polars as pl

from standoff.bulk import batches
from standoff.bulk.cluster import DUPLICATE, UNKNOWN, Counted, Request
from standoff.bulk.plan import Plan
from standoff.bulk.values import present_columns
from standoff.findings import Report, UsageError
from standoff.tables.profiles import Binding, Profile

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession  # type: ignore[import-not-found, unused-ignore]

ROWS_PER_BATCH = 100_000
"""Rows that a worker is handed at a time: Spark's 10,000 spend more on handing than on checking."""
BYTES_PER_BATCH = (1 << 31) - 1
"""No limit. Below it Spark 4 measures every column of the batch again after each row, a third of handing it over."""
SCHEMA = ", ".join(f"`{name}` string" for name in batches.FAILURE)


def failures(
    frame: DataFrame, profile: Profile, references: Mapping[str, DataFrame] | None = None
) -> DataFrame:
    """Return key, rule and values of every failure among the rows of a Spark DataFrame; nothing is run yet.

    The frame's columns have the profile's source names. `references` are other tables by name.
    """
    types = _types(frame)
    by_name = {column.name: column for column in present_columns(types, profile)}
    plan = batches.plan_of(profile, types)
    parts = [_failing(frame, plan)]
    if plan.keyed:
        parts.append(_repeated(frame, [by_name[name] for name in profile.key], profile))
    key = [by_name[name].source for name in profile.key if name in by_name]
    for column in by_name.values():
        table, _, name = (column.references or "").partition(".")
        if references and table in references:
            parts.append(_unknown(frame, column, key, references[table], name))
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


def _repeated(frame: DataFrame, key: list[Binding], profile: Profile) -> DataFrame:
    """One failure for each row whose key stands more than once; a key of which a part is missing is none."""
    from pyspark.sql import functions as f

    # A column of the table may have any name, such as "count": here the parts of the key are called by their places.
    names = [f"part {place}" for place in range(len(key))]
    if any(column.converted for column in key):
        # Two spellings of a number are one key: the values are made by the same expressions as everywhere.
        def typed(arriving: Iterable[Any]) -> Iterator[Any]:
            return batches.keys_in_all(arriving, profile)

        schema = ", ".join(f"`{column.name}` string" for column in key)
        keys = frame.select([f"`{column.source}`" for column in key]).mapInArrow(typed, schema).toDF(*names)
    else:
        sources = [f.col(f"`{column.source}`").cast("string") for column in key]
        keys = frame.select([source.alias(name) for source, name in zip(sources, names, strict=True)])
    keys = keys.dropna(how="any")
    blocks = keys.select(f.xxhash64(*names).alias("hash")).mapInArrow(
        batches.hashes_in_blocks, "share long, hashes array<long>"
    )
    twice = blocks.repartition("share").mapInArrow(batches.repeated_buckets, "bucket long")
    counted = _within(keys, names, twice).groupBy(*names).count().where("count > 1")
    # One row for each occurrence, as all failures are counted.
    each = counted.select(
        f.concat_ws(" ", *names).alias("key"), f.explode(f.sequence(f.lit(1), "count")).alias("n")
    )
    return each.select("key", f.lit(DUPLICATE).alias("rule"), f.lit(None).cast("string").alias("values"))


def _unknown(frame: DataFrame, column: Binding, key: list[str], other: DataFrame, name: str) -> DataFrame:
    """One failure for each row that refers to a row that the other table has not."""
    from pyspark.sql import functions as f

    pointing = frame.select(
        f.concat_ws(" ", *(f.col(f"`{part}`").cast("string") for part in key)).alias("key"),
        f.col(f"`{column.source}`").cast("string").alias("values"),
    ).dropna(subset=["values"])
    known = other.select(f.col(f"`{name}`").cast("string").alias("values"))
    missing = pointing.select("values").distinct().join(known, "values", "left_anti")
    suspect = _within(pointing, ["values"], missing.select(_bucket(["values"]).alias("bucket")))
    unknown = suspect.join(known, "values", "left_anti")
    return unknown.select("key", f.lit(f"{UNKNOWN}:{column.name}").alias("rule"), "values")


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


def check(request: Request, spark: SparkSession | None = None) -> Report:
    """Check tables at addresses that Spark can read, and return the report."""
    started = time.perf_counter()
    stated = request.stated()
    request.refuse_text()
    spark = spark or session()
    from pyspark.errors import PySparkException  # type: ignore[import-not-found, unused-ignore]
    from pyspark.sql import functions as f

    try:
        frame = _read(spark, request.uris)
        profile = stated or request.guessed(frame.columns)
        others = request.other_tables(
            profile,
            lambda uri: _read(spark, [uri]),
            lambda keys: spark.createDataFrame(_plain_strings(keys)),
        )
        found = failures(frame, profile, others)
        first = f.min(f.struct("key", "values")).alias("first")
        grouped = found.groupBy("rule").agg(f.count("*").alias("n"), first).collect()
        rows = frame.count()
    except PySparkException as error:
        raise UsageError(
            f"Spark could not read or check it: {str(error).strip().splitlines()[0][:300]}"
        ) from error
    counted = [Counted(row["rule"], row["n"], row["first"]["key"], row["first"]["values"]) for row in grouped]
    return request.report(profile, _types(frame), rows, counted, started)


def _read(spark: SparkSession, uris: Any) -> DataFrame:
    return spark.read.parquet(*uris)


def _plain_strings(keys: pl.DataFrame) -> Any:
    """Keys as an Arrow table of plain strings, which is all that Spark takes."""
    import pyarrow as pa

    return keys.to_arrow().cast(pa.schema([(name, pa.string()) for name in keys.columns]))
