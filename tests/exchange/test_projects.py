"""Kinds of files that public projects hold: read by what they say, or refused with a reason. All examples are invented."""

import gzip
import json
import zipfile

import pytest
from tests.exchange.test_foreign import LF, TEXT, labels, read, region, task, u16, xmi

from standoff.exchange import archives
from standoff.exchange.labels import UnmappedLabels
from standoff.findings import UsageError

MAPPED = {"Attack": "190", "ORG": "party", "LOC": "place", "Phrase": ""}


def losses(intake):
    return {(loss.field, loss.value) for loss in intake.losses}


# ---- brat -----------------------------------------------------------------------------------------------------


def brat(folder, *lines, name="d001"):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.txt").write_bytes(LF.encode())
    (folder / f"{name}.ann").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return folder


def bound(key, label, words):
    at = LF.index(words)
    return f"{key}\t{label} {at} {at + len(words)}\t{words}"


def test_a_collection_of_entities_and_relations(tmp_path):
    folder = brat(
        tmp_path,
        bound("T1", "Attack", "attacked"),
        bound("T2", "ORG", "Albia's army"),
        bound("T3", "LOC", "Bay"),
        bound("T4", "Phrase", "It"),
        "R1\tActor Arg1:T1 Arg2:T2\t",
        "R2\tCauses Arg1:T1 Arg2:T3\t",
        "R3\tActor Arg1:T1 Arg2:T9\t",
        "A1\tNegation T1",
        "A2\tPolarity T8 high",
        "N1\tReference T7 Wikipedia:1\tAlbia",
        "#1\tAnnotatorNotes T6\ta remark",
        "*\tEquiv T2 T3",
    )
    intake = read("brat", folder, labels(labels=MAPPED))
    [record] = intake.records
    assert (record.action, [party.name for party in record.actors]) == ("190", ["Albia's army"])
    assert losses(intake) == {
        ("Causes", "Bay"),
        ("Actor", "T1 → T9"),
        ("negation", "true"),
        ("polarity", "high"),
        ("reference", "Wikipedia:1"),
        ("note", "a remark"),
        ("*", "Equiv T2 T3"),
        ("Phrase", "It"),
    }


def test_words_with_a_line_break_may_stand_on_two_lines(tmp_path):
    at = LF.index("Bay.\nIt")
    place = f"T2\tLOC {at} {at + 7}\tBay.\nIt"
    folder = brat(tmp_path, bound("T1", "190", "attacked"), place, "E1\t190:T1 Place:T2", "TC1\tMETA 0 3\tIt")
    intake = read("brat", folder, labels())
    record = next(each for each in intake.records if not each.faults)
    assert [(p.passage.span.start, p.passage.words) for p in record.places] == [(at, "Bay.\r\nIt")]
    [fault] = intake.faults
    assert (fault.kind, fault.line, '"TC1' in fault.message) == ("unparsable", 5, True)


def test_labels_at_the_end_of_unknown_relations_are_named(tmp_path):
    folder = brat(
        tmp_path, bound("T1", "190", "attacked"), bound("T2", "Drug", "Bay"), "R1\tCauses Arg1:T1 Arg2:T2"
    )
    with pytest.raises(Exception, match=r'd001\.ann:2: "Drug"'):
        read("brat", folder, labels())


def test_an_event_as_the_argument_of_another_is_no_party(tmp_path):
    events = ["E1\tAct-190:T1 Target:E2 Actor:T3", "E2\tAct-040:T2"]
    folder = brat(
        tmp_path,
        bound("T1", "Act-190", "attacked"),
        bound("T2", "Act-040", "met"),
        bound("T3", "Party", "Borduria"),
        *events,
    )
    first, second = read("brat", folder, labels()).records
    assert ([p.name for p in first.actors], first.targets, second.action) == (["Borduria"], (), "040")


def test_the_files_of_two_annotators_are_not_mixed(tmp_path):
    for name in ("ann", "ben"):
        brat(tmp_path / name, bound("T1", "Act-190", "attacked"), "E1\tAct-190:T1")
    intake = read("brat", tmp_path, labels())
    [fault] = [fault for fault in intake.faults if fault.kind == "document-twice"]
    assert (fault.file, "ann/d001.ann" in fault.message) == ("ben/d001.ann", True)
    assert [bool(record.faults) for record in intake.records] == [False, True]


@pytest.mark.parametrize(
    ("format_", "name", "why"),
    [
        ("brat", "d001.a1", "join each pair"),
        ("cas-xmi", "d001.tsv", "WebAnno TSV"),
        ("cas-json", "d001.ser", "binary CAS"),
        ("cas-xmi", "d001.json", "cas-json"),
        ("cas-json", "d001.xmi", "cas-xmi"),
        ("brat", "d001.txt", "its folder"),
        ("label-studio", "project.csv", "as JSON"),
        ("label-studio", "project.tsv", "as JSON"),
        ("label-studio", "project.conll", "as JSON"),
    ],
)
@pytest.mark.parametrize("alone", [True, False])
def test_exports_that_are_not_read_are_named(format_, name, why, alone, tmp_path):
    (tmp_path / name).write_text("x")
    with pytest.raises(UsageError, match=why):
        read(format_, tmp_path / name if alone else tmp_path, labels())


def test_arcs_that_lead_to_the_event_and_to_its_trigger_are_read(tmp_path):
    folder = brat(
        tmp_path,
        bound("T1", "Attack", "attacked"),
        bound("T2", "ORG", "Albia's army"),
        bound("T3", "ORG", "Borduria"),
        bound("T4", "190", "met"),
        bound("T5", "ORG", "Cascara"),
        "E1\tAttack:T1",
        "R1\tAgent Arg1:T2 Arg2:E1\t",
        "R2\tVictim Arg1:T1 Arg2:T3\t",
        "R3\tAgent Arg1:T5 Arg2:T4\t",
    )
    intake = read("brat", folder, labels(labels=MAPPED))
    found = {
        r.trigger.words: ([p.name for p in r.actors], [p.name for p in r.targets]) for r in intake.records
    }
    assert found == {"attacked": (["Albia's army"], ["Borduria"]), "met": (["Cascara"], [])}
    assert (intake.losses, intake.faults) == ([], [])


def test_an_event_at_the_end_of_an_arc_still_needs_a_meaning(tmp_path):
    folder = brat(
        tmp_path, bound("T1", "Raid", "attacked"), bound("T2", "ORG", "Bay"), "R1\tAgent Arg1:T2 Arg2:T1"
    )
    with pytest.raises(UnmappedLabels, match='"Raid"'):
        read("brat", folder, labels(labels=MAPPED))


def test_repeated_lines_are_named_and_nothing_replaces_an_earlier_value(tmp_path):
    folder = brat(
        tmp_path,
        bound("T1", "Act-190", "attacked"),
        bound("T1", "Act-190", "met"),
        bound("T2", "Party", "Borduria"),
        "E1\tAct-190:T1 Target:T2",
        "E1\tAct-040:T1",
        "A1\tStatus E1 asserted",
        "A2\tStatus E1 hedged",
        "N1\tReference T2 Wikidata:Q1\tBorduria",
        "N2\tReference T2 GeoNames:7\tBorduria",
        "#1\tAnnotatorNotes E1\tfirst",
        "#2\tAnnotatorNotes E1\tsecond",
    )
    intake = read("brat", folder, labels(actors={"Wikidata:Q1": "borduria"}))
    [record] = [each for each in intake.records if not each.faults]
    assert (record.trigger.words, record.action, record.status) == ("attacked", "190", "asserted")
    assert (record.targets[0].id, record.note) == ("borduria", "first | second")
    assert [(f.kind, f.line) for f in intake.faults] == [("unparsable", 2), ("unparsable", 5)]
    assert losses(intake) == {("status", "hedged"), ("reference", "GeoNames:7")}


def test_a_file_without_an_event_says_so(tmp_path):
    folder = brat(tmp_path, bound("T1", "ORG", "Borduria"))
    intake = read("brat", folder, labels(labels=MAPPED))
    assert (intake.records, list(intake.documents), losses(intake)) == ([], ["d001"], {("ORG", "Borduria")})
    assert [note.startswith("d001.ann: ") for note in intake.notes] == [True]


# ---- INCEpTION ------------------------------------------------------------------------------------------------


def test_a_project_archive_of_inception(tmp_path):
    inner = tmp_path / "ann.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("ann.xmi", xmi().replace('version="1.0"', 'version="1.1"'))
    with zipfile.ZipFile(tmp_path / "project.zip", "w") as archive:
        archive.writestr("source/d001.txt", LF)
        archive.write(inner, "annotation/d001.txt/ann.zip")
        archive.write(inner, "annotation/d001.txt/ben.zip")
        archive.writestr("annotation/d001.txt/INITIAL_CAS.xmi", xmi())
    with archives.opened(tmp_path / "project.zip") as folder:
        intake = read("cas-xmi", folder, labels(labels=MAPPED))
    # Two annotators who agree also give the same record twice.
    assert [(fault.kind, fault.file) for fault in intake.faults] == [
        ("document-twice", "annotation/d001.txt/ben.files/ann.xmi"),
        ("duplicate", ""),
    ]


def test_other_views_and_layers_of_documents_are_listed(tmp_path):
    more = (
        '<cas:Sofa xmi:id="20" sofaNum="2" sofaID="B" mimeType="text" sofaString="Quite another text."/>'
        '<custom:Attack xmi:id="21" sofa="20" begin="0" end="5" value="190"/>'
        '<custom:About xmi:id="22" sofa="1" quality="good"/></xmi:XMI>'
    )
    (tmp_path / "a.xmi").write_text(xmi().replace("</xmi:XMI>", more), encoding="utf-8")
    intake = read("cas-xmi", tmp_path, labels(labels=MAPPED))
    assert len(intake.records) == 1
    assert ("webanno.custom.About", "quality=good") in losses(intake)
    assert "webanno.custom.Attack" in {loss.field for loss in intake.losses}


def test_a_slot_without_roles_has_that_of_its_name(tmp_path):
    changed = xmi().replace('arguments="5"', 'Agent="5"').replace('role="Attacker" ', "")
    (tmp_path / "a.xmi").write_text(changed, encoding="utf-8")
    [record] = read("cas-xmi", tmp_path, labels(labels=MAPPED)).records
    assert [party.name for party in record.actors] == ["Albia's army"]


def test_the_layer_of_predicates_has_its_label_as_category(tmp_path):
    start, end = u16("met")
    space = 'xmlns:s="http:///de/tudarmstadt/ukp/dkpro/core/api/semantics/type.ecore"'
    more = f'<s:SemPred {space} xmi:id="40" sofa="1" begin="{start}" end="{end}" category="Meet"/></xmi:XMI>'
    (tmp_path / "a.xmi").write_text(xmi().replace("</xmi:XMI>", more), encoding="utf-8")
    intake = read("cas-xmi", tmp_path, labels(labels={**MAPPED, "Meet": "040"}))
    assert [record.action for record in intake.records] == ["190", "040"]


def custom(*lines):
    """Return a file with annotations of custom layers; in each line, WORDS stands for their offsets."""
    made = []
    for words, line in lines:
        start, end = u16(words)
        made.append(line.replace("AT", f'sofa="1" begin="{start}" end="{end}"'))
    return xmi().replace("</xmi:XMI>", "".join(made) + "</xmi:XMI>")


def test_the_label_of_a_custom_layer_is_its_known_feature_its_only_one_or_its_name(tmp_path):
    text = custom(
        ("met", '<custom:Deed xmi:id="30" AT kind="Meet" sure="yes"/>'),
        ("Cascara", '<custom:Who xmi:id="31" AT group="ORG"/>'),
        ("Borduria", '<custom:Named xmi:id="32" AT type="odd" identifier="http://kb/7"/>'),
        ("met", '<custom:Tie xmi:id="33" AT Governor="30" Dependent="31" Relation="Agent" since="1999"/>'),
        ("met", '<custom:Tie xmi:id="34" AT Governor="30" Dependent="32" Relation="Victim"/>'),
    )
    (tmp_path / "a.xmi").write_text(text, encoding="utf-8")
    mapping = labels(labels={**MAPPED, "Meet": "040", "Named": "party"}, actors={"http://kb/7": "borduria"})
    intake = read("cas-xmi", tmp_path, mapping)
    record = next(each for each in intake.records if each.action == "040")
    assert [p.name for p in record.actors] == ["Cascara"]
    assert [(p.name, p.id) for p in record.targets] == [("Borduria", "borduria")]
    assert {("sure", "yes"), ("type", "odd"), ("since", "1999")} <= losses(intake)


def test_an_annotation_without_layer_and_one_without_words_are_listed(tmp_path):
    space = 'xmlns:t="http:///uima/tcas.ecore"'
    text = custom(("met", f'<t:Annotation {space} xmi:id="30" AT/>'))
    more = '<custom:Named xmi:id="31" sofa="1" begin="3" end="3" value="ORG"/></xmi:XMI>'
    (tmp_path / "a.xmi").write_text(text.replace("</xmi:XMI>", more), encoding="utf-8")
    intake = read("cas-xmi", tmp_path, labels(labels=MAPPED))
    assert {field for field, _ in losses(intake)} >= {"uima.tcas.Annotation", "ORG"}
    assert all(loss.value for loss in intake.losses)


def test_offsets_without_words_are_said_to_be_unchecked(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.xmi").write_text(xmi(), encoding="utf-8")
    intake = read("cas-xmi", tmp_path, labels(labels=MAPPED))
    assert [note.split(":")[0] for note in intake.notes] == ["a.xmi and 1 more"]
    assert list(intake.units) == ["UTF-16, not checked"]


def test_slots_may_be_arrays_of_their_own(tmp_path):
    array = '<cas:FSArray xmi:id="50" elements="5"/><cas:StringArray xmi:id="51"><elements>x</elements><elements>y</elements></cas:StringArray>'
    text = xmi().replace('arguments="5"', 'arguments="50" tags="51"')
    (tmp_path / "a.xmi").write_text(text.replace("</xmi:XMI>", array + "</xmi:XMI>"), encoding="utf-8")
    intake = read("cas-xmi", tmp_path, labels(labels=MAPPED))
    assert [p.name for p in intake.records[0].actors] == ["Albia's army"]
    assert ("tags", "x; y") in losses(intake)


# ---- all ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shown", [LF.rstrip("\n") + "\n\n", LF.rstrip("\n"), LF + "\n"])
def test_line_ends_at_the_end_of_a_text_do_not_matter(shown, tmp_path):
    folder = brat(tmp_path, bound("T1", "190", "attacked"), f"T2\t190 {len(LF)} {len(LF) + 1}\t\n")
    (folder / "d001.txt").write_bytes(shown.encode())
    intake = read("brat", folder, labels())
    spans = [(r.document_id, r.trigger.span and r.trigger.span.of(TEXT)) for r in intake.records]
    assert spans[0] == ("d001", "attacked")
    assert all(record.faults and record.trigger.span is None for record in intake.records[1:])


def test_a_text_that_is_nearly_that_of_a_document_is_refused_with_the_difference(tmp_path):
    other = LF.replace("It met", "It did meet")
    intake = label_studio(tmp_path, {**task(GOOD), "data": {"text": other}})
    [fault] = intake.faults
    assert (fault.kind, "d001" in fault.message, 'line 2: "It did' in fault.message) == (
        "unknown-document",
        True,
        True,
    )
    folder = brat(tmp_path / "b", bound("T1", "190", "attacked"))
    (folder / "d001.txt").write_text(other, "utf-8")
    [fault] = read("brat", folder, labels()).faults
    assert (fault.kind, 'line 2: "It did' in fault.message) == ("other-text", True)


def test_a_file_that_names_no_document_is_named_with_what_is_missing(tmp_path):
    folder = brat(tmp_path, bound("T1", "190", "attacked"), name="doc_17")
    (folder / "doc_17.txt").unlink()
    [fault] = read("brat", folder, labels()).faults
    assert (fault.kind, fault.file, "no doc_17.txt" in fault.message) == (
        "unknown-document",
        "doc_17.ann",
        True,
    )


def test_files_of_the_system_are_passed_over(tmp_path):
    folder = brat(tmp_path, bound("T1", "190", "attacked"), "E1\t190:T1")
    (folder / "._d001.ann").write_bytes(b"\0\5\x16\7")
    (folder / "__MACOSX").mkdir()
    (folder / "__MACOSX" / "d001.ann").write_bytes(b"\0")
    intake = read("brat", folder, labels())
    assert ([record.action for record in intake.records], intake.faults) == (["190"], [])


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (gzip.compress(b"T1\t190 0 1\tx\n", mtime=0), "gzip: unpack it"),
        (b"BZh91AY", "bzip2"),
        (b"\xfd7zXZ\0", "xz"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"Rar!\x1a\x07", "a RAR archive"),
        (b"d001.ann".ljust(257, b"\0") + b"ustar\0", "a tar archive"),
    ],
)
def test_archives_of_other_kinds_are_refused_by_name(content, why, tmp_path):
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(UsageError, match=why), archives.opened(tmp_path / "x"):
        pass


def test_arguments_may_have_tabs_between_them_and_utf_16_is_named(tmp_path):
    lines = [
        bound("T1", "Attack", "attacked"),
        bound("T2", "ORG", "Albia's army"),
        bound("T3", "ORG", "Borduria"),
        "E1\tAttack:T1 Attacker:T2\tVictim:T3",
    ]
    folder = brat(tmp_path, *lines)
    [record] = read("brat", folder, labels(labels=MAPPED)).records
    assert [[party.name for party in side] for side in (record.actors, record.targets)] == [
        ["Albia's army"],
        ["Borduria"],
    ]
    (folder / "d001.ann").write_bytes("\n".join(lines).encode("utf-16"))
    assert ["UTF-16" in fault.message for fault in read("brat", folder, labels()).faults] == [True]


# ---- Label Studio ---------------------------------------------------------------------------------------------

GOOD = region("a", "190", "attacked")


def label_studio(folder, *tasks):
    (folder / "export.json").write_text(json.dumps(tasks))
    return read("label-studio", folder / "export.json", labels())


def test_a_skipped_task_and_one_that_nobody_annotated_are_not_read(tmp_path):
    skipped = task(GOOD, predictions=[{"id": 5, "model_version": "m", "result": [GOOD]}])
    skipped["annotations"][0]["was_cancelled"] = True
    intake = label_studio(tmp_path, skipped, {"data": {"text": LF}, "annotations": []})
    assert (intake.records, intake.documents) == ([], {})
    assert losses(intake) == {("annotation", "2"), ("prediction", "5 by m")}
    assert intake.notes


def test_predictions_are_read_where_there_is_no_annotation(tmp_path):
    predictions = [{"id": n, "model_version": "m", "result": [GOOD]} for n in (5, 6)]
    intake = label_studio(tmp_path, {"data": {"text": LF}, "annotations": [], "predictions": predictions})
    assert [record.action for record in intake.records] == ["190"]
    assert losses(intake) == {("prediction", "6 by m")}


def test_forms_of_early_versions_are_read(tmp_path):
    early = {"result": json.dumps([GOOD]), "task": {"data": {"reviewText": LF}, "id": "tasks-0"}}
    assert [record.action for record in label_studio(tmp_path, early).records] == ["190"]
    start, end = u16("attacked", LF)
    value = {"start": "/p[1]", "end": "/p[1]", "startOffset": 0, "endOffset": 8, "globalOffsets": {"start": start, "end": end}, "text": "attacked", "htmllabels": ["190"]}  # fmt: skip
    html = task({"id": "h", "from_name": "l", "to_name": "t", "type": "hypertextlabels", "value": value})
    assert [record.action for record in label_studio(tmp_path, html).records] == ["190"]
    (tmp_path / "by-id.json").write_text(json.dumps({"602": task(GOOD), "603": task()}))
    intake = read("label-studio", tmp_path / "by-id.json", labels())
    assert [record.action for record in intake.records if not record.faults] == ["190"]


def test_a_task_without_a_region_and_what_says_too_little_are_named(tmp_path):
    bare = {"id": "x", "from_name": "label", "to_name": "text", "type": "labels"}
    intake = label_studio(tmp_path, task(bare, predictions=[12]))
    assert losses(intake) == {("label", "x"), ("prediction", "12")}
    assert (len(intake.notes), list(intake.documents)) == (1, ["d001"])


@pytest.mark.parametrize(
    "address",
    ["s3://bucket/d001.txt", "/data/upload/3/1f2e3d4c-d001.txt", "https://x.org/a/d001.txt?sig=1"],
)
def test_a_text_that_is_at_an_address_is_found_by_the_name_of_its_file(address, tmp_path):
    intake = label_studio(tmp_path, {**task(GOOD), "data": {"text": address}})
    assert [(record.document_id, record.faults) for record in intake.records] == [("d001", ())]
    [fault] = label_studio(tmp_path, {**task(GOOD), "data": {"text": address.replace("d001", "d7")}}).faults
    assert (fault.kind, "not in the file but at" in fault.message) == ("unknown-document", True)


def test_a_draft_that_was_not_submitted_is_named(tmp_path):
    intake = label_studio(tmp_path, {"data": {"text": LF}, "annotations": [], "drafts": [{"id": 3}]})
    assert (intake.documents, ["draft" in note for note in intake.notes]) == ({}, [True])


def test_ends_of_the_last_character_are_recognised(tmp_path):
    value = {**GOOD["value"], "end": GOOD["value"]["end"] - 1}
    intake = label_studio(tmp_path, task({**GOOD, "value": value}))
    assert [fault.message.endswith("add 1 to each end") for fault in intake.faults] == [True]


def test_json_min_of_two_annotators_is_not_mixed(tmp_path):
    rows = [{"text": LF, "label": [GOOD["value"]], "annotator": n} for n in (1, 2)]
    intake = label_studio(tmp_path, *rows)
    assert intake.counts["document-twice"] == 1
    assert [bool(record.faults) for record in intake.records] == [False, True]


def test_a_file_of_target_storage_and_a_text_under_another_name(tmp_path):
    stored = {"id": 2, "result": [GOOD], "task": {"data": {"title": "long" * 30, "article": LF}}}
    assert [record.action for record in label_studio(tmp_path, stored).records] == ["190"]


def test_what_belongs_to_a_region_is_kept_or_listed(tmp_path):
    marked = {**GOOD, "meta": {"text": ["why"]}, "score": 0.5}
    taxonomy = {"id": "a", "from_name": "kind", "type": "taxonomy", "value": {"taxonomy": [["A", "B"]]}}
    whole = {"id": "c", "from_name": "mood", "type": "choices", "value": {"choices": ["sad"]}}
    intake = label_studio(tmp_path, task(marked, taxonomy, whole))
    assert intake.records[0].note == "why"
    assert losses(intake) == {("score", "0.5"), ("kind", "A / B"), ("mood", "sad")}


@pytest.mark.parametrize(
    ("kind", "value", "why"),
    [
        ("labels", {"start": 0.5, "end": 1.5, "channel": 0, "labels": ["Speech"]}, "audio"),
        ("paragraphlabels", {"start": "0", "end": "0", "startOffset": 1, "endOffset": 5, "paragraphlabels": ["190"]}, "paragraphs"),
        ("hypertextlabels", {"start": "/p[1]", "end": "/p[1]", "startOffset": 1, "endOffset": 5, "hypertextlabels": ["190"]}, "HTML"),
        ("rectanglelabels", {"x": 1, "y": 2, "rectanglelabels": ["Car"]}, "rectanglelabels"),
        ("videorectangle", {"sequence": [], "labels": ["Car"]}, "videorectangle"),
        ("labels", {"start": 1, "end": 5, "labels": []}, "no label"),
        ("labels", {"start": 1.5, "end": 5, "labels": ["190"]}, "1.5"),
    ],
)  # fmt: skip
def test_a_region_that_is_not_in_a_text_is_named_and_the_others_are_read(kind, value, why, tmp_path):
    odd = {"id": "x", "from_name": "l", "to_name": "o", "type": kind, "value": value}
    intake = label_studio(tmp_path, task(odd, GOOD))
    [fault] = intake.faults
    assert (fault.kind, "result x" in fault.message, why in fault.message) == ("unparsable", True, True)
    assert [record.action for record in intake.records if not record.faults] == ["190"]


# ---- files of other kinds -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("format_", "value", "why"),
    [
        ("label-studio", {"id": 1, "text": LF, "label": [[0, 2, "190"]]}, "doccano"),
        ("label-studio", {"text": LF, "spans": [{"start": 0, "end": 2, "label": "190"}]}, "Prodigy"),
        ("label-studio", task(data={"image": "/1.png"}), "only image"),
        ("label-studio", {"openapi": "3.0"}, "only openapi"),
        ("cas-json", {"_views": {}, "_referenced_fss": {}}, "legacy"),
        ("web-annotation", {"total": 1, "rows": [{"id": "1"}]}, "W3C"),
    ],
)
def test_json_of_another_kind_is_refused_with_what_it_is(format_, value, why, tmp_path):
    (tmp_path / "a.json").write_text(json.dumps(value))
    intake = read(format_, tmp_path, labels())
    [fault] = intake.faults
    assert (fault.kind, why in fault.message) == ("unparsable", True)
    assert intake.documents == {}


def test_xml_of_another_kind_is_refused_with_what_it_is(tmp_path):
    (tmp_path / "a.xmi").write_text('<?xml version="1.0"?>\n<typeSystemDescription/>')
    [fault] = read("cas-xmi", tmp_path, labels()).faults
    assert (fault.kind, "typeSystemDescription" in fault.message) == ("unparsable", True)


def test_tasks_that_were_never_annotated_are_not_read(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps([{"id": 1, "text": LF}]))
    intake = read("label-studio", tmp_path, labels())
    assert (intake.documents, len(intake.notes)) == ({}, 1)


def test_an_empty_page_covers_its_document(tmp_path):
    page = {"type": "AnnotationPage", "id": "urn:standoff:d001", "items": []}
    (tmp_path / "d001.jsonld").write_text(json.dumps(page))
    intake = read("web-annotation", tmp_path, labels())
    assert (list(intake.documents), intake.faults) == (["d001"], [])


def test_relations_without_a_name_are_listed(tmp_path):
    nameless = {"type": "relation", "from_id": "a", "to_id": "b", "direction": "right"}
    regions = region("a", "190", "attacked"), region("b", "Party", "Albia's army")
    (tmp_path / "a.json").write_text(json.dumps([task(*regions, nameless)]))
    intake = read("label-studio", tmp_path, labels())
    assert ("relation", "attacked → Albia's army") in losses(intake)
    assert len(intake.notes) == 1
