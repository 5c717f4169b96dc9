"""Quotes: what is quoted is found again, in any text, or it is told why not."""

import pytest
from hypothesis import assume, example, given

from awkward import texts, texts_with_spans
from standoff.model.quotes import AnchorError, QuoteAmbiguous, QuoteNotFound, Selector, anchor, find_all
from standoff.model.spans import Span


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
