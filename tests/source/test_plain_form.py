"""The plain form: what is read without a YAML parser is what the strict reader reads, and nothing that it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.rules.pages import EXAMPLES
from standoff.source import plain_form, plain_places, strict_yaml
from standoff.source.canonical import dump
from standoff.source.raw_text import raw_faults

DATASET = Path(__file__).parents[2] / "dataset"
EXAMPLE = (EXAMPLES / "dataset/events/d900.yaml").read_text("utf-8")
PIECES = (
    *('"', "'", "\\", '\\"', "\\n", "\\u00e9", "#", " #", ":", ": ", ",", ", ", "[", "]", "{", "}", "- ", "-", " ", "  ", "\n"),
    *("\n\n", "0", "010", "1.0", "1e5", "0x1f", "true", "null", "yes", "no", "NO", "~", "<<", "&a ", "*a", "!", "|", ">", "%"),
    *("?", "? ", "...", "---", "2023-01-01", "é", "“", "id: ", "id", '"id": ', "# x\n", "  # x\n", "word word", "[[[[[[["),
)  # fmt: skip


VALUES = st.recursive(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
    | st.integers(-99, 9999)
    | st.booleans()
    | st.none()
    | st.sampled_from([*PIECES, 1.5, -2e10]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "quote", "no", "x y", "a1"]), inner, max_size=3)
    ),
    max_leaves=6,
)
FILES = st.dictionaries(st.sampled_from(["edition", "document", "events", "negatives"]), VALUES, min_size=1)


def same(text: str) -> bool:
    """Whether a text that is in the plain form has, to the strict reader, the same value and places, and no fault.

    True for other texts.
    """
    value = plain_form.read(text)
    reading = strict_yaml.read(text)
    return value is None or (repr(value) == repr(reading.value) and not reading.faults and same_places(text))


def same_places(text: str) -> bool:
    """Whether a text in the plain form has the same places as to the strict reader, whichever is asked for first."""
    expected = strict_yaml.places(text)
    paths = [*reversed(expected.values), ("nowhere",), *((*path, "deeper") for path in expected.values)]
    found = plain_places.places(text)
    asked = {(path, key): found.of(path, key=key) for path in paths for key in (False, True)}
    return (
        asked == {(path, key): expected.of(path, key=key) for path, key in asked}
        and found.values == expected.values
        and found.keys == expected.keys
    )


@given(st.data())
def test_a_text_in_the_plain_form_is_read_as_the_strict_reader_reads_it(data: st.DataObject) -> None:
    text = EXAMPLE
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        gone = data.draw(st.sampled_from([0, 0, 1, 2, 5, 30]))
        text = text[:at] + data.draw(st.sampled_from(["", *PIECES])) + text[at + gone :]
    assert raw_faults(text) or same(text)


@given(FILES)
def test_a_file_in_canonical_form_is_read_alike(value: dict[str, object]) -> None:
    assert same(dump(value, "annotation"))


@pytest.mark.parametrize("path", sorted(DATASET.rglob("*.yaml")), ids=lambda path: path.name)
def test_the_files_of_the_dataset_are_in_the_plain_form(path: Path) -> None:
    text = path.read_text("utf-8")
    value = plain_form.read(text)
    assert value is not None
    assert value == strict_yaml.read(text).value
    assert same_places(text)


@given(
    st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,19}", fullmatch=True)
    | st.from_regex(r"[0-9][0-9eE_.-]{0,19}", fullmatch=True)
)
def test_a_word_is_read_as_the_strict_reader_reads_it(word: str) -> None:
    reading = strict_yaml.read(word)
    assert repr(strict_yaml.word(word)) == repr(None if reading.faults else reading.value)


@pytest.mark.parametrize(
    "text",
    [
        "", "a", "a: b", "a:\n", "a: b \n", "a:  b\n", "a: 'b'\n", 'a: "b\n', 'a: "b"c"\n', 'a: "b" # c\n', 'a: "\\u00e9"\n',
        "a: b\na: c\n", "a: [b: c]\n", "a: {b: c, b: d}\n", "a: {b}\n", "a: {b:c}\n", "a: [b,c]\n", "a: [b, ]\n", "a: [b\n",
        "a: [[[[[[[b]]]]]]]\n", "a:\n  a:\n    a:\n      a:\n        a:\n          a:\n            a: b\n", "a: 010\n", "a: NO\n", "a: 2023-01-01\n", "a: null\n", "yes: a\n", "a: &b c\n", "- a\n",
        "a:\n- b\n", "a:\n    b: c\n", "a:\n  - b\n  c: d\n", "a: b\n  c: d\n", "a:\n  - - b\n", "a: b\n\nc: d\n", "a: b\n---\n",
    ],
)  # fmt: skip
def test_other_forms_are_left_to_the_strict_reader(text: str) -> None:
    assert plain_form.read(text) is None


def test_many_brackets_beside_each_other_are_not_deep() -> None:
    text = "a: [" + ", ".join(["{b: [c]}"] * 9) + "]\n"
    assert plain_form.read(text) == {"a": [{"b": ["c"]}] * 9}
    assert same(text)
