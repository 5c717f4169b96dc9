"""Offsets: where a stretch of text begins and ends, counted in any way, and what surrounds it."""

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from awkward import texts, texts_with_spans
from standoff.model.quotes import find_all
from standoff.model.spans import (
    Span,
    crosses_blank_line,
    from_utf8,
    from_utf16,
    line_column,
    sentence_at,
    sentences,
    splits_grapheme,
    to_utf8,
    to_utf16,
)

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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("هذا خبر. وهذا آخر. وثالث؟ ورابع.", ["هذا خبر.", "وهذا آخر.", "وثالث؟", "ورابع."]),
        ("قال د. سالم ذلك. ثم ذهب.", ["قال د. سالم ذلك.", "ثم ذهب."]),
        ("他走了。她来了。“谁？”他问。", ["他走了。", "她来了。", "“谁？”", "他问。"]),
        (
            "Llegó ayer. ¿Quién lo vio? ¡Nadie! Se fue.",
            ["Llegó ayer.", "¿Quién lo vio?", "¡Nadie!", "Se fue."],
        ),
        (
            "Il est parti. « Nous restons », a-t-il dit. Elle aussi.",
            ["Il est parti.", "« Nous restons », a-t-il dit.", "Elle aussi."],
        ),
        ("« Il est parti. » Elle reste.", ["« Il est parti. »", "Elle reste."]),
        (
            "It was rule no. 5. He left at 5 p.m. Rain fell.",
            ["It was rule no. 5.", "He left at 5 p.m. Rain fell."],
        ),
        ("У Києві дощ. Він пішов.", ["У Києві дощ.", "Він пішов."]),
    ],
)
def test_sentences_end_in_every_script(text: str, expected: list[str]) -> None:
    assert [span.of(text) for span in sentences(text)] == expected
    assert [sentence_at(text, Span(text.index(s), text.index(s) + 1)).of(text) for s in expected] == expected


@given(texts_with_spans())
def test_the_sentence_contains_its_span(case):
    text, span = case
    assert sentence_at(text, span).contains(span)
