"""Texts that we write ourselves."""

from __future__ import annotations

from breaking import D900, codes, found


def test_the_first_sign_of_a_formula_is_shown() -> None:
    [finding] = found(D900, 'note: "The denial', 'note: "=The denial')
    assert (finding.code, finding.data["field"]) == ("formula-text", "events[4].note")
    assert '"="' in finding.message


def test_a_text_with_several_hidden_characters_is_one_finding() -> None:
    assert codes(D900, 'note: "The denial', 'note: "The \\u200e\\u200f denial') == ["unprintable-text"]


def test_the_days_of_annotators_are_in_the_calendar_too() -> None:
    right = 'task = "First pass."'
    assert codes("dataset/dataset.toml", right, f'{right}\ncompleted = "2020-02-29"') == []
    assert codes("dataset/dataset.toml", right, f'{right}\ncompleted = "2021-02-29"') == ["day-impossible"]
