"""The pass: every rule over every row in one stream, in memory that does not grow with the table.

The rows that fail stay behind in a scratch file with their bitmasks (`bulk.failing_rows`), and everything that is reported is
made from that file; on sound data it is empty. Rows that pass are written in the same stream where they are wanted.
The hashes of the keys are taken on the way. Where some stand more than once, the rows that have them are read again,
what is wrong with them is added, and the good rows are written again without them. Where the first rows show that keys
repeat, all hashes are read beforehand instead, and no row is written twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import polars as pl

from standoff.bulk import outputs
from standoff.bulk.failing_rows import PASSED, Sieve
from standoff.bulk.outcome import OTHER, UNREAD, Outcome
from standoff.bulk.outputs import Outputs
from standoff.bulk.plan import ROW, Plan
from standoff.bulk.reading import RecordsLost, has_numbers, scan
from standoff.bulk.sources import Source
from standoff.bulk.summary import Summarising
from standoff.bulk.uniqueness import FIRST, HASH, IDENTICAL, PLACE, Hashes, Repeated, repeated_suspects
from standoff.bulk.values import TOO_LARGE, as_shown, stored_name
from standoff.tables import Column, Kind
from standoff.tables.profiles import TEXT, Binding


@dataclass(frozen=True, slots=True)
class Part:
    """What a pass over a part of a table found: how many rows there are and fail, and the files that it made.

    They hold the rows that fail, those that pass, and the hashes of all keys, if these were wanted.
    """

    rows: int
    failing: int
    bad: Path
    good: Path | None
    hashes: Path | None


def check(
    sources: Sequence[Source],
    plan: Plan,
    wanted: Outputs,
    scratch: Path,
    progress: Callable[[int, int], None] | None = None,
    *,
    summary: bool = False,
) -> Outcome:
    """Run the plan over the rows of `sources`; `progress` is called with the number of rows done and of all, about.

    With `summary`, the table is summarised in the same pass.

    Numeric columns of CSV files are parsed directly. If a value fails to parse, the file is read again as text, and
    what is wrong is told. polars' errors pass through: what cannot be read, or written, is for the caller to explain.
    """
    good = outputs.partial(wanted.good) if wanted.good else None
    columns, summarising = read_columns(plan, wanted), None
    if summary:
        rows = sum(map(expected_rows, sources))
        summarising = Summarising(plan.profile, plan.columns, plan.key, rows)
        columns = [c for c in plan.columns if c in columns or c in summarising.columns]
    reading = Pass(sources, plan, columns, good, scratch, progress=progress, summarising=summarising)
    return as_it_reads(reading, lambda reading: reading.run())


ACCEPTED = "row.accepted"
"""Column that says which rows are good, notes apart."""

Found = TypeVar("Found", "Outcome", "Part")


def as_it_reads(reading: Pass, way: Callable[[Pass], Found]) -> Found:
    """Go `way`: with the numbers of CSV files read directly if that ends well, else as text."""
    if has_numbers(reading.sources, reading.columns):
        try:
            # In a folder of its own: of a pass that was given up, polars may open the output yet.
            found = way(replace(reading, scratch=_folder(reading.scratch, "numbers"), numbers=True))
            if not _rounded(found.bad, reading.columns):
                return found
        except pl.exceptions.ComputeError as error:
            if "os error" in str(error):  # a full disk is full for both
                raise
    return way(replace(reading, scratch=_folder(reading.scratch, "text")))


def read_columns(plan: Plan, wanted: Outputs) -> Sequence[Binding]:
    """Return the columns that are read: all where whole rows are wanted."""
    return plan.columns if wanted.rows_wanted else plan.needed


def expected_rows(source: Source) -> int:
    """Return how many rows a file has, for which memory is to be kept."""
    return source.rows or 0


def _rounded(file: Path, columns: Sequence[Binding]) -> bool:
    """Whether a number was read directly that may have been rounded, so that its text has to be seen."""
    bad = pl.scan_ipc(file)
    kept = [TEXT + c.name for c in columns if c.converted and c.kind is Kind.FLOAT64]
    present = [name for name in kept if name in bad.collect_schema()]
    if not present:
        return False
    large = pl.any_horizontal(pl.col(name).cast(pl.String) == TOO_LARGE for name in present)
    return bool(bad.select(large.any()).collect().item())


def _folder(scratch: Path, name: str) -> Path:
    folder = scratch / name
    folder.mkdir()
    return folder


@dataclass(frozen=True, slots=True)
class Pass:
    """One way through all rows of `sources`; `columns` are those that are read, and `numbers` says how (`reading.scan`).

    Rows that pass are written to `good`. Of a part of a table (`bulk.cluster`) it is said which `other` columns all parts
    have, and which columns are to be kept `as_text` because some parts store them otherwise.
    """

    sources: Sequence[Source]
    plan: Plan
    columns: Sequence[Binding]
    good: Path | None
    scratch: Path
    other: Sequence[Binding] | None = None
    as_text: frozenset[str] | None = None
    progress: Callable[[int, int], None] | None = None
    summarising: Summarising | None = None
    numbers: bool = False

    def run(self) -> Outcome:
        """Find the rows that fail and write those that pass."""
        if not self.plan.unique:
            return self._outcome(self._sifted(self._rows()))
        hashes = Hashes(self.plan.key, self._expected)
        if self.good and not self.plan.keep_one and hashes.foreseen(self._keys()):
            outcome = self._knowing(hashes)
            if outcome:
                return outcome
        rows = self._sifted(self._rows(), hashes)
        return self._found_out(rows, hashes)

    def part(self) -> Part:
        """Find the rows that fail and write those that pass; write the hashes of the keys."""
        hashes = Hashes(self.plan.key, 0) if self.plan.unique else None
        outcome = self._outcome(self._sifted(self._rows(), hashes))
        taken = None
        if hashes is not None:
            taken = self.scratch / "hashes.arrow"
            hashes.taken().to_frame().write_ipc(taken)
        return Part(outcome.rows, outcome.failing, outcome.bad, self.good, taken)

    @property
    def _expected(self) -> int:
        return sum(map(expected_rows, self.sources))

    @property
    def _failed(self) -> Path:
        return self.scratch / "failed.arrow"

    def _scan(self, columns: Sequence[Binding]) -> pl.LazyFrame:
        return scan(self.sources, columns, numbers=self.numbers, as_text=self.as_text)

    def _rows(self, others: Sequence[Binding] = ()) -> pl.LazyFrame:
        return self.plan.looked_up(self._scan([*self.columns, *others]))

    @property
    def others(self) -> Sequence[Binding]:
        """The columns that all parts have and the profile does not name.

        A column without a name has row numbers, as pandas and R write them: they tell no row from its copies.
        """
        if self.other is not None:
            return self.other
        named = {name for column in self.plan.profile.columns for name in column.sources}
        names = [name for name in self.sources[0].names if name and name not in named]
        common = [name for name in names if all(name in source.names for source in self.sources)]
        return [
            Binding(
                Column(OTHER + name),
                name,
                converted=any(source.types[name] != pl.String for source in self.sources),
            )
            for name in common
        ]

    def _compared(self, frame: pl.LazyFrame) -> tuple[pl.LazyFrame, list[str]]:
        """Return `frame` with all that tells rows apart, and the names of these columns."""
        columns = [*self.plan.columns, *self.others]
        unread = [
            pl.when(pl.col(column.name).is_null())
            .then(pl.col(stored_name(column)))
            .alias(UNREAD + column.name)
            for column in columns
            if column.converted
        ]
        names = [column.name for column in columns if column.name not in self.plan.key]
        return frame.with_columns(unread), [*names, *(value.meta.output_name() for value in unread)]

    def _keys(self) -> pl.LazyFrame:
        return self._scan([column for column in self.plan.columns if column.name in self.plan.key])

    def _sifted(
        self,
        frame: pl.LazyFrame,
        hashes: Hashes | None = None,
        others: Sequence[Binding] = (),
        among: pl.Expr | None = None,
    ) -> int:
        """Send all rows through the sieve: write the good ones, if they are wanted. Return how many there are.

        Good rows fail no check, or only checks that give a note, and are `among` those that may be good. Of the rows that
        fail, the columns `others` are kept too.
        """
        evidence = {name for check in self.plan.checks for name in check.names}
        kept = evidence.union(_kept([*self.columns, *others]))
        names = list(dict.fromkeys([ROW, *self.plan.key, *sorted(kept)]))
        taken = (hashes.expression, hashes.take) if hashes else None
        progress, expected = self.progress, self._expected
        told = (lambda done: progress(done, expected)) if progress else None
        passed, accepted = self.plan.passed, pl.col(PASSED)
        if among is not None:
            passed &= among
        if self.good and self.plan.noting:
            is_good = self.plan.accepted if among is None else self.plan.accepted & among
            frame = frame.with_columns(is_good.alias(ACCEPTED))
            passed = pl.col(ACCEPTED) & self.plan.notes
            accepted = pl.col(PASSED) | pl.col(ACCEPTED)  # both, since the sieve has to run
        with Sieve(self._failed, frame, passed, names, taken, told) as sieve:
            sifted = frame.with_columns(sieve.passed)
            written = self.scratch / "good.parquet"
            if self.good:
                good = sifted.filter(accepted).select(column.name for column in self.columns)
                query = outputs.writing(good, written)
            else:
                query = sifted.select(pl.col(PASSED).sum())
            if self.summarising is None:
                query.collect(engine="streaming")
            else:
                queries = self.summarising.queries(frame)
                _, *found = pl.collect_all([query, *queries], engine="streaming")
                self.summarising.take(found)
            if self.good:
                written.replace(self.good)
        records = sum(source.rows or 0 for source in self.sources)
        if sieve.rows != records:
            raise RecordsLost(records, sieve.rows)
        return sieve.rows

    def _knowing(self, hashes: Hashes) -> Outcome | None:
        """Run with the hashes that repeat known, None where some rows have them without repeating a key."""
        twice = hashes.repeated(self._keys())
        others = self.others
        hashed = self._rows(others).with_columns(hashes.expression)
        rows = self._sifted(hashed, others=others, among=hashes.none_of(twice))
        suspects = pl.scan_ipc(self._failed).with_columns(hashes.expression).filter(~hashes.none_of(twice))
        repeated = repeated_suspects(*self._suspected(suspects), len(twice))
        if suspects.select(pl.len()).collect().item() > repeated.rows.height:
            return None
        return self._outcome(rows, suspects.select(ROW, *_kept(self.columns)), repeated)

    def _suspected(self, suspects: pl.LazyFrame) -> tuple[pl.LazyFrame, Sequence[str], list[str]]:
        frame, compared = self._compared(suspects)
        return frame, self.plan.key, compared

    def _found_out(self, rows: int, hashes: Hashes) -> Outcome:
        """Return the outcome with the rows whose key occurs more than once, and take them out of the good ones."""
        twice = hashes.repeated(self._keys())
        if twice.is_empty():
            return self._outcome(rows)
        file = self.scratch / "suspects.arrow"
        self.suspects(hashes, twice, file)
        return self.judged(rows, self._failing(), [file], len(twice))

    def suspects(self, hashes: Hashes, twice: pl.Series, file: Path) -> None:
        """Write the rows whose key has one of the hashes `twice` to an Arrow file."""
        # Whole rows, to tell identical copies from rows that differ.
        columns = [*self.plan.columns, *self.others]
        hashed = self._scan(columns).with_columns(hashes.expression)
        names = list(dict.fromkeys([ROW, *_kept(columns)]))
        with Sieve(file, hashed, hashes.none_of(twice), [*names, HASH]) as sieve:
            hashed.select(sieve.passed.sum()).collect(engine="streaming")

    def judged(self, rows: int, failing: pl.LazyFrame, files: Sequence[Path], hashes: int) -> Outcome:
        """Return the outcome with the rows whose key occurs more than once, and take them out of the good ones.

        They are among the suspects in `files`, whose keys have so many `hashes`. `failing` are the rows that fail other rules.
        """
        suspects = pl.scan_ipc(list(files))
        repeated = repeated_suspects(*self._suspected(suspects), hashes)
        of_plan = suspects.select(ROW, *_kept(self.plan.columns))
        if not self.plan.keep_one:
            rejected = of_plan.filter(_among(repeated.rows[PLACE]))
            self._take_out(rejected)
            return self.outcome(rows, failing, rejected, repeated)
        copies = repeated.rows.filter(IDENTICAL)[PLACE]
        rejected = of_plan.filter(_among(repeated.rows.filter(~pl.col(IDENTICAL))[PLACE]))
        self._take_out(rejected)
        self._take_out(of_plan.filter(_among(copies)), keep_first=True)
        failed = failing.filter(_among(copies), self.plan.rejecting).select(ROW).collect().to_series()
        dropped = repeated.rows.filter(IDENTICAL, ~pl.col(FIRST))[PLACE]
        dropped = dropped.filter(~dropped.is_in(failed.implode())).sort()
        return self.outcome(rows, failing, rejected, repeated, dropped)

    def _take_out(self, rows: pl.LazyFrame, *, keep_first: bool = False) -> None:
        """Write the good rows again without those that have the key of one of `rows`, or with the first of each key."""
        keys = rows.select(pl.struct(self.plan.key)).unique().collect(engine="streaming").to_series()
        if self.good is None or keys.is_empty():
            return
        with outputs.rewritten(self.good) as (old, new):
            good = pl.scan_parquet(old, glob=False, row_index_name=ROW)
            listed = pl.struct(self.plan.key).is_in(keys.implode())
            kept = ~listed
            if keep_first:
                first = good.filter(listed).group_by(self.plan.key).agg(pl.col(ROW).min())
                kept |= _among(first.select(ROW).collect(engine="streaming").to_series())
            outputs.write(good.filter(kept).drop(ROW), new)

    def _failing(self) -> pl.LazyFrame:
        """The rows that fail, with their bitmasks."""
        # Which checks a row fails is asked of those that fail one; of all others it is known.
        failed = self.plan.flagged(pl.scan_ipc(self._failed)).with_columns(self.plan.masks())
        found = failed.filter(pl.any_horizontal(pl.col(self.plan.words) != 0))
        return found.select(pl.exclude(self.plan.flags))

    def _outcome(
        self, rows: int, rejected: pl.LazyFrame | None = None, repeated: Repeated | None = None
    ) -> Outcome:
        return self.outcome(rows, self._failing(), rejected, repeated)

    def outcome(
        self,
        rows: int,
        found: pl.LazyFrame,
        rejected: pl.LazyFrame | None = None,
        repeated: Repeated | None = None,
        dropped: pl.Series | None = None,
    ) -> Outcome:
        """Write the rows `found` to fail with their bitmasks, those `rejected` for their key among them."""
        plan = self.plan
        if rejected is not None:
            found = pl.concat([found, rejected.with_columns(plan.masks_of_last())], how="diagonal")
        found = found.with_columns(as_shown(self.columns, found.collect_schema()))
        bad = self.scratch / "bad.arrow"
        found.sink_ipc(bad, compression="lz4", maintain_order=False)
        summary = self.summarising.summary() if self.summarising else None
        return Outcome(plan, rows, bad, repeated, dropped, summary)


def _among(rows: pl.Series) -> pl.Expr:
    """Whether a row is one of these, by its number."""
    return pl.col(ROW).is_in(rows.implode())


def _kept(columns: Sequence[Binding]) -> list[str]:
    """What is kept of a row that fails: its values, and those that stood in the file."""
    return list(dict.fromkeys(name for column in columns for name in (column.name, stored_name(column))))
