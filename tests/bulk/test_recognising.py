"""A report says in which format a table was read, and by what it was recognised."""

import csv
import json
from pathlib import Path

import pytest

import standoff
from standoff.bulk.profile_files import load_profile
from standoff.checking import are_tables
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


GDELT = (
    "910000100 20210615 202106 2021 2021.4521 FRAGOV BORELAND FRA - - - - GOV - - DEU OSTROV DEU - - - - - - - 1 036 036 03 1 4.0 4 2 "
    "4 -1.25 4 Northport,_Boreland FR FR00 16282 48.5 2.5 -100001 0 - - - - - - - 4 Northport,_Boreland FR FR00 16282 48.5 2.5 "
    "-100001 20210615143000 https://news.example/1"
)
CELLS = ["" if cell == "-" else cell.replace("_", " ") for cell in GDELT.split(" ")]


def written(path: Path, separator: str, *, quoted: bool = False) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        quoting = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
        csv.writer(file, delimiter=separator, quoting=quoting, quotechar='"' if quoted else None).writerow(
            CELLS if quoted or separator != "," else separator.join(CELLS).split(separator)
        )
    return path


@pytest.mark.parametrize("name", ["events.txt", "20210615143000", "events.CSV"])
def test_a_text_is_a_table_whatever_its_ending_if_its_columns_are_known(name: str, tmp_path: Path) -> None:
    result = standoff.check(written(tmp_path / name, "\t"))
    assert ([table.name for table in result.tables], result.report.records, list(result)) == (
        ["gdelt2"],
        1,
        [],
    )


@pytest.mark.parametrize(("separator", "profile"), [(",", None), (";", "gdelt2"), ("|", None)])
def test_rows_written_again_with_other_separators_and_quotes_are_read(
    separator: str, profile: str | None, tmp_path: Path
) -> None:
    result = standoff.check(written(tmp_path / "e.csv", separator, quoted=True), profile=profile)
    assert ([table.name for table in result.tables], result.report.records, list(result)) == (
        ["gdelt2"],
        1,
        [],
    )


@pytest.mark.parametrize("name", ["events.csv", "events.txt"])
def test_rows_cut_at_commas_are_named_as_such(name: str, tmp_path: Path) -> None:
    path = written(tmp_path / name, ",")
    if name.endswith(".csv"):
        with pytest.raises(standoff.UsageError, match=r"row of gdelt2.* commas .* tabs"):
            standoff.check(path)
    else:
        [finding] = standoff.check(path)
        assert finding.code == "table-unreadable"
        assert "row of gdelt2" in (finding.remedy or "")


@pytest.mark.parametrize(
    ("place", "cell", "codes"),
    [
        (41, "48,5", {"value-unreadable"}),
        (41, "NA", {"value-unreadable"}),
        (6, '"BORELAND', set()),
        (25, "2", {"value-unreadable"}),
    ],
)
def test_a_fault_in_the_first_line_does_not_hide_the_format(
    place: int, cell: str, codes: set[str], tmp_path: Path
) -> None:
    cells = [*CELLS[:place], cell, *CELLS[place + 1 :]]
    (tmp_path / "t.CSV").write_text("\t".join(cells) + "\n", encoding="utf-8")
    result = standoff.check(tmp_path / "t.CSV")
    assert [table.name for table in result.tables] == ["gdelt2"]
    assert {finding.code for finding in result if finding.severity == "error"} == codes


def test_a_text_that_is_no_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Read this first, please.\n", encoding="utf-8")
    (tmp_path / "image.dat").write_bytes(b"a,b\n\0\1\n")
    for name in ("notes.txt", "image.dat"):
        assert [finding.code for finding in standoff.check(tmp_path / name)] == ["table-unreadable"]


def test_the_documents_of_a_dataset_are_no_tables(tmp_path: Path) -> None:
    (tmp_path / "dataset.toml").write_text("", encoding="utf-8")
    (tmp_path / "d001.txt").write_text("a\tb\n", encoding="utf-8")
    assert not are_tables([tmp_path / "d001.txt"])
