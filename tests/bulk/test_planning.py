"""What is asked of the rows of a table."""

from itertools import product
from pathlib import Path

import polars as pl
import pytest

from standoff.bulk.request import Request
from standoff.bulk.run import check_tables
from standoff.rules.column import DAMAGE

PROFILE = """
title = "t"
columns = [
  {name = "id", required = true}, {name = "latitude", type = "float64"}, {name = "longitude", type = "float64"},
]

[[checks]]
name = "half-coordinates"
expression = "(latitude IS NULL) = (longitude IS NULL)"
message = "One of latitude and longitude is missing"
"""


def test_a_check_of_a_profile_about_a_column_that_is_not_there_is_not_asked(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(PROFILE)
    found = {}
    for header, row in (("id,longitude", "a,1.5"), ("id,longitude,latitude", "a,1.5,")):
        (tmp_path / "t.csv").write_text(f"{header}\n{row}\n")
        report = check_tables(Request([tmp_path / "t.csv"], profile=str(tmp_path / "p.toml")))
        found[header] = [finding.code for finding in report.findings]
    assert found == {"id,longitude": [], "id,longitude,latitude": ["half-coordinates"]}


def test_a_damaged_text_is_found_in_a_text_file_as_in_parquet(tmp_path: Path) -> None:
    texts = ["".join(each) for each in product("abÃ¼Ð¶é\x1f\x7f\x85\u200b\ufffd' ", repeat=3)]
    rows = pl.DataFrame({"id": [f"{number}" for number in range(len(texts))], "name": texts})
    (tmp_path / "p.toml").write_text('title = "t"\ncolumns = [{name = "id"}, {name = "name"}]')
    printable = rows.filter(~pl.col("name").str.contains_any(["\x1f", "\x7f"]))
    for name, table in (("all", rows), ("printable", printable)):
        table.write_csv(tmp_path / f"{name}.csv", quote_style="always")
        table.write_parquet(tmp_path / f"{name}.parquet")
    found = {
        file: check_tables(Request([tmp_path / file], profile=str(tmp_path / "p.toml"))).findings
        for file in ("all.csv", "all.parquet", "printable.csv", "printable.parquet")
    }
    counts = {
        file: [finding.data.get("failing") for finding in findings if finding.code == "cell-damaged"]
        for file, findings in found.items()
    }
    pattern = table["name"].str.contains(DAMAGE).sum()
    assert counts["all.csv"] == counts["all.parquet"] == [rows["name"].str.contains(DAMAGE).sum()]
    assert counts["printable.csv"] == counts["printable.parquet"] == [pattern]


@pytest.mark.parametrize("name", ["caf\x1f", "cafÃ©"])
def test_a_folder_may_give_a_damaged_name(name: str, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text('title = "t"\ncolumns = [{name = "id"}, {name = "place"}]')
    folder = tmp_path / "t" / f"place={name}"
    folder.mkdir(parents=True)
    (folder / "a.csv").write_text("id\n1\n")
    report = check_tables(Request([tmp_path / "t"], profile=str(tmp_path / "p.toml")))
    assert [finding.code for finding in report.findings] == ["cell-damaged"]
