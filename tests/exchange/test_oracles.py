"""Other people's libraries read our files, and read from them what we wrote. Run by `.ci/exchange`."""

import io
import json
import sqlite3
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from tests.exchange.strategies import coded, source_of

import standoff
from standoff.exchange import formats
from standoff.exchange import items as parts
from standoff.exchange.items import items_of
from standoff.exchange.label_studio import NAMES
from standoff.exchange.loading import load
from standoff.exchange.losses import Losses
from standoff.exchange.units import plain_lines

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "corpus" / "dataset"
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
SETTINGS = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


def write(name, document, folder):
    with Losses(folder) as losses:
        formats.writer(name).write(source_of(document), folder, losses)


def words(document):
    """Return the words of every item, as a sorted list of kind and words."""
    return sorted((item.kind, item.passage.words) for item in items_of(document.records, document.negatives))


@SETTINGS
@given(document=coded())
def test_bioc_reads_the_same_spans_from_brat(document):
    brat = pytest.importorskip("bioc.brat", reason="only .ci/exchange has it")
    with tempfile.TemporaryDirectory() as folder:
        write("brat", document, Path(folder))
        text = (Path(folder) / "d001.txt").read_bytes().decode("utf-8")
        with (Path(folder) / "d001.ann").open(encoding="utf-8", newline="\n") as ann:
            found = brat.load(io.StringIO(text, newline=""), ann)
    events = [
        item
        for item in items_of(document.records, document.negatives)
        if item.kind in (parts.EVENT, parts.NEGATIVE)
    ]
    assert len(found.events) == len(events)
    spans = list(found.entities)
    assert len(spans) == len(items_of(document.records, document.negatives))
    for entity in spans:
        assert " ".join(text[r.begin : r.end] for r in sorted(entity.locations)) == entity.text
    arguments = sum(len(event.arguments) for event in found.events)
    assert arguments == sum(len(event.edges) for event in events)


@pytest.mark.parametrize("name", ["cas-xmi", "cas-json"])
@SETTINGS
@given(document=coded())
def test_cassis_reads_the_same_spans_from_a_cas(name, document):
    cassis = pytest.importorskip("cassis", reason="only .ci/exchange has it")
    with tempfile.TemporaryDirectory() as folder:
        write(name, document, Path(folder))
        if name == "cas-xmi":
            with (Path(folder) / "TypeSystem.xml").open("rb") as file:
                types = cassis.load_typesystem(file)
            with (Path(folder) / "d001.xmi").open("rb") as file:
                cas = cassis.load_cas_from_xmi(file, typesystem=types)
        else:
            with (Path(folder) / "d001.json").open("rb") as file:
                cas = cassis.load_cas_from_json(file)
    assert cas.sofa_string == document.document.text
    ours = [each for each in cas.select_all() if each.type.name.startswith("standoff.")]
    found = [(each.type.name, each.get_covered_text()) for each in ours if hasattr(each, "begin")]
    assert sorted(text for _, text in found) == sorted(text for _, text in words(document))
    assert all(each.get_covered_text() == each.quote for each in ours if hasattr(each, "begin"))
    events = [each for each in ours if each.type.name == "standoff.Event"]
    links = sum(len(each.arguments.elements) for each in events if each.arguments is not None)
    items = items_of(document.records, document.negatives)
    assert links == sum(len(item.edges) for item in items if item.kind == parts.EVENT)


@pytest.mark.parametrize("name", ["cas-xmi", "cas-json"])
@SETTINGS
@given(document=coded())
def test_what_cassis_writes_is_read_back(name, document):
    cassis = pytest.importorskip("cassis", reason="only .ci/exchange has it")
    from tests.exchange.strategies import documents_of, plain

    with tempfile.TemporaryDirectory() as folder:
        write("cas-json", document, Path(folder))
        with (Path(folder) / "d001.json").open("rb") as file:
            cas = cassis.load_cas_from_json(file)
        again = Path(folder) / "again"
        again.mkdir()
        if name == "cas-xmi":
            cas.to_xmi(again / "d001.xmi")
        else:
            cas.to_json(again / "d001.json")
        intake = formats.importer(name).read(again, documents_of(document), None)
    key = lambda each: each.id  # noqa: E731
    assert sorted(plain(intake.records), key=key) == sorted(plain(document.records), key=key)


@SETTINGS
@given(document=coded())
def test_the_sdk_of_label_studio_accepts_every_annotation(document):
    interface = pytest.importorskip("label_studio_sdk.label_interface", reason="only .ci/exchange has it")
    with tempfile.TemporaryDirectory() as folder:
        write("label-studio", document, Path(folder))
        config = interface.LabelInterface((Path(folder) / "config.xml").read_text("utf-8"))
        [task] = json.loads((Path(folder) / "tasks.json").read_text("utf-8"))
    known = set(config.get_control("label").labels)
    text = task["data"]["text"]
    for result in task["annotations"][0]["result"]:
        if result["type"] == "labels":
            value = result["value"]
            # Its front end counts code points: `charsToCodePoints` in its source, and as seen in the browser.
            assert text[value["start"] : value["end"]] == value["text"]
    results = [
        r
        for r in task["annotations"][0]["result"]
        if r["type"] != "labels" or r["value"]["labels"][0] in known
    ]
    assert config.validate_prediction({"model_version": "x", "score": 1.0, "result": results})
    assert set(NAMES.values()) <= known
    assert plain_lines(document.document.text) == text


@SETTINGS
@given(document=coded())
def test_rdflib_reads_the_graph_of_annotations(document):
    rdflib = pytest.importorskip("rdflib", reason="only .ci/exchange has it")
    oa = rdflib.Namespace("http://www.w3.org/ns/oa#")
    with tempfile.TemporaryDirectory() as folder:
        write("web-annotation", document, Path(folder))
        graph = rdflib.Graph().parse(Path(folder) / "d001.jsonld", format="json-ld")
    items = items_of(document.records, document.negatives)
    assert len(set(graph.subjects(rdflib.RDF.type, oa.Annotation))) == len(items)
    found = []
    for selector in graph.subjects(rdflib.RDF.type, oa.TextPositionSelector):
        start, end = (int(graph.value(selector, oa[side])) for side in ("start", "end"))
        found.append(document.document.text[start:end])
    assert sorted(found) == sorted(item.passage.words for item in items)


@SETTINGS
@given(document=coded())
def test_spacy_reads_the_same_spans_from_a_docbin(document):
    spacy = pytest.importorskip("spacy", reason="only .ci/exchange has it")
    from spacy.tokens import DocBin

    with tempfile.TemporaryDirectory() as folder:
        write("spacy", document, Path(folder))
        lost = (Path(folder) / "losses.csv").read_text("utf-8").count("not whole tokens")
        [doc] = (
            DocBin()
            .from_bytes((Path(folder) / "events.spacy").read_bytes())
            .get_docs(spacy.blank("en").vocab)
        )
    assert doc.text == document.document.text
    found = [span for group in doc.spans.values() for span in group]
    assert len(found) + lost == len(items_of(document.records, document.negatives))
    by_id = {record.id: record for record in document.records}
    for span in doc.spans.get("events", ()):
        record = by_id[span.id_]
        assert (span.text, span.label_) == (record.trigger.words, record.action)


@pytest.fixture(scope="module", params=[CORPUS, ROOT / "releases" / "v1.0.0"], ids=["dataset", "release"])
def source(request):
    return request.param


@pytest.mark.parametrize("name", ["graphml", "gexf"])
def test_networkx_reads_every_edge_with_its_attributes(name, source, tmp_path):
    networkx = pytest.importorskip("networkx", reason="only .ci/exchange has it")
    standoff.export(name, source, to=tmp_path / "out")
    graph = getattr(networkx, f"read_{name}")(tmp_path / "out" / f"events.{name}")
    wanted = load(source).tables["dyads"].drop_nulls(["actor_id", "target_id"])
    assert graph.is_directed()
    assert graph.number_of_edges() == wanted.height
    codes = sorted(data["action"] for _, _, data in graph.edges(data=True))
    assert codes == sorted(wanted["action"])
    assert all(isinstance(data["quad_class"], int) for _, _, data in graph.edges(data=True))
    assert all(data["label"] for _, data in graph.nodes(data=True))


def test_datasette_opens_the_database(source, tmp_path):
    app = pytest.importorskip("datasette.app", reason="only .ci/exchange has it")
    import asyncio

    standoff.export("sqlite", source, to=tmp_path / "out")
    path = tmp_path / "out" / "standoff.db"

    async def ask():
        datasette = app.Datasette([str(path)])
        answer = await datasette.client.get("/standoff/who_to_whom.json?_shape=array&_size=max")
        await datasette.invoke_startup()
        return answer

    answer = asyncio.run(ask())
    assert answer.status_code == 200
    with sqlite3.connect(path) as connection:
        assert len(answer.json()) == connection.execute("SELECT COUNT(*) FROM who_to_whom").fetchone()[0]
