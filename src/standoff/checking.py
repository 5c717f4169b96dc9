"""What a check is about, tables or the annotation files of one dataset; and `standoff.check` for programs."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from standoff.bulk.formats import format_of, may_be_text, parts_in, readable_as, refuse_streams
from standoff.findings import CRASH, SEVERITIES, Finding, Report, UsageError, extra_for
from standoff.lazy import uncollected

if TYPE_CHECKING:
    import polars as pl

    from standoff.bulk.engines import Engine
    from standoff.bulk.outcome import Outcome
    from standoff.bulk.request import Request
    from standoff.model.summary import Summary
    from standoff.rules.rule import Rule
    from standoff.source.corpus import Corpus
    from standoff.tables.profiles import Profile

ENGINES = ("polars", "spark", "dask")
REGISTRIES = ("actors.yaml", "places.yaml")
"""Files of a dataset that concern all its annotations: to check one is to check the dataset."""
AnyPath = str | os.PathLike[str]


class CheckResult(list[Finding]):
    """The findings of a check, in the order of path, line and code; empty where nothing is wrong.

    report    the whole report: how many rules, files and records, what did not run, `exit_code`
    tables    the format in which each table was read, and by what it was recognised
    counts    how often each rule fails, by its code: rows where it is about rows, else findings
    failing   the rows that fail, as a polars frame by the name of the table; empty for annotation files. The first
              column, `row.failed`, names the rules. Values are as they are in the file.
    """

    def __init__(
        self,
        report: Report,
        counts: Mapping[str, int],
        failing: Mapping[str, pl.DataFrame] | None = None,
    ) -> None:
        super().__init__(report.findings)
        self.report = report
        self.tables = report.tables
        self.counts = dict(sorted(counts.items()))
        self.failing = dict(failing or {})

    @property
    def failing_rows(self) -> pl.DataFrame:
        """The failing rows of the one table that was checked. ValueError where it was not exactly one."""
        if len(self.failing) != 1:
            names = ", ".join(self.failing) or "none: no rows were read"
            raise ValueError(
                f"failing_rows is for one table, and this check read {names}; see the attribute failing"
            )
        [frame] = self.failing.values()
        return frame

    @property
    def summaries(self) -> list[Summary]:
        """What each table is like, in the order in which they were checked; empty without `summary=True`."""
        return self.report.summaries

    @property
    def severities(self) -> dict[str, int]:
        """How many findings are errors, warnings and notes."""
        return {severity: sum(f.severity == severity for f in self) for severity in SEVERITIES}


def check(
    *paths: AnyPath,
    table: str | None = None,
    profile: AnyPath | None = None,
    references: Mapping[str, AnyPath] | None = None,
    select: Iterable[str] | None = None,
    ignore: Iterable[str] = (),
    out: AnyPath | None = None,
    split: tuple[AnyPath, AnyPath] | None = None,
    failures: AnyPath | None = None,
    sort: str | None = None,
    duplicates: Literal["reject", "keep-one"] = "reject",
    summary: bool = False,
    engine: Literal["polars", "spark", "dask"] = "polars",
    max_failing: int = 100_000,
) -> CheckResult:
    """Return what `standoff check` finds in a dataset folder, in annotation files, or in tables.

    The arguments are the options of the command.

    Args:
        paths: A dataset folder, annotation files, or tables. By default the dataset in the working directory.
        table: The name of a released table whose format the tables have.
        profile: The name or the file of a profile.
        references: Other tables that the rows refer to, by name.
        select: The codes of the only rules to run.
        ignore: The codes of rules to leave out.
        out: Write the rows that pass to this Parquet file.
        split: Write the rows that pass and those that fail to these two Parquet files.
        failures: Write one row for each failure to this Parquet file.
        sort: The column to sort the written rows by.
        duplicates: What becomes of rows that are identical copies of each other: "reject" rejects all, "keep-one" keeps
            the first. Rows with the same key that differ are always rejected.
        summary: Also summarise each table: rows per day, shares of codes, unknown actors, events under several ids. The
            summaries are in `result.summaries`.
        engine: "polars", "spark" or "dask". Spark and Dask also read addresses such as ``hdfs://…``.
        max_failing: How many failing rows of each table are returned at most.

    Raises:
        TypeError: An argument is of the wrong type.
        ValueError: Arguments contradict each other.
        StandoffError: There is nothing to check.

    Examples:
        >>> import standoff
        >>> result = standoff.check("20240101.export.CSV", profile="gdelt2", select=["root-mismatch"])
        >>> result.counts
        {'root-mismatch': 1}
        >>> result.failing_rows["action"].to_list()
        ['10']
    """
    started = time.perf_counter()
    chosen = [_path("a path", path) for path in paths]
    if not isinstance(references, Mapping | None):
        raise TypeError(
            f"references maps names of tables to files: give a dict, not {type(references).__name__}"
        )
    given = {_string("a table", name): _path(name, file) for name, file in (references or {}).items()}
    for name, value in (("table", table), ("sort", sort)):
        if value is not None:
            _string(name, value)
    named = None if profile is None else os.fspath(_path("profile", profile))
    if engine not in ENGINES:
        raise ValueError(f"engine must be one of {', '.join(ENGINES)}, not {engine!r}")
    if summary and engine != "polars":
        raise ValueError(f'summary=True works on this machine only: leave out engine="{engine}"')
    if duplicates not in ("reject", "keep-one"):
        raise ValueError(f"duplicates must be reject or keep-one, not {duplicates!r}")
    if isinstance(max_failing, bool) or not isinstance(max_failing, int) or max_failing < 0:
        raise ValueError(f"max_failing must be a number of rows, 0 or more, not {max_failing!r}")
    if split is not None and (not isinstance(split, tuple | list) or len(split) != 2):
        raise TypeError("split must be two files: for the rows that pass and for those that fail")
    if out is not None and split is not None:
        raise ValueError("split writes the rows that pass as well: give out or split")
    good, bad, failed = (
        None if file is None else _path(name, file)
        for name, file in zip(
            ("out or split", "split", "failures"), (*(split or (out, None)), failures), strict=True
        )
    )
    with _extras_named():
        asked = (table, named, given, good, bad, failed, sort)
        asked_otherwise = duplicates != "reject" or summary or engine != "polars"
        tables = any(asked) or asked_otherwise or are_tables(chosen)
        only = chosen_rules(
            None if select is None else _strings("select", select),
            _strings("ignore", ignore),
            chosen,
            tables=tables,
            profile=named,
        )
        if not tables:
            report = check_dataset(chosen, only)
            result = CheckResult(report, Counter(finding.code for finding in report.findings))
        elif not chosen:
            raise UsageError("name the table to check: standoff.check('events.parquet')")
        else:
            from standoff.bulk.outputs import Outputs
            from standoff.bulk.request import Request

            if engine != "polars":
                located = [address_or_path(os.fspath(path)) for path in paths]
                others = {n: address_or_path(os.fspath(file)) for n, file in (references or {}).items()}
            else:
                located, others = list(chosen), dict(given)
            outputs = Outputs(good, bad, failed, sort, keep=True)
            request = Request(located, table, named, others, outputs, duplicates, summary)
            result = _check_tables(request, only, max_failing, engine_named(engine))
    result.report.seconds = time.perf_counter() - started
    return result


@uncollected()
def check_dataset(paths: list[Path], only: frozenset[str] | None, progress: Any = None) -> Report:
    """Check the dataset that holds `paths`, or only the annotation files among them.

    `only` restricts the report to these rules. `progress`, called with "reading" or "checking", returns a context
    manager whose value is called with the number of files done and of all.
    """
    from standoff.rules import runner
    from standoff.source.corpus import read_corpus

    root, files = dataset_and_files(paths)
    if progress is None:
        corpus = read_corpus(root, files)
        return runner.run(corpus, only=only, rules=_rules(corpus))
    with progress("reading") as step:
        corpus = read_corpus(root, files, progress=step)
    with progress("checking") as step:
        return runner.run(corpus, only=only, progress=step, rules=_rules(corpus))


def _rules(corpus: Corpus) -> Mapping[str, Rule] | None:
    """Return the rules together with the checks that the dataset states; None, which stands for all rules, if it states none."""
    if not corpus.meta.items("checks"):
        return None
    from standoff.release.own_checks import rules_with_own

    return rules_with_own(corpus)


def _check_tables(
    request: Request, only: frozenset[str] | None, limit: int, engine: Engine | None
) -> CheckResult:
    """Check tables, and keep up to `limit` failing rows of each."""
    import polars as pl

    from standoff.bulk import outcome
    from standoff.bulk.run import check_tables

    counts: Counter[str] = Counter()
    failing: dict[str, pl.DataFrame] = {}

    def keep(profile: Profile, found: Outcome) -> None:
        rules = dict(outcome.failures(found).group_by("rule").len().collect().iter_rows())
        wanted = [name for name in rules if only is None or name.partition(":")[0] in only]
        for name in wanted:
            counts[name.partition(":")[0]] += rules[name]
        names = pl.col(outcome.FAILED).str.split("; ")
        frame = outcome.failing_rows(found).filter(names.list.set_intersection(wanted).list.len() > 0)
        failing[profile.name] = frame.head(limit).collect()

    report = reduced(check_tables(request, keep=keep, engine=engine), only)
    counts.update(finding.code for finding in report.findings if finding.code not in counts)
    return CheckResult(report, counts, failing)


def address_or_path(text: str) -> Path | str:
    """Return the path of a file, or an address as it is: as a path, hdfs:///x would lose two of its slashes."""
    return text if "://" in text else Path(text)


def engine_named(name: str) -> Engine | None:
    """Return the engine of that name, None for this machine. UsageError where it is not installed."""
    if name == "spark":
        from standoff.bulk import spark

        return spark.Tasks()
    if name == "dask":
        from standoff.bulk import dask

        return dask.Tasks()
    return None


def reduced(report: Report, only: frozenset[str] | None) -> Report:
    """Leave out the findings of rules that were not selected; keep errors in standoff itself."""
    if only is not None:
        report.findings = [finding for finding in report.findings if finding.code in {*only, CRASH}]
    return report


def chosen_rules(
    select: Iterable[str] | None,
    ignore: Iterable[str],
    paths: Iterable[Path],
    *,
    tables: bool,
    profile: str | None = None,
) -> frozenset[str] | None:
    """Return the codes to report, None for all. UsageError for a code that no rule has, with the closest.

    Besides the rules there are the checks of the datasets that hold `paths`, or of the formats of `tables`: those that are
    shipped, and the `profile` that is named.
    """
    if select is None and not ignore:
        return None
    import difflib

    from standoff.rules.catalogue import all_rules

    known = {*all_rules(), *(_format_checks(profile) if tables else _own_checks(paths))}
    for code in (*(select or ()), *ignore):
        if code not in known:
            near = difflib.get_close_matches(code, known, n=3)
            hint = f"; did you mean {' or '.join(near)}?" if near else "; standoff rules lists them all"
            raise UsageError(f"there is no rule {code}{hint}")
    return frozenset(known if select is None else select) - frozenset(ignore)


def _own_checks(paths: Iterable[Path]) -> Iterator[str]:
    """Yield the names of the checks in the dataset.toml of each dataset that holds one of the paths, if it can be read."""
    import tomllib

    from standoff.source.root import find_root

    for root in {root for path in (list(paths) or [Path()]) if (root := find_root(path)) is not None}:
        with suppress(OSError, ValueError, TypeError, AttributeError, KeyError):
            about = tomllib.loads((root / "dataset.toml").read_text(encoding="utf-8"))
            yield from [str(check["name"]) for check in about["checks"]]


def _format_checks(profile: str | None) -> Iterator[str]:
    """Yield the names of the checks of all shipped formats, and of a profile."""
    from standoff.bulk.profile_files import load_profile, shipped

    for name in dict.fromkeys([*shipped(), *([profile] if profile else [])]):
        yield from [check.name for check in load_profile(name).checks]


@contextmanager
def _extras_named() -> Iterator[None]:
    """Turn the failed import of a package that an extra brings into an error that names the extra."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise extra_for(error) from error


def _path(name: str, value: Any) -> Path:
    if not isinstance(value, str | os.PathLike):
        raise TypeError(f"{name} must be a string or a path, not {type(value).__name__}")
    if not os.fspath(value):
        raise ValueError(f"{name} must not be empty")
    return Path(value)


def _string(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a string, not {type(value).__name__}")
    return value


def _strings(name: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise TypeError(f"{name} must be a list of rule codes, not {type(value).__name__}")
    return tuple(_string(f"each code in {name}", code) for code in value)


def are_tables(paths: list[Path]) -> bool:
    """Whether the paths are tables. UsageError where some are and some are not."""
    are = [_is_table(path) for path in paths]
    if any(are) and not all(are):
        raise UsageError(
            "check tables and annotation files one after the other: they are checked in different ways"
        )
    return bool(are) and all(are)


def _is_table(path: Path) -> bool:
    """Whether a path is a table or a folder of tables; what lies in a dataset folder is no table.

    Text whose ending says nothing may be a table where it is in no dataset, whose documents are such files.
    """
    refuse_streams(path)
    if path.is_dir():
        return not any(
            os.path.lexists(p / "dataset.toml") for p in (path, path / "dataset", *path.resolve().parents)
        ) and (bool(parts_in(path)))
    if format_of(path) is not None:
        return not Path(os.path.realpath(path)).with_name("dataset.toml").is_file()
    from standoff.source.root import find_root

    there = path.is_file() or any(mark in str(path) for mark in "*?[")
    return there and may_be_text(path) and find_root(path) is None


def dataset_and_files(paths: list[Path]) -> tuple[Path, list[Path] | None]:
    """Return the dataset that holds `paths`, and the annotation files among them (None: the whole dataset)."""
    from standoff.source.root import find_root

    paths = paths or [Path()]
    roots = set()
    for path in paths:
        if not path.exists():
            raise UsageError(f"{path} does not exist")
        root = find_root(path)
        if root is None:
            for meta in (path / "dataset.toml", path / "dataset" / "dataset.toml"):
                if os.path.lexists(meta):
                    raise UsageError(
                        f"{meta} is not a file but a folder, a pipe or a link that leads to none: put the file itself there"
                    )
            what = "holds no tables" if path.is_dir() else "is no table that can be read"
            raise UsageError(
                f"{path} {what}, and is in no dataset: no folder above it holds a dataset.toml. "
                f"{readable_as(path)}"
            )
        roots.add(root)
    if len(roots) > 1:
        raise UsageError("the paths belong to several datasets: check one at a time")
    files = [
        path for path in paths if path.is_file() and path.suffix == ".yaml" and path.name not in REGISTRIES
    ]
    return roots.pop(), files if len(files) == len(paths) else None
