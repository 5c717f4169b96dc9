"""The CAMEO action codes as a tree, and what a code asks of actor, target and direction.

CAMEO is the Conflict and Mediation Event Observations codebook (Schrodt 2012, version 1.1b3). Twenty root
codes of two digits divide into codes of three and four digits. Which code applies to what is a rule of
annotation (``ANNOTATION.md``, sections 2 and 4), not of CAMEO.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

_NEED_NO_TARGET = frozenset({"01", "02", "03", "09", "15", "19"})  # and say in a note why there is none
_NEED_NO_ACTOR = frozenset({"18", "19", "20"})
_SPEECH = frozenset({"01", "02", "03", "10", "11", "12", "13"})


@dataclass(frozen=True, slots=True)
class Action:
    """One code: its names, its place in the tree, and its values on scales, None where a scale has none."""

    code: str
    label: str
    parent: str | None
    root: str
    definition: str
    usage: str
    quad_class: int
    goldstein: float | None
    goldstein_icews: float | None
    plover_type: str | None
    plover_mode: str | None
    plover_context: str | None


class ActionTable(Mapping[str, Action]):
    """All codes by code, in the order given. KeyError for an unknown code, from every method but `nearest`.

    ValueError if a code comes twice, or its parents are missing or run in a circle.
    """

    def __init__(self, actions: Iterable[Action]) -> None:
        self._actions: dict[str, Action] = {}
        for action in actions:
            if action.code in self._actions:
                raise ValueError(f'the action code "{action.code}" comes twice')
            self._actions[action.code] = action
        for code, action in self._actions.items():
            if action.parent is not None and action.parent not in self._actions:
                raise ValueError(f'the parent "{action.parent}" of "{code}" is missing')
        self._ancestors = {code: self._path(code) for code in self._actions}

    def _path(self, code: str) -> tuple[str, ...]:
        path = [code]
        for _ in self._actions:  # so many may stand in a line
            if (parent := self._actions[path[-1]].parent) is None:
                return tuple(path)
            path.append(parent)
        raise ValueError(f'the parents of "{code}" run in a circle')

    def __getitem__(self, code: str) -> Action:
        return self._actions[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._actions)

    def __len__(self) -> int:
        return len(self._actions)

    def ancestors(self, code: str) -> tuple[str, ...]:
        """The code itself, its parent and so on up to the root: ``("0211", "021", "02")``."""
        return self._ancestors[code]

    def distance(self, a: str, b: str) -> float:
        """How far apart two codes are: 0 for the same, 1 for different roots.

        One less the depth of the lowest common ancestor over the greater depth of the two, where a root has
        depth 1. So 0211 and 0212 are 1/3 apart, 0211 and 021 too, 0211 and 02 2/3. A metric: symmetric, zero
        only for the same code, and the triangle inequality holds.
        """
        up_a, up_b = self._ancestors[a], self._ancestors[b]
        shared = len(set(up_a) & set(up_b))
        return 1 - shared / max(len(up_a), len(up_b))

    def nearest(self, code: str, n: int = 3) -> list[str]:
        """Up to ``n`` known codes that an unknown one may stand for, likeliest first.

        A lost leading zero comes first (10 → 010, unless the code exists), then the longest known beginning
        (1991 → 199), then codes of similar digits. The code itself, if it is known, is all there is.
        """
        if code in self:
            return [code]
        digits = code.strip()
        likely = [c for c in (digits, f"0{digits}", digits.rstrip("0")) if c in self]
        likely += [digits[:i] for i in range(len(digits), 1, -1) if digits[:i] in self]
        matcher = SequenceMatcher(b=digits)
        scored = []
        for known in self:
            matcher.set_seq1(known)
            scored.append((-matcher.ratio(), not known.startswith(digits[:2]), known))
        likely += [known for ratio, _, known in sorted(scored) if ratio <= -0.6]
        return list(dict.fromkeys(likely))[:n]


def targets_required(root: str) -> bool:
    """Whether an event of this root must have a target (section 4); 01, 02, 03, 09, 15, 19 may lack one."""
    return root not in _NEED_NO_TARGET


def actor_required(root: str) -> bool:
    """Whether an event of this root must have an actor (section 4); 18, 19 and 20 may lack one."""
    return root not in _NEED_NO_ACTOR


def is_speech(root: str) -> bool:
    """Whether acts of this root are done by saying something: statements, appeals, threats and their like."""
    return root in _SPEECH


def may_be_reciprocal(code: str) -> bool:
    """Whether both sides can do it to each other (section 2): 040, 041, 045, 046, joint 06x, mutual 19x.

    ``06`` and ``19`` themselves count; a visit (042) is two acts, one of them computed by `host_visit`.
    """
    return code in ("040", "041", "045", "046") or code.startswith(("06", "19"))


def host_visit(code: str) -> str | None:
    """The code of the other side's act that a visit implies: 043, hosting, for 042; None for other codes."""
    return "043" if code == "042" else None
