"""The wheel: carries the newest release and no third-party text, is the same bytes everywhere, and works with polars alone."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import polars as pl
import pytest

from environments import environment, pip_installs
from standoff.release.write import write_registry

ROOT = Path(__file__).parents[1]
CORPUS = Path(__file__).parent / "corpus"
SOURCES = (
    "src",
    "schema",
    "build.py",
    "pyproject.toml",
    "hatch_build.py",
    "README.md",
    "LICENSE",
    "LICENSE-DATA",
)


def checkout(folder, releases):
    """A checkout with two cut releases, a development build, and texts that must not get out."""
    folder.mkdir()
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder)
    for name in ("seeds", "dataset"):
        shutil.copytree(CORPUS / name, folder / name)
    shutil.copytree(releases, folder / "releases")
    for version in ("0.2.0", "0.3.0.dev1"):
        shutil.copytree(folder / "releases" / "v0.1.0", folder / "releases" / f"v{version}")
    (folder / "releases" / ".staging-left-over").mkdir()
    (folder / "releases" / ".staging-left-over" / "half.csv").write_text("half")
    write_registry(folder / "releases")
    return folder


def packed(folder, **environment):
    """Build the source distribution and the wheel as packagers do, in the folder, and return their paths."""
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation"],
        cwd=folder,
        env={**os.environ, **environment},
        check=True,
        capture_output=True,
    )
    [sdist], [wheel] = (list((folder / "dist").glob(pattern)) for pattern in ("*.tar.gz", "*.whl"))
    return sdist, wheel


@pytest.fixture(scope="module")
def built(tmp_path_factory, releases):
    return packed(checkout(tmp_path_factory.mktemp("checkout") / "standoff", releases))


def contents(sdist, wheel):
    """Return the files of both archives: bytes by name."""
    with tarfile.open(sdist) as tar, zipfile.ZipFile(wheel) as archive:
        return (
            {member.name: tar.extractfile(member).read() for member in tar if member.isfile()},
            {name: archive.read(name) for name in archive.namelist()},
        )


def test_the_wheel_carries_the_newest_cut_release_whole_and_no_other(built):
    _, names = contents(*built)
    carried = [name for name in names if name.startswith("standoff/releases/")]
    release = built[1].parents[1] / "releases" / "v0.2.0"
    assert sorted(carried) == sorted(
        [
            "standoff/releases/SHA256SUMS",
            *(f"standoff/releases/v0.2.0/{p.relative_to(release).as_posix()}" for p in release.rglob("*")),
        ]
    )


def test_the_wheel_names_the_licences_of_code_and_data_and_carries_both(built):
    _, names = contents(*built)
    [metadata] = (text.decode() for name, text in names.items() if name.endswith("dist-info/METADATA"))
    assert "\nLicense-Expression: Apache-2.0 AND CC-BY-4.0\n" in metadata
    assert {name.rpartition("/")[2] for name in names if "/licenses/" in name} == {"LICENSE", "LICENSE-DATA"}


def test_neither_archive_holds_a_sentence_of_a_document(built):
    sentences = [
        sentence
        for seed in (CORPUS / "seeds").iterdir()
        for sentence in seed.read_bytes().splitlines()
        if len(sentence) > 60
    ]
    assert len(sentences) > 4
    for files in contents(*built):
        assert not [name for name, content in files.items() for s in sentences if s in content]


def test_the_archives_hold_what_checking_needs(built):
    for names in contents(*built):
        parts = [name.split("/", 1)[1] for name in names]
        for needed in ("schema/VERSION", "schema/annotation.schema.json", "schema/codes/cameo/actions.csv"):
            assert needed in parts
        assert [name for name in names if name.endswith("standoff/py.typed")]


@pytest.mark.slow
def test_another_checkout_at_another_time_gives_the_same_bytes(built, tmp_path, releases):
    again = packed(checkout(tmp_path / "elsewhere", releases), TZ="Pacific/Auckland", PYTHONHASHSEED="7")
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in built]


@pytest.mark.slow
def test_the_source_distribution_gives_the_same_wheel(built, tmp_path):
    with tarfile.open(built[0]) as tar:
        tar.extractall(tmp_path, filter="data")
    [folder] = tmp_path.iterdir()
    assert packed(folder)[1].read_bytes() == built[1].read_bytes()


@pytest.fixture(scope="module")
def python(built, tmp_path_factory):
    """The interpreter of an environment that holds the wheel and polars, and nothing else."""
    return environment(tmp_path_factory.mktemp("environment"), built[1])


@pytest.mark.slow
def test_pip_installs_what_the_wheel_holds(built, tmp_path):
    held = {name for name in contents(*built)[1] if not name.endswith("RECORD")}
    assert held <= pip_installs(built[1], tmp_path)
    assert "hydrate" in run(tmp_path / "bin" / "python", "-m", "standoff", "--help")


def run(python, *arguments, status=0):
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "STANDOFF", "COV"))}
    done = subprocess.run([python, *arguments], capture_output=True, text=True, env=environment, cwd="/")
    assert done.returncode == status, done.stderr
    return done.stdout + done.stderr


@pytest.mark.slow
def test_every_table_loads_with_polars_alone(python, built):
    code = """if True:
        import standoff
        from standoff.loaders import sources
        for table in sources.find().tables:
            print(table, standoff.load(table).height, standoff.scan(table).collect().height)
        print(standoff.versions())
        """
    release = built[1].parents[1] / "releases" / "v0.2.0"
    heights = {path.stem: pl.read_parquet(path).height for path in sorted(release.glob("*.parquet"))}
    assert run(python, "-c", code).splitlines() == [
        *(f"{table} {height} {height}" for table, height in heights.items()),
        "{'0.1.0': 'mirror', '0.2.0': 'here'}",
    ]


@pytest.mark.slow
def test_the_command_line_works_and_says_what_else_it_needs(python):
    assert "hydrate" in run(python, "-m", "standoff", "--help")
    hydrated = run(python, "-m", "standoff", "hydrate", "--documents", CORPUS / "seeds")
    assert len(hydrated.splitlines()) >= 9
    refused = run(python, "-m", "standoff", "check", CORPUS / "dataset", status=2)
    assert re.match(r"standoff check: \w+ is not installed: python -m pip install ", refused)
    assert "standoff[" not in refused  # the package is on no index: the command names what is missing
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    for package in (*extras["check"], *extras["build"][1:]):
        assert f'"{package}"' in refused
    code = f"import standoff; standoff.check({str(CORPUS / 'dataset')!r})"
    said = run(python, "-c", code, status=1)
    assert re.search(r"MissingPackage: \w+ is not installed: python -m pip install", said)
