"""The one description of a column.

Polars and Arrow types, Table Schema, Croissant, the codebook, profiles and the pandera contract are made from it.
Polars and pyarrow are imported only when their types are asked for.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import Any

from standoff.model.classes import dataclass


class Kind(StrEnum):
    """What the values of a column are, with the name of this type in each format that we write.

    A `datetime` is a moment: it is stored in UTC, to the microsecond.
    """

    tableschema: str
    """Name of the type in Table Schema (Data Package 2.0)."""
    croissant: str
    """Name of the type in Croissant 1.1."""
    words: str
    """The type in plain words, for messages."""

    def __new__(cls, name: str, tableschema: str = "", croissant: str = "", words: str = "") -> Kind:
        """Make a member of its name and its forms."""
        kind = str.__new__(cls, name)
        kind._value_ = name
        kind.tableschema, kind.croissant, kind.words = tableschema, croissant, words
        return kind

    STRING = "string", "string", "sc:Text", "text"
    BOOL = "bool", "boolean", "sc:Boolean", "true or false"
    INT32 = "int32", "integer", "sc:Integer", "a whole number"
    INT64 = "int64", "integer", "sc:Integer", "a whole number"
    FLOAT64 = "float64", "number", "sc:Float", "a number"
    DATE = "date", "date", "sc:Date", "a date"
    DATETIME = "datetime", "datetime", "sc:DateTime", "a date and time"

    @property
    def whole(self) -> bool:
        """Whether the values are whole numbers."""
        return self in (Kind.INT32, Kind.INT64)

    @property
    def numeric(self) -> bool:
        """Whether the values are numbers."""
        return self.whole or self is Kind.FLOAT64

    @property
    def temporal(self) -> bool:
        """Whether the values are days or moments."""
        return self in (Kind.DATE, Kind.DATETIME)

    @property
    def polars(self) -> Any:
        """The polars type."""
        import polars as pl

        return {
            Kind.STRING: pl.String,
            Kind.BOOL: pl.Boolean,
            Kind.INT32: pl.Int32,
            Kind.INT64: pl.Int64,
            Kind.FLOAT64: pl.Float64,
            Kind.DATE: pl.Date,
            Kind.DATETIME: pl.Datetime("us", "UTC"),
        }[self]

    @property
    def arrow(self) -> Any:
        """The Arrow type."""
        import pyarrow as pa

        return {
            Kind.STRING: pa.string(),
            Kind.BOOL: pa.bool_(),
            Kind.INT32: pa.int32(),
            Kind.INT64: pa.int64(),
            Kind.FLOAT64: pa.float64(),
            Kind.DATE: pa.date32(),
            Kind.DATETIME: pa.timestamp("us", "UTC"),
        }[self]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, and what its values mean and may be.

    An `optional` column may hold null. `references` is the ``table.column`` that its values point to. `values` is the
    closed list of its values, if there is one; `pattern` is a regular expression (Rust's syntax) that every value
    matches as a whole; `minimum` and `maximum` bound numbers, days ("1979-01-01") and moments.
    """

    name: str
    kind: Kind = Kind.STRING
    description: str = ""
    optional: bool = False
    references: str | None = None
    values: tuple[Any, ...] = ()
    pattern: str | None = None
    minimum: float | str | None = None
    maximum: float | str | None = None


@dataclass(frozen=True)
class Table:
    """One table: name, documentation, columns in order, and the columns that together identify a row.

    `codes` is the action scheme whose codes it holds.
    """

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    codes: str = "cameo"

    @cached_property
    def schema(self) -> dict[str, Any]:
        """Polars types by column name, in order."""
        return {column.name: column.kind.polars for column in self.columns}

    def column(self, name: str) -> Column:
        """Return the column of that name; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)
