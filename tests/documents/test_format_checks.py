"""The pages of the checks that only some formats have."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from standoff.bulk.profile_files import load_profile, shipped
from standoff.documents import format_checks
from standoff.rules.catalogue import own_rules

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_the_pages_in_docs_are_those_that_are_made() -> None:
    folder = ROOT / "docs" / "rules"
    assert {path.name: path.read_text("utf-8") for path in folder.iterdir()} == format_checks.pages(), (
        "run standoff docs"
    )


def test_every_check_of_a_shipped_profile_has_a_page_and_a_line_in_the_index() -> None:
    index = (ROOT / "docs" / "rules" / "README.md").read_text("utf-8")
    for name in shipped():
        for check in load_profile(name).checks:
            page = format_checks.page(check.name)
            assert check.advice in page
            assert check.expression in page
            assert f"`{name}`" in page
            assert f"[{check.name}]({check.name}.md)" in index


def test_no_check_has_the_name_of_a_rule() -> None:
    assert not format_checks.checks().keys() & own_rules().keys()


def test_a_finding_of_such_a_check_leads_to_its_page(tmp_path: Path) -> None:
    import standoff

    names = [column.source for column in load_profile("acled2024").columns]
    row = dict.fromkeys(names, "") | {"event_id_cnty": "SYR1", "event_date": "2024-03-05", "year": "2023"}
    file = tmp_path / "acled.csv"
    pl.DataFrame([row]).write_csv(file)
    found = standoff.check(file, profile="acled2024")
    pages = {finding.code: finding.page for finding in found}
    assert pages["year-mismatch"] == "docs/rules/year-mismatch.md"
