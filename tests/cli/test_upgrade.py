"""`standoff upgrade --annotations`: files of edition 1 in edition 2, and what is left for a reader."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import standoff
from standoff.cli import main
from standoff.source import strict_yaml
from standoff.source.editions import to_second

ROOT = Path(__file__).parents[2]
OLD = sorted((ROOT / "dataset" / "passes" / "a1").glob("*.yaml"))
"""The first readings of release 1.0.0, which stay in the form in which they were made."""


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """Our dataset, its released files those of an old pass."""
    folder = tmp_path / "lab" / "dataset"
    folder.mkdir(parents=True)
    for name in ("dataset.toml", "actors.yaml", "places.yaml"):
        shutil.copy(ROOT / "dataset" / name, folder)
    shutil.copytree(ROOT / "dataset" / "passes", folder / "passes")
    shutil.copytree(ROOT / "seeds", folder.parent / "seeds")
    shutil.copytree(ROOT / "schema", folder.parent / "schema")
    (folder / "events").mkdir()
    for file in OLD:
        shutil.copy(file, folder / "events")
    return folder


def value(text: str) -> dict[str, list[dict[str, object]]]:
    found = strict_yaml.read(text)
    assert not found.faults
    assert isinstance(found.value, dict)
    return found.value


@pytest.mark.parametrize("file", OLD, ids=lambda file: file.stem)
def test_nothing_that_was_coded_changes(file: Path) -> None:
    before = value(file.read_text("utf-8"))
    upgraded = to_second(file.read_text("utf-8"))
    after = value(upgraded.text)
    assert after["edition"] == 2
    assert after["document"] == before["document"]
    assert len(after["events"]) == len(before["events"])
    for old, new in zip(before["events"], after["events"], strict=True):
        links = [{**link, "quote": ""} for link in old.pop("links", [])]  # type: ignore[attr-defined]
        assert new.pop("links", []) == links
        assert new == old
    for old, new in zip(before["negatives"], after["negatives"], strict=True):
        context = {key: old.pop(key) for key in ("prefix", "suffix") if key in old}
        words = old.pop("quote")
        expected = {"quote": words, **context} if context else words
        assert new == {**old, "evidence": expected, "trigger": "", "would_be": {"action": ""}}
    assert len([field for field in upgraded.open if field.endswith("trigger")]) == len(after["negatives"])


def test_what_is_left_are_the_fields_that_only_a_reader_can_fill_in(
    dataset: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    passes = {path: path.read_bytes() for path in dataset.glob("passes/**/*.yaml")}
    released = {path: path.read_bytes() for path in dataset.glob("events/*.yaml")}
    assert main(["upgrade", str(dataset), "--annotations", "--diff"]) == 0
    shown = capsys.readouterr().out
    assert "+edition: 2\n" in shown
    assert {path: path.read_bytes() for path in released} == released, "--diff changes nothing"

    assert main(["upgrade", str(dataset), "--annotations"]) == 0
    said = capsys.readouterr().out
    assert "5 of 5 files upgraded" in said
    assert {path: path.read_bytes() for path in passes} == passes, "passes stay as they were made"
    assert main(["fmt", "--check", str(dataset)]) == 0
    form = standoff.check(
        dataset, select=["malformed-value", "shape-mismatch", "missing-key", "unknown-key", "wrong-type"]
    )
    assert set(form.counts) == {"malformed-value", "shape-mismatch"}
    stated = {line.split(": fill in ")[1] for line in said.splitlines() if ": fill in " in line}
    assert {finding.id for finding in form} == {field.partition(":")[0] for field in stated}
    capsys.readouterr()
    assert main(["upgrade", str(dataset), "--annotations"]) == 0
    assert capsys.readouterr().out == "every annotation file is of the newest edition\n"


def test_a_record_with_keys_of_both_editions_goes_to_a_file_beside(
    dataset: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = dataset / "events" / "d001.yaml"
    text = file.read_text()
    both = text.replace("    reason:", '    evidence: "mine"\n    reason:', 1)
    assert both != text
    file.write_text(both)
    assert main(["upgrade", str(dataset), "--annotations"]) == 1
    assert "d001-n01: keys of both editions; the new text goes to d001.yaml.rej" in capsys.readouterr().out
    assert file.read_text() == both
    rejected = value(file.with_name("d001.yaml.rej").read_text())
    assert rejected["negatives"][0]["evidence"] == "mine"
    assert "edition: 2" in (dataset / "events" / "d002.yaml").read_text(), "other files are upgraded"


def test_a_file_that_cannot_be_read_is_left_alone(dataset: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = dataset / "events" / "d001.yaml"
    broken = file.read_text() + "events: [\n"
    file.write_text(broken)
    assert main(["upgrade", str(dataset), "--annotations"]) == 1
    assert "left alone, because it cannot be read; standoff check says why" in capsys.readouterr().err
    assert file.read_text() == broken


def test_a_folder_that_is_not_a_dataset_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["upgrade", str(tmp_path), "--annotations"]) == 2
    assert "is in no dataset" in capsys.readouterr().err


def test_comments_are_kept_at_their_keys() -> None:
    old = OLD[0].read_text("utf-8")
    text = old.replace("-n01\n    quote:", "-n01\n    # why this misleads\n    quote:")
    assert text != old
    lines = to_second(text).text.splitlines()
    place = lines.index("    # why this misleads")
    assert lines[place + 1].startswith("    evidence:")


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_words_survive_whatever_they_are(words: str, prefix: str, suffix: str) -> None:
    from standoff.source.canonical import dump

    negative = {"id": "d001-n01", "quote": words, "prefix": prefix, "suffix": suffix, "reason": "negated"}
    text = dump({"document": {"id": "d001"}, "events": [], "negatives": [negative]}, "annotation-1")
    [found] = value(to_second(text).text)["negatives"]
    assert found["evidence"] == {"quote": words, "prefix": prefix, "suffix": suffix}
