"""A new dataset from templates: a folder in which every command works at once.

The templates are in `schema/project/`. Files are written only where there are none. What `upgrade` may renew later is
recorded in `.standoff.json`, with the answers and the texts as they were written, so that your changes can be merged with
ours.
"""

from __future__ import annotations

import json
import keyword
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from standoff import __version__, schema
from standoff.codes import shipped
from standoff.findings import UsageError
from standoff.model.versions import Version
from standoff.source.writing import write_text

RECORD = ".standoff.json"
_RENEWED = {
    ".editorconfig": "dot-editorconfig",
    ".gitattributes": "dot-gitattributes",
    ".github/workflows/check.yml": "workflow.yml",
    ".github/workflows/publish.yml": "publish.yml",
    ".gitignore": "dot-gitignore",
    ".pre-commit-config.yaml": "pre-commit.yaml",
    ".vscode/settings.json": "vscode-settings.json",
    "schema/actors.schema.json": "../actors.schema.json",
    "schema/annotation.schema.json": "../annotation.schema.json",
    "schema/dataset.schema.json": "../dataset.schema.json",
}
"""Files that `upgrade` renews, with their templates."""
_YOURS = {
    "CODEBOOK.md": "CODEBOOK.md",
    "DATASHEET.md": "DATASHEET.md",
    "LICENSE-DATA": "LICENSE-DATA",
    "README.md": "README.md",
    "dataset/actors.yaml": "actors.yaml",
    "dataset/dataset.toml": "dataset.toml",
    "dataset/events/d001.yaml": "d001.yaml",
    "dataset/passes/a1/d001.yaml": "d001.yaml",
    "dataset/passes/a2/d001.yaml": "d001.yaml",
}
"""Files that are yours from the start, with their templates."""
_EXAMPLE = "001_example.txt"
_PACKAGE = "pyproject.toml"
_PATTERNS = {
    "name": (r"[a-z][a-z0-9-]*", "lower-case letters, digits and hyphens, beginning with a letter"),
    "license": (r"[A-Za-z0-9][A-Za-z0-9.+-]*", "an SPDX identifier such as CC-BY-4.0"),
    "language": (r"[a-z]{2,3}(-[A-Za-z0-9]+)*", "a BCP 47 tag such as en or pt-BR"),
    "documents": (r"[A-Za-z][A-Za-z0-9_-]*", "a bare folder name such as documents"),
    "released": (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "a day such as 2026-01-31"),
    "action": (r"(|[\w.-]+/[\w./-]+@[0-9a-f]{40})", "OWNER/REPO@ and the 40 digits of a commit"),
    "install": (
        r"(|[^./~\s][^\n\r]*)",
        "a name or an address that pip finds from any folder, and no path on this machine",
    ),
    "package": (r"(|yes)", "yes, or empty"),
}
"""The form of each answer, as a regular expression and in words. Other answers are one line of text."""
GENRES = schema.closed_list("dataset", "properties/contents/properties/genre/items")
LICENSES = {
    spelled.casefold().removesuffix(suffix): spelled
    for spelled in (
        "CC0-1.0",
        "CC-BY-4.0",
        "CC-BY-SA-4.0",
        "CC-BY-NC-4.0",
        "CC-BY-NC-SA-4.0",
        "ODbL-1.0",
        "ODC-By-1.0",
        "PDDL-1.0",
    )
    for suffix in ("", f"-{spelled.rpartition('-')[2]}")
}
"""Usual licences of data, in small letters and without their version, each as SPDX writes it."""
_RESERVED = ("dataset", "releases", "schema", "docs")


@dataclass(frozen=True, slots=True)
class Answers:
    """What a project is made from.

    `action` or `install` says where the workflows get standoff from; without them they are off. With `package`, the releases
    can be installed with pip.
    """

    name: str
    title: str
    author: str
    released: str
    license: str = "CC-BY-4.0"
    language: str = "en"
    documents: str = "documents"
    genre: str = "news"
    scheme: str = "cameo"
    action: str = ""
    install: str = ""
    package: str = ""

    @property
    def module(self) -> str:
        """The name of the Python package that holds the releases."""
        return self.name.replace("-", "_")

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not isinstance(value, str):
                raise UsageError(f"{field.name} must be text")
            pattern, words = _PATTERNS.get(
                field.name, (r"[^\x00-\x1f\x7f]*\S[^\x00-\x1f\x7f]*", "one line of text")
            )
            if not re.fullmatch(pattern, value):
                raise UsageError(f'{field.name} is "{value}", and must be {words}')
        if self.documents in _RESERVED:
            raise UsageError(f"documents must not be {self.documents}: that folder has another use")
        if self.genre not in GENRES:
            raise UsageError(f'genre is "{self.genre}", and must be one of {", ".join(GENRES)}')
        if self.scheme not in shipped.names():
            raise UsageError(f'scheme is "{self.scheme}", and must be one of {", ".join(shipped.names())}')
        if self.action and self.install:
            raise UsageError("give action or install: the workflow gets standoff from one place")
        if self.package and (self.module in sys.stdlib_module_names or keyword.iskeyword(self.module)):
            raise UsageError(
                f'"{self.name}" cannot be the name of a package: Python has a module or word of that name'
            )


@dataclass(frozen=True, slots=True)
class Change:
    """What `upgrade` does with a file: `merged` is its new text, None where that conflicts with the user's changes."""

    path: Path
    before: str | None
    ours: str
    merged: str | None


def create(folder: Path, answers: Answers) -> list[Path]:
    """Write a new project into the folder and return the files. UsageError if one of them is there already."""
    texts = {name: render(template, name, answers) for name, template in (_RENEWED | _YOURS).items()}
    texts[f"{answers.documents}/{_EXAMPLE}"] = render(_EXAMPLE, _EXAMPLE, answers)
    texts |= _citation(texts["dataset/dataset.toml"])
    if answers.package:
        texts[_PACKAGE] = render("package.toml", _PACKAGE, answers)
        texts[f"src/{answers.module}/__init__.py"] = (
            f'"""The releases of {answers.name}, as data. standoff reads them without importing this."""\n'
        )
    texts[RECORD] = _record(answers, {name: texts[name] for name in _RENEWED})
    there = [name for name in texts if (folder / name).is_symlink() or (folder / name).exists()]
    if there:
        more = f" and {len(there) - 1} more" if len(there) > 1 else ""
        raise UsageError(
            f"{folder / there[0]} already exists{more}: nothing was written; choose another folder"
        )
    for parent in (folder, *folder.resolve().parents):
        if (parent / "dataset.toml").is_file():
            raise UsageError(f"{folder} is inside a dataset ({parent}): choose a folder outside of it")
    written = []
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, text, new=True)
        written.append(path)
    return written


def changes(folder: Path) -> list[Change]:
    """Return what is to be changed in a project that an older version wrote. UsageError if it has no record."""
    answers, written = _read_record(folder)
    return list(_changes(folder, answers, written))


def removed(folder: Path) -> list[Path]:
    """Return the files that `init` wrote to be renewed, and that the user removed."""
    _, written = _read_record(folder)
    return [folder / name for name in written if name in _RENEWED and not (folder / name).exists()]


def apply(folder: Path, wanted: list[Change]) -> list[Path]:
    """Write the changes, conflicting ones to FILE.rej, and renew the record. Return the files that were written."""
    answers, _ = _read_record(folder)
    paths = []
    for change in wanted:
        path = change.path if change.merged is not None else change.path.with_name(f"{change.path.name}.rej")
        path.parent.mkdir(parents=True, exist_ok=True)
        write_text(path, change.ours if change.merged is None else change.merged)
        paths.append(path)
    new = {name: render(template, name, answers) for name, template in _RENEWED.items()}
    write_text(folder / RECORD, _record(answers, new))
    return paths


def render(template: str, name: str, answers: Answers) -> str:
    """Return the text of a template for the file `name`."""
    text = (schema.folder() / "project" / template).resolve().read_text(encoding="utf-8")
    if template.startswith("../"):
        return _schema_text(text, template, answers)
    if template == _EXAMPLE:
        return text
    if template == "d001.yaml":
        codes = (schema.folder() / "project" / "codes.toml").read_text(encoding="utf-8")
        for act, code in tomllib.loads(codes)[answers.scheme].items():
            text = text.replace(f"{{{act}}}", code)
        return text.replace("UP/", "../" * name.count("/"))
    values = {
        "scheme": answers.scheme,
        "name": answers.name,
        "title": json.dumps(answers.title, ensure_ascii=False),
        "plain_title": answers.title,
        "author": json.dumps(answers.author, ensure_ascii=False),
        "today": answers.released,
        "license": answers.license,
        "language": answers.language,
        "documents": answers.documents,
        "genre": answers.genre,
        "steps": _steps(answers),
        "install": _install(answers),
        "module": answers.module,
    }
    return re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], match[0]), text)


def _schema_text(text: str, template: str, answers: Answers) -> str:
    """A JSON Schema as the editor shall use it: as it is shipped for CAMEO, else with the words of the scheme."""
    if answers.scheme == shipped.DEFAULT:
        return text
    name = Path(template).name.removesuffix(".schema.json")
    vocabulary = schema.Vocabulary(listed=(answers.scheme,))
    return json.dumps(schema.json_schema(name, vocabulary), indent=2, ensure_ascii=False) + "\n"


def _steps(answers: Answers) -> str:
    """The steps of the workflow that check; without a place to get standoff from, a comment and a step that fails."""
    if answers.action:
        return f"      - uses: {answers.action}"
    if answers.install:
        requirement = json.dumps(answers.install)
        return (
            f'      - run: python -m pip install -- "$STANDOFF"\n        env:\n          STANDOFF: {requirement}\n'
            "        working-directory: ${{ runner.temp }}\n      - run: standoff check --format github"
        )
    return (
        "      # This workflow does not check yet: standoff init was not told where to get standoff from. Replace the step\n"
        "      # below by `- uses: OWNER/REPO@SHA`, the address of the action at a commit, or by an installation with pip.\n"
        "      - run: echo '::warning::the dataset is not checked yet; see .github/workflows/check.yml'"
    )


def _install(answers: Answers) -> str:
    """The step of the publishing workflow that installs standoff; one that fails if nothing says where to get it from."""
    requirement = answers.install
    if answers.action:
        repository, _, commit = answers.action.partition("@")
        owner = "/".join(repository.split("/")[:2])
        requirement = f"standoff[build] @ git+https://github.com/{owner}@{commit}"
    if not requirement:
        return (
            "      # standoff init was not told where to get standoff from. Replace this step by one that installs it.\n"
            "      - run: echo '::error::nothing is published yet; see .github/workflows/publish.yml' && exit 1"
        )
    return (
        '      - run: python -m pip install -- "$STANDOFF"\n        env:\n'
        f"          STANDOFF: {json.dumps(requirement)}\n        working-directory: ${{{{ runner.temp }}}}"
    )


def _citation(about: str) -> dict[str, str]:
    from standoff.release.citation import root_files

    return root_files(tomllib.loads(about))


def _record(answers: Answers, written: dict[str, str]) -> str:
    record = {"standoff": __version__, "answers": asdict(answers), "written": written}
    return json.dumps(record, indent=1, ensure_ascii=False) + "\n"


def _read_record(folder: Path) -> tuple[Answers, dict[str, str]]:
    path = folder / RECORD
    try:
        record: Any = json.loads(path.read_text(encoding="utf-8"))
        _refuse_newer(path, str(record["standoff"]))
        written = {str(name): str(text) for name, text in record["written"].items()}
        return Answers(**record["answers"]), written
    except FileNotFoundError:
        raise UsageError(f"there is no {path}: only what standoff init wrote can be upgraded") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{path} cannot be read: {error}; restore it from your version control") from None


def _refuse_newer(path: Path, written_by: str) -> None:
    """UsageError where a later version wrote the files: what is here would take them back."""
    if Version.parse(written_by) > Version.parse(__version__):
        raise UsageError(
            f"{path}: the files were written by standoff {written_by}, and this is {__version__}: install that version or a newer one"
        )


def _changes(folder: Path, answers: Answers, written: dict[str, str]) -> Iterator[Change]:
    for name, template in _RENEWED.items():
        path, ours, base = folder / name, render(template, name, answers), written.get(name)
        if path.is_symlink():
            raise UsageError(f"{path} is a symbolic link: replace it by the file")
        mine = path.read_text(encoding="utf-8") if path.is_file() else None
        if ours in (base, mine) or (
            mine is None and base is not None
        ):  # nothing new, or the user removed the file
            continue
        if mine is None or mine == base:
            yield Change(path, mine, ours, ours)
        else:
            yield Change(path, mine, ours, _merged(base or "", mine, ours))


def _merged(base: str, mine: str, ours: str) -> str | None:
    """Return the three-way merge of two texts, None where both change the same lines."""
    from merge3 import Merge3

    old, yours, new = (text.splitlines(keepends=True) for text in (base, mine, ours))
    merge = Merge3(old, yours, new)
    if any(region[0] == "conflict" for region in merge.merge_regions()):
        return None
    return "".join(merge.merge_lines())
