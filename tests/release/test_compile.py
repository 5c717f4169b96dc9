"""Records into tables: what is computed, and that nothing depends on the order in which it was written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest
import yaml
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from standoff.codes import shipped
from standoff.model.dyads import dyads
from standoff.release.build import build
from standoff.release.compile import compile_tables
from standoff.source.corpus import read_corpus

CORPUS = Path(__file__).parents[1] / "corpus"
ACTORS = st.lists(st.sampled_from("abcde"), min_size=0, max_size=4, unique=True)
CODES = st.sampled_from(("010", "040", "042", "043", "190"))


@pytest.fixture(scope="module")
def frames() -> dict[str, pl.DataFrame]:
    return compile_tables(read_corpus(CORPUS / "dataset"))


@pytest.fixture(scope="module")
def sums(releases: Path) -> str:
    return (releases / "v0.1.0" / "SHA256SUMS").read_text(encoding="utf-8")


# ---- dyads -------------------------------------------------------------------------------------------------------


@given(ACTORS, ACTORS, CODES, st.booleans())
def test_there_are_as_many_dyads_as_the_rule_says(
    actors: list[str], targets: list[str], action: str, reciprocal: bool
) -> None:
    """Every actor with every other target; the other directions of an act done to each other; a visit's host.

    Where there is no such pair, each party of the side that is there stands alone.
    """
    host = shipped.scheme().actions[action].counterpart
    pairs: set[tuple[str | None, str | None, str]] = {
        (a, t, action) for a in actors for t in targets if a != t
    }
    if pairs and (reciprocal or host is not None):
        pairs |= {(t, a, action if reciprocal else str(host)) for a, t, _ in pairs}
    elif not pairs and actors:
        pairs = {(a, None, action) for a in actors}
    elif not pairs:
        pairs = {(None, t, action) for t in targets} or {(None, None, action)}
    found = dyads(actors, targets, action, reciprocal, host)
    assert {(d.actor_id, d.target_id, d.action) for d in found} == pairs


@given(ACTORS, ACTORS, CODES, st.booleans())
def test_no_dyad_stands_twice_and_reversing_twice_changes_nothing(
    actors: list[str], targets: list[str], action: str, reciprocal: bool
) -> None:
    found = dyads(actors, targets, action, reciprocal, shipped.scheme().actions[action].counterpart)
    assert len({(d.actor_id, d.target_id, d.action) for d in found}) == len(found)
    assert [d.reversed().reversed() for d in found] == found
    assert all(d.actor_id != d.target_id or d.actor_id is None for d in found)
    assert found


@given(ACTORS, CODES)
def test_an_act_done_to_each_other_has_both_directions(actors: list[str], action: str) -> None:
    found = {
        (d.actor_id, d.target_id)
        for d in dyads(actors, actors, action, reciprocal=True)
        if d.derived != "alone"
    }
    assert found == {(t, a) for a, t in found}
    assert bool(found) == (len(actors) > 1)


@pytest.mark.parametrize(
    ("actors", "targets", "action", "reciprocal", "derived"),
    [
        ("a", "b", "010", False, ["stated"]),
        ("ab", "c", "010", False, ["compound"] * 2),
        ("a", "bc", "010", False, ["compound"] * 2),
        ("a", "b", "040", True, ["stated", "reciprocal"]),
        ("a", "b", "042", False, ["stated", "host"]),
        ("a", "", "042", False, ["alone"]),
        ("", "ab", "190", False, ["alone"] * 2),
        ("", "", "190", False, ["alone"]),
    ],
)
def test_a_dyad_says_which_rule_made_it(
    actors: str, targets: str, action: str, reciprocal: bool, derived: list[str]
) -> None:
    counterpart = shipped.scheme().actions[action].counterpart
    assert [d.derived for d in dyads(list(actors), list(targets), action, reciprocal, counterpart)] == derived


def test_each_dyad_of_the_corpus_says_which_rule_made_it(frames: dict[str, pl.DataFrame]) -> None:
    counted = frames["dyads"].group_by("event_id", "derived").len().sort("event_id", "derived").rows()
    assert counted == [
        ("d900-e01", "stated", 1),
        ("d900-e02", "stated", 1),
        ("d900-e03", "stated", 1),
        ("d900-e04", "alone", 1),
        ("d900-e05", "compound", 6),
        ("d901-e01", "stated", 1),
        ("d901-e02", "stated", 1),
        ("d901-e03", "stated", 1),
    ]


# ---- what a release may tell of a report ----------------------------------------------------------------------------

DATASET = Path(__file__).parents[2] / "dataset"


def test_a_release_never_hands_out_a_third_of_a_report() -> None:
    corpus = read_corpus(DATASET)
    tables = compile_tables(corpus)
    texts = {file.document.id: file.seed.text for file in corpus.files if file.document and file.seed}
    spans = [
        *tables["events"].select("document_id", "trigger_start", "trigger_end").iter_rows(),
        *tables["negatives"].select("document_id", "trigger_start", "trigger_end").iter_rows(),
        *tables["participants"]
        .filter(pl.col("text").is_not_null())
        .select(pl.col("event_id").str.head(4), "span_start", "span_end")
        .iter_rows(),
    ]
    told: dict[str, set[int]] = {document: set() for document in texts}
    for document, start, end in spans:
        told[document] |= set(range(start, end))
    assert not {"trigger", "text"} & set(tables["passes"].columns)
    for document, characters in told.items():
        assert len(characters) < len(texts[document] or "") / 3, document


# ---- what is computed --------------------------------------------------------------------------------------------


def test_spans_say_which_words_they_hold(frames: dict[str, pl.DataFrame]) -> None:
    texts = {
        row["document_id"]: next(
            path.read_bytes().decode()
            for path in (CORPUS / "seeds").iterdir()
            if path.name.startswith(row["document_id"][1:])
        )
        for row in frames["documents"].to_dicts()
    }
    for row in frames["events"].to_dicts():
        assert texts[row["document_id"]][row["trigger_start"] : row["trigger_end"]] == row["trigger"]
    for row in frames["negatives"].to_dicts():
        assert texts[row["document_id"]][row["trigger_start"] : row["trigger_end"]] == row["trigger"]
    for row in frames["participants"].filter(pl.col("text").is_not_null()).to_dicts():
        assert texts[row["event_id"][:4]][row["span_start"] : row["span_end"]] == row["text"]
    for row in frames["documents"].to_dicts():
        assert row["characters"] == len(texts[row["document_id"]])


def test_an_actor_has_the_code_of_the_day(frames: dict[str, pl.DataFrame]) -> None:
    """Íñigo Vale led the opposition until 2022 and is president since: in 2023 he is PCNGOV."""
    row = frames["dyads"].filter(pl.col("event_id") == "d901-e03").to_dicts()[0]
    assert (row["actor_id"], row["actor_code"]) == ("inigo-vale", "PCNGOV")
    codes = frames["affiliations"].filter(pl.col("actor_id") == "inigo-vale")["actor_code"].to_list()
    assert codes == ["PCNOPP", "PCNGOV"]


def test_no_cell_is_empty_text_and_no_text_of_a_document_leaks(frames: dict[str, pl.DataFrame]) -> None:
    """Evidence is offsets only; nothing longer than a trigger, name or negative of a document is in a release."""
    for frame in frames.values():
        for column in frame.select(pl.col(pl.String)).iter_columns():
            assert "" not in column.to_list()
    evidence = [
        text[row["evidence_start"] : row["evidence_end"]]
        for row in frames["events"].to_dicts()
        for text in [(next((CORPUS / "seeds").glob(f"{row['document_id'][1:]}*"))).read_bytes().decode()]
    ]
    cells = {str(cell) for frame in frames.values() for row in frame.iter_rows() for cell in row}
    assert not [words for words in evidence if any(words in cell for cell in cells)]


def test_tables_stand_in_the_order_of_their_keys(frames: dict[str, pl.DataFrame]) -> None:
    from standoff.tables import TABLES

    for name, frame in frames.items():
        assert_frame_equal(frame, frame.sort(TABLES[name].key))


# ---- order carries no meaning ------------------------------------------------------------------------------------


def shuffled(value: Any, random: Random, under: str | None = None) -> Any:
    """The value with the keys of every mapping, and the lists whose order is free, in another order."""
    if isinstance(value, dict):
        keys = random.sample(list(value), len(value))
        return {key: shuffled(value[key], random, key) for key in keys}
    if isinstance(value, list):
        items = [shuffled(item, random) for item in value]
        return random.sample(items, len(items)) if under in ("events", "negatives", "actors") else items
    return value


@settings(max_examples=max(2, settings.default.max_examples // 20), phases=(Phase.generate,))
@given(random=st.randoms(use_true_random=False))
def test_the_order_of_keys_records_and_files_changes_no_byte(
    random: Random, sums: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Files are written anew in another order too, so that the file system may list them otherwise."""
    copy = tmp_path_factory.mktemp("shuffled")
    shutil.copytree(CORPUS / "seeds", copy / "seeds")
    files = sorted(path for path in (CORPUS / "dataset").rglob("*") if path.is_file())
    for path in random.sample(files, len(files)):
        target = copy / path.relative_to(CORPUS)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".yaml":  # JSON is YAML
            mixed = shuffled(yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader), random)
            target.write_text(json.dumps(mixed, ensure_ascii=False), encoding="utf-8")
        else:
            shutil.copy(path, target)
    folder = build(copy / "dataset", copy / "releases").folder
    assert (folder / "SHA256SUMS").read_text(encoding="utf-8") == sums
