"""brat collections: a text and an ``.ann`` file for each document, ``annotation.conf`` and ``visual.conf``.

Line ends are ``\\n``, because brat counts the characters of other line ends wrongly (nlplab/brat#1270). A span cannot
hold a line break there (nlplab/brat#786), so it is written in pieces.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from standoff.exchange import items as parts
from standoff.exchange import notes
from standoff.exchange.brat import NAME, SUFFIX, TYPES
from standoff.exchange.coded import Coded, Row, Source
from standoff.exchange.items import CHOICES, Item, items_of
from standoff.exchange.labels import encoded
from standoff.exchange.losses import Losses
from standoff.exchange.units import CODE_POINTS, LF, counter, plain_lines
from standoff.model.spans import Span

__all__ = ["NAME", "write"]

_BREAK = re.compile("[\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
ROLES = {
    "actor": "Actor",
    "target": "Target",
    "attribution": "Attribution",
    parts.EVIDENCE: "Evidence",
    parts.MENTION: "Mention",
    parts.MARK: "Mark",
    "at": "At",
    "from": "From",
    "toward": "Toward",
    "near": "Near",
    "over": "Over",
    "in_response_to": "InResponseTo",
    "part_of": "PartOf",
    "speaks_of": "SpeaksOf",
    parts.VIA: "Via",
    parts.ABOUT: "About",
}
ATTRIBUTES = {"status": "Status", "date_basis": "DateBasis", "shape": "Shape", "reason": "Reason"}
FLAGS = {"reciprocal": "Reciprocal", "implicit": "Implicit"}
_ATTRIBUTED = tuple((ATTRIBUTES | FLAGS).items())


def write(source: Source, folder: Path, losses: Losses) -> None:
    """Write a collection that brat opens as it is. Every document must have its text."""
    (folder / "annotation.conf").write_bytes(_annotation_conf(source.actions).encode())
    (folder / "visual.conf").write_bytes(_visual_conf(source.actions).encode())

    def write_one(coded: Coded, losses: Losses) -> None:
        text = coded.document.text
        assert text is not None
        stem = folder / coded.document.id
        stem.with_suffix(".txt").write_bytes(plain_lines(text).encode())
        stem.with_suffix(SUFFIX).write_bytes(_annotations(coded, text, losses).encode())

    source.write_each(write_one, losses)


def _annotations(coded: Coded, text: str, losses: Losses) -> str:
    """Return the ``.ann`` file of a document: text-bound lines, then events, relations, attributes and notes."""
    found: list[Item] = []
    for item in items_of(coded.records, coded.negatives):
        if item.passage.span is None:
            losses.add(item.fields.get("id", item.key), item.kind, item.passage.words, "it has no offsets")
        else:
            found.append(item)
    bound = {item.key: f"T{n}" for n, item in enumerate(found, start=1)}
    events = (item for item in found if item.kind in (parts.EVENT, parts.NEGATIVE))
    keys = bound | {item.key: f"E{n}" for n, item in enumerate(events, start=1)}
    count = counter(text, CODE_POINTS + LF)
    plain = plain_lines(text)
    lines: defaultdict[str, list[str]] = defaultdict(list)
    for item in found:
        key, name = keys[item.key], _type(item)
        assert item.passage.span is not None
        pieces = _pieces(plain, Span(count(item.passage.span.start), count(item.passage.span.end)))
        offsets = ";".join(f"{piece.start} {piece.end}" for piece in pieces)
        words = " ".join(piece.of(plain) for piece in pieces)
        lines["T"].append(f"{bound[item.key]}\t{name} {offsets}\t{words}")
        if key.startswith("E"):
            arguments = "".join(f" {role}:{keys[to]}" for role, to in _numbered(item.edges) if to in keys)
            lines["E"].append(f"{key}\t{name}:{bound[item.key]}{arguments}")
        else:
            for role, to in item.edges:
                number = len(lines["R"]) + 1
                lines["R"].append(f"R{number}\t{ROLES[role]} Arg1:{key} Arg2:{keys[to]}")
        fields = dict(item.fields)
        for field, attribute in _ATTRIBUTED:
            value = fields.get(field)
            if value and (field in FLAGS or value in CHOICES[field]):
                shown = "" if field in FLAGS else f" {value}"
                lines["A"].append(f"A{len(lines['A']) + 1}\t{attribute} {key}{shown}")
                del fields[field]
        if note := notes.write(fields):
            lines["#"].append(f"#{len(lines['#']) + 1}\tAnnotatorNotes {key}\t{note}")
    return "".join(f"{line}\n" for kind in "TERA#" for line in lines[kind])


def _type(item: Item) -> str:
    return f"Act-{encoded(item.action or '')}" if item.kind == parts.EVENT else TYPES[item.kind]


def _pieces(text: str, span: Span) -> list[Span]:
    """Cut a span at line breaks and tabs, without the white space beside these."""
    if _BREAK.search(text, span.start, span.end) is None:
        return [span]
    found, start = [], span.start
    for match in (*_BREAK.finditer(text, span.start, span.end), None):
        end = match.start() if match else span.end
        words = text[start:end]
        left = len(words) - len(words.lstrip()) if start > span.start else 0
        right = len(words) - len(words.rstrip()) if match else 0
        if start + left < end - right:
            found.append(Span(start + left, end - right))
        if match:
            start = match.end()
    return found or [span]


def _numbered(edges: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """Yield arguments with brat's roles: repeated ones get a number."""
    seen: defaultdict[str, int] = defaultdict(int)
    for role, to in edges:
        seen[role] += 1
        yield f"{ROLES[role]}{seen[role] if seen[role] > 1 else ''}", to


# ---- configuration --------------------------------------------------------------------------------------------


def _annotation_conf(actions: Iterable[Row]) -> str:
    """Return the types that annotators may use: all action codes, as a tree."""
    party, place, link = (TYPES[kind] for kind in (parts.PARTY, parts.PLACE, parts.LINK))
    arguments = [f"{ROLES[role]}*:{party}" for role in parts.PARTIES]
    arguments += [f"{ROLES[parts.EVIDENCE]}?:{TYPES[parts.EVIDENCE]}"]
    arguments += [f"{ROLES[role]}*:{place}" for role in parts.WHERE]
    arguments += [f"{ROLES[role]}*:{link}|<EVENT>" for role in parts.RELATIONS]
    arguments += [f"{ROLES[parts.MENTION]}*:{TYPES[parts.MENTION]}"]
    shown = ", ".join(arguments)
    negative = f"{ROLES[parts.EVIDENCE]}?:{TYPES[parts.EVIDENCE]}, {ROLES[parts.MARK]}?:{TYPES[parts.MARK]}"
    rows = list(actions)
    depth = _depths(rows)
    events = "".join(
        "\t" * depth[row["action"]] + f"Act-{encoded(row['action'])}\t{shown}\n" for row in _tree(rows)
    )
    entities = "".join(f"{name}\n" for kind, name in TYPES.items() if kind != parts.NEGATIVE)
    choices = "".join(
        f"{name}\tArg:<EVENT>, Value:{'|'.join(CHOICES[field])}\n" for field, name in ATTRIBUTES.items()
    )
    return (
        f"[entities]\n{entities}\n"
        f"[relations]\nVia\tArg1:{party}, Arg2:{party}\nAbout\tArg1:{link}, Arg2:<EVENT>\n"
        "<OVERLAP>\tArg1:<ENTITY>|<EVENT>, Arg2:<ENTITY>|<EVENT>, <OVL-TYPE>:<ANY>\n\n"
        f"[events]\n{events}Negative\t{negative}\n\n"
        f"[attributes]\n{choices}Reciprocal\tArg:<EVENT>\nImplicit\tArg:{party}\n"
    )


def _tree(rows: list[Row]) -> Iterable[Row]:
    """Yield the codes so that each follows its parent."""
    children: defaultdict[str | None, list[Row]] = defaultdict(list)
    for row in rows:
        children[row["parent"]].append(row)
    todo = children[None][::-1]
    while todo:
        row = todo.pop()
        yield row
        todo += children[row["action"]][::-1]


def _depths(rows: list[Row]) -> dict[str, int]:
    depth: dict[str, int] = {}
    for row in _tree(rows):
        depth[row["action"]] = depth[row["parent"]] + 1 if row["parent"] else 0
    return depth


def _visual_conf(actions: Iterable[Row]) -> str:
    """Return the names that brat shows, from the longest to the shortest, and colours."""
    labels = "".join(
        f"Act-{encoded(row['action'])} | {row['action']} {row['label'].replace('|', '/')} | {row['action']}\n"
        for row in actions
    )
    return (
        f"[labels]\n{labels}\n"
        "[drawing]\nSPAN_DEFAULT\tfgColor:black, bgColor:lightgreen, borderColor:darken\n"
        "ARC_DEFAULT\tcolor:black, arrowHead:triangle-5\n"
        "Evidence\tbgColor:#eeeeee\nMention\tbgColor:#eeeeee\nParty\tbgColor:#ffe0a0\nPlace\tbgColor:#c0e0ff\n"
        "LinkWords\tbgColor:#e0d0ff\nMark\tbgColor:#ffc0c0\nNegative\tbgColor:#ff9090\n"
    )
