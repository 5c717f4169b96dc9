"""The build: check, compile, check, write, move into place. Until the last step nothing is where a reader looks."""

from __future__ import annotations

import filecmp
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from standoff.findings import CheckFailed, StandoffError, UsageError
from standoff.loaders import store
from standoff.release.compile import compile_tables
from standoff.release.write import write_registry, write_sums, write_table
from standoff.rules.runner import run
from standoff.source.corpus import Corpus, read_corpus
from standoff.tables import TABLES, references, validate


class ReleaseExists(StandoffError):
    """The version has been cut with other content; a release is never rewritten."""


class TableFault(StandoffError):
    """A compiled table breaks its contract: a fault of ours, for the sources had been checked."""


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made: where, which rows, and whether it was there already with the same bytes."""

    folder: Path
    version: str
    rows: dict[str, int]
    reproduced: bool

    def summary(self) -> str:
        """Return what `make release` prints."""
        files = sorted(path for path in self.folder.rglob("*") if path.is_file())
        total = sum(path.stat().st_size for path in files)
        lines = [
            f"standoff {self.version}: {'reproduced byte for byte' if self.reproduced else 'compiled'} in {self.folder}",
            "",
            *(f"  {name:<14}{count:>6,} rows" for name, count in self.rows.items()),
            "",
            *(
                f"  {path.relative_to(self.folder).as_posix():<24}{path.stat().st_size:>10,} bytes"
                for path in files
            ),
            "",
            f"  {len(files)} files, {total:,} bytes",
            "",
            f"Load it:  python -c \"import polars as pl; print(pl.read_parquet('{(self.folder / 'events.parquet').as_posix()}'))\"",
        ]
        return "\n".join(lines) + "\n"


def build(dataset: Path, releases: Path) -> Built:
    """Compile `dataset` into ``releases/v<version>/``.

    Raises CheckFailed with the findings if a source has an error, ReleaseExists if the version was cut with
    other content, UsageError if there is no dataset or no room to write. Nothing is changed in these cases.
    """
    corpus = read_corpus(dataset)
    report = run(corpus)
    if any(finding.severity == "error" for finding in report.findings):
        raise CheckFailed(finding for finding in report.findings if finding.severity != "note")
    tables = compile_tables(corpus)
    check_tables(tables)
    meta = corpus.meta.value["dataset"]
    version = meta["version"]
    final = releases / f"v{version}"
    try:
        releases.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".staging-", dir=releases))
    except OSError as error:
        raise UsageError(f"cannot write to {releases}: {error.strerror}") from error
    try:
        write_release(staging, corpus, tables)
        reproduced = _move_into_place(staging, final, replaceable=".dev" in version)
        if store.is_cut(version):
            write_registry(releases)
    except OSError as error:
        raise UsageError(f"cannot write the release: {error.strerror}; nothing was changed") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return Built(final, version, {name: frame.height for name, frame in tables.items()}, reproduced)


def check_tables(tables: dict[str, pl.DataFrame]) -> None:
    """Hold every table against its contract and every reference against its table; raises TableFault."""
    import pandera.errors

    for name, frame in tables.items():
        try:
            validate(name, frame)
        except pandera.errors.SchemaErrors as error:
            raise TableFault(f"the table {name} breaks its contract:\n{error.failure_cases}") from error
    for name, column, other, key in references(tables):
        missing = (
            tables[name]
            .filter(pl.col(column).is_not_null())
            .join(tables[other], left_on=column, right_on=key, how="anti")
        )
        if missing.height:
            raise TableFault(f"{name}.{column} names {missing[column][0]!r}, which is not in {other}")


def write_release(folder: Path, corpus: Corpus, tables: dict[str, pl.DataFrame]) -> None:
    """Write every file of a release into the empty `folder`."""
    meta = corpus.meta.value["dataset"]
    for name in TABLES:
        write_table(folder, name, tables[name], meta)
    retired = corpus.retired_file.text or "id,since,reason,replaced_by\n"
    (folder / "retired.csv").write_text(retired.replace("\r\n", "\n"), encoding="utf-8", newline="\n")
    write_sums(folder)


def _move_into_place(staging: Path, final: Path, *, replaceable: bool) -> bool:
    """Give the finished folder its name; returns whether the same bytes were there already.

    mkdtemp makes folders that only their owner may read; a release is for everybody, whatever the umask.
    """
    for path in [staging, *staging.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    if final.exists():
        if _same(staging, final):
            return True
        if not replaceable:
            raise ReleaseExists(
                f"{final} has been cut with other content, and a release is never rewritten: "
                "raise the version in dataset/dataset.toml"
            )
        old = final.with_name(f".staging-old-{final.name}")
        shutil.rmtree(old, ignore_errors=True)
        final.rename(old)
        staging.rename(final)
        shutil.rmtree(old, ignore_errors=True)
        return False
    _sync(staging)
    staging.rename(final)
    return False


def _same(one: Path, other: Path) -> bool:
    names = [
        sorted(p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file())
        for root in (one, other)
    ]
    return names[0] == names[1] and not any(filecmp.cmpfiles(one, other, names[0], shallow=False)[1:])


def _sync(folder: Path) -> None:
    """Have the files on disk before the folder gets its name, so that a power cut leaves no empty release."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
