"""The figures against independent libraries: `.ci/oracles` installs them and runs this.

scipy (assignment, bootstrap, permutation test), scikit-learn (precision and recall), hiclass (hierarchical measures),
nervaluate (spans that do not overlap).
"""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standoff.agreement.assignment import assign
from standoff.exchange.records import Passage, Record
from standoff.model.spans import Span
from standoff.scoring import resampling
from standoff.scoring.align import align
from standoff.scoring.ladder import by_class
from standoff.scoring.measures import code_ancestors
from standoff.scoring.resampling import bootstrap, paired_bootstrap, randomisation

from . import strategies

optimize = pytest.importorskip("scipy.optimize")
stats = pytest.importorskip("scipy.stats")
np = pytest.importorskip("numpy")
metrics = pytest.importorskip("sklearn.metrics")
hierarchical = pytest.importorskip("hiclass.metrics")
nervaluate = pytest.importorskip("nervaluate")


@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(1, 12))
@settings(max_examples=150)
def test_assignment_weighs_what_scipy_finds(seed, height, width):
    draw = random.Random(seed)
    weights = [
        [draw.choice((0, 0, 0, 1, 5, 10**12 + draw.randrange(99))) for _ in range(width)]
        for _ in range(height)
    ]
    rows, columns = optimize.linear_sum_assignment(np.array(weights, dtype=np.int64), maximize=True)
    assert sum(weights[i][j] for i, j in assign(weights)) == sum(
        weights[i][j] for i, j in zip(rows, columns, strict=True)
    )


@given(st.data())
@settings(max_examples=40)
def test_precision_and_recall_by_root_are_those_of_scikit_learn(gold, data):
    outcomes = align(
        "x", data.draw(strategies.predictions(gold.records)), gold, gold.codes, "trigger", "code"
    ).outcomes
    root = gold.codes.root
    labels = [(root(a.action) if a else "nothing") for o in outcomes for a in [o.gold]]
    guesses = [(root(a.action) if a else "nothing") for o in outcomes for a in [o.predicted]]
    mine = by_class(outcomes, root, "root")
    names = sorted(mine)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        labels, guesses, labels=names, zero_division=0
    )
    for i, name in enumerate(names):
        assert (mine[name].precision or 0) == pytest.approx(precision[i])
        assert (mine[name].recall or 0) == pytest.approx(recall[i])
        assert (mine[name].f1 or 0) == pytest.approx(f1[i])
        assert mine[name].gold == support[i]


@given(st.data())
@settings(max_examples=40)
def test_hierarchical_credit_over_pairs_is_that_of_hiclass(gold, data):
    outcomes = align(
        "x", data.draw(strategies.predictions(gold.records)), gold, gold.codes, "trigger", "code"
    ).outcomes
    pairs = [(o.gold.action, o.predicted.action) for o in outcomes if o.kind == "pair"]
    if not pairs:
        return

    def table(codes):
        paths = [gold.codes.ancestors[code][::-1] for code in codes]
        return np.array([[*path, *[""] * (3 - len(path))] for path in paths])

    truth, guess = table([g for g, _ in pairs]), table([p for _, p in pairs])
    found = [
        (code_ancestors(o.predicted, gold.codes), code_ancestors(o.gold, gold.codes))
        for o in outcomes
        if o.kind == "pair"
    ]
    shared = sum(len(p & g) for p, g in found)
    assert hierarchical.precision(truth, guess) == pytest.approx(shared / sum(len(p) for p, _ in found))
    assert hierarchical.recall(truth, guess) == pytest.approx(shared / sum(len(g) for _, g in found))


@given(st.sets(st.integers(0, 30), min_size=1), st.sets(st.integers(0, 30), min_size=1))
@settings(max_examples=60)
def test_found_is_the_partial_match_of_nervaluate_where_spans_do_not_overlap(gold, truth, guesses):
    """Spans of length 8 in slots of 10, the guesses two characters further: each overlaps its own slot only."""
    [name, *_] = gold.documents

    def records(slots, shift):
        return tuple(
            Record(
                n,
                document=name,
                document_id=name,
                trigger=Passage(None, Span(10 * s + shift, 10 * s + shift + 8)),
                action="190",
            )
            for n, s in enumerate(sorted(slots), start=1)
        )

    from dataclasses import replace

    made = replace(gold, records=records(truth, 0), negatives=())
    tally = align("x", records(guesses, 2), made, gold.codes, "trigger", "code").ladder["found"]

    def entities(slots, shift):
        return [{"label": "E", "start": 10 * s + shift, "end": 10 * s + shift + 7} for s in sorted(slots)]

    theirs = nervaluate.Evaluator(
        [entities(truth, 0)], [entities(guesses, 2)], tags=["E"], loader="dict"
    ).evaluate()
    result = theirs["overall"]["ent_type"]
    assert tally.hits == result.correct
    assert (tally.precision, tally.recall) == pytest.approx((result.precision, result.recall))


def f1(sums):
    predicted, gold, hits = sums
    return [2 * hits / (predicted + gold) if predicted + gold else None]


UNITS = [(7, 9, 5), (3, 4, 1), (12, 10, 8), (5, 5, 5), (9, 14, 4), (6, 2, 2), (8, 8, 3), (4, 7, 4)]
OTHERS = [(9, 9, 8), (3, 4, 2), (12, 10, 9), (5, 5, 4), (11, 14, 9), (6, 2, 2), (9, 8, 6), (4, 7, 4)]


def test_the_bootstrap_interval_is_that_of_scipy():
    [mine] = bootstrap(UNITS, f1, 20_000, 1)
    columns = tuple(np.array(column) for column in zip(*UNITS, strict=True))
    theirs = stats.bootstrap(
        columns,
        lambda p, g, h, axis: 2 * h.sum(axis) / (p.sum(axis) + g.sum(axis)),
        paired=True,
        method="percentile",
        n_resamples=20_000,
        vectorized=True,
        rng=np.random.default_rng(2),
    ).confidence_interval
    assert (mine.low, mine.high) == pytest.approx((theirs.low, theirs.high), abs=0.008)


def test_the_exact_randomisation_test_is_that_of_scipy():
    [mine] = randomisation(UNITS, OTHERS, f1, 1)

    def difference(a, b, axis):
        a, b = (np.moveaxis(x, axis, -1) for x in (a, b))
        weights = np.array([1_000_000, 1_000, 1])  # three numbers in one: scipy swaps whole documents

        def score(x):
            total = x.sum(axis=-1)
            predicted, gold, hits = total // weights[0], total // weights[1] % 1000, total % 1000
            return 2 * hits / (predicted + gold)

        return score(a) - score(b)

    packed = [np.array([p * 1_000_000 + g * 1_000 + h for p, g, h in units]) for units in (UNITS, OTHERS)]
    theirs = stats.permutation_test(
        packed,
        difference,
        permutation_type="samples",
        alternative="two-sided",
        n_resamples=np.inf,
        vectorized=True,
    )
    assert mine.exact
    assert mine.p == pytest.approx(theirs.pvalue)


def test_the_approximate_test_agrees_with_the_exact_one(monkeypatch):
    [exact] = randomisation(UNITS, OTHERS, f1, 1)
    monkeypatch.setattr(resampling, "EXACT_UP_TO", 2)
    [approximate] = randomisation(UNITS, OTHERS, f1, 1)
    assert not approximate.exact
    assert approximate.p == pytest.approx(exact.p, abs=0.02)


def test_the_paired_bootstrap_is_that_of_scipy():
    [mine] = paired_bootstrap(UNITS, OTHERS, f1, 20_000, 1)
    columns = tuple(np.array(c) for c in (*zip(*UNITS, strict=True), *zip(*OTHERS, strict=True)))

    def difference(p, g, h, q, k, i, axis):
        ours = 2 * h.sum(axis) / (p.sum(axis) + g.sum(axis))
        return ours - 2 * i.sum(axis) / (q.sum(axis) + k.sum(axis))

    theirs = stats.bootstrap(
        columns,
        difference,
        paired=True,
        method="percentile",
        n_resamples=20_000,
        vectorized=True,
        rng=np.random.default_rng(2),
    ).confidence_interval
    assert (mine.low, mine.high) == pytest.approx((theirs.low, theirs.high), abs=0.008)
