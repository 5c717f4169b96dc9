"""Which files are the parts of a table, and how much is looked at for them."""

import gzip
import json
import os
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest
from tests.bulk.small_tables import HEADER, ROW_A, ROW_B, check, only

from standoff.bulk import formats
from standoff.bulk.outputs import Outputs
from standoff.cli import main
from standoff.findings import UsageError


def test_a_folder_that_is_no_table_is_not_walked_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats, "MOST_OTHERS", 5)
    for number in range(6):
        (tmp_path / f"{number}.txt").touch()
    with pytest.raises(UsageError, match="name the folder of one table"):
        formats.parts_in(tmp_path)


def test_a_part_that_is_not_there_is_missed(tmp_path: Path) -> None:
    """As in a dataset of git-annex of which not all files were fetched."""
    (tmp_path / "a.csv").write_text(f"{HEADER}\n{ROW_A}")
    (tmp_path / "b.csv").symlink_to("nowhere")
    finding = only(check(tmp_path))
    assert (finding.code, Path(finding.path).name) == ("table-unreadable", "b.csv")


def test_a_pipe_among_the_parts_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"{HEADER}\n{ROW_A}")
    os.mkfifo(tmp_path / "b.csv")
    with pytest.raises(UsageError, match="pipe"):
        check(tmp_path)


def test_linked_folders_are_gone_through_once(tmp_path: Path) -> None:
    for name, row in (("table/2020/a.csv", ROW_A), ("elsewhere/b.csv", ROW_B)):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(f"{HEADER}\n{row}")
    (tmp_path / "table" / "1999").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "table" / "again").symlink_to(tmp_path / "table")
    (tmp_path / "table" / "latest").symlink_to("2020")
    assert check(tmp_path / "table").records == 2


def test_two_stars_at_the_end_stand_for_all_files_below(tmp_path: Path) -> None:
    (tmp_path / "x" / "y").mkdir(parents=True)
    (tmp_path / "x" / "a.csv").write_text(f"{HEADER}\n{ROW_A}")
    (tmp_path / "x" / "y" / "b.csv").write_text(f"{HEADER}\n{ROW_B}")
    assert check(tmp_path / "x" / "**").records == 2


@pytest.mark.parametrize("ending", [".csv", ".csv.gz", ".parquet", ".jsonl"])
def test_a_name_that_is_not_utf_8_is_one_like_any_other(ending: str, tmp_path: Path) -> None:
    path, good = tmp_path / os.fsdecode(b"\xff \xfe" + ending.encode()), tmp_path / "good.parquet"
    frame = pl.DataFrame(
        {name: [value] * 2 for name, value in zip(HEADER.split(","), ROW_A[:-1].split(","), strict=True)}
    )
    frame = frame.with_columns(id=pl.Series(["a", "b"]), action=pl.Series(["010", "999"]))
    plain = tmp_path / f"plain{ending}"
    if ending == ".csv.gz":
        plain.write_bytes(gzip.compress(frame.write_csv().encode()))
    else:
        {".csv": frame.write_csv, ".parquet": frame.write_parquet, ".jsonl": frame.write_ndjson}[ending](
            plain
        )
    plain.rename(path)
    finding = only(check(path, outputs=Outputs(good)))
    assert (finding.code, finding.path) == ("action-unknown", path.as_posix())
    assert pl.read_parquet(good)["id"].to_list() == ["a"]
    assert check(tmp_path, profile="cameo-minimal").records == 3
    assert main(["check", str(path), "--format", "json"]) == 1


def test_folder_names_give_missing_values_and_values_with_any_sign(tmp_path: Path) -> None:
    names, cells = HEADER.replace("date,actor,", ""), ROW_A.replace("2020-01-01,USA,", "")
    for number, folders in enumerate(
        ["date=__HIVE_DEFAULT_PARTITION__/actor=A", "date=2020-01-01/actor=A%2FB%20C"]
    ):
        (tmp_path / "t" / folders).mkdir(parents=True)
        (tmp_path / "t" / folders / "p.csv").write_text(f"{names}\n{cells.replace('a,', f'{number},')}")
    good = tmp_path / "good.parquet"
    finding = only(check(tmp_path / "t", outputs=Outputs(good)))
    assert (finding.code, finding.data["columns"]) == ("value-missing", ["date"])
    assert pl.read_parquet(good)["actor"].to_list() == ["A/B C"]


def test_columns_of_extension_types_are_what_they_are_stored_as(tmp_path: Path) -> None:
    class Code(pa.ExtensionType):
        def __init__(self) -> None:
            super().__init__(pa.string(), "tests.code")

        def __arrow_ext_serialize__(self) -> bytes:
            return b""

    frame = pa.table(
        {name: [value] for name, value in zip(HEADER.split(","), ROW_A[:-1].split(","), strict=True)}
    )
    actors = pa.ExtensionArray.from_storage(Code(), frame["actor"].combine_chunks())
    stored = frame.set_column(2, "actor", actors)
    pa.parquet.write_table(stored, tmp_path / "t.parquet")
    pa.feather.write_feather(stored, tmp_path / "t.feather")
    with pa.ipc.new_stream(tmp_path / "t.arrows", stored.schema) as out:
        out.write_table(stored)
    for name in ("t.parquet", "t.feather", "t.arrows"):
        good = tmp_path / "good" / "good.parquet"
        good.parent.mkdir(exist_ok=True)
        assert check(tmp_path / name, outputs=Outputs(good)).exit_code == 0
        assert pl.read_parquet(good)["actor"].to_list() == ["USA"]


RECORDS = [
    dict(zip(HEADER.split(","), row[:-1].split(","), strict=True))
    for row in (ROW_A, ROW_B.replace("010", "999"))
]
LINES, ARRAY = "\n".join(map(json.dumps, RECORDS)), json.dumps(RECORDS, indent=1)


@pytest.mark.parametrize("name", ["t.jsonl", "t.json", "t.ndjson.gz"])
@pytest.mark.parametrize("text", [LINES, LINES.replace("\n", "\r\n\r\n") + "\r\n", ARRAY])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_records_of_json_are_read_however_they_are_written(
    name: str, text: str, encoding: str, tmp_path: Path
) -> None:
    content = text.encode(encoding)
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    finding = only(report := check(tmp_path / name))
    line = 1 if text == ARRAY else 2 + ("\r" in text)
    assert (finding.code, finding.line, report.records) == ("action-unknown", line, 2)


def test_many_tables_are_not_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "MOST_OTHERS", 1)
    names = [f"{number}.csv.zip" for number in range(5)]
    for name in ["_SUCCESS", ".part.crc", "notes.txt", *names]:
        (tmp_path / name).touch()
    (tmp_path / "_temporary").mkdir()
    (tmp_path / "_temporary" / "x.csv").touch()
    assert [path.name for path in formats.parts_in(tmp_path)] == names
