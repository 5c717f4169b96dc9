"""The built site: python site_is_whole.py FOLDER fails with each page that loads anything from the network, with each
link to a file or heading of the site that is not there, and with each reference to code that was not resolved."""

from __future__ import annotations

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADED = {("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "srcset"), ("link", "href")}
NOT_LOADED = {"canonical", "next", "prev", "alternate"}
"""Kinds of <link> that a browser does not follow by itself."""


class Page(HTMLParser):
    """What a page loads, what it links to, and the names of its headings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: set[str] = set()
        self.links: set[str] = set()
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take in one element."""
        given = {name: value or "" for name, value in attrs}
        self.ids |= {given[name] for name in ("id", "name") if name in given}
        for name, value in given.items():
            if (tag, name) in LOADED and not NOT_LOADED & set(given.get("rel", "").split()):
                self.loads.add(value)
            elif (tag, name) == ("a", "href"):
                self.links.add(value)


def faults(folder: Path) -> list[str]:
    """Return everything that is wrong with the site in `folder`."""
    pages = {path: Page(path.read_text("utf-8")) for path in sorted(folder.rglob("*.html"))}
    found = []
    for path, page in pages.items():
        name = path.relative_to(folder)
        found += [f"{name} loads {load}" for load in sorted(page.loads) if urlsplit(load).netloc]
        if name.name in ("404.html", "explore.html"):  # served at any address; made and proved by .ci/page
            continue
        for link in sorted(page.links):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path.resolve()
            if target.is_dir():
                target /= "index.html"
            other = pages.get(target)
            if not target.is_file():
                found.append(f"{name} links to {link}, which is not there")
            elif (
                parts.fragment
                and other
                and target.name != "explore.html"
                and unquote(parts.fragment) not in other.ids
            ):
                found.append(f"{name} links to {link}: there is no such heading")
    for style in folder.rglob("*.css"):
        if "url(http" in style.read_text("utf-8") or "@import" in style.read_text("utf-8"):
            found.append(f"{style.relative_to(folder)} loads from the network")
    return found if pages else ["there is no page"]


if __name__ == "__main__":
    root = Path(sys.argv[1]).resolve()
    if wrong := faults(root):
        raise SystemExit("\n".join(wrong))
    print(
        f"{len(list(root.rglob('*.html')))} pages: every link leads somewhere, and nothing comes from the network"
    )
