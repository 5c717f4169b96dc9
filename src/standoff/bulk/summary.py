"""Counts for the summary of a table, taken in the pass that checks it.

Three small queries share the stream of the check: rows by day, rows by codes and known actors, and a pair of hashes for
each row that tells whether an event occurs under several ids. The first two hold one row for each day and each
combination of codes. Of a table of more than `EXACT` rows, the third looks at one event in so many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from standoff import schema
from standoff.bulk.uniqueness import Hashes
from standoff.codes import shipped
from standoff.model.summary import SeveralIds, Summary
from standoff.tables import Kind
from standoff.tables.profiles import Binding, Profile

EXACT = 1 << 22
"""Rows up to which every event is looked at: each takes 16 bytes."""

# The columns that are counted by, in the names of our profiles; the first that the table has is taken.
DATES = ("date", "date_earliest", "first_day", "date_from")
ACTORS = (("actor_code", "target_code"), ("actor", "target"), ("actor_id", "target_id"))
KINDS = ("action", "root", "plover_type", "event_type", "violence")
CLASSES = ("quad_class", "plover_class", "penta_class")
PLACES = (
    ("action_geo_feature", "action_latitude", "action_longitude"),
    ("place", "location", "city", "district", "province", "admin1", "country", "latitude", "longitude"),
)


def _given(stated: Any, name: str) -> Any:
    """What a profile states for its summary, or the default in the schema of profiles."""
    if stated is not None:
        return list(stated) if isinstance(stated, tuple) else stated
    return schema.json_schema("profile")["properties"]["summary"]["properties"][name]["default"]


class Summarising:
    """The queries for the summary of a table with these columns and about `rows` rows, and their results."""

    def __init__(self, profile: Profile, columns: Sequence[Binding], key: tuple[str, ...], rows: int) -> None:
        self.profile, self.key = profile, key
        by_name = {column.name: column for column in columns}
        self.date = next(
            (by_name[n] for n in DATES if n in by_name and by_name[n].kind.temporal),
            None,
        )
        texts = {name: column for name, column in by_name.items() if column.kind is Kind.STRING}
        self.actors = next(
            (tuple(texts[n] for n in pair) for pair in ACTORS if all(n in texts for n in pair)), ()
        )
        self.kind = next((by_name[n] for n in KINDS if n in by_name and _closed(by_name[n])), None)
        self.class_ = next((by_name[n] for n in CLASSES if n in by_name), None)
        places = (tuple(by_name[n] for n in names if n in by_name) for names in PLACES)
        self.place = next(filter(None, places), ())
        self.sampled = max(1, -(-rows // EXACT))
        self.found: list[pl.DataFrame] = []

    @property
    def columns(self) -> list[Binding]:
        """The columns that are read."""
        return list(dict.fromkeys([*filter(None, (self.date, self.kind, self.class_)), *self.compared]))

    @property
    def compared(self) -> list[Binding]:
        """The columns by which events under several ids are found."""
        if not self.key or self.date is None or self.kind is None or not self.actors:
            return list(self.actors)
        return [self.date, *self.actors, self.kind, *self.place]

    def queries(self, frame: pl.LazyFrame) -> list[pl.LazyFrame]:
        """Return what is asked of the rows; `take` is given the answers."""
        none = pl.lit(None, pl.String)
        day = none if self.date is None else _day(self.date)
        kind = none if self.kind is None else self._code(self.kind)
        class_ = none if self.class_ is None else _known(self.class_)
        unknown = [self._unknown(actor).alias(f"row.{n}") for n, actor in enumerate(self.actors)]
        found = [
            frame.group_by(day.alias("row.day")).len("row.rows"),
            frame.group_by(kind.alias("row.kind"), class_.alias("row.class"), *unknown).len("row.rows"),
        ]
        if len(self.compared) > len(self.actors):
            found.append(self._hashes(frame))
        return found

    def _code(self, column: Binding) -> pl.Expr:
        """The code of a row; null where it is too long to be one, so that there are few to count by."""
        if column.name not in ("action", "root"):
            return _known(column)
        longest = max(len((code or "").encode()) for code in [*self._roots(), None])
        return pl.when(pl.col(column.name).str.len_bytes() <= longest).then(pl.col(column.name))

    def _unknown(self, actor: Binding) -> pl.Expr:
        value = pl.col(actor.name)
        return value.is_null() | value.is_in(_given(self.profile.summary.unknown, "unknown")).fill_null(
            value=False
        )

    def _hashes(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """The hashes of each event and of its key; the events that are looked at are chosen by day and place."""
        assert self.date is not None
        assert self.kind is not None
        known = pl.any_horizontal(pl.col(actor.name).is_not_null() for actor in self.actors)
        if self.sampled > 1:
            chosen = pl.struct(pl.col(c.name) for c in (self.date, *self.place)).hash()
            frame = frame.filter(chosen % self.sampled == 0)
        frame = frame.filter(
            pl.col(self.date.name).is_not_null(), pl.col(self.kind.name).is_not_null(), known
        )
        event = pl.struct(pl.col(column.name) for column in self.compared).hash()
        return frame.select(
            event.alias("row.event"), Hashes(self.key, 0).expression.alias("row.key")
        ).drop_nulls()

    def take(self, found: list[pl.DataFrame]) -> None:
        """Keep the answers to the queries."""
        self.found = found

    def summary(self) -> Summary:
        """Return the summary of the table."""
        days, codes, *hashes = self.found
        counted = {day: rows for day, rows in days.sort("row.day").iter_rows() if day is not None}
        undated = days.filter(pl.col("row.day").is_null())["row.rows"].sum()
        kinds, classes, unknown = Counter[str | None](), Counter[str | None](), Counter[str]()
        statements, roots = 0, self._roots() if self.kind else {}
        statement = _given(self.profile.summary.statement, "statement")
        for kind, class_, *flags, rows in codes.iter_rows():
            kinds[roots.get(kind)] += rows
            classes[class_] += rows
            statements += rows if kind == statement else 0
            for name, flag in zip(("actor", "target", "both"), (*flags, all(flags)), strict=False):
                unknown[name] += rows if flag else 0
        rows = int(codes["row.rows"].sum())
        is_action = self.kind is not None and self.kind.name == "action"
        names = {
            "date": self.date,
            "root": self.kind,
            "quad_class": self.class_,
            **dict(zip(("actor", "target"), self.actors, strict=False)),
        }
        return Summary(
            self.profile.title,
            rows,
            self.profile.summary,
            counted if self.date else {},
            int(undated) if self.date else 0,
            _by_number(kinds) if self.kind else {},
            _by_number(classes) if self.class_ else {},
            dict(unknown) if self.actors else {},
            statements if is_action else None,
            self._several(hashes[0]) if hashes else None,
            {name: column.source for name, column in names.items() if column is not None},
        )

    def _roots(self) -> dict[str | None, str]:
        """The root of each code that may be in the column of codes."""
        assert self.kind is not None
        if self.kind.name not in ("action", "root"):
            return {str(value): str(value) for value in self.kind.values}
        listed = self.profile.actions
        codes = (
            {action.code: action.root for action in shipped.scheme().actions.values()}
            if listed is None
            else dict(listed.select("action", "action.root").iter_rows())
        )
        return {root: root for root in codes.values()} if self.kind.name == "root" else codes

    def _several(self, hashes: pl.DataFrame) -> SeveralIds:
        """The events whose hash stands with several keys."""
        event, key = pl.col("row.event"), pl.col("row.key")
        ordered = hashes["row.event"].sort()
        twice = ordered.filter(ordered == ordered.shift(1)).unique()
        several = (
            hashes.filter(event.is_in(twice.implode()))
            .group_by(event)
            .agg(key.min().alias("row.least"), key.max().alias("row.most"), pl.len().alias("row.rows"))
            .filter(pl.col("row.least") != pl.col("row.most"))
        )
        return SeveralIds(
            several.height * self.sampled,
            int(several["row.rows"].sum()) * self.sampled,
            tuple(column.source for column in self.compared),
            self.sampled,
        )


def _closed(column: Binding) -> bool:
    """Whether there are only so many values that rows may be counted by them."""
    return column.name in ("action", "root") or bool(column.values)


def _known(column: Binding) -> pl.Expr:
    """Return the value of a column as text, or null if it is not an allowed value."""
    value = pl.col(column.name)
    if column.values:
        return pl.when(value.is_in(list(column.values))).then(value.cast(pl.String))
    if column.kind.whole:
        return pl.when(value.is_between(0, 9)).then(value.cast(pl.String))
    return pl.lit(None, pl.String)


def _day(column: Binding) -> pl.Expr:
    value = pl.col(column.name)
    return value if column.kind is Kind.DATE else value.dt.date()


def _by_number(counts: Mapping[str | None, int]) -> dict[str | None, int]:
    """Counts in falling order, equal ones by their code; rows without a known code come last."""
    order = sorted(counts.items(), key=lambda pair: (pair[0] is None, -pair[1], pair[0] or ""))
    return {code: rows for code, rows in order if rows}
