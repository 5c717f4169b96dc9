"""What the labels of other tools mean: action codes, kinds of words, roles and registry ids.

A label is read as an action code (``190``, ``Act-190``) unless a mapping says otherwise. A mapping is a small TOML
file::

    [labels]
    Attack = "190"        # an action code
    PERSON = "party"      # or: place, evidence, mention, negative
    Sentiment = ""        # left out
    "*" = ""              # every label that is neither named here nor a code

    [roles]
    Attacker = "actor"

    [actors]
    "Hamas fighters" = "hamas"
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from standoff.codes.scheme import Scheme
from standoff.exchange.items import ABOUT, EVENT, KINDS, NEGATIVE, PARTY, PLACE, RELATIONS, ROLES, Item
from standoff.findings import StandoffError, UsageError, shortened

ACTOR_ROLES = frozenset(("actor", "agent", "attacker", "source", "giver", "initiator", "arg0", "subject"))
TARGET_ROLES = frozenset(
    ("target", "recipient", "victim", "patient", "beneficiary", "arg1", "arg2", "object")
)
PLACE_ROLES = frozenset(("place", "location", "where"))
LEFT_OUT = ""
RECORDS = (EVENT, NEGATIVE)
OTHERS = "*"
"""The key of a mapping for every label that it does not name."""
USUAL: Mapping[str, str] = {
    **dict.fromkeys(
        ("actor", "agent", "group", "norp", "org", "organisation", "organization", "per", "person"), PARTY
    ),
    **dict.fromkeys(("city", "country", "fac", "facility", "gpe", "loc", "location"), PLACE),
    **dict.fromkeys(
        ("cardinal", "date", "duration", "misc", "money", "number", "percent", "quantity", "time"), LEFT_OUT
    ),
}
"""What labels of named entities usually are."""
MAX_SHOWN = 20
TABLES = ("labels", "roles", "actors")


class UnmappedLabels(StandoffError):
    """Labels of events that are no action codes and that no mapping translates."""


@dataclass
class Labels:
    """The meaning of labels. Without a scheme (for scoring) every label passes as the code that it looks like."""

    scheme: Scheme | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    actors: Mapping[str, str] = field(default_factory=dict)
    unmapped: dict[str, str] = field(default_factory=dict)
    """Labels without a meaning, each with the place where it was first met."""

    @property
    def strict(self) -> bool:
        """Whether records are read to be kept, not to be scored."""
        return self.scheme is not None

    def action(self, label: str, where: str = "") -> str | None:
        """Return the code of an event's label. Of an unknown one, its place is kept for `require`."""
        code = self._meant(label)
        if code is None:
            code = action_of(label)
        if code not in ("", EVENT) and self.scheme is not None and code not in self.scheme.actions:
            self.unmapped.setdefault(label, where)
        return code or None

    def kind(self, label: str, *, codes: bool = False) -> str | None:
        """Return the kind of words that a mapping gives a label: one of `KINDS`, "" to leave it out, None if unmapped.

        With `codes`, the label of an action of the scheme is that of an event.
        """
        meant = self._meant(label)
        if meant is None and codes and self.scheme is not None and action_of(label) in self.scheme.actions:
            return EVENT
        if meant is None or meant in KINDS or meant == LEFT_OUT:
            return meant
        return EVENT

    def knows(self, label: str) -> bool:
        """Return whether the mapping names a label, or it is that of an action of the scheme."""
        return label in self.labels or self.kind(label, codes=True) == EVENT

    def _meant(self, label: str) -> str | None:
        """Return what the mapping says of a label; None where it says nothing."""
        if label in self.labels or OTHERS not in self.labels:
            return self.labels.get(label)
        known = self.scheme is not None and action_of(label) in self.scheme.actions
        return None if known else self.labels[OTHERS]

    def role(self, name: str) -> str:
        """Return the role that a name means; the name itself where that is unknown."""
        bare = name.rstrip("0123456789")
        for each in (name, bare):
            if each in self.roles:
                return self.roles[each]
        for each in (name, bare):
            plain = re.sub(r"[-_ ]", "", each).casefold()
            if plain in _PLAIN_ROLES:
                return _PLAIN_ROLES[plain]
            for known, role in ((ACTOR_ROLES, "actor"), (TARGET_ROLES, "target"), (PLACE_ROLES, "at")):
                if plain in known:
                    return role
        return name

    def actor(self, name: str | None) -> str | None:
        """Return the registry id that a mapping gives words or an id; the id itself without one."""
        return self.actors.get(name, name) if name else None

    def assign(
        self, items: list[Item], kinds: Mapping[str, str], file: str = "", *, events: bool = True
    ) -> None:
        """Give every item without one its kind, and every event its action.

        `kinds` are the names that the format has for kinds. The words of an argument need no label of their own. Any
        other label is that of an event if `events`; else it stays without a kind.
        """
        parts = frozenset(ROLES) - {*RELATIONS, ABOUT}
        meant = {
            item.key: item.kind or kinds.get(item.label, self.kind(item.label, codes=True)) for item in items
        }
        owners = (item for item in items if meant[item.key] in (None, *RECORDS))
        used = {key for item in owners for role, key in item.edges if role in parts}
        for item in items:
            if not item.kind:
                kind = meant[item.key]
                unlabelled = EVENT if events and item.key not in used else ""
                item.kind = unlabelled if kind is None else kind
            if item.kind == EVENT:
                item.action = self.action(item.label, f"{file}:{item.line}")
            elif item.kind in (PARTY, "") and self.strict:
                words = item.offsets.words if item.offsets else None
                actor = self.actor(item.fields.get("actor")) or self.actors.get(words or "")
                item.fields |= {"actor": actor} if actor else {}

    def require(self) -> None:
        """Raise UnmappedLabels if a label had no meaning."""
        if not self.unmapped or self.scheme is None:
            return
        lines = []
        for label, where in list(self.unmapped.items())[:MAX_SHOWN]:
            near = self._nearest(label)
            lines.append(f'  {where}: "{shortened(label)}" is not an action code{near}')
        more = len(self.unmapped) - MAX_SHOWN
        lines += [f"  … and {more} more"] if more > 0 else []
        label = next(iter(self.unmapped))
        example = json.dumps(label, ensure_ascii=False)
        meant = USUAL.get(label.casefold(), next(iter(self.scheme.actions)))
        raise UnmappedLabels(
            "labels without a meaning:\n"
            + "\n".join(lines)
            + "\nsay what they mean in a TOML file, and name it with --map:\n"
            f'  [labels]\n  {example} = "{meant}"  # an action code, "party", "place", or "" to leave the label out\n'
            f'  "{OTHERS}" = ""  # leaves out all labels that are not named'
        )

    def _nearest(self, label: str) -> str:
        """Return a hint at what a label usually is, or at the code whose name or spelling is nearest."""
        assert self.scheme is not None
        usual = USUAL.get(label.casefold())
        if usual is not None:
            return f'; perhaps "{usual}"' if usual else '; leave it out with ""'
        actions = self.scheme.actions
        if near := actions.nearest(action_of(label), 1):
            return f"; nearest: {near[0]} ({actions[near[0]].label})"
        words = re.sub(r"([a-z])([A-Z])", r"\1 \2", label).replace("_", " ").replace("-", " ").casefold()
        names = {action.label.casefold(): code for code, action in reversed(list(actions.items()))}
        found = get_close_matches(words, names, n=1, cutoff=0.5)
        within = [name for name in names if any(len(w) > 3 and w in name for w in words.split())]
        best = found or sorted(within, key=lambda name: (len(names[name]), len(name)))[:1]
        return f"; nearest: {names[best[0]]} ({actions[names[best[0]]].label})" if best else ""


_PLAIN_ROLES = {role.replace("_", ""): role for role in ROLES}


def action_of(label: str) -> str:
    """Return the code in a label: 190 in ``Act-190`` or ``act_190``, else the label itself."""
    match = re.fullmatch(r"(?:act|action|cameo|event)[-_](.+)", label, re.IGNORECASE)
    return decoded(match[1] if match else label)


def encoded(code: str) -> str:
    """Return a code as tools take it in a type's name: letters, digits and hyphens; others as ``_3A_``."""
    return re.sub(r"[^A-Za-z0-9-]", lambda m: f"_{ord(m[0]):02X}_", code)


def decoded(name: str) -> str:
    """Return the code that `encoded` turned into a name."""
    return re.sub(r"_([0-9A-F]{2,6})_", lambda m: chr(min(int(m[1], 16), 0x10FFFF)), name)


def read_labels(path: Path | None, scheme: Scheme) -> Labels:
    """Return the mapping in a TOML file. UsageError where the file is wrong or names an unknown code or kind."""
    if path is None:
        return Labels(scheme)
    try:
        value = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{path} is not TOML: {error}") from None
    tables: dict[str, dict[str, str]] = {}
    for name, table in value.items():
        if name not in TABLES or not isinstance(table, dict):
            raise UsageError(f"{path}: [{name}] is unknown; there are [{'], ['.join(TABLES)}]")
        for key, meant in table.items():
            if not isinstance(meant, str):
                raise UsageError(f'{path}: [{name}] {key}: write the value in quotes, such as "190"')
        tables[name] = table
    for label, meant in tables.get("labels", {}).items():
        if meant not in ("", *KINDS, *scheme.actions):
            near = scheme.actions.nearest(meant, 1) or get_close_matches(meant, KINDS, n=1)
            hint = f"; nearest: {near[0]}" if near else ""
            raise UsageError(
                f'{path}: [labels] {label}: "{meant}" is neither an action code nor a kind{hint}'
            )
    for role, meant in tables.get("roles", {}).items():
        if meant not in ("", *ROLES):
            near = get_close_matches(meant, ROLES, n=1)
            hint = f"; nearest: {near[0]}" if near else f"; there are {', '.join(ROLES)}"
            raise UsageError(f'{path}: [roles] {role}: "{meant}" is not a role{hint}')
    return Labels(scheme, **tables)
