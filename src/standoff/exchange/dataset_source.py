"""The records of a dataset folder as what is exported. Each annotation file is read when its document is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from standoff.exchange.coded import SHOWN, Blocks, Coded, NotExportable, Source
from standoff.exchange.documents import document_of
from standoff.exchange.records import Link, Negative, Party, Passage, Place, Record, WouldBe
from standoff.source import processes
from standoff.source import records as source
from standoff.source.corpus import AnnotationFile, annotation_paths, read_annotations, read_corpus
from standoff.source.files import MAX_DOCUMENT_BYTES

if TYPE_CHECKING:
    from standoff.release.shares import Packed
    from standoff.source.corpus import Corpus

Progress = Callable[[int, int], None]


def of(root: Path, copies: Path | None, progress: Progress | None) -> Source:
    """Return the records of the dataset folder `root`, which brings its texts with it.

    `progress` is called with the number of files read and of all, where the whole dataset has to be read first.
    """
    corpus = read_corpus(root, only=[])
    files = _Files(root, {path.stem: path for path in annotation_paths(corpus)}, corpus, progress)
    return Source(
        name=f"dataset {corpus.root.parent.name}",
        document_ids=tuple(sorted(files.paths)),
        read=files.coded,
        make_blocks=files.blocks,
        actions=tuple(
            {"action": a.code, "label": a.label, "parent": a.parent} for a in corpus.scheme.actions.values()
        ),
        actors={actor.id: actor.name for actor in corpus.registry.values()},
        places={place.id: place.name for place in corpus.gazetteer.values()},
        texts=str(copies or ""),
    )


class _Files:
    """The annotation files of a dataset, by the id of their document."""

    def __init__(
        self, root: Path, paths: Mapping[str, Path], corpus: Corpus, progress: Progress | None
    ) -> None:
        self._root, self.paths, self._corpus, self._progress = root, paths, corpus, progress

    def _file(self, document_id: str) -> AnnotationFile:
        return read_annotations(self._corpus, self.paths[document_id])

    def coded(self, document_id: str) -> Coded:
        """Return the records of a document. NotExportable if its file has errors: it names those of other files too."""
        file = self._file(document_id)
        if _fault(file, document_id) is not None:
            raise self._refusal()
        return coded(file)

    def _refusal(self) -> NotExportable:
        faults = [why for key in sorted(self.paths) if (why := _fault(self._file(key), key))]
        more = f"\n… and {len(faults) - SHOWN} more" if len(faults) > SHOWN else ""
        return NotExportable(
            "the dataset has errors; run standoff check, and correct them first:\n"
            + "\n".join(faults[:SHOWN])
            + more
        )

    def blocks(self) -> Blocks:
        """Return the tables of a release. NotExportable or CheckFailed if the dataset has errors."""
        from standoff.release import shares

        found = processes.apart(self._packed, len(self.paths))
        return Blocks(
            [partial(shares.block_tables, self._corpus, block) for block in found.blocks],
            partial(shares.whole_tables, self._corpus, found),
        )

    def _packed(self) -> Packed:
        """Read and check the whole dataset; return its tables packed, which takes a fraction of the memory of the records."""
        from standoff.findings import CheckFailed
        from standoff.release.shares import packed
        from standoff.rules import runner

        corpus = read_corpus(self._root, progress=self._progress)
        for file in corpus.files:
            if _fault(file, file.file.stem) is not None:
                raise self._refusal()
        if errors := [f for f in runner.run(corpus).findings if f.severity == "error"]:
            raise CheckFailed(errors)
        for file in corpus.files:  # tables are made of records
            file.text, file.value = "", None
        return packed(corpus)


def _fault(file: AnnotationFile, document_id: str) -> str | None:
    """Return why the records of a file about this document cannot be exported; None if they can."""
    if file.faults:
        return f"{file.shown}: {file.faults[0].message}"
    if file.document is None or file.withheld:
        return f"{file.shown}: it does not follow the schema"
    if file.document.id != document_id:
        return f"{file.shown}: it is about {file.document.id}; name it {file.document.id}.yaml"
    if file.seed is None or file.seed.text is None:
        large = file.seed is not None and file.seed.problem == "large"
        why = f"has more than {MAX_DOCUMENT_BYTES:,} bytes: split it" if large else "cannot be read"
        return f"{file.shown}: its text {file.document.file} {why}"
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
    return Coded(
        document_of(document, text),
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
