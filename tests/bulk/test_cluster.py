"""Tables that are read in the tasks of an engine get the verdict that this machine gives, in every letter.

The engine here runs its tasks in this process; `test_spark_and_dask.py` asks the same of Spark and Dask.
"""

import sys
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standoff.bulk import cluster
from standoff.bulk.addresses import remote_files
from standoff.bulk.request import Duplicates, Request
from standoff.findings import UsageError

sys.path.insert(0, str(Path(__file__).parent))
from engines import InProcess, verdict
from test_same_verdict import PROFILE, table

CASES = Path(__file__).parent / "cases"
ENGINES = pytest.mark.parametrize("shared", [True, False], ids=["shared scratch", "scratch of its own"])


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "BYTES", 60)
    monkeypatch.setattr(cluster, "ROWS", 12)


def write_all(folder: Path) -> dict[str, list[Path | str]]:
    """A table in files of every format that goes to tasks in its own way, and in several files."""
    frame = table(1)
    frame.write_parquet(folder / "t.parquet", row_group_size=10)
    frame.write_csv(folder / "t.csv")
    frame.write_ndjson(folder / "t.jsonl")
    with zipfile.ZipFile(folder / "t.csv.zip", "w") as archive:
        archive.write(folder / "t.csv", "t.csv")
    (folder / "year=2020").mkdir()
    frame.head(12).write_csv(folder / "year=2020" / "a.csv")
    frame.tail(20).with_columns(pl.col("n").cast(pl.Float64)).write_parquet(
        folder / "year=2020" / "b.parquet"
    )
    names = ("t.parquet", "t.jsonl", "t.csv.zip", "year=2020")
    return {name: [folder / name] for name in names} | {"twice": [folder / "t.csv", folder / "t.parquet"]}


@pytest.mark.parametrize(
    ("shared", "names"),
    [(True, ["t.parquet", "t.jsonl", "twice"]), (False, ["t.csv.zip", "year=2020"])],
    ids=["shared scratch", "scratch of its own"],
)
def test_findings_counts_and_outputs_are_those_of_one_machine(
    shared: bool, names: list[str], tmp_path: Path
) -> None:
    profile = tmp_path / "p.toml"
    profile.write_text(PROFILE, encoding="utf-8")
    tables = write_all(tmp_path)
    for name in names:
        paths = tables[name]
        out = tmp_path / "out"
        out.mkdir(exist_ok=True)
        request, engine = Request(paths, profile=str(profile)), InProcess(shared=shared)
        expected = verdict(request, None, out)
        assert len(expected["failures.parquet"]) > 10, name
        assert verdict(request, engine, out) == expected, name
        assert engine.tasks >= 2
    assert verdict(request, engine) == verdict(request)


PIECES = [
    "a1,5", "a2,x", "a1,6", "a3", "a4,7,8", "", "   ", ",", "key,n", "#note", 'a"5,1', '"a6",2', '"a\n7",3', "é,1", "a8,2\r",
]  # fmt: skip


def profile_quoting(quote: str, header: str = "true") -> str:
    return (
        'title = "t"\nkey = ["key"]\n'
        'columns = [{ name = "key", required = true }, { name = "n", type = "int32" }]\n'
        f'[file]\nquote = {quote}\ncomment = "#"\nheader = {header}\n'
    )


@settings(max_examples=settings.default.max_examples // 2)
@given(
    lines=st.lists(st.sampled_from(PIECES), max_size=25),
    quote=st.sampled_from(["false", "false", '"lines"', "true"]),
    ending=st.sampled_from(["\n", "", "\n\n", "\r\n"]),
    header=st.booleans(),
    size=st.integers(5, 40),
    duplicates=st.sampled_from(["reject", "keep-one"]),
)
def test_ranges_of_lines_are_cut_between_records(
    lines: list[str],
    quote: str,
    ending: str,
    header: bool,
    size: int,
    duplicates: Duplicates,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("ranges")
    (folder / "p.toml").write_text(profile_quoting(quote, "true" if header else "false"), encoding="utf-8")
    path = folder / "t.csv"
    path.write_bytes(("\n".join([*(["key,n"] if header else []), "first,1", *lines]) + ending).encode())
    request = Request([path], profile=str(folder / "p.toml"), duplicates=duplicates)
    engine = InProcess(shared=len(lines) % 2 == 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cluster, "BYTES", size)
        found = verdict(request, engine, folder)
    assert found == verdict(request, None, folder)


def test_a_file_without_quotes_is_read_in_ranges_and_others_as_a_whole(tmp_path: Path) -> None:
    tasks = {}
    for quote in ("false", "true"):
        (tmp_path / "p.toml").write_text(
            f'title = "t"\ncolumns = [{{ name = "key" }}, {{ name = "n" }}]\n[file]\nquote = {quote}\n',
            encoding="utf-8",
        )
        path = tmp_path / "t.csv"
        path.write_text("key,n\n" + "abc,1\n" * 100, encoding="utf-8")
        engine = InProcess(shared=True)
        assert verdict(Request([path], profile=str(tmp_path / "p.toml")), engine)["report"][0] == 100
        tasks[quote] = engine.tasks
    assert tasks["true"] == 2
    assert tasks["false"] > 10


@ENGINES
@pytest.mark.parametrize("bad", [b"a1,\xff\n", b"a1,1\n" * 30 + b"a2,\xff\xfe\n"])
def test_what_is_not_utf8_is_found_at_its_line(bad: bytes, shared: bool, tmp_path: Path) -> None:
    for quote in ("false", "true"):
        (tmp_path / "p.toml").write_text(
            f'title = "t"\ncolumns = [{{ name = "key" }}, {{ name = "n" }}]\n[file]\nquote = {quote}\n',
            encoding="utf-8",
        )
        path = tmp_path / "t.csv"
        path.write_bytes(b"key,n\n" + bad)
        request = Request([path], profile=str(tmp_path / "p.toml"))
        expected = verdict(request, None, tmp_path)
        assert "UTF-8" in expected["findings"][0]
        assert verdict(request, InProcess(shared=shared), tmp_path) == expected


@pytest.mark.parametrize(
    ("name", "shared"),
    [("control-icews-crlf-bom", True), ("icews-line-cut-short", False), ("gdelt-with-header-tabs", True)],
)
def test_shipped_formats_are_read_in_ranges(name: str, shared: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their profiles have checks of their own, which a task makes from the profile."""
    monkeypatch.setattr(cluster, "BYTES", 1500)
    paths = [path for path in (CASES / name).iterdir() if path.name != "case.toml"]
    engine = InProcess(shared=shared)
    assert verdict(Request(paths), engine) == verdict(Request(paths))
    assert engine.tasks == 4, "two ranges, opened and checked"


@ENGINES
def test_references_are_looked_up_by_value(shared: bool, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(
        'title = "t"\ncolumns = [{ name = "key" }, { name = "doc", type = "int32", references = "docs.id" }]\n',
        encoding="utf-8",
    )
    (tmp_path / "t.csv").write_text("key,doc\na,02\nb,+4\nc, 3\nd,9\ne,\n", encoding="utf-8")
    (tmp_path / "docs.csv").write_text("id\n2\n4.0\n003\n", encoding="utf-8")
    request = Request(
        [tmp_path / "t.csv"], profile=str(tmp_path / "p.toml"), references={"docs": tmp_path / "docs.csv"}
    )
    found = verdict(request, InProcess(shared=shared))
    assert found == verdict(request)
    assert "1 of 5 rows" in found["findings"][0]


def test_addresses_of_other_file_systems_are_read_too(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(PROFILE, encoding="utf-8")
    write_all(tmp_path)
    for name in ("t.parquet", "year=2020"):
        here: dict[str, Any] = verdict(Request([tmp_path / name], profile=str(tmp_path / "p.toml")))
        uri = f"file://{tmp_path}/{name}"
        there = verdict(Request([uri], profile=str(tmp_path / "p.toml")), InProcess(shared=False))
        assert there["report"] == here["report"]
        assert [text.replace("file://", "") for text in there["findings"]] == here["findings"]
    assert remote_files(f"file://{tmp_path}/year*/*.csv") == [f"file://{tmp_path}/year=2020/a.csv"]
    with pytest.raises(UsageError, match="holds no tables, or does not exist"):
        remote_files(f"file://{tmp_path}/none*.csv")


def test_a_worker_with_another_polars_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version may hash the same key to another number, and miss that it stands twice."""
    (tmp_path / "t.csv").write_text("key,n\na,1\n", encoding="utf-8")
    (tmp_path / "p.toml").write_text(PROFILE, encoding="utf-8")

    class Other(InProcess):
        def run(self, task: Any, items: Any, common: Any) -> list[Any]:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(pl, "__version__", "0.1")
                return super().run(task, items, common)

    with pytest.raises(UsageError, match=r"a worker has polars 0\.1 and this machine"):
        verdict(Request([tmp_path / "t.csv"], profile=str(tmp_path / "p.toml")), Other(shared=True))
