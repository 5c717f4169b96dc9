"""Checking tables from beginning to end: files to one report, and outputs that are whole or not there."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal

import polars as pl

from standoff.bulk import checking_rows, cluster, outputs, recognising, report
from standoff.bulk.addresses import fetched, remote_files
from standoff.bulk.cluster import Engine
from standoff.bulk.formats import takes_in
from standoff.bulk.naming import named
from standoff.bulk.opening import read_source, table_files
from standoff.bulk.outputs import Outputs
from standoff.bulk.plan import Plan
from standoff.bulk.profile_files import shipped
from standoff.bulk.reading import RecordsLost, scan
from standoff.bulk.sources import Source, why_unreadable
from standoff.bulk.values import present_columns
from standoff.findings import Report, UsageError
from standoff.rules.column import listed
from standoff.rules.lookups import Keys, keys_of
from standoff.scratch import scratch as scratch_folder
from standoff.tables.profiles import Binding, Profile

RECORDS = frozenset({"table-unreadable", "quote-spans-records"})
"""Findings about single records."""
FEW = 8
"""Text files that polars reads itself at the same time; more are streamed, a few at a time."""
Progress = Callable[[int, int], None]
"""Called with the number of rows done, and of all."""
Keep = Callable[[Profile, checking_rows.Outcome], None]
Run = Callable[[Sequence[Source], Plan, Outputs, Path], checking_rows.Outcome]
Duplicates = Literal["reject", "keep-one"]


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be checked, and how: `table` and `profile` name the format, else it is guessed.

    `references` are the files of other tables by name. `duplicates` says what becomes of identical copies of a row. With
    `summary`, each table is summarised, on this machine only. Addresses such as hdfs://… are text, and for engines only.
    """

    paths: Sequence[Path | str]
    table: str | None = None
    profile: str | None = None
    references: Mapping[str, Path | str] = field(default_factory=dict)
    outputs: Outputs = field(default_factory=Outputs)
    duplicates: Duplicates = "reject"
    summary: bool = False


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
    files = list(dict.fromkeys(file for path in request.paths for file in _files(path)))
    _refuse_outputs(request, [path for path in files if isinstance(path, Path)])
    stated = recognising.stated(request.table, request.profile)
    result = Report(files=len(files), outputs=dict.fromkeys(map(str, request.outputs.files)))
    with scratch_folder(_roomy(request.outputs)) as scratch:
        opened = _opened(files, stated, scratch, engine)
        given = {
            name: read_source(*_at_hand(path, _new(scratch, "unpacked")))
            for name, path in request.references.items()
        }
        groups = _tables(opened, stated, result)
        if groups:
            recognising.refuse_unasked(given, [profile for profile, _ in groups])
        if len(groups) > 1 and request.outputs.files:
            raise UsageError("the files hold several tables: write the output of one table at a time")
        # With a part missing, or a column for which rules have to wait, what is left would not be the table.
        # Single records that cannot be read keep --out from being written; --split accounts for them in BAD.
        errors = {finding.code for finding in result.findings if finding.severity == "error"}
        partly = errors <= RECORDS and len(groups) == 1 and not any(source.problem for _, source in opened)
        whole = not errors or (partly and request.outputs.bad is not None)
        wanted = (
            request.outputs
            if whole
            else Outputs(failures=request.outputs.failures if partly else None, keep=request.outputs.keep)
        )
        run = (
            partial(checking_rows.check, progress=progress, summary=request.summary)
            if engine is None
            else partial(cluster.check, engine=engine)
        )
        for profile, parts in groups:
            result.tables.append(recognising.format_of_table(parts, profile, stated=stated is not None))
            references = {**_beside(groups, profile), **given}
            keys = _keys(profile, references, _new(scratch, "keys"))
            plan = Plan(profile, _columns(parts, profile), keys, keep_one=request.duplicates == "keep-one")
            _check_table(parts, plan, wanted, _new(scratch, "table"), result, run, keep)
    result.findings.sort(key=lambda finding: finding.sort_key)
    result.seconds = time.perf_counter() - started
    return result


def _files(path: Path | str) -> Sequence[Path | str]:
    """The table files that a path or an address names."""
    return table_files([path]) if isinstance(path, Path) else remote_files(path)


def _opened(
    files: Sequence[Path | str], stated: Profile | None, scratch: Path, engine: Engine | None
) -> list[tuple[Profile | None, Source]]:
    """The format of each file, None where it is of no known one, and the file with its records accounted for."""
    if engine is None:
        many, copies = len(files) > FEW, _new(scratch, "copies")
        return list(_alike(recognising.opened(Path(path), stated, copies, many=many) for path in files))
    names = [path if isinstance(path, str) else path.as_posix() for path in files]
    return cluster.open_all(names, stated, scratch, engine)


def _alike(
    opened: Iterable[tuple[Profile | None, Source]],
) -> Iterator[tuple[Profile | None, Source]]:
    """Yield the files; of many that have the same columns, names and types are kept once."""
    known: dict[tuple[str, ...], Source] = {}
    for profile, source in opened:
        like = known.setdefault(source.names, source)
        same = like.types == source.types
        yield profile, replace(source, names=like.names, types=like.types) if same else source


def _at_hand(path: Path | str, scratch: Path) -> tuple[Path, Path]:
    """A file, fetched where it is not on this machine, and the folder."""
    return (path if isinstance(path, Path) else fetched(path, scratch)), scratch


def _refuse_outputs(request: Request, files: list[Path]) -> None:
    """UsageError where an output makes no sense, or would be read as a part of the table the next time."""
    others = [path for path in request.references.values() if isinstance(path, Path)]
    request.outputs.refuse_overwriting([*files, *others])
    for output in request.outputs.files:
        for path in request.paths:
            if isinstance(path, Path) and takes_in(path, output):
                raise UsageError(
                    f"{output} would be taken for a part of {path} the next time that is checked: write it elsewhere"
                )


def _roomy(wanted: Outputs) -> Path:
    """The folder for scratch files: that of the output, which has to have room anyway, else the system's."""
    return wanted.good.parent if wanted.good else Path(tempfile.gettempdir())


def _new(scratch: Path, name: str) -> Path:
    return Path(tempfile.mkdtemp(prefix=name, dir=scratch))


def _tables(
    opened: Sequence[tuple[Profile | None, Source]], stated: Profile | None, result: Report
) -> list[tuple[Profile, list[Source]]]:
    """Group the readable files into tables by their formats; what is wrong with files and headers goes to the report."""
    groups: dict[str, tuple[Profile, list[Source]]] = {}
    for known, source in opened:
        profile = known or recognising.UNKNOWN
        result.findings += report.header_findings(source, profile)
        if source.problem or not profile.columns or len(set(source.names)) < len(source.names):
            continue
        key = f"{profile.name} {profile.origin}" if stated is None else profile.origin
        groups.setdefault(key, (profile, []))[1].append(source)
    if not groups and not any(finding.severity == "error" for finding in result.findings):
        first = opened[0][1]
        raise UsageError(
            f"{first.shown}: its columns ({listed(first.names, 6)}) are of no format that standoff knows. Say "
            f"which with --table (events, dyads …) or --profile ({', '.join(shipped())}, or a file of your "
            "own: see docs/bulk.md)"
        )
    return list(groups.values())


def _beside(groups: list[tuple[Profile, list[Source]]], profile: Profile) -> dict[str, Source]:
    """The tables that are checked together and that `profile` refers to, as in the folder of a release."""
    wanted = profile.refers_to
    return {
        other.name: parts[0]
        for other, parts in groups
        if other.name in wanted and other.origin == profile.origin and len(parts) == 1
    }


def _check_table(
    sources: list[Source],
    plan: Plan,
    wanted: Outputs,
    scratch: Path,
    result: Report,
    run: Run,
    keep: Keep | None,
) -> None:
    profile = plan.profile
    if wanted.sort and wanted.sort not in {column.name for column in plan.columns}:
        raise UsageError(f'--sort: there is no column "{wanted.sort}"')
    _note_what_is_not_run(plan, sources[0], result)
    unread = sum(source.records.unread for source in sources if source.records)
    written = wanted.files
    try:
        with outputs.whole_or_nothing(written) if written else nullcontext():
            outcome = run(sources, plan, wanted, scratch)
            checking_rows.finish(outcome, wanted, unread)
            if wanted.bad and unread:
                _write_unreadable(sources, wanted.bad)
            about_rows = list(report.row_findings(outcome, sources))
            told = {(finding.path, finding.line) for finding in about_rows if finding.code == "value-missing"}
            # A short line that lacks a value that must be there is one fault.
            result.findings = [
                f for f in result.findings if f.code != "line-too-short" or (f.path, f.line) not in told
            ]
            result.findings += about_rows
            if outcome.summary is not None:
                result.summaries.append(outcome.summary)
                result.findings += report.summary_findings(outcome.summary, sources[0], profile)
            if keep is not None:
                keep(profile, outcome)
    except RecordsLost as error:
        lost = replace(sources[0], problem=str(error), remedy="please report this file; nothing was written")
        result.findings += [f for f in report.header_findings(lost, profile) if f.code == "table-unreadable"]
        return
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, cluster.Unreadable) as error:
        _explain(error, sources, profile, scratch, written, result)
        return
    for path in written:
        rows = pl.scan_parquet(path, glob=False).select(pl.len())
        result.outputs[str(path)] = rows.collect().item()
    result.records += outcome.rows + unread
    result.rejected += outcome.rejected + unread
    if plan.keep_one:
        result.copies_dropped = (result.copies_dropped or 0) + (
            0 if outcome.dropped is None else len(outcome.dropped)
        )
    result.rules += len(plan.checks) + plan.keyed
    result.ran |= plan.codes


def _write_unreadable(sources: Sequence[Source], bad: Path) -> None:
    """Write the lines that cannot be read beside the bad rows."""
    with bad.with_name(f"{bad.stem}.unreadable.txt").open("wb") as out:
        for source in sources:
            if source.records and source.records.raw:
                with source.records.raw.open("rb") as lines:
                    shutil.copyfileobj(lines, out)


def _columns(sources: Sequence[Source], profile: Profile) -> tuple[Binding, ...]:
    """The columns of a table in parts, converted where one part has to be. UsageError where they are not the same."""
    # Many files share their types (`_alike`), and are then looked at once.
    unlike = list({id(source.types): source for source in reversed(sources)}.values())[::-1]
    parts = [present_columns(source.types, profile) for source in unlike]
    first = parts[0]
    for source, found in zip(unlike, parts, strict=True):
        pairs = list(zip_longest(first, found))
        if any(one is None or other is None or one.name != other.name for one, other in pairs):
            ours, others = {c.source for c in first}, {c.source for c in found}
            alone = [
                f"only {one.shown} has {listed(sorted(names))}"
                for one, names in ((sources[0], ours - others), (source, others - ours))
                if names
            ]
            raise UsageError(
                f"{sources[0].shown} and {source.shown} have different columns ({'; '.join(alone) or 'in another order'}): "
                "check them one by one"
            )
        for one, _ in pairs:
            if one.parts:
                continue
            stored = sources[0].types[one.source], source.types[one.source]
            if stored[0] != stored[1] and not all(_joins(dtype, one.kind) for dtype in stored):
                raise UsageError(
                    f'{sources[0].shown} and {source.shown} store "{one.source}" as {stored[0]} and {stored[1]}, which '
                    "cannot be one column: check them one by one"
                )
    return tuple(
        replace(one, converted=any(column.converted for column in same))
        for one, *same in zip(first, *parts, strict=True)
    )


def _joins(dtype: Any, kind: str) -> bool:
    """Whether a column that is stored so in one part may be stored otherwise in another."""
    if dtype.is_float() or dtype.is_decimal():
        return kind != "string"  # the text of 1 is "1", that of 1.0 is "1.0"
    simple = dtype in (pl.String, pl.Categorical, pl.Enum, pl.Boolean, pl.Date, pl.Datetime)
    return simple or bool(dtype.is_integer())


def _keys(profile: Profile, references: Mapping[str, Source], scratch: Path) -> dict[str, Keys]:
    """The keys of the tables that columns refer to, as far as those tables are at hand."""
    found = {}
    for column in profile.columns:
        table, _, name = (column.references or "").partition(".")
        if table in references:
            of_other = replace(column, source=name, aliases=(), parts=())
            found[column.name] = keys_of(other_keys(references[table], of_other, scratch))
    return found


def other_keys(source: Source, column: Binding, scratch: Path) -> pl.Series:
    """The values of one column of another table. UsageError where it cannot be read."""
    alone = Profile(source.shown, source.shown, (column,))
    source = named(source, alone, scratch)
    if source.problem:
        raise UsageError(f"{source.shown} cannot be read: {source.problem}")
    if len(set(source.names)) < len(source.names):
        raise UsageError(f"{source.shown} cannot be read: two of its columns have the same name")
    if source.records and source.records.unread:
        first = source.records.unreadable[0]
        raise UsageError(f"{source.shown}:{first.line} cannot be read: {first.reason}")
    if column.source not in source.names:
        raise UsageError(
            f'{source.shown}: there is no column "{column.source}", which "{column.name}" refers to'
        )
    values = scan([source], [column]).select(pl.col(column.name).drop_nulls().unique())
    try:
        return values.collect(engine="streaming").to_series()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise UsageError(
            f"{source.shown} cannot be read: {why_unreadable(source, alone, error).problem}"
        ) from error


def _note_what_is_not_run(plan: Plan, source: Source, result: Report) -> None:
    """Count the rules that must wait for a column that is missing or cannot be judged.

    Those about columns that a format need not have are simply not asked.
    """
    due = [c for c in plan.profile.columns if c.required or plan.profile.complete or c.source in source.names]
    whole = Plan(plan.profile, tuple(due), plan.keys)
    asked = {check.rule.code for check in plan.checks}
    for code in sorted({check.rule.code for check in whole.checks} - asked):
        result.not_run[code] += 1
    if plan.profile.key and not plan.key:
        result.not_run["duplicate-row-key"] += 1


def _explain(
    error: BaseException,
    sources: list[Source],
    profile: Profile,
    scratch: Path,
    written: list[Path],
    result: Report,
) -> None:
    """Turn what ended a pass into a finding about the file, or a UsageError about the place written to."""
    text = str(error)
    for number in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM):
        # polars says "(os error 28)" where Python says "[Errno 28]"
        if f"(os error {number})" in text or getattr(error, "errno", None) == number:
            place = ", ".join(map(str, written)) or f"scratch files in {scratch.parent.parent}"
            raise UsageError(
                f"cannot write {place}: {os.strerror(number)}; nothing was left behind"
            ) from error
    told = getattr(error, "source", None)  # by a task
    explained = [told] if told else [why_unreadable(source, profile, error) for source in sources]
    guilty = next((source for source in explained if source.line > 1), explained[0])
    result.findings += [
        finding for finding in report.header_findings(guilty, profile) if finding.code == "table-unreadable"
    ]
