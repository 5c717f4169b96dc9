"""The shipped profiles: each is sound, described, and recognises its own files and no others."""

import re
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from standoff.bulk.headers import read_source
from standoff.bulk.outputs import Outputs
from standoff.bulk.profile_files import load_profile, shipped
from standoff.bulk.recognising import guess
from standoff.bulk.request import Request
from standoff.bulk.run import check_tables
from standoff.findings import UsageError
from standoff.rules.checks import checks
from standoff.rules.column import CODES
from standoff.rules.table import KINDS
from standoff.tables import TABLES

DOCS = Path(__file__).parents[2] / "docs" / "profiles.md"
ROWS = {
    "gdelt2-mentions": "1 20210615143000 20210615143000 1 a.example http://a.example/1 1 -1 5 9 1 40 900 -2.5",
    "petrarch2": "20150301 USAGOV IRN 111 - 1_1 src",
    "icews-quadruples": "Ostrov Consult Boreland 2014-03-01",
    "phoenix": "1_v 20150301 2015 3 1 USA USA - - IRN IRN - - 111 11 3 -2.0 - 10.5 20.5 - - - s u n",
}


def source(folder: Path, line: str, suffix: str = ".tab"):
    path = folder / f"file{suffix}"
    path.write_text(line + "\n", encoding="utf-8")
    return read_source(path, folder)


@pytest.mark.parametrize("name", shipped())
def test_a_profile_is_sound_and_described(name: str, tmp_path: Path) -> None:
    # What is shipped is not looked at again when it is loaded; a profile of a user is, checks included.
    copy = shutil.copy(shipped()[name], tmp_path)
    assert load_profile(copy) == load_profile(name)
    assert f"## `{name}`" in DOCS.read_text("utf-8")


def test_two_faults_in_one_place_are_both_named(tmp_path: Path) -> None:
    profile = tmp_path / "p.toml"
    profile.write_text("title = 'x'\n[[columns]]\nname = 'a'\ncodes = { values = ['x'], severe = 'note' }\n")
    with pytest.raises(UsageError, match=r"(?s)'file' is a required.*severity"):
        load_profile(str(profile))


REQUIRING = """
title = "x"
[[columns]]
name = "a"
type = "int32"
[[columns]]
name = "b"
type = "int32"
[[checks]]
name = "first"
expression = "a <> 1"
message = "x"
severity = "{severity}"
[[checks]]
name = "second"
expression = "a < b"
message = "x"
requires = ["{second}"]
[[checks]]
name = "third"
expression = "b > 5"
message = "x"
requires = ["{third}"]
"""


@pytest.mark.parametrize("severity", ["error", "note"])
def test_a_row_is_not_reported_for_checks_that_require_one_that_it_fails(
    severity: str, tmp_path: Path
) -> None:
    profile, path = tmp_path / "p.toml", tmp_path / "t.csv"
    profile.write_text(REQUIRING.format(severity=severity, second="first", third="second"))
    # The first row fails all three, the second the last two, the third the last.
    path.write_text("a,b\n1,0\n3,2\n3,4\n7,9\n")
    good, bad = tmp_path / "good.parquet", tmp_path / "bad.parquet"
    report = check_tables(Request([path], profile=str(profile), outputs=Outputs(good, bad)))
    assert [(f.code, f.line, f.data["failing"]) for f in report.findings] == [
        ("first", 2, 1),
        ("second", 3, 1),
        ("third", 4, 1),
    ]
    kept = pl.read_parquet(good)["a"].to_list()
    assert kept == ([1, 7] if severity == "note" else [7])
    assert len(kept) + pl.read_parquet(bad).height == 4


@pytest.mark.parametrize(
    ("second", "third", "expected"),
    [
        ("frist", "second", "frist"),
        ("third", "second", "second, third|third, second"),
        ("second", "first", "each other: second"),
    ],
)
def test_checks_that_cannot_be_told_apart_by_what_they_require_are_refused(
    second: str, third: str, expected: str, tmp_path: Path
) -> None:
    profile = tmp_path / "p.toml"
    profile.write_text(REQUIRING.format(severity="error", second=second, third=third))
    with pytest.raises(UsageError, match=expected):
        load_profile(str(profile))


@pytest.mark.parametrize("name", [name for name in shipped() if load_profile(name).header])
def test_a_file_is_recognised_by_the_names_of_its_columns(name: str, tmp_path: Path) -> None:
    profile = load_profile(name)
    separator = profile.separator or ","
    found = guess(
        source(
            tmp_path,
            separator.join(c.source for c in profile.columns),
            ".tab" if separator == "\t" else ".csv",
        )
    )
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("name", ROWS)
def test_a_file_without_header_is_recognised_by_its_first_line(name: str, tmp_path: Path) -> None:
    cells = [cell.replace("-", "") if cell == "-" else cell for cell in ROWS[name].split(" ")]
    found = guess(source(tmp_path, "\t".join(cells)))
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("name", TABLES)
def test_our_own_tables_with_tabs_are_taken_for_none_of_them(name: str, tmp_path: Path) -> None:
    found = guess(source(tmp_path, "\t".join(column.name for column in TABLES[name].columns), ".tsv"))
    assert found is not None
    assert found.name == name


def test_a_header_of_four_names_is_no_row_of_quadruples(tmp_path: Path) -> None:
    assert guess(source(tmp_path, "one\ttwo\tthree\tfour")) is None


@pytest.mark.parametrize("name", shipped())
def test_the_checks_of_a_profile_are_described(name: str) -> None:
    section = DOCS.read_text("utf-8").partition(f"## `{name}`")[2].partition("\n## ")[0]
    assert [check.name for check in load_profile(name).checks if f"`{check.name}`" not in section] == []


def test_the_reserved_names_of_columns_are_documented() -> None:
    text = (DOCS.parent / "bulk.md").read_text("utf-8").partition("in this table are reserved")[2]
    rows = [
        line.split("|") for line in text.partition("any other name")[0].splitlines() if line.startswith("| `")
    ]
    found = {name.strip(" `"): row[2].strip() for row in rows for name in row[1].split(",")}
    assert found == {**dict.fromkeys(CODES, "string"), **KINDS}


LISTED = """
title = "Regions"
columns = [
    {{ name = "id", required = true }},
    {{ name = "region", codes = {{ file = "regions.csv", severity = "note" }}, facts = {{ file = "regions.csv", columns = {facts} }} }},
    {{ name = "height", type = "float64" }},
]
[[checks]]
name = "too-high"
expression = 'height <= "region.top"'
message = "The height is above the top of the region"
"""


def checked(folder: Path, rows: str, facts: str = '["top"]') -> list[tuple[str, str, Any]]:
    (folder / "regions.csv").write_text("region,top,side\nHill,900,n\nPlain,,s\n", encoding="utf-8")
    profile = folder / "regions.toml"
    profile.write_text(LISTED.format(facts=facts), encoding="utf-8")
    table = folder / "t.csv"
    table.write_text(f"id,region,height\n{rows}", encoding="utf-8")
    findings = check_tables(Request([table], profile=str(profile))).findings
    return [(f.code, f.severity, f.data.get("failing")) for f in findings]


def test_an_expression_reads_what_a_list_says_of_a_value(tmp_path: Path) -> None:
    assert checked(tmp_path, "1,Hill,901\n2,Hill,900\n3,Plain,5000\n4,,5000\n") == [("too-high", "error", 1)]


def test_values_that_a_list_does_not_have_are_as_severe_as_the_profile_says(tmp_path: Path) -> None:
    assert checked(tmp_path, "1,Hil,901\n2,Hill,1\n") == [("value-not-listed", "note", 1)]


def test_facts_that_the_list_does_not_have_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match='no column "bottom"'):
        checked(tmp_path, "1,Hill,1\n", '["bottom"]')


def test_a_text_is_not_compared_with_a_number_of_the_list(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="too-high"):
        checked(tmp_path, "1,Hill,1\n", '["side"]')


FEATURES = [
    "", "-", "1", "-1", "+1", "--1", "1-", "01", "-0", " 1", "1 ", "1.0", "1e3", "1_0", "0x1", ".5", "/1", "٣", "NULL", "9" * 30, "-" + "9" * 30
]  # fmt: skip


@pytest.mark.parametrize("name", ["gdelt1", "gdelt2"])
def test_a_feature_id_is_digits_whatever_the_way_to_tell(name: str) -> None:
    profile = load_profile(name)
    found = next(
        c for c in checks(profile, [c.name for c in profile.columns]) if c.rule.code == "feature-id-unusual"
    )
    types = {n: profile.column(n).kind.polars for n in found.names}
    for who in ("actor", "target", "action"):
        for kind in (2, 3, 4, None):
            frame = pl.DataFrame({f"{who}_geo_feature": [*FEATURES, None]}).with_columns(
                pl.lit(kind, pl.Int32).alias(f"{who}_geo_type")
            )
            rest = [pl.lit(None, dtype).alias(n) for n, dtype in types.items() if n not in frame.columns]
            right = frame.with_columns(rest).select(found.expression.alias("right"))["right"].to_list()
            assert right == [
                kind not in (3, 4) or f is None or bool(re.fullmatch("-?[0-9]+", f))
                for f in [*FEATURES, None]
            ]


def test_the_time_of_adding_is_possible() -> None:
    profile = load_profile("gdelt2")
    found = next(c for c in checks(profile, ["added"]) if c.rule.code == "added-impossible")
    times = {
        20150217000000: True, 20150216235959: False, 29991231235959: True, 30000101000000: False, 20210615143000: True, 20210015143000: False,
        20211315143000: False, 20210600143000: False, 20210632143000: False, 20210631235959: True, 20210615240000: False,
        20210615236000: False, 20210615230060: False, -20210615143000: False, 0: False, 1 << 62: False,
    }  # fmt: skip
    frame = pl.DataFrame({"added": list(times)}, {"added": pl.Int64})
    assert frame.select(found.expression.alias("right"))["right"].to_list() == list(times.values())
