"""The assignment problem: pairs rows and columns of a table of weights so that the total weight is greatest."""

from __future__ import annotations

from collections.abc import Sequence


def assign(weights: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """The one-to-one assignment of rows to columns with the greatest total weight, in the order of the rows.

    Weights are whole numbers from 0; pairs of weight 0 are not assigned. The Hungarian method by shortest
    augmenting paths, with potentials (Kuhn 1955; Jonker and Volgenant 1987), in O(rows² x columns).
    """
    height, width = len(weights), len(weights[0]) if weights else 0
    if height > width:
        return sorted((row, column) for column, row in assign([list(c) for c in zip(*weights, strict=True)]))
    # Column 0 stands for "not yet assigned"; rows and columns count from 1, owner 0 is nobody.
    row_potential, column_potential = [0] * (height + 1), [0] * (width + 1)
    owner, came_from = [0] * (width + 1), [0] * (width + 1)
    for row in range(1, height + 1):
        owner[0], column = row, 0
        slack: list[float] = [float("inf")] * (width + 1)
        visited = [False] * (width + 1)
        while owner[column]:
            visited[column] = True
            current, step, nearest = owner[column], float("inf"), 0
            for j in range(1, width + 1):
                if visited[j]:
                    continue
                reduced = -weights[current - 1][j - 1] - row_potential[current] - column_potential[j]
                if reduced < slack[j]:
                    slack[j], came_from[j] = reduced, column
                if slack[j] < step:
                    step, nearest = slack[j], j
            for j in range(width + 1):
                if visited[j]:
                    row_potential[owner[j]] += int(step)
                    column_potential[j] -= int(step)
                else:
                    slack[j] -= step
            column = nearest
        while column:
            owner[column], column = owner[came_from[column]], came_from[column]
    pairs = [(owner[j] - 1, j - 1) for j in range(1, width + 1) if owner[j]]
    return sorted((i, j) for i, j in pairs if weights[i][j] > 0)
