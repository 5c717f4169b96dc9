"""The page of each check that only some formats have: what it says, and in which shipped profiles it is.

`standoff explain` prints it, and `standoff docs` keeps the pages in `docs/rules/` beside those of the rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import groupby

from standoff.bulk.profile_files import load_profile, shipped
from standoff.rules import pages as rule_pages
from standoff.tables.profiles import Profile, RowCheck

TITLE = "A row contradicts its format"
"""The heading of these checks in the index of the rules."""


@cache
def checks() -> dict[str, list[tuple[Profile, RowCheck]]]:
    """Return the checks of all shipped profiles by name, each with the profiles that have it."""
    found: dict[str, list[tuple[Profile, RowCheck]]] = {}
    for profile in map(load_profile, shipped()):
        for check in profile.checks:
            found.setdefault(check.name, []).append((profile, check))
    return dict(sorted(found.items()))


def page(name: str) -> str:
    """Return the page of a check as Markdown. KeyError if no shipped profile has it."""
    found = checks()[name]
    messages = dict.fromkeys(f"{check.message}." for _, check in found)
    lines = [f"# {name}", "", *messages, "", "This check belongs to the formats below, not to every table."]
    for check, group in groupby(found, key=lambda pair: pair[1]):
        formats = ", ".join(f"[`{profile.name}`](../profiles.md#{profile.name})" for profile, _ in group)
        lines += ["", f"In {formats}:", "", check.advice, ""]
        lines += [f"- {rule_pages.TABLE_SEVERITIES[check.severity].capitalize()}"]
        lines += ["- A row passes if this is true, or if a value that it uses is missing:"]
        lines += ["", "```sql", check.expression, "```"]
    return "\n".join(lines) + "\n"


def _listed() -> Iterator[tuple[str, str, str, str]]:
    """Yield a row of the index for each check."""
    for name, found in checks().items():
        severities = ", ".join(dict.fromkeys(check.severity for _, check in found))
        formats = ", ".join(profile.name for profile, _ in found)
        yield f"[{name}]({name}.md)", severities, formats, f"{found[0][1].message}."


def pages() -> dict[str, str]:
    """Return every page of `docs/rules/` by file name: those of the rules, of these checks, and the index of both."""
    ours = {f"{name}.md": page(name) for name in checks()}
    return rule_pages.pages() | ours | {"README.md": rule_pages.index({TITLE: list(_listed())})}
