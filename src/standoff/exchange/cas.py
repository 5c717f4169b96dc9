"""UIMA CAS, the format of INCEpTION and DKPro: feature structures over one text. `cas_xmi` and `cas_json` write them.

Offsets count UTF-16 units, as UIMA does. Each kind of words is a type of its own with a slot `arguments`; events carry
their action code, and every span its words, so that offsets can be checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from standoff.exchange import items as parts
from standoff.exchange.coded import Coded
from standoff.exchange.frames import Texts, join
from standoff.exchange.items import Item, items_of
from standoff.exchange.labels import Labels
from standoff.exchange.losses import Losses
from standoff.exchange.records import Intake
from standoff.exchange.units import UTF16, Offsets, counter
from standoff.exchange.values import NotARecord, files_in

PACKAGE = "standoff"
ANNOTATION, TOP, SOFA = "uima.tcas.Annotation", "uima.cas.TOP", "uima.cas.Sofa"
DOCUMENT, ARRAY, VIEW = "uima.tcas.DocumentAnnotation", "uima.cas.FSArray", "_InitialView"
NAMES = {
    parts.EVENT: "Event",
    parts.NEGATIVE: "Negative",
    parts.EVIDENCE: "Evidence",
    parts.PARTY: "Party",
    parts.PLACE: "Place",
    parts.MENTION: "Mention",
    parts.LINK: "LinkWords",
    parts.MARK: "Mark",
}
KINDS = {name: kind for kind, name in NAMES.items()}
RENAMED = {"id": "record_id"}
BACK = {new: old for old, new in RENAMED.items()}
QUOTE = "quote"
SKIPPED = (
    "uima.",
    "de.tudarmstadt.ukp.dkpro.core.api.segmentation",
    "de.tudarmstadt.ukp.dkpro.core.api.metadata",
    "de.tudarmstadt.ukp.dkpro.core.api.lexmorph",
    "de.tudarmstadt.ukp.dkpro.core.api.syntax",
    "de.tudarmstadt.ukp.dkpro.core.api.structure",
    "de.tudarmstadt.ukp.clarin.webanno.api.type",
    "de.tudarmstadt.ukp.inception",
    "org.dkpro.core.api.pdf",
    "org.dkpro.core.api.xml",
)
"""Types that INCEpTION adds to every document: tokens, sentences, settings."""
LABELS = ("value", "label", "action", "identifier", "PosValue")
"""Features that hold the label of an annotation, the most usual first."""
PREDICATE, CATEGORY = "de.tudarmstadt.ukp.dkpro.core.api.semantics.type.SemPred", "category"
"""The built-in layer of predicates, whose label has another name."""


@dataclass
class Structure:
    """A feature structure: its id and type, values of features, and ids of other structures by feature."""

    id: int
    type: str
    values: dict[str, str | int] = field(default_factory=dict)
    refs: dict[str, list[int]] = field(default_factory=dict)
    line: int = 1


def features() -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """Yield the types of this project: name, supertype, and features with their range."""
    for kind, name in NAMES.items():
        texts = sorted(parts.FIELDS.get(kind, ()))
        own = [("action", "uima.cas.String")] if kind == parts.EVENT else []
        own += [(RENAMED.get(text, text), "uima.cas.String") for text in texts]
        link = f"{PACKAGE}.{name}ArgumentsLink"
        yield (
            f"{PACKAGE}.{name}",
            ANNOTATION,
            [*own, (QUOTE, "uima.cas.String"), ("arguments", f"{link}[]")],
        )
        yield link, TOP, [("role", "uima.cas.String"), ("target", ANNOTATION)]


def structures(coded: Coded, losses: Losses) -> list[Structure]:
    """Return the structures of a document: the text (1), the document (2), the items, and their links."""
    text = coded.document.text
    assert text is not None
    count = counter(text, UTF16)
    sofa: dict[str, str | int] = {
        "sofaNum": 1,
        "sofaID": VIEW,
        "mimeType": "text/plain",
        "sofaString": text,
    }
    whole: dict[str, str | int] = {"begin": 0, "end": count(len(text)), "language": coded.language}
    found = [Structure(1, SOFA, sofa), Structure(2, DOCUMENT, whole)]
    items = []
    for item in items_of(coded.records, coded.negatives):
        if item.passage.span is None:
            losses.add(item.fields.get("id", item.key), item.kind, item.passage.words, "it has no offsets")
        else:
            items.append(item)
    ids = {item.key: number for number, item in enumerate(items, start=3)}
    links: list[Structure] = []
    for item in items:
        span = item.passage.span
        assert span is not None
        own: dict[str, str | int] = {"begin": count(span.start), "end": count(span.end)}
        if item.kind == parts.EVENT:
            own["action"] = item.action or ""
        own |= {RENAMED.get(name, name): value for name, value in item.fields.items()}
        own[QUOTE] = span.of(text)
        made = Structure(ids[item.key], f"{PACKAGE}.{NAMES[item.kind]}", own)
        for role, to in item.edges:
            link = Structure(
                len(items) + len(links) + 3,
                f"{made.type}ArgumentsLink",
                {"role": role},
                {"target": [ids[to]]},
            )
            links.append(link)
            made.refs.setdefault("arguments", []).append(link.id)
        found.append(made)
    return found + links


# ---- in -------------------------------------------------------------------------------------------------------


UNTOUCHED = "INITIAL_CAS"
"""INCEpTION's name for a document without annotations."""


def files_of(path: Path, suffix: str) -> list[tuple[Path, str]]:
    """Return the files to read with their names; of a project, those that somebody annotated."""
    found = files_in(path, suffix)
    return [(file, name) for file, name in found if file.stem != UNTOUCHED] or found


def read(
    found: Iterable[Structure], names: list[str], file: str, labels: Labels, texts: Texts, intake: Intake
) -> None:
    """Add the records of one document. NotARecord where it has no text."""
    known = {each.id: each for each in found}
    sofas = {
        each.id: str(each.values["sofaString"]) for each in known.values() if "sofaString" in each.values
    }
    if not sofas:
        raise NotARecord("it has no text (no sofaString)")
    view = next((key for key, text in sofas.items() if texts.knows(text)), next(iter(sofas)))
    shown = sofas[view]
    if len(sofas) > 1:
        intake.note(f"{file}: it has {len(sofas)} views with a text; one is read")
    for each in known.values():
        if each.type.endswith("DocumentMetaData"):
            names = [
                *names,
                *(str(each.values[n]) for n in ("documentId", "documentTitle") if n in each.values),
            ]
    items: dict[int, Item] = {}
    for each in known.values():
        if each.type.startswith(SKIPPED):
            continue
        if each.refs.get("sofa", [view]) != [view]:
            intake.lose(f"{file}:{each.line}", each.type, _shown(each), "it belongs to another view")
        elif "begin" in each.values and "end" in each.values:
            items[each.id] = _item(each)
        elif "sofa" in each.refs:
            intake.lose(f"{file}:{each.line}", each.type, _shown(each), "it is about the whole document")
    for each in known.values():
        _edges(each, known, items, labels, intake, file)
    for number in list(items):
        if {"Governor", "Dependent"} <= known[number].refs.keys():
            del items[number]
    listed = list(items.values())
    labels.assign(listed, {}, file)
    frame = texts.frame(names, shown, intake, file=file, unit=UTF16, once=labels.strict)
    join(listed, frame, names[0], intake, file=file, strict=labels.strict)


def _shown(structure: Structure) -> str:
    return ", ".join(f"{name}={value}" for name, value in structure.values.items())


def _item(structure: Structure) -> Item:
    values = dict(structure.values)
    begin, end = (_whole(values.pop(side)) for side in ("begin", "end"))
    quote = values.pop(QUOTE, None)
    package, _, name = structure.type.rpartition(".")
    item = Item(str(structure.id), KINDS.get(name, "") if package == PACKAGE else "", line=structure.line)
    item.offsets = Offsets(((begin, end),), None if quote is None else str(quote))
    texts = {BACK.get(key, key): str(value) for key, value in values.items()}
    names = (CATEGORY, *LABELS) if structure.type == PREDICATE else LABELS
    chosen = "action" if item.kind == parts.EVENT else next((n for n in names if n in texts), None)
    item.label = texts.pop(chosen, "") if chosen and (not item.kind or item.kind == parts.EVENT) else ""
    item.label = item.label or name
    item.fields = texts
    return item


def _edges(
    structure: Structure,
    known: Mapping[int, Structure],
    items: Mapping[int, Item],
    labels: Labels,
    intake: Intake,
    file: str,
) -> None:
    """Give items the arguments in their slots, and the relations that lead from them."""
    refs = structure.refs
    if "Governor" in refs and "Dependent" in refs:
        name = next(
            (str(structure.values[n]) for n in LABELS if n in structure.values),
            structure.type.rpartition(".")[2],
        )
        first, second = refs["Governor"][0], refs["Dependent"][0]
        if first in items and second in items and (role := labels.role(name)):
            items[first].edges.append((role, str(second)))
        return
    if structure.id not in items:
        return
    slots = [(name, ref) for name, ids in refs.items() if name != "sofa" for ref in ids if ref in known]
    for name, ref in slots:
        linked = known[ref]
        if "target" not in linked.refs and ref not in items:
            continue
        role = labels.role(str(linked.values.get("role") or name))
        for target in linked.refs.get("target", [ref]):
            if role and target in items:
                items[structure.id].edges.append((role, str(target)))
            elif role:
                where = f"{file}:{structure.line}"
                intake.lose(where, role, str(target), "its target is not an annotation of the text")


def _whole(value: str | int) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        return int(value)
    raise NotARecord(f"begin or end is not a whole number: {value}")
