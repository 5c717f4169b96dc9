"""Agreement: the best matching, alpha as others compute it, honest intervals, and no trace of labels or order."""

import json
import math
import random
from collections import Counter
from dataclasses import replace
from functools import partial
from itertools import permutations
from pathlib import Path

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff import cli
from standoff.agreement import coefficients, distances, report
from standoff.agreement.assignment import assign
from standoff.agreement.coefficients import Alpha, Interval, f1_estimate, mean_estimate
from standoff.agreement.matching import iou, match_negatives
from standoff.agreement.matching import match_events as match_events_coded_with
from standoff.agreement.measures import compare
from standoff.codes import shipped
from standoff.findings import UsageError
from standoff.model.actors import code_distance
from standoff.model.quotes import Selector, anchor
from standoff.model.spans import Span
from standoff.release.compile import compile_tables
from standoff.source.corpus import read_corpus
from standoff.source.records import DateField, Quote

DATASET = Path(__file__).parents[1] / "corpus" / "dataset"
ACTIONS = shipped.scheme().actions
match_events = partial(match_events_coded_with, actions=ACTIONS)


@pytest.fixture
def corpus():
    return read_corpus(DATASET)


@pytest.fixture(autouse=True)
def fewer_replicates(monkeypatch):
    monkeypatch.setattr(coefficients, "REPLICATES", 100)


# --- Matching


@st.composite
def weight_tables(draw):
    height, width = draw(st.integers(0, 5)), draw(st.integers(1, 5))
    row = st.lists(st.sampled_from([0, 0, 1, 2, 3, 7, 10**12]), min_size=width, max_size=width)
    return draw(st.lists(row, min_size=height, max_size=height))


@given(weight_tables())
def test_no_other_assignment_weighs_more(weights):
    pairs = assign(weights)
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    assert all(weights[i][j] > 0 for i, j in pairs)
    tall = weights if len(weights) <= len(weights[0] if weights else []) else list(zip(*weights, strict=True))
    columns = range(len(tall[0])) if tall else ()
    best = max(
        (
            sum(row[j] for row, j in zip(tall, chosen, strict=True))
            for chosen in permutations(columns, len(tall))
        ),
        default=0,
    )
    assert sum(weights[i][j] for i, j in pairs) == best


spans = st.tuples(st.integers(0, 12), st.integers(0, 12)).map(lambda ends: Span(min(ends), max(ends)))


@given(spans, spans)
def test_shared_words_are_counted_in_characters(a, b):
    ours, theirs = set(range(a.start, a.end)), set(range(b.start, b.end))
    assert iou(a, b) == (len(ours & theirs) / len(ours | theirs) if ours | theirs else 0)


def event_in(text, base, evidence, trigger, **changes):
    """An event like `base` whose words are others."""
    found = anchor(Selector(evidence), text)
    inside = anchor(Selector(trigger), text, found)
    return replace(
        base,
        evidence=Quote(Selector(evidence), (), found, None),
        trigger=Quote(Selector(trigger), (), inside, None),
        **changes,
    )


TEXT = "A shelled B and warned C, and D later named the shelling of B a crime."
WHOLE = "A shelled B and warned C, and D later named the shelling of B a crime"


def test_of_two_acts_in_one_sentence_the_trigger_tells_which_is_which(corpus):
    base = corpus.files[0].events[0]
    shelled, warned = (event_in(TEXT, base, "A shelled B and warned C", t) for t in ("shelled", "warned"))
    matching = match_events([shelled, warned], [warned])
    assert matching.pairs == ((warned, warned),)
    assert matching.first_only == (shelled,)


def test_codes_decide_only_between_acts_of_the_same_words(corpus):
    base = corpus.files[0].events[0]
    one, two = (event_in(TEXT, base, WHOLE, "shelled", action=code, id=code) for code in ("194", "112"))
    narrow = event_in(TEXT, base, "A shelled B", "shelled", action="112", id="narrow")
    assert {(a.id, b.id) for a, b in match_events([two, one], [one, two]).pairs} == {
        ("194", "194"),
        ("112", "112"),
    }
    assert [(a.id, b.id) for a, b in match_events([one], [narrow, one]).pairs] == [("194", "194")]
    assert [(a.id, b.id) for a, b in match_events([two], [narrow, one]).pairs] == [("112", "194")]


def test_acts_told_by_different_words_are_one_if_half_of_their_evidence_is_shared(corpus):
    base = corpus.files[0].events[0]
    shelled = event_in(TEXT, base, "A shelled B and", "shelled")
    for evidence, trigger, matched in (
        ("A shelled B and warned C", "warned", True),
        (WHOLE, "crime", False),
        ("B and warned C", "warned", False),
    ):
        assert bool(match_events([shelled], [event_in(TEXT, base, evidence, trigger)]).pairs) is matched


def test_an_act_told_twice_is_one_act_if_a_reader_lists_the_other_passage(corpus):
    base = corpus.files[0].events[0]
    first = event_in(TEXT, base, "A shelled B", "shelled")
    second = event_in(TEXT, base, "D later named the shelling of B a crime", "shelling")
    assert not match_events([first], [second]).pairs
    quote = "named the shelling of B"
    listed = replace(first, mentions=(Quote(Selector(quote), (), anchor(Selector(quote), TEXT), None),))
    assert match_events([listed], [second]).pairs == ((listed, second),)
    assert match_events([second], [listed]).pairs == ((second, listed),)


def test_records_whose_words_were_not_found_are_left_out(corpus):
    event = corpus.files[0].events[0]
    for field in ("trigger", "evidence"):
        lost = replace(event, **{field: Quote(Selector("gone"), (), None, None)})
        assert match_events([lost], [event]).second_only == (event,)
        assert match_events([lost, event], [event]).pairs == ((event, event),)
    gone = replace(corpus.files[0].negatives[0], trigger=Quote(Selector("gone"), (), None, None))
    assert match_events([lost], [lost]).first_only == ()
    assert match_negatives([gone], [gone]).pairs == ()


def test_closer_evidence_outweighs_likeness_of_codes(corpus):
    base = corpus.files[0].events[0]
    one = event_in(TEXT, base, "A shelled B and warned C", "shelled", action="194")
    closer = event_in(TEXT, base, "A shelled B and warned", "shelled", action="010", actors=())
    wider = event_in(TEXT, base, WHOLE, "shelled", action="194")
    assert match_events([one], [closer, wider]).pairs == ((one, closer),)


def test_a_listed_mention_counts_less_than_the_words_themselves(corpus):
    base = corpus.files[0].events[0]
    told = event_in(TEXT, base, "A shelled B", "shelled")
    again = event_in(TEXT, base, "D later named the shelling of B a crime", "shelling")
    listed = replace(told, mentions=(again.evidence,))
    assert match_events([listed], [again, told]).pairs == ((listed, told),)
    beside = event_in(TEXT, base, "A shelled B and", "and")
    assert match_events([listed], [again, beside]).pairs == ((listed, beside),)


def test_negatives_are_the_same_if_their_words_overlap_and_like_reasons_break_ties(corpus):
    def negative(words, reason):
        quote = Quote(Selector(words), (), anchor(Selector(words), TEXT), None)
        return replace(corpus.files[0].negatives[0], id=words + reason, trigger=quote, reason=reason)

    state, belief = (negative("shelled B", reason) for reason in ("state", "belief"))
    assert match_negatives([state, belief], [belief]).pairs == ((belief, belief),)
    assert match_negatives([belief, state], [state]).pairs == ((state, state),)
    wider, beside = negative("shelled B and warned", "state"), negative(" and warned C", "state")
    assert match_negatives([belief], [wider, state, belief]).pairs == ((belief, belief),)
    assert match_negatives([wider], [beside, state]).pairs == (
        (wider, beside),
    )  # 11 of 22 characters, against 9 of 20
    assert not match_negatives([state], [beside]).pairs


# --- Alpha

readings = st.lists(st.lists(st.none() | st.integers(0, 3), min_size=2, max_size=4), min_size=1, max_size=8)


def square(units, width):
    return [unit + [None] * (width - len(unit)) for unit in units]


def known_alphas(units, domain, distance):
    """Alpha by the packages krippendorff and nltk. The second takes long to load, so that one worker alone loads it."""
    from nltk.metrics.agreement import AnnotationTask

    rows = np.array(
        [[np.nan if v is None else v for v in reader] for reader in zip(*square(units, 4), strict=True)],
        float,
    )
    table = np.array([[distance(a, b) for b in domain] for a in domain])

    def metric(v1, v2, i1, i2, n_v, dtype):
        return table[i1.astype(int), i2.astype(int)].astype(dtype)

    yield krippendorff.alpha(rows, level_of_measurement=metric, value_domain=domain)
    given_values = [(j, i, v) for i, unit in enumerate(units) for j, v in enumerate(unit) if v is not None]
    yield AnnotationTask(data=given_values, distance=distance).alpha()


TREE = ("19", "190", "194", "1951")


@pytest.mark.parametrize(
    "distance",
    [
        distances.nominal,
        lambda a, b: float((a - b) ** 2),
        lambda a, b: ACTIONS.distance(TREE[int(a)], TREE[int(b)]),
    ],
    ids=["nominal", "interval", "tree of codes"],
)
@given(readings)
def test_alpha_is_what_two_other_implementations_compute(distance, units):
    ours = Alpha([units], distance).estimate().value
    if ours is not None:
        for theirs in known_alphas(units, [0, 1, 2, 3], distance):
            assert ours == pytest.approx(theirs, abs=1e-9)


def test_alpha_is_that_of_the_example_krippendorff_works_out():
    """Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, section C: four observers, twelve units."""
    observers = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    units = list(zip(*observers, strict=True))
    assert round(Alpha([units], distances.nominal).estimate().value, 3) == 0.743
    assert round(Alpha([units], lambda a, b: (a - b) ** 2).estimate().value, 3) == 0.849


pairs = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=12)


@given(pairs, st.permutations(range(4)), st.randoms(use_true_random=False))
def test_alpha_knows_no_names_no_order_and_no_first_reader(units, names, chance):
    alpha = Alpha([units], distances.nominal).estimate().value
    shuffled = [unit[::-1] for unit in units]
    chance.shuffle(shuffled)
    renamed = [tuple(names[value] for value in unit) for unit in shuffled]
    assert Alpha([renamed], distances.nominal).estimate().value == alpha


@given(st.lists(st.integers(0, 3), min_size=1, max_size=12))
def test_readers_who_never_differ_agree_fully_or_prove_nothing(values):
    estimate = Alpha([[(v, v) for v in values]], distances.nominal).estimate()
    assert estimate.value == (1 if len(set(values)) > 1 else None)
    assert estimate.over_records.low == estimate.over_records.high == estimate.value


# --- Distances

ids = st.frozensets(st.sampled_from("abcd"))
codes = st.lists(st.sampled_from(["LBN", "LBNREB", "LBNREBHEZ", "IRN", "IRNGOV"]), max_size=4).map(tuple)


@given(ids, ids)
def test_masi_is_a_distance_of_sets(a, b):
    apart = distances.masi(a, b)
    assert 0 <= apart <= 1
    assert apart == distances.masi(b, a)
    assert (apart == 0) == (a == b)
    assert (apart == 1) == (a != b and not a & b)


def test_masi_weighs_subsets_more_than_overlaps():
    assert distances.masi(frozenset("ab"), frozenset("abc")) == pytest.approx(1 - 2 / 3 * 2 / 3)
    assert distances.masi(frozenset("ab"), frozenset("bc")) == pytest.approx(1 - 1 / 3 * 1 / 3)


@given(codes, codes, st.randoms(use_true_random=False))
def test_lists_of_codes_are_as_far_apart_as_their_best_pairing(a, b, chance):
    between = distances.paired(code_distance)
    apart = between(a, b)
    short, long = sorted((a, b), key=len)
    best = max(
        sum(1 - code_distance(x, y) for x, y in zip(short, chosen, strict=True))
        for chosen in permutations(long, len(short))
    )
    assert apart == pytest.approx(1 - best / len(long) if long else 0, abs=1e-8)
    assert between(b, a) == pytest.approx(apart, abs=1e-8)
    assert between(a, chance.sample(a, len(a))) == 0


@given(codes.filter(bool), codes.filter(bool))
def test_single_codes_are_as_far_apart_as_codes_are(a, b):
    assert distances.paired(code_distance)(a[:1], b[:1]) == pytest.approx(code_distance(a[0], b[0]), abs=1e-8)


# --- F1 and intervals


@given(st.lists(st.booleans(), max_size=20), st.integers(0, 10))
def test_f1_is_twice_the_hits_over_all_records(hits, unmatched):
    estimate = f1_estimate([[(True, hit) for hit in hits], [(False, False)] * unmatched])
    records = 2 * len(hits) + unmatched
    assert estimate.value == (2 * sum(hits) / records if records else None)
    assert estimate.n == len(hits) + unmatched
    if records:
        assert 0 <= estimate.over_records.low <= estimate.over_records.high <= 1


def test_the_interval_is_the_middle_of_the_bootstrap_samples():
    chance = random.Random(1)
    values = [chance.random() for _ in range(30)]
    estimate = mean_estimate([values])
    chance = random.Random(coefficients.SEED)
    means = sorted(math.fsum(chance.choices(values, k=30)) / 30 for _ in range(100))
    assert means[1] < means[2] < means[97] < means[98]
    assert estimate.over_records == Interval(means[2], means[97])
    assert estimate == mean_estimate([values])


# --- Passes


def by_statistic(agreement):
    return {(m.part, m.name, m.statistic): m.estimate for m in agreement.measures}


def test_a_pass_agrees_with_its_copy_in_everything(corpus):
    corpus.passes = [f for f in corpus.passes if f.annotator == "a1"]
    corpus.passes += [replace(f, annotator="copy") for f in corpus.passes]
    found = by_statistic(compare(corpus))
    assert len(found) > 30
    assert all(
        estimate.value == estimate.over_records.low == estimate.over_documents.high == 1
        for estimate in found.values()
    )


def test_the_made_up_passes_differ_where_they_were_made_to(corpus):
    found = by_statistic(compare(corpus))
    assert found["coding", "action code", "share identical"].value == 7 / 8
    assert found["coding", "root code", "alpha, nominal"].value == 1
    assert found["negatives", "reason", "share identical"].value == 3 / 4
    confusion = {c.name: c.cells for c in compare(corpus).confusions}
    assert confusion["action code"]["194", "190"] == 1
    assert confusion["reason of a negative"]["embedded", "negated"] == 1


def test_who_is_called_first_changes_no_figure(corpus):
    one, other = compare(corpus, "a1", "a2"), compare(corpus, "a2", "a1")
    assert one.measures == other.measures
    for ours, theirs in zip(one.confusions, other.confusions, strict=True):
        assert theirs.cells == {(b, a): n for (a, b), n in ours.cells.items()}


def test_the_order_of_records_and_their_numbers_change_nothing(corpus):
    before = report.as_json([compare(corpus)])
    chance = random.Random(0)
    for file in corpus.passes:
        chance.shuffle(file.events)
        chance.shuffle(file.negatives)
        new = {e.id: f"{e.id[:6]}{n:02}" for n, e in enumerate(file.events, 1)}
        file.events = [
            replace(
                e, id=new[e.id], links=tuple(replace(link, event_id=new[link.event_id]) for link in e.links)
            )
            for e in file.events
        ]
    chance.shuffle(corpus.passes)
    assert report.as_json([compare(corpus)]) == before


def test_what_one_reader_calls_an_event_and_the_other_a_negative_is_counted_as_such(corpus):
    first, second = (next(f for f in corpus.passes if f.annotator == a) for a in ("a1", "a2"))
    gone = second.events.pop()
    second.negatives.append(replace(second.negatives[0], trigger=gone.trigger))
    kinds = compare(corpus).confusions[0].cells
    assert kinds == Counter({("event", "event"): 7, ("negative", "negative"): 4, ("event", "negative"): 1})
    first.events.pop(0)
    assert compare(corpus).confusions[0].cells[None, "event"] == 1


def test_dates_may_differ_and_still_be_compatible(corpus):
    file = next(f for f in corpus.passes if f.annotator == "a2")
    file.events[0] = replace(file.events[0], date=DateField.read("[2023-05-01..2023-05-02]", ()))
    found = by_statistic(compare(corpus))
    assert found["coding", "date", "share identical"].value == 7 / 8
    assert found["coding", "date", "share compatible"].value == 1
    assert found["coding", "date", "mean overlap of days"].value == 7.5 / 8


def test_documents_read_in_one_pass_only_are_named_and_left_out(corpus):
    corpus.passes = [f for f in corpus.passes if (f.annotator, f.file.stem) != ("a2", "d901")]
    agreement = compare(corpus)
    assert agreement.left_out == ("d901",)
    assert "left out: d901" in report.as_markdown([agreement])


@pytest.mark.parametrize(
    ("keep", "asked", "says"),
    [
        ((), (None, None), "has: none"),
        (("a1",), (None, None), "has: a1; name two"),
        (("a1", "a2"), ("a1", "a3"), 'no pass "a3"'),
        (("a1", "a2"), ("a1", "a1"), "needs two passes"),
    ],
)
def test_without_two_passes_it_says_what_there_is(corpus, keep, asked, says):
    corpus.passes = [f for f in corpus.passes if f.annotator in keep]
    with pytest.raises(UsageError, match=says):
        compare(corpus, *asked)


def test_a_release_says_which_record_each_record_of_a_pass_became(corpus):
    for file in corpus.files:  # other numbers, and one event that the adjudication did not keep
        file.events = [replace(e, id=e.id.replace("-e", "-e9")) for e in file.events[1:]]
    kept = {row["pass_id"]: row["adjudicated_id"] for row in compile_tables(corpus)["passes"].to_dicts()}
    assert kept["a1-d900-e01"] is None
    assert kept["a2-d900-e02"] == "d900-e902"
    assert kept["a2-d900-n01"] == "d900-n01"
    assert sum(target is None for target in kept.values()) == 4


# --- Report


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_every_form_says_that_models_are_not_people(form, capsys):
    assert cli.main(["agree", "--dataset", str(DATASET), "--format", form]) == 0
    printed = capsys.readouterr().out
    assert "Both readers are language models" in printed
    assert "is not agreement between people" in printed


def test_readers_who_are_people_are_called_people(corpus):
    corpus.annotators[0]["kind"] = "person"
    assert "One of the readers is a language model" in report.as_text([compare(corpus)])
    corpus.annotators[1]["kind"] = "person"
    assert "model" not in report.caution(compare(corpus))


def test_the_json_has_every_figure_with_its_n_and_interval(corpus):
    agreement = compare(corpus)
    value = json.loads(report.as_json([agreement]))
    assert len(value["measures"]) == len(agreement.measures)
    assert [(d["document_id"], d["events"], d["negatives_matched"]) for d in value["documents"]] == [
        ("d900", [5, 5], 2),
        ("d901", [3, 3], 2),
    ]
    assert all(m["n"] and m["low"] <= m["value"] <= m["high"] for m in value["measures"])
    assert value["interval"] == {
        "level": 0.95, "method": "percentile bootstrap", "over": ["records", "documents"], "replicates": 2000,
        "seed": coefficients.SEED,
    }  # fmt: skip


def test_a_pass_with_errors_is_not_compared(tmp_path, capsys):
    import shutil

    shutil.copytree(DATASET.parent, tmp_path / "made-up")
    file = tmp_path / "made-up" / "dataset" / "passes" / "a2" / "d900.yaml"
    file.write_text(file.read_text("utf-8").replace('trigger: "met"', 'trigger: "meat"'), "utf-8")
    assert cli.main(["agree", "--dataset", str(tmp_path / "made-up" / "dataset")]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "a2/d900.yaml" in printed.err
    assert "quote-not-found" in printed.err
