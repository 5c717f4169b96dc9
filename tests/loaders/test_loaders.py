"""Loaders: one table in every kind of frame, the bytes that were published, and what is said when something is missing."""

import importlib
import pkgutil
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from polars.testing import assert_frame_equal

import standoff
from standoff.loaders import frames, sources, store

CORPUS = Path(__file__).parents[1] / "corpus" / "dataset"


@pytest.fixture
def home(releases, tmp_path, monkeypatch):
    """A folder of releases that a test may damage, and that the loaders take for their own."""
    folder = tmp_path / "a folder with [signs] *"
    shutil.copytree(releases, folder)
    monkeypatch.setattr(store, "home", lambda: folder)
    monkeypatch.setenv("STANDOFF_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("STANDOFF_MIRROR", raising=False)
    return folder


def tables(folder):
    return sorted(path.stem for path in folder.glob("*.parquet"))


# What is loaded


def test_every_backend_gives_every_table_with_the_same_values(home):
    for table in tables(home / "v0.1.0"):
        frame = standoff.load(table)
        assert_frame_equal(standoff.scan(table).collect(), frame)
        assert_frame_equal(pl.DataFrame(standoff.load(table, backend="pyarrow")), frame)
        assert_frame_equal(standoff.load(table, backend="duckdb").pl(), frame)
        pandas = standoff.load(table, backend="pandas")
        assert list(pandas.columns) == frame.columns
        assert [[None if pd.isna(v) else v for v in row] for row in pandas.itertuples(index=False)] == [
            [pd.Timestamp(v) if isinstance(v, date) else v for v in row] for row in frame.iter_rows()
        ]


def test_each_backend_gives_its_own_frame(home):
    kinds = {"polars": pl.DataFrame, "pandas": pd.DataFrame, "pyarrow": pa.Table}
    kinds["duckdb"] = duckdb.DuckDBPyRelation
    assert {name: type(standoff.load("events", backend=name)) for name in frames.READERS} == kinds


def test_pandas_keeps_what_it_would_by_itself_turn_into_something_else(home):
    frame = standoff.load("events", backend="pandas")
    assert frame.action.str.startswith("0").any()
    assert str(frame.ucdp_date_prec.dtype) == "Int32"
    assert (frame.date_earliest > "1900-01-01").any()
    assert frame.attrs["dataset_version"] == "0.1.0"


def test_the_path_is_that_of_the_file(home):
    assert standoff.path("dyads") == home / "v0.1.0" / "dyads.parquet"
    assert standoff.path("dyads", "v0.1.0") == standoff.path("dyads", "0.1.0")


# What is wrong is said


def test_an_unknown_table_is_refused_with_the_nearest_name(home):
    with pytest.raises(store.UnknownTable, match=r"'event' in release 0\.1\.0 \(closest: events\)"):
        standoff.load("event")


@pytest.mark.parametrize("version", ["9.9.9", "../v0.1.0", "", "v", "0.1", "00.1.0"])
def test_an_unknown_version_is_refused_with_the_known_ones(home, version):
    with pytest.raises(store.UnknownVersion, match=r"known are 0\.1\.0"):
        standoff.load("events", version)


def test_an_unknown_backend_is_refused(home):
    with pytest.raises(ValueError, match="must be one of polars, pandas, pyarrow, duckdb, not 'spark'"):
        standoff.load("events", backend="spark")


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: standoff.load(None),
            TypeError,
            "a table is named by a string such as 'events', not NoneType",
        ),
        (lambda: standoff.load(3), TypeError, "a table is named by a string such as 'events', not int"),
        (lambda: standoff.load("events", 1.0), TypeError, "a version is a string such as '1.0.0', not float"),
        (lambda: standoff.describe(3), TypeError, "a table is named by a string"),
        (lambda: standoff.cite(1), TypeError, "a version is a string"),
        (lambda: standoff.cite(format="ris"), ValueError, "format must be text or bibtex, not 'ris'"),
        (lambda: standoff.resolve_id(None), TypeError, "an id is a string such as 'd003-e04', not NoneType"),
    ],
)
def test_a_wrong_argument_is_named(home, call, error, message):
    with pytest.raises(error, match=re.escape(message)):
        call()


def test_every_exception_can_be_imported_from_standoff():
    def descendants(kind):
        for child in kind.__subclasses__():
            yield child
            yield from descendants(child)

    for module in pkgutil.walk_packages(standoff.__path__, "standoff."):
        if not module.name.endswith("__main__") and "spark" not in module.name and "dask" not in module.name:
            importlib.import_module(module.name)
    ours = {kind for kind in descendants(standoff.StandoffError) if kind.__module__.startswith("standoff.")}
    assert len(ours) > 12
    assert {kind.__name__ for kind in ours} <= set(standoff.__all__)
    assert {getattr(standoff, kind.__name__) for kind in ours} == ours


def test_a_backend_that_is_not_installed_says_how_to_install_it(home, monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(frames.MissingBackend, match=r'pip install "duckdb>='):
        standoff.load("events", backend="duckdb")


def test_without_a_release_the_message_says_how_to_get_one(home):
    shutil.rmtree(home)
    with pytest.raises(store.UnknownVersion, match="make release"):
        standoff.load("events")


@pytest.mark.parametrize("version", [None, "0.1.0"])
@pytest.mark.parametrize("backend", frames.READERS)
def test_a_flipped_bit_is_found_before_the_file_is_opened(home, backend, version):
    path = home / "v0.1.0" / "events.parquet"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(store.DamagedRelease, match=r"events\.parquet has other bytes than were published"):
        standoff.load("events", version, backend=backend)
    standoff.load("dyads", version, backend=backend)


def test_sums_that_were_changed_along_with_a_file_are_found_too(home):
    folder = home / "v0.1.0"
    (folder / "SHA256SUMS").write_text((folder / "SHA256SUMS").read_text().replace("a", "b"))
    with pytest.raises(store.DamagedRelease, match="SHA256SUMS has other bytes"):
        standoff.load("events")


@pytest.mark.parametrize(
    "text", ["<<<<<<< ours\n", "\0\xff", "0" * 64 + "  v0.1/SHA256SUMS\n", "0" * 64 + "\n"]
)
@pytest.mark.parametrize("name", ["SHA256SUMS", "v0.2.0.dev1/SHA256SUMS"])
def test_sums_that_are_none_are_said(home, name, text):
    shutil.copytree(home / "v0.1.0", home / "v0.2.0.dev1")
    (home / name).write_text(text)
    with pytest.raises(standoff.StandoffError, match=r"SHA256SUMS:1 is not a line|is not a version|no table"):
        standoff.load("events", "0.2.0.dev1")


def test_a_missing_file_is_said(home):
    (home / "v0.1.0" / "events.parquet").unlink()
    with pytest.raises(store.DamagedRelease, match=r"events\.parquet is missing"):
        standoff.load("events")


# Versions


def test_the_newest_cut_release_is_the_default(home):
    for version in ("0.9.0", "0.10.0", "0.11.0.dev2"):
        shutil.copytree(home / "v0.1.0", home / f"v{version}")
    assert list(standoff.versions()) == ["0.1.0", "0.9.0", "0.10.0", "0.11.0.dev2"]
    assert str(sources.find().version) == "0.10.0"
    assert standoff.load("events", "0.11.0.dev2").height == standoff.load("events").height


def test_the_registry_keeps_releases_that_have_left_and_takes_in_no_development_build(home):
    before = (home / "SHA256SUMS").read_text()
    assert store.registry_text(home) == before
    shutil.copytree(home / "v0.1.0", home / "v0.2.0.dev1")
    assert store.registry_text(home) == before
    shutil.move(home / "v0.1.0", home / "v0.2.0")
    assert [line.split("  ")[1] for line in store.registry_text(home).splitlines()] == [
        "v0.1.0/SHA256SUMS",
        "v0.2.0/SHA256SUMS",
    ]


COMMITTED = Path(__file__).parents[2] / "releases"


def test_the_registry_of_this_repository_is_up_to_date():
    assert store.registry_text(COMMITTED) == (COMMITTED / "SHA256SUMS").read_text(), "run `make release`"


@pytest.mark.parametrize("version", [str(each) for each in store.versions_in(COMMITTED) if each.cut])
def test_every_committed_release_has_the_bytes_that_were_published(monkeypatch, version):
    monkeypatch.setattr(store, "home", lambda: COMMITTED)
    release = sources.find(version)
    files = {
        path.relative_to(release.folder).as_posix() for path in release.folder.rglob("*") if path.is_file()
    }
    assert files == {*release.sums, "SHA256SUMS"}
    assert all(release.file(name) for name in release.sums)


# Ids


def test_an_id_leads_to_its_successor(home):
    retired = "id,since,reason,replaced_by\nd900-e90,0.1.0,merged,d900-e91\nd900-e91,0.1.0,merged,d900-e01\nd900-e92,0.1.0,wrong,\n"
    retired += "old-name,0.1.0,renamed,australis\n"
    release = home / "v0.1.0"
    (release / "retired.csv").write_text(retired)
    (release / "SHA256SUMS").write_text(
        "".join(
            f"{store.file_sha256(path)}  {path.name}\n"
            for path in sorted(release.iterdir())
            if path.name != "SHA256SUMS"
        )
    )
    (home / "SHA256SUMS").write_text(store.registry_text(home))
    assert standoff.resolve_id("d900-e01") == "d900-e01"
    assert standoff.resolve_id("d900-e90") == "d900-e01"
    assert standoff.resolve_id("d900-e92") is None
    assert standoff.resolve_id("d900") == "d900"
    assert standoff.resolve_id("old-name") == "australis"
    with pytest.raises(frames.UnknownId, match="d999"):
        standoff.resolve_id("d999")


# What importing costs


def run(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def test_importing_standoff_imports_nothing_else():
    heavy = "polars yaml pandera jsonschema pyarrow pandas regex"
    assert run(f"import sys, standoff; print([m for m in {heavy.split()} if m in sys.modules])") == "[]\n"


def test_the_loaders_import_polars_and_the_standard_library_only():
    packages = (
        "; print(sorted({m.partition('.')[0] for m in sys.modules} - {*sys.stdlib_module_names, 'standoff'}))"
    )
    loaders = run("import sys, standoff; standoff.load, standoff.hydrate, standoff.versions" + packages)
    assert loaders == run("import sys, polars" + packages)


def test_every_public_name_is_there_and_documented():
    for name in standoff.__all__:
        assert getattr(standoff, name).__doc__, name
    assert set(dir(standoff)) == {*standoff.__all__, "__version__"}
    with pytest.raises(AttributeError, match="no attribute 'lode'"):
        standoff.lode  # noqa: B018


@pytest.mark.slow
def test_a_type_checker_knows_what_each_backend_gives(tmp_path):
    from mypy import api

    (tmp_path / "mine.py").write_text(
        "import standoff\n"
        "reveal_type(standoff.load('events'))\n"
        "reveal_type(standoff.load('events', '0.1.0', backend='duckdb'))\n"
        "reveal_type(standoff.scan('events'))\n"
        "reveal_type(standoff.check('dataset')[0].code)\n"
        "standoff.load('events', backend='spark')\n"
    )
    told = api.run(["--strict", "--cache-dir", str(tmp_path), str(tmp_path / "mine.py")])[0].splitlines()
    types = [line.partition("Revealed type is ")[2].strip('"') for line in told if "Revealed" in line]
    assert [each.rpartition(".")[2] for each in types] == [
        "DataFrame",
        "DuckDBPyRelation",
        "LazyFrame",
        "str",
    ]
    assert any("mine.py:6: error: No overload variant" in line for line in told)


def test_a_description_shows_closed_lists_and_whole_texts():
    about = standoff.describe("events", "1.0.0")
    values = dict(about.select("column", "values").iter_rows())
    assert values["status"] == ["asserted", "hedged", "contested"]
    assert values["event_id"] is None
    for shown in (str(about), about._repr_html_()):
        assert shown.count("d003-e04") == 1
        assert "contested" in shown
        words = " ".join(re.findall(r"\w+", re.sub("<[^>]+>", "", shown)))
        assert all(word in words for text in about["description"] for word in re.findall(r"\w+", text))
    assert "shape: (32, 6)" in str(about)
