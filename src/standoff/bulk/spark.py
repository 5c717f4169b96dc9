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
from standoff.bulk.sources import present_columns
from standoff.findings import Report, UsageError
from standoff.model.profiles import Profile, ProfileColumn

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession  # type: ignore[import-not-found, unused-ignore]

ROWS_PER_BATCH = 100_000
"""Rows that a worker is handed at a time: Spark's 10,000 spend more on handing than on checking."""
SCHEMA = ", ".join(f"`{name}` string" for name in batches.FAILURE)


def failures(
    frame: DataFrame, profile: Profile, references: Mapping[str, DataFrame] | None = None
) -> DataFrame:
    """Return key, rule and values of every failure among the rows of a Spark DataFrame; nothing is run yet.

    The frame's columns have the profile's source names. `references` are other tables by name.
    """

    def check(arriving: Iterable[Any]) -> Iterator[Any]:
        return batches.failures_in_all(arriving, profile)

    columns = present_columns(_types(frame), profile)
    read = [column.source for column in batches.plan_of(profile, _types(frame)).needed]
    parts = [frame.select(read).mapInArrow(check, SCHEMA)]
    by_name = {column.name: column for column in columns}
    if profile.key and by_name.keys() >= set(profile.key):
        parts.append(_repeated(frame, [by_name[name] for name in profile.key], profile))
    for column in columns:
        table, _, key = (column.references or "").partition(".")
        if references and table in references:
            parts.append(
                _unknown(
                    frame,
                    column,
                    [by_name[n].source for n in profile.key if n in by_name],
                    references[table],
                    key,
                )
            )
    return reduce(lambda one, other: one.unionByName(other), parts)


def _types(frame: DataFrame) -> dict[str, Any]:
    """The polars types of the columns of a Spark DataFrame."""
    empty = pl.from_arrow(frame.limit(0).toArrow())
    assert isinstance(empty, pl.DataFrame)
    return dict(empty.schema)


def _repeated(frame: DataFrame, key: list[ProfileColumn], profile: Profile) -> DataFrame:
    """One failure for each row whose key stands more than once; a key of which a part is missing is none."""
    from pyspark.sql import functions as f

    names = [column.name for column in key]
    if any(column.converted for column in key):
        # Two spellings of a number are one key: the values are made by the same expressions as everywhere.
        def typed(arriving: Iterable[Any]) -> Iterator[Any]:
            return batches.keys_in_all(arriving, profile)

        schema = ", ".join(f"`{name}` string" for name in names)
        keys = frame.select([column.source for column in key]).mapInArrow(typed, schema)
    else:
        keys = frame.select([f.col(f"`{column.source}`").cast("string").alias(column.name) for column in key])
    counted = keys.dropna(how="any").groupBy(*names).count().where("count > 1")
    # One row for each occurrence, as all failures are counted.
    each = counted.select(
        f.concat_ws(" ", *names).alias("key"), f.explode(f.sequence(f.lit(1), "count")).alias("n")
    )
    return each.select("key", f.lit(DUPLICATE).alias("rule"), f.lit(None).cast("string").alias("values"))


def _unknown(
    frame: DataFrame, column: ProfileColumn, key: list[str], other: DataFrame, name: str
) -> DataFrame:
    """One failure for each row that refers to a row that the other table has not."""
    from pyspark.sql import functions as f

    pointing = frame.select(
        f.concat_ws(" ", *(f.col(f"`{part}`").cast("string") for part in key)).alias("key"),
        f.col(f"`{column.source}`").cast("string").alias("values"),
    ).dropna(subset=["values"])
    known = other.select(f.col(f"`{name}`").cast("string").alias("values")).distinct()
    missing = pointing.join(known, "values", "left_anti")
    return missing.select("key", f.lit(f"{UNKNOWN}:{column.name}").alias("rule"), "values")


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
    return builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", ROWS_PER_BATCH).getOrCreate()


def check(request: Request, spark: SparkSession | None = None) -> Report:
    """Check tables at addresses that Spark can read, and return the report."""
    started = time.perf_counter()
    stated = request.stated()
    spark = spark or session()
    from pyspark.errors import PySparkException  # type: ignore[import-not-found, unused-ignore]
    from pyspark.sql import functions as f

    try:
        frame = _read(spark, request.uris, request.format, stated)
        profile = stated or request.guessed(frame.columns)
        others = {
            name: _read(spark, [uri], Request([uri]).format, None)
            for name, uri in (request.references or {}).items()
        }
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


def _read(spark: SparkSession, uris: Any, format_: str, profile: Profile | None) -> DataFrame:
    """Text formats are read as text, as everywhere: a bad cell is a finding."""
    if format_ == "parquet":
        return spark.read.parquet(*uris)
    if format_ == "jsonl":
        return spark.read.json(list(uris), primitivesAsString=True)
    header = profile.header if profile else True
    separator = (profile.separator if profile else None) or (
        "\t" if uris[0].endswith((".tsv", ".tab")) else ","
    )
    frame = spark.read.csv(
        list(uris),
        header=header,
        sep=separator,
        inferSchema=False,
        quote='"' if not profile or profile.quote else "",
    )
    return (
        frame
        if header
        else frame.toDF(*(c.source for c in (profile.columns if profile else ())[: len(frame.columns)]))
    )
