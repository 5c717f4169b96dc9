"""One release as an object: everything that the loaders do, for one place and version."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

import polars as pl

from standoff.loaders import frames, hydration, sources, store
from standoff.loaders.panel import panel
from standoff.loaders.store import Source

if TYPE_CHECKING:
    import duckdb
    import pandas as pd  # type: ignore[import-untyped]
    import pyarrow as pa


class Release:
    """One release, wherever it is: the tables, what is known about them, and how to cite it.

    Methods raise as the functions of the same name do.

    Args:
        source: The folder or address of a release or of a folder of releases, or the name of an installed dataset. By
            default this installation.
        version: A version. By default the newest that was cut.

    Examples:
        >>> import standoff
        >>> mine = standoff.Release("releases", "1.0.0")
        >>> mine.load("events").height
        67
    """

    def __init__(self, source: Source | None = None, version: str | None = None) -> None:
        self._source = source
        self._files = sources.find(version, source)
        self.version = str(self._files.version)

    def __repr__(self) -> str:
        return f"Release({str(self._source or store.home())!r}, {self.version!r})"

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables."""
        return self._files.tables

    @overload
    def load(self, table: str, *, backend: Literal["polars"] = "polars") -> pl.DataFrame: ...
    @overload
    def load(self, table: str, *, backend: Literal["pandas"]) -> pd.DataFrame: ...
    @overload
    def load(self, table: str, *, backend: Literal["pyarrow"]) -> pa.Table: ...
    @overload
    def load(self, table: str, *, backend: Literal["duckdb"]) -> duckdb.DuckDBPyRelation: ...
    def load(self, table: str, *, backend: frames.Backend = "polars") -> Any:
        """Return a table in the frame of a library."""
        return frames.load(table, self.version, source=self._source, backend=backend)

    def scan(self, table: str) -> pl.LazyFrame:
        """Return a table as a polars LazyFrame."""
        return frames.scan(table, self.version, source=self._source)

    def panel(self, **options: Any) -> pl.DataFrame:
        """Return how much of what one actor did to another in each period. `options` are those of `standoff.panel`."""
        return panel(self.scan("dyads"), **options)

    def path(self, table: str) -> Path:
        """Return the path of a table's Parquet file."""
        return frames.path(table, self.version, source=self._source)

    def describe(self, table: str | None = None) -> pl.DataFrame:
        """Return the columns of a table with their documentation, or the tables with theirs."""
        return frames.describe(table, self.version, source=self._source)

    def cite(self, *, format: Literal["text", "bibtex"] = "text") -> str:  # noqa: A002
        """Return how to cite the release."""
        return frames.cite(self.version, format=format, source=self._source)

    def resolve_id(self, record_id: str) -> str | None:
        """Return the id under which a record is found in this release; None where it was withdrawn without a successor."""
        return frames.resolve_id(record_id, self.version, source=self._source)

    def hydrate(
        self, frame: pl.DataFrame | pl.LazyFrame | str, documents: str | os.PathLike[str]
    ) -> pl.DataFrame:
        """Return the rows with the words of their evidence, from your own copies of the documents."""
        return hydration.hydrate(frame, documents, self.version, source=self._source)
