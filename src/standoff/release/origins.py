"""What a dataset says of its contents: whether texts are included, the genre, and who or what made each layer.

The statement is that of Universal Dependencies for a treebank; `[contents]` in dataset.toml holds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CREATORS = {"person": "expert-generated", "converted": "found"}
"""What the Hugging Face hub calls those who made annotations; programs and models are its `machine-generated`."""


def statement(about: Mapping[str, Any]) -> dict[str, str]:
    """Return the statement as words under their headings; empty if dataset.toml makes none."""
    contents = about.get("contents")
    if contents is None:
        return {}
    return {
        "Includes text": "yes" if contents["includes_text"] else "no",
        "Genre": ", ".join(contents["genre"]),
        **{f"{layer.capitalize()} made by": origin for layer, origin in contents["layers"].items()},
    }


def creators(about: Mapping[str, Any]) -> list[str]:
    """Return who made the annotations, in the words of the Hugging Face hub."""
    origins = about.get("contents", {}).get("layers", {}).values()
    made = (origin.partition(",")[0] for origin in origins if origin != "not available")
    return sorted({CREATORS.get(maker, "machine-generated") for maker in made})
