"""No code of a scheme stands in the source: what the program knows about codes is data."""

import ast
import re
from pathlib import Path

from standoff.codes import shipped

SOURCE = Path(__file__).parents[2] / "src" / "standoff"
KNOWN = {code for name in shipped.names() for code in shipped.scheme(name).actions}
KNOWN |= {code for name in shipped.names() for code in shipped.scheme(name).actor_elements}


def literals(tree: ast.AST) -> list[tuple[int, str]]:
    """Every string constant that is a code of a scheme, docstrings and formats of numbers left out."""
    nodes = list(ast.walk(tree))
    bare = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    bare |= {
        id(part)
        for node in nodes
        if isinstance(node, ast.FormattedValue) and node.format_spec
        for part in ast.walk(node.format_spec)
    }
    return [
        (node.lineno, node.value)
        for node in nodes
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in bare
        and node.value in KNOWN
    ]


def beginnings(tree: ast.AST) -> list[tuple[int, str]]:
    """Every place where the beginning of an action code is cut off or compared, which knows how codes are built."""
    found = []
    for node in ast.walk(tree):
        cut = isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice) and node.value
        tested = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func
        if tested and tested.attr in ("startswith", "endswith"):
            cut = tested.value
        name = getattr(cut, "attr", getattr(cut, "id", "")) if cut else ""
        if name in ("action", "root"):
            found.append((node.lineno, ast.unparse(node)))
    return found


def suspicious(text: str) -> bool:
    """Whether a text may hold a code or cut one; only such files are parsed."""
    quoted = set(re.findall(r"""(?=["']([^"'\s]+)["'])""", text))
    return (
        not KNOWN.isdisjoint(quoted)
        or re.search(r"\b(action|root)\b\)?(\[|\.(starts|ends)with)", text) is not None
    )


def test_no_code_stands_in_the_source() -> None:
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        if not suspicious(text := path.read_text("utf-8")):
            continue
        tree = ast.parse(text)
        if codes := literals(tree) + beginnings(tree):
            found[path.relative_to(SOURCE).as_posix()] = codes
    assert found == {}


def test_the_search_finds_what_it_looks_for() -> None:
    text = (
        '"""190"""\nif event.action == "190" or event.action[:2] in {"19"}: f(action.startswith("1"), "GOV")'
    )
    assert suspicious(text)
    assert suspicious("""f("a b","GOV")""")
    assert not suspicious('f("X", event.action)')
    tree = ast.parse(text)
    assert sorted(value for _, value in literals(tree)) == ["19", "190", "GOV"]
    assert sorted(text for _, text in beginnings(tree)) == ["action.startswith('1')", "event.action[:2]"]
