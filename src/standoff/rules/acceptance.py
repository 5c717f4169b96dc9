"""Rules about `dataset/accepted.csv`, the list of accepted findings. It may only shrink."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from standoff.rules.context import AcceptedRow
from standoff.rules.history import is_version, read_version, versions_of
from standoff.rules.rule import ACCEPTANCE, CORPUS, Fault, rule
from standoff.source.corpus import Corpus


@rule(ACCEPTANCE)
def acceptance_incomplete(accepted: AcceptedRow) -> Iterator[Fault]:
    """A row of `accepted.csv` is incomplete, or accepts a finding that cannot be accepted.

    `code` names a rule whose findings are warnings or notes (errors must be fixed), `id` a record or `path` a
    file of the dataset or both, `since` the version from which it is accepted, and `reason` why it is right.
    """
    acceptance = accepted.row
    if (acceptance.code, acceptance.id) == ("code", "id"):
        yield Fault(
            (acceptance.row, "code"),
            "the header is repeated",
            "delete this line, and rows below it that repeat others",
        )
    elif accepted.severity is None:
        yield Fault(
            (acceptance.row, "code"),
            f'there is no rule "{acceptance.code}"',
            "standoff rules lists them",
            closest=accepted.meant,
        )
    elif accepted.severity == "error":
        yield Fault(
            (acceptance.row, "code"),
            f"{acceptance.code} is an error, which cannot be accepted",
            "fix what it finds, and delete the row",
        )
    elif acceptance.id is None and (acceptance.path is None or PurePosixPath(acceptance.path).is_absolute()):
        yield Fault(
            (acceptance.row, "id"),
            "the row names no record and no file",
            "write an id, or a path such as events/d003.yaml",
        )
    elif acceptance.since is not None and read_version(acceptance.since) is None:
        yield Fault(
            (acceptance.row, "since"),
            f'since is "{acceptance.since}", which is not a version',
            "write the version from which it is accepted, three numbers with points, such as 0.2.0",
        )
    elif acceptance.since is None or acceptance.reason is None:
        missing = "since" if acceptance.since is None else "reason"
        yield Fault((acceptance.row, missing), f"{missing} is empty", f"write {missing}")


@rule(CORPUS, requires=("csv-columns", "csv-row"))
def acceptance_repeated(corpus: Corpus) -> Iterator[Fault]:
    """Two rows of `accepted.csv` accept the same finding.

    Keep the row whose reason is right.
    """
    seen: set[tuple[str | None, ...]] = set()
    for row in corpus.accepted:
        if (row.code, row.id) == ("code", "id"):
            return  # the header again: reported as a row that is incomplete
        key = (row.code, row.id, row.path)
        if key in seen:
            on = " in ".join(part for part in (row.id, row.path) if part)
            yield Fault(
                (row.row, "code"),
                f"{row.code} on {on} is accepted by an earlier row too",
                "delete one of the two",
                file=corpus.accepted_file,
            )
        seen.add(key)


@rule(CORPUS, requires=("csv-columns", "csv-row"))
def acceptance_since_unknown(corpus: Corpus) -> Iterator[Fault]:
    """A row of `accepted.csv` accepts a finding since a version that this dataset does not have.

    `since` is the first version with the accepted finding, a release or the next one.
    """
    versions = versions_of(corpus)
    for row in corpus.accepted:
        since = None if row.since is None else read_version(row.since)
        if since is None:
            continue  # reported as incomplete
        if not is_version(since, versions):
            yield Fault(
                (row.row, "since"),
                f"{row.since} is not a version of this dataset",
                "write the first version with the finding",
                file=corpus.accepted_file,
            )


@rule(ACCEPTANCE, requires=("acceptance-incomplete",))
def acceptance_unused(accepted: AcceptedRow) -> Iterator[Fault]:
    """A row of `accepted.csv` accepts a finding that is no longer there.

    Delete the row. The finding has been fixed, or the record is gone.
    """
    acceptance = accepted.row
    if accepted.matched == 0:
        on = " in ".join(part for part in (acceptance.id, acceptance.path) if part)
        yield Fault(
            (acceptance.row, "code"),
            f"there is no finding {acceptance.code} on {on}",
            "correct the row" if accepted.meant else "delete the row",
            closest=accepted.meant,
        )
