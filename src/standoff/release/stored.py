"""The Parquet files of a release: whether they hold the rows of its CSV files, and in which types."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from pathlib import Path

import polars as pl

from standoff.findings import UsageError
from standoff.loaders import store
from standoff.release.diff import Snapshot, rows_of


def with_stored(release: Snapshot, folder: Path) -> Snapshot:
    """Return the release with the type of each column in its Parquet files.

    Raises UsageError if a Parquet file is missing, is not what SHA256SUMS says, or holds other rows than the CSV file.
    """
    sums = store.read_sums(folder / store.SUMS)
    stored = {}
    for name, schema in release.schemas.items():
        file = folder / f"{name}.parquet"
        try:
            content = file.read_bytes()
            if hashlib.sha256(content).hexdigest() != sums.get(file.name):
                raise UsageError(
                    f"{file} is not what SHA256SUMS says: a release is never changed, restore it"
                )
            frame = pl.read_parquet(io.BytesIO(content))
            rows = rows_of(frame.write_csv(null_value="").encode(), schema["primaryKey"])
        except OSError as error:
            raise UsageError(f"{file} cannot be read: {error.strerror}") from error
        except (pl.exceptions.PolarsError, ValueError, KeyError) as error:
            raise UsageError(f"{file} cannot be read: {error}") from error
        if rows != release.tables[name]:
            raise UsageError(f"{file} holds other rows than {name}.csv: build the release again")
        stored[name] = {column: str(kind) for column, kind in frame.schema.items()}
    return replace(release, stored=stored)
