"""The pages of the rules: an index by what went wrong that has every rule once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from breaking import D900
from standoff.rules import pages
from standoff.rules.catalogue import all_rules, own_rules


def test_the_index_has_every_rule_in_one_list() -> None:
    listed = Counter(code for codes in pages.problems().values() for code in codes)
    missing = own_rules().keys() - listed.keys()
    assert not missing, f"add these rules to a list in src/standoff/rules/problems.toml: {sorted(missing)}"
    assert listed.keys() == own_rules().keys()
    assert set(listed.values()) == {1}


def test_a_new_rule_is_listed_beside_those_of_its_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = pages.problems()
    [title] = [title for title, codes in listed.items() if "mention-overlaps" in codes]
    without = pages.PROBLEMS.read_text("utf-8").replace('"mention-overlaps", ', "")
    (tmp_path / "problems.toml").write_text(without, "utf-8")
    monkeypatch.setattr(pages, "PROBLEMS", tmp_path / "problems.toml")
    assert "mention-overlaps" not in without
    assert {t: sorted(codes) for t, codes in pages.problems().items()} == {
        t: sorted(codes) for t, codes in listed.items()
    }
    assert pages.problems()[title][-1] == "mention-overlaps"


def test_the_index_leads_to_its_parts() -> None:
    index = pages.index()
    for title in pages.problems():
        assert f"\n## {title}\n" in index
        assert f"[{title}](#{pages._anchor(title)})" in index


def test_the_page_of_a_rule_quotes_its_own_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    basis = '"138"\n    date: "[..2023-05-02]"\n    date_basis: document'
    example = pages.Example(
        D900, basis, basis.replace("document", "vague").replace("[..", "").replace("]", "")
    )
    assert [f.code for f in example.findings()] == ["date-basis-contradicted"]
    monkeypatch.setattr(pages, "examples", lambda: {"date-basis-contradicted": example})
    page = pages.page(all_rules()["date-basis-contradicted"])
    assert "- 2023-05-02 is one day, but its basis is vague" in page


def test_the_page_of_a_rule_says_how_often_the_wrong_words_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    example = pages.Example(D900, "language: en", "language: en\n  ", times=2)
    monkeypatch.setattr(pages, "examples", lambda: {"duplicate-key": example})
    page = pages.page(all_rules()["duplicate-key"])
    assert f"Wrong, in `{D900}`, 2 times:" in page
    assert f"Right, in `{D900}`:" in page
