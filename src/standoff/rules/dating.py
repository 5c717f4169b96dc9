"""Rules that compare a date with the words it comes from and with the document's own date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from standoff.codes import languages
from standoff.findings import Data, shortened
from standoff.rules.context import Context
from standoff.rules.record import ANCHORED
from standoff.rules.rule import DOCUMENT, EVENT, Fault, rule
from standoff.source.corpus import AnnotationFile
from standoff.source.records import Document, Event

WEEK = timedelta(days=6)
FARTHEST = timedelta(days=92)
"""How long before publication a single day may lie that a document gives in relation to its own date."""


def evidence_of(event: Event, context: Context) -> str | None:
    """Return the words of an event's evidence as the document has them; None where they were not found."""
    return event.evidence.span.of(context.text) if context.text and event.evidence.span else None


@rule(DOCUMENT, requires=("publication-date-malformed",))
def publication_date_contradicted(document: Document, context: Context) -> Iterator[Fault]:
    """The publication date does not fit the dates of the document's events.

    Most events whose date depends on the publication date end on another day, or begin later. Correct the
    publication date, not the events.
    """
    published = document.published.value
    if published is None or published.earliest is None or published.latest is None:
        return
    assert isinstance(context.file, AnnotationFile), "documents are in annotation files"
    bounded = [e for e in context.file.events if e.date.value and e.date_basis == "document"]
    wrong = [e for e in bounded if e.date.known.latest != published.latest]
    later = [
        e
        for e in context.file.events
        if e.date.value and e.date.known.earliest and e.date.known.earliest > published.latest
    ]
    against = {e.id for e in (*wrong, *later)}
    if len(against) < 2 or 2 * len(against) <= len({e.id for e in (*bounded, *later)}):
        return
    ends = [e.date.known.latest for e in wrong if e.date.known.latest]
    likely = max(set(ends), key=ends.count).isoformat() if ends else None
    some = sorted(against)
    yield Fault(
        document.published.path,
        f"the dates of {len(some)} events do not fit the publication date {document.published.text}: "
        f"{', '.join(some[:3])}{' …' if len(some) > 3 else ''}",
        "correct the publication date" + (f"; the events end on {likely}" if likely else ""),
        closest=likely,
        data=Data(other=some[0]),
    )


@rule(EVENT, requires=("date-malformed", "publication-date-contradicted", *ANCHORED))
def explicit_date_contradicted(event: Event, context: Context) -> Iterator[Fault]:
    """The date has the basis `explicit`, but the words do not give this day, month or year.

    Copy the date from the evidence, or from the document if the evidence gives no date. A day without a year means
    the latest such day up to the document's date.
    """
    words = evidence_of(event, context)
    if event.date_basis != "explicit" or words is None or context.document is None:
        return
    named = languages.language(context.document.language)
    if named is None:
        return
    value = event.date.known
    bounds = [day for day in (value.earliest, value.latest) if day is not None]
    in_evidence = named.dates_in(words)
    stated = in_evidence or _dates_in(named, context.text or "")
    if not stated or not bounds:
        return
    fits = [
        each
        for each in stated
        if any(each.fits(day) for day in bounds) or _covers(value.earliest, value.latest, each)
    ]
    if not in_evidence and not fits and len(weekdays := named.weekdays_in(words)) == 1:
        [(name, number, bare)] = weekdays
        if bare and any(day.weekday() == number for day in bounds):
            yield Fault(
                (*event.path, "date_basis"),
                f"the basis is explicit, and the evidence gives the date by {name}",
                "write relative",
                closest="relative",
            )
            return
    told = ", ".join(dict.fromkeys(each.words for each in fits or stated))
    where = "evidence" if in_evidence else "document"
    if not fits:
        yield Fault(
            event.date.path,
            f'the {where} says "{shortened(told)}", but the date is {event.date.text}',
            "copy the date from the words",
            data=Data(words=told),
        )
        return
    published = context.document.published.value
    latest = published.latest if published else None
    if latest and bounds[-1] < latest - timedelta(days=366) and not any(each.year for each in fits):
        yield Fault(
            event.date.path,
            f'the {where} says "{shortened(told)}" without a year, and {event.date.text} is more than a year before the '
            f"document's date {context.document.published.text}",
            "take the latest such day up to the document's date",
            data=Data(words=told),
        )


@rule(
    EVENT,
    severity="warning",
    requires=("relative-date-distant", "date-basis-contradicted", *ANCHORED),
)
def explicit_date_overlooked(event: Event, context: Context) -> Iterator[Fault]:
    """The evidence gives the day and month of the date, but the basis is not `explicit`.

    Write `explicit`. If the words date something else, quote less evidence, or accept the finding with the reason.
    """
    basis = context.corpus.vocabulary.core(event.date_basis)
    words = evidence_of(event, context)
    if basis not in ("relative", "vague") or not words or event.date.known.precision != "day":
        return
    named = languages.language(context.document.language) if context.document else None
    day = event.date.known.earliest
    for each in named.dates_in(words) if named and day else ():
        if each.day and each.month and each.fits(day):  # type: ignore[arg-type]
            yield Fault(
                (*event.path, "date_basis"),
                f'the evidence says "{each.words}", but the basis of the date is {event.date_basis}',
                "write explicit",
                closest="explicit",
                data=Data(words=each.words),
            )
            return


@lru_cache(maxsize=1)
def _dates_in(language: languages.Language, text: str) -> tuple[languages.StatedDate, ...]:
    """Return the dates in a document's text, which every event of the document is compared with."""
    return tuple(language.dates_in(text))


def _covers(earliest: date | None, latest: date | None, stated: languages.StatedDate) -> bool:
    """Whether a period contains a day that fits what the words say, at its ends or between them."""
    if earliest is None or latest is None or (latest - earliest).days > 400:
        return earliest is None or latest is None or (latest - earliest).days > 400
    day = earliest
    while day <= latest:
        if stated.fits(day):
            return True
        day += timedelta(days=1)
    return False


@rule(
    EVENT,
    severity="warning",
    requires=("date-malformed", "publication-date-contradicted", "weekday-contradicted", *ANCHORED),
)
def weekday_not_latest(event: Event, context: Context) -> Iterator[Fault]:
    """The evidence names a day of the week, and the relative date is more than six days before publication.

    A weekday alone means the latest such day up to the document's date. If the words point farther back,
    accept the finding with the reason.
    """
    words, latest = evidence_of(event, context), event.date.known.latest
    published = context.document.published.value if context.document else None
    named = languages.language(context.document.language) if context.document else None
    if (
        event.date_basis != "relative"
        or not words
        or not latest
        or not published
        or not published.earliest
        or named is None
    ):
        return
    days = named.weekdays_in(words)
    if len(days) == 1 and latest < published.earliest - WEEK:
        [(name, _, bare)] = days
        if bare:
            yield Fault(
                event.date.path,
                f"the evidence says {name}, and {event.date.text} is more than six days before the document's date "
                f"{context.document.published.text if context.document else ''}",
                "count back from the document's own date",
                data=Data(words=name),
            )


@rule(
    EVENT,
    severity="warning",
    requires=(
        "date-malformed",
        "publication-date-contradicted",
        "weekday-not-latest",
        "weekday-contradicted",
    ),
)
def relative_date_distant(event: Event, context: Context) -> Iterator[Fault]:
    """A relative date is a single day more than three months before publication.

    "Yesterday" and "last week" are near the document's date. Check the year. Words such as "a year ago"
    give a month or a year, not a day.
    """
    value = event.date.known
    published = context.document.published.value if context.document else None
    if event.date_basis != "relative" or value.precision != "day" or not published or not published.earliest:
        return
    if value.latest is not None and value.latest < published.earliest - FARTHEST:
        assert context.document is not None, "it has a date"
        yield Fault(
            event.date.path,
            f"{event.date.text} is relative to the document, and more than three months before its date "
            f"{context.document.published.text}",
            "correct the date, or its basis",
        )


NOT_COUNTED = (
    "date-malformed",
    "date-after-publication",
    "date-basis-contradicted",
    "explicit-date-contradicted",
    "weekday-contradicted",
    "weekday-not-latest",
    "relative-date-distant",
    "publication-date-contradicted",
    "publication-date-malformed",
)
"""Rules about single dates, but for that about periods counted back."""
DATED = (*NOT_COUNTED, "counted-date-contradicted")
"""Rules about single dates: of a date that one of them finds wrong, no comparison with others is reported."""


@rule(
    EVENT,
    severity="warning",
    requires=("date-malformed", "date-after-publication", "publication-date-contradicted", *ANCHORED),
)
def weekday_contradicted(event: Event, context: Context) -> Iterator[Fault]:
    """The evidence names one day of the week, but the relative date does not contain that weekday.

    A weekday alone means the latest such day up to the document's date. If the weekday belongs to another
    act, quote less evidence, or accept the finding with the reason.
    """
    earliest, latest = event.date.known.earliest, event.date.known.latest
    if (
        context.corpus.vocabulary.core(event.date_basis) != "relative"
        or context.text is None
        or earliest is None
        or latest is None
    ):
        return
    if (language := languages.language(context.language)) is None:
        return
    assert event.evidence.span is not None, "evidence that is not found once is another rule's business"
    named = language.weekdays_in(event.evidence.span.of(context.text))
    if len(named) != 1:
        return
    [(name, weekday, bare)] = named
    first, last = (language.weekdays[day.weekday()][0] for day in (earliest, latest))
    until = (weekday - earliest.weekday()) % 7  # from the earliest day to the next of that name
    if bare and until > (latest - earliest).days:
        yield Fault(
            event.date.path,
            f"the evidence says {name}, but {event.date.text} is {first if earliest == latest else f'{first} to {last}'}",
            "correct the date: count from the document's own date",
        )
