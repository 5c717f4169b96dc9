"""Dyads counted by period: one row for each actor, target, period and class."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

import polars as pl

from standoff.findings import UsageError
from standoff.loaders.frames import load
from standoff.loaders.renamed import missing_column

Period = Literal["day", "week", "month", "quarter", "year"]
INTERVALS: dict[str, str] = {"day": "1d", "week": "1w", "month": "1mo", "quarter": "1q", "year": "1y"}
MOST_CELLS = 10**7
"""Most rows that a panel may have with zeros."""
CLASSES: dict[str, tuple[int, ...]] = {"quad_class": (1, 2, 3, 4)}
"""Scales whose classes are known, so that those that do not occur are counted as zero too."""
COUNTS = ("certain", "expected", "possible")


class PanelTooLarge(UsageError):
    """A panel with zeros would have more than 10 million rows."""


def panel(
    dyads: pl.DataFrame | pl.LazyFrame | None = None,
    *,
    by: str = "actor_top",
    period: Period = "month",
    start: date | None = None,
    end: date | None = None,
    scale: str = "quad_class",
    actors: Sequence[str] | None = None,
    zeros: bool = True,
) -> pl.DataFrame:
    """Return how much of what one actor did to another in each period: one row for each actor, target, period and class.

    Periods run from the one that holds `start` to the one that holds `end`. A coder's output in the form of the table
    `dyads` can be counted in the same way.

    Args:
        dyads: A frame in the form of the table `dyads`. By default that of the newest release. Without a column `weight`,
            a row counts 1.
        by: The column of the actor: actor_top, actor_id, actor_country or actor_code (releases 1.x: actor_id or
            actor_code). The target's column follows from it.
        period: "day", "week", "month", "quarter" or "year".
        start: A day in the first period. By default the first day of all dates with two ends.
        end: A day in the last period. By default the last day of all dates with two ends.
        scale: The column of the class.
        actors: Keep only the rows whose actor and target are both among these.
        zeros: Combine every actor with every target in every period and class.

    Returns:
        Columns `actor`, `target`, `period` (its first day), the `scale`, and three sums of weight: `certain` (the whole
            date is in the period), `expected` (the weight spread evenly over the days of the date) and `possible` (the
            date overlaps the period). Dates with an open end count as possible only.

    Raises:
        UsageError: The frame lacks a column.
        PanelTooLarge: With zeros, there would be more than 10 million rows.
        TypeError: An argument is of the wrong type.
        ValueError: There is no such period, or `start` is after `end`.

    Examples:
        >>> import standoff
        >>> dyads = standoff.load("dyads", "1.0.0")
        >>> standoff.panel(dyads, by="actor_id", period="year", zeros=False).columns
        ['actor', 'target', 'period', 'quad_class', 'certain', 'expected', 'possible']
    """
    if period not in INTERVALS:
        raise ValueError(f"period must be one of {', '.join(INTERVALS)}, not {period!r}")
    if not by.startswith("actor_"):
        raise ValueError(f"by must be a column of the actor, such as actor_top, not {by!r}")
    if isinstance(actors, str):
        raise TypeError(f"actors is a list of ids, such as [{actors!r}], not a string")
    rows = _rows(load("dyads") if dyads is None else dyads, by, scale)
    if actors is not None:
        rows = rows.filter(pl.col("actor").is_in(actors) & pl.col("target").is_in(actors))
    interval = INTERVALS[period]
    first, last = _range(rows, start, end)
    if first is None or last is None:
        return _empty(rows, scale)
    periods = pl.DataFrame(
        {
            "period": pl.date_range(
                pl.select(pl.lit(first).dt.truncate(interval)).item(), last, interval, eager=True
            )
        }
    )
    sums = _sums(rows, periods["period"][0], last, interval, scale)
    return _with_zeros(sums, periods, scale) if zeros else sums


def _rows(dyads: pl.DataFrame | pl.LazyFrame, by: str, scale: str) -> pl.DataFrame:
    """Return the rows as actor, target, class, earliest, latest and weight."""
    if not isinstance(dyads, pl.DataFrame | pl.LazyFrame):
        raise TypeError(
            f"panel takes a polars frame, not {type(dyads).__name__}; polars.from_pandas makes one"
        )
    frame = dyads.collect() if isinstance(dyads, pl.LazyFrame) else dyads
    target = by.replace("actor_", "target_", 1)
    for name in (by, target, "date_earliest", "date_latest", scale):
        if name not in frame.columns:
            raise UsageError(missing_column("dyads", name, frame.columns))
    weight = pl.col("weight") if "weight" in frame.columns else pl.lit(1.0)
    return frame.select(
        pl.col(by).alias("actor"),
        pl.col(target).alias("target"),
        pl.col(scale),
        pl.col("date_earliest").alias("earliest"),
        pl.col("date_latest").alias("latest"),
        weight.alias("weight"),
    )


def _range(rows: pl.DataFrame, start: date | None, end: date | None) -> tuple[date | None, date | None]:
    """Return the first and last day that the panel is about; None where no date is closed and none is given."""
    closed = rows.filter(pl.col("earliest").is_not_null() & pl.col("latest").is_not_null())
    first = start if start is not None else closed["earliest"].min()
    last = end if end is not None else closed["latest"].max()
    if start is not None and end is not None and start > end:
        raise ValueError(f"start {start} is after end {end}")
    return first, last  # type: ignore[return-value]


def _sums(rows: pl.DataFrame, first: date, last: date, interval: str, scale: str) -> pl.DataFrame:
    """Return the three sums for every actor, target, period and class that some date overlaps."""
    final = pl.select(pl.lit(last).dt.truncate(interval).dt.offset_by(interval).dt.offset_by("-1d")).item()
    from_, to = (
        pl.max_horizontal(pl.col("earliest").fill_null(first), pl.lit(first)),
        pl.min_horizontal(pl.col("latest").fill_null(final), pl.lit(final)),
    )
    closed = pl.col("earliest").is_not_null() & pl.col("latest").is_not_null()
    days = (pl.col("latest") - pl.col("earliest")).dt.total_days() + 1
    ends = pl.col("period").dt.offset_by(interval).dt.offset_by("-1d")
    shared = (
        pl.min_horizontal(pl.col("latest"), ends) - pl.max_horizontal(pl.col("earliest"), pl.col("period"))
    ).dt.total_days() + 1
    overlapping = rows.with_columns(from_.alias("from_"), to.alias("to")).filter(
        pl.col("from_") <= pl.col("to")
    )
    return (
        overlapping.with_columns(
            pl.date_ranges(pl.col("from_").dt.truncate(interval), pl.col("to"), interval).alias("period")
        )
        .explode("period")
        .with_columns(
            pl.when(closed & (shared == days)).then(pl.col("weight")).otherwise(0.0).alias("certain"),
            pl.when(closed).then(pl.col("weight") * shared / days).otherwise(0.0).alias("expected"),
            pl.col("weight").alias("possible"),
        )
        .group_by("actor", "target", "period", scale)
        .agg(pl.col(COUNTS).sum())
        .sort("actor", "target", "period", scale)
    )


def _with_zeros(sums: pl.DataFrame, periods: pl.DataFrame, scale: str) -> pl.DataFrame:
    """Add a row of zeros for every actor, target, period and class that has none."""
    classes = pl.DataFrame(
        {scale: CLASSES.get(scale) or sums[scale].unique().sort()}, schema={scale: sums.schema[scale]}
    )
    seen = sums.select("actor", "target").unique()
    actors, targets = seen.select("actor").unique(), seen.select("target").unique()
    cells = actors.height * targets.height * periods.height * classes.height
    if cells > MOST_CELLS:
        raise PanelTooLarge(
            f"a panel with zeros would have {cells:,} rows; the most is {MOST_CELLS:,}: give fewer actors, a longer "
            "period or a shorter range, or zeros=False"
        )
    pairs = (
        actors.join(targets, how="cross")
        .filter(pl.col("actor").ne_missing(pl.col("target")))
        .vstack(seen)
        .unique()
    )
    full = pairs.join(periods, how="cross").join(classes, how="cross")
    return (
        full.join(sums, on=["actor", "target", "period", scale], how="left", nulls_equal=True)
        .with_columns(pl.col(COUNTS).fill_null(0.0))
        .sort("actor", "target", "period", scale)
    )


def _empty(rows: pl.DataFrame, scale: str) -> pl.DataFrame:
    return rows.clear().select(
        "actor",
        "target",
        pl.col("earliest").cast(pl.Date).alias("period"),
        scale,
        *(pl.col("weight").cast(pl.Float64).alias(name) for name in COUNTS),
    )
