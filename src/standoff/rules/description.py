"""Rules about what a dataset says about itself: what is left to write, and what contradicts its records."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Any

from standoff.findings import Data, Severity, shortened
from standoff.model.places import Path, Place
from standoff.model.versions import Version
from standoff.rules.file import READ
from standoff.rules.form import FORM
from standoff.rules.rule import CORPUS, Fault, rule
from standoff.source.corpus import Corpus
from standoff.source.files import SourceFile
from standoff.source.records import Event, Negative

PLACEHOLDER = "Replace this "
"""How the sentences begin that `standoff init` writes for people to replace."""
PAGES = ("README.md", "CODEBOOK.md", "DATASHEET.md")
_LONGEST_PAGE = 1 << 20


@rule(CORPUS, requires=(*READ, *FORM))
def placeholder_left(corpus: Corpus) -> Iterator[Fault]:
    """A sentence that `standoff init` wrote as a placeholder is still in `dataset.toml` or in a page beside the dataset.

    Write what it asks for, or delete it. It is a note while the version is a `.dev` version, and an error in a version
    that is to be released.
    """
    severity: Severity = "error" if Version.parse(corpus.meta.value["dataset"]["version"]).cut else "note"
    for path, text in _texts(corpus.meta.value):
        if text.lstrip().startswith(PLACEHOLDER):
            yield _placeholder(path, text.strip(), corpus.meta, severity)
    for page in _pages(corpus):
        for number, line in enumerate(page.lines, start=1):
            if line.startswith(PLACEHOLDER):
                yield _placeholder(Place(number, 1, number, 1 + len(line)), line, page, severity)


def _placeholder(at: Path | Place, text: str, file: SourceFile, severity: Severity) -> Fault:
    message = f'this is still the placeholder "{shortened(text)}"'
    return Fault(at, message, "write what it asks for, or delete it", file=file, severity=severity)


def _texts(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield every text in the value of a file, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _texts(item, (*path, key))


def _pages(corpus: Corpus) -> Iterator[SourceFile]:
    """Yield the pages beside the dataset that people write, as far as they can be read."""
    folder = PurePosixPath(corpus.meta.shown).parent.parent
    included = (
        name for name in corpus.meta.value["dataset"].get("include", ()) if name.endswith((".md", ".txt"))
    )
    for name in dict.fromkeys((*PAGES, *included)):
        path = corpus.root.parent / name
        with suppress(OSError, UnicodeDecodeError):
            if path.is_file() and not path.is_symlink() and path.stat().st_size <= _LONGEST_PAGE:
                yield SourceFile(path, (folder / name).as_posix(), "page", path.read_text(encoding="utf-8"))


@rule(CORPUS, requires=(*READ, *FORM))
def contents_contradicted(corpus: Corpus) -> Iterator[Fault]:
    """What `[contents]` in `dataset.toml` says of a layer does not fit the records or the readers.

    A layer that a person or a language model made needs an `[[annotators]]` block of that kind. A layer that is
    `not available` has no records.
    """
    layers = corpus.meta.value.get("contents", {}).get("layers", {})
    kinds = {annotator["kind"] for annotator in corpus.annotators}
    records = _records(corpus) if "not available" in layers.values() else {}
    for layer, origin in layers.items():
        maker, _, correction = origin.partition(", corrected by a ")
        absent = [
            kind for kind in (maker, correction) if kind in ("person", "language model") and kind not in kinds
        ]
        if absent:
            message = f"{layer} are said to be by a {absent[0]}, but no annotator is of that kind"
            remedy = "correct the origin, or add an [[annotators]] block for the reader"
        elif origin == "not available" and records.get(layer):
            message, remedy = (
                f"{layer} are said to be not available, but {records[layer]} has some",
                "state their origin",
            )
        else:
            continue
        yield Fault(
            ("contents", "layers", layer),
            message,
            remedy,
            file=corpus.meta,
            data=Data(expected=sorted(kinds)),
        )


def _records(corpus: Corpus) -> dict[str, str | None]:
    """Return for each layer the first thing that has it, None if nothing does."""
    files = [file for file in corpus.annotation_files() if file.annotator is None]
    events = [event for file in files for event in file.events]
    found: dict[str, list[Event] | list[Negative]] = {
        "events": events,
        "negatives": [negative for file in files for negative in file.negatives],
        "actors": [event for event in events if event.actors or event.targets],
        "dates": events,
        "places": [event for event in events if event.where],
        "links": [event for event in events if event.links],
    }
    return {layer: records[0].id if records else None for layer, records in found.items()}
