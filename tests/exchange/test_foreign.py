"""Files of other projects and hostile ones: imported by their labels, or refused with a reason."""

import json
import stat
import zipfile

import pytest

from standoff.codes import shipped
from standoff.exchange import archives, formats, json_answers
from standoff.exchange.documents import Document, Documents
from standoff.exchange.labels import Labels, UnmappedLabels
from standoff.findings import UsageError

TEXT = "💥 Albia's army attacked Borduria in the Bay.\r\nIt met Cascara."
DOCUMENTS = Documents([Document("d001", text=TEXT, file="d001.txt")])
LF = TEXT.replace("\r\n", "\n")


def u16(words, text=TEXT):
    """Return the offsets of words in UTF-16 units."""
    at = text.index(words)
    start = len(text[:at].encode("utf-16-le")) // 2
    return start, start + len(words.encode("utf-16-le")) // 2


def labels(**tables):
    return Labels(shipped.scheme(), **tables)


def read(name, path, mapping):
    intake = formats.importer(name).read(path, DOCUMENTS, mapping)
    mapping.require()
    return intake


def region(key, label, words, text=LF, **more):
    start, end = u16(words, text)
    value = {"start": start, "end": end, "text": words, "labels": [label]}
    return {"id": key, "from_name": "ner", "to_name": "text", "type": "labels", "value": value, **more}


def task(*results, **more):
    return {"id": 1, "data": {"text": LF}, "annotations": [{"id": 2, "result": list(results)}], **more}


RELATION = {"type": "relation", "from_id": "a", "to_id": "b", "direction": "right", "labels": ["Attacker"]}


def test_a_project_of_label_studio_is_imported_by_a_mapping(tmp_path):
    path = tmp_path / "export.json"
    path.write_text(
        json.dumps([task(region("a", "Attack", "attacked"), region("b", "ORG", "Albia's army"), RELATION)])
    )
    mapping = labels(labels={"Attack": "190"}, actors={"Albia's army": "albia-army"})
    intake = read("label-studio", path, mapping)
    [record] = intake.records
    assert (record.action, record.document_id, record.trigger.words) == ("190", "d001", "attacked")
    assert [(p.id, p.name) for p in record.actors] == [("albia-army", "Albia's army")]
    assert record.trigger.span.of(TEXT) == "attacked"
    assert dict(intake.units) == {"UTF-16": 1}
    assert intake.losses == []


def test_labels_of_a_project_without_mapping_are_named(tmp_path):
    path = tmp_path / "export.json"
    path.write_text(json.dumps([task(region("a", "Attack", "attacked"), region("c", "Mood", "Bay"))]))
    with pytest.raises(UnmappedLabels, match=r'export\.json:1: "Attack"') as error:
        read("label-studio", path, labels())
    assert '"Mood"' in str(error.value)


def test_json_min_code_points_and_cancelled_annotations(tmp_path):
    at = LF.index("attacked")
    minimal = {
        "id": 1,
        "text": LF,
        "label": [{"start": at, "end": at + 8, "text": "attacked", "labels": ["190"]}],
    }
    later = task(region("a", "040", "met"))
    later["annotations"] = [
        {"result": [region("x", "190", "attacked")], "was_cancelled": True},
        {"id": 8, "result": [region("y", "020", "met")], "updated_at": "2024-01-01"},
        {"id": 9, "result": [region("z", "040", "met")], "updated_at": "2024-01-02"},
    ]
    path = tmp_path / "export.json"
    path.write_text(json.dumps([minimal, later]))
    intake = read("label-studio", path, labels())
    assert [(r.action, r.trigger.words) for r in intake.records] == [("190", "attacked"), ("040", "met")]
    assert dict(intake.units) == {"code points": 1, "UTF-16": 1}
    assert [(loss.value, loss.why) for loss in intake.losses] == [
        ("8", "a later one is read"),
        ("", "it was skipped"),
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ([{"data": {"text": "Another text."}, "annotations": [{"result": []}]}], "unknown-document"),
        ([{"data": 7}], "unparsable"),
        ([7], "unparsable"),
        ([task({"type": "rectanglelabels", "id": "r", "value": {"x": 1, "rectanglelabels": ["190"]}})], "unparsable"),
        ([task(region("a", "190", "attacked") | {"value": {"start": 1, "end": 900, "labels": ["190"]}})], "offsets-outside"),
    ],
)  # fmt: skip
def test_what_is_no_task_about_a_known_text_is_named(content, why, tmp_path):
    path = tmp_path / "export.json"
    path.write_text(json.dumps(content))
    assert why in read("label-studio", path, labels()).counts


XMI = """<?xml version="1.0" encoding="UTF-8"?>
<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" xmlns:custom="http:///webanno/custom.ecore"
  xmlns:type5="http:///de/tudarmstadt/ukp/dkpro/core/api/segmentation/type.ecore"
  xmlns:type3="http:///de/tudarmstadt/ukp/dkpro/core/api/metadata/type.ecore" xmi:version="2.0">
  <cas:NULL xmi:id="0"/>
  <type3:DocumentMetaData xmi:id="9" sofa="1" begin="0" end="60" documentTitle="d001.txt"/>
  <type5:Token xmi:id="2" sofa="1" begin="0" end="2"/>
  <custom:Attack xmi:id="3" sofa="1" begin="{a}" end="{b}" value="Attack" certainty="high" arguments="5"/>
  <custom:Named xmi:id="4" sofa="1" begin="{c}" end="{d}" value="ORG"><tags>x</tags><tags>y</tags></custom:Named>
  <custom:AttackArgumentsLink xmi:id="5" role="Attacker" target="4"/>
  <custom:Named xmi:id="6" sofa="1" begin="{e}" end="{f}" value="LOC"/>
  <custom:Rel xmi:id="7" sofa="1" begin="{e}" end="{f}" Dependent="6" Governor="3" label="Place"/>
  <cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString="{text}"/>
  <cas:View sofa="1" members="2 3 4 6 7 9"/>
</xmi:XMI>
"""


def xmi():
    numbers = [n for words in ("attacked", "Albia's army", "Bay") for n in u16(words)]
    text = TEXT.replace("\r", "&#13;").replace("\n", "&#10;")
    return XMI.format(**dict(zip("abcdef", numbers, strict=True)), text=text)


def test_a_project_of_inception_is_imported_by_a_mapping(tmp_path):
    (tmp_path / "other.xmi").write_text(xmi(), encoding="utf-8")
    intake = read("cas-xmi", tmp_path, labels(labels={"Attack": "190"}))
    [record] = intake.records
    assert (record.action, record.document_id, record.trigger.words) == ("190", "d001", "attacked")
    assert [p.name for p in record.actors] == ["Albia's army"]
    assert [(p.relation, p.passage.words) for p in record.places] == [("at", "Bay")]
    assert {(loss.field, loss.value) for loss in intake.losses} == {("certainty", "high"), ("tags", "x; y")}


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: xmi().replace(HEAD, HEAD + BOMB), "DOCTYPE"),
        (lambda: xmi().replace(HEAD, HEAD + OUTSIDE), "DOCTYPE"),
        (
            lambda: xmi().replace("</xmi:XMI>", '<x xmi:id="99">' * 70 + "</x>" * 70 + "</xmi:XMI>"),
            "64 levels",
        ),
        (lambda: xmi()[:600], "broken"),
        (lambda: xmi().replace("sofaString", "other"), "no text"),
        (lambda: xmi().replace('xmi:id="6"', 'xmi:id="4"'), "two structures"),
        (lambda: xmi().replace('certainty="high"', f'certainty="{"x" * (11 << 20)}"'), "characters"),
    ],
)
def test_hostile_xml_is_refused_by_name(make, why, tmp_path):
    (tmp_path / "a.xmi").write_text(make(), encoding="utf-8")
    intake = read("cas-xmi", tmp_path, labels())
    [fault] = intake.faults
    assert (fault.kind, fault.file) == ("unparsable", "a.xmi")
    assert why in fault.message


@pytest.mark.parametrize(
    "content", ["[]", "7", '{"%FEATURE_STRUCTURES": 7}', '{"%FEATURE_STRUCTURES": [7]}', "{}"]
)
def test_what_is_no_cas_in_json_is_named(content, tmp_path):
    (tmp_path / "a.json").write_text(content)
    intake = read("cas-json", tmp_path, labels())
    assert {fault.kind for fault in intake.faults} <= {"unparsable"}
    assert intake.records == [] or intake.faults


def annotation(words, label, **more):
    start, end = u16(words)
    selectors = [
        {"type": "TextQuoteSelector", "exact": words},
        {"type": "TextPositionSelector", "start": start, "end": end},
    ]
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": f"#{words}",
        "type": "Annotation",
        "body": [{"type": "TextualBody", "purpose": "tagging", "value": label}, {"type": "TextualBody", "value": "why", "purpose": "commenting"}],
        "target": {"source": "d001.txt", "selector": selectors},
        **more,
    }  # fmt: skip


def test_annotations_of_a_browser_client_are_imported(tmp_path):
    linked = {
        "id": "#r",
        "type": "Annotation",
        "motivation": "linking",
        "body": [{"type": "TextualBody", "purpose": "tagging", "value": "Victim"}],
        "target": [{"id": "#attacked"}, {"id": "#Borduria"}],
    }
    found = [annotation("attacked", "Attack"), annotation("Borduria", "GPE"), linked]
    (tmp_path / "a.json").write_text(json.dumps(found))
    intake = read("web-annotation", tmp_path / "a.json", labels(labels={"Attack": "190", "GPE": "party"}))
    [record] = intake.records
    assert (record.trigger.span.of(TEXT), record.note, record.targets[0].name) == (
        "attacked",
        "why",
        "Borduria",
    )
    assert set(intake.units) == {"UTF-16"}


def test_an_annotation_with_a_quote_alone_is_placed_by_it(tmp_path):
    target = {"source": "d001", "selector": {"type": "TextQuoteSelector", "exact": "met", "prefix": "It "}}
    (tmp_path / "a.jsonld").write_text(json.dumps(annotation("met", "040", target=target)))
    intake = read("web-annotation", tmp_path, labels())
    assert [r.trigger.span.of(TEXT) for r in intake.records] == ["met"]


@pytest.mark.parametrize(
    "target",
    [None, "d001.txt", {"source": "d001"}, {"source": "d001", "selector": {"type": "XPathSelector"}}, 7],
)
def test_an_annotation_of_no_words_is_named(target, tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(annotation("met", "040", target=target)))
    assert read("web-annotation", tmp_path, labels()).counts["unparsable"] == 1


@pytest.mark.parametrize(
    "name", ["../evil.xmi", "/evil.xmi", "a/../../evil.xmi", "C:evil.xmi", "a\\..\\evil.xmi"]
)
def test_an_archive_that_leads_out_is_refused(name, tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), "x")
    with pytest.raises(UsageError, match="leads out of its folder"), archives.opened(path):
        pass
    assert [each.name for each in tmp_path.parent.glob("evil*")] == []


def test_links_and_bombs_in_archives_are_refused(tmp_path, monkeypatch):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(UsageError, match="is a link"), archives.opened(path):
        pass
    monkeypatch.setattr(archives, "MAX_ONE", 10)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xmi", "x" * 100)
    with pytest.raises(UsageError, match="too large"), archives.opened(path):
        pass


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (["a.ann", "a.ann"], "twice"),
        (["a", "a/b.ann"], "twice"),
        (["a/b.ann", "a"], "twice"),
        (["n" * 300 + ".ann"], "cannot be unpacked"),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_names_of_archives_that_cannot_be_files_are_refused(names, why, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    with pytest.raises(UsageError, match=why), archives.opened(tmp_path / "a.zip"):
        pass


def test_an_archive_is_read_like_a_folder(tmp_path):
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("annotation/other.xmi", xmi())
    with archives.opened(path) as folder:
        assert len(read("cas-xmi", folder, labels(labels={"Attack": "190"})).records) == 1
    with archives.opened(tmp_path / "plain") as same:
        assert same == tmp_path / "plain"


MENTION = {"event_type": "Act-190", "trigger": {"start": 0, "end": 1, "text": "attacked"}}
WINDOW = {"doc_id": "d001", "tokens": ["attacked"], "text": TEXT, "event_mentions": [MENTION]}
EXTRACTED = {"extraction_class": "event", "extraction_text": "attacked", "attributes": {"action": "190"}}


@pytest.mark.parametrize(
    ("format_", "value", "why"),
    [
        ("textee", {**WINDOW, "event_mentions": [{**MENTION, "arguments": "x"}]}, "an argument is not an object"),
        ("textee", {**WINDOW, "event_mentions": [{**MENTION, "arguments": [None]}]}, "an argument is not"),
        ("textee", {**WINDOW, "doc_id": "d7"}, '"d7" is neither id, file'),
        (
            "langextract",
            {"document_id": "d001", "extractions": [{**EXTRACTED, "char_interval": {"start_pos": 0, "end_pos": None}}]},
            "expected a whole number, found null",
        ),
        (
            "predictions",
            {"document": "d001", "trigger": {"start": 1e308, "end": 2}},
            "expected a whole number, found 1e+308",
        ),
    ],
)  # fmt: skip
def test_odd_values_of_json_are_named_in_words(format_, value, why, tmp_path):
    (tmp_path / "x.jsonl").write_text(json.dumps(value))
    [fault] = read(format_, tmp_path / "x.jsonl", labels()).faults
    assert why in fault.message


@pytest.mark.parametrize(
    ("format_", "value"),
    [
        ("textee", {**WINDOW, "event_mentions": []}),
        ("textee", {**WINDOW, "event_mentions": None}),
        ("langextract", {"document_id": "d001", "extractions": []}),
    ],
)
def test_a_document_without_events_is_covered(format_, value, tmp_path):
    (tmp_path / "x.jsonl").write_text(json.dumps(value))
    intake = read(format_, tmp_path / "x.jsonl", labels())
    assert (intake.records, list(intake.documents)) == ([], ["d001"])


@pytest.mark.parametrize("format_", ["predictions", "textee", "langextract"])
def test_a_record_of_more_than_ten_megabytes_is_refused_in_an_array(format_, tmp_path, monkeypatch):
    monkeypatch.setattr(json_answers, "MAX_RECORD", 1000)
    (tmp_path / "x.json").write_text(json.dumps([{"note": "x" * 1000}, {"note": ""}], indent=1))
    faults = read(format_, tmp_path / "x.json", labels()).faults
    assert [fault.line for fault in faults if "10,485,760 characters: take it out" in fault.message] == [1]
