"""Lay out the project's pages for the documentation site: python site_pages.py FOLDER

The pages of `docs/` come to the root of the site, the pages beside `README.md` join them. Links are rewritten to match;
a file that a page links to and that is not a page is copied into `files/`. A link to a missing file is an error.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[1]
CODE = re.compile(r"(^ *```.*?^ *```$|`[^`\n]+`)", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(\]\(|^\[[^\]]+\]: |(?:href|src|srcset)=\")([^()\s\"#]+)(#[^()\s\"]*)?", re.MULTILINE)
ON_SITE = re.compile(r"<!-- on the site: (\S+) (.+?) -->")
"""A link to a file that only the site has: its address and its words."""
LEFT_OUT = {"README.md"}
"""The README shows the project on a code host; `docs/index.md` is the front page of the site."""


def pages() -> list[PurePosixPath]:
    """Return every page of the site by its path in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = (PurePosixPath(name) for name in listed.split("\0") if name and (ROOT / name).is_file())
    return [path for path in found if str(path) not in LEFT_OUT and address(path).parts[0] != "files"]


def address(path: PurePosixPath) -> PurePosixPath:
    """Return the place in the site of a file of the repository."""
    if str(path) == "README.md":
        return PurePosixPath("index.md")
    if str(path) == "benchmarks/RESULTS.md":
        return PurePosixPath("benchmarks.md")
    if path.parts[0] == "docs":
        inner = path.relative_to("docs")
        return inner.with_name("index.md") if path.name == "README.md" else inner
    if len(path.parts) == 1 and path.suffix == ".md":
        return PurePosixPath(path.name.lower())
    return PurePosixPath(
        "files", *(part.removeprefix(".") for part in path.parts)
    )  # hidden files are not published


def deeper(text: str) -> str:
    """Return a page in which what belongs to a numbered item is indented by four spaces, as the site needs it."""
    lines, numbered, fenced = [], False, False
    for line in text.split("\n"):
        if not fenced and line and not line.startswith("   "):
            numbered = re.match(r"\d\. ", line) is not None
        fenced ^= line.startswith("```")
        lines.append(f" {line}" if numbered and line.startswith("   ") else line)
    return "\n".join(lines)


def rewritten(path: PurePosixPath, text: str, files: set[PurePosixPath]) -> str:
    """Return a page with its links as they are in the site; add the files that it links to to `files`."""

    def link(match: re.Match[str]) -> str:
        before, target, anchor = match.group(1), match.group(2), match.group(3) or ""
        if re.match(r"[a-z]+:", target):
            return match.group()
        resolved = PurePosixPath(os.path.normpath(path.parent / target))
        if not (ROOT / resolved).is_file():
            raise SystemExit(f"{path}: the link to {target} leads to no file")
        files.add(resolved)
        return before + os.path.relpath(address(resolved), address(path).parent) + anchor

    parts = CODE.split(text)
    text = "".join(part if number % 2 else LINK.sub(link, part) for number, part in enumerate(parts))
    return ON_SITE.sub(r"[\2](\1)", text)


def main(folder: Path) -> None:
    """Write all pages, and the files that they link to, into `folder`."""
    files: set[PurePosixPath] = set()
    written = pages()
    for path in written:
        target = folder / address(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(rewritten(path, deeper((ROOT / path).read_text("utf-8")), files), "utf-8")
    for path in sorted(files - set(written) - {PurePosixPath("README.md")}):
        target = folder / address(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, target)
    shutil.copytree(ROOT / "docs" / "assets", folder / "assets")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
