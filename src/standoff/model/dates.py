"""Event dates: the small part of EDTF that annotators write, and what can be computed from it.

EDTF is the Extended Date/Time Format of the Library of Congress (2019), now part of ISO 8601-2:2019. Six
forms of it are a date here, and nothing else is:

========================================  ==========  =====================================================
``2019-05-16``, ``2019-05``, ``2019``     point       that day, month, year
``2019-05-07/2019-06-02``                 interval    went on or recurred throughout
``[2019-05-06..2019-05-12]``              set         happened once, somewhere in there
``../2019-05-17``, ``2019-05-07/..``      interval    went on, one end unknown
``[..2019-05-05]``, ``[2019-05-05..]``    set         happened once, before or after; the day itself counts
========================================  ==========  =====================================================

An end may be a month or a year; the two ends of a set must then be so alike, because parsers of EDTF
in use (the Python package ``edtf`` 5.0 among them) read no others. Years run from 1000 to 2999: a year
outside is a slip of the hand.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

from standoff.model.classes import dataclass
from standoff.model.patterns import pattern

FORMS = (
    "2019-05-16, 2019-05, 2019, 2019-05-07/2019-06-02, [2019-05-06..2019-05-12], "
    "../2019-05-17, 2019-05-07/.., [..2019-05-05] or [2019-05-05..]"
)

WIDTHS = (("day", 1), ("week", 7), ("month", 31), ("year", 366))
"""The precisions of dates that are closed, each with the most days that it may cover; ``longer`` is beyond them all."""

PRECISIONS = (*(name for name, _ in WIDTHS), "longer", "open")

OPEN_REACH = timedelta(days=365)  # how far beyond its known end an open date reaches, for `iou` only

_POINT = pattern(r"([12][0-9]{3})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", re.ASCII)

InWords = Callable[[str], str | None]
"""Reads a day in the words of a language: the ISO form, or None."""


class DateError(ValueError):
    """Text that is no event date. The message says what was found and what may be written instead."""


@dataclass(frozen=True, slots=True)
class EventDate:
    """When an event happened, as far as its document says; made by :func:`parse`.

    ``text`` is the EDTF form; ``kind`` is ``point``, ``interval`` (throughout) or ``set`` (once, somewhere
    within); ``earliest`` and ``latest`` are the first and last day it may cover, None where the end is open.
    """

    text: str
    kind: str
    earliest: date | None
    latest: date | None

    @property
    def days(self) -> int | None:
        """How many days the date covers, both ends included; None if an end is open."""
        if self.earliest is None or self.latest is None:
            return None
        return (self.latest - self.earliest).days + 1

    @property
    def precision(self) -> str:
        """How narrow the date is, whatever its kind: one of ``PRECISIONS``.

        ``day`` 1 day, ``week`` 2 to 7, ``month`` 8 to 31, ``year`` 32 to 366, ``longer`` more, ``open`` if an
        end is unknown. A calendar month is thus ``month`` and a calendar year ``year``.
        """
        if self.days is None:
            return "open"
        return next((name for name, most in WIDTHS if self.days <= most), "longer")


SHAPES = ("day", "one_of", "throughout", "several", "open")
"""How an act can fill its date."""


def shape(when: EventDate, stated: str | None = None) -> str:
    """Return how an act fills its date, one of `SHAPES`.

    `stated` is what the record says of a date from A to B. Without it (edition 1 of the form), such a date means
    throughout. A month, a year and a set mean one day within.
    """
    if when.days is None:
        return "open"
    if when.days == 1:
        return "day"
    return (stated or "throughout") if when.kind == "interval" else "one_of"


def parse(text: str, in_words: InWords | None = None) -> EventDate:
    """Return the date that ``text`` writes. DateError, with a suggestion where there is one, if it is not a date.

    ``in_words`` reads days in words for the suggestion ("12 May 2019").
    """
    if not isinstance(text, str):
        raise DateError(f"a date is text in quotes, not {type(text).__name__} {text!r}")
    if (found := _read(text)) is None:
        raise _unknown(text, in_words)
    return found


def format(d: EventDate) -> str:  # noqa: A001 - the counterpart of parse, called as dates.format
    """The EDTF text of a date: ``format(parse(text)) == text`` for every date."""
    return d.text


@lru_cache(maxsize=1024)  # a corpus has the same days again and again
def _read(text: str) -> EventDate | None:
    """The date, or None if the text has none of the forms. DateError if only its numbers are wrong."""
    if _POINT.fullmatch(text):
        return EventDate(text, "point", *_bounds(text))
    if text.startswith("[") and text.endswith("]") and text.count("..") == 1:
        return _between(text, "set", *text[1:-1].split(".."))
    first, _, last = text.partition("/")
    if first and last:
        return _between(text, "interval", *("" if end == ".." else end for end in (first, last)))
    return None


def _between(text: str, kind: str, first: str, last: str) -> EventDate | None:
    if any(end and not _POINT.fullmatch(end) for end in (first, last)):
        return None
    if not first and not last:
        raise DateError(f'"{text}" has no end; write at least one, as in ../2019-05-17 or [2019-05-05..]')
    earliest = _bounds(first)[0] if first else None
    latest = _bounds(last)[1] if last else None
    if earliest is None or latest is None:
        return EventDate(text, kind, earliest, latest)
    if earliest > latest:
        raise DateError(f'"{text}" ends before it begins; write "{_written(kind, last, first)}"?')
    if first == last or earliest == latest:
        single = max(first, last, key=len)
        raise DateError(f'"{text}" begins and ends on the same date; write "{single}"')
    if kind == "set" and len(first) != len(last):
        spelled = _written(kind, earliest.isoformat(), latest.isoformat())
        raise DateError(f'"{text}" mixes days, months or years; in a set, write both ends alike: "{spelled}"')
    return EventDate(text, kind, earliest, latest)


def _written(kind: str, first: str, last: str) -> str:
    return f"[{first}..{last}]" if kind == "set" else f"{first}/{last}"


def _bounds(point: str) -> tuple[date, date]:
    """First and last day of a day, month or year. DateError if the calendar does not have it."""
    year, month, day = (int(part) if part else None for part in _POINT.fullmatch(point).groups())  # type: ignore[union-attr]
    assert year is not None
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if not 1 <= month <= 12:
        swapped = day and day <= 12 and 12 < month <= monthrange(year, day)[1]
        hint = f"; did you mean {year}-{day:02}-{month:02}?" if swapped else ""
        raise DateError(f'"{point}": there is no month {month:02}{hint}')
    length = monthrange(year, month)[1]
    if day is None:
        return date(year, month, 1), date(year, month, length)
    if not 1 <= day <= length:
        raise DateError(f'"{point}": {year}-{month:02} has {length} days')
    return (exact := date(year, month, day)), exact


def _unknown(text: str, in_words: InWords | None) -> DateError:
    if len(text) > 60:  # no near miss is that long, and nobody wants to read it in a message
        return DateError(f'"{text[:60]}…" is not a date in the EDTF profile; write {FORMS}')
    suggestion = _mend(text, in_words)
    hint = f'did you mean "{suggestion}"?' if suggestion else f"write {FORMS}"
    return DateError(f'"{text}" is not a date in the EDTF profile; {hint}')


_NUMERIC = pattern(r"(\d{4})(?P<mark>[-/.])(\d{1,2})(?:(?P=mark)(\d{1,2}))?", re.ASCII)


def _mend(text: str, in_words: InWords | None) -> str | None:
    """The date that was probably meant by a near miss, if that is a date."""
    plain = re.sub(r"[‐‑‒–—−]", "-", text).strip()
    inner = plain.strip("[]{}() ")
    for mark in ("..", "/", ",", " to ", " - "):
        first, found, last = inner.partition(mark)
        if found:
            ends = [_mend_point(end, in_words) if end.strip(" .") else "" for end in (first, last)]
            if None not in ends:
                kind = "set" if plain.startswith(("[", "{")) or mark == ".." else "interval"
                return _valid(_written(kind, *(e or ("" if kind == "set" else "..") for e in ends)))
    point = _mend_point(inner, in_words)
    return point and _valid(point)


def _mend_point(text: str, in_words: InWords | None) -> str | None:
    text = text.strip()
    if match := _NUMERIC.fullmatch(text):
        year, _, month, day = match.groups()
        return f"{year}-{int(month):02}" + (f"-{int(day):02}" if day else "")
    if in_words is not None and (day := in_words(text)):
        return day
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}[T ].*", text, re.ASCII):
        return text[:10]  # a time of day is more than an event date holds
    if re.fullmatch(r"\d{8}", text, re.ASCII):
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    text = text.rstrip("?~%")
    return text if _POINT.fullmatch(text) else None


def _valid(text: str) -> str | None:
    try:
        return text if _read(text) else None
    except DateError:
        return None


# --- Scales of other datasets ----------------------------------------------------------------------------


def ucdp_date_prec(d: EventDate) -> int | None:
    """``date_prec`` of the UCDP Georeferenced Event Dataset (Högbladh, GED Codebook), by width alone.

    1 the exact day, 2 a range of 2 to 6 days, 3 seven days, 4 up to a month (8 to 31 days), 5 up to a year;
    None for a longer or open date, which GED does not hold.
    """
    return _grade(d, ((1, 1), (2, 6), (3, 7), (4, 31), (5, 366)))


def acled_time_precision(d: EventDate) -> int | None:
    """``time_precision`` of the Armed Conflict Location & Event Data project (Codebook), by width alone.

    1 the exact day, 2 up to a week, 3 up to a month; None for a longer or open date, which ACLED leaves out.
    """
    return _grade(d, ((1, 1), (2, 7), (3, 31)))


def _grade(d: EventDate, scale: tuple[tuple[int, int], ...]) -> int | None:
    days = d.days
    return None if days is None else next((grade for grade, most in scale if days <= most), None)


# --- Two dates -------------------------------------------------------------------------------------------


def overlaps(a: EventDate, b: EventDate) -> bool:
    """Return whether some day may belong to both dates, whatever their kinds. An open end has no bound.

    Only then can both be true of one event: two reports of a campaign may each see another part of it.
    """
    return not (_before(a, b) or _before(b, a))


def _before(a: EventDate, b: EventDate) -> bool:
    return a.latest is not None and b.earliest is not None and a.latest < b.earliest


def iou(a: EventDate, b: EventDate) -> float:
    """Days in both dates over days in either, in [0, 1]: 1 for the same days, 0 for none in common.

    An open end counts as ``OPEN_REACH`` (a year) beyond the known one. So two open dates a day apart are
    nearly alike, an open and a narrow one hardly, and dates that overlap only beyond that year are at 0.
    """
    (a_first, a_last), (b_first, b_last) = _closed(a), _closed(b)
    both = max(0, (min(a_last, b_last) - max(a_first, b_first)).days + 1)
    either = (a_last - a_first).days + 1 + (b_last - b_first).days + 1 - both
    return both / either


def _closed(d: EventDate) -> tuple[date, date]:
    if d.latest is None:
        assert d.earliest is not None, "parse lets no date be open at both ends"
        return d.earliest, d.earliest + OPEN_REACH
    return d.latest - OPEN_REACH if d.earliest is None else d.earliest, d.latest
