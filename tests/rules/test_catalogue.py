"""The registry is walked: each rule has a page, an example that breaks it and nothing else, and a right twin."""

import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from standoff.bulk.request import Request
from standoff.bulk.run import check_tables
from standoff.release.compile import compile_tables
from standoff.release.write import csv_bytes
from standoff.rules import pages, runner
from standoff.rules.catalogue import all_rules, dataset_rules, table_rules
from standoff.rules.rule import CORPUS_SCOPES, TABLE_SCOPES
from standoff.source.corpus import read_corpus
from standoff.tables import TABLES, references

RULES = {code: rule for code, rule in all_rules().items() if rule.scope in CORPUS_SCOPES}
TABLE_RULES = [code for code, rule in all_rules().items() if rule.scope in TABLE_SCOPES]
IN_NO_EXAMPLE = {
    "too-much-quoted",
    "much-of-short-document-quoted",
    "document-text-unclean",
    "withdrawal-lost",
}
"""They need another document or release than those of the examples: test_words.py, test_document_text.py, test_ids.py."""
IN_NO_CSV = {"codes-as-numbers": "a CSV file holds text only; made of a typed table below"}


def found_in(folder: Path) -> set[str]:
    """The rules that the tables in a folder break, by the profile that lies beside them if there is one."""
    profile = next(map(str, folder.glob("*.toml")), None)
    return {finding.code for finding in check_tables(Request([folder], profile=profile)).findings}


def near(name: str) -> set[str]:
    """A table, those that it refers to, and those that refer to it: no fault in it concerns another one."""
    pairs = {(table, other) for table, _, other, _ in references(TABLES)}
    return {
        name,
        *(other for table, other in pairs if table == name),
        *(t for t, other in pairs if other == name),
    }


def test_the_right_corpus_breaks_no_rule() -> None:
    assert runner.run(read_corpus(pages.EXAMPLES / "dataset")).findings == []


def test_every_rule_has_an_example_and_every_example_a_rule() -> None:
    expected = {*RULES, *TABLE_RULES} - set(IN_NO_CSV) - IN_NO_EXAMPLE
    assert not expected - set(pages.examples()), (
        "add an example of each to src/standoff/rules/examples/rules.toml"
    )
    assert not set(pages.examples()) - expected, (
        "rules.toml has examples of rules that do not exist, or need none"
    )


@pytest.mark.parametrize("code", [code for code in RULES if code not in IN_NO_EXAMPLE])
def test_the_wrong_example_breaks_its_rule_and_no_other(code: str) -> None:
    example = pages.examples()[code]
    if example.right is not None:
        right = (pages.EXAMPLES / example.file).read_text(encoding="utf-8")
        assert right.count(example.right) == 1, "the right text must stand in the file, once"
    found = example.findings()
    assert {f.code for f in found} == {code, example.beside or code}, [f.message for f in found]


@pytest.mark.parametrize("folder", ["tables", "coups"])
def test_the_right_tables_break_no_rule(folder: str) -> None:
    assert found_in(pages.EXAMPLES / folder) == set()


def test_the_example_tables_are_those_of_the_example_corpus() -> None:
    released = compile_tables(read_corpus(pages.EXAMPLES / "dataset"))
    for path in (pages.EXAMPLES / "tables").iterdir():
        assert path.read_bytes() == csv_bytes(released[path.stem]), f"{path.name} is stale"


@pytest.mark.parametrize("code", [code for code in TABLE_RULES if code not in IN_NO_CSV])
def test_the_wrong_table_breaks_its_rule_and_no_other(code: str, tmp_path: Path) -> None:
    example = pages.examples()[code]
    assert example.right is not None
    right = (pages.EXAMPLES / example.file).read_text(encoding="utf-8")
    assert right.count(example.right) == 1, "the right text must stand in the file, once"
    example.write(tmp_path / "wrong")
    wrong = tmp_path / "wrong" / example.file
    for other in wrong.parent.glob("*.csv"):
        if other.stem not in near(wrong.stem):
            other.unlink()
    assert found_in(wrong.parent) == {code, example.beside or code}


def test_codes_as_numbers_needs_a_table_with_types(tmp_path: Path) -> None:
    coups = pl.read_csv(pages.EXAMPLES / "coups" / "coups.csv", schema_overrides={"action": pl.String})
    for name, table in (("right", coups), ("wrong", coups.with_columns(pl.col("action").cast(pl.Int64)))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "profile.toml").write_bytes((pages.EXAMPLES / "coups" / "coups.toml").read_bytes())
        table.write_parquet(tmp_path / name / "coups.parquet")
    assert found_in(tmp_path / "right") == set()
    assert found_in(tmp_path / "wrong") == {"codes-as-numbers"}


def test_every_premise_is_a_rule_that_runs_before() -> None:
    rules = all_rules()
    order = list(rules)
    for code, rule in rules.items():
        for premise in rule.requires:
            assert premise in rules, f"{code} requires {premise}, which is no rule"
            assert order.index(premise) < order.index(code), f"{premise} must run before {code}"


def test_every_rule_says_in_words_what_it_looks_for_and_how_to_mend_it() -> None:
    for code, rule in all_rules().items():
        assert rule.summary.endswith(".") or rule.summary.endswith(":"), code
        assert rule.advice.rstrip().endswith((".", '"')), code
        assert len(rule.summary) <= 160, code


def test_the_rules_about_tables_are_those_of_the_whole_list() -> None:
    about_tables = [code for code, rule in all_rules().items() if rule.scope in (*TABLE_SCOPES, "summary")]
    assert [*table_rules()] == about_tables
    assert all(rule is all_rules()[code] for code, rule in table_rules().items())


def test_the_rules_about_datasets_are_all_others() -> None:
    others = [code for code in all_rules() if code not in table_rules()]
    assert [*dataset_rules()] == others
    assert all(rule is all_rules()[code] for code, rule in dataset_rules().items())


def test_a_check_of_a_table_outside_of_datasets_loads_nothing_that_reads_annotation_files(
    tmp_path: Path,
) -> None:
    table = shutil.copy(pages.EXAMPLES / "tables" / "events.csv", tmp_path)
    code = (
        "import sys; from standoff.cli import main; main(['check', sys.argv[1]]); "
        "sys.exit(', '.join({'yaml', 'regex', 'jsonschema_rs', 'standoff.source.corpus'} & sys.modules.keys()))"
    )
    command = [sys.executable, "-c", code, table]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stderr.strip(), "on 1 file with 6 records" in done.stdout) == ("", True)
