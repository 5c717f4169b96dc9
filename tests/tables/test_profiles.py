"""Profiles: which columns a format has, and how its files spell them."""

import pytest

from standoff.tables import TABLES, Column, Kind
from standoff.tables.profiles import Binding, Profile, plain, profile_of

PROFILE = Profile(
    "own",
    "A table of its own",
    (
        Binding(Column("event_id"), "GLOBALEVENTID"),
        Binding(Column("document_id", references="documents.document_id"), "source"),
        Binding(Column("action", references="actions.code"), "EventCode"),
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


def test_a_binding_uses_our_name_unless_the_file_has_another():
    assert Binding(Column("action")).source == "action"
    assert Binding(Column("action"), "EventCode").source == "EventCode"


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_a_released_table_is_a_profile_of_its_own_columns(table):
    profile = profile_of(table)
    assert [binding.source for binding in profile.columns] == [column.name for column in table.columns]
    assert [binding.kind for binding in profile.columns] == [column.kind for column in table.columns]
    assert [not binding.required for binding in profile.columns] == [c.optional for c in table.columns]
    assert (profile.key, profile.complete) == (table.key, True)


def test_codes_are_looked_up_in_the_code_list_and_not_in_a_table():
    assert "actions" not in profile_of(TABLES["events"]).refers_to
    assert profile_of(TABLES["events"]).column("action").kind is Kind.STRING
