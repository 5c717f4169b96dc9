"""The first section and the signature: which intervals are drawn, what is said where, and that every field is explained."""

import re
import shutil

import pytest

from standoff.findings import UsageError
from standoff.scoring import gold as gold_module
from standoff.scoring import summary
from standoff.scoring.details import details
from standoff.scoring.glossary import SIGNATURE
from standoff.scoring.parts import Code, Strong
from standoff.scoring.render import as_html, as_markdown, as_summary, as_text
from standoff.scoring.run import score
from standoff.scoring.sections import report

from .test_scoring_run import values


@pytest.fixture(scope="module")
def made(gold):
    return score(list(values(gold, lambda n: n % 3)), gold, ci=50)


@pytest.mark.parametrize(("fewest", "over"), [(10_000, "events"), (1, "documents")])
def test_few_documents_are_drawn_with_intervals_over_events_and_a_warning(fewest, over, made, monkeypatch):
    monkeypatch.setattr(summary, "FEWEST_DOCUMENTS", fewest)
    section = summary.in_short(made)
    [figure] = section.figures
    drawn = {bar.label: (bar.low, bar.high) for bar in figure.bars}
    assert drawn == {rung: ((i := made.intervals[over][rung, "f1"]).low, i.high) for rung in made.ladder}
    assert over in figure.interval
    warned = [text for text in section.text if isinstance(text, Strong)]
    assert len(warned) == (over == "events")
    page = as_markdown([made])
    assert all(f"**{text}**" in page for text in warned)


def test_the_report_names_its_sections_first_and_ends_with_the_result(made):
    titles = [section.title for section in report(made)]
    shown = as_text([made])
    assert " · ".join(titles) in " ".join(shown.split("In short\n")[0].split())
    last = " ".join(shown.splitlines()[-2:])
    assert all(f"{made.value(rung):.3f}" in last for rung in ("found", "code"))
    page = as_html([made, made])
    links = re.findall(r'<a href="#([^"]+)">', page)
    assert len(links) == len(set(links)) == 2 * len(titles)
    assert re.findall(r'<section id="([^"]+)">', page) == links


def test_quotes_that_the_document_spells_otherwise_are_named_by_line(gold):
    answers = list(values(gold))
    for n in (1, 3):
        answers[n]["trigger"]["quote"] = answers[n]["trigger"]["quote"].swapcase()
    result = score(answers, gold, ci=0, references=False)
    assert result.intake.placed_at["quote, spelled otherwise"] == [2, 4]
    section = next(section for section in report(result) if section.title == "What was read")
    assert any("(lines 2 and 4)" in text for text in section.text)


def test_without_intervals_no_shades_are_explained(gold):
    [figure] = summary.in_short(score(list(values(gold)), gold, ci=0, references=False)).figures
    assert figure.interval == ""
    assert "░" not in as_markdown([score([], gold, ci=0, references=False)])


def test_the_reach_of_references_is_from_lowest_to_highest(made):
    baselines = summary.of_kind(made, "baseline")
    figures = sorted(f"{each.ladder['code'].f1:.3f}" for each in baselines)
    assert len(figures) > 1
    assert summary.reach(baselines) == f"{figures[0]} to {figures[-1]}"
    assert summary.reach(baselines[:1]) == f"{baselines[0].ladder['code'].f1:.3f}"


@pytest.mark.parametrize(
    ("fields", "first"),
    [
        (("status",), "status"),
        (("date", "status"), "date"),
        (("action",), "quad"),
        (("actors", "targets"), "parties"),
    ],
)
def test_rungs_that_no_record_can_reach_are_not_shown_as_zero(fields, first, gold):
    answers = [{key: v for key, v in value.items() if key not in fields} for value in values(gold)]
    result = score(answers, gold, ci=20)
    rungs = list(result.ladder)
    assert result.aligned.unreachable == tuple(rungs[rungs.index(first) :])
    ladder = next(section for section in report(result) if section.title == "The ladder").tables[0]
    [figure] = summary.in_short(result).figures
    for row, bar in zip(ladder.rows, figure.bars, strict=True):
        missing = row[0] in result.aligned.unreachable
        assert (row[1] == "–", bar.value is None, set(row[4:]) == {"–"}) == (missing,) * 3


def test_a_coder_that_states_a_field_and_is_wrong_gets_zero(gold):
    answers = [{**value, "action": "no code"} for value in values(gold)]
    result = score(answers, gold, ci=0, references=False)
    assert result.aligned.unreachable == ()
    assert result.ladder["quad"].f1 == 0.0


def test_without_references_nothing_is_said_of_passes_and_baselines(gold):
    result = score(list(values(gold)), gold, ci=0, references=False)
    section = next(section for section in report(result) if section.title == "To compare with")
    assert "--no-references" in " ".join(section.text)
    assert not section.tables


def _strong(result):
    return [text for text in summary.in_short(result).text if isinstance(text, Strong)]


def test_a_file_without_triggers_or_without_records_is_announced(gold, monkeypatch):
    monkeypatch.setattr(summary, "FEWEST_DOCUMENTS", 1)
    blind = [{**{k: v for k, v in value.items() if k != "trigger"}, "wording": "x"} for value in values(gold)]
    assert _strong(score(list(values(gold)), gold, ci=0, references=False)) == []
    for answers, options, word in (
        (blind, {}, "document"),
        ([], {}, "none"),
        (blind, {"match": "document"}, "document"),
    ):
        [text] = _strong(score(answers, gold, ci=0, references=False, **options))
        assert word in text


def test_the_summary_has_the_signature(made):
    assert f"`{made.signature_line}`" in as_summary([made])


def test_few_documents_have_their_lowest_and_highest_f1_in_place_of_an_interval(made, monkeypatch):
    monkeypatch.setattr(summary, "FEWEST_DOCUMENTS", 10_000)
    ladder = next(section for section in report(made) if section.title == "The ladder").tables[0]
    figures = [rungs["code"].f1 for rungs in made.by_document.values() if rungs["code"].f1 is not None]
    assert (
        dict(zip(ladder.header, next(r for r in ladder.rows if r[0] == "code"), strict=True))[
            "F1 of single documents"
        ]
        == f"{min(figures):.3f} to {max(figures):.3f}"
    )


def test_every_field_of_the_signature_is_explained(made):
    assert list(made.signature) == list(SIGNATURE)
    last = list(report(made))[-1]
    assert [text for text in last.text if isinstance(text, Code)] == [made.signature_line]
    assert [row[:2] for row in last.tables[0].rows] == list(made.signature.items())
    assert f"<code>{made.signature_line}</code>" in as_html([made])


def test_false_alarms_and_disagreements_are_in_the_summary(gold):
    document = next(iter(gold.documents))
    answers = [{**value, "action": "190"} for value in values(gold)]
    result = score([*answers, {"document": document, "trigger": "no such | words"}], gold, ci=0)
    short = as_summary([result])
    assert '"no such \\| words"' in short
    confusion = next(section for section in details(result) if section.title == "Confusion")
    assert len(confusion.figures) == 4
    for gold_code, coder, times in confusion.tables[0].rows:
        assert f"| {gold_code} | {coder} | {times} |" in short


def test_who_settled_the_gold_is_read_from_the_release():
    made = gold_module.read("2.0.0", only=["d001"])
    assert made.settlers == ("adjudicator", "reviser")
    assert set(made.readers) == {"a1", "a2", "b1", "b2"}
    assert set(made.readers.values()) == {gold_module.LANGUAGE_MODEL}


def test_a_damaged_description_is_refused(releases, tmp_path):
    folder = shutil.copytree(releases / "v0.1.0", tmp_path / "v0.1.0")
    assert gold_module.read(folder).settlers == ()
    (folder / gold_module.CROISSANT).write_text("[")
    with pytest.raises(UsageError, match=gold_module.CROISSANT):
        gold_module.read(folder)


def test_left_out_records_are_counted_only_with_the_option(gold):
    def rows(**options):
        result = score([{"document": "nowhere", "trigger": "x"}], gold, ci=0, references=False, **options)
        intake = next(section for section in report(result) if section.title == "What was read")
        return [row[0] for row in intake.tables[0].rows]

    assert "left out" not in rows()
    assert "left out" in rows(exclude=["unknown-document"])
