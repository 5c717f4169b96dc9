"""What Spark and Dask have in common: which format the files have, and findings made of counted failures."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from standoff.bulk import profiles
from standoff.bulk.formats import format_of
from standoff.bulk.plan import Plan
from standoff.bulk.report import finding_about_rows, header_findings
from standoff.bulk.sources import Source, present_columns
from standoff.findings import Report, UsageError
from standoff.rules.registry import REGISTRY
from standoff.tables.profiles import Profile

DUPLICATE = "duplicate-row-key"
UNKNOWN = "reference-unknown"


@dataclass(frozen=True, slots=True)
class Request:
    """What a cluster is asked to check: addresses that it can read, the format, and other tables' addresses."""

    uris: Sequence[str]
    table: str | None = None
    profile: str | None = None
    references: Mapping[str, str] | None = None

    def stated(self) -> Profile | None:
        """Return the format that was named, None where it is to be guessed."""
        profile = profiles.stated(self.table, self.profile)
        if profile is not None:
            profiles.refuse_unasked(self.references or (), [profile])
        return profile

    def guessed(self, names: Iterable[str]) -> Profile:
        """Return the format that the columns have."""
        profile = profiles.guess(self._source(dict.fromkeys(names)))
        if profile is None:
            raise UsageError(f"{self.uris[0]}: its columns are of no known format: give --table or --profile")
        profiles.refuse_unasked(self.references or (), [profile])
        return profile

    @property
    def format(self) -> str:
        """The one format of all addresses: a folder is taken to hold Parquet."""
        formats = {format_of(PurePosixPath(uri.rstrip("/"))) or "parquet" for uri in self.uris}
        if len(formats) > 1:
            raise UsageError("the files are of several formats: check them one after the other")
        return formats.pop()

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
            findings.append(finding_about_rows(source, REGISTRY[code], about, counts, [example]))
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
