"""TextEE and OneIE JSON: windows of tokens with event mentions, whose offsets count tokens.

Event types must be action codes, as ``190`` or ``Act-190``. Arguments whose role names an actor or a target become
the parties; others are noted and not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import Any

from standoff.exchange import building, place, reading, values
from standoff.exchange.documents import Documents
from standoff.exchange.json_answers import json_values
from standoff.exchange.labels import ACTOR_ROLES, TARGET_ROLES, action_of
from standoff.exchange.place import Placed
from standoff.exchange.records import Intake, Party, Passage, Record, mark_duplicates
from standoff.exchange.values import NotARecord
from standoff.model.spans import Span

NAME = "textee"


def read(path: Path, documents: Documents) -> Intake:
    """Read event mentions from JSON or JSON Lines of windows."""
    intake = Intake(str(path), NAME)
    for number, value, why in json_values(path, intake):
        if why or not isinstance(value, Mapping):
            if reading.mine_is(None):
                intake.unparsable(number, why or "expected a JSON object, one window of text")
            continue
        document_id = building.resolved(partial(_document, value), documents)
        if not reading.mine_is(document_id):
            continue
        if document_id is not None and value.get("event_mentions") in ([], None):
            intake.documents.setdefault(document_id, "")
        if "event_mentions" not in value:
            intake.unparsable(number, "not a window of TextEE: it has no event_mentions")
        for mention in values.list_of(value.get("event_mentions")):
            try:
                _add(mention, value, number, documents, intake)
            except (NotARecord, TypeError, KeyError, IndexError, AttributeError) as error:
                intake.unparsable(number, f"not an event mention of TextEE: {error}")
    mark_duplicates(intake)
    return intake


def _document(window: Mapping[str, Any]) -> str | None:
    return values.text_of(window.get("doc_id"))


def _add(mention: Any, window: Mapping[str, Any], number: int, documents: Documents, intake: Intake) -> None:
    if not isinstance(mention, Mapping):
        raise NotARecord("an event mention is not an object")
    faults: list[str] = []
    named = _document(window)
    document_id = building.known_document(named, documents, intake, number, faults)
    text = documents[document_id].text if document_id else None
    entities = {
        values.text_of(e.get("id")): e
        for e in values.list_of(window.get("entity_mentions"))
        if isinstance(e, Mapping)
    }
    sides: dict[str, list[Party]] = {"actor": [], "target": []}
    for argument in values.list_of(mention.get("arguments")):
        if not isinstance(argument, Mapping):
            raise NotARecord("an argument is not an object")
        role = (values.text_of(argument.get("role")) or "").casefold()
        side = "actor" if role in ACTOR_ROLES else "target" if role in TARGET_ROLES else None
        if side is None:
            intake.note("arguments with roles other than actor and target are not read")
            continue
        entity = entities.get(values.text_of(argument.get("entity_id")), argument)
        words = values.text_of(argument.get("text") or entity.get("text"))
        sides[side].append(Party(name=words, passage=Passage(words)))
    trigger = mention.get("trigger")
    if not isinstance(trigger, Mapping):
        raise NotARecord("an event mention has no trigger")
    intake.take(
        Record(
            line=number,
            id=values.text_of(mention.get("id")),
            document=named,
            document_id=document_id,
            trigger=building.passage(_trigger(trigger, window, text), intake, number, faults),
            action=action_of(values.text_of(mention.get("event_type")) or "") or None,
            actors=tuple(sides["actor"]),
            targets=tuple(sides["target"]),
            faults=tuple(faults),
        )
    )


def _trigger(trigger: Mapping[str, Any], window: Mapping[str, Any], text: str | None) -> Placed:
    """Place a trigger by its tokens: find them in the window, and the window in the document."""
    words = values.text_of(trigger.get("text")) or ""
    tokens = [str(token) for token in values.list_of(window.get("tokens"))]
    if text is None:
        return place.by_words(text, words)
    shown = values.text_of(window.get("text")) or values.text_of(window.get("sentence"))
    at = _window(text, shown, tokens)
    if at is None:
        return place.by_words(text, words)
    first, last = values.offset_of(trigger.get("start")), values.offset_of(trigger.get("end")) - 1
    places = _places(tuple(tokens), text[at.start : at.end])
    if 0 <= first <= last < len(places):
        start, end = places[first], places[last]
        if start is not None and end is not None:
            span = Span(at.start + start.start, at.start + end.end)
            return Placed(Passage(span.of(text), span), "tokens")
    return place.by_words(text, words, within=at)


def _window(text: str, shown: str | None, tokens: list[str]) -> Span | None:
    """Return where a window is in the document: by its text, or by its tokens; None if nowhere or at several places."""
    if shown and shown in text:
        start = text.find(shown)
        once = text.find(shown, start + len(shown)) < 0
        return Span(start, start + len(shown)) if once else None
    pattern = r"\s*".join(map(re.escape, tokens))
    found = [Span(*m.span()) for m in islice(re.finditer(pattern, text), 2)] if pattern else []
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=16)
def _places(tokens: tuple[str, ...], text: str) -> tuple[Span | None, ...]:
    """Return where each token is in its window. The events of a window come one after the other, so it is looked up again."""
    return tuple(_tokens(tokens, text))


def _tokens(tokens: Iterable[str], text: str) -> Iterator[Span | None]:
    """Yield where each token is in its window; None for one that is not there."""
    at = 0
    for token in tokens:
        found = text.find(token, at)
        if found < 0:
            yield None
            continue
        at = found + len(token)
        yield Span(found, at)
