"""Figures as inline SVG, readable by screen readers: bars with intervals, and squares of counts."""

from __future__ import annotations

import html
from collections.abc import Sequence

from standoff.scoring.measures import NO_EVENT, NO_RECORD, Cells
from standoff.scoring.parts import Bar, Figure, number

LABEL, ROW, SCALE = 230, 24, 420
CELL = 34


def figure(each: Figure) -> str:
    """Return a figure as HTML."""
    drawn = _bars(each.bars) if each.bars else _cells(each.cells or {})
    legend = f"; lines: {each.interval}" if each.interval else ""
    return f"<figure><figcaption>{html.escape(each.title + legend)}</figcaption>{drawn}</figure>"


def axes(cells: Cells) -> tuple[list[str], list[str]]:
    """Return the rows and columns of a square of counts; what has no partner comes last."""

    def ordered(values: set[str]) -> list[str]:
        return sorted(values, key=lambda value: (value in (NO_EVENT, NO_RECORD), value))

    return ordered({row for row, _ in cells}), ordered({column for _, column in cells})


def _bars(bars: Sequence[Bar]) -> str:
    height = ROW * len(bars) + 24
    parts = []
    for i, bar in enumerate(bars):
        y = i * ROW + 4
        title = f"{bar.label}: {number(bar.value)}"
        if bar.low is not None and bar.high is not None:
            title += f" (95 % interval {number(bar.low)} to {number(bar.high)})"
        parts.append(f"<g><title>{html.escape(title)}</title>")
        parts.append(
            f'<text x="{LABEL - 8}" y="{y + 13}" text-anchor="end">{html.escape(bar.label[:34])}</text>'
        )
        width = (bar.value or 0) * SCALE
        parts.append(f'<rect x="{LABEL}" y="{y}" width="{width:.1f}" height="{ROW - 8}" fill="var(--bar)"/>')
        if bar.low is not None and bar.high is not None:
            left, right = (LABEL + end * SCALE for end in (bar.low, bar.high))
            middle = y + (ROW - 8) / 2
            parts.append(
                f'<path d="M{left:.1f} {middle}H{right:.1f}M{left:.1f} {middle - 5}v10M{right:.1f} {middle - 5}v10" '
                'stroke="currentColor" fill="none"/>'
            )
        parts.append(f'<text x="{LABEL + SCALE + 10}" y="{y + 13}">{number(bar.value)}</text></g>')
    ticks = "".join(
        f'<text x="{LABEL + share * SCALE}" y="{height - 4}" text-anchor="middle">{share:g}</text>'
        for share in (0, 0.25, 0.5, 0.75, 1)
    )
    return f'<svg role="img" width="{LABEL + SCALE + 60}" height="{height}">{"".join(parts)}{ticks}</svg>'


def _cells(cells: Cells) -> str:
    rows, columns = axes(cells)
    most = max(cells.values(), default=1)
    left, top = LABEL, 120
    parts = []
    for j, column in enumerate(columns):
        x = left + j * CELL + CELL / 2 + 4
        parts.append(
            f'<text x="{x}" y="{top - 6}" transform="rotate(-60 {x} {top - 6})">{html.escape(column[:24])}</text>'
        )
    for i, row in enumerate(rows):
        y = top + i * CELL
        parts.append(f'<text x="{left - 8}" y="{y + 21}" text-anchor="end">{html.escape(row[:34])}</text>')
        for j, column in enumerate(columns):
            count = cells.get((row, column), 0)
            if not count:
                continue
            x, strength = left + j * CELL, 0.15 + 0.85 * count / most
            parts.append(
                f"<g><title>{html.escape(f'gold {row}, predicted {column}: {count}')}</title>"
                f'<rect x="{x}" y="{y}" width="{CELL - 2}" height="{CELL - 2}" fill="var(--bar)" '
                f'fill-opacity="{strength:.2f}"/>'
                f'<text x="{x + CELL / 2 - 1}" y="{y + 21}" text-anchor="middle">{count}</text></g>'
            )
    width, height = left + len(columns) * CELL + 80, top + len(rows) * CELL + 8
    return f'<svg role="img" width="{width}" height="{height}">{"".join(parts)}</svg>'
