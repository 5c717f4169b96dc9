"""Codebook and datasheet: every rule has an example, and what is generated is never out of date."""

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff import cli, markdown
from standoff.documents import generated
from standoff.findings import UsageError
from standoff.rules import pages
from standoff.rules.catalogue import own_rules
from standoff.source.corpus import read_corpus
from standoff.tables import TABLES
from standoff.tables.released import REASONS

ROOT = Path(__file__).parents[2]
CODEBOOK = (ROOT / "CODEBOOK.md").read_text("utf-8")
RULES = re.findall(r"^\*\*(\d+)\.(\d+)\*\* ", CODEBOOK, re.MULTILINE)


@pytest.fixture(scope="module")
def documented(tmp_path_factory):
    """The made-up corpus with the real codebook and datasheet beside it, all up to date."""
    folder = tmp_path_factory.mktemp("documented")
    shutil.copytree(ROOT / "tests" / "corpus", folder, dirs_exist_ok=True)
    for name in ("CODEBOOK.md", "DATASHEET.md", "README.md"):
        shutil.copy(ROOT / name, folder)
    assert docs(folder) == 0
    return folder


@pytest.fixture
def project(documented, tmp_path):
    """A copy of it to change at will."""
    shutil.copytree(documented, tmp_path, dirs_exist_ok=True)
    return tmp_path


def docs(project, *options):
    return cli.main(["docs", "--dataset", str(project / "dataset"), *options])


# --- The rules


def test_rules_are_numbered_without_gaps_in_their_section():
    sections = {int(section) for section, _ in RULES}
    assert sections >= {1, 2, 3, 4, 5, 6, 7}
    for section in sections:
        numbers = [int(number) for of, number in RULES if int(of) == section]
        assert numbers == list(range(1, len(numbers) + 1)), f"section {section}"
    headings = re.findall(r"^## (\d+)\. ", CODEBOOK, re.MULTILINE)
    assert [int(number) for number in headings] == list(range(1, len(headings) + 1))


def test_every_rule_has_an_example():
    for rule in re.split(r"^(?=\*\*\d+\.\d+\*\* )", CODEBOOK, flags=re.MULTILINE)[1:]:
        paragraph = rule.partition("\n\n")[0]
        assert "\n> " in paragraph, f"this rule has no example: {paragraph}"


def test_every_reason_of_a_negative_has_a_rule():
    explained = re.findall(r"^\*\*3\.\d+\*\* `(\w+)`", CODEBOOK, re.MULTILINE)
    assert explained == list(REASONS)


def test_rules_that_notes_cite_exist():
    rules = {f"{section}.{number}" for section, number in RULES}
    rules |= set(re.findall(r"^\*\*9\.\d+\*\* `([a-z-]+)`: ", CODEBOOK, re.MULTILINE))
    for path in [*(ROOT / "dataset" / "events").glob("*.yaml"), ROOT / "CODEBOOK.md"]:
        for cited in re.findall(r"\b[Rr]ules? (\d+\.\d+|[a-z]+(?:-[a-z]+)+)", path.read_text("utf-8")):
            assert cited in rules, f"{path.name} cites rule {cited}"


# --- What is generated


def test_the_documents_of_this_repository_are_up_to_date(monkeypatch):
    """All but the pages of the rules, which tests/rules/test_catalogue.py compares."""
    written = {path.name: path.read_text("utf-8") for path in (ROOT / "docs" / "rules").iterdir()}
    monkeypatch.setattr("standoff.rules.pages.pages", lambda: written)
    stale = generated.stale(generated.documents(read_corpus(ROOT / "dataset"), ROOT))
    assert not stale, f"run `standoff docs`: {', '.join(path.name for path in stale)} out of date"


def test_the_codebook_explains_every_column_of_every_table(project):
    text = (project / "CODEBOOK.md").read_text("utf-8")
    for name, table in TABLES.items():
        section = re.search(rf"^#### `{name}`\n(.*?)^(?:####|<!--)", text, re.MULTILINE | re.DOTALL)[1]
        for column in table.columns:
            assert f"| `{column.name}` | {column.kind} |" in section


def test_a_change_of_the_data_is_noticed_and_renewed(project, capsys):
    assert docs(project, "--check") == 0
    file = project / "dataset" / "events" / "d901.yaml"
    text = file.read_text("utf-8")
    file.write_text(
        text.replace(
            '    action: "130"\n', '    action: "138"\n    source_error: "April | has no 31st <day>."\n'
        ),
        "utf-8",
    )
    capsys.readouterr()
    assert docs(project, "--check") == 1
    printed = capsys.readouterr().out
    assert "CODEBOOK.md is out of date: run `standoff docs`" in printed
    assert "AGREEMENT.md" not in printed  # the passes have not changed
    assert docs(project) == 0
    assert docs(project, "--check") == 0
    assert "| `138` | Threaten with military force, not specified below | 2 |" in (
        project / "CODEBOOK.md"
    ).read_text("utf-8")
    assert "| d901-e03 | April \\| has no 31st &lt;day>. |" in (project / "DATASHEET.md").read_text("utf-8")


def test_with_a_dev_version_only_what_comes_from_schemas_and_code_is_checked(project, capsys):
    meta = project / "dataset" / "dataset.toml"
    meta.write_text(
        re.sub('(?m)^version = ".*"$', 'version = "0.3.0.dev1"', meta.read_text("utf-8")), "utf-8"
    )
    file = project / "dataset" / "events" / "d901.yaml"
    file.write_text(file.read_text("utf-8").replace('    action: "130"\n', '    action: "138"\n'), "utf-8")
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    assert docs(project, "--check") == 0
    assert docs(project) == 0
    assert {path: path.read_bytes() for path in before} == before
    capsys.readouterr()
    assert docs(project, "--check", "--all") == 1
    printed = capsys.readouterr().out
    for name in ("CODEBOOK.md", "README.md", "CITATION.cff"):
        assert f"{name} is out of date" in printed

    codebook = project / "CODEBOOK.md"
    text = codebook.read_text("utf-8")
    codebook.write_text(text.replace("| `event_id` | string |", "| `event_id` | words |"), "utf-8")
    assert codebook.read_text("utf-8") != text
    assert docs(project, "--check") == 1
    assert docs(project) == 0
    assert codebook.read_text("utf-8") == text

    assert docs(project, "--all") == 0
    assert docs(project, "--check", "--all") == 0


def test_pages_about_standoff_are_renewed_where_they_are_and_nowhere_else(project, capsys, monkeypatch):
    shown = {"quote-not-found.md": pages.page(own_rules()["quote-not-found"])}
    monkeypatch.setattr("standoff.rules.pages.pages", lambda: shown)
    assert not list(project.glob("docs/r*"))
    (project / "docs" / "rules").mkdir(parents=True)
    (project / "docs" / "figures").mkdir()
    (project / "docs" / "rules" / "of-no-rule.md").write_text("# of-no-rule\n", "utf-8")
    releases = (ROOT / "docs" / "releases.md").read_text("utf-8")
    (project / "docs" / "releases.md").write_text(
        releases.replace("| `row-added` |", "| `row-addled` |"), "utf-8"
    )
    capsys.readouterr()
    assert docs(project, "--check") == 1
    printed = capsys.readouterr().out
    for name in (
        "docs/rules/quote-not-found.md",
        "docs/rules/of-no-rule.md",
        "docs/releases.md",
        "docs/figures/timeline.svg",
    ):
        assert f"{name} is out of date: run `standoff docs`" in printed
    assert docs(project) == 0
    assert "docs/rules/of-no-rule.md removed" in capsys.readouterr().out
    assert (project / "docs" / "releases.md").read_text("utf-8") == releases
    assert (
        (project / "docs" / "rules" / "quote-not-found.md")
        .read_text("utf-8")
        .startswith("# quote-not-found\n")
    )
    assert docs(project, "--check") == 0


def test_a_dataset_with_errors_has_no_documents(project, capsys):
    file = project / "dataset" / "events" / "d901.yaml"
    before = (project / "CODEBOOK.md").read_bytes()
    file.write_text(file.read_text("utf-8").replace('"130"', '"999"'), "utf-8")
    assert docs(project) == 1
    assert "d901.yaml" in capsys.readouterr().err
    assert (project / "CODEBOOK.md").read_bytes() == before


def test_a_missing_codebook_is_named(project, capsys):
    (project / "CODEBOOK.md").unlink()
    assert docs(project) == 2
    assert "CODEBOOK.md is not there" in capsys.readouterr().err


def test_without_two_passes_the_datasheet_says_so(project):
    shutil.rmtree(project / "dataset" / "passes" / "a2")
    assert docs(project) == 0
    assert "There are no two passes to compare." in (project / "DATASHEET.md").read_text("utf-8")


def test_a_third_pass_leaves_the_report_on_the_first_two(project):
    passes = project / "dataset" / "passes"
    before = (project / "AGREEMENT.md").read_bytes()
    shutil.copytree(passes / "a1", passes / "later")
    meta = project / "dataset" / "dataset.toml"
    third = '\n[[annotators]]\nid = "later"\nkind = "person"\nname = "made up"\ntask = "Third pass."\n'
    meta.write_text(meta.read_text("utf-8") + third, "utf-8")
    assert docs(project) == 0
    assert (project / "AGREEMENT.md").read_bytes() == before


def test_the_datasheet_counts_what_the_adjudicator_dropped_and_added(project):
    file = project / "dataset" / "passes" / "a1" / "d901.yaml"
    head, events, negatives = re.split(
        r"^(?=events:|negatives:)", file.read_text("utf-8"), flags=re.MULTILINE
    )
    kept = re.split(r"^(?=  - id: )", events, flags=re.MULTILINE)
    file.write_text(head + "".join(kept[:-1]) + negatives, "utf-8")
    shutil.rmtree(project / "dataset" / "passes" / "a2")
    assert docs(project) == 0
    text = (project / "DATASHEET.md").read_text("utf-8")
    assert "| a1 | event | 7 | 7 |" in text
    assert "| released | event | 8 | 7 |" in text


# --- Markers and tables

prose = st.text(alphabet="ab |#\n", max_size=20)
PAGE = """{}
<!-- begin one: generated -->
{}
<!-- end one -->
{}
<!-- begin two -->
{}
<!-- end two -->
{}"""


@given(*[prose] * 7)
def test_filling_leaves_what_people_wrote_and_is_done_once(before, old, between, older, after, new, newer):
    parts = {"one": new, "two": newer}
    filled = markdown.fill(PAGE.format(before, old, between, older, after), parts)
    assert markdown.fill(filled, parts) == filled
    assert markdown.fill(PAGE.format(before, "", between, "other", after), parts) == filled
    wanted = PAGE.format(before, f"\n{new.strip()}\n", between, f"\n{newer.strip()}\n", after)
    assert filled == wanted


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("no marker", "one"),
        ("<!-- begin one -->\n", "one"),
        ("<!-- end one -->\n<!-- begin one -->\n", "one"),
        ("<!-- begin one -->\n<!-- end one -->\n<!-- begin two -->\n<!-- end two -->", "two"),
        ("<!-- begin one -->\n<!-- end one -->\n<!-- begin one -->\n<!-- end one -->", "one"),
        ("<!-- begin one -->\n<!-- end two -->", "two"),
    ],
)
def test_a_page_with_wrong_markers_is_refused(page, says):
    with pytest.raises(UsageError, match=f"markers of.*{says}.* are wrong"):
        markdown.fill(page, {"one": "new"})


cells = st.none() | st.integers() | st.text(alphabet="a|<\n -", max_size=8)


@given(st.lists(st.tuples(cells, cells), max_size=4))
def test_a_table_keeps_its_shape_whatever_its_cells_hold(rows):
    lines = markdown.table(["a", "b"], rows).split("\n")
    assert len(lines) == 2 + len(rows)
    assert all(len(re.findall(r"(?<!\\)\|", line)) == 3 for line in lines)
    assert not any("<" in line for line in lines)
