"""Rules about all annotation files together: links, incidents, passes, files that nothing reads."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from standoff.findings import Data
from standoff.model import dates, ids
from standoff.model.graphs import circles
from standoff.model.places import NOWHERE, Path
from standoff.rules.dating import DATED
from standoff.rules.file import READ
from standoff.rules.form import FORM
from standoff.rules.history import released_ids
from standoff.rules.rule import CORPUS, Fault, NotRun, rule
from standoff.source.corpus import PARTS, AnnotationFile, Corpus, is_backup
from standoff.source.files import read_seed
from standoff.source.records import Event, Link

_Owned = tuple[AnnotationFile, Event]


def groups(corpus: Corpus) -> Iterator[list[AnnotationFile]]:
    """The released annotations, then the passes of each annotator: records refer to each other within these."""
    groups = defaultdict[str | None, list[AnnotationFile]](list)
    for file in corpus.annotation_files():
        groups[file.annotator].append(file)
    yield from groups.values()


@rule(CORPUS, requires=("duplicate-id", *READ))
def link_to_nowhere(corpus: Corpus) -> Iterator[Fault]:
    """A link names an event that does not exist, or the event itself.

    Correct the id. `links` may lead to events of other documents, never to those of a pass.
    """
    # Of released events that are gone another rule reports.
    gone = released_ids(corpus) - {entry.id for entry in corpus.retired}
    for files in groups(corpus):
        known = gone.union(*(file.digest.events for file in files))
        # What they hold cannot be told: the id that is wrong may be the one that the link names.
        untold = corpus.unread.union(file.file.stem for file in files if file.digest.withheld)
        for file in files:
            for event in file.events if file.digest.links else ():
                for link in event.links:
                    if link.event_id == event.id:
                        message = "the event is linked to itself"
                    elif link.event_id not in known and ids.document_of(link.event_id) not in untold:
                        message = f"there is no event {link.event_id}"
                    else:
                        continue
                    yield Fault((*link.path, "event"), message, "correct the id", file=file)


@rule(CORPUS, requires=("link-to-nowhere",))
def part_of_cycle(corpus: Corpus) -> Iterator[Fault]:
    """Events are part of each other in a cycle.

    The specific act is part of the general one, never the other way round.
    """
    yield from _cycles(
        corpus,
        "part_of",
        "events are part of each other in a cycle",
        "delete the link from the general act to the specific one",
    )


@rule(CORPUS, requires=("link-to-nowhere",))
def speaks_of_cycle(corpus: Corpus) -> Iterator[Fault]:
    """Statements are about each other in a cycle.

    A statement is about an act that came before it. Delete the link that goes from the act to the statement.
    """
    yield from _cycles(
        corpus,
        "speaks_of",
        "statements are about each other in a cycle",
        "delete the link from the act to the statement about it",
    )


def _cycles(corpus: Corpus, relation: str, message: str, remedy: str) -> Iterator[Fault]:
    """Yield a fault for each cycle of links of one relation, placed at the first event's link."""
    for owned in corpus.linked:
        following = {
            event_id: {link.event_id for link in _links(event, relation)}
            for event_id, (_, event) in owned.items()
        }
        for cycle in circles(following):
            file, event = owned[cycle[0]]
            link = next(link for link in _links(event, relation) if link.event_id == cycle[1])
            yield Fault((*link.path, "event"), f"{message}: {' → '.join(cycle)}", remedy, file=file)


def _links(event: Event, relation: str) -> Iterator[Link]:
    return (link for link in event.links if link.relation == relation)


@rule(CORPUS, requires=(*READ, *FORM))
def incident_alone(corpus: Corpus) -> Iterator[Fault]:
    """An incident has only one record, or several in the same document only.

    `incident` joins records of different documents that report the same incident. Delete it if there is no
    other record. Within one document, an act has only one record.
    """
    for files in groups(corpus):
        for incident, records in _incidents(files).items():
            if len({file.shown for file, _ in records}) < 2 and not corpus.unread:
                for file, event in records:
                    yield Fault(
                        (*event.path, "incident"),
                        f"{incident} has no record in another document",
                        "delete incident, or give it to the other document's record",
                        file=file,
                    )


@rule(CORPUS, severity="warning", yields_to=DATED)
def incident_dates_differ(corpus: Corpus) -> Iterator[Fault]:
    """Two records of one incident have dates that cannot both be true.

    Read both documents again: one date may be wrong, or there are two incidents. If the reports do
    contradict each other, say so in a note and accept the finding.
    """
    for files in groups(corpus):
        for incident, records in _incidents(files).items():
            bounds: list[Event] = []  # of those seen, the one that ends first and the one that begins last
            for file, event in records:
                if event.date.value is None:
                    continue
                for other in bounds:
                    if not dates.overlaps(event.date.value, other.date.known):
                        yield Fault(
                            event.date.path,
                            f"{event.date.text} and {other.date.text} of {other.id} cannot both be true "
                            f"of {incident}",
                            "correct one of the dates, or give the records different incidents",
                            file=file,
                            data=Data(other=other.id),
                        )
                        break
                else:
                    bounds = [min([*bounds, event], key=_end), max([*bounds, event], key=_beginning)]


def _end(event: Event) -> date:
    return event.date.known.latest or date.max


def _beginning(event: Event) -> date:
    return event.date.known.earliest or date.min


def _incidents(files: list[AnnotationFile]) -> dict[str, list[_Owned]]:
    found: dict[str, list[_Owned]] = defaultdict(list)
    for file in files:
        for event in file.events if file.digest.incidents else ():
            if event.incident is not None:
                found[event.incident].append((file, event))
    return found


@rule(CORPUS, requires=("duplicate-id",))
def unknown_annotator(corpus: Corpus) -> Iterator[Fault]:
    """A folder of passes has no annotator in `dataset.toml`, or `compare` names a reader that does not exist.

    Add an [[annotators]] table that says what kind of reader made the pass. `compare` lists pairs of two readings: ids
    of annotators, or `released`.
    """
    if not isinstance(corpus.meta.value, dict) or corpus.meta.violations:
        return
    known = {annotator.get("id") for annotator in corpus.annotators}
    told = {file.annotator for file in corpus.passes} - known
    for name in dict.fromkeys(file.annotator for file in corpus.passes):
        if name in told:
            at = _annotator_without_passes(str(name), corpus)
            yield Fault(
                at or NOWHERE,
                f"dataset.toml does not list the annotator {name}",
                f"correct this id, or add an [[annotators]] table for {name}"
                if at
                else "add an [[annotators]] table",
                file=corpus.meta,
                data=Data(other=str(name)),
            )
    compared = set[frozenset[str]]()
    for pair in corpus.meta.value.get("agreement", {}).get("compare", ()):
        for name in pair:
            if name not in known | told and name != RELEASED:
                told.add(name)
                message, remedy = f"compare names {name}, which is not an annotator", "correct the id"
                yield Fault(
                    ("agreement", "compare"), message, remedy, file=corpus.meta, data=Data(other=name)
                )
        if pair[0] == pair[1]:
            message, remedy = f"compare holds {pair[0]} against itself", "name two readings"
            yield Fault(("agreement", "compare"), message, remedy, file=corpus.meta, data=Data(other=pair[0]))
        elif frozenset(pair) in compared:
            message, remedy = (
                f"compare holds {pair[0]} against {pair[1]} twice",
                "delete one of the two pairs",
            )
            yield Fault(("agreement", "compare"), message, remedy, file=corpus.meta, data=Data(other=pair[0]))
        compared.add(frozenset(pair))


def _annotator_without_passes(name: str, corpus: Corpus) -> Path | None:
    """Return where the annotator stands whose id is like `name` and who has no folder of passes; None if there is none."""
    with_passes = {file.annotator for file in corpus.passes}
    others = {
        str(reader["id"]): i
        for i, reader in corpus.meta.items("annotators")
        if reader.get("id") not in with_passes
    }
    near = difflib.get_close_matches(name, others, n=1, cutoff=0.5)
    return ("annotators", others[near[0]], "id") if near else None


RELEASED = "released"
"""How `compare` names the released records."""


@rule(CORPUS, requires=("id-vanished", "stray-file", *READ, *FORM))
def minimum_rows_unmet(corpus: Corpus) -> Iterator[Fault]:
    """`[minimum_rows]` in `dataset.toml` names a table that a release does not have, or more rows than the dataset has.

    Correct the name or the number. A build stops if a table has fewer rows, so first look for missing
    records.
    """
    minima = corpus.meta.value.get("minimum_rows", {}) if isinstance(corpus.meta.value, dict) else {}
    there = {
        "documents": sum(file.document is not None for file in corpus.files),
        "events": sum(len(file.digest.events) for file in corpus.files),
        "negatives": sum(len(file.digest.negatives) for file in corpus.files),
        "actors": len(corpus.registry),
        "actions": len(corpus.scheme.actions),
    }
    for name, least in minima.items():
        at = ("minimum_rows", name)
        if name not in there:
            from standoff.tables import TABLES  # imported late: most datasets name tables that they describe

            if name in TABLES:
                continue
            near = difflib.get_close_matches(name, TABLES)
            yield Fault(
                at,
                f'"{name}" is not a table of a release',
                f"the tables are {', '.join(TABLES)}",
                closest=near[0] if near else None,
                key=True,
                file=corpus.meta,
                data=Data(expected=[*TABLES]),
            )
        elif there.get(name, least) < least:
            yield Fault(
                at,
                f"the table {name} has {there[name]:,} rows; expected at least {least:,}",
                "look for the missing records, or lower the number",
                file=corpus.meta,
                data=Data(expected=[f"at most {there[name]}"]),
            )


@rule(CORPUS)
def include_missing(corpus: Corpus) -> Iterator[Fault]:
    """A file that `include` in `dataset.toml` names does not exist, so no release can be built.

    Every release contains these files. They belong beside the dataset's folder. Write the file, run the command that makes
    it (`standoff docs` makes most of them), or remove it from `include`.
    """
    if not isinstance(corpus.meta.value, dict) or not corpus.meta.sound("dataset", "include"):
        return
    dataset = corpus.meta.value.get("dataset")
    names = dataset.get("include", ()) if isinstance(dataset, dict) else ()
    here = {name for name in names if (corpus.root.parent / name).is_file()}
    if 2 * len(here) < len(names):
        raise NotRun(
            "most files listed under include in dataset.toml are missing, as in a copy of a part of the project"
        )
    for i, name in enumerate(names):
        if name not in here:
            yield Fault(
                ("dataset", "include", i),
                f"{name} does not exist beside the dataset's folder",
                "write it, or remove it from include",
                file=corpus.meta,
                data=Data(other=name),
            )


@rule(
    CORPUS,
    severity="note",
    requires=("document-missing", "documents-folder-missing", "id-vanished", "stray-file", *READ, *FORM),
)
def text_not_annotated(corpus: Corpus) -> Iterator[Fault]:
    """A text in the folder of the documents has no annotation file.

    `standoff new document` begins its file. If a text is not a document of this dataset, move it elsewhere.
    """
    annotated = {file.document.file for file in corpus.files if file.document is not None}
    hashes = {file.document.sha256 for file in corpus.files if file.document is not None}
    texts = corpus.documents.glob("*.txt") if corpus.documents.is_dir() else ()
    others = sorted(path.name for path in texts if path.name not in annotated)
    if len(others) == 1 and read_seed(corpus.documents, others[0], corpus.root.parent).sha256 in hashes:
        return  # an annotation file names another text by mistake, and that is reported
    if others:
        names = ", ".join(others[:3]) + (f" and {len(others) - 3} more" if len(others) > 3 else "")
        yield Fault(
            NOWHERE,
            f"{names} in {corpus.documents.name}/ has no annotation file",
            "annotate the text with standoff new document, or move it elsewhere",
            file=corpus.meta,
            data=Data(other=others[0]),
        )


@rule(CORPUS, severity="warning", requires=("unknown-language", *READ, *FORM))
def dataset_language_unused(corpus: Corpus) -> Iterator[Fault]:
    """No document is in the language that `dataset.toml` names.

    `language` is the language of the texts that were read. Correct it, or that of the documents. A dataset
    of one document is not looked at: a new one has only the example.
    """
    stated = corpus.meta.value["dataset"].get("language")
    languages = [file.document.language.split("-")[0] for file in corpus.files if file.document is not None]
    used = set(languages)
    if stated is not None and len(languages) > 1 and stated.split("-")[0] not in used:
        yield Fault(
            ("dataset", "language"),
            f"the language of the texts is {stated}, but the documents are in {', '.join(sorted(used))}",
            "correct the language",
            closest=next(iter(used)) if len(used) == 1 else None,
            file=corpus.meta,
            data=Data(expected=sorted(used)),
        )


@rule(CORPUS, severity="warning")
def stray_file(corpus: Corpus) -> Iterator[Fault]:
    """A file or folder in the dataset folder is not part of the dataset. It is neither checked nor released.

    Annotation files end in .yaml and are in `dataset/events/` or `dataset/passes/<annotator>/`. Correct the
    name, or move it elsewhere. A copy that an editor left is a note: delete it, and do not send it along.
    """
    for file in corpus.strays:
        if not file.faults and is_backup(file.file.name):
            yield Fault(
                NOWHERE,
                "an editor left this copy, and nothing reads it",
                "delete it, and leave it out of the commit",
                file=file,
                severity="note",
            )
        elif not file.faults:
            folder, at_top = file.file.is_dir(), file.file.parent == corpus.root
            near = difflib.get_close_matches(file.file.name, PARTS) if at_top else []
            yield Fault(
                NOWHERE,
                f"this {'folder' if folder else 'file'} is not part of the dataset",
                "annotation files end in .yaml and lie in events/ or passes/<annotator>/: "
                "correct the name, or move it elsewhere",
                closest=near[0] if near else None,
                file=file,
            )
