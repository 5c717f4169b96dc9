"""Rows that passed and rows that failed, written beside their final names and moved there when all is well."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from standoff.findings import UsageError
from standoff.scratch import Busy, alone, remove

ROW_GROUP = 131_072
SORTED_AT_A_TIME = 4_000_000


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where to write: the rows that passed, those that failed, and (row, key, rule) of every failure."""

    good: Path | None = None
    bad: Path | None = None
    failures: Path | None = None
    sort: str | None = None
    keep: bool = False
    """Whether the caller takes the failing rows as a frame."""

    @property
    def rows_wanted(self) -> bool:
        """Whether whole rows are wanted, and not only what is wrong with them."""
        return self.good is not None or self.bad is not None or self.keep

    @property
    def files(self) -> list[Path]:
        """The files to write."""
        return [path for path in (self.good, self.bad, self.failures) if path is not None]

    def refuse_overwriting(self, inputs: list[Path]) -> None:
        """Raise UsageError where an output is an input, another output, no Parquet, or has no folder to lie in."""
        given = self.files
        resolved = [path.resolve() for path in given]
        if len(set(resolved)) < len(resolved):
            raise UsageError("two outputs have the same name")
        for path in given:
            if path.suffix != ".parquet":
                raise UsageError(f"{path}: outputs are Parquet files, so their names end in .parquet")
            if path.resolve() in {file.resolve() for file in inputs}:
                raise UsageError(f"{path} would be overwritten: it is read")
            if path.is_dir():
                raise UsageError(f"{path} is a folder: give the name of a file")
            if not path.parent.is_dir():
                raise UsageError(f"there is no folder {path.parent} to write {path.name} into")
        if self.sort and not self.good:
            raise UsageError("--sort says how --out is sorted: give --out or --split too")


def partial(path: Path) -> Path:
    """Return the path at which a file is written until it is whole, in a folder of its own."""
    return path.with_name(f".{path.name}.partial") / path.name


@contextmanager
def whole_or_nothing(paths: list[Path]) -> Iterator[None]:
    """Move the partial files to their final paths when the block ends well, and remove them otherwise.

    What a killed run has left of the same outputs is removed first. UsageError where another run writes one of them.
    """
    with ExitStack() as held:
        for path in paths:
            folder = partial(path).parent
            folder.mkdir(exist_ok=True)
            try:
                held.enter_context(alone(folder))
            except Busy:
                raise UsageError(f"another run is writing {path}: wait until it has ended") from None
            held.callback(remove, folder)
            partial(path).unlink(missing_ok=True)
        yield
        for path in paths:
            with partial(path).open("rb+") as file:
                os.fsync(file.fileno())
        for path in paths:
            partial(path).replace(path)


@contextmanager
def rewritten(path: Path) -> Iterator[tuple[Path, Path]]:
    """Give what a partial file holds so far, under another name, and the name to write it to anew."""
    old = path.replace(path.with_name(f"{path.name}-before"))
    try:
        yield old, path
    finally:
        old.unlink()


def write(frame: pl.LazyFrame, path: Path) -> None:
    """Stream `frame` into the Parquet file `path`."""
    writing(frame, path).collect(engine="streaming")


def writing(frame: pl.LazyFrame, path: Path) -> pl.LazyFrame:
    """Return the query that streams `frame` into the Parquet file `path`."""
    return frame.sink_parquet(
        path, compression="zstd", compression_level=3, row_group_size=ROW_GROUP, lazy=True
    )


def write_sorted(frame: pl.LazyFrame, by: str, path: Path) -> None:
    """Write `frame` sorted by one column, equal values in their order, holding `SORTED_AT_A_TIME` rows or so.

    Ranges of values are written one after the other: a value that stands in more rows than that is held whole.
    """
    import pyarrow.parquet as pq

    value = pl.col(by).alias("row.value")
    counts = frame.group_by(value).agg(pl.len().alias("row.count")).collect(engine="streaming")
    summed = counts.sort("row.value", nulls_last=True).with_columns(pl.col("row.count").cum_sum())
    ranges = summed.with_columns((pl.col("row.count") - 1) // SORTED_AT_A_TIME)
    schema = frame.limit(0).collect().to_arrow().schema
    with pq.ParquetWriter(path, schema, compression="zstd", compression_level=3) as writer:
        for values in ranges.partition_by("row.count", maintain_order=True):
            within = pl.col(by).is_in(values["row.value"].implode(), nulls_equal=True)
            part = (
                frame.filter(within)
                .collect(engine="streaming")
                .sort(by, nulls_last=True, maintain_order=True)
            )
            writer.write_table(part.to_arrow(), row_group_size=ROW_GROUP)
