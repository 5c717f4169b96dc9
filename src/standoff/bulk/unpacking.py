"""Packed files: unpacked in pieces, and a bomb refused before it fills the disk."""

from __future__ import annotations

import lzma
import shutil
import zipfile
import zlib
from pathlib import Path
from typing import Any

from standoff.bulk.damage import AGAIN
from standoff.bulk.formats import PACKED

# Limits, stated in docs/bulk.md.
MAX_EXPANSION = 300
"""How many times its size a packed file may unfold to, once it has unfolded to `FREE_EXPANSION` bytes."""
FREE_EXPANSION = 1 << 28
_ENCRYPTED = 1  # bit 0 of a zip member's flags (APPNOTE.TXT, 4.4.4)


class Refused(Exception):
    """The file is beyond a limit, or no archive of one table; `remedy` says what to do."""

    def __init__(
        self, problem: str, remedy: str = "nothing was read; see the limits in docs/bulk.md"
    ) -> None:
        super().__init__(problem)
        self.remedy = remedy


def unpacked(path: Path, scratch: Path) -> Path:
    """Write the unpacked file into `scratch`, in pieces, and return it. Refused if it is damaged or beyond a limit."""
    import pyarrow as pa

    kind = PACKED[path.suffix.lower()]
    packed, target = path.stat().st_size, scratch / f"{len(list(scratch.iterdir()))}-{path.stem}"
    done = 0
    try:
        with _packed_stream(path, kind) as stream, target.open("wb") as out:
            while piece := stream.read(1 << 22):
                done += len(piece)
                if done > max(FREE_EXPANSION, packed * MAX_EXPANSION):
                    raise Refused(
                        f"it unfolds to more than {MAX_EXPANSION} times its size ({packed:,} bytes)"
                    )
                if shutil.disk_usage(scratch).free < (1 << 28):
                    raise Refused(
                        f"unpacked it is larger ({done:,} bytes so far) than what is free in {scratch.parent}"
                    )
                out.write(piece)
    except (EOFError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, pa.ArrowInvalid, OSError) as error:
        reason = (
            error.strerror if isinstance(error, OSError) and error.strerror else "it is damaged or cut short"
        )
        raise Refused(f"it cannot be unpacked as {kind}: {reason}", AGAIN) from error
    except NotImplementedError as error:
        raise Refused(
            f"it is packed in a way that cannot be read: {error}", "pack it again as .gz"
        ) from error
    if not done:
        raise Refused("unpacked it is empty")
    return target


def _packed_stream(path: Path, kind: str) -> Any:
    import pyarrow as pa

    if kind != "zip":
        return pa.CompressedInputStream(pa.OSFile(str(path)), kind)
    archive = zipfile.ZipFile(path)
    if len(archive.infolist()) != 1:
        raise Refused(f"the archive holds {len(archive.infolist())} files instead of one table")
    (member,) = archive.infolist()
    if member.flag_bits & _ENCRYPTED:
        raise Refused("the archive is locked with a password", "unpack it and give the table itself")
    return archive.open(member)
