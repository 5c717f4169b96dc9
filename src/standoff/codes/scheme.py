"""An action scheme: its codes as a tree, what each code requires of a record, and its values on scales.

Nothing here knows a code. CAMEO (Schrodt 2012) and PLOVER (2018) are data in `schema/codes/`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher, get_close_matches
from functools import cached_property

from standoff.model.classes import dataclass, field

LIKENESS = 0.6
"""Least ratio of `difflib` at which a known code is suggested for an unknown one."""


@dataclass(frozen=True, slots=True)
class Action:
    """One action code: its place in the tree, what it requires, and its values.

    `target_required` is False where a target may be missing. `reciprocal` says whether both
    parties can do it to each other, `joint` whether they cannot do it otherwise. `counterpart` is the code of the other party's side of the act, where the act
    has one. `scales` and `crosswalk` hold None where a code has no value. `columns` is the row of the list.
    """

    code: str
    label: str
    parent: str | None = None
    root: str = ""
    level: int = 1
    definition: str = ""
    usage: str = ""
    actor_required: bool = True
    target_required: bool = True
    reciprocal: bool = False
    joint: bool = False
    speech: bool = False
    counterpart: str | None = None
    quad_class: int | None = None
    scales: Mapping[str, float | None] = field(default_factory=dict)
    crosswalk: Mapping[str, str | None] = field(default_factory=dict)
    columns: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale on which codes have values, such as Goldstein's as GDELT publishes them, and its column in the list.

    `also` are values that tables have for a code instead of the one in the list.
    """

    name: str
    column: str
    title: str
    minimum: float | None = None
    maximum: float | None = None
    also: Mapping[str, float] = field(default_factory=dict)
    source: str | None = None


@dataclass(frozen=True, eq=False)
class CodeList(Mapping[str, Mapping[str, str | None]]):
    """A flat list of codes, such as countries or roles: the row of each code.

    `label` is the column of its name, `kind` what one entry is.
    """

    name: str
    title: str
    rows: Mapping[str, Mapping[str, str | None]]
    label: str = "label"
    countries: bool = False
    kind: str = ""
    file: str = ""

    def __getitem__(self, code: str) -> Mapping[str, str | None]:
        return self.rows[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def nearest(self, code: str, n: int = 3) -> list[str]:
        """Return up to `n` codes of the list that are like `code`, likeliest first; exchanged letters come first."""
        return nearest_elements(code, list(self.rows), n)


class Tree(Mapping[str, Action]):
    """All actions by code, in the order given. KeyError for an unknown code, from every method but `nearest`.

    ValueError if a code occurs twice, a parent is missing, or parents form a cycle.
    """

    def __init__(self, actions: Iterable[Action]) -> None:
        self._actions: dict[str, Action] = {}
        for action in actions:
            if action.code in self._actions:
                raise ValueError(f'the action code "{action.code}" occurs twice')
            self._actions[action.code] = action
        for code, action in self._actions.items():
            if action.parent is not None and action.parent not in self._actions:
                raise ValueError(f'the parent "{action.parent}" of "{code}" is missing')
        self._ancestors = {code: self._path(code) for code in self._actions}
        self.computed = {act.counterpart: act for act in self._actions.values() if act.counterpart}
        """The codes of the other party's side of an act, each with the act that it is computed from."""

    def _path(self, code: str) -> tuple[str, ...]:
        path = [code]
        for _ in self._actions:  # no path is longer than this
            if (parent := self._actions[path[-1]].parent) is None:
                return tuple(path)
            path.append(parent)
        raise ValueError(f'the parents of "{code}" form a cycle')

    def __getitem__(self, code: str) -> Action:
        return self._actions[code]

    def __contains__(self, code: object) -> bool:
        return code in self._actions

    def __iter__(self) -> Iterator[str]:
        return iter(self._actions)

    def __len__(self) -> int:
        return len(self._actions)

    @property
    def roots(self) -> frozenset[str]:
        """The codes that have no parent."""
        return frozenset(code for code, action in self._actions.items() if action.parent is None)

    def root(self, code: str) -> str:
        """Return the root above a code, which is the code itself where it is a root."""
        return self._ancestors[code][-1]

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Return the code itself, its parent and so on up to the root: ``("0211", "021", "02")``."""
        return self._ancestors[code]

    def distance(self, a: str, b: str) -> float:
        """Return how far apart two codes are: 0 for the same, 1 for different roots.

        One minus the depth of the lowest common ancestor over the greater depth of the two, where a root has
        depth 1. So 0211 and 0212 are 1/3 apart, 0211 and 021 too, 0211 and 02 2/3. A metric: symmetric, zero
        only for the same code, and the triangle inequality holds.
        """
        up_a, up_b = self._ancestors[a], self._ancestors[b]
        shared = len(set(up_a) & set(up_b))
        return 1 - shared / max(len(up_a), len(up_b))

    def nearest(self, code: str, n: int = 3) -> list[str]:
        """Return up to `n` known codes that an unknown one may stand for, likeliest first.

        First the code in another case, or with its lost leading zero, then the longest known beginning
        (1991 → 199), then codes that are spelled alike, those under the same root first. A known code is its own
        only suggestion.
        """
        if code in self:
            return [code]
        written = code.strip()
        folded = {known.casefold(): known for known in self}
        likely = [written, folded.get(written.casefold(), ""), f"0{written}", written.rstrip("0")]
        beginnings = [written[:i] for i in range(len(written), 1, -1) if written[:i] in self]
        root = self.root(beginnings[-1]) if beginnings else None
        matcher = SequenceMatcher(b=written.casefold())
        scored = []
        for known in self:
            matcher.set_seq1(known.casefold())
            scored.append((-matcher.ratio(), self.root(known) != root, known))
        alike = [known for ratio, _, known in sorted(scored) if ratio <= -LIKENESS]
        return list(dict.fromkeys([*(c for c in likely if c in self), *beginnings, *alike]))[:n]


@dataclass(frozen=True, eq=False)
class Scheme:
    """An action scheme: its tree of codes, its scales, and the lists that actor codes are built from.

    `code_name` is what messages call a code ("CAMEO code"), `code_form` says how one is written, `pattern` is that
    as a regular expression. `quad_class_values` are the names of the classes. `note_for_empty_target` says whether an
    event without target needs a note where its action allows that. `actor_kinds` holds for a kind of actor the
    elements of which its code has one; none if its code names only a country. `file` is the list of codes.
    """

    name: str
    title: str
    actions: Tree
    code_name: str = "action code"
    code_form: str = "text in quotes"
    pattern: str | None = None
    source: str | None = None
    scales: Mapping[str, Scale] = field(default_factory=dict)
    default_scale: str | None = None
    quad_class_scheme: str | None = None
    quad_class_values: Mapping[int, str] = field(default_factory=dict)
    crosswalks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    actor_lists: Mapping[str, CodeList] = field(default_factory=dict)
    contexts: CodeList | None = None
    note_for_empty_target: bool = False
    actor_kinds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    file: str = ""
    extends: str | None = None
    """The name of the shipped scheme that it starts from."""

    def value(self, code: str, scale: str | None = None) -> float | None:
        """Return a code's value on a scale, by default the main one; None where there is no value or no scale."""
        return self.actions[code].scales.get(scale or self.default_scale or "")

    @cached_property
    def countries(self) -> frozenset[str]:
        """The codes of countries, territories and regions."""
        return frozenset(code for codes in self.actor_lists.values() if codes.countries for code in codes)

    @cached_property
    def iso_countries(self) -> frozenset[str]:
        """The codes of countries that are also their codes of ISO 3166-1."""
        return frozenset(
            code
            for codes in self.actor_lists.values()
            if codes.countries
            for code, row in codes.items()
            if row.get("iso_alpha3") == code
        )

    @cached_property
    def actor_elements(self) -> frozenset[str]:
        """Every element that an actor code may be built from."""
        return frozenset(code for codes in self.actor_lists.values() for code in codes)

    def nearest_actor_code(self, elements: Sequence[str]) -> str | None:
        """Return the code with each unknown element replaced by the known one most like it, None without one for each.

        In first place countries are preferred, in the others roles and groups.
        """
        known, countries = self.actor_elements, self.countries
        ordered = sorted(known, key=lambda element: (element in countries, element))
        meant = []
        for i, element in enumerate(elements):
            near = (
                [element]
                if element in known
                else nearest_elements(element, ordered if i else ordered[::-1], 1)
            )
            if not near:
                return None
            meant.append(near[0])
        return "".join(meant)


def nearest_elements(code: str, known: Sequence[str], n: int = 3) -> list[str]:
    """Return up to `n` of the `known` codes that are like `code`: those with its letters in another order first."""
    exchanged = [each for each in known if sorted(each) == sorted(code)]
    return list(dict.fromkeys([*exchanged, *get_close_matches(code, known, n=n)]))[:n]
