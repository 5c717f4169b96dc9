"""Actors: codes that hold for a time, lines of parents, names; and the ids of everything."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.model import ids
from standoff.model.actors import Actor, Affiliation, Registry, code_distance, split_code

HEZ, MIN = "LBNREBHEZ", "IRNGOV"
days = st.dates(date(2015, 1, 1), date(2025, 12, 31))
ends = st.none() | days
elements = st.sampled_from(["LBN", "IRN", "ISR", "GOV", "MIL", "REB", "HEZ", "UAF", "1AB"])
codes = st.lists(elements, min_size=1, max_size=4).map("".join)


@st.composite
def periods(draw):
    start, end = draw(ends), draw(ends)
    return (end, start) if start is not None and end is not None and end < start else (start, end)


@st.composite
def registries(draw):
    """One actor, under a different code in each period."""
    affiliations = [
        Affiliation(f"C{i:02}", "text", start=start, end=end)
        for i, (start, end) in enumerate(draw(st.lists(periods(), max_size=6)))
    ]
    return Registry([Actor("a", "A", "person", affiliations=tuple(affiliations))])


def shared(affiliation, earliest, latest):
    first = max(d for d in (affiliation.start, earliest, date.min) if d is not None)
    last = min(d for d in (affiliation.end, latest, date.max) if d is not None)
    return (last - first).days + 1


# --- Codes in time


@given(registries(), periods())
def test_the_code_at_a_time_is_one_that_holds_then_and_longest(registry, period):
    held = [a for a in registry["a"].affiliations if shared(a, *period) > 0]
    found = registry.affiliation_on("a", *period)
    assert (found is None) == (not held)
    assert registry.code_on("a", *period) == (found.code if found else None)
    if found is not None:
        assert found in held
        assert shared(found, *period) == max(shared(a, *period) for a in held)


def minister(*affiliations):
    return Registry([Actor("m", "M", "person", affiliations=affiliations)])


def test_a_minister_has_the_code_of_the_day():
    last = date(2020, 6, 30)
    registry = minister(
        Affiliation("IRNGOV", "text", end=last), Affiliation("IRNOPP", "text", start=last + timedelta(1))
    )
    assert registry.code_on("m", last, last) == "IRNGOV"
    assert registry.code_on("m", last + timedelta(1), last + timedelta(1)) == "IRNOPP"
    assert registry.code_on("m", last, last + timedelta(9)) == "IRNOPP"
    assert registry.code_on("m", last, last + timedelta(1)) == "IRNGOV", "of equals, the earlier"
    assert minister().code_on("m", last, last) is None


def test_of_codes_that_hold_equally_long_the_one_that_began_first_counts():
    day = date(2020, 6, 30)
    registry = minister(
        Affiliation("IRNOPP", "text", start=day), Affiliation("IRNGOV", "text", start=day - timedelta(1))
    )
    assert registry.code_on("m", day, day) == "IRNGOV"
    always = minister(*registry["m"].affiliations, Affiliation("IRN", "text"))
    assert always.code_on("m", day, day) == "IRN"


# --- Parents


def belongs(actor_id, *parents):
    return Actor(
        actor_id, actor_id, "group", affiliations=tuple(Affiliation("X", "t", parent=p) for p in parents)
    )


@given(st.dictionaries(st.sampled_from("abcde"), st.sampled_from("abcdef")))
def test_the_line_of_parents_always_ends(parents):
    registry = Registry([belongs(actor, parent) for actor, parent in parents.items()])
    for actor in registry:
        line = registry.ancestors(actor, None)
        assert len(set(line)) == len(line)


def test_parents_change_with_time():
    day = date(2020, 1, 1)
    periods = (
        Affiliation("X", "text", parent="army", end=day),
        Affiliation("X", "text", parent="guard", start=day + timedelta(1)),
    )
    unit = Actor("unit", "Unit", "group", affiliations=periods)
    registry = Registry([unit, belongs("army", "state"), belongs("guard"), belongs("state")])
    assert registry.ancestors("unit", day) == ("unit", "army", "state")
    assert registry.ancestors("unit", day + timedelta(1)) == ("unit", "guard")


# --- Names


registry = Registry(
    [
        Actor("hezbollah", "Hezbollah", "group", aliases=("Party of God", "Hizbullah")),
        Actor("hamas", "Hamas", "group"),
        Actor("iran-foreign-minister", "Foreign Minister of Iran", "role"),
    ]
)


@pytest.mark.parametrize(
    ("text", "actor"),
    [
        ("hezbolah", "hezbollah"),
        ("Hisbullah", "hezbollah"),
        ("iran-foreign-ministr", "iran-foreign-minister"),
    ],
)
def test_a_misspelt_actor_is_recognised(text, actor):
    assert registry.nearest(text)[0] == actor


def test_an_unlike_actor_is_not_suggested():
    assert registry.nearest("European Union") == []


def test_an_actor_is_suggested_from_a_likeness_of_six_tenths():
    assert Registry([Actor("abcdefg", "-", "group")]).nearest("abc") == ["abcdefg"]
    assert Registry([Actor("abcdefgh", "-", "group")]).nearest("abc") == []


def test_an_id_that_comes_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        Registry([Actor("a", "A", "group"), Actor("a", "B", "group")])


# --- Codes


@given(codes, codes, codes)
def test_distance_of_codes_is_a_metric(a, b, c):
    assert code_distance(a, b) == code_distance(b, a)
    assert 0 <= code_distance(a, b) <= 1
    assert (code_distance(a, b) == 0) == (a == b)
    assert (code_distance(a, b) == 1) == (a[:3] != b[:3])
    assert code_distance(a, c) <= code_distance(a, b) + code_distance(b, c) + 1e-9


@given(codes)
def test_a_code_is_its_elements(code):
    assert "".join(split_code(code)) == code


@pytest.mark.parametrize("wrong", ["", "LB", "LBNRE", "lbn", "LBN REB", "LBN\n"])
def test_what_does_not_split_in_threes_is_no_code(wrong):
    with pytest.raises(ValueError, match="not an actor code"):
        split_code(wrong)


def test_codes_are_compared_from_the_general_to_the_particular():
    assert split_code("LBNREBHEZ") == ("LBN", "REB", "HEZ")
    assert code_distance("LBNREBHEZ", "LBNREB") == pytest.approx(1 / 3)
    assert code_distance("LBNGOV", "IRNGOV") == 1


# --- Ids


@given(st.integers(0, 20_000), st.sets(st.integers(1, 300)), st.sampled_from("en"))
def test_a_new_id_is_valid_and_was_never_used(document, numbers, letter):
    document_id = f"d{document:03}"
    existing = {f"{document_id}-{kind}{n:02}" for n in numbers for kind in "en"} | {"d99999-e999", "nonsense"}
    new = ids.next_id(existing, document_id, letter)
    assert new not in existing
    assert ids.document_of(new) == document_id
    assert (ids.is_event_id(new), ids.is_negative_id(new)) == (letter == "e", letter == "n")
    assert ids.number_of(new) == max(numbers, default=0) + 1


def test_a_gap_left_by_a_withdrawn_id_is_not_filled():
    assert ids.next_id(["d003-e01", "d003-e07"], "d003", "e") == "d003-e08"
    assert ids.next_id([], "d003", "n") == "d003-n01"
    assert ids.next_id(["d003-e01", "d003-e02-p07", "d003-e9"], "d003", "e") == "d003-e02"


def test_an_id_has_one_spelling():
    assert ids.is_document_id("d003")
    assert ids.document_of(ids.dyad_id("d003-e04", 1)) == "d003"
    for wrong in ("d3", "d0003", "D003", "d003\n", "d٠٠٣", "d003-e4", "d003-e004", "d003e04"):
        assert not any(is_id(wrong) for is_id in (ids.is_document_id, ids.is_event_id, ids.is_negative_id))
        with pytest.raises(ValueError, match="not an id"):
            ids.document_of(wrong)
        with pytest.raises(ValueError, match="not an id"):
            ids.number_of(wrong)
    with pytest.raises(ValueError, match="letter e or n"):
        ids.next_id([], "d003", "x")
    with pytest.raises(ValueError, match="document id"):
        ids.next_id([], "d3", "e")
    for event, position in (("d003", 1), ("d003-e04", 0)):
        with pytest.raises(ValueError, match="position"):
            ids.dyad_id(event, position)
