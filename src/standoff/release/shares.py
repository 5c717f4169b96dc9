"""The tables of a dataset, compiled in several processes.

Processes can be copied only before polars is imported, so this module and those that it needs import polars when they use it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

from standoff.lazy import LazyModule, uncollected
from standoff.release.compile import compile_tables, document_tables
from standoff.source.corpus import AnnotationFile, Corpus
from standoff.source.processes import shared

if TYPE_CHECKING:
    import polars as pl
else:
    pl = LazyModule("polars")


@uncollected()
def compiled(corpus: Corpus) -> dict[str, pl.DataFrame]:
    """Return every released table, as `compile_tables` does."""
    parts = shared(partial(_packed, corpus=corpus), corpus.files)
    return compile_tables(corpus, [_unpacked(part) for part in parts])


def _packed(files: Sequence[AnnotationFile], *, corpus: Corpus) -> dict[str, bytes]:
    """Return the tables of some documents as Arrow files."""
    packed = {}
    for name, frame in document_tables(files, corpus).items():
        file = BytesIO()
        frame.write_ipc(file)
        packed[name] = file.getvalue()
    return packed


def _unpacked(part: Mapping[str, bytes]) -> dict[str, pl.DataFrame]:
    return {name: pl.read_ipc(content) for name, content in part.items()}
