"""Counts by country, month and class: the sums of `standoff.panel` are those that counting day by day gives."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standoff.scoring.align import align
from standoff.scoring.panels import compare_panels

from . import strategies


def by_hand(acts, codes):
    """Weights by cell, day by day, in plain Python."""
    found, left_out = Counter(), 0
    for act in acts:
        if act.date is None or act.date.earliest is None or act.date.latest is None:
            left_out += 1
            continue
        days = (act.date.latest - act.date.earliest).days + 1
        actors = {side.country or "none" for side in act.actors} or {"none"}
        targets = {side.country or "none" for side in act.targets} or {"none"}
        quad = str(codes.quad(act.action)) if act.action is not None else "unknown"
        for n in range(days):
            month = (act.date.earliest + timedelta(days=n)).strftime("%Y-%m")
            for actor in actors:
                for target in targets:
                    found[actor, target, month, quad] += 1 / (days * len(actors) * len(targets))
    return found, left_out


@settings(max_examples=8)
@given(st.data())
def test_counts_are_those_of_counting_day_by_day(gold, data):
    records = data.draw(strategies.predictions(gold.records))
    outcomes = align("system", records, gold, gold.codes, "trigger", "code").outcomes
    panel = compare_panels(outcomes, gold.codes)
    ours, left_ours = by_hand([o.gold for o in outcomes if o.gold], gold.codes)
    theirs, left_theirs = by_hand([o.predicted for o in outcomes if o.predicted], gold.codes)
    assert (panel.left_out_gold, panel.left_out_predicted) == (left_ours, left_theirs)
    assert panel.cells == len(ours.keys() | theirs.keys())
    assert panel.gold == pytest.approx(sum(ours.values()), abs=1e-6)
    assert panel.predicted == pytest.approx(sum(theirs.values()), abs=1e-6)
    gaps = sum(abs(ours[cell] - theirs[cell]) for cell in ours.keys() | theirs.keys())
    assert panel.error == pytest.approx(gaps, abs=1e-6)


def test_gold_against_gold_has_no_error(gold):
    panel = compare_panels(
        align("gold", gold.records, gold, gold.codes, "trigger", "code").outcomes, gold.codes
    )
    assert (panel.error, panel.bias) == (0, 0)
    assert panel.gold > 0


def test_without_outcomes_nothing_is_defined(gold):
    panel = compare_panels([], gold.codes)
    assert (panel.cells, panel.correlation, panel.bias) == (0, None, None)
