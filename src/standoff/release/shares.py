"""The tables of a dataset, compiled in several processes.

Processes can be copied only before polars is imported, so this module and those that it needs import polars when they use it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

from standoff.lazy import LazyModule, uncollected
from standoff.release.compile import (
    OF_DOCUMENTS,
    Row,
    document_tables,
    joined,
    other_rows,
    other_tables,
    sorted_by_key,
)
from standoff.source.corpus import AnnotationFile, Corpus
from standoff.source.processes import shared
from standoff.tables import tables_for

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LazyModule("polars")

BLOCK = 250
"""So many documents are a block."""
Block = Mapping[str, bytes]
"""The tables of some documents as Arrow files."""


@dataclass(frozen=True)
class Packed:
    """All rows of a release: the tables of blocks of documents, in their order, and the rows of the other tables."""

    blocks: list[Block]
    rows: dict[str, list[Row]]


def compiled(corpus: Corpus) -> dict[str, pl.DataFrame]:
    """Return every released table, as `compile_tables` does."""
    found = packed(corpus)
    return joined(corpus, [_frames(block) for block in found.blocks], found.rows)


@uncollected()
def packed(corpus: Corpus) -> Packed:
    """Return all rows of a release. The corpus must be free of errors."""
    files = corpus.files
    starts = range(0, max(len(files), 1), BLOCK)  # of several processes, the same blocks as of one
    shares = shared(partial(_packed, corpus=corpus), [files[at : at + BLOCK] for at in starts], len(files))
    return Packed([block for share in shares for block in share], other_rows(corpus))


def block_tables(corpus: Corpus, block: Block) -> dict[str, pl.DataFrame]:
    """Return the released tables of a block. The annotation files of the corpus are not needed any more."""
    described = tables_for(corpus.scheme, corpus.vocabulary)
    return {name: sorted_by_key(described[name], frame) for name, frame in _frames(block).items()}


def whole_tables(corpus: Corpus, found: Packed) -> dict[str, pl.DataFrame]:
    """Return the released tables that are in no block."""
    return other_tables(corpus, found.rows)


def _packed(blocks: Sequence[Sequence[AnnotationFile]], *, corpus: Corpus) -> list[Block]:
    return [_block(document_tables(files, corpus)) for files in blocks]


def _block(tables: Mapping[str, pl.DataFrame]) -> Block:
    contents = {}
    for name in OF_DOCUMENTS:
        file = BytesIO()
        tables[name].write_ipc(file)
        contents[name] = file.getvalue()
    return contents


def _frames(block: Block) -> dict[str, pl.DataFrame]:
    return {name: pl.read_ipc(content) for name, content in block.items()}
