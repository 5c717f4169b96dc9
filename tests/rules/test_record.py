"""The words and the id of one record."""

from __future__ import annotations

import re

import pytest

from breaking import D900, D901, found, only

COUNTERPART = 'quote: "her counterpart from Australis"'
STRAIT = 'evidence: "Australis could close the strait"'
NOTE = '    note: "The denial addresses nobody."\n'


@pytest.mark.parametrize(
    ("right", "wrong", "words", "where"),
    [
        ("an answer to every raid", "an answer to every raids", "She warned Australis of an answer to every raids", {"document"}),
        (NOTE, '    note: "N."\n    mentions: ["a lost phrase"]\n', "a lost phrase", {"document"}),
        (STRAIT, 'evidence: "Boreland could close"', "Boreland could close", {"document"}),
        (COUNTERPART, 'quote: "a counterpart"', "a counterpart", {"evidence"}),
        (COUNTERPART, 'quote: "a counterpart", outside: true', "a counterpart", {"document"}),
        # words that do occur, but not there
        (STRAIT, 'evidence: {quote: "Australis could close the strait", prefix: "No"}', "Australis could close the strait", {"document", "prefix"}),
        (STRAIT, 'evidence: {quote: "Australis could close the strait", prefix: "No", suffix: "No"}', "Australis could close the strait", {"document", "prefix", "suffix"}),
        # another party's words stand outside
        (f'"The foreign minister of Boreland"}}]\n    target: [{{id: australis-government, {COUNTERPART}', '"OSTROV, May 2", outside: true}]\n    target: [{id: australis-government, quote: "a counterpart"', "a counterpart", {"evidence"}),
    ],
)  # fmt: skip
def test_a_finding_says_where_the_words_were_looked_for(
    right: str, wrong: str, words: str, where: set[str]
) -> None:
    finding = only(found(D900, right, wrong), "quote-not-found")
    assert finding.data["value"] == words
    after_the_words = finding.message.rpartition('"')[2].split()
    assert {"document", "evidence", "prefix", "suffix"}.intersection(after_the_words) == where


@pytest.mark.parametrize(
    ("right", "wrong", "differences"),
    [
        # what stands beside the words is wrong; that they stand elsewhere is no remedy
        (STRAIT, 'evidence: {quote: "Australis could close the strait", prefix: "No"}', ["k.", "No"]),
        (STRAIT, 'evidence: {quote: "OSTROV", prefix: " "}', []),
        # of many differences the first three
        ("She warned Australis of an answer to every raid", "He warned Austria of a answer to any raids", ["She", "He", "Australis", "Austria", "an", "a"]),
    ],
)  # fmt: skip
def test_the_remedy_for_words_shows_how_the_document_has_them(
    right: str, wrong: str, differences: list[str]
) -> None:
    finding = only(found(D900, right, wrong), "quote-not-found")
    assert re.findall('"([^"]*)"', finding.remedy or "") == differences
    assert finding.fix is None, "nothing is changed into itself"


@pytest.mark.parametrize(
    ("written", "columns"),
    [
        ('"her counterpart from Australia"', (78, 79)),
        ('"her counterpat from Australis"', (62, 63)),
        ('"her counterppart from Australis"', (61, 62)),
        ("'her counterpart from Australia'", (78, 79)),
        ("her counterpart from Australia", (77, 78)),
        # two characters; an escape; the same wrong words twice: all of it
        ('"her counterpsst from Australis"', (48, 80)),
        ('"her counterpart from Austral\\u0069a"', (48, 85)),
        ('"hor … hor"', (48, 59)),
    ],
)
def test_the_marker_points_at_the_one_character_that_is_wrong(written: str, columns: tuple[int, int]) -> None:
    finding = only(found(D900, COUNTERPART, f"quote: {written}"), "quote-not-found")
    assert (finding.line, finding.column, finding.end_column) == (17, *columns)
    assert finding.data["field"] == "events[1].target[1].quote"


@pytest.mark.parametrize(
    ("words", "places"), [("i", ["10 places", "lines 1, 3)"]), ("t", ["11 places", "lines 1, 3 …)"])]
)
def test_ten_places_of_an_ambiguous_quote_are_listed(words: str, places: list[str]) -> None:
    message = only(
        found(D901, 'evidence: "Nobody knows who fired back"', f'evidence: "{words}"'), "quote-ambiguous"
    ).message
    assert [each for each in places if each not in message] == []


@pytest.mark.parametrize("written", ["|-\n      met\u00a0", "|\n      met", ">-\n      met\u00a0"])
def test_words_below_a_bar_are_not_mended_by_a_machine(written: str) -> None:
    [finding] = found(D900, 'trigger: "met"', f"trigger: {written}")
    assert finding.code in ("quote-not-found", "quote-padded")
    assert finding.fix is None
