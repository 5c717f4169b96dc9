"""Laws of reading: what our strict reader takes, every YAML 1.2 reader takes alike; the two schema engines agree."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
import yaml12
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

import fuzz
from corpora import datasets, dump
from standoff import schema
from standoff.source import raw_text, strict_yaml
from standoff.source.form import MAX_VIOLATIONS, violations

CORPUS = Path(__file__).parents[1] / "corpus" / "dataset"
FILES = [path.read_text("utf-8") for path in sorted(CORPUS.rglob("*.yaml"))]
QUICK = settings(max_examples=2 * settings.default.max_examples, derandomize=True)


def independent(text: str) -> Any:
    """The value that ruamel.yaml, which reads YAML 1.2, makes of a text."""
    reader = YAML(typ="safe", pure=True)
    reader.version = "1.2"
    return reader.load(text)


def same(a: Any, b: Any) -> bool:
    """Whether two values are the same, types included: 1 is not true, nor 1.0."""
    if isinstance(a, dict) and isinstance(b, dict):
        return list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and bool(a == b)


def agrees(text: str) -> None:
    reading = strict_yaml.read(text)
    if not reading.faults:
        assert same(reading.value, independent(text)), text


SCALARS = st.sampled_from(
    [
        *("010", "10", "0", "-0", "007", "1_000", "1e3", "1.5", ".5", "5.", "0x1F", "0o17", "0b11", "1:30", "190:20:30"),
        *("yes", "No", "ON", "off", "y", "n", "true", "True", "TRUE", "false", "null", "Null", "~", "", "=", "<<"),
        *("2023-05-01", "2023-5-1", "2001-12-14t21:59:43.10-05:00", ".inf", "-.INF", ".nan", "+1", "1e999", "12345678901234567"),
        *("plain words", "a: b", "a #b", "a#b", "@x", "`x", "%x", "-", "- x", "?", "? x", ":", "x:", "!x", "&x", "*x", "|", ">"),
        *("'single'", '"double"', '"\\u00e9\\n"', "'it''s'", "“curly”", "e\u0301🏽", "[1, 2]", "{a: 1}", "\tx", "x\t"),
    ]
)  # fmt: skip


@QUICK
@given(st.lists(st.tuples(st.sampled_from("abcdef"), SCALARS), min_size=1, max_size=5))
def test_a_mapping_that_we_take_means_the_same_to_another_reader(pairs: list[tuple[str, str]]) -> None:
    agrees("\n".join(f"{key}: {value}" for key, value in pairs) + "\n")


@QUICK
@given(st.lists(SCALARS, min_size=1, max_size=5))
def test_a_list_that_we_take_means_the_same_to_another_reader(items: list[str]) -> None:
    agrees("\n".join(f"- {item}" for item in items) + "\n")
    agrees("[" + ", ".join(items) + "]\n")


PIECES = st.sampled_from(
    [
        *("a", "b: ", "c:\n", "- ", '"x"', '"x\ny"', '"x\n  y"', "'z'", "'z\n'", "[", "]", "{", "}", ", ", ",", "#c", "# c"),
        *("\n", "\n  ", "\n    ", " ", "1", ": ", ":", "? ", "x y", "\n- ", "\nk: ", "\n  k: ", "e: [1, 2]", "f: {g: h}"),
        *("-", '"q": ', "\\", "!", "&", "*", "---\n", "\r\n", "~", "|\n  x", ">-\n   x\n  y"),
    ]
)  # fmt: skip


def strictly_agrees(text: str) -> None:
    """What we accept is read alike by ruamel.yaml and by yaml12, which is the stricter of the two."""
    reading = strict_yaml.read(text)
    bracket_at_key = re.search(r"(?m)^ *[]}]", text)  # the habit that we let through
    if not reading.faults and not bracket_at_key:
        agrees(text)
        assert same(reading.value, yaml12.parse_yaml(text)), text


@settings(max_examples=10 * settings.default.max_examples, derandomize=True)
@given(st.lists(PIECES, min_size=1, max_size=9))
@example(['a: "x', "\ny", '"'])
@example(['a: "x"', "#c"])
@example(["a: [", "#c", "\n", " 1]"])
@example(["a:", "\n|\n  x"])
def test_a_text_that_we_accept_means_the_same_to_a_strict_reader(pieces: list[str]) -> None:
    strictly_agrees("".join(pieces) + "\n")


@pytest.mark.slow
@settings(max_examples=5000)
@given(st.lists(PIECES, min_size=1, max_size=12))
def test_texts_at_length(pieces: list[str]) -> None:
    strictly_agrees("".join(pieces) + "\n")


@QUICK
@given(st.sampled_from(FILES), st.randoms(use_true_random=False))
def test_a_broken_file_that_we_still_take_means_the_same_to_another_reader(text: str, chance: Any) -> None:
    broken = fuzz.broken(text.encode(), chance)
    if len(broken) < 20_000:
        agrees(broken.decode("utf-8", "replace"))


@pytest.mark.slow
@settings(max_examples=3000)
@given(st.sampled_from(FILES), st.randoms(use_true_random=False))
def test_broken_files_at_length(text: str, chance: Any) -> None:
    broken = fuzz.broken(text.encode(), chance)
    if len(broken) < 20_000:
        agrees(broken.decode("utf-8", "replace"))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**49), 2**49)
    | st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: len(repr(number)) < 15)
    | st.text(st.characters(exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp"), exclude_characters="\ufffe\uffff"), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc-", min_size=1, max_size=3), inner, max_size=3),
    max_leaves=10,
)  # fmt: skip


@QUICK
@given(JSON)
@example({"a": "\u00a0", "b": ["", " x "], "c": -0.5})
def test_json_is_read_as_json(value: Any) -> None:
    reading = strict_yaml.read(json.dumps(value, ensure_ascii=False))
    assert not reading.faults
    assert same(reading.value, json.loads(json.dumps(value)))


@QUICK
@given(datasets(), st.data(), JSON)
def test_the_two_schema_engines_agree(dataset: Any, data: st.DataObject, value: Any) -> None:
    name, root = data.draw(
        st.sampled_from([("annotation", dataset.annotations["d000"]), ("actors", dataset.actors)])
    )
    holder: Any = root
    while True:
        key = data.draw(
            st.sampled_from(list(holder) if isinstance(holder, dict) else list(range(len(holder))))
        )
        if not isinstance(holder[key], dict | list) or not holder[key] or data.draw(st.booleans()):
            break
        holder = holder[key]
    if isinstance(holder, dict) and data.draw(st.booleans()):
        del holder[key]
    else:
        holder[key] = value
    reference = jsonschema.Draft202012Validator(schema.json_schema(name)).is_valid(root)
    assert jsonschema_rs.validator_for(schema.json_schema(name)).is_valid(root) is reference
    assert (not violations(name, root)) is reference


@pytest.mark.parametrize("name", ["annotation", "actors", "dataset"])
def test_the_schemas_are_schemas(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema.json_schema(name))


def test_very_many_violations_are_not_all_listed() -> None:
    value = {"document": 1, "events": [1] * 5000, "negatives": []}
    assert len(violations("annotation", value)) == MAX_VIOLATIONS + 1


@QUICK
@given(datasets())
def test_every_value_has_its_place(dataset: Any) -> None:
    """The place of a text holds just that text, quotes and all."""
    text = dump(dataset.annotations["d000"])
    lines = text.split("\n")
    for path, place in strict_yaml.places(text).values.items():
        value = dataset.annotations["d000"]
        for part in path:
            value = value[part]
        if isinstance(value, str):
            assert place.line == place.end_line
            written = lines[place.line - 1][place.column - 1 : place.end_column - 1]
            assert json.loads(written) == value


@pytest.mark.parametrize(
    ("text", "rule", "line", "column"),
    [
        ("a: 010", "ambiguous-scalar", 1, 4),
        ("a: 1\nb: NO", "ambiguous-scalar", 2, 4),
        ("a: 2023-05-01", "ambiguous-scalar", 1, 4),
        ("010: a", "ambiguous-scalar", 1, 1),
        ("a: 1\na: 2", "duplicate-key", 2, 1),
        ("a: &x 1", "forbidden-yaml", 1, 4),
        ("a: *x", "forbidden-yaml", 1, 4),
        ("a: !!str 1", "forbidden-yaml", 1, 4),
        ("<<: {a: 1}", "forbidden-yaml", 1, 1),
        ("a: 1\n---\nb: 2", "forbidden-yaml", 2, 1),
        ("%YAML 1.1\n---\na: 1", "forbidden-yaml", 1, 1),
        ("a: 'x", "yaml-syntax", 1, 4),
        ("a: 1\nb 2\nc: 3", "yaml-syntax", 2, 1),
        ("a: “x”", "curly-quotes", 1, 4),
        ("a: 😀\u202eb", "bidi-control", 1, 5),
        ("a: 1\n\x07", "control-character", 2, 1),
        ("", "yaml-syntax", 1, 1),
        ("[" * 20 + "]" * 20, "too-deep", 1, 13),
    ],
)
def test_what_is_not_taken_is_told_with_its_place(text: str, rule: str, line: int, column: int) -> None:
    fault = strict_yaml.read(text).faults[0]
    assert (fault.rule, fault.place.line, fault.place.column) == (rule, line, column)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('trigger: "the "conferred" word"\n', 1, 'write \\" for each double quote'),
        ('a: {quote: "the "conferred" word", b: 1}\n', 1, 'write \\" for each double quote'),
        ("note: 'it's so'\n", 1, "write it twice"),
        ("a:\n  b: 1\n\u00a0\u00a0c: 2\n", 3, "space bar"),
        ("a:\n  b: 1\n \u00a0c: 2\n", 3, "space bar"),
        ("a:\n  - b: 1\n  \u00a0 c: 2\n", 3, "space bar"),
    ],
)
def test_what_looks_right_and_is_not_is_named(text: str, line: int, said: str) -> None:
    [fault] = strict_yaml.read(text).faults
    assert (fault.rule, fault.place.line) == ("yaml-syntax", line)
    assert said in (fault.remedy or "")


@pytest.mark.parametrize("mark", ["<<<<<<< HEAD", "||||||| 1f0950b", "=======", ">>>>>>> wording"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("before", ["a: 1", 'a: "x', "a: |"])
def test_a_conflict_mark_is_found_in_values_too(mark: str, end: str, before: str) -> None:
    [fault] = strict_yaml.read(end.join((before, mark, '  y"', ""))).faults
    assert (fault.rule, fault.place.line, fault.place.column) == ("conflict-mark", 2, 1)


@pytest.mark.parametrize(
    "text", ["a: |\n  =======\n", "a: 1 # <<<<<<< b\n", "========: 1\n", "a: 1\n# =======\n"]
)
def test_signs_elsewhere_are_no_conflict_marks(text: str) -> None:
    assert raw_text.conflict_marks(text) == []


def test_an_underlined_heading_of_a_document_is_no_conflict_mark() -> None:
    heading = "Talks\n=======\n\nThey met.\n"
    assert raw_text.conflict_marks(heading, underlines=True) == []
    assert len(raw_text.conflict_marks(heading + ">>>>>>> theirs\n", underlines=True)) == 1


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('a: 1\nb:"x"\nc: 3\n', 2, 3),
        ("a:x\nb: 1\n", 1, 3),
        ("e:\n  - id:x\n    b: 1\n", 2, 8),
        ("a: 1\nb:2\n", 2, 3),
    ],
)
def test_a_value_that_follows_the_colon_at_once_is_named(text: str, line: int, column: int) -> None:
    [fault] = strict_yaml.read(text).faults
    assert (fault.rule, fault.place.line, fault.place.column) == ("yaml-syntax", line, column)
    assert "between the colon and the value" in (fault.remedy or "")


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('a: "x\ny"\n', 2, 1),
        ("a: 'x\n\ny'\n", 3, 1),
        ('a:\n  - "b\n  c"\n', 3, 3),
        ('a:\n- "b\nc"\n', 3, 1),
        ("a: [1,\n2]\n", 2, 1),
        ('a: {b: "x\ny"}\n', 2, 1),
        ('a: ["x\n# y"]\n', 2, 1),
        ('a: "x"#c\n', 1, 7),
        ("a: 'x'#c\n", 1, 7),
        ("a: [1]#c\n", 1, 7),
        ("a: [#c\n 1]\n", 1, 5),
        ("a: [1,#c\n 2]\n", 1, 7),
        ('a: ["\U0001f600"#c\n ]\n', 1, 8),
        ("a: |#c\n x\n", 1, 5),
        ('- a: "x\n  b: "y"\n', 1, 6),
    ],
)
def test_what_libyaml_accepts_and_yaml_does_not_is_refused(text: str, line: int, column: int) -> None:
    [fault] = strict_yaml.read(text).faults
    assert (fault.rule, fault.place.line, fault.place.column) == ("yaml-syntax", line, column)


@pytest.mark.parametrize(
    "text",
    [
        'a: "x\n y"\n',
        'a:\n- "b\n c"\n',
        'a: "x\n\n y"\n',
        "a: [\n 1,\n# c\n 2\n]\n",
        'a: "x" # y\n',
        'a: "x#y"\n',
        "a: x#y\n",
        "a: [x#y, 1] # c#d\n",
        "a: | # c#d\n  x#y\n",
    ],
)
def test_what_yaml_allows_is_read(text: str) -> None:
    assert strict_yaml.read(text).faults == []


@pytest.mark.parametrize("written", ["010", "2023-05-01", "1_000", "0x1F", "1:30", "12345678901234567"])
def test_the_fix_of_an_ambiguous_value_is_the_same_letters_in_quotes(written: str) -> None:
    [fault] = strict_yaml.read(f"action: {written}\n").faults
    assert fault.fix is not None
    place, replacement = fault.fix
    fixed = f"action: {written}"[: place.column - 1] + replacement + "\n"
    assert strict_yaml.read(fixed) == strict_yaml.Reading({"action": written}, [])


@pytest.mark.parametrize(
    ("written", "meant"),
    [("True", "true"), ("yes", "true"), ("NO", "false"), ("~", "null"), ("Null", "null")],
)
def test_whether_a_word_is_a_truth_value_is_left_to_a_person(written: str, meant: str) -> None:
    [fault] = strict_yaml.read(f"reciprocal: {written}\n").faults
    assert fault.fix is None
    assert f'"{written}"' in (fault.remedy or "")
    assert (fault.remedy or "").endswith(f" {meant}")
