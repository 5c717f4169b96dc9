"""A row of accepted.csv that misses its finding by one cell is the only finding."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from breaking import run
from standoff.testing import EXAMPLES, findings, findings_with

ROW = "unused-actor,ostrov-wire,,0.1.0,Publishes both reports."


@pytest.mark.parametrize(
    ("wrong", "code", "meant"),
    [
        ("unused-actr,ostrov-wire,,0.1.0,x y", "acceptance-incomplete", "unused-actor"),
        ("unused-actor,ostrov-wir,,0.1.0,x y", "acceptance-unused", "ostrov-wire"),
        ("unused-actor,ostrov-wire,actor.yaml,0.1.0,x y", "acceptance-unused", "actors.yaml"),
    ],
)
def test_a_row_that_is_wrong_in_one_cell_is_one_finding(wrong: str, code: str, meant: str) -> None:
    [finding] = findings("dataset/accepted.csv", ROW, wrong)
    assert (finding.code, finding.line, finding.closest) == (code, 2, meant)


@pytest.mark.parametrize(
    "other",
    [
        "unused-actor,boreland,",
        "unused-actor,ostrov-wire,places.yaml",
        "unused-place,ostrov-wir,",
        "unused-actor,xyz,",
    ],
)
def test_a_row_about_something_else_leaves_the_finding(other: str) -> None:
    codes = {f.code for f in findings("dataset/accepted.csv", ROW, f"{other},0.1.0,x y")}
    assert codes == {"acceptance-unused", "unused-actor"}


def test_a_row_that_repeats_another_leaves_the_finding() -> None:
    other = "unused-actor,boreland,,0.1.0,x y"
    codes = [f.code for f in findings("dataset/accepted.csv", ROW, f"{other}\n{other}")]
    assert "acceptance-repeated" in codes
    assert "unused-actor" in codes


def test_a_rule_about_tables_is_a_rule_that_found_nothing() -> None:
    found = findings("dataset/accepted.csv", ROW, f"{ROW}\ntext-placeholder,,actors.yaml,0.1.0,x y")
    assert [f.code for f in found] == ["acceptance-unused"]


@pytest.mark.parametrize("name", ["accepted.csv", "retired.csv"])
def test_a_list_with_a_byte_order_mark_is_one_finding_and_still_counts(name: str) -> None:
    text = (EXAMPLES / "dataset" / name).read_text("utf-8")
    assert [f.code for f in findings_with({f"dataset/{name}": "\ufeff" + text})] == ["control-character"]


@pytest.mark.parametrize("damage", ["semicolons", "columns", "latin-1", "utf-16", "a quote", "a cell"])
def test_a_list_that_cannot_be_read_is_one_finding(damage: str) -> None:
    text = (EXAMPLES / "dataset/accepted.csv").read_text("utf-8")
    changed = {
        "semicolons": text.replace(",", ";"),
        "columns": text.replace("code,id", "id,code"),
        "latin-1": text.replace("Publishes", "Publi\u00e9s"),
        "utf-16": text,
        "a quote": text.replace("Publishes", '"Publishes'),
        "a cell": text.replace("Publishes", "Publishes, prints"),
    }[damage]
    encoding = {"latin-1": "cp1252", "utf-16": "utf-16"}.get(damage, "utf-8")
    [finding] = findings_with({"dataset/accepted.csv": changed.encode(encoding, "replace")})
    assert finding.path == "dataset/accepted.csv"


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "csv-columns"), (b"\xff\xfe" * 900, "not-utf8"), (b"x,y\n1,2\n", "csv-columns")],
)
def test_a_list_that_is_lost_is_one_finding(content: bytes, code: str) -> None:
    assert [f.code for f in findings_with({"dataset/accepted.csv": content})] == [code]


def test_a_row_about_a_file_whose_form_is_wrong_is_not_held_unused() -> None:
    path = "dataset/events/d901.yaml"
    text = (EXAMPLES / path).read_text("utf-8").replace('    mark: "If"\n', "")
    rows = f"{(EXAMPLES / 'dataset/accepted.csv').read_text('utf-8')}mark-missing,d901-n02,,0.1.0,No word says so.\n"
    files = {path: text, "dataset/accepted.csv": rows.replace("n02,,", "n02,events/d901.yaml,")}
    assert findings_with(files) == []
    files[path] = text.replace("language: en", "language: english")
    assert [f.code for f in findings_with(files)] == ["malformed-value"]


@pytest.mark.parametrize("kind", ["pipe", "endless", "folder"])
def test_a_list_that_is_no_file_ends_as_one_finding(kind: str, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES, tmp_path / "corpus")
    path = tmp_path / "corpus/dataset/accepted.csv"
    path.unlink()
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "endless":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()
    assert [f.code for f in run(path.parent).findings] == ["file-unreadable"]
