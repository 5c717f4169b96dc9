"""The rules about a release that is about to be made, each with what is just enough and what is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from standoff.findings import Finding
from standoff.model.versions import Version
from standoff.rules import pages
from standoff.rules.context import Candidate, RefusedChange
from standoff.rules.runner import run_release
from standoff.source.corpus import read_corpus


def findings(folder: Path, stated: str = "", **fields: Any) -> list[Finding]:
    """What is found about a release of the example corpus, with more lines in the first table of dataset.toml."""
    keywords = 'keywords = ["example"]\n'
    example = pages.Example("dataset/dataset.toml", keywords, keywords + stated)
    dataset = example.write(folder / "corpus")
    (dataset.parent / "made").mkdir()
    (dataset.parent / "made" / "inner").write_text("x")
    (dataset.parent / "link").symlink_to("README")
    (dataset.parent / "linked").symlink_to("made")
    (dataset.parent / "README").write_text("x")
    plain: dict[str, Any] = {
        "version": Version(0, 2, 0),
        "rows": {"events": 6},
        "made": frozenset({"events.csv"}),
    }
    return run_release(Candidate(read_corpus(dataset, base=dataset.parent), **plain | fields))


def version(text: str | None) -> Version | None:
    return text if text is None else Version.parse(text)


@pytest.mark.parametrize(
    ("this", "newest", "least", "lowest"),
    [
        ("0.2.0", None, None, None),
        ("0.2.0", "0.2.0", None, None),
        ("0.2.0", "0.1.0", "0.2.0", None),
        ("0.2.0.dev1", "0.1.0", "0.2.0", None),
        ("0.1.9", "0.1.0", "0.2.0", "0.2.0"),
        ("0.2.0", "0.3.0", "0.2.0", "0.3.1"),
        ("0.2.0", "0.3.0", "0.4.0", "0.4.0"),
        ("0.2.0", "0.3.0", None, "0.3.1"),
    ],
)
def test_a_version_is_no_lower_than_the_newest_and_than_the_changes_need(
    this: str, newest: str | None, least: str | None, lowest: str | None, tmp_path: Path
) -> None:
    found = findings(
        tmp_path,
        version=version(this),
        newest=version(newest),
        least=version(least),
        because="a column goes",
    )
    assert [(f.code, f.data["value"], f.data["expected"]) for f in found] == (
        [("release-version-too-low", this, [f"at least {lowest}"])] if lowest else []
    )


@pytest.mark.parametrize("code", ["retired-id-forgotten", "released-id-reused", "released-id-vanished"])
def test_a_change_that_no_version_excuses_is_told_by_its_rule(code: str, tmp_path: Path) -> None:
    [finding] = findings(tmp_path, refused=(RefusedChange(code, "d900-e09", "0.1.0"),))
    assert (finding.code, finding.id, finding.path) == (code, "d900-e09", "dataset/retired.csv")
    assert finding.data["other"] == "0.1.0"


@pytest.mark.parametrize(
    ("stated", "data"),
    [
        ("events = 6", None),
        ("events = 7", {"field": "minimum_rows.events", "value": 7, "rows": 6}),
        ("evets = 1", {"field": "minimum_rows.evets", "value": 1, "expected": ["events"]}),
    ],
)
def test_a_table_has_as_many_rows_as_are_expected(
    stated: str, data: dict[str, Any] | None, tmp_path: Path
) -> None:
    found = findings(tmp_path, f"[minimum_rows]\n{stated}\n[more]\n")
    assert [(f.code, f.data) for f in found] == ([("rows-lost", data)] if data else [])


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("README", False),
        ("events.csv", True),
        ("absent", True),
        ("made", True),
        ("link", True),
        ("made/inner", False),
        ("linked/inner", True),
    ],
)
def test_what_every_release_carries_is_a_file_and_not_made_by_the_build(
    name: str, missing: bool, tmp_path: Path
) -> None:
    found = findings(tmp_path, f'include = ["{name}"]\n')
    expected = [("included-file-missing", name, f'include = ["{name}"]')]
    assert [(f.code, f.data["value"], f.excerpt) for f in found] == (expected if missing else [])
