"""What is asked of a table follows from the columns that it has."""

import pytest

from standoff.bulk.plan import Plan
from standoff.bulk.profile_files import load_profile, shipped


@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("name", shipped())
def test_of_a_table_with_any_one_column_only_that_column_is_asked(name: str, every: int) -> None:
    profile = load_profile(name)
    for column in profile.columns[::every]:
        assert {n for check in Plan(profile, (column,)).checks for n in check.columns} <= {column.name}


def test_a_check_of_the_profile_is_asked_where_all_its_columns_are_there() -> None:
    profile = load_profile("gdelt2")
    there = tuple(profile.column(name) for name in ("date", "year", "sources"))
    own = {check.name for check in profile.checks}
    assert {check.name for check in Plan(profile, there).checks} & own == {"year-mismatch"}
