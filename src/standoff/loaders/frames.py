"""Tables of releases as frames, with what is to be known about them: columns, citation, withdrawn ids."""

from __future__ import annotations

import csv
import glob
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

import polars as pl

from standoff.findings import StandoffError, install_line
from standoff.loaders import sources, store
from standoff.loaders.renamed import missing_column
from standoff.loaders.store import Source
from standoff.model import ids

if TYPE_CHECKING:
    import duckdb
    import pandas as pd  # type: ignore[import-untyped]
    import pyarrow as pa

Backend = Literal["polars", "pandas", "pyarrow", "duckdb"]


class MissingBackend(StandoffError):
    """The library of a backend is not installed."""


class UnknownColumn(StandoffError):
    """The table has no column of this name; the message gives its new name where it has one."""


class UnknownId(StandoffError):
    """No record has, or ever had, this id."""


@overload
def load(
    table: str,
    version: str | None = None,
    *,
    columns: Sequence[str] | None = None,
    source: Source | None = None,
    backend: Literal["polars"] = "polars",
) -> pl.DataFrame: ...
@overload
def load(
    table: str,
    version: str | None = None,
    *,
    columns: Sequence[str] | None = None,
    source: Source | None = None,
    backend: Literal["pandas"],
) -> pd.DataFrame: ...
@overload
def load(
    table: str,
    version: str | None = None,
    *,
    columns: Sequence[str] | None = None,
    source: Source | None = None,
    backend: Literal["pyarrow"],
) -> pa.Table: ...
@overload
def load(
    table: str,
    version: str | None = None,
    *,
    columns: Sequence[str] | None = None,
    source: Source | None = None,
    backend: Literal["duckdb"],
) -> duckdb.DuckDBPyRelation: ...
def load(
    table: str,
    version: str | None = None,
    *,
    columns: Sequence[str] | None = None,
    source: Source | None = None,
    backend: Backend = "polars",
) -> Any:
    """Return a table of a release, by default of the newest one in this installation, in the frame of a library.

    Types are those that `describe` states. In pandas, whole numbers and truth values that may be missing have
    pandas' nullable types, and dates are ``datetime64``.

    Args:
        table: The name of a table, such as "events".
        version: A version, such as "1.0.0". By default the newest that was cut and is here.
        columns: The columns to read, in this order. By default all.
        source: Another place: the folder or address of a release or of a folder of releases, or the name of an
            installed dataset.
        backend: "polars", "pandas", "pyarrow" or "duckdb".

    Returns:
        One row for each record, in the order of the release.

    Raises:
        UnknownTable: There is no such table.
        UnknownVersion: There is no such version.
        UnknownColumn: The table has no such column. The message gives the new name of a column that was renamed.
        NoRelease: The source holds no release.
        DamagedRelease: A file is missing, or its bytes are not the published ones.
        NotFetched: A file could not be fetched.
        MissingBackend: The library of the backend is not installed.
        TypeError: An argument is of the wrong type.
        ValueError: There is no such backend, or the source cannot be a place.

    Examples:
        >>> import standoff
        >>> standoff.load("events", "1.0.0").shape
        (67, 32)
        >>> standoff.load("events", "1.0.0", columns=["event_id", "action"]).row(0)
        ('d000-e01', '194')
        >>> dyads = standoff.load("dyads", backend="pandas")
    """
    if backend not in READERS:
        raise ValueError(f"backend must be one of {', '.join(READERS)}, not {backend!r}")
    if isinstance(columns, str):
        raise TypeError(f"columns is a list of names, such as [{columns!r}], not a string")
    file = path(table, version, source=source)
    names = None if columns is None else list(columns)
    for name in names or ():
        if name not in (known := pl.read_parquet_schema(file)):
            raise UnknownColumn(missing_column(table, name, known))
    try:
        return READERS[backend](file, names)
    except ImportError as error:
        extra = {"pyarrow": "pandas"}.get(backend, backend)
        raise MissingBackend(
            f"the backend {backend} needs {error.name or 'a library'}: {install_line(extra)}"
        ) from error


def scan(table: str, version: str | None = None, *, source: Source | None = None) -> pl.LazyFrame:
    """Return a table as a polars LazyFrame. Raises as `load` does.

    Examples:
        >>> import polars as pl
        >>> import standoff
        >>> events = standoff.scan("events", "1.0.0")
        >>> events.filter(pl.col("quad_class") == 4).select(pl.len()).collect().item()
        26
    """
    return pl.scan_parquet(path(table, version, source=source), glob=False)


def path(table: str, version: str | None = None, *, source: Source | None = None) -> Path:
    """Return the path of a table's Parquet file, for DuckDB, R or anything else. Raises as `load` does.

    Examples:
        >>> import standoff
        >>> standoff.path("events", "1.0.0").name
        'events.parquet'
    """
    return sources.find(version, source).table(table)


def _polars(file: Path, columns: list[str] | None) -> pl.DataFrame:
    return pl.read_parquet(file, columns=columns, glob=False)


def _pandas(file: Path, columns: list[str] | None) -> Any:
    import pandas as pd

    frame = pd.read_parquet(file, engine="pyarrow", columns=columns, dtype_backend="numpy_nullable")
    for name in frame.select_dtypes("object"):  # dates: the one type that has no nullable column
        frame[name] = frame[name].astype("datetime64[s]")
    return frame


def _pyarrow(file: Path, columns: list[str] | None) -> Any:
    import pyarrow.parquet as pq

    return pq.read_table(file, columns=columns)


def _duckdb(file: Path, columns: list[str] | None) -> Any:
    import duckdb

    relation = duckdb.read_parquet(glob.escape(str(file)))
    return relation if columns is None else relation.select(*columns)


READERS: dict[str, Callable[[Path, list[str] | None], Any]] = {
    "polars": _polars,
    "pandas": _pandas,
    "pyarrow": _pyarrow,
    "duckdb": _duckdb,
}


class Described(pl.DataFrame):
    """A frame that shows its texts whole when it is printed, folded to the width of a page."""

    def __str__(self) -> str:
        with pl.Config(
            fmt_str_lengths=10_000, fmt_table_cell_list_len=100, tbl_rows=-1, tbl_cols=-1, tbl_width_chars=120
        ):
            return super().__str__()

    __repr__ = __str__

    def _repr_html_(self, *, _from_series: bool = False) -> str:
        with pl.Config(fmt_str_lengths=10_000, fmt_table_cell_list_len=100, tbl_rows=-1, tbl_cols=-1):
            return super()._repr_html_(_from_series=_from_series)


def describe(
    table: str | None = None, version: str | None = None, *, source: Source | None = None
) -> pl.DataFrame:
    """Return the columns of a table with their documentation, or without a name the tables with theirs.

    Printed, the frame shows whole descriptions.

    Args:
        table: The name of a table. By default all tables are described.
        version: A version. By default the newest that was cut and is here.
        source: Another place, as for `load`.

    Returns:
        One row for each column, with `column`, `type`, `required`, `description`, `values` (a list of all values that are
            allowed; null if any value is) and `references`. Without `table`, one row for each table, with `table`,
            `columns` (their number) and `description`. Rows are in the order of the release.

    Examples:
        >>> import standoff
        >>> about = standoff.describe("events", "1.0.0")
        >>> about.filter(column="status")["values"].item().to_list()
        ['asserted', 'hedged', 'contested']
    """
    release = sources.find(version, source)
    resources = {each["name"]: each for each in _package(release)["resources"]}
    if table is None:
        order = [name for name in resources if name in release.tables]
        return Described(
            [
                (name, len(resources[name]["schema"]["fields"]), resources[name]["description"])
                for name in order
            ],
            schema={"table": pl.String, "columns": pl.Int64, "description": pl.String},
            orient="row",
        )
    release.require(table)
    schema = resources[table]["schema"]
    references = {
        column: f"{key['reference'].get('resource') or table}.{other}"
        for key in schema.get("foreignKeys", [])
        for column, other in zip(key["fields"], key["reference"]["fields"], strict=True)
    }
    return Described(
        [
            (
                field["name"],
                field["type"],
                field.get("constraints", {}).get("required", False),
                field["description"],
                field.get("constraints", {}).get("enum"),
                references.get(field["name"]),
            )
            for field in schema["fields"]
        ],
        schema={
            "column": pl.String,
            "type": pl.String,
            "required": pl.Boolean,
            "description": pl.String,
            "values": pl.List(pl.String),
            "references": pl.String,
        },
        orient="row",
    )


def cite(
    version: str | None = None,
    *,
    format: Literal["text", "bibtex"] = "text",  # noqa: A002
    source: Source | None = None,
) -> str:
    """Return how to cite a release, as a line of text or a BibTeX entry.

    Args:
        version: A version. By default the newest that was cut and is here.
        format: "text" or "bibtex".
        source: Another place, as for `load`.

    Raises:
        ValueError: There is no such format.

    Examples:
        >>> import standoff
        >>> print(standoff.cite("1.0.0"))
        The standoff project (2026). standoff: political events ... Version 1.0.0. Data set.
    """
    if format not in ("text", "bibtex"):
        raise ValueError(f"format must be text or bibtex, not {format!r}")
    release = sources.find(version, source)
    package = _package(release)
    authors = [each["title"] for each in package["contributors"]]
    year = package["created"][:4]
    address = package.get("id") or package.get("homepage")
    if format == "bibtex":
        fields = {
            "author": " and ".join(f"{{{author}}}" for author in authors),
            "title": f"{{{package['title']}}}",
            "year": year,
            "version": release.version,
            "url": address,
        }
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
        return f"@misc{{{package['name']}-{release.version},\n{lines}}}"
    where = f" {address}" if address else ""
    return f"{'; '.join(authors)} ({year}). {package['title']}. Version {release.version}. Data set.{where}"


def resolve_id(record_id: str, version: str | None = None, *, source: Source | None = None) -> str | None:
    """Return the id under which a record is found today; None where it was withdrawn without a successor.

    Args:
        record_id: The id of an event, negative, document or actor, from any release.
        version: The release in which to look. By default the newest that was cut and is here.
        source: Another place, as for `load`.

    Raises:
        UnknownId: No record has, or ever had, this id.
        TypeError: The id is not a string.

    Examples:
        >>> import standoff
        >>> standoff.resolve_id("d003-e04", "1.0.0")
        'd003-e04'
    """
    if not isinstance(record_id, str):
        raise TypeError(f"an id is a string such as 'd003-e04', not {type(record_id).__name__}")
    release = sources.find(version, source)
    with release.file("retired.csv").open(encoding="utf-8", newline="") as file:
        successors = {row["id"]: row["replaced_by"] or None for row in csv.DictReader(file)}
    current: str | None = record_id
    seen = set()
    while current in successors and current not in seen:
        seen.add(current)
        current = successors[current]
    if current is None:
        return None
    for table, column in ids.PERMANENT.items():
        known = pl.scan_parquet(release.table(table), glob=False).select(column)
        if known.filter(pl.col(column) == current).collect().height:
            return current
    raise UnknownId(f"release {release.version} has no {record_id!r}, and none was withdrawn under this id")


def _package(release: store.Files) -> dict[str, Any]:
    package: dict[str, Any] = json.loads(release.file("datapackage.json").read_text(encoding="utf-8"))
    return package
