"""Fields in one line of text come back; what people type is kept as a note."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.strategies import FREE

from standoff.exchange import notes


@given(st.dictionaries(st.sampled_from(notes.KEYS), FREE))
def test_fields_come_back(fields):
    line = notes.write(fields)
    assert len(line.splitlines()) <= 1
    assert "\t" not in line
    assert notes.read(line) == fields


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("date: 2023-10-17; status = hedged", {"date": "2023-10-17", "status": "hedged"}),
        ("unclear who", {"note": "unclear who"}),
        ("Date: 2024 | see page 3 | note: x", {"date": "2024", "note": "x | see page 3"}),
        ("C:\\new", {"note": "C:\\new"}),
        ("", {}),
        (" | ", {}),
    ],
)
def test_notes_that_people_type(text, fields):
    assert notes.read(text) == fields
