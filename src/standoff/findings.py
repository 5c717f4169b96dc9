"""Findings: what is wrong, where, and what to do. One type for annotation files, tables and releases."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from standoff.model.classes import dataclass, field
from standoff.model.places import Fix, Place

if TYPE_CHECKING:
    from standoff.model.summary import Summary

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")


class Data(TypedDict, total=False):
    """What a finding says, for programs. These names are all there are; a finding has those that apply to it."""

    field: str
    """Where the value is in its file: ``events[3].status``, counted from 1."""
    value: str | int | float | bool | None
    """The value that was found there; left out if it is a list or a record."""
    expected: list[str]
    """What may be there instead: allowed words, types or forms."""
    other: str
    """The other record, file or code that the finding is about, by id, path or code."""
    words: str
    """The words of the document that the finding is about."""
    columns: list[str]
    """Columns of a table, by their names in the file."""
    failing: int
    """How many rows of a table fail."""
    rows: int
    """How many rows the table has."""
    keys: int
    """Of rows whose key repeats, how many distinct keys they have."""
    conflicting_keys: int
    """How many of these keys have rows that differ; the rows of the others are identical copies."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault in one place.

    Lines and columns count from 1, columns in code points; `end_column` is exclusive. `path` is for display: relative
    to the folder where the check was started, with forward slashes. `file` is the absolute path of an annotation file,
    None for a table. `closest` is what was probably meant. `data` holds for programs what the message says, `page` is
    the address of the rule's page.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    severity: Severity
    code: str
    message: str
    remedy: str | None = None
    closest: str | None = None
    id: str | None = None
    excerpt: str | None = None
    excerpt_column: int = 1
    """Column of the first character of `excerpt`; more than 1 where a long line was cut to be shown."""
    accepted: str | None = None
    """Why `dataset/accepted.csv` accepts it, if it does."""
    accepted_now: bool = False
    """Whether a row that accepts it is new since the dataset that was named as the base."""
    fix: Fix | None = None
    file: Path | None = field(default=None, repr=False, compare=False)
    data: Data = field(default_factory=Data)
    page: str | None = None

    @property
    def web_page(self) -> str | None:
        """The address of the rule's page if it is on the web."""
        return self.page if self.page and "://" in self.page else None

    @property
    def place(self) -> Place:
        """The stretch of the file that the finding is about."""
        return Place(self.line, self.column, self.end_line, self.end_column)

    @property
    def sort_key(self) -> tuple[Any, ...]:
        """Findings stand in the order of path, place, code and message."""
        return (self.path, self.line, self.column, self.code, self.message)

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as plain values, for JSON."""
        from dataclasses import fields

        result = {
            each.name: getattr(self, each.name) for each in fields(self) if each.name not in ("fix", "file")
        }
        return {**result, "fixable": self.fix is not None}


@dataclass(frozen=True, slots=True)
class TableFormat:
    """The format in which a table was read: name, title, number of files, and by what it was recognised.

    `recognised_by` is None where the format was stated.
    """

    name: str
    title: str
    files: int
    recognised_by: str | None = None


@dataclass
class Report:
    """What a run found: findings in order, how many rules ran on how many files and records, and what did not run."""

    findings: list[Finding] = field(default_factory=list)
    rules: int = 0
    ran: set[str] = field(default_factory=set)
    """Codes of the rules that ran."""
    files: int = 0
    records: int = 0
    not_run: Counter[str] = field(default_factory=Counter)
    """Rule code → on how many subjects it was not run because a premise had failed."""
    unable: dict[str, str] = field(default_factory=dict)
    """Rule code → why it could not be run at all, for rules in `not_run` whose premises hold."""
    withheld: int = 0
    """Records that no record rule saw because their form is wrong."""
    skipped_scopes: tuple[str, ...] = ()
    accepted: list[Finding] = field(default_factory=list)
    """Findings that `dataset/accepted.csv` accepts; they are not among `findings`."""
    left_out: Counter[str] = field(default_factory=Counter)
    """File → how many of its findings are not shown, because there are too many (`report.bounds`)."""
    hidden: Counter[str] = field(default_factory=Counter)
    """Severity → how many findings these are."""
    tables: list[TableFormat] = field(default_factory=list)
    """The tables that were checked, by their formats."""
    outputs: dict[str, int | None] = field(default_factory=dict)
    """How many rows were written to each table that was asked for; None where errors in a file or its header forbade it."""
    rejected: int = 0
    """Rows of tables that fail some rule, and records that cannot be read."""
    copies_dropped: int | None = None
    """Identical copies of rows of tables that were left out because one was kept; None where that was not asked for."""
    summaries: list[Summary] = field(default_factory=list)
    """What each table is like, where that was asked for."""
    seconds: float = 0.0
    crashed: bool = False
    fail_on: Severity | Literal["never"] = "warning"
    """The least severity of a finding that counts as a failure."""

    def count(self, severity: Severity) -> int:
        """Return how many findings of a severity there are, shown or not."""
        return sum(finding.severity == severity for finding in self.findings) + self.hidden[severity]

    @property
    def exit_code(self) -> int:
        """The exit status of the process: 0 clean, 1 findings that count as failures, 3 a fault of our own."""
        if self.crashed:
            return 3
        failing = SEVERITIES[: SEVERITIES.index(self.fail_on) + 1] if self.fail_on != "never" else ()
        return int(any(finding.severity in failing for finding in self.findings))


CRASH = "rule-crashed"
"""Code of the finding that stands for a fault of ours; it is no rule that anybody can break."""


MAX_EXCERPT = 400
"""Most characters of a line that a finding holds."""


def excerpt_of(line: str, column: int) -> tuple[str, int]:
    """Return the part of a line that is shown for a place in `column`, and the column in which that part begins."""
    start = max(0, min(column - 1 - MAX_EXCERPT // 4, len(line) - MAX_EXCERPT))
    return line[start : start + MAX_EXCERPT], start + 1


def shortened(text: str, limit: int = 60) -> str:
    """Return the beginning of `text`, as much as a message has room for."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def plural(n: float, noun: str) -> str:
    """Return a count with its noun: 1 event, 2,000 events."""
    return f"{int(n):,} {noun}{'' if n == 1 else 's'}"


class StandoffError(Exception):
    """Base class of the exceptions that standoff raises on purpose."""


class UsageError(StandoffError):
    """Wrong usage: nothing to check, a folder that is not there, options that exclude each other."""


class MissingPackage(StandoffError):
    """A package is not installed that an extra of standoff brings."""


_BUILD = ("yaml", "jsonschema", "jsonschema_rs", "regex", "merge3", "pandera", "pyarrow", "xlsxwriter")
"""Modules that check, score and build need, and that not every installation has: the extra `build` brings them."""


def extra_for(error: ModuleNotFoundError) -> Exception:
    """Return the error that says how to install what is missing; `error` itself if no extra brings it."""
    if error.name not in _BUILD:
        return error
    return MissingPackage(f"{error.name} is not installed: {install_line('build')}")


def install_line(extra: str) -> str:
    """Return the command that installs what an extra of standoff brings.

    It names the packages themselves, so it works wherever standoff came from: an index, a wheel or a checkout.
    """
    packages = " ".join(f'"{package}"' for package in _packages(extra))
    return f"python -m pip install {packages}"


def _packages(extra: str) -> list[str]:
    """Return the requirements of an extra, with those of the extras that it includes."""
    from importlib.metadata import PackageNotFoundError, requires

    try:
        stated = requires("standoff") or []
    except PackageNotFoundError:  # run from its source folder
        return [f"standoff[{extra}]"]
    found: list[str] = []
    for requirement in stated:
        package, _, marker = requirement.partition(";")
        if re.search(rf"""extra == ["']{extra}["']""", marker):
            inner = re.fullmatch(r"standoff\[([\w,]+)\]", package.strip())
            found += (
                [each for name in inner[1].split(",") for each in _packages(name)]
                if inner
                else [package.strip()]
            )
    return found or [f"standoff[{extra}]"]


class PackageFault(StandoffError):
    """Rules that another package adds cannot be loaded, or clash with those that are there."""


class CheckFailed(StandoffError):
    """A build stopped because the sources have errors; `findings` holds them all."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        errors = sum(finding.severity == "error" for finding in self.findings)
        super().__init__(f"{errors} error{'s' * (errors != 1)} in the sources")


class Unreadable(StandoffError):
    """A text is not strict YAML, so it cannot be rewritten; `faults` say why."""

    def __init__(self, faults: Sequence[Any]) -> None:
        self.faults = faults
        super().__init__(faults[0].message)


class ChangedMeanwhile(StandoffError):
    """A file was saved by another program after it was read; it is left as it is."""

    def __init__(self, shown: str) -> None:
        super().__init__(
            f"{shown}: saved by another program meanwhile, left as it is; run this command again"
        )


class ReleaseExists(StandoffError):
    """The version was released with other content; a release is never rewritten."""


class TableFault(StandoffError):
    """A compiled table breaks its contract. This is a fault of standoff: the sources passed their check."""


class CellTooLong(StandoffError):
    """A text is longer than a spreadsheet cell can hold."""
