"""Rules that compare a date with words that count back from the document's date: "last week", "in the last ten days"."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from standoff.codes import languages
from standoff.codes.languages import CountedPeriod
from standoff.findings import Data
from standoff.rules.context import Context
from standoff.rules.dating import NOT_COUNTED, evidence_of
from standoff.rules.record import ANCHORED
from standoff.rules.rule import EVENT, Fault, rule
from standoff.source.records import Event

_DAYS = {"days": 1, "weeks": 7, "months": 30.44, "years": 365.25}
_LEEWAY = {"days": 1, "weeks": 4, "months": 31, "years": 366}
"""Days by which a date may miss a counted period: conventions differ in whether the first day counts."""
RECENT = {"recent_days": (0, 14), "recent_weeks": (10, 70)}
"""The fewest and the most days before publication at which such a period may begin. The codebook says 7 and 28."""


@rule(EVENT, severity="warning", requires=(*NOT_COUNTED, *ANCHORED))
def counted_date_contradicted(event: Event, context: Context) -> Iterator[Fault]:
    """The evidence counts back from the document's date ("last week", "in the last ten days"), and the date is another.

    Count from the document's own date: "last week" is the week before, from Monday to Sunday. If the words belong to
    another act, quote less evidence, or accept the finding with the reason.
    """
    basis, document = context.corpus.vocabulary.core(event.date_basis), context.document
    published = document.published.value if document else None
    if basis not in ("relative", "vague", "explicit") or published is None or document is None:
        return
    words, named = evidence_of(event, context), languages.language(document.language)
    if not words or named is None:
        return
    first, last = published.earliest, published.latest
    earliest, latest = event.date.known.earliest, event.date.known.latest
    if first is None or last is None or earliest is None or latest is None:
        return
    counted = named.counted_in(words)
    if len(counted) != 1:
        return
    [period] = counted
    if basis not in (("relative", "explicit") if period.kind == "since" else ("relative", "vague")):
        return
    if period.kind != "since" and named.weekdays_in(words):
        return  # a weekday says more
    if not _fits(period, earliest, latest, first, last):
        yield Fault(
            event.date.path,
            f'the evidence says "{period.words}", and {event.date.text} does not fit this: the document is dated '
            f"{document.published.text}",
            "count back from the document's own date",
            data=Data(words=period.words),
        )


def _fits(period: CountedPeriod, earliest: date, latest: date, first: date, last: date) -> bool:
    """Return whether a date from `earliest` to `latest` fits the words in a document of `first` to `last`."""
    if period.kind == "weekend":  # from Friday to Sunday, with a Saturday or a Sunday
        days = [earliest + timedelta(days=i) for i in range(min(7, (latest - earliest).days + 1))]
        return all(day.weekday() >= 4 for day in days) and any(day.weekday() >= 5 for day in days)
    if period.kind == "last_week":
        monday = first - timedelta(days=first.weekday() + 7)
        sunday = last - timedelta(days=last.weekday() + 1)
        return latest >= monday and earliest <= sunday
    if period.kind == "since":
        return period.since is None or latest < first or period.since.fits(earliest)
    if period.kind in RECENT:
        fewest, most = RECENT[period.kind]
        return first - timedelta(days=most) <= earliest <= last - timedelta(days=fewest)
    reach, leeway = round(period.number * _DAYS[period.unit]), timedelta(days=_LEEWAY[period.unit])
    begins, at_latest = first - timedelta(days=reach), last - timedelta(days=reach)
    ends_before = period.kind == "within" and latest < first  # one day of the period
    return earliest >= begins - leeway and (ends_before or earliest <= at_latest + leeway)
