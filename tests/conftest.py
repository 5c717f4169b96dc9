"""What several tests share."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# A worker for each core is enough for tables of a few rows. The slow tests and the thorough laws run with more threads.
os.environ.setdefault("POLARS_MAX_THREADS", "1")

# What a machine is busy with otherwise must fail no test. All else stays as Hypothesis chooses it for the place.
settings.register_profile("thorough", deadline=None, max_examples=200)
settings.register_profile("slow", deadline=None, max_examples=50)
settings.register_profile("quick", deadline=None, max_examples=10)
settings.load_profile("quick")


MEMORY = Path("/dev/shm")
"""Where Linux has a file system in memory."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Put the folders of the quick tests into memory, where there are 2 GiB for them. On a disk they cost a fifth more."""
    quick = "not slow" in (config.getoption("markexpr") or "")
    if quick and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 2 * 2**30:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Iterator[Any]:
    """Keep the garbage collector away from the tests themselves, which live to the end, and let it run more rarely."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
        gc.enable()


@pytest.fixture(scope="session", autouse=True)
def unsynced() -> Iterator[None]:
    """Leave to the system when files reach the disk. No test pulls the plug, and each wait costs milliseconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        yield


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of releases with the made-up corpus as v0.1.0; tests that change something work on a copy."""
    from standoff.release.build import build

    folder = tmp_path_factory.mktemp("releases")
    build(Path(__file__).parent / "corpus" / "dataset", folder)
    return folder


@pytest.fixture
def without_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let builds write an empty file for the workbook, which takes a third of their time. No such test looks into it."""
    monkeypatch.setattr("standoff.release.write.write_workbook", lambda path, *_: path.write_bytes(b""))


@pytest.fixture
def corpus_copy(tmp_path: Path) -> Path:
    """A copy of the made-up corpus to change at will, in a folder with a space in its name."""
    copy = tmp_path / "a corpus"
    shutil.copytree(Path(__file__).parent / "corpus", copy)
    return copy


@pytest.fixture
def released_copy(corpus_copy: Path, releases: Path) -> Path:
    """A copy of the made-up corpus with its releases, v0.1.0 alone, beside the dataset."""
    shutil.copytree(releases, corpus_copy / "releases")
    return corpus_copy
