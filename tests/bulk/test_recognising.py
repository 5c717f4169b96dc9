"""A report says in which format a table was read, and by what it was recognised."""

import json
from pathlib import Path

import pytest

import standoff
from standoff.bulk.profile_files import load_profile
from standoff.report import as_json, text

ROW = "1 20210615143000 20210615143000 1 a.example http://a.example/1 1 -1 5 9 1 40 900 -2.5"


@pytest.mark.parametrize(
    ("name", "header", "stated", "words"),
    [
        ("gdelt2-mentions", False, None, "16 columns without header"),
        ("icews", True, None, "names of its columns: all 20"),
        ("gdelt2-mentions", False, "gdelt2-mentions", None),
    ],
)
def test_the_format_and_why_is_in_every_report(
    name: str, header: bool, stated: str | None, words: str | None, tmp_path: Path
) -> None:
    names = [column.source for column in load_profile(name).columns]
    cells = [*ROW.split(), *[""] * len(names)][: len(names)]
    lines = ["\t".join(names)] * header + ["\t".join(cells)]
    (tmp_path / "t.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    result = standoff.check(tmp_path / "t.tsv", profile=stated)
    [table] = result.tables
    assert (table.name, table.files) == (name, 1)
    assert (words in (table.recognised_by or "")) if words else table.recognised_by is None
    assert json.loads(as_json.render(result.report))["tables"][0]["recognised_by"] == table.recognised_by
    assert ("recognised by" in text.render(result.report)) == bool(words)
