"""Stored values made into values of their column's kind, by one rule whatever the format and whoever wrote it.

A cell of a text file, an integer, a fraction, a decimal, a category and a moment are converted without strictness: what
is not a value of the kind becomes null beside its stored form, and is a finding. Nothing is rounded, moved to another
day or cut off in silence.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from standoff.rules.column import CODES
from standoff.tables import Kind
from standoff.tables.profiles import TEXT, Binding, Profile

FIRST_DAY = date(1000, 1, 1)
"""The first day whose year is written with four digits."""
BLANKS = " \t\u00a0"
"""Characters that do not count around a number, a day or a truth value."""
EXACT = 1 << 53
"""Up to here a fraction of 64 bits holds every whole number."""
TOO_LARGE = "a whole number beyond 2^53"
"""Stands for the stored value of a fraction that was read directly and may have been rounded."""
TRUE, FALSE = ("true", "1", "1.0"), ("false", "0", "0.0")
_DIGITS = {"%Y": r"\d{4}", **dict.fromkeys(("%m", "%d", "%H", "%M", "%S", "%y"), r"\d{2}"), "%j": r"\d{3}"}
_ZONE = r"( ?(Z|UTC|[+-]\d{2}(:?\d{2})?))?"
_MOMENT = r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6}0{0,3})?)?" + _ZONE + "$"
"""A moment up to microseconds, which is what our type holds."""
_DAY = "%Y-%m-%d"
_MIDNIGHT = r"^\d{4}-\d{2}-\d{2}([T ]00:00(:00(\.0{1,9})?)?" + _ZONE + ")?$"
"""A day, perhaps as the midnight with which it begins in its own zone: writers of CSV and JSON write both."""


def present_columns(types: Mapping[str, Any], profile: Profile) -> tuple[Binding, ...]:
    """Return the profile's columns that are stored and can be judged, under the names they have in the file."""
    found = []
    for binding in profile.columns:
        if not all(source in types for source in binding.sources):
            continue
        if binding.parts:
            found.append(replace(binding, converted=True))
            continue
        dtype = types[binding.source]
        if binding.name in CODES and dtype.is_numeric():
            continue
        direct = dtype == binding.kind.polars or _always_converts(dtype, binding.kind)
        found.append(replace(binding, converted=not direct))
    return tuple(found)


def _always_converts(dtype: Any, kind: Kind) -> bool:
    """Whether every value of the stored type is one of the kind."""
    if kind is Kind.STRING:
        return bool(dtype.is_integer()) or dtype in (pl.Categorical, pl.Enum)
    small = (pl.Int8, pl.Int16, pl.Int32, pl.UInt8, pl.UInt16, pl.UInt32, pl.Float32)
    return kind is Kind.FLOAT64 and dtype in small


def typed(
    bindings: Sequence[Binding],
    types: Mapping[str, Any],
    *,
    text_format: bool = False,
    as_text: Collection[str] = (),
    numbers: bool = False,
) -> list[pl.Expr]:
    """Return expressions for the columns under our names, and for the stored values of converted ones (`TEXT`).

    `types` are the stored types. In a text format an empty cell is null. The stored values of the columns
    `as_text` are returned as text, since other parts store them otherwise. With `numbers` the numbers of a text file
    were read directly.
    """
    values, kept = [], []
    for binding in bindings:
        stored, dtype = _stored(binding, types)
        plain = _plain(stored, dtype)
        if text_format and dtype == pl.String and binding.kind is not Kind.STRING:
            plain = pl.when(plain.str.strip_chars(BLANKS) != "").then(plain)
        missing = _missing(plain, dtype, binding)
        value = converted(plain, dtype, binding)
        if missing is not None:
            value, plain = pl.when(~missing).then(value), pl.when(~missing).then(plain)
        direct = binding.converted and binding.kind.numeric and dtype == binding.kind.polars
        if direct and numbers and binding.kind is Kind.FLOAT64:
            large = value.abs() >= EXACT
            value, plain = pl.when(~large).then(value), pl.when(large).then(pl.lit(TOO_LARGE))
        elif direct:
            plain = pl.lit(None, pl.String)
        elif binding.name in as_text and plain is not None:
            plain = _as_text(plain, dtype)
        values.append(value.alias(binding.name))
        if binding.converted:
            kept.append(plain.alias(TEXT + binding.name))
    return [*values, *kept]


def _stored(binding: Binding, types: Mapping[str, Any]) -> tuple[pl.Expr, Any]:
    """The stored value and its type; of a day in three columns, the three as a text such as 2020-01-31."""
    if not binding.parts:
        return pl.col(binding.source), types[binding.source]
    parts = []
    for source, width in zip(binding.parts, (4, 2, 2), strict=True):
        dtype = types[source]
        text = _whole_text(pl.col(source), dtype).str.strip_chars(BLANKS)
        parts.append(pl.when(text.str.contains(r"^\d+$")).then(text.str.zfill(width)).otherwise(text))
    unknown = pl.any_horizontal(
        part.is_in(["0", "00", "99", "0000"]).fill_null(value=True) | (part == "") for part in parts
    )
    return pl.when(~unknown).then(pl.concat_str(parts, separator="-")), pl.String()


def _plain(stored: pl.Expr, dtype: Any) -> pl.Expr:
    """The stored value; of categories, which each part numbers in its own way, the text."""
    return stored.cast(pl.String) if dtype in (pl.Categorical, pl.Enum) else stored


def _as_text(stored: pl.Expr, dtype: Any) -> pl.Expr:
    """The stored value as text, if its type has one."""
    if dtype == pl.String or dtype in (pl.Categorical, pl.Enum):
        return stored
    return (
        pl.when(stored.is_not_null()).then(pl.lit(f"a value of type {dtype}"))
        if opaque(dtype)
        else stored.cast(pl.String)
    )


def opaque(dtype: Any) -> bool:
    """Return whether values of the type are never values of a column."""
    return bool(dtype.is_nested()) or dtype in (pl.Binary, pl.Object, pl.Duration, pl.Time)


def _missing(plain: pl.Expr, dtype: Any, binding: Binding) -> pl.Expr | None:
    """Whether a stored text is one of the words for a missing value."""
    if not binding.missing or not (dtype == pl.String or dtype in (pl.Categorical, pl.Enum)):
        return None
    return plain.str.strip_chars(BLANKS).is_in(list(binding.missing)).fill_null(value=False)


def converted(stored: pl.Expr, dtype: Any, binding: Binding) -> pl.Expr:
    """The stored value as one of the column's kind, null where it is not one."""
    kind = binding.kind
    if dtype == kind.polars and kind is not Kind.DATETIME:
        return stored
    if opaque(dtype):
        return pl.lit(None, kind.polars)
    if kind.numeric:
        return _number(stored, dtype, binding)
    if kind is Kind.DATE:
        return _day(stored, dtype, binding)
    if kind is Kind.DATETIME:
        return _moment(stored, dtype, binding)
    text = stored if dtype in (pl.String, pl.Categorical, pl.Enum) else stored.cast(pl.String)
    if kind is Kind.BOOL:
        # Most files write 0 and 1; stripping these takes four times as long as comparing them.
        word = pl.when(~text.is_in(["0", "1"])).then(text).str.strip_chars(BLANKS).str.to_lowercase()
        return (
            pl.when((text == "1") | word.is_in(TRUE))
            .then(pl.lit(value=True))
            .when((text == "0") | word.is_in(FALSE))
            .then(pl.lit(value=False))
        )
    return text


def _number(stored: pl.Expr, dtype: Any, binding: Binding) -> pl.Expr:
    """A number; null rather than another number."""
    target = binding.kind.polars
    if dtype.is_temporal():
        return pl.lit(None, target)
    if dtype == pl.Boolean:
        return stored.cast(target)
    if dtype.is_integer():
        value = stored.cast(target, strict=False)
        wide = dtype in (pl.Int64, pl.UInt64, pl.Int128) or dtype.is_decimal()
        return pl.when(_exact(stored, dtype)).then(value) if binding.kind is Kind.FLOAT64 and wide else value
    if dtype.is_float() and binding.kind.whole:
        whole = (stored == stored.floor()) & (stored.abs() <= EXACT)
        return pl.when(whole).then(stored).cast(target, strict=False)
    if dtype.is_decimal() and binding.kind.whole:
        return pl.when(stored == stored.floor()).then(stored).cast(target, strict=False)
    if dtype.is_float() and dtype == pl.Float64:
        return stored
    # The shortest text of a 32-bit fraction is what was meant: 2.8 and not 2.799999952316284.
    text = stored if dtype in (pl.String, pl.Categorical, pl.Enum) else stored.cast(pl.String)
    text = text.str.strip_chars(BLANKS)
    if binding.decimal != ".":
        text = text.str.replace(binding.decimal, ".", literal=True)
    fraction = text.cast(pl.Float64, strict=False)
    if binding.kind is Kind.FLOAT64:
        # Numerals of more than 15 digits without a point may be rounded: they must come back as they were.
        back = fraction.cast(pl.Int64, strict=False).cast(pl.String)
        whole = text.str.strip_chars_start("+")
        same = (back == whole) | ~whole.str.contains(r"^-?[1-9]\d{15,}(\.0*)?$")
        return pl.when((fraction.abs() < EXACT) | fraction.is_nan() | same).then(fraction)
    digits = text.str.replace(r"^([+-]?\d+)\.0*$", "${1}").cast(target, strict=False)
    scientific = pl.when(
        text.str.contains(r"^[+-]?\d+(\.\d*)?[eE][+-]?\d+$")
        & (fraction == fraction.floor())
        & (fraction.abs() <= EXACT)
    ).then(fraction)
    return pl.coalesce(digits, scientific.cast(target, strict=False))


def _exact(stored: pl.Expr, dtype: Any) -> pl.Expr:
    """Whether a whole number is the same as a fraction of 64 bits."""
    if dtype == pl.UInt64:
        return stored <= EXACT
    return stored.is_between(-EXACT, EXACT) | (stored.cast(pl.Float64).cast(dtype, strict=False) == stored)


def _whole_text(stored: pl.Expr, dtype: Any) -> pl.Expr:
    """The text of a stored value, whole numbers without ``.0``."""
    if dtype in (pl.String, pl.Categorical, pl.Enum):
        return stored.cast(pl.String)
    if dtype.is_float() or dtype.is_decimal():
        whole = (stored == stored.floor()) & (stored.abs() <= EXACT)
        return (
            pl.when(whole)
            .then(stored.cast(pl.Int64, strict=False).cast(pl.String))
            .otherwise(stored.cast(pl.String))
        )
    return stored.cast(pl.String)


def _day(stored: pl.Expr, dtype: Any, binding: Binding) -> pl.Expr:
    """A day. A moment is one at midnight of its own zone only."""
    if dtype == pl.Datetime:
        local = stored.dt.replace_time_zone(None) if getattr(dtype, "time_zone", None) else stored
        return pl.when(local.dt.time() == pl.time(0, 0)).then(local.cast(pl.Date))
    if binding.parts:
        return _days(stored, "%Y-%m-%d")
    text = _whole_text(stored, dtype).str.strip_chars(BLANKS)
    found = [_days(_without_point(text, form), form) for form in binding.formats]
    return found[0] if len(found) == 1 else pl.coalesce(found)


def _without_point(text: pl.Expr, form: str) -> pl.Expr:
    """Days that are only digits may have passed through a column of fractions: 20200105.0."""
    return text if "." in form else text.str.strip_suffix(".0")


def _days(text: pl.Expr, form: str) -> pl.Expr:
    """The days that are written exactly in this form."""
    # Looking a day up among those seen before takes longer than reading it: 0.4 instead of 0.2 s for ten million.
    if form == _DAY:
        day = text.str.slice(0, 10).str.to_date(form, strict=False, cache=False)
        return pl.when(text.str.contains(_MIDNIGHT)).then(day)
    day = text.str.to_date(form, strict=False, cache=False)
    shape = shape_of(form)
    if shape is not None:
        return pl.when(text.str.contains(shape)).then(day)
    again = day.cast(pl.Datetime, strict=False).dt.to_string(form).str.to_lowercase()
    return pl.when(again == text.str.to_lowercase()).then(day)


def shape_of(form: str) -> str | None:
    """Return a regular expression for the texts of a form made of digits of fixed width, None for other forms."""
    found, rest = "^", form
    while rest:
        token = rest[:2] if rest.startswith("%") else rest[:1]
        if token.startswith("%"):
            if token not in _DIGITS:
                return None
            found += _DIGITS[token]
        else:
            found += re.escape(token)
        rest = rest[len(token) :]
    return found + "$"


def _moment(stored: pl.Expr, dtype: Any, binding: Binding) -> pl.Expr:
    """A moment in UTC. One without a zone is in the zone of its column."""
    target = binding.kind.polars
    if dtype == pl.Datetime:
        if getattr(dtype, "time_unit", None) == "ns":
            stored = pl.when(stored.dt.nanosecond() % 1000 == 0).then(stored)
        if getattr(dtype, "time_zone", None):
            return stored.dt.convert_time_zone("UTC").cast(target)
        return _in_utc(stored.cast(pl.Datetime("us")), binding.zone)
    if dtype == pl.Date:
        return pl.lit(None, target)
    text = _whole_text(stored, dtype).str.strip_chars(BLANKS)
    found = [_moments(text, form, binding.zone) for form in binding.formats]
    return found[0] if len(found) == 1 else pl.coalesce(found)


def _moments(text: pl.Expr, form: str, zone: str) -> pl.Expr:
    if form == "iso":
        plain = text.str.replace(" ", "T", literal=True)
        plain = plain.str.replace(r" ?(Z|UTC)$", "+00:00").str.replace(r"([+-]\d{2}):?(\d{2})$", "${1}:${2}")
        plain = plain.str.replace(r"(:\d{2}(\.\d+)?[+-]\d{2})$", "${1}:00")
        plain = plain.str.replace(r"(T\d{2}:\d{2})($|[+-])", "${1}:00${2}")
        day_only = ~text.str.contains(_MOMENT)
        zoned = plain.str.to_datetime(
            "%Y-%m-%dT%H:%M:%S%.f%:z", time_unit="us", time_zone="UTC", strict=False
        )
        local = plain.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", time_unit="us", strict=False)
        return pl.when(~day_only).then(pl.coalesce(zoned, _in_utc(local, zone)))
    if "%z" in form or "%:z" in form:
        return text.str.to_datetime(form, time_unit="us", time_zone="UTC", strict=False)
    moment = text.str.to_datetime(form, time_unit="us", strict=False)
    shape = shape_of(form)
    exact = text.str.contains(shape) if shape else moment.dt.to_string(form) == text
    return pl.when(exact).then(_in_utc(moment, zone))


def _in_utc(local: pl.Expr, zone: str) -> pl.Expr:
    """A moment on a clock in the zone; null where the clock shows it twice or never."""
    if zone == "UTC":
        return local.dt.replace_time_zone("UTC")
    return local.dt.replace_time_zone(zone, ambiguous="null", non_existent="null").dt.convert_time_zone("UTC")


def as_shown(bindings: Iterable[Binding], types: Mapping[str, Any]) -> list[pl.Expr]:
    """Return what makes stored numbers the same whichever way they were read.

    `types` are those of a frame made by `typed`.
    """
    return [
        pl.coalesce(pl.col(binding.name).cast(pl.String), stored).alias(stored.meta.output_name())
        for binding in bindings
        if binding.converted and binding.kind.numeric
        for stored in [pl.col(TEXT + binding.name)]
        if types[TEXT + binding.name] == pl.String
    ]


def stored_name(binding: Binding) -> str:
    """Name of the column in a frame that holds the values as they were in the file."""
    return TEXT + binding.name if binding.converted else binding.name
