"""The command line as people and scripts meet it: exit statuses, odd surroundings, messages instead of tracebacks."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from standoff import cli
from standoff.cli import main
from standoff.cli.common import CLEAN, FINDINGS, OUR_FAULT, USAGE
from standoff.rules import catalogue

CORPUS = Path(__file__).parents[1] / "corpus"


def standoff(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "standoff", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        **options,  # type: ignore[call-overload]
    )


@pytest.fixture
def here(corpus_copy: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the made-up corpus, as the working directory."""
    monkeypatch.chdir(corpus_copy)
    return corpus_copy


def spoil(file: str, old: str, new: str) -> None:
    path = Path("dataset", file)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


# ---- exit statuses -------------------------------------------------------------------------------------------


def test_clean_is_0(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == CLEAN == 0
    assert re.fullmatch(
        r"1 note \(show notes with --notes\): .* in \d\.\d\d s\n"
        "not run, because there is no release to compare with: id-vanished, retired-id-unknown\\n",
        capsys.readouterr().out,
    )


def test_findings_are_1(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil("events/d901.yaml", 'trigger: "said"', 'trigger: "spoke"')
    assert main(["check"]) == FINDINGS == 1
    assert "dataset/events/d901.yaml:44:14: error quote-not-found:" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["check", "nowhere"],
        ["check", "/"],
        ["check", "--select", "no-such-rule"],
        ["check", "dataset/events/d999.yaml"],
        ["fmt", "seeds/900_embassy.txt"],
        ["show", "d900-e77"],
        ["new", "event", "d999"],
        ["explain", "no-such-rule"],
        ["diff", "0.0.1", "0.0.2"],
    ],
)
def test_wrong_usage_is_2_and_says_why_in_a_line_or_two(
    arguments: list[str], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == USAGE == 2
    said = capsys.readouterr()
    if arguments:
        assert said.err.startswith(f"standoff {arguments[0]}: ")
        assert 0 < len(said.err.splitlines()) <= 3
    else:
        assert said.out.startswith("usage: standoff")


def test_an_option_that_is_not_there_is_2_as_well(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["check", "--colour"])
    assert stopped.value.code == USAGE


def test_a_fault_of_ours_is_3_and_asks_for_a_report(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("standoff.source.corpus.read_corpus", broken)
    assert main(["check"]) == OUR_FAULT == 3
    assert capsys.readouterr().err.endswith(
        "ZeroDivisionError: division by zero\n"
        "standoff check: this is a fault of standoff; please report it with the lines above\n"
    )


def test_a_rule_that_breaks_down_is_3_and_hides_no_finding(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("x")

    rules = dict(catalogue.dataset_rules())
    rules["missing-actor"] = replace(rules["missing-actor"], check=broken)
    monkeypatch.setattr("standoff.rules.runner.dataset_rules", lambda: rules)
    spoil("events/d901.yaml", 'trigger: "said"', 'trigger: "spoke"')
    assert main(["check"]) == OUR_FAULT
    out = capsys.readouterr().out
    assert "rule-crashed" in out
    assert "quote-not-found" in out


@pytest.mark.parametrize(
    ("fail_on", "status"), [("error", CLEAN), ("warning", FINDINGS), ("note", FINDINGS), ("never", CLEAN)]
)
def test_what_fails_can_be_chosen(fail_on: str, status: int, here: Path) -> None:
    path = Path("dataset/actors.yaml")
    head, *entries = re.split(r"(?m)^(?=  - id: )", path.read_text(encoding="utf-8"))
    path.write_text(
        "".join([head, entries[1], entries[0], *entries[2:]]), encoding="utf-8"
    )  # out of order: a warning
    assert main(["check", "--fail-on", fail_on]) == status


def test_notes_fail_nothing_unless_asked_to(here: Path) -> None:
    assert main(["check", "--fail-on", "warning"]) == CLEAN
    assert main(["check", "--fail-on", "note"]) == FINDINGS


# ---- choosing ------------------------------------------------------------------------------------------------


def test_rules_can_be_selected_and_ignored(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoil("events/d901.yaml", 'trigger: "said"', 'trigger: "spoke"')
    spoil("events/d900.yaml", 'action: "016"', 'action: "099"')

    def codes(*arguments: str) -> set[str]:
        main(["check", "--format", "json", *arguments])
        return {finding["code"] for finding in json.loads(capsys.readouterr().out)["findings"]}

    assert codes() == {"quote-not-found", "unknown-action", "unused-actor"}
    assert codes("--select", "unknown-action,quote-cut") == {"unknown-action"}
    assert codes("--ignore", "unknown-action") == {"quote-not-found", "unused-actor"}
    assert codes("--select", "unknown-action,unused-actor", "--ignore", "unused-actor") == {"unknown-action"}


def test_a_misspelt_rule_brings_the_nearest(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--ignore", "quote-notfound"]) == USAGE
    assert "there is no rule quote-notfound; did you mean quote-not-found" in capsys.readouterr().err


def test_one_file_can_be_checked_from_anywhere(
    here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil("events/d901.yaml", 'trigger: "said"', 'trigger: "spoke"')
    file = Path("dataset/events/d901.yaml").resolve()
    monkeypatch.chdir(tmp_path)
    assert main(["check", str(file)]) == FINDINGS
    assert "a corpus/dataset/events/d901.yaml:44:14:" in capsys.readouterr().out
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert main(["check", str(file.parents[2])]) == FINDINGS
    assert f"{file.as_posix()}:44:14:" in capsys.readouterr().out


def test_an_empty_folder_holds_no_dataset(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path)]) == USAGE
    assert "no folder above it holds a dataset.toml" in capsys.readouterr().err


def test_several_datasets_are_checked_one_at_a_time(
    here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(here, tmp_path / "other")
    assert main(["check", ".", str(tmp_path / "other")]) == USAGE
    assert "several datasets" in capsys.readouterr().err


@pytest.mark.parametrize("format_", ["text", "json", "github", "sarif", "junit"])
def test_each_format_is_printed_and_fails_alike(
    format_: str, here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    spoil("events/d901.yaml", 'trigger: "said"', 'trigger: "spoke"')
    assert main(["check", "--format", format_]) == FINDINGS
    assert "quote-not-found" in capsys.readouterr().out


def test_the_step_summary_is_appended(
    here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    spoil("events/d901.yaml", 'trigger: "said"', 'trigger: "spoke"')
    assert main(["check", "--format", "github"]) == FINDINGS
    assert capsys.readouterr().out.startswith(
        "::error file=dataset/events/d901.yaml,line=44,endLine=44,col=14,"
    )
    written = summary.read_text(encoding="utf-8")
    assert written.startswith("before\n## standoff check: 1 error, 1 note\n")
    assert "| dataset\\/events\\/d901\\.yaml\\:44\\:14 | **error** `quote-not-found`" in written


# ---- odd surroundings ----------------------------------------------------------------------------------------


def test_a_reader_that_goes_away_is_no_fault(here: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "standoff", "show", "d900"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(timeout=60) == CLEAN
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_terminal_without_unicode_gets_escapes(encoding: str, here: Path) -> None:
    spoil("events/d900.yaml", 'trigger: "warned"', 'trigger: "wärned 🤝"')
    environment = {**os.environ, "PYTHONIOENCODING": encoding, "LC_ALL": "C", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "standoff", "check"],
        capture_output=True,
        timeout=60,
        check=False,
        env=environment,
    )
    assert done.returncode == FINDINGS
    assert done.stderr == b""
    assert b"quote-not-found" in done.stdout
    assert "\\U0001f91d" in done.stdout.decode(encoding)


def test_colour_is_for_terminals_only(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from standoff.cli.common import colour_for

    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert colour_for(Terminal())  # type: ignore[arg-type]
    monkeypatch.setenv("NO_COLOR", "1")
    assert not colour_for(Terminal())  # type: ignore[arg-type]
    monkeypatch.delenv("NO_COLOR")
    spoil("events/d900.yaml", 'trigger: "warned"', 'trigger: "warmed"')
    assert main(["check"]) == FINDINGS
    assert "\x1b" not in capsys.readouterr().out


def test_checking_a_sound_table_loads_polars_only(releases: Path) -> None:
    table = str(releases / "v0.1.0" / "events.parquet")
    code = (
        f"import sys\nfrom standoff.cli import main\nmain(['check', {table!r}])\n"
        "print(sorted({'pandera', 'pyarrow.lib', 'numpy', 'pandas'} & sys.modules.keys()), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stderr == "[]\n"


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_each_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])
    assert stopped.value.code == 0
    assert len(capsys.readouterr().out.splitlines()) > 5


def test_a_missing_package_is_named_with_the_command_that_installs_it(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object, **__: object) -> None:
        raise ModuleNotFoundError("No module named 'yaml'", name="yaml")

    monkeypatch.setattr("standoff.source.corpus.read_corpus", missing)
    assert main(["check"]) == USAGE
    said = capsys.readouterr().err
    assert "yaml is not installed: python -m pip install" in said
    assert "pyyaml" in said


def test_a_folder_that_may_not_be_written_is_said(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "dataset/events/.d901.yaml~")

    monkeypatch.setattr("tempfile.mkstemp", refused)
    spoil("events/d901.yaml", 'trigger: "said"', "trigger: said")
    assert main(["fmt"]) == USAGE
    assert capsys.readouterr().err == "standoff fmt: dataset/events/.d901.yaml~: Permission denied\n"


@pytest.mark.parametrize(
    "name", ["events/sub/d905.yaml", "other.yaml", "event/d905.yaml", "events/.d905.yaml"]
)
@pytest.mark.parametrize("command", ["check", "fmt"])
def test_a_file_that_is_no_part_of_the_dataset_is_not_called_clean(
    command: str,
    name: str,
    corpus_copy: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(corpus_copy)
    file = Path("dataset", name)
    file.parent.mkdir(exist_ok=True)
    file.write_text("a: 010")
    assert main([command, str(file), "dataset/events/d900.yaml"]) == 2
    error = capsys.readouterr().err
    assert f"{file} is not part of the dataset" in error
    assert "in dataset/events/ or dataset/passes/<annotator>/" in error


@pytest.mark.parametrize(("fail_on", "status"), [("error", 0), ("warning", 1), ("never", 0)])
def test_reports_state_the_exit_status_that_the_process_returns(
    fail_on: str, status: int, corpus_copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (corpus_copy / "dataset/notes.txt").write_text("A stray file, which is a warning.")
    for form in ("json", "sarif"):
        assert main(["check", str(corpus_copy), "--fail-on", fail_on, "--format", form]) == status
        said = json.loads(capsys.readouterr().out)
        assert status == (
            said["summary"]["exit_code"] if form == "json" else said["runs"][0]["invocations"][0]["exitCode"]
        )


# ---- what a command loads ----------------------------------------------------------------------------------------


def loaded_by(*arguments: str, folder: Path) -> set[str]:
    """The modules that a command has loaded when it ends."""
    code = f"import sys; from standoff.cli import main\ntry: main({list(arguments)!r})\nexcept SystemExit: pass\nprint(*sys.modules, file=sys.stderr)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    return set(ran.stderr.split())


def test_help_loads_what_it_needs_and_nothing_else(here: Path) -> None:
    loaded = loaded_by("--help", folder=here)
    assert "standoff.cli.check" in loaded
    assert not loaded & {"dataclasses", "inspect", "typing", "json", "polars", "yaml", "standoff.findings"}
    assert not loaded & {"pandera", "pyarrow", "pandas", "jsonschema", "regex", "numpy", "duckdb"}


def test_checking_a_dataset_loads_no_library_of_tables(here: Path) -> None:
    loaded = loaded_by("check", folder=here)
    assert "yaml" in loaded
    assert not loaded & {"polars", "pyarrow", "pandera", "pandas", "numpy"}


def test_checking_a_sound_dataset_loads_nothing_that_only_faults_need() -> None:
    loaded = loaded_by("check", folder=Path(__file__).parents[2])
    assert "standoff.rules.event" in loaded
    assert not loaded & {
        "dataclasses",
        "inspect",
        "yaml",
        "jsonschema",
        "regex",
        "shutil",
        "tempfile",
        "html",
        "standoff.model.closest",
    }
