"""Who-to-whom graphs: GraphML and GEXF for Gephi, networkx and igraph, and quadruples for temporal knowledge graphs.

Nodes are actors, edges are directed pairs. An event with a side missing has no edge, and is listed.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TextIO
from xml.sax.saxutils import escape, quoteattr

from standoff.exchange.coded import Source, Tables
from standoff.exchange.losses import Losses
from standoff.exchange.pairs import Pair, lose_event, lose_negatives, pairs
from standoff.tables.dataset import value_column_in

Nodes = dict[str, dict[str, Any]]
NODE = {"label": "string", "kind": "string", "country": "string"}
EDGE = {
    "dyad": "string",
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

The attribute `dyad` is the edge's id: igraph 1.0 for Python gives edges the ids of vertices.

Edges have in addition the value of their code, under the name of its column (`_edge_types`).
"""
KEPT = frozenset(("date", "status", "count_min"))
WHY = "graphs have no attribute for it"
SHARES = (0.8, 0.9)
"""Shares of the time-ordered facts after which `valid` and `test` begin."""


def write_graphml(source: Source, folder: Path, losses: Losses) -> None:
    """Write one GraphML file."""

    def edge(pair: Pair) -> str:
        ends = f"source={quoteattr(pair.dyad['actor_id'])} target={quoteattr(pair.dyad['target_id'])}"
        return (
            f"    <edge id={quoteattr(pair.dyad['dyad_id'])} {ends}>{_data('e', _attributes(pair))}</edge>\n"
        )

    with (
        (folder / "events.graphml").open("w", encoding="utf-8", newline="\n") as file,
        _spool(folder) as edges,
    ):
        nodes, types = _write_edges(source, losses, edge, edges)
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        file.write('<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
        for kind, names in (("node", NODE), ("edge", types)):
            for name, of in names.items():
                file.write(
                    f'  <key id="{kind[0]}_{name}" for="{kind}" attr.name="{name}" attr.type="{of}"/>\n'
                )
        file.write('  <graph id="events" edgedefault="directed">\n')
        for key, attributes in nodes.items():
            file.write(f"    <node id={quoteattr(key)}>{_data('n', attributes)}</node>\n")
        shutil.copyfileobj(edges, file)
        file.write("  </graph>\n</graphml>\n")


def _spool(folder: Path) -> TextIO:
    """Return a file without a name for edges, which follow the nodes but are met first."""
    return tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n", dir=folder)


def _write_edges(
    source: Source, losses: Losses, line: Callable[[Pair], str], edges: TextIO
) -> tuple[Nodes, dict[str, str]]:
    """Write a line for each edge; return the nodes by id, and the attributes of edges. The file is left at its beginning."""

    def lines(tables: Tables, losses: Losses) -> tuple[str, Nodes, dict[str, str]]:
        nodes: Nodes = {}
        written = []
        for pair in _edges(tables, losses):
            _add_nodes(nodes, pair)
            written.append(line(pair))
        return "".join(written), nodes, _edge_types(tables)

    nodes: Nodes = {}
    types: dict[str, str] = {}
    for text, own, found in source.each_block(lines, losses):
        edges.write(text)
        nodes |= own
        types = found
    edges.seek(0)
    return dict(sorted(nodes.items())), types


def _data(prefix: str, attributes: dict[str, Any]) -> str:
    return "".join(
        f'<data key="{prefix}_{name}">{escape(_text(value))}</data>'
        for name, value in attributes.items()
        if value is not None
    )


def write_gexf(source: Source, folder: Path, losses: Losses) -> None:
    """Write one GEXF 1.3 file, dynamic by the days of the events."""

    def edge(pair: Pair) -> str:
        attributes = _attributes(pair)
        days = "".join(
            f' {name}="{attributes[name]}"' for name in ("start", "end") if attributes[name] is not None
        )
        return (
            f"      <edge id={quoteattr(pair.dyad['dyad_id'])} source={quoteattr(pair.dyad['actor_id'])} "
            f"target={quoteattr(pair.dyad['target_id'])} label={quoteattr(pair.dyad['action'])} "
            f'weight="{_text(pair.weight)}"{days}>{_values(attributes)}</edge>\n'
        )

    with (
        (folder / "events.gexf").open("w", encoding="utf-8", newline="\n") as file,
        _spool(folder) as edges,
    ):
        nodes, types = _write_edges(source, losses, edge, edges)
        file.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
        )
        file.write('  <graph mode="dynamic" timeformat="date" defaultedgetype="directed">\n')
        for kind, names in (("node", NODE), ("edge", types)):
            file.write(f'    <attributes class="{kind}" mode="static">\n')
            for name, of in _own(names).items():
                of = "integer" if of == "int" else of
                file.write(f'      <attribute id="{name}" title="{name}" type="{of}"/>\n')
            file.write("    </attributes>\n")
        file.write("    <nodes>\n")
        for key, attributes in nodes.items():
            label = quoteattr(str(attributes["label"]))
            file.write(f"      <node id={quoteattr(key)} label={label}>{_values(attributes)}</node>\n")
        file.write("    </nodes>\n    <edges>\n")
        shutil.copyfileobj(edges, file)
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


@dataclass(frozen=True, slots=True)
class Fact:
    """A dated pair as quadruples have it. `unit` is what is never split between two files: the day or the document."""

    unit: str
    day: date
    dyad_id: str
    actor: str
    action: str
    target: str
    document: str


def write_quadruples(source: Source, folder: Path, losses: Losses) -> None:
    """Write `train.txt`, `valid.txt` and `test.txt` in the order of time, with the ids of entities and relations.

    Each line is subject, relation, object, day and document, separated by tabs. A day is never split between two files.
    """
    _quadruples(source, folder, losses, lambda pair: str(pair.day))


def write_quadruples_by_document(source: Source, folder: Path, losses: Losses) -> None:
    """Write the files of `write_quadruples` in the order of documents; a document is never split between two files."""
    _quadruples(source, folder, losses, lambda pair: str(pair.document["document_id"]))


def _quadruples(source: Source, folder: Path, losses: Losses, unit: Callable[[Pair], str]) -> None:
    def found(tables: Tables, losses: Losses) -> list[Fact]:
        facts = []
        for pair in _edges(tables, losses):
            dyad, event, day = pair.dyad, pair.event, pair.day
            if day is None:
                losses.add(dyad["dyad_id"], "event", event["date"], "no day is known")
                continue
            losses.add(dyad["dyad_id"], "weight", pair.weight if pair.weight != 1 else None, WHY)
            losses.add(dyad["dyad_id"], "status", event["status"], WHY)
            if event["date"] != str(day):
                why = "one day is written, not a period or an open date"
                losses.add(dyad["dyad_id"], "date", event["date"], why)
            ends = dyad["actor_id"], dyad["target_id"]
            document = pair.document["document_id"]
            facts.append(Fact(unit(pair), day, dyad["dyad_id"], ends[0], dyad["action"], ends[1], document))
        return facts

    facts = [fact for block in source.each_block(found, losses) for fact in block]
    facts.sort(key=lambda fact: (fact.unit, str(fact.day), fact.dyad_id))
    entities = {
        key: n for n, key in enumerate(sorted({end for fact in facts for end in (fact.actor, fact.target)}))
    }
    relations = {code: n for n, code in enumerate(sorted({fact.action for fact in facts}))}
    for name, numbers in (("entity2id.txt", entities), ("relation2id.txt", relations)):
        _lines(folder / name, (f"{key}\t{number}" for key, number in numbers.items()))
    _lines(folder / "stat.txt", [f"{len(entities)}\t{len(relations)}"])
    first = min((fact.day for fact in facts), default=None)
    listed = ["file,line,dyad_id,document_id"]
    for name, part in zip(("train", "valid", "test"), _parts(facts), strict=True):
        listed += (f"{name},{n},{fact.dyad_id},{fact.document}" for n, fact in enumerate(part, start=1))
        _lines(
            folder / f"{name}.txt",
            (
                f"{entities[fact.actor]}\t{relations[fact.action]}\t{entities[fact.target]}\t"
                f"{(fact.day - first).days if first else 0}"
                for fact in part
            ),
        )
    _lines(folder / "facts.csv", listed)
    _lines(folder / "time.txt", [f"first day\t{first or ''}"])


def _parts(dated: list[Fact]) -> list[list[Fact]]:
    """Cut facts at the change of day or document nearest to each share. No part is empty where there are enough changes."""
    changes = [i for i in range(1, len(dated)) if dated[i].unit != dated[i - 1].unit]
    cuts = [0]
    for later, share in zip(reversed(range(len(SHARES))), SHARES, strict=True):
        free = [at for at in changes if at > cuts[-1]]
        nearest = sorted(free[: len(free) - later], key=lambda at: abs(at - share * len(dated)))
        cuts.append(nearest[0] if nearest else len(dated))
    return [dated[a:b] for a, b in zip(cuts, [*cuts[1:], len(dated)], strict=True)]


def _lines(path: Path, lines: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)


def _edges(tables: Tables, losses: Losses) -> Iterator[Pair]:
    """Yield the pairs of two, and list the events that have none."""
    lose_negatives(tables, losses, "graphs hold events")
    seen: set[str] = set()
    for pair in pairs(tables):
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


def _add_nodes(nodes: Nodes, pair: Pair) -> None:
    for row in (pair.actor, pair.target):
        if row["actor_id"] not in nodes:
            nodes[row["actor_id"]] = {
                "label": row["name"],
                "kind": row["kind"],
                "country": row["country"],
            }


def _edge_types(tables: Tables) -> dict[str, str]:
    """Return the attributes of edges, with the value of the code after its class."""
    scale = value_column_in(tables["dyads"].columns)
    found = {}
    for name, of in EDGE.items():
        found[name] = of
        if name == "quad_class" and scale:
            found[scale] = "double"
    return found


def _attributes(pair: Pair) -> dict[str, Any]:
    scale = value_column_in(pair.event)
    return {
        "dyad": pair.dyad["dyad_id"],
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
