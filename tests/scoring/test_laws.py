"""What must hold of every score, whatever the predictions."""

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.exchange.records import LEVELS, Passage
from standoff.scoring import matching
from standoff.scoring.acts import ACTORS, Resolver, Side
from standoff.scoring.align import align
from standoff.scoring.causes import DUPLICATE
from standoff.scoring.ladder import ladder
from standoff.scoring.matching import part_of
from standoff.scoring.run import score
from standoff.scoring.rungs import HEIGHT, RUNGS, climb

from . import strategies
from .test_scoring_run import values

WORDS = ("zebras", "of", "Martian", "moons", "the")


def aligned(records, gold, level="trigger", by="code"):
    return align("system", records, gold, gold.codes, level, by)


@pytest.mark.parametrize("level", ["trigger", "sentence", "document"])
@pytest.mark.parametrize("by", ["code", "id", "country"])
def test_gold_against_gold_is_one_on_every_rung(gold, level, by):
    tallies = aligned(gold.records, gold, level, by).ladder
    assert {t.f1 for t in tallies.values()} == {1.0}
    assert tallies["status"].hits == len(gold.records)


@given(st.data())
def test_order_and_ids_decide_nothing(gold, data):
    records = data.draw(strategies.predictions(gold.records))
    shuffled = data.draw(st.permutations(records))
    renamed = [replace(record, line=n, id=f"x{n}") for n, record in enumerate(shuffled, start=1)]
    assert aligned(renamed, gold).ladder == aligned(records, gold).ladder


@given(st.data())
def test_swapping_gold_and_predictions_swaps_precision_and_recall(gold, data):
    records = data.draw(strategies.predictions(gold.records))
    forth = aligned(records, gold).ladder
    back = aligned(gold.records, replace(gold, records=tuple(records), negatives=())).ladder
    for rung in RUNGS:
        assert (forth[rung].precision, forth[rung].recall) == (back[rung].recall, back[rung].precision)


@given(st.data(), st.sampled_from(("trigger", "sentence", "document")))
def test_of_equal_matchings_the_ladder_takes_the_best_from_below(gold, data, level):
    """Every matching of a few records is tried; the figures are those of the greatest (weight, hits by rung)."""
    name = data.draw(st.sampled_from(sorted(gold.documents)))
    events = [r for r in gold.records if r.document_id == name][:4]
    if not events:
        return
    few = replace(gold, records=tuple(events))
    records = data.draw(strategies.predictions(events, most=4))
    result = aligned(records, few, level)
    acts = [
        Resolver(gold.registry, gold.codes, gold.documents, gold.names).acts(each)
        for each in (records, events)
    ]
    candidates = matching._candidates(*acts, level, gold.codes, True)
    words = {(i, j): round(weight * 10**6) for i, j, weight in candidates}
    best = (0,)
    for chosen in set(permutations([*range(len(events)), *[None] * len(records)], len(records))):
        pairs = [(i, j) for i, j in enumerate(chosen) if j is not None]
        if all(pair in words for pair in pairs):
            heights = [climb(acts[0][i], acts[1][j], gold.codes, "code") for i, j in pairs]
            hits = [sum(height >= rung for height in heights) for rung in HEIGHT.values()]
            best = max(best, (sum(words[pair] for pair in pairs), *hits))
    assert [t.hits for t in result.ladder.values()] == list(best[1:])


@given(st.data())
def test_a_record_that_can_match_nothing_never_helps(gold, data):
    records = data.draw(strategies.predictions(gold.records))
    name = data.draw(st.sampled_from(sorted(gold.documents)))
    before, after = aligned(records, gold).ladder, aligned([*records, strategies.spurious(name)], gold).ladder
    for rung in RUNGS:
        assert after[rung].recall == before[rung].recall
        assert (after[rung].precision or 0) <= (before[rung].precision or 0)
        assert after[rung].predicted == before[rung].predicted + 1


@given(st.data())
def test_what_can_match_nothing_changes_the_level_of_no_other_record(gold, data):
    """Records with a trigger, with a sentence and with only a document may be in one file."""
    every = list(values(gold))
    left_out = st.sampled_from(("document", "trigger", ""))  # without a document it is no answer to this gold
    chosen = data.draw(st.lists(left_out, min_size=len(every), max_size=len(every)))
    answers = [
        {name: each for name, each in value.items() if name != blind}
        for value, blind in zip(every, chosen, strict=True)
    ]
    name = data.draw(st.sampled_from(sorted(gold.documents)))
    match = data.draw(st.sampled_from((None, *LEVELS)))
    nothing = [
        {"document": name, "trigger": " ".join(WORDS), "action": "190"},
        {"document": "nowhere", "trigger": "attacked", "action": "190"},
        {"document": "nowhere", "action": "190"},
        {},
    ]
    if match != "document":  # the number of the sentence does not matter then
        nothing.append({"document": name, "sentence": 9999, "action": "190"})
    more = data.draw(st.lists(st.sampled_from(nothing), min_size=1, max_size=3))
    before, after = (
        score(made, gold, ci=0, references=False, match=match).ladder for made in (answers, [*more, *answers])
    )
    for rung in RUNGS:
        assert after[rung].hits == before[rung].hits
        assert after[rung].predicted == before[rung].predicted + len(more)


def test_a_record_without_a_trigger_gets_an_event_that_no_closer_record_has(gold):
    """Each record has its own level; --match asks the same of all."""
    answers = list(values(gold))
    blind = {name: each for name, each in answers[0].items() if name != "trigger"}
    mixed = score([blind, *answers[1:]], gold, ci=0, references=False)
    assert mixed.ladder["status"].f1 == 1.0
    assert mixed.signature["match"] == "trigger+document"
    too_many = score([blind, *answers], gold, ci=0, references=False)
    [alarm] = [o for o in too_many.outcomes if o.kind == "false alarm"]
    assert (alarm.predicted.line, alarm.cause) == (1, "not determined")
    strict = score([blind, *answers[1:]], gold, ci=0, references=False, match="trigger")
    assert strict.intake.counts["no-place"] == 1
    assert strict.ladder["found"].hits == len(answers) - 1


@given(st.data(), st.lists(st.sampled_from(WORDS), min_size=1, max_size=4), st.sampled_from(LEVELS))
def test_words_that_the_document_does_not_hold_never_help_nor_hurt(gold, data, words, level):
    """Whatever the record says besides, and however many words of a gold trigger are in its quote."""
    records = data.draw(strategies.predictions(gold.records))
    event = data.draw(st.sampled_from(gold.records))
    quote = " ".join((event.trigger.words, *words))
    invented = replace(event, id=None, line=10_000, trigger=Passage(quote))
    before = aligned(records, gold, level).ladder
    result = aligned([invented, *records, invented], gold, level)
    assert [o.cause for o in result.outcomes if o.predicted and o.predicted.line == 10_000] == [
        "unlocatable"
    ] * 2
    for rung in RUNGS:
        assert result.ladder[rung].hits == before[rung].hits
        assert result.ladder[rung].predicted == before[rung].predicted + 2


@given(st.data())
def test_rungs_are_monotone(gold, data):
    tallies = aligned(data.draw(strategies.predictions(gold.records)), gold).ladder
    hits = [tallies[rung].hits for rung in RUNGS]
    assert hits == sorted(hits, reverse=True)


def test_every_copy_of_a_record_is_a_false_alarm(gold):
    copies = [replace(record, id=f"copy {record.id}") for record in gold.records]
    result = aligned([*gold.records, *copies], gold)
    assert result.ladder["status"].hits == len(gold.records)
    assert [o.cause for o in result.outcomes if o.kind == "false alarm"] == [DUPLICATE] * len(copies)


@given(st.data())
def test_dropping_a_document_changes_no_other(gold, data):
    records = data.draw(strategies.predictions(gold.records))
    dropped = data.draw(st.sampled_from(sorted(gold.documents)))
    all_, some = (aligned(made, gold) for made in (records, [r for r in records if r.document_id != dropped]))
    for rung in RUNGS:
        assert some.ladder[rung].recall <= all_.ladder[rung].recall
    for name in set(gold.documents) - {dropped}:
        left, right = (ladder(o for o in result.outcomes if o.document == name) for result in (all_, some))
        assert left == right


@pytest.mark.parametrize("by", ACTORS)
def test_parties_of_which_nothing_can_be_compared_are_not_equal(by):
    """Two organisations of no country are not the same country, and two names are not the same code."""
    sides = [
        Side("IGOUNO", "", "", ""),
        Side("NGO", "", "", ""),
        Side("", "un", "", ""),
        Side("", "", "", "x"),
    ]
    keys = [side.key(by) for side in sides]
    assert len(set(keys)) == len(sides)


def test_unknown_documents_and_codes_count_as_false_alarms(gold):
    stray = replace(gold.records[0], document_id=None, document="elsewhere")
    odd = replace(gold.records[0], action="9999")
    tallies = aligned([stray, odd], gold).ladder
    assert (tallies["found"].hits, tallies["found"].predicted, tallies["quad"].hits) == (1, 2, 0)


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=6), st.data())
def test_a_run_of_words_is_part_of_its_trigger_and_the_other_way_round(words, data):
    start = data.draw(st.integers(0, len(words) - 1))
    run = tuple(words[start : data.draw(st.integers(start + 1, len(words)))])
    assert part_of(run, tuple(words))
    assert part_of(tuple(words), run)
    assert not part_of((*words, "d"), (*words, "e"))


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ("190", "190"),
        ("190 - Use conventional military force", "190"),
        ("CAMEO 190: force", "190"),
        ("Use conventional military force", "190"),
        ("use conventional military force, not specified below", "190"),
        ("42", "042"),
        ("20", "20"),
        ("4", "04"),
        ("9999", None),
        ("190s", None),
        ("Fight or flee", None),
    ],
)
def test_codes_are_known_by_their_label_too(gold, stated, code):
    assert gold.codes.find(stated) == code
