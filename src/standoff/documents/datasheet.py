"""The generated parts of DATASHEET.md: who read, what is in the data, how far the passes agree, what is known wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from standoff import markdown
from standoff.agreement.coefficients import Estimate, Interval
from standoff.agreement.measures import Agreement
from standoff.agreement.report import caution
from standoff.release.origins import statement
from standoff.rules.description import PLACEHOLDER
from standoff.source.corpus import Corpus
from standoff.tables import TABLES


def parts(
    corpus: Corpus, tables: Mapping[str, pl.DataFrame], agreements: Sequence[Agreement]
) -> dict[str, str]:
    """Return each generated part by its name; `agreements` is empty for a dataset without two passes."""
    return {
        "documents": _documents(tables),
        "in-short": _in_short(corpus),
        "readers": markdown.table(
            ["reader", "kind", "name", "task", "completed"],
            [
                [a["id"], a["kind"], a.get("name"), a.get("task"), a.get("completed")]
                for a in corpus.annotators
                if not a["name"].startswith(PLACEHOLDER)
            ],
        ),
        "counts": _counts(tables),
        "what-became": _what_became(tables),
        "agreement-summary": _agreement(agreements[0])
        if agreements
        else "There are no two passes to compare.",
        "source-errors": _errors(tables),
        "licence": _licence(corpus),
    }


def _in_short(corpus: Corpus) -> str:
    """The statements that dataset.toml makes for every metadata file."""
    about = corpus.meta.value
    said = {
        **statement(about),
        **{
            topic.replace("_", " ").capitalize(): text
            for topic, text in about.get("responsible_use", {}).items()
        },
    }
    return "\n".join(f"- **{topic}.** {text}" for topic, text in said.items())


def _documents(tables: Mapping[str, pl.DataFrame]) -> str:
    rows = [
        [
            *(
                d[key]
                for key in ("document_id", "title", "publisher", "published", "published_basis", "characters")
            ),
            *(tables[name].filter(document_id=d["document_id"]).height for name in ("events", "negatives")),
        ]
        for d in tables["documents"].to_dicts()
    ]
    return markdown.table(
        ["document", "title", "publisher", "published", "basis", "characters", "events", "negatives"], rows
    )


def _counts(tables: Mapping[str, pl.DataFrame]) -> str:
    return markdown.table(
        ["table", "rows", "what it holds"],
        [[f"`{name}`", f"{tables[name].height:,}", table.description] for name, table in TABLES.items()],
    )


def _what_became(tables: Mapping[str, pl.DataFrame]) -> str:
    """How many records of each pass are matched to a released one, and how many released ones no pass had."""
    passes = tables["passes"].to_dicts()
    rows: list[list[object]] = [
        [annotator, record, len(made), sum(row["adjudicated_id"] is not None for row in made)]
        for annotator, record in sorted({(row["annotator"], row["record"]) for row in passes})
        if (made := [row for row in passes if (row["annotator"], row["record"]) == (annotator, record)])
    ]
    released = {
        "event": set(tables["events"]["event_id"]),
        "negative": set(tables["negatives"]["negative_id"]),
    }
    matched = {row["adjudicated_id"] for row in passes}
    rows += [["released", record, len(ids), len(ids & matched)] for record, ids in released.items()]
    return markdown.table(["reader", "record", "made", "of these matched to the other side"], rows)


SUMMARY = (
    ("event", "F1, matched"),
    ("trigger", "F1, overlapping"),
    ("action code", "alpha, nominal"),
    ("root code", "alpha, nominal"),
    ("actor codes", "alpha, hierarchical"),
    ("target codes", "alpha, hierarchical"),
    ("date", "share compatible"),
    ("status", "alpha, nominal"),
    ("attribution", "alpha, MASI"),
    ("places", "alpha, MASI"),
    ("link", "F1, same relation"),
    ("negative", "F1, overlapping"),
    ("reason", "alpha, nominal"),
    ("would-be code", "alpha, nominal"),
)
"""The measures that the datasheet repeats from the agreement report."""


def _agreement(agreement: Agreement) -> str:
    estimates = {(m.name, m.statistic): m.estimate for m in agreement.measures}
    rows = [[*key, *_shown(estimates[key])] for key in SUMMARY if key in estimates]
    header = ["", "statistic", "n", "value", "interval over records", "interval over documents"]
    return f"{caution(agreement)}\n\n{markdown.table(header, rows)}"


def _shown(estimate: Estimate) -> tuple[Any, ...]:
    value = "–" if estimate.value is None else f"{estimate.value:.2f}"
    return estimate.n, value, _interval(estimate.over_records), _interval(estimate.over_documents)


def _interval(interval: Interval) -> str:
    return "–" if interval.low is None else f"{interval.low:.2f} to {interval.high:.2f}"


def _errors(tables: Mapping[str, pl.DataFrame]) -> str:
    """What the records say that the reports get wrong."""
    found = [
        [row[key], row["source_error"]]
        for name, key in (("documents", "document_id"), ("events", "event_id"))
        for row in tables[name].drop_nulls("source_error").to_dicts()
    ]
    return markdown.table(["record", "what the text gets wrong"], found) if found else "None is recorded."


def _licence(corpus: Corpus) -> str:
    meta = corpus.meta.value["dataset"]
    authors = ", ".join(author["name"] for author in corpus.meta.value["authors"])
    return f"The annotations are released by {authors} under {meta['license']}."
