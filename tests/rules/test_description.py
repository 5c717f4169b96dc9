"""Rules about what a dataset says of itself: placeholders that are left, and origins that nobody stands for."""

from __future__ import annotations

from pathlib import Path

import pytest

import standoff

CODES = ["placeholder-left", "contents-contradicted"]


def changed(dataset: Path, old: str, new: str) -> standoff.CheckResult:
    about = dataset / "dataset.toml"
    text = about.read_text("utf-8")
    assert old in text
    about.write_text(text.replace(old, new), "utf-8")
    return standoff.check(dataset, select=CODES)


@pytest.mark.parametrize(("version", "severity"), [("0.3.0", "error"), ("0.3.0.dev1", "note")])
def test_placeholders_are_found_in_the_description_and_in_pages(
    examples: Path, version: str, severity: str
) -> None:
    page = examples.parent / "CODEBOOK.md"
    page.write_text("# Codebook\n\nReplace this paragraph: your decisions.\n\nReplace these words.\n")
    (examples.parent / "README.md").write_bytes(b"Replace this \xff")  # not UTF-8: other rules judge pages
    found = changed(
        examples,
        'version = "0.2.0"',
        f'version = "{version}"\nhomepage = "https://example.org/Replace this "',
    )
    [finding] = found
    assert (finding.code, finding.severity) == ("placeholder-left", severity)
    assert (finding.path.rpartition("/")[2], finding.line, finding.column) == ("CODEBOOK.md", 3, 1)
    found = changed(examples, 'task = "First pass."', 'task = "Replace this sentence."')
    assert [(f.path.rpartition("/")[2], f.severity) for f in found] == [
        ("CODEBOOK.md", severity),
        ("dataset.toml", severity),
    ]


@pytest.mark.parametrize(
    ("layers", "wrong"),
    [
        ('events = "person"', ["contents.layers.events"]),
        ('events = "language model, corrected by a person"', ["contents.layers.events"]),
        ('events = "program, corrected by a person"', ["contents.layers.events"]),
        ('events = "program"', []),
        ('events = "converted"\nnegatives = "not available"', ["contents.layers.negatives"]),
    ],
)
def test_an_origin_needs_its_reader_and_a_missing_layer_no_records(
    examples: Path, layers: str, wrong: list[str]
) -> None:
    found = changed(examples, 'events = "language model"', layers)
    assert [f.data["field"] for f in found] == wrong
    assert {f.code for f in found} <= {"contents-contradicted"}


def test_the_words_of_the_statement_are_closed(examples: Path) -> None:
    text = (examples / "dataset.toml").read_text("utf-8")
    for old, new, rule in (
        ('genre = ["grammar-examples"]', 'genre = ["newspaper"]', "unknown-value"),
        ("includes_text = false", 'includes_text = "no"', "wrong-type"),
        ('events = "language model"', 'evnts = "language model"', "unknown-key"),
    ):
        (examples / "dataset.toml").write_text(text.replace(old, new), "utf-8")
        assert rule in standoff.check(examples).counts, new
