"""Exports: sources, texts, refusals, and folders that are whole or not there."""

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

import standoff
from standoff.cli import main
from standoff.exchange import formats
from standoff.exchange.coded import NotExportable
from standoff.exchange.exporting import Exported
from standoff.exchange.formats import Format
from standoff.exchange.importing import Imported
from standoff.exchange.loading import load
from standoff.findings import UsageError
from standoff.source import files

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "corpus" / "dataset"
RELEASES = sorted((ROOT / "releases").glob("v*/events.parquet"))


@pytest.fixture
def dataset(tmp_path):
    shutil.copytree(CORPUS, tmp_path / "dataset")
    shutil.copytree(CORPUS.parent / "seeds", tmp_path / "seeds")
    return tmp_path / "dataset"


@pytest.mark.parametrize("file", RELEASES, ids=lambda file: file.parent.name)
def test_releases_of_every_edition_are_loaded(file):
    source = load(file.parent)
    events = sum(len(coded.records) for coded in source)
    assert events == standoff.load("events", file.parent.name.removeprefix("v")).height
    assert all(coded.document.text is None for coded in source)
    assert all(record.trigger.span and record.evidence.span for coded in source for record in coded.records)


def test_a_dataset_and_its_release_hold_the_same(dataset, tmp_path, capsys):
    assert main(["export", "brat", str(dataset), "--to", str(tmp_path / "out")]) == 0
    shown = capsys.readouterr().out
    assert "2 documents" in shown
    assert "nothing was left out" in shown
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"d900.ann", "d900.txt", "annotation.conf", "visual.conf", "losses.csv"} <= names


def test_offsets_of_label_studio_count_code_points(dataset, tmp_path):
    standoff.export("label-studio", dataset, to=tmp_path / "out")
    tasks = json.loads((tmp_path / "out" / "tasks.json").read_text("utf-8"))
    assert any(max(task["data"]["text"]) > "\uffff" for task in tasks)
    for task in tasks:
        for result in task["annotations"][0]["result"]:
            if result["type"] == "labels":
                value = result["value"]
                assert task["data"]["text"][value["start"] : value["end"]] == value["text"]


def test_formats_with_text_ask_for_copies(tmp_path):
    release = RELEASES[-1].parent
    with pytest.raises(UsageError, match="--texts"):
        standoff.export("brat", release, to=tmp_path / "out")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="empty"):
        standoff.export("brat", release, to=tmp_path / "out", texts=tmp_path / "empty")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["export", "bratt", "DATA", "--to", "OUT"], "did you mean brat"),
        (["export", "brat", "DATA"], "--to"),
        (["export"], "--formats"),
        (["export", "brat", "DATA", "--to", "DATA"], "already exists"),
        (["export", "brat", "DATA", "--to", "OUT", "--documents", "d9"], "there are d900"),
        (["export", "brat", "DATA", "--to", "OUT", "--texts", "nowhere"], "not a folder"),
        (["export", "brat", "EMPTY", "--to", "OUT"], "neither a release"),
        (["export", "brat", "9.9.9", "--to", "OUT"], "9.9.9"),
    ],
)
def test_wrong_usage_is_refused(arguments, part, dataset, tmp_path, capsys):
    (tmp_path / "nothing").mkdir()
    places = {"DATA": dataset, "OUT": tmp_path / "out", "EMPTY": tmp_path / "nothing"}
    assert main([str(places.get(each, each)) for each in arguments]) == 2
    assert part in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_dataset_with_errors_is_refused(dataset, tmp_path):
    file = dataset / "events" / "d900.yaml"
    file.write_text(file.read_text("utf-8").replace("trigger: ", "trigger: nowhere ", 1), "utf-8")
    with pytest.raises(NotExportable, match=r"d900\.yaml"):
        standoff.export("brat", dataset, to=tmp_path / "out")


def test_a_failed_export_leaves_nothing(dataset, tmp_path, monkeypatch):
    def fail(source, folder, losses):
        (folder / "half").write_text("x")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(formats, "OURS", (Format("half", "fails", fail),))
    formats.known.cache_clear()
    try:
        with pytest.raises(OSError, match="No space"):
            standoff.export("half", dataset, to=tmp_path / "out")
    finally:
        monkeypatch.undo()
        formats.known.cache_clear()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dataset", "seeds"]


class Point:
    """An entry point that leads to this value."""

    name, value = "ours", "lab:format"

    def __init__(self, found):
        self.found = found

    def load(self):
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


@pytest.mark.parametrize(
    ("found", "part"),
    [
        (ImportError("no lab"), "cannot be loaded"),
        ("text", "is not a"),
        (Format("brat", "again"), "choose another name"),
    ],
)
def test_a_broken_format_of_another_package_is_named(found, part, monkeypatch):
    monkeypatch.setattr(formats, "entry_points", lambda group: [Point(found)])
    formats.known.cache_clear()
    try:
        with pytest.raises(UsageError, match="lab:format") as error:
            formats.writer("ours")
        assert part in str(error.value)
        assert formats.writer("brat").about != "again"
    finally:
        monkeypatch.undo()
        formats.known.cache_clear()


def test_a_format_of_another_package_is_used(dataset, tmp_path, monkeypatch, capsys):
    def write(source, folder, losses):
        for coded in source:
            (folder / f"{coded.document.id}.ids").write_text("\n".join(r.id for r in coded.records))
            losses.add(coded.document.id, "title", coded.document.title, "not held")

    monkeypatch.setattr(formats, "entry_points", lambda group: [Point(Format("ids", "ids only", write))])
    formats.known.cache_clear()
    try:
        assert main(["export", "ids", str(dataset), "--to", str(tmp_path / "out")]) == 0
    finally:
        monkeypatch.undo()
        formats.known.cache_clear()
    assert "left out 2 values (title 2)" in capsys.readouterr().out
    assert (tmp_path / "out" / "d900.ids").read_text().startswith("d900-e01")


def test_a_document_that_is_too_large_is_refused_with_the_limit(dataset, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "MAX_DOCUMENT_BYTES", 100)
    with pytest.raises(NotExportable, match=r"has more than 1,048,576 bytes: split it"):
        standoff.export("brat", dataset, to=tmp_path / "out")


def test_counts_agree_with_their_nouns():
    one = Exported("brat", Path("out"), "a dataset", 1, 1, 1, Counter(note=1))
    assert "1 document, 1 event and 1 negative of" in str(one)
    assert "left out 1 value (note 1); losses.csv lists it" in str(one)
    several = Imported("brat", Path("p"), documents=2, events=1000)
    assert "1,000 events and 0 negatives of 2 documents" in str(several)
