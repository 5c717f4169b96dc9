"""UIMA CAS XMI with its type system: what INCEpTION calls UIMA CAS XMI.

A document type is refused, so there are no entities, neither bombs nor files from elsewhere. Characters that XML cannot
hold are replaced in fields, and listed; a text that has any is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from xml.parsers import expat
from xml.sax.saxutils import escape

from standoff.exchange import cas, reading
from standoff.exchange.cas import Structure
from standoff.exchange.coded import Coded, Source
from standoff.exchange.documents import Documents
from standoff.exchange.frames import Texts
from standoff.exchange.json_stream import MAX_DEPTH, MAX_RECORD
from standoff.exchange.labels import Labels
from standoff.exchange.losses import Losses
from standoff.exchange.records import Intake, mark_duplicates
from standoff.exchange.values import NotARecord
from standoff.findings import UsageError

NAME = "cas-xmi"
SUFFIX, TYPES = ".xmi", "TypeSystem.xml"
_XMI = "http://www.omg.org/XMI"
_PACKAGES = {"cas": "uima.cas", "tcas": "uima.tcas", "standoff": cas.PACKAGE}
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPACES = {"\t": "&#9;", "\n": "&#10;", "\r": "&#13;", '"': "&quot;"}


# ---- out ------------------------------------------------------------------------------------------------------


def write(source: Source, folder: Path, losses: Losses) -> None:
    """Write one file for each document, and the type system. Every document must have its text."""
    (folder / TYPES).write_bytes(_type_system().encode())

    def write_one(coded: Coded, losses: Losses) -> None:
        path = folder / f"{coded.document.id}{SUFFIX}"
        path.write_bytes(_document(coded, losses).encode())

    source.write_each(write_one, losses)


def _document(coded: Coded, losses: Losses) -> str:
    """Return the file of a document. UsageError if XML cannot hold its text."""
    text = coded.document.text or ""
    if found := _FORBIDDEN.search(text):
        raise UsageError(
            f"the text of {coded.document.id} has a character that XML cannot hold (U+{ord(found[0]):04X} at offset "
            f"{found.start()}); use cas-json"
        )
    made = cas.structures(coded, losses)
    lines = [_element(each, losses) for each in made]
    members = " ".join(str(each.id) for each in made if "begin" in each.values)
    spaces = "".join(
        f' xmlns:{short}="http:///{package.replace(".", "/")}.ecore"' for short, package in _PACKAGES.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<xmi:XMI xmlns:xmi="{_XMI}"{spaces} xmi:version="2.0">\n  <cas:NULL xmi:id="0"/>\n'
        + "".join(lines)
        + f'  <cas:View sofa="1" members="{members}"/>\n</xmi:XMI>\n'
    )


def _element(structure: Structure, losses: Losses) -> str:
    package, _, name = structure.type.rpartition(".")
    short = next(short for short, known in _PACKAGES.items() if known == package)
    attributes = [f'xmi:id="{structure.id}"']
    if "begin" in structure.values:
        attributes.append('sofa="1"')
    for key, value in structure.values.items():
        text = str(value)
        if _FORBIDDEN.search(text):
            record = structure.values.get("record_id", structure.id)
            losses.add(str(record), cas.BACK.get(key, key), text, "XML cannot hold one of its characters")
            text = _FORBIDDEN.sub("\ufffd", text)
        attributes.append(f'{key}="{escape(text, _SPACES)}"')
    attributes += [f'{key}="{" ".join(map(str, ids))}"' for key, ids in structure.refs.items()]
    return f"  <{short}:{name} {' '.join(attributes)}/>\n"


def _type_system() -> str:
    """Return the description of the types, which INCEpTION reads as layers."""
    types = []
    for name, above, own in cas.features():
        found = "".join(
            f"        <featureDescription>\n          <name>{feature}</name>\n          <description/>\n"
            + (
                "          <rangeTypeName>uima.cas.FSArray</rangeTypeName>\n"
                f"          <elementType>{kind[:-2]}</elementType>\n"
                if kind.endswith("[]")
                else f"          <rangeTypeName>{kind}</rangeTypeName>\n"
            )
            + "        </featureDescription>\n"
            for feature, kind in own
        )
        types.append(
            f"    <typeDescription>\n      <name>{name}</name>\n      <description/>\n"
            f"      <supertypeName>{above}</supertypeName>\n      <features>\n{found}      </features>\n"
            "    </typeDescription>\n"
        )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier">\n  <types>\n'
        + "".join(types)
        + "  </types>\n</typeSystemDescription>\n"
    )


# ---- in -------------------------------------------------------------------------------------------------------


def read(path: Path, documents: Documents, labels: Labels | None = None) -> Intake:
    """Read a file, or every one in a folder."""
    files = cas.files_of(path, SUFFIX)
    intake, texts = Intake(str(path), NAME), Texts(documents)
    for file, name in reading.each(files):
        try:
            found = _Reader(file).read()
            cas.read(found, [file.stem], name, labels or Labels(), texts, intake)
        except NotARecord as error:
            line = error.args[1] if len(error.args) > 1 else 1
            intake.unparsable(line, f"not a CAS in XMI: {error.args[0]}", name)
    mark_duplicates(intake)
    return intake


class _Reader:
    """Reads the structures of one file."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._found: list[Structure] = []
        self._path: list[str] = []
        self._words: list[str] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def read(self) -> list[Structure]:
        """Return the structures. NotARecord where the file is not well-formed, or hostile."""
        if self._file.stat().st_size > 8 * MAX_RECORD:
            raise NotARecord(f"it has more than {8 * MAX_RECORD:,} bytes")
        try:
            self._parser.Parse(
                self._file.read_bytes(), True
            )  # in pieces, a long attribute takes quadratic time
        except expat.ExpatError as error:
            raise NotARecord(f"the XML is broken: {expat.ErrorString(error.code)}", error.lineno) from None
        finally:
            del (
                self._parser
            )  # its handlers are methods of this reader: a cycle that would keep both in memory
        ids = {each.id for each in self._found}
        for each in self._found:
            _resolve(each, ids)
        return self._found

    def _refuse(self, why: str) -> NotARecord:
        return NotARecord(why, self._parser.CurrentLineNumber)

    def _doctype(self, *_: object) -> None:
        raise self._refuse("it declares a document type (DOCTYPE), which could define entities; remove it")

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._path.append(name)
        self._words = []
        if len(self._path) > MAX_DEPTH:
            raise self._refuse(f"elements are nested more than {MAX_DEPTH} levels deep")
        if sum(map(len, attributes.values())) > MAX_RECORD:
            raise self._refuse(f"an element has more than {MAX_RECORD:,} characters")
        if len(self._path) == 1 and name != f"{_XMI} XMI":
            raise self._refuse(
                f"its first element is {name.rpartition(' ')[2]}, not xmi:XMI; export it as UIMA CAS XMI"
            )
        if len(self._path) != 2:
            return
        space, _, local = name.rpartition(" ")
        package = space.removeprefix("http:///").removesuffix(".ecore").replace("/", ".")
        number = attributes.get(f"{_XMI} id")
        if package == "uima.noNamespace":
            package = ""
        kind = f"{package}.{local}" if package else local
        if number is None or not number.isascii() or not number.isdigit():
            if local not in ("View", "NULL"):
                raise self._refuse(f"{local} has no xmi:id")
            return
        found = Structure(int(number[:18]), kind, line=self._parser.CurrentLineNumber)
        found.values = {key: value for key, value in attributes.items() if not key.startswith(_XMI)}
        self._found.append(found)

    def _characters(self, text: str) -> None:
        if len(self._path) == 3:
            self._words.append(text)

    def _end(self, name: str) -> None:
        if len(self._path) == 3 and self._found:  # one value of an array
            values = self._found[-1].values
            words = "".join(self._words)
            values[name] = f"{values[name]}; {words}" if name in values else words
        self._path.pop()


_TEXTS = frozenset(
    (*(name for _, _, own in cas.features() for name, kind in own if kind == "uima.cas.String"), "sofaString")
)
"""Features that hold text even where it looks like an id."""
_NUMBERS = frozenset(("begin", "end", "sofaNum"))


def _resolve(structure: Structure, ids: set[int]) -> None:
    """Tell ids of other structures from values: XMI writes both as attributes."""
    for name, value in list(structure.values.items()):
        if name in _TEXTS or name in _NUMBERS or not isinstance(value, str):
            continue
        pieces = value.split()
        if pieces and all(p.isascii() and p.isdigit() and len(p) < 19 and int(p) in ids for p in pieces):
            structure.refs[name] = [int(p) for p in pieces]
            if name not in cas.LABELS:
                del structure.values[name]
