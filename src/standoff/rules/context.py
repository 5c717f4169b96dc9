"""What rules are given to look at besides plain records: the context of a record, a header, a candidate release."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from standoff.model.classes import dataclass, field

if TYPE_CHECKING:
    from standoff.codes.scheme import Scheme
    from standoff.findings import Severity
    from standoff.model.actors import Registry
    from standoff.model.versions import Version
    from standoff.source.corpus import Acceptance, Corpus
    from standoff.source.files import SeedText, SourceFile
    from standoff.source.records import Document
    from standoff.tables.profiles import Profile

SEARCH_LIMIT = 1_000_000
"""The most characters that are searched for the quotes of one file."""
COMPARISON_LIMIT = 100_000
"""The most names and codes that are compared in one run."""


@dataclass(slots=True)
class Budget:
    """The work that a run may still do to suggest what was meant by unknown words, names and codes."""

    searched: Counter[str] = field(default_factory=Counter)
    """File → characters already searched for its quotes."""
    compared: int = 0
    """Names and codes already compared."""

    def search(self, file: str, characters: int) -> bool:
        """Count a search of so many characters for a quote of `file`; False if the file's share is used up."""
        affordable = self.searched[file] < SEARCH_LIMIT
        if affordable:
            self.searched[file] += characters
        return affordable

    def compare(self, number: int) -> bool:
        """Count so many comparisons; False if the limit is passed."""
        self.compared += number
        return self.compared <= COMPARISON_LIMIT


@dataclass(frozen=True, slots=True)
class Context:
    """What a record rule may look up besides its record."""

    file: SourceFile
    document: Document | None
    seed: SeedText | None
    text: str | None
    registry: Registry
    corpus: Corpus
    budget: Budget

    @property
    def scheme(self) -> Scheme:
        """The action scheme that the dataset is coded in."""
        return self.corpus.scheme

    @property
    def language(self) -> str:
        """The language of the document, or of the dataset where the document cannot be read."""
        return self.document.language if self.document else self.corpus.language


@dataclass(frozen=True, slots=True)
class AcceptedRow:
    """A row of accepted.csv after all other rules have run.

    `severity` is that of the rule it names, None if there is no such rule. `matched` counts the findings that the
    row accepted, None if that is not known because the rule did not run. `meant` is what the row would have to say in
    one of its cells to accept a finding that there is.
    """

    row: Acceptance
    severity: Severity | None
    matched: int | None
    meant: str | None = None


class UnreadableRecord(Protocol):
    """A record of a text file that cannot be read."""

    @property
    def line(self) -> int:
        """The line where it begins."""

    @property
    def reason(self) -> str:
        """Why it cannot be read."""

    @property
    def spans(self) -> bool:
        """Whether a quotation mark in it swallows other records."""


@dataclass(frozen=True, slots=True)
class Header:
    """What is known of a table before its rows are read: the columns as the file has them.

    `problem` is why the file cannot be read at all, at `line`. `types` are polars types by column name.
    """

    profile: Profile
    names: tuple[str, ...] = ()
    types: Mapping[str, Any] = field(default_factory=dict)
    problem: str | None = None
    remedy: str | None = None
    line: int = 1
    unreadable: tuple[UnreadableRecord, ...] = ()
    unread: int = 0
    records: int = 0
    """All records of a text file, those that cannot be read among them."""
    short: tuple[int, int, int] | None = None
    """Lines with fewer cells than the header: their number, and line and number of cells of the first."""
    path: str = ""
    separator: str | None = None
    """The sign between the cells of a text file."""


@dataclass(frozen=True, slots=True)
class ShapedRows:
    """Rows of a table whose cells are in wrong columns: how `number` of them `of` all, and the line of the first.

    `columns` are those that hold a wrong value, `examples` say where the first rows are.
    """

    number: int
    of: int
    line: int
    columns: Sequence[str]
    examples: Sequence[str]


@dataclass(frozen=True, slots=True)
class RefusedChange:
    """A change that no version allows: an `id` of the release `since` that is gone, used again, or forgotten.

    `code` is the rule that reports it.
    """

    code: str
    id: str
    since: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A release that is about to be made.

    `rows` counts the rows of each table, `made` names the files that the build writes itself. `newest` is the
    newest cut release, `least` the lowest version that the changes since the previous release need, and `because`
    the greatest of these changes; all three are None without an earlier release.
    """

    corpus: Corpus
    version: Version
    rows: Mapping[str, int]
    made: frozenset[str]
    newest: Version | None = None
    least: Version | None = None
    because: str | None = None
    refused: tuple[RefusedChange, ...] = ()
