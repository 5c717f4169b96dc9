"""Whether the registry or an event is to blame for an actor outside of its periods."""

from __future__ import annotations

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
