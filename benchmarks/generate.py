"""Makes CAMEO-like event tables of any size, clean or with a stated share of each kind of fault.

    python -m benchmarks.generate 10_000_000 10m.parquet
    python -m benchmarks.generate 1_000_000 bad.csv --faulty 0.01

Every value is a function of the row's number and the seed: the same command makes the same table, in pieces of
a million rows, so that size costs disk and no memory. Beside the table stands ``documents.parquet``, the
documents that it may refer to, one for twenty events.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from standoff.codes import shipped

PIECE = 1_000_000
ROW_GROUP = 131_072
EVENTS_PER_DOCUMENT = 20
PRECISIONS = pl.Series(["day"] * 20 + ["week"] * 2 + ["month"] * 2 + ["year"])
SECTORS = ("", "GOV", "MIL", "REB", "OPP", "COP", "MED", "CVL", "GOVMIL", "BUS")

FAULTS: dict[str, tuple[str, pl.Expr]] = {
    "unknown action": ("action", pl.lit("0999")),
    "wrong Goldstein value": ("goldstein", pl.col("goldstein") + 0.5),
    "wrong quad class": ("quad_class", 5 - pl.col("quad_class")),
    "span reversed": ("span_end", pl.col("span_start")),
    "span before the document": ("span_start", pl.lit(-1, pl.Int32)),
    "confidence above one": ("confidence", pl.col("confidence") + 1),
    "no quote": ("quote", pl.lit(None, pl.String)),
    "actor no code": ("actor", pl.lit("usa1")),
    "target no code": ("target", pl.lit("??")),
    "unknown precision": ("date_precision", pl.lit("decade")),
    "date out of range": ("date", pl.date(1066, 10, 14)),
    "unknown document": ("doc_id", pl.lit("d-none")),
    "duplicate id": ("event_id", pl.format("e{}", pl.col("row") - 1)),
}
"""What can be wrong with a row: the column that is spoiled, and what is put there."""


def pieces(rows: int, faulty: float = 0.0, seed: int = 0) -> Iterator[pl.DataFrame]:
    """Yield the table in order; a share `faulty` of the rows has one fault, all kinds equally often."""
    for start in range(0, rows, PIECE):
        yield piece(start, min(start + PIECE, rows), rows, faulty, seed)


def piece(start: int, stop: int, rows: int, faulty: float, seed: int) -> pl.DataFrame:
    """Return the rows from `start` to `stop` of a table of `rows`."""
    # A few codes make most of the events, as in every event dataset: the rank is drawn log-uniformly.
    actions = pl.DataFrame(
        [
            (a.code, a.scales["gdelt"], a.quad_class)
            for a in shipped.scheme().actions.values()
            if a.scales["gdelt"] is not None
        ],
        schema={"action": pl.String, "goldstein": pl.Float64, "quad_class": pl.Int32},
        orient="row",
    )
    actors = _actor_codes()
    # Some 130 characters, the length of a sentence in a news report: a row of CSV takes some 200 bytes.
    quotes = pl.Series(
        f"{who} said on Monday that the {number} delegations would meet again before the end of the month, whatever the "
        f"other side had announced"
        for number in range(4000)
        for who in ("he", "she", "they", "both", "it")
    )
    documents = max(1, rows // EVENTS_PER_DOCUMENT)

    def draw(salt: int) -> pl.Expr:
        """Return a number in [0, 1) for every row."""
        return (pl.col("row").hash(seed * 1000 + salt) // 2048).cast(pl.Float64) / 2**53

    def pick(values: pl.Series, salt: int) -> pl.Expr:
        rank = (draw(salt) * math.log(len(values))).exp().floor().cast(pl.UInt32) - 1
        return pl.lit(values).gather(rank.clip(0, len(values) - 1))

    def one_of(values: pl.Series, salt: int) -> pl.Expr:
        return pl.lit(values).gather((draw(salt) * len(values)).cast(pl.UInt32))

    frame = pl.select(pl.int_range(start, stop, dtype=pl.Int64).alias("row")).with_columns(
        event_id=pl.format("e{}", pl.col("row")),
        doc_id=pl.format("d{}", (draw(1) * documents).cast(pl.Int64)),
        date=pl.date(1995, 1, 1) + pl.duration(days=(draw(2) * 11_000).cast(pl.Int64)),
        date_precision=one_of(PRECISIONS, 3),
        actor=pick(actors, 4),
        target=pick(actors, 5),
        action=pick(actions["action"], 6),
        span_start=(draw(7) * 5000).cast(pl.Int32),
        confidence=(draw(8) * 1000).round() / 1000,
        quote=one_of(quotes, 9),
    )
    frame = frame.with_columns(span_end=pl.col("span_start") + 1 + (draw(10) * 80).cast(pl.Int32)).join(
        actions, on="action", how="left", maintain_order="left"
    )
    spoiled = draw(11) < faulty
    kind = (draw(12) * len(FAULTS)).cast(pl.Int32)
    frame = frame.with_columns(kind=pl.when(spoiled & (pl.col("row") > 0)).then(kind))
    for number, (column, value) in enumerate(FAULTS.values()):
        frame = frame.with_columns(
            pl.when(pl.col("kind") == number).then(value).otherwise(pl.col(column)).alias(column)
        )
    return frame.select(COLUMNS)


COLUMNS = (
    "event_id", "doc_id", "date", "date_precision", "actor", "target", "action",
    "goldstein", "quad_class", "span_start", "span_end", "confidence", "quote",
)  # fmt: skip


def _actor_codes() -> pl.Series:
    countries = sorted(code for code in shipped.scheme().countries if len(code) == 3)
    return pl.Series([country + sector for sector in SECTORS for country in countries])


def write(path: Path, rows: int, faulty: float = 0.0, seed: int = 0) -> None:
    """Write the table as Parquet or CSV, by the name's ending, and its documents beside it."""
    documents = max(1, rows // EVENTS_PER_DOCUMENT)
    pl.select(document_id=pl.format("d{}", pl.int_range(documents))).write_parquet(
        path.with_name(f"{path.stem}.documents.parquet")
    )
    if path.suffix == ".csv":
        with path.open("wb") as file:
            for number, part in enumerate(pieces(rows, faulty, seed)):
                part.write_csv(file, include_header=number == 0)
        return
    writer = None
    for part in pieces(rows, faulty, seed):
        table = part.to_arrow().cast(
            pa.schema(
                [
                    field.with_type(pa.string()) if pa.types.is_large_string(field.type) else field
                    for field in part.to_arrow().schema
                ]
            )
        )
        writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
        writer.write_table(table, row_group_size=ROW_GROUP)
    if writer is not None:
        writer.close()


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("rows", type=int)
    parser.add_argument("path", type=Path)
    parser.add_argument(
        "--faulty", type=float, default=0.0, help="share of rows with a fault (default: none)"
    )
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    write(options.path, options.rows, options.faulty, options.seed)


if __name__ == "__main__":
    main()
