"""Imports: passes in canonical form, and records that cannot be placed."""

import json
import re
import shutil
import sys
from collections import Counter
from pathlib import Path

import pytest
from tests.exchange.strategies import plain
from tests.exchange.test_laws import TWO_WAY

import standoff
from standoff.cli import main
from standoff.exchange import reading
from standoff.exchange.dataset_source import coded
from standoff.exchange.labels import UnmappedLabels
from standoff.findings import UsageError
from standoff.rules import runner
from standoff.source import canonical, processes
from standoff.source.corpus import read_corpus

CORPUS = Path(__file__).parents[1] / "corpus"


@pytest.fixture
def dataset(tmp_path):
    shutil.copytree(CORPUS / "dataset", tmp_path / "dataset")
    shutil.copytree(CORPUS / "seeds", tmp_path / "seeds")
    return tmp_path / "dataset"


def collection(dataset, text, document="d900"):
    """Write one .ann file about a document of the dataset; return its folder."""
    folder = dataset.parent / "tool"
    folder.mkdir(exist_ok=True)
    (folder / f"{document}.ann").write_bytes(text.encode())
    return folder


def words(dataset, sought, document="d900"):
    """Return offsets of words in a document's text."""
    text = next(f.seed.text for f in read_corpus(dataset).files if f.document.id == document)
    at = text.index(sought)
    return f"{at} {at + len(sought)}"


def test_annotation_files_that_are_not_complete_are_named(dataset, capsys):
    path = dataset / "events" / "d901.yaml"
    path.write_text(re.sub(r"(?m)^  title: .*\n", "", path.read_text()))
    text = (dataset.parent / "seeds" / "901_raid.txt").read_bytes().decode()
    folder = collection(dataset, "", "other")
    (folder / "other.txt").write_bytes(text.encode())
    assert main(["import", "brat", str(folder), "--as", "a3", "--dataset", str(dataset)]) == 2
    assert "d901.yaml" in capsys.readouterr().err


def test_a_quote_that_an_author_stated_in_another_way_stays(dataset, tmp_path):
    path = dataset / "events" / "d900.yaml"
    text = path.read_text()
    changed = text.replace('trigger: "met"', 'trigger: {quote: "met", suffix: "SUFFIX"}', 1)
    assert changed != text
    words = next(f.seed.text for f in read_corpus(dataset).files if f.document.id == "d900").partition("met")[
        2
    ]
    path.write_text(changed.replace("SUFFIX", words[:12].rstrip()))
    standoff.export("brat", dataset, to=tmp_path / "out")
    standoff.import_pass("brat", tmp_path / "out", name="a3", dataset=dataset)
    again = dataset / "passes" / "a3" / "d900.yaml"
    assert again.read_text().partition("\nevents:")[2] == path.read_text().partition("\nevents:")[2]


@pytest.mark.parametrize("name", TWO_WAY)
def test_an_export_comes_back_as_a_pass_that_check_accepts(name, dataset, tmp_path):
    before = {path: path.read_bytes() for path in dataset.rglob("*") if path.is_file()}
    standoff.export(name, dataset, to=tmp_path / "out")
    done = standoff.import_pass(name, tmp_path / "out", name="a3", dataset=dataset)
    assert (done.problems, done.losses, done.documents) == ([], [], 2)
    assert {path: path.read_bytes() for path in before} == before
    corpus = read_corpus(dataset)
    released = {file.document.id: file for file in corpus.files}
    passed = {file.document.id: file for file in corpus.passes if file.annotator == "a3"}
    assert passed.keys() == released.keys()
    for key, file in passed.items():
        assert plain(coded(file).records) == plain(coded(released[key]).records)
        own = dataset / "events" / f"{key}.yaml"
        again = dataset / "passes" / "a3" / f"{key}.yaml"
        assert again.read_text().partition("\nevents:")[2] == own.read_text().partition("\nevents:")[2]
        assert plain(coded(file).negatives) == plain(coded(released[key]).negatives)
        assert canonical.canonical(file.text, "annotation") == file.text
    codes = {f.code for f in runner.run(corpus).findings if "passes/a3" in f.path and f.severity == "error"}
    assert codes <= {"unknown-annotator"}


@pytest.mark.parametrize("name", TWO_WAY)
def test_files_of_edition_1_come_back_in_their_own_edition(name, dataset, tmp_path):
    for file in (dataset / "passes" / "a1").iterdir():
        shutil.copy(file, dataset / "events" / file.name)
    standoff.export(name, dataset, to=tmp_path / "out")
    done = standoff.import_pass(name, tmp_path / "out", name="a3", dataset=dataset)
    assert (done.problems, done.losses) == ([], [])
    corpus = read_corpus(dataset)
    passed = {f.document.id: f for f in corpus.passes if f.annotator == "a3"}
    for file in corpus.files:
        again = passed[file.document.id]
        assert (again.value.get("edition"), again.withheld) == (None, 0)
        assert plain(coded(again).records) == plain(coded(file).records)
        assert plain(coded(again).negatives) == plain(coded(file).negatives)


def test_an_event_that_was_added_gets_the_next_id_and_empty_fields(dataset):
    folder = collection(dataset, f"T1\tAct-040 {words(dataset, 'met')}\tmet\nE1\tAct-040:T1\n")
    done = standoff.import_pass("brat", folder, name="a3", dataset=dataset)
    [file] = [f for f in read_corpus(dataset).passes if f.annotator == "a3"]
    [event] = file.value["events"]
    taken = {e.id for f in read_corpus(dataset).files for e in f.events}
    assert event["id"] not in taken
    assert event["id"].startswith("d900-e")
    assert (event["action"], event["evidence"], event["status"]) == ("040", "", "")
    assert done.events == 1


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("T1\tAct-040 900000 900003\tmet\nE1\tAct-040:T1\n", {"offsets-disagree"}),
        ("E1\tAct-040:T1\n", {"no-place"}),
        ("nonsense\n", {"unparsable"}),
        ("T1\tAct-040 MET\tmet\nE1\tAct-040:T1 Actor:T2\nT2\tParty 0 3\txyz\n", {"part-not-placed"}),
        ("T1\tAct-040 MET\tmet\nE1\tAct-040:T1\n#1\tAnnotatorNotes E1\tdate: soon\n", {"bad-date"}),
        (
            "T1\tAct-040 MET\tmet\nE1\tAct-040:T1 Attribution:T1\nR1\tVia Arg1:T1 Arg2:T1\n",
            {"bad-field"},
        ),
    ],
)
def test_what_cannot_be_placed_is_reported_with_its_line(text, kinds, dataset, capsys):
    good = f"T8\tAct-040 {words(dataset, 'met')}\tmet\nE8\tAct-040:T8\n"
    folder = collection(dataset, good + text.replace("MET", words(dataset, "met")))
    assert main(["import", "brat", str(folder), "--as", "a3", "--dataset", str(dataset)]) == 1
    shown = capsys.readouterr().err
    for kind in kinds:
        assert f" {kind}: " in shown
        assert "d900.ann:" in shown
    [file] = [f for f in read_corpus(dataset).passes if f.annotator == "a3"]
    assert file.value["events"]


def test_a_text_that_is_not_the_datasets_is_refused(dataset):
    folder = collection(dataset, "T1\tAct-040 0 3\tThe\nE1\tAct-040:T1\n")
    (folder / "d900.txt").write_text("The envoy met another text.")
    with pytest.raises(UsageError, match="other-text") as error:
        standoff.import_pass("brat", folder, name="a3", dataset=dataset)
    assert "d900.ann" in str(error.value)
    assert not (dataset / "passes" / "a3").exists()


def shift(text, only=None):
    """Return a file whose offsets all lead 40 too far; with `only`, those of one line."""
    lines = text.split("\n")
    for i, line in enumerate(lines):
        if only in (None, i):
            line = re.sub(r"^(T\d+\t\S+ )([\d ;]+)", lambda m: m[1] + moved(m[2]), line)
            lines[i] = re.sub(r'\b(?:start|end|begin)(?:": |=")\d+', lambda m: moved(m[0]), line)
    return "\n".join(lines)


def moved(text):
    return re.sub(r"\d+", lambda m: str(int(m[0]) + 40), text)


@pytest.mark.parametrize("name", TWO_WAY)
def test_a_file_whose_quotes_no_unit_fits_is_refused_with_its_first_record(name, dataset, tmp_path, capsys):
    standoff.export(name, dataset, to=tmp_path / "out")
    file = next(f for f in (tmp_path / "out").iterdir() if f.stem in ("d900", "tasks") and f.suffix != ".txt")
    text = file.read_bytes().decode()
    file.write_bytes(shift(text, 1 if name == "label-studio" else None).encode())
    done = standoff.import_pass(name, tmp_path / "out", name="a3", dataset=dataset)
    [problem] = done.problems
    assert (problem.kind, problem.file) == ("no-unit", file.name)
    assert problem.line == {"cas-xmi": 6, "label-studio": 2}.get(name, 1)
    assert [path.stem for path in done.folder.iterdir()] == ["d901"]
    for other in (tmp_path / "out").iterdir():
        if "d901" in other.name:
            other.unlink()
    file.write_bytes(shift(text).encode())
    assert main(["import", name, str(tmp_path / "out"), "--as", "a4", "--dataset", str(dataset)]) == 2
    assert f"{file.name}:{problem.line} no-unit: " in capsys.readouterr().err
    assert not (dataset / "passes" / "a4").exists()


def test_single_quotes_that_are_elsewhere_are_reported_one_by_one(dataset, tmp_path):
    standoff.export("brat", dataset, to=tmp_path / "out")
    file = tmp_path / "out" / "d900.ann"
    lines = file.read_bytes().decode().split("\n")
    number = next(i for i, line in enumerate(lines) if "\tAct-" in line)
    file.write_bytes(shift("\n".join(lines), number).encode())
    done = standoff.import_pass("brat", tmp_path / "out", name="a3", dataset=dataset)
    assert [(p.kind, p.line) for p in done.problems] == [("offsets-disagree", number + 1)]
    assert done.documents == 2


def test_predictions_whose_offsets_no_unit_fits_are_refused(dataset, tmp_path):
    file = tmp_path / "predictions.jsonl"
    wrong = {"document": "d900", "action": "040", "trigger": {"start": 0, "end": 3, "quote": "met"}}
    file.write_text(json.dumps(wrong) + "\n")
    with pytest.raises(UsageError, match=r"predictions\.jsonl:1: no quote of the file is at its offsets"):
        standoff.import_pass("predictions", file, name="a3", dataset=dataset)
    start, end = map(int, words(dataset, "met").split())
    right = {**wrong, "trigger": {"start": start, "end": end, "quote": "met"}}
    file.write_text(json.dumps(wrong) + "\n" + json.dumps(right) + "\n")
    done = standoff.import_pass("predictions", file, name="a3", dataset=dataset)
    assert ([(p.kind, p.line) for p in done.problems], done.events) == ([("offsets-disagree", 1)], 1)


def test_an_unknown_document_is_refused(dataset):
    folder = collection(dataset, "T1\tAct-040 0 3\tThe\nE1\tAct-040:T1\n", "d777")
    with pytest.raises(UsageError, match="unknown-document"):
        standoff.import_pass("brat", folder, name="a3", dataset=dataset)


def test_lines_that_no_record_holds_are_listed(dataset):
    met = words(dataset, "met")
    lines = f"T1\tAct-040 {met}\tmet\nE1\tAct-040:T1\n*\tEquiv T1 T1\nR1\tCoref Arg1:T1\n"
    done = standoff.import_pass("brat", collection(dataset, lines), name="a3", dataset=dataset)
    assert [(loss.record, loss.field) for loss in done.losses] == [("d900.ann:3", "*"), ("d900.ann:4", "R1")]
    assert done.problems == []


@pytest.mark.parametrize("how", ["\n", "\r\n"])
def test_other_line_ends_are_the_same_text(how, dataset, tmp_path):
    standoff.export("brat", dataset, to=tmp_path / "out")
    for file in (tmp_path / "out").glob("*.txt"):
        file.write_bytes(file.read_bytes().replace(b"\n", how.encode()))
    if how == "\r\n":  # offsets were counted in the text with \n
        done = standoff.import_pass("brat", tmp_path / "out", name="a3", dataset=dataset)
        assert set(done.units) <= {"code points", "code points, line ends as \\n"}
    done = standoff.import_pass("brat", tmp_path / "out", name="a4", dataset=dataset)
    assert done.problems == []


def test_a_character_that_is_cut_is_refused_by_name(dataset):
    text = "The envoy e\u0301mu met.\r\nHe left."
    import hashlib

    seed = dataset.parent / "seeds"
    file = dataset / "events" / "d900.yaml"
    name = next(f.document.file for f in read_corpus(dataset).files if f.document.id == "d900")
    old = hashlib.sha256((seed / name).read_bytes()).hexdigest()
    (seed / name).write_bytes(text.encode())
    file.write_text(file.read_text("utf-8").replace(old, hashlib.sha256(text.encode()).hexdigest()), "utf-8")
    folder = collection(
        dataset,
        "T1\tAct-040 10 11\te\nE1\tAct-040:T1\nT2\tAct-040 11 14\t\u0301mu\nE2\tAct-040:T2\nT3\tAct-040 15 18\tmet\nE3\tAct-040:T3\n",
    )
    done = standoff.import_pass("brat", folder, name="a3", dataset=dataset)
    assert [(p.kind, p.line) for p in done.problems] == [("cuts-character", 2), ("cuts-character", 4)]
    assert done.events == 1


def test_labels_of_another_project_need_a_mapping(dataset, tmp_path, capsys):
    met = words(dataset, "met")
    folder = collection(
        dataset, f"T1\tMeet {met}\tmet\nT2\tPER 0 3\tThe\nE1\tMeet:T1 Attacker:T2\nT3\tMood 0 3\tThe\n"
    )
    (folder / "d900.ann").write_bytes(
        (folder / "d900.ann").read_bytes().replace(b"0 3\tThe", _first_word(dataset))
    )
    assert main(["import", "brat", str(folder), "--as", "a3", "--dataset", str(dataset)]) == 2
    assert '"Meet" is not an action code' in capsys.readouterr().err
    (tmp_path / "map.toml").write_text('[labels]\nMeet = "040"\nMood = ""\n')
    losses = tmp_path / "losses.csv"
    arguments = ["import", "brat", str(folder), "--as", "a3", "--dataset", str(dataset)]
    assert main([*arguments, "--map", str(tmp_path / "map.toml"), "--losses", str(losses)]) == 0
    [file] = [f for f in read_corpus(dataset).passes if f.annotator == "a3"]
    assert file.value["events"][0]["action"] == "040"
    assert len(file.value["events"][0]["actor"]) == 1
    assert "d900.ann:4,Mood" in losses.read_text()


def _first_word(dataset):
    text = next(f.seed.text for f in read_corpus(dataset).files if f.document.id == "d900")
    word = text.split()[0]
    at = text.index(word)
    return f"{at} {at + len(word)}\t{word}".encode()


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["brat", "TOOL", "--as", "A 3"], "--as"),
        (["brat", "TOOL", "--as", "ann-1"], "--as"),
        (["brat", "TOOL", "--as", "a1"], "already exists"),
        (["brat", "nowhere", "--as", "a3"], "does not exist"),
        (["brat", "SEEDS", "--as", "a3"], "no .ann file"),
        (["xml", "TOOL", "--as", "a3"], "there are"),
    ],
)
def test_wrong_usage_is_refused(arguments, part, dataset, capsys):
    folder = collection(dataset, "")
    places = {"TOOL": folder, "SEEDS": dataset.parent / "seeds"}
    arguments = [str(places.get(each, each)) for each in arguments]
    assert main(["import", *arguments, "--dataset", str(dataset)]) == 2
    assert part in capsys.readouterr().err


def test_progress_is_told_while_the_dataset_is_read_and_while_documents_are_written(dataset, tmp_path):
    steps = []
    standoff.export("brat", dataset, to=tmp_path / "out", progress=lambda *step: steps.append(step))
    assert steps == [(1, 2), (2, 2)]
    for name in ("brat", "label-studio"):  # a folder of files, and one file with all documents
        steps[:] = []
        if name != "brat":
            standoff.export(name, dataset, to=tmp_path / name)
        source = tmp_path / ("out" if name == "brat" else name)
        standoff.import_pass(
            name, source, name=name[:5], dataset=dataset, progress=lambda *s: steps.append(s)
        )
        read = [(1, 2), (2, 2)] if name == "brat" else [(2, 2)]
        assert steps[-len(read) - 2 :] == [*read, (1, 2), (2, 2)]


# ---- several processes ----------------------------------------------------------------------------------------

several = pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux only")


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@several
@pytest.mark.parametrize("name", [*TWO_WAY, "predictions", "textee"])
def test_several_processes_write_and_read_what_one_does(name, dataset, tmp_path, monkeypatch):
    made = []
    for number in (1, 2):
        monkeypatch.setattr(processes, "processes", lambda _, number=number: number)
        monkeypatch.setattr(processes, "BLOCK", 1)
        monkeypatch.setattr(reading, "BLOCK", 1)
        out = tmp_path / f"out{number}"
        exported = standoff.export(name, dataset, to=out)
        done = standoff.import_pass(name, out, name=f"a{number + 5}", dataset=dataset)
        counts = exported.events, exported.negatives, done.events, done.negatives, done.documents, done.units
        made.append((contents(out), contents(done.folder), counts))
    assert made[0] == made[1]


@several
def test_each_fault_of_shared_predictions_is_reported_once(dataset, tmp_path, monkeypatch):
    standoff.export("predictions", dataset, to=tmp_path / "out")
    path = tmp_path / "out" / "predictions.jsonl"
    good = path.read_text("utf-8")
    other = (
        '{"document": "d999", "trigger": "x"}\n{"document": ["d900"], "trigger": "x"}\n[7]\n{"document": \n'
    )
    path.write_text(other + good + '{"document": "d900", "trigger": "not in the text", "odd": 1}\n', "utf-8")
    made = []
    for number in (1, 2, 3):
        monkeypatch.setattr(processes, "processes", lambda _, number=number: number)
        done = standoff.import_pass("predictions", path, name=f"a{number + 5}", dataset=dataset)
        faults = [(fault.kind, fault.line, fault.message) for fault in done.problems]
        made.append((contents(done.folder), faults, done.notes, done.events, done.units))
    assert made[0] == made[1] == made[2]
    assert Counter(kind for kind, _, _ in made[0][1]) >= Counter(
        ["unknown-document", "unknown-document", "bad-field", "unparsable", "unparsable", "words-not-found"]
    )


@several
def test_files_that_shares_cannot_read_alone_are_read_by_one_process(dataset, tmp_path, monkeypatch):
    standoff.export("brat", dataset, to=tmp_path / "out")
    for file in (*(tmp_path / "out").glob("d900.*"),):
        (tmp_path / "out" / "z").mkdir(exist_ok=True)
        shutil.copy(file, tmp_path / "out" / "z" / file.name)  # another annotator
    problems = []
    for number in (1, 2):
        monkeypatch.setattr(processes, "processes", lambda _, number=number: number)
        done = standoff.import_pass("brat", tmp_path / "out", name=f"a{number + 5}", dataset=dataset)
        problems.append([(p.kind, p.file, p.line) for p in done.problems])
    assert problems[0] == problems[1] == [("document-twice", "z/d900.ann", 1)]
    (tmp_path / "out" / "z" / "d900.ann").write_text("T1\tOdd 0 1\tx\nE1\tOdd:T1\n")
    with pytest.raises(UnmappedLabels, match="Odd"):
        standoff.import_pass("brat", tmp_path / "out", name="a8", dataset=dataset)
