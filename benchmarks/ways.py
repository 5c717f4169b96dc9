"""The same rules on the same table, written for one library after the other: what the benchmark compares with.

    python benchmarks/ways.py NAME FOLDER

FOLDER holds ``table.parquet`` (or ``table.csv``), ``table.documents.parquet`` and ``actions.parquet``. Each way
prints how many rows fail each rule, so that nobody wins by looking away; what a way cannot tell it leaves out.
Each is written as its own documentation advises, lookups by join where it cannot do them itself.
"""

from __future__ import annotations

import io
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

FIRST, LAST = date(1900, 1, 1), date(2030, 1, 1)
PRECISIONS = ["day", "week", "month", "year"]
ACTOR = r"^([A-Z]{3})+$"
SAMPLE = 100_000
Counts = dict[str, int]


def _rules() -> dict[str, Any]:
    """The twelve row rules as polars expressions over the table joined with codes and documents."""
    import polars as pl

    c = pl.col
    rules = {
        "document": c("known").is_not_null(),
        "date": c("date").is_between(FIRST, LAST),
        "precision": c("date_precision").is_in(PRECISIONS),
        "actor": c("actor").str.contains(ACTOR),
        "target": c("target").str.contains(ACTOR),
        "action": c("of.root").is_not_null(),
        "goldstein": c("of.root").is_null() | c("goldstein").eq_missing(c("of.goldstein")),
        "quad_class": c("of.root").is_null() | (c("quad_class") == c("of.quad_class")),
        "span": (c("span_start") >= 0) & (c("span_start") < c("span_end")),
        "confidence": c("confidence").is_between(0, 1),
        "quote": c("quote").str.len_bytes() > 0,
        "filled": pl.all_horizontal(
            c("event_id", "doc_id", "action", "goldstein", "quad_class").is_not_null()
        ),
    }
    return {name: rule.fill_null(value=False) for name, rule in rules.items()}


def _joined(frame: Any, folder: Path) -> Any:
    """The table with what is looked up, the small sides in memory."""
    import polars as pl

    codes = pl.scan_parquet(folder / "actions.parquet")
    documents = pl.scan_parquet(folder / "table.documents.parquet").select(
        doc_id="document_id", known=pl.lit(value=True)
    )
    frame = frame.join(codes, on="action", how="left", build_side="force_right")
    return frame.join(documents, on="doc_id", how="left", build_side="force_right")


def polars_by_hand(folder: Path) -> Counts:
    """One fused streaming query, and exact uniqueness by sorted hashes: what a specialist would write."""
    import polars as pl

    table = pl.scan_parquet(folder / "table.parquet")
    rules = _rules()
    mask = pl.sum_horizontal(
        pl.when(rule).then(pl.lit(0, pl.UInt32)).otherwise(pl.lit(1 << i, pl.UInt32))
        for i, rule in enumerate(rules.values())
    )
    masks = _joined(table, folder).select(mask.alias("mask"))
    counts = masks.select(
        ((pl.col("mask") & (1 << i)) != 0).sum().alias(name) for i, name in enumerate(rules)
    ).collect(engine="streaming")
    parts: list[pl.Series] = []
    table.select(pl.col("event_id").hash()).sink_batches(
        lambda batch: parts.append(batch.to_series()), maintain_order=False, engine="streaming"
    )
    hashes = pl.concat(parts).sort()
    twice = hashes.filter(hashes == hashes.shift(1)).unique()
    repeated = 0
    if len(twice):
        ids = (
            table.filter(pl.col("event_id").hash().is_in(twice.implode()))
            .select("event_id")
            .collect(engine="streaming")
        )
        repeated = int(ids["event_id"].is_duplicated().sum())
    return {**counts.row(0, named=True), "unique": repeated}


def pandera_eager(folder: Path) -> Counts:
    import pandera.polars as pa
    import polars as pl

    def check(name: str, rule: Any) -> Any:
        def run(data: Any) -> Any:
            frame = data.lazyframe
            if {"known", "of.root", "of.goldstein", "of.quad_class"} & set(rule.meta.root_names()):
                frame = frame.join(codes, on="action", how="left", maintain_order="left")
                frame = frame.join(documents, on="doc_id", how="left", maintain_order="left")
            return frame.select(rule)

        return pa.Check(run, name=name, error=name, ignore_na=False, n_failure_cases=1_000_000)

    codes = pl.scan_parquet(folder / "actions.parquet")
    documents = pl.scan_parquet(folder / "table.documents.parquet").select(
        doc_id="document_id", known=pl.lit(value=True)
    )
    frame = pl.read_parquet(folder / "table.parquet")
    columns = {name: pa.Column(dtype, nullable=True) for name, dtype in frame.schema.items()}
    unique = pa.Check(
        lambda data: data.lazyframe.select(~pl.struct("event_id").is_duplicated()),
        error="unique",
        n_failure_cases=1_000_000,
    )
    schema = pa.DataFrameSchema(columns, checks=[*(check(n, r) for n, r in _rules().items()), unique])
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases.group_by("check").agg(pl.col("index").n_unique())
        return dict(cases.rows())
    return {}


def dataframely_eager(folder: Path) -> Counts:
    import dataframely as dy
    import polars as pl

    rules = _rules()
    namespace: dict[str, Any] = {
        "event_id": dy.String(primary_key=True),
        "known": dy.Bool(nullable=True),
        "of.root": dy.String(nullable=True),
        "of.goldstein": dy.Float64(nullable=True),
        "of.quad_class": dy.Int32(nullable=True),
        "doc_id": dy.String(nullable=True),
        "date": dy.Date(nullable=True),
        **{
            name: dy.String(nullable=True)
            for name in ("date_precision", "actor", "target", "action", "quote")
        },
        **{name: dy.Float64(nullable=True) for name in ("goldstein", "confidence")},
        **{name: dy.Int32(nullable=True) for name in ("quad_class", "span_start", "span_end")},
    }
    namespace = {name.replace(".", "_"): value for name, value in namespace.items()}
    for name, rule in rules.items():
        text = rule.meta.serialize(format="json").replace("of.", "of_")

        expression = pl.Expr.deserialize(io.StringIO(text), format="json")
        namespace[f"rule_{name}"] = dy.rule()(lambda cls, expression=expression: expression)
    schema = type("Table", (dy.Schema,), namespace)
    frame = _joined(pl.scan_parquet(folder / "table.parquet"), folder).collect()
    frame = frame.rename({name: name.replace(".", "_") for name in frame.columns})
    _, failed = schema.filter(frame)
    counts = failed.counts()
    return {{"primary_key": "unique"}.get(name, name.removeprefix("rule_")): n for name, n in counts.items()}


def patito_eager(folder: Path) -> Counts:
    import patito as pt
    import polars as pl

    frame = _joined(pl.scan_parquet(folder / "table.parquet"), folder).collect()
    rules = list(_rules().values())
    model = type(
        "Table",
        (pt.Model,),
        {"__annotations__": {"event_id": str | None}, "event_id": pt.Field(unique=True, constraints=rules)},
    )
    try:
        model.validate(frame, allow_superfluous_columns=True)
    except pt.exceptions.DataFrameValidationError as error:
        return {"errors": len(error.errors())}
    return {}


def pointblank_eager(folder: Path) -> Counts:
    import pointblank as pb
    import polars as pl

    frame = _joined(pl.scan_parquet(folder / "table.parquet"), folder).collect()
    rules = _rules()
    validation = pb.Validate(data=frame)
    for rule in rules.values():
        validation = validation.col_vals_expr(expr=rule)
    validation = validation.rows_distinct(columns_subset="event_id").interrogate(collect_extracts=False)
    failed = validation.n_failed()
    return {name: failed[i] for i, name in enumerate([*rules, "unique"], start=1)}


def duckdb_sql(folder: Path) -> Counts:
    import duckdb

    con = duckdb.connect()
    con.execute("set threads = 2")
    table, documents, codes = (
        f"'{folder / name}.parquet'" for name in ("table", "table.documents", "actions")
    )
    rules = {
        "document": "d.document_id is not null",
        "date": f"date between date '{FIRST}' and date '{LAST}'",
        "precision": f"date_precision in {tuple(PRECISIONS)}",
        "actor": f"regexp_matches(actor, '{ACTOR}')",
        "target": f"regexp_matches(target, '{ACTOR}')",
        "action": 'a."of.root" is not null',
        "goldstein": 'a."of.root" is null or goldstein is not distinct from a."of.goldstein"',
        "quad_class": 'a."of.root" is null or quad_class = a."of.quad_class"',
        "span": "span_start >= 0 and span_start < span_end",
        "confidence": "confidence between 0 and 1",
        "quote": "length(quote) > 0",
        "filled": "event_id is not null and t.doc_id is not null and t.action is not null",
    }
    counted = ", ".join(
        f"count(*) filter (not coalesce({rule}, false)) as {name}" for name, rule in rules.items()
    )
    joined = f"{table} t left join {codes} a on t.action = a.action left join {documents} d on t.doc_id = d.document_id"
    result = con.execute(f"select {counted} from {joined}").fetchall()[0]
    repeated = con.execute(
        f"select coalesce(sum(n), 0) from (select count(*) n from {table} group by event_id having n > 1)"
    ).fetchall()[0][0]
    return {**dict(zip(rules, result, strict=True)), "unique": int(repeated)}


def great_expectations_sample(folder: Path) -> Counts:
    """A sample, in pandas. Lookups are joined beforehand, as it has none."""
    import great_expectations as gx
    import great_expectations.expectations as gxe
    import polars as pl

    frame = _joined(pl.scan_parquet(folder / "table.parquet").head(SAMPLE), folder).collect()
    rules = _rules()
    looked_up = frame.with_columns(
        rules[name].alias(f"ok_{name}") for name in ("document", "action", "goldstein", "quad_class", "span")
    )
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = gx.data_context.types.base.ProgressBarsConfig(globally=False)
    batch = (
        context.data_sources.add_pandas("p")
        .add_dataframe_asset("t")
        .add_batch_definition_whole_dataframe("b")
    )
    expectations = [
        gxe.ExpectColumnValuesToBeUnique(column="event_id"),
        gxe.ExpectColumnValuesToBeInSet(column="date_precision", value_set=PRECISIONS),
        gxe.ExpectColumnValuesToMatchRegex(column="actor", regex=ACTOR),
        gxe.ExpectColumnValuesToMatchRegex(column="target", regex=ACTOR),
        gxe.ExpectColumnValuesToBeBetween(column="confidence", min_value=0, max_value=1),
        gxe.ExpectColumnValuesToNotBeNull(column="quote"),
        gxe.ExpectColumnValueLengthsToBeBetween(column="quote", min_value=1),
        *(
            gxe.ExpectColumnValuesToBeInSet(column=name, value_set=[True])
            for name in looked_up.columns
            if name.startswith("ok_")
        ),
    ]
    suite = gx.ExpectationSuite(name="s", expectations=expectations)
    result = batch.get_batch(batch_parameters={"dataframe": looked_up.to_pandas()}).validate(suite)
    return {str(i): int(r.result.get("unexpected_count") or 0) for i, r in enumerate(result.results)}


def frictionless_sample(folder: Path) -> Counts:
    """A sample of the CSV, without lookups and references: what a Table Schema can say of single cells."""
    import polars as pl
    from frictionless import Resource, Schema, validate

    sample = folder / "sample.csv"
    pl.scan_parquet(folder / "table.parquet").head(SAMPLE).collect().write_csv(sample)
    text = {"required": True}
    fields = [
        {"name": "event_id", "type": "string", "constraints": {"required": True, "unique": True}},
        {"name": "doc_id", "type": "string", "constraints": text},
        {"name": "date", "type": "date", "constraints": {"minimum": str(FIRST), "maximum": str(LAST)}},
        {"name": "date_precision", "type": "string", "constraints": {"enum": PRECISIONS}},
        {"name": "actor", "type": "string", "constraints": {"pattern": ACTOR}},
        {"name": "target", "type": "string", "constraints": {"pattern": ACTOR}},
        {"name": "action", "type": "string", "constraints": text},
        {"name": "goldstein", "type": "number"},
        {"name": "quad_class", "type": "integer", "constraints": {"minimum": 1, "maximum": 4}},
        {"name": "span_start", "type": "integer", "constraints": {"minimum": 0}},
        {"name": "span_end", "type": "integer"},
        {"name": "confidence", "type": "number", "constraints": {"minimum": 0, "maximum": 1}},
        {"name": "quote", "type": "string", "constraints": text},
    ]
    resource = Resource(
        path=sample.name, basepath=str(folder), schema=Schema.from_descriptor({"fields": fields})
    )
    return {"errors": validate(resource, limit_errors=100_000).stats["errors"]}


def plain_conversion(folder: Path) -> Counts:
    """CSV to typed Parquet by polars and nothing more: what validation is measured against."""
    import polars as pl

    s, f, i = pl.String, pl.Float64, pl.Int32
    types = [s, s, pl.Date, s, s, s, s, f, i, i, i, f, s]
    names = (folder / "table.csv").open(encoding="utf-8").readline().strip().split(",")
    pl.scan_csv(folder / "table.csv", schema=dict(zip(names, types, strict=True))).sink_parquet(
        folder / "plain.parquet",
        compression="zstd",
        compression_level=3,
        row_group_size=131_072,
        engine="streaming",
    )
    return {}


def spark_sql(folder: Path) -> Counts:
    """Spark SQL by hand: one aggregate over two joins, and one group by."""
    import os

    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    spark = SparkSession.builder.master("local[2]").config("spark.driver.memory", "4g").getOrCreate()
    for name, file in (("t", "table"), ("d", "table.documents"), ("a", "actions")):
        spark.read.parquet(str(folder / f"{file}.parquet")).createOrReplaceTempView(name)
    rules = {
        "document": "d.document_id is not null",
        "date": f"date between date '{FIRST}' and date '{LAST}'",
        "precision": f"date_precision in {tuple(PRECISIONS)}",
        "actor": f"actor rlike '{ACTOR}'",
        "target": f"target rlike '{ACTOR}'",
        "action": "a.`of.root` is not null",
        "goldstein": "a.`of.root` is null or goldstein <=> a.`of.goldstein`",
        "quad_class": "a.`of.root` is null or quad_class = a.`of.quad_class`",
        "span": "span_start >= 0 and span_start < span_end",
        "confidence": "confidence between 0 and 1",
        "quote": "length(quote) > 0",
        "filled": "event_id is not null and t.doc_id is not null and t.action is not null",
    }
    counted = ", ".join(f"count_if(not coalesce({rule}, false)) as `{name}`" for name, rule in rules.items())
    joined = "t left join a on t.action = a.action left join d on t.doc_id = d.document_id"
    result = spark.sql(f"select {counted} from {joined}").collect()[0].asDict()
    repeated = spark.sql(
        "select coalesce(sum(n), 0) s from (select count(*) n from t group by event_id having n > 1)"
    ).collect()[0]["s"]
    return {**result, "unique": int(repeated)}


WAYS = {
    name: way
    for name, way in globals().items()
    if callable(way) and getattr(way, "__annotations__", {}).get("folder") == "Path"
}

if __name__ == "__main__":
    print(json.dumps(WAYS[sys.argv[1]](Path(sys.argv[2]))))
