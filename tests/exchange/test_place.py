"""Where quotes and offsets lead, and in which unit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standoff.exchange import place
from standoff.model.spans import Span, to_utf8, to_utf16

TEXT = "“They” met 🙂 in Beirut.\r\nThen they met again – in Ar‌bīl."


@given(st.integers(0, len(TEXT) - 1), st.integers(1, 12), st.sampled_from(["code points", "UTF-16", "bytes"]))
def test_offsets_with_words_are_found_in_every_unit(start, length, unit):
    end = min(len(TEXT), start + length)
    convert = {"code points": lambda _, at: at, "UTF-16": to_utf16, "bytes": to_utf8}[unit]
    words = TEXT[start:end]
    placed = place.by_offsets(TEXT, convert(TEXT, start), convert(TEXT, end), words)
    assert placed.fault is None
    assert placed.passage.span.of(TEXT) == words


def test_offsets_of_a_text_with_plain_line_ends_are_told_apart():
    plain = TEXT.replace("\r\n", "\n")
    start = plain.index("again")
    placed = place.by_offsets(TEXT, start, start + 5, "again")
    assert (placed.how, placed.passage.span.of(TEXT)) == ("code points, line ends as \\n", "again")


@pytest.mark.parametrize(
    ("start", "end", "words", "fault"),
    [
        (0, 10_000, None, "offsets-outside"),
        (5, 5, None, "offsets-outside"),
        (-1, 5, None, "offsets-outside"),
        (0, 3, "absent", "offsets-disagree"),
        (0, 6, "Beirut", "offsets-disagree"),
    ],
)
def test_wrong_offsets_are_faults(start, end, words, fault):
    assert place.by_offsets(TEXT, start, end, words).fault == fault


def test_wrong_offsets_with_words_that_occur_once_are_placed_by_the_words():
    placed = place.by_offsets(TEXT, 0, 6, "Beirut")
    assert placed.passage.span.of(TEXT) == "Beirut"


@pytest.mark.parametrize(
    ("quote", "within", "expected"),
    [
        ('"they" met', None, "“They” met"),
        ("again - in", None, "again – in"),
        ("Beirut. Then", None, "Beirut.\r\nThen"),
    ],
)
def test_quotes_spelled_otherwise_are_found(quote, within, expected):
    placed = place.by_words(TEXT, quote, within=within)
    assert placed.passage.span.of(TEXT) == expected
    assert placed.fault is None


def test_a_quote_that_occurs_twice_is_placed_at_the_first_and_reported():
    placed = place.by_words(TEXT, "met")
    assert placed.fault == "words-ambiguous"
    assert placed.passage.span == Span(TEXT.index("met"), TEXT.index("met") + 3)
    assert place.by_words(TEXT, "met", suffix="again").passage.span.start == TEXT.rindex("met")
    assert place.by_words(TEXT, "met", within=Span(27, len(TEXT))).passage.span.start == TEXT.rindex("met")


@pytest.mark.parametrize("quote", ["", " ", "departed", "x" * 100_000])
def test_words_that_are_not_there_are_a_fault(quote):
    assert place.by_words(TEXT, quote).fault == "words-not-found"


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ("met … Beirut", "met 🙂 in Beirut"),
        ("They...Beirut", "They” met 🙂 in Beirut"),
        ("…they met again…", "they met again"),
        ("they [...] again", "they met again"),
        ('"met again."', "met again"),
        ("**met again**", "met again"),
        ("MET\n  AGAIN", "met again"),
    ],
)
def test_quotes_with_ellipses_and_decoration_are_found(quote, words):
    placed = place.by_words(TEXT, quote)
    assert (placed.fault, placed.passage.span.of(TEXT)) == (None, words)


@pytest.mark.parametrize("quote", ["…", "... …", "a…b…c…d…e", "Beirut…They”", "."])
def test_ellipses_alone_are_no_quote(quote):
    assert place.by_words("They met.\nIn Ar\u200cbīl", quote.replace(".", "!")).fault == "words-not-found"
