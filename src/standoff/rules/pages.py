"""The page of each rule: what it looks for, how to fix it, and an example wrong and right.

`standoff explain` prints it, and `standoff docs` keeps the pages in `docs/rules/`.
"""

from __future__ import annotations

import re
import shutil
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from standoff import markdown
from standoff.findings import Finding
from standoff.rules.catalogue import own_rules
from standoff.rules.file import READ
from standoff.rules.form import FORM
from standoff.rules.rule import SCOPES, TABLE_SCOPES, Rule
from standoff.rules.runner import run
from standoff.source.corpus import read_corpus

EXAMPLES = Path(__file__).parent / "examples"
"""A small corpus and tables without faults, and `rules.toml`, which says how each rule is broken in them."""

OF_TABLES = ("tables", "coups")
"""The folders of examples that are tables. A corpus needs none of them."""

PROBLEMS = Path(__file__).parent / "problems.toml"

SEVERITIES = {
    "error": "error: no release is made",
    "warning": "warning: fix it, or accept it with a reason in `dataset/accepted.csv`",
    "note": "note: for your information; nothing has to be changed",
}
TABLE_SEVERITIES = {
    "error": "error: the table is wrong",
    "warning": "warning: the table may be wrong; look at the rows or columns that the finding names",
    "note": "note: for your information; nothing has to be changed",
}


@dataclass(frozen=True, slots=True)
class Example:
    """How a rule is broken: in `file` of the example corpus or tables, the text `right` becomes `wrong`.

    Without `right`, the file is added; without `wrong`, it is removed.
    """

    file: str
    right: str | None = None
    wrong: str | None = None
    times: int = 1
    encoding: str = "utf-8"
    beside: str | None = None

    def write(self, folder: Path) -> Path:
        """Write the example corpus with this fault into `folder`, which must not exist; return its dataset.

        The example tables are copied too if the fault is in one of them.
        """
        corpus_only = self.file.split("/")[0] not in OF_TABLES
        shutil.copytree(EXAMPLES, folder, ignore=shutil.ignore_patterns(*OF_TABLES) if corpus_only else None)
        file = folder / self.file
        if self.wrong is None:
            file.unlink()
        else:
            wrong = self.wrong * self.times
            text = file.read_text("utf-8").replace(self.right, wrong) if self.right is not None else wrong
            file.write_bytes(text.encode(self.encoding))
        return folder / "dataset"

    @cache  # noqa: B019 the examples live as long as the process
    def findings(self) -> tuple[Finding, ...]:
        """Return what check finds in the example corpus with this fault."""
        with TemporaryDirectory() as folder:
            corpus = read_corpus(self.write(Path(folder) / "corpus"), base=Path(folder) / "corpus")
            return tuple(run(corpus).findings)


@cache
def examples() -> dict[str, Example]:
    """Return the examples by rule code."""
    with (EXAMPLES / "rules.toml").open("rb") as file:
        return {code: Example(**fields) for code, fields in tomllib.load(file).items()}


def page(rule: Rule) -> str:
    """Return a rule's page as Markdown."""
    lines = [f"# {rule.code}", "", rule.summary, "", rule.advice, ""]
    severities = TABLE_SEVERITIES if rule.scope in TABLE_SCOPES else SEVERITIES
    lines += [f"- Looks at {SCOPES[rule.scope].looks_at}", f"- {severities[rule.severity].capitalize()}"]
    if rule.requires:
        lines.append(f"- Not run if one of these has failed: {', '.join(_premises(rule))}")
    example = examples().get(rule.code)
    if example is not None and rule.scope in TABLE_SCOPES:
        lines += [
            "",
            "The rows and columns concerned:",
            *_blocks(_in_table(example, rule)),
            *_profile(example),
        ]
    elif example is not None:
        said = next(finding for finding in example.findings() if finding.code == rule.code)
        lines += [*_blocks(example), "", "`standoff check` says:", "", f"- {_visible(said.message)}"]
        lines += [f"- closest: {_visible(said.closest)}"] if said.closest else []
        lines += [f"- {said.remedy}"] if said.remedy else []
    return "\n".join(lines) + "\n"


def _premises(rule: Rule) -> Iterator[str]:
    left = set(rule.requires)
    for codes, what in (
        (READ, "all rules about reading files"),
        (FORM, "all rules about the form of fields"),
    ):
        if left >= set(codes):
            left -= set(codes)
            yield what
    yield from sorted(left)


def _in_table(example: Example, rule: Rule) -> Example:
    """Return the example as whole rows under their header, with only the columns that the example or its rule is about.

    If the fault is in the header or in the number of cells, the whole table is shown.
    """
    assert example.right is not None
    assert example.wrong is not None
    text = (EXAMPLES / example.file).read_text("utf-8")
    right = [_CELL.findall(line) for line in text.splitlines()]
    wrong = [_CELL.findall(line) for line in text.replace(example.right, example.wrong).splitlines()]
    rows = set(range(max(len(right), len(wrong))))
    columns = set(range(max(map(len, right + wrong))))
    if right[0] == wrong[0] and [*map(len, right)] == [*map(len, wrong)]:
        cells = [(i, j) for i in rows for j in columns if right[i][j] != wrong[i][j]]
        about = rule.check().meta.root_names() if rule.scope == "table" else ()
        columns = {0, *(j for _, j in cells), *(right[0].index(name.split(".")[0]) for name in about)}
        rows = rows if rule.scope in ("key", "shape") else {0, *(i for i, _ in cells)}

    def shown(table: list[list[str]]) -> str:
        kept = (
            [cell for j, cell in enumerate(row) if j in columns] for i, row in enumerate(table) if i in rows
        )
        return "\n".join(map(",".join, kept))

    return replace(example, right=shown(right), wrong=shown(wrong))


_CELL = re.compile(r'(?:^|,)("(?:[^"]|"")*"|[^,]*)')
"""A cell of a line of CSV with its quotes: "" is not the same as nothing."""


def _profile(example: Example) -> Iterator[str]:
    """Yield the profile beside an example's table as Markdown; nothing if there is none."""
    file = Path(example.file).with_suffix(".toml")
    if (EXAMPLES / file).exists():
        text = (EXAMPLES / file).read_text("utf-8").strip()
        yield from ("", f"The profile of the table, `{file.as_posix()}`:", "", "```toml", text, "```")


def _blocks(example: Example) -> Iterator[str]:
    """Yield the example as Markdown: the passage of the file, wrong and then right."""
    for title, text in (("Wrong", example.wrong), ("Right", example.right)):
        saved = f", saved as {example.encoding}" if title == "Wrong" and example.encoding != "utf-8" else ""
        repeated = f", {example.times:,} times" if title == "Wrong" and example.times > 1 else ""
        if text is None or not text.strip():
            exists = title == "Right" and example.wrong is None
            what = "without these lines" if text is not None else "exists" if exists else "does not exist"
            yield from ("", f"{title}: `{example.file}` {what}")
            continue
        yield from ("", f"{title}, in `{example.file}`{saved}{repeated}:", "")
        yield from (f"```{Path(example.file).suffix[1:]}", _visible(text.strip("\n")), "```")


def _visible(text: str) -> str:
    """Return `text` with invisible characters written as escapes."""
    return "".join(char if char.isprintable() or char == "\n" else f"\\u{ord(char):04x}" for char in text)


def problems() -> dict[str, list[str]]:
    """Return the codes of all rules by what went wrong, in the order of the index.

    A rule that is in no list of `problems.toml` is added to the list that has most rules of its module.
    """
    grouped: dict[str, list[str]] = tomllib.loads(PROBLEMS.read_text("utf-8"))
    titles = {code: title for title, codes in grouped.items() for code in codes}
    rules = own_rules()
    for code, rule in rules.items():
        beside = [titles[c] for c, r in rules.items() if c in titles and _module(r) == _module(rule)]
        if code not in titles and beside:
            grouped[Counter(beside).most_common(1)[0][0]].append(code)
    return grouped


def _module(rule: Rule) -> str:
    return rule.check.__module__


def index(more: Mapping[str, Sequence[tuple[str, str, str, str]]] = MappingProxyType({})) -> str:
    """Return the list of all rules as Markdown, grouped by what went wrong.

    `more` are further groups by title: rows of link, severity, what it looks at, and what it looks for.
    """
    rules = own_rules()
    groups = {
        title: [
            (
                f"[{code}]({code}.md)",
                rules[code].severity,
                SCOPES[rules[code].scope].looks_at,
                rules[code].summary,
            )
            for code in sorted(codes)
        ]
        for title, codes in problems().items()
    } | dict(more)
    lines = [
        "# What a finding means",
        "",
        "`standoff check` names a rule in each finding. Look for what went wrong, or for the name of the rule.",
        "`standoff explain CODE` shows the same page on the command line.",
        "",
        "In a dataset, errors must be fixed: no release is made while there is one. If a record is right although it has a",
        "warning or note, accept the finding in `dataset/accepted.csv`, with one row for each record or file:",
        "`code,id,path,since,reason`. A row that accepts nothing is an error. In a table, an error rejects its row.",
        "",
        *(f"* [{title}](#{_anchor(title)})" for title in groups),
    ]
    for title, rows in groups.items():
        header = ("rule", "severity", "looks at", "looks for")
        lines += ["", f"## {title}", "", markdown.table(header, rows)]
    return "\n".join(lines) + "\n"


def _anchor(title: str) -> str:
    """Return the address of a heading on its page."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def pages() -> dict[str, str]:
    """Return every page of `docs/rules/` by file name."""
    rules = own_rules()
    return {"README.md": index()} | {f"{code}.md": page(rule) for code, rule in rules.items()}
