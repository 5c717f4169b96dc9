"""Files written whole or not at all, and never over what somebody else has saved meanwhile."""

from __future__ import annotations

import os
from pathlib import Path

from standoff.findings import ChangedMeanwhile


def write_text(
    file: Path, text: str, *, new: bool = False, before: str | None = None, follow: bool = True
) -> None:
    """Write a file whole or not at all.

    With `new`, raises FileExistsError if the file exists. With `before`, raises ChangedMeanwhile if the file no longer
    has this text. Without `follow`, a symbolic link is replaced, and what it points to is left alone.
    """
    import tempfile  # imported late: most checks write nothing

    folder, name = os.path.split(os.path.realpath(file) if follow else file.absolute())
    handle, scratch = tempfile.mkstemp(prefix=f".{name}.", suffix="~", dir=folder)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(text.encode("utf-8"))
            stream.flush()
            os.fsync(stream.fileno())
        target = Path(folder, name)
        Path(scratch).chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)
        if before is not None and not _has(target, before):
            raise ChangedMeanwhile(str(file))
        if new:
            os.link(scratch, target)
        else:
            os.replace(scratch, target)  # noqa: PTH105
    finally:
        Path(scratch).unlink(missing_ok=True)


def _has(file: Path, text: str) -> bool:
    try:
        return file.read_bytes() == text.encode("utf-8")
    except OSError:
        return False
