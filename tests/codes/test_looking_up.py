"""`standoff codes`: codes are found by their beginning and by words, in the scheme of the dataset here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from standoff.cli import main
from standoff.codes import lookup, shipped


def found(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The codes in the output, in its order."""
    return [line.split()[0] for line in capsys.readouterr().out.splitlines() if line[:1].strip()]


def test_codes_below_a_code_come_in_the_order_of_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["codes", "--scheme", "cameo", "143"]) == 0
    assert found(capsys)[:5] == ["143", "1431", "1432", "1433", "1434"]


def test_labels_come_before_definitions(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["codes", "--scheme", "cameo", "truce"]) == 0
    assert found(capsys)[0] == "0871"


@pytest.mark.parametrize(
    ("scheme", "words", "first"),
    [
        ("cameo", "condemned", "11"),
        ("cameo", "food aid", "0233"),
        ("cameo", "peace talks", "037"),
        ("plover", "condemn", "ACCUSE:disapprove"),
        ("plover", "food aid", "AID"),
        ("plover", "bombing", "ASSAULT:explosives"),
    ],
)
def test_words_of_like_meaning_are_found_and_said_to_be_so(
    scheme: str, words: str, first: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["codes", "--scheme", scheme, words]) == 0
    said = capsys.readouterr()
    assert said.out.split()[0] == first
    assert "words of similar meaning" in said.err


def test_every_group_of_synonyms_leads_somewhere() -> None:
    """A group without a word of any list would never find a code."""
    lines = (shipped.folder() / "synonyms.txt").read_text("utf-8").splitlines()
    for line in lines:
        if not line.startswith("#"):
            assert any(lookup.alike(shipped.scheme(name), line.split()[0]) for name in shipped.names()), line


def test_elements_of_actor_codes_are_found_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["codes", "--scheme", "cameo", "police"]) == 0
    assert found(capsys)[-1] == "COP"


def test_an_element_with_just_this_code_comes_first(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["codes", "--scheme", "cameo", "mil"]) == 0
    assert found(capsys)[0] == "MIL"


def test_a_word_that_no_code_has_is_an_exit_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["codes", "--scheme", "cameo", "xyzzy"]) == 1
    assert main(["codes", "--scheme", "camea"]) == 2
    assert main(["codes", "--scheme", "plover", "--without", "cameo"]) == 2
    assert capsys.readouterr().out == ""


def test_codes_without_a_counterpart_are_those_with_no_cell_in_the_crosswalk(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["codes", "--scheme", "cameo", "--without", "plover"]) == 0
    actions = shipped.scheme("cameo").actions
    assert found(capsys) == [code for code, a in actions.items() if not a.columns["plover_type"]]


def test_the_scheme_is_that_of_the_dataset_here(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "dataset.toml").write_text('[dataset]\nscheme = "plover"\n')
    assert main(["codes", "ASSAULT", "--dataset", str(tmp_path)]) == 0
    assert found(capsys)[0] == "ASSAULT"


def test_the_guide_names_the_codes_without_a_counterpart() -> None:
    actions = shipped.scheme("cameo").actions
    missing = {code for code, action in actions.items() if not action.columns["plover_type"]}
    text = (Path(__file__).parents[2] / "docs" / "codes.md").read_text()
    section = text.partition("## From CAMEO to PLOVER")[2].partition("## ")[0]
    named = set(re.findall(r"`(\d+)`", section)) | set(actions.roots)
    named |= {code for code in actions if actions.root(code) in ("01", "02")}
    assert named == missing
