"""What is to be checked, and how: which files, in which format, and where rows are written."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from standoff.bulk.addresses import remote_files
from standoff.bulk.formats import matching, parts_in, readable_as, refuse_streams, takes_in
from standoff.bulk.outputs import Outputs
from standoff.bulk.release_files import without_descriptions
from standoff.findings import UsageError

Duplicates = Literal["reject", "keep-one"]


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be checked, and how: `table` and `profile` name the format, else it is guessed.

    `references` are the files of other tables by name. `duplicates` says what becomes of identical copies of a row. With
    `summary`, each table is summarised, on this machine only. Addresses such as hdfs://… are text, and for engines only.
    """

    paths: Sequence[Path | str]
    table: str | None = None
    profile: str | None = None
    references: Mapping[str, Path | str] = field(default_factory=dict)
    outputs: Outputs = field(default_factory=Outputs)
    duplicates: Duplicates = "reject"
    summary: bool = False

    def files(self) -> list[Path | str]:
        """Return the table files that the paths name. UsageError where there is none, or where an output makes no sense."""
        found = [file for path in self.paths for file in _files(path)]
        self._refuse_outputs([path for path in found if isinstance(path, Path)])
        return list(dict.fromkeys(found))

    @property
    def roomy(self) -> Path:
        """The folder for scratch files: that of the output, which has to have room anyway, else the system's."""
        return self.outputs.good.parent if self.outputs.good else Path(tempfile.gettempdir())

    def _refuse_outputs(self, files: list[Path]) -> None:
        """UsageError where an output makes no sense, or would be read as a part of the table the next time."""
        others = [path for path in self.references.values() if isinstance(path, Path)]
        self.outputs.refuse_overwriting([*files, *others])
        for output in self.outputs.files:
            for path in self.paths:
                if isinstance(path, Path) and takes_in(path, output):
                    raise UsageError(
                        f"{output} would be taken for a part of {path} the next time that is checked: write it elsewhere"
                    )


def _files(path: Path | str) -> Sequence[Path | str]:
    """The table files that a path or an address names."""
    return table_files(path) if isinstance(path, Path) else remote_files(path)


def table_files(path: Path) -> list[Path]:
    """Return the table files that a path names: a file, a folder of parts, a pattern. UsageError where there is none."""
    if path.is_dir():
        if not (files := without_descriptions(parts_in(path))):
            raise UsageError(f"{path} holds no tables. {readable_as(path)}")
        for file in files:
            refuse_streams(file)
        return files
    refuse_streams(path)
    if path.exists():
        return [path]
    if not any(mark in str(path) for mark in "*?["):
        raise UsageError(f"{path} does not exist")
    if not (files := [file for file in matching(path) if file.is_file()]):
        raise UsageError(f"no file matches {path}")
    return files
