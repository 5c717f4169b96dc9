"""The pass on a cluster: the reader and the rules of one machine run inside an engine's tasks, over parts of the tables.

A part is a file, a range of lines of a text file whose cells hold no line breaks, or a range of rows of a Parquet file. A task says
where its rows stand in the whole table, so that what all tasks found is put together as if one machine had found it.
Scratch files stay in the folder of the caller where the workers see it, otherwise their contents travel with the result.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from standoff.bulk import checking_rows, outputs
from standoff.bulk.addresses import fetched, is_remote
from standoff.bulk.checking_rows import Part, Pass
from standoff.bulk.engines import Common, Engine, Item, Result, Unreadable
from standoff.bulk.formats import PACKED, format_of
from standoff.bulk.outcome import Outcome
from standoff.bulk.outputs import Outputs
from standoff.bulk.parquet import footer
from standoff.bulk.plan import Plan
from standoff.bulk.reading import RecordsLost, mixed
from standoff.bulk.recognising import headed, opened
from standoff.bulk.records import Dialect, is_record, joined
from standoff.bulk.sources import PART, Source, why_unreadable
from standoff.bulk.uniqueness import Hashes, repeated_in
from standoff.findings import UsageError
from standoff.tables.profiles import Profile

BYTES = 1 << 27
"""Bytes of a text file that a task is given, where cells hold no line breaks."""
ROWS = 1 << 20
"""Rows of a Parquet file that a task is given, about: whole row groups."""

Range = tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Desk:
    """The folders of the caller: the one that relative paths start from, and the one for scratch files."""

    here: Path
    scratch: Path


@dataclass(frozen=True, slots=True)
class _Guarded:
    """A task whose own errors are returned, since engines wrap what is raised."""

    task: Callable[[Any, Any], Any]

    def __call__(self, item: Any, common: Any) -> Any:
        try:
            return self.task(item, common)
        except (UsageError, RecordsLost, Unreadable) as error:
            return error


def _run(
    engine: Engine, task: Callable[[Item, Common], Result], items: Sequence[Item], common: Common
) -> list[Result]:
    """Return `task(item, common)` of each item. The first error is raised."""
    found = engine.run(_Guarded(task), items, common)
    for result in found:
        if isinstance(result, Exception):
            raise result
    return found


# Opening


@dataclass(frozen=True, slots=True)
class _Opening:
    stated: Profile | None
    desk: Desk


def open_all(
    addresses: Sequence[str], stated: Profile | None, scratch: Path, engine: Engine
) -> list[tuple[Profile | None, Source]]:
    """Return the format of each file, None where it is of no known one, and the file with its records accounted for."""
    items = [
        (address, within) for address in addresses for within in _ranges_of_lines(address, stated, scratch)
    ]
    found = _run(engine, _open, items, _Opening(stated, Desk(Path.cwd(), scratch)))
    together: dict[str, list[tuple[Profile | None, Source]]] = {}
    for (address, _), pair in zip(items, found, strict=True):
        together.setdefault(address, []).append(pair)
    return [(pairs[0][0], _whole([source for _, source in pairs], scratch)) for pairs in together.values()]


def _ranges_of_lines(address: str, stated: Profile | None, scratch: Path) -> list[Range]:
    """Where tasks are to read a file: from and to the beginnings of lines; as a whole where cells may hold line breaks."""
    path = Path(address)
    if is_remote(address) or path.suffix.lower() in PACKED or path.stat().st_size <= BYTES:
        return [None]
    if format_of(path) not in (None, "csv"):
        return [None]
    profile, source = headed(path, stated, scratch)
    whole = source.format != "csv" or source.encoding != "utf-8" or source.quote == "cells"
    if source.problem or whole or source.file != path:
        return [None]
    comment = profile.comment.encode() if profile and profile.comment else None
    columns = len(source.names) - len(source.constants)
    dialect = Dialect(columns, source.separator.encode(), "none", comment, source.first.encode())
    cuts, size = [0], path.stat().st_size
    with path.open("rb") as raw:
        for _ in range(source.skip):
            raw.readline()
        while (least := max(raw.tell(), cuts[-1] + BYTES)) < size:
            raw.seek(least - 1)
            raw.readline()
            # After a record: blank lines at the end of a file are not rows, those before another line are.
            while (line := raw.readline()) and not is_record(line, dialect):
                pass
            if not line or raw.tell() >= size:
                break
            cuts.append(raw.tell())
    return list(zip(cuts, [*cuts[1:], size], strict=True))


def _open(item: tuple[str, Range], common: _Opening) -> tuple[Profile | None, Source]:
    """Task: open a file or a range of it."""
    with _folder(common.desk) as folder:
        profile, source = _opened(*item, common.stated, common.desk, folder)
        if source.records and source.records.raw:
            source.records.raw = _sent(source.records.raw, common.desk)
        return profile, source


def _opened(
    address: str, within: Range, stated: Profile | None, desk: Desk, folder: Path
) -> tuple[Profile | None, Source]:
    path = fetched(address, folder) if is_remote(address) else desk.here / address
    profile, source = opened(path, stated, folder, address, within)
    if source.problem and not path.exists():
        source = replace(
            source,
            problem="the workers of the engine do not see it",
            remedy="put it where all of them can read it: in a shared folder, or at an address such as hdfs:// or s3://",
        )
    return profile, source


def _whole(parts: list[Source], scratch: Path) -> Source:
    """Return a file that was opened in parts as one source."""
    accounts = [part.records for part in parts if part.records]
    for account in accounts:
        account.raw = account.raw and _received(account.raw, scratch)
    first = next((part for part in parts if part.problem), parts[0])
    if len(parts) == 1 or first.problem:
        return replace(first, within=None)
    records = joined(accounts)
    if records.unread:
        records.raw = Path(tempfile.mkdtemp(dir=scratch)) / "unreadable.txt"
        with records.raw.open("wb") as out:
            for account in accounts:
                out.write(account.raw.read_bytes() if account.raw else b"")
    # Here the file is where it was given, and not the copy of a range.
    return replace(
        first, file=Path(first.shown), records=records, rows=records.rows, within=None, parts=tuple(parts)
    )


# Checking


@dataclass(frozen=True, slots=True)
class _Checking:
    """A pass over the whole table, of which a task goes through a part."""

    whole: Pass
    desk: Desk
    polars: str = pl.__version__
    twice: pl.Series | None = None

    def over(self, part: Source, folder: Path) -> Pass:
        good = folder / "good.parquet" if self.whole.good else None
        return replace(self.whole, sources=[part], good=good, scratch=folder)


def check(sources: Sequence[Source], plan: Plan, wanted: Outputs, scratch: Path, engine: Engine) -> Outcome:
    """Run the plan over the rows of `sources` in the tasks of an engine, as `checking_rows.check` does here."""
    good = outputs.partial(wanted.good) if wanted.good else None
    here = Pass(sources, plan, checking_rows.read_columns(plan, wanted), good, scratch)
    texts = mixed(sources, [*plan.columns, *here.others])
    # A plan that was not asked yet: checks that it has made cannot all be sent.
    sent_along = replace(here, sources=(), plan=replace(plan), other=here.others, as_text=texts)
    common = _Checking(sent_along, Desk(Path.cwd(), scratch))
    parts = [part for number, source in enumerate(sources) for part in _parts(source, number * PART)]
    found = [_here(part, scratch) for part in _run(engine, _check, parts, common)]
    rows = sum(part.rows for part in found)
    failing = pl.scan_ipc([part.bad for part in found if part.failing] or [found[0].bad])
    if good:
        outputs.write(pl.scan_parquet([part.good for part in found if part.good], glob=False), good)
    hashes = [part.hashes for part in found if part.hashes]
    if not hashes or (twice := repeated_in(hashes, rows)).is_empty():
        return here.outcome(rows, failing)
    sent = _run(engine, _suspects, parts, replace(common, twice=twice))
    return here.judged(rows, failing, [_received(file, scratch) for file in sent], len(twice))


def _parts(source: Source, position: int) -> Iterator[Source]:
    """Yield a source as tasks are to read it; `position` is that of its first row."""
    if source.format == "parquet" and source.file.exists():
        begin = end = 0
        for group in footer(source.file)[1]:
            end += group.rows
            if end - begin >= ROWS:
                yield replace(source, rows=end - begin, within=(begin, end), begins=position)
                begin = end
        if end > begin or not end:
            yield replace(source, rows=end - begin, within=(begin, end), begins=position)
        return
    for part in source.parts or (source,):
        yield replace(part, begins=position)
        position += part.rows or 0


def _here(part: Part, scratch: Path) -> Part:
    """Return what a task found with all files on this machine."""
    good, hashes = (file and _received(file, scratch) for file in (part.good, part.hashes))
    return replace(part, bad=_received(part.bad, scratch), good=good, hashes=hashes)


def _check(source: Source, common: _Checking) -> Part:
    """Task: run the plan, but for the uniqueness of keys, over a part."""
    with _folder(common.desk) as folder, _explained(source, common):
        reading = common.over(_at_hand(source, common, folder), folder)
        part = checking_rows.as_it_reads(reading, lambda reading: reading.part())
        good, hashes = (file and _sent(file, common.desk) for file in (part.good, part.hashes))
        return replace(part, bad=_sent(part.bad, common.desk), good=good, hashes=hashes)


def _suspects(source: Source, common: _Checking) -> Any:
    """Task: find the rows of a part whose key may occur more than once."""
    assert common.twice is not None
    with _folder(common.desk) as folder, _explained(source, common):
        file = folder / "suspects.arrow"
        reading = common.over(_at_hand(source, common, folder), folder)
        reading.suspects(Hashes(reading.plan.key, 0), common.twice, file)
        return _sent(file, common.desk)


@contextmanager
def _explained(source: Source, common: _Checking) -> Iterator[None]:
    """Raise Unreadable where a part cannot be read, with the place where it can be told here."""
    if pl.__version__ != common.polars:
        # Another version may hash the same key to another number.
        raise UsageError(
            f"a worker has polars {pl.__version__} and this machine {common.polars}: install the same version"
        )
    try:
        yield
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        place = None
        if source.within is None and source.file.exists():
            place = why_unreadable(source, common.whole.plan.profile, error)
        raise Unreadable(str(error), getattr(error, "errno", None), place) from error


def _at_hand(source: Source, common: _Checking, folder: Path) -> Source:
    """Return a source whose files this worker has: opened again if they were copies on another one."""
    if (source.records.file if source.records else source.file).exists():
        return source
    within = source.within if source.format == "csv" else None
    _, again = _opened(source.shown, within, common.whole.plan.profile, common.desk, folder)
    return replace(again, begins=source.begins, within=source.within)


# Scratch files


@contextmanager
def _folder(desk: Desk) -> Iterator[Path]:
    """Give a task a folder: in that of the caller if it is seen from here, else one that is removed in the end."""
    if desk.scratch.is_dir():
        yield Path(tempfile.mkdtemp(prefix="task", dir=desk.scratch))
    else:
        with tempfile.TemporaryDirectory(prefix="standoff-task") as folder:
            yield Path(folder)


def _sent(file: Path, desk: Desk) -> Any:
    """Return the path of a file if the caller can open it too, otherwise its bytes."""
    return file if desk.scratch in file.parents else file.read_bytes()


def _received(sent: Any, scratch: Path) -> Path:
    """Return a file that a task has `_sent`."""
    if isinstance(sent, Path):
        return sent
    file = Path(tempfile.mkdtemp(prefix="received", dir=scratch)) / "file"
    file.write_bytes(sent)
    return file
