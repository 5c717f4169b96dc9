"""Rules about all records together: ids, links, incidents, the registry as a whole."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

from standoff.model import ids
from standoff.model.places import Path, Place
from standoff.rules.registry import Fault, rule
from standoff.source.corpus import AnnotationFile, Corpus
from standoff.source.records import Event, Negative


def _all_records(corpus: Corpus) -> Iterator[tuple[AnnotationFile, Event | Negative]]:
    for file in corpus.annotation_files():
        for record in file.records:
            yield file, record


@rule("corpus")
def duplicate_id(corpus: Corpus) -> Iterator[Fault]:
    """Two records have the same id.

    Ids are permanent, so the newer record takes the next free number.
    """
    seen: set[tuple[str | None, str]] = set()
    for file, record in _all_records(corpus):
        key = (file.annotator, record.id)
        if key in seen:
            yield Fault(
                (*record.path, "id"),
                f"the id {record.id} is used twice",
                "use the next free number",
                file=file,
            )
        seen.add(key)
    documents: set[tuple[str | None, str]] = set()
    for file in corpus.annotation_files():
        if file.document is not None:
            key = (file.annotator, file.document.id)
            if key in documents:
                yield Fault(
                    ("document", "id"),
                    f"the document {key[1]} is annotated twice",
                    "keep one file",
                    file=file,
                )
            documents.add(key)
    actor_ids = _actor_ids(corpus)
    for i, actor_id in actor_ids:
        if any(other == actor_id for _, other in actor_ids[:i]):
            yield Fault(
                ("actors", i, "id"), f"the id {actor_id} is used twice", "keep one entry", file=corpus.actors
            )


@rule("corpus", severity="warning")
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
    for (_, before_id), (i, after_id) in pairwise(_actor_ids(corpus)):
        if after_id < before_id:
            message = f"{after_id} stands after {before_id}"
            yield Fault(("actors", i, "id"), message, "run standoff fmt", file=corpus.actors)


def _actor_ids(corpus: Corpus) -> list[tuple[int, str]]:
    """The ids in the registry file, with their places, also of entries that are otherwise wrong."""
    items = (corpus.actors.value or {}).get("actors")
    return [
        (i, item["id"])
        for i, item in enumerate(items if isinstance(items, list) else [])
        if isinstance(item, dict) and isinstance(item.get("id"), str)
    ]


@rule("corpus")
def retired_id_reused(corpus: Corpus) -> Iterator[Fault]:
    """An id that was withdrawn is used again.

    Ids are never reused. Give the record the next free number.
    """
    retired = {entry.id for entry in corpus.retired}
    for file in corpus.files:
        for record in file.records:
            if record.id in retired:
                yield Fault(
                    (*record.path, "id"), f"{record.id} was withdrawn", "use the next free number", file=file
                )


@rule("corpus")
def retired_successor_unknown(corpus: Corpus) -> Iterator[Fault]:
    """The successor of a withdrawn id is no record, or the successors run in a circle.

    `replaced_by` names a record that exists, or another withdrawn id that leads to one; or it is empty.
    """
    retired = {entry.id: entry for entry in corpus.retired}
    live = {record.id for file in corpus.files for record in file.records}
    live |= {file.document.id for file in corpus.files if file.document} | set(corpus.registry)
    for entry in corpus.retired:
        seen, current = {entry.id}, entry.replaced_by
        while current is not None and current not in live:
            if current in seen or current not in retired:
                yield Fault(
                    Place(entry.line, 1, entry.line, 1 + len(entry.id)),
                    f"{entry.id} is replaced by {entry.replaced_by}, which leads to no record",
                    "name a record that exists, or leave replaced_by empty",
                    file=corpus.retired_file,
                    id=entry.id,
                )
                break
            seen.add(current)
            current = retired[current].replaced_by


@rule("corpus", requires=("unknown-key", "missing-key", "wrong-type", "malformed-value", "yaml-syntax"))
def link_to_nowhere(corpus: Corpus) -> Iterator[Fault]:
    """A link names an event that does not exist, or the event itself.

    Correct the id. `links` may lead to events of other documents, never to those of a pass.
    """
    by_annotator: dict[str | None, set[str]] = defaultdict(set)
    for file in corpus.annotation_files():
        by_annotator[file.annotator] |= {event.id for event in file.events}
    for file in corpus.annotation_files():
        for event in file.events:
            for link in event.links:
                if link.event_id == event.id:
                    yield Fault(
                        (*link.path, "event"),
                        "the event is linked to itself",
                        "name another event",
                        file=file,
                    )
                elif link.event_id not in by_annotator[file.annotator]:
                    yield Fault(
                        (*link.path, "event"),
                        f"there is no event {link.event_id}",
                        "correct the id",
                        file=file,
                    )


@rule("corpus", requires=("link-to-nowhere",))
def part_of_cycle(corpus: Corpus) -> Iterator[Fault]:
    """Events are part of each other in a circle.

    The particular act is part of the general one, never the other way round.
    """
    for annotator in sorted({file.annotator or "" for file in corpus.annotation_files()}):
        files = [file for file in corpus.annotation_files() if (file.annotator or "") == annotator]
        wholes = {
            event.id: {link.event_id for link in event.links if link.relation == "part_of"}
            for file in files
            for event in file.events
        }
        for file in files:
            for event in file.events:
                if _reaches(wholes, event.id):
                    for link in event.links:
                        if link.relation == "part_of" and (
                            _reaches(wholes, link.event_id, event.id) or link.event_id == event.id
                        ):
                            yield Fault(
                                (*link.path, "event"),
                                f"{event.id} is part of itself by way of {link.event_id}",
                                "cut one link",
                                file=file,
                            )


def _reaches(edges: dict[str, set[str]], start: str, goal: str | None = None) -> bool:
    """Whether following `edges` from `start` leads to `goal` (back to `start` itself by default)."""
    goal = start if goal is None else goal
    todo, seen = list(edges.get(start, ())), set[str]()
    while todo:
        node = todo.pop()
        if node == goal:
            return True
        if node not in seen:
            seen.add(node)
            todo += edges.get(node, ())
    return False


@rule("corpus")
def incident_alone(corpus: Corpus) -> Iterator[Fault]:
    """An incident has only one record, or several in the same document only.

    `incident` joins records of different documents that report the same happening. Delete it where there is no
    other; within one document an act is one record.
    """
    for files in (corpus.files, *_by_annotator(corpus)):
        documents: dict[str, set[str]] = defaultdict(set)
        for file in files:
            for event in file.events:
                if event.incident:
                    documents[event.incident].add(file.shown)
        for file in files:
            for event in file.events:
                if event.incident and len(documents[event.incident]) < 2:
                    yield Fault(
                        (*event.path, "incident"),
                        f"{event.incident} has no record in another document",
                        "delete incident, or give it to the other document's record",
                        file=file,
                    )


def _by_annotator(corpus: Corpus) -> Iterator[list[AnnotationFile]]:
    for annotator in sorted({file.annotator or "" for file in corpus.passes}):
        yield [file for file in corpus.passes if file.annotator == annotator]


# ---- the registry --------------------------------------------------------------------------------------------


@rule("corpus")
def alias_collision(corpus: Corpus) -> Iterator[Fault]:
    """A name or alias points at two actors.

    Names are compared without regard to case. Keep the alias with the actor that it always denotes, or drop it.
    """
    owner: dict[str, str] = {}
    for path, actor_id, name in _names(corpus):
        other = owner.setdefault(name.casefold(), actor_id)
        if other != actor_id:
            yield Fault(
                path, f'"{name}" already names {other}', "keep it with one of the two", file=corpus.actors
            )


def _names(corpus: Corpus) -> Iterator[tuple[Path, str, str]]:
    for i, item in enumerate((corpus.actors.value or {}).get("actors") or []):
        if isinstance(item, dict) and item.get("id") in corpus.registry:
            actor = corpus.registry[item["id"]]
            yield ("actors", i, "name"), actor.id, actor.name
            for j, alias in enumerate(actor.aliases):
                yield ("actors", i, "aliases", j), actor.id, alias


@rule("corpus", severity="note")
def unused_actor(corpus: Corpus) -> Iterator[Fault]:
    """No record uses an entry of the registry, nor is it the parent of one that is used.

    Keep it if a document names it. Otherwise delete it.
    """
    used = {
        party.actor_id
        for file in corpus.annotation_files()
        for event in file.events
        for _, party in event.parties()
    }
    todo = list(used)
    while todo:
        actor = corpus.registry.get(todo.pop())
        for affiliation in actor.affiliations if actor else ():
            if affiliation.parent and affiliation.parent not in used:
                used.add(affiliation.parent)
                todo.append(affiliation.parent)
    for i, item in enumerate((corpus.actors.value or {}).get("actors") or []):
        if isinstance(item, dict) and item.get("id") in corpus.registry and item["id"] not in used:
            yield Fault(
                ("actors", i, "id"),
                f"{item['id']} is used by no record",
                "delete it unless a document names it",
                file=corpus.actors,
            )


@rule("corpus")
def unknown_annotator(corpus: Corpus) -> Iterator[Fault]:
    """A folder of passes has no annotator in `dataset.toml`.

    Add an [[annotators]] table that says what kind of reader made the pass.
    """
    known = Counter(annotator.get("id") for annotator in corpus.annotators)
    for name in sorted({file.annotator or "" for file in corpus.passes}):
        if name not in known:
            yield Fault(
                Place(1, 1, 1, 1), f"nobody is named as annotator {name}", "add an [[annotators]] table"
            )
