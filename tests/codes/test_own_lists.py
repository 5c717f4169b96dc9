"""Lists of a dataset's own: words below the core, codes below shipped ones; and what is wrong with such lists."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

import standoff
from corpora import begin
from standoff import project
from standoff.cli import main

ANSWERS = project.Answers(name="own-lists", title="Own lists", author="A laboratory", released="2026-01-31")
WORDS = """
[[reasons]]
word = "rumour"
parent = "unclear"
description = "Only a rumour is reported."

[[statuses]]
word = "retracted"
parent = "contested"
description = "The source took it back."

[[date_bases]]
word = "festival"
parent = "relative"
description = "Counted from a feast day."
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new project that adds a word to each list, as the working directory."""
    begin(tmp_path / "c", ANSWERS)
    monkeypatch.chdir(tmp_path / "c")
    edit("dataset/dataset.toml", "", WORDS)
    return tmp_path / "c"


def edit(name: str, old: str, new: str) -> None:
    """Replace text in a file; an empty `old` stands for its end."""
    text = Path(name).read_text()
    assert old in text
    Path(name).write_text(text.replace(old, new) if old else text + new)


def counts() -> dict[str, int]:
    return standoff.check("dataset").counts


def own_words() -> None:
    """Use the words of the dataset's own in the example."""
    edit("dataset/events/d001.yaml", "reason: negated", "reason: rumour")
    edit("dataset/events/d001.yaml", "date_basis: relative", "date_basis: festival")


def test_words_below_the_core_are_released(mine: Path) -> None:
    own_words()
    assert main(["build"]) == 0
    negatives = standoff.load("negatives", source=".")
    assert negatives["reason"].to_list() == ["rumour"]
    described = {row["column"]: row for row in standoff.describe("negatives", source=".").to_dicts()}
    assert "rumour: a kind of unclear." in described["reason"]["description"]
    assert main(["docs"]) == 0
    assert "rumour: a kind of unclear." in Path("CODEBOOK.md").read_text()


def test_a_word_is_held_to_the_rules_of_its_parent(mine: Path) -> None:
    edit("dataset/events/d001.yaml", "status: asserted\n  - id", "status: retracted\n  - id")
    assert "contested-without-attribution" in counts()


def test_a_misspelt_word_gets_the_closest(mine: Path) -> None:
    edit("dataset/events/d001.yaml", "reason: negated", "reason: rumor")
    [finding] = standoff.check("dataset")
    assert (finding.code, finding.closest) == ("unknown-value", "rumour")


def test_words_are_those_of_the_dataset_alone(mine: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    project.create(other, ANSWERS)
    text = (other / "dataset" / "events" / "d001.yaml").read_text()
    (other / "dataset" / "events" / "d001.yaml").write_text(text.replace("negated", "rumour"))
    own_words()
    assert counts() == {}
    assert standoff.check(other / "dataset").counts == {"unknown-value": 1}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('word = "rumour"', 'word = "negated"', "code-repeated"),
        ('parent = "unclear"', 'parent = "rumour"', "unknown-value"),
        ('parent = "unclear"', "", "missing-key"),
        ('word = "rumour"', 'word = "Rumour!"', "malformed-value"),
        ("[[reasons]]", "[[reason]]", "unknown-key"),
    ],
)
def test_a_bad_word_is_a_finding_in_dataset_toml(mine: Path, old: str, new: str, code: str) -> None:
    edit("dataset/dataset.toml", old, new)
    [finding] = standoff.check("dataset")
    assert finding.code == code
    assert finding.path.endswith("dataset.toml")
    assert finding.line


# ---- codes ---------------------------------------------------------------------------------------------------------

EXTENDED = """
name = "cameo_extended"
title = "CAMEO 1.1b3, extended"
extends = "cameo"
actions = "actions.csv"

[[actor_lists]]
name = "groups"
file = "groups.csv"
label = "name"
"""


@pytest.fixture
def extended(mine: Path) -> Path:
    """The project with a code and a group of its own, both in use."""
    edit("dataset/dataset.toml", 'scheme = "cameo"\n', "")
    codes = mine / "dataset" / "codes"
    codes.mkdir()
    (codes / "scheme.toml").write_text(EXTENDED)
    (codes / "actions.csv").write_text("code,label,parent\n0461,Negotiate about fish,046\n")
    (codes / "groups.csv").write_text("code,name\nFSH,Fishermen's guild\n")
    edit("dataset/events/d001.yaml", '    action: "046"\n', '    action: "0461"\n')
    edit("dataset/actors.yaml", 'code: "PCNGOV"', 'code: "PCNFSH"')
    return codes


def test_codes_below_shipped_ones_are_checked_released_and_looked_up(
    extended: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert counts() == {}
    assert main(["build"]) == 0
    event = standoff.load("events", source=".").row(0, named=True)
    assert (event["action"], event["root"], event["quad_class"]) == ("0461", "04", 1)
    assert event["action_scheme"] == "CAMEO 1.1b3, extended"
    assert standoff.load("actions", source=".").height == 319
    capsys.readouterr()
    assert main(["codes", "fish"]) == 0
    assert {line.split()[0] for line in capsys.readouterr().out.splitlines() if line[:1].strip()} >= {
        "0461",
        "FSH",
    }


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        ("actions.csv", "code,label,parent\n0461,Fish,0469\n", "code-parent-unknown"),
        ("actions.csv", "code,label,parent\n0461,Fish,0462\n0462,Fish,0461\n", "code-cycle"),
        ("actions.csv", "code,label,parent\n0461,Fish,046\n0461,Fish,046\n", "code-repeated"),
        ("actions.csv", "code,label,parent\n046,Fish,04\n", "code-repeated"),
        ("actions.csv", "code,label\n0461,Fish\n", "code-list-malformed"),
        ("actions.csv", 'code,label,parent\n0461,"Fish,046\n', "code-list-malformed"),
        ("actions.csv", "code,label,parent\n0461,,046\n", "code-list-malformed"),
        ("groups.csv", "code,name\nfish,Fishermen\n", "code-list-malformed"),
        ("groups.csv", "code,name\nFSH,\n", "code-list-malformed"),
        ("groups.csv", "code,name,cow_code\nFSH,Fishermen,two\n", "code-list-malformed"),
        ("scheme.toml", EXTENDED.replace('extends = "cameo"', 'extends = "camea"'), "scheme-inconsistent"),
        ("scheme.toml", EXTENDED.replace("groups.csv", "group.csv"), "scheme-inconsistent"),
        ("scheme.toml", 'default_scale = "fish"\n' + EXTENDED, "scheme-inconsistent"),
        ("scheme.toml", "name = ", "toml-syntax"),
        ("scheme.toml", EXTENDED.replace("groups.csv", "../groups.csv"), "malformed-value"),
    ],
)
def test_a_bad_list_is_a_finding_with_its_place(extended: Path, file: str, text: str, code: str) -> None:
    (extended / file).write_text(text)
    findings = [finding for finding in standoff.check("dataset") if finding.code == code]
    assert findings
    assert all(finding.path.endswith(f"codes/{file}") for finding in findings)
    assert all(finding.line for finding in findings)
    assert all(finding.remedy for finding in findings)


def test_nothing_in_a_dataset_is_executed(extended: Path) -> None:
    for folder in (extended, extended.parent, extended.parent.parent):
        for name in ("conftest.py", "setup.py", "sitecustomize.py", "codes.py", "__init__.py"):
            (folder / name).write_text("raise SystemExit('executed')\n")
    assert set(counts()) == {"stray-file"}
    assert main(["show", "d001"]) == 0


@pytest.mark.parametrize(
    "command",
    [
        ["check"],
        ["check", "--format", "github"],
        ["fmt"],
        ["build"],
        ["docs"],
        ["agree"],
        ["show", "d001"],
        ["new", "event", "d001"],
        ["new", "document", "text.txt"],
        ["upgrade"],
        ["upgrade", "--annotations"],
    ],
    ids=" ".join,
)
def test_a_folder_that_is_not_a_dataset_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    (tmp_path / "text.txt").write_text("A text.\n")
    monkeypatch.chdir(tmp_path)
    assert main(command) == 2
    out, err = capsys.readouterr()
    assert not out
    assert err.startswith(f"standoff {command[0]}: ")
    assert "dataset" in err or ".standoff.json" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["text.txt"]


def test_ten_thousand_codes_are_read_in_the_time_of_a_check(mine: Path) -> None:
    edit("dataset/dataset.toml", 'scheme = "cameo"\n', "")
    codes = mine / "dataset" / "codes"
    codes.mkdir()
    (codes / "scheme.toml").write_text(EXTENDED.partition("[[actor_lists]]")[0] + 'pattern = "[0-9]{2,7}"\n')
    rows = [
        f"04{i:05},Negotiate about matter {i},{'046' if i % 10 == 0 else f'04{i - i % 10:05}'}\n"
        for i in range(10_000)
    ]
    (codes / "actions.csv").write_text("code,label,parent\n" + "".join(rows))
    edit("dataset/events/d001.yaml", '    action: "046"\n', '    action: "0409999"\n')
    started = time.process_time()
    assert counts() == {}
    assert time.process_time() - started < 10
    edit("dataset/events/d001.yaml", '"0409999"', '"0499999"')
    [finding] = [each for each in standoff.check("dataset") if each.code == "unknown-action"]
    assert finding.closest
