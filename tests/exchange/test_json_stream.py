"""Records of large JSON files, one by one, whatever holds them; hostile ones are refused by name."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.exchange import json_stream
from standoff.findings import UsageError

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(st.sampled_from('a"\\[]{},\n💥'), max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.lists(
    st.dictionaries(st.text(st.sampled_from('a"]}'), max_size=3), VALUES, max_size=3), max_size=5
)


def found(path, content, monkeypatch=None):
    path.write_text(content, encoding="utf-8", newline="")
    return [(value, why) for _, value, why in json_stream.records(path)]


@given(
    OBJECTS,
    st.sampled_from([None, 1]),
    st.sampled_from(["array", "lines", "one by one"]),
    st.booleans(),
    st.sampled_from([1, 3, 1 << 20]),
)
def test_every_record_is_read_whatever_holds_it(tmp_path_factory, objects, indent, how, ascii_only, chunk):
    path = tmp_path_factory.mktemp("json") / "file.json"
    if how == "array":
        content = json.dumps(objects, indent=indent, ensure_ascii=ascii_only)
    else:
        own = indent if how == "one by one" else None
        content = "\n".join(json.dumps(each, indent=own, ensure_ascii=ascii_only) for each in objects)
    before = json_stream._CHUNK
    json_stream._CHUNK = chunk
    try:
        assert found(path, content) == [(each, "") for each in objects]
    finally:
        json_stream._CHUNK = before


def test_lines_are_those_of_the_file(tmp_path):
    path = tmp_path / "x.json"
    path.write_text('[\n{"a": 1},\n\n{"b":\n 2}, {"c": 3}\n]')
    assert [line for line, _, _ in json_stream.records(path)] == [2, 4, 5]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ('{"a": ' + "[" * 70 + "]" * 70 + "}", "64 levels"),
        ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", "64 levels"),
        ('{"a": NaN}', "NaN"),
        ('{"a": 1, "a": 2}', "twice"),
        ("[7, 8]", "expected an object"),
        ('["a", {"b": 1}]', "expected an object"),
        ("word", "expected an object"),
    ],
)
def test_a_bad_record_is_named(content, why, tmp_path):
    faults = [fault for _, fault in found(tmp_path / "x.json", content)]
    assert faults
    assert why in faults[0]


@pytest.mark.parametrize(("levels", "fits"), [(62, True), (64, True), (65, False), (67, False)])
@pytest.mark.parametrize("wrap", ["{}", "[{}]"])
def test_a_record_has_64_levels_at_most(levels, fits, wrap, tmp_path):
    record = '{"a": ' * (levels - 1) + "[0]" + "}" * (levels - 1)
    [(value, why)] = found(tmp_path / "x.json", wrap.replace("{}", record))
    assert (value is not None, "64 levels" in why) == (fits, not fits)


@pytest.mark.parametrize("content", ['[{"a": 1}', '{"a": [1', '[{"a": "x'])
def test_a_file_that_was_cut_short_is_refused(content, tmp_path):
    with pytest.raises(UsageError, match="cut short"):
        found(tmp_path / "x.json", content)


def test_a_record_of_more_than_ten_megabytes_is_refused(tmp_path, monkeypatch):
    assert json_stream.MAX_RECORD == 10 << 20
    monkeypatch.setattr(json_stream, "MAX_RECORD", 2 << 20)
    with pytest.raises(UsageError, match=r"x\.json:2: a record of more than"):
        found(tmp_path / "x.json", '[\n{"a": "' + "x" * (3 << 20) + '"}]')


def test_bytes_that_are_not_utf_8_are_refused(tmp_path):
    (tmp_path / "x.json").write_bytes(b'[{"a": "\xff"}]')
    with pytest.raises(UsageError, match="byte 9"):
        list(json_stream.records(tmp_path / "x.json"))
