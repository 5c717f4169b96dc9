"""Records as predictions: by the schema, scored as perfect, and back again on all that is not listed."""

import csv
import json
import shutil
from pathlib import Path

import jsonschema
import pytest

import standoff
from standoff import schema
from standoff.codes import shipped
from standoff.exchange import formats
from standoff.exchange.documents import Documents
from standoff.exchange.labels import Labels
from standoff.exchange.loading import load

CORPUS = Path(__file__).parents[1] / "corpus"


@pytest.fixture
def dataset(tmp_path):
    shutil.copytree(CORPUS / "dataset", tmp_path / "dataset")
    shutil.copytree(CORPUS / "seeds", tmp_path / "seeds")
    return tmp_path / "dataset"


def test_lines_follow_the_schema_and_hold_no_evidence(dataset, tmp_path):
    standoff.export("predictions", dataset, to=tmp_path / "out")
    lines = (tmp_path / "out" / "predictions.jsonl").read_text("utf-8").splitlines()
    check = jsonschema.Draft202012Validator(schema.json_schema("prediction"))
    for line in lines:
        check.validate(json.loads(line))
        assert "quote" not in json.loads(line)["evidence"]
    assert len(lines) == sum(len(each.records) for each in load(dataset))


def test_gold_as_predictions_is_perfect(dataset, tmp_path):
    standoff.export("predictions", dataset, to=tmp_path / "out")
    score = standoff.score(tmp_path / "out" / "predictions.jsonl", gold=dataset, ci=0)
    assert {rung.f1 for rung in score.ladder.values()} == {1.0}


def test_what_is_not_listed_comes_back(dataset, tmp_path):
    standoff.export("predictions", dataset, to=tmp_path / "out")
    with (tmp_path / "out" / "losses.csv").open(encoding="utf-8", newline="") as file:
        lost = {(row["record"], row["field"].partition(".")[0]) for row in csv.DictReader(file)}
    documents = Documents(each.document for each in load(dataset))
    intake = formats.importer("predictions").read(tmp_path / "out", documents, Labels(shipped.scheme()))
    assert set(intake.counts) <= {"duplicate"}
    passed = {record.id: record for record in intake.records}
    fields = {"date_basis": "date_basis", "count_min": "count_min", "note": "note", "status": "status"}
    fields |= {
        "action": "action",
        "date": "date",
        "trigger": "trigger",
        "evidence": "evidence",
        "incident": "incident",
    }
    for document in load(dataset):
        for record in document.records:
            for name, field in fields.items():
                if (record.id, name) not in lost:
                    assert getattr(passed[record.id], field) == getattr(record, field), (record.id, name)
            for own, back in (
                (record.actors, passed[record.id].actors),
                (record.targets, passed[record.id].targets),
            ):
                assert [each.id for each in own] == [each.id for each in back]
