"""Rules about a release that is about to be made: what keeps finished tables from being published under a version.

They run at the end of a build, when the tables are compiled and right. What an earlier release allows is found out
by `release.diff`; these rules say it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from standoff.findings import Data
from standoff.model.places import NOWHERE
from standoff.rules.context import Candidate
from standoff.rules.rule import RELEASE, Fault, rule


@rule(RELEASE)
def release_version_too_low(candidate: Candidate) -> Iterator[Fault]:
    """The version of a release is too low for the changes since the release before.

    PATCH: no table changes. MINOR: rows or values change. MAJOR: a column, key, code or meaning is removed or changed; before 1.0.0
    a MINOR step is enough for that. Write the version that the finding names, or a higher one. `standoff diff`
    shows the changes, and `docs/releases.md` which change needs which step.
    """
    version, newest, least = candidate.version.release, candidate.newest, candidate.least
    if newest is not None and version < newest:
        message = f"version {candidate.version} is lower than {newest}, which is released"
        lowest = max(newest.after("patch"), least or newest)
    elif least is not None and version < least:
        message = f"version {candidate.version} is too low: {candidate.because}"
        lowest = least
    else:
        return
    data = Data(value=str(candidate.version), expected=[f"at least {lowest}"])
    yield Fault(("dataset", "version"), message, f"write {lowest} or higher", data=data)


@rule(RELEASE)
def retired_id_forgotten(candidate: Candidate) -> Iterator[Fault]:
    """An id that an earlier release lists as withdrawn is no longer in `retired.csv`.

    `retired.csv` only grows, because somebody may still use the id. Restore the row.
    """
    yield from _refused(candidate, "retired-id-forgotten", "is no longer in retired.csv", "restore the row")


@rule(RELEASE)
def released_id_reused(candidate: Candidate) -> Iterator[Fault]:
    """A record has an id that an earlier release lists as withdrawn.

    Ids are never reused, even if their row in `retired.csv` is deleted. Give the record the next free
    number.
    """
    yield from _refused(
        candidate, "released-id-reused", "was withdrawn", "give the record the next free number"
    )


@rule(RELEASE)
def released_id_vanished(candidate: Candidate) -> Iterator[Fault]:
    """An id of an earlier release is gone, and `retired.csv` does not say why.

    Restore the record, or add a row to `retired.csv` with the reason.
    """
    yield from _refused(
        candidate, "released-id-vanished", "is gone", "put the record back, or add a line to retired.csv"
    )


def _refused(candidate: Candidate, code: str, what: str, remedy: str) -> Iterator[Fault]:
    for refused in candidate.refused:
        if refused.code == code:
            yield Fault(
                NOWHERE,
                f"{refused.id} {what}; release {refused.since} has it",
                remedy,
                id=refused.id,
                data=Data(other=str(refused.since)),
                file=candidate.corpus.retired_file,
            )


@rule(RELEASE)
def rows_lost(candidate: Candidate) -> Iterator[Fault]:
    """A table has fewer rows than `[minimum_rows]` in `dataset.toml` expects.

    Look for the missing rows. Lower the number only if the loss is intended.
    """
    for name, least in candidate.corpus.meta.value.get("minimum_rows", {}).items():
        at = ("minimum_rows", name)
        if name not in candidate.rows:
            yield Fault(
                at,
                f"there is no table {name}",
                f"the tables are {', '.join(candidate.rows)}",
                data=Data(expected=list(candidate.rows)),
            )
        elif (rows := candidate.rows[name]) < least:
            message = f"the table {name} has {rows:,} rows; expected at least {least:,}"
            yield Fault(at, message, data=Data(rows=rows))


@rule(RELEASE)
def included_file_missing(candidate: Candidate) -> Iterator[Fault]:
    """A file that is to be part of every release is missing, or is one that the build makes.

    `include` in `dataset.toml` names files beside the dataset's folder, or in folders there. Write the file, run the
    command that makes it (`standoff docs` makes most of them), or remove it from `include`.
    """
    folder = candidate.corpus.root.parent
    for i, name in enumerate(candidate.corpus.meta.value["dataset"].get("include", ())):
        if name in candidate.made:
            yield Fault(("dataset", "include", i), f"{name} is made by the build", "remove it from include")
        elif not (folder / name).is_file() or _through_a_link(folder, name):
            message = f"{name} is to be part of every release, but is not beside the dataset's folder"
            yield Fault(("dataset", "include", i), message, "write it, or remove it from include")


def _through_a_link(folder: Path, name: str) -> bool:
    """Whether the file, or a folder on the way to it, is a symbolic link: it might be outside of the project."""
    steps = name.split("/")
    return any(folder.joinpath(*steps[: n + 1]).is_symlink() for n in range(len(steps)))
