"""What a rule is, and the one list of all of them.

A rule is a generator of a few lines. Its name is its code (`quote_not_found` is ``quote-not-found``), the first
line of its docstring says what it looks for, the rest how to mend it. It is handed one subject and yields
faults; the runner adds code, severity, file, line and column::

    @rule("event")
    def count_below_one(event, context):
        \"\"\"`count_min` is below one.

        One record stands for at least one act. Leave `count_min` out.
        \"\"\"
        if event.count_min < 1:
            yield Fault((*event.path, "count_min"), f"count_min is {event.count_min}")

Scopes and their subjects, in the order in which they run:

    file      one file as it was read                 SourceFile
    document, record, event, actor                    one of the right form; record: an event or a negative
    corpus    all records together                    Corpus
    acceptance                                        a row of accepted.csv, once all else has run
    header    the columns of a table, before its rows are read      Header
    row, column, table, key    tables of any size: one boolean polars expression each, true where the row, the
              value or the key is right (`rules.column`, `rules.table`)
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from standoff.findings import Finding, Severity
from standoff.model.places import Fix, Path, Place

RECORD_SCOPES = ("document", "record", "event", "actor")
TABLE_SCOPES = ("header", "row", "column", "table", "key")
SCOPES = ("file", *RECORD_SCOPES, "corpus", "acceptance", *TABLE_SCOPES, "release")


@dataclass(frozen=True, slots=True)
class Fault:
    """What a rule yields: the place, what is wrong and, where one can be told, how to mend just this.

    `at` is a path into the file's value or a place in its text. `file` is needed from corpus rules only: the
    source file that the fault is in. `key` points at the key instead of the value. `id` names the record.
    """

    at: Path | Place
    message: str
    remedy: str | None = None
    closest: str | None = None
    fix: Fix | None = None
    key: bool = False
    id: str | None = None
    file: Any = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its page: `summary` is what it looks for, `advice` how to mend it."""

    code: str
    scope: str
    severity: Severity
    requires: tuple[str, ...]
    summary: str
    advice: str
    check: Callable[..., Any]


def finding_of(rule: Rule, fault: Fault, path: str, place: Place, **more: Any) -> Finding:
    """Return what a rule found, in its place in the file `path`; `more` are further fields of the finding."""
    stated = {"remedy": fault.remedy, "closest": fault.closest, **more}
    return Finding(
        path=path,
        line=place.line,
        column=place.column,
        end_line=place.end_line,
        end_column=place.end_column,
        severity=rule.severity,
        code=rule.code,
        message=fault.message,
        **stated,
    )


REGISTRY: dict[str, Rule] = {}


def rule(
    scope: str, *, severity: Severity = "error", requires: Iterable[str] = ()
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the decorated function as a rule of `scope`; `requires` names rules that must hold first."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        code = function.__name__.replace("_", "-")
        summary, _, advice = inspect.cleandoc(function.__doc__ or "").partition("\n\n")
        if scope not in SCOPES or not summary or not advice or code in REGISTRY:
            raise ValueError(
                f"rule {code}: needs a scope of {SCOPES}, a docstring in two parts and a name of its own"
            )
        REGISTRY[code] = Rule(
            code, scope, severity, tuple(requires), " ".join(summary.split()), advice.strip(), function
        )
        return function

    return register


def load_rules(tables: bool = False) -> dict[str, Rule]:
    """Import the modules that hold the rules and return the registry in run order.

    Rules about tables need polars; they and those about releases are left out unless `tables` is true.
    """
    from standoff.rules import (  # noqa: F401
        acceptance,
        actor,
        corpus,
        document,
        event,
        file,
        identity,
        place,
        record,
        scheme,
        text,
    )

    if tables:
        from standoff.rules import release, table  # noqa: F401
    left_out = () if tables else (*TABLE_SCOPES, "release")
    return {code: REGISTRY[code] for code in _run_order() if REGISTRY[code].scope not in left_out}


def _run_order() -> Iterator[str]:
    """Order by scope, and within it premises first, then by name; premises of earlier scopes come again."""
    from graphlib import TopologicalSorter

    for scope in SCOPES:
        codes = sorted(code for code, r in REGISTRY.items() if r.scope == scope)
        yield from TopologicalSorter({code: REGISTRY[code].requires for code in codes}).static_order()
