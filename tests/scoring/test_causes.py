"""Every cause of a false alarm, what hits a negative, and the traits of misses."""

from dataclasses import replace

import pytest

from standoff.exchange.documents import Document, Documents
from standoff.exchange.records import Passage, Record
from standoff.model.spans import Span
from standoff.scoring.align import align
from standoff.scoring.causes import DUPLICATE, MENTION, miss_traits, negatives_hit
from standoff.scoring.gold import Negative


def record(number, start, end, action="190", **fields):
    fields = {"document": "d", "document_id": "d", **fields}
    return Record(number, id=f"r{number}", trigger=Passage(None, Span(start, end)), action=action, **fields)


@pytest.fixture
def small(gold):
    """An attack with a mention, and a statement whose evidence goes on after its trigger."""
    events = (
        record(
            1, 0, 8, "190", evidence=Passage(None, Span(0, 30)), mentions=(Passage(None, Span(100, 120)),)
        ),
        record(2, 40, 46, "010", evidence=Passage(None, Span(40, 90)), status="hedged"),
    )
    negatives = (
        Negative("n1", "d", "could strike", Span(200, 212), "hypothetical", "190"),
        Negative("n2", "d", "may", Span(220, 223), "future", "030"),
    )
    documents = Documents([Document("d")])
    return replace(gold, records=events, negatives=negatives, documents=documents, negatives_say=True)


def outcomes(records, gold, level="trigger"):
    return align("x", records, gold, gold.codes, level, "code").outcomes


@pytest.mark.parametrize(
    ("extra", "cause"),
    [
        (record(9, 204, 210), "on a hard negative: hypothetical"),
        (record(9, 2, 6), DUPLICATE),
        (record(9, 2, 6, None), DUPLICATE),
        (record(9, 2, 6, "040"), "right words, wrong event"),
        (record(9, 105, 110), MENTION),
        (record(9, 60, 70), "content of a speech act"),
        (record(9, 20, 25), "elsewhere"),
        (record(9, 300, 310), "elsewhere"),
        (Record(9, document="d", document_id="d", action="190"), "unlocatable"),
        (Record(9, document="z", action="190"), "unknown document"),
        (Record(9, faults=("unparsable",)), "unreadable"),
    ],
)
def test_each_false_alarm_has_its_cause(extra, cause, small):
    found = outcomes([*small.records, extra], small)
    assert [o.cause for o in found if o.kind == "false alarm"] == [cause]
    assert sum(o.kind == "pair" for o in found) == 2


def test_a_mention_counts_as_found_if_no_other_record_found_the_event(small):
    [pair] = [o for o in outcomes([record(9, 105, 110)], small) if o.kind == "pair"]
    assert pair.gold.id == "r1"


def test_negatives_say_whether_the_very_mistake_was_made(small):
    found = outcomes(
        [record(9, 204, 210, "1951"), record(10, 205, 209, "040"), record(11, 220, 223, "040")], small
    )
    rows = {
        n.reason: (n.negatives, n.hit, n.invited, n.tempted) for n in negatives_hit(found, small, small.codes)
    }
    assert rows == {"hypothetical": (1, 1, 1, 1), "future": (1, 1, 1, 0), "all": (2, 2, 2, 1)}
    silent = replace(small, negatives_say=False)
    assert {n.tempted for n in negatives_hit(found, silent, small.codes)} == {None}


def test_traits_compare_misses_with_the_others(small):
    traits = {t.name: t for t in miss_traits(outcomes([small.records[0]], small), small)}
    hedged = traits["hedged"]
    assert (hedged.having, hedged.missed, hedged.others, hedged.others_missed) == (1, 1, 1, 0)
    assert traits["nominal trigger"].having is None  # without the text it is not determined


def test_without_places_words_decide_and_the_rest_is_not_determined(small):
    bare = replace(
        small,
        records=(replace(small.records[0], trigger=Passage("attacked the town")),),
        negatives=(Negative("n1", "d", "could strike", None, "hypothetical"),),
    )
    made = [
        replace(record(n, 0, 1), trigger=Passage(words))
        for n, words in enumerate(
            ("attacked the town", "Could strike", "visited", "attacked the town"), start=1
        )
    ]
    found = outcomes(made, bare)
    causes = sorted(o.cause for o in found if o.kind == "false alarm")
    assert causes == [DUPLICATE, "not determined", "on a hard negative: hypothetical"]
