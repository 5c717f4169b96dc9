"""`standoff import`: annotations of other tools as a pass of a dataset, in canonical form.

Released records are never touched. A record that cannot be placed is left out and reported; a field that the tool does
not have is left empty, and `standoff check` asks for it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from standoff.exchange import archives, formats, reading
from standoff.exchange.documents import Documents
from standoff.exchange.formats import Format
from standoff.exchange.known import Known, known_documents
from standoff.exchange.labels import Labels, read_labels
from standoff.exchange.losses import FILE, Losses
from standoff.exchange.passes import DocumentPass
from standoff.exchange.records import MAX_KEPT, Fault, Intake, Loss, Negative, Record, shown_notes
from standoff.findings import StandoffError, UsageError, plural
from standoff.lazy import uncollected
from standoff.scratch import scratch
from standoff.source import canonical, processes, records
from standoff.source.corpus import read_corpus
from standoff.source.files import MAX_DOCUMENT_BYTES
from standoff.source.root import find_root

_SMALL = 10_000
"""Files of so many bytes for each item of `processes.processes` are read in several processes."""
_NAME = re.compile(r"[a-z][a-z0-9]*")
"""What an annotator's id may be, as in the schema of dataset.toml."""
INCOMPLETE = "what it says of its document has errors, so that the document is not known; run standoff check"
"""The note about files of the dataset that are not complete."""
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
    noted: dict[str, list[str]] = field(default_factory=dict)
    annotator_known: bool = True
    met: set[str] = field(default_factory=set, repr=False)
    """The documents that files were about, whether they could be read or not."""

    def add(self, other: Imported) -> None:
        """Add the account of other files."""
        self.documents += other.documents
        self.events += other.events
        self.negatives += other.negatives
        self.units += other.units
        self.problems += other.problems
        self.losses += other.losses
        for text, files in other.noted.items():
            self.noted.setdefault(text, []).extend(files)
        self.met |= other.met

    @property
    def notes(self) -> list[str]:
        """What a reader of the account should know, each with the first of its files."""
        return shown_notes(self.noted)

    def sort(self) -> None:
        """Put problems and losses into an order that does not depend on who read what; keep the first of each kind."""
        self.problems.sort(key=lambda fault: (fault.file, fault.line))
        self.losses.sort(key=lambda loss: loss.record)
        kinds: Counter[str] = Counter()
        kept = []
        for fault in self.problems:
            kinds[fault.kind] += 1
            if kinds[fault.kind] <= MAX_KEPT:
                kept.append(fault)
        self.problems = kept

    def __str__(self) -> str:
        units = ", ".join(f"{unit}: {count:,}" for unit, count in self.units.most_common())
        placed = f"; offsets in {units}" if units else ""
        return (
            f"{self.format}: {plural(self.events, 'event')} and {plural(self.negatives, 'negative')} of "
            f"{plural(self.documents, 'document')} in {self.folder}{placed}"
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
    corpus = read_corpus(root, only=[])
    target = corpus.root / "passes" / name
    if target.exists():
        raise UsageError(f"{target} already exists; choose another name with --as")
    mapping = read_labels(None if labels is None else Path(labels), corpus.scheme)
    known, incomplete = known_documents(corpus, progress)
    with archives.opened(source) as unpacked, scratch(corpus.root) as folder:
        work = _Work(chosen, unpacked, mapping, known, folder, progress)
        try:
            done = work.in_shares() or work.share(reading.Share())
        except UsageError as error:
            raise UsageError(str(error).replace(str(unpacked), str(source))) from None
        done.folder = target
        if incomplete:
            done.noted[INCOMPLETE] = incomplete
        done.annotator_known = name in {each.get("id") for each in corpus.annotators}
        if not done.documents or (done.problems and not done.events + done.negatives):
            why = [done.problems[0].shown(str(source))] if done.problems else []
            why += shown_notes({INCOMPLETE: incomplete}) if why and incomplete else [] if why else done.notes
            why = why or ["it names no document of the dataset"]
            raise UsageError(f"{source}: nothing could be imported; {'; '.join(why)}")
        target.parent.mkdir(exist_ok=True)
        folder.chmod(0o755)
        folder.rename(target)
    if losses is not None:
        _write_losses(Path(losses), done.losses)
    return done


@dataclass
class _Work:
    """Reads files and writes the pass into a folder."""

    format: Format
    path: Path
    labels: Labels
    known: Mapping[str, Known]
    folder: Path
    progress: Callable[[int, int], None] | None

    def in_shares(self) -> Imported | None:
        """Return the account of all files, read in several processes.

        None if this cannot be: there is too little to read, shares are not independent of one another (two of them
        are about the same document), or one of them raised an exception. Then one process has to read everything.
        """
        number = processes.processes(_size(self.path) // _SMALL) if self.format.shares else 1
        if number == 1:
            return None
        shares = [reading.Share(i, number, self.format.shares) for i in range(number)]
        made = processes.spread(self._share_or_none, shares)
        done = Imported(self.format.name, self.folder)
        for each in made:
            if each is None or not done.met.isdisjoint(each.met):
                for file in self.folder.iterdir():
                    file.unlink()
                return None
            done.add(each)
        done.sort()
        return done

    def _share_or_none(self, share: reading.Share) -> Imported | None:
        try:
            return self.share(share)
        except StandoffError:
            return None

    def share(self, share: reading.Share) -> Imported:
        """Read one share of the files, write the documents' files into the folder, and return the account."""
        documents = Documents(each.document for each in self.known.values())
        with reading.watched(self.progress, share):
            intake = self.format.read(self.path, documents, self.labels)
        self.labels.require()
        done = Imported(
            self.format.name,
            self.folder,
            units=intake.units,
            losses=intake.losses,
            noted=intake.noted,
            problems=[fault for fault in intake.faults if fault.kind not in HARMLESS],
            met=intake.met,
        )
        self._write(intake, done, share)
        done.sort()
        return done

    def _write(self, intake: Intake, done: Imported, share: reading.Share) -> None:
        """Write one file for each document that was read."""
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
        schema = canonical.schema_path_for(self.folder.parent / "passes" / "a1" / "d001.yaml", "annotation")
        for number, document_id in enumerate(sorted(intake.documents), start=1):
            about = self.known[document_id]
            if about.document.text is None:
                message = (
                    f"the text of {document_id} is needed: put {about.document.file} into the folder of documents, in UTF-8 and "
                    f"with at most {MAX_DOCUMENT_BYTES:,} bytes; standoff check says what is wrong with it"
                )
                done.problems.append(Fault("unknown-document", 1, message, intake.documents[document_id]))
                continue
            made = DocumentPass(
                document_id,
                about.document.text,
                list(about.taken),
                done.problems,
                done.losses,
                about.edition,
                about.quotes,
            )
            value = {
                "document": about.value,
                **made.records(events[document_id], negatives[document_id]),
            }
            done.documents += 1
            done.events += len(value["events"])
            done.negatives += len(value["negatives"])
            kind = records.schema_name(value)
            text = canonical.dump(value, kind, schema if kind == "annotation" else None)
            (self.folder / f"{document_id}.yaml").write_bytes(text.encode("utf-8"))
            if self.progress is not None:
                self.progress(number * share.number, len(intake.documents) * share.number)


def _size(path: Path) -> int:
    """Return the number of bytes of a file, or of all files in a folder."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.stat().st_size for file in files if file.is_file())


def _write_losses(path: Path, losses: list[Loss]) -> None:
    with scratch(path.absolute().parent) as folder:
        with Losses(folder) as table:
            for each in losses:
                table.add(each.record, each.field, each.value, each.why)
        (folder / FILE).replace(path)
