"""Rules between columns that a profile states as polars SQL expressions.

polars opens files and addresses while it parses some expressions: ``a IN (SELECT x FROM read_csv('…'))`` does. So a
tokenizer admits an expression before polars sees it. It knows column names, literals, comparison and arithmetic, and the
row-wise functions of `FUNCTIONS`; everything else is refused, with the word that was not admitted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import polars as pl


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTIONS = _words(
    """ABS CEIL FLOOR SIGN ROUND MOD LENGTH CHAR_LENGTH OCTET_LENGTH LOWER UPPER TRIM LTRIM RTRIM LEFT RIGHT SUBSTR
    STARTS_WITH ENDS_WITH REPLACE CONCAT COALESCE IFNULL NULLIF GREATEST LEAST DATE_PART REGEXP_LIKE TRY_CAST"""
)
"""The functions that an expression may call. STRPOS is not among them: polars reads what it looks for as a pattern."""
BEFORE_BRACKETS = _words("IN AND OR NOT WHEN THEN ELSE BETWEEN CASE")
"""Words that are not functions where a bracket follows them."""
KEYWORDS = BEFORE_BRACKETS | _words("IS NULL LIKE ILIKE END TRUE FALSE AS DATE")
TYPES = _words("TINYINT SMALLINT INT INTEGER BIGINT REAL FLOAT DOUBLE BOOLEAN VARCHAR TEXT STRING DATE")
"""The types of TRY_CAST."""
_WRITTEN_OUT = {
    "REGEXP_LIKE": (1, 2),
    "REPLACE": (1,),
    "ROUND": (1,),
    "LEFT": (1,),
    "RIGHT": (1,),
    "SUBSTR": (1, 2),
    "DATE_PART": (0,),
}
"""Arguments that must be written out, since a value from the data could end the run."""
_TOKEN = re.compile(
    r"""(?P<blank>\s+)
    |(?P<comment>--|/\*|\*/|\#)
    |(?P<text>'(?:[^']|'')*')
    |(?P<quoted>"(?:[^"]|"")+")
    |(?P<number>(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?(?![A-Za-z_]))
    |(?P<word>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<sign><>|!=|<=|>=|\|\||[-+*/%=<>(),])
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
LONGEST, DEEPEST = 2_000, 30
"""Characters of an expression, and brackets within brackets."""


class NotAdmitted(ValueError):
    """An expression has a part that is not admitted; the text says which."""


def admit(text: str, names: Mapping[str, Any], *, resolve: bool = True) -> pl.Expr:
    """Return an expression over the columns `names` (with their polars types). NotAdmitted if it is not one.

    It is resolved on an empty frame, where it must be Boolean; it never raises on data. Pass `resolve=False` for an
    expression that was resolved before.
    """
    return _admitted(text, tuple(names.items()), resolve)


@lru_cache(1024)
def _admitted(text: str, columns: tuple[tuple[str, Any], ...], resolve: bool) -> pl.Expr:
    names = dict(columns)
    _admit(text, names)
    try:
        expression = pl.sql_expr(text)
        if not resolve:
            return expression
        if not expression.meta.root_names():
            raise NotAdmitted("it names no column")
        empty = pl.DataFrame(schema=names)
        found = empty.lazy().select(expression.alias("row.right")).collect()
        # A text in the place of a truth value or a number ends the run at the first value, and not before.
        values = {
            name: [None, "x" if dtype == pl.String else pl.Series([1]).cast(dtype)[0]]
            for name, dtype in names.items()
        }
        pl.DataFrame(values, schema=names).select(expression.alias("row.right"))
    except NotAdmitted:
        raise
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, ValueError, TypeError) as error:
        first = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise NotAdmitted(f"it cannot be evaluated: {first}") from error
    if found.schema["row.right"] != pl.Boolean:
        raise NotAdmitted(f"it must be true or false for each row, and gives {found.schema['row.right']}")
    return expression


def _admit(text: str, names: Mapping[str, Any]) -> None:
    if len(text) > LONGEST:
        raise NotAdmitted(f"it has {len(text):,} characters; {LONGEST:,} are the most")
    tokens = [(m.lastgroup or "", m[0]) for m in _TOKEN.finditer(text) if m.lastgroup != "blank"]
    depth = 0
    calls: list[list[Any]] = []  # of each open bracket: function or None, number of the argument
    for place, (kind, token) in enumerate(tokens):
        after = tokens[place + 1] if place + 1 < len(tokens) else ("", "")
        if kind in ("comment", "other"):
            what = "comments are" if kind == "comment" else f'the sign "{token}" is'
            raise NotAdmitted(f"{what} not admitted")
        if kind == "quoted":
            name = token[1:-1].replace('""', '"')
            if name not in names or after[1] == "(":
                raise NotAdmitted(f'there is no column "{name}"')
        if kind == "word":
            _admit_word(token, after[1], names, in_cast=bool(calls) and calls[-1][0] == "TRY_CAST")
        if token == "(":
            depth += 1
            if depth > DEEPEST:
                raise NotAdmitted(f"brackets are nested more than {DEEPEST} deep")
            before = tokens[place - 1] if place else ("", "")
            function = before[1].upper() if before[0] == "word" and before[1].upper() in FUNCTIONS else None
            calls.append([function, 0])
            _admit_argument(calls[-1], tokens, place)
        elif token == ")":
            depth -= 1
            if not calls:
                raise NotAdmitted("a bracket is closed that was never opened")
            calls.pop()
        elif token == "," and calls:
            calls[-1][1] += 1
            _admit_argument(calls[-1], tokens, place)
        elif token.upper() in ("LIKE", "ILIKE") and kind == "word" and after[0] != "text":
            raise NotAdmitted(f"{token.upper()} needs a pattern written out in quotes")
    if calls:
        raise NotAdmitted("a bracket is never closed")


def _admit_word(token: str, after: str, names: Mapping[str, Any], *, in_cast: bool) -> None:
    upper = token.upper()
    if after == "(" and upper not in BEFORE_BRACKETS:
        if upper not in FUNCTIONS:
            raise NotAdmitted(
                f"the function {token} is not allowed; allowed are {', '.join(sorted(FUNCTIONS))}"
            )
        return
    if upper in KEYWORDS or (in_cast and upper in TYPES) or token in names:
        if token not in names and upper == "AS" and not in_cast:
            raise NotAdmitted("AS belongs in TRY_CAST only")
        return
    raise NotAdmitted(f'"{token}" is neither a column nor an admitted word')


def _admit_argument(call: list[Any], tokens: list[tuple[str, str]], place: int) -> None:
    """Refuse a column where an argument must be written out."""
    function, number = call
    if function is None or number not in _WRITTEN_OUT.get(function, ()):
        return
    first = tokens[place + 1] if place + 1 < len(tokens) else ("", "")
    second = tokens[place + 2] if place + 2 < len(tokens) else ("", "")
    if first[0] not in ("text", "number") or second[1] not in (",", ")"):
        raise NotAdmitted(f"argument {number + 1} of {function} must be written out")
