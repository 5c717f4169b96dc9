"""What is to be checked: tables, or the annotation files of one dataset. `standoff.check` for programs."""

from __future__ import annotations

import os
from pathlib import Path

from standoff.bulk.formats import format_of, parts_in, readable_as
from standoff.findings import Finding, UsageError, extra_for


def check(*paths: str | os.PathLike[str]) -> list[Finding]:
    """Return what `standoff check` finds, in its order: in a dataset folder, annotation files, or tables.

    Without a path, the dataset here is checked. Raises StandoffError where there is nothing to check.
    """
    chosen = [Path(path) for path in paths]
    try:
        if are_tables(chosen):
            from standoff.bulk.run import Request, check_tables

            return check_tables(Request(chosen)).findings
        from standoff.rules.runner import run
        from standoff.source.corpus import read_corpus

        return run(read_corpus(*dataset_and_files(chosen))).findings
    except ModuleNotFoundError as error:
        raise extra_for(error) from error


def are_tables(paths: list[Path]) -> bool:
    """Whether the paths are tables. UsageError where some are and some are not."""
    are = [_is_table(path) for path in paths]
    if any(are) and not all(are):
        raise UsageError(
            "check tables and annotation files one after the other: they are checked in different ways"
        )
    return bool(are) and all(are)


def _is_table(path: Path) -> bool:
    """Whether a path is a table or a folder of tables; what lies in a dataset folder is no table."""
    if path.is_dir():
        return not any(
            (p / "dataset.toml").is_file() for p in (path, path / "dataset", *path.resolve().parents)
        ) and (bool(parts_in(path)))
    return format_of(path) is not None and not (path.resolve().parent / "dataset.toml").is_file()


def dataset_and_files(paths: list[Path]) -> tuple[Path, list[Path] | None]:
    """Return the dataset that holds `paths`, and the annotation files among them (None: the whole dataset)."""
    from standoff.source.corpus import find_root

    paths = paths or [Path()]
    roots = set()
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path} does not exist")
        root = find_root(path)
        if root is None:
            what = "holds no tables" if path.is_dir() else "is no table that can be read"
            raise UsageError(
                f"{path} {what}, and is in no dataset: no folder above it holds a dataset.toml. "
                f"{readable_as(path)}"
            )
        roots.add(root)
    if len(roots) > 1:
        raise UsageError("the paths belong to several datasets: check one at a time")
    files = [
        path for path in paths if path.is_file() and path.suffix == ".yaml" and path.name != "actors.yaml"
    ]
    return roots.pop(), files if len(files) == len(paths) else None
