"""The guide for contributors: its ten steps, taken one by one with the words that stand there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from standoff import cli
from standoff.cli import main

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
TEXT = (
    "PUERTO FRÍO, 2 May 2023 (Ostrov Wire) — Boreland’s foreign minister met his counterpart from Australis here on "
    "Monday.\n\nHe warned that the talks could fail if the raids go on.\n"
)


def block(language: str, beginning: str) -> str:
    """The code block of the guide that begins so."""
    blocks: list[str] = re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    (found,) = (text for text in blocks if text.lstrip().startswith(beginning))
    return found


def lasting(shown: str) -> list[str]:
    """The lines of an output that do not depend on how much data there is, nor on who else is in the registry."""
    return [
        line
        for line in shown.splitlines()
        if not re.search(r"^\d|files? in canonical|closest: \"|also alike|^…", line)
    ]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project as it was when the guide was written: five documents."""
    for name in ("dataset", "seeds", "schema", "releases"):
        large = shutil.ignore_patterns("*.parquet", "*.xlsx", "*.html")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=large)
    for file in (tmp_path / "dataset").glob("**/d[0-9]*.yaml"):
        if file.stem > "d004":
            file.unlink()
    (tmp_path / "talks in Puerto Frio.txt").write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_ten_steps_go_as_the_guide_says(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    annotation, actors = Path("dataset/events/d6108.yaml"), Path("dataset/actors.yaml")

    def steps(name: str) -> str:
        """Run the commands of a console block and return what they print."""
        for command in re.findall(r"(?m)^\$ standoff (.*)$", block("console", name)):
            main([word.strip('"') for word in re.findall(r'"[^"]*"|\S+', command)])
        return capsys.readouterr().out

    begun = steps("$ standoff new document")
    assert begun.startswith("\n".join(block("console", "$ standoff new document").splitlines()[1:5]))

    document = block("yaml", "document:")
    text = annotation.read_text(encoding="utf-8")
    assert re.findall('sha256: ".*"', text) == re.findall('sha256: ".*"', document)
    annotation.write_text(
        text[: text.index("document:")] + document + text[text.index("events:") :], encoding="utf-8"
    )

    assert main(["new", "event", "d6108"]) == 0
    assert main(["new", "negative", "d6108"]) == 0
    for beginning in ("- id: d6108-e01", "- id: d6108-n01"):
        text = annotation.read_text(encoding="utf-8")
        made = re.search(rf"(?m)^  {beginning}\n(?:    .*\n)*", text)
        assert made
        annotation.write_text(text.replace(made.group(), block("yaml", beginning)), encoding="utf-8")
    capsys.readouterr()

    said = lasting(steps("$ standoff check"))
    shown = lasting(block("console", "$ standoff check"))
    assert shown[0].startswith("$ standoff check")
    assert [line for line in shown[1:] if line] == [line for line in said if line in shown and line]
    assert sum(" error " in line for line in said) == 4

    assert main(["check", "--fix", str(annotation)]) == 1
    out = capsys.readouterr().out
    assert 'trigger "meets" does not occur' in out
    assert "3 errors" in out

    text = annotation.read_text(encoding="utf-8").replace('"meets"', '"met"')
    annotation.write_text(text, encoding="utf-8")
    entry = block("yaml", "- id: australis-foreign-ministry")
    other = entry.replace("australis-foreign-ministry", "boreland-foreign-minister").replace("PCN", "NFK")
    other = other.replace("Foreign ministry of Australis", "Foreign minister of Boreland").replace(
        "ministry", "person"
    )
    actors.write_text(actors.read_text(encoding="utf-8") + other + entry, encoding="utf-8")
    assert main(["check", "--fail-on", "error"]) == 0
    capsys.readouterr()

    assert lasting(steps("$ standoff fmt")) == [
        line for line in lasting(block("console", "$ standoff fmt")) if not line.startswith("$")
    ]
    assert main(["check"]) == 0


def test_the_correction_goes_as_the_guide_says(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head, old, new = re.findall(r"(?m)^(.)(.*)$", block("diff", "- id: d003-e13"))
    assert (head[0], old[0], new[0]) == (" ", "-", "+")
    file = Path("dataset/events/d003.yaml")
    text = file.read_text(encoding="utf-8")
    record = text.index(head[1].strip())
    at = text.index(old[1], record)
    assert "- id:" not in text[record + 5 : at]
    file.write_text(text[:at] + new[1] + text[at + len(old[1]) :], encoding="utf-8")
    for command in block("sh", "standoff check").splitlines():
        assert main(command.split()[1:]) == 0
    assert "date      [..2024-08-06]" in capsys.readouterr().out


def test_every_command_and_file_that_the_guide_names_is_there() -> None:
    commands = set(cli.COMMANDS)
    assert set(re.findall(r"`standoff ([a-z]+)", GUIDE)) <= commands
    for target in re.findall(r"\]\(([^)#]+)\)", GUIDE):
        assert target.startswith("https://") or (ROOT / target).exists(), target
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for goal in re.findall(r"`?make ([a-z]+)", GUIDE):
        assert re.search(rf"(?m)^{goal}:", makefile)


# ---- two contributions at the same time ------------------------------------------------------------------------

OTHER_TEXT = (
    "SOLBERG, 9 June 2023 (Ostrov Wire) — Zembla’s president praised the army of Ruritania on Friday.\n"
)
OTHER_EVENT = """
  - id: {document}-e01
    evidence: "Zembla’s president praised the army of Ruritania on Friday"
    trigger: "praised"
    actor: [{{id: zembla-president, quote: "Zembla’s president"}}]
    target: [{{id: ruritania-military, quote: "the army of Ruritania"}}]
    action: "051"
    date: "2023-06-09"
    date_basis: relative
    status: asserted
"""


def git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run git with a configuration of its own, so that nobody's settings count."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    author = (
        "-c",
        "user.name=A Contributor",
        "-c",
        "user.email=a@example.org",
        "-c",
        "init.defaultBranch=main",
    )
    return subprocess.run(
        ["git", *author, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def contribute(name: str, text: str, fields: str, event: str, registry: str) -> None:
    """Take the guide's steps 3 to 10 with one document, which adds to the registry too."""
    Path(f"{name}.txt").write_text(text, encoding="utf-8")
    assert git(Path(), "switch", "-q", "-c", name, "main").returncode == 0
    before = set(Path("dataset/events").iterdir())
    assert main(["new", "document", f"{name}.txt"]) == 0
    (annotation,) = set(Path("dataset/events").iterdir()) - before
    begun = annotation.read_text(encoding="utf-8").replace("events: []\n", "")
    for field, value in re.findall(r"(?m)^  (title|publisher|rights|language|published): (.*)$", fields):
        begun = re.sub(rf"(?m)^  {field}: .*$(\n    .*)*", f"  {field}: {value}", begun)
    annotation.write_text(
        begun + "events:" + event.format(document=annotation.stem).rstrip() + "\n", encoding="utf-8"
    )
    actors = Path("dataset/actors.yaml")
    actors.write_text(actors.read_text(encoding="utf-8") + registry, encoding="utf-8")
    Path(f"{name}.txt").unlink()
    assert main(["fmt"]) == 0
    assert main(["check", "--fail-on", "error"]) == 0
    (added,) = re.findall(r"(?m)^(git add \S+ \S+) ", block("sh", "git add"))
    assert git(Path(), *added.split()[1:]).returncode == 0
    assert git(Path(), "commit", "-q", "-m", name).returncode == 0
    assert git(Path(), "status", "--porcelain").stdout == ""


@pytest.mark.slow
def test_two_contributions_made_by_the_guide_merge_without_conflict(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("CODEBOOK.md", "DATASHEET.md", "README.md", ".gitattributes"):
        shutil.copy(ROOT / name, project)
    meta = Path("dataset/dataset.toml").read_text(encoding="utf-8")
    assert re.search(r'(?m)^version = "[0-9.]+\.dev[0-9]+"$', meta), (
        "between releases main carries a .dev version"
    )
    for arguments in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", "project")):
        assert git(project, *arguments).returncode == 0
    entry = block("yaml", "- id: australis-foreign-ministry")
    minister = entry.replace("australis-foreign-ministry", "boreland-foreign-minister").replace("PCN", "NFK")
    fields = block("yaml", "document:")
    contribute(
        "talks",
        TEXT,
        fields,
        "\n" + block("yaml", "- id: d6108-e01").replace("d6108", "{document}").replace("{id", "{{id")
        .replace('"}]', '"}}]').replace('"meets"', '"met"').replace("action: 040", 'action: "040"')
        .replace("Boreland's", "Boreland’s"),
        minister.replace("ministry", "person") + entry,
    )  # fmt: skip
    other = re.sub(
        'name: ".*"',
        'name: "President of Zembla"',
        entry.replace("australis-foreign-ministry", "zembla-president"),
    )
    army = entry.replace("australis-foreign-ministry", "ruritania-military")
    army = re.sub('name: ".*"', 'name: "Army of Ruritania"', army)
    contribute(
        "praise",
        OTHER_TEXT,
        fields.replace("Talks in Puerto Frío", "Praise").replace("2023-05-02", "2023-06-09"),
        OTHER_EVENT,
        other + army.replace("PCN", "NFK"),
    )
    assert git(project, "switch", "-q", "main").returncode == 0
    for name in ("talks", "praise"):
        merged = git(project, "merge", "--no-edit", name)
        assert merged.returncode == 0, merged.stdout
    capsys.readouterr()
    assert main(["check", "--fail-on", "error"]) == 0
    assert main(["fmt", "--check"]) == 0
    assert main(["docs", "--check"]) == 0
    changed = git(project, "diff", "--name-only", "HEAD~1^", "HEAD").stdout.split()
    assert {name.split("/")[0] for name in changed} == {"dataset", "seeds"}
