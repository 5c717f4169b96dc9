"""The build: check, compile, check, write, move into place. Until the last step nothing is where a reader looks."""

from __future__ import annotations

import filecmp
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from standoff.findings import CheckFailed, ReleaseExists, UsageError
from standoff.lazy import LazyModule
from standoff.loaders import store
from standoff.model.versions import Version
from standoff.release.diff import Diff, Snapshot, diff, read_release, snapshot
from standoff.release.own_checks import rules_with_own
from standoff.release.shares import compiled
from standoff.rules.context import Candidate, RefusedChange
from standoff.rules.runner import run, run_release
from standoff.scratch import Busy, alone, scratch
from standoff.source.corpus import Corpus, read_corpus
from standoff.tables import tables_for

if TYPE_CHECKING:
    import polars as pl

    from standoff.release import contract, datapackage, workbook, write
else:  # with polars, which must not be there before processes share the work
    contract, datapackage, workbook, write = (
        LazyModule(f"standoff.release.{name}") for name in ("contract", "datapackage", "workbook", "write")
    )

STAGING = ".staging-"
"""Prefix of the folders that a build works in; what a killed build left is removed by the next."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made: where, which rows, and whether it was there already with the same bytes."""

    folder: Path
    name: str
    version: str
    rows: dict[str, int]
    reproduced: bool

    def summary(self) -> str:
        """Return what `make release` prints."""
        sizes = {
            path.relative_to(self.folder).as_posix(): path.stat().st_size
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        }
        files = f"{len(sizes)} files, {sum(sizes.values()):,} bytes"
        lines = [
            f"{self.name} {self.version}: {'reproduced byte for byte' if self.reproduced else 'compiled'} in {self.folder}",
            "",
            f"  {'table':<14}{'rows':>8}{'bytes as Parquet':>20}{'as CSV':>12}",
        ]
        for name, rows in self.rows.items():
            parquet, table = sizes.pop(f"{name}.parquet"), sizes.pop(f"{name}.csv")
            lines.append(f"  {name:<14}{rows:>8,}{parquet:>20,}{table:>12,}")
        lines += [
            "",
            *(f"  {name:<26}{size:>12,} bytes" for name, size in sizes.items()),
            "",
            f"  {files}",
            "",
        ]
        events = (self.folder / "events.parquet").as_posix()
        lines.append(f"Load it:  python -c \"import polars as pl; print(pl.read_parquet('{events}'))\"")
        return "\n".join(lines) + "\n"


def build(dataset: Path, releases: Path) -> Built:
    """Compile `dataset` into ``releases/v<version>/``.

    Raises CheckFailed with the findings if a source has an error or the version may not carry the change since
    the release before, ReleaseExists if the version was cut with other content, UsageError if there is no
    dataset or no room to write. Nothing is changed in these cases.
    """
    corpus = read_corpus(dataset)
    tables = cache(partial(compiled, corpus))
    report = run(corpus, rules=rules_with_own(corpus, tables))
    if any(finding.severity == "error" for finding in report.findings):
        raise CheckFailed(finding for finding in report.findings if finding.severity != "note")
    frames = tables()
    contents = write.Contents.of(corpus, frames)
    corpus = replace(corpus, files=[], passes=[])  # the tables hold all of it, and records take much memory
    del tables
    contract.check_tables(frames, tables_for(corpus.scheme, corpus.vocabulary))
    workbook.check_cells(frames)
    version = Version.parse(contents.about["dataset"]["version"])
    cut = {each: releases / f"v{each}" for each in store.versions_in(releases) if each.cut}
    earlier = [release for release in cut if release < version.release]
    candidate = _snapshot(contents) if earlier or version in cut else None
    changes = diff(read_release(cut[earlier[-1]]), candidate) if earlier and candidate else None
    newest = None if version in cut else max(cut, default=None)  # a release that is out may be built again
    findings = run_release(_candidate(corpus, frames, version, newest, changes))
    if findings:
        raise CheckFailed(findings)
    if version in cut and candidate:
        _guard_cut(cut[version], candidate)
    del candidate  # it holds each row as text, which takes more memory than all that is still to be done
    final = releases / f"v{version}"
    try:
        releases.mkdir(parents=True, exist_ok=True)
        with _alone(releases), scratch(releases, STAGING, grace=0) as staging:
            write.write_release(staging, contents, changes)
            reproduced = _move_into_place(staging, final, replaceable=not version.cut)
            if version.cut:
                write.write_registry(releases)
    except OSError as error:
        raise UsageError(f"cannot write to {releases}: {error.strerror}; no release was changed") from error
    return Built(
        final,
        contents.about["dataset"]["name"],
        str(version),
        {name: frame.height for name, frame in frames.items()},
        reproduced,
    )


def _snapshot(contents: write.Contents) -> Snapshot:
    """Return the release to be made as the diff compares it."""
    retired = datapackage.RETIRED
    described = {**contents.tables, retired.name: retired}
    return snapshot(
        contents.about["dataset"]["version"],
        {
            name: {**datapackage.table_schema(table), "description": table.description}
            for name, table in described.items()
        },
        {
            name: write.csv_bytes(frame)
            for name, frame in (*contents.frames.items(), (retired.name, contents.retired))
        },
    )


def _candidate(
    corpus: Corpus,
    frames: Mapping[str, pl.DataFrame],
    version: Version,
    newest: Version | None,
    changes: Diff | None,
) -> Candidate:
    """Return what the rules about releases look at."""
    rows = {name: frame.height for name, frame in frames.items()}
    candidate = Candidate(corpus, version, rows, write.GENERATED, newest)
    if changes is None:
        return candidate
    refused = [change for change in changes.changes if change.step == "refused"]
    return replace(
        candidate,
        least=None if refused else changes.least_version,
        because=f"since {changes.old} {changes.reason()}",
        refused=tuple(
            RefusedChange(change.kind, change.old or change.new or "", changes.old) for change in refused
        ),
    )


def _guard_cut(folder: Path, candidate: Snapshot) -> None:
    """Raise ReleaseExists, naming the least version, if a cut release has other tables than the candidate."""
    changes = diff(read_release(folder), candidate)
    if changes.changes:
        raise ReleaseExists(
            f"{folder} was released with other content, and a release is never rewritten: since then "
            f"{changes.reason()}. Raise the version in dataset.toml to {changes.least_version} or higher"
        )


@contextmanager
def _alone(releases: Path) -> Iterator[None]:
    """Keep other builds out of the folder. UsageError where one is running."""
    try:
        with alone(releases):
            yield
    except Busy:
        raise UsageError(f"another build is running in {releases}: wait until it has ended") from None


def _move_into_place(staging: Path, final: Path, *, replaceable: bool) -> bool:
    """Give the finished folder its name; returns whether the same bytes were there already.

    mkdtemp makes folders that only their owner may read; a release is for everybody, whatever the umask.
    """
    for path in [staging, *staging.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    if final.exists():
        differing = _differing(staging, final)
        if not differing:
            return True
        if not replaceable:
            raise ReleaseExists(
                f"{final} was released, and a release is never rewritten. Its tables are the same, but "
                f"{', '.join(differing)} would differ: raise the version in dataset.toml by a "
                "patch step, or build with the tools that build.json names"
            )
        old = final.with_name(f"{STAGING}old-{final.name}")
        final.rename(old)
        staging.rename(final)
        shutil.rmtree(old, ignore_errors=True)
        return False
    _sync(staging)
    staging.rename(final)
    return False


def _differing(one: Path, other: Path) -> list[str]:
    """Return the names of the files that are not in both folders with the same bytes."""
    names = sorted(
        {p.relative_to(root).as_posix() for root in (one, other) for p in root.rglob("*") if p.is_file()}
    )
    _, mismatch, missing = filecmp.cmpfiles(one, other, names, shallow=False)
    return sorted([*mismatch, *missing])


def _sync(folder: Path) -> None:
    """Have the files on disk before the folder gets its name, so that a power cut leaves no empty release."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
