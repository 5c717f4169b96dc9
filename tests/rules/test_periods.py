"""Whether the registry or an event is to blame for an actor outside of its periods."""

from __future__ import annotations

from datetime import date
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from standoff.model.actors import Affiliation
from standoff.rules.periods import overlapping
from standoff.testing import EXAMPLES, findings, findings_with

ACTORS = "dataset/actors.yaml"
MILITARY = '      - code: "NFKMIL"\n        basis: composed\n        parent: boreland\n'


def test_several_events_outside_are_one_finding_at_the_bound() -> None:
    [finding] = findings(ACTORS, MILITARY, MILITARY + '        until: "2022"\n')
    assert (finding.code, finding.id) == ("affiliation-too-short", "boreland-military")
    assert finding.excerpt == '        until: "2022"'


def test_one_event_outside_is_reported_at_the_event() -> None:
    [finding] = findings(ACTORS, 'from: "2020-06-01"', 'from: "2023-06-01"')
    assert (finding.code, finding.id) == ("actor-outside-period", "d900-e01")


def test_one_event_that_the_released_periods_cover_blames_the_registry() -> None:
    rows = "actor_id,position,date_from,date_until\nboreland-foreign-minister,2,2020-06-01,\n"
    text = (EXAMPLES / ACTORS).read_text("utf-8").replace('from: "2020-06-01"', 'from: "2023-06-01"')
    [finding] = findings_with({ACTORS: text, "releases/v0.1.0/affiliations.csv": rows})
    assert (finding.code, finding.excerpt) == ("affiliation-too-short", '        from: "2023-06-01"')


DAYS = st.none() | st.dates(date(2020, 1, 1), date(2020, 1, 20))


@given(st.lists(st.tuples(DAYS, DAYS), max_size=6))
def test_an_overlap_is_found_if_two_periods_share_a_day(
    bounds: list[tuple[date | None, date | None]],
) -> None:
    periods = [
        Affiliation("PCN", "composed", start=start, end=end)
        for start, end in bounds
        if not (start and end and end < start)
    ]
    pairs = [*overlapping(periods)]
    assert all(periods[i].holds(periods[j].start, periods[j].end) and i < j for i, j in pairs)
    assert bool(pairs) is any(a.holds(b.start, b.end) for a, b in combinations(periods, 2))
