"""Tables in a release are checked against the release's own description and code list, whatever the scheme is."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl
import pytest

import standoff
from corpora import begin
from standoff import project
from standoff.cli import main
from standoff.findings import UsageError
from standoff.release.build import build

TESTS = Path(__file__).parents[1]
LISTS = {
    "scheme.toml": """
name = "fish"
title = "Fish codes"
actions = "actions.csv"

[[crosswalks]]
scheme = "market"
columns = {code = "market_code"}

[[actor_lists]]
name = "places"
file = "places.csv"
countries = true

[[actor_lists]]
name = "roles"
file = "roles.csv"
""",
    "actions.csv": "code,label,parent,reciprocal,market_code\n04,Talk,,,\n046,Haggle,04,,1\n03,Promise,,,2\n010,A herring,,,3\n"
    "10,Another herring,,,4\n1e5,Shoal,,,5\nNO,No fish,,true,\n",
    "places.csv": "code,label\nNFK,Brenn\nPCN,Alba\n",
    "roles.csv": "code,label\nGOV,Government\n",
}
"""A scheme without classes and scales. Its codes are such as spreadsheets and YAML spoil, and 046 is CAMEO's too."""


@pytest.fixture(scope="module")
def plover(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of the invented corpus that is coded in PLOVER."""
    folder = tmp_path_factory.mktemp("plover") / "border-notes"
    shutil.copytree(TESTS / "plover", folder)
    return build(folder / "dataset", folder / "releases").folder


@pytest.fixture
def copy(plover: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(plover, tmp_path / "v0.1.0.dev1"))


def test_a_release_is_checked_against_its_own_lists(plover: Path, tmp_path: Path) -> None:
    result = standoff.check(plover)
    assert result.counts == {}
    described = {path.name for path in plover.iterdir() if path.suffix in (".csv", ".parquet")}
    assert result.report.files == len(described), "datapackage.json and other descriptions are not tables"
    assert "action-unknown" in result.report.ran
    ignored = shutil.ignore_patterns("*.parquet", "[e-z]*.csv")
    shutil.copytree(plover, tmp_path / plover.name, ignore=ignored)
    assert standoff.check(tmp_path).counts == {}, "a folder of releases"
    assert standoff.check(plover / "events.csv", table="events").counts == {}


def test_codes_of_other_schemes_are_unknown_in_it(copy: Path) -> None:
    text = (copy / "events.csv").read_text()
    (copy / "events.csv").write_text(text.replace(",COERCE:seize,", ",173,"))
    result = standoff.check(copy / "events.csv")
    assert result.counts == {"action-unknown": 1}
    assert not any("cameo" in f"{each.message} {each.remedy}".casefold() for each in result)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("root", "ASSAULT", "root-mismatch"),
        ("quad_class", 1, "quad-class-mismatch"),
        ("action_label", "Protest", "action-label-mismatch"),
        ("status", "rumoured", "value-not-listed"),
        ("document_id", "d009", "reference-unknown"),
    ],
)
def test_what_differs_from_its_lists_is_found(copy: Path, column: str, value: object, code: str) -> None:
    events = pl.read_parquet(copy / "events.parquet")
    first = pl.int_range(pl.len()) == 0
    changed = pl.when(first & (pl.col("action").str.starts_with("COERCE"))).then(pl.lit(value))
    events.with_columns(
        changed.otherwise(pl.col(column)).cast(events.schema[column]).alias(column)
    ).write_parquet(copy / "events.parquet")
    tables = [copy / "events.parquet", copy / "documents.parquet"]
    assert standoff.check(*tables).counts == {code: 1}


def test_a_table_that_left_its_release_is_compared_with_the_shipped_schemes(
    plover: Path, tmp_path: Path
) -> None:
    shutil.copy(plover / "events.csv", tmp_path / "events.csv")
    assert standoff.check(tmp_path / "events.csv").counts == {}
    assert standoff.check(tmp_path / "events.csv", table="events").counts == {}


def test_a_release_without_its_list_of_actions_is_refused(copy: Path) -> None:
    (copy / "actions.csv").unlink()
    with pytest.raises(
        UsageError, match=r"actions\.csv is missing, and lists the codes of this release: restore"
    ):
        standoff.check(copy / "events.parquet")
    (copy / "actions.csv").write_text("code,label\n1,One\n")
    with pytest.raises(UsageError, match=r"actions\.csv has no column action, root"):
        standoff.check(copy / "events.parquet")


def test_a_damaged_description_is_not_a_release(copy: Path) -> None:
    (copy / "datapackage.json").write_text("{")
    assert standoff.check(copy / "events.parquet").counts == {}, "its columns are those of a shipped scheme"


@pytest.mark.usefixtures("without_workbook")
def test_odd_codes_survive_and_may_mean_something_else_than_in_another_scheme(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "fish"
    begin(folder, project.Answers(name="fish", title="Fish", author="A laboratory", released="2026-01-31"))
    about = folder / "dataset" / "dataset.toml"
    about.write_text(about.read_text().replace('scheme = "cameo"\n', ""))
    (folder / "dataset" / "codes").mkdir()
    for name, text in LISTS.items():
        (folder / "dataset" / "codes" / name).write_text(text)
    for file in folder.glob("dataset/**/d001.yaml"):
        file.write_text(file.read_text().replace('"0331"', '"1e5"').replace('"046"', '"NO"'))
    assert standoff.check(folder / "dataset").counts == {}
    release = build(folder / "dataset", folder / "releases").folder
    with_codes = ("actions", "dyads", "events", "negatives", "passes")
    assert standoff.check(*(release / f"{name}.parquet" for name in with_codes)).counts == {}
    assert standoff.load("events", source=folder)["action"].to_list() == ["NO", "1e5"]
    beside = dict(standoff.load("actions", source=folder).select("action", "market_code").iter_rows())
    assert (beside["1e5"], beside["NO"]) == ("5", None)
    _tables_that_left_it(folder, release, tmp_path / "elsewhere")
    capsys.readouterr()
    assert main(["codes", "--dataset", str(folder), "--without", "market"]) == 0
    assert capsys.readouterr().out.splitlines() == ["04  Talk", "NO  No fish"]
    assert pl.read_csv(release / "actions.csv", infer_schema=False)["action"].to_list() == [
        "010", "03", "04", "046", "10", "1e5", "NO"
    ]  # fmt: skip


def _tables_that_left_it(dataset: Path, release: Path, elsewhere: Path) -> None:
    """In the dataset's folder its list is found. Elsewhere codes are not judged, and the report says so."""
    inside = dataset / "copies"
    for folder in (inside, elsewhere):
        folder.mkdir()
    for form in ("events.csv", "dyads.parquet"):
        for folder in (inside, elsewhere):
            shutil.copy(release / form, folder / form)
        assert standoff.check(inside / form).counts == {}, form
        result = standoff.check(elsewhere / form)
        assert result.counts == {}, form
        said = result.report.tables[0].recognised_by or ""
        assert 'its codes are not judged: no code list called "Fish codes"' in said, form
    events = (release / "events.csv").read_text("utf-8").replace("d001-e02,d001,1e5,", "d001-e02,d001,1e6,")
    (inside / "events.csv").write_text(events)
    assert standoff.check(inside / "events.csv").counts == {"action-unknown": 1}
    # A damaged first row does not hide what the others say.
    head, first, *rest = (release / "passes.csv").read_text("utf-8").splitlines(keepends=True)
    (inside / "passes.csv").write_text(head + first.replace(",NO,", ",YES,") + "".join(rest))
    result = standoff.check(inside / "passes.csv")
    assert result.counts == {"action-unknown": 1}
    assert "its codes are judged by Fish codes" in (result.report.tables[0].recognised_by or "")
