"""Rows, graphs, databases and training data: read back by other readers, and complete up to what is listed."""

import csv
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from collections import Counter
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import given
from tests.exchange.strategies import coded, documents_of, source_of

import standoff
from standoff.exchange import formats, row_files
from standoff.exchange.documents import Documents
from standoff.exchange.loading import load
from standoff.exchange.losses import Losses
from standoff.exchange.pairs import pairs
from standoff.exchange.tokens import covered, tokens
from standoff.findings import MissingPackage, UsageError
from standoff.source import processes

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "corpus"
RELEASE = ROOT / "releases" / "v1.0.0"
ONE_WAY = ["gdelt2", "icews", "polecat", "graphml", "gexf", "quadruples", "quadruples-by-document", "sqlite"]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    shutil.copytree(CORPUS / "dataset", folder / "dataset")
    shutil.copytree(CORPUS / "seeds", folder / "seeds")
    return folder / "dataset"


@pytest.fixture(scope="module", params=["dataset", "release"])
def source(request, dataset):
    return dataset if request.param == "dataset" else RELEASE


def exported(name, source, folder):
    """Export, and return the losses as rows."""
    standoff.export(name, source, to=folder)
    with (folder / "losses.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("name", "file"), [("gdelt2", "gdelt2.tsv"), ("icews", "icews.tab"), ("polecat", "polecat.txt")]
)
def test_rows_pass_the_check_of_their_profile(name, file, source, tmp_path):
    losses = exported(name, source, tmp_path / "out")
    result = standoff.check(tmp_path / "out" / file, profile=name)
    assert [f.code for f in result if f.severity != "note"] == []
    intake = formats.read(tmp_path / "out" / file, Documents([]), name)
    assert set(intake.counts) <= {"unknown-document", "duplicate"}
    found = load(source)
    pairs = found.tables["dyads"]
    lost = {row["record"] for row in losses if row["field"] == "event"}
    alone = set(found.tables["events"]["event_id"]) - set(pairs["event_id"])
    assert len(intake.records) == pairs.height + len(alone) - len(lost)


def test_rows_of_polecat_are_made_of_a_dataset_in_plover_too(tmp_path):
    exported("polecat", ROOT / "tests" / "plover" / "dataset", tmp_path / "out")
    file = tmp_path / "out" / "polecat.txt"
    assert [f.code for f in standoff.check(file, profile="polecat") if f.severity != "note"] == []
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    assert {(row["Event Type"], row["Event Mode"]) for row in rows} >= {
        ("COERCE", "seize"),
        ("AGREE", "None"),
    }
    assert {"-7"} == {row["Intensity"] for row in rows if row["Event Mode"] == "seize"}
    with pytest.raises(UsageError, match="another list of actions"):
        standoff.export("gdelt2", ROOT / "tests" / "plover" / "dataset", to=tmp_path / "no")


@pytest.mark.parametrize("write", [row_files._gdelt2, row_files._icews, row_files._polecat])
def test_an_own_code_is_written_as_the_one_above_it_and_listed(write, dataset, tmp_path):
    pair = next(pairs(load(dataset).tables))
    own = {**pair.action, "action": "0400", "parent": pair.action["action"], "plover_type": None}
    changed = replace(
        pair, action=own, dyad={**pair.dyad, "action": "0400"}, above=(pair.action, *pair.above)
    )
    with Losses(tmp_path) as losses:
        expected = write(pair, losses)
        assert write(changed, losses) == expected
    assert pair.dyad["dyad_id"] + ",action,0400," in (tmp_path / "losses.csv").read_text()


@pytest.mark.parametrize("name", ["gdelt2", "polecat"])
def test_parts_of_actor_codes_that_no_column_holds_are_listed(name, dataset, tmp_path):
    pair = next(pairs(load(dataset).tables))
    write = {"gdelt2": row_files._gdelt2, "polecat": row_files._polecat}[name]
    with Losses(tmp_path) as losses:
        write(replace(pair, dyad={**pair.dyad, "actor_code": "USAGOVQQQ"}), losses)
    assert ",actor_code,QQQ," in (tmp_path / "losses.csv").read_text()


def test_every_event_is_in_the_rows_or_listed(source, tmp_path):
    losses = exported("polecat", source, tmp_path / "out")
    rows = (tmp_path / "out" / "polecat.txt").read_text("utf-8").splitlines()[1:]
    written = {row.split("\t")[0].rpartition("-")[0] for row in rows}
    listed = {row["record"].rpartition("-p")[0] or row["record"] for row in losses if row["field"] == "event"}
    assert written | listed == {r.id for each in load(source) for r in each.records}


@pytest.mark.parametrize("name", ["graphml", "gexf"])
def test_graphs_hold_every_pair_of_two(name, source, tmp_path):
    losses = exported(name, source, tmp_path / "out")
    tree = ElementTree.parse(tmp_path / "out" / f"events.{name}")
    nodes = {node.get("id") for node in tree.iter() if node.tag.endswith("}node")}
    edges = [edge for edge in tree.iter() if edge.tag.endswith("}edge")]
    tables = load(source).tables
    wanted = tables["dyads"].drop_nulls(["actor_id", "target_id"])
    assert Counter((e.get("source"), e.get("target")) for e in edges) == Counter(
        wanted.select("actor_id", "target_id").iter_rows()
    )
    assert len({edge.get("id") for edge in edges}) == len(edges)
    assert nodes == set(wanted["actor_id"]) | set(wanted["target_id"])
    if name == "graphml":
        assert {key.get("attr.name") for key in tree.iter() if key.tag.endswith("}key")}.isdisjoint({"name"})
    left = {row["record"] for row in losses if row["field"] == "event"}
    assert left | set(wanted["event_id"]) == set(tables["events"]["event_id"])


@pytest.mark.parametrize("name", ["quadruples", "quadruples-by-document"])
def test_quadruples_are_read_and_cut_by_day_or_document(name, source, tmp_path):
    out = tmp_path / "out"
    losses = exported(name, source, out)
    entities, relations = (
        dict(line.split("\t") for line in (out / f"{kind}2id.txt").read_text("utf-8").splitlines())
        for kind in ("entity", "relation")
    )
    assert (out / "stat.txt").read_text() == f"{len(entities)}\t{len(relations)}\n"
    parts = {
        part: [line.split("\t") for line in (out / f"{part}.txt").read_text("utf-8").splitlines()]
        for part in ("train", "valid", "test")
    }
    listed = list(csv.DictReader((out / "facts.csv").read_text("utf-8").splitlines()))
    for each in listed:
        parts[each["file"]][int(each["line"]) - 1].append(each["document_id"])
    assert {len(fact) for part in parts.values() for fact in part} == {5}
    unit = 4 if name.endswith("document") else 3
    units = [{facts[unit] for facts in part} for part in parts.values()]
    assert len(set.union(*units)) == sum(map(len, units))
    assert all(units) or len(set.union(*units)) < 3
    facts = [fact for part in parts.values() for fact in part]
    assert {fact[0] for fact in facts} | {fact[2] for fact in facts} == set(entities.values())
    wanted = load(source).tables["dyads"].drop_nulls(["actor_id", "target_id"])
    undated = {row["record"] for row in losses if row["why"] == "no day is known"}
    assert {each["dyad_id"] for each in listed} == set(wanted["dyad_id"]) - undated
    assert len(facts) == len(listed)


def test_the_database_holds_the_tables_with_keys(source, tmp_path):
    assert exported("sqlite", source, tmp_path / "out") == []
    connection = sqlite3.connect(tmp_path / "out" / "standoff.db")
    try:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        tables = load(source).tables
        for name, frame in tables.items():
            names = ", ".join(f'"{column}"' for column in frame.columns)
            found = connection.execute(f'SELECT {names} FROM "{name}"').fetchall()
            expected = [
                tuple(v.isoformat() if hasattr(v, "isoformat") else v for v in row)
                for row in frame.iter_rows()
            ]
            assert Counter(found) == Counter(expected), name
        counted = connection.execute("SELECT SUM(events), SUM(sum_of_weights) FROM how_to_count").fetchone()
        paired = tables["dyads"]["event_id"].n_unique()
        assert counted == (paired, pytest.approx(paired))
        keys = connection.execute("SELECT COUNT(*) FROM pragma_foreign_key_list('dyads')").fetchone()
        assert keys[0] >= 3
    finally:
        connection.close()


@pytest.mark.parametrize("name", ONE_WAY)
def test_the_same_records_give_the_same_bytes(name, dataset, tmp_path):
    found = []
    for attempt in ("a", "b"):
        standoff.export(name, dataset, to=tmp_path / attempt)
        found.append({p.name: p.read_bytes() for p in sorted((tmp_path / attempt).iterdir())})
    assert found[0] == found[1]


@pytest.mark.parametrize("name", [*ONE_WAY, "web-annotation", "predictions"])
def test_no_export_without_text_holds_words_of_the_evidence(name, dataset, tmp_path):
    standoff.export(name, dataset, to=tmp_path / "out")
    content = b"".join(p.read_bytes() for p in sorted((tmp_path / "out").iterdir())).decode(
        "utf-8", "replace"
    )
    for each in load(dataset):
        for record in each.records:
            if len(record.evidence.words) > 3 * len(record.trigger.words):
                assert record.evidence.words not in content
                assert json.dumps(record.evidence.words)[1:-1] not in content


WINDOW = {
    "type": "object",
    "required": ["doc_id", "wnd_id", "text", "lang", "tokens", "entity_mentions", "event_mentions"],
    "properties": {
        "doc_id": {"type": "string"},
        "wnd_id": {"type": "string"},
        "text": {"type": "string"},
        "tokens": {"type": "array", "items": {"type": "string", "minLength": 1}},
        "entity_mentions": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "entity_type", "text", "start", "end"],
                "properties": {"start": {"type": "integer"}, "end": {"type": "integer"}},
            },
        },
        "event_mentions": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "event_type", "trigger", "arguments"],
                "properties": {
                    "trigger": {"type": "object", "required": ["text", "start", "end"]},
                    "arguments": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["entity_id", "role", "text", "start", "end"],
                        },
                    },
                },
            },
        },
    },
}
"""The fields that the data page of TextEE lists."""


@given(coded())
def test_windows_hold_whole_tokens_and_are_read_back(tmp_path_factory, document):
    folder = tmp_path_factory.mktemp("textee")
    with Losses(folder) as losses:
        formats.writer("textee").write(source_of(document), folder, losses)
    window = json.loads((folder / "events.json").read_text("utf-8"))
    jsonschema.validate(window, WINDOW)
    for event, record in zip(window["event_mentions"], document.records, strict=False):
        if event["id"] == record.id:
            first, last = event["trigger"]["start"], event["trigger"]["end"]
            assert "".join(window["tokens"][first:last]) == "".join(record.trigger.words.split())
    with (folder / "losses.csv").open(encoding="utf-8", newline="") as file:
        lost = {row["record"] for row in csv.DictReader(file) if row["field"] == "trigger"}
    kept = [r for r in document.records if r.id not in lost]
    assert [e["id"] for e in window["event_mentions"]] == [r.id for r in kept]
    intake = formats.importer("textee").read(folder / "events.json", documents_of(document), None)
    assert [(r.id, r.action) for r in intake.records] == [(r.id, r.action) for r in kept]


@given(coded())
def test_every_span_of_words_is_whole_tokens(document):
    spans = [r.trigger.span for r in document.records] + [r.evidence.span for r in document.records]
    found = tokens(document.document.text, spans)
    assert [s for s in found if not s.of(document.document.text).strip()] == []
    for span in spans:
        if (inside := covered(found, span)) is not None:
            assert (found[inside[0]].start, found[inside[1] - 1].end) == (span.start, span.end)


def test_spacy_is_asked_for_where_it_is_missing(dataset, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "spacy", None)
    with pytest.raises(MissingPackage, match=r'pip install .*"spacy>='):
        standoff.export("spacy", dataset, to=tmp_path / "out")
    assert not (tmp_path / "out").exists()
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    assert "spacy" in extras


IN_PROCESSES = """
import sys
from pathlib import Path
from benchmarks.check_corpus import generate
from standoff.exchange.exporting import export
from standoff.source import processes

folder = Path(sys.argv[1])
dataset = generate(folder / "corpus", 6)
for name, least in (("several", 2), ("one", 1000)):
    processes.LEAST = least
    if name == "several":
        assert processes.processes(2) == int(sys.argv[2])
    export("graphml", dataset, to=folder / name)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux only")
@pytest.mark.slow
def test_tables_that_several_processes_compile_are_those_of_one(tmp_path):
    cores = str(min(len(os.sched_getaffinity(0)), processes.MOST))
    command = [sys.executable, "-c", IN_PROCESSES, str(tmp_path), cores]
    subprocess.run(command, check=True, cwd=ROOT)
    made = [
        {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("several", "one")
    ]
    assert made[0] == made[1]
