"""Rules about the periods of an actor's affiliations, of the right form."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date

from standoff.codes import languages
from standoff.findings import Data
from standoff.model import dates
from standoff.model.actors import Actor, Affiliation
from standoff.model.places import Path
from standoff.rules.context import Context
from standoff.rules.history import released_rows
from standoff.rules.rule import ACTOR, Fault, rule
from standoff.source.corpus import Corpus
from standoff.source.records import Event


def _actor_path(actor: Actor, corpus: Corpus) -> Path:
    return ("actors", corpus.actor_entries[actor.id])


@rule(ACTOR)
def period_malformed(actor: Actor, context: Context) -> Iterator[Fault]:
    """A period of an affiliation has a malformed date, or ends before it begins.

    `from` and `until` are a day, a month or a year in quotes; the first is not after the second.
    """
    path = _actor_path(actor, context.corpus)
    items = context.corpus.actors.value["actors"][path[1]]["affiliations"]
    for i, (item, affiliation) in enumerate(zip(items, actor.affiliations, strict=True)):
        for key in ("from", "until"):
            if key in item:
                try:
                    if dates.parse(item[key]).kind != "point":
                        yield Fault(
                            (*path, "affiliations", i, key), f"{item[key]} is not a day, month or year"
                        )
                except dates.DateError:
                    message = languages.date_message(item[key], context.corpus.language)
                    yield Fault((*path, "affiliations", i, key), message)
        if affiliation.start and affiliation.end and affiliation.start > affiliation.end:
            yield Fault(
                (*path, "affiliations", i, "until"),
                f"the period ends on {affiliation.end}, before it begins on {affiliation.start}",
                "swap the two, or correct one",
            )


@rule(ACTOR, requires=("period-malformed",))
def periods_overlap(actor: Actor, context: Context) -> Iterator[Fault]:
    """Two affiliations of one actor overlap in time.

    A code must be unique on every day: end the first period the day before the second begins.
    """
    path = _actor_path(actor, context.corpus)
    for i, j in overlapping(actor.affiliations):
        at: Path = (j, "from") if actor.affiliations[j].start else (j,)
        if _end_is_new(actor, i, j, context):
            at = (i, "until")
        yield Fault(
            (*path, "affiliations", *at),
            f"affiliations {i + 1} and {j + 1} of {actor.id} overlap",
            "end the first the day before the second begins",
        )


def overlapping(affiliations: Sequence[Affiliation]) -> Iterator[tuple[int, int]]:
    """Yield for each affiliation that shares a day with an earlier one of the list the indices of both, one pair each."""
    apart: list[tuple[date, date, int]] = []  # periods that share no day, in order of time
    for j, affiliation in enumerate(affiliations):
        start, end = affiliation.start or date.min, affiliation.end or date.max
        k = bisect_left(apart, (start,))
        beside = [apart[n] for n in (k - 1, k) if 0 <= n < len(apart)]
        i = next((i for first, last, i in beside if first <= end and start <= last), None)
        if i is None:
            apart.insert(k, (start, end, j))
        else:
            yield i, j


def _end_is_new(actor: Actor, first: int, second: int, context: Context) -> bool:
    """Return whether, of two affiliations that overlap, the end of the first differs from the newest release alone."""
    rows = released_rows(context.corpus, "affiliations", "actor_id", "position")
    one, other = (rows.get(f"{actor.id} {i + 1}") for i in (first, second))
    end, start = actor.affiliations[first].end, actor.affiliations[second].start
    if one is None or other is None or end is None:
        return False
    return one.get("date_until") != end.isoformat() and other.get("date_from") == (
        start.isoformat() if start else ""
    )


@rule(ACTOR, requires=("period-malformed", "periods-overlap"))
def affiliation_too_short(actor: Actor, context: Context) -> Iterator[Fault]:
    """Several events lie outside of all periods of an actor's affiliations.

    Correct the period, or add the affiliation that is missing. Only if each event has a wrong date, correct the dates. A
    single event outside of the periods is reported at the event.
    """
    events = misfits(actor.id, context.corpus)
    if not events:
        return
    first = min(events, key=lambda event: event.date.known.earliest or date.min)
    when = first.date.known
    spot = _nearest_bound(actor, when.earliest, when.latest, context.corpus)
    if spot is None:
        return
    i, key = spot
    bound = actor.affiliations[i].end if key == "until" else actor.affiliations[i].start
    ids = sorted({event.id for event in events})
    listed = ", ".join(ids[:3]) + (f" and {len(ids) - 3} more" if len(ids) > 3 else "")
    yield Fault(
        (*_actor_path(actor, context.corpus), "affiliations", i, key),
        f"the affiliation {'ends' if key == 'until' else 'begins'} on {bound}, but {actor.id} is in {listed} "
        f"({first.date.text})",
        "correct the period, or add the affiliation of that time",
        data=Data(other=ids[0]),
    )


def misfits(actor_id: str, corpus: Corpus) -> list[Event]:
    """Return the events outside of an actor's periods if its registry entry is to blame; [] if not, or if there are none.

    The entry is to blame if there are several such events, or one that the periods of the newest release cover.
    """
    outside = corpus.outside_periods.get(actor_id, [])
    if len(outside) != 1:
        return outside
    when = outside[0].date.known
    rows = released_rows(corpus, "affiliations", "actor_id", "position")
    covered = any(
        Affiliation("", "", start=_day(row.get("date_from")), end=_day(row.get("date_until"))).holds(
            when.earliest, when.latest
        )
        for row in rows.values()
        if row.get("actor_id") == actor_id
    )
    return outside if covered else []


def _nearest_bound(
    actor: Actor, earliest: date | None, latest: date | None, corpus: Corpus
) -> tuple[int, str] | None:
    """Return the affiliation, and its bound, that would have to move for the actor to have a code at that time."""
    rows = released_rows(corpus, "affiliations", "actor_id", "position")
    bounds: list[tuple[bool, int, int, str]] = []
    for i, affiliation in enumerate(actor.affiliations):
        row = rows.get(f"{actor.id} {i + 1}")
        for key, bound, day in (("until", affiliation.end, earliest), ("from", affiliation.start, latest)):
            if bound is None or day is None or (bound < day) != (key == "until"):
                continue
            column = "date_until" if key == "until" else "date_from"
            kept = row is not None and row.get(column) == bound.isoformat()
            bounds.append((kept, abs((bound - day).days), i, key))
    return min(bounds)[2:] if bounds else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
