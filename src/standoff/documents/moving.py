"""The generated parts of docs/moving-to-2.md: which columns of 1.x have another name, and which are gone."""

from __future__ import annotations

from standoff import markdown
from standoff.loaders.renamed import RENAMED, WITHDRAWN


def parts() -> dict[str, str]:
    """Return the generated parts by name."""
    renamed = [[f"`{table}`", f"`{old}`", f"`{new}`"] for (table, old), new in RENAMED.items()]
    withdrawn = [[f"`{table}`", f"`{name}`", instead] for (table, name), instead in WITHDRAWN.items()]
    return {
        "renamed": markdown.table(["table", "in 1.x", "since 2.0"], renamed),
        "withdrawn": markdown.table(["table", "column", "instead"], withdrawn),
    }
