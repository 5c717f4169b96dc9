"""The agreement of two passes as text, as Markdown (`AGREEMENT.md`) and as JSON (`agreement.json`)."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping
from typing import Any

from standoff import markdown
from standoff.agreement.coefficients import LEVEL, REPLICATES, SEED, Estimate
from standoff.agreement.matching import SHARED_EVIDENCE
from standoff.agreement.measures import Agreement, Confusion, Measure

PARTS = {
    "finding": "Finding the same records",
    "coding": "Coding a matched event alike",
    "negatives": "Giving a matched negative the same reason",
}
NOBODY = "not recorded"
ORIGIN = (
    "Computed from the passes as they were made, before anything was discussed or settled. "
    "The same figures for programs are in `agreement.json`; what the measures are is told at the end."
)
FULL_TABLE = 8
"""Confusions of more values than this are listed cell by cell, those that agree left out."""

METHOD = f"""
- **Matching.** Within a document, events are paired off one to one so that the total weight is greatest (an exact
  solution, not a greedy one). Two events may be paired if their triggers overlap (weight 1 + shared part of the
  triggers + shared part of the evidence), if at least {SHARED_EVIDENCE:.0%} of their joint evidence is shared, or
  if one reader lists as a mention what the other took as the trigger. Codes only break ties. Negatives are paired
  if their words overlap.
- **F1** is twice the number of pairs that fulfil the criterion over the number of records of both readers.
  Neither reader is taken as the truth.
- **Alpha** is Krippendorff's: 1 is perfect agreement, 0 what chance would give, below 0 worse than chance. It is
  computed over the matched events only, so it says how alike the readers code an act once both have seen it. It
  is not defined where every value is the same. Distances enter as they are, not squared.
    - *nominal*: 0 if equal, else 1.
    - *hierarchical* (action codes): 1 less the depth of the deepest code that both have in common over the depth
      of the deeper code; different roots are 1 apart, 190 and 194 one half.
    - *hierarchical* (actor codes): 1 less the number of leading elements in common over the number of elements of
      the longer code, so LBNREBHEZ and LBNREB are 1/3 apart. Several actors are paired off so that they are most
      alike in all; 1 less the total likeness over the length of the longer list.
    - *MASI* (sets of registry entries; Passonneau 2006): 1 less Jaccard's index times 1, 2/3, 1/3 for equal sets,
      one within the other, merely overlapping. For attribution the empty set is the narrator.
    - *days not shared*: 1 less the days in both dates over the days in either; an open end reaches one year.
- **Dates** are *compatible* if some day may belong to both.
- **Intervals** are {LEVEL:.0%} percentile intervals of {REPLICATES:,} bootstrap samples (seed {SEED}), drawn with replacement
  from the pairs and, for F1, the unmatched records. Records of one document are not independent of each other, so
  the true uncertainty is rather larger; it says nothing about other documents, topics or readers.
"""


def caution(agreement: Agreement) -> str:
    """Who the readers were, and what their agreement therefore is not."""
    first, second = agreement.annotators
    kinds = [annotator.get("kind", "reader of unknown kind") for annotator in (first, second)]
    named = " and ".join(f"{a['id']}: {_described(a)}" for a in (first, second))
    if kinds == ["language model", "language model"]:
        same = first.get("name") == second.get("name") and "name" in first
        return (
            f"Both readers are language models ({named}). Agreement between two models is not agreement between people"
            + (", and two readings by models of one make share habits that lift it." if same else ".")
        )
    if "language model" in kinds:
        return f"One of the readers is a language model ({named}). This is not agreement between people."
    return f"The readers are {named}."


def _described(annotator: Mapping[str, Any]) -> str:
    return ", ".join(filter(None, (annotator.get("name"), annotator.get("kind"))))


def as_json(agreement: Agreement) -> str:
    """Return the whole agreement as JSON; numbers have four decimals, null is "not defined"."""
    value = {
        "annotators": [dict(annotator) for annotator in agreement.annotators],
        "caution": caution(agreement),
        "documents": [
            {
                "document_id": d.document_id,
                "events": list(d.events),
                "events_matched": d.events_matched,
                "negatives": list(d.negatives),
                "negatives_matched": d.negatives_matched,
            }
            for d in agreement.documents
        ],
        "documents_in_one_pass_only": list(agreement.left_out),
        "measures": [
            {"part": m.part, "measure": m.name, "statistic": m.statistic, **_numbers(m.estimate)}
            for m in agreement.measures
        ],
        "confusion": {
            confusion.name: [
                {"first": first, "second": second, "n": n} for (first, second), n in _cells(confusion)
            ]
            for confusion in agreement.confusions
        },
        "interval": {
            "level": LEVEL,
            "method": "percentile bootstrap",
            "replicates": REPLICATES,
            "seed": SEED,
        },
    }
    return json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n"


def _numbers(estimate: Estimate) -> dict[str, Any]:
    def rounded(value: float | None) -> float | None:
        return None if value is None else round(value, 4) + 0.0  # never -0.0

    return {
        "n": estimate.n,
        "value": rounded(estimate.value),
        "low": rounded(estimate.low),
        "high": rounded(estimate.high),
    }


def as_markdown(agreement: Agreement) -> str:
    """Return the report as Markdown."""
    first, second = (annotator["id"] for annotator in agreement.annotators)
    blocks = [
        "<!-- Generated from dataset/passes by `standoff docs`; edit nothing here. -->",
        "# Agreement between the two passes",
        f"**{caution(agreement)}**",
        ORIGIN,
        "## What was compared",
        markdown.table(
            ["document", f"events {first}", f"events {second}", "matched",
             f"negatives {first}", f"negatives {second}", "matched"],
            [*([d.document_id, *d.events, d.events_matched, *d.negatives, d.negatives_matched]
               for d in agreement.documents), _total(agreement)],
        ),
    ]  # fmt: skip
    if agreement.left_out:
        blocks.append(f"Read in one pass only, and left out: {', '.join(agreement.left_out)}.")
    for part, title in PARTS.items():
        rows = [
            [m.name, m.statistic, m.estimate.n, _decimal(m.estimate.value), _interval(m.estimate)]
            for m in agreement.measures
            if m.part == part
        ]
        blocks += [
            f"## {title}",
            markdown.table(["", "statistic", "n", "value", f"{LEVEL:.0%} interval"], rows),
        ]
    blocks.append("## Where the readers differ")
    blocks.append(f"Rows are {first}, columns {second}.")
    for confusion in agreement.confusions:
        blocks += [f"### {confusion.name.capitalize()}", _confusion(confusion, first, second)]
    return "\n\n".join([*blocks, "## How it was computed", METHOD.strip()]) + "\n"


def _total(agreement: Agreement) -> list[object]:
    sums = [
        sum(column)
        for column in zip(
            *((*d.events, d.events_matched, *d.negatives, d.negatives_matched) for d in agreement.documents),
            strict=True,
        )
    ]
    return ["**all**", *sums]


def _confusion(confusion: Confusion, first: str, second: str) -> str:
    values = sorted({v for cell in confusion.cells for v in cell}, key=lambda v: (v is None, v or ""))
    agreed = sum(n for (a, b), n in confusion.cells.items() if a == b)
    total = sum(confusion.cells.values())
    if not total:
        return "Nothing to compare."
    if len(values) <= FULL_TABLE:
        return markdown.table(
            [f"{first} \\ {second}", *(v or NOBODY for v in values)],
            [[a or NOBODY, *(confusion.cells.get((a, b), 0) for b in values)] for a in values],
        )
    summary = f"{agreed} of {total} are the same."
    differing = [[a or NOBODY, b or NOBODY, n] for (a, b), n in _cells(confusion) if a != b]
    if not differing:
        return summary
    return f"{summary} The others:\n\n{markdown.table([first, second, 'times'], differing)}"


def _cells(confusion: Confusion) -> list[tuple[tuple[str | None, str | None], int]]:
    """The cells, most frequent first, then by value."""
    return sorted(confusion.cells.items(), key=lambda cell: (-cell[1], [v or "" for v in cell[0]]))


def _decimal(value: float | None) -> str:
    return "–" if value is None else f"{round(value, 3) + 0.0:.3f}"


def _interval(estimate: Estimate) -> str:
    if estimate.low is None:
        return "–"
    return f"{_decimal(estimate.low)} to {_decimal(estimate.high)}"


def as_text(agreement: Agreement) -> str:
    """Return the figures for a terminal, without the confusions."""
    lines = [*textwrap.wrap(caution(agreement), 100), ""]
    lines += [
        f"{d.document_id}  events {d.events[0]} and {d.events[1]}, {d.events_matched} matched; "
        f"negatives {d.negatives[0]} and {d.negatives[1]}, {d.negatives_matched} matched"
        for d in agreement.documents
    ]
    for part, title in PARTS.items():
        rows = [m for m in agreement.measures if m.part == part]
        lines += ["", f"{title:<44}{'n':>5}{'value':>8}   {LEVEL:.0%} interval"]
        lines += [_text_row(m) for m in rows]
    return "\n".join(lines) + "\n"


def _text_row(m: Measure) -> str:
    label = f"{m.name}, {m.statistic}"
    return f"  {label:<42}{m.estimate.n:>5}{_decimal(m.estimate.value):>8}   {_interval(m.estimate)}"
