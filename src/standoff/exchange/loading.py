"""What is exported: the records of a dataset folder or of a release of any edition, document by document.

The only module that knows where records come from. Texts are the user's own copies, recognised by their SHA-256.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from standoff.exchange import releases
from standoff.exchange.documents import Document
from standoff.exchange.records import Link, Negative, Party, Passage, Place, Record, WouldBe
from standoff.findings import StandoffError, UsageError
from standoff.loaders import sources
from standoff.source import records as source
from standoff.source.corpus import AnnotationFile, Corpus, read_corpus
from standoff.source.root import find_root

Row = dict[str, Any]
SHOWN = 10


class NotExportable(StandoffError):
    """A dataset has errors that keep its records from being exported."""


@dataclass(frozen=True)
class Coded:
    """One document with its records and negatives."""

    document: Document
    records: Sequence[Record]
    negatives: Sequence[Negative]
    language: str = "en"


@dataclass
class Source:
    """What is exported. `actions` are rows of the code list, `actors` and `places` names by id.

    `tables` returns the tables of a release; of a dataset they are compiled when they are first asked for.
    """

    name: str
    document_ids: tuple[str, ...]
    read: Callable[[str], Coded]
    make_tables: Callable[[], Mapping[str, pl.DataFrame]]
    actions: tuple[Row, ...]
    actors: Mapping[str, str]
    places: Mapping[str, str] = field(default_factory=dict)
    texts: str = ""
    """Where texts were looked for; empty: nowhere."""
    without_text: frozenset[str] = frozenset()
    """The documents whose text is not at hand."""

    def __iter__(self) -> Iterator[Coded]:
        """Yield every document with its records, in the order of their ids."""
        return map(self.read, self.document_ids)

    @cached_property
    def tables(self) -> Mapping[str, pl.DataFrame]:
        """The tables of a release, by name."""
        return self.make_tables()


def load(
    source: str | Path | None = None,
    texts: str | Path | None = None,
    documents: Iterable[str] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Source:
    """Return the records of a release (version or folder; None: the newest at hand) or of a dataset folder.

    A dataset brings its texts with it. `documents` limits the records to these documents. `progress` is called with the
    number of files of a dataset that were read and that of all. UsageError where there is
    no such source, NotExportable where a dataset has errors.
    """
    folder = Path(source) if source is not None else None
    if folder is not None and folder.is_dir():
        source = folder = sources.newest_in(folder)
    copies = None if texts is None else Path(texts)
    if copies is not None and not copies.is_dir():
        raise UsageError(f"--texts: {copies} is not a folder")
    if folder is not None and folder.is_dir() and not (folder / "events.parquet").is_file():
        root = find_root(folder)
        if root is None:
            raise UsageError(f"{folder} is neither a release (it has no events.parquet) nor a dataset")
        found = _dataset(read_corpus(root, progress=progress), copies)
    else:
        found = _release(source, copies)
    chosen = frozenset(documents)
    if unknown := sorted(chosen - set(found.document_ids)):
        known = ", ".join(found.document_ids[:SHOWN]) + (", …" if len(found.document_ids) > SHOWN else "")
        raise UsageError(f"there is no document {', '.join(unknown)}; there are {known}")
    if chosen:
        found.document_ids = tuple(each for each in found.document_ids if each in chosen)
    return found


# ---- datasets -------------------------------------------------------------------------------------------------


def _dataset(corpus: Corpus, copies: Path | None) -> Source:
    faults = [why for file in corpus.files if (why := _fault(file))]
    if faults:
        more = f"\n… and {len(faults) - SHOWN} more" if len(faults) > SHOWN else ""
        raise NotExportable(
            "the dataset has errors; run standoff check, and correct them first:\n"
            + "\n".join(faults[:SHOWN])
            + more
        )
    files = {file.document.id: file for file in corpus.files if file.document}

    def tables() -> Mapping[str, pl.DataFrame]:
        from standoff.findings import CheckFailed
        from standoff.release.compile import compile_tables
        from standoff.rules import runner

        if errors := [f for f in runner.run(corpus).findings if f.severity == "error"]:
            raise CheckFailed(errors)
        return compile_tables(corpus)

    return Source(
        name=f"dataset {corpus.root.parent.name}",
        document_ids=tuple(sorted(files)),
        read=lambda key: coded(files[key]),
        make_tables=tables,
        actions=tuple(
            {"action": a.code, "label": a.label, "parent": a.parent} for a in corpus.scheme.actions.values()
        ),
        actors={actor.id: actor.name for actor in corpus.registry.values()},
        places={place.id: place.name for place in corpus.gazetteer.values()},
        texts=str(copies or ""),
    )


def _fault(file: AnnotationFile) -> str | None:
    """Return why the records of a file cannot be exported; None if they can."""
    if file.faults:
        return f"{file.shown}: {file.faults[0].message}"
    if file.document is None or file.withheld:
        return f"{file.shown}: it does not follow the schema"
    if file.seed is None or file.seed.text is None:
        return f"{file.shown}: its text {file.document.file} cannot be read"
    if file.seed.sha256 != file.document.sha256:
        return f"{file.shown}: {file.seed.shown} has another SHA-256 than the annotation file states"
    for record in file.records:
        for name, quote in record.quotes():
            if quote.span is None:
                return f"{file.shown}: {record.id}: {name}: {quote.error or 'its evidence is not found'}"
    return None


def coded(file: AnnotationFile) -> Coded:
    """Return the records of an annotation file that has no faults."""
    document, seed = file.document, file.seed
    assert document is not None
    text = seed.text if seed else None
    shown = Document(
        id=document.id,
        sha256=document.sha256,
        text=text,
        url=document.url,
        file=document.file,
        published=document.published.value,
        title=document.title,
    )
    return Coded(
        shown,
        [_event(event, document.id, text) for event in file.events],
        [_negative(negative, document.id, text) for negative in file.negatives],
        document.language,
    )


def _event(event: source.Event, document_id: str, text: str | None) -> Record:
    return Record(
        line=1,
        id=event.id,
        document=document_id,
        document_id=document_id,
        trigger=_passage(event.trigger, text),
        evidence=_passage(event.evidence, text),
        action=event.action,
        actors=_parties(event.actors, text),
        targets=_parties(event.targets, text),
        date=event.date.value,
        date_basis=event.date_basis,
        status=event.status,
        attribution=_parties(event.attribution, text),
        places=tuple(
            Place(id=each.place_id, relation=each.relation, passage=_passage(each.quote, text))
            for each in event.where
        ),
        links=tuple(
            Link(each.relation, each.event_id, _passage(each.quote, text) if each.quote else None)
            for each in event.links
        ),
        mentions=tuple(_passage(each, text) for each in event.mentions),
        reciprocal=event.reciprocal,
        count_min=event.count_min,
        incident=event.incident,
        note=event.note,
        shape=event.shape,
        source_error=event.source_error,
    )


def _negative(negative: source.Negative, document_id: str, text: str | None) -> Negative:
    would = negative.would_be
    return Negative(
        line=1,
        id=negative.id,
        document=document_id,
        document_id=document_id,
        trigger=_passage(negative.trigger, text),
        evidence=_passage(negative.evidence, text) if negative.evidence else None,
        mark=_passage(negative.mark, text) if negative.mark else None,
        reason=negative.reason,
        would_be=WouldBe(would.action, would.actor_id, would.target_id) if would else None,
        note=negative.note,
    )


def _passage(quote: source.Quote, text: str | None) -> Passage:
    words = quote.span.of(text) if quote.span and text is not None else quote.words
    return Passage(words, quote.span)


def _parties(parties: Iterable[source.Party], text: str | None) -> tuple[Party, ...]:
    return tuple(
        Party(
            id=each.actor_id,
            name=passage.words if passage else None,
            passage=passage,
            implicit=each.implicit,
            via=_parties(each.via, text),
        )
        for each in parties
        for passage in (_passage(each.quote, text) if each.quote else None,)
    )


# ---- releases -------------------------------------------------------------------------------------------------


def _release(wanted: str | Path | None, copies: Path | None) -> Source:
    if wanted is not None and Path(wanted).is_dir():
        folder = Path(wanted)
        name = folder.resolve().name
        frames = releases.frames(folder, sorted(folder.glob("*.parquet")))
    else:
        found = sources.find(None if wanted is None else str(wanted).removeprefix("v"))
        name = f"v{found.version}"
        frames = releases.frames(found.folder, [found.table(each) for each in found.tables])
    missing = {"documents", "events", "participants", "negatives", "actors", "actions"} - frames.keys()
    if missing:
        raise UsageError(f"{wanted} is not a release: it has no table {', '.join(sorted(missing))}")
    from standoff.loaders.hydration import find_texts

    texts = find_texts(frames["documents"], copies) if copies is not None else {}
    names = {table: _names(frames[table], table[:-1]) for table in ("actors", "places") if table in frames}
    documents = {row["document_id"]: row for row in frames["documents"].to_dicts()}
    parts = _Parts(frames)
    return Source(
        name=f"release {name}",
        document_ids=tuple(sorted(documents)),
        read=lambda key: parts.coded(documents[key], texts.get(key)),
        make_tables=lambda: frames,
        actions=tuple(frames["actions"].select("action", "label", "parent").to_dicts()),
        actors=names["actors"],
        places=names.get("places", {}),
        texts=str(copies or ""),
        without_text=frozenset(documents.keys() - texts.keys()),
    )


def _names(frame: pl.DataFrame, what: str) -> dict[str, str]:
    """Return the names of a registry's entries by id; the column is called `name` in releases of 1.x."""
    column = f"{what}_name" if f"{what}_name" in frame.columns else "name"
    return dict(frame.select(f"{what}_id", column).iter_rows())


class _Parts:
    """The tables of a release, cut by document. Records are made when a document is asked for."""

    def __init__(self, frames: Mapping[str, pl.DataFrame]) -> None:
        by_event = ("participants", "mentions", "links", "locations")
        document_of = frames["events"].select("event_id", "document_id")
        self._parts: dict[str, dict[Any, pl.DataFrame]] = {}
        for name in ("events", "negatives", *by_event):
            if name not in frames:
                continue
            frame = frames[name]
            if name in by_event and "document_id" not in frame.columns:
                frame = frame.join(document_of, on="event_id", how="left", maintain_order="left")
            parts = frame.partition_by("document_id", as_dict=True, maintain_order=True)
            self._parts[name] = {key[0]: part for key, part in parts.items()}

    def _rows(self, table: str, document_id: str) -> list[Row]:
        part = self._parts.get(table, {}).get(document_id)
        return [] if part is None else part.to_dicts()

    def coded(self, row: Row, text: str | None) -> Coded:
        """Return the records of the document that this row of `documents` describes."""
        document_id = row["document_id"]
        tables: defaultdict[str, list[Row]] = defaultdict(list)
        for name in ("events", "participants", "mentions", "links", "locations"):
            tables[name] = self._rows(name, document_id)
        document = Document(
            id=document_id,
            sha256=row["sha256"],
            text=text,
            url=row["url"],
            file=f"{document_id}.txt",
            published=releases.date(row["published"]),
            title=row["title"],
        )
        records = releases.events(tables, {} if text is None else {document_id: text})
        negatives = [releases.negative(each, text) for each in self._rows("negatives", document_id)]
        return Coded(document, records, negatives, row["language"])
