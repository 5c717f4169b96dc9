"""Links, places and the parts of negatives in the comparison of two readings, and which readings are compared."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from standoff import cli
from standoff.agreement import coefficients, report
from standoff.agreement.links import link_hits
from standoff.agreement.matching import Matching
from standoff.agreement.measures import RELEASED, compare, comparisons
from standoff.findings import UsageError
from standoff.source.corpus import read_corpus
from standoff.source.records import Link

DATASET = Path(__file__).parents[1] / "corpus" / "dataset"


@pytest.fixture
def corpus():
    return read_corpus(DATASET)


@pytest.fixture(autouse=True)
def fewer_replicates(monkeypatch):
    monkeypatch.setattr(coefficients, "REPLICATES", 50)


def values(agreement):
    return {(m.name, m.statistic): m.estimate.value for m in agreement.measures}


def linked(event, name, *links):
    return replace(event, id=name, links=tuple(Link(relation, to, ()) for relation, to in links))


def f1(matching):
    return {name: coefficients.f1_estimate(hits).value for name, hits in link_hits([matching])}


def test_links_are_compared_by_the_pairs_of_events_and_not_by_their_ids(corpus):
    event = corpus.files[0].events[0]
    ours = linked(event, "e1", ("part_of", "e2")), linked(event, "e2")
    theirs = linked(event, "e7", ("part_of", "e9")), linked(event, "e9")
    assert f1(Matching(tuple(zip(ours, theirs, strict=True)), (), ())) == {
        "F1, same relation": 1,
        "F1, any relation": 1,
    }


@pytest.mark.parametrize(
    ("theirs", "same", "any_relation"),
    [
        ((("speaks_of", "e9"),), 0, 1),  # another relation between the same two
        ((), 0, 0),
        ((("part_of", "e9"), ("speaks_of", "e9")), 2 / 3, 1),
        ((("part_of", "d999-e01"),), 0, 0),  # in another document: not compared
    ],
)
def test_a_link_is_shared_if_the_same_two_events_are_related(corpus, theirs, same, any_relation):
    event = corpus.files[0].events[0]
    pairs = (
        (linked(event, "e1", ("part_of", "e2")), linked(event, "e7", *theirs)),
        (linked(event, "e2"), linked(event, "e9")),
    )
    found = f1(Matching(pairs, (), ()))
    assert found["F1, same relation"] == pytest.approx(same)
    assert found["F1, any relation"] == pytest.approx(any_relation)


def test_a_link_of_an_event_that_one_reader_has_alone_is_found_by_one(corpus):
    event = corpus.files[0].events[0]
    pair = (linked(event, "e1"), linked(event, "e7"))
    alone = linked(event, "e2", ("part_of", "e1"))
    assert f1(Matching((pair,), (alone,), ()))["F1, any relation"] == 0
    assert f1(Matching((pair,), (), (linked(event, "e8", ("part_of", "e7")),)))["F1, any relation"] == 0


def test_the_released_records_are_a_reading_like_others(corpus):
    with_copy = replace(corpus.files[0], annotator="copy")
    corpus.passes = [*corpus.passes, with_copy, replace(corpus.files[1], annotator="copy")]
    found = values(compare(corpus, "copy", RELEASED))
    assert {"places", "places with relation", "would-be code", "mark", "link"} <= {name for name, _ in found}
    assert set(found.values()) - {None} == {1}  # None: alpha where every value is the same


def test_a_dropped_place_and_another_would_be_code_are_seen(corpus):
    changed = []
    for file in corpus.files:
        events = [replace(e, where=()) for e in file.events]
        negatives = [replace(n, would_be=replace(n.would_be, target_id="other")) for n in file.negatives]
        changed.append(replace(file, annotator="copy", events=events, negatives=negatives))
    with_places = sum(bool(e.where) for file in corpus.files for e in file.events)
    events = sum(len(file.events) for file in corpus.files)
    corpus.passes = changed
    found = values(compare(corpus, "copy", RELEASED))
    assert with_places
    assert found["places", "share identical"] == pytest.approx(1 - with_places / events)
    assert found["would-be target", "share identical"] == 0
    assert found["would-be code", "share identical"] == 1


def test_passes_of_the_first_edition_have_no_places_to_compare(corpus):
    for file in corpus.passes:
        file.kind = "annotation-1"
    names = {name for name, _ in values(compare(corpus))}
    assert "reason" in names
    assert not {"places", "date shape", "would-be code", "mark"} & names


def test_a_dataset_names_the_comparisons(corpus):
    corpus.meta.value["agreement"] = {"compare": [["a2", "a1"], ["a1", RELEASED]]}
    agreements = comparisons(corpus)
    assert [tuple(a["id"] for a in agreement.annotators) for agreement in agreements] == [
        ("a2", "a1"),
        ("a1", RELEASED),
    ]
    assert "| a2 and a1 | a1 and released |" in report.as_markdown(agreements)
    value = json.loads(report.as_json(agreements))
    assert [a["id"] for a in value["others"][0]["annotators"]] == ["a1", RELEASED]
    assert all(m["low_over_documents"] <= m["value"] <= m["high_over_documents"] for m in value["measures"])


def test_a_comparison_with_an_unknown_pass_is_refused(corpus):
    corpus.meta.value["agreement"] = {"compare": [["a1", "a9"]]}
    with pytest.raises(UsageError, match='no pass "a9"'):
        comparisons(corpus)


def test_the_command_compares_a_pass_with_the_released_records(capsys):
    assert cli.main(["agree", "--dataset", str(DATASET), "a1", RELEASED]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("a1 and released\n")
    assert "compared with the released records" in " ".join(printed.split())
