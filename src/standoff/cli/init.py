"""`standoff init`: a new dataset in a folder of your own."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from standoff.cli.common import CLEAN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from standoff.cli.common import Commands

_QUESTIONS = {
    "name": "Machine name of the dataset, such as border-incidents",
    "title": "Title",
    "author": "Whom to cite (a person or body)",
    "license": "Licence of the data (SPDX)",
    "language": "Language of the documents (BCP 47)",
    "documents": "Folder for the documents",
    "genre": "Genre of the documents, such as news, government, legal or social",
    "scheme": "Action scheme: cameo or plover",
}
_DEFAULTS = {
    "license": "CC-BY-4.0",
    "language": "en",
    "documents": "documents",
    "genre": "news",
    "scheme": "cameo",
}


def add(commands: Commands) -> None:
    """Add the parser of this command."""
    init = commands.add_parser(
        "init",
        help="begin a dataset of your own documents",
        description="Write a new dataset into a folder: metadata, an actor registry, an invented example document with two "
        "events and a negative, pages to fill in, schemas for your editor, and checks for pre-commit and pull requests. "
        "On a terminal, missing answers are asked for. Files that exist are never overwritten.",
        epilog="Example: standoff init my-corpus --name my-corpus --title 'My corpus' --author 'The lab'",
    )
    init.add_argument(
        "folder", type=Path, metavar="FOLDER", help="where to write; created if it does not exist"
    )
    for name, words in _QUESTIONS.items():
        default = f" (default: {_DEFAULTS[name]})" if name in _DEFAULTS else ""
        init.add_argument(f"--{name}", metavar="TEXT", help=words[0].lower() + words[1:] + default)
    source = init.add_mutually_exclusive_group()
    source.add_argument(
        "--action", default="", metavar="OWNER/REPO@SHA", help="check pull requests with this GitHub action"
    )
    source.add_argument(
        "--install",
        default="",
        metavar="REQUIREMENT",
        help="check pull requests with the package that pip installs for this",
    )
    init.add_argument(
        "--package",
        action="store_true",
        help="let people install your releases with pip (writes pyproject.toml)",
    )
    init.add_argument("--released", metavar="YYYY-MM-DD", help="date of the first version (default: today)")
    init.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from datetime import date

    from standoff import project
    from standoff.findings import UsageError

    answers = {}
    for name, question in _QUESTIONS.items():
        default = options.folder.resolve().name if name == "name" else _DEFAULTS.get(name, "")
        answers[name] = getattr(options, name)
        if answers[name] is None and sys.stdin.isatty():
            answers[name] = input(f"{question}{f' [{default}]' if default else ''}: ").strip() or default
        elif answers[name] is None:
            answers[name] = _DEFAULTS.get(name)
    missing = [f"--{name}" for name, value in answers.items() if not value]
    if missing:
        raise UsageError(f"these answers are missing: {', '.join(missing)}")
    spelled = project.LICENSES.get(str(answers["license"]).casefold())
    if spelled and spelled != answers["license"]:
        raise UsageError(f'license is "{answers["license"]}"; SPDX writes it {spelled}')
    made = project.create(
        options.folder,
        project.Answers(
            **answers,
            action=options.action,
            install=options.install,
            package="yes" if options.package else "",
            released=options.released or date.today().isoformat(),
        ),
    )
    _fill_codebook(options.folder / "CODEBOOK.md", answers["scheme"])
    print(f"{len(made)} files in {options.folder}. Next:\n")
    print(f"  cd {options.folder}\n  standoff check\n  standoff show d001\n  standoff new document FILE …\n")
    print("CODEBOOK.md describes every field, and is where your coding decisions go.")
    if not (options.action or options.install):
        print(
            "The workflow for pull requests does not check yet: .github/workflows/check.yml says what to write there."
        )
    return CLEAN


def _fill_codebook(page: Path, name: str) -> None:
    """Fill in the parts of the codebook that come from the schemas, which need no data."""
    from standoff import markdown
    from standoff.codes import shipped
    from standoff.documents import codebook
    from standoff.schema import Vocabulary
    from standoff.source.writing import write_text

    text = page.read_text(encoding="utf-8")
    parts = codebook.schema_parts(shipped.scheme(name), Vocabulary(listed=(name,)))
    write_text(page, markdown.fill(text, {**markdown.filled(text), **parts}))
