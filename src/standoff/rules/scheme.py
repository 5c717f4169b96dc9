"""Rules about what is a dataset's own: its action scheme, the lists in its folder `codes/`, and its checks in dataset.toml."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from standoff.model.places import Place
from standoff.rules.rule import CORPUS, Fault, rule
from standoff.source.corpus import Corpus


def _problems(corpus: Corpus, kind: str) -> Iterator[Fault]:
    for file, problem in corpus.own_codes.problems:
        if problem.kind == kind:
            at = Place(problem.line, 1, problem.line, 1) if problem.line else problem.path
            yield Fault(at, problem.message, problem.remedy, file=file)


@rule(CORPUS)
def scheme_inconsistent(corpus: Corpus) -> Iterator[Fault]:
    """The action scheme is not known, or its description contradicts itself.

    Name a shipped scheme under `scheme` in dataset.toml, or describe your own in `codes/scheme.toml`. See
    `docs/codes.md` for its keys. Actions are checked against the scheme as far as it can be read.
    """
    return _problems(corpus, "scheme-inconsistent")


@rule(CORPUS)
def code_list_malformed(corpus: Corpus) -> Iterator[Fault]:
    """A code list lacks a required column, or a cell has a value that is not allowed there.

    Write one code in each line, and one cell for each column. `docs/codes.md` lists the columns.
    """
    return _problems(corpus, "code-list-malformed")


@rule(CORPUS)
def code_repeated(corpus: Corpus) -> Iterator[Fault]:
    """A code list has a code twice, or a code of the scheme that it extends; or dataset.toml adds a word that exists already.

    Delete one of the two, or choose another code.
    """
    return _problems(corpus, "code-repeated")


@rule(CORPUS)
def code_parent_unknown(corpus: Corpus) -> Iterator[Fault]:
    """The parent or counterpart of a code is not in the list.

    Add it, or correct the code. Codes below a missing parent are left out of the scheme.
    """
    return _problems(corpus, "code-parent-unknown")


@rule(CORPUS)
def code_cycle(corpus: Corpus) -> Iterator[Fault]:
    """The parents of codes form a cycle.

    Follow the codes in the message and correct one of their parents.
    """
    return _problems(corpus, "code-cycle")


@rule(CORPUS)
def own_check_malformed(corpus: Corpus) -> Iterator[Fault]:
    """A check in dataset.toml cannot be evaluated, or has the name of another one.

    An expression may use the columns of its table, literals, comparisons, arithmetic and the functions that
    `docs/codes.md` lists; it cannot read anything else. It is true or null where a row is right.
    """
    if not (items := corpus.meta.items("checks")):
        return
    from standoff.rules.expressions import NotAdmitted, admit
    from standoff.tables import tables_for

    described = tables_for(corpus.scheme, corpus.vocabulary)
    taken: set[str] = set()
    for i, check in items:
        if not corpus.meta.sound("checks", i):
            continue
        if check["name"] in taken:
            message = f'another check is called "{check["name"]}"'
            yield Fault(("checks", i, "name"), message, "choose another name")
        taken.add(check["name"])
        if check["table"] not in described:
            near = get_close_matches(check["table"], described, n=1)
            yield Fault(
                ("checks", i, "table"),
                f'there is no table "{check["table"]}"',
                f"name one of {', '.join(described)}",
                closest=near[0] if near else None,
            )
            continue
        try:
            admit(check["expression"], described[check["table"]].schema)
        except NotAdmitted as error:
            yield Fault(("checks", i, "expression"), f"the expression is not allowed: {error}", "correct it")
