"""JSON with line breaks is that of the standard library."""

import json

from hypothesis import given
from hypothesis import strategies as st

from standoff.exchange.json_out import indented, ready

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
)


@given(VALUES)
def test_it_is_what_the_standard_library_writes(value):
    assert indented(value) == json.dumps(value, ensure_ascii=False, indent=1)


@given(VALUES, VALUES)
def test_a_value_that_is_ready_stands_as_if_it_were_not(fixed, value):
    whole = {"a": {"b": fixed, "c": value}}
    assert indented({"a": {"b": ready(fixed, 2), "c": value}}) == json.dumps(
        whole, ensure_ascii=False, indent=1
    )
