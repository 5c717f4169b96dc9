"""The sieve: every batch of a stream goes through it, and the rows that fail stay behind in a file.

It is part of the expression that says of each row whether it passes. A second branch of the query for the rows that
fail would cost a fifth of a whole conversion, even where no row fails: every batch would have to wait in line.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

import polars as pl

PASSED = "row.passed"
_TAKEN = "row.taken"
AT_A_TIME = 1 << 17
"""Rows gone through after which those that failed are written. Until then they keep the texts of whole batches alive."""


class Sieve:
    """Writes the columns `kept` of those rows of `frame` that have not `passed` to the Arrow file `path`; counts all rows.

    `taken` is an expression and what is called with its values of each batch; `progress` is called with the number of
    rows so far. Use it as a context manager, around the query.
    """

    def __init__(
        self,
        path: Path,
        frame: pl.LazyFrame,
        passed: pl.Expr,
        kept: Iterable[str],
        taken: tuple[pl.Expr, Callable[[pl.Series], object]] | None = None,
        progress: Callable[[int], object] | None = None,
    ) -> None:
        self.rows = self._written = 0
        self._kept, self._taken, self._progress = list(kept), taken, progress
        self._lock = threading.Lock()
        self._waiting: list[pl.Series] = []
        self._error: OSError | None = None
        self._path = path
        self._opened = ExitStack()
        self._file: Any = None  # pyarrow opens the file with the first row that fails
        self._schema = frame.select(self._kept).collect_schema()
        fields = [passed.alias(PASSED), *self._kept, *([] if taken is None else [taken[0].alias(_TAKEN)])]
        self._fields = pl.struct(fields)

    @property
    def passed(self) -> pl.Expr:
        """Of a row of the frame: whether it has passed."""
        # Made anew, not kept: the expression holds the sieve, and the collector does not see into polars.
        sifted = self._fields.map_batches(self._take, return_dtype=pl.Boolean, is_elementwise=True)
        return sifted.alias(PASSED)

    def _take(self, batch: pl.Series) -> pl.Series:
        passed = batch.struct.field(PASSED)
        if self._taken is not None:
            self._taken[1](batch.struct.field(_TAKEN))
        failed = [] if passed.all() else [batch.gather((~passed).arg_true())]
        due: list[pl.Series] = []
        with self._lock:  # batches come from several threads; in here nothing waits for polars
            self.rows += len(batch)
            self._waiting += failed
            if self.rows - self._written >= AT_A_TIME:
                due, self._waiting, self._written = self._waiting, due, self.rows
            if self._progress is not None:
                self._progress(self.rows)
        self._write(due)
        return passed

    def _write(self, failed: list[pl.Series]) -> None:
        """Write rows by Arrow alone: what polars does with a frame waits for threads that are busy with the stream."""
        if not failed:
            return
        import pyarrow as pa  # only here: it takes longer to load than a small table to check

        tables = [pa.Table.from_struct_array(rows.to_arrow(compat_level=_PLAIN)) for rows in failed]
        together = pa.concat_tables(tables).select(self._kept).combine_chunks()
        with self._lock:
            try:
                if self._file is None:
                    options = pa.ipc.IpcWriteOptions(compression="lz4")
                    # A writer that opens a path itself leaves the file open when it is closed.
                    into = self._opened.enter_context(pa.OSFile(os.fspath(self._path), "wb"))
                    self._file = pa.ipc.new_file(into, together.schema, options=options)
                self._file.write(together)
            except OSError as error:
                self._error = error
                raise

    def __enter__(self) -> Sieve:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._opened:
            if self._error is not None:
                # polars wraps what goes wrong in here into an error of its own.
                raise self._error from None
            if error is None:
                self._write(self._waiting)
            if self._file is not None:
                self._file.close()
        if self._file is None and error is None:
            # Without pyarrow, which takes longer to load than a small table to check.
            pl.DataFrame(schema=self._schema).write_ipc(self._path)


_PLAIN: Any = pl.CompatLevel.oldest()
"""Plain Arrow texts: those of polars would keep the texts of the whole batch alive."""
