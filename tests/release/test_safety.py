"""A build under bad conditions: killed, without room, without rights, under other clocks, locales and threads."""

from __future__ import annotations

import hashlib
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from standoff.findings import UsageError
from standoff.loaders import store
from standoff.release.build import STAGING, build

HERE = Path(__file__).parents[1]
CORPUS = HERE / "corpus" / "dataset"

BUILD = """
import sys
from pathlib import Path
from standoff.release.build import build
print("ready", flush=True)
build(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def started(dataset: Path, releases: Path, **options: object) -> subprocess.Popen[str]:
    """A build in a process of its own."""
    command = [sys.executable, "-W", "error::UserWarning", "-c", BUILD, str(dataset), str(releases)]
    return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options
    )


def damage(folder: Path) -> list[str]:
    """What a reader would find wrong with a release."""
    sums = store.read_sums(folder / "SHA256SUMS") if (folder / "SHA256SUMS").is_file() else {}
    names = {path.name for path in folder.iterdir()} - {"SHA256SUMS"}
    wrong = [n for n in names & set(sums) if hashlib.sha256((folder / n).read_bytes()).hexdigest() != sums[n]]
    return sorted(wrong + list(names ^ set(sums))) if sums else ["SHA256SUMS"]


def half_releases(releases: Path) -> list[str]:
    """Every release under its final name that is not whole."""
    return [path.name for path in releases.glob("v*") if damage(path)]


def raise_version(dataset: Path, old: str, new: str) -> None:
    meta = dataset / "dataset.toml"
    meta.write_text(meta.read_text(encoding="utf-8").replace(f'version = "{old}"', f'version = "{new}"'))


@pytest.fixture
def dataset(released_copy: Path) -> Path:
    """The made-up corpus at 0.2.0, with 0.1.0 already released beside it."""
    raise_version(released_copy / "dataset", "0.1.0", "0.2.0")
    return released_copy / "dataset"


# ---- stopped in the middle ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("without_workbook")
def test_a_build_killed_at_work_leaves_no_half_release(dataset: Path) -> None:
    releases = dataset.parent / "releases"
    with started(dataset, releases) as process:
        while process.poll() is None and not list(releases.glob(f"{STAGING}*")):
            time.sleep(0.01)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert list(releases.glob(f"{STAGING}*")), "it was killed while it wrote"
    assert not (releases / "v0.2.0").exists()
    is_whole_after_a_build(dataset, releases)


def is_whole_after_a_build(dataset: Path, releases: Path) -> None:
    build(dataset, releases)
    assert not list(releases.glob(f"{STAGING}*")), "the next build clears away what a killed one has left"
    assert {path.name for path in releases.iterdir()} == {"SHA256SUMS", "v0.1.0", "v0.2.0"}
    assert half_releases(releases) == []


@pytest.mark.slow
def test_a_build_killed_at_any_moment_leaves_no_half_release(dataset: Path) -> None:
    releases, random_ = dataset.parent / "releases", random.Random(40)
    outcomes = set()
    with started(dataset, releases) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        begun = time.monotonic()
        assert process.wait() == 0
    whole = (
        time.monotonic() - begun
    )  # the kills are spread over more than a whole build, however slow the machine
    for _ in range(40):
        shutil.rmtree(releases / "v0.2.0", ignore_errors=True)
        with started(dataset, releases) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(random_.uniform(0, 1.5 * whole))
            process.kill()
        outcomes.add((releases / "v0.2.0").exists())
        assert half_releases(releases) == []
        assert (releases / "v0.1.0").is_dir()
    is_whole_after_a_build(dataset, releases)
    assert outcomes == {True, False}, "the kills were spread over the whole build"


@pytest.mark.usefixtures("without_workbook")
@pytest.mark.parametrize("call", ["write_table", "write_workbook", "data_package", "card", "write_sums"])
def test_a_build_that_fails_at_any_file_changes_nothing(
    call: str, dataset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(f"standoff.release.write.{call}", full)
    releases = dataset.parent / "releases"
    before = sorted(path.name for path in releases.iterdir())
    with pytest.raises(Exception, match="No space left on device; no release was changed"):
        build(dataset, releases)
    assert sorted(path.name for path in releases.iterdir()) == before
    assert half_releases(releases) == []


def test_a_disk_that_is_full_is_said_and_harms_nothing(dataset: Path) -> None:
    """A limit on the size of files stands for the disk: some tables still fit, the next does not."""
    releases = dataset.parent / "releases"

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    with started(dataset, releases, preexec_fn=limit) as process:
        said = process.communicate()[1]
    assert process.returncode != 0
    assert "File too large; no release was changed" in said
    assert [path.name for path in releases.glob("v*")] == ["v0.1.0"]
    assert half_releases(releases) == []
    assert not list(releases.glob(f"{STAGING}*"))


def test_a_folder_that_cannot_be_written_is_said(dataset: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "releases"
    blocked.write_text("a file where the folder should be")
    with pytest.raises(Exception, match=r"cannot write to .*releases: File exists; no release was changed"):
        build(dataset, blocked)
    assert blocked.read_text() == "a file where the folder should be"


def test_a_read_only_folder_is_said_and_stays_as_it_is(dataset: Path) -> None:
    with tempfile.TemporaryDirectory() as place:  # pytest's own folders are closed to other users
        copy = Path(place) / "a corpus"
        shutil.copytree(dataset.parent, copy)
        releases = copy / "releases"
        for path in (Path(place), copy, releases):
            path.chmod(0o755)
        releases.chmod(0o555)
        try:
            with as_somebody(), pytest.raises(Exception, match="Permission denied; no release was changed"):
                build(copy / "dataset", releases)
            assert half_releases(releases) == []
            assert [path.name for path in releases.glob("v*")] == ["v0.1.0"]
        finally:
            releases.chmod(0o755)


@contextmanager
def as_somebody() -> Iterator[None]:
    """Act as a user without special rights: root may write into read-only folders."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.usefixtures("without_workbook")
def test_while_one_build_is_at_work_another_says_so(dataset: Path) -> None:
    import fcntl

    releases = dataset.parent / "releases"
    handle = os.open(releases, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        with pytest.raises(UsageError, match="another build is running in"):
            build(dataset, releases)
    finally:
        os.close(handle)
    assert half_releases(releases) == []
    build(dataset, releases)


# ---- other surroundings ------------------------------------------------------------------------------------------


def sums(dataset: Path, releases: Path, code: str = BUILD, **surroundings: str) -> str:
    """The sums of a release that was built in another process under these environment variables."""
    environment = {"PATH": os.environ["PATH"], **surroundings}
    cwd = releases.parent / "any where"
    cwd.mkdir(exist_ok=True)
    subprocess.run(
        [sys.executable, "-c", code, str(dataset), str(releases)],
        check=True,
        cwd=cwd,
        env=environment,
        umask=int(surroundings.get("UMASK", "022"), 8),
    )
    folder = releases / "v0.1.0"
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o644}
    assert folder.stat().st_mode & 0o777 == 0o755
    return (releases / "v0.1.0" / "SHA256SUMS").read_text(encoding="utf-8")


@pytest.fixture
def here(releases: Path) -> str:
    """The sums of a release that was built in this process."""
    return (releases / "v0.1.0" / "SHA256SUMS").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_same_bytes_under_another_time_zone_locale_seed_thread_count_and_umask(
    tmp_path: Path, here: str
) -> None:
    assert here == sums(
        CORPUS,
        tmp_path / "other",
        PYTHONHASHSEED="4242",
        TZ="Pacific/Kiritimati",
        LC_ALL="C",
        POLARS_MAX_THREADS="3",
        UMASK="077",
    )


OTHER_CLOCK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>
#define BACK 600000000
int clock_gettime(clockid_t id, struct timespec *now) {
    static int (*real)(clockid_t, struct timespec *) = 0;
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(id, now);
    if (id == CLOCK_REALTIME) now->tv_sec -= BACK;
    return result;
}
time_t time(time_t *now) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    if (now) *now = t.tv_sec;
    return t.tv_sec;
}
int gettimeofday(struct timeval *now, void *zone) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    now->tv_sec = t.tv_sec;
    now->tv_usec = t.tv_nsec / 1000;
    return 0;
}
"""
"""A system clock nineteen years behind, for a process and all its libraries."""

BELIEVES = "import datetime; assert datetime.datetime.now().year < 2021, 'the clock is not behind'\n"

COMPILER = shutil.which("cc")


def other_clock(folder: Path) -> Path:
    """A library that gives a process the other clock."""
    (folder / "clock.c").write_text(OTHER_CLOCK)
    clock = folder / "clock.so"
    subprocess.run([str(COMPILER), "-shared", "-fPIC", "-o", clock, folder / "clock.c", "-ldl"], check=True)
    return clock


@pytest.mark.slow
@pytest.mark.skipif(COMPILER is None, reason="there is no C compiler to make another clock with")
def test_the_clock_shapes_no_byte(tmp_path: Path, here: str) -> None:
    other = sums(CORPUS, tmp_path / "other", BELIEVES + BUILD, LD_PRELOAD=str(other_clock(tmp_path)))
    assert other == here


def test_nothing_in_a_release_names_the_machine(tmp_path: Path) -> None:
    folder = build(CORPUS, tmp_path / "secret-place").folder
    for path in folder.iterdir():
        content = path.read_bytes()
        for word in (b"secret-place", str(HERE).encode(), os.uname().nodename.encode() + b"/"):
            assert word not in content, f"{path.name} holds {word!r}"
