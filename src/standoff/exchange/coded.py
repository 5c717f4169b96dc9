"""What is exported: documents with their records, each read when it is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from standoff.exchange.documents import Document
from standoff.exchange.losses import Losses
from standoff.exchange.records import Negative, Record
from standoff.findings import StandoffError
from standoff.source.processes import streamed

if TYPE_CHECKING:
    import polars as pl

Row = dict[str, Any]
Made = TypeVar("Made")
SHOWN = 10


class NotExportable(StandoffError):
    """A dataset has errors that keep its records from being exported."""


@dataclass(frozen=True)
class Coded:
    """One document with its records and negatives."""

    document: Document
    records: Sequence[Record]
    negatives: Sequence[Negative]
    language: str = "en"


@dataclass
class Source:
    """What is exported. `actions` are rows of the code list, `actors` and `places` names by id.

    `read` returns a document with its records by its id. `tables` returns the tables of a release; of a dataset they are
    compiled when they are first asked for. `counted` is called for each document that was exported, with the number of
    its records and negatives.
    """

    name: str
    document_ids: tuple[str, ...]
    read: Callable[[str], Coded]
    make_tables: Callable[[], Mapping[str, pl.DataFrame]]
    actions: tuple[Row, ...]
    actors: Mapping[str, str]
    places: Mapping[str, str] = field(default_factory=dict)
    texts: str = ""
    """Where texts were looked for; empty: nowhere."""
    without_text: frozenset[str] = frozenset()
    """The documents whose text is not at hand."""
    counted: Callable[[str, int, int], None] = lambda document_id, records, negatives: None

    def __iter__(self) -> Iterator[Coded]:
        """Yield every document with its records, in the order of their ids."""
        for document_id in self.document_ids:
            coded = self.read(document_id)
            self.counted(document_id, len(coded.records), len(coded.negatives))
            yield coded

    def each(self, make: Callable[[Coded, Losses], Made], losses: Losses) -> Iterator[Made]:
        """Yield what `make` makes of every document, in the order of their ids. Several processes share many documents.

        What `make` returns is pickled, so that it should be a plain value. Its losses are listed in the order of documents.
        """

        def made(document_id: str) -> tuple[Made, list[tuple[str, str, str, str]], int, int]:
            coded, lost = self.read(document_id), Losses()
            return make(coded, lost), lost.kept, len(coded.records), len(coded.negatives)

        for document_id, (value, lost, records, negatives) in zip(
            self.document_ids, streamed(made, self.document_ids), strict=True
        ):
            losses.extend(lost)
            self.counted(document_id, records, negatives)
            yield value

    def write_each(self, write: Callable[[Coded, Losses], None], losses: Losses) -> None:
        """Let `write` write the files of every document, as `each` does."""
        for _ in self.each(write, losses):
            pass

    @cached_property
    def tables(self) -> Mapping[str, pl.DataFrame]:
        """The tables of a release, by name. Who asks for them exports them, so that their documents are counted."""
        tables = self.make_tables()
        of = {
            name: Counter(tables[name]["document_id"].to_list()) if name in tables else Counter()
            for name in ("events", "negatives")
        }
        for document_id in self.document_ids:
            self.counted(document_id, of["events"][document_id], of["negatives"][document_id])
        return tables
