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
from standoff.exchange.items import ROLES, Item, items_of
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
LABELS = ("value", "label", "action", "category", "type", "kind", "class", "relation", "PosValue")
"""Features that hold the label of an annotation, the most usual first; upper and lower case are alike."""
IDENTIFIER = "identifier"
"""The feature for the entity of a knowledge base."""


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
    known: dict[int, Structure] = {}
    for each in found:
        if known.setdefault(each.id, each) is not each:
            raise NotARecord(f"two structures have the id {each.id}")
    _spread(known)
    sofas = {
        each.id: str(each.values["sofaString"]) for each in known.values() if "sofaString" in each.values
    }
    if not sofas:
        raise NotARecord("it has no text (no sofaString)")
    view = next((key for key, text in sofas.items() if texts.knows(text)), next(iter(sofas)))
    shown = sofas[view]
    if len(sofas) > 1:
        intake.note(f"it has {len(sofas)} views with a text; one is read", file)
    for each in known.values():
        if each.type.endswith("DocumentMetaData"):
            names = [
                *names,
                *(str(each.values[n]) for n in ("documentId", "documentTitle") if n in each.values),
            ]
    items: dict[int, Item] = {}
    for each in known.values():
        if each.type == ANNOTATION:
            intake.lose(f"{file}:{each.line}", each.type, _shown(each), "it has no layer and no label")
        if each.type.startswith(SKIPPED):
            continue
        if each.refs.get("sofa", [view]) != [view]:
            intake.lose(f"{file}:{each.line}", each.type, _shown(each), "it belongs to another view")
        elif "begin" in each.values and "end" in each.values:
            items[each.id] = _item(each, labels)
        elif "sofa" in each.refs:
            intake.lose(f"{file}:{each.line}", each.type, _shown(each), "it is about the whole document")
    for each in known.values():
        _edges(each, known, items, labels, intake, file)
    for number in list(items):
        if _is_relation(known[number]):
            del items[number]
    listed = list(items.values())
    labels.assign(listed, {}, file)
    frame = texts.frame(names, shown, intake, file=file, unit=UTF16, once=labels.strict)
    join(listed, frame, names[0], intake, file=file, strict=labels.strict)


def _shown(structure: Structure) -> str:
    return ", ".join(f"{name}={value}" for name, value in structure.values.items())


def _spread(known: Mapping[int, Structure]) -> None:
    """Replace references to arrays by what is in these: other structures, or texts."""
    for each in known.values():
        for name, ids in list(each.refs.items()):
            arrays = [known[ref] for ref in ids if ref in known and _is_array(known[ref])]
            if _is_array(each) or not arrays:
                continue
            each.refs[name] = [ref for array in arrays for ref in array.refs.get("elements", ())]
            if texts := [str(array.values["elements"]) for array in arrays if "elements" in array.values]:
                each.values[name] = "; ".join(texts)


def _is_array(structure: Structure) -> bool:
    return structure.type.endswith("[]") or structure.type in (ARRAY, "uima.cas.StringArray")


def _is_relation(structure: Structure) -> bool:
    return not structure.refs.keys().isdisjoint(("Governor", "Dependent"))


def _labelled(texts: Mapping[str, str], layer: str, labels: Labels) -> tuple[str, str]:
    """Return the label of an annotation and the feature that holds it ("": none).

    The first that is known is taken: the value of a usual feature, of the only feature, the name of the layer. If
    none is known, it is the first.
    """
    plain = {name.casefold(): name for name in texts}
    found = [plain[name.casefold()] for name in LABELS if name.casefold() in plain]
    others = [name for name in texts if name not in found and name != IDENTIFIER]
    found += others if len(others) == 1 else []
    candidates = [(texts[name], name) for name in found if texts[name]] + [(layer, "")]
    return next((each for each in candidates if labels.knows(each[0])), candidates[0])


def _item(structure: Structure, labels: Labels) -> Item:
    values = dict(structure.values)
    begin, end = (_whole(values.pop(side)) for side in ("begin", "end"))
    quote = values.pop(QUOTE, None)
    package, _, name = structure.type.rpartition(".")
    item = Item(str(structure.id), KINDS.get(name, "") if package == PACKAGE else "", line=structure.line)
    item.offsets = Offsets(((begin, end),), None if quote is None else str(quote))
    texts = {BACK.get(key, key): str(value) for key, value in values.items()}
    if item.kind == parts.EVENT:
        item.label = texts.pop("action", "") or name
    elif item.kind:
        item.label = name
    else:
        item.label, feature = _labelled(texts, name, labels)
        texts.pop(feature, None)
        if texts.get(IDENTIFIER) in labels.actors:
            texts["actor"] = texts.pop(IDENTIFIER)
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
    where = f"{file}:{structure.line}"
    if _is_relation(structure):
        if not structure.type.startswith(SKIPPED):
            _relate(structure, items, labels, intake, where)
        return
    if structure.id not in items:
        return
    slots = [(name, ref) for name, ids in refs.items() if name != "sofa" for ref in ids if ref in known]
    for name, ref in slots:
        linked = known[ref]
        if "target" not in linked.refs and ref not in items:
            intake.lose(where, name, str(ref), "it does not lead to an annotation of the text")
            continue
        role = labels.role(str(linked.values.get("role") or name))
        for target in linked.refs.get("target", [ref]):
            if role and target in items:
                items[structure.id].edges.append((role, str(target)))
            elif role:
                intake.lose(where, role, str(target), "its target is not an annotation of the text")


def _relate(
    structure: Structure, items: Mapping[int, Item], labels: Labels, intake: Intake, where: str
) -> None:
    """Give the first end of a relation the second one as an argument; list what no argument holds."""
    texts = {name: str(value) for name, value in structure.values.items() if name not in ("begin", "end")}
    known = Labels(labels=dict.fromkeys((*labels.roles, *ROLES), ""))
    name, feature = _labelled(texts, structure.type.rpartition(".")[2], known)
    texts.pop(feature, None)
    first, second = ((*structure.refs.get(end, ()), 0)[0] for end in ("Governor", "Dependent"))
    role = labels.role(name)
    if first in items and second in items and role:
        items[first].edges.append((role, str(second)))
    elif role:
        intake.lose(where, name, f"{first} → {second}", "one of its ends is not an annotation of the text")
    for other, value in texts.items():
        intake.lose(where, other, value, "a relation has only a role")


def _whole(value: str | int) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 19:
        return int(value)
    raise NotARecord(f"begin or end is not a whole number: {value}")
