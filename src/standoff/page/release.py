"""The page of a release that has been made: its tables and metadata, read from its folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from standoff.findings import UsageError
from standoff.loaders import sources, store
from standoff.page.data import COLUMNS
from standoff.page.render import About, page


def page_of(release: str | None, source: Path | None = None, *, site: str | None = None) -> str:
    """Return the page of a release: a version, the path of its folder, or None for the newest one in `source`.

    `source` is a folder of releases; by default those of this installation. `site` is an address that the header links to.
    Every file is compared with its checksum before it is read. Raises UsageError, UnknownVersion or DamagedRelease.
    """
    folder = Path(release) if release else None
    if folder and len(folder.parts) > 1 and not folder.is_dir():
        raise UsageError(
            f"there is no folder {folder}: name the folder of a release, or a version such as 2.1.0"
        )
    file = _file_in(folder) if folder and folder.is_dir() else sources.find(release, source).file
    package = json.loads(file("datapackage.json").read_text(encoding="utf-8"))
    present = {resource["name"] for resource in package["resources"]}
    names = [name for name in (*COLUMNS, "actions") if name in present]
    tables = {name: pl.read_parquet(file(f"{name}.parquet"), glob=False) for name in names}
    return page(tables, replace(about(package), site=site))


def _file_in(folder: Path) -> Callable[[str], Path]:
    """Return what finds a file of the release in `folder` and compares it with the release's own SHA256SUMS."""
    if not (folder / store.SUMS).is_file():
        raise UsageError(f"{folder} is not a release: it has no {store.SUMS}")
    sums = store.read_sums(folder / store.SUMS)

    def file(name: str) -> Path:
        path = folder / name
        if not path.is_file() or store.file_sha256(path) != sums.get(name):
            raise store.DamagedRelease(
                f"{path} is missing or was changed after the release was made; restore it"
            )
        return path

    return file


def about(package: Mapping[str, Any]) -> About:
    """Return what the page says of a release, from its data package description."""
    authors = "; ".join(each["title"] for each in package["contributors"])
    address = package.get("id") or package.get("homepage")
    return About(
        name=package["name"],
        title=package["title"],
        version=package["version"],
        description=package["description"].strip(),
        license=" and ".join(each["name"] for each in package["licenses"]),
        citation=f"{authors} ({package['created'][:4]}). {package['title']}. Version {package['version']}. Data set."
        + (f" {address}" if address else ""),
        homepage=package.get("homepage"),
    )
