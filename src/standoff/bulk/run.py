"""The way of a table: request → open → plan → pass → report. Each stage is one module, which is entered once.

`request`    which files are checked, in which format, and where rows are written
`opening`    the files sorted into tables, and what is wrong with them before a row is read
`planning`   what is asked of each row
the pass     all rows go through the plan: `checking_rows` on this machine, `cluster` in the tasks of an engine
`outcome`    the rows that were wanted are written
`report`     the findings
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import polars as pl

from standoff.bulk import checking_rows, outcome, planning, report
from standoff.bulk.engines import Engine, Unreadable
from standoff.bulk.opening import Table, open_tables, unreadable
from standoff.bulk.outcome import Outcome
from standoff.bulk.outputs import Outputs, whole_or_nothing
from standoff.bulk.plan import Plan
from standoff.bulk.reading import RecordsLost
from standoff.bulk.request import Request
from standoff.bulk.sources import Source, why_unreadable
from standoff.findings import Finding, Report, UsageError
from standoff.scratch import scratch as scratch_folder
from standoff.tables.profiles import Profile

Progress = Callable[[int, int], None]
"""Called with the number of rows done, and of all."""
Keep = Callable[[Profile, Outcome], None]
Pass = Callable[[Sequence[Source], Plan, Outputs, Path], Outcome]


def check_tables(
    request: Request,
    progress: Progress | None = None,
    keep: Keep | None = None,
    engine: Engine | None = None,
) -> Report:
    """Check the tables that `request` names and return one report. UsageError where the request makes no sense.

    `keep` is called with each table's profile and outcome, before the failing rows are removed. The tables are read
    in the tasks of `engine`, if one is given.
    """
    started = time.perf_counter()
    files = request.files()
    result = Report(files=len(files), outputs=dict.fromkeys(map(str, request.outputs.files)))
    with scratch_folder(request.roomy) as scratch:
        opened = open_tables(request, files, scratch, engine)
        result.findings += opened.findings
        wanted = opened.writable(request.outputs)
        rows = _Rows(_pass(request, progress, engine), wanted, keep, result)
        for table in opened.tables:
            folder = Path(mkdtemp(prefix="table", dir=scratch))
            keep_one = request.duplicates == "keep-one"
            plan = planning.plan_for(table, folder, keep_one=keep_one, sort=wanted.sort)
            result.tables.append(table.format)
            result.not_run.update(planning.not_asked(plan, table.sources[0]))
            rows.check(table, plan, folder)
    result.findings.sort(key=_cause_first)
    result.seconds = time.perf_counter() - started
    return result


def _cause_first(finding: Finding) -> tuple[Any, ...]:
    """Sort by place. Faults of whole rows and columns come first."""
    path, line, *rest = finding.sort_key
    return path, line, finding.code not in ("line-too-short", "cells-moved", "columns-swapped"), *rest


def _pass(request: Request, progress: Progress | None, engine: Engine | None) -> Pass:
    """What takes all rows through the plan, on this machine or in the tasks of an engine."""
    if engine is None:
        return partial(checking_rows.check, progress=progress, summary=request.summary)
    from standoff.bulk import cluster  # only here: a check on this machine starts without it

    return partial(cluster.check, engine=engine)


class _Changed(Exception):
    """A file is not as it was before it was opened."""

    def __init__(self, source: Source) -> None:
        super().__init__("the file was changed or removed while it was read")
        self.source = source


@dataclass(frozen=True, slots=True)
class _Rows:
    """What is done with the rows of every table of a request: the pass, what is `wanted` of it, and the report of all."""

    go: Pass
    wanted: Outputs
    keep: Keep | None
    result: Report

    def check(self, table: Table, plan: Plan, scratch: Path) -> None:
        """Take the rows of a table through its plan, write what is wanted, and add what was found to the report."""
        result = self.result
        try:
            with whole_or_nothing(self.wanted.files):
                found = self._found(table, plan, scratch)
                result.findings = report.with_rows(result.findings, found, table.sources)
                if self.keep is not None:
                    self.keep(table.profile, found)
        except (_Changed, RecordsLost) as error:
            source = error.source if isinstance(error, _Changed) else table.sources[0]
            again = (
                "check it again when it is complete"
                if isinstance(error, _Changed)
                else "please report this file"
            )
            lost = replace(source, problem=str(error), remedy=f"{again}; nothing was written")
            result.findings += unreadable(lost, table.profile)
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, Unreadable) as error:
            result.findings += _explained(error, table, scratch, self.wanted.files)
        else:
            self._count(table, plan, found)

    def _found(self, table: Table, plan: Plan, scratch: Path) -> Outcome:
        """Return the outcome of the pass, its outputs written. _Changed if a file is no longer what was opened."""
        try:
            found = self.go(table.sources, plan, self.wanted, scratch)
            outcome.finish(found, self.wanted, table.sources)
        finally:
            for source in table.sources:
                if source.given is not None and not source.given.unchanged:
                    raise _Changed(source)
        return found

    def _count(self, table: Table, plan: Plan, found: Outcome) -> None:
        """Add the numbers of rows and rules to the report."""
        result = self.result
        for path in self.wanted.files:
            rows = pl.scan_parquet(path, glob=False).select(pl.len())
            result.outputs[str(path)] = rows.collect().item()
        unread = outcome.unread(table.sources)
        result.records += found.rows + unread
        result.rejected += found.rejected + unread
        if plan.keep_one:
            dropped = 0 if found.dropped is None else len(found.dropped)
            result.copies_dropped = (result.copies_dropped or 0) + dropped
        if found.summary is not None:
            result.summaries.append(found.summary)
        result.rules += len(plan.checks)
        result.ran |= plan.codes


def _explained(error: BaseException, table: Table, scratch: Path, written: list[Path]) -> list[Finding]:
    """Return what ended a pass as a finding about the file. UsageError where it is about the place written to."""
    text = str(error)
    for number in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM):
        # polars says "(os error 28)" where Python says "[Errno 28]"
        if f"(os error {number})" in text or getattr(error, "errno", None) == number:
            place = ", ".join(map(str, written)) or f"scratch files in {scratch.parent.parent}"
            raise UsageError(
                f"cannot write {place}: {os.strerror(number)}; nothing was left behind"
            ) from error
    known = getattr(error, "source", None)  # the place, where a task has found it
    explained = (
        [known] if known else [why_unreadable(source, table.profile, error) for source in table.sources]
    )
    return unreadable(next((source for source in explained if source.line > 1), explained[0]), table.profile)
