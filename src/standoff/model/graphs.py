"""Graphs of ids: what is reached from where, and circles where there should be none.

Parents of actors, events that are part of each other, ids that take the place of withdrawn ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter


def reached(starts: Iterable[str], edges: Mapping[str, set[str]]) -> set[str]:
    """Return the nodes to which edges of node → next nodes lead from `starts`, these among them."""
    found, todo = set[str](), set(starts)
    while todo:
        found |= todo
        todo = {following for node in todo for following in edges.get(node, ())} - found
    return found


def circles(edges: Mapping[str, set[str]], most: int = 20) -> Iterator[tuple[str, ...]]:
    """Yield circles of a graph of node → next nodes, each beginning and ending with its least node.

    After each circle its first edge is taken out; the search ends when none is left, or after `most`.
    """
    left = {node: set(following) for node, following in edges.items()}
    for _ in range(most):
        try:
            TopologicalSorter(left).prepare()
            return
        except CycleError as error:
            nodes = error.args[1][:0:-1]  # graphlib lists a node before those that lead to it
            first = nodes.index(min(nodes))
            circle = (*nodes[first:], *nodes[:first], nodes[first])
            yield circle
            left[circle[0]].discard(circle[1])
