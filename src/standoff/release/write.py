"""Tables and documents into files, the same bytes on every machine.

Parquet is written by pyarrow, whose schema metadata every reader sees; CSV by polars, whose bytes have not
changed between versions. One row group, fixed codec and level, sorted metadata, no clock.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from standoff import schema
from standoff.loaders import store
from standoff.page.release import about as describe
from standoff.page.render import page
from standoff.release.card import card
from standoff.release.changes import as_csv, changes_file
from standoff.release.citation import citation_file
from standoff.release.croissant import croissant
from standoff.release.datapackage import CHANGES, EXPLORER, RETIRED, data_package
from standoff.release.diff import Diff
from standoff.release.workbook import write_workbook
from standoff.source.corpus import Corpus
from standoff.tables import TABLES, Column, Kind, Table, tables_for

COMPRESSION, ROW_GROUP = "snappy", 1 << 20
"""Snappy is what every reader of Parquet has; others stop at ZSTD (hyparquet, older JavaScript readers)."""

TOOLS = ("polars", "pyarrow", "xlsxwriter")
"""Packages whose version can affect the bytes of a release."""

DESCRIPTIONS = frozenset(
    {
        "build.json",
        "CHANGES.md",
        "CITATION.cff",
        "croissant.json",
        "datapackage.json",
        EXPLORER,
        "README.md",
        "SHA256SUMS",
    }
)
GENERATED = DESCRIPTIONS | {f"{name}.csv" for name in (*TABLES, RETIRED.name, CHANGES.name)}
"""Names of the text files that a build makes; no file that a release only carries may have one of them."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a release is made of: dataset.toml as read, the tables, the withdrawn ids, and files carried along."""

    about: Mapping[str, Any]
    frames: Mapping[str, pl.DataFrame]
    retired: pl.DataFrame
    included: Mapping[str, Path]
    """The files carried along, by their path in the release."""
    tables: Mapping[str, Table]

    @classmethod
    def of(cls, corpus: Corpus, frames: Mapping[str, pl.DataFrame]) -> Contents:
        """Return the contents of a release of `corpus`, whose tables are `frames`."""
        rows = [(entry.id, entry.since, entry.reason, entry.replaced_by) for entry in corpus.retired]
        about = corpus.meta.value
        return cls(
            about,
            frames,
            pl.DataFrame(rows, schema=RETIRED.schema, orient="row").sort(RETIRED.key),
            _carried(corpus),
            tables_for(corpus.scheme, corpus.vocabulary),
        )


def _carried(corpus: Corpus) -> dict[str, Path]:
    """Return the files that a release only carries, by their path in it: pages, and the documents if they are included."""
    about = corpus.meta.value
    carried = {name: corpus.root.parent / name for name in sorted(about["dataset"].get("include", ()))}
    if about.get("contents", {}).get("includes_text", False):
        for file in corpus.annotation_files():
            if file.annotator is None and file.document is not None:
                carried[f"documents/{file.document.id}.txt"] = corpus.documents / file.document.file
    return carried


def write_release(folder: Path, contents: Contents, changes: Diff | None) -> None:
    """Write every file of a release into the empty `folder`; `changes` is None for the first release."""
    about = contents.about
    for name, frame in contents.frames.items():
        write_table(folder, contents.tables[name], frame, about["dataset"])
    write_workbook(folder / f"{about['dataset']['name']}.xlsx", about, contents.frames, contents.tables)
    (folder / "retired.csv").write_bytes(csv_bytes(contents.retired))
    _write(folder / "changes.csv", as_csv(changes.changes if changes else ()))
    _write(folder / "CHANGES.md", changes_file(changes, about["dataset"]["version"]))
    _write(folder / "CITATION.cff", citation_file(about))
    for name, path in contents.included.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(path.read_bytes())
    _write(folder / EXPLORER, page(contents.frames, describe(data_package(about, folder, contents.tables))))
    _write_json(folder / "datapackage.json", data_package(about, folder, contents.tables))
    _write_json(folder / "croissant.json", croissant(about, folder, contents.tables))
    _write_json(folder / "build.json", build_record(contents, changes))
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    others = {name for name in files if name.partition(".")[0] not in TABLES} | {"SHA256SUMS"}
    _write(folder / "README.md", card(about, contents.frames, sorted(others)))
    write_sums(folder)


def build_record(contents: Contents, changes: Diff | None) -> dict[str, Any]:
    """Return `build.json`: what the bytes depend on and what they must be, without clock, machine or path.

    The hash of each table's CSV survives a new version of a tool; that of its Parquet need not.
    """
    return {
        "dataset": contents.about["dataset"]["name"],
        "version": contents.about["dataset"]["version"],
        "schema_version": schema.version(),
        "changes_since": changes.old if changes else None,
        "tools": {name: version(name) for name in TOOLS},
        "tables": {
            name: {"rows": frame.height, "csv_sha256": hashlib.sha256(csv_bytes(frame)).hexdigest()}
            for name, frame in contents.frames.items()
        },
    }


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _write_json(path: Path, document: Mapping[str, Any]) -> None:
    _write(path, json.dumps(document, indent=2, ensure_ascii=False) + "\n")


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """Return the canonical CSV: UTF-8, LF, comma, quotes only where needed, null as nothing."""
    return frame.write_csv(quote_style="necessary", line_terminator="\n", null_value="").encode()


def arrow_schema(table: Table, metadata: Mapping[str, str]) -> pa.Schema:
    """Return the Arrow schema: a description on every column, required columns marked, sorted metadata."""
    fields = [
        pa.field(
            column.name,
            column.kind.arrow,
            nullable=column.optional,
            metadata={"description": column.description},
        )
        for column in table.columns
    ]
    return pa.schema(fields, metadata=dict(sorted(metadata.items())))


def table_metadata(table: Table, dataset: Mapping[str, str], csv: bytes) -> dict[str, str]:
    """Return the key-value pairs that every Parquet file carries; pandas shows them as ``frame.attrs``."""
    described = {
        "dataset": dataset["name"],
        "dataset_version": dataset["version"],
        "description": table.description,
        "license": dataset["license"],
        "table": table.name,
        "csv_sha256": hashlib.sha256(csv).hexdigest(),
        "schema_sha256": schema_sha256(table),
    }
    return {
        **described,
        "PANDAS_ATTRS": json.dumps(described, sort_keys=True, ensure_ascii=False),
        "pandas": json.dumps(pandas_metadata(table), sort_keys=True),
    }


def pandas_metadata(table: Table) -> dict[str, Any]:
    """Return what pandas and fastparquet read about types: whole numbers and truth values that may be missing keep nullable types.

    Without it, `pandas.read_parquet` turns 3 with a gap beside it into 3.0. Every column is listed, since fastparquet
    looks up each. Form: pandas' developer documentation, "Storing pandas DataFrame objects in Apache Parquet format".
    """
    nullable = {Kind.INT32: "Int32", Kind.INT64: "Int64", Kind.BOOL: "boolean"}

    def numpy_type(column: Column) -> str:
        if column.kind in (Kind.DATE, Kind.DATETIME):
            return "datetime64[ns]"  # with "object", which pandas writes for days, fastparquet gives whole numbers
        if column.kind == Kind.STRING:
            return "object"
        return nullable.get(column.kind, column.kind.value) if column.optional else column.kind.value

    return {
        "index_columns": [],
        "column_indexes": [],
        "columns": [
            {
                "name": column.name,
                "field_name": column.name,
                "pandas_type": "unicode" if column.kind == Kind.STRING else column.kind.value,
                "numpy_type": numpy_type(column),
                "metadata": None,
            }
            for column in table.columns
        ],
        "pandas_version": "1.0.0",
    }


def schema_sha256(table: Table) -> str:
    """Return a hash of a table's columns: names, types, whether required, references and key."""
    described = [[c.name, c.kind, c.optional, c.references] for c in table.columns]
    return hashlib.sha256(json.dumps([described, table.key]).encode()).hexdigest()


def write_table(folder: Path, table: Table, frame: pl.DataFrame, dataset: Mapping[str, str]) -> None:
    """Write one table as Parquet and CSV into `folder`."""
    csv = csv_bytes(frame)
    (folder / f"{table.name}.csv").write_bytes(csv)
    schema = arrow_schema(table, table_metadata(table, dataset, csv))
    pq.write_table(
        frame.to_arrow().cast(schema).combine_chunks(),
        folder / f"{table.name}.parquet",
        compression=COMPRESSION,
        row_group_size=ROW_GROUP,
        version="2.6",
        store_schema=True,
    )


def write_sums(folder: Path) -> None:
    """Write SHA256SUMS over every other file of the folder, in the form that ``sha256sum --check`` reads."""
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "SHA256SUMS"
    ]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8", newline="\n")


def write_registry(releases: Path) -> None:
    """Renew the registry in a folder of releases: the checksum of each cut release's SHA256SUMS.

    The loaders hold what they fetch against it. It is replaced whole, and only where it changes.
    """
    path, text = releases / store.SUMS, store.registry_text(releases)
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        fresh = path.with_name(f".staging-{path.name}")
        fresh.write_text(text, encoding="utf-8", newline="\n")
        fresh.replace(path)
