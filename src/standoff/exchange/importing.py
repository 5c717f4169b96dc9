"""`standoff import`: annotations of other tools as a pass of a dataset, in canonical form.

Released records are never touched. A record that cannot be placed is left out and reported; a field that the tool does
not have is left empty, and `standoff check` asks for it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from standoff.exchange import archives, formats, reading
from standoff.exchange.documents import Document, Documents
from standoff.exchange.labels import read_labels
from standoff.exchange.losses import FILE, Losses
from standoff.exchange.passes import DocumentPass
from standoff.exchange.records import Fault, Intake, Loss, Negative, Record
from standoff.findings import UsageError
from standoff.lazy import uncollected
from standoff.scratch import scratch
from standoff.source import canonical, records
from standoff.source.corpus import AnnotationFile, Corpus, read_corpus
from standoff.source.root import find_root

_NAME = re.compile(r"[a-z][a-z0-9]*")
"""What an annotator's id may be, as in the schema of dataset.toml."""
HARMLESS = frozenset(("duplicate",))
"""Faults of a record that do not keep it from being imported."""
EMPTIED = frozenset(("bad-date", "bad-field"))
"""Faults of a field, which is left empty; the record stays."""


@dataclass
class Imported:
    """What an import made: the folder of the pass, how much is in it, and what could not be placed.

    `units` says how many triggers were placed in which unit of offsets. `problems` are the records that were left out and
    the fields that were left empty, each with its place.
    """

    format: str
    folder: Path
    documents: int = 0
    events: int = 0
    negatives: int = 0
    units: Counter[str] = field(default_factory=Counter)
    problems: list[Fault] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    annotator_known: bool = True

    def __str__(self) -> str:
        units = ", ".join(f"{unit}: {count:,}" for unit, count in self.units.most_common())
        placed = f"; offsets in {units}" if units else ""
        return (
            f"{self.format}: {self.events:,} events and {self.negatives:,} negatives of {self.documents:,} documents "
            f"in {self.folder}{placed}"
        )


@uncollected()
def import_pass(
    format: str,  # noqa: A002  # what the command calls it
    path: str | Path,
    *,
    name: str,
    dataset: str | Path = ".",
    labels: str | Path | None = None,
    losses: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Imported:
    """Read annotations in another format, write them as the pass `name` of a dataset, and return the account.

    `labels` is a TOML file that says what the tool's labels mean (see `standoff.exchange.labels`). `losses` is a file
    for the table of values that no field of an annotation file holds. `progress` is called with the number of documents done
    and of all: while the dataset is read, while the files are read (of a single file, their number is estimated), and while
    the pass is made. UsageError if the pass is there already, a label is
    unknown, or nothing could be placed.

    Examples:
        >>> import standoff
        >>> done = standoff.export("brat", "dataset", to="annotated", documents=["d000"])
        >>> done = standoff.import_pass("brat", "annotated", name="ann1", dataset="dataset")
    """
    chosen = formats.importer(format)
    source = Path(path)
    if not source.exists():
        raise UsageError(f"{source} does not exist")
    if not _NAME.fullmatch(name):
        raise UsageError(
            f'--as: "{name}" is not a name of a pass; use a letter, then a-z and 0-9, such as ann1'
        )
    root = find_root(Path(dataset))
    if root is None:
        raise UsageError(f"there is no dataset in {dataset}; name its folder with --dataset")
    corpus = read_corpus(root, progress=progress)
    target = root / "passes" / name
    if target.exists():
        raise UsageError(f"{target} is there already; choose another name with --as")
    mapping = read_labels(None if labels is None else Path(labels), corpus.scheme)
    known = _known(corpus)
    annotators = {each.get("id") for each in corpus.annotators}
    del corpus  # the records of a large dataset take more room than all that follows
    with archives.opened(source) as unpacked, reading.watched(progress):
        try:
            intake = chosen.read(unpacked, Documents(each.document for each in known.values()), mapping)
        except UsageError as error:
            raise UsageError(str(error).replace(str(unpacked), str(source))) from None
    mapping.require()
    done = Imported(
        chosen.name,
        target,
        units=intake.units,
        losses=intake.losses,
        notes=intake.notes,
        annotator_known=name in annotators,
    )
    texts = _passes(intake, known, target, done, progress)
    if not texts or (done.problems and not done.events + done.negatives):
        first = (
            done.problems[0].shown(str(source))
            if done.problems
            else "; ".join(done.notes) or "it names no document of the dataset"
        )
        raise UsageError(f"{source}: nothing could be imported; {first}")
    _write(target, texts)
    if losses is not None:
        _write_losses(Path(losses), done.losses)
    return done


@dataclass(frozen=True)
class _Known:
    """A document of the dataset: what its annotation file says of it, the ids that are taken, and the file's edition."""

    document: Document
    value: dict[str, Any]
    taken: tuple[str, ...]
    edition: int


def _known(corpus: Corpus) -> dict[str, _Known]:
    retired: defaultdict[str, list[str]] = defaultdict(list)
    for entry in corpus.retired:
        retired[entry.id.partition("-")[0]].append(entry.id)
    return {
        file.document.id: _Known(
            _document(file, file.document),
            file.value["document"],
            (*retired[file.document.id], *(record.id for record in file.records)),
            records.edition_of(file.value),
        )
        for file in corpus.files
        if file.document
    }


def _document(file: AnnotationFile, document: records.Document) -> Document:
    known = file.seed is not None and file.seed.sha256 == document.sha256
    return Document(
        id=document.id,
        sha256=document.sha256,
        text=file.seed.text if known and file.seed else None,
        url=document.url,
        file=document.file,
        published=document.published.value,
        title=document.title,
    )


def _passes(
    intake: Intake,
    known: dict[str, _Known],
    target: Path,
    done: Imported,
    progress: Callable[[int, int], None] | None,
) -> dict[str, str]:
    """Return the text of every file of the pass, by document."""
    events: defaultdict[str, list[Record]] = defaultdict(list)
    negatives: defaultdict[str, list[Negative]] = defaultdict(list)
    found: list[Record | Negative] = [*intake.records, *intake.negatives]
    for each in found:
        blocking = set(each.faults) - HARMLESS - EMPTIED
        if blocking or each.document_id is None:
            continue  # its faults are reported
        if isinstance(each, Record):
            events[each.document_id].append(each)
        else:
            negatives[each.document_id].append(each)
    done.problems = [fault for fault in intake.faults if fault.kind not in HARMLESS]
    texts: dict[str, str] = {}
    for document_id in sorted(intake.documents):
        about = known[document_id]
        text = about.document.text
        if text is None:
            message = f"the text of {document_id} is needed: put {about.document.file} in seeds"
            done.problems.append(Fault("unknown-document", 1, message, intake.documents[document_id]))
            continue
        made = DocumentPass(document_id, text, list(about.taken), done.problems, done.losses, about.edition)
        value: dict[str, Any] = {
            "document": about.value,
            **made.records(events[document_id], negatives[document_id]),
        }
        done.documents += 1
        done.events += len(value["events"])
        done.negatives += len(value["negatives"])
        kind = records.schema_name(value)
        path = (
            None if kind != "annotation" else canonical.schema_path_for(target / f"{document_id}.yaml", kind)
        )
        texts[document_id] = canonical.dump(value, kind, path)
        if progress is not None:
            progress(done.documents, len(intake.documents))
    return texts


def _write(target: Path, texts: dict[str, str]) -> None:
    """Write the files of a pass: all or none."""
    target.parent.mkdir(exist_ok=True)
    with scratch(target.parent) as folder:
        for document_id, text in texts.items():
            (folder / f"{document_id}.yaml").write_bytes(text.encode("utf-8"))
        folder.chmod(0o755)
        folder.rename(target)


def _write_losses(path: Path, losses: list[Loss]) -> None:
    with scratch(path.absolute().parent) as folder:
        with Losses(folder) as table:
            table.extend(losses)
        (folder / FILE).replace(path)
