"""spaCy DocBin: one file with a Doc for each document, its spans in groups. Needs the package spacy.

Groups are `events` (labels are action codes), `negatives`, `evidence`, `party`, `place`, `mention`, `link` and `mark`. Tokens are cut at
the borders of spans, and `Doc.text` is the text. Fields and roles of each span are in `doc.user_data["standoff"]`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from standoff.exchange import items as parts
from standoff.exchange.coded import Coded, Source
from standoff.exchange.items import items_of
from standoff.exchange.losses import Losses
from standoff.exchange.tokens import covered, tokens
from standoff.findings import MissingPackage, install_line
from standoff.model.spans import Span

FILE = "events.spacy"
GROUPS = {parts.EVENT: "events", parts.NEGATIVE: "negatives"}


def write(source: Source, folder: Path, losses: Losses) -> None:
    """Write one DocBin. Every document must have its text. MissingPackage without spacy."""
    try:
        import spacy
        from spacy.tokens import DocBin
    except ImportError:
        raise MissingPackage(f"spacy is not installed: {install_line('spacy')}") from None
    pipelines: dict[str, Any] = {}
    found = DocBin(store_user_data=True)
    for coded in source:
        language = coded.language.split("-")[0]
        if language not in pipelines:
            try:
                pipelines[language] = spacy.blank(language)
            except ImportError:  # spaCy does not know the language
                pipelines[language] = spacy.blank("xx")
        found.add(_doc(coded, pipelines[language].vocab, losses))
    (folder / FILE).write_bytes(found.to_bytes())


def _doc(coded: Coded, vocab: Any, losses: Losses) -> Any:
    from spacy.tokens import Doc
    from spacy.tokens import Span as DocSpan

    text = coded.document.text
    assert text is not None
    items = items_of(coded.records, coded.negatives)
    pieces = _with_space(text, tokens(text, (i.passage.span for i in items if i.passage.span is not None)))
    words = [piece.of(text) for piece, _ in pieces]
    doc = Doc(vocab, words=words, spaces=[space for _, space in pieces])
    starts = [piece for piece, _ in pieces]
    groups: defaultdict[str, list[Any]] = defaultdict(list)
    for item in items:
        inside = covered(starts, item.passage.span) if item.passage.span is not None else None
        if inside is None:
            losses.add(item.fields.get("id", item.key), item.kind, item.key, "it is not whole tokens")
            continue
        label = (item.action or "") if item.kind == parts.EVENT else item.kind
        name = item.fields.get("id", item.key)
        groups[GROUPS.get(item.kind, item.kind)].append(DocSpan(doc, *inside, label=label, span_id=name))
    for group in sorted(groups):
        doc.spans[group] = groups[group]
    kept = [
        {"id": i.fields.get("id", i.key), "key": i.key, "kind": i.kind, "fields": i.fields, "roles": i.edges}
        for i in items
    ]
    doc.user_data["standoff"] = json.dumps({"document": coded.document.id, "items": kept}, ensure_ascii=False)
    return doc


def _with_space(text: str, found: list[Span]) -> list[tuple[Span, bool]]:
    """Return the tokens with whether one space follows; other white space becomes tokens, so that the text is whole."""
    pieces: list[tuple[Span, bool]] = []
    at = 0
    for span in [*found, Span(len(text), len(text))]:
        gap = text[at : span.start]
        if gap:
            if gap[0] == " " and pieces and not pieces[-1][1] and pieces[-1][0].end == at:
                pieces[-1] = (pieces[-1][0], True)
                at += 1
            if at < span.start:
                pieces.append((Span(at, span.start), False))
        if span.start < span.end:
            pieces.append((span, False))
        at = span.end
    return pieces
