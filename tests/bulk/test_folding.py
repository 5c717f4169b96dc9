"""One fault that many checks notice is one finding."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.bulk.small_tables import HEADER, ROW_A, ROW_B, check, gdelt_line, only

from standoff.bulk.outputs import Outputs
from standoff.bulk.profile_files import load_profile

ROWS = [
    ["a", "2020-01-01", "USA", "010", "IRN"],
    ["b", "2020-01-02", "IRN", "190", "USA"],
    ["c", "2020-02-29", "ISR", "042", "FRA"],
]
NAMES = HEADER.split(",")


def written(rows: list[list[str]], separator: str = ",", header: list[str] | None = NAMES) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\n").writerows(
        [*([header] if header else []), *rows]
    )
    return text.getvalue()


def gdelt_rows(number: int = 6) -> list[list[str]]:
    """Rows of GDELT with values that differ, so that columns can be told from each other."""
    return [
        gdelt_line(
            "gdelt2",
            event_id=str(410412347 + i),
            target_code="FRA",
            target_name="FRANCE",
            target_country="FRA",
        )
        .rstrip("\n")
        .split("\t")
        for i in range(number)
    ]


def exchanged(rows: list[list[str]], one: int, other: int) -> list[list[str]]:
    for row in rows:
        row[one], row[other] = row[other], row[one]
    return rows


@pytest.mark.parametrize(
    "names", [("date", "actor"), ("actor", "action"), ("date", "target"), ("id", "date")]
)
def test_two_columns_that_are_exchanged_are_one_finding(names: tuple[str, str], write: Any) -> None:
    one, other = map(NAMES.index, names)
    finding = only(check(write("t.csv", written(exchanged([row[:] for row in ROWS], one, other)))))
    assert (finding.code, finding.line) == ("columns-swapped", 2)
    assert finding.data == {"failing": 3, "rows": 3, "columns": list(names)}


@pytest.mark.parametrize(
    "names",
    [
        ("Actor1Code", "Actor1Name"),
        ("Actor1Code", "Actor2Code"),
        ("EventCode", "EventRootCode"),
        ("SQLDATE", "DATEADDED"),
        ("QuadClass", "GoldsteinScale"),
    ],
)
def test_columns_of_gdelt_that_are_exchanged_are_one_finding(names: tuple[str, str], write: Any) -> None:
    sources = [column.source for column in load_profile("gdelt2").columns]
    rows = exchanged(gdelt_rows(), *map(sources.index, names))
    finding = only(check(write("20150218.export.csv", written(rows, "\t", None)), profile="gdelt2"))
    assert (finding.code, finding.data["columns"]) == ("columns-swapped", list(names))


@pytest.mark.parametrize(
    "text",
    [
        written([[*row[:3], "999", row[4]] for row in ROWS]),
        written([[row[0], f"{i + 1:02}/01/2020", *row[2:]] for i, row in enumerate(ROWS)]),
        written([[row[0], "", *row[2:]] for row in ROWS]),
        written([[row[0], row[2], *row[2:]] for row in ROWS]),
        written(exchanged([row[:] for row in ROWS], 1, 2)[:1] + ROWS[1:]),
    ],
    ids=["a code", "a form", "missing", "copied", "one row"],
)
def test_other_faults_of_a_column_are_no_exchange(text: str, write: Any) -> None:
    assert "columns-swapped" not in {finding.code for finding in check(write("t.csv", text)).findings}


def test_what_else_is_wrong_beside_exchanged_columns_is_reported(write: Any) -> None:
    rows = exchanged([row[:] for row in ROWS], 1, 2)
    rows[2][3] = "999"
    found = {
        finding.code: finding.data["failing"] for finding in check(write("t.csv", written(rows * 4))).findings
    }
    assert found == {"columns-swapped": 12, "action-unknown": 4, "duplicate-row-key": 12}


def test_one_spelling_of_numbers_in_many_columns_is_one_finding(write: Any) -> None:
    columns = load_profile("gdelt2").columns
    floats = [i for i, column in enumerate(columns) if column.kind == "float64"]
    rows = gdelt_rows()
    for row in rows:
        for i in floats:
            row[i] = row[i].replace(".", ",")
    rows[0][floats[1]] = "1.9"  # so that it is not the same rows that fail
    finding = only(check(write("20150218.export.csv", written(rows, "\t", None))))
    assert (finding.code, finding.data["failing"]) == ("value-unreadable", 6)
    assert finding.data["columns"] == [columns[i].source for i in floats if rows[1][i]]


@pytest.mark.parametrize(
    "again",
    [HEADER.upper(), f"\ufeff{HEADER}", ",".join(f'"{name}"' for name in NAMES), "ID,Date,Actor,Action,"],
)
def test_a_header_in_the_middle_is_one_finding_however_it_is_written(
    again: str, tmp_path: Path, write: Any
) -> None:
    good = tmp_path / "good.parquet"
    finding = only(check(write("t.csv", f"{HEADER}\n{ROW_A}{again}\n{ROW_B}"), outputs=Outputs(good)))
    assert (finding.code, finding.line, finding.data["failing"]) == ("table-unreadable", 3, 1)
    assert pl.read_parquet(good)["id"].to_list() == ["a", "b"]


def test_a_byte_order_mark_in_the_middle_is_named(write: Any) -> None:
    finding = only(check(write("t.csv", f"{HEADER}\n{ROW_A}\ufeff{ROW_B}")))
    assert (finding.code, finding.line) == ("cell-damaged", 3)
    assert "byte order mark" in finding.remedy


@pytest.mark.parametrize(
    "top", ["Events of 2020\n", "# by hand\n# in 2020\n", "Events of 2020,,,,\n", ",,,,\n"]
)
def test_a_header_below_a_title_is_found(top: str, write: Any) -> None:
    finding = only(check(write("t.csv", f"{top}{HEADER}\n{ROW_A}{ROW_B}")))
    assert (finding.code, finding.line) == ("table-unreadable", 1 + top.count("\n") + (top[0] == ",") * 0)
    assert "not in the first" in finding.message


@pytest.mark.parametrize("end", [",", ",x", ",x,y"])
def test_lines_that_all_have_too_many_cells_are_one_finding(end: str, write: Any) -> None:
    rows = "".join(
        row.replace("\n", f"{end}\n")
        for row in (ROW_A, ROW_B, ROW_A.replace("a,", "c,"), ROW_A.replace("a,", "d,"))
    )
    report = check(write("t.csv", f"{HEADER}\n{rows}"))
    finding = only(report)
    assert (finding.code, finding.line, finding.data["failing"]) == ("table-unreadable", 2, 4)
    # One sound row more than those: each is listed, with its line.
    sound = "".join(ROW_A.replace("a,", f"s{i},") for i in range(5))
    found = check(write("u.csv", f"{HEADER}\n{rows}{sound}")).findings
    assert [(f.code, f.line) for f in found] == [("table-unreadable", line) for line in (2, 3, 4, 5)]
