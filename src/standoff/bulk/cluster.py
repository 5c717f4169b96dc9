"""What Spark and Dask have in common: which format the files have, and findings made of counted failures."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

import polars as pl

from standoff.bulk import recognising
from standoff.bulk.formats import format_of
from standoff.bulk.opening import Source, read_source
from standoff.bulk.plan import Plan
from standoff.bulk.release_files import as_released
from standoff.bulk.report import finding_about_rows, header_findings
from standoff.bulk.run import other_keys
from standoff.bulk.values import present_columns
from standoff.findings import Report, UsageError
from standoff.rules.catalogue import all_rules
from standoff.tables.profiles import Profile

DUPLICATE = "duplicate-row-key"
UNKNOWN = "reference-unknown"


T = TypeVar("T")


def _is_parquet(uri: str) -> bool:
    return (format_of(PurePosixPath(uri.rstrip("/"))) or "parquet") == "parquet"


@dataclass(frozen=True, slots=True)
class Request:
    """What a cluster is asked to check: addresses that it can read, the format, and other tables' addresses."""

    uris: Sequence[str]
    table: str | None = None
    profile: str | None = None
    references: Mapping[str, str] | None = None

    def stated(self) -> Profile | None:
        """Return the format that was named, None where it is to be guessed."""
        profile = recognising.stated(self.table, self.profile)
        if profile is not None:
            profile = as_released(profile, Path(self.uris[0]), (), stated=True)
            recognising.refuse_unasked(self.references or (), [profile] if profile else [])
        return profile

    def guessed(self, names: Iterable[str]) -> Profile:
        """Return the format that the columns have."""
        columns = tuple(names)
        profile = recognising.guess(self._source(dict.fromkeys(columns)))
        profile = as_released(profile, Path(self.uris[0]), columns)
        if profile is None:
            raise UsageError(f"{self.uris[0]}: its columns are of no known format: give --table or --profile")
        recognising.refuse_unasked(self.references or (), [profile])
        return profile

    def refuse_text(self) -> None:
        """UsageError where a file is not Parquet. A folder is taken to hold Parquet.

        A cluster's own readers of text take other things for a record than ours, so that the verdict could differ.
        """
        for uri in self.uris:
            if not _is_parquet(uri):
                raise UsageError(
                    f"{uri}: --engine reads Parquet only. Check text files on this machine (leave out --engine), or "
                    "convert them first with --out"
                )

    def other_tables(
        self, profile: Profile, read: Callable[[str], T], given: Callable[[pl.DataFrame], T]
    ) -> dict[str, T]:
        """Return the tables that are referred to, as frames of the engine.

        The engine itself reads those in Parquet (`read`). Of text files our reader takes the keys, by their values,
        and the engine is `given` them.
        """
        found: dict[str, T] = {}
        for column in profile.columns:
            table, _, name = (column.references or "").partition(".")
            uri = (self.references or {}).get(table)
            if uri is None:
                continue
            if _is_parquet(uri):
                found[table] = read(uri)
                continue
            if not Path(uri).is_file():
                raise UsageError(
                    f"--reference: there is no file {uri} on this machine, where text files are read"
                )
            with tempfile.TemporaryDirectory() as folder:
                source = read_source(Path(uri), Path(folder))
                values = other_keys(source, replace(column, source=name, aliases=(), parts=()), Path(folder))
            found[table] = given(values.cast(pl.String).to_frame(name))
        return found

    def _source(self, types: Mapping[str, Any]) -> Source:
        return Source(", ".join(self.uris), Path(self.uris[0]), "parquet", tuple(types), dict(types))

    def report(
        self,
        profile: Profile,
        types: Mapping[str, Any],
        rows: int,
        counted: Iterable[Counted],
        started: float,
    ) -> Report:
        """Return the report of what was counted, after what is wrong with the columns themselves."""
        source = self._source(types)
        plan = Plan(profile, present_columns(types, profile))
        columns = {column.name: column for column in profile.columns}
        findings = list(header_findings(source, profile))
        for each in counted:
            code, _, name = each.check.partition(":")
            example = f"{each.key or 'a row without key'}{f' ({each.values})' if each.values else ''}"
            counts = (each.failing, rows)
            about = [columns[name]] if name else []
            findings.append(finding_about_rows(source, all_rules()[code], about, counts, [example]))
        findings.sort(key=lambda finding: finding.sort_key)
        referring = sum(
            c.references.split(".")[0] in (self.references or {}) for c in plan.columns if c.references
        )
        asked = len(plan.checks) + plan.keyed + referring
        seconds = time.perf_counter() - started
        return Report(
            findings, rules=asked, ran=plan.codes, files=len(self.uris), records=rows, seconds=seconds
        )


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows fail a check, and one of them: its key, and the values as JSON."""

    check: str
    failing: int
    key: str | None
    values: str | None
