"""The prediction format: what is read, and what every fault is called."""

import json

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff import schema
from standoff.exchange import field_names, predictions
from standoff.exchange.documents import Document, Documents
from standoff.exchange.predictions import from_values
from standoff.exchange.records import content
from standoff.model.spans import Span

TEXT = "The envoy met the rebels in Beirut. The envoy met the press."
DOCUMENTS = Documents([Document("d1", "ab" * 32, TEXT, "https://example.org/a", "a.txt")])
GOOD = {"document": "d1", "trigger": "met the rebels", "action": "040"}


def read(tmp_path, content):
    path = tmp_path / "answers.jsonl"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return predictions.read(path, DOCUMENTS)


def kinds(intake):
    return [fault.kind for fault in intake.faults]


@pytest.mark.parametrize("name", ["d1", "ab" * 32, "a.txt", "a", "https://example.org/a", "texts/a.txt"])
def test_a_document_is_known_by_all_its_names(tmp_path, name):
    [record] = read(tmp_path, json.dumps({**GOOD, "document": name})).records
    assert record.document_id == "d1"
    assert record.trigger.span == Span(10, 24)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"document": "d2"}, "unknown-document"),
        ({"trigger": "left"}, "words-not-found"),
        ({"trigger": "met"}, "words-ambiguous"),
        ({"trigger": {"start": 5, "end": 900}}, "offsets-outside"),
        ({"trigger": {"start": 0, "end": 3, "quote": "nowhere"}}, "offsets-disagree"),
        ({"trigger": "x" * 301}, "words-not-found"),
        ({"trigger": {"start": 0, "end": 3, "quote": "the envoy " * 31}}, "trigger-too-long"),
        ({"trigger": 7}, "bad-field"),
        ({"date": "soon"}, "bad-date"),
        ({"actors": [["ISR"]]}, "bad-field"),
        ({"actors": {"code": {}}}, "bad-field"),
        ({"confidence": "high"}, "bad-field"),
        ({"confidence": 1e300}, "bad-field"),
        ({"confidence": -0.1}, "bad-field"),
    ],
)
def test_every_fault_is_counted_and_the_record_stays(tmp_path, change, kind):
    intake = read(tmp_path, json.dumps({**GOOD, **change}))
    assert kind in kinds(intake)
    assert len(intake.records) == 1
    assert kind in intake.records[0].faults


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[1]x",
        '"text"',
        "7",
        "null",
        '{"a": 1, "a": 2}',
        '{"a": 1e999}',
        "[" * 100_000,
        b"\xff\xfe",
        "\0",
    ],
)
def test_lines_that_are_no_record_are_counted(tmp_path, line):
    raw = line if isinstance(line, bytes) else line.encode()
    intake = read(tmp_path, json.dumps(GOOD).encode() + b"\n" + raw + b"\n" + json.dumps(GOOD).encode())
    assert kinds(intake) == ["unparsable", "duplicate"]
    assert len(intake.records) == 3


@pytest.mark.parametrize("name", ["confidence", "date", "score of the model"])
@pytest.mark.parametrize("mark", ["NaN", "Infinity", "-Infinity"])
def test_a_number_that_is_none_is_read_as_null_and_noted(tmp_path, name, mark):
    missing = json.dumps({**GOOD, name: None})
    intake = read(tmp_path, missing.replace(f'"{name}": null', f'"{name}": {mark}'))
    assert [content(record) for record in intake.records] == [
        content(r) for r in read(tmp_path, missing).records
    ]
    assert not intake.faults
    assert any("NaN" in note for note in intake.notes)


def test_offsets_that_are_no_numbers_are_a_fault():
    nowhere = {**GOOD, "trigger": {"start": float("nan"), "end": float("inf")}}
    assert kinds(from_values([nowhere], DOCUMENTS)) == ["bad-field"]


@pytest.mark.parametrize(("trigger", "found"), [({}, []), ({"trigger": GOOD["trigger"]}, ["duplicate"])])
def test_records_without_trigger_that_differ_in_what_is_not_read_are_no_duplicates(trigger, found):
    base = {"document": "d1", "action": "040", **trigger}
    made = from_values([{**base, "wording": words} for words in ("met", "met again")], DOCUMENTS)
    assert kinds(made) == found
    assert kinds(from_values([{**base, "wording": "met"}] * 2, DOCUMENTS)) == ["duplicate"]


def test_a_line_of_megabytes_is_one_fault(tmp_path):
    intake = read(tmp_path, json.dumps({**GOOD, "note": "x" * 3_000_000}) + "\n" + json.dumps(GOOD))
    assert kinds(intake) == ["unparsable"]
    assert [record.line for record in intake.records] == [1, 2]


def test_arrays_fences_byte_order_marks_and_empty_lines_are_read(tmp_path):
    array = json.dumps([GOOD, {**GOOD, "trigger": "met the press"}], indent=1)
    assert len(read(tmp_path, array).records) == 2
    fenced = b"\xef\xbb\xbf```json\n" + json.dumps(GOOD).encode() + b"\r\n\n```\n"
    intake = read(tmp_path, fenced)
    assert (len(intake.records), kinds(intake)) == (1, [])


def test_evidence_tells_triggers_apart(tmp_path):
    [record] = read(
        tmp_path, json.dumps({**GOOD, "trigger": "met", "evidence": "The envoy met the press"})
    ).records
    assert record.trigger.span == Span(46, 49)
    assert record.faults == ()


def test_the_schema_accepts_what_is_read_and_rejects_what_is_not():
    validator = jsonschema.Draft202012Validator(schema.json_schema("prediction"))
    full = {
        **GOOD,
        "actors": ["ISR", {"code": "USAGOV", "id": "x", "name": "y", "words": "z"}],
        "targets": [],
        "date": "2019-05",
        "where": ["Beirut", {"name": "Beirut", "latitude": 33.9}],
        "links": [{"relation": "part_of", "record": "1"}],
    }
    for trigger in ("met", {"quote": "met", "prefix": "envoy "}, {"start": 1, "end": 3, "unit": "utf-16"}):
        assert validator.is_valid({**full, "trigger": trigger})
    for change in (
        {"trigger": 7},
        {"action": 190},
        {"actors": [7]},
        {"trigger": {"start": 1}},
        {"where": [{}]},
    ):
        assert not validator.is_valid({**full, **change})


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["quote", "start", "end", "code"]), inner)
    ),
    max_leaves=6,
)


# Of hundreds of examples, some draw no inner value at all, and Hypothesis then says that the strategy uses none.
@pytest.mark.filterwarnings("ignore:.*use it's argument:hypothesis.errors.HypothesisDeprecationWarning")
@given(st.dictionaries(st.sampled_from(sorted(field_names.FIELDS)), VALUES))
def test_no_value_raises_and_every_one_is_a_record(value):
    intake = predictions.from_values([value], DOCUMENTS)
    assert len(intake.records) == 1
