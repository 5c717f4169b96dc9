"""The pages of the rules: an index by what went wrong that has every rule once."""

from __future__ import annotations

from collections import Counter

from standoff.rules import pages
from standoff.rules.catalogue import own_rules


def test_the_index_has_every_rule_in_one_list() -> None:
    listed = Counter(code for codes in pages.problems().values() for code in codes)
    missing = own_rules().keys() - listed.keys()
    assert not missing, f"add these rules to a list in src/standoff/rules/problems.toml: {sorted(missing)}"
    assert listed.keys() == own_rules().keys()
    assert set(listed.values()) == {1}


def test_the_index_leads_to_its_parts() -> None:
    index = pages.index()
    for title in pages.problems():
        assert f"\n## {title}\n" in index
        assert f"[{title}](#{pages._anchor(title)})" in index
