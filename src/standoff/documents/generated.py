"""Every document of a project that is generated, wholly or between markers, and what of it is out of date."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from standoff import markdown
from standoff.agreement import measures, report
from standoff.documents import codebook, datasheet, format_checks, moving, readme
from standoff.findings import CheckFailed, UsageError
from standoff.loaders import store
from standoff.model.versions import Version
from standoff.release import changes, citation
from standoff.release.compile import compile_tables
from standoff.rules.runner import run
from standoff.source.corpus import Corpus


def documents(corpus: Corpus, folder: Path, *, data: bool | None = None) -> dict[Path, str | None]:
    """Return what each generated document in `folder` should say now; None where there should be none.

    Two kinds are generated. What comes from schemas and code is always returned: parts of CODEBOOK.md and the pages about
    standoff itself, which are renewed where they are. What comes from the dataset (counts, examples, figures, agreement)
    is returned if `data` is true; by default it is true for a version that is to be released, and false for a ``.dev``
    version. Two contributions would otherwise change the same lines, and conflict.

    The agreement is that of the comparisons that dataset.toml names, else of the first two passes by name. It goes between
    the markers of AGREEMENT.md; a page without markers is replaced. Raises CheckFailed if the dataset has errors, and UsageError if
    CODEBOOK.md, DATASHEET.md or README.md, which people write around the generated parts, is missing or lacks a marker.
    """
    findings = run(corpus).findings
    if any(finding.severity == "error" for finding in findings):
        raise CheckFailed(finding for finding in findings if finding.severity == "error")
    texts: dict[Path, str | None] = {}
    parts = {folder / "CODEBOOK.md": codebook.schema_parts(corpus.scheme, corpus.vocabulary)}
    docs = folder / "docs"
    releases_page, moving_page, rule_pages = docs / "releases.md", docs / "moving-to-2.md", docs / "rules"
    if releases_page.is_file():
        parts[releases_page] = {"kinds": changes.kinds_table()}
    if moving_page.is_file():
        parts[moving_page] = moving.parts()
    if rule_pages.is_dir():
        texts |= dict.fromkeys(sorted(rule_pages.glob("*.md")))
        texts |= {rule_pages / name: text for name, text in format_checks.pages().items()}
    if has_data(corpus) if data is None else data:
        made, whole = _from_data(corpus, folder)
        texts |= whole
        made[folder / "CODEBOOK.md"] |= parts.pop(folder / "CODEBOOK.md")
        parts |= made
    else:
        written = markdown.filled(_read(folder / "CODEBOOK.md"))
        parts[folder / "CODEBOOK.md"] |= {
            name: written[name] for name in codebook.FROM_DATA if name in written
        }
    return texts | {path: markdown.fill(_read(path), made) for path, made in parts.items()}


def has_data(corpus: Corpus) -> bool:
    """Whether what comes from the dataset is renewed: while a version is in development, it waits for the release."""
    return Version.parse(corpus.meta.value["dataset"]["version"]).cut


def _from_data(corpus: Corpus, folder: Path) -> tuple[dict[Path, dict[str, str]], dict[Path, str | None]]:
    """Return the parts that come from the dataset, by document and name, and the documents that do so as a whole."""
    tables = compile_tables(corpus)
    agreements = measures.comparisons(corpus)
    about = corpus.meta.value["dataset"]
    parts = {
        folder / "CODEBOOK.md": codebook.data_parts(tables, corpus.scheme, corpus.vocabulary),
        folder / "DATASHEET.md": datasheet.parts(corpus, tables, agreements),
        folder / "README.md": readme.parts(
            about["name"], _newest(about["version"], folder / "releases"), tables, corpus.scheme.title
        ),
    }
    figures = folder / "docs" / "figures"
    pictures = readme.pictures(tables) if figures.is_dir() else {}
    texts: dict[Path, str | None] = {figures / name: svg for name, svg in pictures.items()}
    texts |= {folder / name: text for name, text in citation.root_files(corpus.meta.value).items()}
    if agreements:
        page = folder / "AGREEMENT.md"
        written = _read(page) if page.is_file() else ""
        texts[page] = markdown.fill(
            written if markdown.filled(written) else report.PAGE,
            {"agreement": report.as_markdown(agreements)},
        )
        texts[folder / "agreement.json"] = report.as_json(agreements)
    return parts, texts


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
