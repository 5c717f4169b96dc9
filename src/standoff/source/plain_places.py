"""Places of values and keys in a text in the plain form (`plain_form`), found without a YAML parser.

They are those of `strict_yaml.places`; a test compares the two. Lines are taken apart at once, the brackets on a
line only when a place inside them is asked for.
"""

from __future__ import annotations

from standoff.model.classes import dataclass, field
from standoff.model.places import Path, Place
from standoff.source.plain_form import LINE, PIECE
from standoff.source.strict_yaml import Places


@dataclass
class PlainPlaces(Places):
    """Places in a text in the plain form."""

    closed: dict[Path, tuple[str, int, int]] = field(default_factory=dict)
    """Values in brackets that were not taken apart yet: their line, its number, and where they begin in it."""

    def of(self, path: Path, *, key: bool = False) -> Place:
        for length in range(len(path) + 1 if self.closed else 0):
            if (written := self.closed.pop(path[:length], None)) is not None:
                self._open(path[:length], *written)
        return super().of(path, key=key)

    def _open(self, path: Path, line: str, number: int, at: int) -> None:
        """Note the places inside the brackets of one line."""
        around: list[tuple[Path, int]] = []  # the brackets that are open: their paths and columns
        entries: list[int | None] = []  # the number of the entry that is read in each; None inside braces
        for match in PIECE.finditer(line, at):
            key, sign, _ = match.groups()
            column = match.start() + 1
            if key:
                path = (*around[-1][0], key[:-2])
                self.keys[path] = Place(number, column, number, column + len(key) - 2)
            elif sign == ", ":
                if (entry := entries[-1]) is not None:
                    entries[-1] = entry + 1
                    path = (*around[-1][0], entry + 1)
            elif sign in ("[", "{"):
                around.append((path, column))
                entries.append(0 if sign == "[" else None)
                path = (*path, 0) if sign == "[" else path
            else:
                if sign in ("]", "}"):
                    entries.pop()
                    path, column = around.pop()
                self.values[path] = Place(number, column, number, match.end() + 1)


def places(text: str) -> PlainPlaces:
    """Return the places of all values and keys of a text in the plain form."""
    found = PlainPlaces()
    around: list[tuple[int, Path, Place]] = []  # the values that the line is in: indent, path, and first sign
    entries: dict[Path, int] = {}  # how many entries of each list were read
    path: Path = ()
    lines = text.split("\n")

    def close(indent: int, number: int) -> None:
        """Note the places of values that end before the sign in this line and behind this indent."""
        while around and around[-1][0] > indent:
            _, ended, first = around.pop()
            found.values[ended] = Place(first.line, first.column, number, max(indent, 0) + 1)

    for number, line in enumerate(lines, start=1):
        match = None if line.lstrip(" ").startswith("#") else LINE.match(line)
        if match is None:  # a comment, or behind the last line
            continue
        blanks, dash, key, beside, alone = match.groups()
        indent = len(blanks)
        close(indent, number)
        if not around or around[-1][0] < indent:
            around.append((indent, path, Place(number, indent + 1, number, indent + 1)))
        path = around[-1][1]
        if dash:
            entries[path] = entries.get(path, -1) + 1
            path = (*path, entries[path])
            if key:
                indent += 2
                around.append((indent, path, Place(number, indent + 1, number, indent + 1)))
        if key:
            path = (*path, key)
            found.keys[path] = Place(number, indent + 1, number, indent + 1 + len(key))
        if value := beside or alone:
            at = len(line) - len(value)
            found.values[path] = Place(number, at + 1, number, len(line) + 1)
            if value[0] in "[{":
                found.closed[path] = line, number, at
    close(-1, len(lines))
    return found
