"""Scaffolds: the next document, event or negative with its id, and empty fields for a person to fill in.

What can be known is filled in (ids, file name, hash); what has to be read is left empty, so that `standoff check` asks for it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from standoff import schema
from standoff.findings import UsageError
from standoff.model import ids
from standoff.rules.history import released_ids
from standoff.source import canonical
from standoff.source.corpus import AnnotationFile, Corpus
from standoff.source.files import MAX_DOCUMENT_BYTES
from standoff.source.records import EDITIONS
from standoff.source.writing import write_text

_LETTERS = {"event": "e", "negative": "n"}
_FIELDS: dict[str, dict[str, Any]] = {
    "event": {
        "evidence": "",
        "trigger": "",
        "actor": [{"id": "", "quote": ""}],
        "target": [{"id": "", "quote": ""}],
        "action": "",
        "date": "",
        "date_basis": "",
        "status": "",
    },
    "negative": {"evidence": "", "trigger": "", "reason": "", "would_be": {"action": ""}},
}
_FIELDS_1: dict[str, dict[str, Any]] = {**_FIELDS, "negative": {"quote": "", "reason": ""}}
_DOCUMENT = ("title", "publisher", "language", "rights", "published")


@dataclass(frozen=True, slots=True)
class Scaffold:
    """What was made: the new id, the file it is in and its line there, and copies made on the way."""

    kind: str
    id: str
    file: Path
    line: int
    copied: Path | None = None
    form: str = "annotation"
    """The name of the schema that the file follows."""

    @property
    def _schema(self) -> dict[str, Any]:
        root = schema.json_schema(self.form)
        node: dict[str, Any] = (root["properties"] if self.kind == "document" else root["$defs"])[self.kind]
        return node

    def fields(self) -> Iterator[tuple[str, str]]:
        """Yield the fields to fill in, each with what the schema says of it."""
        for name in _DOCUMENT if self.kind == "document" else _fields(self.form)[self.kind]:
            node = self._schema["properties"][name]
            words = f" One of: {', '.join(node['enum'])}." if "enum" in node else ""
            yield name, node["description"] + words

    def optional(self) -> list[str]:
        """Return the fields that are left out unless they are needed."""
        return [name for name in self._schema["properties"] if name not in self._schema["required"]]


def new_document(corpus: Corpus, source: Path, also_taken: Iterable[str] = ()) -> Scaffold:
    """Make the annotation file for a text file, which is copied into the folder of documents if it is elsewhere.

    UsageError if it is no UTF-8 text, or is annotated already. Nothing is ever overwritten.
    """
    raw = _text_bytes(source)
    digest = hashlib.sha256(raw).hexdigest()
    for file in corpus.files:
        document = file.value.get("document") if isinstance(file.value, dict) else None
        if isinstance(document, dict) and document.get("sha256") == digest:
            raise UsageError(f"{source} is annotated already, in {file.shown}")
    taken = [file.file.stem for file in corpus.annotation_files()] + [entry.id for entry in corpus.retired]
    new_id = ids.new_document_id([*taken, *also_taken], digest)
    seeds = corpus.documents
    copied = None
    seed = source.resolve()
    if seed.parent != seeds.resolve():
        seed = copied = seeds / f"{new_id[1:]}_{_slug(source.stem)}.txt"
        seeds.mkdir(exist_ok=True)
        with seed.open("xb") as stream:
            stream.write(raw)
    target = corpus.root / "events" / f"{new_id}.yaml"
    value = {
        "edition": EDITIONS[-1],
        "document": {
            "id": new_id,
            "file": seed.name,
            "sha256": digest,
            **dict.fromkeys(_DOCUMENT, ""),
            "language": _language(corpus),
            "published": {"date": "", "basis": ""},
        },
        "events": [],
        "negatives": [],
    }
    target.parent.mkdir(exist_ok=True)
    text = canonical.dump(value, "annotation", canonical.schema_path_for(target, "annotation"))
    write_text(target, text, new=True)
    return Scaffold("document", new_id, target, 1, copied)


def new_documents(corpus: Corpus, sources: Sequence[Path]) -> list[Scaffold]:
    """Make the annotation files for several text files, and for the text files (.txt) in folders, sorted by name.

    Everything is looked at before anything is written. UsageError if one cannot be used, or two have the same text.
    Text files in a folder that are annotated already are passed over.
    """
    files: dict[str, Path] = {}
    annotated = {
        file.value["document"].get("sha256"): file.shown
        for file in corpus.files
        if isinstance(file.value, dict) and isinstance(file.value.get("document"), dict)
    }
    for source in sources:
        inside = sorted(path for path in source.rglob("*") if _is_text(path)) if source.is_dir() else None
        if inside == []:
            raise UsageError(f"{source} holds no text file: names of documents in a folder end in .txt")
        for path in [source] if inside is None else inside:
            digest = hashlib.sha256(_text_bytes(path)).hexdigest()
            if digest in annotated and inside is not None:
                continue
            if digest in files:
                raise UsageError(f"{files[digest]} and {path} have the same text: keep one of them")
            files[digest] = path
    if not files:
        raise UsageError("every text file there is annotated already")
    for digest, path in files.items():
        if digest in annotated:
            raise UsageError(f"{path} is annotated already, in {annotated[digest]}")
    made: list[Scaffold] = []
    for path in files.values():
        made.append(new_document(corpus, path, [each.id for each in made]))
    return made


def _is_text(path: Path) -> bool:
    return path.suffix.lower() == ".txt" and path.is_file() and not path.name.startswith(".")


def _language(corpus: Corpus) -> str:
    """The language that dataset.toml states; empty where a person has to say."""
    about = corpus.meta.value.get("dataset") if isinstance(corpus.meta.value, dict) else None
    language = about.get("language", "") if isinstance(about, dict) else ""
    return language if isinstance(language, str) else ""


def new_record(corpus: Corpus, document_id: str, kind: str) -> Scaffold:
    """Add an event or a negative with the next free number to the document's file, which becomes canonical.

    UsageError if there is no such document, or its file cannot be read.
    """
    file = _annotation_of(corpus, document_id)
    if file.faults:
        fix = "--fix " if all(fault.fix for fault in file.faults) else ""
        raise UsageError(f"{file.shown} cannot be read; fix it first: standoff check {fix}{file.shown}")
    taken = [entry.id for entry in corpus.retired]
    taken += [*released_ids(corpus), *(str(item.get("id")) for _, item in file.items(f"{kind}s"))]
    new_id = ids.next_id(taken, document_id, _LETTERS[kind])
    text = canonical.append(
        file.text,
        file.kind,
        f"{kind}s",
        {"id": new_id, **_fields(file.kind)[kind]},
        None if file.kind == "annotation-1" else canonical.schema_path_for(file.file, file.kind),
    )
    write_text(file.file, text, before=file.text)
    line = next(i for i, line in enumerate(text.split("\n"), 1) if line.strip() == f"- id: {new_id}")
    return Scaffold(kind, new_id, file.file, line, form=file.kind)


def _fields(form: str) -> dict[str, dict[str, Any]]:
    """Return the fields of new records in a file that follows this schema."""
    return _FIELDS_1 if form == "annotation-1" else _FIELDS


def _annotation_of(corpus: Corpus, document_id: str) -> AnnotationFile:
    known = {file.file.stem: file for file in corpus.files}
    if document_id not in known:
        some = f"; there are {', '.join(sorted(known))}" if len(known) <= 20 else ""
        raise UsageError(f"there is no document {document_id}{some}")
    return known[document_id]


def _text_bytes(source: Path) -> bytes:
    if not source.is_file():
        raise UsageError(f"there is no file {source}")
    if source.stat().st_size > MAX_DOCUMENT_BYTES:
        raise UsageError(
            f"{source} has more than {MAX_DOCUMENT_BYTES:,} bytes; split it, and keep one report in a file"
        )
    raw = source.read_bytes()
    if source.suffix.lower() in _CONVERSIONS:  # HTML and RTF are text, but not the text that a reader sees
        raise UsageError(f"{source} is not plain text{_conversion(source)}")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise UsageError(f"{source} is not plain text in UTF-8{_conversion(source)}")
    if not text.strip():
        raise UsageError(f"{source} is empty")
    return raw


_CONVERSIONS = {
    ".pdf": "convert it, for example by `pdftotext -enc UTF-8 FILE.pdf`, and compare the text with the pages",
    ".html": "save the text of the article from your browser, or convert it by `pandoc -t plain`",
    ".docx": "convert it by `pandoc -t plain`, or in Word: Save As, Plain Text, then the encoding Unicode UTF-8",
}
_CONVERSIONS |= {
    ".htm": _CONVERSIONS[".html"],
    ".doc": _CONVERSIONS[".docx"],
    ".odt": _CONVERSIONS[".docx"],
    ".rtf": _CONVERSIONS[".docx"],
}


def _conversion(source: Path) -> str:
    """How to make text of a file, for the end of a message."""
    words = _CONVERSIONS.get(
        source.suffix.lower(),
        "save it as such first (Word: Save As, Plain Text, then the encoding Unicode UTF-8)",
    )
    return f"; {words}"


def _slug(stem: str) -> str:
    """A file name that every system takes: lower case letters, digits and underscores."""
    plain = (
        unicodedata.normalize("NFKD", re.sub(r"^d?[0-9]{1,3}[_-]", "", stem))
        .encode("ascii", "ignore")
        .decode()
    )
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")[:60] or "document"
