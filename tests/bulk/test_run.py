"""Checking tables of any size: what a user of `standoff check TABLE` sees, on good files and on bad ones."""

from __future__ import annotations

import errno
import gc
import gzip
import io
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import weakref
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.bulk import headers, outputs, planning, profile_files, records, run, streams, uniqueness
from standoff.bulk.failing_rows import Sieve
from standoff.bulk.outcome import FAILED
from standoff.bulk.outputs import Outputs
from standoff.bulk.request import Request
from standoff.bulk.run import check_tables
from standoff.cli import main, progress
from standoff.findings import Report, UsageError
from standoff.tables import Column
from standoff.tables.profiles import Binding

GOOD: dict[str, list[Any]] = {
    "id": ["a", "b", "c"],
    "date": ["2020-01-01", "2020-01-02", "2020-02-29"],
    "actor": ["USA", "IRN", "ISR"],
    "action": ["010", "190", "042"],
    "target": ["IRN", "USA", None],
}
HEADER = ",".join(GOOD)
ROW_A, ROW_B = "a,2020-01-01,USA,010,IRN\n", "b,2020-01-01,USA,010,IRN\n"


def table(**changed: list[Any]) -> pl.DataFrame:
    return pl.DataFrame({**GOOD, **changed})


def check(*paths: Path, **asked: Any) -> Report:
    return check_tables(Request(paths, **asked))


def only(report: Report) -> Any:
    """The one finding that is more than a note."""
    (finding,) = [finding for finding in report.findings if finding.severity != "note"]
    return finding


@pytest.fixture
def write(tmp_path: Path) -> Any:
    """Write a frame, text or bytes under a name, and return the path."""

    def to(name: str, content: pl.DataFrame | str | bytes) -> Path:
        path = tmp_path / name
        if isinstance(content, pl.DataFrame):
            method = {
                ".parquet": content.write_parquet,
                ".csv": content.write_csv,
                ".jsonl": content.write_ndjson,
            }
            method[path.suffix](path)
        else:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return to


# ---- every kind of file ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["t.parquet", "t.csv", "t.jsonl"])
def test_a_good_table_has_no_findings_in_any_format(name: str, write: Any) -> None:
    report = check(write(name, table()))
    assert (report.findings, report.records, report.exit_code) == ([], 3, 0)


def test_packed_files_are_read_as_what_they_hold(tmp_path: Path, write: Any) -> None:
    plain = write("t.csv", table(action=["010", "999", "042"])).read_bytes()
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(plain))
    (tmp_path / "t.csv.zst").write_bytes(pa.compress(plain, "zstd", asbytes=True))
    with zipfile.ZipFile(tmp_path / "t.csv.zip", "w") as archive:
        archive.writestr("inside.csv", plain)
    for ending in ("gz", "zst", "zip"):
        finding = only(check(tmp_path / f"t.csv.{ending}"))
        assert (finding.code, finding.line) == ("action-unknown", 3)


def test_a_folder_of_parts_is_one_table(tmp_path: Path, write: Any) -> None:
    (tmp_path / "parts").mkdir()
    first, second = write("parts/1.csv", table().head(2)), write("parts/2.csv", table().tail(2))
    finding = only(check(tmp_path / "parts"))
    assert finding.code == "duplicate-row-key"
    assert f"line 3 of {first} (b), line 2 of {second} (b)" in finding.message
    assert only(check(tmp_path / "parts" / "*.csv")).message == finding.message


@pytest.mark.parametrize(
    "spelling",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.replace(",", ";"),
        lambda text: text.replace(",", "\t"),
        lambda text: text.removesuffix("\n"),
    ],
    ids=["CRLF", "byte order mark", "semicolons", "tabs", "no last line end"],
)
def test_csv_is_read_however_spreadsheets_write_it(spelling: Any, write: Any) -> None:
    text = table(action=["010", "999", "042"]).write_csv()
    finding = only(check(write("t.csv", spelling(text))))
    assert (finding.code, finding.line) == ("action-unknown", 3)


def test_line_numbers_count_the_header_where_there_is_one(write: Any) -> None:
    finding = only(check(write("t.csv", table(date=["2020-01-01", "01/02/2020", "2020-01-03"]))))
    assert (finding.code, finding.line) == ("value-unreadable", 3)
    assert '"date": a date such as 2020-12-31' in finding.message
    assert 'line 3 (b: date "01/02/2020")' in finding.message


# ---- bad files: a finding each, and never a traceback ------------------------------------------------------------


def zipped(*, flags: int = 0, method: int = 8, damaged: bool = False) -> bytes:
    """A zip file of one table with other flags or another method than it says, or with damaged contents."""
    archived = io.BytesIO()
    with zipfile.ZipFile(archived, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("t.csv", f"{HEADER}\n" * 9)
    raw = bytearray(archived.getvalue())
    central = raw.index(b"PK\x01\x02")
    for start, at in ((0, 6), (central, 8)):
        raw[start + at] |= flags
        raw[start + at + 2] = method
    if damaged:
        contents = 30 + len("t.csv")
        raw[contents : contents + 4] = b"\xff" * 4
    return bytes(raw)


UNREADABLE: dict[str, tuple[str, str | bytes, str]] = {
    "no Parquet at all": ("t.parquet", "hello, I am a table", "does not begin with PAR1"),
    "a byte or two": ("t.parquet", "PA", "does not begin with PAR1"),
    "nothing": ("t.parquet", "", "the file is empty"),
    "nothing, as text": ("t.csv", "", "the file is empty"),
    "blank lines": ("t.csv", "\n\n", "only blank lines"),
    "a row with too many cells": ("t.csv", f"{HEADER}\na,2020-01-01,USA,010,IRN\nb,2020-01-01,USA,010,IRN,x\n", "the line has 6 cells, the table has 5 columns"),
    "a quotation mark left open": ("t.csv", f'{HEADER}\na,2020-01-01,"USA,010,IRN\n', "opened and never closed"),
    "Latin-1": ("t.csv", f"{HEADER}\na,2020-01-01,M\xfcller,010,IRN\n".encode("latin-1"), 'not UTF-8; read as Windows-1252 it has "Müller"'),
    "Latin-1 in the header": ("t.csv", f"{HEADER},l\xe4nge\na,2020-01-01,USA,010,IRN,1\n".encode("latin-1"), 'it has "länge"'),
    "a no-break space of Windows": ("t.csv", f"{HEADER}\na,2020-01-01,\xa0,010,IRN\n".encode("latin-1"), "not UTF-8"),
    "Latin-1 in JSON": ("t.jsonl", '{"id": "a"}\n{"id": "\xfc"}\n'.encode("latin-1"), "not UTF-8"),
    "UTF-16 without a mark": ("t.csv", f"{HEADER}\na,2020-01-01,USA,010,IRN\n".encode("utf-16-le"), "as UTF-16 text has"),
    "JSON Lines in UTF-16": ("t.jsonl", '{"id": "a"}\n'.encode("utf-16"), "the byte order mark of UTF-16"),
    "Parquet called CSV": ("t.csv", b"PAR1\x15\x04\x15\x10", "it is a Parquet file"),
    "gzip called CSV": ("t.csv", gzip.compress(HEADER.encode()), "it is packed with gzip"),
    "a spreadsheet called CSV": ("t.csv", zipped(), "a zip archive or a spreadsheet"),
    "a web page": ("t.csv", "<!DOCTYPE html>\n<title>404</title>\n", "it is a web page"),
    "a web page for JSON": ("t.json", "<html></html>\n", "it is a web page"),
    "a pointer of Git LFS": ("t.csv", "version https://git-lfs.github.com/spec/v1\nsize 9\n", "a pointer of Git LFS"),
    "bytes of anything": ("t.csv", bytes(range(64)) * 9, "it has null bytes"),
    "an empty JSON object": ("t.json", "{}", "no records"),
    "a CSV file called zip": ("t.zip", f"{HEADER}\n", "cannot be unpacked as zip"),
    "a carriage return in a line": ("t.csv", f"{HEADER}\na,2020-01-01,USA,010,IRN\rb,2020-01-02,USA,010,IRN\n", "a carriage return without a line feed"),
    "half a JSON line": ("t.jsonl", '{"id": "a"}\n{"id":\n', "the line is no JSON"),
    "a JSON list": ("t.jsonl", "[1, 2]\n", "no JSON object"),
    "no gzip": ("t.csv.gz", "hello", "cannot be unpacked as gzip"),
    "gzip cut short": ("t.csv.gz", gzip.compress(f"{HEADER}\n".encode() * 999)[:-30], "cannot be unpacked as gzip"),
    "a blank first line": ("t.csv", f"\n{HEADER}\na,2020-01-01,USA,010,IRN\n", "the first line is blank"),
    "a line for Excel": ("t.csv", f"sep=;\r\n{HEADER}\r\n", "names the separator for Excel (sep=;)"),
    "a quotation mark left open in the header": ("t.csv", f'"{HEADER}\n' + "x,y\n" * 50_000, "opened and never closed"),
    "a quotation mark left open in a short header": ("t.csv", f'{HEADER},"\nx\n', "opened and never closed"),
    "a header of one vast cell": ("t.csv", "x" * 140_000 + "\n", "more than 131,072 characters"),
    "a vast cell and then bytes that are no text": ("t.csv", f"{HEADER}\n{'x' * 140_000},,,,\n\xff\n".encode("latin-1"), "not UTF-8"),
    "a vast cell and then too many": ("t.csv", f"{HEADER}\n{'x' * 140_000},,,,\n,,,,,,\n", "the line has 7 cells, the table has 5 columns"),
    "a first row with too many cells": ("t.csv", f"{HEADER}\na,2020-01-01,USA,010,IRN,x\n", "the line has 6 cells, the table has 5 columns"),
    "lines that end as they did on old Macintoshes": ("t.csv", f"{HEADER}\ra,2020-01-01,USA,010,IRN\r", "a carriage return without a line feed"),
    "a damaged zip": ("t.csv.zip", zipped(damaged=True), "cannot be unpacked as zip"),
    "a zip that needs a password": ("t.csv.zip", zipped(flags=1), "locked with a password"),
    "a zip packed in a way of its own": ("t.csv.zip", zipped(method=99), "packed in a way that cannot be read"),
    "a zip of nothing": ("t.csv.zip", b"PK\x05\x06" + b"\0" * 18, "the archive holds 0 files"),
}  # fmt: skip


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_is_no_table_is_a_finding_that_says_why(case: str, tmp_path: Path, write: Any) -> None:
    name, content, expected = UNREADABLE[case]
    report = check(write(name, content), profile="cameo-minimal")
    finding = next(finding for finding in report.findings if finding.code == "table-unreadable")
    assert expected in finding.message
    assert report.exit_code == 1
    assert main(["check", str(tmp_path / name)]) in (1, 2), (
        "nor is the format guessed from what cannot be read"
    )


def test_a_quotation_mark_left_open_is_looked_for_in_bounded_memory(
    write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "CELL", 100)
    monkeypatch.setattr(records, "BLOCK", 50)
    report = check(write("t.csv", f'{HEADER}\na,"{ROW_B * 99}'))
    finding = next(f for f in report.findings if f.code == "table-unreadable")
    assert (finding.line, "never closed" in finding.message) == (2, True)


def test_text_of_windows_is_to_be_saved_as_utf_8(write: Any) -> None:
    name, content, _ = UNREADABLE["Latin-1"]
    finding = only(check(write(name, content)))
    assert (finding.line, "save the file as UTF-8" in finding.remedy) == (2, True)


def test_a_line_that_is_no_table_is_named(write: Any) -> None:
    name, content, _ = UNREADABLE["a row with too many cells"]
    assert only(check(write(name, content))).line == 3
    late = '{"id":"a","date":"2020-01-01","actor":"USA","action":"010"}\n' * 300 + "{\n"
    assert only(check(write("late.jsonl", late))).line == 301


@pytest.mark.parametrize(
    "legal",
    ['a,2020-01-01,"U\nSA",010,IRN\n', 'a,2020-01-01,"say ""no""",010,IRN\n'],
    ids=["two lines", "doubled"],
)
def test_the_line_with_the_open_quotation_mark_is_blamed_and_not_a_cell_of_two_lines(
    legal: str, write: Any
) -> None:
    finding = only(
        check(write("t.csv", f'{HEADER}\n{legal}b,2020-01-01,"USA,010,IRN\nc,2020-01-01,USA,010,IRN\n'))
    )
    assert "opened and never closed" in finding.message
    assert finding.line == 2 + legal.count("\n")


@pytest.mark.parametrize(
    "short", ["a,2020-01-01,USA\n" + ROW_B, ROW_B + "a,2020-01-01,USA\n"], ids=["first", "last"]
)
def test_a_row_with_too_few_cells_lacks_the_last_ones_wherever_it_stands(short: str, write: Any) -> None:
    finding = only(check(write("t.csv", f"{HEADER}\n{short}")))
    assert (finding.code, finding.line) == ("value-missing", 2 + short.index("a,") // len(ROW_B))
    assert '"action"' in finding.message
    assert "too few cells" in finding.remedy


def test_a_line_without_a_cell_comes_before_what_it_causes(write: Any) -> None:
    codes = [finding.code for finding in check(write("t.csv", f"{HEADER}\na,USA,010,IRN\n{ROW_B}")).findings]
    assert codes[0] == "line-too-short"
    assert "action-unknown" in codes


def test_a_row_that_is_too_short_is_one_fault(tmp_path: Path, write: Any) -> None:
    path, failures = write("t.csv", f"{HEADER}\n{ROW_A}Source: me\n"), tmp_path / "failures.parquet"
    finding = only(check(path, outputs=Outputs(failures=failures)))
    assert (finding.code, finding.line) == ("value-missing", 3)
    assert '("date", "actor", "action"): line 3 (Source: me)' in finding.message
    assert pl.read_parquet(failures).height == 3
    report = check(write("t.csv", f"{HEADER}\n{ROW_A}Source: me\nb,2020-01-01,USA\n"))
    missing = [finding.message.split("missing ")[1].split(":")[0] for finding in report.findings]
    assert missing == ['("date", "actor")', '("action")']


@pytest.mark.parametrize("first", ["", ROW_A], ids=["under the header", "between rows"])
@pytest.mark.parametrize("blank", ["\n", "\r\n", ",,,,\n"])
def test_a_blank_line_is_one_fault(first: str, blank: str, tmp_path: Path, write: Any) -> None:
    failures = tmp_path / "failures.parquet"
    path = write("t.csv", f"{HEADER}\n{first}{blank}{ROW_B}")
    report = check(path, outputs=Outputs(failures=failures))
    assert (only(report).code, only(report).line) == ("row-empty", 3 if first else 2)
    assert pl.read_parquet(failures)["rule"].to_list() == ["row-empty"]


@pytest.mark.parametrize("end", ["\n", "\n\n\n", "\r\n", ",,,,\n,,,,\n", ",,,,"])
@pytest.mark.parametrize(
    "rows", [ROW_A, 'a,2020-01-01,USA,010,"I\n\n"\n' + ROW_B, ""], ids=["one", "with a blank in it", "none"]
)
def test_blank_lines_at_the_end_are_no_rows(end: str, rows: str, tmp_path: Path, write: Any) -> None:
    good = tmp_path / "good.parquet"
    report = check(write("t.csv", f"{HEADER}\n{rows}{end}"), outputs=Outputs(good))
    assert (report.findings, report.records) == ([], rows.count("2020"))
    assert pl.read_parquet(good).height == report.records


def test_blank_lines_at_the_end_of_a_file_without_header_are_no_rows(write: Any) -> None:
    report = check(write("20150218.export.csv", gdelt_line("gdelt2") + "\n\n"))
    assert (report.findings, report.records) == ([], 1)


LINE = '{"id":"%d","date":"2020-01-01","actor":"USA"%s}\n'


def test_a_column_that_only_late_json_lines_have_is_checked(write: Any) -> None:
    lines = [LINE % (i, ',"action":"010"' if i > 240 else "") for i in range(300)]
    lines[249] = LINE % (249, ',"action":"ZZZ"')
    report = check(write("t.jsonl", "".join(lines)), profile="cameo-minimal")
    (found,) = [finding for finding in report.findings if finding.code == "action-unknown"]
    assert (found.line, found.message.split(" rows")[0]) == (250, "1 of 300")
    assert "column-missing" not in {finding.code for finding in report.findings}


def test_codes_that_are_numbers_in_a_late_json_line_are_recognised(write: Any) -> None:
    lines = [LINE % (i, ',"action":%s' % ("10" if i == 250 else '"010"')) for i in range(300)]
    assert only(check(write("t.jsonl", "".join(lines)))).code == "codes-as-numbers"


def test_parts_that_are_being_written_are_no_parts(tmp_path: Path, write: Any) -> None:
    for folder in ("parts/_temporary/0", "parts/.hidden", "parts/year=2020"):
        (tmp_path / folder).mkdir(parents=True)
    write("parts/_temporary/0/part-0.parquet", "half")
    write("parts/.hidden/part-0.parquet", "half")
    write("parts/year=2020/part-0.parquet", table())
    report = check(tmp_path / "parts")
    assert (report.files, report.findings) == (1, [])


def test_bounds_are_told_with_the_values_beyond_them(write: Any) -> None:
    profile = write("p.toml", PROFILE + "type = 'int32'\nminimum = 1\nmaximum = 4\n")
    finding = only(check(write("t.csv", "key\n1\n5\n"), profile=str(profile)))
    assert '("key": at least 1 and at most 4): line 3 (5: key "5")' in finding.message


@given(st.integers(0, 2000), st.binary(min_size=1, max_size=40))
def test_a_parquet_file_damaged_anywhere_is_never_a_traceback(at: int, junk: bytes) -> None:

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "t.parquet")
        table().write_parquet(path)
        whole = path.read_bytes()
        at %= len(whole)
        for damaged in (whole[:at], whole[:at] + junk + whole[at + len(junk) :]):
            path.write_bytes(damaged)
            try:
                report = check(path, profile="cameo-minimal")
            except UsageError:
                continue
            assert report.exit_code in (0, 1)


def test_a_bomb_is_refused_by_the_stated_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "FREE_EXPANSION", 1 << 20)
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"0" * (4 << 20)))
    finding = only(check(path, profile="cameo-minimal"))
    assert "decompresses to more than 300 times its size" in finding.message
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("limit", "most", "message"),
    [
        ("MAX_GROUP_CELLS", 14, "a row group states 3 rows, 15 cells"),
        ("MAX_GROUP_BYTES", 99, "and 99 bytes are allowed"),
        ("MAX_ROWS", 2, "it states 3 rows; a file can have at most 2"),
    ],
)
def test_a_parquet_file_that_says_it_is_vast_is_refused(
    limit: str, most: int, message: str, write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(headers, limit, most)
    assert message in only(check(write("t.parquet", table()))).message


def test_a_missing_column_is_named_and_its_rules_wait(write: Any) -> None:
    report = check(write("t.csv", table().drop("action")))
    assert only(report).code == "column-missing"
    assert 'no column "action"' in only(report).message
    assert report.not_run["action-unknown"] == 1


def test_a_column_whose_name_was_retyped_is_recognised(write: Any) -> None:
    retyped = table().rename({"id": "ID", "action": " Action", "target": "Tar get"})
    for name in ("t.csv", "t.jsonl", "t.parquet"):
        good = write("good.parquet", table())
        report = check(write(name, retyped), outputs=Outputs(good))
        assert report.findings == []
        assert {"id", "action", "target"} <= set(pl.read_parquet(good).columns)


def test_a_column_under_two_retyped_names_is_not_guessed(write: Any) -> None:
    twice = table().rename({"target": "Target"}).with_columns(pl.lit("X").alias("TARGET"))
    report = check(write("t.csv", twice), profile="cameo-minimal")
    assert [finding.code for finding in report.findings] == ["column-unexpected"]


def test_columns_beyond_the_format_are_counted_not_listed(write: Any) -> None:
    wide = table().with_columns(pl.lit(i).alias(f"c{i}") for i in range(195))
    report = check(write("t.csv", wide))
    assert [finding.code for finding in report.findings] == ["column-unexpected"]
    assert "and 183 more" in report.findings[0].message
    assert report.exit_code == 0


def test_a_header_that_repeats_itself_is_refused(write: Any) -> None:
    finding = only(check(write("t.csv", "id,date,actor,action,action\na,2020-01-01,USA,010,010\n")))
    assert finding.code == "header-repeated"


@pytest.mark.parametrize("name", ["t.parquet", "t.jsonl"])
def test_codes_stored_as_numbers_are_recognised_and_no_action_is_judged(name: str, write: Any) -> None:
    report = check(write(name, table(action=[10, 190, 42])))
    assert only(report).code == "codes-as-numbers"
    assert report.not_run["action-unknown"] == 1


def test_codes_that_lost_their_zero_are_explained(write: Any) -> None:
    finding = only(check(write("t.csv", table(action=[10, 190, 42]))))
    assert finding.code == "action-unknown"
    assert '("42" for "042")' in finding.remedy
    assert '"10", which is another code, of "010"' in finding.remedy


def test_columns_of_nothing_fail_where_something_must_stand(write: Any) -> None:
    nothing = {name: [None] * 3 for name in GOOD}
    finding = only(check(write("t.parquet", table(actor=nothing["actor"]).cast(pl.String))))
    assert (finding.code, '"actor"' in finding.message) == ("value-missing", True)
    finding = only(check(write("t.parquet", table(**nothing).cast(pl.String))))
    assert (finding.code, finding.message.split("rows: ")[0]) == ("row-empty", "3 of 3 ")


def test_no_number_and_infinity_are_findings(write: Any) -> None:
    report = check(write("t.parquet", table(goldstein=[float("nan"), float("inf"), 1.9])))
    assert only(report).code == "number-not-finite"
    profile = write("p.toml", PROFILE + "type = 'float64'\nminimum = 0\nmaximum = 1\n")
    for endless in ("NaN", "inf", "-Infinity"):
        finding = only(check(write("t.csv", f"key\n0.5\n{endless}\n"), profile=str(profile)))
        assert (finding.code, finding.line) == ("number-not-finite", 3)


FAULTS: dict[str, tuple[str, str, str]] = {
    "spaces": ("action", " 010", 'spaces are around the value (" 010"): remove them'),
    "too large": ("count", "12345678901", "up to 2,147,483,647"),
    "thousands": ("count", "1 000 000", 'thousands are separated ("1 000 000"): write "1000000"'),
    "a comma": ("goldstein", "1,9", 'a comma stands for the decimal point ("1,9"): write "1.9"'),
    "a word for nothing": ("goldstein", "NA", 'a word stands for a missing value ("NA"): leave the cell empty'),
    "no number": ("goldstein", "high", "Write numbers with a decimal point"),
    "another order": ("date", "31/12/2020", 'may be written %d/%m/%Y ("31/12/2020"): write "2020-12-31"'),
    "a month as a word": ("date", "4 July 2020", 'write "2020-07-04"'),
    "a time": ("date", "2020-01-01T10:30:00Z", 'a time of day follows the day ("2020-01-01T10:30:00Z"): write "2020-01-01"'),
    "no day": ("date", "2019-02-29", "Write every day like 2020-12-31"),
    "two digits": ("date", "01/02/20", "Write every day like 2020-12-31"),
    "case": ("status", "Asserted", 'only the case is wrong ("Asserted"): write "asserted"'),
    "small letters": ("country", "usa", 'only the case is wrong ("usa"): write "USA"'),
    "a lost zero": ("action", "43", 'a leading zero is lost ("43" for "043")'),
    "a zero lost that only the root tells": ("root", "1", 'a leading zero is lost ("1" for "01")'),
    "a boolean": ("direct", "maybe", "Write true or false"),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_the_remedy_fits_what_stands_in_the_cell(case: str, write: Any) -> None:
    name, cell, advice = FAULTS[case]
    types = {"date": "date", "count": "int32", "goldstein": "float64", "direct": "bool"}
    columns = [
        f"name = {n!r}\ntype = {types.get(n, 'string')!r}\n"
        for n in ("date", "count", "goldstein", "direct", "action", "root")
    ]
    columns += [
        "name = 'status'\nvalues = ['asserted', 'denied']\n",
        "name = 'country'\npattern = '[A-Z]{3}'\n",
    ]
    skip = "skip = ['goldstein-mismatch']\n"
    profile = write("p.toml", skip + PROFILE + "".join(f"[[columns]]\n{column}" for column in columns))
    row = {"key": "a", "date": "2020-01-01", "action": "010", name: cell}
    finding = only(check(write("t.jsonl", json.dumps(row)), profile=str(profile)))
    assert advice in finding.remedy


def test_a_zero_that_was_lost_in_a_text_column_is_named_by_every_rule_that_meets_it(write: Any) -> None:
    rows = "a,2020-01-01,USA,10,01,1,0.0\nb,2020-01-01,USA,020,03,1,3.0\n"
    report = check(write("t.csv", "id,date,actor,action,root,quad_class,goldstein\n" + rows))
    advice = {finding.code: finding.remedy for finding in report.findings}
    assert advice.keys() == {"root-mismatch", "quad-class-mismatch", "goldstein-mismatch"}
    assert all('In 1 of them a leading zero is lost ("10" for "010")' in text for text in advice.values())
    assert advice["root-mismatch"].endswith("above the code, such as 19 for 193.")


def test_a_day_that_may_be_two_is_read_as_neither(write: Any) -> None:
    finding = only(check(write("t.csv", table(date=["2020-01-01", "01/02/2020", "2020-01-03"]))))
    assert 'write "2020-02-01"' in finding.remedy
    assert 'write "2020-01-02"' in finding.remedy


def test_a_guess_that_fits_by_chance_is_not_told(write: Any) -> None:
    rows = [f"{n},2020-01-01,USA,{'190,2' if n else '10,1'}" for n in range(20)]
    finding = only(check(write("t.csv", "\n".join(["id,date,actor,action,quad_class", *rows]))))
    assert (finding.code, "zero" in finding.remedy) == ("quad-class-mismatch", False)


def test_of_very_many_failing_rows_some_are_looked_at(write: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("standoff.bulk.report.SAMPLE", 2)
    finding = only(check(write("t.csv", table(action=["010 ", "190 ", "042 "]))))
    assert finding.remedy.startswith("In 2 of 2 of them that were looked at spaces are around the value")


def test_a_value_of_the_wrong_type_spoils_its_own_rule_only(write: Any) -> None:
    assert only(check(write("t.csv", table(goldstein=["0.0", "-10.0", "1,9"])))).code == "value-unreadable"


def test_a_nested_column_is_unreadable_and_not_a_crash(write: Any) -> None:
    finding = only(check(write("t.parquet", table(actor=[["USA"], ["IRN"], ["ISR"]]))))
    assert (finding.code, finding.message.split("rows: ")[0]) == ("value-unreadable", "3 of 3 ")


# ---- uniqueness and references -----------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["range", "len", "word", "number"])
def test_rows_are_sorted_by_any_column(
    by: str, tmp_path: Path, write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words that are names of columns, names that polars uses, and what is no number, in ranges of two values."""
    monkeypatch.setattr("standoff.bulk.outputs.SORTED_AT_A_TIME", 2)
    rows = {
        "range": [3, 1, 2, None, 5],
        "len": [5, 4, 3, 2, 1],
        "word": ["number", "a", "word", None, "a"],
        "number": [float("nan"), 2.0, None, -1.0, 0.5],
    }
    columns = [("range", "int64"), ("len", "int64"), ("word", "string"), ("number", "float64")]
    text = 'title = "t"\nskip = ["number-not-finite"]\n'
    profile = write(
        "p.toml", text + "".join(f'[[columns]]\nname = "{n}"\ntype = "{t}"\n' for n, t in columns)
    )
    frame, good = pl.DataFrame(rows), tmp_path / "good.parquet"
    assert not check(write("t.parquet", frame), profile=str(profile), outputs=Outputs(good, sort=by)).findings
    assert pl.read_parquet(good).equals(frame.sort(by, nulls_last=True, maintain_order=True))


def test_a_rule_that_is_skipped_takes_no_row_away(tmp_path: Path, write: Any) -> None:
    profile = write("p.toml", PROFILE.replace('key = ["key"]', 'key = ["key"]\nskip = ["duplicate-row-key"]'))
    good = tmp_path / "good.parquet"
    report = check(write("t.csv", "key\na\na\n"), profile=str(profile), outputs=Outputs(good))
    assert not report.findings
    assert "duplicate-row-key" not in report.ran
    assert pl.read_parquet(good).height == 2


def test_fractions_are_no_whole_numbers_however_they_are_stored(write: Any) -> None:
    profile = write("p.toml", PROFILE + '[[columns]]\nname = "n"\ntype = "int64"\n')
    frame = pl.DataFrame({"key": ["a", "b"], "n": ["1.5", "2.0"]}).with_columns(
        pl.col("n").cast(pl.Decimal(9, 1))
    )
    finding = only(check(write("t.parquet", frame), profile=str(profile)))
    assert (finding.code, finding.message[:25]) == ("value-unreadable", "1 of 2 rows: a value does")


def test_a_reference_by_number_that_leads_nowhere_is_a_finding(write: Any) -> None:
    profile = write("p.toml", PROFILE + '[[columns]]\nname = "doc"\nreferences = "docs.k"\n')
    other = write("docs.parquet", pl.DataFrame({"k": [1, 2]}))
    path = write("t.parquet", pl.DataFrame({"key": ["a", "b"], "doc": [1, 9]}))
    finding = only(check(path, profile=str(profile), references={"docs": other}))
    assert (finding.code, '"9"' in finding.message) == ("reference-unknown", True)


def test_categories_of_several_row_groups_are_texts(tmp_path: Path, write: Any) -> None:
    """Each has a dictionary of its own; the texts that are no days go into one file."""
    profile = write("p.toml", PROFILE + '[[columns]]\nname = "day"\ntype = "date"\n')
    path = tmp_path / "t.parquet"
    stored = pa.schema([("key", pa.string()), ("day", pa.dictionary(pa.int32(), pa.string()))])
    with pq.ParquetWriter(path, stored) as writer:
        for number in range(3):
            keys = [f"{number}-{i}" for i in range(150_000)]
            days = pa.array([f"no day {number}-{i % 7}" for i in range(150_000)]).dictionary_encode()
            writer.write_table(pa.table({"key": keys, "day": days}, schema=stored))
    assert only(check(path, profile=str(profile))).message.startswith("450,000 of 450,000 rows")


def test_days_may_be_stored_with_a_time(write: Any) -> None:
    profile = write("p.toml", PROFILE + '[[columns]]\nname = "d"\ntype = "date"\nformat = "%Y-%m-%d %H:%M"\n')
    finding = only(check(write("t.csv", "key,d\na,2020-01-01 00:00\nb,2020-01-02\n"), profile=str(profile)))
    assert (finding.code, "2020-01-02 00:00" in finding.remedy) == ("value-unreadable", True)


MIXED = """
title = "t"
[[columns]]
name = "key"
[[columns]]
name = "n"
type = "int32"
[[columns]]
name = "day"
type = "date"
"""


def test_parts_that_store_a_column_otherwise_are_one_table(tmp_path: Path, write: Any) -> None:
    """As programs write them that turn whole numbers into fractions where one is missing."""
    profile = write("p.toml", MIXED)
    day = date(2020, 1, 1)
    parts = [
        write("1.parquet", pl.DataFrame({"key": ["a"], "n": [1], "day": [day]})),
        write("2.parquet", pl.DataFrame({"key": ["b", "c", "d"], "n": [2.0, None, 2.5], "day": [day] * 3})),
        write(
            "3.parquet", pl.DataFrame({"key": ["e", "f"], "n": ["5", "x"], "day": ["2020-01-01", "1/2/20"]})
        ),
        write("4.csv", "key,n,day\ng,7,2020-01-01\nh,y,2020-01-01\n"),
    ]
    good, bad = tmp_path / "good.parquet", tmp_path / "bad.parquet"
    check(*parts, profile=str(profile), outputs=Outputs(good, bad))
    assert pl.read_parquet(good).rows() == [
        ("a", 1, day),
        ("b", 2, day),
        ("c", None, day),
        ("e", 5, day),
        ("g", 7, day),
    ]
    assert pl.read_parquet(bad).select("key", "n").rows() == [("d", "2.5"), ("f", "x"), ("h", "y")]


def test_rows_that_fail_keep_the_values_of_parts_that_need_no_conversion(tmp_path: Path, write: Any) -> None:
    flag = '[[columns]]\nname = "flag"\ntype = "bool"\n'
    profile = write("p.toml", MIXED.replace('type = "int32"', 'type = "int32"\nminimum = 0') + flag)
    stored = {"key": ["a"], "n": pl.Series([-1], dtype=pl.Int32), "day": [date(2020, 1, 1)], "flag": [True]}
    parts = [
        write("1.parquet", pl.DataFrame(stored)),
        write("2.csv", "key,n,day,flag\nb,-2,2020-01-02,false\n"),
    ]
    bad = tmp_path / "bad.parquet"
    finding = only(check(*parts, profile=str(profile), outputs=Outputs(tmp_path / "good.parquet", bad)))
    assert pl.read_parquet(bad).drop(FAILED).rows() == [
        ("a", "-1", "2020-01-01", "true"),
        ("b", "-2", "2020-01-02", "false"),
    ]
    assert '(n "-1")' in finding.message


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (pl.DataFrame({"key": [1.0], "n": [1]}), r'store "key" as String and Float64'),
        (pl.DataFrame({"key": ["b"], "n": [timedelta(1)]}), r'store "n" as Int64 and Duration'),
        (pl.DataFrame({"key": ["b"]}), "have different columns"),
        (
            pl.DataFrame({"key": ["b"], "n": [[1]]}),
            r'store "n" as Int64 and List\(Int64\), which cannot be one column',
        ),
    ],
)
def test_parts_that_cannot_be_one_table_are_refused(other: pl.DataFrame, told: str, write: Any) -> None:
    parts = [write("1.parquet", pl.DataFrame({"key": ["a"], "n": [1]})), write("2.parquet", other)]
    with pytest.raises(UsageError, match=told):
        check(*parts, profile=str(write("p.toml", MIXED)))


def test_a_year_is_written_with_four_digits(write: Any) -> None:
    path = write("t.csv", "key,n,day\na,1,20-01-05\nb,1,1066-10-14\nc,1,0987-01-01\n")
    finding = only(check(path, profile=str(write("p.toml", MIXED))))
    assert (finding.code, finding.message.split(" rows")[0]) == ("value-unreadable", "1 of 3")


def test_a_table_of_which_nothing_is_asked_is_split_all_the_same(tmp_path: Path, write: Any) -> None:
    profile = write("p.toml", 'title = "t"\n[[columns]]\nname = "n"\ntype = "int64"\n')
    good, bad = tmp_path / "good.parquet", tmp_path / "bad.parquet"
    check(write("t.parquet", pl.DataFrame({"n": [1, 2]})), profile=str(profile), outputs=Outputs(good, bad))
    assert (pl.read_parquet(good).height, pl.read_parquet(bad).height) == (2, 0)


def test_no_row_is_written_twice_where_the_first_ones_show_that_keys_repeat(
    tmp_path: Path, write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uniqueness, "LOOKED_AT_OF", 2)
    monkeypatch.setattr(outputs, "rewritten", None)
    early, late = write("early.csv", "key\na\na\nb\nc\n"), write("late.csv", "key\na\nb\nc\na\n")
    asked = {"profile": str(write("p.toml", PROFILE)), "outputs": Outputs(tmp_path / "good.parquet")}
    assert only(check(early, **asked)).code == "duplicate-row-key"
    assert pl.read_parquet(tmp_path / "good.parquet")["key"].to_list() == ["b", "c"]
    with pytest.raises(TypeError):
        check(late, **asked)


@pytest.mark.parametrize("looked_at", [1, 10**9])
def test_hashes_that_collide_are_no_repeated_keys(
    looked_at: int, monkeypatch: pytest.MonkeyPatch, write: Any
) -> None:
    monkeypatch.setattr(uniqueness, "LOOKED_AT_OF", looked_at)
    profile = write("p.toml", PROFILE)
    table = write("t.csv", "key\nab\ncd\nef\ncd\nghi\n")
    monkeypatch.setattr(pl.Expr, "hash", lambda self, *_: self.str.len_bytes().cast(pl.UInt64))
    good = table.with_name("good.parquet")
    finding = only(check(table, profile=str(profile), outputs=Outputs(good)))
    assert finding.message.startswith(
        "2 of 5 rows: several rows have the same key (1 key in 2 identical rows): line 3 (cd), line 5 (cd)"
    )
    assert pl.read_parquet(good)["key"].to_list() == ["ab", "ef", "ghi"]


def test_a_reference_that_nothing_asks_for_is_refused(tmp_path: Path, write: Any) -> None:
    profile = write("p.toml", PROFILE + '[[columns]]\nname = "doc"\nreferences = "documents.document_id"\n')
    documents = write("documents.csv", "document_id\nd1\n")
    with pytest.raises(UsageError, match='does not refer to "docs"; it refers to documents'):
        check(write("t.csv", "key,doc\na,d1\n"), profile=str(profile), references={"docs": documents})


def test_references_are_checked_against_the_table_that_is_given(tmp_path: Path, write: Any) -> None:
    profile = write("p.toml", PROFILE + '[[columns]]\nname = "doc"\nreferences = "documents.document_id"\n')
    path = write("t.csv", "key,doc\na,d1\nb,d2\nc,\n")
    documents = write("documents.csv", "document_id\nd1\nd1\n")
    assert check(path, profile=str(profile)).findings == []
    finding = only(check(path, profile=str(profile), references={"documents": documents}))
    assert (finding.code, finding.line) == ("reference-unknown", 3)


@pytest.mark.parametrize("name", ["d.csv", "d.tsv", "d.jsonl", "d.csv.gz", "d[1].parquet"])
def test_the_other_table_is_read_like_any_table(name: str, tmp_path: Path, write: Any) -> None:
    other, path = pl.DataFrame({"note": ["x,y", "z"], "document_id": ["d1", "d2"]}), tmp_path / name
    writers: dict[str, Any] = {
        ".csv": lambda: other.write_csv(path),
        ".tsv": lambda: other.write_csv(path, separator="\t"),
        ".jsonl": lambda: other.write_ndjson(path),
        ".gz": lambda: path.write_bytes(gzip.compress(other.write_csv().encode())),
        ".parquet": lambda: other.write_parquet(path),
    }
    writers[path.suffix]()
    profile = write("p.toml", PROFILE + '[[columns]]\nname = "doc"\nreferences = "documents.document_id"\n')
    finding = only(
        check(write("t.csv", "key,doc\na,d2\nb,d3\n"), profile=str(profile), references={"documents": path})
    )
    assert (finding.code, finding.line) == ("reference-unknown", 3)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("d.csv.gz", gzip.compress(b"0" * (4 << 20)), "decompresses to more than 300 times"),
        ("d.parquet", b"hello", "does not begin with PAR1"),
        ("d.csv", b"id\nx\n", 'there is no column "document_id"'),
        ("d.csv", b"document_id,a,a\nx,y,z\n", "two of its columns have the same name"),
        ("d.csv", b"document_id\nx,y\n", "the line has 2 cells"),
    ],
)
def test_another_table_that_cannot_be_read_is_refused(
    name: str, content: bytes, message: str, write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "FREE_EXPANSION", 1 << 20)
    profile = write("p.toml", PROFILE + '[[columns]]\nname = "doc"\nreferences = "documents.document_id"\n')
    with pytest.raises(UsageError, match=r"d\.(csv|parquet)") as caught:
        check(
            write("t.csv", "key,doc\na,d2\n"),
            profile=str(profile),
            references={"documents": write(name, content)},
        )
    assert message in str(caught.value)


# ---- outputs -----------------------------------------------------------------------------------------------------


def test_the_keys_of_another_table_are_held_once(tmp_path: Path, write: Any) -> None:
    write("d.csv", "document_id\n" + "x\ny\n" * 5)
    source = headers.read_source(tmp_path / "d.csv", tmp_path)
    assert sorted(planning.other_keys(source, Binding(Column("document_id")), tmp_path)) == ["x", "y"]


@pytest.mark.parametrize("name", ["t.parquet", "t.csv"])
def test_good_and_bad_rows_are_parted_and_none_is_lost(name: str, tmp_path: Path, write: Any) -> None:
    rows = table(id=["a", "b", "b"]).vstack(table(id=["x", "y", "z"], action=["010", "9", "10"]))
    good, bad, failures = (tmp_path / f"{what}.parquet" for what in ("good", "bad", "failures"))
    report = check(write(name, rows), outputs=Outputs(good, bad, failures))
    assert pl.read_parquet(good)["id"].to_list() == ["a", "x", "z"]
    assert dict(pl.read_parquet(bad).select("id", "row.failed").rows()) == {
        "b": "duplicate-row-key",
        "y": "action-unknown",
    }
    assert pl.read_parquet(failures).select("row", "key", "rule").rows() == [
        (2, "b", "duplicate-row-key"),
        (3, "b", "duplicate-row-key"),
        (5, "y", "action-unknown"),
    ]
    assert {finding.code for finding in report.findings} == {"duplicate-row-key", "action-unknown"}
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        [name, "good.parquet", "bad.parquet", "failures.parquet"]
    )


def test_columns_called_failed_and_key_are_ones_like_any_other(tmp_path: Path, write: Any) -> None:
    columns = "[[columns]]\nname = 'failed'\n[[columns]]\nname = 'key'\npattern = '[a-z]'\n"
    profile = write("p.toml", f"title = 'x'\nkey = ['id']\n[[columns]]\nname = 'id'\n{columns}")
    good, bad = tmp_path / "good.parquet", tmp_path / "bad.parquet"
    path = write("t.csv", "id,failed,key\n1,no,a\n2,yes,B\n")
    finding = only(check(path, profile=str(profile), outputs=Outputs(good, bad)))
    assert 'line 3 (2: key "B")' in finding.message
    assert pl.read_parquet(bad).rows() == [("pattern-mismatch:key", "2", "yes", "B")]


def test_a_foreign_csv_becomes_typed_and_sorted(
    tmp_path: Path, write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("standoff.bulk.outputs.SORTED_AT_A_TIME", 2)
    days = ["2020-03-01", "2020-01-02", "2020-03-01", "2019-12-31", "2020-01-02"]
    rows = pl.DataFrame({"id": list("abcde"), "date": days, "actor": ["USA"] * 5, "action": ["010"] * 5})
    out = tmp_path / "out.parquet"
    check(write("t.csv", rows), outputs=Outputs(out, sort="date"))
    written = pl.read_parquet(out)
    assert written.schema["date"] == pl.Date
    assert written["id"].to_list() == ["d", "b", "e", "a", "c"]


@pytest.mark.parametrize(
    ("outputs", "message"),
    [
        (Outputs(Path("t.csv")), "names end in .parquet"),
        (Outputs(Path("no/such/folder.parquet")), "there is no folder"),
        (Outputs(Path("x.parquet"), Path("x.parquet")), "the same name"),
        (Outputs(sort="date"), "give --out or --split too"),
        (Outputs(Path("x.parquet"), sort="dat"), 'no column "dat"'),
    ],
)
def test_outputs_that_make_no_sense_are_refused(
    outputs: Outputs, message: str, tmp_path: Path, write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = write("t.csv", table())
    with pytest.raises(UsageError, match=message):
        check(path, outputs=outputs)
    assert list(tmp_path.iterdir()) == [path]


def test_an_output_never_replaces_what_is_read(write: Any) -> None:
    path, documents = write("t.parquet", table()), write("documents.parquet", table())
    for read in (path, documents):
        with pytest.raises(UsageError, match="it is read"):
            check(path, references={"documents": documents}, outputs=Outputs(read))


def test_an_output_never_replaces_a_folder(tmp_path: Path, write: Any) -> None:
    (tmp_path / "parts.parquet").mkdir()
    with pytest.raises(UsageError, match=r"parts\.parquet is a folder"):
        check(write("t.parquet", table()), outputs=Outputs(tmp_path / "parts.parquet"))


@pytest.mark.parametrize("asked", [".", "parts", "parts/*.parquet", "../here/parts", "parts/[g1]*"])
@pytest.mark.parametrize("output", ["parts/good.parquet", "../here/parts/good.parquet"])
def test_an_output_never_becomes_a_part_of_what_is_read(
    asked: str, output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here" / "parts").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    table().write_parquet("parts/1.parquet")
    for asked_for in (Outputs(Path(output)), Outputs(failures=Path(output))):
        with pytest.raises(UsageError, match=r"good\.parquet would be taken for a part of"):
            check(Path(asked), outputs=asked_for)
    assert [path.name for path in Path("parts").iterdir()] == ["1.parquet"]


@pytest.mark.parametrize(
    ("asked", "output"),
    [
        ("parts/1.*", "parts/good.parquet"),
        ("parts/1.parquet", "parts/good.parquet"),
        ("parts", "good.parquet"),
        ("parts", "parts/_good.parquet"),
    ],
)
def test_an_output_may_lie_beside_what_is_read(
    asked: str, output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "parts").mkdir()
    monkeypatch.chdir(tmp_path)
    table().write_parquet("parts/1.parquet")
    assert check(Path(asked), outputs=Outputs(Path(output))).outputs == {output: 3}


def test_what_was_written_is_said(tmp_path: Path, write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path, good, bad, failures = (
        str(tmp_path / f"{name}.parquet") for name in ("t", "good", "bad", "failures")
    )
    write("t.parquet", table(action=["010", "190", "999"], actor=["USA", "IRN", ""]))
    arguments = ["check", path, "--split", good, bad, "--failures", failures]
    assert main(arguments) == 1
    told = capsys.readouterr().out
    for file, rows in ((good, "2 rows"), (bad, "1 row"), (failures, "2 rows")):
        assert f"{file}: {rows} written\n" in told
    assert main([*arguments, "--format", "json"]) == 1
    written = json.loads(capsys.readouterr().out)["outputs"]
    assert written == [{"path": good, "rows": 2}, {"path": bad, "rows": 1}, {"path": failures, "rows": 2}]


def test_of_a_table_that_is_not_whole_nothing_is_written(
    tmp_path: Path, write: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "parts").mkdir()
    write("parts/1.parquet", table())
    write("parts/2.parquet", b"PAR1 and no more")
    out = write("out.parquet", b"what was there before")
    asked = [
        tmp_path / "parts",
        write("t.csv", f"{HEADER}\n{ROW_A[:-1]},x\n"),
        write("u.csv", table().drop("action")),
    ]
    for path in asked:
        assert main(["check", str(path), "--profile", "cameo-minimal", "--out", str(out)]) == 1
        assert f"{out}: not written, because of errors in a file or its header" in capsys.readouterr().out
        assert out.read_bytes() == b"what was there before"


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    """The limit on file sizes stands for the disk: writing beyond it fails in the same way."""
    rows = pl.select(id=pl.int_range(300_000).cast(pl.String)).with_columns(
        pl.col("id").hash().cast(pl.String).alias("actor"), date=pl.lit("2020-01-01"), action=pl.lit("010")
    )
    rows.write_csv(tmp_path / "t.csv")
    out = tmp_path / "out.parquet"
    out.write_bytes(b"what was there before")

    def limited() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 18, 1 << 18))

    command = [sys.executable, "-m", "standoff", "check", str(tmp_path / "t.csv"), "--out", str(out)]
    ran = subprocess.run(command, capture_output=True, text=True, preexec_fn=limited, check=False)
    assert ran.returncode == 2, ran.stderr
    assert "File too large; nothing was left behind" in ran.stderr
    assert out.read_bytes() == b"what was there before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.parquet", "t.csv"]


def test_a_full_disk_under_the_scratch_files_is_told(
    write: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The rows that fail are written in the midst of polars' query, which would hide the number of the error."""
    real = pa.ipc.new_file

    class Full:
        def __init__(self, *given: Any, **named: Any) -> None:
            self.close = real(*given, **named).close

        def write(self, rows: pa.Table) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(pa.ipc, "new_file", Full)
    monkeypatch.setattr("standoff.bulk.failing_rows.AT_A_TIME", 1)
    assert main(["check", str(write("t.csv", table(action=["010", "999", "042"])))]) == 2
    assert "No space left on device; nothing was left behind" in capsys.readouterr().err


# ---- profiles ----------------------------------------------------------------------------------------------------

PROFILE = """
title = "a table of mine"
key = ["key"]
[[columns]]
name = "key"
"""


@pytest.mark.parametrize("name", profile_files.shipped())
def test_shipped_profiles_are_sound_and_name_columns_that_rules_know(name: str) -> None:
    profile = profile_files.load_profile(name)
    names = {column.name for column in profile.columns}
    # ACLED, UCDP, POLECAT and lists of mentions or quadruples have no CAMEO codes.
    assert {"date", "action"} <= names or not names & {"action", "root", "quad_class", "goldstein"}
    # Rows of these formats have no id, and no columns that are different in every row.
    assert profile.key or name in ("gdelt2-mentions", "gdelt-reduced", "petrarch2", "icews-quadruples")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title = 1", "is not of type 'string'"),
        ("title =", "cannot be read"),
        (PROFILE + f"type = 'int64'\nminimum = 1{'0' * 5000}\n", "cannot be read"),
        (PROFILE + "x = " + "[" * 5000 + "]" * 5000, "cannot be read"),
        (PROFILE + f"type = 'float64'\nvalues = [1{'0' * 400}]\n", "greater than the maximum"),
        (PROFILE + "type = 'float64'\nminimum = nan\n", "the bounds of a number are numbers"),
        (PROFILE.replace("[[columns]]", "[[columns]]\ncolour = 1"), "'colour' was unexpected"),
        (PROFILE.replace('["key"]', '["id"]'), 'there is no column "id"'),
        (PROFILE + "[[columns]]\nname = 'key'\n", 'name "key" occurs more than once'),
        (PROFILE + "pattern = '('\n", "is not a regular expression"),
        (PROFILE + "minimum = 1\n", "minimum and maximum are for numbers, dates and moments"),
        (PROFILE + "type = 'date'\nminimum = 1\n", 'are written "1979-01-01"'),
        (PROFILE + "type = 'date'\nminimum = '1 Jan 1979'\n", 'are written "1979-01-01"'),
        (PROFILE + "type = 'int32'\nvalues = ['1']\n", "the values of int32 columns are numbers"),
        (PROFILE + "type = 'date'\nminimum = '1979-13-01'\n", 'are written "1979-01-01"'),
        (PROFILE + "type = 'date'\nminimum = '19790101'\n", 'are written "1979-01-01"'),
        (PROFILE + "type = 'date'\nvalues = ['2020-01-01']\n", "a list of values is for text and numbers"),
        (PROFILE + "type = 'int32'\nvalues = [1.5]\n", "the values of int32 columns are whole numbers"),
        (PROFILE + "pattern = '(?x)5 # five'\n", "is not a regular expression"),
        (PROFILE + "[[columns]]\nname = 'action'\ntype = 'int32'\n", "take a column of this name for string"),
        (PROFILE + "[[columns]]\nname = 'date_earliest'\n", "take a column of this name for date"),
        (PROFILE + "[[columns]]\nname = 'count_min'\n", "take a column of this name for int32"),
        (
            PROFILE + "[[columns]]\nname = 'd'\ntype = 'date'\nformat = '%Q'\n",
            'no date can be read in the form "%Q"',
        ),
        (PROFILE + '[[columns]]\nname = "x\\n"\n', "does not match"),
        (PROFILE.replace("key =", "skip = ['no-rule']\nkey ="), 'there is no rule "no-rule"'),
    ],
)
def test_a_profile_with_a_fault_is_refused_with_the_place(text: str, message: str, write: Any) -> None:
    with pytest.raises(UsageError, match="the profile") as caught:
        profile_files.load_profile(str(write("p.toml", text)))
    assert message in str(caught.value)


def test_whole_numbers_may_list_the_values_of_a_column_of_numbers(write: Any) -> None:
    profile = write("p.toml", PROFILE + "type = 'float64'\nvalues = [1, 2]\n")
    assert only(check(write("t.csv", "key\n1.0\n2.5\n"), profile=str(profile))).code == "value-not-listed"


def test_an_unknown_profile_gets_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean gdelt2"):
        profile_files.load_profile("gdelt-2")


def test_a_format_without_its_year_is_the_newest() -> None:
    assert profile_files.load_profile("acled").name == "acled2024"


def gdelt_line(profile: str, **changed: str) -> str:
    """A line of GDELT as it is published."""
    cells = dict.fromkeys((c.name for c in profile_files.load_profile(profile).columns), "")
    cells |= {
        "event_id": "410412347",
        "date": "20150218",
        "month": "201502",
        "year": "2015",
        "date_fraction": "2015.1315",
    }
    cells |= {
        "actor_name": "IRAN",
        "target_geo_type": "0",
        "action_geo_type": "0",
        "actor_code": "IRNGOV",
        "actor_country": "IRN",
        "actor_type1": "GOV",
        "actor_geo_name": "Tehran, Tehran, Iran",
        "actor_geo_country": "IR",
        "actor_geo_adm1": "IR26",
        "actor_geo_feature": "10074674",
        "is_root_event": "1",
        "action": "042",
        "action_base": "042",
    }
    cells |= {
        "root": "04",
        "quad_class": "1",
        "goldstein": "1.9",
        "mentions": "6",
        "sources": "1",
        "articles": "6",
    }
    cells |= {"tone": "2.63", "actor_geo_type": "4", "actor_latitude": "35.75", "actor_longitude": "51.5148"}
    cells |= {"added": "20150218" if profile == "gdelt1" else "20150218230000", "url": "http://example.org/a"}
    return "\t".join({**cells, **changed}.values()) + "\n"


@pytest.mark.parametrize("profile", ["gdelt1", "gdelt2"])
def test_gdelt_is_known_by_its_form_and_checked_in_its_scale(profile: str, write: Any) -> None:
    good = gdelt_line(profile)
    assert check(write("20150218.export.csv", good)).findings == []
    bad = good + gdelt_line(
        profile, event_id="2", goldstein="-5.0", action="016", action_base="016", root="01"
    )
    finding = only(check(write("bad.csv", bad), profile=profile))
    assert (finding.code, finding.line) == ("goldstein-mismatch", 2)
    assert "the code list has -2.0" in finding.message


def test_gdelt_1_files_without_addresses_are_whole(write: Any) -> None:
    line = gdelt_line("gdelt1").rsplit("\t", 1)[0] + "\n"
    assert check(write("1979.csv", line)).findings == []


def test_icews_is_checked_in_its_own_scale_and_by_id_and_date(write: Any) -> None:
    names = [column.source for column in profile_files.load_profile("icews").columns]

    def line(day: str, value: str) -> str:
        cells = {
            "Event ID": "1",
            "Event Date": day,
            "CAMEO Code": "016",
            "Intensity": value,
            "Source Name": "Iran",
        }
        return "\t".join(cells.get(name, "") for name in names) + "\n"

    text = "\t".join(names) + "\n" + line("2015-01-01", "-5.0") + line("2015-01-02", "-2.0")
    finding = only(check(write("events.2015.tab", text)))
    assert (finding.code, finding.line) == ("goldstein-mismatch", 3)
    assert "the code list has -5.0" in finding.message


# ---- the command -------------------------------------------------------------------------------------------------


def test_the_command_reports_in_every_format_with_the_same_status(
    write: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = str(write("t.csv", table(action=["010", "999", "042"])))
    for form in ("text", "json", "github", "sarif", "junit"):
        assert main(["check", bad, "--format", form]) == 1
        assert "action-unknown" in capsys.readouterr().out
    assert main(["check", bad, "--ignore", "action-unknown"]) == 0
    assert main(["check", bad, "--select", "value-missing"]) == 0


def test_a_build_server_is_told_of_the_rules_that_a_table_kept(
    write: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(write("t.csv", table())), "--format", "junit"]) == 0
    told = capsys.readouterr().out
    assert all(f'name="{code}"' in told for code in ("action-unknown", "duplicate-row-key", "value-missing"))


@pytest.mark.parametrize("engine", ["spark", "dask"])
@pytest.mark.parametrize("uri", ["hdfs:///gdelt/2015/", "s3://bucket/x.parquet", "file:///x.csv", "C:/x.csv"])
def test_addresses_reach_a_cluster_as_they_were_given(
    engine: str, uri: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[run.Request] = []

    def checked(request: run.Request, **_: object) -> Report:
        asked.append(request)
        return Report()

    monkeypatch.setattr("standoff.bulk.run.check_tables", checked)
    monkeypatch.setattr("standoff.checking.engine_named", lambda name: name)
    monkeypatch.setattr(Path, "is_file", lambda _: True)
    assert main(["check", "--engine", engine, uri, "--reference", f"documents={uri}"]) == 0
    located = uri if "://" in uri else Path(uri)
    assert asked == [run.Request([located], references={"documents": located})]


@pytest.mark.parametrize("engine", ["spark", "dask"])
def test_an_engine_that_is_not_installed_is_asked_for(
    engine: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for module in ("pyspark", "pyspark.sql", "pyspark.errors", "dask", "dask.dataframe"):
        monkeypatch.setitem(sys.modules, module, None)
    assert main(["check", "--engine", engine, "x.parquet"]) == 2
    assert f"--engine {engine} needs" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["t.csv", "--reference", "documents=no.parquet"], "there is no file no.parquet"),
        (["nowhere.parquet"], "does not exist"),
        (["no*.parquet"], "no file matches"),
        (["t.csv", "--table", "event"], 'there is no table "event"'),
        (["t.csv", "--table", "events", "--profile", "icews"], "give one of them"),
        (["t.csv", "--reference", "documents"], "write table=file"),
        (["t.csv", "--fix"], "are for annotation files"),
        (["--profile", "icews"], "say which table"),
        (["other.csv"], "of no format that standoff knows"),
    ],
)
def test_wrong_usage_says_what_is_right(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    write: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    write("t.csv", table())
    write("other.csv", "x,y\n1,2\n")
    assert main(["check", *arguments]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("options", [[], ["--table", "events"]])
@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("t.xlsx", '"CSV UTF-8"'),
        ("t.dta", "export delimited"),
        ("t.rds", "write.csv"),
        ("t.txt", "the ending .csv or .tsv"),
        ("folder", "CSV in UTF-8"),
    ],
)
def test_tables_of_other_formats_are_told_how_to_become_readable(
    name: str, advice: str, options: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.mkdir() if name == "folder" else path.write_bytes(b"PK")
    read_as_text = bool(options) and name == "t.txt"
    a_finding = path.is_file() and (options or name == "t.txt")
    assert main(["check", str(path), *options]) == (1 if a_finding else 2)
    told = "".join(capsys.readouterr())
    assert read_as_text or advice in told
    assert read_as_text or ".parquet, .csv, .tsv, .tab, .jsonl, .ndjson" in told


@pytest.mark.parametrize("name", ["-", "pipe.csv", "loop.csv"])
def test_what_is_no_file_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe.csv")
    Path("loop.csv").symlink_to("loop.csv")
    for options in [], ["--profile", "gdelt2"]:
        assert main(["check", *options, "--", name]) == 2
        said = capsys.readouterr().err
        assert ("does not exist" if name == "loop.csv" else "Save it as a file") in said


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_states_the_encoding(encoding: str, write: Any) -> None:
    path = write("t.csv", f"{HEADER}\n{ROW_A}{ROW_B.replace('010', 'É10')}".encode(encoding))
    report = check(path, profile="cameo-minimal")
    assert (report.records, only(report).line, only(report).code) == (2, 3, "action-unknown")


@pytest.mark.parametrize("change", ["append", "replace", "remove"])
def test_a_file_that_changes_while_it_is_read_is_a_finding(
    change: str, tmp_path: Path, write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, read = write("t.csv", f"{HEADER}\n{ROW_A}"), run.checking_rows.check

    def changed(*args: Any, **asked: Any) -> Any:
        if change == "remove":
            path.unlink()
        else:
            path.write_text(f"{HEADER}\n{ROW_A if change == 'append' else ''}{ROW_B}", encoding="utf-8")
        return read(*args, **asked)

    monkeypatch.setattr(run.checking_rows, "check", changed)
    report = check(path, profile="cameo-minimal", outputs=Outputs(good=tmp_path / "good.parquet"))
    assert "changed or removed" in only(report).message
    assert not (tmp_path / "good.parquet").exists()


def test_progress_tells_rate_and_time_left() -> None:
    told = progress.rows(2_000_000, 10_000_000, 0.5)
    assert told == "20 %, 2,000,000 rows, 4.0 million a second, 2 s left"


def test_progress_counts_every_row(write: Any) -> None:
    told: list[tuple[int, int | None]] = []
    check_tables(Request([write("t.parquet", table())]), lambda done, total: told.append((done, total)))
    assert told[-1] == (3, 3)


# ---- memory ------------------------------------------------------------------------------------------------------

PEAK = """
import os, pathlib, sys, threading, time
from standoff.cli import main

def held():  # without the pages of mapped files, as the benchmark counts
    resident, shared = map(int, pathlib.Path("/proc/self/statm").read_text().split()[1:3])
    return (resident - shared) * os.sysconf("SC_PAGE_SIZE") >> 20

def watch():
    while True:
        peak[0] = max(peak[0], held())
        time.sleep(0.01)

peak = [0]
threading.Thread(target=watch, daemon=True).start()
status = main(sys.argv[1:])
print(status, peak[0])
"""


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_four_million_rows_are_checked_within_a_gigabyte(ending: str, tmp_path: Path) -> None:
    """One rule that leaves the streaming engine, or rows that wait with their batches, would hold the table."""
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from benchmarks import generate

    path = tmp_path / f"t.{ending}"
    generate.write(path, 4_000_000, faulty=0.01)
    profile = Path(__file__).parents[2] / "benchmarks" / "cameo13.toml"
    documents = f"documents={tmp_path / 't.documents.parquet'}"
    split = ["--split", str(tmp_path / "good.parquet"), str(tmp_path / "bad.parquet")]
    command = [
        sys.executable,
        "-c",
        PEAK,
        "check",
        str(path),
        "--profile",
        str(profile),
        "--reference",
        documents,
    ]
    for more in [[], split]:
        ran = subprocess.run([*command, *more], capture_output=True, text=True, check=True)
        status, peak = map(int, ran.stdout.splitlines()[-1].split())
        assert status == 1
        assert peak < 1000, "MiB"


def test_no_row_group_grows_beyond_its_limit(
    tmp_path: Path, write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows wait in memory until their group is written."""
    monkeypatch.setattr("standoff.bulk.outputs.ROW_GROUP", 3)
    rows = table().vstack(table(action=["1", "2", "3"]))
    good, bad = tmp_path / "good.parquet", tmp_path / "bad.parquet"
    path = write("t.parquet", pl.concat([rows] * 3).with_columns(id=pl.int_range(18).cast(pl.String)))
    check(path, outputs=Outputs(good, bad))
    for written in (good, bad):
        meta = pq.read_metadata(written)
        groups = [meta.row_group(i).num_rows for i in range(meta.num_row_groups)]
        assert (sum(groups), max(groups)) == (9, 3)


def test_few_batches_wait_to_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that fails keeps the texts of its whole batch in memory while it waits."""
    monkeypatch.setattr("standoff.bulk.failing_rows.AT_A_TIME", 6)
    path, frame = tmp_path / "failed.arrow", pl.LazyFrame({"x": ["a", "b", "c"]})
    with Sieve(path, frame, pl.col("x") != "b", ["x"]) as sieve:
        for _ in range(5):
            frame.select(sieve.passed).collect()
    assert sieve.rows == 15
    with pa.ipc.open_file(path) as written:
        assert [written.get_batch(i).num_rows for i in range(written.num_record_batches)] == [2, 2, 1]


def test_a_sieve_leaves_nothing_behind(tmp_path: Path) -> None:
    """Programs and workers check many tables in one process; the collector does not see what a query of polars holds."""

    class Values(list[pl.Series]):
        pass

    def sift(values: Values) -> list[weakref.ref[Any]]:
        frame = pl.LazyFrame({"x": ["a", "b", "c"]})
        taken = (pl.col("x"), values.append)
        with Sieve(tmp_path / "failed.arrow", frame, pl.col("x") != "b", ["x"], taken) as sieve:
            frame.select(sieve.passed).collect(engine="streaming")
        assert sum(map(len, values)) == 3
        return [weakref.ref(sieve), weakref.ref(values)]

    remaining = sift(Values())
    gc.collect()
    assert [reference() for reference in remaining] == [None, None]


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="the system does not list the open files")
def test_no_file_stays_open_after_a_check(write: Any) -> None:
    """The scratch files hold rows whose key repeats, and a row whose action is unknown."""
    path = write("t.csv", table(id=["a", "a", "b"], action=["010", "190", "999"]))
    assert check(path, profile="cameo-minimal").rejected == 3
    opened = [str(file.readlink()) for file in Path("/proc/self/fd").iterdir() if file.is_symlink()]
    assert [name for name in opened if ".arrow" in name] == []


@pytest.mark.parametrize("name", ["t.csv", "t.parquet", "t.jsonl"])
def test_a_file_that_may_not_be_read_is_a_finding(
    name: str, write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, opened = write(name, table()), Path.open

    def refuse(asked: Path, *how: Any, **more: Any) -> Any:  # for the superuser, who may read every file
        if asked == path:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return opened(asked, *how, **more)

    path.chmod(0)
    monkeypatch.setattr(Path, "open", refuse)
    assert "Permission denied" in only(check(path, profile="cameo-minimal")).message
