"""The findings of a pass: for each rule and column how many rows fail, the first of them, their keys and values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import polars as pl

from standoff.bulk.folding import (
    Fails,
    Swapped,
    apart_from,
    header_rows,
    moved_rows,
    swapped_columns,
)
from standoff.bulk.outcome import OTHER, UNREAD, UNREADABLE, Outcome, key_text
from standoff.bulk.plan import ROW, SHORT, Plan, failing
from standoff.bulk.repairs import SAMPLE, remedies
from standoff.bulk.sources import PART, Source, finding_about
from standoff.bulk.uniqueness import Repeated
from standoff.findings import Data, Finding, shortened
from standoff.model.places import Place
from standoff.model.summary import Summary
from standoff.rules.catalogue import table_rules
from standoff.rules.checks import Check
from standoff.rules.column import listed
from standoff.rules.context import ShapedRows
from standoff.rules.lookups import ALSO, LOOKUP
from standoff.rules.rule import Fault, Rule
from standoff.tables.profiles import TEXT, Binding, Profile

FIRST = 3
"""How many failing rows a finding names."""
IN_MEMORY = 1 << 26
"""Bytes up to which the failing rows are held in memory to report on them."""
MOST_LISTED = 12
"""How many values of a code list a finding names."""
_WIDTH = 40
_KEY = "row.key"
"""Column of a row's key as text: with a dot, as no column of a profile is called."""
_WRITE = {
    "string": "Store the column as text.",
    "int32": "Write whole numbers without a decimal point or separators, up to 2,147,483,647: 1234.",
    "int64": "Write whole numbers without a decimal point or separators: 1234.",
    "float64": "Write numbers with a decimal point and without separators: 1234.5.",
    "bool": "Write true or false.",
    "date": "Write every day like {day}, without a time of day. The day must be in the calendar.",
    "datetime": "Write every moment like {day}.",
}
DAY = datetime(2020, 12, 31, 23, 30)
"""The day that messages use as an example of a date format."""


def with_rows(before: list[Finding], outcome: Outcome, sources: Sequence[Source]) -> list[Finding]:
    """Return the findings from `before` rows were read together with those about the rows and the summary of a table."""
    found = [*before, *row_findings(outcome, sources)]
    if outcome.summary is not None:
        found += summary_findings(outcome.summary, sources[0], outcome.plan.profile)
    return found


def summary_findings(summary: Summary, source: Source, profile: Profile) -> Iterator[Finding]:
    """Yield what is uncommon in a table as a whole; `source` is its first file."""
    for rule in table_rules().values():
        if rule.scope == "summary" and rule.code not in profile.skip:
            for fault in rule.check(summary):
                yield finding_about(source, rule, fault)


def row_findings(outcome: Outcome, sources: Sequence[Source]) -> Iterator[Finding]:
    """Yield a finding for each check that rows fail; one for values that are missing in the same rows.

    Where the cells of a row are in wrong columns, its failures have one cause, and only that is reported.
    """
    plan = outcome.plan
    bad = pl.scan_ipc(outcome.bad)
    if outcome.bad.stat().st_size < IN_MEMORY:  # each finding asks it twice
        bad = bad.collect().lazy()
    numbers = range(len(plan.checks))
    missing = [i for i in numbers if plan.checks[i].rule.code == "value-missing"]

    def counted(fails: Fails) -> pl.DataFrame:
        return bad.select(
            *(fails(i).sum().alias(str(i)) for i in numbers),
            *(pl.col(ROW).filter(fails(i)).hash().sum().alias(f"rows {i}") for i in missing),
        ).collect(engine="streaming")

    fails: Fails = failing
    found = counted(fails)
    again, moved = header_rows(bad, plan), moved_rows(bad, outcome, found)
    if len(again):
        moved = moved.filter(~pl.col(ROW).is_in(again.implode()))
        yield _about_headers(again, outcome, sources)
    if len(moved):
        yield _about_moved(moved, outcome, sources)
    swapped = swapped_columns(bad, outcome, found)
    if swapped:
        yield _about_swapped(swapped, bad, outcome, sources)
    if len(again) or len(moved) or swapped:
        fails = apart_from(pl.concat([again, moved[ROW]]), swapped.checks if swapped else frozenset(), plan)
        found = counted(fails)
    # Short lines are known before the rows are read, and reported then.
    counts = {i: found[str(i)].item() for i in numbers if plan.checks[i].rule.code != SHORT}

    def sample(number: int) -> pl.DataFrame:
        return bad.filter(fails(number)).bottom_k(SAMPLE, by=ROW).collect().sort(ROW)

    alike: dict[Any, list[int]] = {}
    for i in filter(counts.get, numbers):
        cause: Any = (counts[i], found[f"rows {i}"].item()) if i in missing else i
        check = plan.checks[i]
        if (
            check.rule.code == "value-unreadable"
            and check.column
            and (repair := _of_all(check, sample(i), plan))
        ):
            cause = (check.column.kind, repair)
        alike.setdefault(cause, []).append(i)
    for i, *others in alike.values():
        check, count = plan.checks[i], counts[i]
        sampled = rows = sample(i)
        if others and i not in missing:
            failed = bad.filter(pl.any_horizontal(map(fails, (i, *others))))
            rows, count = failed.bottom_k(FIRST, by=ROW).collect(), failed.select(pl.len()).collect().item()
        first = rows.with_columns(key_text(plan).alias(_KEY)).bottom_k(FIRST, by=ROW).sort(ROW)
        failing_check = [plan.checks[j] for j in _first_failing(first, (i, *others))]
        examples = [
            (row[ROW], row[_KEY], _values(of, row, plan))
            for row, of in zip(first.iter_rows(named=True), failing_check, strict=True)
        ]
        advice = _advice(check, sampled, plan)
        columns = [column for j in (i, *others) if (column := plan.checks[j].column)]
        finding = _about_rows(outcome, sources, check.rule, columns, count, examples, advice)
        if check.rule.code == "duplicate-row-key":
            assert outcome.repeated is not None
            finding = _about_keys(finding, outcome.repeated, sources, plan)
        yield finding
    if outcome.dropped is not None and len(outcome.dropped):
        yield _about_copies(outcome, outcome.dropped, sources)


def _about_moved(moved: pl.DataFrame, outcome: Outcome, sources: Sequence[Source]) -> Finding:
    _, numbers = moved.row(0)
    columns = [column.source for i in numbers if (column := outcome.plan.checks[i].column)]
    return _about_shape("cells-moved", moved[ROW], list(dict.fromkeys(columns)), outcome, sources)


def _about_swapped(
    swapped: Swapped, bad: pl.LazyFrame, outcome: Outcome, sources: Sequence[Source]
) -> Finding:
    failed = pl.any_horizontal(map(failing, sorted(swapped.checks)))
    rows = bad.filter(failed).select(pl.col(ROW).cast(pl.Int64).unique()).collect().to_series().sort()
    return _about_shape("columns-swapped", rows, list(swapped.names), outcome, sources)


def _about_shape(
    code: str, found: pl.Series, columns: list[str], outcome: Outcome, sources: Sequence[Source]
) -> Finding:
    """Return the finding of a rule about the rows as a whole."""
    first = found[0]
    source = sources[first // PART]
    examples = [_where(position, sources) for position in found.head(FIRST)]
    rows = ShapedRows(len(found), outcome.rows, source.line_of(first % PART), columns, examples)
    rule = table_rules()[code]
    return next(finding_about(source, rule, fault) for fault in rule.check(rows))


def _about_headers(again: pl.Series, outcome: Outcome, sources: Sequence[Source]) -> Finding:
    """Say which rows are the header again."""
    first = again[0]
    source = sources[first // PART]
    line = source.line_of(first % PART)
    where = ", ".join(_where(position, sources) for position in again.head(FIRST))
    more = ", …" if len(again) > FIRST else ""
    message = f"{len(again):,} of {outcome.rows:,} rows: it is the header again: {where}{more}"
    data = Data(failing=len(again), rows=outcome.rows)
    fault = Fault(
        Place(line, 1, line, 1), message, "Remove the row: files were joined with their headers.", data=data
    )
    return finding_about(source, table_rules()[UNREADABLE], fault)


def _about_keys(finding: Finding, repeated: Repeated, sources: Sequence[Source], plan: Plan) -> Finding:
    """Say of rows with repeated keys how many keys there are, and whether their rows are identical or differ."""
    keys = repeated.conflicting if plan.keep_one else repeated.keys
    identical, conflicting = keys - repeated.conflicting, repeated.conflicting
    names = _names(repeated, sources, plan)
    where = f" in {listed(names, MOST_LISTED)}" if names else ""
    if keys == 1:
        detail = f"1 key in {repeated.most:,} " if not plan.keep_one else "1 key in "
        detail += f"rows that differ{where}" if conflicting else "identical rows"
    elif not conflicting:
        detail = f"{keys:,} keys, all of them in identical rows"
    elif not identical:
        detail = f"{keys:,} keys, all of them in rows that differ{where}"
    else:
        detail = f"{keys:,} keys: {identical:,} in identical rows, {conflicting:,} in rows that differ{where}"
    summary, mark, examples = finding.message.partition("same key")
    message = f"{summary}{mark} ({detail}){examples}"
    copies = "remove the identical copies, or keep one of each with --duplicates keep-one"
    rows = "decide which of the rows that differ is right, or give them different keys"
    remedy = "; ".join([copies] * bool(identical) + [rows] * bool(conflicting))
    data = finding.data | Data(keys=keys, conflicting_keys=conflicting)
    if names:
        data["columns"] = names
    return replace(finding, message=message, remedy=remedy[0].upper() + remedy[1:] + ".", data=data)


def _names(repeated: Repeated, sources: Sequence[Source], plan: Plan) -> list[str]:
    """The columns, by their names in the file, in which rows with the same key differ."""
    known = {column.name: column.source for column in plan.columns}
    found = {name.removeprefix(UNREAD).removeprefix(OTHER) for name in repeated.differing}
    found = {known.get(name, name) for name in found}
    return [name for name in sources[0].names if name in found]


def _about_copies(outcome: Outcome, dropped: pl.Series, sources: Sequence[Source]) -> Finding:
    """Say which identical copies were left out."""
    rule = table_rules()["duplicate-row-key"]
    examples = [_where(position, sources) for position in dropped.head(FIRST)]
    more = ", …" if len(dropped) > FIRST else ""
    assert outcome.repeated is not None
    keys = outcome.repeated.keys - outcome.repeated.conflicting
    message = (
        f"{len(dropped):,} of {outcome.rows:,} rows are identical copies of earlier rows and were left out "
        f"({keys:,} {'key' if keys == 1 else 'keys'}): {', '.join(examples)}{more}"
    )
    line = sources[dropped[0] // PART].line_of(dropped[0] % PART)
    data = Data(failing=len(dropped), rows=outcome.rows, keys=keys, conflicting_keys=0)
    fault = Fault(Place(line, 1, line, 1), message, "Remove the copies at their source.", data=data)
    return replace(finding_about(sources[dropped[0] // PART], rule, fault), severity="note")


def _of_all(check: Check, rows: pl.DataFrame, plan: Plan) -> str | None:
    """Return the repair that fixes all rows, without its examples; None if there is none."""
    guesses = remedies(check, rows, plan)
    return next((text.partition(" (")[0] for count, text in guesses if count == rows.height), None)


def _first_failing(rows: pl.DataFrame, checks: Sequence[int]) -> list[int]:
    """Return the first of the checks that each row fails."""
    first = pl.coalesce(pl.when(failing(i)).then(pl.lit(i)) for i in checks)
    return rows.select(first.fill_null(checks[0]).alias("check"))["check"].to_list()


def _advice(check: Check, rows: pl.DataFrame, plan: Plan) -> str | None:
    """Return what would fix the rows that fail a check, and the rule's own advice if that does not fix all of them."""
    guesses = list(remedies(check, rows, plan))
    whole = [guess for guess in guesses if guess[0] == rows.height]
    guesses = whole or guesses
    among = "of them" if rows.height < SAMPLE else f"of {SAMPLE:,} of them that were looked at"
    told = [f"In {count:,} {among} {guess}." for count, guess in guesses]
    if not told:
        return None
    rest = max(count for count, _ in guesses) < rows.height
    return " ".join([*told, *([_general(check.rule, check.column)] if rest else [])])


def _general(rule: Rule, column: Binding | None) -> str:
    """Return what to do about rows that fail a rule, independently of their values."""
    if rule.code == "value-unreadable" and column is not None:
        return _WRITE[column.kind].format(day=_day(column))
    return " ".join(rule.advice.split())


def _day(column: Binding) -> str:
    return DAY.strftime("%Y-%m-%dT%H:%M:%SZ" if column.format == "iso" else column.format)


def _about_rows(
    outcome: Outcome,
    sources: Sequence[Source],
    rule: Rule,
    columns: list[Binding],
    count: int,
    examples: list[tuple[int, str | None, str]],
    advice: str | None,
) -> Finding:
    rows = []
    for position, key, values in examples:
        where = _where(position, sources)
        told = ": ".join(text for text in (shortened(key, _WIDTH) if key else "", values) if text)
        rows.append(f"{where} ({told})" if told else where)
    source = sources[examples[0][0] // PART]
    line = source.line_of(examples[0][0] % PART)
    return finding_about_rows(source, rule, columns, (count, outcome.rows), rows, line=line, advice=advice)


def _where(position: int, sources: Sequence[Source]) -> str:
    """Return the line of a position in a text file, the row in others, and the file if there are several."""
    part, number = divmod(position, PART)
    source = sources[part]
    place = f"line {source.line_of(number):,}" if source.has_lines else f"row {number + 1:,}"
    return place + (f" of {source.shown}" if len(sources) > 1 else "")


def finding_about_rows(
    source: Source,
    rule: Rule,
    columns: Sequence[Binding],
    counts: tuple[int, int],
    examples: Sequence[str],
    *,
    line: int = 1,
    advice: str | None = None,
) -> Finding:
    """Return the finding that so many rows of so many fail a check of these columns, `examples` among them."""
    column = columns[0] if columns else None
    names = ", ".join(f'"{column.source}"{_place_of(column, source)}' for column in columns)
    name = rule.summary[1:2].isupper()  # the sentence begins with the name of a column
    summary = (rule.summary[0] if name else rule.summary[0].lower()) + rule.summary[1:].rstrip(".")
    about = f" ({names}{_wanted(rule, column)})" if column else ""
    more = ", …" if counts[0] > len(examples) else ""
    message = f"{counts[0]:,} of {counts[1]:,} rows: {summary}{about}: {', '.join(examples)}{more}"
    data = Data(failing=counts[0], rows=counts[1])
    if columns:
        data["columns"] = [column.source for column in columns]
    place = Place(line, 1, line, 1)
    return finding_about(source, rule, Fault(place, message, advice or _general(rule, column), data=data))


def _place_of(column: Binding, source: Source) -> str:
    """Which column it is in a file whose header does not name it."""
    headless = source.format == "csv" and not source.first
    return (
        f" (column {source.names.index(column.source) + 1})"
        if headless and column.source in source.names
        else ""
    )


def _values(check: Check, row: dict[str, Any], plan: Plan) -> str:
    """The values that a check looked at, as the file has and names them, and what the code list says; "" if there are none."""
    looked_at = {name: row.get(TEXT + name, row.get(name)) for name in sorted(check.columns - {ROW})}
    if all(value is None for value in looked_at.values()):
        return ""
    in_file = {column.name: column.source for column in plan.columns if not column.parts}
    told = [f"{in_file.get(name, name)} {_shown(value)}" for name, value in looked_at.items()]
    # Of a rule about the root that is the root; for the others it only says whether the code is known.
    looked_up = sorted(name for name in check.names if name.startswith(LOOKUP) and not name.endswith(ALSO))
    if looked_up != [f"{LOOKUP}root"]:
        looked_up = [name for name in looked_up if name != f"{LOOKUP}root"]
    if check.rule.code != "action-unknown":
        told += [f"the code list has {_shown(row[name])}" for name in looked_up]
    return ", ".join(told)


def _shown(value: Any) -> str:
    if value is None:
        return "is empty"
    return f'"{shortened(value, _WIDTH)}"' if isinstance(value, str) else str(value)


def _wanted(rule: Rule, column: Binding) -> str:
    """What a column's values should be, for the rules that ask for a certain form."""
    if rule.code == "value-unreadable":
        return f": {column.kind.words}" + (f" such as {_day(column)}" if column.kind.temporal else "")
    if rule.code == "value-not-listed":
        if column.codes and len(column.values) > MOST_LISTED:
            return f": one of the {len(column.values)} codes in {column.codes}"
        return f": one of {', '.join(map(str, column.values))}"
    if rule.code == "value-outside-bounds":
        low = f"at least {column.minimum}" if column.minimum is not None else ""
        high = f"at most {column.maximum}" if column.maximum is not None else ""
        return f": {' and '.join(filter(None, (low, high)))}"
    if rule.code == "pattern-mismatch":
        return f": {column.pattern}"
    return f": a {column.references}" if rule.code == "reference-unknown" else ""
