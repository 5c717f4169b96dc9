"""The code list that a score is computed in: the gold's own, or its crosswalk to PLOVER types.

Everything is read off the table of actions that the gold carries: parents, roots, quad classes. A system that emits
PLOVER is scored in PLOVER, where the type is the root and the mode the finest code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from standoff.codes import shipped

SEPARATOR = "/"
"""Between PLOVER's type and mode: ASSAULT/aerial."""
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
        return self.aliases.get(code) or self.aliases.get(code.strip().upper())

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


def own(rows: Iterable[Mapping[str, Any]], name: str = shipped.DEFAULT) -> CodeTree:
    """Return the code list in a release's table of actions.

    Which codes are speech is read from the table, or from the shipped scheme where an older release does not say.
    """
    actions = {row["action"]: row for row in rows}
    known = shipped.scheme(name).actions if name in shipped.names() else {}

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
        aliases={},
    )


def plover(rows: Iterable[Mapping[str, Any]], tree: CodeTree) -> CodeTree:
    """Return PLOVER's types and modes, as far as the crosswalk in a table of actions names them.

    Each code of the table is an alias of its type and mode. The quad class of a type is that of most codes in it.
    """
    ancestors: dict[str, tuple[str, ...]] = {}
    votes: dict[str, list[int]] = {}
    speech: dict[str, list[bool]] = {}
    aliases: dict[str, str] = {}
    for row in rows:
        code, kind, mode = row["action"], row.get("plover_type"), row.get("plover_mode")
        if kind is None:
            continue
        ancestors.setdefault(kind, (kind,))
        votes.setdefault(kind, []).append(row.get("quad_class") or 0)
        speech.setdefault(kind, []).append(code in tree.speech)
        aliases[code] = kind
        if mode:
            finest = f"{kind}{SEPARATOR}{mode}"
            ancestors.setdefault(finest, (finest, kind))
            aliases[code] = finest
    quads = {kind: max(sorted(set(found)), key=found.count) or None for kind, found in votes.items()}
    silent = {kind for kind, found in speech.items() if all(found)}
    return CodeTree(
        name=PLOVER,
        ancestors=ancestors,
        quads={code: quads[path[-1]] for code, path in ancestors.items()},
        labels={code: code for code in ancestors},
        speech=frozenset(code for code, path in ancestors.items() if path[-1] in silent),
        aliases=aliases | {code.upper(): code for code in ancestors},
    )
