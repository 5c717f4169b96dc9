"""The closest passage: what is misquoted is recognised, and what sets the two apart is told."""

import re
import sys
from random import Random

import pytest
import regex
from hypothesis import assume, given
from hypothesis import strategies as st

from awkward import texts
from standoff.model.closest import closest, same_words
from standoff.model.spans import Span

REPORT = (
    "The foreign minister met his counterpart in Doha on Monday. Lebanon’s army said that rockets had been "
    "launched from the valley – the third time this week – and warned residents not to return. A spokesman "
    "for the group denied it, calling the report “baseless”. Two cafés in Beirut were damaged, officials\n"
    "said, and at least thirty\u00a0people were injured in the southern suburbs overnight."
)
WORDS = [m.span() for m in regex.finditer(r"\w+", REPORT)]


@st.composite
def quotes(draw):
    first = draw(st.integers(0, len(WORDS) - 4))
    last = draw(st.integers(first + 3, min(first + 25, len(WORDS) - 1)))
    return Span(WORDS[first][0], WORDS[last][1])


@given(quotes())
def test_a_quote_that_is_there_is_its_own_closest_passage(span):
    passage = closest(span.of(REPORT), REPORT)
    assert (passage.span, passage.text, passage.differences) == (span, span.of(REPORT), ())


@given(quotes(), st.data())
def test_one_wrong_letter_still_leads_to_the_passage(span, data):
    quote = span.of(REPORT)
    at = data.draw(st.integers(0, len(quote) - 1).filter(lambda i: quote[i].isalnum()))
    letter = data.draw(st.sampled_from(["", "x", "q", "zz"]))
    wrong = quote[:at] + letter + quote[at + 1 :]
    assume(wrong not in REPORT)  # an end cut off
    passage = closest(wrong, REPORT)
    assert passage is not None
    assert passage.text == passage.span.of(REPORT)
    assert passage.differences
    # Only where the letter is lost from a word of one letter may that word be lost too.
    if len(regex.search(r"\w*$", quote[:at])[0] + regex.match(r"\w*", quote[at:])[0]) > 2:
        assert passage.span == span


@given(quotes(), st.data())
def test_a_word_left_out_in_the_middle_still_leads_to_the_passage(span, data):
    words = span.of(REPORT).split(" ")
    assume(len(words) > 3)
    lost = words.pop(data.draw(st.integers(1, len(words) - 2)))
    assume(len(lost) < len("".join(words)) and " ".join(words) not in REPORT)
    passage = closest(" ".join(words), REPORT)
    # A short word at an end may be given up, or taken for its neighbour ("not" for "to"); no more than that.
    assert span.contains(passage.span)
    assert len(passage.text) * 2 > len(span.of(REPORT)) - len(lost)


@given(texts, texts)
def test_whatever_is_sought_the_passage_is_a_part_of_the_text(quote, text):
    passage = closest(quote, text)
    if passage is not None:
        assert passage.text == passage.span.of(text)
        assert bool(passage.differences) or passage.text == quote or passage.text.strip() == quote.strip()


@pytest.mark.parametrize(
    ("quote", "text", "differences"),
    [
        ("Lebanon's army", "Lebanon’s army", [
            "a curly apostrophe ’ (U+2019) in the text, a straight apostrophe ' (U+0027) in the quote"]),
        ("valley - the", "valley – the", [
            "an en dash – (U+2013) in the text, a hyphen - (U+002D) in the quote"]),
        ("valley — the", "valley – the", [
            "an en dash – (U+2013) in the text, an em dash — (U+2014) in the quote"]),
        ("-5 degrees", "−5 degrees", [
            "a minus sign − (U+2212) in the text, a hyphen - (U+002D) in the quote"]),
        ("thirty people", "thirty\u00a0people", [
            "a no-break space (U+00A0) in the text, a space in the quote"]),
        ("officials said", "officials\nsaid", ["a line break in the text, a space in the quote"]),
        ("officials  said", "officials said", ["a space in the text, two spaces in the quote"]),
        ("officials   said", "officials\t\n\r\u00a0said", [
            "a tab, a line break, a carriage return (U+000D), a no-break space (U+00A0) in the text, 3 spaces in the quote"]),
        ("officials said", "officials\n    said", ['"\n    " in the text, a space in the quote']),
        ("met ,him", "met, him", [
            "nothing in the text, a space in the quote", "a space in the text, nothing in the quote"]),
        ("their cooperation", "their co-operation", [
            '"co-operation" in the text, "cooperation" in the quote']),
        ("their co\u00adoperation", "their co-operation", [
            "a hyphen - (U+002D) in the text, a soft hyphen (U+00AD) in the quote"]),
        ("* the minister", "• the minister", [
            "the character bullet • (U+2022) in the text, the character asterisk * (U+002A) in the quote"]),
        ("group A met", "group B met", ['"B" in the text, "A" in the quote']),
        ("they 'met' us", "they “met” us", [
            "a curly opening quotation mark “ (U+201C) in the text, a straight apostrophe ' (U+0027) in the quote",
            "a curly closing quotation mark ” (U+201D) in the text, a straight apostrophe ' (U+0027) in the quote"]),
        ("they met  -  us", "they met – us", [
            "a space in the text, two spaces in the quote",
            "an en dash – (U+2013) in the text, a hyphen - (U+002D) in the quote"]),
        ("they met-' us", "they met–’ us", [
            "an en dash – (U+2013) in the text, a hyphen - (U+002D) in the quote",
            "a curly apostrophe ’ (U+2019) in the text, a straight apostrophe ' (U+0027) in the quote"]),
        ("envoys met-'us", "envoys met\n\n’us", ['"’" in the text, "-\'" in the quote']),
        ("envoys met\n\n'us", "envoys met–’us", ['"–’" in the text, "\'" in the quote']),
        ("envoys met-'us", "envoys met\nus", ['a line break in the text, "-\'" in the quote']),
        ("and she-they met envoys", "and he–we met envoys", ['"he–we" in the text, "she-they" in the quote']),
        ("one-two – three-four", "one–two – three–four", [
            "an en dash – (U+2013) in the text, a hyphen - (U+002D) in the quote"]),
        ("Two cafe\u0301s", "Two cafés", [
            '"cafés" with composed letters in the text, with decomposed ones in the quote']),
        ("Two cafés", "Two cafe\u0301s", [
            '"cafe\u0301s" with decomposed letters in the text, with composed ones in the quote']),
        ("a cafe", "a cafe\u0301", ['"cafe\u0301" in the text, "cafe" in the quote']),
        ("Two CAFES", "Two cafés", ['"cafés" in the text, "CAFES" in the quote']),
        ("they warnde us", "they warned us", ['"warned" in the text, "warnde" in the quote']),
        ("they us", "they warned us", ['"warned" in the text, not in the quote']),
        ("the senior minister of A", "the minister of A", ['"senior" in the quote, not in the text']),
    ],
)  # fmt: skip
def test_differences_are_told_in_words(quote, text, differences):
    passage = closest(quote, f"Before it. {text}, and more after it.")
    assert (passage.text, list(passage.differences)) == (text, differences)


@pytest.mark.parametrize(
    ("quote", "passage", "same"),
    [
        ("the 'old' cafe\u0301 -  closed", "the “old” café\n–\u00a0closed", False),  # one mark for two
        ('the "old" cafe\u0301 -  closed', "the “old” café\n–\u00a0closed", True),
        ("the army's", "the army’s ", True),
        ("the army", "The army", False),
        ("the cafe", "the café", False),
    ],
)
def test_typography_makes_no_other_words(quote, passage, same):
    assert same_words(quote, passage) is same_words(passage, quote) is same


def test_no_more_than_five_differences_are_told():
    text = "a tall man and a small boy met an old king or his new heir"
    for quote, last in [
        ("a TALL man AND a SMALL boy MET an OLD king", '"old" in the text, "OLD" in the quote'),
        ("a TALL man AND a SMALL boy MET an OLD king OR his NEW heir", "and 2 more"),
    ]:
        assert closest(quote, text).differences[4:][-1] == last


def test_the_differences_of_very_long_passages_are_not_told():
    told, untold = closest("SS" + "X" * 4998, "ss" + "x" * 4998), closest("ß" + "X" * 4999, "ss" + "x" * 4999)
    assert len(told.differences[0]) > 10_000
    assert untold.differences == ("they differ in more than one place",)


def calls(function, *args):
    """How many functions are called, whether of Python or of C: work that no busy machine makes more."""
    count, before = 0, sys.getprofile()

    def called(frame, event, arg):
        nonlocal count
        count += event in ("call", "c_call")

    re.purge()  # or an expression of the first call would cost the second nothing
    sys.setprofile(called)
    try:
        function(*args)
    finally:
        sys.setprofile(before)
    return count


def test_differences_cost_no_more_than_the_text_is_longer_where_all_words_repeat():
    text = "The envoy met a minister. " * 19
    assert closest(text.upper(), text).differences
    assert calls(closest, text.upper() * 10, text * 10) <= 10 * calls(closest, text.upper(), text)


@pytest.mark.parametrize(
    ("quote", "text", "passage"),
    [
        ("old the army left", "the army left us", "the army left"),
        ("red green blue army left", "army left 1 2 3 4 red green blue", "red green blue"),
        ("army left red green blue", "red green blue 1 2 3 4 army left", "red green blue"),
        ("xyzw abc", "xyzw abd and xyz1 abc", "xyzw abd"),  # two letters of three may be a slip
        ("xyzw abcd", "xyzw abef and xyz1 abcd", "xyz1 abcd"),  # two of four are none
    ],
)
def test_the_passage_that_differs_least_is_the_closest(quote, text, passage):
    assert closest(quote, text).text == passage


def test_swapped_words_lead_to_the_passage():
    assert closest("his met counterpart in Doha", REPORT).text == "met his counterpart in Doha"


def test_whole_words_are_closer_than_parts_of_words():
    assert closest("Us", "It must be the US.").span == Span(15, 17)


def test_nothing_is_close_to_what_is_not_there():
    assert closest("quarterly earnings exceeded projections", REPORT) is None
    assert closest("", REPORT) is None
    assert closest("word", "") is None


def test_an_accent_at_the_end_of_a_passage_belongs_to_it():
    text = "They met in a cafe\u0301"
    assert closest("a cafe", text).span == Span(12, 19)
    assert closest("a cafe", text, within=Span(0, 18)).span == Span(12, 18)


@pytest.mark.parametrize(
    ("quote", "text", "passage"),
    [
        ("abcd", "abxy", "abxy"),  # 4 letters of 8: just half
        ("abcd", "axyz", None),
        ("war", "a wad b", "wad"),
        ("on", "no bus", None),  # a common letter, but no two in a row
        ("on it", "Monitoring visitation", None),  # all that is shared lies within other words
    ],
)
def test_a_passage_is_like_a_quote_from_one_half(quote, text, passage):
    found = closest(quote, text)
    assert (found and found.text) == passage


def test_the_closest_passage_is_sought_inside_the_evidence_only():
    text = "They warned us. They had warnd us."
    assert closest("They warmed us", text, within=Span(16, len(text))).span == Span(16, 33)


def test_a_long_misquote_is_found_by_its_ends():
    text = " ".join(f"{w}{i}" for i in range(40) for w in ("alpha", "beta", "gamma", "delta", "epsilon"))
    span = Span(text.index("alpha10"), text.index("delta30") + len("delta30"))
    assert closest(span.of(text).replace("gamma20 ", ""), text).span == span


def test_of_a_long_quote_that_leaves_words_out_the_ends_are_sought_within_twice_its_length():
    letters = Random(5)
    words = ["".join(letters.choices("abcdefghijklmnoprstuvwz", k=7)) for _ in range(400)]
    text = " ".join(words)
    for left_out, found in ((40, 110), (170, 30)):
        quote = " ".join(words[100:135] + words[135 + left_out : 170 + left_out])
        passage = closest(quote, text)
        assert passage.text.split() == words[100 : 100 + found]


def test_a_quote_of_few_different_letters_is_compared_with_all_of_them():
    letters = Random(5)
    words = ["".join(letters.choices("abcde", k=4)) for _ in range(90)]
    quote = " ".join(
        "".join(letters.choices("abcde", k=4)) if i % 9 == 4 else words[i] for i in range(20, 70)
    )
    assert closest(quote, " ".join(words)).text.split() == words[20:70]


def test_not_only_the_place_that_shares_most_letters_is_looked_at():
    meant = "the army warmed all residents of southern suburb in Monday"
    decoy = "Monday on suburbs southern the of residents the warned army the"
    filler = " 0 1 2 3 4 5 6 7 8 9 " * 8
    places = [decoy, decoy, meant]
    for _ in places:
        places.append(places.pop(0))
        passage = closest(
            "the army warned the residents of the southern suburbs on Monday", filler.join(places)
        )
        assert passage.text == meant


def test_closeness_costs_little_and_grows_no_faster_than_the_text():
    text, quote = REPORT * 25, "rockets had bin launched form the valley – a third time this weak"
    meant = "rockets had been launched from the valley – the third time this week"
    assert closest(quote, text).text == closest(quote, text * 10).text == meant
    assert calls(closest, quote, text) < 5 * len(text)
    assert calls(closest, quote, text * 10) <= 10 * calls(closest, quote, text)
