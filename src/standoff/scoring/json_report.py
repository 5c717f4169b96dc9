"""The report as JSON: every figure, for other programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from standoff.scoring.causes import miss_traits, negatives_hit
from standoff.scoring.compare import Comparison
from standoff.scoring.errors import Listed, disagreements, false_alarms
from standoff.scoring.ladder import Tally, by_class
from standoff.scoring.measures import Cells, compare_actors, compare_dates, confusion, countries
from standoff.scoring.panels import compare_panels
from standoff.scoring.relations import compare_links, compare_places
from standoff.scoring.result import MEASURES, Score


def as_json(scores: Sequence[Score], compared: Comparison | None = None) -> str:
    """Return every figure as JSON, rounded to six decimals; null is "not defined"."""
    value: dict[str, Any] = {"systems": [_as_value(score) for score in scores]}
    if compared is not None:
        value["comparison"] = {
            "first": compared.first.name,
            "second": compared.second.name,
            "differences": [
                {
                    "figure": d.name,
                    "first": _rounded(d.first),
                    "second": _rounded(d.second),
                    "low": _rounded(d.interval.low),
                    "high": _rounded(d.interval.high),
                    "p": _rounded(d.test.p),
                    "exact": d.test.exact,
                    "smallest_p": _rounded(d.test.smallest),
                    "documents_that_differ": d.test.differing,
                    "verdict": d.verdict,
                }
                for d in compared.differences
            ],
        }
    return json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6) + 0.0


def _tally(tally: Tally) -> dict[str, Any]:
    return {
        "hits": tally.hits,
        "predicted": tally.predicted,
        "gold": tally.gold,
        **{measure: _rounded(getattr(tally, measure)) for measure in MEASURES},
    }


def _optional(tally: Tally | None) -> dict[str, Any] | None:
    return None if tally is None else _tally(tally)


def _as_value(score: Score) -> dict[str, Any]:
    intervals = {
        over: {
            f"{name}.{measure}": [_rounded(i.low), _rounded(i.high)] for (name, measure), i in figures.items()
        }
        for over, figures in score.intervals.items()
    }
    dates = compare_dates(score.outcomes, score.gold.documents)
    panel = compare_panels(score.outcomes, score.codes)
    causes: dict[str, int] = {}
    for outcome in score.outcomes:
        if outcome.kind == "false alarm":
            causes[str(outcome.cause)] = causes.get(str(outcome.cause), 0) + 1
    return {
        "system": score.name,
        "signature": score.signature,
        "signature_line": score.signature_line,
        "intake": {
            "path": score.intake.path,
            "format": score.intake.format,
            "read": len(score.intake.records),
            "left_out": score.excluded,
            "faults": dict(sorted(score.intake.counts.items())),
            "placed_by": dict(sorted(score.intake.units.items())),
            "notes": score.intake.notes,
            "particulars": [
                {"line": f.line, "fault": f.kind, "message": f.message} for f in score.intake.faults
            ],
            "unresolved_parties": dict(sorted(score.aligned.unresolved.items())),
            "exact_matching": score.aligned.exact,
        },
        "ladder": {rung: _tally(t) for rung, t in score.ladder.items()},
        "unreachable": list(score.aligned.unreachable),
        "hierarchical": {kind: _tally(t) for kind, t in score.hierarchical.items()},
        "intervals": intervals,
        "references": [
            {"name": r.name, "kind": r.kind, "ladder": {rung: _tally(t) for rung, t in r.ladder.items()}}
            for r in score.references
        ],
        "by_root": {
            rung: {k: _tally(t) for k, t in by_class(score.outcomes, score.codes.root, rung).items()}
            for rung in ("root", "code")
        },
        "by_quad_class": {
            k: _tally(t) for k, t in by_class(score.outcomes, score.codes.quad, "quad").items()
        },
        "by_document": {
            document: {rung: _tally(t) for rung, t in rungs.items()}
            for document, rungs in score.by_document.items()
        },
        "actors": compare_actors(score.outcomes),
        "dates": {name: getattr(dates, name) for name in dates.__slots__},
        "places": _optional(compare_places(score.outcomes) if score.gold.has_places else None),
        "links": _optional(compare_links(score.outcomes)),
        "panel": {name: getattr(panel, name) for name in panel.__slots__},
        "false_alarms": dict(sorted(causes.items())),
        "false_alarms_listed": _listed(false_alarms(score)),
        "code_disagreements": _listed(disagreements(score)),
        "negatives": [
            {name: getattr(n, name) for name in n.__slots__}
            for n in negatives_hit(score.outcomes, score.gold, score.codes)
        ],
        "misses": [
            {name: getattr(t, name) for name in t.__slots__} for t in miss_traits(score.outcomes, score.gold)
        ],
        "confusion": {
            "root": _cells(score, lambda code: score.codes.root(code)),
            "quad_class": _cells(score, lambda code: str(score.codes.quad(code))),
            "actor_country": _counts(confusion(score.outcomes, lambda act: countries(act.actors, "actor"))),
            "target_country": _counts(
                confusion(score.outcomes, lambda act: countries(act.targets, "target"))
            ),
        },
    }


def _listed(listed: Listed[Any]) -> dict[str, Any]:
    """Return a list with its limit: the rows that are shown, and how many are left out."""
    return {"rows": [asdict(row) for row in listed.rows], "left_out": listed.left_out}


def _cells(score: Score, value: Any) -> list[dict[str, Any]]:
    return _counts(
        confusion(score.outcomes, lambda act: "unknown" if act.action is None else str(value(act.action)))
    )


def _counts(cells: Cells) -> list[dict[str, Any]]:
    return [{"gold": gold, "predicted": predicted, "n": n} for (gold, predicted), n in cells.items()]
