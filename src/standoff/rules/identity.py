"""Rules about ids: unique now, and permanent over time."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path as FilePath
from typing import Any

from standoff.findings import Data
from standoff.model import ids
from standoff.model.graphs import reached
from standoff.model.places import Path
from standoff.model.versions import Version
from standoff.rules.file import FORM, READ
from standoff.rules.rule import CORPUS, Fault, rule
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
    seen: set[tuple[str | None, str]] = set()
    for file in corpus.annotation_files():
        for record in file.records:
            key = (file.annotator, record.id)
            if key in seen:
                message = f"the id {record.id} is used twice"
                yield Fault((*record.path, "id"), message, "use the next free number", file=file)
            seen.add(key)
    for registry, name, entries in _registries(corpus):
        for i, item in registry.items(name):
            entry_id = str(item.get("id"))
            if entries.get(entry_id, i) != i:
                message = f"the id {entry_id} is used twice"
                yield Fault((name, i, "id"), message, "keep one entry", file=registry)


@rule(CORPUS)
def duplicate_document(corpus: Corpus) -> Iterator[Fault]:
    """Two files annotate the same document, be it under one name or two.

    Keep one file for each text, or its events count twice. Where a report was received twice, byte for byte, annotate
    one copy.
    """
    released = released_ids(corpus)
    seen: dict[tuple[str | None, str], AnnotationFile] = {}
    for file in corpus.annotation_files():
        if file.document is None:
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
                message = f"{newer.document.file} holds the text that {older.shown} annotates too"
                yield Fault(
                    ("document", key),
                    message,
                    "keep one file for each document",
                    file=newer,
                    data=Data(other=older.shown),
                )
                break


@rule(CORPUS, severity="warning", requires=FORM)
def ids_out_of_order(corpus: Corpus) -> Iterator[Fault]:
    """Records do not stand in the order of their ids.

    `standoff fmt` puts them in order. Order carries no meaning, but makes a record easy to find.
    """
    for file in corpus.annotation_files():
        pairs: list[tuple[Event | Negative, Event | Negative]] = [
            *pairwise(file.events),
            *pairwise(file.negatives),
        ]
        for before, after in pairs:
            if ids.number_of(after.id) < ids.number_of(before.id):
                message = f"{after.id} stands after {before.id}"
                yield Fault((*after.path, "id"), message, "run standoff fmt", file=file)
    for registry, name, entries in _registries(corpus):
        for (before_id, _), (after_id, i) in pairwise(entries.items()):
            if after_id < before_id:
                message = f"{after_id} stands after {before_id}"
                yield Fault((name, i, "id"), message, "run standoff fmt", file=registry)


# ---- withdrawn ids -------------------------------------------------------------------------------------------

_ACTOR_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@rule(CORPUS)
def retired_incomplete(corpus: Corpus) -> Iterator[Fault]:
    """A row of `retired.csv` lacks its id, the version since which it is gone, or the reason; or stands twice.

    `id` is the withdrawn id, `since` the first version without it, `reason` a sentence; `replaced_by` may be empty.
    """
    seen: set[str] = set()
    for entry in corpus.retired:
        problem = None
        if not _ACTOR_ID.fullmatch(entry.id):  # ids of records have this shape too
            problem = "id", f'"{entry.id}" is no id', "write an id such as d003-e04"
        elif entry.id in seen:
            problem = "id", f"{entry.id} is withdrawn twice", "keep one row"
        elif _version(entry.since) is None:
            problem = (
                "since",
                f'"{entry.since}" is no version',
                "write three numbers with points, such as 0.2.0",
            )
        elif not entry.reason.strip():
            problem = "reason", "the reason is empty", "say in a sentence why the record was withdrawn"
        seen.add(entry.id)
        if problem:
            key, message, remedy = problem
            yield Fault((entry.row, key), message, remedy, file=corpus.retired_file)


@rule(CORPUS)
def retired_id_reused(corpus: Corpus) -> Iterator[Fault]:
    """An id that was withdrawn is used again.

    Ids are never reused. Give the record the next free number.
    """
    retired = {entry.id for entry in corpus.retired}
    for file, path, listed in _listed(corpus):
        if listed in retired:
            yield Fault(
                path, f"{listed} was withdrawn", "use the next free number or another name", file=file
            )


@rule(CORPUS, requires=("retired-incomplete", "id-vanished"))
def retired_successor_unknown(corpus: Corpus) -> Iterator[Fault]:
    """The successor of a withdrawn id is no record, or the successors run in a circle.

    `replaced_by` names a record that exists, or another withdrawn id that leads to one; or it is empty.
    """
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
    """An id of the newest release is neither in the sources nor in `retired.csv`.

    Users cite ids. Restore the record, or add a row to `dataset/retired.csv`: id, since, reason, replaced_by.
    """
    known = {listed for _, _, listed in _listed(corpus)} | {entry.id for entry in corpus.retired}
    release = newest_release(corpus.root.parent / "releases")
    if release is None:
        return
    vanished: dict[str, list[str]] = {}  # a document, or one for all actors → its ids that are gone
    for listed in _released_ids(release):
        if listed not in known:
            whole = ids.document_of(listed) if ids.is_record_id(listed) else "actors"
            vanished.setdefault(whole, []).append(listed)
    for whole, gone in vanished.items():
        if whole in corpus.unread:
            continue
        names = ", ".join(gone[:3]) + (f" and {len(gone) - 3} more" if len(gone) > 3 else "")
        one = len(gone) == 1
        yield Fault(
            (),
            f"{names} {'is' if one else 'are'} in release {release.name}, and in the sources no more",
            f"restore {f'events/{whole}.yaml' if whole in gone else 'it' if one else 'them'}, or add a row to "
            f"retired.csv{'' if one else ' for each'}: {gone[0]},<version>,<reason>,<successor or nothing>",
            id=gone[0],
            file=corpus.retired_file,
        )


def released_ids(corpus: Corpus) -> set[str]:
    """Return every permanent id of the newest release beside the dataset; none if there is no release."""
    release = newest_release(corpus.root.parent / "releases")
    return set(_released_ids(release)) if release is not None else set()


def newest_release(releases: FilePath) -> FilePath | None:
    """Return the folder of the newest version that was cut; development builds do not count."""
    found = {
        version: path
        for path in (releases.iterdir() if releases.is_dir() else ())
        if path.name.startswith("v")
        and (version := _version(path.name[1:]))
        and version.cut
        and path.is_dir()
    }
    return found[max(found)] if found else None


def _version(text: str) -> Version | None:
    try:
        return Version.parse(text)
    except ValueError:
        return None


def _released_ids(release: FilePath) -> Iterator[str]:
    """Yield the ids of a release's documents, events, negatives and actors, as far as its CSV files can be read."""
    for table, key in ids.PERMANENT.items():
        # What cannot be read is passed over: a release is checked by its own checksums, not here.
        with (
            suppress(OSError, ValueError, csv.Error),
            (release / f"{table}.csv").open(encoding="utf-8", newline="") as file,
        ):
            yield from [row[key] for row in csv.DictReader(file) if row.get(key)]
