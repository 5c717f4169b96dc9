"""`docs/own-corpus.md`, followed word for word: from an empty folder to a release, and a pull request that is checked."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import yaml

import standoff
from standoff.cli import main

GUIDE = (Path(__file__).parents[1] / "docs" / "own-corpus.md").read_text("utf-8")
EXAMPLE_ACTORS = ("alba", "alba-government", "brenn")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


def commands() -> list[list[str]]:
    lines = [line.removeprefix("$ ") for block in blocks("console") for line in block.splitlines()]
    return [shlex.split(line, comments=True) for line in lines]


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    [text] = blocks("text")
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "huelga.txt").write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(command: list[str], document: str | None) -> None:
    """Run a command of the guide; `document` is the id that is d8318 there."""
    if command[0] == "standoff":
        assert main([document if document and word == "d8318" else word for word in command[1:]]) == 0, (
            command
        )
    else:
        assert command[0] == "python", command


def test_the_guide_leads_to_a_release(
    lab: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    document_block, actors, records = blocks("yaml")
    begin, enter, *rest = commands()
    run([*begin, "--install", "standoff[build]"], None)
    assert enter == ["cd", "my-corpus"]
    monkeypatch.chdir("my-corpus")
    checking = rest.index(["standoff", "fmt"])
    document = None
    for command in rest[:checking]:
        run(command, document)
        if command[:3] == ["standoff", "new", "document"]:
            [file] = [each for each in Path("dataset/events").iterdir() if each.stem != "d001"]
            document = file.stem
    assert document is not None
    head = file.read_text().partition("events:")[0]
    head = head[: head.index("  title:")] + document_block
    file.write_text(head + records.replace("d8318", document))
    registry = Path("dataset/actors.yaml")
    registry.write_text(registry.read_text().partition("actors:\n")[0] + "actors:\n" + actors)
    for path in (
        "documents/001_example.txt",
        *(f"dataset/{where}/d001.yaml" for where in ("events", "passes/a1", "passes/a2")),
    ):
        Path(path).unlink()
    for command in rest[checking:]:
        run(command, document)
    assert [record for record in EXAMPLE_ACTORS if f"`{record}`" not in GUIDE] == []

    events = standoff.load("events", source="releases")
    assert events["action"].to_list() == ["143", "173", "112"]
    [query] = blocks("sql")
    assert [row[1] for row in duckdb.sql(query.strip()).fetchall()] == ["143", "173", "112"]

    # A pull request with a fault, checked by the last step of the workflow.
    file.write_text(file.read_text().replace('trigger: "detuvo"', 'trigger: "detuvieron"'))
    workflow = yaml.safe_load(Path(".github/workflows/check.yml").read_text())
    script = workflow["jobs"]["check"]["steps"][-1]["run"]
    assert script == "standoff check --format github"
    bin_folder = lab / "bin"
    bin_folder.mkdir()
    (bin_folder / "standoff").write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -m standoff "$@"\n')
    (bin_folder / "standoff").chmod(0o755)
    done = subprocess.run(
        ["bash", "-e", "-c", script],
        env={"PATH": f"{bin_folder}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    [annotation] = [line for line in done.stdout.splitlines() if line.startswith("::error")]
    line = 1 + file.read_text().splitlines().index('    trigger: "detuvieron"')
    assert f"file=dataset/events/{document}.yaml,line={line}," in annotation
