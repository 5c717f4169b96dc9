"""Profiles: the shipped ones are sound, a faulty one is refused with its place, and formats are recognised."""

from __future__ import annotations

from typing import Any

import pytest
from tests.bulk.small_tables import PROFILE, check, gdelt_line, only

from standoff.bulk import profile_files
from standoff.findings import UsageError


@pytest.mark.parametrize("name", profile_files.shipped())
def test_shipped_profiles_are_sound_and_name_columns_that_rules_know(name: str) -> None:
    profile = profile_files.load_profile(name)
    names = {column.name for column in profile.columns}
    # ACLED, UCDP, POLECAT and lists of mentions or quadruples have no CAMEO codes.
    assert {"date", "action"} <= names or not names & {"action", "root", "quad_class", "goldstein"}
    # Rows of these formats have no id, and no columns that are different in every row.
    assert profile.key or name in ("gdelt2-mentions", "gdelt-reduced", "petrarch2", "icews-quadruples")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title = 1", "is not of type 'string'"),
        ("title =", "cannot be read"),
        (PROFILE + f"type = 'int64'\nminimum = 1{'0' * 5000}\n", "cannot be read"),
        (PROFILE + "x = " + "[" * 5000 + "]" * 5000, "cannot be read"),
        (PROFILE + f"type = 'float64'\nvalues = [1{'0' * 400}]\n", "greater than the maximum"),
        (PROFILE + "type = 'float64'\nminimum = nan\n", "the bounds of a number are numbers"),
        (PROFILE.replace("[[columns]]", "[[columns]]\ncolour = 1"), "'colour' was unexpected"),
        (PROFILE.replace('["key"]', '["id"]'), 'there is no column "id"'),
        (PROFILE + "[[columns]]\nname = 'key'\n", 'name "key" occurs more than once'),
        (PROFILE + "pattern = '('\n", "is not a regular expression"),
        (PROFILE + "minimum = 1\n", "minimum and maximum are for numbers, dates and moments"),
        (PROFILE + "type = 'date'\nminimum = 1\n", 'are written "1979-01-01"'),
        (PROFILE + "type = 'date'\nminimum = '1 Jan 1979'\n", 'are written "1979-01-01"'),
        (PROFILE + "type = 'int32'\nvalues = ['1']\n", "the values of int32 columns are numbers"),
        (PROFILE + "type = 'date'\nminimum = '1979-13-01'\n", 'are written "1979-01-01"'),
        (PROFILE + "type = 'date'\nminimum = '19790101'\n", 'are written "1979-01-01"'),
        (PROFILE + "type = 'date'\nvalues = ['2020-01-01']\n", "a list of values is for text and numbers"),
        (PROFILE + "type = 'int32'\nvalues = [1.5]\n", "the values of int32 columns are whole numbers"),
        (PROFILE + "pattern = '(?x)5 # five'\n", "is not a regular expression"),
        (PROFILE + "[[columns]]\nname = 'action'\ntype = 'int32'\n", "take a column of this name for string"),
        (PROFILE + "[[columns]]\nname = 'date_earliest'\n", "take a column of this name for date"),
        (PROFILE + "[[columns]]\nname = 'count_min'\n", "take a column of this name for int32"),
        (
            PROFILE + "[[columns]]\nname = 'd'\ntype = 'date'\nformat = '%Q'\n",
            'no date can be read in the form "%Q"',
        ),
        (PROFILE + '[[columns]]\nname = "x\\n"\n', "does not match"),
        (PROFILE.replace("key =", "skip = ['no-rule']\nkey ="), 'there is no rule "no-rule"'),
    ],
)
def test_a_profile_with_a_fault_is_refused_with_the_place(text: str, message: str, write: Any) -> None:
    with pytest.raises(UsageError, match="the profile") as caught:
        profile_files.load_profile(str(write("p.toml", text)))
    assert message in str(caught.value)


def test_whole_numbers_may_list_the_values_of_a_column_of_numbers(write: Any) -> None:
    profile = write("p.toml", PROFILE + "type = 'float64'\nvalues = [1, 2]\n")
    assert only(check(write("t.csv", "key\n1.0\n2.5\n"), profile=str(profile))).code == "value-not-listed"


def test_an_unknown_profile_gets_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean gdelt2"):
        profile_files.load_profile("gdelt-2")


@pytest.mark.parametrize("profile", ["acled2020", "acled2024"])
def test_a_time_of_upload_in_milliseconds_is_outside_the_bounds(profile: str, write: Any) -> None:
    columns = profile_files.load_profile(profile).columns
    rows = (
        ",".join(column.source for column in columns),
        ",".join("1700000000000" if column.name == "timestamp" else "" for column in columns),
    )
    found = check(write("t.csv", "\n".join(rows) + "\n"), profile=profile).findings
    assert ["timestamp"] in [f.data["columns"] for f in found if f.code == "value-outside-bounds"]


def test_a_format_without_its_year_is_the_newest() -> None:
    assert profile_files.load_profile("acled").name == "acled2024"


@pytest.mark.parametrize("profile", ["gdelt1", "gdelt2"])
def test_gdelt_is_known_by_its_form_and_checked_in_its_scale(profile: str, write: Any) -> None:
    good = gdelt_line(profile)
    assert check(write("20150218.export.csv", good)).findings == []
    bad = good + gdelt_line(
        profile, event_id="2", goldstein="-5.0", action="016", action_base="016", root="01"
    )
    finding = only(check(write("bad.csv", bad), profile=profile))
    assert (finding.code, finding.line) == ("goldstein-mismatch", 2)
    assert "-2.0" in finding.message


def test_gdelt_1_files_without_addresses_are_whole(write: Any) -> None:
    line = gdelt_line("gdelt1").rsplit("\t", 1)[0] + "\n"
    assert check(write("1979.csv", line)).findings == []


def test_icews_is_checked_in_its_own_scale_and_by_id_and_date(write: Any) -> None:
    names = [column.source for column in profile_files.load_profile("icews").columns]

    def line(day: str, value: str) -> str:
        cells = {
            "Event ID": "1",
            "Event Date": day,
            "CAMEO Code": "016",
            "Intensity": value,
            "Source Name": "Iran",
        }
        return "\t".join(cells.get(name, "") for name in names) + "\n"

    text = "\t".join(names) + "\n" + line("2015-01-01", "-5.0") + line("2015-01-02", "-2.0")
    finding = only(check(write("events.2015.tab", text)))
    assert (finding.code, finding.line) == ("goldstein-mismatch", 3)
    assert "-5.0" in finding.message
