"""Scoring as a whole: `score` reads predictions and gold, matches them, and scores what they are compared with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from os import PathLike
from pathlib import Path
from typing import Any

from standoff.exchange import formats
from standoff.exchange.predictions import from_values
from standoff.exchange.records import Intake, wider, with_faults
from standoff.findings import UsageError
from standoff.lazy import uncollected
from standoff.schema import closed_list
from standoff.scoring import baselines
from standoff.scoring import gold as gold_module
from standoff.scoring.align import Aligned, align
from standoff.scoring.codes import CodeTree
from standoff.scoring.gold import Gold
from standoff.scoring.options import OUT_OF_SCOPE, Options
from standoff.scoring.result import Score

Predictions = str | PathLike[str] | Sequence[Mapping[str, Any]] | Intake


@uncollected()
def score(
    predictions: Predictions,
    gold: str | PathLike[str] | Gold | None = None,
    *,
    texts: str | PathLike[str] | None = None,
    format: str | None = None,  # noqa: A002 - the name that the command has too
    name: str | None = None,
    references: bool = True,
    **options: Any,
) -> Score:
    """Return the score of one event coder against coded records.

    Args:
        predictions: A file in one of the known formats, or a list of dictionaries as `schema/prediction.schema.json`
            describes them.
        gold: A release (its version or folder) or the folder of a dataset. By default the newest release here.
        texts: The folder with your copies of the documents.
        format: The name of the format. By default it is recognised.
        name: What the report calls the coder. By default the name of the file.
        references: Score the passes and the baselines too.
        options: match, actor, codes, exclude, documents, support, ci and seed, as in the command line.

    Raises:
        UsageError: An option or a file makes no sense.

    Examples:
        >>> import standoff
        >>> answers = [{"document": "d000", "trigger": "launched rockets", "action": "194"}]
        >>> score = standoff.score(answers, "1.0.0", documents=["d000"], references=False)
        >>> score.ladder["code"].hits
        1
    """
    try:
        chosen = Options(**{key: _tuple(value) for key, value in options.items()})
    except TypeError as error:
        raise UsageError(str(error).replace("Options.__init__()", "score()")) from None
    truth = gold if isinstance(gold, Gold) else read_gold(gold, texts, chosen.documents)
    intake = take(predictions, truth, format)
    mark_out_of_scope(intake, truth)
    codes = truth.tree(chosen.codes or _scheme(intake))
    check_codes(intake, codes)
    check_statuses(intake, truth)
    _note_uncodable(intake, truth, codes)
    level = _closest(chosen.match, truth, intake)
    records = [r for r in intake.records if not set(r.faults) & {OUT_OF_SCOPE, *chosen.exclude}]
    aligned = align(name or intake.path, records, truth, codes, level, chosen.actor)
    return Score(
        name=aligned.name,
        gold=truth,
        options=chosen,
        codes=codes,
        intake=intake,
        excluded=len(intake.records) - len(records),
        aligned=aligned,
        references=list(refer(truth, codes, level, chosen.actor)) if references else [],
    )


def _note_uncodable(intake: Intake, gold: Gold, codes: CodeTree) -> None:
    """Note the gold events whose code has no counterpart in the list that is scored in."""
    n = sum(codes.find(record.action) is None for record in gold.records)
    if n:
        intake.note(
            f"{n} of {len(gold.records)} gold events have a code without a counterpart in {codes.name}. They can be found, "
            'but no record can reach the rung "quad" or a later one with them.'
        )


def _closest(wanted: str | None, gold: Gold, intake: Intake) -> str:
    """Return the closest level to match at: that of --match, or of the closest record. Sentences must be known.

    Each record is matched at its own level, if that is wider. With --match, a record that says less gets a fault instead.
    """
    closest = wanted or intake.level
    if closest == "sentence" and not any(document.sentences for document in gold.documents.values()):
        intake.note(
            "The gold's sentences are unknown without texts, so records are matched by document. Name --texts."
        )
        return "document"
    if wanted:
        for i, record in enumerate(intake.records):
            if wider(record.level, wanted) != wanted and not {"unparsable", OUT_OF_SCOPE, "no-place"} & set(
                record.faults
            ):
                kind = intake.report(
                    "no-place", record.line, f"--match {wanted}: it has no {wanted}", record.file
                )
                intake.records[i] = with_faults(record, (kind,))
    return closest


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list | set) else value


def read_gold(
    gold: str | PathLike[str] | None, texts: str | PathLike[str] | None, documents: Iterable[str] = ()
) -> Gold:
    """Return the gold to score against; see `score`."""
    where = gold if gold is None or isinstance(gold, str) else Path(gold)
    return gold_module.read(where, None if texts is None else Path(texts), documents)


def take(predictions: Predictions, gold: Gold, format: str | None = None) -> Intake:  # noqa: A002
    """Return the records of a file, of dictionaries, or those that were read before."""
    if isinstance(predictions, Intake):
        return predictions
    if isinstance(predictions, str | PathLike):
        return formats.read(Path(predictions), gold.known, format)
    return from_values(list(predictions), gold.known)


def mark_out_of_scope(intake: Intake, gold: Gold) -> None:
    """Report the records of documents that are not scored, and take back their other faults."""
    others = {document.id for document in gold.out_of_scope}
    outside = {(r.file, r.line) for r in intake.records if r.document_id in others}
    outside -= {(r.file, r.line) for r in intake.records if r.document_id not in others}
    intake.faults = [f for f in intake.faults if (f.file, f.line) not in outside or f.kind == OUT_OF_SCOPE]
    for i, record in enumerate(intake.records):
        if record.document_id in others and OUT_OF_SCOPE not in record.faults:
            intake.counts.subtract(record.faults)
            kind = intake.report(OUT_OF_SCOPE, record.line, f'"{record.document}"', record.file)
            intake.records[i] = replace(record, faults=(kind,))
    intake.counts = +intake.counts


def _scheme(intake: Intake) -> str | None:
    """Return the code list that the records are written in, if their format says so."""
    return next((r.scheme for r in intake.records if r.scheme), None)


def check_codes(intake: Intake, codes: CodeTree) -> None:
    """Report the records that have no code, or one that the list does not know."""
    modes = bare = 0
    for i, record in enumerate(intake.records):
        if {"unparsable", OUT_OF_SCOPE, "unknown-code", "no-code"} & set(record.faults):
            continue
        modes += codes.lacks_mode(record.action)
        bare += {record.action, f"0{record.action}"} <= codes.ancestors.keys()
        if codes.find(record.action) is None:
            kind = "no-code" if record.action is None else "unknown-code"
            message = (
                f'"{record.action}" is not a code of {codes.name}' if record.action else "no action code"
            )
            intake.records[i] = with_faults(record, (intake.report(kind, record.line, message),))
    if modes:
        intake.note(
            f"Records with a mode that {codes.name} does not have: {modes}. They are scored by their type."
        )
    if bare:
        intake.note(
            f"Records with an action of two digits such as 10, read as the root code: {bare}. If zeros were lost on the way (10 for 010), "
            "write codes as text."
        )


def check_statuses(intake: Intake, gold: Gold) -> None:
    """Report the records whose status is a word that neither the guide nor the gold has; it equals no gold status."""
    known = {
        *closed_list("annotation", "$defs/event/properties/status"),
        *(r.status for r in gold.records),
        None,
    }
    for i, record in enumerate(intake.records):
        if record.status not in known and not {"unknown-status", OUT_OF_SCOPE} & set(record.faults):
            message = f'"{record.status}" is no status: write {", ".join(sorted(filter(None, known)))}, or leave it out'
            intake.records[i] = with_faults(record, (intake.report("unknown-status", record.line, message),))


def refer(gold: Gold, codes: CodeTree, level: str, by: str) -> Iterable[Aligned]:
    """Yield what the figures are to be read against: each pass of the gold, each against another, two baselines."""
    for name, records in gold.passes.items():
        yield align(f"pass {name}", records, gold, codes, level, by, "pass")
    for (first, ours), (second, theirs) in combinations(gold.passes.items(), 2):
        other = replace(gold, records=theirs)
        yield align(f"pass {first} against pass {second}", ours, other, codes, level, by, "two passes")
    if gold.located != "no":
        yield align(
            baselines.DICTIONARY, baselines.dictionary_coder(gold), gold, codes, level, by, "baseline"
        )
    yield align(
        baselines.COMMONEST, baselines.commonest_code(gold, codes), gold, codes, level, by, "baseline"
    )
