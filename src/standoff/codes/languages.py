"""Names of weekdays and months in the languages of documents. The names are data: `schema/languages/*.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache, cached_property
from typing import Any

from standoff import schema
from standoff.model import dates
from standoff.model.classes import dataclass, field
from standoff.model.patterns import pattern

_FIRST_WORD = pattern(r"((?:\A|[.!?…]\s+)[\W\d_]*)([^\W\d_]+(?:-[^\W\d_]+)?)")
"""The first word of a sentence, which has a capital whatever the language."""
_YEAR = pattern(r"(?:19|20)\d\d")
FALLBACK = "en"
"""The language of a document or dataset that names none."""

_LONGEST_DATE = 24
"""Characters in which the date after "since" is looked for."""

Forms = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date as running text gives it: what is not said is None. `words` are the words."""

    words: str
    year: int | None = None
    month: int | None = None
    day: int | None = None

    def fits(self, day: date) -> bool:
        """Return whether a day has the year, month and day that the words give."""
        return (
            self.year in (None, day.year) and self.month in (None, day.month) and self.day in (None, day.day)
        )


@dataclass(frozen=True, slots=True)
class CountedPeriod:
    """Words that count back from the document's date: `kind` is a key of `[counting]` in a language's file.

    `number` and `unit` (days, weeks, months or years) are those of "the last ten days"; `since` is the date after "since".
    """

    words: str
    kind: str
    number: int = 0
    unit: str = ""
    since: StatedDate | None = None


@dataclass(frozen=True, eq=False)
class Language:
    """The names of one language: the forms of each weekday (Monday first) and of each month.

    `before_weekday` and `after_weekday` are words beside a weekday that point away from the latest such day.
    `fillers` are words in a written date that are neither day, month nor year. `common` are the most frequent words,
    `before_place` words before the name of a place. `counting` holds the words that count back from a document's date, and
    `marks` the words that mark one reason of a negative only, by that reason.
    """

    tag: str
    name: str
    weekdays: Forms
    months: Forms
    before_weekday: tuple[str, ...] = ()
    after_weekday: tuple[str, ...] = ()
    fillers: tuple[str, ...] = ()
    common: frozenset[str] = frozenset()
    before_place: tuple[str, ...] = ()
    counting: Mapping[str, Any] = field(default_factory=dict)
    marks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def share(self, words: list[str]) -> float:
        """Return the part of the words of a text, in lower case, that are common words of this language."""
        return sum(word in self.common for word in words) / max(1, len(words))

    @cached_property
    def _weekday(self) -> re.Pattern[str]:
        names = _any(form for forms in self.weekdays for form in forms)
        before = rf"(?:({_any(self.before_weekday)})\s+)?" if self.before_weekday else "()"
        after = rf"(?:\s+({_any(self.after_weekday)})\b)?" if self.after_weekday else "()"
        return re.compile(rf"\b{before}({names})\b{after}")

    @cached_property
    def _weekday_words(self) -> tuple[str, ...]:
        """The first word of each weekday in lower case. A text without any of these names no weekday."""
        return tuple({form.split()[0].casefold() for forms in self.weekdays for form in forms})

    def weekdays_in(self, text: str) -> set[tuple[str, int, bool]]:
        """Return each weekday that a text names: the word, its number (Monday is 0), and whether it is bare.

        It is not bare where a word beside it points away from the latest such day ("next Friday").
        """
        folded = text.casefold()
        if not any(word in folded for word in self._weekday_words):
            return set()
        numbers = {form: i for i, forms in enumerate(self.weekdays) for form in forms}
        plain = _FIRST_WORD.sub(
            lambda match: match[1] + (small if (small := match[2].lower()) in numbers else match[2]), text
        )
        found = self._weekday.findall(plain)
        return {(name, numbers[name], not before and not after) for before, name, after in found}

    def read_date(self, text: str) -> str | None:
        """Return the day that a text writes in words ("12 May 2019") in ISO form, None where it writes none."""
        tokens = re.findall(r"\d+|[^\W\d_]+", text.casefold())
        words = [token for token in tokens if token not in self.fillers]
        if len(words) < 3 or not words[-1].isdigit() or len(words[-1]) != 4:
            return None
        *rest, year = words
        day, name = (rest[0], rest[1:]) if rest[0].isdigit() else (rest[-1], rest[:-1])
        month = self._month(" ".join(name))
        if month is None or not day.isdigit() or len(day) > 2:
            return None
        return f"{int(year):04}-{month:02}-{int(day):02}"

    @cached_property
    def _written(self) -> tuple[re.Pattern[str], ...]:
        """Patterns of dates in running text; groups are called m month, d day, l last day, y year."""
        forms = [form for forms in self.months for form in forms]
        short = {form[:length] for form in forms for length in (3, 4) if len(form) > length}
        month = rf"(?P<m>{_any({*forms, *short})})\b\.?"
        filler = f"(?:{_any(self.fillers)})?" if self.fillers else ""
        day, year = rf"(?P<d>\d{{1,2}}){filler}\b", r"(?P<y>(?:19|20)\d\d)\b"
        return (
            re.compile(rf"\b{month}\s+{day}(?:\s*[-–]\s*(?P<l>\d{{1,2}})\b)?(?:,?\s+{year})?"),
            re.compile(rf"\b{day}\.?(?:\s+{filler})?\s+{month}(?:,?\s+(?:{filler}\s+)?{year})?"),
            re.compile(rf"\b{month},?\s+(?:{filler}\s+)?{year}"),
            re.compile(rf"\b[^\W\d_A-Z]{{1,6}}\s+{month}(?!\w)"),
            re.compile(rf"\b{year}"),
        )

    @cached_property
    def _month_beginnings(self) -> tuple[str, ...]:
        """What the names of months begin with, short forms too. A text without any of these names no month."""
        return tuple({form[:3].split()[0] for forms in self.months for form in forms})

    def dates_in(self, text: str) -> list[StatedDate]:
        """Return the dates that running text gives in words: days, else months, else years."""
        names_month = any(beginning in text for beginning in self._month_beginnings)
        for form in self._written[:2] if names_month else ():
            found = []
            for match in form.finditer(text):
                groups = match.groupdict()
                month, year = self._month(groups["m"].casefold()), groups["y"]
                days = [int(groups[key]) for key in ("d", "l") if groups.get(key)]
                if month is not None:
                    found += [
                        StatedDate(" ".join(match[0].split()), int(year) if year else None, month, day)
                        for day in range(min(days), max(days) + 1)
                    ]
            if found:
                return found
        for form in self._written[2:] if names_month else self._written[-1:] if _YEAR.search(text) else ():
            found = []
            for match in form.finditer(text):
                groups = match.groupdict()
                month = self._month(groups["m"].casefold()) if "m" in groups else None
                year = int(groups["y"]) if groups.get("y") else None
                if month is not None or "m" not in groups:
                    found.append(StatedDate(" ".join(match[0].split()), year, month))
            if found:
                return found
        return []

    @cached_property
    def _counted(self) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
        """Kinds of counted periods, each with the longest word of a phrase in lower case and the phrase's pattern.

        A text without the word does not have the phrase. Groups are called n number, u unit.
        """
        units = _any(form for forms in self.counting["units"].values() for form in forms)
        places = {"{n}": rf"(?P<n>\d{{1,3}}|{_any(self.counting['numbers'])})", "{unit}": rf"(?P<u>{units})"}

        def of(phrase: str) -> re.Pattern[str]:
            parts = (places.get(part) or re.escape(part) for part in phrase.split())
            return pattern(r"\b" + r"\s+".join(parts) + r"\b", re.IGNORECASE)

        def longest(phrase: str) -> str:
            return max((word for word in phrase.split() if word[0] != "{"), key=len).casefold()

        kinds = ("weekend", "last_week", "recent_days", "recent_weeks", "within", "into", "since")
        return tuple((kind, longest(phrase), of(phrase)) for kind in kinds for phrase in self.counting[kind])

    def counted_in(self, text: str) -> list[CountedPeriod]:
        """Return the words of a text that count back from its date, each kind with the same words once."""
        found: dict[str, CountedPeriod] = {}
        folded = text.casefold()
        for kind, word, phrase in self._counted if self.counting else ():
            for match in phrase.finditer(text) if word in folded else ():
                words = " ".join(match[0].split())
                if kind == "since":
                    after = text[match.end() : match.end() + _LONGEST_DATE].lstrip()
                    stated = self.dates_in(f"{words} {after}")
                    day = stated[0].words.removeprefix(words).lstrip() if len(stated) == 1 else ""
                    if day and after.startswith(day.split()[0]):
                        found[kind] = CountedPeriod(f"{words} {day}", kind, since=stated[0])
                    continue
                groups = match.groupdict()
                unit = (groups.get("u") or "").casefold()
                units = self.counting["units"].items()
                named = next((key for key, forms in units if unit in (f.casefold() for f in forms)), "")
                found[words] = CountedPeriod(words, kind, self._number(groups.get("n")), named)
        return list(found.values())

    def _number(self, word: str | None) -> int:
        """The number that a word or digits give; 0 without one."""
        if not word:
            return 0
        return int(word) if word.isdigit() else self.counting["numbers"].index(word.casefold()) + 1

    def _month(self, name: str) -> int | None:
        """The month that a name of three letters or more begins, if it begins only one."""
        if len(name) < 3:
            return None
        forms = {form.casefold(): i for i, each in enumerate(self.months, 1) for form in each}
        begun = {i for form, i in forms.items() if form.startswith(name)}
        return forms.get(name) or (begun.pop() if len(begun) == 1 else None)


def _any(words: object) -> str:
    """A regular expression for any of the words, the longest first, with any white space between their parts."""
    longest = sorted(words, key=len, reverse=True)  # type: ignore[call-overload]
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in longest)


@cache
def tags() -> frozenset[str]:
    """Return the tags of the languages that are described."""
    return frozenset(path.stem for path in (schema.folder() / "languages").glob("*.toml"))


@cache
def language(tag: str | None) -> Language | None:
    """Return the language of a BCP 47 tag, by its first part; None where its names are not described."""
    primary = (tag or FALLBACK).split("-")[0].casefold()
    return _described(primary) if primary in tags() else None


@cache
def _described(primary: str) -> Language:
    path = schema.folder() / "languages" / f"{primary}.toml"
    stated = tomllib.loads(path.read_text(encoding="utf-8"))
    return Language(
        tag=primary,
        name=stated["name"],
        weekdays=tuple(map(tuple, stated["weekdays"])),
        months=tuple(map(tuple, stated["months"])),
        before_weekday=tuple(stated["before_weekday"]),
        after_weekday=tuple(stated["after_weekday"]),
        fillers=tuple(stated["fillers"]),
        common=frozenset(stated["common"]),
        before_place=tuple(stated["before_place"]),
        counting=stated.get("counting", {}),
        marks={reason: tuple(words) for reason, words in stated.get("marks", {}).items()},
    )


def date_message(text: str, tag: str | None) -> str:
    """Return what is wrong with text that is not a date; a day in words of the language gets a suggestion."""
    known = language(tag)
    try:
        dates.parse(text, known.read_date if known else None)
    except dates.DateError as error:
        return str(error)
    raise ValueError(f"{text} is a date")
