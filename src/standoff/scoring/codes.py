"""The code list that a score is computed in: the gold's own, or its crosswalk to PLOVER types.

Everything is read off the table of actions that the gold carries: parents, roots, quad classes. A system that emits
PLOVER is scored in PLOVER, where the type is the root and the mode the finest code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from standoff.codes import shipped

_WITH_LABEL = re.compile(r"(?:CAMEO )?(\d{2,4})(?:\s*[-–—:(,].*)?", re.DOTALL)
"""A code and its label: "190 - Use conventional military force"."""
SEPARATOR = ":"
"""Between PLOVER's type and mode: ASSAULT:aerial; a slash is read too."""
PLOVER = "plover"


@dataclass(frozen=True)
class CodeTree:
    """A tree of action codes. `ancestors` maps each code to itself, its parent and so on up to the root."""

    name: str
    ancestors: Mapping[str, tuple[str, ...]]
    quads: Mapping[str, int | None]
    labels: Mapping[str, str]
    speech: frozenset[str]
    """Codes of acts that are done by saying something."""
    aliases: Mapping[str, str]
    """Codes of other lists, and other spellings, that stand for a code of this one."""

    def find(self, code: str | None) -> str | None:
        """Return the code of this list that `code` means; None if it means none."""
        if code is None:
            return None
        if code in self.ancestors:
            return code
        plain = code.strip().upper()
        known = self.aliases.get(code) or self.aliases.get(plain) or self._by_label.get(plain.rstrip("."))
        if known is None and f"0{plain}" in self.ancestors:
            return f"0{plain}"  # a code that was a number on its way: 42 for 042
        if (
            known is None
            and (match := _WITH_LABEL.fullmatch(plain)) is not None
            and match[1] in self.ancestors
        ):
            return match[1]
        if known is None and (kind := plain.partition(SEPARATOR)[0].strip()) in self.ancestors:
            return kind
        return known

    def lacks_mode(self, code: str | None) -> bool:
        """Whether a code has a type of this list, and a mode that the list does not have."""
        if code is None or SEPARATOR not in code or (kind := self.find(code)) is None or kind.isdigit():
            return False
        return SEPARATOR not in kind and code.strip().upper().startswith(kind + SEPARATOR)

    @cached_property
    def _by_label(self) -> dict[str, str]:
        """Labels in capitals, with and without ", not specified below"; of two codes with one label, the one above."""
        found: dict[str, str] = {}
        for code in sorted(self.labels, key=lambda code: (len(self.ancestors[code]), code)):
            label = self.labels[code].strip().upper()
            for name in (label, label.removesuffix(", NOT SPECIFIED BELOW")):
                found.setdefault(name, code)
        return found

    def root(self, code: str) -> str:
        """Return the root of a code."""
        return self.ancestors[code][-1]

    def base(self, code: str) -> str:
        """Return the code of the second level above (or equal to) a code; the root itself for a root."""
        path = self.ancestors[code]
        return path[-2] if len(path) > 1 else path[-1]

    def quad(self, code: str) -> int | None:
        """Return the quad class of a code; None where the list gives it none."""
        return self.quads.get(code)

    def distance(self, a: str | None, b: str | None) -> float:
        """Return how far apart two codes are in the tree, from 0 (equal) to 1 (other roots, or a missing code)."""
        if a is None or b is None:
            return float(a != b)
        up_a, up_b = self.ancestors[a], self.ancestors[b]
        return 1 - len(set(up_a) & set(up_b)) / max(len(up_a), len(up_b))


def own(rows: Iterable[Mapping[str, Any]]) -> CodeTree:
    """Return the code list in a release's table of actions.

    Its name is that of the shipped scheme of which it holds all codes, else "own". Which codes are speech is read from
    the table, or from that scheme, since releases before 2.0.0 do not say.
    """
    actions = {row["action"]: row for row in rows}
    name = next(
        (each for each in shipped.names() if shipped.scheme(each).actions.keys() <= actions.keys()), "own"
    )
    known = shipped.scheme(name).actions if name != "own" else {}

    def path(code: str) -> tuple[str, ...]:
        found = [code]
        while (parent := actions[found[-1]]["parent"]) in actions and parent not in found:
            found.append(parent)
        return tuple(found)

    def is_speech(code: str) -> bool:
        stated = actions[code].get("speech")
        return bool(stated) if stated is not None else code in known and known[code].speech

    return CodeTree(
        name=name,
        ancestors={code: path(code) for code in actions},
        quads={code: row.get("quad_class") for code, row in actions.items()},
        labels={code: row["label"] for code, row in actions.items()},
        speech=frozenset(filter(is_speech, actions)),
        aliases=_spellings(actions),
    )


def _spellings(codes: Iterable[str]) -> dict[str, str]:
    """Return other ways to write a code: in capitals, and with a slash before the mode."""
    found: dict[str, str] = {}
    for code in codes:
        for spelling in (code.upper(), code.upper().replace(SEPARATOR, "/")):
            found.setdefault(spelling, code)
    return found


def plover(rows: Iterable[Mapping[str, Any]]) -> CodeTree:
    """Return PLOVER, with each code of a table of actions as an alias of its type and mode by the crosswalk."""
    scheme = shipped.scheme(PLOVER).actions
    aliases = _spellings(scheme)
    for row in rows:
        kind = row.get("plover_type")
        finest = f"{kind}{SEPARATOR}{row.get('plover_mode')}"
        if kind in scheme:
            aliases[row["action"]] = finest if finest in scheme else str(kind)
    return CodeTree(
        name=PLOVER,
        ancestors={code: scheme.ancestors(code) for code in scheme},
        quads={code: action.quad_class for code, action in scheme.items()},
        labels={code: action.label for code, action in scheme.items()},
        speech=frozenset(code for code, action in scheme.items() if action.speech),
        aliases=aliases,
    )
