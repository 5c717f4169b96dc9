"""Every document of a project that is generated, wholly or between markers, and what of it is out of date."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from standoff import markdown
from standoff.agreement import measures, report
from standoff.documents import codebook, datasheet, readme
from standoff.findings import CheckFailed, UsageError
from standoff.loaders import store
from standoff.model.versions import Version
from standoff.release import changes, citation
from standoff.release.compile import compile_tables
from standoff.rules import pages
from standoff.rules.runner import run
from standoff.source.corpus import Corpus


def documents(corpus: Corpus, folder: Path) -> dict[Path, str | None]:
    """Return what each generated document in `folder` should say now; None where there should be none.

    The agreement is that of the first two passes by name. CODEBOOK.md, DATASHEET.md and README.md are read from
    there for what people have written around the marked parts. Raises CheckFailed if the dataset has errors, and UsageError
    if such a document or one of its markers is missing. The pages about standoff itself are renewed where they are.
    """
    findings = run(corpus).findings
    if any(finding.severity == "error" for finding in findings):
        raise CheckFailed(finding for finding in findings if finding.severity == "error")
    tables = compile_tables(corpus)
    readers = sorted({file.annotator for file in corpus.passes if file.annotator})
    agreement = measures.compare(corpus, *readers[:2]) if len(readers) > 1 else None
    about = corpus.meta.value["dataset"]
    made = {
        folder / "CODEBOOK.md": codebook.parts(tables),
        folder / "DATASHEET.md": datasheet.parts(corpus, tables, agreement),
        folder / "README.md": readme.parts(
            about["name"], _newest(about["version"], folder / "releases"), tables
        ),
    }
    releases_page, rule_pages = folder / "docs" / "releases.md", folder / "docs" / "rules"
    if releases_page.is_file():
        made[releases_page] = {"kinds": changes.kinds_table()}
    texts: dict[Path, str | None] = {}
    if rule_pages.is_dir():
        texts |= dict.fromkeys(sorted(rule_pages.glob("*.md")))
        texts |= {rule_pages / name: text for name, text in pages.pages().items()}
    texts |= {path: markdown.fill(_read(path), parts) for path, parts in made.items()}
    texts |= {folder / "docs" / "figures" / name: svg for name, svg in readme.pictures(tables).items()}
    texts |= {folder / name: text for name, text in citation.root_files(corpus.meta.value).items()}
    if agreement is not None:
        texts[folder / "AGREEMENT.md"] = report.as_markdown(agreement)
        texts[folder / "agreement.json"] = report.as_json(agreement)
    return texts


def stale(texts: Mapping[Path, str | None]) -> list[Path]:
    """Return the documents that are missing, say something else, or should not be there."""
    return [
        path for path, text in texts.items() if (path.read_text("utf-8") if path.is_file() else None) != text
    ]


def renew(path: Path, text: str | None) -> None:
    """Make a document say `text`; with None, take it away."""
    if text is None:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="\n")


def _newest(version: str, releases: Path) -> Version:
    """The release to name to readers: this version, or the last that was cut while it is in development."""
    this = Version.parse(version)
    cut = [each for each in store.versions_in(releases) if each.cut]
    return this if this.cut or not cut else cut[-1]


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise UsageError(
            f"{path.name} is not there: people write it, only its marked parts are generated"
        ) from None
