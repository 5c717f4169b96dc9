"""`retired.csv` and `accepted.csv`: junk in them is permanent, so it is refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from standoff.findings import Finding, Report
from standoff.report import as_json, junit, text
from standoff.rules import pages
from standoff.rules.runner import run
from standoff.source.corpus import read_corpus


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    return pages.Example("dataset/events/d900.yaml", "negatives:", "negatives:").write(tmp_path / "corpus")


def report(dataset: Path) -> Report:
    return run(read_corpus(dataset, base=dataset.parent))


def found(dataset: Path, name: str, row: str) -> list[Finding]:
    """What check finds in a CSV file of the example corpus after a row was added."""
    with (dataset / name).open("a", encoding="utf-8") as file:
        file.write(row + "\n")
    return [finding for finding in report(dataset).findings if finding.path.endswith(name)]


@pytest.mark.parametrize("since", ["0.1.5", "0.3.0", "9.9.9", "0.2.0.dev1", "yesterday", "2026-11-27", ""])
def test_an_id_is_withdrawn_since_a_release_or_the_next_one(dataset: Path, since: str) -> None:
    [finding] = found(dataset, "retired.csv", f"d900-e09,{since},One act.,")
    assert (finding.code, finding.line) == ("retired-incomplete", 3)
    assert [version for version in ("0.1.0", "0.2.0") if version not in (finding.remedy or "")] == []


@pytest.mark.parametrize("since", ["0.0.9", "0.1.0", "0.2.0"])
def test_older_releases_need_not_be_beside_the_dataset(dataset: Path, since: str) -> None:
    assert found(dataset, "retired.csv", f"d900-e09,{since},One act.,") == []


def test_an_id_is_not_withdrawn_since_a_release_that_has_it(dataset: Path) -> None:
    (dataset.parent / "releases/v0.1.0/events.csv").write_text("event_id\nd900-e09\n")
    [finding] = found(dataset, "retired.csv", "d900-e09,0.1.0,One act.,")
    assert (finding.code, finding.line) == ("retired-incomplete", 3)
    assert (finding.remedy or "").endswith("0.2.0")


@pytest.mark.parametrize("successor", ["d900-n01", "d900", "australis"])
def test_a_successor_is_of_the_same_kind(dataset: Path, successor: str) -> None:
    [finding] = found(dataset, "retired.csv", f"d900-e09,0.2.0,One act.,{successor}")
    assert (finding.code, finding.line) == ("retired-incomplete", 3)
    assert successor in finding.message


def test_an_id_that_was_never_released_is_not_withdrawn(dataset: Path) -> None:
    [finding] = found(dataset, "retired.csv", "d900-n02,0.2.0,Never was.,")
    assert (finding.code, finding.line) == ("retired-id-unknown", 3)
    assert finding.closest in {"d900-n01", "d901-n02"}


@pytest.mark.parametrize("since", ["yesterday", "2026-11-27", "0.2"])
def test_a_finding_is_accepted_since_a_version(dataset: Path, since: str) -> None:
    [finding] = found(dataset, "accepted.csv", f"unused-actor,boreland-military,,{since},So it is.")
    assert (finding.code, finding.line) == ("acceptance-incomplete", 3)


def test_a_finding_is_accepted_once(dataset: Path) -> None:
    [finding] = found(dataset, "accepted.csv", "unused-actor,ostrov-wire,,0.2.0,For another reason.")
    assert (finding.code, finding.line) == ("acceptance-repeated", 3)


def test_without_a_release_what_compares_with_one_is_not_run(dataset: Path) -> None:
    shutil.rmtree(dataset.parent / "releases")
    made = report(dataset)
    assert made.findings == []
    assert {"id-vanished", "retired-id-unknown"} <= made.not_run.keys()
    assert (
        "not run, because there is no release to compare with: id-vanished, retired-id-unknown"
        in text.render(made)
    )
    assert json.loads(as_json.render(made))["not_run"]["id-vanished"] == 1
    cases = ElementTree.fromstring(junit.render(made)).iter("testcase")
    [case] = [case for case in cases if case.get("name") == "id-vanished"]
    skipped = case.find("skipped")
    assert skipped is not None
    assert skipped.get("message") == "there is no release to compare with"


def test_a_withdrawal_that_was_released_stays(dataset: Path) -> None:
    rows = "id,since,reason,replaced_by\nd901-n09,0.1.0,Tells of no act.,\n"
    (dataset.parent / "releases" / "v0.1.0" / "retired.csv").write_text(rows)
    [finding] = report(dataset).findings
    assert (finding.code, finding.id, finding.line) == ("withdrawal-lost", "d901-n09", 2)


def test_the_remedy_names_the_first_version_without_the_id(dataset: Path) -> None:
    finding = found(dataset, "retired.csv", "d900-n01,9.0.0,One act.,")[0]
    assert (finding.code, finding.line) == ("retired-incomplete", 3)
    assert (finding.remedy or "").endswith(": 0.2.0")
