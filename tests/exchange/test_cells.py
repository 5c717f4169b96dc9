"""Rows of cells: what a writer of CSV wrote comes back, with its line; what cannot be read is named or refused."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.exchange import cells
from standoff.findings import UsageError

WORDS = st.text("ab,;|\"' é\n", max_size=6).filter(lambda text: text == "" or text.strip() == text)


@given(st.data(), st.sampled_from(",;|"), st.sampled_from(("\n", "\r\n")))
def test_rows_come_back_with_the_line_they_begin_in(tmp_path_factory, data, between, end):
    width = data.draw(st.integers(2, 4))
    written = data.draw(st.lists(st.lists(WORDS, min_size=width, max_size=width), max_size=5))
    out = io.StringIO()
    writer = csv.writer(out, delimiter=between, lineterminator=end)
    starts = []
    for row in [["x"] * width, *written]:
        starts.append(out.getvalue().count("\n") + 1)
        writer.writerow(row)
    path = tmp_path_factory.mktemp("cells") / "t.csv"
    path.write_bytes(("\ufeff" + out.getvalue()).encode())
    found = list(cells.rows(path, between))
    assert [row for _, row, _ in found] == [["x"] * width, *_without_empty_lines(written)]
    assert [number for number, _, _ in found] == starts


def _without_empty_lines(rows):
    """Lines without anything are not read, in cells either; they do not matter where words are looked for."""
    return [
        [
            "\n".join(part for part in cell.split("\n") if part.strip()) if "\n" in cell else cell
            for cell in row
        ]
        for row in rows
    ]


def test_a_quotation_mark_that_is_not_closed_is_refused_with_its_line(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('a,b\n1,2\n3,"4\n5,6\n', "utf-8")
    with pytest.raises(UsageError, match=r"t.csv:3: "):
        list(cells.rows(path, ","))
    path.write_text("a,b\n" + '1,"x\n' + "1,2\n" * 200 + '3,y"\n', "utf-8")
    with pytest.raises(UsageError, match=r"t.csv:2: "):
        list(cells.rows(path, ","))


def test_one_row_that_is_none_takes_no_other_with_it(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(b'a,b\n1,"2"3\n\xff,5\n6,7\n')
    found = list(cells.rows(path, ","))
    assert [(number, row) for number, row, _ in found] == [
        (1, ["a", "b"]),
        (2, None),
        (3, None),
        (4, ["6", "7"]),
    ]
    assert [row for _, row, _ in cells.rows(path, ",", legacy=True)][2] == ["ÿ", "5"]


def test_between_tabs_every_line_is_a_row(tmp_path):
    path = tmp_path / "t.tsv"
    path.write_text('1\t"open\n2\t"a ""b"" c"\n', "utf-8")
    assert [row for _, row, _ in cells.rows(path, "\t")] == [["1", '"open'], ["2", 'a "b" c']]


@pytest.mark.parametrize(
    ("line", "between"), [("a\tb", "\t"), ('"a",b', ","), ("a;b", ";"), ("a|b", "|"), ("a b", None)]
)
def test_the_separator_is_that_which_gives_known_cells(line, between):
    assert cells.separator(line, lambda row: row == ["a", "b"]) == between
