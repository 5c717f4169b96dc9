"""Answers of language models: however they are written down, the same records are read."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.exchange import formats, json_answers
from standoff.exchange.documents import Document, Documents
from standoff.exchange.records import Intake

TEXT = "The envoy met the rebels’ leaders in Beirut, and “warned” the press. Two days later he left."
DOCUMENTS = Documents(Document(name, text=f"{TEXT} {name}") for name in ("d1", "d2", "d3"))
VALUES = [
    {"document": "d1", "trigger": "met the rebels’ leaders", "action": "040", "actors": ["ISR"], "targets": []},
    {"document": "d1", "trigger": "warned", "action": "130", "note": 'he said "//, ]}" twice', "date": "2023-10-07"},
    {"document": "d2", "trigger": {"quote": "left", "prefix": "he "}, "action": "030", "where": {"name": "Beirut"}},
]  # fmt: skip


def by_document(values):
    found = {}
    for value in values:
        found.setdefault(value["document"], []).append({k: v for k, v in value.items() if k != "document"})
    return found


def lines(values, end="\n", change=lambda line: line):
    return "".join(change(json.dumps(value, ensure_ascii=False)) + end for value in values)


WAYS = {
    "lines": lines,
    "lines with Windows line ends": lambda values: "\ufeff" + lines(values, "\r\n"),
    "array": json.dumps,
    "indented array": lambda values: json.dumps(values, indent=2),
    "indented objects": lambda values: "\n".join(json.dumps(value, indent=1) for value in values),
    "array with a comma too many": lambda values: f"[\n{lines(values, ',' + chr(10))}]",
    "commas in objects": lambda values: lines(values, change=lambda line: f"{line[:-1]}, }}"),
    "comments": lambda values: "// mine\n" + lines(values, change=lambda line: f"{line[:-1]}, /* sure */}} // yes"),
    "numbered": lambda values: "".join(f"{n}. {json.dumps(v)}\n" for n, v in enumerate(values, start=1)),
    "fence": lambda values: f"```json\n{lines(values)}```\n",
    "fence and prose": lambda values: f"Events:\n\n```json\n{json.dumps(values, indent=4)}\n```\nSee [1] and {{x}}.\n",
    "a fence for each document": lambda values: "".join(
        f"### {name}\n```jsonl\n{lines({'document': name, **value} for value in of)}```\n" for name, of in by_document(values).items()
    ),
    "an array for each document": lambda values: "\n".join(
        json.dumps([{"document": name, **value} for value in of], indent=2) for name, of in by_document(values).items()
    ),
    "wrapped": lambda values: json.dumps({"events": values}, indent=2),
    "an object for each document": lambda values: lines(
        {"document": name, "events": of} for name, of in by_document(values).items()
    ),
    "documents as keys": lambda values: json.dumps(by_document(values), indent=2),
    "capitals": lambda values: lines({k.upper(): v for k, v in value.items()} for value in values),
    "nulls": lambda values: lines({"evidence": None, "where": None, "status": None} | value for value in values),
    "a line break in a text": lambda values: lines(values, change=lambda line: f'{line[:-1]}, "note2": "a\nb"}}'),
}  # fmt: skip


def read(path, text):
    path.write_text(text, encoding="utf-8", newline="")
    return formats.read(path, DOCUMENTS)


def content(intake):
    return [(r.document_id, r.trigger, r.action, r.actors, r.targets, r.date, r.places) for r in intake.records]  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_the_same_records_are_read_however_they_are_written(way, tmp_path):
    expected = content(read(tmp_path / "plain.jsonl", lines(VALUES)))
    intake = read(tmp_path / "answers.txt", WAYS[way](VALUES))
    assert intake.format == "predictions"
    assert content(intake) == expected
    assert not intake.counts
    assert all(r.trigger.span for r in intake.records)


VALUE = st.fixed_dictionaries(
    {"document": st.sampled_from(("d1", "d2")), "trigger": st.sampled_from(("warned", "left")) | st.text(min_size=1)},
    optional={"note": st.text(), "action": st.text(), "actors": st.lists(st.text(), max_size=2)},
)  # fmt: skip


@given(st.lists(VALUE, min_size=1, max_size=4), st.sampled_from(sorted(WAYS.keys() - {"documents as keys"})))
def test_no_record_is_lost_and_none_appears(values, way):
    values.sort(key=lambda value: value["document"])
    path = _folder / "answers.jsonl"
    path.write_text(WAYS[way](values), encoding="utf-8", newline="")
    found = list(json_answers.json_values(path, Intake("", "predictions")))
    assert not [why for _, _, why in found if why]
    assert len(found) == len(values)


@pytest.fixture(autouse=True, scope="module")
def _shared_folder(tmp_path_factory):
    global _folder
    _folder = tmp_path_factory.mktemp("answers")


GOOD = json.dumps(VALUES[0])


@pytest.mark.parametrize(
    ("text", "records", "unparsable"),
    [
        (f'{GOOD}\n{{"document": "d1", "trigger": "wa\n{GOOD}\n', 3, 1),
        (f'{GOOD}\n{{\n  "document": "d1",\n  "trigger": "met",\n  "actors": [\n    {{"name": "I', 2, 1),
        (f'[\n{GOOD},\n{GOOD},\n{{"document": "d1", "tr', 3, 1),
        (f"{GOOD}\nnot JSON\n{GOOD}", 3, 1),
        (f"```\n{GOOD}\nnot JSON\n```\nprose\n", 2, 1),
        (f"Here are the events:\n{GOOD}\n\nLet me know if you need more.\n", 1, 0),
        (f'{GOOD}\ntrigger: "met", with the document: d1\nthe "trigger": "met"\n', 2, 1),
        ('{"document": "d1", "events": []}\n[]\n', 0, 0),
        (f"{GOOD}\n{{{{{{\n{GOOD}", 3, 1),
        (f'{GOOD}\n{{"a": 1e999}}\n{{"a": 1, "a": 2}}\n7\nnull\n', 5, 4),
    ],
)
def test_what_is_broken_counts_once_and_what_follows_is_read(text, records, unparsable, tmp_path):
    intake = read(tmp_path / "answers.jsonl", text)
    assert (len(intake.records), intake.counts["unparsable"]) == (records, unparsable)


def test_lines_outside_of_fences_are_noted(tmp_path):
    intake = read(tmp_path / "answers.jsonl", f"Here:\n```\n{GOOD},\n```\nDone.\n")
    assert [note.split()[0] for note in intake.notes] == ["1", "2"]


@pytest.mark.parametrize("line", ['{"a":', '{"a": {', "{", "[[", '{"a": "', '{"a": [{"b": 1},'])
def test_hostile_lines_cost_no_more_than_their_number(line, tmp_path):
    path = tmp_path / "answers.jsonl"
    path.write_text(f"{line}\n" * 300, encoding="utf-8")
    begun = time.process_time()
    intake = formats.read(path, DOCUMENTS, "predictions")
    assert intake.counts["unparsable"] == len(intake.records) > 0
    assert time.process_time() - begun < 3
