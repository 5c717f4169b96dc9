"""What the readers of a blind pass are given: nothing in it may tell them how the documents were coded."""

import csv
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
READERS = ROOT / "docs" / "readers"
GUIDE = (READERS / "guide.md").read_text("utf-8")


def read(path):
    return yaml.load((ROOT / path).read_text("utf-8"), yaml.CSafeLoader)


ACTORS = read("dataset/actors.yaml")["actors"]
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


def as_written(record):
    """A record of dataset/passes as its reader wrote it: places without ids, and what "As written:" keeps put back."""
    record = dict(record)
    if "where" in record:
        words = [{key: value for key, value in place.items() if key != "place"} for place in record["where"]]
        record["where"] = [place for i, place in enumerate(words) if place not in words[:i]]
    note, mark, kept = record.get("note", "").partition("As written: ")
    if mark:
        word, incident, rest = kept.removesuffix(".").partition("incident ")
        if incident:
            record["incident"] = rest
        else:
            record["would_be"] = record["would_be"] | yaml.safe_load(f"{{{word}}}")
    if note.strip() in ("", "The reader wrote no note."):
        record.pop("note", None)
    else:
        record["note"] = note.strip()
    return record


@pytest.mark.parametrize("reader", ["b1", "b2"])
@pytest.mark.parametrize("document", ["d000", "d001", "d002", "d003", "d004"])
def test_a_pass_of_the_dataset_is_what_its_reader_wrote(reader, document):
    wrote = read(f"docs/readers/{reader}/{document}.yaml")
    made = read(f"dataset/passes/{reader}/{document}.yaml")
    published = made["document"]["published"]
    if "reason" in published:
        published["note"] = published.pop("reason")
    for part in ("events", "negatives"):
        made[part] = [as_written(record) for record in made[part]]
    assert made == wrote
