"""The score of one system: every figure, its interval, and the alignment."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from standoff import __version__
from standoff.exchange.records import Intake
from standoff.findings import UsageError
from standoff.scoring.align import UNREAD, Aligned
from standoff.scoring.codes import CodeTree
from standoff.scoring.gold import Gold
from standoff.scoring.ladder import Outcome, Tally, ladder
from standoff.scoring.matching import VERSION
from standoff.scoring.measures import hierarchical
from standoff.scoring.options import OUT_OF_SCOPE, Options
from standoff.scoring.resampling import Interval, Vector, bootstrap, total
from standoff.scoring.rungs import HEIGHT, RUNGS

MEASURES = ("precision", "recall", "f1")
HIERARCHIES = ("code", "actor")
PREFIX = "hierarchical-"
"""Before the names of hierarchical figures: the rung "code" is another figure."""
STATISTICS = (
    *((rung, measure) for rung in RUNGS for measure in MEASURES),
    *((PREFIX + kind, measure) for kind in HIERARCHIES for measure in MEASURES),
)
"""What has intervals: (rung or hierarchy, precision, recall or f1), in the order in which it is computed."""


@dataclass
class Score:
    """How good one system is. Every figure is computed when it is first asked for.

    `aligned` has every pair, false alarm and miss; `references` are the passes of the gold and the baselines,
    scored alike. `frame` and `alignment` give polars frames.
    """

    name: str
    gold: Gold
    options: Options
    codes: CodeTree
    intake: Intake
    excluded: int
    aligned: Aligned
    references: list[Aligned]

    @property
    def outcomes(self) -> list[Outcome]:
        """Every pair, false alarm and miss."""
        return self.aligned.outcomes

    @property
    def ladder(self) -> dict[str, Tally]:
        """Precision, recall and F1 on every rung."""
        return self.aligned.ladder

    @cached_property
    def hierarchical(self) -> dict[str, Tally]:
        """Credit by shared ancestors, for codes and for actors."""
        sums = total(self._vectors, len(STATISTICS) // len(MEASURES) + 2 + 2 * len(HIERARCHIES))
        return _tallies(sums)[1]

    @cached_property
    def _vectors(self) -> list[Vector]:
        return [vector(outcome, self.codes) for outcome in self.outcomes]

    @cached_property
    def by_document(self) -> dict[str, dict[str, Tally]]:
        """The ladder of every document."""
        found = defaultdict(list)
        for outcome in self.outcomes:
            found[outcome.document].append(outcome)
        return {document: ladder(found[document]) for document in self.gold.documents}

    @cached_property
    def document_vectors(self) -> tuple[list[Vector], Vector]:
        """The sums of every document of the gold, and of what belongs to none."""
        width = len(vector(Outcome(None, UNREAD, None), self.codes))
        sums = {document: [0] * width for document in self.gold.documents}
        rest = [0] * width
        for outcome, numbers in zip(self.outcomes, self._vectors, strict=True):
            into = sums.get(outcome.document or "", rest)
            for i, number in enumerate(numbers):
                into[i] += number
        return [tuple(each) for each in sums.values()], tuple(rest)

    @cached_property
    def intervals(self) -> dict[str, dict[tuple[str, str], Interval]]:
        """Intervals of every statistic, over documents and over events; empty where `ci` is 0."""
        if not self.options.ci:
            return {}
        documents, rest = self.document_vectors
        rounds, seed = self.options.ci, self.options.seed
        return {
            "documents": dict(
                zip(STATISTICS, bootstrap(documents, statistics, rounds, seed, rest), strict=True)
            ),
            "events": dict(zip(STATISTICS, bootstrap(self._vectors, statistics, rounds, seed), strict=True)),
        }

    @property
    def signature(self) -> dict[str, Any]:
        """What two scores must share to be compared."""
        return {
            "gold": self.gold.name,
            "sha256": self.gold.sha256[:12],
            "scorer": __version__,
            "rule": VERSION,
            "match": "+".join(self.aligned.levels),
            "codes": self.codes.name,
            "actor": self.options.actor,
            "located": self.gold.located,
            "documents": len(self.gold.documents),
            "events": len(self.gold.records),
            "exclude": "+".join(sorted({*self.options.exclude} - {OUT_OF_SCOPE})) or "nothing",
            "support": self.options.support,
            "ci": self.options.ci,
            "seed": self.options.seed,
        }

    @property
    def signature_line(self) -> str:
        """The signature as one line."""
        return "|".join(f"{key}:{value}" for key, value in self.signature.items())

    def value(self, name: str, measure: str = "f1") -> float | None:
        """Return one figure: a rung or ``hierarchical-code``, ``hierarchical-actor``, and its measure."""
        tallies = {**self.ladder, **{PREFIX + kind: t for kind, t in self.hierarchical.items()}}
        if name not in tallies or measure not in MEASURES:
            raise UsageError(
                f'there is no figure "{name}.{measure}": choose {", ".join(tallies)} and {", ".join(MEASURES)}'
            )
        figure: float | None = getattr(tallies[name], measure)
        return figure

    def frame(self) -> pl.DataFrame:
        """Return the ladder as a polars frame: rung, hits, predicted, gold, precision, recall, f1 and intervals."""
        rows = []
        for rung, tally in self.ladder.items():
            row: dict[str, Any] = {
                "rung": rung,
                "hits": int(tally.hits),
                "predicted": int(tally.predicted),
                "gold": int(tally.gold),
                **{measure: getattr(tally, measure) for measure in MEASURES},
            }
            for over in ("documents", "events"):
                interval = self.intervals.get(over, {}).get((rung, "f1"), Interval(None, None))
                row |= {f"f1_low_{over}": interval.low, f"f1_high_{over}": interval.high}
            rows.append(row)
        return pl.DataFrame(rows, infer_schema_length=None)

    def alignment(self) -> pl.DataFrame:
        """Return one row for each pair, false alarm and miss, as a polars frame. It holds no words of documents."""
        return pl.DataFrame(
            [_row(outcome) for outcome in self.outcomes], schema=ALIGNMENT, orient="row"
        ).sort(
            "document_id", "start", "kind", "predicted_id", "gold_id", nulls_last=True, maintain_order=True
        )


def vector(outcome: Outcome, codes: CodeTree) -> Vector:
    """Return one outcome as numbers that add up: predicted, gold, hits on each rung, and shared ancestors."""
    predicted, gold = outcome.predicted is not None, outcome.gold is not None
    hits = (int(outcome.rung >= height) for height in HEIGHT.values())
    return (int(predicted), int(gold), *hits, *hierarchical(outcome, codes))


def _tallies(sums: Vector) -> tuple[dict[str, Tally], dict[str, Tally]]:
    predicted, gold, *rest = sums
    rungs = {name: Tally(hits, predicted, gold) for name, hits in zip(RUNGS, rest, strict=False)}
    tail = rest[len(RUNGS) :]
    trees = {kind: Tally(*tail[3 * i : 3 * i + 3]) for i, kind in enumerate(HIERARCHIES)}
    return rungs, trees


def statistics(sums: Vector) -> list[float | None]:
    """Return every figure of `STATISTICS` from the sum of vectors."""
    rungs, trees = _tallies(sums)
    return [getattr(t, measure) for t in (*rungs.values(), *trees.values()) for measure in MEASURES]


ALIGNMENT: dict[str, pl.DataType | type[pl.DataType]] = {
    "document_id": pl.String,
    "kind": pl.String,
    "predicted_id": pl.String,
    "predicted_line": pl.Int64,
    "gold_id": pl.String,
    "start": pl.Int64,
    "end": pl.Int64,
    "gold_start": pl.Int64,
    "gold_end": pl.Int64,
    "predicted_action": pl.String,
    "gold_action": pl.String,
    **dict.fromkeys(RUNGS, pl.Boolean),
    "cause": pl.String,
    "negative_id": pl.String,
}
"""The columns of the alignment table."""


def _row(outcome: Outcome) -> dict[str, Any]:
    p, g = outcome.predicted, outcome.gold
    pair = p is not None and g is not None
    return {
        "document_id": outcome.document,
        "kind": outcome.kind,
        "predicted_id": p.id if p else None,
        "predicted_line": p.line if p else None,
        "gold_id": g.id if g else None,
        "start": p.trigger.start if p and p.trigger else None,
        "end": p.trigger.end if p and p.trigger else None,
        "gold_start": g.trigger.start if g and g.trigger else None,
        "gold_end": g.trigger.end if g and g.trigger else None,
        "predicted_action": p.action if p else None,
        "gold_action": g.action if g else None,
        **{name: outcome.rung >= height if pair else None for name, height in HEIGHT.items()},
        "cause": outcome.cause,
        "negative_id": outcome.negative,
    }
