"""Mutation testing: changes one operator, constant or statement at a time and looks whether a test notices.

    python tests/tools/mutate.py src/standoff/model/dates.py --tests tests/model/test_dates.py
    python tests/tools/mutate.py src/standoff/rules/*.py --tests tests/rules/test_catalogue.py --sample 300 --seed 1

The tests are collected once. Each mutant is a forked process in which the code of one function is exchanged, so that
every reference to the function sees the mutant; then the tests run, those first that name the rule or have killed
others, and the first that fails kills it. So what a module computes when it is imported is computed without the mutant. Mutated is what stands in
functions: comparisons, `and` and `or`, `not`, arithmetic, numbers, True and False, conditions, and statements that
are left out. Texts are not: messages are held by tests that quote them. Module-level constants and defaults are not.
A mutant that runs out of time counts as not killed, as does one that survives.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import importlib
import os
import random
import resource
import signal
import sys
import traceback
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

UNCHANGED = 98
"""How a fork ends in which the mutant could not be put into place."""

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
                    # Of two, the other stands twice: an operation needs two.
                    lambda n, i=i: (
                        n.values.pop(i) if len(n.values) > 2 else n.values.__setitem__(i, n.values[1 - i])
                    ),
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


class Trial:
    """A plugin of pytest that runs the collected tests not once, but once for each mutant."""

    def __init__(self, mutants: list[Mutant]) -> None:
        self.mutants = mutants
        self.verdicts: list[tuple[Mutant, str]] = []
        self.items: list[pytest.Item] = []
        self.seconds = resource.RLIM_INFINITY  # of the processor, so that a busy machine kills no mutant

    def pytest_configure(self) -> None:
        from hypothesis import HealthCheck, Phase, settings  # imported when pytest is ready for it

        # What fails need not be made small, nor kept for the next run; and a slow machine kills no mutant.
        settings.register_profile(
            "mutants",
            phases=(Phase.explicit, Phase.generate),
            database=None,
            deadline=None,
            suppress_health_check=tuple(HealthCheck),
        )
        settings.load_profile("mutants")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise session.Interrupted("the tests cannot be collected")
        self.items = list(session.items)
        self.seconds = 20 + 3 * round(self._passes_unchanged(session))
        for mutant in self.mutants:
            verdict = self._verdict_on(mutant, session)
            self.verdicts.append((mutant, verdict))
            if verdict in ("survived", "out of time"):
                print(
                    f"{mutant.file}:{mutant.line}: {mutant.function}: {mutant.change}: {verdict}", flush=True
                )
        self._passes_unchanged(session)  # in the order that has come about
        return True

    def _passes_unchanged(self, session: pytest.Session) -> float:
        """Make sure that no test fails without a mutant; return the seconds of the processor that they took."""
        before = os.times()
        if self._verdict_on(None, session) != "survived":
            raise session.Interrupted(f"without any mutant, {self.items[0].nodeid} fails")
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    def _verdict_on(self, mutant: Mutant | None, session: pytest.Session) -> str:
        """Run the tests in a fork with the mutant in place; a test that fails comes first from now on."""
        named = mutant.function.replace("_", "-") if mutant else ""
        items = sorted(self.items, key=lambda item: named not in item.nodeid)
        told, tell = os.pipe()
        process = os.fork()
        if process == 0:
            resource.setrlimit(resource.RLIMIT_CPU, (self.seconds, self.seconds))
            session.config.pluginmanager.unregister(name="terminalreporter")
            if mutant is not None and not _exchanged(mutant):
                os._exit(UNCHANGED)
            for item, following in pairwise((*items, None)):
                with contextlib.suppress(BaseException):
                    session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                    if not session.testsfailed:
                        continue
                os.write(tell, str(self.items.index(item)).encode())
                os._exit(1)
            os._exit(0)
        os.close(tell)
        with os.fdopen(told) as pipe:
            failed = pipe.read()
        _, status = os.waitpid(process, 0)
        if failed:
            self.items.insert(0, self.items.pop(int(failed)))
        if os.WIFSIGNALED(status):
            return "out of time" if os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL) else "killed"
        return {0: "survived", 1: "killed", UNCHANGED: "skipped"}[os.waitstatus_to_exitcode(status)]


def _exchanged(mutant: Mutant) -> bool:
    try:
        return exchange(mutant)
    except Exception:
        traceback.print_exc()
        return False


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
    for file in options.files:
        importlib.import_module(module_name(file))
    keyword = ("-k", options.keyword) if options.keyword else ()
    with TemporaryDirectory() as folder:
        arguments = ["-q", "-p", "no:cacheprovider", f"--basetemp={folder}/tests", *options.tests, *keyword]
        if status := pytest.main(arguments, plugins=[trial := Trial(every)]):
            return int(status)
    print()
    for name, files in [(str(file), {file}) for file in options.files] + [("in all", set(options.files))]:
        told = [
            verdict for mutant, verdict in trial.verdicts if mutant.file in files and verdict != "skipped"
        ]
        if told:
            killed = told.count("killed")
            print(f"{name}: {killed} of {len(told)} killed, {killed / len(told):.1%}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
