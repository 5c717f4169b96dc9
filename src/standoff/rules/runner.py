"""Runs rules over a corpus: orders them, skips what a failed premise makes senseless, places the findings."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from standoff.findings import Finding
from standoff.model.actions import ActionTable
from standoff.model.actors import Registry
from standoff.model.places import Place
from standoff.rules.registry import RECORD_SCOPES, Fault, Rule, load_rules
from standoff.source.corpus import AnnotationFile, Corpus, SourceFile
from standoff.source.records import Document


@dataclass(frozen=True, slots=True)
class Context:
    """What a record rule may look up besides its record."""

    file: AnnotationFile | SourceFile
    document: Document | None
    text: str | None
    registry: Registry
    actions: ActionTable
    corpus: Corpus


@dataclass
class Report:
    """What a run found: findings in order, how many rules ran on how many files and records, and what did not run."""

    findings: list[Finding] = field(default_factory=list)
    rules: int = 0
    files: int = 0
    records: int = 0
    not_run: Counter[str] = field(default_factory=Counter)
    """Rule code → on how many subjects it was not run because a premise had failed."""
    withheld: int = 0
    """Records that no record rule saw because their form is wrong."""
    skipped_scopes: tuple[str, ...] = ()
    seconds: float = 0.0
    crashed: bool = False

    @property
    def exit_code(self) -> int:
        """0 clean, 1 findings that are errors or warnings, 3 a fault of our own."""
        if self.crashed:
            return 3
        return int(any(finding.severity != "note" for finding in self.findings))


CRASH = "rule-crashed"
"""Code of the finding that stands for a fault of ours; it is no rule that anybody can break."""


def run(
    corpus: Corpus,
    *,
    only: Iterable[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Run the rules over `corpus`; `only` restricts the report to these codes. Never raises on bad data.

    `progress` is called with the number of files done and the number of all.
    """
    from standoff import schema

    started = time.perf_counter()
    rules = load_rules()
    run_ = _Run(rules, None if only is None else frozenset(only))
    by_scope = {
        scope: [r for r in rules.values() if r.scope == scope] for scope in (*RECORD_SCOPES, "file", "corpus")
    }
    actions = schema.actions()
    sources = [*corpus.sources(), corpus.retired_file]
    for done, source in enumerate(sources):
        run_.apply(by_scope["file"], source, source, ("file", source.shown))
        document = source.document if isinstance(source, AnnotationFile) else None
        text = source.seed.text if isinstance(source, AnnotationFile) and source.seed else None
        context = Context(source, document, text, corpus.registry, actions, corpus)
        for scope, records in _records(source, corpus):
            for record in records:
                run_.apply(by_scope[scope], record, source, ("record", source.shown, record.id), context)
                run_.report.records += 1
        if isinstance(source, AnnotationFile):
            run_.report.withheld += source.withheld
        if progress is not None:
            progress(done + 1, len(sources))
    if corpus.whole:
        run_.apply(by_scope["corpus"], corpus, corpus.meta, ("corpus",))
    else:
        run_.report.skipped_scopes = ("corpus",)
    report = run_.report
    report.files = len(sources)
    report.rules = sum(
        len(rules_) for scope, rules_ in by_scope.items() if scope not in report.skipped_scopes
    )
    report.findings.sort(key=lambda finding: finding.sort_key)
    report.seconds = time.perf_counter() - started
    return report


def _records(source: SourceFile, corpus: Corpus) -> Iterator[tuple[str, list[Any]]]:
    if isinstance(source, AnnotationFile):
        yield "document", [source.document] if source.document else []
        yield "event", source.events
        yield "negative", source.negatives
    elif source is corpus.actors:
        yield "actor", list(corpus.registry.values())


class _Run:
    """The state of one run: findings so far, and which rule failed on which subject."""

    def __init__(self, rules: dict[str, Rule], only: frozenset[str] | None) -> None:
        self.rules = rules
        self.only = only
        self.report = Report()
        self.failed: set[tuple[str, tuple[str, ...]]] = set()

    def apply(
        self,
        rules: list[Rule],
        subject: Any,
        source: SourceFile,
        key: tuple[str, ...],
        context: Context | None = None,
    ) -> None:
        """Run `rules` on one subject whose findings belong to `source`."""
        for rule in rules:
            if rule.requires and self.failed and self._premise_failed(rule, source, key):
                self.report.not_run[rule.code] += 1
                self.failed.add((rule.code, key))
                continue
            try:
                for fault in rule.check(subject) if context is None else rule.check(subject, context):
                    self._found(rule, fault, source, key, subject)
            except Exception as error:  # a rule's own fault must not end the run, nor pass in silence
                self._crashed(rule, error, source, key)

    def _premise_failed(self, rule: Rule, source: SourceFile, key: tuple[str, ...]) -> bool:
        """Whether a premise failed on this subject, on its file, or (for corpus rules) anywhere."""
        subjects = [key, ("file", source.shown)]
        if key[0] == "corpus":
            return any(code in rule.requires for code, _ in self.failed)
        return any((premise, subject) in self.failed for premise in rule.requires for subject in subjects)

    def _found(
        self, rule: Rule, fault: Fault, source: SourceFile, key: tuple[str, ...], subject: Any
    ) -> None:
        self.failed.add((rule.code, key))
        if self.only is not None and rule.code not in self.only:
            return
        where: SourceFile = fault.file or source
        place = fault.at if isinstance(fault.at, Place) else where.places.of(fault.at, key=fault.key)
        self.report.findings.append(
            Finding(
                path=where.shown,
                line=place.line,
                column=place.column,
                end_line=place.end_line,
                end_column=place.end_column,
                severity=rule.severity,
                code=rule.code,
                message=fault.message,
                remedy=fault.remedy,
                closest=fault.closest,
                id=fault.id
                if fault.id is not None
                else (key[2] if key[0] == "record" else _record_id(where, fault)),
                excerpt=where.lines[place.line - 1] if 0 < place.line <= len(where.lines) else None,
                fix=fault.fix,
            )
        )

    def _crashed(self, rule: Rule, error: Exception, source: SourceFile, key: tuple[str, ...]) -> None:
        self.report.crashed = True
        self.report.findings.append(
            Finding(
                path=source.shown,
                line=1,
                column=1,
                end_line=1,
                end_column=1,
                severity="error",
                code=CRASH,
                message=f"the rule {rule.code} broke down on {' '.join(key[1:]) or 'the corpus'}: "
                f"{type(error).__name__}: {error}",
                remedy="this is a fault of standoff, not of the data: please report it with the file",
            )
        )


def _record_id(source: SourceFile, fault: Fault) -> str | None:
    """The id of the record that a path leads into, where it has one that reads as text."""
    if isinstance(fault.at, Place):
        return None
    value = source.value
    for depth, part in enumerate(fault.at[:2]):
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return None
        if isinstance(value, dict) and isinstance(value.get("id"), str) and depth <= 1:
            return str(value["id"])
    return None
