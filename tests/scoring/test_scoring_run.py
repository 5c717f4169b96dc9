"""The whole: API, command, forms of the report, comparison, bad input."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import standoff
from standoff import cli
from standoff.exchange.records import Passage, Record
from standoff.findings import UsageError
from standoff.model.spans import Span
from standoff.scoring import gold as gold_module
from standoff.scoring import matching, resampling
from standoff.scoring.align import align
from standoff.scoring.compare import Difference, compare
from standoff.scoring.run import score

DATASET = Path(__file__).parents[1] / "corpus" / "dataset"


def values(gold, keep=lambda n: True):
    """The gold as a model would answer it; quotes are told apart by what is before them."""
    for n, r in enumerate(gold.records):
        if keep(n):
            text = gold.documents[r.document_id].text
            span = r.trigger.span
            yield {
                "document": r.document_id,
                "trigger": {"quote": span.of(text), "prefix": text[: span.start], "suffix": text[span.end :]},
                "action": r.action,
                "actors": [{"id": p.id} for p in r.actors],
                "targets": [{"id": p.id} for p in r.targets],
                "date": r.date.text,
                "status": r.status,
                **({"reciprocal": True} if r.reciprocal else {}),
            }


@pytest.fixture
def answers(gold, tmp_path):
    path = tmp_path / "answers.jsonl"
    path.write_text("".join(json.dumps(v) + "\n" for v in values(gold)), "utf-8")
    return path


def test_quotes_alone_score_like_the_gold(gold):
    result = standoff.score(list(values(gold)), gold, ci=50)
    assert result.frame()["f1"].to_list() == [1.0] * 9
    assert result.hierarchical["code"].f1 == result.hierarchical["actor"].f1 == 1.0
    assert result.alignment().height == len(gold.records)
    assert {r.kind for r in result.references} >= {"baseline"}


def test_a_status_that_is_none_is_counted_before_any_score(gold):
    answers = list(values(gold))
    sound = standoff.score(answers, gold, ci=0, references=False)
    answers[0]["status"], answers[1]["status"] = "reported", answers[1]["status"].upper()
    result = standoff.score(answers, gold, ci=0, references=False)
    assert "unknown-status" not in sound.intake.counts
    assert result.intake.counts["unknown-status"] == 1
    assert result.ladder["status"].hits == sound.ladder["status"].hits - 1
    assert result.ladder["date"] == sound.ladder["date"]


def test_every_figure_has_an_interval_of_its_own_that_holds_it(gold):
    result = standoff.score(list(values(gold, lambda n: n % 3)), gold, ci=200, references=False)
    for over in ("documents", "events"):
        intervals = result.intervals[over]
        assert len(intervals) == len(set(intervals)) == 3 * (9 + 2)
        for (name, measure), interval in intervals.items():
            assert interval.low <= result.value(name, measure) <= interval.high


def test_an_alignment_holds_no_words_of_the_documents(gold):
    frame = standoff.score(list(values(gold)), gold, ci=0).alignment()
    text = " ".join(frame.write_csv().split(",")).casefold()
    assert not any(r.trigger.words.casefold() in text for r in gold.records if " " in r.trigger.words)


@pytest.mark.parametrize("form", ["text", "markdown", "json", "html", "summary"])
def test_every_form_is_printed_and_well_formed(form, answers, capsys):
    arguments = ["score", str(answers), "--gold", str(DATASET), "--report", form, "--ci", "20"]
    assert cli.main(arguments) == 0
    out = capsys.readouterr().out
    assert out.endswith("\n")
    if form == "json":
        assert json.loads(out)["systems"][0]["ladder"]["status"]["f1"] == 1.0
    elif form == "html":
        ET.fromstring(
            out.replace("<!doctype html>", "")
            .replace('<meta charset="utf-8">', "")
            .replace(' content="width=device-width">', ' content="w"/>')
        )
    else:
        assert "1.000" in out


@pytest.mark.parametrize(
    ("kept", "bound", "status"),
    [(1, "code.f1=1", 0), (2, "code.f1=1", 1), (2, "code.precision=1", 0), (2, "found.recall=0.2", 0)],
)
def test_fail_under_sets_the_status(kept, bound, status, answers, capsys):
    answers.write_text("\n".join(answers.read_text("utf-8").splitlines()[::kept]), "utf-8")
    arguments = ["score", str(answers), "--gold", str(DATASET), "--ci", "0", "--fail-under", bound]
    assert cli.main([*arguments, "--no-references"]) == status


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["absent.jsonl"],
        ["ANSWERS", "--fail-under", "code=1"],
        ["ANSWERS", "--fail-under", "nothing.f1=1"],
        ["ANSWERS", "--fail-under", "code.f1=40"],
        ["ANSWERS", "--fail-under", "code.f1=-0.1"],
        ["ANSWERS", "--exclude", "nonsense"],
        ["ANSWERS", "--documents", "d999"],
        ["ANSWERS", "--format", "nonsense"],
        ["ANSWERS", "--compare"],
        ["ANSWERS", "--alignment", "x.txt"],
        ["ANSWERS", "--ci", "-1"],
        ["ANSWERS", "--texts", "absent"],
    ],
)
def test_wrong_usage_is_2_and_one_line(arguments, answers, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    named = [str(answers) if word == "ANSWERS" else word for word in arguments]
    assert cli.main(["score", "--gold", str(DATASET), *named]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["answers.jsonl"]


def test_two_systems_are_compared_and_the_alignment_names_both(gold, answers, tmp_path, capsys):
    half = tmp_path / "half.jsonl"
    half.write_text("".join(json.dumps(v) + "\n" for v in values(gold, lambda n: n % 2)), "utf-8")
    out = tmp_path / "pairs.csv"
    arguments = ["score", str(answers), str(half), "--gold", str(DATASET), "--compare", "--ci", "100"]
    assert cli.main([*arguments, "--report", "json", "--alignment", str(out)]) == 0
    shown = json.loads(capsys.readouterr().out)["comparison"]["differences"]
    assert {d["figure"] for d in shown} >= {"found", "code", "hierarchical-code"}
    documents = len(gold.documents)
    assert all(d["p"] >= d["smallest_p"] >= 2 / 2**documents for d in shown)
    rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8"))))
    assert {row["system"] for row in rows} == {"answers.jsonl", "half.jsonl"}


def test_a_system_is_not_better_than_itself(gold):
    made = score(list(values(gold)), gold, ci=50, references=False)
    assert {(d.verdict, d.test.p) for d in compare(made, made).differences} == {("no difference shown", 1.0)}


def test_no_coder_is_better_where_so_few_documents_cannot_show_it(gold):
    """Two documents in which two coders differ give p = 0.5 at least, however large the difference is."""
    first, second = (
        score(list(values(gold, keep)), gold, ci=200, references=False)
        for keep in (lambda n: True, lambda n: n % 2)
    )
    for d in compare(first, second).differences:
        assert d.test.smallest > 0.05
        assert not d.interval.includes_zero
        assert d.verdict == f"cannot be shown with {d.test.differing} documents"


@pytest.mark.parametrize(
    ("p", "smallest", "low", "verdict"),
    [
        (0.04, 0.03, 0.1, "first is better"),
        (0.06, 0.03, 0.1, "no difference shown"),
        (0.04, 0.03, -0.1, "no difference shown"),
        (0.0625, 0.0625, 0.1, "cannot be shown with 5 documents"),
        (0.5, 0.0625, -0.1, "no difference shown"),
    ],
)
def test_a_verdict_needs_an_interval_without_zero_and_a_small_p(p, smallest, low, verdict):
    test = resampling.PairedTest(p, True, smallest, 5)
    assert Difference("code", 0.6, 0.4, resampling.Interval(low, 0.3), test).verdict == verdict


@pytest.mark.parametrize("named", ["id", "sha256", "file"])
def test_records_of_other_documents_are_out_of_scope(named):
    """They are counted, and neither false alarms nor misses; the document may be named in any way."""
    whole = gold_module.read(DATASET)
    [chosen, other, *_] = whole.documents
    scored = gold_module.read(DATASET, only=[chosen])
    every = [{**v, "document": getattr(whole.documents[v["document"]], named)} for v in values(whole)]
    alone = [value for value in every if value["document"] == getattr(whole.documents[chosen], named)]
    every.append({"document": other, "action": "no code", "status": "no status", "trigger": "no words"})
    result, wanted = (score(made, scored, ci=0, references=False) for made in (every, alone))
    assert result.ladder == wanted.ladder
    assert result.ladder["status"].f1 == 1.0
    assert result.excluded == result.intake.counts["out-of-scope"] == len(every) - len(alone) > 0
    assert not result.intake.counts["unknown-document"]
    assert result.signature == wanted.signature


def test_scores_with_other_signatures_are_not_compared(gold):
    first, second = (
        score(list(values(gold)), gold, ci=0, actor=by, references=False) for by in ("code", "id")
    )
    with pytest.raises(UsageError, match="actor"):
        compare(first, second)


def test_an_empty_file_costs_recall_and_nothing_else(tmp_path, gold):
    path = tmp_path / "empty.jsonl"
    path.write_text("")
    result = score(path, gold, ci=0)
    assert (result.ladder["found"].precision, result.ladder["found"].recall) == (None, 0.0)


def test_exclusion_is_named_and_in_the_signature(gold):
    stray = {"document": "nowhere", "trigger": "x", "action": "190"}
    counted = score([stray, *values(gold)], gold, ci=0, references=False)
    left_out = score([stray, *values(gold)], gold, ci=0, references=False, exclude=["unknown-document"])
    assert counted.ladder["found"].predicted == left_out.ladder["found"].predicted + 1
    assert left_out.excluded == 1
    assert "exclude:unknown-document" in left_out.signature_line


@pytest.mark.parametrize("limit", ["LIMIT", "CELLS"])
def test_a_document_with_very_many_records_ends_soon_and_says_how(limit, gold, monkeypatch):
    monkeypatch.setattr(matching, limit, 10)
    [name, *_] = gold.documents
    records = [
        Record(
            n,
            document=name,
            document_id=name,
            level="document",
            action="190",
            trigger=Passage(None, Span(n, n + 1)),
        )
        for n in range(500)
    ]
    result = align("x", records, gold, gold.codes, "document", "code")
    events = sum(r.document_id == name for r in gold.records)
    assert not result.exact
    assert 0 < result.ladder["found"].hits <= events


def test_wilson_contains_the_share():
    for hits, n in ((0, 5), (3, 7), (9, 9)):
        interval = resampling.wilson(hits, n)
        assert interval.low <= hits / n <= interval.high
    assert resampling.wilson(0, 0).low is None


def test_a_damaged_release_is_refused(tmp_path, answers, capsys):
    (tmp_path / "events.parquet").write_bytes(b"PAR1 no")
    assert cli.main(["score", str(answers), "--gold", str(tmp_path)]) == 2
    assert cli.main(["score", str(tmp_path), "--gold", str(DATASET)]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_gold_codes_without_a_counterpart_are_noted(gold):
    name = next(iter(gold.documents))
    answers = [{"document": name, "trigger": "nothing", "action": "CONSULT"}]
    uncodable = sum(gold.plover.find(record.action) is None for record in gold.records)
    assert uncodable
    for codes, n in (("plover", uncodable), ("own", 0)):
        notes = score(answers, gold, references=False, ci=0, codes=codes).intake.notes
        assert [note.split()[0] for note in notes if "counterpart" in note] == [str(n)] * bool(n)


def test_a_mode_that_plover_lacks_counts_with_its_type_and_is_noted(gold):
    name = next(iter(gold.documents))
    for action, code, noted in (
        ("ASSAULT:assassinate", "ASSAULT", True),
        ("assault: aerial", "ASSAULT:aerial", False),
        ("ASSAULT/aerial", "ASSAULT:aerial", False),
        ("NOTHING:aerial", None, False),
    ):
        answers = [{"document": name, "trigger": "nothing", "action": action}]
        result = score(answers, gold, references=False, ci=0, codes="plover")
        assert gold.plover.find(action) == code
        assert any("a mode that" in note for note in result.intake.notes) == noted
        assert bool(result.intake.counts["unknown-code"]) == (code is None)


def test_two_digits_that_may_have_lost_a_zero_are_noted(gold):
    name = next(iter(gold.documents))
    for action, noted in ((10, True), ("10", True), ("010", False), (190, False), (42, False)):
        result = score(
            [{"document": name, "trigger": "nothing", "action": action}], gold, references=False, ci=0
        )
        assert any("two digits" in note for note in result.intake.notes) == noted
