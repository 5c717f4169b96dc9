"""Releases in other places than this installation: a folder, an address, or a package that carries a dataset.

A source is a release, or a folder of releases; for people's convenience also a folder that holds `releases/`. Trust works
as for our own: a folder of releases has a registry with the checksum of each release, a release has the checksums of its
files, and each file is compared before it is opened. An address may end in `#sha256=…`, the checksum of the SHA256SUMS there.

Packages declare a dataset with the entry point group `standoff.datasets`: a name, and the package whose folder `releases`
holds it. Nothing in the package is imported.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import urllib.parse
import urllib.request
from importlib.metadata import entry_points
from pathlib import Path

from standoff.loaders import download, store
from standoff.loaders.store import (
    SUMS,
    DamagedRelease,
    Files,
    NoRelease,
    Source,
    UnknownVersion,
    file_sha256,
    known_versions,
    parse_version,
    read_sums,
    registered,
    versions_in,
)
from standoff.model.versions import Version

GROUP = "standoff.datasets"
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_PIN = re.compile(r"#sha256=([0-9a-fA-F]{64})\Z")


def find(version: str | None = None, source: Source | None = None) -> Files:
    """Return the files of this version, or of the newest that was cut and is here.

    `source` is another place than this installation. Raises UnknownVersion, NoRelease for a source without any, NotFetched
    or DamagedRelease; ValueError for what cannot be a source, and TypeError where the version is not a string: 1.0 is a
    number, and "1.0.0" a version.
    """
    if not isinstance(version, str | None):
        raise TypeError(f"a version is a string such as '1.0.0', not {type(version).__name__}")
    if source is not None:
        place = _place(source)
        return _in_folder(place, version) if isinstance(place, Path) else _at_address(place, version)
    here, known = versions_in(store.home()), store.registry()
    if version is None:
        cut = [each for each in here if each.cut]
        if not cut:
            raise UnknownVersion(
                f"there is no release in {store.home()}: in a checkout, `make release` makes one; "
                f"else name the version{known_versions(known)}"
            )
        return Files(cut[-1], store.home() / f"v{cut[-1]}", digest=known.get(cut[-1]))
    wanted = parse_version(version, [*here, *known])
    if wanted in here:
        return Files(wanted, store.home() / f"v{wanted}", digest=known.get(wanted))
    if wanted in known:
        folder = store.cache_folder() / f"v{wanted}"
        return Files(wanted, folder, fetched=True, digest=known[wanted], path=f"v{wanted}/")
    raise UnknownVersion(
        f"there is no release {wanted}{known_versions([*here, *known])}; a newer standoff may know newer ones"
    )


def versions(source: Source | None = None) -> dict[str, str]:
    """Return every version that can be loaded, oldest first, and where it would come from.

    ``here``: in this checkout or installation, or in the folder that `source` names. ``cached``: fetched before.
    ``mirror``: to be fetched.

    Examples:
        >>> import standoff
        >>> standoff.versions()["1.0.0"]
        'here'
    """
    if source is not None:
        return _versions_of(source)
    here, cached = versions_in(store.home()), versions_in(store.cache_folder())
    return {
        str(version): "here" if version in here else "cached" if version in cached else "mirror"
        for version in sorted({*here, *store.registry()})
    }


def _versions_of(source: Source) -> dict[str, str]:
    place = _place(source)
    if isinstance(place, Path):
        if _is_release(place):
            return {str(_in_folder(place, None).version): "here"}
        return {str(version): "here" for version in versions_in(place)}
    _, sums, cached = _fetched_sums(place)
    if "datapackage.json" in sums:
        return {str(_at_address(place, None).version): "mirror"}
    return {
        str(version): "cached" if (cached / f"v{version}" / SUMS).is_file() else "mirror"
        for version in sorted(registered(cached))
    }


def installed() -> dict[str, Path]:
    """Return the folder of releases of every dataset that an installed package declares, by name."""
    found = {}
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        spec = importlib.util.find_spec(point.value.partition(":")[0].partition(".")[0])
        locations = list(spec.submodule_search_locations or ()) if spec else []
        if locations:
            found[point.name] = Path(locations[0], *point.value.partition(":")[0].split(".")[1:], "releases")
    return found


def newest_in(folder: Path) -> Path:
    """Return the newest release in a folder of releases; any other folder as it is. Raises DamagedRelease."""
    if (folder / "datapackage.json").is_file() or not versions_in(folder):
        return folder
    return _in_folder(folder, None).folder


def _place(source: Source) -> Path | str:
    """Return the folder, or the address, that a source is. The folder is there and holds something."""
    if not isinstance(source, str | os.PathLike):
        raise TypeError(
            f"a source is a folder, an address or the name of an installed dataset, not {type(source).__name__}"
        )
    text = os.fspath(source)
    if not text.strip():
        raise ValueError(
            "a source must not be empty: give a folder, an address or the name of an installed dataset"
        )
    if isinstance(source, str) and _URL.match(text):
        scheme, _, rest = text.partition("://")
        if scheme.lower() in ("http", "https"):
            return text
        if scheme.lower() != "file":
            raise ValueError(f"{text}: an address begins with https://, http:// or file://")
        return _folder(Path(urllib.request.url2pathname(urllib.parse.urlsplit(f"file://{rest}").path)), text)
    path = Path(text).expanduser()
    if path.exists():
        return _folder(path, text)
    for name, folder in installed().items() if isinstance(source, str) else ():
        if _comparable(name) == _comparable(text):
            return _folder(folder, text)
    if isinstance(source, str) and re.match(r"[\w.-]+:\d+(/|\Z)", text):
        raise ValueError(f"{text} has no scheme: write http://{text} or https://{text}")
    names = ", ".join(installed()) or "none"
    raise NoRelease(f"there is no folder {text}, and no installed dataset has this name (installed: {names})")


def _comparable(name: str) -> str:
    """A name as pip compares names: my_corpus is my-corpus."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _folder(path: Path, shown: str) -> Path:
    """Return the release or the folder of releases that `path` is, or that is in its `releases`."""
    for folder in (path, path / "releases"):
        if (folder / SUMS).is_file() or versions_in(folder):
            return folder
    if not path.is_dir():
        raise NoRelease(f"{shown} is not a folder; a release is the folder that holds {SUMS} and the tables")
    raise NoRelease(
        f"{shown} holds no release: there is neither {SUMS} nor a folder such as v1.0.0 with one in it"
    )


def _is_release(folder: Path) -> bool:
    return (folder / SUMS).is_file() and "datapackage.json" in read_sums(folder / SUMS)


def _in_folder(folder: Path, version: str | None) -> Files:
    remedy = "restore the release from where you have it"
    if _is_release(folder):
        files = Files(_stated(folder), folder, remedy=remedy)
        _require(files.version, version, [files.version])
        return files
    here = versions_in(folder)
    wanted = _chosen(here, version, folder)
    known = registered(folder)
    if wanted.cut and wanted not in known:
        fault = "does not list it" if (folder / SUMS).is_file() else "is missing"
        raise DamagedRelease(
            f"release {wanted} cannot be verified: {folder / SUMS} {fault}. Restore that file, or name the folder of the "
            f"release itself: {folder / f'v{wanted}'}"
        )
    return Files(wanted, folder / f"v{wanted}", digest=known.get(wanted), remedy=remedy)


def _at_address(address: str, version: str | None) -> Files:
    base, sums, cached = _fetched_sums(address)
    if "datapackage.json" in sums:
        digest = file_sha256(cached / SUMS)
        anonymous = Files(Version(0, 0, 0), cached, fetched=True, digest=digest, bases=(base,))
        anonymous.file("datapackage.json")
        files = Files(_stated(cached), cached, fetched=True, digest=digest, bases=(base,))
        _require(files.version, version, [files.version])
        return files
    known = registered(cached)
    wanted = _chosen(sorted(known), version, base)
    folder = cached / f"v{wanted}"
    return Files(wanted, folder, fetched=True, digest=known[wanted], bases=(base,), path=f"v{wanted}/")


def _fetched_sums(address: str) -> tuple[str, dict[str, str], Path]:
    """Return the address without its checksum, the checksums there, and the folder in the cache for what is fetched.

    SHA256SUMS is fetched each time, since a folder of releases grows; the copy in the cache serves where that fails.
    """
    pin = _PIN.search(address)
    base = (address[: pin.start()] if pin else address).rstrip("/")
    cached = store.cache_folder() / "sources" / hashlib.sha256(base.encode()).hexdigest()[:24]
    digest = pin[1].lower() if pin else None
    target = cached / SUMS
    if not (digest is not None and target.is_file() and file_sha256(target) == digest):
        try:
            download.fetch(SUMS, digest, target, [base])
        except download.NotFetched:
            if digest is not None or not target.is_file():
                raise
    return base, read_sums(target), cached


def _stated(folder: Path) -> Version:
    """Return the version that a release states in its datapackage.json. Raises DamagedRelease."""
    path = folder / "datapackage.json"
    try:
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != read_sums(folder / SUMS)[path.name]:
            raise DamagedRelease(f"{path} has other bytes than were published: restore the file")
        return Version.parse(json.loads(content)["version"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedRelease(f"{path} does not state a version: {error}") from None


def _chosen(versions: list[Version], version: str | None, where: object) -> Version:
    if not versions:
        raise NoRelease(f"{where} lists no release")
    if version is None:
        return ([each for each in versions if each.cut] or versions)[-1]
    wanted = parse_version(version, versions)
    _require(wanted, version, versions)
    return wanted


def _require(found: Version, version: str | None, versions: list[Version]) -> None:
    if version is not None and (wanted := parse_version(version, versions)) not in versions:
        raise UnknownVersion(f"there is no release {wanted}{known_versions(versions)}")
