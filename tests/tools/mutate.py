"""Mutation testing: changes one operator, constant or statement at a time and looks whether a test notices.

    python tests/tools/mutate.py src/standoff/model/dates.py --tests tests/test_dates.py
    python tests/tools/mutate.py src/standoff/rules/*.py --tests tests/test_rules.py --sample 300 --seed 1

Each mutant is a forked process in which the code of one function is exchanged, so that every reference to the
function sees the mutant; then the tests run, and the first that fails kills it. Mutated is what stands in
functions: comparisons, `and` and `or`, `not`, arithmetic, numbers, True and False, conditions, and statements that
are left out. Texts are not: messages are held by tests that quote them. Module-level constants and defaults are not.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib
import os
import random
import signal
import sys
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

SECONDS = 60
"""A mutant that runs longer than this is killed by time."""

COMPARISONS = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
ARITHMETIC = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}


@dataclass(frozen=True)
class Mutant:
    """One change: in which file and line, in which function, and what was done."""

    file: Path
    line: int
    function: str
    change: str
    tree: Callable[[], ast.Module]


def mutants(file: Path) -> Iterator[Mutant]:
    """Yield every mutant of a file."""
    tree = ast.parse(file.read_text("utf-8"))
    for name, function in _functions(tree):
        for node in _mutable(function):
            for change, mutate in _changes(node):
                line = getattr(node, "lineno", function.lineno)
                yield Mutant(file, line, name, change, partial(_mutated, tree, node, mutate))


def _mutated(tree: ast.Module, node: ast.AST, mutate: Callable[[Any], object]) -> ast.Module:
    """A copy of the tree in which the copy of the node is changed."""
    copied = copy.deepcopy(tree, memo := {})
    mutate(memo[id(node)])
    return ast.fix_missing_locations(copied)


def _mutable(function: ast.FunctionDef) -> Iterator[ast.AST]:
    """The nodes of a function that run when it is called: neither its defaults nor any annotation."""
    yield function
    todo: list[ast.AST] = list(function.body)
    while todo:
        node = todo.pop(0)
        yield node
        for field, value in ast.iter_fields(node):
            if field not in ("annotation", "returns", "decorator_list"):
                todo += [n for n in (value if isinstance(value, list) else [value]) if isinstance(n, ast.AST)]


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """The functions of a module and the methods of its classes, by dotted name."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    yield f"{node.name}.{inner.name}", inner


def _changes(node: ast.AST) -> Iterator[tuple[str, Callable[[Any], object]]]:
    """What can be done to a node: a name, and a function that does it to a copy of the node."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in COMPARISONS:
            other = COMPARISONS[type(op)]
            yield f"{type(op).__name__} → {other.__name__}", lambda n: setattr(n, "ops", [other()])
        case ast.BoolOp(op=op):
            swapped = ast.Or if isinstance(op, ast.And) else ast.And
            yield f"{type(op).__name__} → {swapped.__name__}", lambda n: setattr(n, "op", swapped())
            for i in range(len(node.values)):
                yield (
                    f"operand {i + 1} left out",
                    lambda n, i=i: n.values.pop(i) if len(n.values) > 1 else None,
                )
        case ast.UnaryOp(op=ast.Not()):
            yield (
                "not left out",
                lambda n: (
                    setattr(n, "op", ast.Not()) or setattr(n, "operand", ast.UnaryOp(ast.Not(), n.operand))
                ),
            )
        case ast.BinOp(op=op) if type(op) in ARITHMETIC and not _text(node):
            changed = ARITHMETIC[type(op)]
            yield f"{type(op).__name__} → {changed.__name__}", lambda n: setattr(n, "op", changed())
        case ast.Constant(value=bool()):
            yield f"{node.value} → {not node.value}", lambda n: setattr(n, "value", not n.value)
        case ast.Constant(value=int()):
            yield f"{node.value} → {node.value + 1}", lambda n: setattr(n, "value", n.value + 1)
        case ast.If() | ast.IfExp() | ast.While():
            yield "condition negated", lambda n: setattr(n, "test", ast.UnaryOp(ast.Not(), n.test))
        case ast.comprehension(ifs=[_, *_]):
            yield "filter left out", lambda n: setattr(n, "ifs", [])
        case ast.Continue() | ast.Break():
            pass
    for field in ("body", "orelse"):
        statements = getattr(node, field, None)
        if isinstance(statements, list):
            for i, statement in enumerate(statements):
                if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                    continue  # a docstring
                if isinstance(statement, ast.Continue | ast.Break | ast.Expr | ast.AugAssign | ast.Raise):
                    # A generator stays one without its yields.
                    kept = ast.If(ast.Constant(False), [copy.deepcopy(statement)], [])
                    yield (
                        f"line {statement.lineno} left out",
                        lambda n, f=field, i=i, kept=kept: getattr(n, f).__setitem__(i, kept),
                    )


def _text(node: ast.BinOp) -> bool:
    """Whether an operation joins texts, as far as its form tells."""
    return any(
        isinstance(part, ast.JoinedStr) or (isinstance(part, ast.Constant) and isinstance(part.value, str))
        for part in ast.walk(node)
    )


def module_name(file: Path) -> str:
    """The name under which a file below `src` is imported."""
    return ".".join(file.with_suffix("").parts[file.parts.index("src") + 1 :])


def exchange(mutant: Mutant) -> bool:
    """Put the mutant's code into the function that the tests will call; False if it cannot be exchanged."""
    code = _code(compile(mutant.tree(), str(mutant.file), "exec"), mutant.function.split("."))
    target: object = importlib.import_module(module_name(mutant.file))
    for part in mutant.function.split("."):
        target = vars(target)[part]
    while not isinstance(target, types.FunctionType):
        inner = (
            getattr(target, "fget", None)
            or getattr(target, "func", None)
            or getattr(target, "__func__", None)
        )
        inner = inner or getattr(target, "__wrapped__", None)
        if inner is None:
            return False
        target = inner
    while hasattr(target, "__wrapped__"):
        target = target.__wrapped__
    if target.__code__.co_freevars != code.co_freevars:
        return False
    target.__code__ = code
    return True


def _code(code: types.CodeType, names: list[str]) -> types.CodeType:
    for name in names:
        code = next(c for c in code.co_consts if isinstance(c, types.CodeType) and c.co_name == name)
    return code


def verdict_on(mutant: Mutant | None, tests: list[str]) -> str:
    """Run the tests in a fork with the mutant in place; return killed, survived, time or skipped."""
    process = os.fork()
    if process == 0:
        signal.alarm(SECONDS)
        sink = os.open(os.devnull, os.O_WRONLY)
        os.dup2(sink, 1)
        os.dup2(sink, 2)
        try:
            status = (
                pytest.main(["-q", "-x", "-p", "no:cacheprovider", *tests])
                if mutant is None or exchange(mutant)
                else 99
            )
        except BaseException:
            status = 1
        os._exit(int(status))
    _, status = os.waitpid(process, 0)
    if os.WIFSIGNALED(status):
        return "time"
    return {0: "survived", 99: "skipped"}.get(os.waitstatus_to_exitcode(status), "killed")


def main() -> int:
    """Mutate the files that are named, and print what survived and the share that was killed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--tests", nargs="+", required=True)
    parser.add_argument("-k", dest="keyword", help="which of the tests, as pytest takes it")
    parser.add_argument("--sample", type=int, help="so many mutants, drawn at random")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    every = [mutant for file in options.files for mutant in mutants(file)]
    if options.sample and options.sample < len(every):
        every = random.Random(options.seed).sample(every, options.sample)
    for file in options.files:  # what the forks share
        importlib.import_module(module_name(file))
    tests = [*options.tests, *(("-k", options.keyword) if options.keyword else ())]
    if verdict_on(None, tests) != "survived":
        parser.error("the tests fail without any mutant")
    verdicts: list[tuple[Mutant, str]] = []
    for mutant in every:
        verdicts.append((mutant, verdict_on(mutant, tests)))
        if verdicts[-1][1] == "survived":
            print(f"{mutant.file}:{mutant.line}: {mutant.function}: {mutant.change}", flush=True)
    print()
    for name, files in [(str(file), {file}) for file in options.files] + [("in all", set(options.files))]:
        told = [verdict for mutant, verdict in verdicts if mutant.file in files and verdict != "skipped"]
        if told:
            killed = sum(verdict != "survived" for verdict in told)
            print(f"{name}: {killed} of {len(told)} killed, {killed / len(told):.1%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
