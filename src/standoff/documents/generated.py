"""The documents at the project's root that are generated from the dataset, wholly or between markers."""

from __future__ import annotations

from pathlib import Path

from standoff import markdown
from standoff.agreement import measures, report
from standoff.documents import codebook, datasheet, readme
from standoff.findings import CheckFailed, UsageError
from standoff.loaders import store
from standoff.model.versions import Version
from standoff.release import citation
from standoff.release.compile import compile_tables
from standoff.rules.runner import run
from standoff.source.corpus import Corpus


def documents(corpus: Corpus, folder: Path) -> dict[Path, str]:
    """Return what each generated document in `folder` should say now.

    The agreement is that of the first two passes by name. CODEBOOK.md, DATASHEET.md and README.md are read from
    there for what people have written around the marked parts. Raises CheckFailed if the dataset has errors, and UsageError
    if such a document or one of its markers is missing.
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
    texts = {path: markdown.fill(_read(path), parts) for path, parts in made.items()}
    texts |= {folder / "docs" / "figures" / name: svg for name, svg in readme.pictures(tables).items()}
    texts |= {folder / name: text for name, text in citation.root_files(corpus.meta.value).items()}
    if agreement is not None:
        texts[folder / "AGREEMENT.md"] = report.as_markdown(agreement)
        texts[folder / "agreement.json"] = report.as_json(agreement)
    return texts


def stale(texts: dict[Path, str]) -> list[Path]:
    """Return the documents that are missing or say something else."""
    return [path for path, text in texts.items() if not path.is_file() or path.read_text("utf-8") != text]


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
