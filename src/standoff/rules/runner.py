"""Runs rules over a corpus: skips rules whose prerequisite failed, places findings, and sets accepted ones aside."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from difflib import SequenceMatcher
from functools import cached_property
from itertools import chain
from pathlib import Path as FilePath
from typing import Any

from standoff.findings import CRASH, Data, Finding, Report, excerpt_of, shortened
from standoff.lazy import uncollected
from standoff.model.classes import replace
from standoff.model.patterns import pattern
from standoff.model.places import Path, Place
from standoff.rules.catalogue import all_rules, dataset_rules
from standoff.rules.context import AcceptedRow, Budget, Candidate, Context
from standoff.rules.file import READ
from standoff.rules.folding import folded
from standoff.rules.form import FORM, path_name
from standoff.rules.rule import CORPUS_SCOPES, RECORD_SCOPES, Fault, NotRun, Rule, finding_of
from standoff.source.corpus import Acceptance, AnnotationFile, Corpus
from standoff.source.digest import Digest
from standoff.source.files import SourceFile
from standoff.source.processes import shared
from standoff.source.records import Event

_Key = tuple[FilePath, str | None]
_Failed = defaultdict[str, set[_Key]]
LONGEST_VALUE = 200
"""Characters of a value that the data of a finding holds."""


@uncollected()
def run(
    corpus: Corpus,
    *,
    only: Iterable[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
    rules: Mapping[str, Rule] | None = None,
) -> Report:
    """Run the rules over `corpus`; `only` restricts the report to these codes. Never raises on bad data.

    `progress` is called with the number of files done and the number of all. `rules` are those to run, in this
    order; all rules about datasets if not given.
    """
    started = time.perf_counter()
    run_ = _Run(corpus, dataset_rules() if rules is None else rules)
    report = run_.report
    sources = list(corpus.sources())
    annotations = [source for source in sources if isinstance(source, AnnotationFile)]
    others = [source for source in sources if not isinstance(source, AnnotationFile)]

    def report_progress(done: int) -> None:
        if progress is not None:
            progress(done, len(sources))

    def check(share: Sequence[AnnotationFile]) -> tuple[Report, _Failed, list[Digest]]:
        part = _Run(corpus, run_.rules)
        for done, file in enumerate(share, start=1):
            part.check_file(file)
            report_progress(done * len(annotations) // len(share))  # the other processes are as far
        return part.report, part.failed, [file.digest for file in share]

    parts = shared(check, annotations)
    for file, digest in zip(annotations, chain.from_iterable(part[2] for part in parts), strict=True):
        file.digest = digest
    for done, source in enumerate(others, start=1):
        run_.check_file(source)
        report_progress(len(annotations) + done)
    for part, failed, _ in parts:
        run_.add(part, failed)
    if corpus.whole:
        run_.apply("corpus", corpus, corpus.meta)
    else:
        report.skipped_scopes = ("corpus", "acceptance")
    run_.accept()
    report.ran = {
        rule.code
        for scope in CORPUS_SCOPES
        if scope not in report.skipped_scopes
        for rule in run_.by_scope[scope]
    }
    report.rules = len(report.ran)
    if only is not None:
        wanted = {*only, CRASH}
        report.findings = [finding for finding in report.findings if finding.code in wanted]
        report.ran &= wanted
    report.findings = folded(report.findings)
    report.accepted.sort(key=lambda finding: finding.sort_key)
    report.files = len(sources)
    report.seconds = time.perf_counter() - started
    return report


def run_release(candidate: Candidate) -> list[Finding]:
    """Run the rules about a release that is about to be made; its findings are placed in dataset.toml."""
    rules = [rule for rule in dataset_rules().values() if rule.scope == "release"]
    source = candidate.corpus.meta
    return [_finding(rule, fault, source) for rule in rules for fault in rule.check(candidate)]


class _Run:
    """The state of one run: findings so far, and which rule failed on what."""

    def __init__(self, corpus: Corpus, rules: Mapping[str, Rule]) -> None:
        self.corpus = corpus
        self.budget = Budget()
        self.rules = rules
        self.by_scope = {
            scope: [rule for rule in rules.values() if rule.scope == scope] for scope in CORPUS_SCOPES
        }
        self.report = Report()
        self.failed: _Failed = defaultdict(set)
        """Rule code → file and record id of what it failed on; the id is None where that is a whole file."""
        self.troubled: set[_Key] = set()
        """All that some rule failed on."""
        self.context: Context | None = None

    def add(self, part: Report, failed: _Failed) -> None:
        """Add what was found on a part of the files."""
        report = self.report
        report.findings += part.findings
        report.not_run.update(part.not_run)
        report.unable |= part.unable
        report.crashed |= part.crashed
        report.withheld += part.withheld
        report.records += part.records
        for code, keys in failed.items():
            self.failed[code] |= keys
            self.troubled |= keys

    def check_file(self, source: SourceFile) -> None:
        """Run the rules about files on `source`, and those about records on what it holds."""
        self.apply("file", source, source)
        if isinstance(source, AnnotationFile):
            if source.document is not None:
                self.apply("document", source.document, source)
            for record in source.records:
                self.apply("record", record, source, record.id)
                if isinstance(record, Event):
                    self.apply("event", record, source, record.id)
            self.report.withheld += source.withheld
            self.report.records += len(source.records) + (source.document is not None)
        elif source is self.corpus.actors:
            for actor in self.corpus.registry.values():
                self.apply("actor", actor, source, actor.id)
            self.report.records += len(self.corpus.registry)
        elif source is self.corpus.places_file:
            self.report.records += len(self.corpus.gazetteer)

    def apply(self, scope: str, subject: Any, source: SourceFile, record_id: str | None = None) -> None:
        """Run the rules of `scope` on one subject, whose findings belong to `source`.

        Without `record_id`, the subject is the whole file.
        """
        key = (source.file, record_id)
        context = (self._context(source),) if scope in RECORD_SCOPES else ()
        troubled = (
            bool(self.failed) if scope == "corpus" else not self.troubled.isdisjoint((key, (key[0], None)))
        )
        for rule in self.by_scope[scope]:
            if troubled:
                if not self.failed.keys().isdisjoint(rule.requires) and self._premise_failed(rule, key):
                    self.report.not_run[rule.code] += 1
                    self._fail(rule, key)
                    continue
            elif rule.about is not None and not getattr(subject, rule.about, None):
                continue
            try:
                for fault in rule.check(subject, *context):
                    self._fail(rule, key)
                    troubled = True
                    finding = _finding(rule, fault, source)
                    if fault.told or (rule.yields_to and self._told_already(rule, finding)):
                        self.report.not_run[rule.code] += 1
                        continue
                    if finding.id is not None:
                        self._fail(rule, ((fault.file or source).file, finding.id))
                    self.report.findings.append(finding)
            except NotRun as why:
                self.report.not_run[rule.code] += 1
                self.report.unable[rule.code] = str(why)
            except Exception as error:  # a rule's own fault must not end the run, nor pass in silence
                self.report.crashed = True
                self.report.findings.append(_crash(rule, error, source, record_id))

    def _fail(self, rule: Rule, key: _Key) -> None:
        self.failed[rule.code].add(key)
        self.troubled.add(key)

    def _context(self, source: SourceFile) -> Context:
        """Return the context of a file's records; that of the last file is kept."""
        if self.context is None or self.context.file is not source:
            document, seed = (
                (source.document, source.seed) if isinstance(source, AnnotationFile) else (None, None)
            )
            text = seed.text if seed else None
            self.context = Context(
                source, document, seed, text, self.corpus.registry, self.corpus, self.budget
            )
        return self.context

    def _premise_failed(self, rule: Rule, key: _Key) -> bool:
        """Whether a premise failed on this subject, on its file, or (for corpus rules) anywhere."""
        failures = [self.failed[code] for code in rule.requires if code in self.failed]
        if rule.scope == "corpus":
            return bool(failures)
        return any(key in failed or (key[0], None) in failed for failed in failures)

    def _told_already(self, rule: Rule, finding: Finding) -> bool:
        """Whether a rule that this one yields to failed on the record of the finding, its other record, or a file of them."""
        records = {finding.id, finding.data.get("other")} - {None}
        documents = {str(record).partition("-")[0] for record in records}
        return any(
            each in records or (each is None and file.stem in documents)
            for code in rule.yields_to
            for file, each in self.failed.get(code, ())
        )

    def accept(self) -> None:
        """Set aside what accepted.csv accepts, and run the rules about its rows. Errors cannot be accepted."""
        matched = Counter[int]()
        kept: list[Finding] = []
        by_code: dict[str, list[Acceptance]] = {}
        for row in self.corpus.accepted:
            by_code.setdefault(row.code, []).append(row)
        for finding in self.report.findings:
            rows = [a for a in by_code.get(finding.code, ()) if accepts(a, finding, self.corpus.root)]
            matched.update(row.row for row in rows)
            if rows:
                self.report.accepted.append(replace(finding, accepted=rows[0].reason or ""))
            else:
                kept.append(finding)
        self.report.findings = kept
        if self.corpus.whole:
            self._set_aside_unreadable()
            absent: set[FilePath] = set()
            seen: set[tuple[str | None, ...]] = set()
            for acceptance in self.corpus.accepted:
                file = self.corpus.root / (acceptance.path or "")
                if not file.exists():
                    if file.parent in absent:
                        continue  # rows about files that are gone together are reported once
                    absent.add(file.parent)
                rule = self._rule(acceptance.code)
                unread = any((file, None) in self.failed.get(code, ()) for code in (*FORM, *READ))
                count = None if unread or acceptance.code in self.report.not_run else matched[acceptance.row]
                key = (acceptance.code, acceptance.id, acceptance.path)
                meant = None if count or key in seen else self._meant(acceptance)
                seen.add(key)
                subject = AcceptedRow(acceptance, rule.severity if rule else None, count, meant)
                self.apply("acceptance", subject, self.corpus.accepted_file, f"row {acceptance.row}")

    def _set_aside_unreadable(self) -> None:
        """Take out the findings that lines of accepted.csv name, if the file or these lines could not be read.

        If no line names a rule, as in an empty or binary file, nobody knows what was accepted: errors only are left.
        """
        source = self.corpus.accepted_file
        if not any((source.file, None) in self.failed.get(code, ()) for code in _LIST_BROKEN):
            return
        named: list[set[str]] = []
        with suppress(OSError):
            raw = b""
            if source.file.is_file():  # and not a pipe or a device, which may never end
                with source.file.open("rb") as file:
                    raw = file.read(_LONGEST_LIST)
            named = [
                set(_CELL.findall(line)) for line in raw.replace(b"\0", b"").decode("latin-1").splitlines()
            ]
        lost = not any(self.rules.keys() & line for line in named)
        kept = [
            finding
            for finding in self.report.findings
            if finding.severity == "error"
            or not (lost or any({finding.code, finding.id} <= line for line in named))
        ]
        self.report.not_run.update(each.code for each in self.report.findings if each not in kept)
        self.report.findings = kept

    def _meant(self, acceptance: Acceptance) -> str | None:
        """Take out the one finding that a row misses by one wrong cell, and return what the cell would have to say.

        The row is reported with that cell, and cannot be left as it is: an error that is named twice is one error.
        """
        if len(self.corpus.accepted) * len(self.report.findings) > _MOST_PAIRS:
            return None  # too many to look for what each row may have meant
        stated = (acceptance.code, acceptance.id, acceptance.path)
        known = [
            self._rule(acceptance.code) is not None,
            acceptance.id is None or acceptance.id in self._records,
            acceptance.path is None or (self.corpus.root / acceptance.path).exists(),
        ]
        if known.count(False) > 1 or not any(stated[1:]):
            return None
        if all(known):
            return self._missed_by_one(stated)
        wrong = known.index(False)
        for finding in self.report.findings:
            cells = (finding.code, finding.id, self._path_of(finding))
            meant = cells[wrong]
            if (
                finding.severity != "error"
                and meant is not None
                and SequenceMatcher(None, stated[wrong] or "", meant).ratio() > ALIKE
                and all(stated[i] in (None, cells[i]) for i in range(len(cells)) if i != wrong)
            ):
                self.report.findings.remove(finding)
                return meant
        return None

    def _missed_by_one(self, stated: tuple[str | None, ...]) -> str | None:
        """Take out the only finding that differs from a row in its record or in its file, and return the right cell."""
        for wrong in (1, 2, 0):
            alike = [
                (finding, cells[wrong])
                for finding in self.report.findings
                if finding.severity != "error"
                for cells in [(finding.code, finding.id, self._path_of(finding))]
                if all(stated[i] in (None, cells[i]) for i in range(3) if i != wrong)
                and _nearly(stated, cells, wrong)
            ]
            if len(alike) == 1:
                self.report.findings.remove(alike[0][0])
                return alike[0][1]
        return None

    def _path_of(self, finding: Finding) -> str | None:
        """The path of a finding as accepted.csv writes it; None if it is outside the dataset."""
        file, root = finding.file, self.corpus.root
        return file.relative_to(root).as_posix() if file and file.is_relative_to(root) else None

    def _rule(self, code: str) -> Rule | None:
        """The rule of that code, about whatever; None if there is none."""
        return self.rules.get(code) or all_rules().get(code)

    @cached_property
    def _records(self) -> set[str]:
        """The ids of all records of the corpus."""
        records = {each for file in self.corpus.annotation_files() for each in file.digest.ids}
        return records | self.corpus.actor_entries.keys() | self.corpus.place_entries.keys()


_MOST_PAIRS = 1_000_000
"""Rows of accepted.csv times findings up to which a wrong row is compared with each finding."""


def _nearly(stated: tuple[str | None, ...], cells: tuple[str | None, ...], wrong: int) -> bool:
    """Return whether one cell of a row of accepted.csv is a slip: alike, the same file elsewhere, or another rule."""
    if wrong == 0:
        return None not in stated
    one, other = stated[wrong] or "", cells[wrong] or ""
    same_name = wrong == 2 and one.rpartition("/")[2] == other.rpartition("/")[2]
    return same_name or SequenceMatcher(None, one, other).ratio() > ALIKE


_LIST_BROKEN = ("csv-columns", "csv-row", *READ)
"""Rules whose faults keep rows of accepted.csv from being read."""
_LONGEST_LIST = 1 << 20
_CELL = pattern(r"[\w-]+")

ALIKE = 0.75
"""How alike a misspelt cell and what was meant must be, as `difflib` measures it."""


def mark_accepted_now(report: Report, before: Iterable[Acceptance], root: FilePath) -> None:
    """Mark the accepted findings that no row of `before` accepts, the list as it was before a change of `root`."""
    rows = list(before)
    report.accepted = [
        replace(finding, accepted_now=not any(accepts(row, finding, root) for row in rows))
        for finding in report.accepted
    ]


def accepts(acceptance: Acceptance, finding: Finding, root: FilePath) -> bool:
    """Whether a row of accepted.csv in the dataset `root` accepts a finding. Errors cannot be accepted."""
    return (
        finding.severity != "error"
        and acceptance.code == finding.code
        and (acceptance.id is not None or acceptance.path is not None)
        and acceptance.id in (None, finding.id)
        and (acceptance.path is None or finding.file == root / acceptance.path)
    )


def _finding(rule: Rule, fault: Fault, source: SourceFile) -> Finding:
    """Return the finding of a fault: its code and severity are the rule's, its line and column those of `fault.at`."""
    where: SourceFile = fault.file or source
    place = fault.at if isinstance(fault.at, Place) else where.places.of(fault.at, key=fault.key)
    has_line = bool(where.text) and place.line <= len(where.lines)
    excerpt, column = excerpt_of(where.lines[place.line - 1], place.column) if has_line else (None, 1)
    return finding_of(
        rule,
        fault,
        where.shown,
        place,
        id=fault.id or _record_id(where, fault.at),
        data=_data(where, fault),
        excerpt=excerpt,
        excerpt_column=column,
        fix=fault.fix,
        file=where.file,
    )


def _data(source: SourceFile, fault: Fault) -> Data:
    """What the fault says for programs, with its field and its value where it is about a value."""
    data = Data()
    if not isinstance(fault.at, Place) and fault.at:
        data["field"] = path_name(fault.at)
        value = source.value
        try:
            for part in fault.at:
                value = value[part]
        except (KeyError, IndexError, TypeError):
            value = ()
        if value is None or isinstance(value, str | int | float | bool):
            data["value"] = shortened(value, LONGEST_VALUE) if isinstance(value, str) else value
    return {**data, **(fault.data or Data())}


def _record_id(source: SourceFile, at: Path | Place) -> str | None:
    """The id of the record that a path leads into, where it has one that reads as text."""
    value = source.value
    for part in () if isinstance(at, Place) else at[:2]:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return None
        if isinstance(value, dict) and isinstance(value.get("id"), str):
            return str(value["id"])
    return None


def _crash(rule: Rule, error: Exception, source: SourceFile, record_id: str | None) -> Finding:
    return Finding(
        path=source.shown,
        line=1,
        column=1,
        end_line=1,
        end_column=1,
        severity="error",
        code=CRASH,
        message=f"the rule {rule.code} broke down on {record_id or 'the file'}: {type(error).__name__}: {error}",
        remedy="this is a fault of standoff, not of the data: please report it with the file",
        id=record_id,
        file=source.file,
    )
