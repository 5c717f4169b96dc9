"""The other ways of `benchmarks.gdelt`, each a process: polars' own conversion of a file, and a loop over many."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path

import polars as pl


def types() -> dict[str, pl.DataType]:
    """Return the polars types of the 61 columns by their names in the codebook; days and flags as text and number."""
    from benchmarks.gdelt import _profile

    written = {pl.Date: pl.String, pl.Boolean: pl.Int8}
    return {c.source: written.get(c.kind.polars, c.kind.polars) for c in _profile().columns}


def typed(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Return the rows with day and flag as such."""
    return frame.with_columns(pl.col("SQLDATE").str.to_date("%Y%m%d"), pl.col("IsRootEvent").cast(pl.Boolean))


def convert(path: Path, out: Path) -> None:
    """Convert one file in a stream."""
    frame = pl.scan_csv(path, has_header=False, separator="\t", quote_char=None, schema=types())
    typed(frame).sink_parquet(out, compression="zstd", compression_level=3)


def loop(path: Path, out: Path) -> None:
    """Read every file of a folder, packed ones in memory; concatenate, and write."""
    schema, frames = types(), []
    for file in sorted(path.iterdir()):
        if file.suffix == ".parquet":
            frames.append(pl.read_parquet(file))
            continue
        source: Path | io.BytesIO = file
        if file.suffix == ".zip":
            with zipfile.ZipFile(file) as archive:
                source = io.BytesIO(archive.read(archive.namelist()[0]))
        frames.append(pl.read_csv(source, has_header=False, separator="\t", quote_char=None, schema=schema))
    frame = pl.concat(frames).lazy()
    if path.name != "parquet":
        frame = typed(frame)
    frame.collect().write_parquet(out, compression="zstd", compression_level=3)


if __name__ == "__main__":
    {"convert": convert, "loop": loop}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
