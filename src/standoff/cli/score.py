"""`standoff score`: how good an event coder is, against coded records."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from standoff.cli.common import CLEAN, FINDINGS, coded_records, documents_here

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from standoff.cli.common import Commands

REPORTS = ("text", "markdown", "json", "html", "summary")


def add(commands: Commands) -> None:
    """Add the parser of this command."""
    score = commands.add_parser(
        "score",
        help="score the output of an event coder against coded records",
        description="Compare the events that a coder (a dictionary, a model, a prompt) found in the gold's documents with the "
        "gold events, and report what it found, what it coded right, and why the rest is wrong. Exit status 1: a figure "
        "is below --fail-under.",
        epilog="Examples: standoff score answers.jsonl --texts articles · standoff score a.jsonl b.jsonl --compare · "
        "standoff score answers.jsonl --report html > report.html · standoff score --explain",
    )
    score.add_argument("predictions", nargs="*", type=Path, metavar="PRED", help="files or folders to score")
    score.add_argument(
        "--gold",
        metavar="GOLD",
        help="a release (version or folder) or a dataset folder (default: the newest release of the dataset here; outside of a dataset, of this installation)",
    )
    score.add_argument(
        "--texts", type=Path, metavar="FOLDER", help="your copies of the documents, recognised by SHA-256"
    )
    score.add_argument("--format", metavar="FORMAT", help="format of the predictions (default: recognised)")
    score.add_argument(
        "--match",
        choices=("trigger", "sentence", "document"),
        help="how closely records must agree on the place (default: as closely as the format allows)",
    )
    score.add_argument(
        "--actor",
        choices=("code", "id", "country"),
        default="code",
        help="what makes two parties equal (default: code)",
    )
    score.add_argument(
        "--codes",
        choices=("own", "plover"),
        help="score in the gold's own code list or in PLOVER types (default: that of the predictions)",
    )
    score.add_argument(
        "--exclude",
        action="append",
        default=[],
        metavar="FAULT",
        help="leave out records with this fault, such as unknown-document; without it they count (repeatable)",
    )
    score.add_argument(
        "--documents",
        action="append",
        default=[],
        metavar="ID",
        help="score these documents only, and leave out the records of others (repeatable)",
    )
    score.add_argument(
        "--support",
        type=int,
        default=3,
        metavar="N",
        help="leave root codes with fewer gold events out of the macro average (default: 3)",
    )
    score.add_argument(
        "--ci", type=int, default=1000, metavar="N", help="bootstrap rounds; 0: no intervals (default: 1000)"
    )
    score.add_argument("--seed", type=int, metavar="S", help="seed of the bootstrap")
    score.add_argument(
        "--no-references",
        action="store_true",
        help="leave out the passes and baselines that figures are compared with",
    )
    score.add_argument("--compare", action="store_true", help="test the difference of two prediction files")
    score.add_argument(
        "--alignment", type=Path, metavar="FILE", help="write every pair, false alarm and miss to a .csv"
    )
    score.add_argument("--report", choices=REPORTS, default="text", help="form of the report (default: text)")
    score.add_argument("--out", type=Path, metavar="FILE", help="write the report to a file")
    score.add_argument(
        "--fail-under",
        action="append",
        default=[],
        metavar="FIGURE=VALUE",
        help="exit 1 if a figure, such as code.f1, is below the value (repeatable)",
    )
    score.add_argument("--explain", action="store_true", help="print the matching rule and stop")
    score.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    from standoff.findings import UsageError
    from standoff.lazy import uncollected
    from standoff.scoring import run as scoring
    from standoff.scoring.compare import compare
    from standoff.scoring.matching import RULE
    from standoff.scoring.options import SEED
    from standoff.scoring.render import FORMS

    if options.explain:
        sys.stdout.write(RULE)
        return CLEAN
    if not options.predictions:
        raise UsageError("name a file of predictions, or --explain")
    if options.compare and len(options.predictions) != 2:
        raise UsageError("--compare needs two prediction files")
    if options.alignment and options.alignment.suffix != ".csv":
        raise UsageError(f"--alignment: {options.alignment} does not end in .csv")
    bounds = [_bound(text) for text in options.fail_under]
    named = coded_records(options.gold)
    gold = scoring.read_gold(named, options.texts or documents_here(named), options.documents)
    scores = [
        scoring.score(
            path,
            gold,
            format=options.format,
            name=_name(path, options.predictions),
            references=not options.no_references,
            match=options.match,
            actor=options.actor,
            codes=options.codes,
            exclude=tuple(options.exclude),
            documents=tuple(options.documents),
            support=options.support,
            ci=options.ci,
            seed=SEED if options.seed is None else options.seed,
        )
        for path in options.predictions
    ]
    values = [
        (score, name, measure, least, score.value(name, measure))
        for score in scores
        for name, measure, least in bounds
    ]
    with uncollected():
        text = FORMS[options.report](scores, compare(*scores) if options.compare else None)
    if options.alignment:
        _write(options.alignment, _alignment(scores))
    if options.out:
        _write(options.out, text)
    else:
        sys.stdout.write(text)
    failed = False
    for score, name, measure, least, value in values:
        if value is None or value < least:
            failed = True
            shown = "not defined" if value is None else f"{value:.4f}"
            print(
                f"standoff score: {score.name}: {name}.{measure} is {shown}, below {least:g}", file=sys.stderr
            )
    return FINDINGS if failed else CLEAN


def _name(path: Path, paths: list[Path]) -> str:
    """Return the file name; the whole path where two files share a name."""
    return path.name if [p.name for p in paths].count(path.name) == 1 else str(path)


def _bound(text: str) -> tuple[str, str, float]:
    """Return rung, measure and bound of ``code.f1=0.4``."""
    from math import isfinite

    from standoff.findings import UsageError

    figure, _, value = text.partition("=")
    name, _, measure = figure.rpartition(".")
    try:
        bound = float(value)
    except ValueError:
        bound = float("nan")
    if not name or not isfinite(bound):
        raise UsageError(f'--fail-under "{text}": write a figure and a number, such as code.f1=0.4')
    if not 0 <= bound <= 1:
        hint = f"; did you mean {figure}={bound / 100:g}?" if 1 < bound <= 100 else ""
        raise UsageError(f'--fail-under "{text}": figures are from 0 to 1{hint}')
    return name, measure, bound


def _alignment(scores: list[Any]) -> str:
    import polars as pl

    frames = [score.alignment().select(pl.lit(score.name).alias("system"), pl.all()) for score in scores]
    text: str = pl.concat(frames).write_csv()
    return text


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
