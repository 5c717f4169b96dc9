"""Lists of single errors: what is in them, in which order, and what is left out."""

import pytest

from standoff.scoring import errors
from standoff.scoring.json_report import _as_value
from standoff.scoring.run import score

from .test_scoring_run import values


def bent(gold, **fields):
    """The gold as a model would answer it, each answer with other fields."""
    return [{**value, **fields} for value in values(gold)]


def scored(answers, gold):
    return score(answers, gold, ci=0, references=False)


def test_disagreements_count_the_other_codes_of_found_events(gold):
    result = scored(bent(gold, action="190"), gold)
    found = errors.disagreements(result)
    wrong = [r.action for r in gold.records if r.action != "190"]
    assert {(row.gold, row.coder): row.times for row in found.rows} == {
        (code, "190"): wrong.count(code) for code in wrong
    }
    assert [(-row.times, row.gold) for row in found.rows] == sorted(
        (-row.times, row.gold) for row in found.rows
    )
    assert all(row.gold_label and row.coder_label for row in found.rows)
    assert not errors.disagreements(scored(list(values(gold)), gold)).rows


@pytest.mark.parametrize("limit", [1, 3])
def test_a_list_has_a_limit_and_counts_what_it_leaves_out(limit, gold, monkeypatch):
    monkeypatch.setattr(errors, "MOST_ROWS", limit)
    document = next(iter(gold.documents))
    strays = [{"document": document, "trigger": f"no such words {n}", "action": "190"} for n in range(5)]
    result = scored([*values(gold), *strays], gold)
    listed = errors.false_alarms(result)
    assert [row.quote for row in listed.rows] == [f"no such words {n}" for n in range(limit)]
    assert {(row.document, row.code, row.cause) for row in listed.rows} == {(document, "190", "unlocatable")}
    assert listed.left_out == 5 - limit
    assert _as_value(result)["false_alarms_listed"]["left_out"] == 5 - limit


def test_a_false_alarm_of_an_unknown_document_names_it(gold):
    [row] = errors.false_alarms(scored([{"document": "d999", "trigger": "met"}], gold)).rows
    assert (row.document, row.cause) == ("d999", "unknown document")


def test_words_of_the_gold_text_are_not_listed(gold):
    """A file with offsets alone has no words; those at its offsets are the document's."""
    document, text = next((d.id, d.text) for d in gold.documents.values())
    taken = [r.trigger.span for r in gold.records if r.document_id == document]
    start = next(
        n for n in range(0, len(text) - 12, 12) if not any(s.start < n + 12 and s.end > n for s in taken)
    )
    stray = {"document": document, "trigger": {"start": start, "end": start + 12}, "action": "190"}
    [row] = errors.false_alarms(scored([stray], gold)).rows or [None]
    assert (row.quote, row.start, row.end) == (None, start, start + 12)
