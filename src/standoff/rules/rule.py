"""What a rule is, and how one is written.

A rule is a generator of a few lines. Its name is its code (`quote_not_found` is ``quote-not-found``), the first
line of its docstring says what it looks for, the rest how to fix it. It is given one subject and yields faults;
the runner adds code, severity, file, line and column::

    @rule(EVENT)
    def count_below_one(event: Event, context: Context) -> Iterator[Fault]:
        \"\"\"`count_min` is below one.

        A record stands for at least one act. Leave `count_min` out.
        \"\"\"
        if event.count_min < 1:
            yield Fault((*event.path, "count_min"), f"count_min is {event.count_min}")

The scope says what a rule looks at and therefore its signature, which mypy checks. `catalogue` lists all rules.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from standoff.findings import Data, Finding, Severity
from standoff.model.classes import dataclass
from standoff.model.places import Fix, Path, Place

if TYPE_CHECKING:
    # What rules look at: a check of a table does not load what reads annotation files, nor one of a dataset polars.
    import polars as pl

    from standoff.model.actors import Actor
    from standoff.model.summary import Summary
    from standoff.rules.context import AcceptedRow, Candidate, Context, Header, ShapedRows
    from standoff.source.corpus import Corpus
    from standoff.source.files import SourceFile
    from standoff.source.records import Document, Event, Negative
    from standoff.tables.profiles import Binding


@dataclass(frozen=True, slots=True)
class Fault:
    """What a rule yields: the place, what is wrong and, where it is known, how to fix just this.

    `at` is a path into the file's value or a place in its text. `file` is needed from corpus rules only: the
    source file that the fault is in. `key` points at the key instead of the value. `id` names the record. `data`
    is what the message says, for programs; the runner adds field and value where `at` is a path. `severity` is that of
    the rule unless it is stated. `told` says that the same fault is reported elsewhere: there is no finding, but rules
    that require this one do not run.
    """

    at: Path | Place
    message: str
    remedy: str | None = None
    closest: str | None = None
    fix: Fix | None = None
    key: bool = False
    id: str | None = None
    file: SourceFile | None = None
    data: Data | None = None
    severity: Severity | None = None
    told: bool = False


Check = TypeVar("Check", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Scope(Generic[Check]):
    """What a rule looks at. `Check` is the signature of its rules, `looks_at` the words for it in the rule's page."""

    name: str
    looks_at: str


FILE: Scope[Callable[[SourceFile], Iterable[Fault]]] = Scope("file", "each file as it was read")
DOCUMENT: Scope[Callable[[Document, Context], Iterable[Fault]]] = Scope(
    "document", "each annotation file's document"
)
RECORD: Scope[Callable[[Event | Negative, Context], Iterable[Fault]]] = Scope(
    "record", "each event and negative"
)
EVENT: Scope[Callable[[Event, Context], Iterable[Fault]]] = Scope("event", "each event")
ACTOR: Scope[Callable[[Actor, Context], Iterable[Fault]]] = Scope("actor", "each entry of the actor registry")
CORPUS: Scope[Callable[[Corpus], Iterable[Fault]]] = Scope("corpus", "the whole dataset")
ACCEPTANCE: Scope[Callable[[AcceptedRow], Iterable[Fault]]] = Scope(
    "acceptance", "each row of `dataset/accepted.csv`"
)
HEADER: Scope[Callable[[Header], Iterable[Fault]]] = Scope("header", "the columns of a table")
ROW: Scope[Callable[[Sequence[Binding]], pl.Expr | None]] = Scope(
    "row", "the rows of a table, each as a whole"
)
COLUMN: Scope[Callable[[Binding], pl.Expr | None]] = Scope("column", "the values of a table's columns")
TABLE: Scope[Callable[[], pl.Expr]] = Scope("table", "the rows of a table")
KEY: Scope[Callable[[tuple[str, ...]], pl.Expr | None]] = Scope("key", "the keys of tables")
SHAPE: Scope[Callable[[ShapedRows], Iterable[Fault]]] = Scope("shape", "the rows of a table, each as a whole")
SUMMARY: Scope[Callable[[Summary], Iterable[Fault]]] = Scope(
    "summary", "the summary of a table, with `--summary` only"
)
RELEASE: Scope[Callable[[Candidate], Iterable[Fault]]] = Scope(
    "release", "a release that is about to be made"
)

SCOPES: dict[str, Scope[Any]] = {
    scope.name: scope
    for scope in (
        FILE, DOCUMENT, RECORD, EVENT, ACTOR, CORPUS, ACCEPTANCE, HEADER, ROW, COLUMN, TABLE, KEY, SHAPE, SUMMARY, RELEASE
    )
}  # fmt: skip
"""Every scope by name, in the order in which rules run."""
RECORD_SCOPES = ("document", "record", "event", "actor")
"""Scopes whose rules are given a context."""
CORPUS_SCOPES = ("file", *RECORD_SCOPES, "corpus", "acceptance")
"""Scopes whose rules run when a dataset is checked."""
TABLE_SCOPES = ("header", "row", "column", "table", "key", "shape")
"""Scopes of rules about tables. Those about rows, columns, tables and keys return one polars expression: true where it is right."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with its page: `summary` is what it looks for, `advice` how to fix it.

    `requires` names rules that must hold first, `yields_to` rules that leave faults of this one out where they failed
    on the same record. `check` has the signature of its scope. `about` is the field without which a record has nothing
    to check. `page` is the address of
    the page: for rules of standoff a path in its repository, for others what they say, None if nothing.
    """

    code: str
    scope: str
    severity: Severity
    requires: tuple[str, ...]
    summary: str
    advice: str
    check: Callable[..., Any]
    page: str | None = None
    yields_to: tuple[str, ...] = ()
    about: str | None = None


_ATTRIBUTE = "__standoff_rule__"


def rule(
    scope: Scope[Check],
    *,
    severity: Severity = "error",
    requires: Iterable[str] = (),
    yields_to: Iterable[str] = (),
    page: str | None = None,
    about: str | None = None,
) -> Callable[[Check], Check]:
    """Make the decorated function a rule of `scope`; `requires` names rules that must hold first.

    `yields_to` names rules of earlier scopes: where one of them failed on the record of a fault, or on the record
    that the fault's data names as `other`, the fault is left out, because it is the same fault. `page` is the web
    address of the rule's page, for rules of other packages. `about` names the field that the rule is about, such as
    ``links``: it is not called for records where this field is empty. Raises ValueError if the docstring lacks its summary or
    its advice.
    """

    def mark(function: Check) -> Check:
        code = function.__name__.replace("_", "-")
        made = make_rule(
            code, scope, function.__doc__ or "", function, severity, requires, page, yields_to, about
        )
        setattr(function, _ATTRIBUTE, made)
        return function

    return mark


def make_rule(
    code: str,
    scope: Scope[Check],
    text: str,
    check: Check,
    severity: Severity = "error",
    requires: Iterable[str] = (),
    page: str | None = None,
    yields_to: Iterable[str] = (),
    about: str | None = None,
) -> Rule:
    """Return a rule whose summary and advice are in `text`, separated by a blank line; ValueError if one is missing."""
    summary, _, advice = _without_indent(text).partition("\n\n")
    if not summary or not advice:
        raise ValueError(f"rule {code}: needs a docstring with a summary and, after a blank line, advice")
    if check.__module__.startswith("standoff."):
        page = f"docs/rules/{code}.md"
    return Rule(
        code,
        scope.name,
        severity,
        tuple(requires),
        " ".join(summary.split()),
        advice.strip(),
        check,
        page,
        tuple(yields_to),
        about,
    )


def _without_indent(docstring: str) -> str:
    """Return a docstring as `inspect.cleandoc` does, without importing `inspect`."""
    first, *others = docstring.expandtabs().split("\n")
    margin = min((len(line) - len(line.lstrip()) for line in others if line.strip()), default=0)
    return "\n".join([first.lstrip(), *(line[margin:] for line in others)]).strip("\n")


def rules_in(module: ModuleType) -> Iterator[Rule]:
    """Yield the rules that `module` defines: marked functions and tuples of rules, in the order of its text."""
    for value in vars(module).values():
        if isinstance(value, tuple):
            yield from (each for each in value if isinstance(each, Rule))
        elif isinstance(value, FunctionType) and value.__module__ == module.__name__:
            found = getattr(value, _ATTRIBUTE, None)
            if found is not None:
                yield found


PAGES = "STANDOFF_RULE_PAGES"
"""Names the web address of the pages of standoff's own rules."""


def page_of(rule: Rule) -> str | None:
    """Return the address of a rule's page: on the web if STANDOFF_RULE_PAGES says where, else its path in the repository.

    The setting is an address with ``{code}`` in it, or that of a folder with pages such as ``quote-cut.html``.
    """
    place = os.environ.get(PAGES, "").strip()
    if not place or rule.page is None or "://" in rule.page:
        return rule.page
    return (place if "{code}" in place else f"{place.rstrip('/')}/{{code}}.html").replace("{code}", rule.code)


class NotRun(Exception):
    """Raised by a rule that cannot say anything on its subject; the message says why."""


def finding_of(rule: Rule, fault: Fault, path: str, place: Place, **more: Any) -> Finding:
    """Return the finding for a fault at `place` in the file `path`; `more` are further fields of the finding."""
    stated = {"remedy": fault.remedy, "closest": fault.closest, "data": fault.data or Data(), **more}
    return Finding(
        path=path,
        line=place.line,
        column=place.column,
        end_line=place.end_line,
        end_column=place.end_column,
        severity=fault.severity or rule.severity,
        code=rule.code,
        message=fault.message,
        page=page_of(rule),
        **stated,
    )
