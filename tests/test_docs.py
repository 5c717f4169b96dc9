"""The pages of docs/: their examples run, and what they show is what comes out.

A block is run by its language: python in one namespace for each page, sql in DuckDB in the folder of a release, and
console by its lines that begin with "$ standoff"; the output must then be what the block shows, where "…" stands for anything.
Of sh blocks every standoff command must be one that the program takes. A block below `<!-- not run: REASON -->` is
left out.
"""

from __future__ import annotations

import ast
import doctest
import json
import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

import standoff
from standoff import cli

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
TUTORIALS = sorted((DOCS / "tutorials").glob("*.md"))
NOTEBOOKS = sorted((DOCS / "tutorials").glob("*.ipynb"))
RUN = [ROOT / "README.md", *TUTORIALS, DOCS / "loaders.md"]
"""Pages whose examples are run."""
BLOCK = re.compile(
    r"(?P<left_out><!-- not run: [^>]+ -->\n+)?^(?P<indent> *)```(?P<language>\w+)\n(?P<text>.*?)^(?P=indent)```",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    """A block of code on a page, and the line on which it begins."""

    language: str
    text: str
    line: int


def blocks(page: Path) -> list[Block]:
    """Return the blocks of a page that are to be run."""
    text = page.read_text("utf-8")
    return [
        Block(
            found["language"],
            re.sub(f"^{found['indent']}", "", found["text"], flags=re.MULTILINE),
            text.count("\n", 0, found.start("text")) + 1,
        )
        for found in BLOCK.finditer(text)
        if not found["left_out"]
    ]


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a reader: the checkout, copies of the documents, and a file of GDELT."""
    for name in ("docs", "releases", "schema"):
        (tmp_path / name).symlink_to(ROOT / name)
    for name in ("dataset", "seeds"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("LICENSE-DATA", "CODEBOOK.md", "DATASHEET.md", "AGREEMENT.md", "agreement.json"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / "my-copies").symlink_to(ROOT / "seeds")
    for name in ("20240101.export.CSV", "model-answers.jsonl"):
        shutil.copy(DOCS / "examples" / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run_console(block: Block, capsys: pytest.CaptureFixture[str]) -> None:
    """Run the commands of a console block, and compare what they print with what the block shows."""
    for part in re.split(r"(?m)^\$ ", block.text)[1:]:
        command, _, shown = part.partition("\n")
        words = shlex.split(command, comments=True)
        assert words[0] == "standoff", command
        capsys.readouterr()
        cli.main(words[1:])
        out = capsys.readouterr().out
        pattern = "".join(
            ".*" if piece == "…" else re.escape(piece) for piece in re.split("(…)", shown.strip())
        )
        assert re.fullmatch(pattern, out.strip(), re.DOTALL), f"{command} prints\n{out}"


def run_page(page: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """Run the blocks of a page in order; return the names that its Python leaves, and those of `tables` from SQL."""
    names: dict[str, Any] = {"tables": []}
    for block in blocks(page):
        if block.language == "python":
            exec(compile("\n" * (block.line - 1) + block.text, str(page), "exec"), names)
        elif block.language == "sql":
            folder = standoff.path("events").parent
            query = re.sub(r"'(?:releases/v[^/]+/)?(\w+\.parquet)'", rf"'{folder}/\1'", block.text)
            names["tables"].append(duckdb.sql(query).fetchall())
        elif block.language == "console":
            run_console(block, capsys)
    return names


@pytest.mark.parametrize("page", RUN, ids=lambda page: page.stem)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_the_examples_of_a_page_run(page: Path, reader: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert blocks(page)
    if page.name == "README.md":  # which shows what is found in a record with a slip
        record = reader / "dataset" / "events" / "d003.yaml"
        text = record.read_text("utf-8")
        record.write_text(text.replace('"moved additional forces"', '"moved aditional forces"'), "utf-8")
    run_page(page, capsys)


def test_every_program_gives_the_same_answer(reader: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = run_page(DOCS / "tutorials" / "five-minutes.md", capsys)
    answer = {(actor, target): events for actor, target, events in names["answer"].iter_rows()}
    assert answer
    assert dict(names["counts"]) == answer
    [rows] = names["tables"]
    assert {(actor, target): events for actor, target, events in rows} == answer


def everything() -> Iterator[tuple[str, Block]]:
    """Every block of every page that people write, with the name of the page."""
    for page in [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]:
        name = page.relative_to(ROOT).as_posix()
        if name != "CHANGELOG.md" and not name.startswith(("docs/rules/", "docs/readers/")):
            yield from ((f"{name}:{block.line}", block) for block in blocks(page))


def commands(block: Block) -> Iterator[list[str]]:
    """The words of each standoff command in a block of shell, without the name."""
    prompt = r"\$ " if block.language == "console" else ""
    for command in re.findall(rf"(?m)^{prompt}standoff (.*)$", block.text):
        yield shlex.split(command, comments=True)


def taken(words: list[str]) -> bool:
    """Return whether the command line takes these words."""
    try:
        cli._parser().parse_args(words)
    except SystemExit as stop:
        return stop.code == 0
    return True


def test_the_program_takes_every_command_on_the_pages(capsys: pytest.CaptureFixture[str]) -> None:
    seen = 0
    for place, block in everything():
        for words in commands(block) if block.language in ("sh", "console") else ():
            seen += 1
            assert taken(words), f"{place}: standoff {shlex.join(words)}: {capsys.readouterr().err}"
    assert seen > 30


def test_every_name_of_standoff_on_the_pages_is_public() -> None:
    for place, block in everything():
        if block.language == "python":
            tree = ast.parse(block.text)
            used = {
                node.attr
                for node in ast.walk(tree)
                if isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id == "standoff"
            }
            assert used <= {*standoff.__all__, "bulk", "testing"}, place


def test_every_public_name_is_in_the_reference() -> None:
    page = (DOCS / "python.md").read_text("utf-8")
    missing = set(standoff.__all__) ^ set(re.findall(r"(?m)^::: standoff\.(\w+)$", page))
    assert not missing, f"write `::: standoff.NAME` into docs/python.md for {sorted(missing)}"


@pytest.mark.parametrize(
    "name", [name for name in sorted(standoff.__all__) if ">>>" in (getattr(standoff, name).__doc__ or "")]
)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_the_examples_of_the_reference_run(name: str, reader: Path) -> None:
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    runner = doctest.DocTestRunner(optionflags=flags)
    for test in doctest.DocTestFinder(recurse=False).find(getattr(standoff, name), name, globs={}):
        assert runner.run(test).failed == 0, name
    assert runner.summarize(verbose=False).attempted > 0


def test_every_function_of_the_reference_has_an_example() -> None:
    functions = [name for name in standoff.__all__ if type(getattr(standoff, name)).__name__ == "function"]
    without = {name for name in functions if ">>>" not in (getattr(standoff, name).__doc__ or "")}
    assert not without, f"write an Examples section for {sorted(without)}"


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_kept_without_output(notebook: Path) -> None:
    for cell in json.loads(notebook.read_text("utf-8"))["cells"]:
        assert not cell.get("outputs"), cell["id"]
        assert not cell.get("execution_count"), cell["id"]


def test_the_navigation_names_every_page_once_at_least() -> None:
    import yaml

    text = re.sub(r"!!python\S+", "", (ROOT / "mkdocs.yml").read_text("utf-8"))

    def pages(entry: Any) -> Iterator[str]:
        if isinstance(entry, str):
            yield entry
        else:
            for each in entry.values() if isinstance(entry, dict) else entry:
                yield from pages(each)

    named = set(pages(yaml.safe_load(text)["nav"]))
    of_docs = {
        page.relative_to(DOCS).as_posix() for page in [*DOCS.glob("*.md"), *DOCS.glob("tutorials/*.*")]
    }
    missing = {page.replace(".ipynb", ".md") for page in of_docs} - named
    assert not missing, f"add these pages to nav in mkdocs.yml: {sorted(missing)}"
