"""A folder with `scheme.toml` and its CSV lists → a scheme, together with everything that is wrong in it.

A scheme that `extends` another starts from that one's codes, scales and lists, and adds to them. A cell that says
what a code requires may be empty: the code then requires what its parent requires.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from standoff.codes.scheme import Action, CodeList, Scale, Scheme, Tree
from standoff.model.classes import dataclass, field, replace

SCHEME = "scheme.toml"
TRUE_WORDS = {"actor": "required", "target": "required", "reciprocal": "true", "speech": "true"}
"""The columns that say what a code requires, each with its word for yes."""
ALWAYS = "always"
"""The word of the column `reciprocal` for an act that two parties can only do together."""
FALSE_WORDS = {"actor": "optional", "target": "optional", "reciprocal": "false", "speech": "false"}
ELEMENT = re.compile("[A-Z0-9]{3}")
"""An element of an actor code."""


class Row(NamedTuple):
    """One row of a list: the line on which it begins, and its cells by column, empty ones None."""

    line: int
    cells: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a scheme. `kind` is the rule that reports it, `file` the file in the scheme's folder.

    `line` is the line of a list, None for the list as a whole. `path` is the place in `scheme.toml`.
    """

    kind: str
    file: str
    message: str
    remedy: str
    line: int | None = None
    path: tuple[str | int, ...] = ()


@dataclass
class _Reader:
    """Reads the lists of one scheme and collects what is wrong in them."""

    text_of: Callable[[str], str | None]
    problems: list[Problem] = field(default_factory=list)

    def report(self, kind: str, file: str, message: str, remedy: str, line: int | None = None) -> None:
        self.problems.append(Problem(kind, file, message, remedy, line))

    def in_scheme(self, message: str, remedy: str, *path: str | int) -> None:
        self.problems.append(Problem("scheme-inconsistent", SCHEME, message, remedy, None, path))

    def malformed(self, file: str, message: str, remedy: str, line: int | None = None) -> None:
        self.report("code-list-malformed", file, message, remedy, line)

    def rows(self, file: str, needed: Iterable[str], *path: str | int) -> list[Row]:
        """Return the rows of a list that have the right number of cells; `path` names the list in `scheme.toml`."""
        text = self.text_of(file)
        if text is None:
            self.in_scheme(
                f'the list "{file}" is missing', f"add {file} beside {SCHEME}, or correct its name", *path
            )
            return []
        try:
            header, *records = _records(text) or [(1, [])]
        except csv.Error as error:
            self.malformed(file, f"the file is not CSV: {error}", "write one code to a line, with commas")
            return []
        names = header[1]
        if missing := [name for name in needed if name not in names]:
            there = ", ".join(names) or "none"
            self.malformed(
                file, f"there is no column {', '.join(missing)}; there are: {there}", "add the column", 1
            )
            return []
        rows = []
        for line, cells in records:
            if len(cells) == len(names):
                rows.append(Row(line, dict(zip(names, [cell or None for cell in cells], strict=True))))
            else:
                message = f"the row has {len(cells)} cells and the header {len(names)}"
                self.malformed(file, message, "write one cell for each column; quote text with commas", line)
        return rows


def _records(text: str) -> list[tuple[int, list[str]]]:
    """Return the records of a CSV text that are not blank, each with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found, line = [], 1
    for cells in reader:
        if cells:
            found.append((line, cells))
        line = reader.line_num + 1
    return found


def read(
    stated: Mapping[str, Any], text_of: Callable[[str], str | None], base: Scheme | None = None
) -> tuple[Scheme | None, list[Problem]]:
    """Return a scheme and what is wrong in it; None where its actions form no tree.

    `stated` is the value of `scheme.toml`, of the right form. `text_of` gives the text of a list in the same folder,
    None where there is none. `base` is the scheme that this one extends.
    """
    reader = _Reader(text_of)
    start = base or Scheme("", "", Tree(()))
    own = [Scale(**entry) for entry in stated.get("scales", ())]
    scales = {**start.scales, **{scale.name: scale for scale in own}}
    default = stated.get("default_scale", start.default_scale)
    if default is not None and default not in scales:
        known = ", ".join(scales) or "there are none"
        message = f'the default scale "{default}" is not one of the scales: {known}'
        reader.in_scheme(message, "name one of them, or describe it under [[scales]]", "default_scale")
    pattern = stated.get("pattern", start.pattern)
    if not _compiles(pattern):
        reader.in_scheme(f"the pattern {pattern} is not a regular expression", "correct it", "pattern")
        pattern = None
    quad = stated.get("quad_class", {})
    classes = {int(number): name for number, name in quad.get("values", {}).items()}
    crosswalks = {entry["scheme"]: entry["columns"] for entry in stated.get("crosswalks", ())}
    contexts = start.contexts
    if "contexts" in stated:
        rows = reader.rows(stated["contexts"], ("code", "label"), "contexts")
        contexts = CodeList("contexts", "contexts", {str(row.cells["code"]): row.cells for row in rows})
    scheme = replace(
        start,
        **{key: stated[key] for key in ("code_name", "code_form", "note_for_empty_target") if key in stated},
        name=stated["name"],
        title=stated["title"],
        pattern=pattern,
        source=stated.get("source"),
        scales=scales,
        default_scale=default,
        quad_class_scheme=quad.get("scheme", start.quad_class_scheme),
        quad_class_values=classes or start.quad_class_values,
        crosswalks={**start.crosswalks, **crosswalks},
        actor_lists=_actor_lists(stated, start, reader),
        contexts=contexts,
        actor_kinds={
            **start.actor_kinds,
            **{kind: tuple(of) for kind, of in stated.get("actor_kinds", {}).items()},
        },
        file=stated.get("actions", start.file),
        extends=stated.get("extends"),
    )
    if "actions" in stated:
        rows = reader.rows(
            scheme.file, ["code", "label", "parent", *(scale.column for scale in own)], "actions"
        )
        found = _Actions(scheme, rows, quad.get("column", "quad_class"), reader)
        scheme = replace(scheme, actions=Tree(found.all()))
    if not scheme.actions:
        reader.in_scheme(
            "the scheme has no actions", "name a list under `actions`, or a scheme under `extends`"
        )
        return None, reader.problems
    return scheme, reader.problems


def _compiles(pattern: str | None) -> bool:
    try:
        re.compile(pattern or "")
    except re.error:
        return False
    return True


def _actor_lists(stated: Mapping[str, Any], start: Scheme, reader: _Reader) -> dict[str, CodeList]:
    lists = dict(start.actor_lists)
    owner = {code: name for name, codes in lists.items() for code in codes}
    for i, entry in enumerate(stated.get("actor_lists", ())):
        name, file, label = entry["name"], entry["file"], entry.get("label", "label")
        extended = lists.get(name, CodeList(name, name, {}, kind=name))
        rows = dict(extended.rows)
        for line, cells in reader.rows(file, ("code", label), "actor_lists", i, "file"):
            code = cells["code"] or ""
            if not ELEMENT.fullmatch(code):
                message = f'"{code}" is not three capital letters or digits'
                reader.malformed(file, message, "write an element of three characters, such as GOV", line)
            elif code in owner:
                message = f'the code "{code}" is already in the list "{owner[code]}"'
                reader.report("code-repeated", file, message, "delete it here, or choose another code", line)
            elif not cells[label]:
                message = f'"{code}" has no {label}'
                reader.malformed(file, message, "write its name, as messages show it", line)
            elif (number := cells.get("cow_code")) and not number.isdecimal():
                message = f'cow_code of "{code}" is "{number}"'
                reader.malformed(file, message, "write a whole number, or leave it empty", line)
            else:
                owner[code] = name
                rows[code] = cells
        lists[name] = CodeList(
            name,
            entry.get("title", extended.title),
            rows,
            label,
            entry.get("countries", extended.countries),
            entry.get("kind", extended.kind),
            file,
        )
    return lists


@dataclass
class _Actions:
    """The actions of a list, added to those of the scheme that is extended; what is wrong with a row leaves it out."""

    scheme: Scheme
    rows: list[Row]
    quad_column: str
    reader: _Reader

    def __post_init__(self) -> None:
        self.crosswalk_columns = [
            name for names in self.scheme.crosswalks.values() for name in names.values()
        ]

    def all(self) -> list[Action]:
        actions = dict(self.scheme.actions)
        by_code = dict(self._sound())
        for code in self._parents_first(by_code):
            row = by_code[code]
            actions[code] = self._action(row, actions.get(row.cells["parent"] or ""))
        for code, row in by_code.items():
            other = row.cells.get("counterpart")
            if other and other not in actions:
                message = f'the counterpart "{other}" of "{code}" is not in the list'
                self.report("code-parent-unknown", message, "add it, or correct the code", row)
        listed = [*self.scheme.actions, *(code for code in by_code if code in actions)]
        return [actions[code] for code in listed]

    def report(self, kind: str, message: str, remedy: str, row: Row) -> None:
        self.reader.report(kind, self.scheme.file, message, remedy, row.line)

    def _sound(self) -> Iterator[tuple[str, Row]]:
        """Yield each code of the right form, once, with its row."""
        lines: dict[str, int] = {}
        for row in self.rows:
            code = row.cells["code"] or ""
            if not code or (self.scheme.pattern and not re.fullmatch(self.scheme.pattern, code)):
                remedy = f"write {self.scheme.code_form}, or correct `pattern` in {SCHEME}"
                self.report("code-list-malformed", f'"{code}" is not a code of this scheme', remedy, row)
            elif not row.cells["label"]:
                self.report(
                    "code-list-malformed",
                    f'"{code}" has no label',
                    "write its name, as messages show it",
                    row,
                )
            elif code in lines or code in self.scheme.actions:
                where = f"on line {lines[code]}" if code in lines else "in the scheme that this one extends"
                message = f'the code "{code}" is already {where}'
                self.report("code-repeated", message, "delete one of the two, or choose another code", row)
            else:
                lines[code] = row.line
                yield code, row

    def _parents_first(self, by_code: Mapping[str, Row]) -> list[str]:
        """Order the codes so that each follows its parent; leave out those below a missing parent or in a cycle."""
        known, ordered = self.scheme.actions, dict[str, None]()
        left_out: set[str] = set()
        for start in by_code:
            path: dict[str, None] = {}
            code = start
            while (
                code and code not in path and code in by_code and code not in ordered and code not in left_out
            ):
                path[code] = None
                code = by_code[code].cells["parent"] or ""
            if code == "" or code in ordered or code in known:
                ordered |= dict.fromkeys(reversed(path))
                continue
            if code in path:
                circle = [*list(path)[list(path).index(code) :], code]
                message = f"the parents form a cycle: {' → '.join(circle)}"
                self.report("code-cycle", message, "correct one of these parents", by_code[code])
            elif code not in left_out:
                below = list(path)[-1]
                message = f'the parent "{code}" of "{below}" is not in the list'
                self.report(
                    "code-parent-unknown", message, "add the parent, or correct the code", by_code[below]
                )
            left_out |= set(path)
        return list(ordered)

    def _action(self, row: Row, parent: Action | None) -> Action:
        cells = row.cells
        inherited = {
            "actor": parent.actor_required if parent else True,
            "target": parent.target_required if parent else True,
            "reciprocal": parent.reciprocal if parent else False,
            "speech": parent.speech if parent else False,
        }
        flags = {
            column: default if (word := cells.get(column)) is None else self._flag(row, column, word)
            for column, default in inherited.items()
        }
        quad = self._number(row, self.quad_column)
        if quad is not None and self.scheme.quad_class_values and quad not in self.scheme.quad_class_values:
            allowed = ", ".join(map(str, self.scheme.quad_class_values))
            message = f'{self.quad_column} of "{cells["code"]}" is {quad:g}'
            self.report("code-list-malformed", message, f"write one of {allowed}", row)
        inherited_quad = parent.quad_class if parent else None
        return Action(
            code=cells["code"] or "",
            label=cells["label"] or "",
            parent=cells["parent"],
            root=parent.root if parent else cells["code"] or "",
            level=parent.level + 1 if parent else 1,
            definition=cells.get("definition") or "",
            usage=cells.get("usage") or "",
            actor_required=flags["actor"],
            target_required=flags["target"],
            reciprocal=flags["reciprocal"],
            joint=cells["reciprocal"] == ALWAYS if cells.get("reciprocal") else bool(parent and parent.joint),
            speech=flags["speech"],
            counterpart=cells.get("counterpart"),
            quad_class=inherited_quad if quad is None else int(quad),
            scales={s.name: self._number(row, s.column, s) for s in self.scheme.scales.values()},
            crosswalk={name: cells.get(name) for name in self.crosswalk_columns},
            columns=cells,
        )

    def _flag(self, row: Row, column: str, word: str) -> bool:
        yes, no = TRUE_WORDS[column], FALSE_WORDS[column]
        allowed = (yes, no, ALWAYS) if column == "reciprocal" else (yes, no)
        if word not in allowed:
            message = f'{column} of "{row.cells["code"]}" is "{word}"'
            remedy = f"write {' or '.join(allowed)}, or leave it empty to follow the parent"
            self.report("code-list-malformed", message, remedy, row)
        return word in (yes, ALWAYS)

    def _number(self, row: Row, column: str, scale: Scale | None = None) -> float | None:
        if (text := row.cells.get(column)) is None:
            return None
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        low = scale.minimum if scale and scale.minimum is not None else -math.inf
        high = scale.maximum if scale and scale.maximum is not None else math.inf
        if math.isfinite(value) and low <= value <= high:
            return value
        bounds = f" from {low:g} to {high:g}" if math.isfinite(low) and math.isfinite(high) else ""
        message = f'{column} of "{row.cells["code"]}" is "{text}"'
        self.report("code-list-malformed", message, f"write a number{bounds}", row)
        return None
