"""What libyaml says of a text that is not YAML, in people's words and with a remedy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from standoff.model.patterns import pattern
from standoff.model.places import Place
from standoff.source.raw_text import ReadFault

if TYPE_CHECKING:
    import yaml

NEXT_ENTRY = pattern(r"(?:- )?[a-z_0-9]+:(?: |$)|- ")
"""The beginning of a line with a key or with an item of a list."""

# libyaml's problem → whether the fault is where it began to read, what is wrong in people's words, and how to fix it.
_SYNTAX = {
    "mapping values are not allowed": (
        False,
        "there is a colon inside of a text here",
        'put the whole text in double quotes, or check the indentation if this is a "key: value" line',
    ),
    "could not find expected ':'": (True, "a key has no colon here", "write it as key: value"),
    "found unexpected end of stream": (
        True,
        "the quote that begins here does not end",
        'end it with the same sign; a " inside is written \\"',
    ),
    "did not find expected key": (
        False,
        "this does not continue what is before it",
        "look above it for a quote that does not end, or indent the line as its neighbours are",
    ),
    "did not find expected '-' indicator": (
        False,
        "wrong indentation: this is not below what it belongs to",
        "indent the line as its neighbours are",
    ),
    "did not find expected ',' or": (
        False,
        "the bracket before this does not end, or a comma is missing",
        "close it with ] or }, and put commas between the entries",
    ),
    "cannot start any token": (
        False,
        "a text cannot begin with this character",
        "put the whole text in double quotes",
    ),
    "unknown escape character": (
        False,
        "a backslash in double quotes begins an escape, and this is not a valid one",
        "write the backslash twice",
    ),
}


NO_BREAK = (
    "a no-break space (U+00A0) is in the indentation; it looks like a space but is not one",
    "delete the indentation of this line, and write it with the space bar",
)
NO_BLANK = ("no blank follows the colon of this key", "write a blank between the colon and the value")
_UNSPACED = pattern(r"(?:- )?[a-z_0-9]+:(?=[^\s:/])")
"""The beginning of a line with a key whose value follows its colon at once."""
_QUOTE_INSIDE = {
    '"': (
        "the double quote before this ends the text, and more of the line follows",
        'write \\" for each double quote inside of the text, or put single quotes around the whole text',
    ),
    "'": (
        "the single quote before this ends the text, and more of the line follows",
        "write it twice inside of the text (''), or put double quotes around the whole text",
    ),
}


def syntax_fault(error: yaml.MarkedYAMLError, text: str) -> ReadFault:
    """Return the fault that libyaml's error stands for, by what the text shows at its place or else by its problem."""
    at_start, message, remedy = next(
        (words for problem, words in _SYNTAX.items() if problem in (error.problem or "")),
        (
            False,
            " ".join(str(part) for part in ("this is not YAML:", error.context, error.problem) if part),
            'check the indentation, and put text that holds ": ", " #" or quotes in double quotes',
        ),
    )
    if error.context_mark and error.problem_mark and "flow" in (error.context or ""):
        # A bracket that does not end before the line of the next key: the fault is where it begins.
        lines = re.split(
            "\r\n|\r|\n", text
        )  # libyaml knows more line ends, and can name a line behind the last
        below = lines[error.problem_mark.line] if error.problem_mark.line < len(lines) else ""
        if error.context_mark.line < error.problem_mark.line and NEXT_ENTRY.match(below.strip(" \r")):
            at_start = True
            message, remedy = "the bracket that begins here does not end", "close it with ] or }"
    mark = (error.context_mark if at_start else None) or error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    written = "".join(re.split("\r\n|\r|\n", text)[line - 1 : line])  # libyaml knows more line ends
    before, rest = written[: column - 1].rstrip(), written[column - 1 :]
    if re.match(" *\u00a0", written):
        message, remedy = NO_BREAK
    elif glued := _key_without_blank(text, line, above="mapping values" in (error.problem or "")):
        line, column = glued
        message, remedy = NO_BLANK
    elif before and before[-1] in rest and before[-1] in _QUOTE_INSIDE:
        message, remedy = _QUOTE_INSIDE[before[-1]]
    lines = re.split("\r\n|\r|\n", text)
    if written.lstrip(" ").startswith("- ") and (first := _first_without_dash(lines, line - 1)):
        line, column = first + 1, len(lines[first]) - len(lines[first].lstrip(" ")) + 1
        message, remedy = (
            "a dash is missing: the list begins with a record without it",
            'write "- " before this key, two columns to the left',
        )
    above = "".join(lines[line - 2 : line - 1])
    if line > 1 and (dashes := re.match(" *- (- )", above)):
        line, column = line - 1, dashes.start(1) + 1
        message, remedy = "a second dash makes a list within the list", "delete it"
    return ReadFault("yaml-syntax", Place(line, column, line, column + 1), message, remedy)


def _key_without_blank(text: str, line: int, *, above: bool) -> tuple[int, int] | None:
    """Return line and column of a value that follows the colon of its key at once; look at the line above too if `above`."""
    lines = re.split("\r\n|\r|\n", text)
    for number in (line, line - 1)[: 1 + above]:
        written = "".join(lines[number - 1 : number]) if number > 0 else ""
        if found := _UNSPACED.match(written.lstrip(" ")):
            return number, len(written) - len(written.lstrip(" ")) + found.end() + 1
    return None


def _first_without_dash(lines: list[str], item: int) -> int | None:
    """Return the index of the first line of a list whose first record lost its dash; None if line `item` shows no such list.

    `item` is the line of a later record, which begins with a dash. The list begins below the last key that has no indent.
    """
    heading = next((i for i in range(item - 1, -1, -1) if re.match("[a-z_]+:", lines[i])), None)
    if heading is None or not re.fullmatch("[a-z_]+: *(#.*)?", lines[heading]):
        return None
    first = next(
        (
            i
            for i in range(heading + 1, item)
            if lines[i].strip(" ") and not lines[i].lstrip(" ").startswith("#")
        ),
        None,
    )
    if first is None or not re.match(" +[a-z_]+:( |$)", lines[first]):
        return None
    return first
