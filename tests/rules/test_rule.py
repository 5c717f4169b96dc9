"""What a rule must have, and the list of all rules."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from standoff.rules import catalogue
from standoff.rules.catalogue import all_rules, in_order
from standoff.rules.rule import EVENT, SCOPES, Rule, rule, rules_in

PAGE = "What it looks for.\n\nHow to fix it."


@pytest.mark.parametrize("page", ["What it looks for.", "\n\nHow to fix it.", None])
def test_a_rule_needs_a_page(page: str | None) -> None:
    def quote_new(event: object, context: object) -> list[Any]:
        return []

    quote_new.__doc__ = page
    with pytest.raises(ValueError, match="rule quote-new: needs a docstring"):
        rule(EVENT)(quote_new)


def test_a_rule_says_what_it_is_and_stays_a_function() -> None:
    module = ModuleType("example")

    def a_new_rule(event: object, context: object) -> list[Any]:
        return []

    a_new_rule.__doc__, a_new_rule.__module__ = PAGE, "example"
    module.a_new_rule = rule(EVENT, severity="note", requires=["unknown-actor"])(a_new_rule)  # type: ignore[attr-defined]
    module.borrowed = all_rules()["unknown-actor"].check  # type: ignore[attr-defined]
    assert module.a_new_rule is a_new_rule
    assert [*rules_in(module)] == [
        Rule(
            "a-new-rule",
            "event",
            "note",
            ("unknown-actor",),
            "What it looks for.",
            "How to fix it.",
            a_new_rule,
        )
    ]


def a_rule(code: str, *requires: str) -> Rule:
    return Rule(code, "event", "error", requires, "Looks.", "Fix it.", lambda *_: ())


def test_rules_run_after_their_prerequisites_and_otherwise_by_name() -> None:
    assert [*in_order([a_rule("c"), a_rule("a", "b"), a_rule("b")])] == ["b", "c", "a"]
    order = [*all_rules()]
    for code, each in all_rules().items():
        assert all(order.index(required) < order.index(code) for required in each.requires)


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ([a_rule("a"), a_rule("a")], "two rules have the code a"),
        ([a_rule("a", "b")], "rule a requires b: there is no such rule"),
        ([a_rule("a", "b"), a_rule("b", "a")], "rules require each other: [ab] → [ab] → [ab]"),
    ],
)
def test_rules_that_cannot_be_put_in_order_are_refused(rules: list[Rule], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        in_order(rules)


def test_the_list_of_rules_is_one_and_cannot_be_changed() -> None:
    rules = all_rules()
    assert rules is all_rules()
    with pytest.raises(TypeError):
        rules["new"] = a_rule("new")  # type: ignore[index]
    assert [*dict.fromkeys(each.scope for each in rules.values())] == [*SCOPES], "in this order"


def test_every_module_that_holds_rules_is_listed() -> None:
    folder = Path(catalogue.__file__).parent
    holding = {
        path.stem
        for path in folder.glob("*.py")
        if re.search(r"^@rule\(", path.read_text("utf-8"), re.MULTILINE)
    }
    assert holding == {module.__name__.rpartition(".")[2] for module in catalogue.modules()}


def test_the_list_of_rules_needs_no_polars() -> None:
    code = "import sys; from standoff.rules.catalogue import all_rules; all_rules(); sys.exit('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
