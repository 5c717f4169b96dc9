"""The rules on Spark and Dask: the same failures as on one machine, also when a worker dies on the way.

Run where pyspark and Dask are installed: ``python -m pytest -m slow tests/test_bulk_cluster.py``.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from standoff.bulk import cluster
from standoff.bulk.outputs import Outputs
from standoff.bulk.profile_files import load_profile
from standoff.bulk.run import Request, check_tables
from standoff.findings import UsageError
from standoff.tables import Column, Kind
from standoff.tables.profiles import Binding, Profile

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]

ROOT = Path(__file__).parents[1]
PROFILE = ROOT / "benchmarks" / "cameo13.toml"
ROWS = 40_000


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A faulty table as Parquet and as CSV, and its documents."""
    sys.path.insert(0, str(ROOT))
    from benchmarks import generate

    folder = tmp_path_factory.mktemp("tables")
    for ending in ("parquet", "csv"):
        generate.write(folder / f"t.{ending}", ROWS, faulty=0.05)
    return {p.suffix: p for p in folder.glob("t.*") if "documents" not in p.name} | {
        "documents": folder / "t.documents.parquet"
    }


@pytest.fixture(scope="module")
def expected(tables: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Counter[tuple[str, str]]:
    """Key and rule of every failure, as one machine finds them."""
    found = tmp_path_factory.mktemp("expected") / "failures.parquet"
    references = {"documents": tables["documents"]}
    check_tables(Request([tables[".parquet"]], None, str(PROFILE), references, Outputs(failures=found)))
    failures = Counter(pl.read_parquet(found).select("key", "rule").rows())
    assert len({rule for _, rule in failures}) == 12
    return failures


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """Two executors in processes of their own, and four tries for each task."""
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = sql.SparkSession.builder.master("local-cluster[2,1,1024]")
    session = (
        builder.config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", "4").getOrCreate()
    )
    yield session
    session.stop()


def test_spark_finds_what_one_machine_finds(
    spark: Any, tables: dict[str, Path], expected: Counter[tuple[str, str]]
) -> None:
    from standoff.bulk import spark as on_spark

    frame = spark.read.parquet(str(tables[".parquet"])).repartition(5)
    references = {"documents": spark.read.parquet(str(tables["documents"]))}
    found = on_spark.failures(frame, load_profile(str(PROFILE)), references).select("key", "rule").collect()
    assert Counter(map(tuple, found)) == expected


def test_spark_finds_it_though_a_worker_is_killed(
    spark: Any, tables: dict[str, Path], expected: Counter[tuple[str, str]], tmp_path: Path
) -> None:
    from standoff.bulk import spark as on_spark

    marker = tmp_path / "killed"

    def killed_once(arriving: Any) -> Any:
        if not marker.exists():
            marker.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        yield from arriving

    whole = spark.read.parquet(str(tables[".parquet"])).repartition(5)
    frame = whole.mapInArrow(killed_once, whole.schema)
    references = {"documents": spark.read.parquet(str(tables["documents"]))}
    found = on_spark.failures(frame, load_profile(str(PROFILE)), references).select("key", "rule").collect()
    assert Counter(map(tuple, found)) == expected
    assert marker.exists()


def test_spark_finds_each_row_of_a_table_that_stands_twice(spark: Any, tables: dict[str, Path]) -> None:
    from standoff.bulk import spark as on_spark

    once = (
        spark.read.parquet(str(tables[".parquet"])).where("event_id is not null").dropDuplicates(["event_id"])
    )
    found = on_spark.failures(once.union(once), load_profile(str(PROFILE)))
    assert found.where("rule = 'duplicate-row-key'").count() == 2 * once.count()


def test_spark_does_not_read_a_sound_table_again(spark: Any, tmp_path: Path) -> None:
    from benchmarks import generate

    from standoff.bulk import spark as on_spark

    generate.write(tmp_path / "t.parquet", 1000)
    read = spark.sparkContext.accumulator(0)

    def counting(arriving: Any) -> Any:
        for batch in arriving:
            read.add(batch.num_rows)
            yield batch

    whole = spark.read.parquet(str(tmp_path / "t.parquet"))
    references = {"documents": spark.read.parquet(str(tmp_path / "t.documents.parquet"))}
    frame = whole.mapInArrow(counting, whole.schema)
    assert on_spark.failures(frame, load_profile(str(PROFILE)), references).collect() == []
    assert read.value == 3 * 1000  # for rows, keys and references


def test_spark_is_handed_the_beginning_of_a_text_that_only_has_to_be_there(
    spark: Any, tables: dict[str, Path], tmp_path: Path
) -> None:
    from standoff.bulk import batches
    from standoff.bulk import spark as on_spark

    profile = load_profile(str(PROFILE))
    whole = pl.read_parquet(tables[".parquet"]).with_columns(
        doc_id=pl.when(pl.int_range(pl.len()) % 1000 == 0).then(pl.lit("")).otherwise("doc_id"),
    )
    short = batches.only_presence(batches.plan_of(profile, whole.schema))
    assert short == {"doc_id"}
    expected = batches.failures(whole, profile)
    assert not expected.filter(rule="empty-text:doc_id").is_empty()
    whole.write_parquet(tmp_path / "t.parquet")
    found = on_spark.failures(spark.read.parquet(str(tmp_path / "t.parquet")), profile)
    rows = found.where("rule != 'duplicate-row-key'").collect()
    assert Counter(map(tuple, rows)) == Counter(expected.rows())


def test_the_command_on_spark_counts_alike(
    spark: Any, tables: dict[str, Path], expected: Counter[tuple[str, str]]
) -> None:
    from standoff.bulk import spark as on_spark

    references = {"documents": str(tables["documents"])}
    report = on_spark.check(cluster.Request([str(tables[".parquet"])], None, str(PROFILE), references), spark)
    assert counts(report) == by_rule(expected)
    assert report.records == ROWS


def test_dask_finds_it_though_a_worker_is_killed(
    tables: dict[str, Path], expected: Counter[tuple[str, str]], tmp_path: Path
) -> None:
    distributed = pytest.importorskip("distributed", reason="Dask is not installed")
    import dask.dataframe as dd

    from standoff.bulk import dask as on_dask

    marker = str(tmp_path / "killed")

    def killed_once(part: Any) -> Any:
        if len(part) and not os.path.exists(marker):  # noqa: PTH110 - runs on a worker
            open(marker, "w").close()  # noqa: PTH123
            os.kill(os.getpid(), signal.SIGKILL)
        return part

    frame = dd.read_parquet(str(tables[".parquet"]), dtype_backend="pyarrow").repartition(npartitions=5)
    frame = frame.map_partitions(killed_once, meta=frame._meta)
    references = {"documents": dd.read_parquet(str(tables["documents"]))}
    workers = distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
    with workers, distributed.Client(workers):
        found = on_dask.failures(frame, load_profile(str(PROFILE)), references).compute()
    assert Counter(zip(found["key"], found["rule"], strict=True)) == expected
    assert Path(marker).exists()


def test_the_command_on_dask_counts_alike(
    tables: dict[str, Path], expected: Counter[tuple[str, str]]
) -> None:
    pytest.importorskip("dask.dataframe", reason="Dask is not installed")
    from standoff.bulk import dask as on_dask

    references = {"documents": str(tables["documents"])}
    report = on_dask.check(cluster.Request([str(tables[".parquet"])], None, str(PROFILE), references))
    assert counts(report) == by_rule(expected)
    assert report.records == ROWS


@pytest.mark.parametrize("engine", ["spark", "dask"])
def test_text_files_are_refused_by_name(
    engine: str, tables: dict[str, Path], request: pytest.FixtureRequest
) -> None:
    """A cluster's own readers of text take other things for a record than ours: a verdict on them would be a guess."""
    asked = cluster.Request([str(tables[".csv"])], None, str(PROFILE))
    pytest.importorskip(
        {"spark": "pyspark", "dask": "dask.dataframe"}[engine], reason="the engine is not installed"
    )
    adapter = importlib.import_module(f"standoff.bulk.{engine}")
    session = [request.getfixturevalue("spark")] if engine == "spark" else []
    with pytest.raises(
        UsageError, match=r"t\.csv: --engine reads Parquet only\. Check text files on this machine"
    ):
        adapter.check(asked, *session)


AWKWARD = ("bucket", "count", "n", "key", "hash", "share", "hashes", "values", "known", "rule", "part 1")
"""Names that a column may have, though the adapters give them, or could give them, to columns of their own."""


def awkward(name: str, kind: str) -> tuple[Profile, pl.DataFrame]:
    """A table of texts whose first key column has the name, and a profile that says what kind its values are of."""
    columns = (Binding(Column(name, Kind(kind), references="documents.doc")), Binding(Column("other")))
    frame = pl.DataFrame({name: ["1", "1", "2", "3"], "other": ["x", "x", "x", "x"]})
    return Profile("t", "t", columns, (name, "other")), frame


def failures_of_awkward(name: str) -> Counter[tuple[str, str]]:
    return Counter({("1 x", cluster.DUPLICATE): 2, ("3 x", f"{cluster.UNKNOWN}:{name}"): 1})


@pytest.mark.parametrize("kind", ["string", "int32"])
@pytest.mark.parametrize("name", AWKWARD)
def test_spark_takes_a_key_of_any_name(name: str, kind: str, spark: Any, tmp_path: Path) -> None:
    from standoff.bulk import spark as on_spark

    profile, frame = awkward(name, kind)
    frame.write_parquet(tmp_path / "t.parquet")
    documents = spark.createDataFrame([("1",), ("2",)], "doc string")
    found = on_spark.failures(
        spark.read.parquet(str(tmp_path / "t.parquet")), profile, {"documents": documents}
    )
    assert Counter(map(tuple, found.select("key", "rule").collect())) == failures_of_awkward(name)


@pytest.mark.parametrize("kind", ["string", "int32"])
@pytest.mark.parametrize("name", AWKWARD)
def test_dask_takes_a_key_of_any_name(name: str, kind: str) -> None:
    dd = pytest.importorskip("dask.dataframe", reason="Dask is not installed")
    import pandas as pd

    from standoff.bulk import dask as on_dask

    profile, frame = awkward(name, kind)
    parts = dd.from_pandas(frame.to_pandas(), npartitions=2)
    documents = dd.from_pandas(pd.DataFrame({"doc": ["1", "2"]}), npartitions=1)
    found = on_dask.failures(parts, profile, {"documents": documents}).compute()
    assert Counter(zip(found["key"], found["rule"], strict=True)) == failures_of_awkward(name)


def counts(report: Any) -> Counter[tuple[str, str]]:
    """How many rows fail each rule, and which column it is about, by the findings."""
    found: Counter[tuple[str, str]] = Counter()
    for finding in report.findings:
        number = int(finding.message.split(" of ")[0].replace(",", ""))
        about = finding.message.split('("')[1].split('"')[0] if '("' in finding.message else ""
        found[finding.code, about] = number
    return found


def by_rule(failures: Counter[tuple[str, str]]) -> Counter[tuple[str, str]]:
    """The same of single failures."""
    result: Counter[tuple[str, str]] = Counter()
    for (_, rule), number in failures.items():
        code, _, column = rule.partition(":")
        result[code, column] += number
    return result
