"""Every link in the project's pages leads to a file that is there, and to a heading that stands in it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [
    Path(name)
    for name in subprocess.run(
        ["git", "ls-files", "-z", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    if (ROOT / name).is_file()
]
CODE = re.compile(r"^```.*?^```$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"""\]\(([^()\s]+)\)|^\[[^\]]+\]: (\S+)|(?:href|src|srcset)="([^"]+)\"""", re.MULTILINE)


def links(page: Path) -> set[str]:
    """The links of a page that lead to the project's own files, as they are written."""
    text = CODE.sub("", (ROOT / page).read_text("utf-8"))
    found = {next(filter(None, groups)) for groups in LINK.findall(text)}
    return {link for link in found if not re.match(r"[a-z]+:", link)}


def headings(page: Path) -> set[str]:
    """What stands after # in links to the headings of a page: small letters, hyphens for spaces, no punctuation."""
    titles = re.findall(r"^#+ (.+)$", (ROOT / page).read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def leads_somewhere(page: Path, link: str) -> bool:
    file, _, heading = link.partition("#")
    target = (ROOT / page.parent / file).resolve() if file else ROOT / page
    return target.exists() and (not heading or heading in headings(target))


@pytest.mark.parametrize("folder", sorted({page.parent for page in PAGES}), ids=str)
def test_every_link_of_every_page_in_a_folder_leads_somewhere(folder: Path) -> None:
    pages = [page for page in PAGES if page.parent == folder]
    broken = [f"{page}: {link}" for page in pages for link in links(page) if not leads_somewhere(page, link)]
    assert broken == []


def test_links_are_found() -> None:
    assert {"CODEBOOK.md", "docs/figures/explorer-light.png"} <= links(Path("README.md"))
    assert "quote-not-found.md" in links(Path("docs/rules/README.md"))
