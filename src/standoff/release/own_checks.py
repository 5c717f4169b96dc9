"""The checks that a dataset states in dataset.toml: polars SQL expressions over its released tables.

An expression is admitted by `rules/expressions.py` before polars sees it, so it can read nothing but the row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import polars as pl

from standoff.findings import Finding
from standoff.model.places import Path
from standoff.rules.expressions import admit
from standoff.rules.rule import Fault, Rule
from standoff.rules.runner import placed
from standoff.source.corpus import Corpus
from standoff.source.files import SourceFile
from standoff.tables import tables_for

MOST = 200
"""How many failing rows of one check are reported."""


def stated(corpus: Corpus) -> list[dict[str, Any]]:
    """Return the checks that dataset.toml states in the right form."""
    return [item for i, item in corpus.meta.items("checks") if corpus.meta.sound("checks", i)]


def findings(
    corpus: Corpus, frames: Mapping[str, pl.DataFrame], only: Iterable[str] | None = None
) -> list[Finding]:
    """Return a finding for each row that fails a check of the dataset, at the record that the row is made from.

    The corpus has no errors, so every expression is admitted. `only` restricts the findings to these codes.
    """
    described = tables_for(corpus.scheme, corpus.vocabulary)
    places = dict(_places(corpus))
    found = []
    for check in stated(corpus):
        name = check["name"]
        if only is not None and name not in only:
            continue
        table = described[check["table"]]
        right = admit(check["expression"], table.schema).fill_null(value=True)
        failing = frames[table.name].filter(~right)
        rule = Rule(
            name,
            "expression",
            check.get("severity", "error"),
            (),
            check["message"],
            check.get("advice", ""),
            admit,
        )
        for row in failing.head(MOST).iter_rows(named=True):
            ids = [row[key] for key in row if key.endswith("_id")]
            record = next((each for each in ids if each in places), "")
            source, path = places.get(record, (corpus.meta, ()))
            key = ", ".join(str(row[column]) for column in table.key)
            message = f"{check['message']} ({table.name} {key})"
            found.append(placed(rule, Fault(path, message, check.get("advice"), id=record or None), source))
    return found


def _places(corpus: Corpus) -> Iterator[tuple[str, tuple[SourceFile, Path]]]:
    """Where each record, document and actor is written."""
    for file in corpus.files:
        if file.document is not None:
            yield file.document.id, (file, ("document",))
        for record in file.records:
            yield record.id, (file, record.path)
    for actor_id, i in corpus.actor_entries.items():
        yield actor_id, (corpus.actors, ("actors", i))
