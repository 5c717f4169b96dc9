"""The report in its forms: text for a terminal, Markdown (also for a step summary), HTML with figures, JSON."""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Sequence

from standoff import markdown
from standoff.scoring import svg
from standoff.scoring.compare import Comparison
from standoff.scoring.json_report import as_json
from standoff.scoring.parts import Bar, Code, Figure, Section, Strong, Table, number
from standoff.scoring.result import Score
from standoff.scoring.sections import comparison, report
from standoff.scoring.summary import LIMITS, result

WIDTH = 100
BAR = 30


def sections(scores: Sequence[Score], compared: Comparison | None) -> list[tuple[str, list[Section]]]:
    """Return, for each system, its title and its sections; the comparison comes last."""
    parts = [(f"Score of {score.name}", list(report(score))) for score in scores]
    if compared is not None:
        parts.append(("Comparison", [comparison(compared)]))
    return parts


# --- Text and Markdown -----------------------------------------------------------------------------------


def as_text(scores: Sequence[Score], compared: Comparison | None = None) -> str:
    """Return the report for a terminal."""
    lines: list[str] = []
    for title, parts in sections(scores, compared):
        lines += [title, "=" * len(title), "", *textwrap.wrap(f"Sections: {_contents(parts)}.", WIDTH), ""]
        for section in parts:
            lines += [section.title, "-" * len(section.title)]
            for paragraph in section.text:
                lines += [*textwrap.wrap(paragraph, WIDTH, break_long_words=False), ""]
            for figure in section.figures:
                if figure.bars:
                    lines += [*textwrap.wrap(figure.title + _legend(figure), WIDTH), *_bars(figure.bars), ""]
                elif figure.cells:
                    lines += [figure.title, *_columns(_square(figure)), ""]
            for table in section.tables:
                if table.rows:
                    lines += [*([table.title] if table.title else []), *_columns(table), ""]
    for score in scores:  # where a terminal ends up
        lines += textwrap.wrap(f"Result, as in the first section: {result(score)}", WIDTH)
    return _printable("\n".join(lines).rstrip() + "\n")


def _contents(parts: Sequence[Section]) -> str:
    return " · ".join(section.title for section in parts)


def _printable(text: str) -> str:
    """Return the text without control characters, which a file may have put into names."""
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in text)


def _columns(table: Table) -> list[str]:
    rows = [["" if cell is None else str(cell) for cell in row] for row in (table.header, *table.rows)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(table.header))]
    numeric = [
        i > 0
        and all(row[i].strip("–-").replace(".", "").isdigit() or row[i] in ("", "–") for row in rows[1:])
        for i in range(len(widths))
    ]
    lines = [
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        ).rstrip()
        for row in rows
    ]
    return [lines[0], "  ".join("-" * width for width in widths), *lines[1:]]


def _bars(bars: Sequence[Bar]) -> list[str]:
    width = max(len(bar.label) for bar in bars)
    return [f"{bar.label:<{width}}  {text_bar(bar)}  {number(bar.value)}" for bar in bars]


def _legend(figure: Figure) -> str:
    """Return what the shades of a figure mean."""
    if not figure.interval:
        return ""
    return f". █ and ▓ reach to F1, · to 1. {figure.interval}: ▓ from its lower end to F1, ░ from F1 to its upper end"


def text_bar(bar: Bar) -> str:
    """Return a bar of characters; the interval is shaded."""
    full = round((bar.value or 0) * BAR)
    low, high = (full if end is None else round(end * BAR) for end in (bar.low, bar.high))
    return "".join(
        "█" if i < min(full, low) else "▓" if i < full else "░" if i < high else "·" for i in range(BAR)
    )


def as_markdown(scores: Sequence[Score], compared: Comparison | None = None) -> str:
    """Return the report in Markdown, with bars of characters: step summaries drop inline SVG."""
    lines: list[str] = []
    for title, parts in sections(scores, compared):
        lines += [f"# {_escaped(title)}", "", f"Sections: {_contents(parts)}.", ""]
        for section in parts:
            lines += [f"## {section.title}", ""]
            for paragraph in section.text:
                lines += [_paragraph(paragraph), ""]
            for figure in section.figures:
                if figure.bars:
                    lines += _markdown_bars(figure)
                elif figure.cells:
                    table = _square(figure)
                    lines += [f"**{figure.title}**", "", markdown.table(table.header, table.rows), ""]
            for each in section.tables:
                lines += _markdown_table(each)
    return _printable("\n".join(lines).rstrip() + "\n")


def as_summary(scores: Sequence[Score], compared: Comparison | None = None) -> str:
    """Return the short form for a GitHub step summary: in short, the ladder, what to compare with, single errors, limits."""
    wanted = {
        "In short": 0,
        "The ladder": 1,
        "To compare with": 1,
        "False alarms by cause": 2,
        "Confusion": 1,
        LIMITS: 0,
    }
    lines: list[str] = []
    for title, parts in sections(scores, compared):
        lines += [f"## {_escaped(title)}", ""]
        for section in parts:
            if section.title in wanted or title == "Comparison":
                shown = section.text if section.title in ("In short", LIMITS) else section.text[:2]
                lines += [f"### {section.title}", "", *(f"{_paragraph(p)}\n" for p in shown)]
                for figure in section.figures:
                    lines += _markdown_bars(figure) if figure.bars else []
                for table in section.tables[: wanted.get(section.title, 1)]:
                    lines += _markdown_table(table)
    return _printable("\n".join(lines).rstrip() + "\n")


def _markdown_bars(figure: Figure) -> list[str]:
    return [f"{figure.title}{_legend(figure)}:", "", "```text", *_bars(figure.bars), "```", ""]


def _markdown_table(table: Table) -> list[str]:
    if not table.rows:
        return []
    title = [f"**{table.title}**", ""] if table.title else []
    return [*title, markdown.table(table.header, table.rows), ""]


def _paragraph(text: str) -> str:
    if isinstance(text, Code):
        return f"`{text}`"
    return f"**{_escaped(text)}**" if isinstance(text, Strong) else _escaped(text)


def _escaped(text: str) -> str:
    return text.replace("<", "&lt;").replace("|", "\\|").replace("_", "\\_").replace("*", "\\*")


def _square(figure: Figure) -> Table:
    rows, columns = svg.axes(figure.cells or {})
    cells = figure.cells or {}
    return Table(
        ("gold \\ predicted", *columns), [(row, *(cells.get((row, c), "") for c in columns)) for row in rows]
    )


# --- HTML ------------------------------------------------------------------------------------------------

STYLE = """
:root { color-scheme: light dark; --line: #8886; --bar: #3b74b8; --soft: #3b74b855; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 0.5rem 0 1.5rem; font-size: 0.9rem; display: block; overflow-x: auto; }
th, td { border-bottom: 1px solid var(--line); padding: 0.2rem 0.6rem; text-align: left; vertical-align: top; }
td.n, th.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
th:first-child, td:first-child { position: sticky; left: 0; background: Canvas; }
nav ul { columns: 16rem; padding-left: 1.2rem; }
caption, figcaption { text-align: left; font-weight: 600; padding: 0.3rem 0; }
figure { margin: 0.5rem 0 1.5rem; overflow-x: auto; }
svg text { font: 12px system-ui, sans-serif; fill: currentColor; }
code { overflow-wrap: anywhere; }
"""


def as_html(scores: Sequence[Score], compared: Comparison | None = None) -> str:
    """Return the report as one HTML page without scripts; figures are inline SVG with a text for each value."""
    body: list[str] = []
    for n, (title, parts) in enumerate(sections(scores, compared), start=1):
        body.append(f"<h1>{html.escape(title)}</h1>")
        anchors = [f"s{n}-{i}" for i in range(1, len(parts) + 1)]
        links = (
            f'<li><a href="#{anchor}">{html.escape(section.title)}</a></li>'
            for anchor, section in zip(anchors, parts, strict=True)
        )
        body.append(f"<nav><ul>{''.join(links)}</ul></nav>")
        for anchor, section in zip(anchors, parts, strict=True):
            body.append(f'<section id="{anchor}"><h2>{html.escape(section.title)}</h2>')
            body += map(_html_paragraph, section.text)
            body += (svg.figure(each) for each in section.figures)
            body += (_html_table(each) for each in section.tables if each.rows)
            body.append("</section>")
    title = html.escape(f"Score of {', '.join(score.name for score in scores)}")
    page = "\n".join(body)
    return _printable(
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>\n'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>\n<body>\n{page}\n'
        "</body></html>\n"
    )


def _html_paragraph(text: str) -> str:
    tag = "code" if isinstance(text, Code) else "strong" if isinstance(text, Strong) else ""
    shown = html.escape(text)
    return f"<p><{tag}>{shown}</{tag}></p>" if tag else f"<p>{shown}</p>"


def _html_table(table: Table) -> str:
    def cell(tag: str, value: object) -> str:
        shown = "" if value is None else str(value)
        plain = re.sub(r" to | of |[.,]", "", shown).lstrip("-–+")
        right = ' class="n"' if tag == "td" and (plain.isdigit() or shown == "–") else ""
        return f"<{tag}{right}>{html.escape(shown)}</{tag}>"

    caption = f"<caption>{html.escape(table.title)}</caption>" if table.title else ""
    head = "".join(cell("th", name) for name in table.header)
    rows = "\n".join(f"<tr>{''.join(cell('td', value) for value in row)}</tr>" for row in table.rows)
    return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>\n{rows}\n</tbody></table>"


FORMS = {"text": as_text, "markdown": as_markdown, "json": as_json, "html": as_html, "summary": as_summary}
"""Name of each form → what renders it."""
