"""TextEE-style JSON Lines for training event extractors: one window for each document, offsets in tokens.

The form is that of the data of TextEE (Huang et al. 2024) and OneIE. Event types are ``Act-`` and the code; roles are Actor,
Target, Attribution and Place. Tokens are cut at the borders of spans, so every trigger and argument is whole tokens.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from standoff.exchange import items as parts
from standoff.exchange.coded import Coded, Source
from standoff.exchange.items import Item, items_of
from standoff.exchange.losses import Losses
from standoff.exchange.tokens import covered, tokens
from standoff.model.spans import Span

FILE = "events.json"
ROLES = {"actor": "Actor", "target": "Target", "attribution": "Attribution"} | dict.fromkeys(
    parts.WHERE, "Place"
)
TYPES = {parts.PARTY: "Party", parts.PLACE: "Place"}
WHY = "TextEE has no field for it"


def write(source: Source, folder: Path, losses: Losses) -> None:
    """Write one line for each document. Every document must have its text."""
    with (folder / FILE).open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(source.each(_line, losses))


def _line(coded: Coded, losses: Losses) -> str:
    return json.dumps(_window(coded, losses), ensure_ascii=False) + "\n"


def _window(coded: Coded, losses: Losses) -> dict[str, Any]:
    text = coded.document.text
    assert text is not None
    items = items_of(coded.records, coded.negatives)
    spans = {item.key: item.passage.span for item in items if item.passage.span is not None}
    found = tokens(text, spans.values())
    events, entities = [], []
    known = {item.key: item for item in items}
    for item in items:
        own = item.fields.get("id", item.key)
        if item.kind in TYPES:
            if (words := _words(text, found, spans.get(item.key))) is None:
                losses.add(own, item.kind, item.key, "it is not whole tokens")
                continue
            entities.append(
                {"id": f"{coded.document.id}-{item.key}", "entity_type": TYPES[item.kind], **words}
            )
        elif item.kind == parts.EVENT:
            if (words := _words(text, found, spans.get(item.key))) is None:
                losses.add(own, "trigger", item.key, "it is not whole tokens")
                continue
            events.append(
                {
                    "id": own,
                    "event_type": f"Act-{item.action}",
                    "trigger": words,
                    "arguments": _arguments(item, known, coded, text, found, spans, losses),
                }
            )
            for name, value in item.fields.items():
                losses.add(own, name, value if name != "id" else None, WHY)
        elif item.kind == parts.NEGATIVE:
            losses.add(own, "negative", item.fields.get("reason", "negative"), WHY)
    return {
        "doc_id": coded.document.id,
        "wnd_id": f"{coded.document.id}-0",
        "text": text,
        "lang": coded.language,
        "tokens": [span.of(text) for span in found],
        "entity_mentions": entities,
        "relation_mentions": [],
        "event_mentions": events,
    }


def _words(text: str, found: list[Span], span: Span | None) -> dict[str, Any] | None:
    """Return words with the tokens that they cover."""
    if span is None or (inside := covered(found, span)) is None:
        return None
    return {"text": span.of(text), "start": inside[0], "end": inside[1]}


def _arguments(
    item: Item,
    known: dict[str, Item],
    coded: Coded,
    text: str,
    found: list[Span],
    spans: dict[str, Span],
    losses: Losses,
) -> list[dict[str, Any]]:
    arguments = []
    own = item.fields.get("id", item.key)
    for role, key in item.edges:
        other = known[key]
        words = _words(text, found, spans.get(key))
        if role not in ROLES or words is None:
            span = spans.get(key)
            losses.add(own, role, f"{span.start}-{span.end}" if span else key, WHY)
            continue
        arguments.append({"entity_id": f"{coded.document.id}-{key}", "role": ROLES[role], **words})
        for name, value in other.fields.items():
            losses.add(own, f"{role}.{name}", value, WHY)
        if role in parts.WHERE:
            losses.add(own, "where.relation", role if role != "at" else None, "places have one role")
        for inner, to in other.edges:
            losses.add(own, f"{role}.{inner}", known[to].fields.get("actor", to), WHY)
    return arguments
