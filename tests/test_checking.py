"""`standoff.check`: what the command does, for programs."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import standoff
from standoff.cli import main
from standoff.rules import runner
from standoff.source.corpus import read_corpus


@pytest.fixture
def events(releases: Path) -> pl.DataFrame:
    return pl.read_parquet(releases / "v0.1.0" / "events.parquet")


# ---- annotation files ------------------------------------------------------------------------------------------------


def test_a_dataset_gives_its_findings(corpus_copy: Path) -> None:
    dataset = corpus_copy / "dataset"
    clean = standoff.check(dataset)
    assert clean.severities["error"] == 0
    assert clean.report.exit_code == 0
    file = dataset / "events" / "d900.yaml"
    file.write_text(file.read_text().replace('trigger: "met"', 'trigger: "mett"'))
    result = standoff.check(dataset, select=["quote-not-found"])
    [finding] = result
    assert (finding.code, finding.line, finding.id) == ("quote-not-found", 15, "d900-e01")
    assert finding.file == file.resolve()
    assert result.counts == {"quote-not-found": 1}
    assert result.report.exit_code == 1
    assert result.failing == {}
    assert standoff.check(dataset, select=["quote-not-found"], ignore=["quote-not-found"]) == []


def test_the_findings_do_not_depend_on_the_working_directory(
    corpus_copy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dataset = corpus_copy / "dataset"
    note = next(f for f in standoff.check(dataset) if f.severity == "note")
    assert note.file is not None
    path = note.file.relative_to(dataset.resolve()).as_posix()
    row = f"{note.code},{note.id or ''},{path},0.1.0,it is right"
    (dataset / "accepted.csv").write_text(f"code,id,path,since,reason\n{row}\n")
    seen = []
    for folder in (corpus_copy, dataset, dataset / "events", dataset / "passes" / "a1"):
        monkeypatch.chdir(folder)
        result = standoff.check()
        assert len(result.report.accepted) == 1
        seen.append(
            [(f.file, f.line, f.column, f.code, f.id) for f in sorted(result, key=lambda f: str(f.file))]
        )
        assert main(["check"]) == 0
    assert all(each == seen[0] for each in seen)


def test_fixes_reach_their_files_from_any_folder(corpus_copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from standoff.source.edits import edits_of

    file = corpus_copy / "dataset" / "events" / "d900.yaml"
    file.write_text(file.read_text().replace('trigger: "met"', 'trigger: " met"'))
    elsewhere = corpus_copy / "elsewhere"
    elsewhere.mkdir()
    findings = runner.run(read_corpus(corpus_copy / "dataset", base=corpus_copy)).findings
    monkeypatch.chdir(elsewhere)
    assert [edit.file for edit in edits_of(findings)] == [file.resolve()]


# ---- tables ----------------------------------------------------------------------------------------------------------


def test_a_table_gives_counts_and_the_failing_rows(events: pl.DataFrame, tmp_path: Path) -> None:
    good, wrong = tmp_path / "good.csv", tmp_path / "wrong.csv"
    events.write_csv(good)
    assert standoff.check(good, table="events") == []
    bad = events.with_row_index().with_columns(
        quad_class=pl.when(pl.col("index") < 2).then(7).otherwise("quad_class"),
    )
    bad.drop("index").write_csv(wrong)
    result = standoff.check(wrong, table="events")
    assert {finding.severity for finding in result} == {"error"}
    assert set(result.counts) == {finding.code for finding in result}
    assert max(result.counts.values()) == 2
    assert result.failing_rows["event_id"].to_list() == events["event_id"].head(2).to_list()
    code = result[0].code
    assert all(code in names for names in result.failing_rows["row.failed"])
    assert standoff.check(wrong, table="events", max_failing=1).failing_rows.height == 1
    assert standoff.check(wrong, table="events", ignore=result.counts).failing_rows.height == 0


def test_checks_of_a_format_are_selected_and_ignored_like_rules(tmp_path: Path) -> None:
    profile = tmp_path / "p.toml"
    check = "name = 'a-above-b'\nexpression = 'a <= b'\nmessage = 'x'\nadvice = 'y'\n"
    columns = "".join(f"[[columns]]\nname = '{name}'\ntype = 'int32'\n" for name in "ab")
    profile.write_text(f"title = 'x'\n{columns}[[checks]]\n{check}")
    path = tmp_path / "t.csv"
    path.write_text("a,b\n2,1\nx,1\n")

    def codes(**asked: list[str]) -> set[str]:
        return {finding.code for finding in standoff.check(path, profile=profile, **asked)}

    assert codes(ignore=["cell-padded"]) == {"a-above-b", "value-unreadable"}
    assert codes(ignore=["a-above-b"]) == {"value-unreadable"}
    assert codes(select=["a-above-b", "year-mismatch"]) == {"a-above-b"}  # the second is one of GDELT's
    with pytest.raises(standoff.UsageError, match="a-above-b"):
        standoff.check(path, profile=profile, ignore=["a-above-c"])


def test_several_tables_give_their_rows_by_name(releases: Path) -> None:
    folder = releases / "v0.1.0"
    result = standoff.check(folder / "events.parquet", folder / "dyads.parquet")
    assert (list(result), set(result.failing)) == ([], {"events", "dyads"})
    with pytest.raises(ValueError, match="this check read "):
        result.failing_rows  # noqa: B018


def test_rows_are_written_as_by_the_command(events: pl.DataFrame, tmp_path: Path) -> None:
    table = tmp_path / "events.parquet"
    events.with_columns(quad_class=pl.lit(7, pl.Int32)).write_parquet(table)
    good, bad, failures = (tmp_path / f"{name}.parquet" for name in ("good", "bad", "failures"))
    result = standoff.check(table, table="events", split=(good, bad), failures=failures)
    command = [tmp_path / f"{name}2.parquet" for name in ("good", "bad", "failures")]
    arguments = ["check", table, "--table", "events", "--split", *command[:2], "--failures", command[2]]
    assert main([*map(str, arguments), "-q"]) == 1
    for ours, theirs in zip((good, bad, failures), command, strict=True):
        assert ours.read_bytes() == theirs.read_bytes()
    assert result.failing_rows.equals(pl.read_parquet(bad))
    assert result.report.outputs == {
        str(good): 0,
        str(bad): events.height,
        str(failures): result.report.outputs[str(failures)],
    }


def test_references_are_checked(releases: Path, tmp_path: Path) -> None:
    folder = releases / "v0.1.0"
    events = tmp_path / "events.parquet"
    pl.read_parquet(folder / "events.parquet").tail(-1).write_parquet(events)
    dyads = folder / "dyads.parquet"
    assert standoff.check(dyads, references={"events": folder / "events.parquet"}) == []
    result = standoff.check(dyads, references={"events": str(events)})
    assert set(result.counts) == {"reference-unknown"}


# ---- wrong arguments -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "options", "error"),
    [
        ([None], {}, TypeError),
        ([3], {}, TypeError),
        ([["a.csv"]], {}, TypeError),
        ([""], {}, ValueError),
        (["a.csv"], {"table": 3}, TypeError),
        (["a.csv"], {"profile": 3}, TypeError),
        (["a.csv"], {"references": ["b.csv"]}, TypeError),
        (["a.csv"], {"references": {"events": None}}, TypeError),
        (["a.csv"], {"select": "value-missing"}, TypeError),
        (["a.csv"], {"ignore": None}, TypeError),
        (["a.csv"], {"select": [3]}, TypeError),
        (["a.csv"], {"engine": "pandas"}, ValueError),
        (["a.csv"], {"max_failing": -1}, ValueError),
        (["a.csv"], {"max_failing": True}, ValueError),
        (["a.csv"], {"split": "b.parquet"}, TypeError),
        (["a.csv"], {"split": ("b.parquet", "c.parquet"), "out": "d.parquet"}, ValueError),
        (["a.csv"], {"select": ["value-mising"]}, standoff.UsageError),
        ([], {"table": "events"}, standoff.UsageError),
        (["nothing"], {}, standoff.UsageError),
    ],
)
def test_a_wrong_argument_is_an_error(
    arguments: list[object], options: dict[str, object], error: type[Exception], tmp_path: Path
) -> None:
    with pytest.raises(error):
        standoff.check(*arguments, **options)  # type: ignore[arg-type]


def test_the_time_is_that_of_the_whole_check(
    corpus_copy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from standoff.source import corpus

    reading = corpus.read_corpus

    def slowly(*arguments: object, **options: object) -> object:
        import time

        time.sleep(0.3)
        return reading(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(corpus, "read_corpus", slowly)
    monkeypatch.chdir(corpus_copy)
    assert standoff.check().report.seconds > 0.3
    assert main(["check"]) == 0
    assert float(capsys.readouterr().out.rpartition(" in ")[2].split()[0]) >= 0.3


def test_a_dataset_toml_that_is_no_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "dataset" / "dataset.toml").mkdir(parents=True)
    for path in (tmp_path, tmp_path / "dataset"):
        with pytest.raises(standoff.UsageError, match=r"dataset\.toml is not a file"):
            standoff.check(path)
