"""Text as a terminal shows it: control characters escaped, widths in cells, colours."""

from __future__ import annotations

import unicodedata


def count(number: int, noun: str) -> str:
    """Return a number with its noun, such as "1 file" and "1,200 files"."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def printable(text: str) -> str:
    """Return `text` with every control, format and bidirectional character shown as an escape.

    What a stranger wrote must not move the reader's cursor, nor show other words than it holds.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char
        if char in " \u200d" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
        else ("→" if char == "\t" else f"\\u{ord(char):04x}")
        for char in text
    )


def width(text: str) -> int:
    """Return how many cells of a terminal `text` takes: two for wide characters, none for combining ones."""
    return sum(
        0
        if char == "\u200d" or unicodedata.category(char) in ("Mn", "Me")
        else 2
        if unicodedata.east_asian_width(char) in "WF"
        else 1
        for char in text
    )


def paint(text: str, code: str, colour: bool) -> str:
    """Return `text` in a colour of the terminal (an SGR code), or as it is."""
    return f"\x1b[{code}m{text}\x1b[0m" if colour and code else text
