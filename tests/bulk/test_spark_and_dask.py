"""The rules on Spark and Dask: the same failures as on one machine, also when a worker dies on the way.

Run where pyspark and Dask are installed: ``python -m pytest -m slow tests/bulk/test_spark_and_dask.py``.
"""

from __future__ import annotations

import importlib
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from standoff.bulk import batches, cluster
from standoff.bulk.outputs import Outputs
from standoff.bulk.profile_files import load_profile
from standoff.bulk.request import Request
from standoff.bulk.run import check_tables
from standoff.tables import Column, Kind
from standoff.tables.profiles import Binding, Profile

sys.path.insert(0, str(Path(__file__).parents[1] / "bulk"))
import test_cluster
import test_same_verdict
from engines import verdict

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]

ROOT = Path(__file__).parents[2]
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


class Apart:
    """An engine whose tasks do not see the scratch folder of the caller, as on several machines."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine

    def run(self, task: Any, items: Any, common: Any) -> Any:
        apart = replace(common, desk=replace(common.desk, scratch=Path("/nowhere")))
        return self.engine.run(task, items, apart)


def engine_of(name: str, request: pytest.FixtureRequest) -> Any:
    pytest.importorskip(
        {"spark": "pyspark", "dask": "dask.dataframe"}[name], reason="the engine is not installed"
    )
    given = [request.getfixturevalue("spark")] if name == "spark" else []
    return importlib.import_module(f"standoff.bulk.{name}").Tasks(*given)


@pytest.mark.parametrize("ending", [".parquet", ".csv"])
@pytest.mark.parametrize("name", ["spark", "dask"])
def test_files_get_the_verdict_of_one_machine(
    name: str, ending: str, tables: dict[str, Path], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    asked = Request([tables[ending]], None, str(PROFILE), {"documents": tables["documents"]})
    found = verdict(asked, engine_of(name, request), tmp_path)
    assert found["report"][0] == ROWS
    assert len(found["failures.parquet"]) > 0.04 * ROWS
    assert found == verdict(asked, None, tmp_path)


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("name", ["spark", "dask"])
def test_tables_of_all_formats_get_the_verdict_of_one_machine(
    name: str,
    apart: bool,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cluster, "BYTES", 600)
    monkeypatch.setattr(cluster, "ROWS", 12)
    monkeypatch.chdir(tmp_path)
    Path("p.toml").write_text(test_same_verdict.PROFILE, encoding="utf-8")
    engine = engine_of(name, request)
    for paths in test_cluster.write_all(Path()).values():
        asked = Request(paths, profile="p.toml")
        found = verdict(asked, Apart(engine) if apart else engine, tmp_path)
        assert len(found["failures.parquet"]) > 10
        assert found == verdict(asked, None, tmp_path), paths


@pytest.mark.parametrize("name", ["spark", "dask"])
def test_text_files_with_all_kinds_of_trouble_get_the_verdict_of_one_machine(
    name: str, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "BYTES", 60)
    engine = engine_of(name, request)
    drawn = (random.Random(seed).choices(test_cluster.PIECES, k=40) for seed in range(2))
    for quote, cases in (("true", TROUBLE), ("false", drawn)):
        (tmp_path / "p.toml").write_text(test_cluster.profile_quoting(quote), encoding="utf-8")
        for lines in cases:
            (tmp_path / "t.csv").write_bytes("\n".join(["key,n", "first,1", *lines, ""]).encode())
            asked = Request([tmp_path / "t.csv"], profile=str(tmp_path / "p.toml"), duplicates="keep-one")
            assert verdict(asked, engine, tmp_path) == verdict(asked, None, tmp_path), (quote, lines)


TROUBLE = (
    ["a,1,2,3,4"] * 3,
    ['"say ""hi""",1', '"two\nlines",2', '"a;b",x'],
    ['a\\",1', '"\\",2'],
    ["", "a,1", "", "   ", "b,2", "", ""],
    ['"",1', ",", ",2"],
    ["a,02", "b,+4", "c, 3", "d,3.0", "e,1e2"],
    ["é,1\r", "key,n", "b,2\r"],
)


def test_spark_ends_well_though_a_task_is_killed(
    spark: Any, tables: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from standoff.bulk import spark as on_spark

    monkeypatch.setattr(cluster, "ROWS", 10_000)
    marker = tmp_path / "killed"

    class KilledOnce(on_spark.Tasks):
        def run(self, task: Any, items: Any, common: Any) -> Any:
            def killed(item: Any, common: Any) -> Any:
                found = task(item, common)
                if not marker.exists():
                    marker.touch()
                    os.kill(os.getpid(), signal.SIGKILL)
                return found

            return super().run(killed, items, common)

    asked = Request([tables[".parquet"]], None, str(PROFILE), {"documents": tables["documents"]})
    assert verdict(asked, KilledOnce(spark), tmp_path) == verdict(asked, None, tmp_path)
    assert marker.exists()


@pytest.mark.parametrize("name", ["spark", "dask"])
def test_references_of_frames_are_looked_up_by_value(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    columns = (Binding(Column("key")), Binding(Column("doc", Kind("int32"), references="docs.id")))
    profile = Profile("t", "t", columns, ("key",))
    frame = pl.DataFrame({"key": ["a", "b", "c", "d"], "doc": ["02", "+4", " 3", "9"]})
    others = pl.DataFrame({"id": ["2", "4.0", "003"]})
    if name == "spark":
        session = request.getfixturevalue("spark")
        from standoff.bulk import spark as on_spark

        rows = session.createDataFrame(frame.rows(), "key string, doc string")
        docs = session.createDataFrame(others.rows(), "id string")
        found = list(
            map(tuple, on_spark.failures(rows, profile, {"docs": docs}).select("key", "rule").collect())
        )
    else:
        dd = pytest.importorskip("dask.dataframe", reason="Dask is not installed")
        from standoff.bulk import dask as on_dask

        rows, docs = (dd.from_pandas(each.to_pandas(), npartitions=2) for each in (frame, others))
        failed = on_dask.failures(rows, profile, {"docs": docs}).compute()
        found = list(zip(failed["key"], failed["rule"], strict=True))
    assert found == [("d", "reference-unknown:doc")]


AWKWARD = ("bucket", "count", "n", "key", "hash", "share", "hashes", "values", "known", "rule", "part 1")
"""Names that a column may have, though the adapters give them, or could give them, to columns of their own."""


def awkward(name: str, kind: str) -> tuple[Profile, pl.DataFrame]:
    """A table of texts whose first key column has the name, and a profile that says what kind its values are of."""
    columns = (Binding(Column(name, Kind(kind), references="documents.doc")), Binding(Column("other")))
    frame = pl.DataFrame({name: ["1", "1", "2", "3"], "other": ["x", "x", "x", "x"]})
    return Profile("t", "t", columns, (name, "other")), frame


def failures_of_awkward(name: str) -> Counter[tuple[str, str]]:
    return Counter({("1 x", batches.DUPLICATE): 2, ("3 x", f"{batches.UNKNOWN}:{name}"): 1})


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
