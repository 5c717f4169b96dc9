"""Guesses at what would fix failing values: each is tried on the failing rows, and the rule itself says if it helps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl

from standoff.bulk.plan import Plan
from standoff.bulk.values import FIRST_DAY, stored_name, typed
from standoff.codes import shipped
from standoff.findings import shortened
from standoff.rules.checks import Check
from standoff.rules.column import CODES
from standoff.rules.lookups import with_lookups
from standoff.tables.profiles import Binding

SAMPLE = 10_000
"""Failing rows of a check on which the guesses are tried."""
LEAST_SHARE = 0.1
"""Share of the failing rows that a guess must fix to be reported: by chance, a wrong code with a zero before it is a code."""
DAYS = (
    "%Y-%m-%d",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%Y/%m/%d",
    "%Y%m%d",
    "%d %B %Y",
    "%B %d, %Y",
)
"""The ways of writing a day that are tried."""
MISSING = ("na", "n/a", "nan", "null", "none", "missing", "-", "--", ".", "?", "#n/a")
_FOUND, _MENDED = "row.found", "row.mended"

Mend = Callable[[pl.Expr, Binding], pl.Expr]


@dataclass(frozen=True, slots=True)
class Repair:
    """A guess at what went wrong: `mend` makes the right text of a stored one, null where it does not apply.

    It is tried for failures of the rules `codes` (any, where none is named), on columns of the types `kinds` (or of
    the names `names`). `told` says it, with the first text `found` and what it is `mended` to.
    """

    told: str
    mend: Mend
    codes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def concerns(self, check: Check, column: Binding) -> bool:
        """Whether to try it on a column that the check reads."""
        return (
            (not self.codes or check.rule.code in self.codes)
            and (not self.kinds or column.kind in self.kinds)
            and (not self.names or column.name in self.names)
        )


def remedies(check: Check, failing: pl.DataFrame, plan: Plan) -> Iterator[tuple[int, str]]:
    """Yield each guess that mends a good part of the rows `failing` the check: how many, and what it is."""
    columns = [column for column in plan.columns if column.name in check.columns and not column.parts]
    texts = [column for column in columns if failing.schema[stored_name(column)] == pl.String]
    for repair in REPAIRS:
        concerned = {column.name: column for column in texts if repair.concerns(check, column)}
        if not concerned:
            continue
        stored = {column.name: pl.col(stored_name(column)) for column in columns}
        mended = {name: repair.mend(stored[name], column) for name, column in concerned.items()}
        changed = {name: mended[name] != stored[name] for name in mended}
        rows = failing.filter(pl.any_horizontal(value.fill_null(value=False) for value in changed.values()))
        if rows.height < LEAST_SHARE * failing.height:
            continue
        tried = rows.lazy().select(
            *(pl.coalesce(mended.get(name, value), value).alias(name) for name, value in stored.items()),
            pl.coalesce(pl.when(changed[name]).then(stored[name]) for name in mended).alias(_FOUND),
            pl.coalesce(pl.when(changed[name]).then(mended[name]) for name in mended).alias(_MENDED),
        )
        helped = _judged(check, tried, columns, plan)
        if helped.height >= LEAST_SHARE * failing.height:
            found, right = (shortened(text, 40) for text in helped.row(0))
            yield helped.height, repair.told.format(found=f'"{found}"', mended=f'"{right}"')


def _judged(check: Check, tried: pl.LazyFrame, columns: list[Binding], plan: Plan) -> pl.DataFrame:
    """The examples of those rows that pass the check once their stored values are made values again."""
    types = {column.source: tried.collect_schema()[column.name] for column in columns}
    # In a file, a text without characters is an empty cell.
    empty = [column.name for column in columns if types[column.source] == pl.String]
    emptied = tried.with_columns(pl.when(pl.col(empty) != "").then(pl.col(empty)))
    again = emptied.select(*(pl.col(column.name).alias(column.source) for column in columns), _FOUND, _MENDED)
    values = again.select(*typed(columns, types), _FOUND, _MENDED)
    profile = plan.profile
    looked_up = with_lookups(values, check.names, profile.goldstein, plan.keys, profile.actions, columns)
    return looked_up.filter(check.expression).select(_FOUND, _MENDED).collect()


def _replaced(pattern: str, by: str) -> Mend:
    """Replace in texts that match the whole pattern; the parts in brackets are `${1}` …"""
    whole = f"^(?:{pattern})$"
    return lambda text, _: pl.when(text.str.contains(whole)).then(text.str.replace(whole, by))


def _with_zero(text: pl.Expr, column: Binding) -> pl.Expr:
    actions = shipped.scheme().actions
    known = actions.roots if column.name == "root" else actions
    return pl.when(("0" + text).is_in(list(known))).then("0" + text)


def _as_day(written: str) -> Repair:
    def mend(text: pl.Expr, column: Binding) -> pl.Expr:
        day = text.str.to_date(written, strict=False)
        return pl.when(day >= FIRST_DAY).then(day.cast(pl.Datetime).dt.to_string(column.format))

    return Repair(
        f"the day may be written {written} ({{found}}): write {{mended}}, or give the form in a profile of your own",
        mend,
        ("value-unreadable",),
        ("date",),
    )


_READ = ("value-unreadable",)
_WHOLE = ("int32", "int64")
REPAIRS = (
    Repair(
        "a byte order mark is in the text ({found}), as where files were joined: remove it",
        lambda text, _: pl.when(text.str.starts_with("\ufeff")).then(text.str.strip_chars_start("\ufeff")),
    ),
    Repair("spaces are around the value ({found}): remove them", lambda text, _: text.str.strip_chars()),
    Repair(
        "a leading zero is lost ({found} for {mended}): a program read the column as numbers. It may also have made "
        '"10", which is another code, of "010". Read the original file again with this column as text',
        _with_zero,
        names=CODES,
    ),
    Repair(
        "a whole number is written with decimals ({found}): write {mended}",
        _replaced(r"([+-]?\d+)[.,]0*", "${1}"),
        _READ,
        _WHOLE,
    ),
    Repair(
        "a comma stands for the decimal point ({found}): write {mended}",
        _replaced(r"([+-]?\d*),(\d+)", "${1}.${2}"),
        _READ,
        ("float64",),
    ),
    Repair(
        "thousands are separated ({found}): write {mended}",
        lambda text, _: pl.when(text.str.contains(r"^[+-]?\d{1,3}([,'’\s]\d{3})+(\.\d+)?$")).then(
            text.str.replace_all(r"[,'’\s]", "")
        ),
        _READ,
        (*_WHOLE, "float64"),
    ),
    Repair(
        "a word stands for a missing value ({found}): leave the cell empty, or write missing = [{found}] in the [file] part of a profile",
        lambda text, _: pl.when(text.str.to_lowercase().is_in(list(MISSING))).then(pl.lit("")),
        _READ,
    ),
    Repair(
        "a time of day follows the day ({found}): write {mended}",
        _replaced(r"(\S+)[T ]\d{1,2}:\d\d.*", "${1}"),
        _READ,
        ("date",),
    ),
    *map(_as_day, DAYS),
    Repair(
        "only the case is wrong ({found}): write {mended}",
        lambda text, _: text.str.to_lowercase(),
        ("value-not-listed",),
    ),
    Repair(
        "only the case is wrong ({found}): write {mended}",
        lambda text, _: text.str.to_uppercase(),
        ("pattern-mismatch",),
    ),
)
