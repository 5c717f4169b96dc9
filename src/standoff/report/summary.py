"""The summary of a table as text and as Markdown, with a small figure of its rows over time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from standoff.terminal import count, printable

if TYPE_CHECKING:
    from standoff.model.summary import Summary

WIDTH = 60
"""Characters of the figure at most."""
CODES = 6
"""Codes that are listed; the others are counted."""
DAYS = 5
"""Days that are listed; the others are counted."""
_BARS = "▁▂▃▄▅▆▇█"


def text(summary: Summary) -> list[str]:
    """Return the lines of a summary."""
    lines = [f"summary of {printable(summary.table)}: {count(summary.rows, 'row')}"]
    for title, told in _parts(summary):
        lines += [f"  {title if not n else '':12}{printable(line)}" for n, line in enumerate(told)]
    return lines


def markdown(summary: Summary) -> list[str]:
    """Return the lines of a summary in Markdown: a block of text, in which nothing is markup."""
    return ["```text", *(line.replace("`", "'") for line in text(summary)), "```", ""]


def figure(counts: Iterable[int]) -> str:
    """Return numbers as a row of bars; a dot stands for none."""
    numbers = list(counts)
    most = max(numbers, default=0)
    return "".join(_BARS[(n * len(_BARS) - 1) // most] if n else "·" for n in numbers)


def _parts(summary: Summary) -> Iterator[tuple[str, list[str]]]:
    if summary.days:
        yield "days", list(_days(summary))
    if summary.roots:
        yield "root", [_shares(summary, summary.roots)]
    if summary.quad_classes:
        yield "quad class", [_shares(summary, summary.quad_classes)]
    if summary.unknown:
        sides = (f"{name} {_percent(summary, rows)}" for name, rows in summary.unknown.items())
        yield "unknown", [", ".join(sides)]
    if summary.code_010 is not None:
        yield "code 010", [_percent(summary, summary.code_010)]
    several = summary.several_ids
    if several is not None:
        about = "about " if several.sampled > 1 else ""
        yield (
            "several ids",
            [
                f"{about}{count(several.events, 'event')} in {count(several.rows, 'row')} ({_percent(summary, several.rows)})",
                f"the same {', '.join(several.columns)}",
                *([f"estimated from one event in {several.sampled:,}"] if several.sampled > 1 else []),
            ],
        )


def _days(summary: Summary) -> Iterator[str]:
    first, last = min(summary.days), max(summary.days)
    counts = sorted(summary.days.values())
    median = counts[len(counts) // 2]
    span = f"{first} to {last}" if first != last else f"{first}"
    yield (
        f"{span}: {count(len(counts), 'day')} with rows; {counts[0]:,} to {counts[-1]:,} rows a day, median {median:,}"
    )
    if summary.period and summary.period != (first, last):
        yield f"most rows from {summary.period[0]} to {summary.period[1]}"
    if len(counts) > 1:
        yield figure(summary.bins(WIDTH))
    if summary.undated:
        yield f"without a day: {count(summary.undated, 'row')} ({_percent(summary, summary.undated)})"
    if summary.gaps:
        yield f"no rows: {_first([_stretch(*gap) for gap in summary.gaps])}"
    if summary.thin:
        thin = [f"{thin.day} ({thin.rows:,} instead of about {thin.usual:,.0f})" for thin in summary.thin]
        yield f"few rows: {_first(thin)}"


def _stretch(first: date, last: date) -> str:
    return f"{first}" if first == last else f"{first} to {last}"


def _first(named: list[str]) -> str:
    return ", ".join(named[:DAYS]) + (f" and {len(named) - DAYS:,} more" if len(named) > DAYS else "")


def _shares(summary: Summary, counts: Mapping[str | None, int]) -> str:
    known = [(code, rows) for code, rows in counts.items() if code is not None]
    told = [f"{code} {_percent(summary, rows)}" for code, rows in known[:CODES]]
    if len(known) > CODES:
        others = sum(rows for _, rows in known[CODES:])
        told.append(f"{len(known) - CODES} others {_percent(summary, others)}")
    if None in counts:
        told.append(f"no known code {_percent(summary, counts[None])}")
    return ", ".join(told)


def _percent(summary: Summary, rows: int) -> str:
    """Return a share; one that is not zero is not shown as zero."""
    share = 100 * summary.share(rows)
    return "below 0.1 %" if 0 < share < 0.1 else f"{share:.1f} %"
