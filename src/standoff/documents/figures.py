"""The two figures of the README, drawn from the tables: when which kind of act happened, and who did it to whom.

Each is one SVG without fonts, scripts or references, readable on light and on dark pages.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from html import escape

import polars as pl

from standoff.loaders.panel import panel

QUAD_CLASSES = {
    1: ("verbal cooperation", "#74b3e8"),
    2: ("material cooperation", "#2f78c4"),
    3: ("verbal conflict", "#f2a65a"),
    4: ("material conflict", "#cf4a30"),
}
"""Name and colour of each quad class; the colours keep apart for colour-blind readers and on either background."""

STYLE = """\
text { font: 12px system-ui, sans-serif; fill: #6e7781 }
.head { font-weight: 600 }
.count { fill: #fff }
.line { stroke: #8b949e; stroke-opacity: .35 }
.open { stroke: #6e7781; stroke-width: 2; stroke-dasharray: 3 2 }
@media (prefers-color-scheme: dark) { text { fill: #a8b1bb } }
"""

WIDTH = 760
MOST_BINS = 60
DAYS, MONTHS, YEARS = "day", "month", "year"


def timeline(dyads: pl.DataFrame) -> str:
    """Draw the number of events over time by quad class.

    An event counts once, spread evenly over the days of its date (`expected` of `standoff.panel`). Events whose date
    is open at an end are drawn as a line: how many may have happened or gone on in each period.
    """
    closed = dyads.filter(pl.col("date_earliest").is_not_null() & pl.col("date_latest").is_not_null())
    if not closed.height:
        return _svg(24, "Timeline", "no events", [_text(8, 14, "No event has a date with two ends.", "head")])
    first, last = closed["date_earliest"].min(), closed["date_latest"].max()
    assert isinstance(first, date)
    assert isinstance(last, date)
    unit, bins = _bins(first, last)
    counts: defaultdict[tuple[date, int], float] = defaultdict(float)
    for start, quad_class, expected in _by_period(dyads, unit, first, last, "expected"):
        counts[start, quad_class] += expected
    open_ended: defaultdict[date, float] = defaultdict(float)
    opened = dyads.join(closed.select("dyad_id"), on="dyad_id", how="anti")
    for start, _, possible in _by_period(opened, unit, first, last, "possible"):
        open_ended[start] += possible
    tallest = max(
        max(sum(counts[start, q] for q in QUAD_CLASSES) for start in bins),
        max(open_ended.values(), default=0.0),
    )
    left, right, top, bottom = 34, WIDTH - 8, 44, 236
    step = (right - left) / len(bins)
    ticks = _ticks(tallest)

    def height(count: float) -> float:
        return count / ticks[-1] * (bottom - top)

    parts = [_text(left, 14, f"Number of events by {unit} and quad class", "head"), *_legend(left, 32)]
    for tick in ticks:
        y = bottom - height(tick)
        parts += [_line(left, y, right, y), _text(left - 6, y + 4, f"{tick:g}", anchor="end")]
    for number, start in enumerate(bins):
        base = float(bottom)
        for quad_class, (name, colour) in QUAD_CLASSES.items():
            if count := counts[start, quad_class]:
                base -= height(count)
                label = f"{_label(start, unit)}: {count:.1f} {name}"
                parts.append(
                    f'<rect x="{left + number * step + step * 0.1:.1f}" y="{base:.1f}" width="{step * 0.8:.1f}" '
                    f'height="{height(count):.1f}" fill="{colour}"><title>{escape(label)}</title></rect>'
                )
        if count := open_ended[start]:
            y = bottom - height(count)
            x = left + number * step
            label = f"{_label(start, unit)}: up to {count:.1f} events with an open date"
            parts.append(
                f'<line class="open" x1="{x:.1f}" y1="{y:.1f}" x2="{x + step:.1f}" y2="{y:.1f}">'
                f"<title>{escape(label)}</title></line>"
            )
    every = -(-len(bins) // 10)
    for number in range(0, len(bins), every):
        parts.append(
            _text(left + (number + 0.5) * step, bottom + 18, _label(bins[number], unit), anchor="middle")
        )
    note = "Bars: each event is spread evenly over the days of its date."
    if opened.height:
        note += " Dashes: how many events with an open date may lie there."
    parts.append(_text(left, bottom + 42, note))
    total = f"{dyads['event_id'].n_unique()} events, {closed['event_id'].n_unique()} with a closed date"
    return _svg(bottom + 52, "Timeline", f"{total}, from {first} to {last}", parts)


def _by_period(
    dyads: pl.DataFrame, unit: str, first: date, last: date, count: str
) -> Iterable[tuple[date, int, float]]:
    """Return a count of the panel by period and quad class, over all actors and targets."""
    counted = panel(dyads, period=unit, start=first, end=last, zeros=False)  # type: ignore[arg-type]
    return counted.group_by("period", "quad_class", maintain_order=True).agg(pl.col(count).sum()).iter_rows()


def who_to_whom(dyads: pl.DataFrame, actors: pl.DataFrame, most: int = 10) -> str:
    """Draw how often whom did what to whom: a matrix of states and groups, each with all that belongs to it.

    Rows are the heads of hierarchy on the event's date. The `most` frequent are shown; area is the sum of weight,
    colour the share of conflict in it. Events without an actor or a target are left out.
    """
    names = dict(actors.select("actor_id", "actor_name").iter_rows())
    sides = dyads.drop_nulls(["actor_top", "target_top"]).select(
        pl.col("actor_top").alias("actor"),
        pl.col("target_top").alias("target"),
        "weight",
        (pl.col("weight") * (pl.col("quad_class") > 2)).alias("conflict"),
    )
    total: defaultdict[str, float] = defaultdict(float)
    for actor, target, weight, _ in sides.iter_rows():
        total[actor] += weight
        total[target] += weight
    shown = sorted(total, key=lambda actor: (-round(total[actor], 9), actor))[:most]
    cells = {
        (actor, target): (weight, conflict / weight)
        for actor, target, weight, conflict in sides.group_by("actor", "target", maintain_order=True)
        .agg(pl.col("weight").sum(), pl.col("conflict").sum())
        .iter_rows()
    }
    labels = {actor: textwrap.shorten(names[actor], 48, placeholder=" …") for actor in shown}
    cell, left, top = 44, 290, 230
    bottom, right = top + cell * len(shown), left + cell * len(shown)
    largest = max((cells[key][0] for key in cells if {*key} <= {*shown}), default=1)
    parts = [
        _text(8, 14, "Number of events by actor (rows) and target (columns), each event counted once", "head")
    ]
    for number, actor in enumerate(shown):
        middle = (number + 0.5) * cell
        x = left + middle
        parts += [
            _text(left - 8, top + middle + 4, labels[actor], anchor="end"),
            f'<text transform="translate({x + 4:.1f} {top - 8}) rotate(-40)">{escape(labels[actor])}</text>',
            _line(left, top + middle, right, top + middle),
            _line(x, top, x, bottom),
        ]
    for row, actor in enumerate(shown):
        for column, target in enumerate(shown):
            if (actor, target) in cells:
                count, conflict = cells[actor, target]
                x, y = left + (column + 0.5) * cell, top + (row + 0.5) * cell
                radius = 8 + (cell / 2 - 9) * (count / largest) ** 0.5
                label = f"{labels[actor]} → {labels[target]}: {count:.1f}, {conflict:.0%} conflict"
                circle = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{_mixed(conflict)}">'
                parts.append(f"{circle}<title>{escape(label)}</title></circle>")
                parts.append(_text(x, y + 4, f"{count:.1f}".removesuffix(".0"), "count", anchor="middle"))
    parts += [_text(left - 8, top - 8, "actor", "head", anchor="end")]
    side = 15.0
    for words, share in (("all cooperation", 0.0), ("half conflict", 0.5), ("all conflict", 1.0)):
        parts += [
            f'<circle cx="{side:.1f}" cy="34" r="7" fill="{_mixed(share)}"/>',
            _text(side + 14, 38, words),
        ]
        side += 14 + 6.6 * len(words) + 28
    hidden = sides["weight"].sum() - sum(cells[key][0] for key in cells if {*key} <= {*shown})
    note = "Rows act, columns are acted on; a state or group stands for all its organs, members and people."
    note += f" {hidden:.0f} events are with others." if hidden >= 0.5 else ""
    parts.append(_text(8, bottom + 26, note))
    return _svg(
        bottom + 36,
        "Who did something to whom",
        f"{sides['weight'].sum():.0f} events by actor and target",
        parts,
        width=right + 150,
    )


def _bins(first: date, last: date) -> tuple[str, list[date]]:
    """Return the finest unit that needs no more than MOST_BINS bins, and the first days of all bins."""
    for unit in (DAYS, MONTHS, YEARS):
        days = (first + timedelta(day) for day in range((last - first).days + 1))
        bins = sorted({_bin(day, unit) for day in days})
        if len(bins) <= MOST_BINS:
            break
    return unit, bins


def _bin(day: date, unit: str) -> date:
    if unit == DAYS:
        return day
    return day.replace(day=1) if unit == MONTHS else day.replace(month=1, day=1)


def _label(start: date, unit: str) -> str:
    return start.isoformat()[: {DAYS: 10, MONTHS: 7, YEARS: 4}[unit]]


def _ticks(most: float) -> list[float]:
    """Return round numbers from 0 to at least `most`, four or five of them."""
    step = next(s for e in range(7) for s in (1 * 10**e, 2 * 10**e, 5 * 10**e) if s * 5 >= most)
    return [step * number for number in range(int(-(-most // step)) + 1)]


def _mixed(conflict: float) -> str:
    """Return the colour between cooperation and conflict."""
    one, other = (bytes.fromhex(QUAD_CLASSES[q][1][1:]) for q in (2, 4))
    return "#" + bytes(round(a + (b - a) * conflict) for a, b in zip(one, other, strict=True)).hex()


def _legend(x: float, y: float) -> Iterable[str]:
    for name, colour in QUAD_CLASSES.values():
        yield f'<rect x="{x}" y="{y - 10}" width="11" height="11" rx="2" fill="{colour}"/>'
        yield _text(x + 16, y, name)
        x += 16 + 6.6 * len(name) + 24


def _text(x: float, y: float, words: str, style: str = "", anchor: str = "start") -> str:
    kind = f' class="{style}"' if style else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{kind}>{escape(words)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="line" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _svg(height: float, title: str, description: str, parts: Iterable[str], width: float = WIDTH) -> str:
    lines = "\n".join(part for part in parts if part)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'height="{height:.0f}" role="img">\n<title>{escape(title)}</title>\n<desc>{escape(description)}</desc>\n'
        f"<style>\n{STYLE}</style>\n{lines}\n</svg>\n"
    )
