"""What a file is by its first bytes, where that is not the text that its name promises."""

from __future__ import annotations

import codecs
from typing import NamedTuple

from standoff.bulk.damage import AGAIN

ENCODINGS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before that of UTF-16, with which it begins
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Encodings by their byte order mark."""
_UNPACK = "give it the ending {}, with which it is unpacked while it is read"
_KINDS = (
    (b"\x1f\x8b", "it is packed with gzip", _UNPACK.format(".gz")),
    (b"BZh", "it is packed with bzip2", _UNPACK.format(".bz2")),
    (b"\x28\xb5\x2f\xfd", "it is packed with Zstandard", _UNPACK.format(".zst")),
    (b"\xfd7zXZ\0", "it is packed with xz", "unpack it, or pack it again as .gz"),
    (b"PAR1", "it is a Parquet file", "give it the ending .parquet"),
    (b"ARROW1", "it is an Arrow file", "give it the ending .arrow"),
    (
        b"PK\x03\x04",
        "it is a zip archive or a spreadsheet",
        'give an archive the ending .zip, or save the sheet as "CSV UTF-8"',
    ),
    (b"\xd0\xcf\x11\xe0", "it is a spreadsheet of Excel", 'save it from the spreadsheet as "CSV UTF-8"'),
    (b"SQLite format 3", "it is an SQLite database", "export the table as CSV"),
    (b"version https://git-lfs", "it is a pointer of Git LFS, not the file", "fetch it with: git lfs pull"),
)
_INSIDE = "unpack it and check what is inside"
_LEFT_OUT = 16
"""Null bytes at the end of a file that show that it was not written to its end."""
_WEB = (b"<!doctype", b"<html", b"<?xml")
_FEW = 4
"""Null bytes of which a rule reports each; a text may have so many."""
NULLS = 100
"""A text in which one byte of fewer than so many is null is no text, or is in another encoding."""


class OtherKind(NamedTuple):
    """What a file is instead of a table as text, and what to do."""

    problem: str
    remedy: str
    line: int = 1


def encoding_of(start: bytes) -> str | None:
    """Return the encoding that a byte order mark states; None where there is none."""
    return next((encoding for mark, encoding in ENCODINGS if start.startswith(mark)), None)


def other_kind(start: bytes, remedy: str, *, packed: bool = False) -> OtherKind | None:
    """Return what a file with these first bytes is if it is not a table as text; `remedy` is the usual one.

    Of a `packed` file, these are the bytes of what is inside.
    """
    for mark, problem, known in _KINDS:
        if start.startswith(mark):
            return OtherKind(f"unpacked, {problem}", _INSIDE) if packed else OtherKind(problem, known)
    if start[:20].lstrip().lower().startswith(_WEB):
        return OtherKind("it is a web page or XML, perhaps the error message of a server", AGAIN)
    nulls = start.count(0)
    text = start.rstrip(b"\0")
    if text and len(start) - len(text) >= _LEFT_OUT and not text.count(0):
        return OtherKind(
            "from here on it has null bytes: it was not written to its end", AGAIN, text.count(b"\n") + 1
        )
    if max(start[::2].count(0), start[1::2].count(0)) * 3 > len(start):
        return OtherKind(
            "it has a null byte for each character, as UTF-16 text has",
            'save it as UTF-8, or write encoding = "utf-16" in the profile',
        )
    if (nulls * NULLS > len(start) and nulls > _FEW) or b"\0" in start.partition(b"\n")[0]:
        return OtherKind("it is no text: it has null bytes", remedy)
    return None
