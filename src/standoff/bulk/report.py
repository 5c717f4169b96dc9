"""The findings of a pass: for each rule and column how many rows fail, the first of them, their keys and values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from standoff.bulk.checking_rows import Outcome, key_text
from standoff.bulk.opening import PART, Source
from standoff.bulk.plan import ROW, Plan, failing
from standoff.bulk.repairs import SAMPLE, remedies
from standoff.bulk.values import stored_name
from standoff.findings import Data, Finding, shortened
from standoff.model.places import Place
from standoff.rules.catalogue import all_rules
from standoff.rules.checks import Check
from standoff.rules.lookups import ALSO, LOOKUP
from standoff.rules.rule import Fault, Rule, finding_of
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
    "date": "Write every day like {day}, without a time of day; a day that is not in the calendar is none.",
    "datetime": "Write every moment like {day}.",
}
DAY = datetime(2020, 12, 31, 23, 30)
"""The day that stands as an example of how days are written."""


def header_findings(source: Source, profile: Profile) -> Iterator[Finding]:
    """Yield what is wrong with a file before its rows are looked at."""
    header = source.header(profile)
    failed: set[str] = set()
    for rule in all_rules().values():
        if rule.scope != "header" or failed.intersection(rule.requires) or rule.code in profile.skip:
            continue
        for fault in rule.check(header):
            if rule.code != "table-unreadable" or header.problem:
                failed.add(rule.code)
            yield _finding(source, rule, fault)


def row_findings(outcome: Outcome, sources: Sequence[Source]) -> Iterator[Finding]:
    """Yield a finding for each check that rows fail; one for values that are missing in the same rows.

    A line that is too short lacks several values at once.
    """
    plan = outcome.plan
    bad = pl.scan_ipc(outcome.bad)
    if outcome.bad.stat().st_size < IN_MEMORY:  # each finding asks it twice
        bad = bad.collect().lazy()
    numbers = range(len(plan.checks))
    missing = [i for i in numbers if plan.checks[i].rule.code == "value-missing"]
    counted = bad.select(
        *(failing(i).sum().alias(str(i)) for i in numbers),
        *(pl.col(ROW).filter(failing(i)).hash().sum().alias(f"rows {i}") for i in missing),
    ).collect(engine="streaming")
    counts = {i: counted[str(i)].item() for i in numbers}
    alike: dict[Any, list[int]] = {}
    for i in filter(counts.get, numbers):
        alike.setdefault((counts[i], counted[f"rows {i}"].item()) if i in missing else i, []).append(i)
    for i, *others in alike.values():
        check = plan.checks[i]
        rows = bad.filter(failing(i))
        first = rows.with_columns(key_text(plan).alias(_KEY)).bottom_k(FIRST, by=ROW).collect().sort(ROW)
        examples = [(row[ROW], row[_KEY], _values(check, row)) for row in first.iter_rows(named=True)]
        advice = _advice(check, rows.bottom_k(SAMPLE, by=ROW).collect().sort(ROW), plan)
        columns = [column for j in (i, *others) if (column := plan.checks[j].column)]
        detail = _copies(rows, plan) if check.rule.code == "duplicate-row-key" else ""
        yield _about_rows(outcome, sources, check.rule, columns, counts[i], examples, advice, detail)


def _copies(rows: pl.LazyFrame, plan: Plan) -> str:
    """How many keys repeat, and whether their rows are identical copies or differ."""
    values = [stored_name(column) for column in plan.columns]
    keys = (
        rows.group_by(plan.key)
        .agg(pl.len().alias("row.copies"), pl.struct(values).n_unique().alias("row.kinds"))
        .select(
            pl.len().alias("keys"),
            (pl.col("row.kinds") == 1).sum().alias("identical"),
            pl.col("row.copies").max().alias("most"),
        )
        .collect(engine="streaming")
    )
    count, identical, most = keys.row(0)
    if count == 1:
        return f"1 key in {most:,} {'identical rows' if identical else 'rows that differ'}"
    if identical == count:
        return f"{count:,} keys, all of them in identical rows"
    if not identical:
        return f"{count:,} keys, all of them in rows that differ"
    return f"{count:,} keys: {identical:,} in identical rows, {count - identical:,} in rows that differ"


def _advice(check: Check, rows: pl.DataFrame, plan: Plan) -> str | None:
    """What would mend rows that fail a check, and the rule's own advice where that is not all of them."""
    guesses = list(remedies(check, rows, plan))
    among = "of them" if rows.height < SAMPLE else f"of {SAMPLE:,} of them that were looked at"
    told = [f"In {count:,} {among} {guess}." for count, guess in guesses]
    if not told:
        return None
    rest = max(count for count, _ in guesses) < rows.height
    return " ".join([*told, *([_general(check.rule, check.column)] if rest else [])])


def _general(rule: Rule, column: Binding | None) -> str:
    """What to do about rows that fail a rule, whatever stands in them."""
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
    detail: str,
) -> Finding:
    rows = []
    for position, key, values in examples:
        part, number = divmod(position, PART)
        where = f"row {number + 1:,}" + (f" of {sources[part].shown}" if len(sources) > 1 else "")
        told = ": ".join(text for text in (shortened(key, _WIDTH) if key else "", values) if text)
        rows.append(f"{where} ({told})" if told else where)
    source = sources[examples[0][0] // PART]
    line = source.line_of(examples[0][0] % PART)
    return finding_about_rows(
        source, rule, columns, (count, outcome.rows), rows, line=line, advice=advice, detail=detail
    )


def finding_about_rows(
    source: Source,
    rule: Rule,
    columns: Sequence[Binding],
    counts: tuple[int, int],
    examples: Sequence[str],
    *,
    line: int = 1,
    advice: str | None = None,
    detail: str = "",
) -> Finding:
    """Return the finding that so many rows of so many fail a check of these columns, `examples` among them.

    `detail` says more about all of them.
    """
    column = columns[0] if columns else None
    names = ", ".join(f'"{column.source}"' for column in columns)
    summary = rule.summary[0].lower() + rule.summary[1:].rstrip(".")
    about = f" ({names}{_wanted(rule, column)})" if column else ""
    more = ", …" if counts[0] > len(examples) else ""
    told = f" ({detail})" if detail else ""
    message = f"{counts[0]:,} of {counts[1]:,} rows: {summary}{about}{told}: {', '.join(examples)}{more}"
    data = Data(failing=counts[0], rows=counts[1])
    if columns:
        data["columns"] = [column.source for column in columns]
    place = Place(line, 1, line, 1)
    return _finding(source, rule, Fault(place, message, advice or _general(rule, column), data=data))


def _finding(source: Source, rule: Rule, fault: Fault) -> Finding:
    place: Any = fault.at
    return finding_of(rule, fault, source.shown, place, remedy=fault.remedy or " ".join(rule.advice.split()))


def _values(check: Check, row: dict[str, Any]) -> str:
    """The values that a check looked at, as they stood in the file, and what the code list says; "" if there are none."""
    looked_at = {name: row.get(TEXT + name, row.get(name)) for name in sorted(check.columns - {ROW})}
    if all(value is None for value in looked_at.values()):
        return ""
    told = [f"{name} {_shown(value)}" for name, value in looked_at.items()]
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
