"""What is exported: documents with their records, each read when it is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from standoff.exchange.documents import Document
from standoff.exchange.losses import Losses
from standoff.exchange.losses import Row as Lost
from standoff.exchange.records import Negative, Record
from standoff.findings import StandoffError
from standoff.source.processes import streamed

if TYPE_CHECKING:
    import polars as pl

Row = dict[str, Any]
Tables = Mapping[str, "pl.DataFrame"]
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


@dataclass(frozen=True)
class Blocks:
    """The tables of a release: those about documents in blocks, in the order of the documents' ids, and `others` whole.

    Tables are made when they are asked for.
    """

    blocks: Sequence[Callable[[], Tables]]
    others: Callable[[], Tables]


@dataclass
class Source:
    """What is exported. `actions` are rows of the code list, `actors` and `places` names by id.

    `read` returns a document with its records by its id. `make_blocks` returns the tables of a release; those of a dataset
    are compiled then. `counted` is called for each document that was exported, with the number of
    its records and negatives.
    """

    name: str
    document_ids: tuple[str, ...]
    read: Callable[[str], Coded]
    make_blocks: Callable[[], Blocks]
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

        def made(document_id: str) -> tuple[Made, list[Lost], int, int]:
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

    def each_block(self, make: Callable[[Tables, Losses], Made], losses: Losses) -> Iterator[Made]:
        """Yield what `make` makes of the tables of each block of documents, in the order of their ids. Several processes share them.

        What `make` returns is pickled, so that it should be a plain value.
        """

        def made(block: Callable[[], Tables]) -> tuple[Made, list[Lost], dict[str, Counter[str]]]:
            tables, lost = self._chosen(block()), Losses()
            return make(tables, lost), lost.kept, _sizes(tables)

        blocks = self._blocks.blocks
        for value, lost, sizes in streamed(made, blocks, files=len(self.document_ids)):
            losses.extend(lost)
            self._count(sizes)
            yield value

    def block_tables(self) -> Iterator[Tables]:
        """Yield the tables of each block of documents, together with those that are in no block."""
        for block in self._blocks.blocks:
            tables = self._chosen(block())
            self._count(_sizes(tables))
            yield tables

    @cached_property
    def tables(self) -> Tables:
        """The tables of a release, by name."""
        import polars as pl

        parts = list(self.block_tables())
        return {
            name: frame if name in self.whole else pl.concat([part[name] for part in parts])
            for name, frame in parts[0].items()
        }

    @property
    def whole(self) -> frozenset[str]:
        """The names of the tables that are in no block."""
        return frozenset(self._others)

    @cached_property
    def _blocks(self) -> Blocks:
        return self.make_blocks()

    @cached_property
    def _others(self) -> Tables:
        return chosen_rows(self._blocks.others(), self.document_ids)

    def _chosen(self, block: Tables) -> Tables:
        """Return the tables of a block, limited to the documents that are exported, with the tables that are in no block."""
        return {**self._others, **chosen_rows(block, self.document_ids)}

    def _count(self, sizes: Mapping[str, Counter[str]]) -> None:
        for document_id in sizes["documents"]:
            self.counted(document_id, sizes["events"][document_id], sizes["negatives"][document_id])


def _sizes(tables: Tables) -> dict[str, Counter[str]]:
    """Return the number of rows of each document."""
    names = ("documents", "events", "negatives")
    return {name: Counter(tables[name]["document_id"].to_list()) for name in names}


def chosen_rows(tables: Tables, documents: Iterable[str]) -> dict[str, pl.DataFrame]:
    """Return tables without the rows that are about other documents or their events."""
    import polars as pl

    wanted = pl.DataFrame({"document_id": pl.Series(documents, dtype=pl.String)})
    kept = {
        name: frame.join(wanted, on="document_id", how="semi", maintain_order="left")
        if "document_id" in frame.columns
        else frame
        for name, frame in tables.items()
    }
    if "events" in kept and kept["events"].height < tables["events"].height:
        events = kept["events"].select("event_id")
        for name, frame in kept.items():
            if "event_id" in frame.columns and "document_id" not in frame.columns:
                kept[name] = frame.join(events, on="event_id", how="semi", maintain_order="left")
    return kept
