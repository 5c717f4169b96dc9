"""The readers and writers by name, and which reader a file is for.

A format of another package is named by an entry point in the group ``standoff.formats``. It leads to a `Format`.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from standoff.exchange import archives, cells
from standoff.exchange.documents import Documents
from standoff.exchange.labels import Labels
from standoff.exchange.records import Intake
from standoff.exchange.values import NotARecord, parse_json
from standoff.findings import UsageError

if TYPE_CHECKING:
    from standoff.exchange.coded import Source
    from standoff.exchange.losses import Losses

Shares = Literal["", "files", "records", "documents"]
Reader = Callable[[Path, Documents], Intake]
GROUP = "standoff.formats"


@dataclass(frozen=True)
class Format:
    """A format: its name, what it is, and how it is written and read (None: it is not).

    `write(source, folder, losses)` writes files into an empty folder and lists what it leaves out.
    `read(path, documents, labels)` returns an intake. `needs_texts` says that files hold the text of documents.
    `shares` says what several processes may share when they read: "files" that `reading.each` yields, of a single file
    the "records" that `json_stream` yields, or nothing. A file or record must then be about one document. With "documents",
    each process reads the whole file, and makes records of the documents that `reading.mine_is` gives it.
    """

    name: str
    about: str
    write_to: Callable[[Source, Path, Losses], None] | None = None
    read_from: Callable[[Path, Documents, Labels | None], Intake] | None = None
    needs_texts: bool = False
    shares: Shares = ""

    def write(self, source: Source, folder: Path, losses: Losses) -> None:
        """Write the records of a source into a folder."""
        assert self.write_to is not None
        self.write_to(source, folder, losses)

    def read(self, path: Path, documents: Documents, labels: Labels | None) -> Intake:
        """Read the records of a file or folder."""
        assert self.read_from is not None
        return self.read_from(path, documents, labels)


def _later(name: str | None) -> Callable[..., Any] | None:
    """Return a function of this package, ``module.function``, that is imported when it is called."""
    if name is None:
        return None
    module, _, function = name.partition(".")

    def call(*arguments: Any) -> Any:
        return getattr(importlib.import_module(f"standoff.exchange.{module}"), function)(*arguments)

    return call


def _ours(
    name: str,
    about: str,
    write: str | None,
    read: str | None,
    *,
    needs_texts: bool = False,
    shares: Shares = "",
) -> Format:
    """Return a format of this package by the names of its functions."""
    return Format(name, about, _later(write), _later(read), needs_texts, shares)


OURS: tuple[Format, ...] = (
    _ours("brat", "brat standoff: a text and an .ann file for each document, with its configuration", "brat_files.write", "brat.read", needs_texts=True, shares="files"),
    _ours("cas-json", "UIMA CAS JSON with its types, as INCEpTION reads and writes it", "cas_json.write", "cas_json.read", needs_texts=True, shares="files"),
    _ours("cas-xmi", "UIMA CAS XMI with TypeSystem.xml, as INCEpTION reads and writes it", "cas_xmi.write", "cas_xmi.read", needs_texts=True, shares="files"),
    _ours("label-studio", "Label Studio tasks with annotations, and the labelling configuration", "label_studio.write", "label_studio.read", needs_texts=True, shares="records"),
    _ours("web-annotation", "W3C Web Annotation in JSON-LD, one page for each document; positions, no text", "web_annotation.write", "web_annotation.read", shares="files"),
    _ours("predictions", "JSON Lines that standoff score reads (schema/prediction.schema.json)", "prediction_lines.write", "adapted.read_predictions", shares="documents"),
    _ours("textee", "TextEE and OneIE JSON Lines, for training event extractors", "textee_files.write", "adapted.read_textee", needs_texts=True, shares="documents"),
    _ours("langextract", "annotated documents of langextract", None, "adapted.read_langextract", shares="documents"),
    _ours("spacy", "spaCy DocBin with groups of spans, for training; needs the package spacy", "spacy_files.write", None, needs_texts=True),
    _ours("gdelt2", "GDELT 2 rows: 61 columns, one row for each directed pair", "row_files.write_gdelt2", None),
    _ours("icews", "ICEWS rows: 20 columns, one row for each directed pair", "row_files.write_icews", None),
    _ours("polecat", "POLECAT rows in PLOVER types, one row for each directed pair", "row_files.write_polecat", None),
    _ours("graphml", "who-to-whom graph in GraphML, for Gephi, networkx and igraph", "graph_files.write_graphml", None),
    _ours("gexf", "who-to-whom graph in GEXF 1.3 with days, for Gephi", "graph_files.write_gexf", None),
    _ours("quadruples", "train, valid and test files of subject, relation, object and day, by time", "graph_files.write_quadruples", None),
    _ours("quadruples-by-document", "the same, with whole documents in train, valid or test", "graph_files.write_quadruples_by_document", None),
    _ours("sqlite", "SQLite database with types, keys and views, for Datasette and plain SQL", "sqlite_file.write", None),
)  # fmt: skip
"""The formats that are exported or imported."""

MODULES: Mapping[str, tuple[str, str]] = {
    "predictions": ("predictions", "read"),
    "standoff": ("annotations", "read"),
    "release": ("releases", "read"),
    "petrarch": ("petrarch", "read"),
    "plover": ("plover", "read"),
    "polecat": ("rows", "read_polecat"),
    "gdelt1": ("rows", "read_gdelt1"),
    "gdelt2": ("rows", "read_gdelt2"),
    "icews": ("rows", "read_icews"),
    "textee": ("textee", "read"),
    "langextract": ("langextract", "read"),
    "brat": ("brat", "read"),
}
"""Format → the module of this package that reads it, and the function."""
ALIASES = {
    "jsonl": "predictions",
    "json": "predictions",
    "ngec": "plover",
    "tabari": "petrarch",
    "oneie": "textee",
}
_LOOK = 1 << 20
_ANSWERS = re.compile(r"^\s*(?:```|//|(?:[-*•]|\d{1,4}[.)])\s+\{|[\[{])", re.MULTILINE)
"""How a line of a language model's answers begins, with prose before it."""


def reader(name: str) -> Reader:
    """Return the reader of a format. UsageError where there is none."""
    name = ALIASES.get(name, name)
    if name not in MODULES:
        near = get_close_matches(name, MODULES, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise UsageError(f'no format is called "{name}": {hint}there are {", ".join(MODULES)}')
    module, function = MODULES[name]
    found: Reader = getattr(importlib.import_module(f"standoff.exchange.{module}"), function)
    return found


@cache
def known() -> tuple[Mapping[str, Format], tuple[str, ...]]:
    """Return every format that can be exported or imported, by name, ours first; and the faults of other packages' formats.

    A broken package does not keep the other formats from being used.
    """
    found = {each.name: each for each in OURS}
    faults = []
    for point in sorted(entry_points(group=GROUP), key=lambda each: each.name):
        try:
            loaded = point.load()
        except Exception as error:  # code of another package
            faults.append(f"the format {point.name} of {point.value} cannot be loaded: {error}")
            continue
        if not isinstance(loaded, Format):
            faults.append(
                f"the format {point.name} of {point.value} is not a standoff.exchange.formats.Format"
            )
        elif loaded.name in found:
            faults.append(f'two formats are called "{loaded.name}"; {point.value} must choose another name')
        else:
            found[loaded.name] = loaded
    return found, tuple(faults)


def _one(name: str, able: Callable[[Format], bool], what: str) -> Format:
    formats, faults = known()
    usable = {key: each for key, each in formats.items() if able(each)}
    if name not in usable:
        near = get_close_matches(name, usable, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        broken = "".join(f"; {fault}" for fault in faults)
        raise UsageError(
            f'no format called "{name}" can be {what}: {hint}there are {", ".join(usable)}{broken}'
        )
    return usable[name]


def writer(name: str) -> Format:
    """Return a format that can be exported. UsageError where there is none of this name."""
    return _one(name, lambda each: each.write_to is not None, "exported")


def importer(name: str) -> Format:
    """Return a format that can be imported. UsageError where there is none of this name."""
    return _one(name, lambda each: each.read_from is not None, "imported")


def read(path: Path, documents: Documents, name: str | None = None) -> Intake:
    """Read a file in a format, by default the one that it is recognised as."""
    if not path.exists():
        raise UsageError(f"{path} does not exist")
    with archives.unpacked(path) as inside:
        try:
            if inside.is_file():
                _refuse_bytes(inside)
            read_it = reader(name or recognise(inside))
            if inside.is_dir() and (name or "") in (
                "predictions",
                "petrarch",
                "plover",
                "textee",
                "langextract",
            ):
                raise UsageError(f"{inside} is a folder; name a file")
            intake = read_it(inside, documents)
        except UsageError as error:
            raise UsageError(str(error).replace(str(inside), str(path))) from None
    intake.path = str(path)
    return intake


_NO_TEXT = {
    b"\x1f\x8b": "is compressed twice: unpack it",
    b"PK\x03\x04": "is an archive in an archive: unpack it",
    b"\x28\xb5\x2f\xfd": "is compressed (Zstandard): unpack it",
    b"\xff\xfe": "is not UTF-8 but UTF-16: save it as UTF-8",
    b"\xfe\xff": "is not UTF-8 but UTF-16: save it as UTF-8",
}
"""How files begin that no reader of text can read, and what to do."""


def _refuse_bytes(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(6)
    for magic, what in _NO_TEXT.items():
        if start.startswith(magic):
            raise UsageError(f"{path} {what}")


def recognise(path: Path) -> str:
    """Return the format of a file or folder, by its name and its beginning. UsageError where nothing fits."""
    if path.is_dir():
        for pattern, name in (("events.parquet", "release"), ("*.yaml", "standoff"), ("**/*.ann", "brat")):
            if next(path.glob(pattern), None) is not None:
                return name
        raise UsageError(f"{path} holds no file that is recognised; name one, or a format with --format")
    if path.suffix == ".ann":
        return "brat"
    if path.suffix in (".yaml", ".yml"):
        return "standoff"
    with path.open("rb") as file:
        start = file.read(_LOOK)
    if not start.strip():
        return "predictions"  # no record at all
    text = start.decode("utf-8-sig", errors="replace").lstrip()
    found = (
        _json(text)
        if text[:1] in "[{`“"
        else _table(text) or (_json(text) if _ANSWERS.search(text) else None)
    )
    if found is None:
        known = ", ".join(MODULES)
        hint = (
            "; the first line of a table must name its columns: at least document, trigger and action"
            if path.suffix.casefold() in (".csv", ".tsv", ".tab")
            else "; if it holds a model's answer without any event, name --format predictions"
        )
        raise UsageError(f"{path} is in no format that is recognised; name it with --format: {known}{hint}")
    return found


_WORDS = ("trigger", "quote", "trigger_text", "triggerText", "trigger_words", "evidence")
"""Keys of records that quote the document, which PLOVER's do not."""


def _json(text: str) -> str:
    """Return the format of JSON, by the keys near its beginning."""
    bare = re.sub(r'"\s+:', '":', text)
    keys: set[str] = set()
    for line in text.splitlines()[:5]:
        try:
            value = parse_json(line.strip().rstrip(","))
        except NotARecord:
            continue
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, dict):
            keys |= value.keys()

    def has(*names: str) -> bool:
        return all(name in keys or f'"{name}":' in bare for name in names)

    if has("event_mentions"):
        return "textee"
    if has("extractions"):
        return "langextract"
    if any(map(has, _WORDS)):
        return "predictions"
    if has("event_type") or has("event", "source", "target"):
        return "plover"
    return "predictions"


def _table(text: str) -> str | None:
    """Return the format of a table, by its header or its first line."""
    from standoff.exchange.petrarch import LINE
    from standoff.exchange.tables import names_columns

    lines = text.split("\n", 2)
    first = lines[0].rstrip("\r")
    if LINE.match(first):
        return "petrarch"
    for separator in cells.SEPARATORS:
        row = cells.split(first, separator)
        titles = {cell.strip().casefold() for cell in row}
        for name, needed in _HEADERS.items():
            if needed <= titles:
                return name
        if names_columns(row):
            return "predictions"
        if (headless := _headless(row)) is not None:
            return headless
    return "petrarch" if len(lines) > 1 and LINE.match(lines[1]) else None


_HEADERS = {
    "icews": {"event id", "cameo code"},
    "polecat": {"event id", "event type"},
    "gdelt2": {"globaleventid", "eventcode", "actiongeo_adm2code", "sourceurl"},
    "gdelt1": {"globaleventid", "eventcode", "sourceurl"},
}
"""Titles of columns that tell a format, in small letters."""
_DAY = re.compile(r"\d{8}", re.ASCII)
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _headless(row: list[str]) -> str | None:
    """Return the format of a row of a table that has no header."""
    if len(row) < 2 or not row[0].strip().isdigit():
        return None
    day = row[1].strip()
    if _DAY.fullmatch(day) and len(row) in (57, 58, 61):
        return "gdelt2" if len(row) == 61 else "gdelt1"
    return "icews" if _ISO_DAY.fullmatch(day) and len(row) == 20 else None
