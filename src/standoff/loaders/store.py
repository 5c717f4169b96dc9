"""Releases as files: where they lie, which there are, and whether their bytes are the published ones.

A folder of releases looks the same everywhere: in a checkout, in the installed package, in the cache, on a mirror.

    SHA256SUMS              one line for each release that was cut: the checksum of its own SHA256SUMS
    v0.1.0/SHA256SUMS       one line for each of its files
    v0.1.0/events.parquet   …

So all trust hangs on one small file, the registry, that the package brings along.
"""

from __future__ import annotations

import difflib
import hashlib
import os
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

from standoff.findings import StandoffError
from standoff.loaders import download
from standoff.model.versions import Version

SUMS = "SHA256SUMS"
Source = str | os.PathLike[str]
"""Where other releases are: a folder, an address, or the name of an installed dataset."""
_SUM = re.compile(r"(?P<digest>[0-9a-f]{64}) [ *](?P<name>.+)")


class UnknownVersion(StandoffError):
    """No release of this version is available or in the registry."""


class UnknownTable(StandoffError):
    """The release has no table, or no file, of this name."""


class DamagedRelease(StandoffError):
    """A file of a release is missing, or its bytes are not those that were published."""


class NoRelease(StandoffError):
    """There is no release in the place that was named."""


@dataclass(frozen=True)
class Files:
    """The files of one release, in `folder`; with `bases`, the folder is in the cache and filled from there when needed.

    `path` is where the release is below each base. `digest` is the SHA-256 of its SHA256SUMS, None if nobody states it.
    `bases` None stands for the addresses in STANDOFF_MIRROR.
    """

    version: Version
    folder: Path
    fetched: bool = False
    digest: str | None = None
    bases: tuple[str, ...] | None = None
    path: str = ""
    remedy: str = "install standoff again, or restore the file from the repository"

    @cached_property
    def sums(self) -> dict[str, str]:
        """SHA-256 of every file by its name."""
        return read_sums(self._obtain(SUMS, self.digest))

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables."""
        return tuple(name.removesuffix(".parquet") for name in self.sums if name.endswith(".parquet"))

    def file(self, name: str) -> Path:
        """Return the path of a file whose bytes are the published ones.

        Raises UnknownTable, DamagedRelease, or NotFetched where it had to be fetched and could not.
        """
        if name not in self.sums:
            raise UnknownTable(f"release {self.version} has no {name}{closest(name, self.sums)}")
        return self._obtain(name, self.sums[name])

    def table(self, name: str) -> Path:
        """Return the path of a table's Parquet file; raises as `file` does."""
        self.require(name)
        return self.file(f"{name}.parquet")

    def require(self, table: str) -> None:
        """Raise UnknownTable where the release has no such table, TypeError where `table` is not a name."""
        if not isinstance(table, str):
            raise TypeError(f"a table is named by a string such as 'events', not {type(table).__name__}")
        if table not in self.tables:
            raise UnknownTable(
                f"there is no table {table!r} in release {self.version}{closest(table, self.tables)}; "
                f"it has {', '.join(self.tables)}"
            )

    def _obtain(self, name: str, sha256: str | None) -> Path:
        path = self.folder / name
        if path.is_file() and sha256 in (None, file_sha256(path)):
            return path
        fault = f"{path} {'has other bytes than were published' if path.exists() else 'is missing'}"
        if self.fetched and sha256 is not None:
            damaged = f"the copy in the cache is damaged: {fault}" if path.exists() else ""
            return download.fetch(f"{self.path}{name}", sha256, path, self.bases, fault=damaged)
        raise DamagedRelease(f"{fault}: {self.remedy}")


def parse_version(text: str, known: Iterable[Version]) -> Version:
    """Return the version that a user wrote. Raises UnknownVersion, naming those that are known."""
    try:
        return Version.parse(text.removeprefix("v"))
    except ValueError as error:
        raise UnknownVersion(f"{error}{known_versions(known)}") from None


@cache
def home() -> Path:
    """Return the folder of releases that belongs to this installation: a checkout's, or the one in the wheel."""
    package = Path(__file__).resolve().parents[1]
    checkout = package.parents[1]
    return checkout / "releases" if (checkout / "schema" / "VERSION").is_file() else package / "releases"


def cache_folder() -> Path:
    """Return the folder for fetched releases: STANDOFF_CACHE, or where the system keeps caches."""
    if chosen := os.environ.get("STANDOFF_CACHE"):
        return Path(chosen).expanduser()
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        if (
            folder := Path(os.environ.get(name, ""))
        ).is_absolute():  # others are to be ignored, says the standard
            return folder / "standoff"
    return _home_folder() / ".cache" / "standoff"


def _home_folder() -> Path:
    """Return the user's home folder, from the system's list of users if HOME is empty."""
    try:
        if os.environ.get("HOME") or os.name == "nt":
            return Path.home()
        import pwd

        if (folder := Path(pwd.getpwuid(os.getuid()).pw_dir)).is_absolute():
            return folder
    except (RuntimeError, KeyError, ImportError):
        pass
    raise download.NotFetched(
        "there is no home folder to keep fetched files in: set STANDOFF_CACHE to a folder"
    )


def registry() -> dict[Version, str]:
    """Return the SHA-256 of each cut release's SHA256SUMS, from the file that came with the package."""
    return registered(home())


def registry_text(releases: Path) -> str:
    """Return what the registry in the folder `releases` must say.

    Every cut release in the folder, and those that the registry lists already: a release that was moved out of
    the repository can still be fetched.
    """
    present = {
        version: hashlib.sha256((releases / f"v{version}" / SUMS).read_bytes()).hexdigest()
        for version in versions_in(releases)
        if version.cut
    }
    listed = sorted((registered(releases) | present).items())
    return "".join(f"{digest}  v{version}/{SUMS}\n" for version, digest in listed)


def registered(releases: Path) -> dict[Version, str]:
    path = releases / SUMS
    if not path.is_file():
        return {}
    try:
        return {Version.parse(name[1 : -len(SUMS) - 1]): digest for name, digest in read_sums(path).items()}
    except ValueError as error:
        raise DamagedRelease(f"{path}: {error}; restore the file from the repository") from None


def versions_in(releases: Path) -> list[Version]:
    """Return the versions in a folder of releases, oldest first."""
    found = []
    for path in releases.glob(f"v*/{SUMS}"):
        with suppress(ValueError):  # another folder
            found.append(Version.parse(path.parent.name[1:]))
    return sorted(found)


def read_sums(path: Path) -> dict[str, str]:
    """Return SHA-256 by file name from a file in the form of ``sha256sum``; DamagedRelease if it has another."""
    sums = {}
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        match = _SUM.fullmatch(line)
        if match is None:
            raise DamagedRelease(
                f"{path}:{number} is not a line of checksums; restore the file from the repository"
            )
        if not _inside(match["name"]):
            raise DamagedRelease(f"{path}:{number} names a file outside its folder: {match['name']}")
        sums[match["name"]] = match["digest"]
    return sums


def _inside(name: str) -> bool:
    """Return whether a name stays in the folder it is meant for, on every system."""
    return not {"", ".", ".."}.intersection(name.split("/")) and not set(name) & set("\\:")


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, computed once as long as its size and time stay the same."""
    status = path.stat()
    return _file_sha256(path, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=4096)
def _file_sha256(path: Path, size: int, modified: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def closest(name: str, names: Iterable[str]) -> str:
    """Return a hint at the nearest of `names`, for the end of a message; nothing where none is near."""
    near = difflib.get_close_matches(name, list(names), n=1)
    return f" (closest: {near[0]})" if near else ""


def known_versions(versions: Iterable[Version]) -> str:
    names = ", ".join(map(str, sorted(set(versions))))
    return f"; known are {names}" if names else ""
