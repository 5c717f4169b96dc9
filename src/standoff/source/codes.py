"""The action scheme of a dataset: a shipped one by name, or the dataset's own in its folder `codes/`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any

from standoff.codes import shipped
from standoff.codes.reading import SCHEME, Problem, read
from standoff.codes.scheme import Scheme
from standoff.model.classes import dataclass, field
from standoff.schema import Vocabulary, closed_list
from standoff.source.files import SourceFile, read_text, read_toml, shown_path

WORDS = {
    "statuses": "$defs/event/properties/status",
    "reasons": "$defs/negative/properties/reason",
    "date_bases": "$defs/event/properties/date_basis",
}
"""The lists in dataset.toml that add words to the core, and where the core is in the schema of annotation files."""


@dataclass
class OwnCodes:
    """The scheme of a dataset, the files it was read from, and what is wrong with it.

    `files` are `scheme.toml` and the lists, by name; none where a shipped scheme is used as it is. `problems` are
    placed in one of them, or in dataset.toml. Where no scheme can be read, `scheme` is the one that it extends, or
    the default, so that the other rules can run.
    """

    scheme: Scheme
    files: dict[str, SourceFile] = field(default_factory=dict)
    problems: list[tuple[SourceFile, Problem]] = field(default_factory=list)


def read_codes(folder: FilePath, meta: SourceFile, base: FilePath) -> OwnCodes:
    """Read the scheme of a dataset from its folder `codes/`, or the shipped one that dataset.toml names."""
    dataset = meta.value.get("dataset") if isinstance(meta.value, dict) else None
    stated = dataset.get("scheme") if isinstance(dataset, dict) else None
    if not folder.is_dir():
        named = stated if isinstance(stated, str) else shipped.DEFAULT
        try:
            return OwnCodes(shipped.scheme(named))
        except KeyError as error:
            problem = Problem(
                "scheme-inconsistent",
                meta.file.name,
                str(error.args[0]),
                "name one of them, or put a scheme of your own into codes/ beside dataset.toml",
                path=("dataset", "scheme"),
            )
            return OwnCodes(shipped.scheme(), problems=[(meta, problem)])
    own = OwnCodes(shipped.scheme())
    described = _source(folder, SCHEME, "scheme", base)
    own.files[SCHEME] = read_toml(described)
    if described.faults or described.violations or not isinstance(described.value, dict):
        return own
    value: dict[str, Any] = described.value
    extended = None
    if "extends" in value:
        try:
            extended = own.scheme = shipped.scheme(value["extends"])
        except KeyError as error:
            problem = Problem(
                "scheme-inconsistent", SCHEME, str(error.args[0]), "name a shipped scheme", path=("extends",)
            )
            own.problems.append((described, problem))
            return own

    def text_of(name: str) -> str | None:
        path = folder / name
        if not path.is_file() and not path.is_symlink():
            return None
        file = own.files.setdefault(name, _source(folder, name, "codes", base))
        if not file.text and not file.faults:
            read_text(file)
        return file.text

    found, problems = read(value, text_of, extended)
    if found is not None:
        own.scheme = found
    own.problems += [(own.files[problem.file], problem) for problem in problems]
    if stated is not None and stated != value["name"]:
        message = f'the scheme is "{stated}", and {folder.name}/{SCHEME} describes "{value["name"]}"'
        at = ("dataset", "scheme")
        problem = Problem("scheme-inconsistent", meta.file.name, message, "give both the same name", path=at)
        own.problems.append((meta, problem))
    return own


def repeated_words(meta: SourceFile) -> Iterator[tuple[SourceFile, Problem]]:
    """Yield a problem for each word of dataset.toml that the core has, or an earlier entry."""
    for key, pointer in WORDS.items():
        seen = set(closed_list("annotation", pointer))
        for i, item in meta.items(key):
            word = item.get("word")
            if word in seen:
                message = f'the word "{word}" is in the core or above already'
                remedy = "choose another word, or delete this entry"
                yield meta, Problem("code-repeated", meta.file.name, message, remedy, path=(key, i, "word"))
            seen.add(str(word))


def scheme_of(root: FilePath) -> Scheme:
    """Return the scheme of the dataset in `root`, as far as it can be read."""
    meta = read_toml(SourceFile(root / "dataset.toml", "dataset.toml", "dataset"))
    return read_codes(root / "codes", meta, root).scheme


def vocabulary_of(meta: SourceFile, scheme: Scheme) -> Vocabulary:
    """Return the words that dataset.toml adds to the closed lists, and those for codes that the scheme lists."""
    extended = scheme.extends or scheme.name
    return Vocabulary(
        **{
            key: tuple((item["word"], item["parent"]) for i, item in meta.items(key) if meta.sound(key, i))
            for key in WORDS
        },
        listed=tuple(dict.fromkeys((extended, scheme.name))),
    )


def _source(folder: FilePath, name: str, kind: str, base: FilePath) -> SourceFile:
    return SourceFile(folder / name, shown_path(folder / name, base), kind)
