"""Rules about the summary of a table, with `--summary` only: what is so unusual that somebody should look at it.

The limits are those of the profile (`[summary.note]` and `[summary.warning]`, see docs/bulk.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from standoff.findings import Data, Severity
from standoff.model.places import NOWHERE
from standoff.model.summary import Summary
from standoff.rules.rule import SUMMARY, Fault, rule

LISTED = 5
"""Days that a message names."""


@rule(SUMMARY, severity="note")
def days_without_rows(summary: Summary) -> Iterator[Fault]:
    """Some days within the period of the table have no rows.

    A file of that day may be missing. The period runs from the first to the last day with many rows. Set
    `gap` in `[summary.note]` and `[summary.warning]` of the profile: the number of days without rows from which a gap is reported.
    """
    note, warning = summary.settings.note.gap, summary.settings.warning.gap
    lengths = {gap: (gap[1] - gap[0]).days + 1 for gap in summary.gaps}
    reported = [gap for gap, length in lengths.items() if length >= min(note, warning)]
    if reported:
        days = sum(lengths[gap] for gap in reported)
        named = [str(a) if a == b else f"{a} to {b}" for a, b in reported]
        message = f"{days:,} {'day has' if days == 1 else 'days have'} no rows: {_first(named)}"
        longest = max(lengths[gap] for gap in reported)
        yield _fault(summary, message, "date", "warning" if longest >= warning else "note")


@rule(SUMMARY, severity="note")
def days_with_few_rows(summary: Summary) -> Iterator[Fault]:
    """A day has far fewer rows than the two weeks before and after it.

    Part of its files may be missing, or the table was cut. Set `drop` in `[summary.note]` and `[summary.warning]` of the
    profile: the share of the median of these days below which a day is reported.
    """
    if summary.thin:
        named = [f"{thin.day} ({thin.rows:,} instead of about {thin.usual:,.0f})" for thin in summary.thin]
        count = len(named)
        least = min(thin.rows / thin.usual for thin in summary.thin)
        severity: Severity = "warning" if least < summary.settings.warning.drop else "note"
        message = f"{count:,} {'day has' if count == 1 else 'days have'} few rows: {_first(named)}"
        yield _fault(summary, message, "date", severity)


@rule(SUMMARY, severity="note")
def one_code_dominates(summary: Summary) -> Iterator[Fault]:
    """Most rows have the same root code or the same quad class.

    A filter or a faulty coder may be the cause. Set `root` and `quad_class` in `[summary.note]` and
    `[summary.warning]` of the profile: the share above which the most frequent one is reported.
    """
    yield from _most(summary, "root", summary.roots)
    yield from _most(summary, "quad_class", summary.quad_classes)


def _most(summary: Summary, name: str, counts: Mapping[str | None, int]) -> Iterator[Fault]:
    code, rows = next(((code, rows) for code, rows in counts.items() if code is not None), (None, 0))
    message = f"{_share(summary, rows)} have the {name.replace('_', ' ')} {code}"
    yield from _above(summary, rows, name, message, name)


@rule(SUMMARY, severity="note")
def actors_unknown(summary: Summary) -> Iterator[Fault]:
    """The actor or the target of many rows is not known.

    A missing code counts as unknown, and so do the codes in `unknown` of `[summary]` in the profile. Set `unknown_actor` in
    `[summary.note]` and `[summary.warning]`: the share above which it is reported.
    """
    for side in ("actor", "target"):
        rows = summary.unknown.get(side, 0)
        message = f"{_share(summary, rows)} have no known {side}"
        yield from _above(summary, rows, "unknown_actor", message, side)


@rule(SUMMARY, severity="note")
def statements_dominate(summary: Summary) -> Iterator[Fault]:
    """Many rows have the code 010, which coders use where they find no other action.

    Set `code_010` in `[summary.note]` and `[summary.warning]` of the profile: the share above which it is reported.
    """
    rows = summary.code_010 or 0
    yield from _above(summary, rows, "code_010", f"{_share(summary, rows)} have the code 010", "root")


@rule(SUMMARY, severity="note")
def event_under_several_ids(summary: Summary) -> Iterator[Fault]:
    """Many events occur under several ids: date, actors, code and place are the same.

    They may be reports of one event. Count them once, or explain why you do not. Set `several_ids` in `[summary.note]` and
    `[summary.warning]` of the profile: the share of such rows above which it is reported.
    """
    several = summary.several_ids
    if several is not None:
        about = "about " if several.sampled > 1 else ""
        message = (
            f"{_share(summary, several.rows)} belong to {about}{several.events:,} events under several ids"
        )
        yield from _above(summary, several.rows, "several_ids", message, *several.columns)


def _above(summary: Summary, rows: int, limit: str, message: str, *columns: str) -> Iterator[Fault]:
    """Yield a fault if the share of rows is above a limit."""
    share = summary.share(rows)
    if share > getattr(summary.settings.warning, limit):
        yield _fault(summary, message, *columns, "warning", rows=rows)
    elif share > getattr(summary.settings.note, limit):
        yield _fault(summary, message, *columns, "note", rows=rows)


def _fault(summary: Summary, message: str, *rest: str, rows: int | None = None) -> Fault:
    *columns, severity = rest
    data = Data(rows=summary.rows, columns=[summary.names.get(name, name) for name in columns])
    if rows is not None:
        data["failing"] = rows
    assert severity in ("note", "warning")
    return Fault(NOWHERE, message, data=data, severity="note" if severity == "note" else "warning")


def _share(summary: Summary, rows: int) -> str:
    return f"{rows:,} of {summary.rows:,} rows ({100 * summary.share(rows):.1f} %)"


def _first(named: list[str]) -> str:
    more = f" and {len(named) - LISTED:,} more" if len(named) > LISTED else ""
    return ", ".join(named[:LISTED]) + more
