"""The corpus: every source file of a dataset, read once, good or bad.

    dataset/dataset.toml, actors.yaml, retired.csv, events/*.yaml, passes/<annotator>/*.yaml
    seeds/*.txt beside the dataset folder

Nothing here raises on bad data. Each file keeps what was wrong with it for the rules to report.
"""

from __future__ import annotations

import csv
import hashlib
import io
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path as FilePath
from pathlib import PurePosixPath
from typing import Any, TypeVar

from standoff.findings import UsageError
from standoff.model import dates
from standoff.model.actors import Actor, Affiliation, Registry
from standoff.model.places import Place
from standoff.source import strict_yaml
from standoff.source.form import Violation, violations
from standoff.source.records import Document, Event, Negative, build_document, build_event, build_negative

_Source = TypeVar("_Source", bound="SourceFile")

MAX_DOCUMENT_BYTES = 16 * 1024 * 1024
"""Largest document read, in bytes."""


@dataclass
class SourceFile:
    """A file that people write: its text, what reading it gave, and how it breaks its schema.

    `shown` is the path as findings show it; `kind` names its schema: annotation, actors or dataset.
    """

    file: FilePath
    shown: str
    kind: str
    text: str = ""
    value: Any = None
    faults: list[strict_yaml.ReadFault] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)

    @cached_property
    def places(self) -> strict_yaml.Places:
        """Places of every value; computed only when something has to be shown."""
        return strict_yaml.places(self.text) if self.file.suffix == ".yaml" else strict_yaml.Places()

    @cached_property
    def lines(self) -> list[str]:
        """The file's lines without their ends."""
        return self.text.splitlines()

    def sound(self, *path: str | int) -> bool:
        """Whether nothing is wrong with the form of the value at `path` or inside it."""
        return not any(v.path[: len(path)] == path for v in self.violations)


@dataclass
class SeedText:
    """A document's text as it lies in `seeds/`; `text` is None where it cannot be read, `problem` says why."""

    file: FilePath
    shown: str
    text: str | None
    sha256: str | None
    problem: str | None = None


@dataclass
class AnnotationFile(SourceFile):
    """One annotation file: its document, events and negatives, as far as their form allows records."""

    annotator: str | None = None
    seed: SeedText | None = None
    document: Document | None = None
    events: list[Event] = field(default_factory=list)
    negatives: list[Negative] = field(default_factory=list)
    withheld: int = 0
    """How many records could not be built because their form is wrong."""

    @property
    def records(self) -> list[Event | Negative]:
        """The events, then the negatives."""
        return [*self.events, *self.negatives]


@dataclass
class RetiredId:
    """A withdrawn id: the version since which it is gone, why, and its successor if there is one."""

    id: str
    since: str
    reason: str
    replaced_by: str | None
    line: int


@dataclass
class Corpus:
    """Everything that a release is made from. `whole` is False when only some annotation files were read."""

    root: FilePath
    shown: str
    meta: SourceFile
    actors: SourceFile
    retired_file: SourceFile
    retired: list[RetiredId]
    files: list[AnnotationFile]
    passes: list[AnnotationFile]
    registry: Registry
    whole: bool

    def sources(self) -> Iterator[SourceFile]:
        """Yield every file that has a schema, in the order of the folder."""
        yield self.meta
        yield self.actors
        yield from self.files
        yield from self.passes

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

    @property
    def annotators(self) -> list[dict[str, Any]]:
        """The annotators that dataset.toml names."""
        return list((self.meta.value or {}).get("annotators", []))


def find_root(start: FilePath) -> FilePath | None:
    """Return the dataset folder (the one with dataset.toml) that holds `start` or is named `dataset` in it."""
    start = start.resolve()
    for candidate in (start, start / "dataset", *start.parents):
        if (candidate / "dataset.toml").is_file():
            return candidate
    return None


def read_corpus(root: FilePath, only: list[FilePath] | None = None, base: FilePath | None = None) -> Corpus:
    """Read the dataset folder `root`; with `only`, of its annotation files just those.

    Paths in findings are relative to `base` (the working directory by default) where they lie below it.
    """
    base = (base or FilePath.cwd()).resolve()
    root = root.resolve()
    if not (root / "dataset.toml").is_file():
        raise UsageError(f"{_shown(root, base)} is no dataset: it holds no dataset.toml")
    meta = _read_toml(root / "dataset.toml", base)
    actors = _read_yaml(SourceFile(root / "actors.yaml", _shown(root / "actors.yaml", base), "actors"))
    wanted = None if only is None else {path.resolve() for path in only}
    seeds = root.parent / "seeds"
    cache: dict[str, SeedText] = {}

    def annotations(paths: list[FilePath], annotator: str | None) -> list[AnnotationFile]:
        chosen = [path for path in sorted(paths) if wanted is None or path.resolve() in wanted]
        return [_read_annotation(path, base, seeds, annotator, cache) for path in chosen]

    passes: list[AnnotationFile] = []
    if (root / "passes").is_dir():
        for folder in sorted(path for path in (root / "passes").iterdir() if path.is_dir()):
            passes += annotations(list(folder.glob("*.yaml")), folder.name)
    retired_file, retired = _read_retired(root / "retired.csv", base)
    return Corpus(
        root=root,
        shown=_shown(root, base),
        meta=meta,
        actors=actors,
        retired_file=retired_file,
        retired=retired,
        files=annotations(list((root / "events").glob("*.yaml")), None),
        passes=passes,
        registry=_build_registry(actors),
        whole=wanted is None,
    )


def _shown(path: FilePath, base: FilePath) -> str:
    try:
        return path.relative_to(base).as_posix() or "."
    except ValueError:
        return path.as_posix()


def _bytes_to_text(source: SourceFile, limit: int) -> str | None:
    """Read a file as UTF-8, noting what stands in the way."""
    nowhere = Place(1, 1, 1, 1)

    def fault(rule: str, message: str, remedy: str, place: Place = nowhere) -> None:
        source.faults.append(strict_yaml.ReadFault(rule, place, message, remedy))

    try:
        size = source.file.stat().st_size
        if size > limit:
            fault(
                "file-too-large",
                f"the file has {size:,} bytes; at most {limit:,} are read",
                "split it, or look for what does not belong in it",
            )
            return None
        raw = source.file.read_bytes()
    except FileNotFoundError:
        fault("file-unreadable", "the file does not exist", "restore it, or correct the path")
        return None
    except OSError as error:
        fault("file-unreadable", f"the file cannot be read: {error.strerror}", "check its permissions")
        return None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        fault(
            "not-utf8",
            f"the byte 0x{raw[error.start]:02x} is not UTF-8",
            "save the file as UTF-8 (in most editors: Save with Encoding)",
            Place(line, column, line, column + 1),
        )
        return None


def _read_yaml(source: _Source) -> _Source:
    text = _bytes_to_text(source, strict_yaml.MAX_BYTES)
    if text is None:
        return source
    source.text = text
    reading = strict_yaml.read(text)
    source.value = reading.value
    source.faults += reading.faults
    if source.value is not None or not source.faults:
        source.violations = violations(source.kind, source.value)
    return source


def _read_toml(path: FilePath, base: FilePath) -> SourceFile:
    source = SourceFile(path, _shown(path, base), "dataset")
    text = _bytes_to_text(source, strict_yaml.MAX_BYTES)
    if text is None:
        return source
    source.text = text
    try:
        source.value = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
        place = Place(line, column, line, column + 1)
        source.faults.append(
            strict_yaml.ReadFault("toml-syntax", place, f"this is not TOML: {error}", "see toml.io")
        )
        return source
    source.violations = violations("dataset", source.value)
    return source


def _read_retired(path: FilePath, base: FilePath) -> tuple[SourceFile, list[RetiredId]]:
    source = SourceFile(path, _shown(path, base), "retired")
    if not path.exists():
        return source, []
    text = _bytes_to_text(source, strict_yaml.MAX_BYTES)
    if text is None:
        return source, []
    source.text = text
    reader = csv.DictReader(io.StringIO(text, newline=""))
    expected = ["id", "since", "reason", "replaced_by"]
    if reader.fieldnames != expected:
        place = Place(1, 1, 1, 1 + len(text.partition("\n")[0]))
        source.faults.append(
            strict_yaml.ReadFault(
                "csv-columns", place, f"the columns are not {', '.join(expected)}", "write the header so"
            )
        )
        return source, []
    return source, [
        RetiredId(
            row["id"] or "",
            row["since"] or "",
            row["reason"] or "",
            row["replaced_by"] or None,
            reader.line_num,
        )
        for row in reader
    ]


def _read_annotation(
    path: FilePath, base: FilePath, seeds: FilePath, annotator: str | None, cache: dict[str, SeedText]
) -> AnnotationFile:
    file = _read_yaml(AnnotationFile(path, _shown(path, base), "annotation", annotator=annotator))
    value = file.value
    if not isinstance(value, dict):
        return file
    if "document" in value and file.sound("document"):
        file.document = build_document(value["document"])
        name = file.document.file
        if name not in cache:
            cache[name] = _read_seed(seeds, name, base)
        file.seed = cache[name]
    text = file.seed.text if file.seed else None
    for key, build, records in (
        ("events", build_event, file.events),
        ("negatives", build_negative, file.negatives),
    ):
        items = value.get(key)
        if not isinstance(items, list):
            continue
        broken = {v.path[1] for v in file.violations if v.path[:1] == (key,) and len(v.path) > 1}
        file.withheld += len(broken)
        for i, item in enumerate(items):
            if i not in broken:
                records.append(build(item, (key, i), text))  # type: ignore[arg-type]
    return file


def _read_seed(seeds: FilePath, name: str, base: FilePath) -> SeedText:
    """Read a document by the name an annotation gives, never outside `seeds/` and never through a link."""
    pure = PurePosixPath(name)
    path = seeds / name
    shown = _shown(path, base)
    if pure.is_absolute() or len(pure.parts) != 1 or name in (".", "..") or "\\" in name or "\0" in name:
        return SeedText(path, shown, None, None, "escapes")
    if path.is_symlink():
        return SeedText(path, shown, None, None, "link")
    if not path.is_file():
        return SeedText(path, shown, None, None, "missing")
    try:
        if path.stat().st_size > MAX_DOCUMENT_BYTES:
            return SeedText(path, shown, None, None, "large")
        raw = path.read_bytes()
    except OSError:
        return SeedText(path, shown, None, None, "unreadable")
    digest = hashlib.sha256(raw).hexdigest()
    try:
        return SeedText(path, shown, raw.decode("utf-8"), digest)
    except UnicodeDecodeError:
        return SeedText(path, shown, None, digest, "encoding")


def _build_registry(source: SourceFile) -> Registry:
    """Build the registry from the entries whose form is right; of two with one id the first counts."""
    entries: dict[str, Actor] = {}
    value = source.value if isinstance(source.value, dict) else {}
    items = value.get("actors")
    for i, item in enumerate(items if isinstance(items, list) else []):
        if source.sound("actors", i):
            actor = _build_actor(item)
            entries.setdefault(actor.id, actor)
    return Registry(entries.values())


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
