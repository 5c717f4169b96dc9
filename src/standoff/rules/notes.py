"""Rules about what our own notes refer to: records, rules of the codebook, entries of the registries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from difflib import get_close_matches

from standoff.findings import Data
from standoff.model import ids
from standoff.model.patterns import pattern
from standoff.rules.corpus import groups
from standoff.rules.file import READ
from standoff.rules.form import FORM, path_name
from standoff.rules.rule import CORPUS, Fault, rule
from standoff.rules.text import written_texts
from standoff.source.corpus import Corpus

_RECORD_IN_TEXT = pattern(rf"(?<![\w/.-])(?:{ids.EVENT}|{ids.NEGATIVE})(?![\w-])")


@rule(CORPUS, severity="warning", requires=("id-vanished", "duplicate-id", "stray-file", *READ, *FORM))
def note_names_no_record(corpus: Corpus) -> Iterator[Fault]:
    """A note or another text of ours names an event or a negative that does not exist and was never withdrawn.

    Correct the id. Notes of a pass may name the records of that pass, and released ones.
    """
    released = {each for file in corpus.files for each in file.digest.ids}
    released |= {entry.id for entry in corpus.retired}
    for files in groups(corpus):
        known = released.union(*(file.digest.ids for file in files if file.annotator is not None))
        for file in files:
            for path, text in written_texts(file):
                unknown = [each for each in _RECORD_IN_TEXT.findall(text) if each not in known]
                if unknown:
                    yield Fault(
                        path,
                        f"{path_name(path)} names {unknown[0]}, which does not exist",
                        "correct the id",
                        file=file,
                        data=Data(other=unknown[0]),
                    )


@rule(CORPUS, severity="warning", requires=("duplicate-id", *READ, *FORM))
def note_names_no_rule(corpus: Corpus) -> Iterator[Fault]:
    """A note or another text of ours cites a rule of the codebook that it does not have.

    Correct the number or the name. Rules are the paragraphs of `CODEBOOK.md` beside the dataset that begin with their number
    in bold, such as **6.7**; their name may follow in backquotes. Passes are not checked: they cite the codebook as it was.
    """
    page = _codebook(corpus)
    known, names = set(_RULE_OF_CODEBOOK.findall(page)), set(_NAME_OF_RULE.findall(page))
    for file in corpus.files if len(known) >= _FEW_RULES else ():
        for path, text in written_texts(file):
            if "ule" not in text:
                continue
            cited = [number for words in _RULE_IN_TEXT.findall(text) for number in _NUMBER.findall(words)]
            unknown = next((number for number in cited if number not in known), None)
            near: list[str] = []
            for name in _NAMED_IN_TEXT.findall(text) if unknown is None else ():
                if name not in names and (near := get_close_matches(name, names, 1, 0.75)):
                    unknown = name
                    break
            if unknown is not None:
                yield Fault(
                    path,
                    f"{path_name(path)} cites rule {unknown}, which the codebook does not have",
                    f"correct the {'name' if near else 'number'}",
                    closest=near[0] if near else None,
                    file=file,
                    data=Data(other=unknown),
                )


def _codebook(corpus: Corpus) -> str:
    """Return the codebook beside the dataset; nothing where it cannot be read."""
    page = corpus.root.parent / "CODEBOOK.md"
    with suppress(OSError, UnicodeDecodeError):
        if page.is_file() and not page.is_symlink() and page.stat().st_size <= _LONGEST_PAGE:
            return page.read_text(encoding="utf-8")
    return ""


_FEW_RULES = 5
"""Numbers in bold below which a codebook has no numbered rules."""
_LONGEST_PAGE = 1 << 20
_RULE_OF_CODEBOOK = pattern(r"^\*\*(\d+\.\d+)\*\*", re.MULTILINE)
_NAME_OF_RULE = pattern(r"^\*\*\d+\.\d+\*\* `([a-z0-9-]+)`", re.MULTILINE)
_NAMED_IN_TEXT = pattern(r"\b[Rr]ules?\s+([a-z0-9]+(?:-[a-z0-9]+)+)(?![\w-])")
_NUMBER = pattern(r"\d+\.\d+")
_RULE_IN_TEXT = pattern(r"\b[Rr]ules?\s+(\d+\.\d+(?:(?:,| and| or|, and)\s+\d+\.\d+)*)(?![\w.]*\d)")


@rule(CORPUS, severity="warning", requires=("id-vanished", "duplicate-id", *READ, *FORM))
def note_names_no_entry(corpus: Corpus) -> Iterator[Fault]:
    """A note in a registry names an entry that does not exist, though one of nearly the same id does.

    Correct the id.
    """
    known = {*corpus.actor_entries, *corpus.place_entries, *(entry.id for entry in corpus.retired)}
    begun: dict[str, list[str]] = {}
    for each in known:
        begun.setdefault(each[:3], []).append(each)
    for file in (corpus.actors, corpus.places_file):
        for path, text in written_texts(file):
            if path[-1] != "note" or "-" not in text:
                continue
            for words in _ENTRY_IN_TEXT.findall(text):
                if words in known or not (near := get_close_matches(words, begun.get(words[:3], ()), 1, 0.9)):
                    continue
                yield Fault(
                    path,
                    f"{path_name(path)} names {words}, which does not exist",
                    "correct the id",
                    closest=near[0],
                    file=file,
                    data=Data(other=words),
                )


_ENTRY_IN_TEXT = pattern(r"(?<![\w/.-])[a-z0-9]+(?:-[a-z0-9]+)+(?![\w-])")
