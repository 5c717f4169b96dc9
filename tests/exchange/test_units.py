"""Which unit of offsets a file uses is told by all its quotes together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.exchange.strategies import TEXTS

from standoff.exchange.units import LF, NO_MARK, UNITS, UTF8, UTF16, Offsets, Ruler, counter
from standoff.model.spans import Span, from_utf8, from_utf16

TEXT = "\ufeff💥💥 The envoy\r\nmet é rebels, and the envoy left."


def stated(text, spans, unit):
    count = counter(text, unit)
    return [Offsets(((count(s.start), count(s.end)),), s.of(text)) for s in spans]


@pytest.mark.parametrize("unit", UNITS)
def test_every_unit_is_recognised(unit):
    spans = [Span(TEXT.index(w), TEXT.index(w) + len(w)) for w in ("envoy", "rebels", "left")]
    ruler = Ruler(TEXT)
    found = ruler.fit(stated(TEXT, spans, unit))
    assert found == ruler.same_as(unit)
    assert [ruler.find(each, found).span for each in stated(TEXT, spans, unit)] == spans


@given(TEXTS, st.data())
def test_offsets_counted_in_a_unit_lead_back(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    for unit in Ruler(text).distinct:
        if (LF in unit and "\n" in (text[start : start + 1], text[end : end + 1])) or NO_MARK in unit:
            continue  # between \r and \n, and on a mark that is not counted, no offset leads
        [each] = stated(text, [Span(start, end)], unit)
        assert Ruler(text).find(each, unit).span == Span(start, end)


@given(TEXTS, st.integers(0, 60))
def test_tables_agree_with_the_conversions_of_the_model(text, offset):
    for unit, convert in ((UTF16, from_utf16), (UTF8, from_utf8)):
        try:
            expected = convert(text, offset)
        except ValueError:
            expected = None
        table = Ruler(text)._table(unit)
        found = table[offset] if offset < len(table) else -1
        assert found == (-1 if expected is None else expected)


def test_the_unit_of_the_format_decides_between_units_that_fit_alike():
    text = "💥aa💥aa"  # 1..2 holds "a" in code points, 2..3 in UTF-16, and 2..3 in code points too
    quote = Offsets(((2, 3),), "a")
    assert Ruler(text).fit([quote]) == "code points"
    assert Ruler(text).fit([quote], UTF16) == UTF16


def test_no_unit_fits_words_that_are_not_there():
    assert Ruler("The envoy left.").fit([Offsets(((4, 9),), "rebel")]) is None


@pytest.mark.parametrize("pieces", [((5, 4),), ((0, 99),), ((4, 9), (6, 10)), ((4, 4),)])
def test_offsets_that_are_no_span_lead_nowhere(pieces):
    assert Ruler("The envoy left.").find(Offsets(pieces), "code points") is None


def test_pieces_give_one_span_and_the_words_between():
    found = Ruler("They gave it up.").find(Offsets(((5, 9), (13, 15)), "gave up"), "code points")
    assert (found.span, found.gaps) == (Span(5, 15), "it")
