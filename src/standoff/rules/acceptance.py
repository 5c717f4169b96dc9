"""Rules about `dataset/accepted.csv`, the list of accepted findings. It may only shrink."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from standoff.rules.context import AcceptedRow
from standoff.rules.rule import ACCEPTANCE, Fault, rule


@rule(ACCEPTANCE)
def acceptance_incomplete(accepted: AcceptedRow) -> Iterator[Fault]:
    """A row of `accepted.csv` does not say what it accepts, since when, or why, or accepts what it may not.

    `code` names a rule whose findings are warnings or notes (errors must be mended), `id` a record or `path` a
    file of the dataset or both, `since` the version from which it is accepted, and `reason` why it is right.
    """
    acceptance = accepted.row
    if accepted.severity is None:
        yield Fault(
            (acceptance.row, "code"), f'there is no rule "{acceptance.code}"', "standoff rules lists them"
        )
    elif accepted.severity == "error":
        yield Fault(
            (acceptance.row, "code"),
            f"{acceptance.code} is an error, which cannot be accepted",
            "mend what it finds, and delete the row",
        )
    elif acceptance.id is None and (acceptance.path is None or PurePosixPath(acceptance.path).is_absolute()):
        yield Fault(
            (acceptance.row, "id"),
            "the row names no record and no file",
            "write an id, or a path such as events/d003.yaml",
        )
    elif acceptance.since is None or acceptance.reason is None:
        missing = "since" if acceptance.since is None else "reason"
        yield Fault((acceptance.row, missing), f"{missing} is empty", f"write {missing}")


@rule(ACCEPTANCE, requires=("acceptance-incomplete",))
def acceptance_unused(accepted: AcceptedRow) -> Iterator[Fault]:
    """A row of `accepted.csv` accepts a finding that is no longer there.

    Delete the row. What was wrong has been mended, or the record is gone.
    """
    acceptance = accepted.row
    if accepted.matched == 0:
        on = " in ".join(part for part in (acceptance.id, acceptance.path) if part)
        yield Fault(
            (acceptance.row, "code"), f"there is no finding {acceptance.code} on {on}", "delete the row"
        )
