"""Edits: changed texts of source files, shown as a diff and written whole or not at all."""

from __future__ import annotations

import difflib
import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from standoff.findings import Finding
from standoff.model.places import Fix
from standoff.source import strict_yaml

_LINE_START = re.compile(r"(?<=\n)|(?<=\r)(?!\n)")


@dataclass(frozen=True, slots=True)
class Edit:
    """A file and its text before and after; `shown` is its path as people are shown it."""

    file: Path
    shown: str
    before: str
    after: str

    def diff(self) -> Iterator[str]:
        """Yield the lines of a unified diff, without line ends."""
        before, after = self.before.splitlines(), self.after.splitlines()
        for line in difflib.unified_diff(before, after, self.shown, self.shown, n=1, lineterm=""):
            yield line.rstrip("\r")
        if before == after and self.before != self.after:
            yield f"(only line ends change in {self.shown})"

    @property
    def sound(self) -> bool:
        """Whether the new text, read as strict YAML, has no fault that the old has not, if that could be read at all."""
        before, after = strict_yaml.read(self.before), strict_yaml.read(self.after)
        return before.value is None or _by_rule(after) <= _by_rule(before)

    def write(self) -> None:
        """Put the new text in place of the old; killed at any moment, one of the two is there whole."""
        write_text(self.file, self.after)


def _by_rule(reading: strict_yaml.Reading) -> Counter[str]:
    return Counter(fault.rule for fault in reading.faults)


def write_text(file: Path, text: str, *, new: bool = False) -> None:
    """Write a file whole or not at all; with `new` raise FileExistsError where there is one already."""
    folder, name = os.path.split(os.path.realpath(file))  # a link stays a link
    handle, scratch = tempfile.mkstemp(prefix=f".{name}.", suffix="~", dir=folder)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(text.encode("utf-8"))
            stream.flush()
            os.fsync(stream.fileno())
        target = Path(folder, name)
        Path(scratch).chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)
        if new:
            os.link(scratch, target)
        else:
            os.replace(scratch, target)  # noqa: PTH105
    finally:
        Path(scratch).unlink(missing_ok=True)


def apply_fixes(text: str, fixes: Iterable[Fix]) -> str:
    """Return `text` with the fixes in their places; of two that overlap the first is applied."""
    starts = [0, *(match.start() for match in _LINE_START.finditer(text))]

    def offset(line: int, column: int) -> int:
        return starts[line - 1] + column - 1

    pieces: list[str] = []
    done = 0
    for fix in sorted(set(fixes)):
        start = offset(fix.place.line, fix.place.column)
        if start >= done:
            pieces += [text[done:start], fix.replacement]
            done = offset(fix.place.end_line, fix.place.end_column)
    return "".join([*pieces, text[done:]])


def edits_of(findings: Iterable[Finding]) -> list[Edit]:
    """Return the changed text of each file that the fixes of `findings` apply to."""
    fixes: dict[tuple[Path, str], list[Fix]] = {}
    for finding in findings:
        if finding.fix is not None and finding.file is not None:
            fixes.setdefault((finding.file, finding.path), []).append(finding.fix)
    edits = []
    for (file, shown), wanted in fixes.items():
        before = file.read_bytes().decode("utf-8")
        edits.append(Edit(file, shown, before, apply_fixes(before, wanted)))
    return edits
