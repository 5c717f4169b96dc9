"""Hydration: the words come back from any copy of the right bytes, and from no other."""

import hashlib
import os
import shutil
import warnings
from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from polars.testing import assert_frame_equal

import standoff
from standoff.cli import main
from standoff.loaders import store
from standoff.loaders.hydration import DocumentsMissing, IdsUnknown, NotHydrated, find_texts
from standoff.source.corpus import read_corpus

CORPUS = Path(__file__).parents[1] / "corpus"


@pytest.fixture(autouse=True)
def home(releases, monkeypatch, tmp_path_factory):
    """The releases that commands read where no dataset is: the working directory is outside of this repository's."""
    monkeypatch.setattr(store, "home", lambda: releases)
    monkeypatch.chdir(tmp_path_factory.mktemp("outside"))


@pytest.fixture
def copies(tmp_path):
    """The documents as a reader may keep them: under other names, in subfolders, among other files."""
    folder = tmp_path / "my copies"
    (folder / "2023").mkdir(parents=True)
    shutil.copy(CORPUS / "seeds" / "900_embassy.txt", folder / "2023" / "saved page (1)")
    shutil.copy(CORPUS / "seeds" / "901_raid.txt", folder / "raid.TXT")
    text = (CORPUS / "seeds" / "901_raid.txt").read_bytes()
    (folder / "a nearly equal copy.txt").write_bytes(text.replace(b"\n", b"\r\n"))
    (folder / "picture.jpg").write_bytes(os.urandom(len(text)))
    os.mkfifo(folder / "pipe")
    (folder / "lost").symlink_to(folder / "nowhere")
    return folder


def test_the_evidence_is_what_the_annotators_quoted(copies):
    quoted = {
        event.id: event.evidence.span.of(file.seed.text)
        for file in read_corpus(CORPUS / "dataset").files
        for event in file.events
    }
    hydrated = standoff.hydrate("events", copies)
    assert dict(hydrated.select("event_id", "evidence").iter_rows()) == quoted


def test_every_table_that_tells_of_events_can_be_hydrated(copies):
    evidence = dict(standoff.hydrate("events", copies).select("event_id", "evidence").iter_rows())
    hydrated = standoff.hydrate("dyads", copies)
    assert_frame_equal(hydrated.drop("evidence", "sentence"), standoff.load("dyads"))
    assert hydrated["evidence"].to_list() == [evidence[id_] for id_ in hydrated["event_id"]]
    quoted = {
        (event.id, link.event_id): link.quote.span.of(file.seed.text)
        for file in read_corpus(CORPUS / "dataset").files
        for event in file.events
        for link in event.links
    }
    links = standoff.hydrate("links", copies)
    assert quoted
    assert {row[:2]: row[2] for row in links["event_id", "other_event_id", "evidence"].iter_rows()} == quoted
    assert standoff.hydrate("mentions", copies)["evidence"].to_list() == ["The talks ended"]
    passes = standoff.hydrate("passes", copies)
    assert passes["evidence"].null_count() == 0
    negatives = passes.filter(record="negative")
    assert negatives.height
    assert (
        negatives["evidence"].str.len_chars() == negatives["trigger_end"] - negatives["trigger_start"]
    ).all()


def test_the_sentence_holds_the_evidence(copies):
    for table in ("events", "negatives", "passes"):
        rows = standoff.hydrate(table, copies)
        assert all(words in sentence for words, sentence in rows.select("evidence", "sentence").iter_rows())
    [talks] = standoff.hydrate("mentions", copies)["sentence"]
    assert talks.startswith("The talks ended")
    assert talks.endswith(".")


def test_unknown_ids_are_named(copies):
    events = standoff.load("events")
    strange = events.head(1).with_columns(document_id=pl.lit("d999"))
    with pytest.warns(IdsUnknown, match="the release does not have d999; the evidence of these rows is null"):
        assert standoff.hydrate(strange, copies)["evidence"].to_list() == [None]
    dyads = pl.DataFrame({"event_id": ["d901-e77", events["event_id"][0], None]})
    with pytest.warns(IdsUnknown, match="does not have d901-e77;"):
        assert [words is None for words in standoff.hydrate(dyads, copies)["evidence"]] == [True, False, True]


def test_a_copy_with_other_line_ends_is_named(copies):
    (copies / "raid.TXT").unlink()
    with pytest.warns(
        DocumentsMissing, match=r"d901 .*\(a nearly equal copy.txt differs only in its line endings: .* LF\)"
    ):
        standoff.hydrate("events", copies)


def test_words_of_their_own_come_back_as_they_are(copies):
    hydrated = standoff.hydrate("participants", copies).filter(pl.col("text").is_not_null())
    assert hydrated["evidence"].to_list() == hydrated["text"].to_list()


def test_negatives_get_their_evidence_and_their_mark(copies):
    read = {
        n.id: (n, file.seed.text) for file in read_corpus(CORPUS / "dataset").files for n in file.negatives
    }
    hydrated = standoff.hydrate("negatives", copies)
    assert hydrated.height == len(read)
    for row in hydrated.to_dicts():
        negative, text = read[row["negative_id"]]
        assert row["evidence"] == (negative.evidence.span.of(text) if negative.evidence else None)
        assert row["mark"] == (negative.mark.span.of(text) if negative.mark else None)
    assert hydrated["mark"].is_not_null().any()


def test_rows_keep_their_order_and_may_repeat(copies):
    events = standoff.load("events")
    frame = pl.concat([events.reverse(), events.head(2)])
    assert_frame_equal(standoff.hydrate(frame, copies).drop("evidence", "sentence"), frame)
    assert_frame_equal(standoff.hydrate(frame.lazy(), copies), standoff.hydrate(frame, copies))
    assert standoff.hydrate(frame.head(0), copies).columns == [*frame.columns, "evidence", "sentence"]


def test_a_document_that_is_not_there_is_named_and_its_evidence_is_null(copies):
    (copies / "raid.TXT").write_bytes(b"another text")
    with pytest.warns(DocumentsMissing, match=r"1 of 2 documents are not in .*\n  d901  ") as caught:
        hydrated = standoff.hydrate("events", copies)
    assert caught[0].filename == __file__
    assert (hydrated["evidence"].is_null() == (hydrated["document_id"] == "d901")).all()
    with warnings.catch_warnings():  # nothing is missed that is not needed
        warnings.simplefilter("error")
        standoff.hydrate(hydrated.filter(pl.col("document_id") == "d900"), copies)


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        ("actors", "neither event_id nor document_id and evidence_start and evidence_end"),
        (pl.DataFrame({"document_id": ["d901"], "start": [0], "end": [99999]}), "made from another version"),
        (pd.DataFrame({"event_id": ["d901-e01"]}), "not a DataFrame; polars.from_pandas"),
        (pl.DataFrame({"document_id": ["d901"], "start": [-3], "end": [4]}), "no characters -3 to 4"),
    ],
)
def test_a_frame_that_cannot_be_hydrated_is_refused(copies, frame, said):
    with pytest.raises(NotHydrated, match=said):
        standoff.hydrate(frame, copies)


def test_a_text_under_two_ids_is_found_for_both(copies):
    documents = standoff.load("documents").filter(pl.col("document_id") == "d901")
    twice = pl.concat([documents, documents.with_columns(document_id=pl.lit("d902"))])
    texts = find_texts(twice, copies)
    assert set(texts) == {"d901", "d902"}
    assert texts["d901"] == texts["d902"]


def test_a_folder_that_is_none_is_refused(copies):
    with pytest.raises(NotHydrated, match="is not a folder"):
        standoff.hydrate("events", copies / "raid.TXT")


# The command


def test_the_command_prints_csv(copies, capsys):
    assert main(["hydrate", "links", "--documents", str(copies)]) == 0
    printed = capsys.readouterr()
    assert printed.out.encode() == standoff.hydrate("links", copies).write_csv().encode()
    assert printed.err == ""


@pytest.mark.parametrize("suffix", ["csv", "parquet", "jsonl"])
def test_the_command_writes_the_form_that_the_name_asks_for(copies, tmp_path, capsys, suffix):
    out = tmp_path / f"events.{suffix}"
    assert main(["hydrate", "--documents", str(copies), "--out", str(out)]) == 0
    read = {"csv": pl.read_csv, "parquet": pl.read_parquet, "jsonl": pl.read_ndjson}[suffix]
    assert read(out)["evidence"].to_list() == standoff.hydrate("events", copies)["evidence"].to_list()
    assert capsys.readouterr().out == f"8 rows of events, 8 with evidence, in {out}\n"


def test_the_command_says_why_it_cannot_write(copies, tmp_path, capsys):
    for name, said in {
        "events.docx": "must end in one of .csv",
        "nowhere/events.csv": "No such file",
    }.items():
        assert main(["hydrate", "--documents", str(copies), "--out", str(tmp_path / name)]) == 2
        assert said in capsys.readouterr().err


def test_the_command_says_what_is_missing_and_ends_with_status_1(copies, capsys):
    (copies / "raid.TXT").unlink()
    assert main(["hydrate", "--documents", str(copies)]) == 1
    assert "1 of 2 documents are not in" in capsys.readouterr().err
    assert main(["hydrate", "evens", "--documents", str(copies)]) == 2
    assert "(closest: events)" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["plain letters", "\U0001f91d" * 5, "x"])
def test_a_copy_is_found_whether_its_letters_take_one_byte_or_four(tmp_path, text):
    (tmp_path / "copy").write_bytes(text.encode())
    digest = hashlib.sha256(text.encode()).hexdigest()
    documents = pl.DataFrame({"document_id": ["d1"], "sha256": [digest], "characters": [len(text)]})
    assert find_texts(documents, tmp_path) == {"d1": text}


def test_evidence_may_reach_from_the_first_to_the_last_letter(copies):
    [length] = standoff.load("documents").filter(document_id="d901")["characters"]
    text = (CORPUS / "seeds" / "901_raid.txt").read_bytes().decode()
    frame = pl.DataFrame({"document_id": ["d901"], "start": [0], "end": [length]})
    assert standoff.hydrate(frame, copies)["evidence"].to_list() == [text]
    for start, end in ((0, length + 1), (length, length), (5, 4)):
        with pytest.raises(NotHydrated, match=f"no characters {start} to {end}"):
            standoff.hydrate(frame.with_columns(start=pl.lit(start), end=pl.lit(end)), copies)
