"""W3C Web Annotation (JSON-LD): one annotation for each span, one page of annotations for each document.

Files hold positions, and the words of triggers and parties only: words of the evidence are never republished. The context
is embedded, so that no reader asks the network for it. Positions count code points, as the model says; browser clients
that count UTF-16 units are recognised by the quotes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from standoff.exchange import items as parts
from standoff.exchange import json_stream, reading, values
from standoff.exchange.coded import Coded, Source
from standoff.exchange.documents import Documents
from standoff.exchange.frames import Texts, join
from standoff.exchange.items import Item, items_of
from standoff.exchange.json_out import indented, ready
from standoff.exchange.labels import Labels
from standoff.exchange.losses import Losses
from standoff.exchange.records import Intake, mark_duplicates
from standoff.exchange.units import CODE_POINTS, Offsets
from standoff.exchange.values import NotARecord

NAME = "web-annotation"
SUFFIXES = (".jsonld", ".json")
TERMS = "urn:standoff:terms#"
CONTEXT: dict[str, Any] = {
    "oa": "http://www.w3.org/ns/oa#",
    "as": "http://www.w3.org/ns/activitystreams#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "standoff": TERMS,
    "id": "@id",
    "type": "@type",
    "Annotation": "oa:Annotation",
    "AnnotationPage": "as:OrderedCollectionPage",
    "TextualBody": "oa:TextualBody",
    "SpecificResource": "oa:SpecificResource",
    "TextPositionSelector": "oa:TextPositionSelector",
    "TextQuoteSelector": "oa:TextQuoteSelector",
    "classifying": "oa:classifying",
    "tagging": "oa:tagging",
    "linking": "oa:linking",
    "body": {"@id": "oa:hasBody", "@type": "@id", "@container": "@list"},
    "target": {"@id": "oa:hasTarget", "@type": "@id"},
    "source": {"@id": "oa:hasSource", "@type": "@id"},
    "selector": {"@id": "oa:hasSelector", "@type": "@id"},
    "purpose": {"@id": "oa:hasPurpose", "@type": "@vocab"},
    "motivation": {"@id": "oa:motivatedBy", "@type": "@vocab"},
    "items": {"@id": "as:items", "@type": "@id", "@container": "@list"},
    "value": {"@id": "rdf:value"},
    "exact": {"@id": "oa:exact"},
    "prefix": {"@id": "oa:prefix"},
    "suffix": {"@id": "oa:suffix"},
    "start": {"@id": "oa:start", "@type": "xsd:nonNegativeInteger"},
    "end": {"@id": "oa:end", "@type": "xsd:nonNegativeInteger"},
}
"""The terms of the model's own context that are used here, and those of this project."""
_CONTEXT = ready(CONTEXT, 1)
QUOTED = (parts.EVENT, parts.NEGATIVE, parts.PARTY)
"""Kinds whose words are written: releases contain them too."""


# ---- out ------------------------------------------------------------------------------------------------------


def write(source: Source, folder: Path, losses: Losses) -> None:
    """Write one page of annotations for each document."""

    def write_one(coded: Coded, losses: Losses) -> None:
        page = _page(coded, losses)
        path = folder / f"{coded.document.id}.jsonld"
        path.write_bytes((indented(page) + "\n").encode())

    source.write_each(write_one, losses)


def _page(coded: Coded, losses: Losses) -> dict[str, Any]:
    document = coded.document
    about = f"urn:sha256:{document.sha256}" if document.sha256 else f"urn:standoff:{document.id}"
    found = []
    for item in items_of(coded.records, coded.negatives):
        if item.passage.span is None:
            losses.add(item.fields.get("id", item.key), item.kind, item.passage.words, "it has no offsets")
        else:
            found.append(_annotation(item, document.id, about))
    return {
        "@context": _CONTEXT,
        "id": f"urn:standoff:{document.id}",
        "type": "AnnotationPage",
        "items": found,
    }


def _annotation(item: Item, document_id: str, about: str) -> dict[str, Any]:
    span = item.passage.span
    assert span is not None
    label = f"Act-{item.action}" if item.kind == parts.EVENT else item.kind
    bodies: list[dict[str, Any]] = [{"type": "TextualBody", "purpose": "tagging", "value": label}]
    bodies += [
        {"type": "TextualBody", "purpose": f"standoff:{name}", "value": value}
        for name, value in item.fields.items()
    ]
    bodies += [
        {
            "type": "SpecificResource",
            "purpose": f"standoff:{role}",
            "source": f"urn:standoff:{document_id}:{to}",
        }
        for role, to in item.edges
    ]
    selectors: list[dict[str, Any]] = [{"type": "TextPositionSelector", "start": span.start, "end": span.end}]
    if item.kind in QUOTED and item.passage.words:
        selectors.append({"type": "TextQuoteSelector", "exact": item.passage.words})
    return {
        "id": f"urn:standoff:{document_id}:{item.key}",
        "type": "Annotation",
        "motivation": "classifying",
        "body": bodies,
        "target": {"type": "SpecificResource", "source": about, "selector": selectors},
    }


# ---- in -------------------------------------------------------------------------------------------------------


def read(path: Path, documents: Documents, labels: Labels | None = None) -> Intake:
    """Read annotations from a file or every one in a folder: pages, collections, arrays or single annotations."""
    files = values.files_in(path, *SUFFIXES)
    intake, texts = Intake(str(path), NAME), Texts(documents)
    for file, name in reading.each(files):
        _file(file, name, labels or Labels(), texts, intake)
    mark_duplicates(intake)
    return intake


def _file(file: Path, name: str, labels: Labels, texts: Texts, intake: Intake) -> None:
    """Read one file; its annotations may be about several documents."""
    by_document: dict[str, list[Item]] = {}
    relations: list[tuple[str, str, str]] = []
    for line, value, why in json_stream.records(file):
        if why:
            intake.unparsable(line, why, name)
            continue
        annotations = list(_annotations(value))
        if not annotations:
            _without(value, line, file, name, texts, intake)
        for annotation in annotations:
            try:
                linked = _relation(annotation)
                if linked:
                    relations.append(linked)
                    continue
                about, item = _item(annotation, line)
            except (NotARecord, TypeError) as error:
                intake.unparsable(line, f"not an annotation: {error}", name)
                continue
            by_document.setdefault(about, []).append(item)
    for about, items in by_document.items():
        for role, first, second in relations:
            for item in items:
                if item.key == first and (known := labels.role(role)):
                    item.edges.append((known, second))
        for item in items:
            item.edges = [(known, to) for role, to in item.edges if (known := labels.role(role))]
        labels.assign(items, {kind: kind for kind in parts.KINDS}, name)
        names = [about, about.rpartition(":")[2], file.stem]
        frame = texts.frame(names, None, intake, line=items[0].line, file=name, unit=CODE_POINTS)
        join(items, frame, about, intake, file=name, strict=labels.strict)


def _without(value: Any, line: int, file: Path, name: str, texts: Texts, intake: Intake) -> None:
    """Account for a value that holds no annotation: an empty page covers its document, anything else is reported."""
    if isinstance(value, Mapping) and value.get("items") == []:
        named = str(value.get("id") or "").rpartition(":")[2]
        texts.frame([named, file.stem], None, intake, line=line, file=name)
    elif value != []:
        why = "no annotation of the W3C model is in it: expected a page with items, or objects with target and body"
        intake.unparsable(line, why, name)


def _annotations(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the annotations in a value: itself, or those of a page, a collection or a list."""
    todo = [value]
    while todo:
        each = todo.pop()
        if isinstance(each, list):
            todo += reversed(each)
        elif isinstance(each, Mapping):
            inner = [
                each[key] for key in ("items", "first", "as:items") if isinstance(each.get(key), list | dict)
            ]
            if inner and "target" not in each:
                todo += reversed(inner)
            elif "target" in each or "body" in each:
                yield each


def _relation(annotation: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """Return role, first and second annotation of one that only links two others."""
    targets = annotation.get("target")
    if annotation.get("motivation") != "linking" or not isinstance(targets, list) or len(targets) != 2:
        return None
    first, second = (t.get("id") if isinstance(t, Mapping) else t for t in targets)
    tags = [values.text_of(b.get("value")) for b in _bodies(annotation) if b.get("purpose") == "tagging"]
    return (tags[0] if tags and tags[0] else "linking", str(first), str(second))


def _bodies(annotation: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = []
    for body in values.list_of(annotation.get("body")):
        if isinstance(body, Mapping):
            found.append(body)
        elif isinstance(body, str):
            found.append({"type": "TextualBody", "value": body, "purpose": "commenting"})
    return found


def _item(annotation: Mapping[str, Any], line: int) -> tuple[str, Item]:
    """Return what an annotation is about, and the annotation as an item."""
    targets = values.list_of(annotation.get("target"))
    target = targets[0] if targets else None
    if isinstance(target, str):
        raise NotARecord("its target has no selector")
    if not isinstance(target, Mapping):
        raise NotARecord("it has no target")
    source = target.get("source")
    if isinstance(source, Mapping):
        source = source.get("id")
    about = values.text_of(source) or ""
    item = Item(str(annotation.get("id") or f"line {line}"), "", line=line)
    for body in _bodies(annotation):
        purpose = str(body.get("purpose") or "tagging").removeprefix(TERMS).removeprefix("standoff:")
        if "source" in body:
            item.edges.append((purpose, str(body["source"])))
        elif purpose in ("tagging", "classifying") and not item.label:
            item.label = values.text_of(body.get("value")) or ""
        else:
            name = "note" if purpose == "commenting" else purpose
            own = [item.fields[name]] if name in item.fields else []
            item.fields[name] = " | ".join([*own, str(body.get("value"))])
    for selector in _selectors(target.get("selector")):
        if "start" in selector and "end" in selector:
            start, end = (values.offset_of(selector[side]) for side in ("start", "end"))
            words = item.offsets.words if item.offsets else None
            item.offsets = Offsets(((start, end),), words)
        if isinstance(selector.get("exact"), str):
            pieces = item.offsets.pieces if item.offsets else ()
            item.offsets = Offsets(pieces, selector["exact"])
            item.beside = (selector.get("prefix"), selector.get("suffix"))
    if item.offsets is None:
        raise NotARecord("its target has neither a TextPositionSelector nor a TextQuoteSelector")
    return about, item


def _selectors(value: Any) -> list[Mapping[str, Any]]:
    """Return the selectors, with those that refine others."""
    found = []
    for each in values.list_of(value):
        while isinstance(each, Mapping):
            found.append(each)
            each = each.get("refinedBy")
    return found
