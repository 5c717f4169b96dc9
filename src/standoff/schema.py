"""The JSON Schemas of `schema/`, read once.

In a checkout the folder at the project's root is read, in an installed package the copy that the wheel carries.
"""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

from standoff.model.classes import dataclass


@cache
def folder() -> Path:
    """Return the folder that holds the schemas, code lists, languages and profiles."""
    here = Path(__file__).resolve().parent
    checkout = here.parents[1] / "schema"
    return checkout if (checkout / "VERSION").is_file() else here / "schema"


@cache
def version() -> str:
    """Return the version of the schema, which is apart from the data's and the package's."""
    return (folder() / "VERSION").read_text(encoding="utf-8").strip()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that a dataset adds to the closed lists, each with the word of the core below which it stands.

    `listed` are the words for an actor code that its scheme's own lists have: the names of the scheme and of the one it
    extends. The default is the vocabulary of a dataset coded in CAMEO that adds nothing.
    """

    statuses: tuple[tuple[str, str], ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()
    date_bases: tuple[tuple[str, str], ...] = ()
    listed: tuple[str, ...] = ("cameo",)

    def core(self, word: str) -> str:
        """Return the word of the core that a status, reason or date basis stands for; a core word stands for itself."""
        added = (*self.statuses, *self.reasons, *self.date_bases)
        return dict(added).get(word, word) if added else word


CORE = Vocabulary()
_EXTENDED = {
    "$defs/event/properties/status": "statuses",
    "$defs/event/properties/date_basis": "date_bases",
    "$defs/negative/properties/reason": "reasons",
}
"""Where the closed lists that a dataset may extend are in the schemas of annotation files."""
_LISTED = "properties/actors/items/properties/affiliations/items/properties/basis"


@cache
def json_schema(name: str, vocabulary: Vocabulary = CORE) -> dict[str, Any]:
    """Return the JSON Schema called `name`: annotation (edition 2), annotation-1, actors, places, dataset, profile or report.

    The closed lists of annotation files and actors have the words of `vocabulary` too.
    """
    if vocabulary != CORE:
        return _extended(name, vocabulary)
    result: dict[str, Any] = json.loads((folder() / f"{name}.schema.json").read_text(encoding="utf-8"))
    return result


def _extended(name: str, vocabulary: Vocabulary) -> dict[str, Any]:
    result = copy.deepcopy(json_schema(name))
    if name.startswith("annotation"):
        for pointer, added in _EXTENDED.items():
            words = getattr(vocabulary, added)
            node = _node(result, pointer)
            node["enum"] = [*node["enum"], *(word for word, _ in words)]
            node["description"] += "".join(f" {word}: a kind of {parent}." for word, parent in words)
    if name == "actors":
        node = _node(result, _LISTED)
        node["enum"] = [*vocabulary.listed, *node["enum"][1:]]
        node["description"] = (
            f"{vocabulary.listed[0]}: the scheme lists this code for this actor. composed: built from elements of its lists. "
            "assigned: with a group element that was added because the scheme has none; say why in note."
        )
    return result


def _node(root: Any, pointer: str) -> Any:
    for part in pointer.split("/"):
        root = root[part]
    return root


def closed_list(name: str, pointer: str) -> tuple[str, ...]:
    """Return the words that the JSON Schema `name` allows at `pointer`, such as ``$defs/event/properties/status``."""
    return tuple(_node(json_schema(name), pointer)["enum"])
