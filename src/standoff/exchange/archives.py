"""Archives that tools export: unpacked into a folder of our own, and refused where they could do harm."""

from __future__ import annotations

import importlib
import lzma
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from standoff.findings import UsageError, shortened

MAX_FILES = 100_000
MAX_BYTES = 4 * 1024**3
MAX_ONE = 512 * 1024**2


_PACKED = {
    b"\x1f\x8b": "compressed with gzip",
    b"BZh": "compressed with bzip2",
    b"\xfd7zXZ": "compressed with xz",
    b"\x28\xb5\x2f\xfd": "compressed with Zstandard",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
}
"""How files begin that are packed in a way that imports do not read."""


def _refuse_packed(path: Path) -> None:
    """Raise UsageError if a file is packed otherwise than as .zip."""
    if not path.is_file():
        return
    with path.open("rb") as file:
        start = file.read(262)
    what = next((what for magic, what in _PACKED.items() if start.startswith(magic)), None)
    what = "a tar archive" if start[257:] == b"ustar" else what
    if what is not None:
        raise UsageError(f"{path} is {what}: unpack it, and name the file or folder that was in it")


@contextmanager
def opened(path: Path) -> Iterator[Path]:
    """Yield the path itself, or the folder with what a .zip file holds.

    UsageError where the archive is hostile or broken, or the file is packed in another way.
    """
    with _opened(path) as inside:
        if inside == path:
            _refuse_packed(path)
        yield inside


@contextmanager
def _opened(path: Path) -> Iterator[Path]:
    if not (path.is_file() and zipfile.is_zipfile(path)):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="standoff-") as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                total = _unpack(archive, path, Path(folder))
            for inner in sorted(
                Path(folder).rglob("*.zip")
            ):  # INCEpTION keeps one for each annotator of a document
                with zipfile.ZipFile(inner) as archive:
                    total = _unpack(archive, path, inner.parent / f"{inner.stem}.files", total)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
            raise UsageError(f"{path} is not a readable .zip file: {error}") from None
        yield Path(folder)


_COMPRESSED = {b"\x1f\x8b": "gzip", b"BZh": "bz2", b"\xfd7zXZ": "lzma"}
"""How compressed files begin, and the module that reads them."""


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """Yield the file that a compressed file or an archive holds, the folder if it holds several, else the path itself."""
    with _opened(path) as inside, tempfile.TemporaryDirectory(prefix="standoff-") as folder:
        if inside != path:
            files = [
                f for f in inside.rglob("*") if f.is_file() and not f.is_relative_to(inside / "__MACOSX")
            ]
            yield files[0] if len(files) == 1 else inside
            return
        start = b""
        if path.is_file():
            with path.open("rb") as file:
                start = file.read(6)
        name = next((name for magic, name in _COMPRESSED.items() if start.startswith(magic)), None)
        if name is None:
            yield path
            return
        target = Path(folder) / path.stem
        try:
            with importlib.import_module(name).open(path) as source, target.open("wb") as sink:
                while block := source.read(1 << 20):
                    sink.write(block)
                    if sink.tell() > MAX_ONE:
                        raise UsageError(f"{path} is too large when unpacked; unpack it yourself")
        except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
            raise UsageError(f"{path} is not a readable {name} file: {error}") from None
        yield target


def _unpack(archive: zipfile.ZipFile, path: Path, folder: Path, total: int = 0) -> int:
    """Write the files of an archive into a folder, and return the bytes of all that `path` held so far."""
    members = [each for each in archive.infolist() if not each.is_dir()]
    if len(members) > MAX_FILES:
        raise UsageError(f"{path} holds {len(members):,} files; at most {MAX_FILES:,} are unpacked")
    for member in members:
        name = PurePosixPath(member.filename)
        if name.is_absolute() or ".." in name.parts or "\\" in member.filename or ":" in member.filename:
            raise UsageError(
                f'{path} holds "{member.filename}", which leads out of its folder; it is not unpacked'
            )
        if stat.S_ISLNK(member.external_attr >> 16):
            raise UsageError(f'{path} holds "{member.filename}", which is a link; it is not unpacked')
        if member.flag_bits & 1:
            raise UsageError(f'{path}: "{member.filename}" is encrypted; unpack it yourself')
        total += member.file_size
        if member.file_size > MAX_ONE or total > MAX_BYTES:
            raise UsageError(f'{path}: "{member.filename}" is too large when unpacked; unpack it yourself')
        target = folder / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(member) as source, target.open("xb") as sink:
                shutil.copyfileobj(source, sink)
        except (FileExistsError, NotADirectoryError):
            raise UsageError(
                f'{path} holds "{shortened(member.filename)}" twice, or a file and a folder of this name; it is not unpacked'
            ) from None
        except OSError as error:
            raise UsageError(
                f'{path}: "{shortened(member.filename)}" cannot be unpacked: {error.strerror}'
            ) from None
    return total
