"""Answers as models write them: other names for fields, other shapes, the same records."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from standoff.exchange import field_names, formats
from standoff.exchange.documents import Document, Documents
from standoff.exchange.records import Record
from standoff.model.spans import Span

TEXT = "Alba attacked Brenn on Monday. Its envoy later warned Brenn, and Brenn said “no more talks”."
DOCUMENTS = Documents([Document("d1", "0" * 64, TEXT, None, None, None, "Alba attacks", ())])
ATTACK = {"trigger": "attacked", "action": "190", "actor": "Alba", "target": "Brenn", "date": "2024-05-06"}
WARNING = {"trigger": "warned", "action": "130", "actor": "Alba", "target": "Brenn", "date": "2024-05-06"}
WANTED = [(Span(5, 13), "190"), (Span(47, 53), "130")]


def named(record: dict[str, str], **names: str) -> dict[str, str]:
    return {names.get(key, key): value for key, value in record.items()}


def lines(*values: Any) -> str:
    return "\n".join(json.dumps(value, ensure_ascii=False) for value in values)


BOTH = [{"document": "d1", **each} for each in (ATTACK, WARNING)]
SHAPES = {
    "camel case": lines(
        *(
            named(
                each, document="documentId", trigger="triggerText", action="eventCode", actor="actorName",
                target="targetName", date="eventDate",
            )
            for each in BOTH
        )
    ),
    "titles": lines(
        *(
            named(
                each, document="Document ID", trigger="Trigger words", action="CAMEO Code", actor="Source Actor",
                target="Target Actor", date="Date of event",
            )
            for each in BOTH
        )
    ),
    "quotes": lines(*(named(each, document="doc", trigger="quote", action="type", actor="source") for each in BOTH)),
    "wrapped by document": json.dumps([{"doc_id": "d1", "text": TEXT * 9, "events": [ATTACK, WARNING]}], indent=1),
    "id of the document": lines({"id": "d1", "date": "2024-05-09", "events": [ATTACK, WARNING]}),
    "documents as keys": json.dumps({"d1": [ATTACK, WARNING]}),
    "results of a run": json.dumps(
        {"model": "m", "results": [{"document": "d1", "output": {"events": [ATTACK, WARNING]}}]}, indent=2
    ),
    "an event in each line": lines(*({"document": "d1", "event": each} for each in (ATTACK, WARNING))),
    "a document as an object": lines(*({**each, "document": {"id": "d1", "title": "Alba attacks"}} for each in BOTH)),
    "arguments with roles": lines(
        *(
            {
                "document": "d1",
                "trigger": {"text": each["trigger"]},
                "event_type": each["action"],
                "arguments": [
                    {"role": "Agent", "text": each["actor"]},
                    {"role": "target", "text": each["target"]},
                    {"role": "Time", "text": each["date"]},
                ],
            }
            for each in BOTH
        )
    ),
    "offsets beside": lines(
        *(
            {**each, "trigger_start": span.start, "trigger_end": span.end}
            for each, (span, _) in zip(BOTH, WANTED, strict=True)
        )
    ),
    "offsets inside": lines(
        *(
            {**each, "trigger": {"span": each["trigger"], "startChar": span.start, "endChar": span.end}}
            for each, (span, _) in zip(BOTH, WANTED, strict=True)
        )
    ),
    "Python": "\n".join(map(str, BOTH)),
    "fences and prose": f"Here they are:\n\n```json\n{json.dumps(BOTH, indent=2)}\n```\nThat is all.\n",
    "arrays in lines": lines([BOTH[0]], [[BOTH[1]]]),
    "numbers": lines(*({**each, "action": int(each["action"])} for each in BOTH)),
}  # fmt: skip


def read(tmp_path: Path, text: str) -> list[Record]:
    path = tmp_path / "answers.jsonl"
    path.write_text(text, "utf-8")
    intake = formats.read(path, DOCUMENTS, None)
    assert intake.format == "predictions"
    assert not intake.counts, intake.faults
    return intake.records


@pytest.mark.parametrize("shape", SHAPES)
def test_the_same_records_are_read_from_every_shape(tmp_path: Path, shape: str) -> None:
    records = read(tmp_path, SHAPES[shape])
    assert [(r.trigger and r.trigger.span, r.action) for r in records] == WANTED
    for record in records:
        assert record.document_id == "d1"
        for parties, name in ((record.actors, "Alba"), (record.targets, "Brenn")):
            assert [p.name or (p.passage and p.passage.words) for p in parties or ()] == [name]
        assert (record.date.text if record.date else None) == (
            None
            if "date" not in SHAPES[shape].lower() and "time" not in SHAPES[shape].lower()
            else "2024-05-06"
        )


def test_the_name_of_the_schema_comes_before_others_and_what_is_left_is_named() -> None:
    fields, renamed, unread = field_names.fields_of(
        {"quote": "said", "Trigger": "warned", "code": None, "cameo": "130", "colour": "red"}
    )
    assert (fields["trigger"], fields["action"]) == ("warned", "130")
    assert renamed == {"action": "cameo"}
    assert unread == ["colour", "quote"]


def test_several_parties_in_one_text_and_a_mode_beside_its_type(tmp_path: Path) -> None:
    [record] = read(
        tmp_path,
        lines(
            {
                "document": "d1",
                "quote": "attacked",
                "event_type": "ASSAULT",
                "mode": ["aerial"],
                "actors": "Alba; BRN",
            }
        ),
    )
    assert record.action == "ASSAULT:aerial"
    assert [party.name for party in record.actors or ()] == ["Alba", "BRN"]


def test_depth_ends_somewhere(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text("[" * 300 + "]" * 300 + "\n" + '{"events": ' * 300 + "1" + "}" * 300, "utf-8")
    intake = formats.read(path, DOCUMENTS, "predictions")
    assert intake.counts["unparsable"] + intake.counts["unknown-document"] >= 1


def test_smart_quotes_and_ellipses_are_found(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        lines(
            {"document": "d1", "quote": 'said "no more talks"', "action": "120"},
            {"document": "d1", "quote": "ATTACKED … Monday", "action": "190"},
        ),
    )
    assert [r.trigger and r.trigger.span and r.trigger.span.of(TEXT) for r in found] == [
        "said “no more talks”",
        "attacked Brenn on Monday",
    ]
