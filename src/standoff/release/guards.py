"""What keeps a finished build from becoming a release: a version too low, an id gone, rows lost, a file missing.

Each is a finding like those of `standoff check`, placed where it can be mended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from standoff.findings import Finding
from standoff.model.versions import Version
from standoff.release.diff import KINDS, Diff
from standoff.source.corpus import Corpus
from standoff.source.files import SourceFile
from standoff.tables import TABLES


def rows_lost(corpus: Corpus, frames: Mapping[str, pl.DataFrame]) -> Iterator[Finding]:
    """A table has fewer rows than [minimum_rows] in dataset.toml states."""
    for name, least in corpus.meta.value.get("minimum_rows", {}).items():
        if name not in TABLES:
            yield _finding(
                corpus.meta,
                ("minimum_rows", name),
                "minimum-rows-unknown-table",
                f"there is no table {name}",
                f"the tables are {', '.join(TABLES)}",
            )
        elif frames[name].height < least:
            yield _finding(
                corpus.meta,
                ("minimum_rows", name),
                "release-rows-lost",
                f"the table {name} has {frames[name].height:,} rows, and {least:,} at least are expected",
                "look for what went missing; lower the number only if the loss is meant",
            )


def files_missing(corpus: Corpus, generated: frozenset[str]) -> Iterator[Finding]:
    """A file that dataset.toml says every release carries is not there, or has the name of one that is made."""
    for name in corpus.meta.value["dataset"].get("include", ()):
        path = corpus.root.parent / name
        if name in generated:
            yield _finding(
                corpus.meta,
                ("dataset", "include"),
                "included-file-generated",
                f"{name} is made by the build",
                "take it out of include",
            )
        elif path.is_symlink() or not path.is_file():
            yield _finding(
                corpus.meta,
                ("dataset", "include"),
                "included-file-missing",
                f"the release is to carry {name}, which is not beside the dataset folder",
                "write it, run the command that makes it, or take it out of include",
            )


def version_too_low(
    corpus: Corpus, version: Version, newest: Version | None, diff: Diff | None
) -> Iterator[Finding]:
    """The version does not make the step that the change since the newest release needs.

    `newest` is the newest release that has been cut, `diff` what changed since the newest one before `version`.
    """
    if newest is not None and version.release < newest:
        yield _version_finding(
            corpus,
            f"version {version} comes before {newest}, which has been released",
            f"write {(diff.least_version if diff else newest.after('patch'))} or higher",
        )
    elif diff is not None and diff.step != "refused" and version.release < diff.least_version:
        kind = next(iter(diff.kinds()), None)
        because = (
            f"{KINDS[kind][1]} ({diff.kinds()[kind]} × {kind})" if kind else "the version has been released"
        )
        yield _version_finding(
            corpus,
            f"version {version} is too low: since {diff.old} {because}",
            f"the change needs a {diff.step} step: write {diff.least_version} or higher",
        )


def ids_broken(corpus: Corpus, diff: Diff | None) -> Iterator[Finding]:
    """An id of an earlier release is gone without a word, is used again, or is no longer in retired.csv."""
    remedies = {
        "id-vanished": "put the record back, or add a line to retired.csv with the reason",
        "id-reused": "give the record the next free number",
        "retired-forgotten": "put the line back: retired.csv only grows",
    }
    for change in diff.changes if diff else ():
        if change.step == "refused":
            identifier = change.old or change.new or ""
            yield _finding(
                corpus.retired_file,
                (),
                change.kind,
                f"{identifier}: {KINDS[change.kind][1]}" + (f" (released in {diff.old})" if diff else ""),
                remedies[change.kind],
                identifier,
            )


def _version_finding(corpus: Corpus, message: str, remedy: str) -> Finding:
    return _finding(corpus.meta, ("dataset", "version"), "release-version-too-low", message, remedy)


def _finding(
    source: SourceFile,
    path: tuple[str, ...],
    code: str,
    message: str,
    remedy: str,
    identifier: str | None = None,
) -> Finding:
    line = _line_of(source.text, *path) if path else 1
    excerpt = source.lines[line - 1] if path else None
    return Finding(
        path=source.shown,
        line=line,
        column=1,
        end_line=line,
        end_column=1 + len(excerpt or ""),
        severity="error",
        code=code,
        message=message,
        remedy=remedy,
        id=identifier,
        excerpt=excerpt,
    )


def _line_of(text: str, table: str, key: str) -> int:
    """Return the line of a TOML file on which `key` of `table` stands; of its header where it cannot be told."""
    current, header = "", 1
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if stripped.startswith("["):
            current = stripped.strip("[] ")
            header = number if current == table else header
        elif current == table and stripped.partition("=")[0].strip().strip("\"'") == key:
            return number
    return header
