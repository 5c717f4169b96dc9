"""The files of a request opened and sorted into tables, with all that is wrong with them before a row is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import mkdtemp

from standoff.bulk import recognising
from standoff.bulk.addresses import fetched
from standoff.bulk.engines import Engine
from standoff.bulk.headers import read_source
from standoff.bulk.outputs import Outputs
from standoff.bulk.plan import SHORT
from standoff.bulk.profile_files import shipped
from standoff.bulk.request import Request
from standoff.bulk.sources import Given, Source, finding_about
from standoff.findings import Finding, TableFormat, UsageError
from standoff.rules.catalogue import table_rules
from standoff.rules.column import listed
from standoff.tables.profiles import Profile

RECORDS = frozenset({"table-unreadable", "quote-spans-records"})
"""Findings about single records."""
FEW = 8
"""Text files that polars reads itself at the same time; more are streamed, a few at a time."""


@dataclass(frozen=True, slots=True)
class Table:
    """The files of one table, in one format, with the other tables that it refers to, by name."""

    profile: Profile
    sources: list[Source]
    format: TableFormat
    references: Mapping[str, Source]


@dataclass(frozen=True, slots=True)
class Opened:
    """The tables that can be read, and what is wrong with files and headers.

    With a part missing, or a column for which rules have to wait, what is left would not be the `whole` table. It is
    whole `but_for_records` if single records cannot be read and nothing else is missing.
    """

    tables: list[Table]
    findings: list[Finding] = field(default_factory=list)
    whole: bool = True
    but_for_records: bool = True

    def writable(self, wanted: Outputs) -> Outputs:
        """Return the outputs that may be written.

        Records that cannot be read keep --out from being written; --split accounts for them in BAD.
        """
        if self.whole or (self.but_for_records and wanted.bad is not None):
            return wanted
        return Outputs(failures=wanted.failures if self.but_for_records else None, keep=wanted.keep)


def open_tables(
    request: Request, files: Sequence[Path | str], scratch: Path, engine: Engine | None = None
) -> Opened:
    """Open the `files` of a request, in the tasks of `engine` if one is given. UsageError where they cannot be checked so."""
    stated = recognising.stated(request.table, request.profile)
    opened = _opened(files, stated, _new(scratch, "opened"), engine)
    given = {name: _reference(path, _new(scratch, "reference")) for name, path in request.references.items()}
    findings = [
        finding
        for known, source in opened
        for finding in header_findings(source, known or recognising.UNKNOWN)
    ]
    errors = {finding.code for finding in findings if finding.severity == "error"}
    groups = _groups(opened, by_name=stated is None)
    if groups:
        recognising.refuse_unasked(given, [profile for profile, _ in groups])
    elif not errors:
        raise _of_no_format(opened[0][1])
    if len(groups) > 1 and request.outputs.files:
        raise UsageError("the files hold several tables: write the output of one table at a time")
    tables = [
        Table(
            profile,
            sources,
            recognising.format_of_table(sources, profile, stated=stated is not None),
            {**_beside(groups, profile), **given},
        )
        for profile, sources in groups
    ]
    problems = any(source.problem for _, source in opened)
    if not any(source.records and source.records.more_short for _, source in opened):
        errors.discard(SHORT)  # these rows are among the bad ones
    return Opened(tables, findings, not errors, errors <= RECORDS and len(groups) == 1 and not problems)


def _opened(
    files: Sequence[Path | str], stated: Profile | None, scratch: Path, engine: Engine | None
) -> list[tuple[Profile | None, Source]]:
    """The format of each file, None where it is of no known one, and the file with its records accounted for."""
    if engine is None:
        many = len(files) > FEW
        return list(_alike(_given(Path(path), stated, scratch, many=many) for path in files))
    from standoff.bulk import cluster  # only here: a check on this machine starts without it

    given = [Given.now(path) if isinstance(path, Path) else None for path in files]
    names = [path if isinstance(path, str) else path.as_posix() for path in files]
    opened = cluster.open_all(names, stated, scratch, engine)
    return [
        (profile, replace(source, given=before))
        for (profile, source), before in zip(opened, given, strict=True)
    ]


def _given(path: Path, stated: Profile | None, scratch: Path, *, many: bool) -> tuple[Profile | None, Source]:
    """The format of a file on this machine, and the file as it was before it was opened."""
    given = Given.now(path)
    profile, source = recognising.opened(path, stated, scratch, many=many)
    return profile, replace(source, given=given)


def _alike(
    opened: Iterable[tuple[Profile | None, Source]],
) -> Iterator[tuple[Profile | None, Source]]:
    """Yield the files; of many that have the same columns, names and types are kept once."""
    known: dict[tuple[str, ...], Source] = {}
    for profile, source in opened:
        like = known.setdefault(source.names, source)
        same = like.types == source.types
        yield profile, replace(source, names=like.names, types=like.types) if same else source


def _reference(path: Path | str, scratch: Path) -> Source:
    """A file of another table, fetched where it is not on this machine."""
    return read_source(path if isinstance(path, Path) else fetched(path, scratch), scratch)


def header_findings(source: Source, profile: Profile) -> Iterator[Finding]:
    """Yield what is wrong with a file before its rows are looked at."""
    header = source.header(profile)
    failed: set[str] = set()
    for rule in table_rules().values():
        if rule.scope != "header" or failed.intersection(rule.requires) or rule.code in profile.skip:
            continue
        for fault in rule.check(header):
            if rule.code != "table-unreadable" or header.problem:
                failed.add(rule.code)
            yield finding_about(source, rule, fault)


def unreadable(source: Source, profile: Profile) -> list[Finding]:
    """Return the finding that a file cannot be read, as its `problem` says."""
    return [finding for finding in header_findings(source, profile) if finding.code == "table-unreadable"]


def _groups(
    opened: Sequence[tuple[Profile | None, Source]], *, by_name: bool
) -> list[tuple[Profile, list[Source]]]:
    """The readable files as tables: those of the same folder of a release and, `by_name`, of the same format."""
    groups: dict[str, tuple[Profile, list[Source]]] = {}
    for profile, source in opened:
        if profile is None or source.problem or not profile.columns or source.repeats:
            continue
        key = f"{profile.name} {profile.origin}" if by_name else profile.origin
        groups.setdefault(key, (profile, []))[1].append(source)
    return list(groups.values())


def _of_no_format(source: Source) -> UsageError:
    usual = (
        f"Say which with --table (events, dyads …) or --profile ({', '.join(shipped())}, or a file of your own: see "
        "docs/bulk.md)"
    )
    what = f"{source.shown}: its columns ({listed(source.names, 6)}) are of no format that standoff knows"
    return UsageError(f"{what}. {recognising.likely(source) or usual}")


def _beside(groups: list[tuple[Profile, list[Source]]], profile: Profile) -> dict[str, Source]:
    """The tables that are checked together and that `profile` refers to, as in the folder of a release."""
    wanted = profile.refers_to
    return {
        other.name: parts[0]
        for other, parts in groups
        if other.name in wanted and other.origin == profile.origin and len(parts) == 1
    }


def _new(scratch: Path, name: str) -> Path:
    return Path(mkdtemp(prefix=name, dir=scratch))
