"""Edits: changed texts of source files, and how they are shown."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from standoff.findings import ChangedMeanwhile, Finding
from standoff.model.places import Fix
from standoff.source import strict_yaml
from standoff.source.writing import write_text

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
        """Replace the old text by the new one. If the process is killed, one of the two is there whole.

        Raises ChangedMeanwhile, and changes nothing, if the file no longer has the old text.
        """
        try:
            write_text(self.file, self.after, before=self.before)
        except ChangedMeanwhile:
            raise ChangedMeanwhile(self.shown) from None


def _by_rule(reading: strict_yaml.Reading) -> Counter[str]:
    return Counter(fault.rule for fault in reading.faults)


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
