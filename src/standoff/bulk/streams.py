"""The bytes of a file: unpacked while they are read, in UTF-8, and a packed bomb refused before it does harm."""

from __future__ import annotations

import codecs
import io
import lzma
import shutil
import tempfile
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO, Any, BinaryIO

from standoff.bulk.damage import AGAIN
from standoff.bulk.first_bytes import other_kind
from standoff.bulk.formats import PACKED
from standoff.findings import shortened

# Limits, stated in docs/bulk.md.
MAX_EXPANSION = 300
"""How many times its size a packed file may unfold to, once it has unfolded to `FREE_EXPANSION` bytes."""
FREE_EXPANSION = 1 << 28
WHOLE = 1 << 23
"""Bytes up to which the file in a zip archive is unpacked at once, which is faster than in pieces."""
_PIECE = 1 << 18
_CONTROL = frozenset(range(32)) - frozenset(b"\t\n\r") | {127}
"""Bytes that texts do not have, and that are among the first bytes of every packed file."""
_ENCRYPTED = 1  # bit 0 of a zip member's flags (APPNOTE.TXT, 4.4.4)


class Refused(Exception):
    """The file is beyond a limit, damaged, or no archive of one table; `remedy` says what to do."""

    def __init__(
        self,
        problem: str,
        remedy: str = "nothing was read; see the limits in docs/bulk.md",
        line: int = 1,
    ) -> None:
        super().__init__(problem)
        self.remedy = remedy
        self.line = line


def is_packed(path: Path) -> bool:
    """Whether the name says that the file is packed."""
    return path.suffix.lower() in PACKED


def open_text(path: Path, encoding: str = "utf-8") -> BinaryIO:
    """Return the bytes of a text file in UTF-8, without a byte order mark; a packed file is unpacked on the way.

    Refused, also while reading, if the file is damaged, beyond a limit, or not in the encoding.
    """
    return in_utf8(open_bytes(path), encoding)


def peeked(raw: BinaryIO) -> bytes:
    """Return some of the bytes that come next, which are still to be read."""
    return raw.getvalue() if isinstance(raw, io.BytesIO) else raw.peek(_PIECE)  # type: ignore[attr-defined]


def in_utf8(raw: BinaryIO, encoding: str) -> BinaryIO:
    """Return the text in `raw` in UTF-8, without a byte order mark. Refused, while reading, if it is not in the encoding."""
    if codecs.lookup(encoding).name != "utf-8":
        return io.BufferedReader(_InUtf8(raw, encoding), _PIECE)
    if raw.read(3) != codecs.BOM_UTF8:
        raw.seek(0)
    return raw


def open_bytes(path: Path) -> BinaryIO:
    """Return the bytes of a file; a packed one is unpacked on the way. Refused, also while reading, as by `open_text`."""
    return open_unpacked(path) if is_packed(path) else path.open("rb")


def open_unpacked(path: Path) -> BinaryIO:
    """Return what is in a packed file. Refused, also while reading, if it is damaged or beyond a limit."""
    kind = PACKED[path.suffix.lower()]
    with path.open("rb") as raw:
        begins = raw.read(1 << 10)
    if begins and not _CONTROL.intersection(begins):
        web = other_kind(begins, "")
        raise Refused(
            web.problem if web else f"it is not packed with {kind}, though its name says so: it is text",
            web.remedy if web else f"remove {path.suffix} from its name, or fetch it again",
        )
    if kind == "zip":
        return _of_zip(path)
    return io.BufferedReader(_Unpacked(_packed(path, kind), path, kind), _PIECE)


def unpacked(path: Path, scratch: Path) -> Path:
    """Write the unpacked file into `scratch`, in pieces, and return it. Refused if it is damaged or beyond a limit."""
    target = Path(tempfile.mkdtemp(dir=scratch)) / path.stem
    done = 0
    with open_unpacked(path) as stream, target.open("wb") as out:
        while piece := stream.read(1 << 22):
            done += len(piece)
            if shutil.disk_usage(scratch).free < (1 << 28):
                raise Refused(
                    f"decompressed, it is larger ({done:,} bytes so far) than the free space in {scratch.parent}"
                )
            out.write(piece)
    if not done:
        raise Refused("it is empty after decompression")
    return target


def _of_zip(path: Path) -> BinaryIO:
    try:
        archive = zipfile.ZipFile(path)
        members = [member for member in archive.infolist() if _is_content(member)]
        if not members:
            raise Refused("the archive is empty", AGAIN)
        if len(members) > 1:
            names = ", ".join(shortened(member.filename, 40) for member in members[:3])
            raise Refused(
                f"the archive holds {len(members)} files instead of one table: {names}{', …' if len(members) > 3 else ''}",
                "unpack it, and name the folder or the files that are parts of one table",
            )
        if members[0].flag_bits & _ENCRYPTED:
            raise Refused("the archive is locked with a password", "unpack it and give the table itself")
        if members[0].file_size <= min(WHOLE, FREE_EXPANSION):
            with archive:
                return io.BytesIO(archive.read(members[0]))
        return io.BufferedReader(_Unpacked(archive.open(members[0]), path, "zip"), _PIECE)
    except _DAMAGE as error:
        raise _damaged(error, "zip") from error


def _is_content(member: zipfile.ZipInfo) -> bool:
    """Whether it is a file that the archive was made for: not a folder, nor what macOS adds."""
    name = PurePosixPath(member.filename)
    return not (
        member.is_dir() or "__MACOSX" in name.parts or name.name.startswith("._") or name.name == ".DS_Store"
    )


def _packed(path: Path, kind: str) -> Any:
    if kind == "gzip":
        import gzip

        return gzip.open(path)
    if kind == "bz2":
        import bz2

        return bz2.open(path)
    import pyarrow as pa

    return pa.CompressedInputStream(pa.OSFile(str(path)), kind)


_DAMAGE = (EOFError, OSError, ValueError, NotImplementedError, zipfile.BadZipFile, zlib.error, lzma.LZMAError)
"""What libraries raise for packed files that are damaged or packed in a way they do not know."""


def _damaged(error: Exception, kind: str) -> Refused:
    if isinstance(error, NotImplementedError):
        return Refused(f"it is packed in a way that cannot be read: {error}", "pack it again as .gz")
    reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is damaged or cut short"
    return Refused(f"it cannot be unpacked as {kind}: {reason}", AGAIN)


class _Unpacked(io.RawIOBase):
    """What is in a packed file, as far as the limits allow."""

    def __init__(self, inner: IO[bytes], path: Path, kind: str) -> None:
        self.inner, self.path, self.kind = inner, path, kind
        self.most = max(FREE_EXPANSION, path.stat().st_size * MAX_EXPANSION)
        self.done = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, place: int, whence: int = 0) -> int:
        """Go back to the beginning; nothing else is asked for."""
        if whence == 1 and not place:
            return self.done
        if place or whence:
            raise io.UnsupportedOperation("a packed file is read from its beginning")
        self.inner.seek(0)
        self.done = 0
        return 0

    def readinto(self, buffer: Any) -> int:
        try:
            piece = self.inner.read(len(buffer))
        except _DAMAGE as error:
            raise _damaged(error, self.kind) from error
        self.done += len(piece)
        if self.done > self.most:
            raise Refused(
                f"it decompresses to more than {MAX_EXPANSION} times its size ({self.path.stat().st_size:,} bytes)"
            )
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self.inner.close()
        super().close()


class _InUtf8(io.RawIOBase):
    """A text in another encoding, in UTF-8."""

    def __init__(self, inner: BinaryIO, encoding: str) -> None:
        self.inner, self.encoding = inner, encoding
        self.decoder = codecs.getincrementaldecoder(encoding)()
        self.ready, self.line = b"", 1

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self.ready:
            block = self.inner.read(_PIECE)
            try:
                text = self.decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                raise Refused(
                    f"the line is not {self.encoding}: {error.reason}",
                    "give the encoding of the file in the profile",
                    self.line,
                ) from error
            self.line += text.count("\n")
            self.ready = text.encode()
            if not block:
                break
        piece, self.ready = self.ready[: len(buffer)], self.ready[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        self.inner.close()
        super().close()
