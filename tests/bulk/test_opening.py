"""What a file's first lines and its path say: separators, headers, days in the names of folders."""

from __future__ import annotations

import zipfile
from pathlib import Path

import polars as pl
import pytest

from standoff.bulk.request import Request
from standoff.bulk.run import check_tables
from standoff.findings import Finding, UsageError

NAMES = ("id", "date", "actor", "action", "target")
ROW = ("b001", "2019-01-01", "FRAGOV", "036", "DEUMIL")
REDUCED = (
    'title = "three"\ncolumns = [{ name = "a" }, { name = "b" }, { name = "c" }]\n[file]\nheader = false\n'
)


def only(path: Path, profile: str = "cameo-minimal") -> Finding:
    [finding] = [f for f in check_tables(Request([path], profile=profile)).findings if f.severity != "note"]
    return finding


def lines(*rows: tuple[str, ...], separator: str = ",") -> str:
    return "".join(separator.join(row) + "\n" for row in rows)


@pytest.mark.parametrize("separator", [",", ";", "|", "\t"])
def test_a_tsv_file_without_tabs_is_read_with_what_it_has(separator: str, tmp_path: Path) -> None:
    table = tmp_path / "events.tsv"
    table.write_text(lines(NAMES, ROW, separator=separator), "utf-8")
    report = check_tables(Request([table], profile="cameo-minimal"))
    assert (report.findings, report.records) == ([], 1)


def test_a_file_without_header_and_with_other_separators_is_told_so(tmp_path: Path) -> None:
    profile, table = tmp_path / "p.toml", tmp_path / "t.csv"
    profile.write_text(REDUCED + 'separator = "\\t"\n', "utf-8")
    table.write_text("x,y,z,more\n", "utf-8")
    finding = only(table, str(profile))
    assert finding.code == "table-unreadable"
    assert "commas" in finding.message
    assert "tabs" in finding.message
    profile.write_text(REDUCED + 'separator = ","\n', "utf-8")
    assert '"x", "y", "z" and 1 more' in only(table, str(profile)).message


@pytest.mark.parametrize(
    "name", ["2019-01-05/part.csv", "20190105/part.csv", "2019/01/05/part.csv", "events-20190105.csv"]
)
def test_a_day_that_only_the_path_has_is_pointed_at(name: str, tmp_path: Path) -> None:
    """And the advice works: in a folder of that name, every row has the day."""
    table = tmp_path / name
    table.parent.mkdir(parents=True, exist_ok=True)
    without = (NAMES[0], *NAMES[2:]), (ROW[0], *ROW[2:])
    table.write_text(lines(*without), "utf-8")
    finding = only(table)
    assert finding.code == "column-missing"
    assert '"date=2019-01-05"' in (finding.remedy or "")
    advised = tmp_path / "again" / "date=2019-01-05" / "part.csv"
    advised.parent.mkdir(parents=True)
    table.rename(advised)
    assert check_tables(Request([advised], profile="cameo-minimal")).findings == []


def test_a_day_in_folders_of_year_month_and_day_is_pointed_at_and_the_advice_works(tmp_path: Path) -> None:
    table = tmp_path / "year=2019" / "month=01" / "day=05" / "part.csv"
    table.parent.mkdir(parents=True)
    table.write_text(lines((NAMES[0], *NAMES[2:]), (ROW[0], *ROW[2:])), "utf-8")
    advice = only(table).remedy or ""
    profile = tmp_path / "p.toml"
    profile.write_text(
        "\n".join(advice.partition("there: ")[2].rstrip(".").split(", columns", 1)).replace(
            "\n", "\ncolumns", 1
        ),
        "utf-8",
    )
    assert check_tables(Request([table], profile=str(profile))).findings == []


@pytest.mark.parametrize("name", ["2019-13-05/part.csv", "part.csv", "9990105/part.csv"])
def test_a_path_without_a_day_is_not(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    table = Path(name)
    table.parent.mkdir(exist_ok=True)
    table.write_text(lines(("id", "actor", "action"), ("b001", "FRA", "036")), "utf-8")
    assert "path" not in (only(table).remedy or "")


def test_columns_that_differ_between_parts_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(lines(NAMES, ROW), "utf-8")
    (tmp_path / "b.csv").write_text(lines((*NAMES[:4], "goldstein"), (*ROW[:4], "4.0")), "utf-8")
    with pytest.raises(UsageError, match=r'a\.csv has "target"; only .*b\.csv has "goldstein"'):
        check_tables(Request([tmp_path], profile="cameo-minimal"))


def test_a_txt_file_of_no_known_format_is_told_how_it_is_read(tmp_path: Path) -> None:
    table = tmp_path / "events.txt"
    table.write_text(lines(("one", "two"), ("1", "2")), "utf-8")
    [finding] = check_tables(Request([table])).findings
    assert "--profile" in (finding.remedy or "")
    table.write_text(lines(NAMES, ROW), "utf-8")
    assert check_tables(Request([table], profile="cameo-minimal")).findings == []


def test_an_arrow_stream_is_read_as_an_arrow_file_is(tmp_path: Path) -> None:
    frame = pl.DataFrame([ROW], schema=list(NAMES), orient="row")
    frame.write_ipc(tmp_path / "file.arrow")
    frame.write_ipc_stream(tmp_path / "stream.arrow")
    reports = [
        check_tables(Request([tmp_path / f"{n}.arrow"], profile="cameo-minimal")) for n in ("file", "stream")
    ]
    assert [(report.records, report.findings) for report in reports] == [(1, []), (1, [])]


def test_what_macos_adds_to_an_archive_is_no_second_table(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "events.csv.zip", "w") as archive:
        for name, text in (
            ("folder/", ""),
            ("folder/events.csv", lines(NAMES, ROW)),
            ("__MACOSX/._events.csv", "x"),
        ):
            archive.writestr(name, text)
    report = check_tables(Request([tmp_path / "events.csv.zip"], profile="cameo-minimal"))
    assert (report.records, report.findings) == (1, [])


def test_cells_with_spaces_between_them_are_named_as_such(tmp_path: Path) -> None:
    table = tmp_path / "events.txt"
    table.write_text('"id" "date"\n"a" "2020-01-05"\n', "utf-8")
    [finding] = check_tables(Request([table], profile="cameo-minimal")).findings
    assert (finding.code, "spaces" in finding.message, "write.csv" in (finding.remedy or "")) == (
        "table-unreadable",
        True,
        True,
    )


def test_numbers_of_128_bits_are_refused_before_a_row_is_read(tmp_path: Path) -> None:
    pl.DataFrame({"id": ["a"], "n": [1]}, schema={"id": pl.String, "n": pl.Int128}).write_parquet(
        tmp_path / "t.parquet"
    )
    [finding] = check_tables(Request([tmp_path / "t.parquet"], profile="cameo-minimal")).findings
    assert (finding.code, "Int128" in finding.message) == ("table-unreadable", True)
