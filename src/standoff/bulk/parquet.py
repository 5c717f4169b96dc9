"""What the footer of a Parquet file says, read without decoding a value: rows, and the size of each row group.

The footer is Thrift in its compact protocol (https://github.com/apache/parquet-format, parquet.thrift: FileMetaData,
RowGroup). Reading these three numbers here keeps pyarrow, which takes longer to import than a small table to check, out
of the way of a table that is sound.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAGIC = b"PAR1"
_STOP, _TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _STRUCT = 0, 1, 2, 3, 7, 8, 9, 10, 12
_INTEGERS = (4, 5, 6)
_ROWS, _GROUPS = 3, 4
_GROUP_COLUMNS, _GROUP_BYTES, _GROUP_ROWS = 1, 2, 3


class Damaged(ValueError):
    """The file is not a Parquet file; the text says why."""


@dataclass(frozen=True, slots=True)
class RowGroup:
    """One row group, as the footer states it."""

    rows: int
    columns: int
    size: int


def footer(path: Path) -> tuple[int, list[RowGroup]]:
    """Return the number of rows and the row groups that the footer states. Damaged if it cannot be read."""
    with path.open("rb") as raw:
        if raw.read(4) != MAGIC:
            raise Damaged("it is not a Parquet file: it does not begin with PAR1")
        size = raw.seek(0, 2)
        raw.seek(max(0, size - 8))
        end = raw.read(8)
        if end[-4:] != MAGIC:
            raise Damaged("the Parquet file is cut short: it does not end with PAR1")
        length = struct.unpack("<I", end[:4])[0] if len(end) == 8 else size
        if length > size - 12:
            raise Damaged("the Parquet file is damaged: its footer is longer than the file")
        raw.seek(size - 8 - length)
        content = raw.read(length)
    try:
        return _file(_Compact(content))
    except (IndexError, RecursionError, OverflowError) as error:
        raise Damaged("the Parquet file is damaged: its footer cannot be read") from error


def _file(compact: _Compact) -> tuple[int, list[RowGroup]]:
    rows, groups = 0, []
    for field, kind in compact.fields():
        if (field, kind) == (_ROWS, 6):
            rows = compact.integer()
        elif (field, kind) == (_GROUPS, _LIST):
            count, _ = compact.list_header()
            groups = [_group(compact) for _ in range(count)]
        else:
            compact.skip(kind)
    return rows, groups


def _group(compact: _Compact) -> RowGroup:
    rows = columns = size = 0
    for field, kind in compact.fields():
        if (field, kind) == (_GROUP_COLUMNS, _LIST):
            columns, element = compact.list_header()
            for _ in range(columns):
                compact.skip(element)
        elif (field, kind) == (_GROUP_BYTES, 6):
            size = compact.integer()
        elif (field, kind) == (_GROUP_ROWS, 6):
            rows = compact.integer()
        else:
            compact.skip(kind)
    return RowGroup(rows, columns, size)


class _Compact:
    """A reader of Thrift's compact protocol."""

    def __init__(self, content: bytes, place: int = 0) -> None:
        self.content, self.place = content, place

    def _byte(self) -> int:
        self.place += 1
        return self.content[self.place - 1]

    def varint(self) -> int:
        """Return the unsigned integer that comes next."""
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    def integer(self) -> int:
        """Return the zigzag integer that comes next."""
        value = self.varint()
        return (value >> 1) ^ -(value & 1)

    def list_header(self) -> tuple[int, Any]:
        """Return number and type of the elements of the list that comes next."""
        byte = self._byte()
        count = byte >> 4
        count = self.varint() if count == 15 else count
        if count > len(self.content):
            raise IndexError(count)
        return count, byte & 0x0F

    def fields(self) -> Iterator[tuple[int, int]]:
        """Yield id and type of each field of the struct that comes next; the caller reads or skips its value."""
        field = 0
        while (byte := self._byte()) != _STOP:
            field = field + (byte >> 4) if byte >> 4 else self.integer()
            yield field, byte & 0x0F

    def skip(self, kind: int) -> None:
        """Pass over a value."""
        self.place = _after(self.content, self.place, kind)


def _after(content: bytes, place: int, kind: int) -> int:
    """Return the place after a value. In one function, since files have thousands of values to pass over."""
    if kind in _INTEGERS:
        while content[place] > 0x7F:
            place += 1
        return place + 1
    if kind == _STRUCT:
        while byte := content[place]:
            place += 1
            if byte < 0x10:  # the number of the field does not follow from the one before
                place = _after(content, place, _INTEGERS[0])
            inner = byte & 0x0F
            if inner in _INTEGERS:
                while content[place] > 0x7F:
                    place += 1
                place += 1
            elif inner > _FALSE:
                place = _after(content, place, inner)
            elif inner == _STOP:
                raise IndexError(inner)
        return place + 1
    if kind == _BINARY:
        length = _Compact(content, place)
        return length.varint() + length.place
    if kind in (_LIST, _SET):
        several = _Compact(content, place)
        count, element = several.list_header()
        place = several.place
        for _ in range(count):
            place = _after(content, place, _BYTE if element in (_TRUE, _FALSE) else element)
        return place
    if kind in (_TRUE, _FALSE):
        return place
    if kind not in (_BYTE, _DOUBLE):  # a footer has no maps
        raise IndexError(kind)
    return place + (8 if kind == _DOUBLE else 1)
