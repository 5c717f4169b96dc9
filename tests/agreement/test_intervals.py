"""Intervals over records and over documents: what they are by definition, and what no sampling may change."""

import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.agreement import coefficients, distances
from standoff.agreement.coefficients import Alpha, Interval, estimate, f1_estimate, mean_estimate

documents = st.lists(st.lists(st.integers(0, 3), max_size=5), min_size=2, max_size=4)


@pytest.fixture(autouse=True)
def fewer_replicates(monkeypatch):
    monkeypatch.setattr(coefficients, "REPLICATES", 200)


def mean(items):
    return math.fsum(items) / len(items)


@given(documents)
def test_the_value_is_that_of_all_items_however_they_are_grouped(groups):
    items = [item for group in groups for item in group]
    found = mean_estimate(groups)
    assert (found.n, found.value) == (len(items), mean(items) if items else None)
    assert found.over_records == mean_estimate([items]).over_records


@given(documents)
def test_an_interval_over_documents_ends_in_values_of_samples_of_documents(groups):
    possible = {
        mean(items)
        for sample in product(groups, repeat=len(groups))
        if (items := [item for group in sample for item in group])
    }
    found = mean_estimate(groups)
    if found.n:
        assert {found.over_documents.low, found.over_documents.high} <= possible
        assert found.over_documents.low <= found.over_documents.high
    else:
        assert found.over_documents == Interval()


@given(st.lists(st.integers(0, 3), min_size=1, max_size=8))
def test_documents_of_one_record_each_are_records(items):
    found = mean_estimate([[item] for item in items])
    if len(items) > 1:
        assert found.over_documents == pytest.approx(found.over_records) or (
            found.over_documents.low == pytest.approx(found.over_records.low)
            and found.over_documents.high == pytest.approx(found.over_records.high)
        )


def test_one_document_has_no_interval_over_documents():
    assert mean_estimate([[0, 1, 1]]).over_documents == Interval()
    assert mean_estimate([[1, 1, 1]]).over_documents == Interval()
    assert Alpha([[(0, 0), (1, 1)]], distances.nominal).estimate().over_documents == Interval()


def test_records_that_differ_between_documents_only_make_the_wider_interval():
    found = mean_estimate([[1] * 20, [0] * 20, [1] * 20])
    assert found.over_documents == Interval(0, 1)
    assert 0.4 < found.over_records.low < found.over_records.high < 0.9


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=2, max_size=8))
def test_what_never_varies_needs_no_samples(units):
    """Alpha without disagreement is 1 in every sample that defines it: the short way gives what the long way does."""
    alpha = Alpha([[(a, a) for a, _ in units[:1]], [(a, a) for a, _ in units[1:]]], distances.nominal)
    short, long = alpha.estimate(), estimate(alpha.documents, alpha.of)
    assert (short.n, short.value) == (long.n, long.value)
    if long.value is not None:
        assert short.over_records == long.over_records == Interval(1, 1)


@given(st.lists(st.lists(st.booleans(), max_size=4), min_size=2, max_size=4))
def test_f1_counts_a_pair_twice_and_a_lone_record_once(groups):
    found = f1_estimate([[(True, hit) for hit in group] + [(False, False)] for group in groups])
    hits = [hit for group in groups for hit in group]
    assert found.value == 2 * sum(hits) / (2 * len(hits) + len(groups))
