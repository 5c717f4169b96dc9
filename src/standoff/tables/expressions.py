"""Conditions between columns, written in polars SQL: admitted by a tokenizer, then made into polars expressions.

polars reads files while it parses a query, so an expression is tokenized before polars sees it. Only the words,
functions and signs listed here pass, beside the columns of the profile, numbers and quoted text. There is no way to
write a query, and nothing that is admitted can raise on data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

MAX_LENGTH = 2000
"""Longest expression, in characters."""
MAX_DEPTH = 40
"""Deepest nesting of parentheses."""
WORDS = frozenset(
    [
        "AND",
        "OR",
        "NOT",
        "IN",
        "IS",
        "NULL",
        "TRUE",
        "FALSE",
        "BETWEEN",
        "LIKE",
        "ILIKE",
        "CASE",
        "WHEN",
        "THEN",
        "ELSE",
        "END",
        "DISTINCT",
        "AS",
        "DATE",
    ]
)
TYPES = frozenset(["INT", "INTEGER", "BIGINT", "DOUBLE", "VARCHAR", "TEXT", "BOOLEAN"])
"""Types that TRY_CAST may name, besides DATE."""
FUNCTIONS = frozenset(
    [
        "ABS",
        "CEIL",
        "FLOOR",
        "ROUND",
        "SIGN",
        "MOD",
        "LEAST",
        "GREATEST",
        "COALESCE",
        "NULLIF",
        "IFNULL",
        "LENGTH",
        "OCTET_LENGTH",
        "LOWER",
        "UPPER",
        "LTRIM",
        "RTRIM",
        "LEFT",
        "RIGHT",
        "SUBSTR",
        "STARTS_WITH",
        "ENDS_WITH",
        "STRPOS",
        "REPLACE",
        "REVERSE",
        "CONCAT",
        "DATE_PART",
        "TRY_CAST",
    ]
)
"""Functions of one row. None of them reads a file, a clock or another row, and none raises on a value."""
REFUSED = frozenset(
    [
        "SELECT",
        "FROM",
        "WITH",
        "VALUES",
        "TABLE",
        "EXISTS",
        "OVER",
        "CAST",
        "UNION",
        "INTERSECT",
        "EXCEPT",
        "JOIN",
        "GROUP",
        "ORDER",
        "WHERE",
        "HAVING",
        "LIMIT",
        "CURRENT_DATE",
        "CURRENT_TIME",
        "CURRENT_TIMESTAMP",
        "EXTRACT",
        "ANY",
        "ALL",
        "SOME",
        "INTERVAL",
        "ARRAY",
    ]
)
"""Words that are never columns, unless they are written in double quotes."""

_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    |(?P<word>[A-Za-z_]\w*)
    |(?P<text>'(?:[^'\\]|'')*')
    |(?P<name>"[^"\\]*")
    |(?P<sign><>|<=|>=|!=|\|\||[=<>+\-*/%(),])""",
    re.VERBOSE | re.ASCII,
)


class ExpressionError(ValueError):
    """An expression that is not admitted, with what is wrong in it and what is allowed."""


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number, text, name or sign of an expression, and where it begins."""

    kind: str
    text: str
    at: int

    @property
    def word(self) -> str:
        """The word in capitals; "" for anything else."""
        return self.text.upper() if self.kind == "word" else ""


def tokens(expression: str) -> list[Token]:
    """Return the tokens of an expression, without white space. ExpressionError where a character begins none."""
    if len(expression) > MAX_LENGTH:
        raise ExpressionError(f"the expression is longer than {MAX_LENGTH} characters")
    found, at = [], 0
    while at < len(expression):
        match = _TOKEN.match(expression, at)
        if match is None or expression[at : at + 2] in ("--", "/*"):
            shown = expression[at : at + 2] if match else expression[at]
            raise ExpressionError(f'"{shown}" at character {at + 1} is not allowed in an expression')
        if match.lastgroup != "space":
            found.append(Token(str(match.lastgroup), match.group(), at))
        at = match.end()
    if not found:
        raise ExpressionError("the expression is empty")
    return found


def admit(expression: str, columns: Mapping[str, Any]) -> frozenset[str]:
    """Return the columns that an expression reads. ExpressionError unless every token of it is allowed."""
    listed = tokens(expression)
    depth, read = 0, set()
    for i, token in enumerate(listed):
        following = listed[i + 1] if i + 1 < len(listed) else None
        called = following is not None and following.text == "("
        if token.text in "()":
            depth += 1 if token.text == "(" else -1
            if not 0 <= depth <= MAX_DEPTH:
                raise ExpressionError(
                    "the parentheses do not match" if depth < 0 else "parentheses are nested too deeply"
                )
        elif token.kind == "name" or (token.word and _is_column(token, columns, called)):
            name = token.text.strip('"')
            if name not in columns:
                raise ExpressionError(_unknown(name, columns))
            if called:
                raise ExpressionError(f'"{name}" is a column and cannot be called')
            read.add(name)
        elif token.word:
            _admit_word(token, called, following, columns)
    if depth:
        raise ExpressionError("the parentheses do not match")
    return frozenset(read)


def _is_column(token: Token, columns: Mapping[str, Any], called: bool) -> bool:
    return token.text in columns and token.word not in REFUSED | (WORDS - {"DATE"}) and not called


def _admit_word(token: Token, called: bool, following: Token | None, columns: Mapping[str, Any]) -> None:
    word = token.word
    if word in REFUSED:
        raise ExpressionError(f"{word} is not allowed: an expression reads one row and nothing else")
    if word in ("LIKE", "ILIKE", "DATE") and not called and (following is None or following.kind != "text"):
        if word != "DATE":
            raise ExpressionError(f"{word} needs a text in single quotes after it")
        return  # the type DATE of TRY_CAST
    if word in FUNCTIONS and called:
        return
    if word in WORDS or (word in TYPES and not called):
        return
    if called:
        near = get_close_matches(word, FUNCTIONS, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ExpressionError(
            f"the function {word} is not allowed; allowed are {', '.join(sorted(FUNCTIONS))}{hint}"
        )
    raise ExpressionError(_unknown(token.text, columns))


def _unknown(name: str, columns: Mapping[str, Any]) -> str:
    near = get_close_matches(name, list(columns), n=1)
    hint = f'; did you mean "{near[0]}"?' if near else f": there are {', '.join(columns)}"
    return f'there is no column "{name}"{hint}'


def parsed(expression: str, columns: Mapping[str, Any]) -> pl.Expr:
    """Return the polars expression. ExpressionError if it is not admitted, or is not SQL."""
    import polars as pl

    admit(expression, columns)
    try:
        return pl.sql_expr(expression)
    except pl.exceptions.PolarsError as error:
        raise ExpressionError(f"polars cannot read the expression: {str(error).splitlines()[0]}") from error


def compiled(expression: str, columns: Mapping[str, Any]) -> pl.Expr:
    """Return the polars expression; `columns` are polars types by name. ExpressionError if it is not right.

    It must be Boolean. It is tried on rows without values and with plain values of each type.
    """
    import polars as pl

    made = parsed(expression, columns)
    try:
        frame = pl.DataFrame(
            {name: [None, *_samples(kind)] for name, kind in columns.items()}, schema=dict(columns)
        )
        kind = frame.lazy().select(made).collect().dtypes[0]
    except (pl.exceptions.PolarsError, ValueError, TypeError) as error:
        raise ExpressionError(f"polars cannot read the expression: {str(error).splitlines()[0]}") from error
    if kind != pl.Boolean:
        raise ExpressionError(f"the expression gives {kind}, not true or false")
    return made


def _samples(kind: Any) -> Iterator[Any]:
    from datetime import UTC, date, datetime

    import polars as pl

    sample = {pl.String: "x", pl.Boolean: True, pl.Date: date(2020, 1, 1)}.get(kind)
    if sample is None:
        sample = datetime(2020, 1, 1, tzinfo=UTC) if isinstance(kind, pl.Datetime) else 1
    yield sample
