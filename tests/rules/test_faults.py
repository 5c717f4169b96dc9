"""Single faults in the dataset are caught, where they are, with one finding; unusual forms that are right are not refused."""

from __future__ import annotations

import pytest

from faults import Dataset, faults, measure, shares, unusual


def test_a_sample_of_single_faults_is_caught_where_it_is() -> None:
    dataset = Dataset()
    found = shares(measure(list(faults(dataset))[7::120], dataset))
    assert found["faults"] > 5
    assert (found["caught"], found["placed"]) == (1, 1)
    assert found["single"] >= 0.9


@pytest.mark.slow
def test_single_faults_are_caught_where_they_are_with_one_finding() -> None:
    dataset = Dataset()
    found = shares(measure(faults(dataset), dataset))
    assert found["faults"] > 800
    assert found["caught"] >= 0.98
    assert found["placed"] >= 0.97
    assert found["single"] >= 0.95


@pytest.mark.parametrize("every", [12, pytest.param(1, marks=pytest.mark.slow)])
def test_unusual_forms_that_are_right_are_not_refused(every: int) -> None:
    dataset = Dataset()
    chosen = list(unusual(dataset))[::every]
    refused = {result.fault.name: result.findings for result in measure(chosen, dataset) if result.caught}
    assert refused == {}
