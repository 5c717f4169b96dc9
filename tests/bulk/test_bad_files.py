"""Bad files and bad cells: a finding each, and never a traceback."""

from __future__ import annotations

import gzip
import io
import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.bulk.small_tables import GOOD, HEADER, PROFILE, ROW_A, ROW_B, check, gdelt_line, only, table

from standoff.bulk import headers, records, streams
from standoff.bulk.outcome import FAILED
from standoff.bulk.outputs import Outputs
from standoff.cli import main
from standoff.findings import UsageError


def zipped(
    *, flags: int = 0, method: int = 8, damaged: bool = False, more: str = "", contents: bytes = b""
) -> bytes:
    """A zip file of one table with other flags or another method than it says, with damaged contents, or with more files."""
    archived = io.BytesIO()
    with zipfile.ZipFile(archived, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("t.csv", contents or f"{HEADER}\n" * 9)
        if more:
            archive.writestr(more, "x")
    raw = bytearray(archived.getvalue())
    central = raw.index(b"PK\x01\x02")
    for start, at in ((0, 6), (central, 8)):
        raw[start + at] |= flags
        raw[start + at + 2] = method
    if damaged:
        begins = 30 + len("t.csv")
        raw[begins : begins + 4] = b"\xff" * 4
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
    "Parquet called CSV": ("t.csv", b"PAR1\x15\x04\x15\x10", "it is a Parquet file"),
    "gzip called CSV": ("t.csv", gzip.compress(HEADER.encode()), "it is packed with gzip"),
    "a spreadsheet called CSV": ("t.csv", zipped(), "a zip archive or a spreadsheet"),
    "a web page": ("t.csv", "<!DOCTYPE html>\n<title>404</title>\n", "it is a web page"),
    "a web page for JSON": ("t.json", "<html></html>\n", "it is a web page"),
    "a pointer of Git LFS": ("t.csv", "version https://git-lfs.github.com/spec/v1\nsize 9\n", "a pointer of Git LFS"),
    "bytes of anything": ("t.csv", bytes(range(64)) * 9, "it has null bytes"),
    "an empty JSON object": ("t.json", "{}", "no records"),
    "a CSV file called zip": ("t.zip", f"{HEADER}\n", "not packed with zip"),
    "a carriage return in a line": ("t.csv", f"{HEADER}\na,2020-01-01,USA,010,IRN\rb,2020-01-02,USA,010,IRN\n", "a carriage return without a line feed"),
    "half a JSON line": ("t.jsonl", '{"id": "a"}\n{"id":\n', "the line is no JSON"),
    "a JSON list": ("t.jsonl", "[1, 2]\n", "not an array of JSON objects"),
    "records in an object": ("t.json", '{"count": 1,\n "data": [{"id": "a"}]}', 'whose records are in "data"'),
    "a number that JSON does not know": ("t.jsonl", '{"id": "a"}\n{"id": NaN}\n', "it has NaN"),
    "such a number in an array": ("t.json", '[{"id": -Infinity}]', "it has -Infinity"),
    "an object for a text": ("t.jsonl", '{"id": "a"}\n{"actor":\t{"code": "USA"}}\n', '"actor" has an object'),
    "a list for a text, in an array": ("t.json", '[{"id": "a"}, {"actor": ["USA"]}]', 'record 2: "actor" has a list'),
    "a file that was not written to its end": ("t.csv", f"{HEADER}\n{ROW_A}".encode() + bytes(900), "not written to its end"),
    "no gzip": ("t.csv.gz", "hello", "not packed with gzip"),
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
    "a zip of nothing": ("t.csv.zip", b"PK\x05\x06" + b"\0" * 18, "the archive is empty"),
    "a zip of several files": ("t.zip", zipped(more="README.txt"), "2 files instead of one table: t.csv, README.txt"),
    "a zip in a zip": ("t.zip", zipped(contents=zipped()), "unpacked, it is a zip archive"),
    "a web page called zip": ("t.zip", "<html>404</html>", "it is a web page"),
    "gzip of nothing": ("t.csv.gz", gzip.compress(b""), "the file is empty"),
    "Feather of version 1": ("t.feather", b"FEA1" + bytes(40), "a Feather file of version 1"),
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


def test_the_line_from_which_on_a_file_was_not_written_is_named(write: Any) -> None:
    assert only(check(write("t.csv", f"{HEADER}\n{ROW_A}".encode() + bytes(900)))).line == 3


def test_a_null_byte_in_a_cell_is_a_fault_of_its_row(write: Any) -> None:
    finding = only(check(write("t.csv", f"{HEADER}\n{ROW_A}{ROW_B.replace('USA', 'U' + chr(0) + 'A')}")))
    assert (finding.code, finding.line) == ("cell-damaged", 3)


def test_two_columns_of_one_name_are_found_in_every_format(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.feather
    import pyarrow.parquet

    columns = ["id", *HEADER.split(",")]
    stored = pa.table([pa.array(["a"])] * len(columns), names=columns)
    pa.parquet.write_table(stored, tmp_path / "t.parquet")
    (tmp_path / "t.csv").write_text(",".join(columns) + "\n" + ",".join("a" * len(columns)) + "\n")
    for name in ("t.parquet", "t.csv"):
        assert only(check(tmp_path / name)).code == "header-repeated"


def test_codes_that_are_numbers_in_one_part_are_reported_for_that_part(tmp_path: Path, write: Any) -> None:
    write("a.parquet", table())
    write("b.parquet", table(id=["x", "y", "z"], action=[10, 190, 42]))
    finding = only(check(tmp_path))
    assert (finding.code, Path(finding.path).name) == ("codes-as-numbers", "b.parquet")


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
    assert (finding.code, finding.severity) == ("line-too-short", "error")
    assert finding.line == 2 + short.index("a,") // len(ROW_B)
    assert "3 cells" in finding.message


def test_what_a_line_without_a_cell_causes_is_reported_as_one_finding(tmp_path: Path, write: Any) -> None:
    path, failures = write("t.csv", f"{HEADER}\na,USA,010,IRN\n{ROW_B}"), tmp_path / "failures.parquet"
    assert only(check(path, outputs=Outputs(failures=failures))).code == "line-too-short"
    assert pl.read_parquet(failures).select("row", "rule").rows() == [(1, "line-too-short")]


def test_short_lines_are_among_the_rows_that_fail(tmp_path: Path, write: Any) -> None:
    good, bad = tmp_path / "good.parquet", tmp_path / "bad.parquet"
    text = f"{HEADER}\n{ROW_A}c,2020-01-01,USA,010\n{ROW_B}"
    report = check(write("t.csv", text), outputs=Outputs(good, bad))
    assert (only(report).code, report.records, report.rejected) == ("line-too-short", 3, 1)
    assert pl.read_parquet(good)["id"].to_list() == ["a", "b"]
    assert pl.read_parquet(bad).select("id", FAILED).rows() == [("c", "line-too-short")]


def test_short_lines_hide_no_fault_of_other_rows(write: Any) -> None:
    report = check(write("t.csv", f"{HEADER}\na,2020-01-01\nb,2020-01-01,USA,999,IRN\nSource: me\n"))
    assert [(f.code, f.line) for f in report.findings] == [("line-too-short", 2), ("action-unknown", 3)]
    assert "1 more such line" in report.findings[0].message


def test_keys_of_short_lines_still_repeat(write: Any) -> None:
    codes = [f.code for f in check(write("t.csv", f"{HEADER}\n{ROW_A}a,2020-01-01,USA\n")).findings]
    assert codes == ["duplicate-row-key", "line-too-short"]


def test_a_row_whose_cells_are_in_wrong_columns_is_one_finding(write: Any) -> None:
    cells = gdelt_line("gdelt2").rstrip("\n").split("\t")
    rows = [[str(int(cells[0]) + i), *cells[1:]] for i in range(4)]
    rows[2] = [*rows[2][:5], "", *rows[2][5:-1]]
    text = "".join("\t".join(row) + "\n" for row in rows)
    finding = only(check(write("20150218.export.csv", text)))
    assert (finding.code, finding.line, finding.data["failing"]) == ("cells-moved", 3, 1)


def test_columns_that_are_wrong_in_most_rows_are_not_moved_cells(write: Any) -> None:
    cells = gdelt_line("gdelt2").rstrip("\n").split("\t")
    rows = [[str(int(cells[0]) + i), *cells[1:5], "", *cells[5:-1]] for i in range(4)]
    text = "".join("\t".join(row) + "\n" for row in rows)
    codes = [f.code for f in check(write("20150218.export.csv", text), profile="gdelt2").findings]
    assert "cells-moved" not in codes
    assert len(codes) > 3


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
    assert (finding.data["failing"], finding.data["columns"]) == (1, ["key"])
    facts = ('"key"', "at least 1", "at most 4", "line 3", '"5"')
    assert [fact for fact in facts if fact not in finding.message] == []


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
