"""The tables of releases before 2.0.0: described as those releases do, and their files are clean by it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import standoff
from standoff.findings import UsageError
from standoff.release.contract import contract
from standoff.release.datapackage import table_schema
from standoff.tables import TABLES, earlier

RELEASES = Path(__file__).parents[2] / "releases"
OLD = ("0.1.0", "0.2.0", "1.0.0")
NAMES = tuple(earlier.tables())


def described(version: str) -> dict[str, Any]:
    package = json.loads((RELEASES / f"v{version}" / "datapackage.json").read_text("utf-8"))
    return {
        r["name"]: r for r in package["resources"] if r["format"] == "csv" and "primaryKey" in r["schema"]
    }


def test_each_table_is_described_as_the_release_describes_it() -> None:
    stated = described("1.0.0")
    assert {*NAMES} == {*stated} - {"retired"}
    for name, table in earlier.tables().items():
        assert table_schema(table) == stated[name]["schema"]
        assert table.description == stated[name]["description"]


@pytest.mark.parametrize("version", OLD)
@pytest.mark.parametrize("name", NAMES)
def test_the_files_of_old_releases_keep_their_contract(version: str, name: str) -> None:
    frame = pl.read_parquet(RELEASES / f"v{version}" / f"{name}.parquet")
    contract(name, version=version).validate(frame, lazy=True)


@pytest.mark.parametrize("name", NAMES)
def test_check_recognises_the_files_of_old_releases(name: str) -> None:
    result = standoff.check(RELEASES / "v1.0.0" / f"{name}.csv")
    assert not list(result)


def test_a_broken_span_of_an_old_table_is_found(tmp_path: Path) -> None:
    frame = pl.read_parquet(RELEASES / "v1.0.0" / "mentions.parquet")
    frame.with_columns(start=pl.col("end")).write_parquet(tmp_path / "mentions.parquet")
    found = standoff.check(tmp_path / "mentions.parquet", table="standoff-1-mentions")
    assert {finding.code for finding in found} == {"span-reversed"}


def test_a_contract_is_that_of_its_version() -> None:
    assert "weight" not in contract("dyads", version="1.0.0").columns
    assert "weight" in contract("dyads").columns
    assert {*contract("dyads", version="2.0.0").columns} == {c.name for c in TABLES["dyads"].columns}
    with pytest.raises(UsageError, match=r'no table "places" in release 1\.0\.0'):
        contract("places", version="1.0.0")
    with pytest.raises(UsageError, match="not a version"):
        contract("events", version="newest")
    with pytest.raises(UsageError, match="newer"):
        contract("events", version="3.0.0")
    with pytest.raises(TypeError):
        contract("events", version=1)  # type: ignore[arg-type]
