"""Offsets and quotes: what is quoted is found again, in any text, and what is misquoted is recognised."""

import re
import sys
from random import Random

import pytest
import regex
from hypothesis import assume, example, given
from hypothesis import strategies as st

from standoff.model.spans import (
    AnchorError,
    QuoteAmbiguous,
    QuoteNotFound,
    Selector,
    Span,
    anchor,
    closest,
    crosses_blank_line,
    find_all,
    from_utf8,
    from_utf16,
    line_column,
    same_words,
    sentence_at,
    splits_grapheme,
    to_utf8,
    to_utf16,
)

# What breaks naive offset code, more often than chance would bring it: astral and combining characters,
# joined emoji, flags, right-to-left letters and marks, line ends, typography, repeats.
AWKWARD = "aab  .\n\r\t\u00a0é\u0301\u0308ß’'“\"–-…😀👩\u200d👧🇱🇧🇮🇷בשלاي\u202e\u2069क\u094dष한\u1112\u1161𝒜"
texts = st.text(st.sampled_from(AWKWARD) | st.characters(exclude_categories=["Cs"]), max_size=60)


@st.composite
def texts_with_spans(draw):
    text = draw(texts.filter(bool))
    start = draw(st.integers(0, len(text) - 1))
    return text, Span(start, draw(st.integers(start + 1, len(text))))


# --- Spans


@given(texts_with_spans(), texts_with_spans())
def test_spans_that_overlap_share_a_character(a, b):
    a, b = a[1], b[1]
    assert a.overlaps(b) == b.overlaps(a) == bool(set(range(a.start, a.end)) & set(range(b.start, b.end)))
    assert a.contains(b) == (set(range(b.start, b.end)) <= set(range(a.start, a.end)))
    assert (a < b) == ((a.start, a.end) < (b.start, b.end))


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (4, 3)])
def test_a_span_that_cannot_be_is_refused(start, end):
    with pytest.raises(ValueError, match="0 <= start <= end"):
        Span(start, end)


def test_a_span_outside_its_text_is_refused_rather_than_cut_short():
    with pytest.raises(ValueError, match="outside"):
        Span(0, 5).of("four")


# --- Anchoring


@given(texts_with_spans())
def test_every_occurrence_of_a_quote_is_found(case):
    text, span = case
    quote = span.of(text)
    expected = [i for i in range(len(text)) if text.startswith(quote, i)]
    assert [s.start for s in find_all(quote, text)] == expected
    assert all(s.of(text) == quote for s in find_all(quote, text))


@given(texts_with_spans())
@example(("a  ", Span(2, 3)))
@example(("\r\n\r\n", Span(1, 2)))
def test_a_quote_with_all_that_surrounds_it_leads_back_to_its_offsets(case):
    text, span = case
    selector = Selector(span.of(text), prefix=text[: span.start], suffix=text[span.end :])
    assert anchor(selector, text) == span


@given(texts_with_spans())
def test_a_bare_quote_is_anchored_exactly_if_it_is_unique(case):
    text, span = case
    occurrences = find_all(span.of(text), text)
    if len(occurrences) == 1:
        assert anchor(Selector(span.of(text)), text) == span
    else:
        with pytest.raises(QuoteAmbiguous) as error:
            anchor(Selector(span.of(text)), text)
        assert list(error.value.occurrences) == occurrences


@given(texts_with_spans(), texts, texts)
def test_inside_its_own_place_a_quote_is_never_ambiguous(case, before, after):
    text, span = case
    moved = Span(len(before) + span.start, len(before) + span.end)
    assert anchor(Selector(span.of(text)), before + text + after, within=moved) == moved


@given(texts, texts)
def test_what_does_not_occur_is_never_anchored(quote, text):
    assume(" … " not in quote)
    if quote not in text or not quote:
        with pytest.raises(QuoteNotFound):
            anchor(Selector(quote), text)


def test_prefix_and_suffix_tell_repeats_apart():
    text = "Iran warned Israel. Israel  warned Iran."
    assert anchor(Selector("warned", prefix="Iran"), text) == Span(5, 11)
    assert anchor(Selector("warned", prefix="Israel"), text) == Span(28, 34)  # white space is overlooked
    assert anchor(Selector("Iran", suffix="."), text) == Span(35, 39)
    with pytest.raises(QuoteNotFound, match="not beside") as error:
        anchor(Selector("warned", prefix="Lebanon"), text)
    assert error.value.closest.differences == ('"Iran" before it in the text, prefix "Lebanon"',)


def test_what_stands_beside_the_quote_instead_is_told_in_its_length():
    with pytest.raises(QuoteNotFound) as error:
        anchor(Selector("warned", prefix="Iraq", suffix="Isral"), "Then Iran warned Israel again.")
    assert error.value.closest.text == "warned"
    assert error.value.closest.differences == (
        '"Iran" before it in the text, prefix "Iraq"',
        '"Israe" after it in the text, suffix "Isral"',
    )
    with pytest.raises(QuoteNotFound) as error:
        anchor(Selector("warned", prefix="Then ", suffix=" Israel"), "Then Iran warned Israel again.")
    assert error.value.closest.differences == ('"Iran" before it in the text, prefix "Then "',)


@pytest.mark.parametrize("selector", [
    Selector("met", prefix="him \n"),
    Selector("met", prefix=" him"),
    Selector("met", suffix="\t her"),
    Selector("met", suffix="her "),
    Selector("met", prefix="him", suffix="her"),
    Selector("met", prefix="\n", suffix="her"),
    Selector("met", prefix="him", suffix="\t"),
])  # fmt: skip
def test_white_space_beside_the_quote_is_overlooked(selector):
    assert anchor(selector, "We met. With him\u2028\r\nmet\t\n her ") == Span(19, 22)
    assert anchor(Selector("met", prefix="\n", suffix="her"), "\nmet  her") == Span(1, 4)
    assert anchor(Selector("met", prefix="I", suffix="A"), "I  met  A") == Span(3, 6)


@pytest.mark.parametrize(("selector", "text"), [
    (Selector("met", prefix="her"), "\nmet her\n"),
    (Selector("met", suffix="him"), "\nhim met\n"),
    (Selector("met", prefix="\t"), "him met"),
    (Selector("met", suffix="\t"), "met her"),
    (Selector("met", prefix="\t"), "\t\nmet"),
    (Selector("met", suffix="\t"), "met\n\t"),
    (Selector("met", prefix="she", suffix="her"), "him met  her"),
    (Selector("met", prefix="him", suffix="she"), "him  met her"),
])  # fmt: skip
def test_what_stands_elsewhere_is_no_prefix_or_suffix(selector, text):
    with pytest.raises(QuoteNotFound, match="not beside"):
        anchor(selector, text)


def test_a_prefix_may_lie_outside_the_evidence():
    text = "He met her. She met him."
    assert anchor(Selector("met", prefix="She"), text, within=Span(16, 24)) == Span(16, 19)


def test_words_outside_the_evidence_do_not_occur():
    with pytest.raises(QuoteNotFound, match='"met" does not occur'):
        anchor(Selector("met"), "He met her. She met him.", within=Span(7, 17))


def test_a_long_stretch_is_named_by_its_ends():
    text = "The minister said on Monday that it, and not they, had met. They had met."
    assert anchor(Selector("minister said … had met."), text).of(text) == text[4:59]
    assert anchor(Selector("minister said … had met.", suffix="\n"), text + "\n").end == len(text)


def test_ends_that_fit_several_stretches_are_ambiguous():
    with pytest.raises(QuoteAmbiguous) as error:
        anchor(Selector("He said … war"), "He said no war. He said war")
    assert error.value.occurrences == (Span(0, 14), Span(16, 27))


def test_a_beginning_without_an_end_behind_it_counts_for_nothing():
    assert anchor(Selector("He … left"), "He came and left. He stayed.") == Span(0, 16)


@pytest.mark.parametrize(
    ("quote", "missing"),
    [("He … went", "went"), ("She … left", "She"), (" … left", " … left"), ("He … ", "He … "), ("", "")],
)
def test_what_is_missing_is_the_end_that_is_not_there(quote, missing):
    with pytest.raises(QuoteNotFound) as error:
        anchor(Selector(quote), "He came and left.")
    assert error.value.missing == missing


def test_an_ellipsis_of_the_text_itself_comes_first():
    text = "We … waited. We sat and waited."
    assert anchor(Selector("We … waited"), text) == Span(0, 11)
    assert anchor(Selector("We … waited. … waited."), text) == Span(0, len(text))


def test_the_missing_end_is_named_and_its_closest_passage_is_sought_after_the_first():
    text = "Told us. The envoy said that they had told us."
    with pytest.raises(QuoteNotFound) as error:
        anchor(Selector("The envoy … had tolled us"), text)
    assert error.value.missing == "had tolled us"
    assert error.value.searched == len(" said that they had told us.")
    assert error.value.closest.text == "had told us"


def test_anchoring_errors_are_of_one_kind_and_name_the_selector():
    selector = Selector("nowhere")
    with pytest.raises(AnchorError) as error:
        anchor(selector, "somewhere else")
    assert error.value.selector is selector
    assert isinstance(error.value, ValueError)


# --- The closest passage

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


# --- Other ways of counting


@given(texts, st.data())
def test_offsets_survive_the_way_through_utf16_and_utf8(text, data):
    offset = data.draw(st.integers(0, len(text)))
    assert to_utf16(text, offset) * 2 == len(text[:offset].encode("utf-16-le"))
    assert to_utf8(text, offset) == len(text[:offset].encode())
    assert from_utf16(text, to_utf16(text, offset)) == offset
    assert from_utf8(text, to_utf8(text, offset)) == offset


@given(texts)
def test_an_offset_inside_a_character_is_refused(text):
    for convert, back, size in ((to_utf16, from_utf16, 2), (to_utf8, from_utf8, 4)):
        edges = {convert(text, i) for i in range(len(text) + 1)}
        for units in set(range(len(text) * size + 2)) - edges:
            with pytest.raises(ValueError, match=r"falls inside|outside"):
                back(text, units)


def test_javascript_counts_an_emoji_twice():
    assert to_utf16("😀 met", 2) == 3
    with pytest.raises(ValueError, match="surrogate pair"):
        from_utf16("😀 met", 1)
    with pytest.raises(ValueError, match="outside"):
        to_utf8("abc", 4)
    with pytest.raises(ValueError, match="outside"):
        from_utf8("abc", -1)


# --- What surrounds an offset


@given(texts, st.data())
@example("🇱🇧🇮🇷", None)
@example("a\r\nb", None)
@example("👩\u200d👧", None)
@example("a\u0301", None)
@example("\u06001", None)
@example("\ra", None)
@example("a\n", None)
def test_a_cut_splits_a_grapheme_where_uax_29_says_so(text, data):
    edges = {0, len(text)} | {m.end() for m in regex.finditer(r"\X", text)}
    assert [splits_grapheme(text, i) for i in range(len(text) + 1)] == [
        i not in edges for i in range(len(text) + 1)
    ]


@pytest.mark.parametrize(
    ("text", "looked_at"), [("見" * 1_000, 257), ("見" * 10_000, 257), ("a見見見" * 1000, 5)]
)
def test_looking_for_graphemes_costs_the_same_in_any_text(text, looked_at, monkeypatch):
    lengths, finditer = [], regex.finditer
    monkeypatch.setattr(
        regex, "finditer", lambda rule, part: lengths.append(len(part)) or finditer(rule, part)
    )
    assert not any(splits_grapheme(text, i) for i in range(len(text) - 200, len(text)))
    assert max(lengths) == looked_at  # no more than 256 characters before the cut, and one after it


@pytest.mark.parametrize(
    ("text", "crosses"),
    [
        ("a b", False),
        ("a\nb", False),
        ("a\r\nb", False),
        ("a\n\nb", True),
        ("a\r\rb", True),
        ("a\r\n \t\r\nb", True),
    ],
)
def test_evidence_that_crosses_a_blank_line_is_noticed(text, crosses):
    assert crosses_blank_line(text, Span(0, len(text))) is crosses


@given(st.text("ab\r\n", max_size=30))
def test_lines_and_columns_count_as_an_editor_does(text):
    lines = text.replace("\r\n", "\n\0").replace("\r", "\n").replace("\n\0", "\r\n").splitlines(keepends=True)
    places = [(n, c) for n, line in enumerate(lines, 1) for c in range(1, len(line) + 1)]
    assert [line_column(text, i) for i in range(len(text))] == places


def test_the_sentence_around_a_span_is_not_cut_at_abbreviations():
    text = "Before.\nThe U.S. envoy met Gen. A. Smith in Doha. “He agreed.” Then he left! 3 others stayed."
    for word, sentence in [
        ("met", "The U.S. envoy met Gen. A. Smith in Doha."),
        ("agreed", "“He agreed.”"),
        ("left", "Then he left!"),
        ("Doha. “He", "The U.S. envoy met Gen. A. Smith in Doha. “He agreed.”"),
        ("Before", "Before."),
        ("stayed", "3 others stayed."),
        ("Then", "Then he left!"),
        ("Doha.", "The U.S. envoy met Gen. A. Smith in Doha."),
        ("agreed.”", "“He agreed.”"),
    ]:
        [span] = find_all(word, text)
        assert sentence_at(text, span).of(text) == sentence


def test_the_sentence_around_a_span_is_not_cut_before_small_letters_but_at_every_line_break():
    for break_ in ("\r", "\n", "\r\n"):
        text = f"Where? “Go!” he said.{break_}She left? Not yet{break_}Now"
        for word, sentence in [
            ("said", "“Go!” he said."),
            ("left", "She left?"),
            ("yet", "Not yet"),
            ("ere", "Where?"),
        ]:
            [span] = find_all(word, text)
            assert sentence_at(text, span).of(text) == sentence


@given(texts_with_spans())
def test_the_sentence_contains_its_span(case):
    text, span = case
    assert sentence_at(text, span).contains(span)
