"""What docs/ shows of scoring is what the program prints; the example file follows the schema."""

import json
import re
from pathlib import Path

import jsonschema
import pytest

from standoff import cli, schema
from standoff.scoring.matching import RULE

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"


def test_the_example_report_is_what_the_command_prints(tmp_path, monkeypatch):
    """Write it again with the command on docs/scoring.md and --report markdown --out docs/examples/report.md."""
    monkeypatch.chdir(ROOT)
    out = tmp_path / "report.md"
    arguments = ["score", "docs/examples/model-answers.jsonl", "--gold", "2.0.0", "--texts", "seeds"]
    arguments += ["--documents", "d001", "--documents", "d004", "--report", "markdown", "--out", str(out)]
    assert cli.main(arguments) == 0

    def without_version(path):
        return re.sub(r"(scorer:|\| scorer \| )[^|]+", r"\1x", path.read_text("utf-8"))

    assert without_version(EXAMPLES / "report.md") == without_version(out)


def test_the_tutorial_shows_what_the_command_prints_without_the_documents(tmp_path, monkeypatch, capsys):
    """Copy the beginning of what the command prints in an empty folder; the number of the release may differ."""
    page = (ROOT / "docs" / "tutorials" / "score-a-model.md").read_text("utf-8")
    command, shown = re.search(r"```console\n\$ standoff (.+?)\n(.+?)\n\n…\n```", page, re.DOTALL).groups()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model-answers.jsonl").write_bytes((EXAMPLES / "model-answers.jsonl").read_bytes())
    assert cli.main(command.split()) == 0

    def plain(text):
        return " ".join(re.sub(r"\(gold\s+release\s+[^)]+\)", "(gold)", text).split())

    assert plain(capsys.readouterr().out).startswith(plain(shown))


def test_the_example_answers_follow_the_schema():
    validator = jsonschema.Draft202012Validator(schema.json_schema("prediction"))
    lines = (EXAMPLES / "model-answers.jsonl").read_text("utf-8").splitlines()
    assert len(lines) > 10
    for line in lines:
        validator.validate(json.loads(line))


def test_the_line_on_the_page_is_one_of_the_example(capsys):
    page = (ROOT / "docs" / "scoring.md").read_text("utf-8")
    shown = re.search(r"^ *(\{\"document\".*\})$", page, re.MULTILINE)[1]
    assert shown in (EXAMPLES / "model-answers.jsonl").read_text("utf-8")


def test_the_rule_has_ten_points_and_is_printed(capsys):
    assert cli.main(["score", "--explain"]) == 0
    assert capsys.readouterr().out == RULE
    assert len(re.findall(r"^ ?\d+\. ", RULE, re.MULTILINE)) == 10


@pytest.mark.parametrize(
    "name",
    [
        "predictions",
        "standoff",
        "release",
        "brat",
        "textee",
        "langextract",
        "petrarch",
        "icews",
        "plover",
        "polecat",
        "gdelt1",
        "gdelt2",
    ],
)
def test_every_format_is_on_the_page(name):
    from standoff.exchange.formats import MODULES

    assert name in MODULES
    assert f"`{name}`" in (ROOT / "docs" / "scoring.md").read_text("utf-8")
