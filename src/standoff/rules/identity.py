"""Rules about ids: unique now, and permanent over time."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from standoff.findings import Data
from standoff.model import ids
from standoff.model.graphs import reached
from standoff.model.patterns import pattern
from standoff.model.places import NOWHERE, Path
from standoff.rules.file import READ
from standoff.rules.form import FORM
from standoff.rules.history import (
    ids_in,
    ids_of,
    is_version,
    last_released,
    read_version,
    released_ids,
    released_rows,
    releases_of,
    version_of,
    versions_of,
)
from standoff.rules.rule import CORPUS, Fault, NotRun, rule
from standoff.source.corpus import AnnotationFile, Corpus
from standoff.source.files import SourceFile
from standoff.source.records import Event, Negative


def _listed(corpus: Corpus) -> Iterator[tuple[SourceFile, Path, str]]:
    """Yield every id that the released sources list, of right and of wrong records, with its place."""
    for file in corpus.files:
        document = file.value.get("document") if isinstance(file.value, dict) else None
        records: list[tuple[Path, dict[str, Any]]] = []
        if isinstance(document, dict):
            records.append((("document",), document))
        for key in ("events", "negatives"):
            records += [((key, i), item) for i, item in file.items(key)]
        for path, item in records:
            if isinstance(item.get("id"), str):
                yield file, (*path, "id"), item["id"]
    for i, item in corpus.actors.items("actors"):
        if isinstance(item.get("id"), str):
            yield corpus.actors, ("actors", i, "id"), item["id"]


def _listed_places(corpus: Corpus) -> list[tuple[SourceFile, Path, str]]:
    """Return the ids of places with their places in the file. They stand apart: a place may share the id of an actor."""
    return [(corpus.places_file, ("places", i, "id"), each) for each, i in corpus.place_entries.items()]


def _registries(corpus: Corpus) -> tuple[tuple[SourceFile, str, dict[str, int]], ...]:
    """Return each registry file with the key of its list, and its ids with the index of their entries."""
    return (
        (corpus.actors, "actors", corpus.actor_entries),
        (corpus.places_file, "places", corpus.place_entries),
    )


@rule(CORPUS, requires=("file-name-not-id", "id-of-other-document"))
def duplicate_id(corpus: Corpus) -> Iterator[Fault]:
    """Two records have the same id.

    Ids are permanent, so the newer record takes the next free number.
    """
    seen: dict[tuple[str | None, str], tuple[AnnotationFile, int]] = {}
    for file in corpus.annotation_files():
        for position, record_id in enumerate(file.digest.ids):
            other, at = seen.setdefault((file.annotator, record_id), (file, position))
            if other is file and at == position:
                continue
            first, record = other.records[at], file.records[position]
            released = _was_released(record, corpus) and not _was_released(first, corpus)
            newer, of = (other, first) if released else (file, record)  # of two copies, the second
            message = f"the id {record.id} is used twice"
            yield Fault((*of.path, "id"), message, "use the next free number", file=newer)
    readers: set[str] = set()
    for i, reader in corpus.meta.items("annotators"):
        if (name := str(reader.get("id"))) in readers:
            yield Fault(
                ("annotators", i, "id"),
                f"the annotator {name} is described twice",
                "keep one table, or give the other reader an id",
                file=corpus.meta,
                data=Data(other=name),
            )
        readers.add(name)
    for registry, name, entries in _registries(corpus):
        for i, item in registry.items(name):
            entry_id = str(item.get("id"))
            if entries.get(entry_id, i) != i:
                names = released_rows(corpus, name, f"{name[:-1]}_id").get(entry_id, {}).values()
                first = registry.value[name][entries[entry_id]].get("name")
                wrong = entries[entry_id] if item.get("name") in names and first not in names else i
                message = f"the id {entry_id} is used twice"
                yield Fault((name, wrong, "id"), message, "keep one entry", file=registry)


def _was_released(record: Event | Negative, corpus: Corpus) -> bool:
    """Return whether the newest release has this record's words under its id."""
    table, key = ("events", "event_id") if isinstance(record, Event) else ("negatives", "negative_id")
    row = released_rows(corpus, table, key).get(record.id)
    start = record.evidence.span.start if record.evidence and record.evidence.span else None
    return row is not None and row.get("evidence_start") == str(start)


@rule(CORPUS, requires=("file-name-not-id",))
def duplicate_document(corpus: Corpus) -> Iterator[Fault]:
    """Two files annotate the same document.

    Keep one file for each text. Otherwise its events count twice. If you have two identical copies of a
    report, annotate one.
    """
    released = released_ids(corpus)
    seen: dict[tuple[str | None, str], AnnotationFile] = {}
    for file in corpus.annotation_files():
        if file.document is None or _is_changed(file):
            continue
        for key in ("file", "sha256"):
            other = seen.setdefault((file.annotator, getattr(file.document, key)), file)
            if other is not file and other.document is not None:
                # The older file is right: the one that is in a release, or the one of the lower id.
                older, newer = (
                    (file, other)
                    if file.document.id in released and other.document.id not in released
                    else (other, file)
                )
                assert newer.document is not None, "both have one"
                message = f"{newer.document.file} has the same text that {older.shown} annotates"
                yield Fault(
                    ("document", key),
                    message,
                    "keep one file for each document",
                    file=newer,
                    data=Data(other=older.shown),
                )
                break


def _is_changed(file: AnnotationFile) -> bool:
    """Return whether the text is not the one that the annotations state, as `document-changed` reports."""
    known = file.seed.sha256 if file.seed else None
    return known is not None and file.document is not None and known != file.document.sha256


@rule(CORPUS, severity="warning", requires=("id-vanished", *FORM))
def ids_out_of_order(corpus: Corpus) -> Iterator[Fault]:
    """Records are not in the order of their ids.

    `standoff fmt` sorts them. The order has no meaning, but it makes records easy to find.
    """
    for file in corpus.annotation_files():
        for key in ("events", "negatives"):
            numbers = [ids.number_of(each) for each in getattr(file.digest, key)]
            if numbers == sorted(numbers):
                continue
            numbered = zip(numbers, getattr(file, key), strict=True)
            for (before_number, before), (number, after) in pairwise(numbered):
                if number < before_number:
                    message = f"{after.id} comes after {before.id}"
                    yield Fault((*after.path, "id"), message, "run standoff fmt", file=file)
    for registry, name, entries in _registries(corpus):
        for (before_id, _), (after_id, i) in pairwise(entries.items()):
            if after_id < before_id:
                message = f"{after_id} comes after {before_id}"
                yield Fault((name, i, "id"), message, "run standoff fmt", file=registry)


# ---- withdrawn ids -------------------------------------------------------------------------------------------

MOST_SUGGESTIONS = 100
"""The most withdrawn ids for which a similar one is looked up."""

_ACTOR_ID = pattern(r"[a-z0-9]+(-[a-z0-9]+)*")


@rule(CORPUS)
def retired_incomplete(corpus: Corpus) -> Iterator[Fault]:
    """In a row of `retired.csv`, a cell is missing or wrong, the id occurs twice, or the successor is of another kind.

    `id` is the withdrawn id. `since` is the first version without it, a release or the next one. `reason` is a sentence.
    `replaced_by` is a record of the same kind, or empty.
    """
    seen: set[str] = set()
    versions = versions_of(corpus)
    released = last_released(corpus)
    for entry in corpus.retired:
        problem = None
        since = read_version(entry.since)
        last = released.get(entry.id)
        first = versions[-2:] if last is None else [v for v in versions if v > last][:1]
        without = f"write the first version without it: {' or '.join(map(str, first))}"
        if not _ACTOR_ID.fullmatch(entry.id):  # ids of records have this shape too
            problem = "id", f'"{entry.id}" is not an id', "write an id such as d003-e04"
        elif entry.id in seen:
            problem = "id", f"{entry.id} is withdrawn twice", "keep one row"
        elif since is None or not is_version(since, versions):
            problem = "since", f'"{entry.since}" is not a version of this dataset', without
        elif last is not None and since <= last:
            problem = "since", f"since is {since}, and version {last} still has {entry.id}", without
        elif entry.replaced_by is not None and _kind(entry.replaced_by) != _kind(entry.id):
            problem = (
                "replaced_by",
                f"{entry.id} is {_kind(entry.id)}, but its successor {entry.replaced_by} is {_kind(entry.replaced_by)}",
                "name a record of the same kind, or leave replaced_by empty",
            )
        elif not entry.reason.strip():
            problem = "reason", "the reason is empty", "say in a sentence why the record was withdrawn"
        seen.add(entry.id)
        if problem:
            key, message, remedy = problem
            yield Fault((entry.row, key), message, remedy, file=corpus.retired_file)


@rule(CORPUS, requires=("retired-incomplete", "csv-columns", "csv-row"))
def retired_id_unknown(corpus: Corpus) -> Iterator[Fault]:
    """A row of `retired.csv` withdraws an id that no release has.

    Correct the id. A record that was never released is deleted without a row: an id in `retired.csv` can never be used.
    """
    folders = releases_of(corpus).values()
    known = {listed for folder in folders for listed in ids_in(folder, "retired", "id")}
    readable = set()
    for table, key in ids.PERMANENT.items():
        released = {listed for folder in folders for listed in ids_in(folder, table, key)}
        known |= released
        readable |= {_kind(listed) for listed in released}
    unknown = 0
    for entry in corpus.retired:
        if entry.id not in known and _kind(entry.id) in readable:
            unknown += 1
            near = (
                difflib.get_close_matches(entry.id, known, n=1, cutoff=0.8)
                if unknown <= MOST_SUGGESTIONS
                else []
            )
            yield Fault(
                (entry.row, "id"),
                f"{entry.id} is in no release",
                "correct the id, or delete the row",
                closest=near[0] if near else None,
                file=corpus.retired_file,
            )


@rule(
    CORPUS,
    requires=(
        "retired-incomplete",
        "retired-id-unknown",
        "retired-id-reused",
        "csv-columns",
        "csv-row",
        *READ,
    ),
)
def withdrawal_lost(corpus: Corpus) -> Iterator[Fault]:
    """An id that the newest release lists as withdrawn is no longer in `retired.csv`.

    `retired.csv` only grows, because somebody may still use the id. Restore the row.
    """
    here = [entry.id for entry in corpus.retired]
    try:
        releases = releases_of(corpus)
    except NotRun:
        return  # nothing was withdrawn in a release
    if version_of(corpus) in releases and version_of(corpus) != max(releases):
        return  # the sources of an older release
    lost = [each for each in ids_in(releases[max(releases)], "retired", "id") if each not in {*here}]
    if lost:
        names = ", ".join(lost[:3]) + (f" and {len(lost) - 3} more" if len(lost) > 3 else "")
        after = next((i for i, each in enumerate(here) if each > lost[0]), len(here) - 1)
        yield Fault(
            (after,) if here else NOWHERE,
            f"{names} {'is' if len(lost) == 1 else 'are'} withdrawn in v{max(releases)} but no longer in retired.csv",
            "restore the row" if len(lost) == 1 else "restore the rows",
            file=corpus.retired_file,
            id=lost[0],
        )


@rule(CORPUS, requires=("retired-incomplete",))
def retired_id_reused(corpus: Corpus) -> Iterator[Fault]:
    """An id that was withdrawn is used again, or a row of `retired.csv` withdraws a released record that is still there.

    Ids are never reused. Give the record the next free number, or delete the row.
    """
    retired = {entry.id: entry.row for entry in corpus.retired}
    released = released_ids(corpus)
    for file, path, listed in _listed(corpus) if retired else ():
        if listed in retired and listed in released:
            at: Path = (retired[listed], "id")
            message = f"{listed} is withdrawn here, but is still in {file.shown}"
            yield Fault(at, message, "delete the row, or the record", file=corpus.retired_file)
        elif listed in retired and (path[0] != "events" or ids.is_event_id(listed)):
            yield Fault(
                path, f"{listed} was withdrawn", "use the next free number or another name", file=file
            )


@rule(CORPUS, requires=("retired-incomplete", "id-vanished"))
def retired_successor_unknown(corpus: Corpus) -> Iterator[Fault]:
    """The successor of a withdrawn id does not exist, or the successors form a cycle.

    `replaced_by` names a record that exists, or another withdrawn id that leads to one; or it is empty.
    """
    if not corpus.retired:
        return
    replaced = defaultdict[str, set[str]](set)  # successor → the withdrawn ids that it stands for
    ends = {listed for _, _, listed in _listed(corpus)}
    for entry in corpus.retired:
        if entry.replaced_by is None:
            ends.add(entry.id)
        else:
            replaced[entry.replaced_by].add(entry.id)
    ends |= {successor for successor in replaced if successor.partition("-")[0] in corpus.unread}
    led = reached(ends, replaced)  # back from where a trail may end
    for entry in corpus.retired:
        if entry.id not in led:
            yield Fault(
                (entry.row, "replaced_by"),
                f"{entry.id} is replaced by {entry.replaced_by}, which leads to no record",
                "name a record that exists, or leave replaced_by empty",
                file=corpus.retired_file,
            )


@rule(
    CORPUS,
    requires=(
        "duplicate-id",
        "retired-id-reused",
        "retired-incomplete",
        "csv-columns",
        "csv-row",
        *READ,
        *FORM,
    ),
)
def id_vanished(corpus: Corpus) -> Iterator[Fault]:
    """An id of the newest release is missing from the sources and from `retired.csv`.

    Users cite ids. Restore the record, or add a row to `dataset/retired.csv`: id, since, reason, replaced_by.
    """
    releases = releases_of(corpus)
    retired = {entry.id for entry in corpus.retired}
    listed_ids = [*_listed(corpus)]
    known = {listed for _, _, listed in listed_ids} | retired
    release = releases[max(releases)]
    vanished: dict[str, list[str]] = {}  # a document, or one for all actors or places → its ids that are gone
    for table, key in ids.PERMANENT.items():
        here = retired | corpus.place_entries.keys() if table == "places" else known
        for listed in ids_in(release, table, key):
            if listed not in here:
                whole = ids.document_of(listed) if ids.is_record_id(listed) else table
                vanished.setdefault(whole, []).append(listed)
    version = version_of(corpus)
    since = version.release if version is not None and version.release > max(releases) else "<version>"
    for whole, gone in vanished.items():
        if whole in corpus.unread:
            continue
        entries = _listed_places(corpus) if whole == "places" else listed_ids
        file, path, instead = _gap(gone, entries, set(ids_of(release)))
        names = ", ".join(gone[:3]) + (f" and {len(gone) - 3} more" if len(gone) > 3 else "")
        one = len(gone) == 1
        yield Fault(
            path,
            f"{names} {'was' if one else 'were'} released in {release.name} but {'is' if one else 'are'} missing from the sources"
            + (f"; {instead} is new in its place" if instead else ""),
            f"restore {f'events/{whole}.yaml' if whole in gone else 'it' if one else 'them'}, or add a row to "
            f"retired.csv{'' if one else ' for each'}: {gone[0]},{since},<reason>,<successor or nothing>",
            id=gone[0],
            file=file or corpus.retired_file,
        )


def _gap(
    gone: list[str], entries: list[tuple[SourceFile, Path, str]], released: set[str]
) -> tuple[SourceFile | None, Path, str | None]:
    """Return the place of the first record that is gone: its file, the entry that follows, and the new id there, if any.

    No file if nothing of its kind is left.
    """
    kind = _kind(gone[0])
    document = ids.document_of(gone[0]) if ids.is_record_id(gone[0]) else None
    near = [
        entry
        for entry in entries
        if _kind(entry[2]) == kind and (document is None or ids.document_of(entry[2]) == document)
    ]
    before: str | None = None
    for file, path, each in near:
        if each not in released and len(gone) == 1 and (before is None or before < gone[0]):
            following = next((other for _, _, other in near if other in released and other > gone[0]), None)
            position = [other for _, _, other in near]
            if following is None or position.index(following) == position.index(each) + 1:
                return file, path, each
        before = each
    if not near:
        return None, (), None
    file, path, _ = next((entry for entry in near if entry[2] > gone[0]), near[-1])
    return file, path, None


def _kind(identifier: str) -> str:
    """Return what sort of record an id stands for."""
    if ids.is_document_id(identifier):
        return "a document"
    if ids.is_event_id(identifier):
        return "an event"
    return "a negative" if ids.is_negative_id(identifier) else "an actor"
