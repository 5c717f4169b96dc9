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
from standoff.release.compile import Row, document_tables, joined, other_rows
from standoff.source.corpus import AnnotationFile, Corpus
from standoff.source.processes import shared

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LazyModule("polars")


@dataclass(frozen=True)
class Packed:
    """All rows of a release: the tables of shares of the documents as Arrow files, and the rows of the other tables."""

    parts: list[dict[str, bytes]]
    rows: dict[str, list[Row]]


def compiled(corpus: Corpus) -> dict[str, pl.DataFrame]:
    """Return every released table, as `compile_tables` does."""
    return unpacked(corpus, packed(corpus))


@uncollected()
def packed(corpus: Corpus) -> Packed:
    """Return all rows of a release. The corpus must be free of errors."""
    return Packed(shared(partial(_packed, corpus=corpus), corpus.files), other_rows(corpus))


def unpacked(corpus: Corpus, found: Packed) -> dict[str, pl.DataFrame]:
    """Return every released table. The annotation files of the corpus are not needed any more."""
    return joined(corpus, [_unpacked(part) for part in found.parts], found.rows)


def _packed(files: Sequence[AnnotationFile], *, corpus: Corpus) -> dict[str, bytes]:
    """Return the tables of some documents as Arrow files."""
    contents = {}
    for name, frame in document_tables(files, corpus).items():
        file = BytesIO()
        frame.write_ipc(file)
        contents[name] = file.getvalue()
    return contents


def _unpacked(part: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    return {name: pl.read_ipc(content) for name, content in part.items()}
