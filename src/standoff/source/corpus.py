"""The corpus: every source file of a dataset, read once, good or bad.

    dataset/dataset.toml, actors.yaml, places.yaml, retired.csv, events/*.yaml, passes/<annotator>/*.yaml
    the documents beside the dataset folder, in seeds/ or the folder that dataset.toml names

Nothing here raises on bad data. Each file keeps what was wrong with it for the rules to report.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from standoff.codes import languages
from standoff.codes.scheme import Scheme
from standoff.findings import UsageError
from standoff.lazy import uncollected
from standoff.model import dates, ids
from standoff.model.actors import Actor, Affiliation, Registry
from standoff.model.classes import dataclass, field
from standoff.model.gazetteer import Gazetteer, GeoPlace
from standoff.model.names import name_key
from standoff.model.places import NOWHERE
from standoff.schema import Vocabulary
from standoff.source.codes import OwnCodes, read_codes, repeated_words, vocabulary_of
from standoff.source.digest import Digest, digest
from standoff.source.files import (
    SeedText,
    SourceFile,
    read_csv,
    read_seed,
    read_toml,
    read_yaml,
    shown_path,
)
from standoff.source.processes import shared
from standoff.source.raw_text import ReadFault
from standoff.source.records import Document, Event, Negative, build_document, build_event, build_negative
from standoff.source.strict_yaml import MAX_FAULTS

PARTS = (
    "accepted.csv",
    "actors.yaml",
    "codes",
    "dataset.toml",
    "events",
    "passes",
    "places.yaml",
    "retired.csv",
)
"""What a dataset folder holds."""
RETIRED_COLUMNS = ("id", "since", "reason", "replaced_by")
ACCEPTED_COLUMNS = ("code", "id", "path", "since", "reason")


_OF_RECORDS = ("events", "negatives", "withheld", "cut_short")


@dataclass
class AnnotationFile(SourceFile):
    """One annotation file: its document, events and negatives, as far as their form allows records.

    `read_corpus` leaves events and negatives unbuilt until they are first asked for.
    """

    annotator: str | None = None
    seed: SeedText | None = None
    document: Document | None = None
    events: list[Event] = field(default_factory=list)
    negatives: list[Negative] = field(default_factory=list)
    withheld: int = field(default_factory=int)
    """How many records were not built: their form is wrong, or too many words before them were not found."""
    cut_short: bool = field(default_factory=bool)
    """Whether records were left out because of the words before them."""

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Build the records of a file that was left `unbuilt`."""
            if name not in _OF_RECORDS:
                raise AttributeError(f"{type(self).__name__} has no attribute {name}")
            _build_records(self)
            return getattr(self, name)

    def unbuilt(self) -> None:
        """Leave the records to be built when they are first asked for, by the process that needs them."""
        for name in _OF_RECORDS:
            delattr(self, name)

    @cached_property
    def digest(self) -> Digest:
        """The ids of the records and what they name; known without the records if another process built these."""
        return digest(self.events, self.negatives, self.withheld)

    @property
    def records(self) -> list[Event | Negative]:
        """The events, then the negatives."""
        return [*self.events, *self.negatives]


@dataclass(frozen=True, slots=True)
class RetiredId:
    """A withdrawn id: the version since which it is gone, why, and its successor if there is one."""

    id: str
    since: str
    reason: str
    replaced_by: str | None
    row: int


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A row of accepted.csv: the findings of which rule, on which record or file, are accepted, and why."""

    code: str
    id: str | None
    path: str | None
    since: str | None
    reason: str | None
    row: int


@dataclass
class Corpus:
    """Everything that a release is made from. `whole` is False when only some annotation files were read."""

    root: FilePath
    shown: str
    meta: SourceFile
    actors: SourceFile
    places_file: SourceFile
    retired_file: SourceFile
    accepted_file: SourceFile
    own_codes: OwnCodes
    vocabulary: Vocabulary
    retired: list[RetiredId]
    accepted: list[Acceptance]
    files: list[AnnotationFile]
    passes: list[AnnotationFile]
    strays: list[SourceFile]
    """What lies in the dataset folder and nothing reads."""
    registry: Registry
    gazetteer: Gazetteer
    documents: FilePath
    """The folder of the documents."""
    whole: bool

    def sources(self) -> Iterator[SourceFile]:
        """Yield every file of the dataset that is there or should be, in the order of the folder."""
        yield self.meta
        yield self.actors
        optional = (self.places_file, self.retired_file, self.accepted_file)
        yield from (file for file in optional if file.text or file.faults)
        yield from self.own_codes.files.values()
        yield from self.annotation_files()
        yield from self.strays

    def annotation_files(self) -> Iterator[AnnotationFile]:
        """Yield the released annotations, then the passes."""
        yield from self.files
        yield from self.passes

    @cached_property
    def events(self) -> dict[str, tuple[AnnotationFile, Event]]:
        """The released events by id; of two with the same id the first."""
        found: dict[str, tuple[AnnotationFile, Event]] = {}
        for file in self.files:
            for event in file.events:
                found.setdefault(event.id, (file, event))
        return found

    @cached_property
    def linked(self) -> list[dict[str, tuple[AnnotationFile, Event]]]:
        """The events that have links, or that links lead to, by id: of the released annotations, and of each annotator."""
        groups: dict[str | None, list[AnnotationFile]] = {}
        for file in self.annotation_files():
            groups.setdefault(file.annotator, []).append(file)
        found = []
        for files in groups.values():
            ends = frozenset[str]().union(*(file.digest.links for file in files))
            found.append(
                {
                    event.id: (file, event)
                    for file in files
                    if file.digest.links or not ends.isdisjoint(file.digest.events)
                    for event in file.events
                    if event.links or event.id in ends
                }
            )
        return found

    @cached_property
    def actors_named(self) -> dict[str, list[str]]:
        """The ids of actors by the key of each name and alias (`model.names`)."""
        found: dict[str, list[str]] = {}
        for actor in self.registry.values():
            for key in {name_key(name) for name in (actor.name, *actor.aliases)}:
                found.setdefault(key, []).append(actor.id)
        return found

    @cached_property
    def places_named(self) -> dict[str, list[str]]:
        """The ids of places by the key of each name (`model.names`)."""
        found: dict[str, list[str]] = {}
        for place in self.gazetteer.values():
            found.setdefault(name_key(place.name), []).append(place.id)
        return found

    @cached_property
    def bounded_actors(self) -> set[str]:
        """The actors of the registry without an affiliation that holds at all times."""
        return {
            actor.id
            for actor in self.registry.values()
            if all(each.start or each.end for each in actor.affiliations)
        }

    @cached_property
    def outside_periods(self) -> dict[str, list[Event]]:
        """The events, released or of a pass, at whose time an actor, target or source has no affiliation, by actor."""
        found: dict[str, list[Event]] = {}
        bounded = self.bounded_actors
        for file in self.annotation_files() if bounded else ():
            for event in () if bounded.isdisjoint(file.digest.actors) else file.events:
                when = event.date.value
                if when is None:
                    continue
                for _, party in event.parties():
                    if party.actor_id in bounded and not self.registry.affiliation_on(
                        party.actor_id, when.earliest, when.latest
                    ):
                        found.setdefault(party.actor_id, []).append(event)
        return found

    @cached_property
    def unread(self) -> set[str]:
        """The documents that files which nothing reads are named after, in folders too: what is in them cannot be told."""
        files = [stray.file for stray in self.strays]
        files += [
            inner for stray in self.strays if stray.file.is_dir() for inner in stray.file.glob("*.yaml")
        ]
        return {file.stem for file in files if ids.is_document_id(file.stem)}

    @cached_property
    def actor_entries(self) -> dict[str, int]:
        """The ids that the actor registry lists, each with the index of its entry; of several the first valid one."""
        return _listed(self.actors, "actors")

    def lists_actor(self, actor_id: str) -> bool:
        """Return whether the actor registry lists the id, in a valid entry or not; True if it cannot be known."""
        return actor_id in self.actor_entries or not self._knows_actors

    @cached_property
    def _knows_actors(self) -> bool:
        return _all_have_ids(self.actors, "actors")

    @cached_property
    def place_entries(self) -> dict[str, int]:
        """The ids that the place registry lists, each with the index of its entry; of several the first valid one."""
        return _listed(self.places_file, "places")

    def lists_place(self, place_id: str) -> bool:
        """Return whether the place registry lists the id, in a valid entry or not; True if it cannot be known."""
        return place_id in self.place_entries or not self._knows_places

    @cached_property
    def _knows_places(self) -> bool:
        absent = not self.places_file.text and not self.places_file.faults
        return absent or _all_have_ids(self.places_file, "places")

    @property
    def scheme(self) -> Scheme:
        """The action scheme that the dataset is coded in."""
        return self.own_codes.scheme

    @property
    def language(self) -> str:
        """The language that dataset.toml states, English where it states none."""
        dataset = self.meta.value.get("dataset") if isinstance(self.meta.value, dict) else None
        stated = dataset.get("language") if isinstance(dataset, dict) else None
        return stated if isinstance(stated, str) else languages.FALLBACK

    @property
    def annotators(self) -> list[dict[str, Any]]:
        """The annotators that dataset.toml names."""
        return [item for _, item in self.meta.items("annotators")]


def _listed(source: SourceFile, key: str) -> dict[str, int]:
    """Return the ids in a registry's list, each with the index of its entry; of several the first valid one."""
    entries: dict[str, int] = {}
    for i, item in source.items(key):
        if isinstance(entry_id := item.get("id"), str) and (
            entry_id not in entries or (not source.sound(key, entries[entry_id]) and source.sound(key, i))
        ):
            entries[entry_id] = i
    return entries


def _all_have_ids(source: SourceFile, key: str) -> bool:
    """Return whether a registry has a list in which every entry has a valid id."""
    listed = source.value.get(key) if isinstance(source.value, dict) else None
    return isinstance(listed, list) and all(
        isinstance(item, dict) and "id" in item and source.sound(key, i, "id")
        for i, item in enumerate(listed)
    )


def documents_folder(root: FilePath, meta: SourceFile) -> FilePath:
    """Return the folder of the documents: the one that dataset.toml names, else `seeds` beside the dataset.

    Where dataset.toml cannot be read, it is whichever of `seeds` and `documents` is there.
    """
    dataset = meta.value.get("dataset") if isinstance(meta.value, dict) else None
    if isinstance(dataset, dict) and meta.sound("dataset", "documents"):
        return root.parent / str(dataset.get("documents", "seeds"))
    seeds, documents = root.parent / "seeds", root.parent / "documents"
    return documents if documents.is_dir() and not seeds.is_dir() else seeds


@uncollected()
def read_corpus(
    root: FilePath,
    only: list[FilePath] | None = None,
    base: FilePath | None = None,
    progress: Callable[[int, int], None] | None = None,
    *,
    records: bool = True,
) -> Corpus:
    """Read the dataset folder `root`; with `only`, of its annotation files just those.

    Many files are read in several processes. Without `records`, the files are read and no records are built from them.

    Paths in findings are relative to `base` (the working directory by default) where they lie below it.
    `progress` is called with the number of files done and the number of all. UsageError where
    `root` is no dataset or one of `only` is none of its annotation files.
    """
    base = (base or FilePath.cwd()).resolve()
    root = root.resolve()
    if not (root / "dataset.toml").is_file():
        raise UsageError(f"{shown_path(root, base)} is not a dataset: it has no dataset.toml")

    def source(name: str, kind: str) -> SourceFile:
        return SourceFile(root / name, shown_path(root / name, base), kind)

    meta = read_toml(source("dataset.toml", "dataset"))
    documents = documents_folder(root, meta)
    own_codes = read_codes(root / "codes", meta, base)
    vocabulary = vocabulary_of(meta, own_codes.scheme)
    own_codes.problems += repeated_words(meta)
    strays: list[SourceFile] = []
    wanted = None if only is None else {resolved(path) for path in only}

    def annotations(folder: FilePath, annotator: str | None) -> list[AnnotationFile]:
        found = []
        for path in _entries(folder, base, strays):
            if path.suffix != ".yaml":
                strays.append(SourceFile(path, shown_path(path, base), "stray"))
            elif wanted is None or path in wanted or resolved(path) in wanted:
                file = AnnotationFile(
                    path, shown_path(path, base), "annotation", annotator=annotator, vocabulary=vocabulary
                )
                found.append(file)
        return found

    strays += [
        SourceFile(path, shown_path(path, base), "stray")
        for path in _entries(root, base, strays)
        if path.name not in PARTS
    ]
    actors = source("actors.yaml", "actors")
    actors.vocabulary = vocabulary
    read_yaml(actors)
    places_file = source("places.yaml", "places")
    if places_file.file.is_symlink() or places_file.file.exists():  # a dataset may name no place
        read_yaml(places_file)
    retired_file = read_csv(source("retired.csv", "retired"), RETIRED_COLUMNS)
    accepted_file = read_csv(source("accepted.csv", "accepted"), ACCEPTED_COLUMNS)
    passes: list[AnnotationFile] = []
    for folder in _entries(root / "passes", base, strays):
        if folder.is_dir() or folder.is_symlink():
            passes += annotations(folder, folder.name)
        else:
            strays.append(SourceFile(folder, shown_path(folder, base), "stray"))
    files = annotations(root / "events", None)
    read = {path for file in (*files, *passes) if only for path in (file.file, resolved(file.file))}
    for path in only or ():
        if resolved(path) not in read:
            raise UsageError(
                f"{shown_path(path.resolve(), base)} is not part of the dataset: annotation files end in .yaml and are "
                f"in {shown_path(root / 'events', base)}/ or {shown_path(root / 'passes', base)}/<annotator>/"
            )
    found = [*passes, *files]
    _read_files(found)
    seeds: dict[str, SeedText] = {}
    for done, file in enumerate(found if records else (), start=1):
        _build_document(file, base, documents, seeds)
        file.unbuilt()
        if progress is not None:
            progress(done, len(found))
    return Corpus(
        root=root,
        shown=shown_path(root, base),
        meta=meta,
        documents=documents,
        actors=actors,
        places_file=places_file,
        retired_file=retired_file,
        accepted_file=accepted_file,
        own_codes=own_codes,
        vocabulary=vocabulary,
        retired=[
            RetiredId(row["id"] or "", row["since"] or "", row["reason"] or "", row["replaced_by"], i)
            for i, row in enumerate(retired_file.value)
        ],
        accepted=_acceptances(accepted_file),
        files=files,
        passes=passes,
        strays=[] if only is not None else strays,
        registry=_build_registry(actors),
        gazetteer=_build_gazetteer(places_file),
        whole=wanted is None,
    )


def accepted_in(root: FilePath) -> list[Acceptance]:
    """Return the rows of `accepted.csv` in the dataset folder `root`; [] if there is none. UsageError if it is no dataset."""
    if not (root / "dataset.toml").is_file():
        raise UsageError(f"{root} is not a dataset: it has no dataset.toml")
    file = root / "accepted.csv"
    return _acceptances(read_csv(SourceFile(file, file.as_posix(), "accepted"), ACCEPTED_COLUMNS))


def _acceptances(file: SourceFile) -> list[Acceptance]:
    return [
        Acceptance(row["code"] or "", row["id"], row["path"], row["since"], row["reason"], i)
        for i, row in enumerate(file.value)
    ]


def resolved(path: FilePath) -> FilePath:
    """Return where a path leads, through all links. Other than `Path.resolve`, it does not raise for a link to itself."""
    return FilePath(os.path.realpath(path))


def _entries(folder: FilePath, base: FilePath, strays: list[SourceFile]) -> list[FilePath]:
    """What lies in a folder, by name, without what editors and file managers hide there; [] if it is not there.

    A folder that cannot be listed is noted among the strays: what it holds would go unchecked in silence.
    """
    try:
        if folder.is_symlink():
            raise OSError(0, "it is a symbolic link")
        found = sorted(folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError as error:
        message = f"the folder is not read: {error.strerror}"
        fault = ReadFault("file-unreadable", NOWHERE, message, "put a folder here that can be listed")
        strays.append(SourceFile(folder, shown_path(folder, base), "stray", faults=[fault]))
        return []
    strays += [SourceFile(path, shown_path(path, base), "stray") for path in found if is_backup(path.name)]
    return [path for path in found if not path.name.startswith(".") and not is_backup(path.name)]


def is_backup(name: str) -> bool:
    """Return whether a file of this name is a copy that an editor leaves: of Emacs, Vim, Kate or nano."""
    return name.endswith(("~", ".swp", ".swo", ".yaml.save")) or name.startswith((".#", "#"))


_READ = 4
"""So many files that are only read, and sent back, take as long as one that is read and checked."""


def _read_files(files: Sequence[AnnotationFile]) -> None:
    """Read the files, in several processes if they are many: plain values are sent from one to another at little cost."""

    def read(share: Sequence[AnnotationFile]) -> list[tuple[str, Any, str, bool] | None]:
        return [
            (file.text, file.value, file.kind, file.plain)
            if not read_yaml(file).faults and not file.violations
            else None  # what is wrong is found again by the process that needs it
            for file in share
        ]

    worth = -(-len(files) // _READ)
    contents = [content for share in shared(read, files, worth) for content in share]
    for file, content in zip(files, contents, strict=True):
        if content is not None:
            file.text, file.value, file.kind, file.plain = content
        elif not file.faults and not file.violations:
            read_yaml(file)


def annotation_paths(corpus: Corpus) -> list[FilePath]:
    """Return the files of the released annotations, whether the corpus was read with them or not."""
    found = _entries(corpus.root / "events", FilePath.cwd(), [])
    return [path for path in found if path.suffix == ".yaml"]


def read_annotations(corpus: Corpus, path: FilePath, *, records: bool = True) -> AnnotationFile:
    """Return one annotation file of a corpus that was read without it; without `records`, only its document."""
    base = FilePath.cwd()
    file = AnnotationFile(path, shown_path(path, base), "annotation", vocabulary=corpus.vocabulary)
    read_yaml(file)
    _build_document(file, base, corpus.documents, {})
    if records:
        file.unbuilt()
    return file


def _build_document(
    file: AnnotationFile, base: FilePath, seeds: FilePath, cache: dict[str, SeedText]
) -> None:
    """Build the record of the document of a file that was read, and find its text."""
    value = file.value
    if not isinstance(value, dict):
        return
    if "document" in value and file.sound("document"):
        file.document = build_document(value["document"])
        name = file.document.file
        if name not in cache:
            cache[name] = read_seed(seeds, name, base)
        file.seed = cache[name]


def _build_records(file: AnnotationFile) -> None:
    """Build the records of a file whose document was built, as far as their form allows."""
    file.events, file.negatives, file.withheld, file.cut_short = [], [], 0, False
    value = file.value
    if not isinstance(value, dict):
        return
    text = file.seed.text if file.seed else None
    astray = 0  # quotes that could not be anchored
    repeated = [fault.place.line for fault in file.faults if fault.rule == "duplicate-key"]
    for key, build, records in (
        ("events", build_event, file.events),
        ("negatives", build_negative, file.negatives),
    ):
        items = value.get(key)
        for i, item in enumerate(items if isinstance(items, list) else []):
            if astray >= MAX_FAULTS:
                file.cut_short = True
            place = file.places.of((key, i)) if repeated else None
            merged = place is not None and any(place.line <= line <= place.end_line for line in repeated)
            if file.cut_short or merged or not file.sound(key, i):
                file.withheld += 1
                continue
            record = build(item, (key, i), text)
            astray += len([quote for _, quote in record.quotes() if quote.error is not None])
            records.append(record)  # type: ignore[arg-type]


def _build_registry(source: SourceFile) -> Registry:
    """Build the registry from the entries whose form is right; of two with one id the first counts."""
    entries: dict[str, Actor] = {}
    for i, item in source.items("actors"):
        if source.sound("actors", i):
            actor = _build_actor(item)
            entries.setdefault(actor.id, actor)
    return Registry(entries.values())


def _build_gazetteer(source: SourceFile) -> Gazetteer:
    """Build the gazetteer from the valid entries; of two with one id the first counts."""
    entries: dict[str, GeoPlace] = {}
    for i, item in source.items("places"):
        if source.sound("places", i):
            coordinates = item.get("coordinates", {})
            place = GeoPlace(
                id=item["id"],
                name=item["name"],
                kind=item["kind"],
                parent=item.get("parent"),
                country=item.get("country"),
                latitude=item.get("latitude"),
                longitude=item.get("longitude"),
                coordinates_source=coordinates.get("source"),
                coordinates_licence=coordinates.get("licence"),
                geonames=item.get("geonames"),
                note=item.get("note"),
            )
            entries.setdefault(place.id, place)
    return Gazetteer(entries.values())


def _build_actor(item: dict[str, Any]) -> Actor:
    def bound(text: str | None, end: str) -> Any:
        """First or last day of a period's bound; None where it is open or no date (a rule says so)."""
        if text is None:
            return None
        try:
            parsed = dates.parse(text)
        except dates.DateError:
            return None
        return parsed.earliest if end == "from" else parsed.latest

    return Actor(
        id=item["id"],
        name=item["name"],
        kind=item["kind"],
        country=item.get("country"),
        aliases=tuple(item.get("aliases", ())),
        wikidata=item.get("wikidata"),
        affiliations=tuple(
            Affiliation(
                code=a["code"],
                basis=a["basis"],
                parent=a.get("parent"),
                role=a.get("role"),
                start=bound(a.get("from"), "from"),
                end=bound(a.get("until"), "until"),
                note=a.get("note"),
            )
            for a in item["affiliations"]
        ),
        note=item.get("note"),
    )
