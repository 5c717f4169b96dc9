"""The file itself: the template with style, script and data put in, and the policy that seals it."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from html import escape
from importlib.resources import files
from typing import Any

from standoff.page.data import Tables, gathered


@dataclass(frozen=True, slots=True)
class About:
    """What the page says of the release that it shows.

    `site` is the address of pages about it, such as ``index.html`` beside the page: a link in the header.
    """

    name: str
    title: str
    version: str
    description: str
    license: str
    citation: str
    homepage: str | None = None
    site: str | None = None


def page(tables: Tables, about: About) -> str:
    """Return the page for the tables of a release, as HTML. The same tables give the same bytes.

    `tables` maps names to frames: documents, events, participants, mentions, links, negatives, dyads, passes,
    actors, affiliations and actions, and where the release has them places and locations.
    """
    data = {"about": asdict(about), **gathered(tables)}
    passes = data.pop("passes", [])  # apart, because the first view does without this largest of the tables
    style, script = _part("page.css"), _part("page.js")
    parts = {
        "title": escape(f"{about.name} {about.version}"),
        "policy": _policy(style, script),
        "style": style,
        "script": script,
        "data": _embedded(data),
        "passes": _embedded(passes),
    }
    text = _part("page.html")
    for name, part in parts.items():
        text = text.replace(f"<!--{name}-->", part, 1)
    return text


def _part(name: str) -> str:
    return files("standoff.page").joinpath(name).read_text(encoding="utf-8").strip()


def _policy(style: str, script: str) -> str:
    """Nothing is loaded from anywhere, and no style or script runs but these two."""
    return (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _embedded(data: Mapping[str, Any] | list[Any]) -> str:
    """Return JSON that is safe inside a script element: no character of it can end the element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
