"""A pattern that is compiled on first use gives what a compiled one gives."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from standoff.model.patterns import pattern


@given(
    st.sampled_from([r"[a-c]+", r"(?P<x>a)|b", r"\bA.C\b", r"^c"]),
    st.sampled_from([0, re.IGNORECASE, re.MULTILINE | re.DOTALL]),
    st.text("abcAC \n", max_size=12),
)
def test_its_methods_are_those_of_the_compiled_pattern(written: str, flags: int, text: str) -> None:
    late, early = pattern(written, flags), re.compile(written, flags)
    for _ in range(2):
        assert [match.groupdict() for match in late.finditer(text)] == [
            match.groupdict() for match in early.finditer(text)
        ]
        assert (late.findall(text), late.sub("-", text)) == (early.findall(text), early.sub("-", text))
        assert (late.fullmatch(text) is None) == (early.fullmatch(text) is None)
    assert (late.pattern, late.flags) == (early.pattern, early.flags)
