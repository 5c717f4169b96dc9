"""A folder with `scheme.toml` and its CSV lists → a scheme, together with everything that is wrong in it.

A scheme that `extends` another starts from that one's codes, scales and lists, and adds to them. A cell that says
what a code requires may be empty: the code then requires what its parent requires.
"""

from __future__ import annotations

import csv
import io
import math
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from standoff.codes.scheme import Action, CodeList, Scale, Scheme, Tree

SCHEME = "scheme.toml"
FLAGS = {
    "actor": {"required": True, "optional": False},
    "target": {"required": True, "optional": False},
    "reciprocal": {"true": True, "false": False},
    "speech": {"true": True, "false": False},
}
"""Columns that say what a code requires, and their words. An empty cell takes the parent's word."""
_DEFAULTS = {"actor": "required", "target": "required", "reciprocal": "false", "speech": "false"}

Row = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a scheme: in which file of its folder, in which row and column of a list, and what to do.

    `row` counts the rows of a list from 0, without its header; None is the file as a whole. `path` is the place
    in `scheme.toml`.
    """

    kind: str
    file: str
    message: str
    remedy: str
    row: int | None = None
    column: str | None = None
    path: tuple[str | int, ...] = ()


@dataclass
class _Reader:
    text_of: Callable[[str], str | None]
    problems: list[Problem] = field(default_factory=list)

    def report(self, kind: str, file: str, message: str, remedy: str, **place: Any) -> None:
        self.problems.append(Problem(kind, file, message, remedy, **place))

    def rows(self, file: str, needed: Iterable[str], path: tuple[str | int, ...]) -> list[Row]:
        """Return the rows of a list; empty cells are None. What is wrong with the file or its shape is reported."""
        text = self.text_of(file)
        if text is None:
            self.report(
                "code-list-missing",
                SCHEME,
                f'the list "{file}" is not in the folder',
                f"add {file} beside {SCHEME}, or correct its name",
                path=path,
            )
            return []
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        try:
            found = list(reader)
        except csv.Error as error:
            self.report(
                "code-list-malformed",
                file,
                f"the file is not CSV: {error}",
                "write one code in a line, with commas",
            )
            return []
        names = reader.fieldnames or []
        missing = [name for name in needed if name not in names]
        if missing:
            self.report(
                "code-list-malformed",
                file,
                f"the list has no column {', '.join(missing)}; it has {', '.join(names) or 'none'}",
                "add the column to the first line",
            )
            return []
        rows: list[Row] = []
        for i, row in enumerate(found):
            if None in row or None in row.values():
                self.report(
                    "code-list-malformed",
                    file,
                    f"the row has {'more' if None in row else 'fewer'} cells than the header",
                    "write one cell for each column; put text with a comma in double quotes",
                    row=i,
                )
            rows.append({key: value or None for key, value in row.items() if key is not None})
        return rows


def read(
    text_of: Callable[[str], str | None],
    base_of: Callable[[str], Scheme],
    validate: Callable[[Any], Iterable[tuple[tuple[str | int, ...], str]]] | None = None,
) -> tuple[Scheme | None, list[Problem]]:
    """Return the scheme of a folder and what is wrong in it; None where no scheme can be made of it.

    `text_of` gives the text of a file in the folder, None where there is none. `base_of` gives a shipped scheme by
    name and raises KeyError for an unknown one. `validate` yields violations of the JSON Schema of `scheme.toml`.
    """
    reader = _Reader(text_of)
    text = text_of(SCHEME)
    if text is None:
        reader.report("scheme-malformed", SCHEME, f"there is no {SCHEME}", f"add {SCHEME}")
        return None, reader.problems
    try:
        stated = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reader.report(
            "scheme-malformed", SCHEME, f"the file is not TOML: {error}", "correct the line that is named"
        )
        return None, reader.problems
    for path, message in validate(stated) if validate else ():
        reader.report(
            "scheme-malformed", SCHEME, message, "see docs/codes.md for the keys of a scheme", path=path
        )
    if reader.problems:
        return None, reader.problems
    base = None
    if "extends" in stated:
        try:
            base = base_of(stated["extends"])
        except KeyError as error:
            reader.report(
                "scheme-malformed", SCHEME, str(error.args[0]), "name a shipped scheme", path=("extends",)
            )
            return None, reader.problems
    scheme = _scheme(stated, base, reader)
    return scheme, reader.problems


def _scheme(stated: Mapping[str, Any], base: Scheme | None, reader: _Reader) -> Scheme | None:
    scales = dict(base.scales) if base else {}
    own = [Scale(**entry) for entry in stated.get("scales", ())]
    scales |= {scale.name: scale for scale in own}
    default = stated.get("default_scale", base.default_scale if base else None)
    if default is not None and default not in scales:
        reader.report(
            "scale-unknown",
            SCHEME,
            f'the default scale "{default}" is not one of the scales: {", ".join(scales) or "there are none"}',
            "name one of them, or describe the scale under [[scales]]",
            path=("default_scale",),
        )
    quad = stated.get("quad_class") or {}
    classes = {int(key): name for key, name in quad.get("values", {}).items()} if quad else {}
    classes = classes or dict(base.quad_class_values if base else {})
    crosswalks = dict(base.crosswalks) if base else {}
    crosswalks |= {entry["scheme"]: entry["columns"] for entry in stated.get("crosswalks", ())}
    draft = Scheme(
        name=stated["name"],
        title=stated["title"],
        actions=base.actions if base else Tree(()),
        code_name=stated.get("code_name", base.code_name if base else Scheme.code_name),
        code_form=stated.get("code_form", base.code_form if base else Scheme.code_form),
        pattern=stated.get("pattern", base.pattern if base else None),
        source=stated.get("source"),
        scales=scales,
        default_scale=default,
        quad_class_scheme=quad.get("scheme", base.quad_class_scheme if base else None),
        quad_class_values=classes,
        crosswalks=crosswalks,
        actor_lists=_actor_lists(stated, base, reader),
        file=stated.get("actions", base.file if base else ""),
    )
    if "actions" not in stated:
        return draft
    file = stated["actions"]
    needed = ["code", "label", "parent", *(scale.column for scale in own)]
    rows = reader.rows(file, needed, ("actions",))
    before = len(reader.problems)
    actions = _actions(rows, file, draft, quad.get("column", "quad_class"), reader)
    if len(reader.problems) > before:
        return None
    return replace(draft, actions=Tree(actions)) if actions else None


def _actor_lists(stated: Mapping[str, Any], base: Scheme | None, reader: _Reader) -> dict[str, CodeList]:
    lists = dict(base.actor_lists) if base else {}
    owner = {code: name for name, codes in lists.items() for code in codes}
    for i, entry in enumerate(stated.get("actor_lists", ())):
        name, label = entry["name"], entry.get("label", "label")
        extended = lists.get(name)
        rows = dict(extended.rows) if extended else {}
        for at, row in enumerate(reader.rows(entry["file"], ("code", label), ("actor_lists", i, "file"))):
            place = {"row": at, "column": "code"}
            code = row["code"] or ""
            if not re.fullmatch("[A-Z0-9]{3}", code):
                reader.report(
                    "code-malformed",
                    entry["file"],
                    f'"{code}" is not three capital letters or digits',
                    "write an element of three characters, such as GOV",
                    **place,
                )
            elif code in owner:
                reader.report(
                    "code-twice",
                    entry["file"],
                    f'the code "{code}" is already in the list "{owner[code]}"',
                    "delete one of the two, or choose another code",
                    **place,
                )
            else:
                owner[code] = name
                rows[code] = row
        title = entry.get("title", extended.title if extended else name)
        countries = entry.get("countries", extended.countries if extended else False)
        kind = entry.get("kind", extended.kind if extended else name)
        lists[name] = CodeList(name, title, rows, label, countries, kind, entry["file"])
    return lists


def _actions(rows: list[Row], file: str, draft: Scheme, quad_column: str, reader: _Reader) -> list[Action]:
    """Return the base's actions and those of the rows, parents before children in what they inherit."""
    actions = dict(draft.actions)
    index: dict[str, int] = {}
    for i, row in enumerate(rows):
        code = row["code"]
        if not code or (draft.pattern and not re.fullmatch(draft.pattern, code)):
            reader.report(
                "code-malformed",
                file,
                f'"{code or ""}" is not a code of this scheme',
                f"write {draft.code_form}, or correct `pattern` in {SCHEME}",
                row=i,
                column="code",
            )
        elif code in index or code in actions:
            where = (
                f"row {index[code] + 2} of this list" if code in index else "the scheme that this one extends"
            )
            reader.report(
                "code-twice",
                file,
                f'the code "{code}" is already in {where}',
                "delete one of the two, or choose another code",
                row=i,
                column="code",
            )
        else:
            index[code] = i
    for code in _parents_first(rows, index, actions, file, reader):
        row, parent = rows[index[code]], rows[index[code]]["parent"]
        above = actions[parent] if parent else None
        actions[code] = _action(row, above, index[code], file, draft, quad_column, reader)
    counterparts = {
        code: a.counterpart for code, a in actions.items() if a.counterpart not in (None, *actions)
    }
    for code, other in counterparts.items():
        reader.report(
            "code-without-parent",
            file,
            f'the counterpart "{other}" of "{code}" is not in the list',
            "add it, or correct the code",
            row=index.get(code),
            column="counterpart",
        )
    kept = list(draft.actions) + [code for code in index if code in actions]
    return [actions[code] for code in kept]


def _parents_first(
    rows: list[Row], index: Mapping[str, int], known: Mapping[str, Action], file: str, reader: _Reader
) -> list[str]:
    """Order the codes so that each follows its parent; report missing parents and cycles and leave those out."""
    ordered: dict[str, None] = {}
    for start in index:
        path: list[str] = []
        code: str | None = start
        while code and code not in ordered and code not in known:
            if code in path:
                circle = [*path[path.index(code) :], code]
                if code == min(circle):
                    reader.report(
                        "code-cycle",
                        file,
                        f"the parents form a cycle: {' → '.join(circle)}",
                        "correct one of these parents",
                        row=index[code],
                        column="parent",
                    )
                path = []
                break
            path.append(code)
            above = rows[index[code]]["parent"]
            if above and above not in index and above not in known:
                if code == start:
                    reader.report(
                        "code-without-parent",
                        file,
                        f'the parent "{above}" of "{code}" is not in the list',
                        "add the parent, or correct the code",
                        row=index[code],
                        column="parent",
                    )
                path = []
                break
            code = above
        ordered |= dict.fromkeys(reversed(path))
    return list(ordered)


def _action(
    row: Row, parent: Action | None, at: int, file: str, draft: Scheme, quad_column: str, reader: _Reader
) -> Action:
    code = row["code"] or ""

    def flag(column: str) -> bool:
        words = FLAGS[column]
        word = row.get(column)
        if word is None:
            inherited = (
                {
                    "actor": parent.actor_required,
                    "target": parent.target_required,
                    "reciprocal": parent.reciprocal,
                    "speech": parent.speech,
                }
                if parent
                else {}
            )
            return inherited.get(column, words[_DEFAULTS[column]])
        if word not in words:
            reader.report(
                "code-list-malformed",
                file,
                f'{column} of "{code}" is "{word}"',
                f"write {' or '.join(words)}, or leave it empty to follow the parent",
                row=at,
                column=column,
            )
        return words.get(word, True)

    def number(column: str, low: float | None, high: float | None) -> float | None:
        if (text := row.get(column)) is None:
            return None
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if (
            not math.isfinite(value)
            or (low is not None and value < low)
            or (high is not None and value > high)
        ):
            bounds = f" from {low:g} to {high:g}" if low is not None and high is not None else ""
            reader.report(
                "code-list-malformed",
                file,
                f'{column} of "{code}" is "{text}"',
                f"write a number{bounds}",
                row=at,
                column=column,
            )
            return None
        return value

    quad = number(quad_column, None, None)
    if quad is not None and draft.quad_class_values and quad not in draft.quad_class_values:
        reader.report(
            "code-list-malformed",
            file,
            f'{quad_column} of "{code}" is {quad:g}',
            f"write one of {', '.join(map(str, draft.quad_class_values))}",
            row=at,
            column=quad_column,
        )
    if quad is None and parent is not None:
        quad = parent.quad_class
    return Action(
        code=code,
        label=row["label"] or "",
        parent=row["parent"],
        root=parent.root if parent else code,
        level=parent.level + 1 if parent else 1,
        definition=row.get("definition") or "",
        usage=row.get("usage") or "",
        actor_required=flag("actor"),
        target_required=flag("target"),
        reciprocal=flag("reciprocal"),
        speech=flag("speech"),
        counterpart=row.get("counterpart"),
        quad_class=None if quad is None else int(quad),
        scales={s.name: number(s.column, s.minimum, s.maximum) for s in draft.scales.values()},
        crosswalk={name: row.get(name) for columns in draft.crosswalks.values() for name in columns.values()},
        columns=row,
    )
