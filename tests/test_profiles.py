"""Profiles: what a table of event data looks like, told to the rules."""

import pytest

from standoff.model.profiles import Profile, ProfileColumn, plain

PROFILE = Profile(
    "own",
    "A table of its own",
    (
        ProfileColumn("event_id", "GLOBALEVENTID"),
        ProfileColumn("document_id", "source", references="documents.document_id"),
        ProfileColumn("action", "EventCode", references="actions.code"),
    ),
)


@pytest.mark.parametrize(
    ("name", "rest"), [("Event-ID", "eventid"), ("event_id", "eventid"), ("Été 2", "été2"), ("--", "--")]
)
def test_of_a_name_its_letters_and_digits_remain(name, rest):
    assert plain(name) == rest


def test_a_profile_names_the_tables_that_it_refers_to():
    assert PROFILE.refers_to == {"documents", "actions"}


def test_a_column_is_found_by_the_name_that_our_rules_use():
    assert PROFILE.column("document_id").source == "source"
    with pytest.raises(KeyError):
        PROFILE.column("GLOBALEVENTID")
