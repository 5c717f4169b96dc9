"""Reading a scheme: what a dataset may write, what it inherits, and every kind of fault with its place."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff import schema
from standoff.codes import shipped
from standoff.codes.reading import Problem, read
from standoff.codes.scheme import Scheme
from standoff.source.form import violations

OWN: dict[str, Any] = {"name": "own", "title": "Our own", "actions": "actions.csv"}
ACTIONS = "code,label,parent,target\nA,Act,,\nA1,Act once,A,optional\nA11,Act once more,A1,\n"


def reading(
    listed: str = ACTIONS, base: str | None = None, **stated: Any
) -> tuple[Scheme | None, list[Problem]]:
    files = {"actions.csv": listed, **stated.pop("files", {})}
    return read({**OWN, **stated}, files.get, shipped.scheme(base) if base else None)


@pytest.mark.parametrize("name", shipped.names())
def test_a_shipped_scheme_follows_its_schema_and_has_no_problems(name: str) -> None:
    import tomllib

    folder = shipped.folder() / name
    stated = tomllib.loads((folder / "scheme.toml").read_text("utf-8"))
    assert violations("scheme", stated) == []
    assert stated["name"] == name

    def text_of(file: str) -> str:
        return (folder / file).read_text("utf-8")

    assert read(stated, text_of)[1] == []


def test_the_schema_is_shipped() -> None:
    assert schema.json_schema("scheme")["$id"] == "urn:standoff:schema:scheme"


def test_a_code_requires_what_its_parent_requires_unless_it_says_otherwise() -> None:
    scheme, problems = reading()
    assert scheme is not None
    assert problems == []
    assert [(a.code, a.root, a.level, a.target_required) for a in scheme.actions.values()] == [
        ("A", "A", 1, True),
        ("A1", "A", 2, False),
        ("A11", "A", 3, False),
    ]


def test_a_scheme_extends_another_and_inherits_from_its_codes() -> None:
    scheme, problems = reading("code,label,parent\n1961,With drones,196\n", base="cameo")
    assert scheme is not None
    assert problems == []
    assert len(scheme.actions) == len(shipped.scheme("cameo").actions) + 1
    added = scheme.actions["1961"]
    assert (added.root, added.level, added.quad_class, added.reciprocal) == ("19", 3, 4, True)
    assert scheme.actions.distance("1961", "196") == pytest.approx(1 / 3)
    assert set(added.scales.values()) == {None}


@pytest.mark.parametrize(
    ("actions", "stated", "expected"),
    [
        ("code,label,parent\nA,Act,\nA,Again,\n", {}, ("code-repeated", 3)),
        ("code,label,parent\nA,Act,B\nC,See,\n", {}, ("code-parent-unknown", 2)),
        ("code,label,parent\nA,Act,B\nB,Be,A\nC,See,\n", {}, ("code-cycle", 2)),
        ("code,label,parent\nC,See,\nA,Act,A\n", {}, ("code-cycle", 3)),
        ("code,label,parent,counterpart\nA,Act,,B\n", {}, ("code-parent-unknown", 2)),
        ("code,label,parent,actor\nA,Act,,perhaps\n", {}, ("code-list-malformed", 2)),
        ("code,label,parent,quad_class\nA,Act,,four\n", {}, ("code-list-malformed", 2)),
        ("code,label\nA,Act\n", {}, ("code-list-malformed", 1)),
        ('code,label,parent\n"A,Act,\n', {}, ("code-list-malformed", None)),
        ('code,label,parent\nA,"two\nlines",\nB,Be\n', {}, ("code-list-malformed", 4)),
        ("code,label,parent\nA,Act,\n,Be,\n", {}, ("code-list-malformed", 3)),
        ("code,label,parent\nA,Act,\nb,Be,\n", {"pattern": "[A-Z]"}, ("code-list-malformed", 3)),
        (ACTIONS, {"pattern": "("}, ("scheme-inconsistent", None)),
        (ACTIONS, {"default_scale": "none"}, ("scheme-inconsistent", None)),
        (ACTIONS, {"actions": "missing.csv"}, ("scheme-inconsistent", None)),
        ("", {}, ("code-list-malformed", 1)),
        (
            "code,label,parent,value\nA,Act,,11\n",
            {"scales": [{"name": "s", "column": "value", "title": "S", "minimum": -10, "maximum": 10}]},
            ("code-list-malformed", 2),
        ),
        (
            ACTIONS,
            {
                "actor_lists": [{"name": "roles", "file": "roles.csv"}],
                "files": {"roles.csv": "code,label\nGov,G\n"},
            },
            ("code-list-malformed", 2),
        ),
        (
            ACTIONS,
            {
                "actor_lists": [{"name": "roles", "file": "r.csv"}, {"name": "others", "file": "r.csv"}],
                "files": {"r.csv": "code,label\nGOV,Government\n"},
            },
            ("code-repeated", 2),
        ),
        (
            "code,label,parent,quad_class\nA,Act,,5\n",
            {"quad_class": {"scheme": "S", "values": {"1": "one"}}},
            ("code-list-malformed", 2),
        ),
    ],
)
def test_a_fault_is_found_at_its_line(
    actions: str, stated: dict[str, Any], expected: tuple[str, int | None]
) -> None:
    problems = reading(actions, **stated)[1]
    assert (problems[0].kind, problems[0].line) == expected
    assert problems[0].remedy


@given(st.lists(st.tuples(st.sampled_from("ABCDEF"), st.sampled_from(["", *"ABCDEFX"])), max_size=9))
def test_any_list_gives_a_tree_or_problems_and_never_raises(rows: list[tuple[str, str]]) -> None:
    text = "code,label,parent\n" + "".join(f"{code},label,{parent}\n" for code, parent in rows)
    scheme, problems = reading(text)
    sound = (
        len(dict(rows)) == len(rows) and rows and all(_reaches_a_root(code, dict(rows)) for code, _ in rows)
    )
    assert (problems == []) == bool(sound)
    if scheme is not None:
        for code in scheme.actions:
            assert scheme.actions.root(code) == scheme.actions[code].root


def _reaches_a_root(code: str, parents: dict[str, str]) -> bool:
    for _ in parents:
        if parents.get(code) == "":
            return True
        code = parents.get(code, code)
    return False
