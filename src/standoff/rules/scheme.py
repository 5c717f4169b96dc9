"""Rules about the action scheme of a dataset: what dataset.toml names, and the lists in the dataset's folder `codes/`."""

from __future__ import annotations

from collections.abc import Iterator

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
    """A code list is not a table of the columns it needs, or a cell holds none of the words or numbers allowed there.

    Write one code to a line and one cell for each column; `docs/codes.md` lists the columns.
    """
    return _problems(corpus, "code-list-malformed")


@rule(CORPUS)
def code_repeated(corpus: Corpus) -> Iterator[Fault]:
    """A code list holds a code twice, or one that the scheme it extends has. Or dataset.toml adds a word that is there already.

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
