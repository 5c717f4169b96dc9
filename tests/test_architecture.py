"""Imports go one way: each part of standoff knows the parts of earlier lines of this list, and no others."""

import ast
import re
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from standoff.rules import catalogue

PACKAGE = Path(__file__).parents[1] / "src" / "standoff"
LAYERS = (
    ("model",),
    ("schema", "findings", "scratch"),
    ("codes", "markdown", "terminal", "lazy"),
    ("source", "tables"),
    ("rules",),
    ("report", "agreement", "loaders", "testing"),
    ("page",),
    ("show", "scaffold", "bulk", "release"),
    ("checking", "documents", "project", "exchange"),
    ("scoring",),
    ("__init__",),
    ("cli",),
    ("__main__",),
)
LEVEL = {part: level for level, parts in enumerate(LAYERS) for part in parts}


@cache
def nodes(file):
    """Every import statement of a file."""
    tree = ast.walk(ast.parse(file.read_text("utf-8")))
    return [node for node in tree if isinstance(node, ast.Import | ast.ImportFrom)]


def imports(part):
    """Every part of standoff that a part imports, at its top or inside a function."""
    path = PACKAGE / part
    files = path.rglob("*.py") if path.is_dir() else [path.with_suffix(".py")]
    for file in files:
        for node in nodes(file):
            if isinstance(node, ast.ImportFrom) and node.module == "standoff":
                yield from (alias.name for alias in node.names if alias.name != "__version__")
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("standoff."):
                yield node.module.split(".")[1]
            elif isinstance(node, ast.Import):
                yield from (a.name.split(".")[1] for a in node.names if a.name.startswith("standoff."))


def test_every_part_has_its_place():
    parts = {
        path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    assert parts == set(LEVEL)


def test_the_page_shows_every_part_at_its_level():
    page = (PACKAGE.parents[1] / "docs" / "architecture.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \| `(\w+)(?:/|\.py)` \|", page, re.MULTILINE)
    assert [(int(level), part) for level, part in rows] == [(n + 1, part) for part, n in LEVEL.items()]


@pytest.mark.parametrize("part", LEVEL)
def test_no_part_knows_what_stands_above_it(part):
    assert {other for other in imports(part) if other != part and LEVEL[other] >= LEVEL[part]} == set()


def modules():
    """Return every module of standoff by its dotted name, with the modules that it imports anywhere in its text."""
    files = {
        ".".join(("standoff", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(
            ".__init__"
        ): path
        for path in PACKAGE.rglob("*.py")
    }
    known = {}
    for name, path in files.items():
        imported = known[name] = set()
        for node in nodes(path):
            if isinstance(node, ast.ImportFrom) and node.module in files:
                inner = {f"{node.module}.{alias.name}" for alias in node.names}
                # Names that are no modules come from the package's own file; all may know the version.
                own = {node.module} - {"standoff"}
                imported |= inner & files.keys() or own
            elif isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names} & files.keys()
        imported.discard(name)
    return known


def test_no_modules_import_each_other():
    TopologicalSorter(modules()).prepare()  # raises CycleError, which names the circle


def test_the_model_is_pure_and_the_loaders_stand_alone():
    assert set(imports("model")) <= {"model"}
    assert set(imports("loaders")) <= {"loaders", "findings", "model"}


def test_only_the_contract_imports_pandera():
    importers = {
        file.relative_to(PACKAGE).as_posix()
        for file in PACKAGE.rglob("*.py")
        if re.search(r"^\s*(import|from) pandera", file.read_text("utf-8"), re.MULTILINE)
    }
    assert importers == {"release/contract.py"}


def test_the_page_says_where_a_rule_of_each_module_goes():
    page = (PACKAGE.parents[1] / "docs" / "architecture.md").read_text("utf-8")
    listed = re.findall(r"^\|[^|]+\| `(\w+)\.py` \|$", page, re.MULTILINE)
    assert sorted(listed) == sorted(module.__name__.rpartition(".")[2] for module in catalogue.modules())
