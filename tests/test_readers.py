"""What the readers of a blind pass are given: nothing in it may tell them how the documents were coded."""

import csv
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
READERS = ROOT / "docs" / "readers"
GUIDE = (READERS / "guide.md").read_text("utf-8")
ACTORS = yaml.safe_load((ROOT / "dataset" / "actors.yaml").read_text("utf-8"))["actors"]
NAMES = {name for actor in ACTORS for name in (actor["name"], *actor.get("aliases", []))}


@pytest.mark.parametrize("page", ["docs/readers/guide.md", "CODEBOOK.md"])
def test_examples_name_no_actor_of_the_documents(page):
    text = (ROOT / page).read_text("utf-8").partition("\n## 10. ")[0]
    assert {name for name in NAMES if re.search(rf"\b{re.escape(name)}\b", text)} <= {
        "All parties",
        "all parties",
    }


def test_the_guide_cites_no_record_of_the_documents():
    assert set(re.findall(r"\bd\d{3,}", GUIDE)) == {"d900"}


def test_the_guide_has_the_rules_of_the_codebook():
    codebook = (ROOT / "CODEBOOK.md").read_text("utf-8")
    numbers = re.compile(r"^\*\*(\d+\.\d+)\*\* ", re.MULTILINE)
    assert set(numbers.findall(GUIDE)) <= set(numbers.findall(codebook))


def test_the_registry_for_readers_has_names_kinds_and_codes_only():
    with (READERS / "registry.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["id", "name", "kind", "country", "code", "from", "until"]
    assert {actor["id"] for actor in ACTORS} <= {row["id"] for row in rows}
