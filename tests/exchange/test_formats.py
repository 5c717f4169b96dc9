"""Every format is recognised and read: gold events written in it come back as found, and faults are named."""

import bz2
import gzip
import hashlib
import io
import json
import lzma
import re
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from standoff.exchange import formats
from standoff.exchange.documents import Document, Documents
from standoff.exchange.rows import POLECAT, layout
from standoff.findings import UsageError
from standoff.scoring import gold as gold_module
from standoff.scoring.align import align

CORPUS = Path(__file__).parents[1] / "corpus" / "dataset"
FOUND = {"trigger": "found", "sentence": "found", "document": "found"}


@pytest.fixture(scope="module")
def gold():
    return gold_module.read(CORPUS)


def sentence(record, gold):
    return gold.documents[record.document_id].sentence_of(record.trigger.span.start)


def day(record):
    return record.date.latest or record.date.earliest


def petrarch(gold, folder):
    rows = []
    for r in gold.records:
        sides = [side[0].code if side else "---" for side in (r.actors, r.targets)]
        ids = f"{r.document_id}_{sentence(r, gold)}"
        rows.append("\t".join([day(r).strftime("%Y%m%d"), *sides, r.action, "UN,1;EU,2", ids, "AFP"]))
    return write(folder / "events.txt", "\n".join(rows))


def universal(gold, folder):
    """Universal PETRARCH with a url and texts after the ids."""
    lines = petrarch(gold, folder).read_text().splitlines()
    return write(
        folder / "up.txt", "\n".join(f"{line}\thttps://example.org\tthe envoy\tthe rebels" for line in lines)
    )


def ngec(gold, folder):
    rows = []
    plover = gold.plover
    for r in gold.records:
        kind, _, mode = (plover.find(r.action) or "NONE").partition(":")
        sides = {
            name: [{"text": p.name, "country": p.code[:3], "code_1": p.code[3:6]} for p in side]
            for name, side in (("ACTOR", r.actors), ("RECIP", r.targets))
        }
        rows.append(
            {
                "id": f"{r.document_id}_{kind}",
                "story_id": r.document_id,
                "event_type": kind,
                "event_mode": [mode] if mode else [],
                "attributes": sides,
                "date_resolved": day(r).isoformat(),
                "date_raw": "Monday",
            }
        )
    return write(folder / "ngec.jsonl", "\n".join(map(json.dumps, rows)))


def polecat(gold, folder):
    rows = [[title for title, *_ in POLECAT.columns.values()]]
    plover = gold.plover
    for r in gold.records:
        kind, _, mode = (plover.find(r.action) or "NONE").partition(":")
        cells = {"story_id": r.document_id, "type": kind, "mode": mode, "date": day(r).isoformat()}
        rows.append([cells.get(name, "") for name in POLECAT.columns])
    return write(folder / "polecat.txt", "\n".join("\t".join(row) for row in rows))


def rows_of(gold, name):
    for n, r in enumerate(gold.records):
        yield {
            "event_id": str(n),
            "date": day(r).strftime("%Y%m%d" if name.startswith("gdelt") else "%Y-%m-%d"),
            "actor_code": r.actors[0].code if r.actors else "",
            "action": r.action,
            "url": r.document_id,
            "story_id": r.document_id,
            "sentence": str(sentence(r, gold)),
        }


def gdelt2(gold, folder):
    names = layout("gdelt2").columns
    rows = ["\t".join(row.get(name, "") for name in names) for row in rows_of(gold, "gdelt2")]
    return write(folder / "gdelt.tsv", "\n".join(rows))


def icews(gold, folder):
    names = layout("icews").columns
    rows = ["\t".join(title for title, *_ in names.values())]
    rows += ["\t".join(row.get(name, "") for name in names) for row in rows_of(gold, "icews")]
    return write(folder / "icews.tab", "\n".join(rows))


def textee(gold, folder):
    windows = []
    for document in gold.documents.values():
        tokens = document.text.split()
        starts, at = [], 0
        for token in tokens:
            at = document.text.index(token, at)
            starts.append(at)
            at += len(token)
        mentions = []
        for r in (r for r in gold.records if r.document_id == document.id):
            span = r.trigger.span
            first = max(i for i, start in enumerate(starts) if start <= span.start)
            last = max(i for i, start in enumerate(starts) if start < span.end)
            trigger = {"text": r.trigger.words, "start": first, "end": last + 1}
            mentions.append(
                {"id": r.id, "event_type": f"Act-{r.action}", "trigger": trigger, "arguments": []}
            )
        windows.append(
            {
                "doc_id": document.id,
                "text": document.text,
                "tokens": tokens,
                "entity_mentions": [],
                "event_mentions": mentions,
            }
        )
    return write(folder / "textee.json", "\n".join(map(json.dumps, windows)))


def langextract(gold, folder):
    lines = []
    for name in gold.documents:
        extractions = [
            {
                "extraction_class": "event",
                "extraction_text": r.trigger.words,
                "char_interval": {"start_pos": r.trigger.span.start, "end_pos": r.trigger.span.end},
                "alignment_status": "match_exact",
                "attributes": {"action": r.action, "date": r.date.text},
            }
            for r in gold.records
            if r.document_id == name
        ]
        lines.append(json.dumps({"document_id": name, "text": "", "extractions": extractions}))
    return write(folder / "lx.jsonl", "\n".join(lines))


def brat(gold, folder):
    for name in gold.documents:
        lines = []
        for n, r in enumerate((r for r in gold.records if r.document_id == name), start=1):
            span = r.trigger.span
            lines += [
                f"T{n}\tAct-{r.action} {span.start} {span.end}\t{r.trigger.words}",
                f"E{n}\tAct-{r.action}:T{n}",
                f"A{n}\tStatus E{n} {r.status}",
                f"#{n}\tAnnotatorNotes E{n}\tdate: {r.date.text}",
            ]
        write(folder / "brat" / f"{name}.ann", "\n".join(lines))
    return folder / "brat"


def annotations(gold, folder):
    return CORPUS / "events"


def write(path, text):
    path.parent.mkdir(exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("make", "name", "level"),
    [
        (petrarch, "petrarch", "sentence"),
        (universal, "petrarch", "sentence"),
        (ngec, "plover", "document"),
        (polecat, "polecat", "document"),
        (gdelt2, "gdelt2", "document"),
        (icews, "icews", "sentence"),
        (textee, "textee", "trigger"),
        (langextract, "langextract", "trigger"),
        (brat, "brat", "trigger"),
        (annotations, "standoff", "trigger"),
    ],
)
def test_gold_in_this_format_is_recognised_and_found(make, name, level, gold, tmp_path):
    path = make(gold, tmp_path)
    assert formats.recognise(path) == name
    intake = formats.read(path, gold.documents)
    assert (intake.format, intake.level, len(intake.records)) == (name, level, len(gold.records))
    assert set(intake.counts) <= {"duplicate"}
    listed = gold.plover if name in ("plover", "polecat") else gold.codes
    ladder = align("x", intake.records, gold, listed, level, "code").ladder
    assert ladder["found"].hits == len(gold.records)
    known = sum(listed.find(record.action) is not None for record in gold.records)
    assert ladder["code"].hits == known


DOCUMENTS = Documents([Document("d1", text="The envoy met the rebels."), Document("d2")])


@pytest.mark.parametrize(
    ("name", "lines", "kinds"),
    [
        ("petrarch", "20230101\tISR\n", ["unparsable"]),
        ("petrarch", "20230101\tISR\tUSA\tx\td1_1\n", ["unparsable"]),
        ("petrarch", "20230101\t---GOV\tUSA\t040\td9_1\n", ["unknown-document"]),
        ("petrarch", "20231399\tISR\tUSA\t040\td1_1\n", ["unparsable"]),
        ("petrarch", "20230231\tISR\tUSA\t040\td1_1\n", ["bad-date"]),
        ("gdelt2", "1\t20230101\n", ["unparsable"]),
        (
            "icews",
            "Event ID\tCAMEO Code\tStory ID\tSentence Number\n1\t040\td1\tfirst\n2\t040\n",
            ["unparsable", "bad-field"],
        ),
        ("plover", "[]\nnull\n7\n", ["unparsable", "unparsable"]),  # an empty list: no event
        ("plover", '{"event_type": ["x"], "story_id": "d1"}\n', ["unparsable"]),
        ("textee", '{"doc_id": "d1", "event_mentions": [{"event_type": "040"}]}\n', ["unparsable"]),
        ("textee", '{"doc_id": "d1", "event_mentions": [7]}\n', ["unparsable"]),
        ("langextract", '{"document_id": "d1", "extractions": [7]}\n', ["unparsable"]),
        (
            "langextract",
            (
                '{"document_id": "d1", "extractions": [{"extraction_class": "event", "extraction_text": "left", '
                '"char_interval": {"start_pos": 0, "end_pos": 4}, "attributes": {"action": "040"}}]}\n'
            ),
            ["offsets-disagree"],
        ),
    ],
)
def test_faults_are_named(name, lines, kinds, tmp_path):
    path = write(tmp_path / "file.txt", lines.rstrip("\n"))
    intake = formats.read(path, DOCUMENTS, name)
    assert sorted(fault.kind for fault in intake.faults) == sorted(kinds)


def test_brat_faults_are_named(tmp_path):
    path = write(
        tmp_path / "d1.ann",
        "nonsense\nT1\tAct-040 x\tmet\nE1\tAct-040:T9\nT2\tAct-040 900 903\tleft\nE2\tAct-040:T2",
    )
    intake = formats.read(path, DOCUMENTS)
    assert [f.kind for f in intake.faults] == ["unparsable", "unparsable", "no-place", "offsets-disagree"]


@pytest.mark.parametrize(
    "mark",
    [
        "No date detected--using publication date",
        "<dateparser failed to convert relative date--using pub date>",
    ],
)
def test_a_date_that_ngec_took_from_the_publication_is_missing(mark, tmp_path):
    value = {"story_id": "d1", "event_type": "CONSULT", "date_resolved": "2023-01-01"}
    path = write(tmp_path / "n.jsonl", json.dumps({**value, "date_raw": mark}))
    assert formats.read(path, DOCUMENTS, "ngec").records[0].date is None


def test_annotations_of_another_text_are_reported(tmp_path, gold):
    events = shutil.copytree(CORPUS / "events", tmp_path / "events")
    [file, *_] = sorted(events.glob("*.yaml"))
    text = file.read_text("utf-8")
    digest = next(d.sha256 for d in gold.documents.values() if d.sha256 in text)
    file.write_text(text.replace(digest, "0" * 64), "utf-8")
    intake = formats.read(file, gold.documents)
    assert intake.counts["other-text"] == len(intake.records) > 0


@pytest.mark.parametrize("content", ["a,b\n1,2\n", "lorem ipsum\n", "\x00\x01"])
def test_a_file_in_no_known_format_is_refused(content, tmp_path):
    with pytest.raises(UsageError, match="no format"):
        formats.recognise(write(tmp_path / "what.txt", content))


def zipped(raw):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("answers.jsonl", raw)
        archive.writestr("__MACOSX/._answers.jsonl", b"\0")
    return out.getvalue()


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zipped])
@pytest.mark.parametrize("name", [None, "predictions"])
def test_packed_files_are_read_and_named_as_they_are(pack, name, tmp_path):
    path = tmp_path / "answers.jsonl.packed"
    path.write_bytes(pack(b'{"document": "d1", "trigger": "met"}\n' * 2))
    intake = formats.read(path, DOCUMENTS, name)
    assert (intake.path, len(intake.records), intake.counts["unknown-document"]) == (str(path), 2, 0)
    path.write_bytes(pack(b"x" * 10_000)[:-30])
    with pytest.raises(UsageError, match=re.escape(str(path))):
        formats.read(path, DOCUMENTS, name)


@pytest.mark.parametrize(
    "raw",
    [gzip.compress(gzip.compress(b"x")), '{"document": "d1"}'.encode("utf-16")],
    ids=["packed twice", "UTF-16"],  # without the moment of packing, which differs between the workers
)
def test_what_is_packed_twice_or_not_utf_8_is_refused(raw, tmp_path):
    path = tmp_path / "answers.jsonl"
    path.write_bytes(raw)
    with pytest.raises(UsageError, match=r"unpack|UTF-16"):
        formats.read(path, DOCUMENTS)


@pytest.mark.parametrize(("make", "published"), [(gdelt2, False), (icews, True), (polecat, True)])
def test_tables_may_have_a_header_or_none_and_other_separators(make, published, gold, tmp_path):
    """Published with a header or not: what a spreadsheet or a script makes of it is read alike."""
    lines = make(gold, tmp_path).read_text("utf-8").splitlines()
    wanted = formats.read(make(gold, tmp_path), gold.documents)
    shape = POLECAT if make is polecat else layout(wanted.format)
    head = "\t".join(titles[0] for titles in shape.columns.values())
    body = lines[1:] if published else lines
    reordered = ["\t".join(["more", *line.split("\t")[::-1]]) for line in (head, *body)]
    variants = {
        "header.tsv": [head, *body],
        "upper.tsv": [head.upper(), *body],
        "commas.csv": [line.replace("\t", ",") for line in (head, *body)],
        "reordered.tab": reordered,
        "crlf.txt": ["\ufeff" + head + "\r", *(line + "\r" for line in body)],
        **({} if make is polecat else {"bare.tsv": body}),
    }
    for name, content in variants.items():
        intake = formats.read(write(tmp_path / name, "\n".join(content)), gold.documents)
        assert (intake.format, intake.counts) == (wanted.format, wanted.counts)
        assert [replace(r, line=0) for r in intake.records] == [replace(r, line=0) for r in wanted.records]


def test_a_polecat_file_without_header_is_refused(gold, tmp_path):
    body = polecat(gold, tmp_path).read_text("utf-8").splitlines()[1:]
    with pytest.raises(UsageError, match="Event ID"):
        formats.read(write(tmp_path / "bare.tsv", "\n".join(body)), gold.documents, "polecat")


def test_codes_that_lost_their_zero_as_numbers_and_old_encodings_are_read(tmp_path):
    head = "Event ID\tCAMEO Code\tStory ID\tSentence Number\tSource Name"
    path = tmp_path / "icews.tab"
    path.write_bytes(f"{head}\n1\t10\td1\t1\tJosé\n2\t190\td1\t1\tX\n".encode("iso-8859-1"))
    intake = formats.read(path, DOCUMENTS)
    assert [(r.action, r.actors[0].name) for r in intake.records] == [("010", "José"), ("190", "X")]
    assert not intake.counts
    assert any("ISO-8859-1" in note for note in intake.notes)


def test_an_answer_in_prose_holds_no_record(tmp_path):
    path = write(tmp_path / "answer.txt", "I found no events in this document.")
    with pytest.raises(UsageError, match="--format predictions"):
        formats.read(path, DOCUMENTS)
    assert formats.read(path, DOCUMENTS, "predictions").records == []


def test_a_petrarch_file_may_have_a_header(tmp_path):
    path = write(tmp_path / "evts.tsv", "date\tsource\ttarget\tcode\tids\n20230101\tISR\tUSA\t040\td1_1")
    assert formats.recognise(path) == "petrarch"
    intake = formats.read(path, DOCUMENTS)
    assert (len(intake.records), dict(intake.counts)) == (1, {})


def test_a_format_is_known_by_keys_that_come_after_a_long_text(tmp_path):
    """Written over several lines, as json.dumps(…, indent=1) does, the keys of a window come after its tokens."""
    window = {"doc_id": "d1", "text": "met " * 20_000, "tokens": ["met"] * 20_000, "event_mentions": []}
    assert formats.recognise(write(tmp_path / "a.json", json.dumps([window], indent=1))) == "textee"


@pytest.mark.parametrize(
    ("party", "code", "name"),
    [
        ({"actorText": "Hungarian", "code": "HUN", "sector": "GOV"}, "HUNGOV", "Hungarian"),
        ({"actor": "USA", "sector": "mil"}, "USAMIL", "USA"),
        ({"code": "USAGOV", "country": "USA"}, "USAGOV", None),
        ({"text": "rebels", "country": "SYR", "code_1": "REB"}, "SYRREB", "rebels"),
        ({"actor": "Hezbollah"}, None, "Hezbollah"),
    ],
)
def test_parties_of_plover_have_their_country_and_sector(party, code, name, tmp_path):
    value = {"id": "d1", "event": "CONSULT", "source": [party], "target": "", "mode": ""}
    [record] = formats.read(write(tmp_path / "p.json", json.dumps(value)), DOCUMENTS).records
    assert [(p.code, p.name) for p in record.actors] == [(code, name)]
    assert record.targets == ()


def test_unknown_names_are_refused_with_the_nearest(tmp_path):
    with pytest.raises(UsageError, match="petrarch"):
        formats.reader("petrach")
    with pytest.raises(UsageError, match="does not exist"):
        formats.read(tmp_path / "absent", DOCUMENTS)


def test_windows_of_oneie_are_placed_by_their_sentence_or_tokens(tmp_path):
    text = "He met her. They met the press. He met her again."
    documents = Documents([Document("d1", text=text)])
    window = {"doc_id": "d1", "tokens": ["They", "met", "the", "press", "."], "event_mentions": [
        {"event_type": "040", "trigger": {"text": "met", "start": 1, "end": 2}, "arguments": []},
        {"event_type": "040", "trigger": 7, "arguments": []},
        {"event_type": "010", "trigger": {"text": "They met", "start": 0, "end": 2}, "arguments": []},
    ]}  # fmt: skip
    for more in ({"sentence": "They met the press."}, {}):
        path = write(tmp_path / "oneie.json", json.dumps({**window, **more}))
        intake = formats.read(path, documents)
        assert [r.trigger and r.trigger.span.of(text) for r in intake.records] == ["met", None, "They met"]
        assert intake.records[0].trigger.span.start == text.index("met the press")
        assert dict(intake.counts) == {"unparsable": 1}


def test_a_document_of_langextract_is_known_by_its_text(tmp_path):
    text = "He met her."
    digest = hashlib.sha256(text.encode()).hexdigest()
    value = {"document_id": "doc_1f", "text": text, "extractions": [
        {"extraction_class": "event", "extraction_text": "met", "attributes": {"action": "040"}}
    ]}  # fmt: skip
    path = write(tmp_path / "lx.jsonl", json.dumps([value, {**value, "text": "Another."}]))
    intake = formats.read(path, Documents([Document("d1", digest, text)]))
    assert [r.document_id for r in intake.records] == ["d1", None]


@pytest.mark.parametrize("name", ["d1_COOPERATE_R", "d1-e02", "d1"])
def test_a_story_is_known_by_the_beginning_of_an_id(name, tmp_path):
    path = write(tmp_path / "ngec.jsonl", json.dumps({"id": name, "event_type": "CONSULT"}))
    [record] = formats.read(path, Documents([Document("d1")])).records
    assert record.document_id == "d1"


def test_copies_of_a_record_in_one_line_are_reported(tmp_path):
    value = {"document": "d1", "trigger": "met", "action": "040"}
    path = write(tmp_path / "a.jsonl", json.dumps([value, value]))
    assert formats.read(path, Documents([Document("d1")]), "predictions").counts["duplicate"] == 1
