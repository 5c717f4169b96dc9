"""What is wrong with a profile file: what its JSON Schema refuses, and what contradicts itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from math import isnan
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

from standoff import schema
from standoff.bulk.values import converted
from standoff.rules.catalogue import all_rules
from standoff.rules.checks import readable
from standoff.rules.column import pattern_mismatch
from standoff.rules.expressions import NotAdmitted, admit
from standoff.rules.rule import TABLE_SCOPES
from standoff.rules.table import KINDS
from standoff.source.form import violations
from standoff.tables import Kind
from standoff.tables.profiles import Binding


def faults_of_form(value: dict[str, Any]) -> Iterator[str]:
    """Yield what the JSON Schema refuses; of an unknown field the name that is nearest."""
    if not violations("profile", value):
        return
    from jsonschema import Draft202012Validator

    errors = Draft202012Validator(schema.json_schema("profile")).iter_errors(value)
    placed = ((".".join(map(str, e.absolute_path)) or "at the top", e) for e in errors)
    for place, error in sorted(placed, key=lambda pair: (pair[0], pair[1].message)):
        message = error.message
        if error.validator == "additionalProperties" and isinstance(error.instance, dict):
            known = list(error.schema.get("properties", ()))
            near = [
                f'"{name}" may be meant as "{match[0]}"'
                for name in error.instance
                if name not in known and (match := get_close_matches(name, known, n=1))
            ]
            message = "; ".join([message, *near])
        yield f"{place}: {message}"


def contradictions(value: dict[str, Any], columns: list[Binding]) -> list[str]:
    """What a JSON Schema cannot say: names that repeat or lead nowhere, values that are not of their column's kind."""
    faults = []
    for what, names in (
        ("name", [column.name for column in columns]),
        ("source", [name for c in columns for name in (*c.sources, *c.aliases)]),
        ("check", [check["name"] for check in value.get("checks", ())]),
    ):
        faults += [
            f'columns: {what} "{n}" occurs more than once'
            for n in sorted({n for n in names if names.count(n) > 1})
        ]
    known = {column.name for column in columns}
    faults += [f'key: there is no column "{name}"' for name in value.get("key", ()) if name not in known]
    rules = all_rules()
    codes = {code for code, rule in rules.items() if rule.scope in (*TABLE_SCOPES, "summary")}
    faults += [
        f'checks: "{check["name"]}" is one of our rules: choose another name'
        for check in value.get("checks", ())
        if check["name"] in rules
    ]
    codes |= {check["name"] for check in value.get("checks", ())}
    faults += _faults_of_order(value.get("checks", ()), codes)
    faults += [
        f'skip: there is no rule "{code}" about tables' for code in value.get("skip", ()) if code not in codes
    ]
    for column in columns:
        faults += [f'columns: "{column.name}": {fault}' for fault in _faults_of(column)]
    if not faults:
        faults += list(_faults_of_checks(value, columns))
    return faults


def _faults_of_order(checks: Sequence[dict[str, Any]], codes: Collection[str]) -> Iterator[str]:
    """Yield which checks require what there is not, or each other: then a row that fails both would not be reported."""
    for check in checks:
        for name in check.get("requires", ()):
            if name not in codes:
                yield f'checks: "{check["name"]}" requires "{name}", which is no rule about tables and no check'
    try:
        TopologicalSorter({check["name"]: check.get("requires", ()) for check in checks}).prepare()
    except CycleError as error:
        yield f"checks: these require each other: {', '.join(error.args[1][:-1])}"


def _faults_of_checks(value: dict[str, Any], columns: list[Binding]) -> Iterator[str]:
    if not value.get("checks"):
        return
    names = readable(columns)
    for check in value["checks"]:
        try:
            admit(check["expression"], names)
        except NotAdmitted as error:
            yield f'checks: "{check["name"]}": {error}'


def _faults_of(column: Binding) -> Iterator[str]:
    """Yield the faults of the profile (not of the data) that would end the run or make a rule give a wrong result."""
    kind, family = column.kind, _family(column.kind)
    expected = KINDS.get(column.name, kind)
    if family != _family(expected):
        yield f'our rules take a column of this name for {expected}: give it type = "{expected}" or another name'
    bounds = [bound for bound in (column.minimum, column.maximum) if bound is not None]
    if bounds and not (kind.numeric or kind.temporal):
        yield "minimum and maximum are for numbers, dates and moments"
    if kind is Kind.DATETIME and not all(isinstance(bound, str) and _is_moment(bound) for bound in bounds):
        yield 'the bounds of a moment are written "2015-02-18T00:00:00Z"'
    if family == "date" and not all(isinstance(bound, str) and _is_day(bound) for bound in bounds):
        yield 'the bounds of a date are written "1979-01-01"'
    if family == "number" and any(isinstance(bound, str) or isnan(bound) for bound in bounds):
        yield "the bounds of a number are numbers"
    if column.between and (family != "string" or not column.values):
        yield "a list is for text with values or codes"
    if column.facts and (family != "string" or column.name == "action"):
        yield "facts are for text, and for other columns than action"
    if column.facts and len(set(column.facts[0][1])) < len(column.facts[0][1]):
        yield "facts: the list has a code more than once"
    if column.values and family not in ("string", "number"):
        yield "a list of values is for text and numbers"
    elif any(isinstance(value, str) != (family == "string") for value in column.values):
        yield f"the values of {kind} columns are {'text' if family == 'string' else 'numbers'}"
    elif kind.startswith("int") and not all(isinstance(value, int) for value in column.values):
        yield f"the values of {kind} columns are whole numbers"
    for form in column.formats if kind.temporal else ():
        if not _reads(form, column):
            yield f'no {kind} can be read in the form "{form}": write it with %Y, %m and %d, or the like'
    if column.parts and kind is not Kind.DATE:
        yield "parts are the year, month and day of a column of type date"
    if not _is_zone(column.zone):
        yield f'there is no time zone "{column.zone}"'
    if column.pattern and family != "string":
        yield "a pattern is for text"
    elif column.pattern and not _compiles(column):
        yield f"{column.pattern} is not a regular expression (look-around is not supported)"


def _family(kind: str) -> str:
    """Types that can be compared with each other."""
    return "number" if kind.startswith(("int", "float")) else kind


def _compiles(column: Binding) -> bool:
    """Whether the pattern is one in the form in which the rule asks it, of the whole value."""
    asked = pattern_mismatch(column)
    try:
        pl.LazyFrame(schema={column.name: pl.String}).select(asked).collect()
    except pl.exceptions.PolarsError:
        return False
    return True


def _reads(form: str, binding: Binding) -> bool:
    """Whether days or moments that are written in this form are read again."""
    moment = datetime(2020, 12, 31, 23, 30, tzinfo=UTC)
    if form == "iso":
        return binding.kind is Kind.DATETIME
    try:
        text = moment.strftime(form.replace("%:z", "%z"))
        value = converted(pl.col("text"), pl.String(), replace(binding, formats=(form,), zone="UTC"))
        read = pl.DataFrame({"text": [text]}).select(value.alias("value")).item()
    except (ValueError, pl.exceptions.PolarsError):
        return False
    return read is not None and (binding.kind is Kind.DATETIME or read == moment.date())


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _is_moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_day(text: str) -> bool:
    """Whether a text is a day in the one form that the rule about bounds reads; 19790101 and weeks are others."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
