"""The checks that a dataset states in dataset.toml: polars SQL expressions over its released tables, as rules.

An expression is admitted by `rules/expressions.py` before polars sees it, so it can read nothing but the row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from standoff.model.places import Path
from standoff.release.shares import compiled
from standoff.rules.catalogue import all_rules
from standoff.rules.rule import Fault, Rule
from standoff.source.corpus import Corpus
from standoff.source.files import SourceFile
from standoff.tables import Table, tables_for

if TYPE_CHECKING:
    import polars as pl

MOST = 200
"""How many failing rows of one check are reported one by one."""
_MALFORMED = "own-check-malformed"


def rules_with_own(
    corpus: Corpus, frames: Callable[[], Mapping[str, pl.DataFrame]] | None = None
) -> dict[str, Rule]:
    """Return all rules and, after them, one for each check of the dataset.

    A check looks at tables, which can be compiled only from a whole dataset without errors: it requires every rule that
    finds errors. `frames` returns these tables; without it, they are compiled when a check first asks for them.
    """
    shipped = dict(all_rules())
    items = corpus.meta.items("checks")
    if not items:
        return shipped
    errors = tuple(code for code, rule in shipped.items() if rule.severity == "error")
    described = tables_for(corpus.scheme, corpus.vocabulary)
    frames = frames or cache(partial(compiled, corpus))
    found = shipped
    for i, check in items:
        if not corpus.meta.sound("checks", i):
            continue
        name = check["name"]
        if name in shipped:
            fault = Fault(
                ("checks", i, "name"),
                f'standoff has a rule called "{name}"',
                "choose another name",
                file=corpus.meta,
            )
            malformed = replace(
                shipped[_MALFORMED], check=lambda _, fault=fault: [fault], requires=(), scope="corpus"
            )
            found = {**found, f"checks.{i}": malformed}
        elif name not in found and check["table"] in described:
            look = partial(_failing, check, described[check["table"]], frames)
            severity = check.get("severity", "error")
            rule = Rule(name, "corpus", severity, errors, check["message"], check.get("advice", ""), look)
            found = {**found, name: rule}
    return found


def _failing(
    check: Mapping[str, Any],
    table: Table,
    frames: Callable[[], Mapping[str, pl.DataFrame]],
    corpus: Corpus,
) -> Iterator[Fault]:
    """Yield a fault for each row that fails the check, at the record that the row is made from."""
    frame = frames()[table.name]
    from standoff.rules.expressions import admit  # imports polars, which must wait for the tables

    failing = frame.filter(~admit(check["expression"], table.schema).fill_null(value=True))
    places = dict(_places(corpus))
    advice = check.get("advice")
    for row in failing.head(MOST).iter_rows(named=True):
        ids = [row[key] for key in row if key.endswith("_id")]
        record = next((each for each in ids if each in places), "")
        source, path = places.get(record, (corpus.meta, ()))
        key = ", ".join(str(row[column]) for column in table.key)
        yield Fault(path, f"{check['message']} ({table.name} {key})", advice, id=record or None, file=source)
    if failing.height > MOST:
        message = f"{check['message']} (and {failing.height - MOST:,} more rows of {table.name})"
        yield Fault((), message, advice, file=corpus.meta)


def _places(corpus: Corpus) -> Iterator[tuple[str, tuple[SourceFile, Path]]]:
    """Where each record, document and actor is written."""
    for file in corpus.files:
        if file.document is not None:
            yield file.document.id, (file, ("document",))
        for record in file.records:
            yield record.id, (file, record.path)
    for actor_id, i in corpus.actor_entries.items():
        yield actor_id, (corpus.actors, ("actors", i))
