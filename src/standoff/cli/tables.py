"""The part of `standoff check` that is about tables."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from standoff.findings import Report

SETTINGS = {
    # While the sieve works, polars unpacks row groups ahead: one is enough, takes no longer, and half of the memory
    # (measured on 10 million rows: 490 instead of 1,050 MiB).
    "POLARS_ROW_GROUP_PREFETCH_SIZE": "1",
    # Memory that polars has freed is given back to the system after ten seconds: giving it back at once and fetching it
    # again costs 4 % of a conversion, keeping it 40 MiB.
    "_RJEM_MALLOC_CONF": "dirty_decay_ms:10000,muzzy_decay_ms:10000",
    # pyarrow loads numpy, whose threads for linear algebra would turn on the spot for a tenth of a second.
    "OPENBLAS_NUM_THREADS": "1",
}
"""Environment variables of the libraries below us, set before they are loaded where the user has not set them."""

_OPTIONS = (
    "table",
    "profile",
    "reference",
    "failures",
    "split",
    "out",
    "sort",
    "duplicates",
    "summary",
    "engine",
)


def add_options(check: argparse.ArgumentParser) -> None:
    """Add the options that are about tables."""
    group = check.add_argument_group(
        "tables",
        "Tables of any size: Parquet, CSV, TSV or JSON Lines, compressed or not; or the parts of a table as a folder or a quoted pattern. "
        "The format is recognised by the columns if it is not given.",
    )
    group.add_argument("--table", metavar="NAME", help="which of our tables it is: events, dyads …")
    group.add_argument(
        "--profile",
        metavar="NAME|FILE",
        help="which other format: gdelt1, gdelt2, icews, cameo-minimal, or a file",
    )
    group.add_argument(
        "--reference",
        action="append",
        default=[],
        metavar="TABLE=FILE",
        help="another table that this one refers to, so that references are checked too",
    )
    group.add_argument(
        "--failures", type=Path, metavar="FILE", help="write row, key and rule of every failure (Parquet)"
    )
    group.add_argument("--out", type=Path, metavar="FILE", help="write the rows that pass, typed (Parquet)")
    group.add_argument(
        "--split",
        type=Path,
        nargs=2,
        metavar=("GOOD", "BAD"),
        help="write the rows that pass and those that fail (Parquet)",
    )
    group.add_argument(
        "--duplicates",
        choices=("reject", "keep-one"),
        help="what to do with rows that are identical copies: reject all (default), or keep one; "
        "rows with the same key that differ are always rejected",
    )
    group.add_argument(
        "--summary",
        action="store_true",
        help="also describe the table as a whole: rows per day, shares of codes, unknown actors, events under several ids",
    )
    group.add_argument("--sort", metavar="COLUMN", help="sort what --out or --split writes, as by date")
    group.add_argument(
        "--engine",
        choices=("polars", "spark", "dask"),
        help="run on this machine (default), on Spark or on Dask",
    )


def wanted(options: argparse.Namespace) -> bool:
    """Whether tables are to be checked: an option says so, or the paths do. UsageError where they disagree."""
    from standoff.checking import are_tables
    from standoff.findings import UsageError

    if any(getattr(options, name) for name in _OPTIONS):
        if not options.paths:
            raise UsageError("say which table: standoff check TABLE.parquet")
        return True
    return are_tables([Path(path) for path in options.paths])


def check(options: argparse.Namespace, only: frozenset[str] | None) -> Report:
    """Check the tables that the options name; report only the rules in `only`."""
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    from standoff.checking import reduced
    from standoff.findings import UsageError

    if options.fix or options.diff:
        raise UsageError("--fix and --diff are for annotation files; tables are fixed at their source")
    if options.out and options.split:
        raise UsageError("--split writes the rows that pass as well: give --out or --split")
    if options.summary and options.engine in ("spark", "dask"):
        raise UsageError(f"--summary works on this machine only: leave out --engine {options.engine}")
    return reduced(_checked(options), only)


def _checked(options: argparse.Namespace) -> Report:
    from standoff.lazy import uncollected

    with uncollected():
        from standoff.bulk.outputs import Outputs
        from standoff.bulk.request import Request
        from standoff.bulk.run import check_tables
    from standoff.checking import address_or_path, engine_named
    from standoff.cli.progress import Progress, rows
    from standoff.findings import UsageError

    located = address_or_path if options.engine in ("spark", "dask") else Path
    good, bad = options.split or (options.out, None)
    references = {table: located(file) for table, file in map(_reference, options.reference)}
    for file in references.values():
        if isinstance(file, Path) and not file.is_file():
            raise UsageError(f"--reference: there is no file {file}")
    request = Request(
        [located(path) for path in options.paths],
        table=options.table,
        profile=options.profile,
        references=references,
        outputs=Outputs(good, bad, options.failures, options.sort),
        duplicates=options.duplicates or "reject",
        summary=options.summary,
    )
    engine = engine_named(options.engine)
    if engine is None and sys.stderr.isatty():
        with Progress(sys.stderr, rows) as progress:
            return check_tables(request, progress)
    return check_tables(request, engine=engine)


def _reference(text: str) -> tuple[str, str]:
    from standoff.findings import UsageError

    table, equals, file = text.partition("=")
    if not equals or not table or not file:
        raise UsageError(f"--reference {text}: write table=file, as in --reference events=events.parquet")
    return table, file
