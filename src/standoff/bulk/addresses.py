"""Files that only some file systems hold: hdfs://, s3:// and the like, by Arrow's file systems."""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import Any

from standoff.bulk.formats import format_of, is_part
from standoff.findings import UsageError


def is_remote(address: object) -> bool:
    """Whether an address is that of a file system, and not the path of a file."""
    return "://" in str(address)


def remote_files(address: str) -> list[str]:
    """Return the addresses of the table files that an address names: a file, a folder or a pattern. UsageError if none."""
    from pyarrow import fs

    before = address.partition("*")[0]
    base = address if before == address else before.rpartition("/")[0]
    system, path = _system(base)
    scheme = base.removesuffix(path) if base.endswith(path) else base[: base.index("://") + 3]
    try:
        info = system.get_file_info(path)
        if info.type == fs.FileType.File:
            return [address]
        inside = (
            system.get_file_info(fs.FileSelector(path, recursive=True))
            if info.type == fs.FileType.Directory
            else []
        )
    except OSError as error:
        raise UsageError(f"{address} cannot be read: {error}") from error
    names = sorted(found.path for found in inside if found.type == fs.FileType.File)
    if before != address:
        names = [name for name in names if fnmatch(scheme + name, address)]
    else:
        names = [
            name
            for name in names
            if is_part(PurePosixPath(name).relative_to(path)) and format_of(PurePosixPath(name))
        ]
    if not names:
        raise UsageError(f"{address} holds no tables, or does not exist")
    return [scheme + name for name in names]


def fetched(address: str, folder: Path) -> Path:
    """Return a copy of a remote file in `folder`."""
    system, path = _system(address)
    target = folder / PurePosixPath(path).name
    with system.open_input_stream(path, compression=None) as stream, target.open("wb") as out:
        while piece := stream.read(1 << 22):
            out.write(piece)
    return target


def _system(address: str) -> tuple[Any, str]:
    import pyarrow as pa
    from pyarrow import fs

    try:
        found: tuple[Any, str] = fs.FileSystem.from_uri(address)
    except (OSError, pa.ArrowException) as error:
        raise UsageError(f"{address} cannot be read: {str(error).splitlines()[0]}") from error
    return found
