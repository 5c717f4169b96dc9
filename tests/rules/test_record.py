"""The words and the id of one record."""

from __future__ import annotations

import pytest

from breaking import D900, D901, found, only

COUNTERPART = 'quote: "her counterpart from Australis"'
STRAIT = 'evidence: "Australis could close the strait"'
NOTE = '    note: "The denial addresses nobody."\n'


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("an answer to every raid", "an answer to every raids", 'the evidence "She warned Australis of an answer to every raids" does not occur in the document'),
        (NOTE, '    note: "N."\n    mentions: ["a lost phrase"]\n', 'the mention "a lost phrase" does not occur in the document'),
        (STRAIT, 'evidence: "Boreland could close"', 'the evidence "Boreland could close" does not occur in the document'),
        (COUNTERPART, 'quote: "a counterpart"', 'the target\'s words "a counterpart" do not occur in the evidence'),
        (COUNTERPART, 'quote: "a counterpart", outside: true', 'the target\'s words "a counterpart" do not occur in the document'),
        # words that do occur, but not there
        (STRAIT, 'evidence: {quote: "Australis could close the strait", prefix: "No"}', 'the evidence "Australis could close the strait" does not occur in the document with the prefix that is given'),
        (STRAIT, 'evidence: {quote: "Australis could close the strait", prefix: "No", suffix: "No"}', 'the evidence "Australis could close the strait" does not occur in the document with the prefix and suffix that are given'),
        # another party's words stand outside
        (f'"The foreign minister of Boreland"}}]\n    target: [{{id: australis-government, {COUNTERPART}', '"OSTROV, May 2", outside: true}]\n    target: [{id: australis-government, quote: "a counterpart"', 'the target\'s words "a counterpart" do not occur in the evidence'),
    ],
)  # fmt: skip
def test_a_message_says_where_the_words_were_looked_for(right: str, wrong: str, message: str) -> None:
    assert only(found(D900, right, wrong), "quote-not-found").message == message


@pytest.mark.parametrize(
    ("right", "wrong", "remedy"),
    [
        # what stands beside the words is wrong; that they stand elsewhere is no remedy
        (STRAIT, 'evidence: {quote: "Australis could close the strait", prefix: "No"}', 'copy the words from the document: "k." before it in the text, prefix "No"'),
        (STRAIT, 'evidence: {quote: "OSTROV", prefix: " "}', "quote the words exactly as they are in the document"),
        # of many differences the first three
        ("She warned Australis of an answer to every raid", "He warned Austria of a answer to any raids", 'copy the words from the document: "She" in the text, "He" in the quote; "Australis" in the text, "Austria" in the quote; "an" in the text, "a" in the quote'),
    ],
)  # fmt: skip
def test_the_remedy_for_words_tells_how_the_document_has_them(right: str, wrong: str, remedy: str) -> None:
    finding = only(found(D900, right, wrong), "quote-not-found")
    assert finding.remedy == remedy
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


@pytest.mark.parametrize(
    ("words", "said"), [("i", "fits 10 places of the document (lines 1, 3)"), ("t", " …)")]
)
def test_ten_places_of_an_ambiguous_quote_are_listed(words: str, said: str) -> None:
    message = only(
        found(D901, 'evidence: "Nobody knows who fired back"', f'evidence: "{words}"'), "quote-ambiguous"
    ).message
    assert said in message


@pytest.mark.parametrize("written", ["|-\n      met\u00a0", "|\n      met", ">-\n      met\u00a0"])
def test_words_below_a_bar_are_not_mended_by_a_machine(written: str) -> None:
    [finding] = found(D900, 'trigger: "met"', f"trigger: {written}")
    assert finding.code in ("quote-not-found", "quote-padded")
    assert finding.fix is None
