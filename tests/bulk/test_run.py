"""Checking tables of any size: what a user of `standoff check TABLE` sees, on good files and on bad ones."""

from __future__ import annotations

import gzip
import os
import sys
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.bulk.small_tables import HEADER, PROFILE, ROW_A, ROW_B, check, only, table

from standoff.bulk import outputs, run, streams, uniqueness
from standoff.bulk.outcome import FAILED
from standoff.bulk.outputs import Outputs
from standoff.bulk.request import Request
from standoff.bulk.run import check_tables
from standoff.cli import main, progress
from standoff.findings import Report, UsageError

# ---- every kind of file ---------------------------------------------------------------------------------------------


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
    facts = ('"date"', "2020-12-31", "line 3 ", '"01/02/2020"')
    assert [fact for fact in facts if fact not in finding.message] == []


# ---- uniqueness and references --------------------------------------------------------------------------------------


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
    assert (finding.code, finding.data["failing"], finding.data["rows"]) == ("value-unreadable", 1, 2)


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
    assert (finding.code, finding.data["failing"], finding.data["rows"]) == ("value-unreadable", 1, 3)


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
    counts = {"failing": 2, "rows": 5, "keys": 1, "conflicting_keys": 0}
    assert {name: finding.data[name] for name in counts} == counts  # type: ignore[literal-required]
    assert [place for place in ("line 3 (cd)", "line 5 (cd)") if place not in finding.message] == []
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
        ("d.csv.gz", gzip.compress(b"0" * (4 << 20), mtime=0), "decompresses to more than 300 times"),
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


# ---- the command ----------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("name", ["action", "note"])
def test_a_name_twice_in_a_json_line_loses_no_value_silently(name: str, write: Any) -> None:
    line = '{"id": "a", "date": "2020-01-01", "actor": "USA", "action": "010", "target": "IRN"'
    finding = only(check(write("t.jsonl", f'{line}, "note": "x", "{name}": "042"}}\n')))
    assert (finding.code, finding.line) == ("table-unreadable", 1)
    assert f'"{name}" twice' in finding.message


@pytest.mark.parametrize("again", ['"note": "y"', '"note" : "y"', '"n\\u006fte": "y"', '"action":"042"'])
def test_a_name_twice_is_found_in_any_line_of_json(again: str, write: Any) -> None:
    lines = [
        f'{{"id": "e{i}", "date": "2020-01-01", "actor": "USA", "action": "010", "target": "IRN", "note": "a \\"b\\": c"'
        for i in range(400)
    ]
    text = "".join(f"{line}}}\n" for line in lines)
    assert [found.code for found in check(write("sound.jsonl", text)).findings] == ["column-unexpected"]
    finding = only(check(write("t.jsonl", text.replace(f"{lines[300]}}}", f"{lines[300]}, {again}}}"))))
    assert (finding.code, finding.line) == ("table-unreadable", 301)


def test_a_file_whose_name_begins_with_a_dash_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("-dash.csv").write_text(f"{HEADER}\n{ROW_A}", "utf-8")
    with pytest.raises(SystemExit):
        main(["check", "-dash.csv"])
    assert '"./-dash.csv"' in capsys.readouterr().err
