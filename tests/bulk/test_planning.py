"""What is asked of the rows of a table."""

from pathlib import Path

from standoff.bulk.request import Request
from standoff.bulk.run import check_tables

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
