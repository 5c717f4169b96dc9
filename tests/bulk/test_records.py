"""Every record of a text file is accounted for: read as it was written, or listed with its line."""

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standoff.bulk import records
from standoff.bulk.records import Dialect, account

CELLS = st.text(st.sampled_from("ab ,\"\n'é"), max_size=5)
TABLES = st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=6)


def accounted(folder, text, quote="cells", separator=b",", **more):
    path = Path(folder) / "t.csv"
    path.write_bytes(text)
    header = text.partition(b"\n")[0].rstrip(b"\r")
    made = iter(range(100))

    def scratch():
        new = Path(folder) / f"scratch{next(made)}"
        new.mkdir(exist_ok=True)
        return new

    found = account(path, Dialect(3, separator, quote, header=header, **more), 1, scratch)
    body = found.file.read_text("utf-8")
    return found, body if found.skip == 0 else body.partition("\n")[2]


@settings(max_examples=2 * settings.default.max_examples)
@given(TABLES, st.sampled_from(["\n", "\r\n"]), st.sampled_from([1, 7, 1 << 20]))
def test_what_the_csv_module_writes_is_read_as_it_was_or_listed(rows, end, block):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=end)
    writer.writerows([["x", "y", "z"], *rows])
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "BLOCK", block)
        found, body = accounted(folder, text.getvalue().encode())
        if found.unread:
            assert any(record.spans for record in found.unreadable)
            return
        assert found.rows + found.ends == len(rows)
        assert list(csv.reader(io.StringIO(body, newline=""))) == rows


LINES = st.lists(st.text(st.sampled_from('a,"\r'), max_size=7), max_size=6).map("\n".join)
LIKELY = st.lists(
    st.sampled_from(
        ['"a","b","c"', 'a,"b,c",d', '"a ""b""",,', 'a,b"c"",d', '"a\n","b",c', "a,b,c", "d,,", "x,y,z", "a,\x1f,c",
         "a,b,c,d", "a,b", '"\x7f",b,c']
    ),
    max_size=9,
)  # fmt: skip


@settings(max_examples=4 * settings.default.max_examples)
@given(
    LINES | LIKELY.map("\n".join),
    st.sampled_from(["cells", "lines", "none"]),
    st.sampled_from([5, 16, 1 << 20]),
)
def test_sound_lines_are_read_as_line_by_line(text, quote, block):
    def found(folder):
        records_, body = accounted(folder, b"x,y,z\n" + text.encode(), quote)
        listed = [(one.line, one.reason, one.spans) for one in records_.unreadable]
        lines = [records_.line_of(row) for row in range(records_.rows)]
        counts = records_.rows, records_.unread, records_.first_short, records_.ends, records_.lines
        return counts, listed, lines, records_.controls, body

    with tempfile.TemporaryDirectory() as whole, tempfile.TemporaryDirectory() as single:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(records, "BLOCK", block)
            at_once = found(whole)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(records._Account, "_pass_over", lambda *_: None)
            patch.setattr(records._Account, "_sound_lines", lambda *_: 0)
            assert at_once == found(single)


@given(
    LINES | LIKELY.map("\n".join), st.sampled_from(["cells", "lines", "none"]), st.sampled_from([5, 1 << 20])
)
def test_a_file_has_control_characters_if_one_of_its_lines_has(text, quote, block):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(records, "BLOCK", block)
        found, _ = accounted(folder, b"x,y,z\n" + text.encode(), quote)
    assert found.controls == ("\x1f" in text or "\x7f" in text)


@pytest.mark.parametrize(
    ("body", "rows", "unreadable", "spans"),
    [
        ("1,2,3\n4,5,6\n", 2, [], False),
        ("1,2,3\n4,5,6", 2, [], False),
        ("1,2,3,4\n4,5,6\n", 1, [2], False),
        ("1,2,3\na,b,c\n4,5,6\n", 2, [3], False),
        ('1,O"B,3\n4,5,6\n', 2, [], False),
        ('1,"x\ny",3\n4,5,6\n', 2, [], False),
        ('1,"x,3\n4,5,6\n7,8,9\n7,8,y"\n1,1,1\n', 4, [2], True),
        ('1,"x,3\n4,5,6\n', 1, [2], False),
        ('1,"x \\"q\\" y",3\n4,5,6\n', 1, [2], False),
        ('1,"x"y,3\n4,5,6\n', 1, [2], False),
    ],
)
def test_rows_and_unreadable_records(body, rows, unreadable, spans, tmp_path):
    found, _ = accounted(tmp_path, f"a,b,c\n{body}".encode())
    assert (found.rows, [record.line for record in found.unreadable]) == (rows, unreadable)
    assert found.unread == len(unreadable)
    assert any(record.spans for record in found.unreadable) == spans
    if unreadable:
        assert found.raw.read_text().count("\n") == len(unreadable)


def test_a_row_knows_the_line_where_it_begins(tmp_path):
    found, _ = accounted(tmp_path, b'a,b,c\n1,"x\ny",3\n1,2,3,4\n4,5,6\n7,8,9\n')
    assert [found.line_of(row) for row in range(found.rows)] == [2, 5, 6]


def test_where_no_cell_spans_lines_a_quotation_mark_is_a_character(tmp_path):
    text = b'a\tb\tc\n1\t"x\t3\n4\t"5"\t6\n7\ty"\t9\n'
    found, body = accounted(tmp_path, text, quote="lines", separator=b"\t")
    assert (found.rows, found.unread) == (3, 0)
    cells = list(csv.reader(io.StringIO(body), delimiter="\t"))
    assert cells == [["1", '"x', "3"], ["4", "5", "6"], ["7", 'y"', "9"]]


def test_short_lines_and_blank_ends_are_counted(tmp_path):
    found, _ = accounted(tmp_path, b"a,b,c\n1,2\n\n4,5,6\n\n,,\n")
    assert (found.rows, found.short, found.first_short, found.ends) == (3, 1, (2, 2), 2)


def test_comments_are_left_out(tmp_path):
    found, body = accounted(tmp_path, b"a,b,c\n# no row\n1,2,3\n#\n4,5,6\n", comment=b"#")
    assert (found.rows, body) == (2, "1,2,3\n4,5,6\n")
    assert [found.line_of(row) for row in range(2)] == [3, 5]
