"""Who-to-whom graphs: GraphML and GEXF for Gephi, networkx and igraph, and quadruples for temporal knowledge graphs.

Nodes are actors, edges are directed pairs. An event with a side missing has no edge, and is listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from standoff.exchange.coded import Source
from standoff.exchange.losses import Losses
from standoff.exchange.pairs import Pair, lose_event, pairs
from standoff.tables.dataset import value_column_in

NODE = {"label": "string", "kind": "string", "country": "string"}
EDGE = {
    "event": "string",
    "document": "string",
    "action": "string",
    "root": "string",
    "quad_class": "int",
    "weight": "double",
    "status": "string",
    "date": "string",
    "start": "string",
    "end": "string",
    "derived": "string",
    "count_min": "int",
}
"""Attributes of nodes and edges with their types. None is called `name`, which igraph keeps for its vertex ids.

Edges have in addition the value of their code, under the name of its column (`_edge_types`).
"""
KEPT = frozenset(("date", "status", "count_min"))
WHY = "graphs have no attribute for it"
SHARES = (0.8, 0.9)
"""Shares of the time-ordered facts after which `valid` and `test` begin."""


def write_graphml(source: Source, folder: Path, losses: Losses) -> None:
    """Write one GraphML file."""
    found = list(_edges(source, losses))
    with (folder / "events.graphml").open("w", encoding="utf-8", newline="\n") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        file.write('<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
        for kind, names in (("node", NODE), ("edge", _edge_types(source))):
            for name, of in names.items():
                file.write(
                    f'  <key id="{kind[0]}_{name}" for="{kind}" attr.name="{name}" attr.type="{of}"/>\n'
                )
        file.write('  <graph id="events" edgedefault="directed">\n')
        for key, attributes in _nodes(found):
            file.write(f"    <node id={quoteattr(key)}>{_data('n', attributes)}</node>\n")
        for pair in found:
            ends = f"source={quoteattr(pair.dyad['actor_id'])} target={quoteattr(pair.dyad['target_id'])}"
            file.write(
                f"    <edge id={quoteattr(pair.dyad['dyad_id'])} {ends}>{_data('e', _attributes(pair))}</edge>\n"
            )
        file.write("  </graph>\n</graphml>\n")


def _data(prefix: str, attributes: dict[str, Any]) -> str:
    return "".join(
        f'<data key="{prefix}_{name}">{escape(_text(value))}</data>'
        for name, value in attributes.items()
        if value is not None
    )


def write_gexf(source: Source, folder: Path, losses: Losses) -> None:
    """Write one GEXF 1.3 file, dynamic by the days of the events."""
    found = list(_edges(source, losses))
    with (folder / "events.gexf").open("w", encoding="utf-8", newline="\n") as file:
        file.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
        )
        file.write('  <graph mode="dynamic" timeformat="date" defaultedgetype="directed">\n')
        for kind, names in (("node", NODE), ("edge", _edge_types(source))):
            file.write(f'    <attributes class="{kind}" mode="static">\n')
            for name, of in _own(names).items():
                of = "integer" if of == "int" else of
                file.write(f'      <attribute id="{name}" title="{name}" type="{of}"/>\n')
            file.write("    </attributes>\n")
        file.write("    <nodes>\n")
        for key, attributes in _nodes(found):
            label = quoteattr(str(attributes["label"]))
            file.write(f"      <node id={quoteattr(key)} label={label}>{_values(attributes)}</node>\n")
        file.write("    </nodes>\n    <edges>\n")
        for pair in found:
            attributes = _attributes(pair)
            days = "".join(
                f' {name}="{attributes[name]}"' for name in ("start", "end") if attributes[name] is not None
            )
            file.write(
                f"      <edge id={quoteattr(pair.dyad['dyad_id'])} source={quoteattr(pair.dyad['actor_id'])} "
                f"target={quoteattr(pair.dyad['target_id'])} label={quoteattr(pair.dyad['action'])} "
                f'weight="{_text(pair.weight)}"{days}>{_values(attributes)}</edge>\n'
            )
        file.write("    </edges>\n  </graph>\n</gexf>\n")


def _own(names: dict[str, str]) -> dict[str, str]:
    """Return the attributes that GEXF does not have places of its own for."""
    return {name: of for name, of in names.items() if name not in ("label", "weight", "start", "end")}


def _values(attributes: dict[str, Any]) -> str:
    inner = "".join(
        f'<attvalue for="{name}" value={quoteattr(_text(value))}/>'
        for name, value in attributes.items()
        if value is not None and name in _own(dict.fromkeys(attributes, ""))
    )
    return f"<attvalues>{inner}</attvalues>"


def write_quadruples(source: Source, folder: Path, losses: Losses) -> None:
    """Write `train.txt`, `valid.txt` and `test.txt` in the order of time, with the ids of entities and relations.

    Each line is subject, relation, object, day and document, separated by tabs. A day is never split between two files.
    """
    _quadruples(source, folder, losses, lambda pair: str(pair.day))


def write_quadruples_by_document(source: Source, folder: Path, losses: Losses) -> None:
    """Write the files of `write_quadruples` in the order of documents; a document is never split between two files."""
    _quadruples(source, folder, losses, lambda pair: str(pair.document["document_id"]))


def _quadruples(source: Source, folder: Path, losses: Losses, unit: Callable[[Pair], str]) -> None:
    found = list(_edges(source, losses))
    dated = sorted(
        (pair for pair in found if pair.day is not None),
        key=lambda pair: (unit(pair), str(pair.day), pair.dyad["dyad_id"]),
    )
    for pair in found:
        if pair.day is None:
            losses.add(pair.dyad["dyad_id"], "event", pair.event["date"], "no day is known")
        else:
            losses.add(pair.dyad["dyad_id"], "weight", pair.weight if pair.weight != 1 else None, WHY)
            losses.add(pair.dyad["dyad_id"], "status", pair.event["status"], WHY)
            if pair.event["date"] != str(pair.day):
                why = "one day is written, not a period or an open date"
                losses.add(pair.dyad["dyad_id"], "date", pair.event["date"], why)
    entities = {key: n for n, (key, _) in enumerate(_nodes(dated))}
    relations = {code: n for n, code in enumerate(sorted({pair.dyad["action"] for pair in dated}))}
    for name, ids in (("entity2id.txt", entities), ("relation2id.txt", relations)):
        _lines(folder / name, (f"{key}\t{number}" for key, number in ids.items()))
    _lines(folder / "stat.txt", [f"{len(entities)}\t{len(relations)}"])
    first = min((pair.day for pair in dated if pair.day), default=None)
    for name, part in zip(("train", "valid", "test"), _parts(dated, unit), strict=True):
        _lines(
            folder / f"{name}.txt",
            (
                f"{entities[pair.dyad['actor_id']]}\t{relations[pair.dyad['action']]}\t"
                f"{entities[pair.dyad['target_id']]}\t{_days(pair.day, first)}\t{pair.document['document_id']}"
                for pair in part
            ),
        )
    _lines(folder / "time.txt", [f"first day\t{first or ''}"])


def _days(day: date | None, first: date | None) -> int:
    assert day is not None
    assert first is not None
    return (day - first).days


def _parts(dated: list[Pair], unit: Callable[[Pair], str]) -> list[list[Pair]]:
    """Cut facts at the change of day or document nearest to each share. No part is empty where there are enough changes."""
    changes = [i for i in range(1, len(dated)) if unit(dated[i]) != unit(dated[i - 1])]
    cuts = [0]
    for later, share in zip(reversed(range(len(SHARES))), SHARES, strict=True):
        free = [at for at in changes if at > cuts[-1]]
        nearest = sorted(free[: len(free) - later], key=lambda at: abs(at - share * len(dated)))
        cuts.append(nearest[0] if nearest else len(dated))
    return [dated[a:b] for a, b in zip(cuts, [*cuts[1:], len(dated)], strict=True)]


def _lines(path: Path, lines: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)


def _edges(source: Source, losses: Losses) -> Iterator[Pair]:
    """Yield the pairs of two, and list the events that have none."""
    for coded in source:
        for negative in coded.negatives:
            losses.add(negative.id or "", "negative", negative.reason or "negative", "graphs hold events")
    seen: set[str] = set()
    for pair in pairs(source):
        event = pair.event
        if not (pair.dyad["actor_id"] and pair.dyad["target_id"]):
            losses.add(event["event_id"], "event", pair.dyad["action"], "an edge needs an actor and a target")
            continue
        if event["event_id"] not in seen:
            seen.add(event["event_id"])
            lose_event(event, losses, WHY, kept=KEPT)
            for place in pair.places:
                losses.add(event["event_id"], "where", place["place_id"], WHY)
        yield pair


def _nodes(found: list[Pair]) -> Iterator[tuple[str, dict[str, Any]]]:
    nodes: dict[str, dict[str, Any]] = {}
    for pair in found:
        for row in (pair.actor, pair.target):
            nodes[row["actor_id"]] = {
                "label": row["name"],
                "kind": row["kind"],
                "country": row["country"],
            }
    yield from sorted(nodes.items())


def _edge_types(source: Source) -> dict[str, str]:
    """Return the attributes of edges, with the value of the code after its class."""
    scale = value_column_in(source.tables["dyads"].columns)
    found = {}
    for name, of in EDGE.items():
        found[name] = of
        if name == "quad_class" and scale:
            found[scale] = "double"
    return found


def _attributes(pair: Pair) -> dict[str, Any]:
    scale = value_column_in(pair.event)
    return {
        "event": pair.event["event_id"],
        "document": pair.document["document_id"],
        "action": pair.dyad["action"],
        "root": pair.dyad["root"],
        "quad_class": pair.dyad["quad_class"],
        **({scale: pair.dyad[scale]} if scale else {}),
        "weight": pair.weight,
        "status": pair.event["status"],
        "date": pair.event["date"],
        "start": pair.event["date_earliest"],
        "end": pair.event["date_latest"],
        "derived": pair.dyad["derived"],
        "count_min": pair.event["count_min"],
    }


def _text(value: Any) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
