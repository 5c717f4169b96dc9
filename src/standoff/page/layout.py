"""Where the nodes of a network lie: a force-directed layout with a fixed start, so that it is the same every time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

ROUNDS = 300


def positions(
    nodes: Sequence[str], edges: Mapping[tuple[str, str], float], width: float, height: float
) -> dict[str, tuple[float, float]]:
    """Return x and y of each node in a frame of `width` by `height` (Fruchterman and Reingold 1991).

    `edges` gives a weight above 0 for pairs of nodes; the direction does not matter. The nodes start on a circle
    in the order given, nothing is random, and coordinates are rounded to a tenth.
    """
    count = len(nodes)
    if not count:
        return {}
    index = {node: number for number, node in enumerate(nodes)}
    spots = [
        (math.cos(math.tau * number / count), math.sin(math.tau * number / count)) for number in range(count)
    ]
    pulls = _pulls(index, edges)
    ideal = 2.2 / math.sqrt(count)
    for step in range(ROUNDS):
        most = 0.12 * (1 - step / ROUNDS) + 0.002
        spots = _moved(spots, pulls, ideal, most)
    return dict(zip(nodes, _framed(spots, width, height), strict=True))


def _pulls(index: Mapping[str, int], edges: Mapping[tuple[str, str], float]) -> list[tuple[int, int, float]]:
    """The edges without direction, each with a strength between 0 and 1."""
    strengths: dict[tuple[int, int], float] = {}
    for (one, other), weight in edges.items():
        pair = (min(index[one], index[other]), max(index[one], index[other]))
        if pair[0] != pair[1]:
            strengths[pair] = strengths.get(pair, 0.0) + weight
    most = max(strengths.values(), default=1.0)
    return [(a, b, math.sqrt(strength / most)) for (a, b), strength in sorted(strengths.items())]


def _moved(
    spots: list[tuple[float, float]], pulls: list[tuple[int, int, float]], ideal: float, most: float
) -> list[tuple[float, float]]:
    forces = [[-0.9 * x, -0.9 * y] for x, y in spots]  # a weak pull to the middle keeps parts together
    for one in range(len(spots)):
        for other in range(one + 1, len(spots)):
            dx, dy = spots[one][0] - spots[other][0], spots[one][1] - spots[other][1]
            distance = math.hypot(dx, dy) or 1e-6
            push = ideal * ideal / (distance * distance)
            _add(forces, one, other, dx * push, dy * push)
    for one, other, strength in pulls:
        dx, dy = spots[one][0] - spots[other][0], spots[one][1] - spots[other][1]
        pull = math.hypot(dx, dy) / ideal * (0.3 + strength)
        _add(forces, one, other, -dx * pull, -dy * pull)
    moved = []
    for (x, y), (fx, fy) in zip(spots, forces, strict=True):
        length = math.hypot(fx, fy) or 1.0
        scale = min(length, most) / length
        moved.append((x + fx * scale, y + fy * scale))
    return moved


def _add(forces: list[list[float]], one: int, other: int, fx: float, fy: float) -> None:
    forces[one][0] += fx
    forces[one][1] += fy
    forces[other][0] -= fx
    forces[other][1] -= fy


def _framed(spots: Sequence[tuple[float, float]], width: float, height: float) -> list[tuple[float, float]]:
    """The spots stretched into the frame, with a margin for circles and names."""
    across, down = 70.0, 30.0
    xs, ys = [x for x, _ in spots], [y for _, y in spots]
    wide, high = (max(xs) - min(xs)) or 1.0, (max(ys) - min(ys)) or 1.0
    return [
        (
            round(across + (x - min(xs)) / wide * (width - 2 * across), 1),
            round(down + (y - min(ys)) / high * (height - 2 * down), 1),
        )
        for x, y in spots
    ]
